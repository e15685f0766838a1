"""Documents are read in processes of their own: one that hangs or crashes what reads it costs only itself."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import troubled_documents
from ingest_support import Workshop, reasons

from newsearch.engines.children import interpreter
from newsearch.extract import Settings
from newsearch.ingest import extraction, readers
from newsearch.ingest.extraction import Extractor
from newsearch.model import Article, Capture, DocumentCapture, Origin, RecordCapture, Skipped

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


@pytest.fixture(autouse=True)
def troubled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "_read_document", troubled_documents.read)
    monkeypatch.setattr(extraction, "SECONDS", 3.0)


def page(order: str) -> str:
    return f"<!doctype html> {order}"


def test_a_page_that_hangs_crashes_or_fails_costs_only_itself(workshop: Workshop) -> None:
    for name, order in {"a": "1", "b": "hang", "c": "crash", "d": "error", "e": "memory", "f": "2"}.items():
        workshop.write(f"{name}.html", page(order))
    summary = workshop.index()
    found = {Path(one.origin.path).stem: one.reason for one in summary.skipped}
    assert found == {"b": "too-slow", "c": "crashed", "d": "broken-document", "e": "broken-document"}
    assert all("\n" not in one.detail and "--exclude" in one.detail for one in summary.skipped)
    assert {article.title for article in workshop.articles().values()} == {"Page 1", "Page 2"}


def test_processes_that_read_pages_never_hear_of_ctrl_c() -> None:
    """Not even while they begin, and cannot have said yet what to do about it."""
    with Extractor(Settings()) as extractor:
        (one,) = extractor.read([document("interrupt")])
        assert [found.title for found in one.findings if isinstance(found, Article)] == ["Page interrupt"]
        (process,) = (reader._process for reader in extractor._readers if reader._process)
        assert is_deaf(process.pid)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_processes_that_write_segments_never_hear_of_ctrl_c() -> None:
    with interpreter("newsearch.engines.whoosh.workers") as process:
        assert is_deaf(process.pid)
        assert process.communicate() == (b"", None)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def is_deaf(pid: int) -> bool:
    """Tell whether a process has Ctrl-C blocked."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return bool(int(status["SigBlk"], 16) & 1 << signal.SIGINT - 1)


def test_a_page_whose_process_was_killed_is_read_once_more(workshop: Workshop) -> None:
    workshop.write("a.html", page(str(workshop.base / "killed")))
    assert not reasons(workshop.index())
    assert len(workshop.articles()) == 1


def test_a_page_that_could_be_read_before_keeps_its_article(workshop: Workshop) -> None:
    workshop.write("a.html", page("1"))
    workshop.index()
    workshop.write("a.html", page("crash"))
    assert reasons(workshop.index()) == ["crashed"]
    assert len(workshop.articles()) == 1


def test_a_failure_in_an_archive_leaves_only_the_articles_of_its_own_page(
    workshop: Workshop, zipped: Callable[..., bytes]
) -> None:
    workshop.write("a.zip", zipped({"1.html": page("1"), "2.html": page("2")}))
    workshop.index()
    workshop.write("a.zip", zipped({"1.html": page("crash")}))
    workshop.index()
    assert {article.title for article in workshop.articles().values()} == {"Page 1"}


def test_articles_come_in_the_order_of_their_captures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "AHEAD", 2)
    record = RecordCapture(Origin("x", 1, 1), {"title": "Record"}, None)
    captures: list[Capture | Skipped] = [document("1"), record, document("2"), document("3"), record]
    with Extractor(Settings()) as extractor:
        titles = [
            found.title for one in extractor.read(captures) for found in one.findings if isinstance(found, Article)
        ]
    assert titles == ["Page 1", "Record", "Page 2", "Page 3", "Record"]


def document(order: str) -> DocumentCapture:
    return DocumentCapture(Origin(f"{order}.html"), "html", page(order).encode(), None)


def test_where_no_document_comes_no_process_is_started(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def started(_: str) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(readers, "interpreter", started)
    workshop.write("a.jsonl", ['{"title": "Ferry", "body": "It sailed."}'])
    assert workshop.index().added == 1
