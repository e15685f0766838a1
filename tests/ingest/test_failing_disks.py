"""A disk that is full, or fails, is told of in a line; what was committed is kept, and the next run goes on."""

import errno
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, NoReturn, cast

import pytest
from ingest_support import Workshop, records

from newsearch import private
from newsearch.analysis import detection
from newsearch.engines.whoosh import commit, workers, writer
from newsearch.errors import IndexUnusableError
from newsearch.ingest import durable
from newsearch.ingest.archive import open_for_writing

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # Whoosh closes late what it had open at the time
Code = pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS], ids=lambda code: errno.errorcode[code])


@pytest.fixture
def grown(workshop: Workshop) -> Workshop:
    """An index of one article, of whose sources there are two more."""
    workshop.write("a.jsonl", records(1))
    workshop.index()
    workshop.write("b.jsonl", records(2, 3))
    return workshop


def failing(code: int) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise OSError(code, os.strerror(code))

    return fail


@Code
@pytest.mark.parametrize(("module", "moment"), [(private, "sync"), (commit, "lock"), (writer, "tidy")])
def test_an_index_that_cannot_be_written_is_named(
    grown: Workshop, monkeypatch: pytest.MonkeyPatch, module: ModuleType, moment: str, code: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(module, moment, failing(code))
        with pytest.raises(IndexUnusableError, match=rf"index in .* cannot be written .{os.strerror(code)}."):
            grown.index()
    check(grown)


@Code
def test_a_disk_that_fails_in_the_middle_of_a_segment_is_named(
    grown: Workshop, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(private, "create", writes_fail(code))
        with pytest.raises(IndexUnusableError, match=rf"index in .* cannot be written .{os.strerror(code)}."):
            grown.index()
    check(grown)


def test_a_disk_that_fails_while_processes_are_started_is_named(
    grown: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(writer, "ALONE", 1)
        patch.setattr(writer, "processors", lambda: 2)
        patch.setattr(workers, "interpreter", failing(errno.ENOSPC))
        with pytest.raises(IndexUnusableError, match=r"cannot be written .No space left"):
            grown.index()
    check(grown)


def test_an_index_that_vanishes_is_named(grown: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = grown.base / "elsewhere"

    def vanish(*_: object) -> NoReturn:
        grown.folder.rename(elsewhere)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    with monkeypatch.context() as patch:
        patch.setattr(private, "sync", vanish)
        with pytest.raises(IndexUnusableError, match=r"cannot be written .No such file"):
            grown.index()
    elsewhere.rename(grown.folder)
    check(grown)


def test_a_full_disk_is_locked_all_the_same(grown: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", failing(errno.ENOSPC))
        with open_for_writing(grown.folder, create=False) as archive:
            assert archive.engine.get("1")


@Code
def test_where_standard_input_cannot_be_kept_that_is_told(
    grown: Workshop, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.TemporaryFile", failing(code))
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(records(4)[0].encode())))
        with pytest.raises(IndexUnusableError, match=rf"standard input cannot be kept in .*{os.strerror(code)}"):
            grown.index("-")
    check(grown)


@Code
def test_where_the_system_has_no_room_for_temporary_files_that_is_told(
    grown: Workshop, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    grown.write("c.jsonl", records(4, body="The ferry sailed again in the evening, and many people were on board."))
    detection._classifier.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr("tempfile.TemporaryFile", failing(code))
        with pytest.raises(
            IndexUnusableError, match=rf"temporary files cannot be used .{os.strerror(code)}."
        ) as caught:
            grown.index()
    assert "TMPDIR" in caught.value.hint
    assert grown.index().added == 3


@pytest.mark.parametrize("written", range(3))
def test_a_first_run_that_found_no_room_is_no_obstacle_to_the_next(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """Of the small files that make a folder an index, so many could be written."""
    left = written

    def fail_at_last(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)

    class Failing:
        fsync = staticmethod(fail_at_last)

        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

    workshop.write("a.jsonl", records(1))
    with monkeypatch.context() as patch:
        patch.setattr(durable, "os", Failing())
        with pytest.raises(IndexUnusableError, match="No space left"):
            workshop.index()
    assert workshop.index().added == 1
    assert (workshop.folder / ".gitignore").read_text() == "*\n"
    assert not list(workshop.folder.glob("*.new"))


def writes_fail(code: int) -> Callable[[Path], BinaryIO]:
    """Stand for what opens the files of an index, on a disk that takes nothing any more."""

    class Raw(io.FileIO):
        def write(self, _: Any) -> NoReturn:
            raise OSError(code, os.strerror(code))

    return lambda path: cast("BinaryIO", io.BufferedWriter(Raw(path, "wb")))


def check(workshop: Workshop) -> None:
    """Check that a run that failed has left what was there, and that the next one finishes the work."""
    assert workshop.ids() in ({"1"}, {"1", "2", "3"})
    assert not workshop.faults()
    workshop.index()
    assert workshop.ids() == {"1", "2", "3"}
    assert not workshop.skipped()
    assert not workshop.faults()
