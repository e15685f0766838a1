"""The forms in which pages, feeds and records write a time down, to a date or a clock time. Nothing is guessed.

ISO 8601 with its common variants, RFC 5322 (e-mail and RSS), English dates, Java's and JavaScript's own forms, Chinese,
Japanese and Korean dates, and numeric dates whose order of day and month is certain or declared.
"""

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal

Order = Literal["dmy", "mdy"]
"""The order of day and month in a numeric date such as `03/04/2025`."""

_EAST = {
    0: "Z UT UTC GMT WET",
    1: "WEST BST CET MEZ",
    2: "CEST MESZ EET SAST",
    3: "EEST MSK",
    8: "HKT SGT",
    9: "JST KST",
    10: "AEST",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
    -4: "EDT",
    -5: "EST CDT",
    -6: "CST MDT",
    -7: "MST PDT",
    -8: "PST",  # RFC 5322, 4.3
}
_ZONES = {name: timezone(timedelta(hours=hours)) for hours, names in _EAST.items() for name in names.split()}
"""Zones by name. Names that mean several zones, such as IST, are left out."""
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_CLOCK = (
    r"(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE = (
    r"(?:\s*(?P<zone>(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|[A-Z]{1,5}\b)(?:\s*\[[\w/+-]+\])?(?:\s*\([\w\s,+-]{1,60}\))?)?"
)
_THEN = rf"(?:(?:\s*T\s*|\s*,?\s+(?:at\s+)?|\s*[-|]\s+){_CLOCK}{_ZONE})?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_NUMBERS = r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<next>\d{1,2})(?P=mark)"
_ISO_8601 = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<dash>[-/.])(?P<month>\d{{1,2}})(?P=dash)(?P<day>\d{{1,2}}){_THEN}",
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}}){_THEN}",
    )
)
_WRITTEN = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]\s?(?:{_CLOCK}{_ZONE})?",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_THEN}",
        rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH}[\s,-]+{_YEAR}{_THEN}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}{_ZONE}\s+{_YEAR}",
        rf"{_NUMBERS}{_YEAR}{_THEN}",
    )
)
_RFC_5322 = re.compile(
    r"(?P<clock>(?:[a-z]{3,9},?\s+)?\d{1,2}[\s-]+[a-z]{3,9}[\s-]+(?:\d{2}|\d{4}),?\s+\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?:\s+(?P<zone>[+-]\d{4}|[a-z]{1,5}))?(?:\s*\([^()]*\))?",
    re.IGNORECASE,
)
_PLACEHOLDER = datetime(1970, 1, 1)  # noqa: DTZ001 - in any zone
"""What programs write for a time they do not know, besides the year 1."""
_LONGEST = 100
_NOON, _MINUTES = 12, 60


def month_named(name: str) -> int:
    """Return the number of an English month, full or cut to three letters or more; 0 when it is none."""
    name = name.casefold()
    known = [number for number, month in enumerate(MONTHS, 1) if month.startswith(name)]
    return known[0] if len(known) == 1 and len(name) > 2 else 0  # noqa: PLR2004 - shorter ones are no names


def read_form(text: str, *, written: bool = False, order: Order | None = None) -> date | datetime | None:
    """Read a time.

    Args:
        text: the whole of it.
        written: whether to read also what is written for people: a date in words or in numbers, without a clock.
        order: of day and month in numeric dates; where none is declared, only those are read that leave no doubt.

    Returns:
        A date where it states no clock, or a clock in a zone nobody can know; else a datetime, naive where it states no
        zone. None when it has no known form, or there is no such time.
    """
    found = _read_form(" ".join(text.split()) if len(text) <= _LONGEST else "", written=written, order=order)
    return None if found is not None and _is_placeholder(found) else found


def _is_placeholder(found: date | datetime) -> bool:
    return found.year == 1 or (isinstance(found, datetime) and found.replace(tzinfo=None) == _PLACEHOLDER)


def _read_form(text: str, *, written: bool, order: Order | None) -> date | datetime | None:
    for form in _ISO_8601 + _WRITTEN:
        if match := form.fullmatch(text):
            parts = match.groupdict()
            return _time(parts, order) if written or form in _ISO_8601 or parts["hour"] else None
    return _rfc_5322(text) if text else None


def _time(parts: dict[str, str | None], order: Order | None) -> date | datetime | None:
    try:
        month, day = _ordered(parts, order) if "first" in parts else _month_and_day(parts)
        stated = date(int(parts["year"] or 0), month, day)
        return stated if parts["hour"] is None else _at(stated, parts)
    except (ValueError, OverflowError):
        return None


def _at(day: date, parts: dict[str, str | None]) -> date | datetime:
    """Return the day at its clock time.

    Raises:
        ValueError, OverflowError: there is no such time.
    """
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if half := parts["half"]:
        clock = time(hour % 12 + (12 if half.lower() == "p" else 0) if 1 <= hour <= _NOON else -1, minute)
    elif midnight := (hour, minute, second) == (24, 0, 0):
        day, clock = day + timedelta(days=midnight), time()
    else:
        clock = time(hour, minute)
    fraction = int((parts["fraction"] or "")[:6].ljust(6, "0"))
    # A leap second has no name of its own here; a later one is none, and an error.
    clock = clock.replace(second=59 if second == _MINUTES else second, microsecond=fraction)
    zone = (parts["zone"] or "").upper()
    if zone in ("", "-0000"):
        return datetime.combine(day, clock)
    offset = _offset(zone)
    return datetime.combine(day, clock, offset) if offset else day


def _month_and_day(parts: dict[str, str | None]) -> tuple[int, int]:
    month = parts["month"] or ""
    return int(month) if month.isdigit() else month_named(month), int(parts["day"] or 0)


def _ordered(parts: dict[str, str | None], order: Order | None) -> tuple[int, int]:
    """Return month and day of a numeric date.

    Raises:
        ValueError: either number may be the month, and no order is declared.
    """
    first, second = int(parts["first"] or 0), int(parts["next"] or 0)
    pairs = {"mdy": {(first, second)}, "dmy": {(second, first)}, None: {(first, second), (second, first)}}[order]
    possible = [(month, day) for month, day in pairs if month <= 12]  # noqa: PLR2004 - months of a year
    if len(possible) != 1:
        raise ValueError
    return possible[0]


def _offset(zone: str) -> timezone | None:
    """Return the zone of a name or an offset, in upper case; None when nobody can know it."""
    stated = re.fullmatch(r"(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?", zone)
    if not stated:
        return _ZONES.get(zone)
    if int(stated[3] or 0) >= _MINUTES:
        return None
    east = timedelta(hours=int(stated[2]), minutes=int(stated[3] or 0))
    return timezone(-east if stated[1] == "-" else east)


def _rfc_5322(text: str) -> date | datetime | None:
    """Read the rarer forms of RFC 5322, such as years of two digits."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - rarely needed, and slow to load

    form = _RFC_5322.fullmatch(text)
    if not form:  # the library leaves out what it does not know, such as p.m.
        return None
    zone = (form["zone"] or "").upper()
    try:
        clock, offset = parsedate_to_datetime(form["clock"]), _offset(zone)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    if zone in ("", "-0000"):
        return clock
    return clock.replace(tzinfo=offset) if offset else clock.date()
