"""What a user typed, as a frozen tree that every engine can answer, with a receipt of how it was read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from newsearch.errors import QueryError
from newsearch.model import Receipt
from newsearch.query.canonical import canonical
from newsearch.query.dates import Extent, extent, zone_named
from newsearch.query.parser import folded_value, keyword, parse, parse_literal
from newsearch.query.tree import (
    Between,
    Everything,
    KeywordField,
    Node,
    conjunction,
    conjuncts,
    disjunction,
    nodes_of,
    ranked_leaves,
)

__all__ = ["Filters", "Query", "folded_value", "parse_query", "zone_named"]


@dataclass(frozen=True, slots=True)
class Query:
    """A query an engine can answer."""

    tree: Node
    zone: tzinfo
    """The user's zone, in which days begin."""
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions beside the text; None or empty where there is none."""

    since: str | None = None
    until: str | None = None
    sources: Sequence[str] = ()
    """Any of them."""
    sections: Sequence[str] = ()
    langs: Sequence[str] = ()


def parse_query(
    text: str,
    *,
    filters: Filters | None = None,
    literal: bool = False,
    zone: tzinfo = UTC,
    now: datetime | None = None,
) -> Query:
    """Read a query.

    Args:
        text: as typed.
        filters: conditions beside it.
        literal: take the text as plain words.
        zone: in which a day without a zone lies.
        now: aware; what relative dates count from. The clock's when None.

    Raises:
        QueryError: the text or a date cannot be read.
    """
    moment = now or datetime.now(UTC)

    def dated(name: str, value: str) -> Node:
        return _dated(name, value, zone, moment)

    parsed = parse_literal(_safe(text)) if literal else parse(_safe(text), dated)
    conditions = _conditions(filters or Filters(), dated)
    tree = conjunction([node for node in (parsed.tree, *conditions) if not isinstance(node, Everything)])
    unranked = [] if any(True for _ in ranked_leaves(tree)) else ["nothing to rank by: newest first"]
    since, until = _range(tree)
    if since and until and datetime.fromisoformat(since) >= datetime.fromisoformat(until):
        unranked.append("the range of dates ends before it begins, so nothing lies in it")
    interpreted = parsed.assumed_and or bool(conditions) or _has_dates(tree)
    return Query(
        tree, zone, Receipt(_safe(text), canonical(tree), since, until, interpreted, (*parsed.notes, *unranked))
    )


def _conditions(filters: Filters, dated: Callable[[str, str], Node]) -> list[Node]:
    nodes: list[Node] = []
    for name, value in (("since", filters.since), ("until", filters.until)):
        if value is not None:
            try:
                nodes.append(dated(name, value))
            except QueryError as error:
                message = f"--{name}: {error}"
                raise QueryError(message, error.hint, query=value) from error
    named: dict[KeywordField, Sequence[str]] = {
        "source": filters.sources,
        "section": filters.sections,
        "lang": filters.langs,
    }
    nodes += [
        disjunction([keyword(field, _safe(value)) for value in values]) for field, values in named.items() if values
    ]
    return nodes


def _dated(name: str, value: str, zone: tzinfo, now: datetime) -> Node:
    """Return the published range that a date field's value stands for, one node for each end that is closed."""
    first, dots, last = value.partition("..")
    if name == "date" and dots and (first or last):
        start = extent(first, zone, now).start if first else None
        end = extent(last, zone, now).end if last else None
        if start and end and end <= start:
            message = f"'{value}' ends before it begins"
            raise QueryError(message, "write the earlier date first, for example date:2025-03..2025-04")
    else:
        span = extent(value, zone, now)
        if name == "date" and span.start == span.end:
            message = f"'{value}' is an instant, and nothing is published in no time"
            raise QueryError(message, f"write since:{value}")
        start, end = _closed_ends(name, span)
    return conjunction(
        [
            *([Between("published", start, None)] if start else []),
            *([Between("published", None, end)] if end else []),
        ]
    )


def _has_dates(tree: Node) -> bool:
    return any(isinstance(node, Between) for node in nodes_of(tree))


def _safe(text: str) -> str:
    """Return text without the surrogates that undecodable bytes of a command line become."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _closed_ends(name: str, span: Extent) -> tuple[datetime | None, datetime | None]:
    ends: dict[str, tuple[datetime | None, datetime | None]] = {
        "date": (span.start, span.end),
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
