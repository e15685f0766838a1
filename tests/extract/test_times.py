"""Stated times: the instant, the offset, the precision, and every doubt as a flag; nothing is guessed."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.extract.date_forms import Order
from newsearch.extract.times import Zone, is_date_line, read_date_line, read_stated, zone_for
from newsearch.model import Moment, microseconds

HONG_KONG = Zone(ZoneInfo("Asia/Hong_Kong"), assumed=False)
BERLIN = Zone(ZoneInfo("Europe/Berlin"), assumed=False)
ASSUMED = Zone(UTC, assumed=True)


def told(moment: Moment | None) -> str | None:
    """Write a moment as its ISO form and its flags."""
    return None if moment is None else " ".join([moment.isoformat(), *moment.flags])


def read(line: str, zone: Zone = HONG_KONG, captured: datetime | None = None) -> tuple[str | None, str | None]:
    stated = read_date_line(line, zone, captured)
    return told(stated.published), told(stated.updated)


def stated(text: str, zone: Zone = HONG_KONG, captured: datetime | None = None) -> str | None:
    return told(read_stated(text, zone, captured, "record"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2025-03-22 00:48 Last Updated At:02:17", True),
        ("2025-03-22 00:48 last updated at: 12-20 17:14", True),
        ("2025-03-22 00:48", True),
        ("2025-03-22T00:48:30+08:00", True),
        ("2025-03-22", True),
        ("2025-02-30 99:99", True),
        ("Posted 2025-03-22 00:48", False),
        ("2025-03-22 00:48 by the desk", False),
        ("2025-3-22", False),
        ("22/03/2025", False),
        ("Last Updated At:02:17", False),
        ("00:48", False),
        ("", False),
    ],
)
def test_only_a_whole_line_is_a_date_line(line: str, *, expected: bool) -> None:
    assert is_date_line(line) is expected


@pytest.mark.parametrize(
    "line", ["2025-02-30 10:00", "2023-02-29", "2025-13-01 10:00", "2025-03-22 24:30", "2025-03-22 10:60", "0000-01-01"]
)
def test_an_impossible_date_is_rejected_and_not_guessed(line: str) -> None:
    result = read_date_line(line, HONG_KONG, None)
    assert (result.published, result.updated) == (None, None)
    assert line in result.rejected


@pytest.mark.parametrize(
    ("line", "zone", "expected"),
    [
        ("2025-03-22 00:48", HONG_KONG, "2025-03-22T00:48:00+08:00"),
        ("2025-03-22 9:05", HONG_KONG, "2025-03-22T09:05:00+08:00"),
        ("2025-03-22 00:48 +09:00", HONG_KONG, "2025-03-22T00:48:00+09:00"),
        ("2025-03-22 00:48 -0330", HONG_KONG, "2025-03-22T00:48:00-03:30"),
        ("2025-03-22T00:48Z", HONG_KONG, "2025-03-22T00:48:00+00:00"),
        ("2025-03-22 00:48 GMT", ASSUMED, "2025-03-22T00:48:00+00:00"),
        ("2025-03-22 00:48", ASSUMED, "2025-03-22T00:48:00+00:00 tz-assumed"),
        ("2025-07-22 00:48", BERLIN, "2025-07-22T00:48:00+02:00"),
        ("2025-10-26 02:30", BERLIN, "2025-10-26T02:30:00+02:00 dst-ambiguous"),
        ("2025-03-30 02:30", BERLIN, "2025-03-30T02:30:00+01:00 dst-nonexistent"),
        ("2025-10-26 02:30 +01:00", BERLIN, "2025-10-26T02:30:00+01:00"),
        ("2025-03-22", HONG_KONG, "2025-03-22"),
        ("2025-03-22", ASSUMED, "2025-03-22"),
    ],
)
def test_an_explicit_offset_goes_before_the_zone_and_doubts_are_flagged(line: str, zone: Zone, expected: str) -> None:
    assert read(line, zone) == (expected, None)


def test_an_instant_is_utc_and_keeps_the_stated_offset() -> None:
    moment = read_date_line("2025-03-22 00:48", HONG_KONG, None).published
    assert moment == Moment(datetime(2025, 3, 21, 16, 48, tzinfo=UTC), 480, "minute", "date line", ())


def test_a_day_alone_is_a_name_for_the_day_and_lies_in_the_readers_zone() -> None:
    moment = read_date_line("2025-03-22", HONG_KONG, None).published
    assert moment == Moment(datetime(2025, 3, 22, tzinfo=UTC), 0, "day", "date line", ())
    assert moment.microseconds_in(BERLIN.zone) == microseconds(datetime.fromisoformat("2025-03-22T00:00:00+01:00"))


@pytest.mark.parametrize(
    ("line", "updated"),
    [
        ("2025-03-22 00:48 Last Updated At:02:17", "2025-03-22T02:17:00+08:00"),
        ("2025-03-22 00:48 Last Updated At:00:48", "2025-03-22T00:48:00+08:00"),
        ("2025-06-03 23:40 Last Updated At:00:25", "2025-06-04T00:25:00+08:00 rolled-over"),
        ("2025-12-31 23:40 Last Updated At:23:39", "2026-01-01T23:39:00+08:00 rolled-over"),
        ("2025-03-22 10:00 +09:00 Last Updated At:09:00", "2025-03-23T09:00:00+09:00 rolled-over"),
        ("2025-12-19 21:43 Last Updated At:12-20 17:14", "2025-12-20T17:14:00+08:00"),
        ("2025-12-31 22:10 Last Updated At:01-01 09:05", "2026-01-01T09:05:00+08:00 year-rolled"),
        ("2025-12-19 21:43 Last Updated At:12-19 21:42", "2026-12-19T21:42:00+08:00 year-rolled"),
        ("2025-12-19 21:43 Last Updated At:2026-02-01 09:05", "2026-02-01T09:05:00+08:00"),
    ],
)
def test_an_update_earlier_than_the_publication_means_the_next_day_or_year(line: str, updated: str) -> None:
    assert read(line)[1] == updated
    assert read_date_line(line, HONG_KONG, None).rejected == ""


@pytest.mark.parametrize(
    ("line", "updated"),
    [
        ("2025-03-22 Last Updated At:02:17", "2025-03-22T02:17:00+08:00"),
        ("2025-03-22 Last Updated At:03-23 02:17", "2025-03-23T02:17:00+08:00"),
    ],
)
def test_an_update_is_read_where_the_publication_states_the_day_only(line: str, updated: str) -> None:
    assert read(line) == ("2025-03-22", updated)


@pytest.mark.parametrize("update", ["25:00", "10:60", "02-30 10:00", "13-01 10:00", "2025-02-30 10:00"])
def test_an_impossible_update_is_dropped_and_told_and_the_publication_kept(update: str) -> None:
    result = read_date_line(f"2025-02-03 10:00 Last Updated At:{update}", HONG_KONG, None)
    assert told(result.published) == "2025-02-03T10:00:00+08:00"
    assert result.updated is None
    assert update in result.rejected


def test_an_update_on_a_leap_day_the_next_year_lacks_is_dropped_and_told() -> None:
    result = read_date_line("2024-12-30 10:00 Last Updated At:02-29 10:00", HONG_KONG, None)
    assert result.updated is None
    assert "02-29" in result.rejected


@pytest.mark.parametrize(
    ("captured", "future"),
    [("2025-03-20T16:47", True), ("2025-03-20T16:48", False), ("2025-03-21T16:48", False), ("2030-01-01T00:00", False)],
)
def test_a_time_over_a_day_after_its_own_capture_is_kept_and_flagged(captured: str, *, future: bool) -> None:
    moment = datetime.fromisoformat(f"{captured}+00:00")
    expected = "2025-03-22T00:48:00+08:00" + (" future" if future else "")
    assert read("2025-03-22 00:48", HONG_KONG, moment)[0] == expected
    assert stated("2025-03-22T00:48+08:00", HONG_KONG, moment) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-22", "2025-03-22"),
        ("20250322", "2025-03-22"),
        (" 2025-03-22T00:48:00+08:00 ", "2025-03-22T00:48:00+08:00"),
        ("2025-03-22T00:48:00Z", "2025-03-22T00:48:00+00:00"),
        ("2025-03-22T00:48", "2025-03-22T00:48:00+08:00"),
        ("2025-03-22 00:48", "2025-03-22T00:48:00+08:00"),
        ("20250322T004800-0330", "2025-03-22T00:48:00-03:30"),
        ("Sat, 22 Mar 2025 00:48:00 +0800", "2025-03-22T00:48:00+08:00"),
        ("22 Mar 2025 00:48 GMT", "2025-03-22T00:48:00+00:00"),
        ("22 Mar 2025 00:48:00 -0000", "2025-03-22T00:48:00+08:00"),
    ],
)
def test_a_record_states_iso_8601_or_rfc_5322(text: str, expected: str) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *["1", "12", "on", "May", "monday", "yesterday", "2 hours ago", "1742575680", "", "noon"],
        *["2025", "2025-03", "2025-W12", "03/04/2025", "22.03.2025", "22 Mar 2025", "Mar 22 2025", "May 5 10:00"],
        *[
            "2025-02-30",
            "2025-02-30T10:00Z",
            "2025-03-22T25:00Z",
            "Sun, 30 Feb 2025 10:00:00 +0000",
            "22 Mar 2025 25:00 GMT",
        ],
        *["0001-01-01T00:00+08:00", "9999-12-31T23:59-10:00", "2025-03-22T00:48+24:00", "\ud800", "1 2 3 4 5"],
    ],
)
def test_what_is_no_date_or_ambiguous_or_impossible_is_not_guessed(text: str) -> None:
    assert stated(text) is None


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("03/04/2025", "dmy", "2025-04-03"),
        ("03/04/2025", "mdy", "2025-03-04"),
        ("3.4.2025 14:30", "dmy", "2025-04-03T14:30:00+08:00"),
        ("03/04/2025 14:30", None, None),
        ("21/03/2025 14:30", None, "2025-03-21T14:30:00+08:00"),
        ("21/03/2025", None, None),
        ("21/03/2025", "mdy", None),
        ("2025-04-03", "mdy", "2025-04-03"),
    ],
)
def test_a_record_states_dates_in_numbers_where_their_order_is_declared_or_certain(
    text: str, order: Order | None, expected: str | None
) -> None:
    assert told(read_stated(text, HONG_KONG, None, "record", order)) == expected


def test_a_week_date_states_no_minute() -> None:
    moment = read_stated("2025-W12-6", HONG_KONG, None, "record")
    assert moment is None or moment.precision == "day"


def test_a_capture_on_the_last_day_of_the_calendar_is_no_obstacle() -> None:
    captured = datetime(9999, 12, 31, 12, tzinfo=UTC)
    assert stated("2025-03-22T00:48:00+08:00", captured=captured) == "2025-03-22T00:48:00+08:00"


@given(st.text(max_size=30), st.text("0123456789:-+TZ MarSat,", max_size=30))
def test_any_text_is_a_moment_in_utc_or_none(one: str, other: str) -> None:
    for text in (one, other):
        moment = read_stated(text, HONG_KONG, None, "record")
        assert moment is None or moment.instant.utcoffset() == timedelta()


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - as above
def test_any_instant_written_with_its_offset_is_read_exactly(instant: datetime) -> None:
    moment = read_stated(instant.isoformat(), ASSUMED, None, "record")
    assert moment is not None
    assert moment.instant == instant.astimezone(UTC)


@pytest.mark.parametrize(
    ("known", "assumed", "expected"),
    [
        (HONG_KONG.zone, BERLIN.zone, HONG_KONG),
        (None, BERLIN.zone, BERLIN),
        (HONG_KONG.zone, None, HONG_KONG),
        (None, None, ASSUMED),
    ],
)
def test_the_sources_zone_goes_before_the_assumed_one_and_utc_is_the_last_resort(
    known: tzinfo | None, assumed: tzinfo | None, expected: Zone
) -> None:
    assert zone_for(known, assumed) == expected
