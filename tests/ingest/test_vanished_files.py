"""Articles leave with their files, and only with them."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from ingest_support import Workshop, records

from newsearch.ingest import pipeline
from newsearch.inputs.files import SourceFile, find
from newsearch.model import Skipped


@pytest.fixture
def two_files(workshop: Workshop) -> Workshop:
    """Two folders with a file each, indexed."""
    workshop.write("one/a.jsonl", records(1))
    workshop.write("two/b.jsonl", records(2))
    workshop.index()
    return workshop


def test_the_articles_of_a_vanished_file_leave(two_files: Workshop) -> None:
    (two_files.sources / "one/a.jsonl").unlink()
    summary = two_files.index()
    assert (summary.files_vanished, summary.left) == (1, 1)
    assert two_files.ids() == {"2"}
    assert not two_files.faults()
    assert two_files.index().files_vanished == 0


def test_the_articles_of_a_vanished_folder_leave(two_files: Workshop) -> None:
    (two_files.sources / "one/a.jsonl").unlink()
    (two_files.sources / "one").rmdir()
    assert two_files.index().left == 1
    assert two_files.ids() == {"2"}


def test_a_folder_that_became_a_file_takes_its_articles_away(two_files: Workshop) -> None:
    (two_files.sources / "one/a.jsonl").unlink()
    (two_files.sources / "one").rmdir()
    two_files.write("one", "")
    assert two_files.index().left == 1
    assert two_files.ids() == {"2"}


@pytest.mark.parametrize("linked", [False, True])
def test_a_file_that_became_a_folder_takes_its_articles_away(two_files: Workshop, *, linked: bool) -> None:
    gone = two_files.sources / "one/a.jsonl"
    gone.unlink()
    if linked:
        gone.symlink_to(two_files.sources / "two")
    else:
        gone.mkdir()
    assert two_files.index().left == 1
    assert two_files.ids() == {"2"}
    assert two_files.index().files_vanished == 0


def test_a_folder_that_is_skipped_stays_so(two_files: Workshop) -> None:
    outside = two_files.base / "outside"
    outside.mkdir()
    (two_files.sources / "link").symlink_to(outside)
    for _ in range(3):
        assert two_files.index().files_vanished == 0
        assert [one.reason for one in two_files.skipped()] == ["link-outside"]


def test_a_file_that_became_a_link_to_a_folder_elsewhere_is_told(two_files: Workshop) -> None:
    outside = two_files.base / "outside"
    outside.mkdir()
    (two_files.sources / "one/a.jsonl").unlink()
    (two_files.sources / "one/a.jsonl").symlink_to(outside)
    for left in (1, 0, 0):
        assert two_files.index().left == left
        assert [one.reason for one in two_files.skipped()] == ["link-outside"]


def test_a_root_that_leads_nowhere_costs_only_itself(two_files: Workshop) -> None:
    (two_files.base / "loop.jsonl").symlink_to("loop.jsonl")
    summary = two_files.index("sources", "loop.jsonl")
    assert [one.reason for one in summary.skipped] == ["unreadable"]
    assert two_files.ids() == {"1", "2"}


def test_a_file_with_a_name_like_standard_input_can_vanish(workshop: Workshop) -> None:
    file = workshop.write("../stdin:1.jsonl", records(1))
    workshop.index(".")
    file.unlink()
    assert workshop.index(".").left == 1


def test_keep_missing_keeps_the_articles_of_vanished_files(two_files: Workshop) -> None:
    (two_files.sources / "one/a.jsonl").unlink()
    summary = two_files.index(keep_missing=True)
    assert (summary.files_vanished, summary.left) == (0, 0)
    assert two_files.ids() == {"1", "2"}
    assert not two_files.faults()


def test_a_missing_root_removes_nothing(two_files: Workshop) -> None:
    (two_files.sources / "one/a.jsonl").unlink()
    (two_files.sources / "one").rmdir()
    summary = two_files.index("sources/one", "sources/two")
    assert summary.nothing_changed
    assert two_files.ids() == {"1", "2"}


def test_only_files_under_the_named_roots_can_vanish(two_files: Workshop) -> None:
    (two_files.sources / "one/a.jsonl").unlink()
    assert two_files.index("sources/two").nothing_changed
    assert two_files.ids() == {"1", "2"}
    assert two_files.index("sources/one").left == 1
    assert two_files.ids() == {"2"}


def test_a_folder_whose_name_begins_alike_is_another_root(two_files: Workshop) -> None:
    (two_files.sources / "one/a.jsonl").unlink()
    two_files.write("on/c.jsonl", records(3))
    assert two_files.index("sources/on").left == 0
    assert two_files.ids() == {"1", "2", "3"}


def test_an_excluded_file_does_not_vanish(two_files: Workshop) -> None:
    summary = two_files.index(exclude=["*.jsonl"])
    assert (summary.files_read, summary.files_unchanged, summary.left) == (0, 0, 0)
    assert two_files.ids() == {"1", "2"}


@pytest.mark.parametrize("pattern", ["a.jsonl", "sources/one/*", "*/a.*"])
def test_exclude_leaves_out_files_by_name_or_path(workshop: Workshop, pattern: str) -> None:
    workshop.write("one/a.jsonl", records(1))
    workshop.write("two/b.jsonl", records(2))
    assert workshop.index(exclude=[pattern]).added == 1
    assert workshop.ids() == {"2"}


@pytest.mark.parametrize("name", [".a.jsonl", ".hidden/a.jsonl", "one/.git/a.jsonl"])
def test_hidden_files_are_left_alone(workshop: Workshop, name: str) -> None:
    workshop.write(name, records(1))
    assert workshop.index().added == 0


def test_a_folder_that_cannot_be_read_has_not_vanished(two_files: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    _forbid(monkeypatch, str(two_files.sources / "one"))
    summary = two_files.index()
    assert [(skipped.reason, skipped.origin.path) for skipped in summary.skipped] == [("unreadable", "sources/one")]
    assert summary.failed
    assert (summary.files_vanished, summary.left) == (0, 0)
    assert two_files.ids() == {"1", "2"}


def test_a_folder_that_can_be_read_again_is_no_longer_reported(
    two_files: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _forbid(patch, str(two_files.sources / "one"))
        two_files.index()
    summary = two_files.index()
    assert summary.nothing_changed
    assert not two_files.skipped()


def test_a_file_that_cannot_be_opened_keeps_its_articles(two_files: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    two_files.write("one/a.jsonl", records(1, 3))
    with monkeypatch.context() as patch:
        _close(patch, str(two_files.sources / "one/a.jsonl"))
        summary = two_files.index()
    assert [skipped.reason for skipped in summary.skipped] == ["unreadable"]
    assert "ermission denied" in summary.skipped[0].detail
    assert two_files.ids() == {"1", "2"}
    assert two_files.index().added == 1


def test_a_file_that_can_be_opened_again_is_no_longer_reported(
    two_files: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = two_files.sources / "one/a.jsonl"
    with monkeypatch.context() as patch:
        _close(patch, str(file))
        os.utime(file)
        two_files.index()
    summary = two_files.index()
    assert summary.nothing_changed
    assert not two_files.skipped()


@pytest.mark.parametrize(("target", "reason"), [("nowhere", "unreadable"), ("loop.jsonl", "unreadable")])
def test_a_link_that_leads_nowhere_is_skipped_and_costs_nothing_else(
    two_files: Workshop, target: str, reason: str
) -> None:
    (two_files.sources / "loop.jsonl").symlink_to(target)
    summary = two_files.index()
    assert [skipped.reason for skipped in summary.skipped] == [reason]
    assert two_files.ids() == {"1", "2"}


def test_a_loop_of_folders_is_walked_once(two_files: Workshop) -> None:
    (two_files.sources / "one/again").symlink_to(two_files.sources)
    summary = two_files.index()
    assert summary.nothing_changed
    assert not summary.skipped


def test_a_link_to_a_file_outside_is_named_and_not_followed(two_files: Workshop) -> None:
    (two_files.base / "outside.jsonl").write_text(records(9)[0])
    (two_files.sources / "link.jsonl").symlink_to(two_files.base / "outside.jsonl")
    summary = two_files.index()
    assert [skipped.reason for skipped in summary.skipped] == ["link-outside"]
    assert two_files.ids() == {"1", "2"}


def test_a_pipe_among_the_files_is_skipped_and_not_waited_for(two_files: Workshop) -> None:
    os.mkfifo(two_files.sources / "pipe.jsonl")
    summary = two_files.index()
    assert [skipped.reason for skipped in summary.skipped] == ["not-a-file"]


def _forbid(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    """Make a folder one that cannot be looked into, also for root."""
    list_folder, look_at = os.scandir, os.lstat

    def scandir(path: str = ".") -> Iterator[os.DirEntry[str]]:
        if str(path) == folder:
            raise PermissionError(13, "Permission denied", folder)
        return list_folder(path)

    def lstat(path: Any, **options: Any) -> os.stat_result:
        if str(path).startswith(folder + os.sep):
            raise PermissionError(13, "Permission denied", str(path))
        return look_at(path, **options)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "lstat", lstat)


def _close(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Make a file one that cannot be opened, also for root."""
    original = os.open

    def opened(file: Any, *rest: Any, **options: Any) -> Any:
        if str(file) == path:
            raise PermissionError(13, "Permission denied", path)
        return original(file, *rest, **options)

    monkeypatch.setattr("os.open", opened)


def test_of_a_folder_that_vanishes_during_a_run_nothing_leaves(
    two_files: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a drive is pulled out, between the moment its files are looked for and the one they are missed."""
    elsewhere = two_files.base / "elsewhere"

    def find_and_lose(*given: Any) -> Iterator[SourceFile | Skipped]:
        yield from list(find(*given))
        two_files.sources.rename(elsewhere)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "find", find_and_lose)
        summary = two_files.index()
    assert (summary.files_vanished, summary.left) == (0, 0)
    assert two_files.ids() == {"1", "2"}
    elsewhere.rename(two_files.sources)
    assert two_files.index().nothing_changed
    assert not two_files.skipped()
