"""`newsearch diff`: what changed in words between the versions of an article."""

from pathlib import Path
from typing import Any

import pytest
from cli_support import ESC
from versions_support import FIRST, SECOND, THIRD, Cli, capture, take_in

ZONE = ("--tz", "Asia/Hong_Kong")


@pytest.fixture(autouse=True)
def versions(empty_folder: Path, cli: Cli) -> Path:
    take_in(empty_folder, cli)
    return empty_folder


def steps(cli: Cli, *options: str) -> list[tuple[int, int]]:
    """The numbers of the versions that are compared."""
    found = cli("diff", "ferry", *options, "--format", "json").json["steps"]
    return [(step["from"]["version"], step["to"]["version"]) for step in found]


def text_of(step: Any, field: str, *operations: str) -> str:
    return "".join(one["text"] for one in step["operations"] if one["field"] == field and one["op"] in operations)


def test_the_last_change_is_shown_in_words(cli: Cli) -> None:
    shown = cli("diff", "ferry", *ZONE)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.splitlines() == [
        "--- version 1, captured 2025-05-01T10:00:00+08:00, sources/ferry0.jsonl:1",
        "+++ version 3, captured 2025-05-07T10:00:00+08:00, sources/ferry3.jsonl:1",
        "updated: not stated -> 2025-05-07T09:00:00+08:00",
        "title: [-Ferries-] {+More ferries+}",
        "",
        "[-Two-] {+Three+} ferries sail to the islands each day, at nine and at [-noon-]",
        "{+four+}.",
        "",
        "…",
    ]


def test_a_paragraph_that_came_or_went_is_marked_whole(cli: Cli) -> None:
    there, back = (cli("diff", "ferry", "--from", one, "--to", other).out for one, other in ("12", "21"))
    assert "\n…\n\n{+Dogs travel free.+}\n" in there
    assert "\n…\n\n[-Dogs travel free.-]\n" in back


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), [(1, 3)]),
        (("--all",), [(1, 2), (2, 1), (1, 3)]),
        (("--from", "2"), [(2, 3)]),
        (("--to", "2"), [(1, 2)]),
        (("--from", "3", "--to", "2"), [(3, 2)]),
        (("--as-of", "2025-05-03"), [(2, 3)]),
        (("--as-of", "2025-05-05"), [(1, 3)]),
        (("--as-of", "2030"), []),
    ],
    ids=["last", "all", "from", "to", "back", "then", "again", "now"],
)
def test_the_versions_to_compare_can_be_chosen(
    cli: Cli, options: tuple[str, ...], expected: list[tuple[int, int]]
) -> None:
    assert steps(cli, *options) == expected


def test_all_steps_are_shown_one_after_the_other(cli: Cli) -> None:
    shown = cli("diff", "ferry", "--all").out
    assert shown.count("--- version") == shown.count("+++ version") == 3
    assert shown.count("\n\n---") == 2


def test_json_gives_operations_that_make_up_both_texts(cli: Cli) -> None:
    answer = cli("diff", "ferry", "--all", "--format", "json").json
    assert (answer["schema_version"], answer["id"], answer["versions"]) == (1, "ferry", 3)
    for step, (old, new) in zip(answer["steps"], [(FIRST, SECOND), (SECOND, FIRST), (FIRST, THIRD)], strict=True):
        assert text_of(step, "body", "equal", "delete").strip() == old
        assert text_of(step, "body", "equal", "insert").strip() == new
    last = answer["steps"][-1]
    assert last["facts"] == [{"field": "updated", "from": None, "to": "2025-05-07T09:00:00+08:00"}]
    assert text_of(last, "title", "equal", "insert") == "More ferries"
    assert last["to"] == {
        "version": 3,
        "current": True,
        "captured": "2025-05-07T02:00:00+00:00",
        "origin": "sources/ferry3.jsonl:1",
    }


def test_on_a_colour_terminal_words_are_red_and_struck_or_green(cli: Cli) -> None:
    shown = cli("diff", "ferry", "--color", "always").out
    assert f"{ESC}[9;31mTwo{ESC}[0m {ESC}[32mThree{ESC}[0m ferries" in shown
    assert "[-" not in shown.replace(f"{ESC}[", "")
    assert "{+" not in shown


def test_one_version_is_no_failure(cli: Cli) -> None:
    shown = cli("diff", "tram")
    assert (shown.code, shown.out, shown.err) == (0, "", "only one version\n")
    assert cli("diff", "tram", "--format", "json").json["steps"] == []
    assert cli("diff", "tram", "--quiet").err == ""


def test_a_version_that_is_still_the_newest_has_not_changed(cli: Cli) -> None:
    shown = cli("diff", "ferry", "--as-of", "2030")
    assert (shown.code, shown.out, shown.err) == (0, "", "nothing has changed since\n")


def test_an_unknown_id_is_not_found(cli: Cli) -> None:
    shown = cli("diff", "xyzzy")
    assert (shown.code, shown.out) == (1, "")
    assert shown.complaint == "newsearch: there is no article 'xyzzy'"


def test_an_article_that_was_not_known_then_is_not_found(cli: Cli) -> None:
    shown = cli("diff", "tram", "--as-of", "2025-05-03")
    assert (shown.code, shown.out) == (1, "")
    assert "'tram' was not known as of the end of 2025-05-03" in shown.complaint


@pytest.mark.parametrize(
    "options",
    [
        ("--from", "4"),
        ("--to", "9"),
        ("--to", "1"),
        ("--from", "0"),
        ("--all", "--from", "1"),
        ("--all", "--as-of", "2025"),
    ],
    ids=" ".join,
)
def test_versions_that_are_not_there_and_contradictions_are_usage_errors(cli: Cli, options: tuple[str, ...]) -> None:
    shown = cli("diff", "ferry", *options)
    assert (shown.code, shown.out) == (2, "")
    assert shown.complaint


def test_the_id_may_come_from_a_query(cli: Cli) -> None:
    assert cli("diff", "-", stdin=b"ferry\n").stdout == cli("diff", "ferry").stdout


def test_versions_that_differ_in_no_word_say_so(cli: Cli) -> None:
    assert cli("diff", "ferry", "--from", "2", "--to", "2").out.endswith("no word differs\n")


@pytest.mark.parametrize("options", [(), ("--color", "always"), ("--format", "json")], ids=["plain", "colour", "json"])
def test_what_a_capture_holds_does_no_harm(cli: Cli, versions: Path, options: tuple[str, ...]) -> None:
    hostile = f"[/b] {ESC}[31mred\u202e \x9b2J"
    for nth, word in enumerate(("old", "new")):
        body = f"Said {hostile}{word} and {word} {hostile}."
        capture(versions, f"bad{nth}", f"2025-05-0{nth + 1}T10:00:00+08:00", "bad", body, section=f"{hostile}{word}")
    cli("index", "sources")
    out = cli("diff", "bad", *options).out
    assert f"{ESC}[31mred" not in out
    assert "\u202e" not in out
    assert "\x9b" not in out
    assert "old" in out
    assert "new" in out


def test_long_unchanged_stretches_are_left_out(cli: Cli, versions: Path) -> None:
    for nth, word in enumerate(("old", "new")):
        words = [f"w{number}" for number in range(60)]
        words[30] = word
        capture(versions, f"long{nth}", f"2025-05-0{nth + 1}T10:00:00+08:00", "long", " ".join(words))
    cli("index", "sources")
    (line,) = [line for line in cli("diff", "long", "--width", "200").out.splitlines() if "[-" in line]
    before, after = (" ".join(f"w{n}" for n in numbers) for numbers in (range(22, 30), range(31, 39)))
    assert line == f"… {before} [-old-] {{+new+}} {after} …"


@pytest.mark.parametrize("typed", [b"ferry\ntram\n", b"\n", b""])
def test_one_article_is_compared_at_a_time(cli: Cli, typed: bytes) -> None:
    shown = cli("diff", "-", stdin=typed)
    assert (shown.code, shown.out) == (2, "")
    assert "one article is compared at a time" in shown.err


def test_nothing_comes_before_the_first_version(cli: Cli) -> None:
    shown = cli("diff", "ferry", "--to", "1")
    assert (shown.code, shown.out) == (2, "")
    assert "before version 1" in shown.err
    assert steps(cli, "--from", "2", "--to", "1") == [(2, 1)]
