"""Editions as documents of the index, and what its columns mean."""

import json
import re
import struct
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from newsearch.engines.base import content_mark
from newsearch.model import EPOCH, Article, Edition, Interval, Moment, Origin, microseconds
from newsearch.query.fields import VALUE_FIELDS
from newsearch.query.tree import ValueField
from newsearch.query.values import stated

UNKNOWN = -(1 << 62)
"""Stands in a time column for an unknown time, which is before all others, as is the start of what has none."""
NEVER = 1 << 62
"""Stands for the end of what has none."""
DAY_PUBLISHED, DAY_UPDATED, SUPERSEDED = 1, 2, 4
"""Bits of the `marks` column: a time known to the day only, an edition that is not the current one."""
TEXT_FIELDS = ("title", "body")
_DAY = 24 * 60
_KINDS = {
    **dict.fromkeys(("path", "member", "source", "section", "url", "lang", "dateline", "own_id", "digest"), str),
    **dict.fromkeys(("lang_detected", "superseded"), bool),
}
"""What the facts are that are always there."""
_SURROGATE = re.compile(rb"\\u[Dd][89A-Fa-f]")
"""How JSON may spell one; it may be something else behind another backslash."""
_LINES = 1 << 63
"""More than there are in any file."""
_SIZES = struct.Struct("<III")
"""Of the title, the body and the other facts of a stored edition, in bytes."""
KEYWORD_FIELDS: tuple[ValueField, ...] = ("source", "section", "lang")
"""Those of the fields with whole values that Whoosh's own queries know."""


def document(edition: Edition) -> dict[str, Any]:
    """Return an edition as the values a segment is built from, texts in UTF-8."""
    article = edition.article
    return {
        "id": article.id,
        "title": article.title.encode(),
        "body": article.body.encode(),
        "facts": json.dumps(_facts(edition), ensure_ascii=False).encode(),
        "published": microseconds(article.published.instant) if article.published else UNKNOWN,
        "updated": microseconds(article.updated.instant) if article.updated else UNKNOWN,
        "captured": microseconds(article.captured) if article.captured else UNKNOWN,
        "marks": _marks(edition),
        "contents": content_mark(edition.digest),
        "known": _known(edition),
    } | {name: stated(article, name) for name in VALUE_FIELDS}


def edition_of(stored: dict[str, Any]) -> Edition:
    """Return the edition a document was made from.

    Raises:
        ValueError, KeyError, TypeError: the stored fields are damaged.
    """
    facts = _checked(stored["facts"])
    first_line, last_line = facts["lines"]
    article = Article(
        stored["title"],
        stored["body"],
        Origin(facts["path"], first_line, last_line, facts["member"]),
        _moment(facts["published"]),
        _moment(facts["updated"]),
        facts["source"],
        facts["section"],
        facts["url"],
        _texts(facts["authors"]),
        facts["lang"],
        facts["lang_detected"],
        facts["dateline"],
        facts["own_id"],
        _instant(facts["captured"]) if facts["captured"] else None,
        stored["id"],
    )
    known = facts.get("known")
    intervals = _usual(article, superseded=facts["superseded"]) if known is None else _intervals(known)
    return Edition(article, facts["digest"], facts["superseded"], intervals)


def packed(document: dict[str, Any]) -> bytes:
    """Return what is stored of a document: title, body and the rest in JSON, and before them their sizes."""
    parts = document["title"], document["body"], document["facts"]
    return b"".join((_SIZES.pack(*map(len, parts)), *parts))


def unpacked(data: bytes) -> dict[str, Any]:
    """Return what was packed, by the names of the fields.

    Raises:
        ValueError: it was not.
    """
    if len(data) < _SIZES.size:
        message = "it is cut off"
        raise ValueError(message)
    start, title, body, end = accumulate(_SIZES.unpack_from(data), initial=_SIZES.size)
    stated = data[body:end]
    facts = json.loads(stated)
    if _SURROGATE.search(stated):
        json.dumps(facts, ensure_ascii=False).encode()  # which half a pair of surrogates cannot be
    return {"title": data[start:title].decode(), "body": data[title:body].decode(), "facts": facts}


def parted(block: bytes) -> Iterator[bytes]:
    """Yield what was packed of each document in a block of several.

    Raises:
        ValueError: it is no such block.
    """
    place = 0
    while place < len(block):
        if len(block) - place < _SIZES.size:
            message = "it is cut off"
            raise ValueError(message)
        end = place + _SIZES.size + sum(_SIZES.unpack_from(block, place))
        yield block[place:end]
        place = end


def naive_utc(moment: int) -> datetime:
    """Return microseconds since the epoch the way Whoosh keeps times."""
    return (EPOCH + timedelta(microseconds=moment)).replace(tzinfo=None)


def _usual(article: Article, *, superseded: bool) -> tuple[Interval, ...]:
    """Return when an edition was the newest known where nothing is stored of that: since its capture, or never."""
    return () if superseded else ((article.captured, None),)


def _is_usual(edition: Edition) -> bool:
    return edition.known == _usual(edition.article, superseded=edition.superseded)


def _known(edition: Edition) -> list[tuple[int, int]]:
    """Return when an edition was the newest known, unless that is the usual; never is a time that ends as it begins."""
    if _is_usual(edition):
        return []
    return [
        (microseconds(start) if start else UNKNOWN, microseconds(end) if end else NEVER) for start, end in edition.known
    ] or [(0, 0)]


def _isoformat(intervals: Iterable[Interval]) -> list[list[str | None]]:
    return [[end.isoformat() if end else None for end in interval] for interval in intervals]


def _intervals(stated: list[list[str | None]]) -> tuple[Interval, ...]:
    ends = ((end and _instant(end) for end in interval) for interval in stated)
    return tuple((start or None, end or None) for start, end in ends)


def _facts(edition: Edition) -> dict[str, object]:
    article = edition.article
    return {
        "path": article.origin.path,
        "lines": [article.origin.first_line, article.origin.last_line],
        "member": article.origin.member,
        "published": _stated(article.published),
        "updated": _stated(article.updated),
        "source": article.source,
        "section": article.section,
        "url": article.url,
        "authors": article.authors,
        "lang": article.lang,
        "lang_detected": article.lang_detected,
        "dateline": article.dateline,
        "own_id": article.own_id,
        "captured": article.captured.isoformat() if article.captured else None,
        "digest": edition.digest,
        "superseded": edition.superseded,
    } | ({} if _is_usual(edition) else {"known": _isoformat(edition.known)})


def _stated(moment: Moment | None) -> list[object] | None:
    if moment is None:
        return None
    return [moment.instant.isoformat(), moment.offset, moment.precision, moment.evidence, moment.flags]


def _moment(stated: list[Any] | None) -> Moment | None:
    if stated is None:
        return None
    instant, offset, precision, evidence, flags = stated
    if type(offset) is not int or abs(offset) >= _DAY or precision not in ("minute", "day"):
        raise ValueError(stated)
    return Moment(_instant(instant), offset, precision, _texts([evidence])[0], _texts(flags))


def _instant(stated: str) -> datetime:
    instant = datetime.fromisoformat(stated)
    if instant.tzinfo is None:
        raise ValueError(stated)
    return instant


def _texts(stated: list[Any]) -> tuple[str, ...]:
    if not all(type(text) is str for text in stated):
        raise TypeError(stated)
    return tuple(stated)


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts if they are of the kinds that they are written as."""
    numbered = all(type(line) is int and 0 <= line < _LINES for line in facts["lines"])
    if not numbered or not all(type(facts[name]) is kind for name, kind in _KINDS.items()):
        raise TypeError(facts)
    return facts


def _marks(edition: Edition) -> int:
    article = edition.article
    published_day = article.published is not None and article.published.precision == "day"
    updated_day = article.updated is not None and article.updated.precision == "day"
    return DAY_PUBLISHED * published_day + DAY_UPDATED * updated_day + SUPERSEDED * edition.superseded
