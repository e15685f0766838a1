"""Whatever is lost or altered behind the back of the index is found."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from ingest_support import Workshop, record, records

from newsearch.engines.base import Holding
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import IndexUnusableError
from newsearch.ingest.archive import open_archive, stamp_of
from newsearch.ingest.database import connect
from newsearch.ingest.ledger import Ledger
from newsearch.ingest.verification import remark


@pytest.fixture
def indexed(workshop: Workshop) -> Workshop:
    workshop.write("a.jsonl", [*records(1, 2), record(3, "Old."), record(3, "New.", updated="2025-06-01T08:00:00Z")])
    workshop.index()
    assert not workshop.faults()
    return workshop


def alter_ledger(workshop: Workshop, statement: str, *values: object) -> None:
    with closing(connect(workshop.folder / "ledger.sqlite", read_only=False)) as database:
        database.execute(statement, values)
        assert database.changes()


def delete_document(workshop: Workshop, article_id: str) -> None:
    """As a run that is cut off between its two commits."""
    with closing(Ledger(workshop.folder / "ledger.sqlite")) as ledger:
        ledger.let_index_lead()
    writer = WhooshEngine(workshop.folder / "index").writer()
    writer.delete(article_id)
    writer.commit()


def test_a_capture_lost_from_the_ledger_is_found(indexed: Workshop) -> None:
    alter_ledger(indexed, "DELETE FROM captures WHERE id = '2'")
    (fault,) = indexed.faults()
    assert "2" in fault
    assert "ledger lacks" in fault


def test_a_run_that_was_cut_off_is_remarked_on(indexed: Workshop) -> None:
    with open_archive(indexed.folder) as archive:
        assert not remark(archive)
    delete_document(indexed, "2")
    with open_archive(indexed.folder) as archive:
        assert "newsearch index" in remark(archive)


@pytest.mark.parametrize("beginning", [True, False], ids=["before", "after"])
def test_runs_that_end_meanwhile_are_no_fault(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch, *, beginning: bool
) -> None:
    def run() -> None:
        monkeypatch.undo()
        indexed.write("b.jsonl", [record("late")])
        indexed.index()

    def while_run(engine: WhooshEngine) -> Iterator[Holding]:
        if beginning:
            run()
        found = list(holdings(engine))
        if not beginning:
            run()
        return iter(found)

    holdings = WhooshEngine.holdings
    monkeypatch.setattr(WhooshEngine, "holdings", while_run)
    assert indexed.faults() == []
    assert "late" in indexed.ids()


def test_a_run_between_its_two_commits_is_no_fault(indexed: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is opened anew just when the next run has committed it and not yet the ledger."""
    delete_document(indexed, "2")

    def finish(_: float) -> None:
        indexed.index()

    with monkeypatch.context() as patch:
        patch.setattr("newsearch.ingest.verification.time.sleep", finish)
        assert indexed.faults() == []
    assert indexed.ids() == {"1", "2", "3"}


def test_a_document_lost_from_the_index_is_found(indexed: Workshop) -> None:
    delete_document(indexed, "2")
    alter_ledger(indexed, "UPDATE facts SET value = ? WHERE name = 'generation'", str(indexed.generation()))
    (fault,) = indexed.faults()
    assert "2" in fault
    assert "index lacks" in fault


def test_a_document_that_was_lost_is_read_again_by_the_next_run(indexed: Workshop) -> None:
    delete_document(indexed, "2")
    indexed.index()
    assert indexed.ids() == {"1", "2", "3"}
    assert not indexed.faults()


def test_a_current_edition_that_was_lost_is_found(indexed: Workshop) -> None:
    delete_document(indexed, "3")
    alter_ledger(indexed, "UPDATE facts SET value = ? WHERE name = 'generation'", str(indexed.generation()))
    assert len([fault for fault in indexed.faults() if "article 3" in fault]) >= 1


@pytest.mark.parametrize("field", ["title", "body"])
def test_a_changed_text_is_found(indexed: Workshop, field: str) -> None:
    engine = WhooshEngine(indexed.folder / "index")
    (held,) = engine.editions("2")
    writer = engine.writer()
    writer.delete("2")
    changed = replace(held.article, title="Another.") if field == "title" else replace(held.article, body="Another.")
    writer.add(replace(held, article=changed))
    writer.commit()
    alter_ledger(indexed, "UPDATE facts SET value = ? WHERE name = 'generation'", str(indexed.generation()))
    assert any("2" in fault and "text" in fault for fault in indexed.faults())


def test_a_second_copy_of_an_article_is_found(indexed: Workshop) -> None:
    engine = WhooshEngine(indexed.folder / "index")
    writer = engine.writer()
    writer.add(*engine.editions("2"))
    writer.commit()
    alter_ledger(indexed, "UPDATE facts SET value = ? WHERE name = 'generation'", str(indexed.generation()))
    faults = " ".join(indexed.faults())
    assert "twice" in faults
    assert "2 current editions" in faults


def test_a_damaged_ledger_is_told_as_such(indexed: Workshop) -> None:
    file = indexed.folder / "ledger.sqlite"
    content = bytearray(file.read_bytes())
    content[100:4096] = b"\xff" * 3996
    file.write_bytes(content)
    assert [fault for fault in indexed.faults() if "ledger" in fault]


@pytest.mark.parametrize("cut", [1, 9, 2_000, 4_095, 4_096, 9_000])
def test_a_ledger_that_is_cut_off_is_told_as_such(indexed: Workshop, cut: int) -> None:
    file = indexed.folder / "ledger.sqlite"
    file.write_bytes(file.read_bytes()[:-cut])
    assert [fault for fault in indexed.faults() if "ledger" in fault]


@pytest.mark.parametrize("name", ["ledger.sqlite", "index", "newsearch.json"])
def test_a_missing_part_of_the_index_is_told_as_such(indexed: Workshop, name: str) -> None:
    part = indexed.folder / name
    part.rename(indexed.base / "elsewhere")
    with pytest.raises(IndexUnusableError) as caught:
        indexed.faults()
    assert caught.value.hint


@pytest.mark.parametrize("stamp", ["", "{}", "[]", '{"format": "new"}', "\0"])
def test_an_unreadable_stamp_is_told_as_such(indexed: Workshop, stamp: str) -> None:
    (indexed.folder / "newsearch.json").write_text(stamp)
    with pytest.raises(IndexUnusableError, match=r"newsearch\.json"):
        indexed.ids()


def test_an_index_of_a_later_format_is_not_touched(indexed: Workshop) -> None:
    (indexed.folder / "newsearch.json").write_text(stamp_of(99))
    with pytest.raises(IndexUnusableError, match="99") as caught:
        indexed.index()
    assert "upgrade" in caught.value.hint
    with pytest.raises(IndexUnusableError, match="99"):
        indexed.ids()


def test_the_index_can_be_found_from_any_folder_below(indexed: Workshop, tmp_path: Path) -> None:
    from newsearch.ingest.archive import nearest_folder

    assert nearest_folder(indexed.sources) == indexed.folder == nearest_folder(tmp_path)
