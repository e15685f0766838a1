"""Dates a user types, as the extent of time they stand for in the user's zone."""

import os
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from newsearch.errors import QueryError, UsageError

_EXAMPLE = "dates look like 2025, 2025-04, 2025-04-17, 2025-04-17T21:22+08:00, 7d, 24h, today or yesterday"
_CALENDAR = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:?\d{2}(?::?\d{2})?)?", re.IGNORECASE)
_FRACTION = re.compile(r"(?<=:\d\d:\d\d)\.(\d{1,6})(?=$|[Z+-])", re.IGNORECASE)
_AGO = re.compile(r"(\d{1,6})([hdwmy])", re.IGNORECASE)
_NAMED = {"today": 0, "yesterday": 1}
"""How many days ago they are."""
_MONTHS = 12
_MICROSECOND = timedelta(microseconds=1)


class Extent(NamedTuple):
    """The span [start, end) a date stands for; aware datetimes with fixed offsets, which read back as they are."""

    start: datetime
    end: datetime


def zone_named(name: str | None) -> tzinfo:
    """Return a zone by its IANA name; None gives the system's.

    Raises:
        UsageError: there is no such zone.
    """
    if name is None:
        return _system_zone()
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f"there is no time zone '{name}'"
        raise UsageError(message, "use an IANA name such as Asia/Hong_Kong, Europe/Berlin or UTC") from error


def extent(text: str, zone: tzinfo, now: datetime) -> Extent:
    """Read a date.

    Args:
        text: a calendar date of any length, a date with a clock time, `today`, `yesterday`, or a time ago such as `7d`
            (days, weeks, months and years count from a local midnight and stand for that day; hours for that instant).
        zone: the user's zone.
        now: aware.

    Raises:
        QueryError: it is none of these, or there is no such date.
    """
    text = text.strip()
    today = _today(zone, now)
    try:
        if match := _CALENDAR.fullmatch(text):
            return _calendar_extent(*match.groups(), zone=zone)
        if match := _CLOCK.fullmatch(text):
            return _clock_extent(*match.groups(), zone=zone)
        if match := _AGO.fullmatch(text):
            return _ago(int(match[1]), match[2].lower(), today, zone, now)
        if text.lower() in _NAMED:
            return _days(today - timedelta(days=_NAMED[text.lower()]), zone)
    except (ValueError, OverflowError) as error:
        message = f"there is no date '{text}'"
        raise QueryError(message, _EXAMPLE) from error
    message = f"'{text}' is not a date"
    raise QueryError(message, _EXAMPLE)


def known_by(text: str, zone: tzinfo, now: datetime) -> datetime:
    """Return up to when something is known as of a date, the instant itself included.

    A date with a clock time is that instant, to the microsecond where one is given; of a day, a month or a year it is
    the last microsecond. Arguments and errors are those of `extent`.
    """
    text = text.strip()
    whole, fraction = _FRACTION.sub("", text), _FRACTION.search(text)
    start, end = extent(whole, zone, now)
    if _CLOCK.fullmatch(whole):
        return start + timedelta(microseconds=int((fraction[1] if fraction else "").ljust(6, "0")))
    return max(start, end - _MICROSECOND)


def _today(zone: tzinfo, now: datetime) -> date:
    """Return the day it is in a zone; at an end of the calendar, where that may have no date, the day as stated."""
    try:
        return now.astimezone(zone).date()
    except OverflowError:
        return now.date()


def _calendar_extent(year: str, month: str | None, day: str | None, *, zone: tzinfo) -> Extent:
    first = date(int(year), int(month or 1), int(day or 1))
    if day:
        return _days(first, zone)
    months = first.year * _MONTHS + first.month - 1 + (1 if month else _MONTHS)
    if months // _MONTHS > date.max.year:
        return Extent(_midnight(first, zone), _end_of_time(zone))
    return Extent(_midnight(first, zone), _midnight(date(months // _MONTHS, months % _MONTHS + 1, 1), zone))


def _clock_extent(day: str, clock: str, offset: str | None, *, zone: tzinfo) -> Extent:
    start = datetime.fromisoformat(f"{day}T{clock}{(offset or '').upper()}")
    if start.tzinfo is None:
        start = start.replace(tzinfo=zone)
    start = _fixed(start)
    seconds = clock.count(":") > 1
    try:
        return Extent(start, start + (timedelta(seconds=1) if seconds else timedelta(minutes=1)))
    except OverflowError:
        return Extent(start, _end_of_time(zone))


def _ago(count: int, unit: str, today: date, zone: tzinfo, now: datetime) -> Extent:
    if unit == "h":
        instant = (now.astimezone(UTC) - timedelta(hours=count)).replace(microsecond=0).astimezone(zone)
        return Extent(_fixed(instant), _fixed(instant))
    if unit in "dw":
        return _days(today - timedelta(days=count * (7 if unit == "w" else 1)), zone)
    months = today.year * _MONTHS + today.month - 1 - count * (_MONTHS if unit == "y" else 1)
    first = date(months // _MONTHS, months % _MONTHS + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return _days(first.replace(day=min(today.day, last.day)), zone)


def _days(day: date, zone: tzinfo) -> Extent:
    if day == date.max:
        return Extent(_midnight(day, zone), _end_of_time(zone))
    return Extent(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))


def _end_of_time(zone: tzinfo) -> datetime:
    """Return the last second of the calendar, which has no midnight behind it."""
    return _fixed(datetime(9999, 12, 31, 23, 59, 59, tzinfo=zone))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return _fixed(datetime(day.year, day.month, day.day, tzinfo=zone))


def _fixed(local: datetime) -> datetime:
    """Return the same instant with the offset that holds there, for clock times a change skips as for all others."""
    try:
        there = local.astimezone(UTC).astimezone(local.tzinfo)
    except OverflowError:  # at an end of the calendar, where there are no gaps
        there = local
    return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()))


def _system_zone() -> tzinfo:
    """The system's zone with its daylight-saving rules where its name can be found, else its present offset."""
    localtime = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").removeprefix(":"), localtime):
        try:
            if name:
                return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            continue
    return datetime.now(UTC).astimezone().tzinfo or UTC
