"""newsearch, through its engine protocol and its own query language."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple, cast

import newsearch
from newsearch.analysis import fold, tokenize
from newsearch.engines import ENGINES
from newsearch.engines.base import Engine, Page
from newsearch.model import Article, Edition, Moment, Origin, Results
from newsearch.query import Filters, Query, parse_query
from newsearch.query.tree import Node, Term, conjunction, disjunction

from .base import HITS, Answer, Clause, Question, Story

_OPERATORS = {"and", "or", "not"}
_SCANNED = 20_000
"""Articles that written forms are collected from."""


class Asked(NamedTuple):
    """A parsed query and the page wanted."""

    query: Query
    page: Page


class Newsearch:
    """The engine of the command line."""

    def __init__(self, folder: Path) -> None:
        make = cast("type", ENGINES.load("whoosh"))
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
        """As in the protocol.

        As long as the language reads a wildcard as a plain word, and notes it, the written forms that begin so stand
        in its place.
        """
        filters = Filters()
        if question.since and question.until:
            filters = Filters(question.since.isoformat(), (question.until - timedelta(days=1)).isoformat())
        query = parse_query(typed(question), filters=filters, zone=UTC)
        if question.prefixes and any("is read as" in note for note in query.receipt.notes):
            join = disjunction if question.alternatives else conjunction
            query = replace(query, tree=join([self._node(clause) for clause in question.clauses]))
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

    def _node(self, clause: Clause) -> Node:
        if clause.kind != "prefix":
            return parse_query(clause.typed, zone=UTC).tree
        start = fold(clause.text)
        forms = [form for form in self._folded_forms if form.startswith(start)]
        return disjunction([Term(form, "form") for form in forms or [start]])

    @cached_property
    def _folded_forms(self) -> Sequence[str]:
        pieces = (piece for edition in islice(self._engine.scan(), _SCANNED) for piece in _pieces(edition.article))
        return sorted({fold(token.text) for piece in set(pieces) for token in tokenize(piece)})


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


def _pieces(article: Article) -> Iterator[str]:
    for text in (article.title, article.body):
        yield from re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text)
