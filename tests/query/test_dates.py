"""Dates a user types: the extent they stand for, and the ends that the date fields close."""

from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from newsearch.errors import QueryError, UsageError
from newsearch.query import parse_query, zone_named
from newsearch.query.dates import extent

BERLIN = ZoneInfo("Europe/Berlin")
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2025, 4, 17, 20, 30, tzinfo=UTC)
"""Already the 18th in Hong Kong."""


def instants(text: str, zone: tzinfo = UTC, now: datetime = NOW) -> tuple[str, str]:
    start, end = (moment.astimezone(UTC) for moment in extent(text, zone, now))
    return f"{start:%Y-%m-%dT%H:%M:%S}", f"{end:%Y-%m-%dT%H:%M:%S}"


def published(text: str) -> tuple[str | None, str | None]:
    receipt = parse_query(text, now=NOW).receipt
    return receipt.since and receipt.since[:16], receipt.until and receipt.until[:16]


@pytest.mark.parametrize(
    ("text", "zone", "start", "end"),
    [
        ("2025", UTC, "2025-01-01T00:00:00", "2026-01-01T00:00:00"),
        ("2025-04", UTC, "2025-04-01T00:00:00", "2025-05-01T00:00:00"),
        ("2025-12", UTC, "2025-12-01T00:00:00", "2026-01-01T00:00:00"),
        ("2024-02", UTC, "2024-02-01T00:00:00", "2024-03-01T00:00:00"),
        ("2024-02-29", UTC, "2024-02-29T00:00:00", "2024-03-01T00:00:00"),
        ("2025-4-7", UTC, "2025-04-07T00:00:00", "2025-04-08T00:00:00"),
        (" 2025-12-31 ", UTC, "2025-12-31T00:00:00", "2026-01-01T00:00:00"),
        ("2025-04-17", HONG_KONG, "2025-04-16T16:00:00", "2025-04-17T16:00:00"),
        ("2025-04", BERLIN, "2025-03-31T22:00:00", "2025-04-30T22:00:00"),
        ("2025-03", BERLIN, "2025-02-28T23:00:00", "2025-03-31T22:00:00"),
        ("2025-04-17T21:22", UTC, "2025-04-17T21:22:00", "2025-04-17T21:23:00"),
        ("2025-04-17 21:22", HONG_KONG, "2025-04-17T13:22:00", "2025-04-17T13:23:00"),
        ("2025-04-17T21:22:30", UTC, "2025-04-17T21:22:30", "2025-04-17T21:22:31"),
        ("2025-04-17T21:22Z", BERLIN, "2025-04-17T21:22:00", "2025-04-17T21:23:00"),
        ("2025-04-17t21:22z", BERLIN, "2025-04-17T21:22:00", "2025-04-17T21:23:00"),
        ("2024-05-01T01:00+09:00", UTC, "2024-04-30T16:00:00", "2024-04-30T16:01:00"),
        ("2024-05-01T01:00-0330", UTC, "2024-05-01T04:30:00", "2024-05-01T04:31:00"),
    ],
)
def test_a_date_stands_for_its_whole_extent_in_the_users_zone(text: str, zone: tzinfo, start: str, end: str) -> None:
    assert instants(text, zone) == (start, end)


@pytest.mark.parametrize(
    ("text", "zone", "start", "end"),
    [
        ("2025-03-30", BERLIN, "2025-03-29T23:00:00", "2025-03-30T22:00:00"),
        ("2025-10-26", BERLIN, "2025-10-25T22:00:00", "2025-10-26T23:00:00"),
        ("2017-10-15", SAO_PAULO, "2017-10-15T03:00:00", "2017-10-16T02:00:00"),
    ],
)
def test_a_day_of_a_clock_change_has_23_or_25_hours(text: str, zone: tzinfo, start: str, end: str) -> None:
    assert instants(text, zone) == (start, end)


@pytest.mark.parametrize(
    ("text", "zone", "start", "end"),
    [
        ("today", UTC, "2025-04-17T00:00:00", "2025-04-18T00:00:00"),
        ("Today", HONG_KONG, "2025-04-17T16:00:00", "2025-04-18T16:00:00"),
        ("yesterday", UTC, "2025-04-16T00:00:00", "2025-04-17T00:00:00"),
        ("0d", UTC, "2025-04-17T00:00:00", "2025-04-18T00:00:00"),
        ("7d", UTC, "2025-04-10T00:00:00", "2025-04-11T00:00:00"),
        ("7d", HONG_KONG, "2025-04-10T16:00:00", "2025-04-11T16:00:00"),
        ("2W", UTC, "2025-04-03T00:00:00", "2025-04-04T00:00:00"),
        ("1m", UTC, "2025-03-17T00:00:00", "2025-03-18T00:00:00"),
        ("4m", UTC, "2024-12-17T00:00:00", "2024-12-18T00:00:00"),
        ("1y", UTC, "2024-04-17T00:00:00", "2024-04-18T00:00:00"),
        ("24h", HONG_KONG, "2025-04-16T20:30:00", "2025-04-16T20:30:00"),
    ],
)
def test_a_time_ago_counts_from_a_local_midnight_and_hours_from_now(
    text: str, zone: tzinfo, start: str, end: str
) -> None:
    assert instants(text, zone) == (start, end)


@pytest.mark.parametrize(
    ("now", "text", "day"),
    [("2025-03-31", "1m", "2025-02-28"), ("2024-02-29", "1y", "2023-02-28"), ("2025-01-31", "2m", "2024-11-30")],
)
def test_a_month_ago_of_a_day_that_month_lacks_is_its_last_day(now: str, text: str, day: str) -> None:
    assert instants(text, UTC, datetime.fromisoformat(f"{now}T12:00Z"))[0] == f"{day}T00:00:00"


@pytest.mark.parametrize(("day", "start"), [("2025-03-30", "2025-03-29"), ("2025-10-26", "2025-10-25")])
def test_24_hours_are_24_hours_across_a_clock_change(day: str, start: str) -> None:
    assert instants("24h", BERLIN, datetime.fromisoformat(f"{day}T10:00Z"))[0] == f"{start}T10:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30",
        "2025-13",
        "2025-00-01",
        "0000",
        "2025-04-31",
        "2023-02-29",
        "2025-04-17T24:30",
        "2025-04-17T10:00+99:00",
        "999999d",
        "99999y",
    ],
)
def test_an_impossible_date_is_an_error(text: str) -> None:
    with pytest.raises(QueryError, match="there is no date"):
        extent(text, UTC, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "blarg",
        "tomorrow",
        "25-04-17",
        "17/04/2025",
        "7",
        "d",
        "-7d",
        "1",
        "May",
        "2025-04-17T21",
        ">2024",
        "2024..2025",
    ],
)
def test_what_is_no_date_is_an_error_that_shows_how_dates_look(text: str) -> None:
    with pytest.raises(QueryError, match="is not a date") as caught:
        extent(text, UTC, NOW)
    assert "2025-04-17" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("date:2025-04", "2025-04-01T00:00", "2025-05-01T00:00"),
        ("since:2025-04", "2025-04-01T00:00", None),
        ("until:2025-04", None, "2025-05-01T00:00"),
        ("after:2025-04", "2025-05-01T00:00", None),
        ("before:2025-04", None, "2025-04-01T00:00"),
        ("date:2025-03-22..2025-04-17", "2025-03-22T00:00", "2025-04-18T00:00"),
        ("date:..2025-04", None, "2025-05-01T00:00"),
        ("date:2025-04..", "2025-04-01T00:00", None),
        ("date:7d..yesterday", "2025-04-10T00:00", "2025-04-17T00:00"),
        ("since:7d", "2025-04-10T00:00", None),
        ("since:24h", "2025-04-16T20:30", None),
        ("since:2025-02 since:2025-03 before:2025-06 until:2025-06", "2025-03-01T00:00", "2025-06-01T00:00"),
        ("since:2025-02 or since:2025-03", None, None),
        ("-date:2025", None, None),
        ("nvidia", None, None),
    ],
)
def test_each_date_field_closes_the_range_at_its_end(text: str, since: str | None, until: str | None) -> None:
    assert published(text) == (since, until)


def test_an_instant_is_no_range_that_silently_matches_nothing() -> None:
    with suppress(QueryError):
        since, until = published("date:24h")
        assert since != until


def test_a_date_is_read_in_the_zone_of_the_query_and_the_receipt_names_it() -> None:
    query = parse_query("date:2025-04-17", zone=HONG_KONG, now=NOW)
    assert query.receipt.since == "2025-04-17T00:00:00+08:00"
    assert query.receipt.until == "2025-04-18T00:00:00+08:00"
    assert query.zone == HONG_KONG


def test_the_clock_is_asked_when_no_now_is_given() -> None:
    since = parse_query("since:1h").receipt.since
    assert since is not None
    assert 3599 < (datetime.now(UTC) - datetime.fromisoformat(since)).total_seconds() < 3700


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Europe", "a\x00b"])
def test_an_unknown_zone_is_an_error(name: str) -> None:
    with pytest.raises(UsageError, match="no time zone"):
        zone_named(name)


def test_a_zone_is_found_by_its_name_and_the_systems_by_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert zone_named("Asia/Hong_Kong") == HONG_KONG
    monkeypatch.setenv("TZ", "America/Sao_Paulo")
    assert zone_named(None) == SAO_PAULO
