"""What a user typed, as a frozen tree that every engine can answer, with a receipt of how it was read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from unicodedata import normalize

from newsearch.errors import QueryError
from newsearch.model import Receipt
from newsearch.query.canonical import canonical
from newsearch.query.dates import Extent, extent, zone_named
from newsearch.query.parser import keyword, parse, parse_literal
from newsearch.query.tree import (
    Between,
    Everything,
    Node,
    TimeField,
    ValueField,
    conjunction,
    conjuncts,
    disjunction,
    nodes_of,
    ranked_leaves,
)

_SURROGATE = re.compile("[\ud800-\udfff]")
MAX_SAVED = 100
"""Saved queries that one query may take in, those within each other included."""
MAX_SAVED_CHARACTERS = 1 << 20
"""That these may have together, each counted as often as it is taken in."""

__all__ = ["Filters", "Query", "name_of", "parse_query", "zone_named"]


@dataclass(frozen=True, slots=True)
class Query:
    """A query an engine can answer."""

    tree: Node
    zone: tzinfo
    """The user's zone, in which days begin."""
    receipt: Receipt
    as_of: datetime | None = None
    """Aware; what was known then is searched. None: all that is known."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions beside the text; None or empty where there is none."""

    since: str | None = None
    until: str | None = None
    sources: Sequence[str] = ()
    """Any of them."""
    sections: Sequence[str] = ()
    langs: Sequence[str] = ()


def parse_query(  # noqa: PLR0913 - each is a setting of its own
    text: str,
    *,
    filters: Filters | None = None,
    literal: bool = False,
    zone: tzinfo = UTC,
    now: datetime | None = None,
    as_of: datetime | None = None,
    saved: Mapping[str, str] | None = None,
    saving: str | None = None,
) -> Query:
    """Read a query.

    Args:
        text: as typed.
        filters: conditions beside it.
        literal: take the text as plain words.
        zone: in which a day without a zone lies.
        now: aware; what relative dates count from. The clock's when None.
        as_of: aware; what was known then is searched, whatever relative dates count from.
        saved: queries by the names they were saved under.
        saving: the name that the text is to be saved under, as it is kept; neither the text nor what it names names it.

    Raises:
        QueryError: the text or a date cannot be read.
    """
    within = (saving,) if saving else ()
    reading = _Reading(zone, now or datetime.now(UTC), saved or {}, within, used=list(within))
    parsed = parse_literal(_safe(text)) if literal else parse(_safe(text), reading)
    conditions = _conditions(filters or Filters(), reading)
    tree = conjunction([node for node in (parsed.tree, *conditions) if not isinstance(node, Everything)])
    unranked = [] if any(True for _ in ranked_leaves(tree)) else ["nothing to rank by: newest first"]
    since, until = _range(tree)
    if since and until and datetime.fromisoformat(since) >= datetime.fromisoformat(until):
        unranked.append("the range of dates ends before it begins, so nothing lies in it")
    interpreted = parsed.assumed_and or bool(conditions) or _says_more(tree) or bool(reading.used)
    notes = (*parsed.notes, *reading.notes, *unranked)
    state = as_of.isoformat() if as_of else None
    return Query(tree, zone, Receipt(_safe(text), canonical(tree), since, until, interpreted, notes, state), as_of)


@dataclass(slots=True)
class _Reading:
    """What a query means by dates and by the names of saved queries."""

    zone: tzinfo
    now: datetime
    queries: Mapping[str, str]
    within: tuple[str, ...] = ()
    """The saved queries that are being read, each within the one before it."""
    notes: list[str] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    """Every saved query that was read, each time it was."""

    def dated(self, name: str, value: str) -> Node:
        """As in the protocol."""
        return _dated(name, value, self.zone, self.now)

    def saved(self, name: str) -> Node:
        """As in the protocol."""
        known = name_of(name)
        if known in self.within:
            message = f"the saved query '{known}' contains itself: {' > '.join((*self.within, known))}"
            raise QueryError(message, f"save it anew without saved:{known}")
        text = self.queries.get(known)
        if text is None:
            names = ", ".join(sorted(self.queries)) or "none yet"
            message = f"there is no saved query '{name}'"
            raise QueryError(message, f"saved: {names}; save one with: newsearch save NAME QUERY")
        self.used.append(known)
        if len(self.used) > MAX_SAVED:
            message = f"more than {MAX_SAVED} saved queries in one"
            raise QueryError(message, "name each of them once")
        if sum(len(self.queries.get(one, "")) for one in self.used) > MAX_SAVED_CHARACTERS:
            message = f"more than {MAX_SAVED_CHARACTERS >> 20} million characters in the saved queries of one"
            raise QueryError(message, "name each of them once")
        try:
            parsed = parse(text, replace(self, within=(*self.within, known)))
        except QueryError as error:
            message = f"the saved query '{known}' cannot be read: {error}"
            raise QueryError(message, error.hint) from error
        if isinstance(parsed.tree, Everything):
            message = f"the saved query '{known}' matches everything"
            raise QueryError(message, f"leave saved:{known} out")
        self.notes += [f"saved:{known}: {note}" for note in parsed.notes]
        return parsed.tree


def name_of(typed: str) -> str:
    """Return the name of a saved query as it is kept: case, white space and how accents are encoded do not matter."""
    return "-".join(normalize("NFC", typed.casefold()).split())


def _conditions(filters: Filters, reading: _Reading) -> list[Node]:
    nodes: list[Node] = []
    for name, value in (("since", filters.since), ("until", filters.until)):
        if value is not None:
            try:
                nodes.append(reading.dated(name, value))
            except QueryError as error:
                message = f"--{name}: {error}"
                raise QueryError(message, error.hint, query=value) from error
    named: dict[ValueField, Sequence[str]] = {
        "source": filters.sources,
        "section": filters.sections,
        "lang": filters.langs,
    }
    nodes += [
        disjunction([keyword(field, _safe(value)) for value in values]) for field, values in named.items() if values
    ]
    return nodes


def _dated(name: str, value: str, zone: tzinfo, now: datetime) -> Node:
    """Return the range that a date field's value stands for, one node for each end that is closed."""
    first, dots, last = value.partition("..")
    ranged = name in ("date", "updated")
    if ranged and dots and (first or last):
        start = extent(first, zone, now).start if first else None
        end = extent(last, zone, now).end if last else None
        if start and end and end <= start:
            message = f"'{value}' ends before it begins"
            raise QueryError(message, f"write the earlier date first, for example {name}:2025-03..2025-04")
    else:
        span = extent(value, zone, now)
        if ranged and span.start == span.end:
            message = f"'{value}' is an instant, and nothing is published in no time"
            raise QueryError(message, f"write since:{value}" if name == "date" else f"write updated:{value}..")
        start, end = _closed_ends(name, span)
    field: TimeField = "updated" if name == "updated" else "published"
    return conjunction(
        [*([Between(field, start, None)] if start else []), *([Between(field, None, end)] if end else [])]
    )


def _says_more(tree: Node) -> bool:
    """Tell whether the canonical form says what was not typed: instants for dates."""
    return any(isinstance(node, Between) for node in nodes_of(tree))


def _safe(text: str) -> str:
    """Return text without the surrogates that undecodable bytes of a command line become."""
    return _SURROGATE.sub("\ufffd", text)


def _closed_ends(name: str, span: Extent) -> tuple[datetime | None, datetime | None]:
    ends: dict[str, tuple[datetime | None, datetime | None]] = {
        "date": (span.start, span.end),
        "updated": (span.start, span.end),
        "since": (span.start, None),
        "until": (None, span.end),
        "after": (span.end, None),
        "before": (None, span.start),
    }
    return ends[name]


def _range(tree: Node) -> tuple[str | None, str | None]:
    """Return the published range every hit must lie in, as far as the top of the tree says."""
    ranges = [node for node in conjuncts(tree) if isinstance(node, Between) and node.field == "published"]
    starts = [node.start for node in ranges if node.start]
    ends = [node.end for node in ranges if node.end]
    return max(starts).isoformat() if starts else None, min(ends).isoformat() if ends else None
