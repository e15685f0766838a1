"""Manners 11, 12 and 14 on a terminal: links, the pager, and questions."""

import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import ESC, Outcome, on_terminal, run_process

Cli = Callable[..., Outcome]
LINK = re.compile(r"\x1b\]8;([^;\x1b]*);([^\x1b]*)\x1b\\(.*?)\x1b\]8;;\x1b\\", re.DOTALL)
"""OSC 8: parameters, address, text."""
LONG = ("query", "the", "--limit", "all")


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A pager that writes what it is given to a file beside it."""
    script = tmp_path / "pager"
    script.write_text(f'#!/bin/sh\necho "called with $*" > "{tmp_path}/called"\ncat > "{tmp_path}/paged"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script


def paged(pager: Path) -> str | None:
    """What the pager was given."""
    file = pager.with_name("paged")
    return file.read_text("utf-8") if file.exists() else None


@pytest.mark.parametrize("name", ["NEWSEARCH_PAGER", "PAGER"])
def test_manner_12_long_text_goes_through_the_pager_on_a_terminal(archive: Path, pager: Path, name: str) -> None:
    found = on_terminal(*LONG, cwd=archive, env={name: f"{pager} -x 'two words'"})
    assert (found.code, found.out) == (0, "")
    text = paged(pager)
    assert text is not None
    assert text.count("\n") > 24
    assert ESC in text
    assert pager.with_name("called").read_text() == "called with -x two words\n"


def test_manner_12_no_shell_reads_what_names_the_pager(own_archive: Path, pager: Path) -> None:
    words = "; touch made & touch made | touch made $(touch made) `touch made` > made"
    on_terminal(*LONG, cwd=own_archive, env={"PAGER": f"{pager} {words}"})
    assert pager.with_name("called").read_text() == f"called with {words}\n"
    assert not (own_archive / "made").exists()


def test_manner_12_the_own_pager_comes_before_the_general_one(archive: Path, pager: Path) -> None:
    on_terminal(*LONG, cwd=archive, env={"NEWSEARCH_PAGER": str(pager), "PAGER": "false"})
    assert paged(pager)


@pytest.mark.parametrize(
    "arguments",
    [(*LONG, "--no-pager"), ("query", "nvidia", "--limit", "1"), (*LONG, "--format", "jsonl")],
    ids=" ".join,
)
def test_manner_12_no_pager_for_short_text_data_or_who_does_not_want_it(
    archive: Path, pager: Path, arguments: tuple[str, ...]
) -> None:
    found = on_terminal(*arguments, cwd=archive, env={"PAGER": str(pager)})
    assert paged(pager) is None
    assert found.out


def test_manner_12_long_is_what_is_longer_than_the_terminal(archive: Path, pager: Path) -> None:
    found = on_terminal("query", "nvidia", cwd=archive, env={"PAGER": str(pager)}, size=(200, 80))
    assert paged(pager) is None
    assert found.out
    on_terminal("query", "nvidia", cwd=archive, env={"PAGER": str(pager)}, size=(5, 80))
    assert paged(pager)


def test_manner_12_no_pager_where_stdout_is_no_terminal(archive: Path, pager: Path) -> None:
    assert run_process(*LONG, cwd=archive, env={"PAGER": str(pager)}).out
    assert on_terminal(*LONG, cwd=archive, env={"PAGER": str(pager)}, piped="stdout").out
    assert paged(pager) is None


@pytest.mark.parametrize("command", ["show m-3301 m-3302 m-3303", "status", "config --origin"])
def test_manner_12_other_long_text_goes_through_the_pager_too(archive: Path, pager: Path, command: str) -> None:
    on_terminal(*command.split(), cwd=archive, env={"PAGER": str(pager)}, size=(5, 80))
    assert paged(pager)


@pytest.mark.parametrize("broken", ["/no/such/pager", "pager 'unclosed", " "], ids=["missing", "unreadable", "blank"])
def test_manner_12_a_pager_that_cannot_be_started_costs_nothing(archive: Path, broken: str) -> None:
    found = on_terminal(*LONG, cwd=archive, env={"PAGER": broken})
    assert found.code == 0
    assert "Recount in Dunmarrow" in found.out


def test_manner_12_a_pager_that_is_left_early_is_no_error(archive: Path) -> None:
    found = on_terminal(*LONG, cwd=archive, env={"PAGER": "head -1"})
    assert found.code == 0
    assert found.out.startswith("\x1b[2m1.")
    assert "Error" not in found.err


@pytest.mark.usefixtures("archive")
def test_manner_11_titles_are_links_to_their_address(cli: Cli) -> None:
    found = cli("query", "lighthouse OR cable", "--color", "always", "--hyperlinks", "always")
    links = {text: address for _, address, text in LINK.findall(found.out)}
    (hit,) = cli("query", '"Saltmarsh Islands nearly cut off"', "--format", "json").json["hits"]
    assert hit["url"] in links.values()


@pytest.mark.usefixtures("archive")
def test_manner_11_titles_without_an_address_are_links_to_the_capture(cli: Cli, archive: Path) -> None:
    found = cli("query", "storm", "--color", "always", "--hyperlinks", "always", "--limit", "1")
    (link,) = {link[1] for link in LINK.findall(found.out)}
    assert link.startswith("file://")
    assert link.endswith(str(archive / "corpus/captures/live/storm-1815.txt"))


@pytest.mark.parametrize(
    ("env", "arguments", "expected"),
    [
        ({"TERM_PROGRAM": "WezTerm"}, (), True),
        ({"VTE_VERSION": "7600"}, (), True),
        ({}, (), False),
        ({}, ("--hyperlinks", "always"), True),
        ({"VTE_VERSION": "7600"}, ("--hyperlinks", "never"), False),
        ({"VTE_VERSION": "7600", "NO_COLOR": "1"}, (), False),
        ({"NEWSEARCH_HYPERLINKS": "always"}, (), True),
    ],
)
def test_manner_11_links_where_the_terminal_has_them_or_as_told(
    archive: Path, env: dict[str, str], arguments: tuple[str, ...], *, expected: bool
) -> None:
    found = on_terminal("query", "cable", "--no-pager", *arguments, cwd=archive, env=env)
    assert bool(LINK.search(found.out)) == expected


def test_manner_11_no_links_where_stdout_is_no_terminal(archive: Path) -> None:
    env = {"VTE_VERSION": "7600", "NEWSEARCH_HYPERLINKS": "always"}
    assert ESC not in run_process("query", "cable", cwd=archive, env=env).out


def test_manner_14_removing_asks_on_a_terminal(own_archive: Path) -> None:
    refused = on_terminal("remove", "m-3301", cwd=own_archive, keys="n\n")
    assert refused.code == 2
    assert "nothing was removed" in refused.err
    assert "Broken sea cable" in refused.err
    assert run_process("show", "m-3301", cwd=own_archive).code == 0
    agreed = on_terminal("remove", "m-3301", cwd=own_archive, keys="y\n")
    assert (agreed.code, agreed.out) == (0, "")
    assert run_process("show", "m-3301", cwd=own_archive).code == 1
    assert run_process("index", cwd=own_archive).code == 0
    assert run_process("show", "m-3301", cwd=own_archive).code == 1


def test_the_width_is_that_of_the_terminal(archive: Path) -> None:
    narrow = on_terminal("query", "nvidia", "--no-pager", "--color", "never", cwd=archive, size=(24, 50)).out
    wide = on_terminal("query", "nvidia", "--no-pager", "--color", "never", cwd=archive, size=(24, 120)).out
    assert 40 < max(map(len, narrow.splitlines())) <= 50
    assert 80 < max(map(len, wide.splitlines())) <= 120


def test_on_a_terminal_one_is_told_how_a_query_was_read(archive: Path) -> None:
    assert "read as: nvidia AND export" in on_terminal("query", "nvidia export", "--no-pager", cwd=archive).err
    assert "read as" not in on_terminal("query", "nvidia", "--no-pager", cwd=archive).err
    assert "read as" not in run_process("query", "nvidia export", cwd=archive).err
