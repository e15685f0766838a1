"""`--as-of`: what was known at a time is found, counted, explained and shown."""

from pathlib import Path

import pytest
from versions_support import FIRST, SECOND, THIRD, Cli, take_in

ZONE = ("--tz", "Asia/Hong_Kong")
BODIES = {"2025-05-01": FIRST, "2025-05-03": SECOND, "2025-05-05": FIRST, "2025-05-07": THIRD, "2030": THIRD}


@pytest.fixture(autouse=True)
def versions(empty_folder: Path, cli: Cli) -> Path:
    take_in(empty_folder, cli)
    return empty_folder


@pytest.mark.parametrize(("day", "body"), BODIES.items(), ids=BODIES)
def test_a_query_finds_the_text_of_the_time(cli: Cli, day: str, body: str) -> None:
    found = cli("query", "ferries", "--as-of", day, *ZONE, "--full", "--format", "json").json
    assert [hit["body"] for hit in found["hits"]] == [body]
    assert found["query"]["as_of"].startswith(day)


def test_without_it_everything_known_is_searched_and_the_field_is_null(cli: Cli) -> None:
    found = cli("query", "islands", "--format", "json").json
    assert (found["total"], found["query"]["as_of"]) == (2, None)


@pytest.mark.parametrize(
    ("typed", "said", "total"),
    [
        ("2025-05-03", "as of the end of 2025-05-03 (+08:00)", 1),
        ("2025-05-03T09:59", "as of 2025-05-03T09:59+08:00", 0),
        ("2025-05-03T02:00Z", "as of 2025-05-03T02:00+00:00", 1),
        ("2025-05-03T09:59:59.999999", "as of 2025-05-03T09:59:59.999999+08:00", 0),
        ("2025-05", "as of the end of 2025-05-31 (+08:00)", 0),
    ],
)
def test_the_receipt_says_as_of_when(cli: Cli, typed: str, said: str, total: int) -> None:
    found = cli("query", "dogs", "--as-of", typed, *ZONE)
    assert found.err.splitlines()[0] == said
    assert found.code == (0 if total else 1)


def test_an_offset_of_seconds_is_told_whole(cli: Cli) -> None:
    """As the local time of Berlin had before there were zones."""
    found = cli("query", "dogs", "--as-of", "1890", "--tz", "Europe/Berlin")
    assert found.err.splitlines()[0] == "as of the end of 1890-12-31 (+00:53:28)"


def test_the_zone_of_a_day_is_the_users(cli: Cli) -> None:
    """On the clocks of Honolulu the second capture is of the day before."""
    assert cli("query", "dogs", "--as-of", "2025-05-02", *ZONE).code == 1
    assert cli("query", "dogs", "--as-of", "2025-05-02", "--tz", "Pacific/Honolulu").code == 0


def test_relative_dates_count_from_now_and_not_from_it(cli: Cli) -> None:
    now = ("--now", "2025-05-02T12:00+08:00", *ZONE)
    assert cli("query", "ferries", "--since", "2d", "--as-of", "2025-05-03", *now).code == 0
    assert cli("query", "ferries", "--since", "1d", "--as-of", "2025-05-03", *now).code == 1
    assert cli("query", "dogs", "--as-of", "yesterday", "--now", "2025-05-04T12:00+08:00", *ZONE).code == 0


def test_it_may_stand_alone(cli: Cli) -> None:
    assert cli("query", "--as-of", "2025-05-03", "--format", "ids").out == "ferry\n"


def test_articles_without_a_date_are_those_of_the_time(cli: Cli) -> None:
    asked = ("query", "islands", "--since", "2025", "--format", "json")
    assert cli(*asked).json["undated_left_out"] == 1
    assert cli(*asked, "--as-of", "2025-05-03").json["undated_left_out"] == 0


def test_explain_counts_what_was_known_then(cli: Cli) -> None:
    told = cli("query", "four", "--as-of", "2025-05-03", *ZONE, "--explain").err
    assert "four: 1 article\n" in told
    assert "four is written four (1)\n" in told
    told = cli("query", "ferries", "islands", "--as-of", "2030", "--explain").err
    assert "islands is written islands (2)\n" in told


def test_the_autopsy_looks_at_what_was_known_then(cli: Cli) -> None:
    told = cli("query", "trams", "islands", "--as-of", "2025-05-03").err
    assert "trams: 0 articles\n" in told
    assert "islands: 1 article\n" in told
    assert "trams is nowhere" in told


def test_before_the_first_capture_it_says_that_there_was_nothing(cli: Cli) -> None:
    told = cli("query", "ferries", "--as-of", "2024").err
    assert "nothing had been captured by then" in told


@pytest.mark.parametrize("command", ["query ferries", "show ferry", "diff ferry"])
@pytest.mark.parametrize("typed", ["2025-13", "tomorrowish", "2025-02-30T10:00"])
def test_an_impossible_time_is_a_usage_error(cli: Cli, command: str, typed: str) -> None:
    found = cli(*command.split(), "--as-of", typed)
    assert (found.code, found.out) == (2, "")
    assert found.complaint.startswith("newsearch: --as-of: ")
    assert typed in found.complaint


@pytest.mark.parametrize(("day", "body"), BODIES.items(), ids=BODIES)
def test_show_gives_the_edition_of_the_time(cli: Cli, day: str, body: str) -> None:
    assert cli("show", "ferry", "--as-of", day, *ZONE, "--fields", "body", "--format", "json").json["articles"] == [
        {"body": body}
    ]


def test_show_says_when_an_article_was_not_known_yet(cli: Cli) -> None:
    shown = cli("show", "ferry", "tram", "--as-of", "2025-05-03", "--format", "ids", *ZONE)
    assert (shown.code, shown.out) == (1, "ferry\n")
    assert shown.complaint == "newsearch: there is no article 'tram' as of the end of 2025-05-03 (+08:00)"


def test_captures_lists_versions_newest_first_with_what_shows_them(cli: Cli) -> None:
    lines = cli("show", "ferry", "--captures", *ZONE).out.splitlines()[1:]
    heads = [line.split("  ") for line in lines if line.startswith("version")]
    assert [(head[0], head[1].strip()) for head in heads] == [
        ("version 3", "current"),
        ("version 1", "superseded"),
        ("version 2", "superseded"),
    ]
    assert "stated 2025-05-07 09:00 HKT" in lines[0]
    assert lines[0].endswith("sources/ferry3.jsonl:1")
    assert "captured 2025-05-01T10:00:00+08:00 to 2025-05-05T10:00:00+08:00" in lines[1]
    assert lines[2:4] == [
        "    2025-05-05T10:00:00+08:00  sources/ferry2.jsonl:1",
        "    2025-05-01T10:00:00+08:00  sources/ferry0.jsonl:1",
    ]


def test_another_capture_of_the_same_text_only_extends_the_last_one(cli: Cli, versions: Path) -> None:
    from versions_support import capture

    capture(
        versions,
        "tram2",
        "2025-05-09T10:00:00+08:00",
        "tram",
        "Trams run to the islands now.",
        title="Trams",
        published=None,
    )
    cli("index", "sources")
    lines = cli("show", "tram", "--captures", *ZONE).out.splitlines()[1:]
    assert len([line for line in lines if line.startswith("version")]) == 1
    assert "captured 2025-05-07T10:00:00+08:00 to 2025-05-09T10:00:00+08:00" in lines[0]
    assert cli("query", "trams", "--as-of", "2025-05-07", *ZONE).code == 0
