"""The forms in which times are written."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.extract.date_forms import Order, read_form
from newsearch.extract.times import Zone, read_written

ASSUMED = Zone(UTC, assumed=True)


def written(text: str, order: Order | None = None) -> str | None:
    moment = read_written(text, ASSUMED, None, "meta date", order)
    return moment.isoformat() if moment else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-04-17T09:30:00+0200", "2025-04-17T09:30:00+02:00"),
        ("2025-04-17T09:30:00 +02:00", "2025-04-17T09:30:00+02:00"),
        ("2025-04-17 09:30:00.0", "2025-04-17T09:30:00+00:00"),
        ("2025-04-17T09:30:00.0000000Z", "2025-04-17T09:30:00+00:00"),
        ("2025-04-17T09:30:00+02:00[Europe/Berlin]", "2025-04-17T09:30:00+02:00"),
        ("2025-04-17T24:00Z", "2025-04-18T00:00:00+00:00"),
        ("2025-04-17T09:30:60Z", "2025-04-17T09:30:59+00:00"),
        ("2025-04-17, 9:30 PM EST", "2025-04-17T21:30:00-05:00"),
        ("2025-04-17 09:30 IST", "2025-04-17"),
        ("2025/4/7 9:05", "2025-04-07T09:05:00+00:00"),
        ("20250417T093000Z", "2025-04-17T09:30:00+00:00"),
        ("2025年4月17日 09:30", "2025-04-17T09:30:00+00:00"),
        ("2025년 4월 17일", "2025-04-17"),
        ("Thu Apr 17 09:30:00 CEST 2025", "2025-04-17T09:30:00+02:00"),
        ("Thu Apr 17 2025 09:30:00 GMT+0200 (Central European Summer Time)", "2025-04-17T09:30:00+02:00"),
        ("Thu, 17 Apr 2025 09:30:00 PDT", "2025-04-17T09:30:00-07:00"),
        ("Thu, 17 Apr 25 09:30 +0200", "2025-04-17T09:30:00+02:00"),
        ("April 17, 2025 at 12:05 a.m. GMT", "2025-04-17T00:05:00+00:00"),
        ("17 April 2025", "2025-04-17"),
        ("Sept. 3rd, 2025", "2025-09-03"),
        ("17/04/2025 09:30", "2025-04-17T09:30:00+00:00"),
        ("04/17/2025", "2025-04-17"),
        ("4.4.2025", "2025-04-04"),
    ],
)
def test_a_time_is_read_in_the_form_it_is_written(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *["03/04/2025", "3.4.2025", "31/02/2025", "17/17/2025", "2025-04-17T24:01Z", "2025-04-17 13:05 pm"],
        *["April 2025", "17 Foo 2025", "Ma 3, 2025", "2025-04-17 09:30 +99:00", "1744875000", "0000-01-01", "x" * 5000],
    ],
)
def test_what_is_ambiguous_or_no_time_is_not_guessed(text: str) -> None:
    assert written(text) is None


@pytest.mark.parametrize(("order", "expected"), [("dmy", "2025-04-03"), ("mdy", "2025-03-04")])
def test_a_declared_order_settles_day_and_month(order: Order, expected: str) -> None:
    assert written("03/04/2025", order) == expected
    assert written("17/04/2025", "mdy") is None


@given(st.text("0123456789:-+/. TZAPMapril年月日()", max_size=40), st.sampled_from([None, "dmy", "mdy"]))
def test_any_text_is_a_time_or_none(text: str, order: Order | None) -> None:
    read_form(text, written=True, order=order)
    written(text, order)
