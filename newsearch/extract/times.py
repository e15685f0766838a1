"""Stated times as moments: the instant, the stated offset, and every doubt as a flag. Nothing is guessed."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from newsearch.extract.date_forms import Order, month_named, read_form
from newsearch.model import Moment

_ZONE = r"(?:\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_DATE_LINE = re.compile(
    rf"""
    (?P<day>\d{{4}}-\d{{2}}-\d{{2}}) (?: [ T]+ (?P<clock>\d{{1,2}}:\d{{2}}) (?::\d{{2}})? {_ZONE} )?
    (?: \s+ Last\ Updated\ At \s*:\s* (?: (?P<update_day> (?:\d{{4}}-)? \d{{2}}-\d{{2}}) \s+ )?
        (?P<update_clock>\d{{1,2}}:\d{{2}}) (?::\d{{2}})? )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ISO_CLOCK = re.compile(r"\d{4}-\d{2}-\d{2}[T ]|\d{8}T")
_PLACE = r"[A-Z][^\n()]{0,80}?"
_WIRE = r"[A-Z][A-Za-z .]{1,30}"
_DASH = r"\s*(?:--|—|–|-)"
_DAY = r"(?P<{0}month>[A-Z][a-z]+)\.?\s(?P<{0}day>\d{{1,2}})"
DATELINE = re.compile(
    # X--(BUSINESS WIRE)--May 6, 2025--
    rf"{_PLACE}{_DASH}\s*\({_WIRE}\){_DASH}\s*{_DAY.format('a')},\s(?P<ayear>\d{{4}}){_DASH}"
    rf"|{_PLACE},\s{_DAY.format('b')},\s(?P<byear>\d{{4}})\s*/{_WIRE}/{_DASH}"  # X, May 6, 2025 /PRNewswire/ --
    rf"|{_PLACE},\s{_DAY.format('c')}(?:,\s(?P<cyear>\d{{4}}))?\s*\({_WIRE}\){_DASH}"  # X, May 6 (Xinhua) --
)
"""What opens a press release or an agency's story."""
_FUTURE = timedelta(hours=24)


class Zone(NamedTuple):
    """The zone of a stated time that names none itself."""

    zone: tzinfo
    assumed: bool
    """True when neither the source nor the user named it."""


class DateLine(NamedTuple):
    """What a page's date line states."""

    published: Moment | None
    updated: Moment | None
    rejected: str
    """What in it is impossible, in words; empty when nothing is."""


def zone_for(known: tzinfo | None, assume: tzinfo | None) -> Zone:
    """Choose the zone: the source's own, else the one the user assumes, else UTC, which is an assumption."""
    return Zone(known or assume or UTC, assumed=not (known or assume))


def is_date_line(line: str) -> bool:
    """Tell whether a whole line has the form of a date line, be its date possible or not."""
    return _DATE_LINE.fullmatch(line) is not None


def states_update(line: str) -> bool:
    """Tell whether a date line has the part about the update."""
    match = _DATE_LINE.fullmatch(line)
    return match is not None and match["update_clock"] is not None


def read_date_line(line: str, zone: Zone, captured: datetime | None) -> DateLine:
    """Read a line of which `is_date_line` holds."""
    match = _DATE_LINE.fullmatch(line)
    if not match:
        return DateLine(None, None, f"'{line}' is no date line")
    try:
        day = date.fromisoformat(match["day"])
        published = _stated(day, match["clock"], match["zone"], zone, "date line")
        opening = _stated(day, match["clock"] or "00:00", match["zone"], zone, "date line")
    except (ValueError, OverflowError):
        return DateLine(None, None, f"there is no time '{line}'")
    updated, rejected = _update(match, opening, zone)
    return DateLine(judge_future(published, captured), updated and judge_future(updated, captured), rejected)


def read_stated(
    text: str, zone: Zone, captured: datetime | None, evidence: str, order: Order | None = None
) -> Moment | None:
    """Read the time a record states: ISO 8601 (a date, or a date and clock, with a zone or without) or RFC 5322.

    A date as it is written for people is one where it has a clock and leaves no doubt, or its source declares the order
    of day and month; without either it may as well be a number or a name.

    Returns:
        None when it is none of these, or when there is no such time.
    """
    stated = _iso(text.strip()) or read_form(text, written=order is not None, order=order)
    return _read(stated, zone, captured, evidence)


def read_written(
    text: str, zone: Zone, captured: datetime | None, evidence: str, order: Order | None = None
) -> Moment | None:
    """Read a time as `read_stated` does, and also dates as they are written for people, with a clock or without.

    Args:
        text: the whole of it.
        zone: where it states none.
        captured: when it was captured, if known.
        evidence: what states it.
        order: the order of day and month in numeric dates, where the source declares one.
    """
    return _read(_iso(text.strip()) or read_form(text, written=True, order=order), zone, captured, evidence)


def _read(stated: date | datetime | None, zone: Zone, captured: datetime | None, evidence: str) -> Moment | None:
    if stated is None:
        return None
    try:
        moment = _moment(stated, zone, evidence) if isinstance(stated, datetime) else _day(stated, evidence)
    except (ValueError, OverflowError):
        return None
    return judge_future(moment, captured)


def read_dateline_day(match: re.Match[str]) -> Moment | None:
    """Return the day a dateline states; None when it states no year, or there is no such day."""
    month, day, year = (
        match[f"a{name}"] or match[f"b{name}"] or match[f"c{name}"] for name in ("month", "day", "year")
    )
    try:
        stated = date(int(year or 0), month_named(month), int(day))
    except ValueError:
        return None
    return _day(stated, "dateline")


def judge_future(moment: Moment, captured: datetime | None) -> Moment:
    """Flag a time later than a day after its own capture, and only such a time."""
    future = captured is not None and moment.instant - captured > _FUTURE
    if future == ("future" in moment.flags):
        return moment
    flags = {*moment.flags} ^ {"future"}
    return replace(moment, flags=tuple(sorted(flags)))


def _update(match: re.Match[str], opening: Moment, zone: Zone) -> tuple[Moment | None, str]:
    """Return the update a date line states, or why there is none.

    A clock alone is the same local day, or the next when earlier than the publication; a month and day alone are of the
    same year, or the next when earlier.
    """
    if match["update_clock"] is None:
        return None, ""
    stated, clock = match["update_day"], match["update_clock"]
    first = date.fromisoformat(match["day"])

    def on(days: Iterable[str]) -> Iterator[Moment]:
        for day in days:
            with suppress(ValueError, OverflowError):
                yield _stated(date.fromisoformat(day), clock, match["zone"], zone, "date line")

    if stated is None:
        tomorrow = [(first + timedelta(days=1)).isoformat()] if first < date.max else []
        updated = _not_before(opening, on([first.isoformat(), *tomorrow]), "rolled-over")
    elif len(stated) > len("MM-DD"):
        updated = next(on([stated]), None)
    else:
        updated = _not_before(
            opening, on([f"{first.year:04}-{stated}", f"{first.year + 1:04}-{stated}"]), "year-rolled"
        )
    if updated is None:
        return None, f"there is no update time '{' '.join(filter(None, (stated, clock)))}'"
    return updated, ""


def _not_before(opening: Moment, candidates: Iterator[Moment], flag: str) -> Moment | None:
    """Return the first of the moments that is not before the opening; flagged when it is not the first of all."""
    for nth, moment in enumerate(candidates):
        if moment.instant >= opening.instant:
            return _flagged(moment, flag) if nth else moment
    return None


def _stated(day: date, clock: str | None, offset: str | None, zone: Zone, evidence: str) -> Moment:
    if clock is None:
        return _day(day, evidence)
    hour, minute = map(int, clock.split(":"))
    local = datetime.combine(day, time(hour, minute))
    if offset:
        named = "+00:00" if offset.upper() in ("Z", "UTC", "GMT") else offset
        local = datetime.fromisoformat(f"{local.isoformat()}{named}")
    return _moment(local, zone, evidence)


def _iso(text: str) -> datetime | None:
    """Read the plainest form of a date and a clock, which is also the most frequent one."""
    try:
        return datetime.fromisoformat(text) if _ISO_CLOCK.match(text) else None
    except ValueError:
        return None


def _day(day: date, evidence: str) -> Moment:
    return Moment(datetime.combine(day, time(), UTC), precision="day", evidence=evidence)


def _moment(local: datetime, zone: Zone, evidence: str) -> Moment:
    flags: list[str] = []
    if local.tzinfo is None:
        flags += ["tz-assumed"] if zone.assumed else []
        flags += _clock_change(local, zone.zone)
        local = local.replace(tzinfo=zone.zone)
    offset = local.utcoffset() or timedelta()
    return Moment(local.astimezone(UTC), round(offset / timedelta(minutes=1)), "minute", evidence, tuple(sorted(flags)))


def _clock_change(local: datetime, zone: tzinfo) -> list[str]:
    """Return the doubt about a clock time that a change to or from daylight saving skips or repeats (PEP 495)."""
    early, late = (local.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if early == late:
        return []
    return ["dst-ambiguous" if early > late else "dst-nonexistent"]


def _flagged(moment: Moment, flag: str) -> Moment:
    return replace(moment, flags=tuple(sorted({*moment.flags, flag})))
