"""Manner 6: Ctrl-C ends a run within a second, keeps what was committed, and says what that is."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Outcome, environment, run_process

from newsearch.cli.progress import Lines
from newsearch.ingest import pipeline

Cli = Callable[..., Outcome]
ARTICLES = 60_000
PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the process that runs the tests has inherited
from newsearch.__main__ import main
main()
"""
STARTING = """
import sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == "{}":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
from newsearch.__main__ import main
main()
"""
"""The program as it is when Ctrl-C arrives before all of it is loaded."""


LEAVING = """
import atexit, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
atexit.register(os.kill, os.getpid(), {})
from newsearch.__main__ import main
main()
"""
"""The program to which a signal comes when it has ended and Python has not."""


SWALLOWING = """
import os, signal, sys, time, weakref
signal.signal(signal.SIGINT, signal.default_int_handler)
from newsearch.__main__ import main
from newsearch.ingest.pipeline import Ingest
class Gone: pass
def slow(self):
    gone = Gone()
    reference = weakref.ref(gone, lambda _: (os.kill(os.getpid(), {}), time.sleep(0.1)))
    del gone
    time.sleep(20)
Ingest.run = slow
main()
"""
"""The program as it is interrupted while it lets go of something, where Python swallows what is raised."""


def record(nth: int) -> str:
    return json.dumps({"id": str(nth), "title": f"Ship {nth}", "body": f"Ship {nth} sailed with {nth % 97} barrels."})


@pytest.fixture
def large(empty_folder: Path) -> Path:
    """Sources that take long to read, and an index of the first ten of them."""
    file = empty_folder / "sources/a.jsonl"
    file.write_text("\n".join(map(record, range(10))))
    run_process("index", "sources", cwd=empty_folder)
    file.write_text("\n".join(map(record, range(ARTICLES))))
    return empty_folder


@pytest.mark.parametrize(
    ("after", "by", "code"), [(1.0, signal.SIGINT, 130), (2.0, signal.SIGINT, 130), (1.0, signal.SIGTERM, 143)]
)
def test_manner_06_ctrl_c_ends_indexing_at_once_and_leaves_a_readable_index(
    large: Path, after: float, by: signal.Signals, code: int
) -> None:
    command = [sys.executable, "-c", PROGRAM, "index", "sources"]
    with subprocess.Popen(command, cwd=large, env=environment(), stdout=-1, stderr=-1) as process:
        _wait_until_it_writes(large, process)
        time.sleep(after)
        began = time.monotonic()
        process.send_signal(by)
        out, err = process.communicate(timeout=30)
        took = time.monotonic() - began
    assert process.returncode == code
    assert took < 10, "at once, and not when the work is done"
    assert out == b""
    text = err.decode()
    assert "Traceback" not in text
    assert re.search(r"interrupted; safe in .*\.newsearch: 0 articles of this run; run it again to go on", text)
    status = run_process("status", "--format", "json", cwd=large)
    assert (status.code, status.json["articles"]) == (0, 10)
    assert run_process("verify", cwd=large).code == 0


def test_manner_06_ctrl_c_says_what_was_kept_and_that_is_there(
    cli: Cli, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(Lines):
        def advance(self, amount: int, articles: int) -> None:
            super().advance(amount, articles)
            if self._articles == 7:
                raise KeyboardInterrupt

    (empty_folder / "sources/a.jsonl").write_text("\n".join(map(record, range(20))))
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "COMMIT_SECONDS", 0.0)
        patch.setattr("newsearch.cli.progress.Lines", Interrupted)
        found = cli("index", "sources")
    assert found.code == 130
    kept = re.search(r"interrupted; safe in .*: (\d+) articles of this run", found.err)
    assert kept
    assert int(kept[1]) == 6
    assert cli("status", "--format", "json").json["articles"] == 6
    assert cli("query", "ship", "--format", "ids", "--limit", "all").out.split() == [str(nth) for nth in range(6)]
    assert cli("index", "sources").code == 0
    assert cli("status", "--format", "json").json["articles"] == 20


@pytest.mark.parametrize(
    "moment",
    [
        "newsearch.engines.whoosh.writer._groups",
        "newsearch.engines.whoosh.commit.write",
        "newsearch.engines.whoosh.engine.WhooshEngine.refresh",
        "newsearch.ingest.ledger.Ledger.commit",
    ],
)
def test_manner_06_ctrl_c_in_the_middle_of_a_commit_is_an_interruption_too(
    cli: Cli, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    (empty_folder / "sources/a.jsonl").write_text("\n".join(map(record, range(20))))
    assert cli("index", "sources").code == 0
    (empty_folder / "sources/b.jsonl").write_text("\n".join(map(record, range(20, 30))))
    with monkeypatch.context() as patch:
        patch.setattr(moment, interrupted)
        found = cli("index", "sources")
    assert "internal error" not in found.err
    assert (found.code, found.out) == (130, "")
    assert "0 articles of this run; run it again" in found.err


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("command", ["query nvidia", "verify", "status", "show m-3301"])
def test_manner_06_ctrl_c_ends_every_command_with_130_and_a_word(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    from newsearch.ingest import archive

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "_engine", interrupted)
    found = cli(*command.split())
    assert (found.code, found.out) == (130, "")
    assert "interrupted" in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize("module", ["newsearch.cli.commands", "newsearch.cli.commands.query", "newsearch.engines"])
def test_manner_06_ctrl_c_while_the_program_is_still_loading_is_an_interruption_too(archive: Path, module: str) -> None:
    found = run_process("query", "nvidia", cwd=archive, program=(sys.executable, "-c", STARTING.format(module)))
    assert found.err == "newsearch: interrupted\n"
    assert (found.code, found.out) == (130, "")


def test_manner_06_ctrl_c_at_a_question_is_an_interruption(own_archive: Path) -> None:
    from cli_support import on_terminal

    found = on_terminal("remove", "m-3301", cwd=own_archive, keys="\x04")
    assert found.code == 130
    assert "interrupted" in found.err
    assert run_process("show", "m-3301", cwd=own_archive).code == 0


def _wait_until_it_writes(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    lock = folder / ".newsearch/writer.lock"
    deadline = time.monotonic() + 30
    while str(process.pid) not in lock.read_text():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_manner_06_who_interrupts_what_is_done_is_not_told_of_it(archive: Path, by: signal.Signals) -> None:
    command = [sys.executable, "-c", LEAVING.format(int(by)), "query", "nvidia", "--format", "ids"]
    done = subprocess.run(command, cwd=archive, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "4 articles\n")
    assert len(done.stdout.split()) == 4


@pytest.mark.parametrize(("by", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_manner_06_an_interruption_that_python_swallows_comes_again(
    own_archive: Path, by: signal.Signals, code: int
) -> None:
    found = run_process("index", cwd=own_archive, program=(sys.executable, "-c", SWALLOWING.format(by.value)), limit=15)
    assert found.code == code
    assert "interrupted" in found.err
    assert "Traceback" not in found.err
    assert "ignored" not in found.err
