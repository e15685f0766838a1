"""Up to when something is known as of a date that is typed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsearch.errors import QueryError
from newsearch.query import parse_query
from newsearch.query.dates import known_by

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NOW = datetime(2025, 4, 17, 20, 30, tzinfo=UTC)  # the 18th in Hong Kong


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2025-03-22T00:48", "2025-03-22T00:48:00+08:00"),
        ("2025-03-22 00:48:30", "2025-03-22T00:48:30+08:00"),
        ("2025-03-22T00:48Z", "2025-03-22T00:48:00+00:00"),
        ("2025-03-22t00:48:01.25+01:00", "2025-03-22T00:48:01.250000+01:00"),
        ("2025-03-22T23:59:59.999999+08:00", "2025-03-22T23:59:59.999999+08:00"),
        ("2025-03-22", "2025-03-22T23:59:59.999999+08:00"),
        ("2025-02", "2025-02-28T23:59:59.999999+08:00"),
        ("2024", "2024-12-31T23:59:59.999999+08:00"),
        ("yesterday", "2025-04-17T23:59:59.999999+08:00"),
        ("1d", "2025-04-17T23:59:59.999999+08:00"),
        ("24h", "2025-04-17T04:30:00+08:00"),
        (" 2025-03-22 ", "2025-03-22T23:59:59.999999+08:00"),
    ],
)
def test_a_clock_time_is_that_instant_and_a_day_is_its_end(typed: str, expected: str) -> None:
    assert known_by(typed, HONG_KONG, NOW).isoformat() == expected


@pytest.mark.parametrize("typed", ["2025-03-22", "2025-03-22T00:48:01.5", "yesterday", "9999", "0001"])
def test_what_comes_of_it_reads_back_as_itself(typed: str) -> None:
    instant = known_by(typed, HONG_KONG, NOW)
    assert known_by(instant.isoformat(), UTC, NOW) == instant


@pytest.mark.parametrize(
    "typed", ["", "2025-13", "2025-02-30", "soon", "2025-03-22T00:48.5", "25:00", "2025-03-22T24:30"]
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(QueryError):
        known_by(typed, UTC, NOW)


def test_relative_dates_of_the_query_do_not_count_from_it() -> None:
    then = NOW - timedelta(365)
    asked = [parse_query("since:7d storm", now=NOW, as_of=as_of) for as_of in (None, then)]
    assert asked[0].tree == asked[1].tree
    assert [query.as_of for query in asked] == [None, then]
    assert asked[1].receipt.as_of == then.isoformat()
