"""Manners 2, 3, 8, 9 and 10: help, words that look like options, errors, untrusted text, and widths."""

import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli_support import ESC, Outcome, environment, run_process

from newsearch.cli.commands import COMMANDS
from newsearch.cli.examples import EXAMPLES
from newsearch.ingest.saved import changing

Cli = Callable[..., Outcome]
FORMATS = ("text", "json", "jsonl", "csv", "tsv", "md", "ids")
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
RUN = [(name, command) for name, examples in EXAMPLES.items() for command, _ in examples]


def test_every_command_of_the_contract_is_there() -> None:
    assert set(COMMANDS) >= {"index", "query", "show", "status", "verify", "remove", "config", "save", "saved"}
    assert set(EXAMPLES) == {"newsearch", *COMMANDS}


@pytest.mark.parametrize("option", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_manner_02_help_exits_0_and_leads_with_examples(cli: Cli, command: str, option: str) -> None:
    found = cli(*command.split(), option)
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith("Examples:\n")
    for example, meaning in EXAMPLES[command or "newsearch"]:
        assert f"  {example}\n" in found.out
        assert meaning in found.out
    assert "Usage: newsearch" in found.out


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, sample: Path) -> Iterator[Path]:
    """A copy of the sample archive in which the examples are run one after the other."""
    base = tmp_path_factory.mktemp("examples")
    shutil.copytree(sample, base, dirs_exist_ok=True)
    with changing(base / ".newsearch", 0) as queries:  # whichever examples run before these in this process
        queries.update(chips="nvidia", curbs='"export curbs"')
    yield base
    shutil.rmtree(base)


@pytest.mark.parametrize(("name", "command"), RUN, ids=[command for _, command in RUN])
def test_manner_02_every_example_runs(shop: Path, name: str, command: str) -> None:
    assert (name if name == "newsearch" else f"newsearch {name}") in command
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        f"set -e; {command}", shell=True, cwd=shop, env=environment({"PATH": path}), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout + done.stderr
    assert b"internal error" not in done.stderr


def test_manner_02_no_arguments_give_short_help_with_two_examples(cli: Cli) -> None:
    found = cli()
    assert (found.code, found.err) == (0, "")
    assert len(re.findall(r"^  newsearch ", found.out, re.MULTILINE)) == 2
    assert len(found.out.splitlines()) < 10
    assert "newsearch --help" in found.out


def test_manner_02_a_query_for_nothing_gives_help(cli: Cli) -> None:
    found = cli("query")
    assert found.code == 0
    assert found.out.startswith("Examples:\n")


@pytest.mark.usefixtures("archive")
def test_manner_03_words_need_no_quotes(cli: Cli) -> None:
    assert cli("query", "nvidia", "export").stdout == cli("query", "nvidia export").stdout
    assert cli("query", "nvidia", "export").out


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize(
    "arguments",
    [
        ("-AMD", "nvidia"),
        ("nvidia", "-AMD"),
        ("nvidia -AMD",),
        ("--", "-AMD", "nvidia"),
        ("--limit", "5", "-AMD", "nvidia"),
        ("-AMD", "--limit=5", "nvidia"),
    ],
    ids=" ".join,
)
def test_manner_03_a_word_with_a_hyphen_is_left_out(cli: Cli, arguments: tuple[str, ...]) -> None:
    found = cli("query", *arguments, "--format", "ids") if "--" not in arguments else cli("query", *arguments)
    both = cli("query", "nvidia", "AMD", "--format", "ids").out.split()
    assert found.code == 0
    assert both
    assert not any(name in found.out for name in both)
    assert "m-3308" in found.out
    assert "option" not in found.err


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("word", ["-1", "-", "-é", "-title:nvidia", '-"export curbs"', "-(a OR b)", "-qx"])
def test_manner_03_no_word_with_one_hyphen_is_taken_for_an_option(cli: Cli, word: str) -> None:
    found = cli("query", "the", word)
    assert found.code in {0, 1}
    assert "option" not in found.err.lower()


@pytest.mark.usefixtures("archive")
def test_manner_03_what_follows_two_hyphens_is_text(cli: Cli) -> None:
    found = cli("query", "--format", "json", "--", "-limit", "nvidia")
    assert found.json["query"]["canonical"] == "-limit AND nvidia"
    assert "-- are several signs" in cli("query", "--", "--limit", "nvidia").complaint


@pytest.mark.usefixtures("empty_folder")
@pytest.mark.parametrize(
    "command", ["query nvidia", "query (", "index nowhere", "show x --format nonsense", "nonsense"]
)
def test_manner_08_no_traceback_without_debug(cli: Cli, command: str) -> None:
    assert "Traceback" not in cli(*command.split()).err


@pytest.mark.usefixtures("empty_folder")
def test_manner_08_debug_shows_where_an_error_comes_from(cli: Cli) -> None:
    found = cli("query", "nvidia", "--debug")
    assert found.code == 3
    assert "Traceback (most recent call last)" in found.err
    assert found.err.splitlines()[-2].startswith("newsearch: there is no index")


@pytest.mark.usefixtures("archive")
def test_manner_08_a_defect_is_one_line_and_asks_for_a_report(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsearch.engines.whoosh.engine import WhooshEngine

    def broken(*_: object) -> None:
        message = "one\ntwo"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(WhooshEngine, "search", broken)
    found = cli("query", "nvidia")
    assert found.code not in range(6)
    assert found.complaint == "newsearch: internal error (ZeroDivisionError: one two)"
    assert "--debug" in found.err
    assert "Traceback" in cli("query", "nvidia", "--debug").err


HOSTILE = "\x1b]0;owned\x07\x1b[2J [/b] :heart: \x9b31m \u202eevil\u202c \u2066x\u2069 [red]a[/red] \x7f 1234 \b"


@pytest.fixture
def hostile(empty_folder: Path, cli: Cli) -> Path:
    """An archive whose only article means ill wherever it can."""
    text = dict.fromkeys(("title", "body", "source", "section", "authors", "lang", "id"), f"Ship {HOSTILE}")
    (empty_folder / "sources/a\x1b[31m\u202e.jsonl").write_text(json.dumps({**text, "url": f"https://e.x/{HOSTILE}"}))
    (empty_folder / "sources/b\x1b[31m.jsonl").write_text(f'{{"title": "{HOSTILE}')
    assert cli("index", "sources").code == 5
    return empty_folder


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("form", FORMATS)
def test_manner_09_nothing_from_a_capture_reaches_the_terminal_as_a_control(cli: Cli, form: str) -> None:
    found = cli("query", "ship", "--format", form, "--full")
    assert found.code == 0
    assert not UNSAFE.search(found.out + found.err)
    assert cli("query", "ship", "--format", form).out


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("command", ["status", "status --skipped", "verify", "index", "status --format json"])
def test_manner_09_reports_are_safe_too(cli: Cli, command: str) -> None:
    found = cli(*command.split())
    assert not UNSAFE.search(found.out + found.err)


@pytest.mark.usefixtures("hostile")
def test_manner_09_show_and_remove_are_safe_too(cli: Cli) -> None:
    name = cli("query", "ship", "--format", "ids").out.strip()
    assert name
    for arguments in (("show", name, "--times", "--origin", "--captures"), ("remove", name, "--dry-run")):
        found = cli(*arguments)
        assert found.code == 0
        assert not UNSAFE.search(found.out + found.err)


@pytest.mark.usefixtures("archive")
def test_manner_09_what_was_typed_is_shown_safely(cli: Cli) -> None:
    for arguments in (("query", f"({HOSTILE}"), ("query", "x", "--tz", HOSTILE), ("index", HOSTILE), (HOSTILE,)):
        found = cli(*arguments)
        assert found.code == 2
        assert not UNSAFE.search(found.out + found.err)


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("options", [(), ("--color", "always")], ids=["plain", "colour"])
def test_manner_09_markup_and_emoji_codes_are_plain_text_and_numbers_not_coloured(
    cli: Cli, options: tuple[str, ...]
) -> None:
    found = cli("query", "ship", "--width", "200", *options)
    for text in ("[/b]", ":heart:", "[red]a[/red]"):
        assert text in found.out
    assert f"{ESC}[2J" not in found.out
    assert f"{ESC}]0" not in found.out
    assert " 1234 " in found.out


@pytest.mark.usefixtures("archive")
@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("full", [(), ("--full",)], ids=["snippets", "full"])
def test_manner_10_no_line_is_wider_than_the_width(cli: Cli, width: int, full: tuple[str, ...]) -> None:
    found = cli("query", "", "--limit", "all", "--width", str(width), *full)
    widths = [columns(line) for line in found.out.splitlines()]
    assert max(widths) <= width
    assert max(widths) > width * 0.8


@pytest.mark.usefixtures("archive")
def test_manner_10_a_narrow_page_has_the_same_words_as_a_wide_one(cli: Cli) -> None:
    narrow, wide = (
        "".join(cli("query", "", "--limit", "all", "--width", width).out.split()) for width in ("40", "200")
    )
    assert narrow == wide


@pytest.mark.parametrize(
    "env",
    [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=str,
)
@pytest.mark.parametrize(
    "command",
    [
        "query café",
        "show m-3303",
        "status",
        "index --help",
        "query (東盟",
        "index 東盟",
        "query bus --format md",
        "query bus --limit 1",
    ],
)
def test_manner_10_no_encoding_is_an_error(archive: Path, env: dict[str, str], command: str) -> None:
    found = run_process(*command.split(), cwd=archive, env=env)
    assert found.code in {0, 1, 2}
    assert "UnicodeEncodeError" not in found.err
    assert "internal error" not in found.err
    assert found.out + found.err


def columns(text: str) -> int:
    """How many columns a terminal takes for a text, marks that combine taking none."""
    return sum(
        0
        if unicodedata.category(character) in {"Mn", "Me", "Mc", "Cf"}
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def test_one_is_not_called_by_the_name_of_many(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "storm.txt").write_text("Storm hits coast\n\nThe storm hit the coast on Monday morning.\n")
    commands = ("index storm.txt", "index storm.txt", "status", "verify", "verify --laws", "query storm")
    told = "\n".join(found.out + found.err for found in (cli(*command.split()) for command in commands))
    for one in ("1 article added", "1 capture as before", "1 edition,", "1 edition read back", "1 file read"):
        assert one in told
    assert not re.search(r"\b1 (?!\d)\w+s\b", told)
