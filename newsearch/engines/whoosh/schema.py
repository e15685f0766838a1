"""The fields of the index, and editions as documents of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from whoosh import fields
from whoosh.analysis import Analyzer
from whoosh.analysis import Token as WhooshToken
from whoosh.columns import NumericColumn

from newsearch.analysis import tokenize
from newsearch.model import Article, Edition, Moment, Origin
from newsearch.query import folded_value

UNKNOWN = -(1 << 62)
"""Stands in a time column for an unknown time."""
DAY_PUBLISHED, DAY_UPDATED, SUPERSEDED = 1, 2, 4
"""Bits of the `marks` column: a time known to the day only, an edition that is not the current one."""
TEXT_FIELDS = ("title", "body")
KEYWORD_FIELDS = ("source", "section", "lang")


class SurfaceAnalyzer(Analyzer):  # type: ignore[misc]
    """Gives Whoosh the words as written; which of them are alike is decided when a query is read."""

    def __call__(self, value: str, *, mode: str = "", **wanted: bool) -> Iterator[WhooshToken]:
        """Yield Whoosh's reused token for each of ours."""
        token = WhooshToken(wanted.get("positions", False), wanted.get("chars", False), removestops=False, mode=mode)
        for text, position, start, end in tokenize(value):
            token.original = token.text = text
            token.stopped = False
            token.boost = 1.0
            token.pos = position
            token.startchar, token.endchar = start, end
            yield token


def schema() -> fields.Schema:
    """Return the schema: what Whoosh's own queries and sorting can use, and columns for our own."""
    text = {"analyzer": SurfaceAnalyzer(), "phrase": True, "stored": True}
    return fields.Schema(
        id=fields.ID(stored=True),
        title=fields.TEXT(**text),
        body=fields.TEXT(**text),
        published=fields.DATETIME(sortable=True),
        updated=fields.DATETIME(sortable=True),
        source=fields.ID,
        section=fields.ID,
        lang=fields.ID,
        url=fields.ID,
        path=fields.ID,
        facts=fields.STORED,
        title_length=fields.COLUMN(NumericColumn("i")),
        body_length=fields.COLUMN(NumericColumn("i")),
        published_at=fields.COLUMN(NumericColumn("q", default=UNKNOWN)),
        updated_at=fields.COLUMN(NumericColumn("q", default=UNKNOWN)),
        marks=fields.COLUMN(NumericColumn("i")),
    )


def document(edition: Edition) -> dict[str, object]:
    """Return an edition as the fields of a document."""
    article = edition.article
    found: dict[str, object] = {
        "id": article.id,
        "title": article.title,
        "body": article.body,
        "path": article.origin.path,
        "url": article.url,
        "facts": json.dumps(_facts(edition)),
        "title_length": sum(1 for _ in tokenize(article.title)),
        "body_length": sum(1 for _ in tokenize(article.body)),
        "published_at": _seconds(article.published),
        "updated_at": _seconds(article.updated),
        "marks": _marks(edition),
    }
    found.update((name, folded_value(getattr(article, name))) for name in KEYWORD_FIELDS)
    if article.published:
        found["published"] = article.published.instant.replace(tzinfo=None)
    if article.updated:
        found["updated"] = article.updated.instant.replace(tzinfo=None)
    return {name: value for name, value in found.items() if value != ""}


def edition_of(stored: dict[str, str]) -> Edition:
    """Return the edition a document was made from.

    Raises:
        ValueError, KeyError, TypeError: the stored fields are damaged.
    """
    facts = json.loads(stored["facts"])
    article = Article(
        stored.get("title", ""),
        stored.get("body", ""),
        Origin(facts["path"], *facts["lines"]),
        _moment(facts["published"]),
        _moment(facts["updated"]),
        facts["source"],
        facts["section"],
        facts["url"],
        tuple(facts["authors"]),
        facts["lang"],
        facts["dateline"],
        facts["own_id"],
        datetime.fromisoformat(facts["captured"]) if facts["captured"] else None,
        stored["id"],
    )
    return Edition(article, facts["digest"], facts["superseded"])


def _facts(edition: Edition) -> dict[str, object]:
    article = edition.article
    return {
        "path": article.origin.path,
        "lines": [article.origin.first_line, article.origin.last_line],
        "published": _stated(article.published),
        "updated": _stated(article.updated),
        "source": article.source,
        "section": article.section,
        "url": article.url,
        "authors": article.authors,
        "lang": article.lang,
        "dateline": article.dateline,
        "own_id": article.own_id,
        "captured": article.captured.isoformat() if article.captured else None,
        "digest": edition.digest,
        "superseded": edition.superseded,
    }


def _stated(moment: Moment | None) -> list[object] | None:
    if moment is None:
        return None
    return [moment.instant.isoformat(), moment.offset, moment.precision, moment.evidence, moment.flags]


def _moment(stated: list[object] | None) -> Moment | None:
    if stated is None:
        return None
    instant, offset, precision, evidence, flags = stated
    return Moment(datetime.fromisoformat(instant), offset, precision, evidence, tuple(flags))  # type: ignore[arg-type]


def _seconds(moment: Moment | None) -> int:
    return int((moment.instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) if moment else UNKNOWN


def _marks(edition: Edition) -> int:
    article = edition.article
    published_day = article.published is not None and article.published.precision == "day"
    updated_day = article.updated is not None and article.updated.precision == "day"
    return DAY_PUBLISHED * published_day + DAY_UPDATED * updated_day + SUPERSEDED * edition.superseded
