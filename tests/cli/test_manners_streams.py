"""Manners 1, 4, 6 and 7: what goes to which stream, and what becomes of a stream that ends."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TextIO

import pytest
from cli_support import ESC, PROGRAM, Outcome, environment, on_terminal, run_process

from newsearch.cli import progress
from newsearch.cli.context import write_data
from newsearch.errors import UsageError

Cli = Callable[..., Outcome]
PALE = ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NEWSEARCH_COLOR": "never"})
"""Surroundings in which no escape sequence is wanted."""


@pytest.mark.usefixtures("own_archive")
@pytest.mark.parametrize(
    "command",
    [
        "index",
        "index --dry-run",
        "index nowhere",
        "remove m-3301 --yes",
        "remove m-3301 --dry-run",
        "verify",
        "query xyzzy",
    ],
)
def test_manner_01_what_has_no_results_leaves_stdout_empty(cli: Cli, command: str) -> None:
    found = cli(*command.split())
    assert found.out == ""
    assert found.err != ""


@pytest.mark.usefixtures("archive")
def test_manner_01_stdout_holds_results_only(cli: Cli) -> None:
    found = cli("query", "nvidia", "--format", "ids", "--explain", "--limit", "2")
    assert len(found.out.split()) == 2
    assert "read as: nvidia" in found.err
    assert "1–2 of 4 articles; more with --offset 2" in found.err


@pytest.mark.usefixtures("archive")
def test_manner_01_receipts_go_to_stderr(cli: Cli) -> None:
    found = cli("query", "trade^", "--since", "2025-03", "--until", "2025-04", "--explain", "--format", "ids")
    assert found.code == 0
    assert all(" " not in line for line in found.out.splitlines())
    assert "published from 2025-03-01" in found.err
    assert "'trade^' is read as 'trade'" in found.err


@pytest.mark.usefixtures("archive")
def test_manner_01_undated_articles_that_a_range_leaves_out_are_counted(cli: Cli) -> None:
    found = cli("query", "repaint lighthouse", "--since", "1900")
    assert (found.code, found.out) == (1, "")
    assert "1 article without a date left out" in found.err


@pytest.mark.parametrize("env", [{}, {"TERM": "xterm-256color"}, *PALE], ids=str)
def test_manner_04_no_escape_where_stdout_is_no_terminal(archive: Path, env: dict[str, str]) -> None:
    found = run_process("query", "nvidia", cwd=archive, env=env)
    assert ESC not in found.out + found.err
    assert found.out


@pytest.mark.parametrize("env", PALE, ids=str)
def test_manner_04_no_escape_on_a_terminal_that_is_to_be_pale(archive: Path, env: dict[str, str]) -> None:
    found = on_terminal("query", "nvidia", "--no-pager", cwd=archive, env=env)
    assert ESC not in found.out + found.err
    assert found.out


@pytest.mark.parametrize("arguments", [(), ("--color", "never"), ("--color", "always")], ids=str)
def test_manner_04_colour_on_a_terminal_unless_told_otherwise(archive: Path, arguments: tuple[str, ...]) -> None:
    found = on_terminal("query", "nvidia", "--no-pager", *arguments, cwd=archive)
    assert (ESC in found.out) == ("never" not in arguments)
    assert ("\x1b[1;33mNvidia\x1b[0m" in found.out) == ("never" not in arguments)


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    ("env", "arguments", "colour"),
    [
        ({"FORCE_COLOR": "1"}, (), True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, (), True),
        ({"FORCE_COLOR": "0"}, (), False),
        ({"FORCE_COLOR": ""}, (), False),
        ({"NO_COLOR": ""}, ("--color", "always"), True),
        ({"NO_COLOR": "1"}, ("--color", "always"), True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, (), False),
        ({"FORCE_COLOR": "1"}, ("--color", "never"), False),
        ({}, ("--color", "always"), True),
    ],
)
def test_manner_04_colour_can_be_forced(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], arguments: tuple[str, ...], *, colour: bool
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert (ESC in cli("query", "nvidia", *arguments).out) == colour


def test_manner_04_stdout_and_stderr_are_judged_separately(own_archive: Path) -> None:
    piped = on_terminal("query", "nvidia", cwd=own_archive, piped="stdout")
    assert ESC not in piped.out
    reading = on_terminal("verify", "--format", "json", cwd=own_archive, piped="stdout")
    assert ESC not in reading.out
    assert ESC in reading.err
    redirected = on_terminal("query", "nvidia", "--no-pager", cwd=own_archive, piped="stderr")
    assert ESC in redirected.out
    assert ESC not in redirected.err


@pytest.mark.parametrize("env", PALE, ids=str)
def test_manner_04_no_escape_on_a_stderr_that_is_to_be_pale(archive: Path, env: dict[str, str]) -> None:
    assert ESC not in on_terminal("verify", cwd=archive, env=env).err


COMMANDS = (
    ("query", "the", "--limit", "all"),
    ("query", "the", "--limit", "all", "--format", "jsonl"),
    ("query", "the", "--limit", "all", "--format", "csv"),
    ("query", "the", "--limit", "all", "--format", "ids"),
    ("show", "m-3301"),
    ("status",),
    ("config", "--format", "json"),
    ("--help",),
    ("query", "--help"),
    (),
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_manner_06_a_reader_that_has_gone_ends_it_quietly(archive: Path, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*PROGRAM, *arguments], cwd=archive, env=environment(), stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert done.returncode == 0
    assert b"Error" not in done.stderr
    assert b"Broken" not in done.stderr


def test_manner_06_head_ends_it_quietly(archive: Path) -> None:
    script = 'set -o pipefail; "$@" query the --limit all --full --format jsonl | head -1 | wc -l'
    found = run_process("-c", script, "bash", *PROGRAM, cwd=archive, program=("bash",))
    assert (found.code, found.out.strip()) == (0, "1")
    assert "Error" not in found.err


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_manner_08_a_full_disk_under_stdout_is_told_as_such(archive: Path, form: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "query", "nvidia", "--format", form],
            cwd=archive,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode != 0
    assert b"No space left" in done.stderr
    assert b"defect" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("trouble", [None, UsageError("no more", "stop")], ids=["written", "broken off"])
def test_what_is_written_through_is_let_go_of_at_once(
    capsysbinary: pytest.CaptureFixture[bytes], trouble: UsageError | None
) -> None:
    """Not whenever it is collected, by when there may be no stdout any more, and Python would tell of that."""
    streams: list[TextIO] = []

    def write(stream: TextIO) -> None:
        streams.append(stream)
        stream.write("some")
        if trouble:
            raise trouble

    with pytest.raises(UsageError) if trouble else nullcontext():
        write_data(write)
    assert streams[0].closed
    assert capsysbinary.readouterr().out == b"some"
    sys.stdout.write("more")
    assert capsysbinary.readouterr().out == b"more"


def test_manner_07_a_bar_with_rate_and_time_left_on_the_terminal_of_stderr(own_archive: Path) -> None:
    found = on_terminal("verify", cwd=own_archive, piped="stdout")
    assert "━" in found.err
    assert re.search(r"100%.* \d[\d,]* articles, [\d,]+ a second, .*\d:\d\d:\d\d.* left", found.err)
    assert "all is well" in found.err.splitlines()[-1]
    assert found.out == ""


def test_manner_07_no_bar_where_stderr_is_no_terminal(archive: Path) -> None:
    found = on_terminal("verify", cwd=archive, piped="stderr")
    assert found.err == "55 editions read back; all is well\n"


def test_manner_07_elsewhere_a_line_every_ten_seconds(
    cli: Cli, own_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock:
        now = 0.0

        @classmethod
        def monotonic(cls) -> float:
            cls.now += 0.5
            return cls.now

    monkeypatch.setattr(progress, "time", Clock)
    found = cli("index", "--index", "other")
    lines = [line for line in found.err.splitlines() if " a second" in line]
    assert 2 <= len(lines) <= Clock.now / 10
    assert all(re.fullmatch(r"\d+ %, (1 article|\d+ articles), \d+ a second", line) for line in lines)
    assert found.out == ""
    assert (own_archive / "other").is_dir()


def test_a_line_of_progress_agrees_with_the_number(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_EVERY_SECONDS", 0.0)
    lines = progress.Lines()
    for _ in range(2):
        lines.advance(1, 1)
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(",")[0] for line in said] == ["1 article", "2 articles"]


@pytest.mark.usefixtures("own_archive")
@pytest.mark.parametrize(
    "command",
    [
        "index",
        "index --index other",
        "query nvidia --explain",
        "query xyzzy",
        "verify",
        "remove m-3301 --yes",
        "show m-3301",
        "status",
    ],
)
def test_manner_07_quiet_is_silent(cli: Cli, command: str) -> None:
    assert cli(*command.split(), "--quiet").err == ""


@pytest.mark.parametrize("command", ["index --index other", "verify"])
def test_manner_07_quiet_is_silent_on_a_terminal(own_archive: Path, command: str) -> None:
    found = on_terminal(*command.split(), "--quiet", cwd=own_archive)
    assert (found.code, found.out, found.err) == (0, "", "")


@pytest.mark.usefixtures("empty_folder")
@pytest.mark.parametrize("command", ["query nvidia", "index nowhere", "query nvidia --tz nonsense", "show xyzzy"])
def test_manner_07_quiet_does_not_hide_errors(cli: Cli, command: str) -> None:
    assert cli(*command.split(), "--quiet").complaint


def in_shell(line: str, folder: Path) -> "subprocess.CompletedProcess[bytes]":
    """Run the program as a shell does that is told where its streams lead."""
    command = ["sh", "-c", f'"$0" "$@" {line}', *PROGRAM]
    return subprocess.run(command, cwd=folder, env=environment(None), capture_output=True, check=False)


@pytest.mark.parametrize("line", ["index corpus --index other", "verify", "repair", "query nvidia"])
def test_a_closed_stderr_stops_nothing(own_archive: Path, line: str) -> None:
    done = in_shell(f"{line} 2>&-", own_archive)
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("index corpus --index other", 0),
        ("save storm storm", 0),
        ("query nvidia", 0),
        ("query zzzz", 1),
        ("query '('", 2),
    ],
)
def test_a_full_stderr_changes_no_exit_code(own_archive: Path, line: str, code: int) -> None:
    done = in_shell(f"{line} 2>/dev/full", own_archive)
    assert done.returncode == code


@pytest.mark.parametrize("line", ["show -", "diff -", "index -"])
def test_a_closed_stdin_is_told_in_a_line(own_archive: Path, line: str) -> None:
    done = in_shell(f"{line} <&-", own_archive)
    assert done.returncode == 2
    assert done.stderr.startswith(b"newsearch: standard input is closed\n")


@pytest.mark.parametrize("line", ["--version", "query nvidia"])
def test_a_full_stdout_is_told_in_a_line(own_archive: Path, line: str) -> None:
    done = in_shell(f"{line} >/dev/full", own_archive)
    assert done.returncode == 2
    assert b"newsearch: the output cannot be written (No space left on device)\n" in done.stderr
    assert b"Traceback" not in done.stderr


def test_an_id_that_is_no_text_is_none_that_is_there(own_archive: Path) -> None:
    done = in_shell("show \"$(printf 'm-3301\\377')\" m-3302", own_archive)
    assert done.returncode == 1
    assert b"there is no article" in done.stderr
    assert done.stdout
