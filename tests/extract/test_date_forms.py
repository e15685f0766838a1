"""The forms of dates: what each one says, and what is left alone because it says too little or nothing that can be."""

from datetime import date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.extract.date_forms import MONTHS, Order, month_named, read_form


def shown(text: str, *, order: Order | None = None) -> str | None:
    stated = read_form(text, written=True, order=order)
    return None if stated is None else stated.isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-22", "2025-03-22"),
        ("2025/3/2", "2025-03-02"),
        ("2025.03.22 14:30", "2025-03-22T14:30:00"),
        ("20250322", "2025-03-22"),
        ("2025-03-22T14:30", "2025-03-22T14:30:00"),
        ("2025-03-22T14:30:15Z", "2025-03-22T14:30:15+00:00"),
        ("2025-03-22 14:30:15 +0530", "2025-03-22T14:30:15+05:30"),
        ("2025-03-22T14:30:15.123456789+08:00", "2025-03-22T14:30:15.123456+08:00"),
        ("2025-03-22T14:30:15,5-03", "2025-03-22T14:30:15.500000-03:00"),
        ("20250322T143015Z", "2025-03-22T14:30:15+00:00"),
        ("2025-03-22T24:00Z", "2025-03-23T00:00:00+00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59+00:00"),
        ("2025-03-22T14:30+01:00[Europe/Berlin]", "2025-03-22T14:30:00+01:00"),
        ("  2025-03-22\n14:30 ", "2025-03-22T14:30:00"),
    ],
)
def test_iso_8601_is_read_as_it_is_written_in_the_wild(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sat, 22 Mar 2025 14:30:00 +0100", "2025-03-22T14:30:00+01:00"),
        ("22 Mar 2025 14:30 GMT", "2025-03-22T14:30:00+00:00"),
        ("22 Mar 25 14:30 EST", "2025-03-22T14:30:00-05:00"),
        ("22 Mar 2025 14:30:00 -0000", "2025-03-22T14:30:00"),
        ("Sat Mar 22 2025 14:30:00 GMT+0100 (Central European Standard Time)", "2025-03-22T14:30:00+01:00"),
        ("Sat Mar 22 14:30:00 CET 2025", "2025-03-22T14:30:00+01:00"),
        ("Sat Mar 22 14:30:00 2025", "2025-03-22T14:30:00"),
    ],
)
def test_mail_and_programming_languages_have_forms_of_their_own(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("March 22, 2025", "2025-03-22"),
        ("Sat., Mar. 22nd, 2025 at 2:30 p.m. EDT", "2025-03-22T14:30:00-04:00"),
        ("22 March 2025", "2025-03-22"),
        ("Saturday, 22 March 2025, 14:30", "2025-03-22T14:30:00"),
        ("22-Mar-2025", "2025-03-22"),
        ("1st Sept 2025 - 12:05 am", "2025-09-01T00:05:00"),
        ("March 22 2025 | 12:05 PM PST", "2025-03-22T12:05:00-08:00"),
        ("2025年3月22日 14:30", "2025-03-22T14:30:00"),
        ("2025年3月22日", "2025-03-22"),
        ("2025년 3월 22일", "2025-03-22"),
    ],
)
def test_dates_written_for_people_are_read(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize("text", ["March 22, 2025", "22 March 2025", "22.03.2025", "2025年3月22日"])
def test_dates_written_for_people_are_read_only_where_they_are_expected_or_have_a_clock(text: str) -> None:
    assert read_form(text) is None
    assert read_form(f"{text} 14:30") == datetime(2025, 3, 22, 14, 30)  # noqa: DTZ001 - it states no zone


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("22/03/2025", None, "2025-03-22"),
        ("03/22/2025", None, "2025-03-22"),
        ("03/03/2025", None, "2025-03-03"),
        ("03/04/2025", None, None),
        ("03/04/2025", "dmy", "2025-04-03"),
        ("03/04/2025", "mdy", "2025-03-04"),
        ("22/03/2025", "mdy", None),
        ("03/22/2025", "dmy", None),
        ("3.4.2025, 14:30", "dmy", "2025-04-03T14:30:00"),
        ("22/03.2025", None, None),
        ("31/02/2025", None, None),
        ("13/13/2025", None, None),
        ("0/3/2025", None, None),
    ],
)
def test_numbers_are_a_date_only_where_their_order_is_certain_or_declared(
    text: str, order: Order | None, expected: str | None
) -> None:
    assert shown(text, order=order) == expected


@pytest.mark.parametrize(
    "text",
    [
        *["", "now", "5", "2025", "2025-03", "March 2025", "22 March", "12:30", "yesterday", "1742575680"],
        *["2025-02-29", "2025-13-01", "2025-00-10", "0000-01-01", "31 April 2025", "Brumaire 5, 2025", "Ma 5, 2025"],
        *[
            "2025-03-22T25:00",
            "2025-03-22T14:60",
            "2025-03-22T24:01",
            "March 22, 2025 at 13:30 pm",
            "2025-03-22 0:30 am",
        ],
        *["9999-12-31T24:00", "2025-03-22T14:30+24:00", "2025-03-22 and more", "x" * 5000, "2" * 200],
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_date_or_no_possible_one_is_none(text: str) -> None:
    assert shown(text) is None


@pytest.mark.parametrize("zone", ["IST", "XYZ", "ABCDE"])
def test_a_clock_in_a_zone_nobody_can_know_is_worth_its_day(zone: str) -> None:
    assert shown(f"22 March 2025 14:30 {zone}") == "2025-03-22"


def test_months_are_known_by_three_letters_or_more() -> None:
    for number, name in enumerate(MONTHS, 1):
        assert {month_named(name[:length].upper()) for length in range(3, len(name) + 1)} == {number}
    assert [month_named(name) for name in ("Sept", "Ma", "J", "", "Mart", "Mayor")] == [9, 0, 0, 0, 0, 0]


@given(st.dates(date(1971, 1, 1)), st.times(), st.integers(-14 * 60, 14 * 60))
def test_each_form_of_one_time_says_the_same(day: date, clock: time, minutes: int) -> None:
    stated = datetime.combine(day, clock.replace(microsecond=0), timezone(timedelta(minutes=minutes)))
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    zone = f"{sign}{hours:02}{rest:02}"
    month = MONTHS[day.month - 1].title()
    written = f"{day.day} {month} {day.year:04} {clock:%H:%M:%S} {zone}"
    american = f"{month} {day.day}, {day.year:04} {clock:%H:%M:%S} {zone}"
    assert read_form(written) == read_form(american) == read_form(stated.isoformat()) == stated


@given(st.text(max_size=40) | st.text("0123456789:-+/., TZamprMarch年月日", max_size=40))
def test_any_text_is_a_time_or_none(text: str) -> None:
    orders: tuple[Order | None, ...] = ("dmy", "mdy", None)
    for order in orders:
        stated = read_form(text, written=True, order=order)
        assert stated is None or isinstance(stated, date)


@pytest.mark.parametrize(
    "text",
    [
        "22 March 2025 8:15 pm IST | Updated 9:30 pm",
        "22 March 2025 8:15 pm Eastern Time",
        "Sat, 22 Mar 2025 08:15:00 PM, EST",
        "5 May 25 10:00 PM EST",
        "Sat, 22 Mar 2025 20:15:00 +0000 and more",
    ],
)
def test_what_is_not_understood_to_its_end_is_none(text: str) -> None:
    assert shown(text) is None


def test_a_year_of_two_digits_in_a_zone_nobody_can_know_is_worth_its_day() -> None:
    assert shown("Sat, 22 Mar 25 20:15:00 IST") == "2025-03-22"
    assert shown("Sat, 22 Mar 25 20:15:00 CET") == "2025-03-22T20:15:00+01:00"
    assert shown("Sat, 22 Mar 25 20:15:00") == "2025-03-22T20:15:00"


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT", "0001-01-01"]
)
def test_what_programs_write_for_an_unknown_time_is_none(text: str) -> None:
    assert shown(text) is None


@pytest.mark.parametrize("text", ["2025-03-22T10:00:61Z", "2025-03-22T10:00:75Z", "Sat, 22 Mar 125 10:00:00 GMT"])
def test_a_second_or_a_year_that_is_none_makes_no_time(text: str) -> None:
    assert shown(text) is None


@pytest.mark.parametrize("zone", ["+08:75", "+0875", "-01:60"])
def test_an_offset_that_is_none_leaves_the_day(zone: str) -> None:
    assert shown(f"2025-03-22T10:00:00{zone}") == "2025-03-22"


@pytest.mark.parametrize("text", ["Mon, 3 Feb 25 10:00:00 +2500", "3 Feb 25 10:00 -9959"])
def test_an_offset_of_a_day_or_more_beside_a_year_of_two_digits_makes_no_time(text: str) -> None:
    assert shown(text) is None
