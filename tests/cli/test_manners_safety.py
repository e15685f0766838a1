"""Manners 14 and 16: nothing is written or destroyed unasked, and nobody is called."""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Outcome, run_process

Cli = Callable[..., Outcome]
WATCHED = """
import sys
def watch(event, arguments):
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        sys.stderr.write(f"CALLED OUT: {event} {arguments}\\n")
        raise PermissionError(event)
sys.addaudithook(watch)
from newsearch.__main__ import main
main()
"""


def content(folder: Path) -> dict[str, str]:
    """A hash of every file in a folder, with the time it was last written."""
    return {
        str(file): f"{hashlib.sha256(file.read_bytes()).hexdigest()} {file.stat().st_mtime_ns}"
        for file in folder.rglob("*")
        if file.is_file()
    }


@pytest.mark.parametrize("command", ["index --dry-run", "remove m-3301 --dry-run", "remove m-3301 --dry-run --yes"])
def test_manner_14_a_dry_run_writes_nothing(cli: Cli, own_archive: Path, command: str) -> None:
    (own_archive / "corpus/new.jsonl").write_text('{"title": "New"}')
    (own_archive / "corpus/wire.jsonl").unlink()
    before = content(own_archive)
    found = cli(*command.split())
    assert (found.code, found.out) == (0, "")
    assert "would" in found.err
    assert content(own_archive) == before


@pytest.mark.parametrize("damaged", ["newsearch.json", "ledger.sqlite", "saved.json", "index"])
def test_manner_14_a_dry_run_of_a_repair_writes_nothing(cli: Cli, own_archive: Path, damaged: str) -> None:
    (own_archive / ".newsearch" / damaged).rename(own_archive / "elsewhere")
    before = content(own_archive)
    found = cli("repair", "--dry-run")
    assert "would be taken" in found.err
    assert content(own_archive) == before


def test_manner_14_a_dry_run_without_an_index_makes_none(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_text('{"title": "New"}')
    found = cli("index", "sources", "--dry-run")
    assert found.code == 0
    assert "1 article would be added" in found.err
    assert [file.name for file in empty_folder.iterdir()] == ["sources"]


@pytest.mark.usefixtures("own_archive")
def test_manner_14_a_dry_run_says_what_the_run_then_does(cli: Cli) -> None:
    Path("corpus/new.jsonl").write_text('{"title": "New"}\n{"title": "Newer"}\n{')
    Path("corpus/metro.jsonl.gz").unlink()
    trial, run = (cli("index", "--format", "json", *options) for options in (("--dry-run",), ()))
    assert trial.json == run.json
    assert trial.code == run.code == 5
    assert (run.json["added"], run.json["left"]) == (2, 10)


@pytest.mark.parametrize(
    "command", ["query the --limit all", "show m-3301", "status", "verify --deep", "config --origin", "show x"]
)
def test_manner_14_reading_writes_nothing(cli: Cli, own_archive: Path, command: str) -> None:
    before = content(own_archive)
    assert cli(*command.split()).code in {0, 1}
    assert content(own_archive) == before


def test_manner_14_removing_needs_yes_where_nobody_can_be_asked(cli: Cli, own_archive: Path) -> None:
    before = content(own_archive)
    found = cli("remove", "m-3301", stdin=b"y\n")
    assert (found.code, found.out) == (2, "")
    assert "--yes" in found.err
    assert content(own_archive) == before
    assert cli("show", "m-3301").code == 0


@pytest.mark.usefixtures("own_archive")
def test_manner_14_removing_is_for_good(cli: Cli) -> None:
    Path("corpus/copy.jsonl").write_text('{"id": "c-1", "title": "Copy"}')
    cli("index")
    found = cli("remove", "c-1", "m-3301", "--yes")
    assert (found.code, found.out) == (0, "")
    assert "removed: 2" in found.err
    Path("corpus/copy.jsonl").write_text('{"id": "c-1", "title": "Copy again"}')
    assert "kept out" in cli("index").err
    assert cli("show", "c-1").code == cli("show", "m-3301").code == 1
    assert cli("status", "--format", "json").json["removed"] == 2
    assert cli("verify", "--deep").code == 0


@pytest.mark.usefixtures("own_archive")
def test_manner_14_of_several_only_those_that_are_there_are_removed(cli: Cli) -> None:
    found = cli("remove", "m-3301", "xyzzy", "m-3301", "--yes")
    assert found.code == 1
    assert "there is no article 'xyzzy'" in found.err
    assert cli("show", "m-3301").code == 1
    assert cli("status", "--format", "json").json["removed"] == 1


@pytest.mark.parametrize(
    "command",
    [
        "index",
        "query nvidia",
        "query nvidia --format json",
        "show m-3301",
        "status",
        "verify",
        "remove m-3301 --yes",
        "config",
    ],
)
def test_manner_16_nobody_is_called(own_archive: Path, command: str) -> None:
    (own_archive / "corpus/new.jsonl").write_text('{"title": "New", "url": "https://example.org/new"}')
    found = run_process(*command.split(), cwd=own_archive, program=(sys.executable, "-c", WATCHED))
    assert found.code == 0
    assert "CALLED OUT" not in found.err


def test_manner_16_the_watch_would_notice(tmp_path: Path) -> None:
    script = WATCHED.partition("from newsearch")[0] + "import socket; socket.create_connection(('localhost', 9))"
    assert "CALLED OUT" in run_process(cwd=tmp_path, program=(sys.executable, "-c", script)).err


def test_others_cannot_look_into_a_new_index(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_text('{"title": "New"}')
    assert cli("index", "sources").code == 0
    assert (empty_folder / ".newsearch").stat().st_mode & 0o077 == 0
    assert (empty_folder / ".newsearch/.gitignore").read_text() == "*\n"
