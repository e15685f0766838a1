"""`newsearch index --watch` follows a folder until Ctrl-C."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from select import select
from threading import Event, Thread, Timer
from typing import Any, NoReturn

import pytest
import watchfiles
from cli_support import PROGRAM, Outcome, environment

from newsearch.ingest.lock import writer_lock
from newsearch.ingest.watching import occasions

SECONDS = 60
"""After which nothing is waited for any more."""
RECORD = '{{"id": "{0}", "title": "Ferry {0}", "body": "It sailed."}}\n'


@pytest.fixture
def watcher(empty_folder: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    """A process that watches the sources, or what a test names."""
    (empty_folder / "sources/a.jsonl").write_text(RECORD.format(1))
    arguments = getattr(request, "param", "sources").split()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's background ignores it
    process = subprocess.Popen(
        [*PROGRAM, "index", *arguments, "--watch"], cwd=empty_folder, env=environment(), stderr=subprocess.PIPE
    )
    signal.signal(signal.SIGINT, before)
    yield process
    process.kill()
    process.communicate()


def test_what_comes_and_goes_is_taken_in_until_ctrl_c(
    cli: Callable[..., Outcome], empty_folder: Path, watcher: subprocess.Popen[bytes]
) -> None:
    said = lines_of(watcher)
    wait_for(said, "waiting for changes")
    (empty_folder / "sources/b.jsonl").write_text(RECORD.format(2))
    wait_for(said, "1 article added")
    wait_for(said, "waiting for changes")
    assert cli("query", "ferry", "--format", "ids").out.split() == ["1", "2"]
    (empty_folder / "sources/a.jsonl").unlink()
    wait_for(said, "1 taken out")
    wait_for(said, "waiting for changes")
    assert cli("query", "ferry", "--format", "ids").out.split() == ["2"]
    watcher.send_signal(signal.SIGINT)
    assert watcher.wait(20) == 130


@pytest.mark.parametrize("watcher", ["sources/a.jsonl"], indirect=True)
def test_a_file_is_followed_that_is_replaced_again_and_again(
    empty_folder: Path, watcher: subprocess.Popen[bytes]
) -> None:
    said = lines_of(watcher)
    file, draft = empty_folder / "sources/a.jsonl", empty_folder / "draft"
    for number in (2, 3):
        wait_for(said, "waiting for changes")
        draft.write_text(file.read_text() + RECORD.format(number))
        draft.replace(file)
        wait_for(said, "1 article added")


def test_a_folder_is_followed_that_goes_and_comes_again(empty_folder: Path, watcher: subprocess.Popen[bytes]) -> None:
    said = lines_of(watcher)
    wait_for(said, "waiting for changes")
    shutil.rmtree(empty_folder / "sources")
    wait_for(said, "waiting for changes")
    (empty_folder / "sources").mkdir()
    wait_for(said, "waiting for changes")
    (empty_folder / "sources/b.jsonl").write_text(RECORD.format(2))
    wait_for(said, "1 article added")


def test_what_comes_in_new_folders_is_taken_in(empty_folder: Path, watcher: subprocess.Popen[bytes]) -> None:
    said = lines_of(watcher)
    wait_for(said, "waiting for changes")
    (empty_folder / "sources/new/deep").mkdir(parents=True)
    wait_for(said, "waiting for changes")
    for number, name in enumerate(("new/deep/b", "new/c", "new/deep/er/d"), 2):
        file = empty_folder / f"sources/{name}.jsonl"
        file.parent.mkdir(exist_ok=True)
        file.write_text(RECORD.format(number))
        wait_for(said, "1 article added")


def test_a_folder_is_followed_that_takes_the_place_of_another(
    empty_folder: Path, watcher: subprocess.Popen[bytes]
) -> None:
    said = lines_of(watcher)
    for number in (2, 4):
        wait_for(said, "waiting for changes")
        draft = empty_folder / "draft"
        draft.mkdir()
        (draft / "b.jsonl").write_text(RECORD.format(number))
        shutil.rmtree(empty_folder / "sources/day", ignore_errors=True)
        draft.rename(empty_folder / "sources/day")
        wait_for(said, "1 article added")
        (empty_folder / "sources/day/c.jsonl").write_text(RECORD.format(number + 1))
        wait_for(said, "1 article added")


@pytest.mark.parametrize(("root", "name"), [("news", "news"), ("news", "news/day"), ("news/day/a", "news/day/a")])
def test_what_goes_is_followed_that_comes_again_while_its_going_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str, name: str
) -> None:
    """Most file systems give it the number that had just become free, so that it passes for the one that has gone."""
    watch, place = watchfiles.watch, tmp_path / name

    def bounded(*paths: Path, **options: Any) -> Iterator[set[Any]]:
        yield from islice(watch(*paths, **options), 40)
        pytest.fail("it was not seen in ten seconds")

    def go() -> None:
        place.unlink() if place.is_file() else place.rmdir()

    def come() -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch() if name.endswith("a") else place.mkdir()

    monkeypatch.setattr(watchfiles, "watch", bounded)
    come()
    coming = occasions([tmp_path / root], tmp_path / ".newsearch")
    next(coming)
    Timer(1, go).start()
    next(coming)
    come()
    next(coming)
    (place if place.is_file() else place / "b").write_text(RECORD.format(1))
    next(coming)


def test_a_folder_whose_name_is_no_text_leads_to_no_run_after_run(
    empty_folder: Path, watcher: subprocess.Popen[bytes]
) -> None:
    """What tells of changes breaks off as soon as somebody looks into it, which each run does."""
    said = lines_of(watcher)
    wait_for(said, "waiting for changes")
    (empty_folder / "sources/no text \udce9").mkdir()
    wait_for(said, "waiting for changes")
    (empty_folder / "sources/b.jsonl").write_text(RECORD.format(2))
    wait_for(said, "1 article added")
    with pytest.raises(subprocess.TimeoutExpired):
        watcher.wait(4)
    watcher.send_signal(signal.SIGINT)
    assert "".join(said).count("nothing changed") <= 1


def test_hidden_files_that_change_all_the_time_hold_up_nothing(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    ended = Event()

    def write() -> None:
        while not ended.wait(0.05):
            (tmp_path / "sources/.state").write_text("new")

    writer, coming = Thread(target=write), occasions([tmp_path / "sources"], tmp_path / ".newsearch")
    writer.start()
    give_up = Timer(SECONDS, ended.set)
    give_up.start()
    try:
        next(coming)
        (tmp_path / "sources/a.jsonl").touch()
        next(coming)
        assert not ended.is_set(), "it was held up until the writing ended"
    finally:
        ended.set()
        give_up.cancel()
        writer.join()


def test_a_root_is_followed_as_soon_as_it_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = {str(tmp_path / "locked")}
    may_read = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: may_read(path, mode) and str(path) not in locked)
    for name in ("open", "locked"):
        (tmp_path / name).mkdir()
    coming = occasions([tmp_path / "open", tmp_path / "locked"], tmp_path / ".newsearch")
    next(coming)
    Timer(1, locked.clear).start()
    next(coming)
    Timer(1, (tmp_path / "locked/a.jsonl").touch).start()
    next(coming)


@pytest.mark.parametrize("watcher", [". --index own"], indirect=True)
def test_an_index_among_its_sources_is_not_followed(empty_folder: Path, watcher: subprocess.Popen[bytes]) -> None:
    said = lines_of(watcher)
    wait_for(said, "waiting for changes")
    for number in (2, 3):
        (empty_folder / f"sources/{number}.jsonl").write_text(RECORD.format(number))
        wait_for(said, "1 article added")
        wait_for(said, "waiting for changes")
    with pytest.raises(subprocess.TimeoutExpired):
        watcher.wait(4)
    watcher.send_signal(signal.SIGINT)
    assert "".join(said).count("nothing changed") <= 1  # a file that is written can be seen twice


def test_what_is_hidden_locked_or_behind_a_link_is_not_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("in/sub/.hidden", "in/locked/below", "outside/deep", "in/no text \udce9", "in/index/index"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "in/link").symlink_to(tmp_path / "outside")
    watched: list[Path] = []

    def watch(*paths: Path, **options: object) -> Iterator[set[object]]:
        assert not options["recursive"]
        watched.extend(paths)
        yield set()

    may_read = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: may_read(path, mode) and not str(path).endswith("locked"))
    monkeypatch.setattr(watchfiles, "watch", watch)
    next(occasions([tmp_path / "in"], tmp_path / "in/index"))
    assert watched == [tmp_path / "in", tmp_path / "in/sub"]


def test_another_writer_is_waited_for(empty_folder: Path, watcher: subprocess.Popen[bytes]) -> None:
    said = lines_of(watcher)
    wait_for(said, "waiting for changes")
    with writer_lock(empty_folder / ".newsearch", 0.0):
        (empty_folder / "sources/b.jsonl").write_text(RECORD.format(2))
        with pytest.raises(subprocess.TimeoutExpired):
            watcher.wait(1.5)
    wait_for(said, "1 article added")


@pytest.mark.parametrize("arguments", [["-", "--watch"], ["sources", "--watch", "--dry-run"]], ids=["stdin", "dry"])
def test_what_cannot_be_watched_is_told(cli: Callable[..., Outcome], empty_folder: Path, arguments: list[str]) -> None:
    done = cli("index", *arguments)
    assert done.code == 2
    assert "--watch" in done.complaint
    assert not (empty_folder / ".newsearch").exists()


def lines_of(process: subprocess.Popen[bytes]) -> Iterator[str]:
    """Yield the lines that a process says, until it has ended."""
    assert process.stderr is not None
    begun = b""
    while select([process.stderr], [], [], SECONDS)[0]:
        chunk = os.read(process.stderr.fileno(), 1 << 16)
        if not chunk:
            return
        *lines, begun = (begun + chunk).split(b"\n")
        yield from (line.decode() + "\n" for line in lines)
    pytest.fail(f"nothing more was said in {SECONDS} seconds")


def wait_for(said: Iterator[str], text: str) -> None:
    """Read on until a line has a text in it."""
    deadline = time.monotonic() + SECONDS
    for line in said:
        assert "Traceback" not in line
        assert time.monotonic() < deadline
        if text in line:
            return
    pytest.fail(f"it ended without saying {text!r}")


def test_who_interrupts_a_run_as_it_begins_is_not_told_that_it_was_waiting(
    cli: Callable[..., Outcome], empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    (empty_folder / "sources/a.jsonl").write_text(RECORD.format(1))
    monkeypatch.setattr("newsearch.ingest.archive.check_stamp", interrupted)
    found = cli("index", "sources", "--watch")
    assert (found.code, found.err) == (130, "newsearch: interrupted\n")
