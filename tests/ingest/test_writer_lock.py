"""One writer at a time, and readers whenever they like."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from ingest_support import Workshop, records

from newsearch.errors import IndexUnusableError, LockedError
from newsearch.ingest import database
from newsearch.ingest.archive import open_archive, open_for_writing
from newsearch.ingest.ledger import CaptureEntry

HOLD = """
import sys, time
from pathlib import Path
from newsearch.ingest.lock import writer_lock
with writer_lock(Path(sys.argv[1]), 0):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def holder(folder: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(folder), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def indexed(workshop: Workshop) -> Workshop:
    workshop.write("a.jsonl", records(1))
    workshop.index()
    return workshop


def test_a_second_writer_is_told_who_the_first_one_is(indexed: Workshop) -> None:
    with holder(indexed.folder, 30) as process, pytest.raises(LockedError) as caught:
        indexed.index()
    assert str(process.pid) in str(caught.value)
    assert socket.gethostname() in str(caught.value)
    assert "--wait" in caught.value.hint


def test_a_writer_can_wait_for_another(indexed: Workshop) -> None:
    with holder(indexed.folder, 0.3), open_for_writing(indexed.folder, create=False, wait=20) as archive:
        assert archive.engine.get("1")


def test_a_writer_waits_no_longer_than_it_was_told(indexed: Workshop) -> None:
    with holder(indexed.folder, 30):
        began = time.monotonic()
        with pytest.raises(LockedError), open_for_writing(indexed.folder, create=False, wait=0.3):
            pytest.fail("two writers at once")
        assert 0.3 <= time.monotonic() - began < 5


def test_the_lock_of_a_dead_writer_is_free(indexed: Workshop) -> None:
    with holder(indexed.folder, 30) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert str(process.pid) in (indexed.folder / "writer.lock").read_text()
        assert indexed.index().nothing_changed


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS], ids=lambda code: errno.errorcode[code])
def test_a_file_system_without_locks_is_named_as_one(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    workshop.write("a.jsonl", records(1))
    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(IndexUnusableError, match=f"file system of .* has no locks .{os.strerror(code)}.") as caught:
        workshop.index()
    assert "--index" in caught.value.hint


def test_two_writers_in_one_process_exclude_each_other(indexed: Workshop) -> None:
    with open_for_writing(indexed.folder, create=False), pytest.raises(LockedError, match=str(os.getpid())):
        indexed.index()
    assert indexed.index().nothing_changed


def test_one_can_read_while_another_writes(indexed: Workshop) -> None:
    with holder(indexed.folder, 30):
        assert indexed.ids() == {"1"}
        assert indexed.index(trial=True).nothing_changed


def test_one_can_read_while_another_is_in_the_middle_of_a_large_run(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that outgrows SQLite's cache must not lock readers out."""
    monkeypatch.setattr(database, "_BUSY_MILLISECONDS", 200)
    with open_for_writing(indexed.folder, create=False) as writing:
        writing.ledger.begin()
        for nth in range(25_000):
            writing.ledger.set_capture(
                CaptureEntry(0.0, 0.0, nth, "big.jsonl", nth, f"b-{nth}", f"id b-{nth}", "d" * 32)
            )
        with open_archive(indexed.folder) as reading:
            assert reading.engine.get("1")
            assert [str(capture.origin) for capture in reading.ledger.captures_of("1")] == ["sources/a.jsonl:1"]
