"""Small archives for the tests of engines, and short ways to ask them."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from newsearch.engines.base import Engine, Page
from newsearch.extract.identity import digest
from newsearch.model import Article, Edition, Interval, Moment, Origin, Results
from newsearch.query import Filters, parse_query

EngineMaker = Callable[[Path], Engine]
"""Makes an empty engine that may keep its files in a folder; the fixture `new_engine`."""
NOW = datetime(2025, 4, 18, 12, 0, tzinfo=UTC)
TIMES = ("published", "updated")


def at(text: str) -> Moment:
    """Return the moment an ISO text with an offset stands for, or the day when it has no clock."""
    stated = datetime.fromisoformat(text)
    if stated.tzinfo is None:
        return Moment(stated.replace(tzinfo=UTC), precision="day", evidence="record")
    offset = stated.utcoffset()
    assert offset is not None
    return Moment(stated.astimezone(UTC), round(offset.total_seconds() / 60), "minute", "record")


def article(name: str, title: str = "", body: str = "", **more: Any) -> Article:
    """Return an article; `published` and `updated` may be texts for `at`."""
    times = {key: at(value) if isinstance(value, str) else value for key, value in more.items() if key in TIMES}
    return Article(title, body, **{"origin": Origin(f"{name}.txt", 1, 3), "id": name, **more, **times})


def edition(shown: Article, *, superseded: bool = False, known: tuple[Interval, ...] | None = None) -> Edition:
    """Return an edition with the digest the pipeline gives it, and unless told otherwise known since its capture."""
    usual: tuple[Interval, ...] = () if superseded else ((shown.captured, None),)
    return Edition(shown, digest(shown), superseded, usual if known is None else known)


def fill(engine: Engine, *articles: Article) -> Engine:
    """Take articles in, in one transaction."""
    writer = engine.writer()
    for shown in articles:
        writer.add(edition(shown))
    writer.commit()
    return engine


def search(
    engine: Engine,
    text: str,
    *,
    zone: tzinfo = UTC,
    filters: Filters | None = None,
    as_of: datetime | None = None,
    **page: Any,
) -> Results:
    """Ask an engine for all answers, or for the page that is described."""
    query = parse_query(text, filters=filters, zone=zone, now=NOW, as_of=as_of)
    return engine.search(query, Page(**{"limit": None, **page}))


def ids(results: Results) -> list[str]:
    """Return the ids of a page in its order."""
    return [hit.article.id for hit in results.hits]


def found(engine: Engine, text: str, **options: Any) -> set[str]:
    """Return the ids of all articles that answer a query."""
    return set(ids(search(engine, text, **options)))
