"""`newsearch query`: its options do what they say."""

from collections.abc import Callable
from typing import Any

import pytest
from cli_support import Outcome

Cli = Callable[..., Outcome]
pytestmark = pytest.mark.usefixtures("archive")


def hits(cli: Cli, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cli("query", *arguments, "--format", "json", "--limit", "all").json["hits"]
    return found


def test_an_answer_shows_what_one_needs_to_judge_and_to_cite(cli: Cli) -> None:
    text = " ".join(cli("query", "nvidia", "export", "--limit", "1").out.split())
    for part in (
        "1. Nvidia vows to stay in China as tighter export curbs bite",
        "2025-04-18 01:20 UTC · updated 02:05 · bastillepost.com · China",
        "corpus/captures/2025-04/nvidia-export-curbs.txt:3-27",
        "latest export restrictions on AI chips",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (("--source", "Metro Courier"), lambda hit: hit["source"] == "Metro Courier"),
        (("--source", "metro courier"), lambda hit: hit["source"] == "Metro Courier"),
        (
            ("--source", "Metro Courier", "--source", "Harbour Wire"),
            lambda hit: hit["source"] in {"Metro Courier", "Harbour Wire"},
        ),
        (("--section", "technology"), lambda hit: hit["section"] == "Technology"),
        (("--lang", "fr"), lambda hit: hit["lang"] == "fr"),
        (("--since", "2025-04"), lambda hit: hit["published"] >= "2025-04"),
        (("--until", "2024"), lambda hit: hit["published"] < "2025"),
        (("--since", "2025-04-18", "--until", "2025-04-18"), lambda hit: "nvidia" in hit["origin"]["path"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_filters_leave_what_they_say(
    cli: Cli, options: tuple[str, ...], holds: Callable[[dict[str, Any]], bool]
) -> None:
    everything, filtered = hits(cli, ""), hits(cli, *options)
    dated = [hit for hit in everything if hit["published"] or options[0] not in {"--since", "--until"}]
    assert {hit["id"] for hit in filtered} == {hit["id"] for hit in dated if holds(hit)}
    assert filtered


@pytest.mark.parametrize(("order", "reverse"), [("newest", True), ("oldest", False)])
def test_orders_by_time_have_unknown_times_last(cli: Cli, order: str, *, reverse: bool) -> None:
    from datetime import datetime

    published = [hit["published"] for hit in hits(cli, "", "--sort", order)]
    known = [time for time in published if time]
    assert len(published) - len(known) == 7
    assert published[len(known) :] == [None] * 7
    instants = [datetime.fromisoformat(time).timestamp() for time in known if "T" in time]
    assert instants == sorted(instants, reverse=reverse)


def test_pages_follow_each_other_without_gap_or_overlap(cli: Cli) -> None:
    whole = cli("query", "the", "--format", "ids", "--limit", "all").out.split()
    pages = [
        cli("query", "the", "--format", "ids", "--limit", "7", "--offset", str(start)).out.split()
        for start in range(0, 60, 7)
    ]
    assert [name for page in pages for name in page] == whole
    assert len(whole) > 14


def test_a_page_says_how_to_get_the_next(cli: Cli) -> None:
    assert "1–10 of " in cli("query", "the").err
    assert "more with --offset 10" in cli("query", "the").err
    assert "none behind the first 500" in cli("query", "the", "--offset", "500").err


def test_literal_takes_the_text_as_plain_words(cli: Cli) -> None:
    assert cli("query", "nvidia OR (", "--literal").code == 1
    assert (
        cli("query", 'nvidia -AMD "', "--literal", "--format", "ids").out.split()
        == cli("query", "nvidia AMD", "--format", "ids").out.split()
    )


def test_relative_dates_count_from_now(cli: Cli) -> None:
    options = ("--since", "2d", "--now", "2025-04-19T12:00+08:00", "--tz", "Asia/Hong_Kong")
    assert [hit["published"][:10] for hit in hits(cli, "nvidia", *options, "--until", "today")] == ["2025-04-18"]
    assert cli("query", "nvidia", "--since", "1d", "--now", "2099-01-01").code == 1


def test_explain_says_how_the_query_was_read(cli: Cli) -> None:
    found = cli("query", "nvidia export -amd", "--explain", "--format", "ids")
    assert "read as: nvidia AND export AND -amd" in found.err
    canonical = found.err.splitlines()[0].removeprefix("read as: ")
    assert cli("query", canonical, "--format", "ids").out == found.out


def test_matches_are_marked_in_colour_only_where_they_are(cli: Cli) -> None:
    found = cli("query", "cable", "--color", "always", "--limit", "1").out
    assert "\x1b[1;33mcable\x1b[0m" in found
    assert "\x1b[1;33mIslands" not in found


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_no_cell_is_a_formula(cli: Cli, form: str) -> None:
    found = cli("query", "spreadsheet", "--format", form, "--fields", "title").out
    assert found.splitlines()[1].lstrip('"').startswith("'=SUM of all fears")


COMMON = {
    "--index": ".newsearch",
    "--format": "text",
    "--color": "never",
    "--tz": "UTC",
    "--quiet": "",
    "--debug": "",
    "--no-pager": "",
}
COMMANDS = ("index --dry-run", "query nvidia", "show m-3301", "status", "verify", "remove m-3301 --dry-run", "config")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", COMMON)
def test_common_options_are_the_same_everywhere(cli: Cli, command: str, option: str) -> None:
    found = cli(*command.split(), option, *filter(None, [COMMON[option]]))
    assert "No such option" not in found.err
    assert found.code == 0
