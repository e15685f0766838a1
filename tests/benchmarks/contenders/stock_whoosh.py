"""Whoosh as it comes: its default codec and weighting, stemmed title and body."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from whoosh import fields, index
from whoosh.analysis import StemmingAnalyzer
from whoosh.qparser import AndGroup, MultifieldParser, OrGroup
from whoosh.query import And, NumericRange, Or, Prefix
from whoosh.searching import Results

from .base import HITS, WRITER_MEMORY, Answer, Question, Story

_DISTRIBUTIONS = ("whoosh3", "Whoosh", "Whoosh-Reloaded")


class Asked(NamedTuple):
    """Whoosh's query and how to search with it."""

    query: Any
    options: dict[str, Any]


class StockWhoosh:
    """A Whoosh index."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        there = index.exists_in(str(folder))
        self._index = index.open_dir(str(folder)) if there else index.create_in(str(folder), _schema())
        self._searcher = self._index.searcher()

    @staticmethod
    def version() -> str:
        """As in the protocol."""
        for name in _DISTRIBUTIONS:
            try:
                return f"{name} {version(name)}"
            except PackageNotFoundError:
                continue
        return "Whoosh"

    def build(self, stories: Iterable[Story]) -> None:
        """As in the protocol."""
        self._write(stories)

    def parse(self, question: Question) -> Asked:
        """As in the protocol."""
        group = OrGroup if question.alternatives else AndGroup
        parser = MultifieldParser(["title", "body"], self._index.schema, group=group)
        parts = [parser.parse(question.typed)] if question.typed else []
        parts += [Or([Prefix(field, clause.stem) for field in ("title", "body")]) for clause in question.prefixes]
        query = (Or if question.alternatives else And)(parts).normalize()
        options: dict[str, Any] = {"limit": HITS}
        if question.newest:
            options |= {"sortedby": "published", "reverse": True}
        if question.span:
            # Not joined with AND: Whoosh then miscounts what it finds as soon as there is a limit.
            options["filter"] = NumericRange("published", *question.span, endexcl=True)
        return Asked(query, options)

    def answer(self, parsed: Asked) -> Answer:
        """As in the protocol."""
        results = self._search(parsed)
        found = range(results.scored_length())
        return Answer([(results.docnum(nth), results.score(nth) or 0.0) for nth in found], len(results))

    def page(self, parsed: Asked) -> list[str]:
        """As in the protocol."""
        return [f"{hit['title']}\n{hit.highlights('body')}" for hit in self._search(parsed)]

    def ids(self, answer: Answer) -> list[str]:
        """As in the protocol."""
        return [self._searcher.stored_fields(number)["id"] for number, _ in answer.hits]

    def add(self, story: Story) -> None:
        """As in the protocol."""
        self._write([story])

    def close(self) -> None:
        """As in the protocol."""
        self._searcher.close()
        self._index.close()

    def _search(self, parsed: Asked) -> Results:
        return self._searcher.search(parsed.query, **parsed.options)

    def _write(self, stories: Iterable[Story]) -> None:
        writer = self._index.writer(limitmb=WRITER_MEMORY >> 20)
        for story in stories:
            writer.add_document(id=story.id, title=story.title, body=story.body, published=story.seconds)
        writer.commit()
        self._searcher.close()
        self._searcher = self._index.searcher()


def _schema() -> fields.Schema:
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        title=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True),
        body=fields.TEXT(analyzer=StemmingAnalyzer(), stored=True),
        published=fields.NUMERIC(int, bits=64, sortable=True),
    )
