"""Archives that are large enough for it are analysed by several processes."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_archives import article, edition, fill, found

from newsearch.engines.memory import MemoryEngine
from newsearch.engines.whoosh import workers, writer
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import IndexUnusableError
from newsearch.model import Article

ARTICLES = [
    article(f"a{number}", f"Deal {number % 7}", f"Grain {number} exported " * (1 + number % 5), source=f"s{number % 3}")
    for number in range(200)
]
QUERIES = ("grain", "deal exports", '"exported grain"', "17 OR 18", "-grain", "source:s1 deal")


@pytest.fixture(autouse=True)
def several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "ALONE", 2_000)
    monkeypatch.setattr(writer, "BATCH", 500)
    monkeypatch.setattr(writer, "processors", lambda: 3)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The processes that have been started."""
    started: list[int] = []
    start = workers.interpreter

    def counted(module: str) -> object:
        process = start(module)
        started.append(process.pid)
        return process

    monkeypatch.setattr(workers, "interpreter", counted)
    yield started
    for process in started:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def assert_same_answers(engine: WhooshEngine, articles: list[Article]) -> None:
    reference = fill(MemoryEngine(), *articles)
    for query in QUERIES:
        assert found(engine, query) == found(reference, query)
    assert list(engine.faults(lambda _: None, deep=True)) == []


def test_several_processes_write_what_one_writes(tmp_path: Path, processes: list[int]) -> None:
    engine = fill(WhooshEngine(tmp_path, create=True), *ARTICLES)
    assert len(processes) == 3
    assert_same_answers(engine, ARTICLES)
    assert_same_answers(WhooshEngine(tmp_path), ARTICLES)


def test_what_follows_in_other_transactions_is_added(tmp_path: Path, processes: list[int]) -> None:
    engine = fill(WhooshEngine(tmp_path, create=True), *ARTICLES[:100])
    assert_same_answers(fill(engine, *ARTICLES[100:]), ARTICLES)
    assert processes


def test_a_small_transaction_starts_none(tmp_path: Path, processes: list[int]) -> None:
    assert_same_answers(fill(WhooshEngine(tmp_path, create=True), *ARTICLES[:2]), ARTICLES[:2])
    assert not processes


def test_one_processor_works_alone(tmp_path: Path, processes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "processors", lambda: 1)
    assert_same_answers(fill(WhooshEngine(tmp_path, create=True), *ARTICLES), ARTICLES)
    assert not processes


def test_cancelling_ends_the_processes_and_leaves_nothing(tmp_path: Path, processes: list[int]) -> None:
    engine = fill(WhooshEngine(tmp_path, create=True), *ARTICLES[:2])
    before = sorted(tmp_path.iterdir())
    transaction = engine.writer()
    for one in ARTICLES[2:]:
        transaction.add(edition(one))
    transaction.cancel()
    assert processes
    assert sorted(tmp_path.iterdir()) == before
    assert_same_answers(fill(engine, *ARTICLES[2:]), ARTICLES)


def test_a_process_that_was_killed_is_told_of_and_costs_only_the_transaction(
    tmp_path: Path, processes: list[int]
) -> None:
    engine = fill(WhooshEngine(tmp_path, create=True), *ARTICLES[:2])
    before = sorted(tmp_path.iterdir())
    transaction = engine.writer()
    for one in ARTICLES[2:50]:
        transaction.add(edition(one))
    os.kill(processes[0], signal.SIGKILL)
    with pytest.raises(IndexUnusableError, match="has ended") as raised:
        _add_and_commit(transaction, ARTICLES[50:])
    assert "index again" in raised.value.hint
    transaction.cancel()
    assert sorted(tmp_path.iterdir()) == before
    assert_same_answers(fill(engine, *ARTICLES[2:]), ARTICLES)


def test_what_goes_wrong_in_a_process_is_raised_here(tmp_path: Path, processes: list[int]) -> None:
    engine = fill(WhooshEngine(tmp_path / "index", create=True), *ARTICLES[:2])
    transaction = engine.writer()
    for one in ARTICLES[2:50]:
        transaction.add(edition(one))
    (tmp_path / "index").rename(tmp_path / "moved")
    with pytest.raises(IndexUnusableError, match="cannot be written"):
        transaction.commit()
    assert processes


def _add_and_commit(transaction: object, articles: list[Article]) -> None:
    for one in articles:
        transaction.add(edition(one))  # type: ignore[attr-defined]
    transaction.commit()  # type: ignore[attr-defined]


ABANDONED = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from small_archives import article, edition
from newsearch.engines.whoosh import workers, writer
from newsearch.engines.whoosh.engine import WhooshEngine

writer.ALONE, writer.BATCH, writer.processors = 2_000, 500, lambda: 2
transaction = WhooshEngine(Path(sys.argv[1]), create=True).writer()
for number in range(50):
    transaction.add(edition(article(f"a{number}", "Deal", "Grain exported " * 20)))
print(*(one._process.pid for one in transaction._writer._stream._workers), flush=True)
time.sleep(60)
"""


def is_running(process: int) -> bool:
    """Tell whether a process runs; one that has ended may be listed until somebody asks how."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ABANDONED, str(tmp_path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        started = [int(number) for number in parent.stdout.readline().split()]
        parent.kill()
    assert len(started) == 2
    deadline = time.monotonic() + 60
    while any(map(is_running, started)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_running, started))
    assert_same_answers(fill(WhooshEngine(tmp_path), *ARTICLES), ARTICLES)
    assert len([file for file in tmp_path.iterdir() if file.suffix == ".draft"]) == 0


@pytest.mark.parametrize("last", [pickle.dumps(None), pickle.dumps([{"body": "Grain"}])[:-9]], ids=["end", "cut off"])
def test_a_process_whose_answer_nobody_waits_for_any_more_ends_without_a_word(tmp_path: Path, last: bytes) -> None:
    """The one that started it was killed while it wrote its last segment, or in the middle of a batch."""
    reading, writing = os.pipe()
    os.close(reading)
    code = "from newsearch.engines.whoosh.workers import main; main()"
    told = pickle.dumps((str(tmp_path), "MAIN", 9)) + last
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, input=told, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")
