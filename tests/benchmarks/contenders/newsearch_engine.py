"""newsearch, through its engine protocol and its own query language."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import NamedTuple, cast

import newsearch
from newsearch.engines import ENGINES
from newsearch.engines.base import Engine, Page
from newsearch.model import Article, Edition, Moment, Origin, Results
from newsearch.query import Filters, Query, parse_query

from .base import HITS, Answer, Clause, Question, Story

_OPERATORS = {"and", "or", "not"}


class Asked(NamedTuple):
    """A parsed query and the page wanted."""

    query: Query
    page: Page


class Newsearch:
    """The engine of the command line."""

    def __init__(self, folder: Path) -> None:
        make = cast("type", ENGINES.load("whoosh"))
        folder.mkdir(parents=True, exist_ok=True)
        self._engine = cast("Engine", make(folder, create=True))

    @staticmethod
    def version() -> str:
        """As in the protocol."""
        return f"newsearch {newsearch.__version__}"

    def build(self, stories: Iterable[Story]) -> None:
        """As in the protocol."""
        writer = self._engine.writer()
        for story in stories:
            writer.add(edition(story))
        writer.commit()

    def parse(self, question: Question) -> Asked:
        """As in the protocol."""
        filters = Filters()
        if question.since and question.until:
            filters = Filters(question.since.isoformat(), (question.until - timedelta(days=1)).isoformat())
        query = parse_query(typed(question), filters=filters, zone=UTC)
        return Asked(query, Page("newest" if question.newest else "relevance", limit=HITS))

    def answer(self, parsed: Asked) -> Answer:
        """As in the protocol."""
        results = self._engine.search(parsed.query, parsed.page)
        return Answer(_ranking(results), results.total)

    def page(self, parsed: Asked) -> list[str]:
        """As in the protocol."""
        results = self._engine.search(parsed.query, parsed.page)
        return [f"{hit.title.text}\n{' '.join(snippet.text for snippet in hit.snippets)}" for hit in results.hits]

    def ids(self, answer: Answer) -> list[str]:
        """As in the protocol."""
        return [article_id for article_id, _ in answer.hits]

    def add(self, story: Story) -> None:
        """As in the protocol."""
        writer = self._engine.writer()
        writer.add(edition(story))
        writer.commit()

    def close(self) -> None:
        """As in the protocol; the engine needs none."""


def typed(question: Question) -> str:
    """Return the question as a user of newsearch types it."""
    words = [_escaped(clause) for clause in question.clauses]
    return " OR ".join(words) if question.alternatives else " ".join(words)


def edition(story: Story) -> Edition:
    """Return what the pipeline would hand to the engine."""
    moment = None
    if story.published:
        day = "T" not in story.published
        moment = Moment(story.instant.astimezone(UTC), precision="day" if day else "minute", evidence="record")
    article = Article(
        story.title,
        story.body,
        Origin("archive.jsonl", 1, 1),
        moment,
        source=story.source,
        section=story.section,
        own_id=story.id,
        id=story.id,
    )
    return Edition(article, hashlib.blake2b(story.id.encode(), digest_size=16).hexdigest())


def _escaped(clause: Clause) -> str:
    if clause.kind == "prefix":
        return f"{clause.text}*"
    return f"\\{clause.typed}" if clause.text in _OPERATORS else clause.typed


def _ranking(results: Results) -> Sequence[tuple[str, float]]:
    """Return ids with scores.

    A `Hit` brings the whole article and its snippets. Results that know their ranking without making hits say so in
    `ranking`; from others the hits must be made, and that time counts.
    """
    ranking: Sequence[tuple[str, float]] | None = getattr(results, "ranking", None)
    return [(hit.article.id, hit.score) for hit in results.hits] if ranking is None else list(ranking)
