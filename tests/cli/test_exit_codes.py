"""Exit codes: 0 hits or done, 1 no hits, 2 usage, 3 index, 4 locked, 5 skipped, 130 interrupted."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from cli_support import Outcome, leaks_allowed

from newsearch.ingest.archive import open_for_writing
from newsearch.ingest.pipeline import Ingest

Cli = Callable[..., Outcome]
INDEX_COMMANDS = (
    ("query", "nvidia"),
    ("show", "m-3301"),
    ("diff", "m-3301"),
    ("status",),
    ("verify",),
    ("remove", "m-3301", "--yes"),
)
"""Commands that need an index."""


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "nvidia"),
        ("show", "m-3301"),
        ("diff", "m-3301"),
        ("status",),
        ("verify",),
        ("config",),
        ("--version",),
        (),
    ],
    ids=lambda arguments: " ".join(arguments) or "nothing",
)
def test_0_when_there_are_hits_or_it_is_done(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli(*arguments).code == 0


@pytest.mark.usefixtures("own_archive")
def test_0_when_an_index_or_a_removal_is_done(cli: Cli) -> None:
    assert cli("index").code == 0
    assert cli("remove", "m-3301", "--yes").code == 0


@pytest.mark.usefixtures("archive")
def test_1_when_there_are_no_hits(cli: Cli) -> None:
    found = cli("query", "xyzzy")
    assert (found.code, found.out) == (1, "")
    assert "no article matches" in found.err


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("command", ["show", "remove"])
def test_1_when_there_is_no_such_article(cli: Cli, command: str) -> None:
    found = cli(command, "xyzzy", "--quiet")
    assert found.code == 1
    assert "xyzzy" in found.complaint


@pytest.mark.usefixtures("own_archive")
def test_1_when_one_of_several_articles_is_missing_and_the_others_are_shown(cli: Cli) -> None:
    found = cli("show", "m-3301", "xyzzy", "m-3302", "--format", "ids")
    assert (found.code, found.out) == (1, "m-3301\nm-3302\n")


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("options", [("--offset", "1000"), ("--limit", "0")])
def test_the_code_follows_the_total_and_not_the_page(cli: Cli, options: tuple[str, ...]) -> None:
    found = cli("query", "nvidia", *options)
    assert (found.code, found.out) == (0, "")
    assert "4 articles" in found.err


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("command", ["nonsense", "--nonsense", "query --nonsense", "index --nonsense", "show"])
def test_2_when_it_cannot_be_called_like_this(cli: Cli, command: str) -> None:
    found = cli(*command.split())
    assert found.code == 2
    assert found.complaint
    assert "--help" in found.err


@pytest.mark.parametrize(
    "command",
    ["query x --index", "remove m-1 --yes --index", "index --as", "index --exclude", "query x --fields", "status --tz"],
)
@pytest.mark.usefixtures("archive")
def test_2_when_an_option_is_given_and_empty(cli: Cli, command: str) -> None:
    """As from a script whose variable is: what it would mean to leave the option out may be something else."""
    found = cli(*command.split(), "")
    assert (found.code, found.out) == (2, "")
    assert "empty" in found.complaint


@pytest.mark.parametrize("command", ["remove m-1 --yes", "save chips nvidia"])
@pytest.mark.parametrize("form", ["json", "csv", "xml"])
def test_2_when_a_command_that_has_no_formats_is_asked_for_one(
    cli: Cli, own_archive: Path, command: str, form: str
) -> None:
    before = {file: file.read_bytes() for file in own_archive.rglob("*") if file.is_file()}
    found = cli(*command.split(), "--format", form)
    assert (found.code, found.out) == (2, "")
    assert before == {file: file.read_bytes() for file in own_archive.rglob("*") if file.is_file()}


@pytest.mark.usefixtures("empty_folder")
def test_3_when_no_folder_can_be_named_so(cli: Cli) -> None:
    found = cli("query", "x", "--index", "x" * 300)
    assert (found.code, found.out) == (3, "")
    assert "--index" in found.err


@pytest.mark.parametrize("arguments", INDEX_COMMANDS, ids=lambda arguments: arguments[0])
@pytest.mark.usefixtures("empty_folder")
def test_3_when_there_is_no_index(cli: Cli, arguments: tuple[str, ...]) -> None:
    found = cli(*arguments)
    assert (found.code, found.out) == (3, "")
    assert "there is no index at" in found.complaint
    assert "newsearch index" in found.err


@pytest.mark.parametrize("arguments", INDEX_COMMANDS, ids=lambda arguments: arguments[0])
def test_3_when_the_index_is_a_file(cli: Cli, empty_folder: Path, arguments: tuple[str, ...]) -> None:
    (empty_folder / "file").write_text("nothing of the kind")
    found = cli(*arguments, "--index", "file")
    assert found.code == 3
    assert "is a file" in found.complaint


@pytest.mark.parametrize("arguments", INDEX_COMMANDS, ids=lambda arguments: arguments[0])
def test_3_when_the_folder_is_no_index(cli: Cli, empty_folder: Path, arguments: tuple[str, ...]) -> None:
    (empty_folder / "sources/file").write_text("somebody's own")
    found = cli(*arguments, "--index", "sources")
    assert found.code == 3
    assert "holds no index" in found.complaint


@pytest.mark.parametrize("arguments", INDEX_COMMANDS, ids=lambda arguments: arguments[0])
@pytest.mark.parametrize("damage", ["table of contents", "segments", "stories", "ledger", "stamp"])
def test_3_when_the_index_is_damaged(cli: Cli, own_archive: Path, arguments: tuple[str, ...], damage: str) -> None:
    files = {
        "table of contents": "index/*.toc",
        "segments": "index/*.news",
        "stories": "index/*.stories",
        "ledger": "ledger.sqlite",
        "stamp": "newsearch.json",
    }
    for file in (own_archive / ".newsearch").glob(files[damage]):
        file.write_bytes(b"\xff" * 2_000)
    with leaks_allowed():
        found = cli(*arguments)
    assert found.code == 3, found.err
    assert found.complaint


@pytest.mark.usefixtures("own_archive")
def test_3_when_verification_finds_a_fault(cli: Cli, own_archive: Path) -> None:
    from newsearch.ingest.database import connect

    with closing(connect(own_archive / ".newsearch/ledger.sqlite", read_only=False)) as database:
        database.execute("DELETE FROM captures WHERE id = 'm-3301'")
    found = cli("verify")
    assert found.code == 3
    assert "m-3301" in found.out
    assert "1 fault" in found.err


@pytest.mark.parametrize("arguments", [("index",), ("remove", "m-3301", "--yes")], ids=["index", "remove"])
def test_4_when_another_writer_is_at_it(cli: Cli, own_archive: Path, arguments: tuple[str, ...]) -> None:
    import os
    import socket

    with open_for_writing(own_archive / ".newsearch", create=False):
        found = cli(*arguments)
        waited = cli(*arguments, "--wait", "0.1")
        reader = cli("query", "nvidia")
    assert found.code == waited.code == 4
    assert f"process {os.getpid()} on {socket.gethostname()}" in found.err
    assert "--wait SECONDS" in found.err
    assert reader.code == 0
    assert cli(*arguments).code == 0


def test_5_when_a_source_was_skipped_because_of_an_error_and_0_when_that_is_known(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_text('{"title": "One"}\n{"title"\n')
    first, second = cli("index", "sources"), cli("index", "sources")
    assert (first.code, second.code) == (5, 0)
    assert "sources/a.jsonl:2: broken-json" in first.err
    assert "a.jsonl" not in second.err
    assert "newsearch status --skipped" in second.err
    shown = cli("status", "--skipped")
    assert shown.code == 0
    assert "sources/a.jsonl:2: broken-json" in shown.out


def test_0_when_only_an_empty_file_was_skipped(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.txt").write_text("")
    found = cli("index", "sources")
    assert (found.code, "a.txt" in found.err) == (0, False)


def test_2_comes_before_5_when_a_path_is_missing_and_the_rest_is_done(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_text('{"title": "One"}\n{"title"\n')
    found = cli("index", "nowhere", "sources")
    assert found.code == 2
    assert "there is no nowhere" in found.err
    assert cli("query", "one").code == 0


def test_130_when_it_is_interrupted(cli: Cli, own_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: Ingest) -> None:
        raise KeyboardInterrupt

    shutil.rmtree(own_archive / ".newsearch")
    monkeypatch.setattr(Ingest, "run", interrupted)
    found = cli("index")
    assert found.code == 130
    assert "interrupted" in found.err
    assert "Traceback" not in found.err


@pytest.mark.usefixtures("archive")
def test_130_when_a_query_is_interrupted(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsearch.engines.whoosh.engine import WhooshEngine

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(WhooshEngine, "search", interrupted)
    found = cli("query", "nvidia")
    assert (found.code, found.out) == (130, "")
    assert "interrupted" in found.err
