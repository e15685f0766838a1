"""A process that is killed while it writes."""

import os
import subprocess
import sys
import time

import pytest
from ingest_support import Workshop, record

from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import IndexUnusableError

ARTICLES = 6_000
EAGER = """
import sys
from newsearch.cli.app import run
from newsearch.ingest import pipeline
pipeline.COMMIT_SECONDS = 0.05
sys.exit(run(sys.argv[1:]))
"""

UNSETTLED = """
import os, sys
from newsearch.cli.app import run
from newsearch.ingest import database
database.settle = lambda *_: os._exit(9)
run(sys.argv[1:])
"""
"""Ends when what was committed is still in the ledger's journal."""


@pytest.mark.parametrize("commits", [0, 2, 5])
def test_after_kill_9_the_next_run_finishes_the_work(workshop: Workshop, commits: int) -> None:
    workshop.write("a.jsonl", (record(nth, f"Ship {nth} sailed.") for nth in range(ARTICLES)))
    with subprocess.Popen(
        [sys.executable, "-c", EAGER, "index", "sources"], cwd=workshop.base, stderr=subprocess.DEVNULL
    ) as process:
        _wait_for_commits(workshop, process, commits)
        process.kill()
    kept = workshop.ids() if commits else set()
    assert len(kept) < ARTICLES
    assert len(kept) >= commits
    assert workshop.index().added == ARTICLES - len(kept)
    assert workshop.ids() == {str(nth) for nth in range(ARTICLES)}
    assert len(workshop.editions()) == ARTICLES
    assert not workshop.faults()


@pytest.mark.parametrize("left", ["ledger.sqlite-journal", "newsearch.json.new", "saved.json.new"])
def test_a_run_that_was_killed_while_it_made_the_folder_is_no_obstacle(workshop: Workshop, left: str) -> None:
    workshop.folder.mkdir()
    for name in ("ledger.sqlite", left):
        (workshop.folder / name).touch()
    workshop.write("a.jsonl", [record(1)])
    assert workshop.index().added == 1
    assert not workshop.faults()


def test_what_is_in_the_journal_is_seen_where_nothing_can_be_written(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop.write("a.jsonl", [record(1)])
    workshop.index()
    workshop.write("b.jsonl", [record(2)])
    line = [sys.executable, "-c", UNSETTLED, "index", "sources"]
    assert subprocess.run(line, cwd=workshop.base, check=False).returncode == 9
    assert (workshop.folder / "ledger.sqlite-wal").stat().st_size
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        assert workshop.captures("2")
        assert not workshop.faults()
    assert (workshop.folder / "ledger.sqlite-wal").stat().st_size


def test_an_index_is_not_made_where_its_folder_has_vanished(workshop: Workshop) -> None:
    with pytest.raises(IndexUnusableError):
        WhooshEngine(workshop.folder / "index", create=True)
    assert not workshop.folder.exists()


def _wait_for_commits(workshop: Workshop, process: "subprocess.Popen[bytes]", commits: int) -> None:
    index = workshop.folder / "index"
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        done = [int(file.stem.rpartition("_")[2]) for file in index.glob("_MAIN_*.toc")]
        if done and max(done) >= commits:
            return
        time.sleep(0.01)
    pytest.fail("it ended before it could be killed")
