"""tantivy through tantivy-py: English stems, title and body with positions, stored; one indexing thread."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tantivy import (
    Document,
    FieldType,
    Index,
    IndexWriter,
    Occur,
    Order,
    Query,
    Schema,
    SchemaBuilder,
    SnippetGenerator,
)

from .base import HITS, WRITER_MEMORY, Answer, Question, Story

_FIELDS = ["title", "body"]


class Asked(NamedTuple):
    """tantivy's query, and the field to sort by when it is not the score."""

    query: Query
    order_by: str | None


class Tantivy:
    """A tantivy index."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = Index(self._schema, path=str(folder))
        self._searcher = self._index.searcher()

    @staticmethod
    def version() -> str:
        """As in the protocol."""
        return f"tantivy-py {version('tantivy')}"

    def build(self, stories: Iterable[Story]) -> None:
        """As in the protocol."""
        self._write(stories).wait_merging_threads()

    def parse(self, question: Question) -> Asked:
        """As in the protocol."""
        parts = [self._query(clause.typed) for clause in question.clauses if clause.kind != "prefix"]
        parts += [self._beginning(clause.stem) for clause in question.prefixes]
        occur = Occur.Should if question.alternatives else Occur.Must
        query = Query.boolean_query([(occur, part) for part in parts])
        if question.span:
            start, end = question.span
            within = Query.range_query(self._schema, "published", FieldType.Integer, start, end, include_upper=False)
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(within, 0.0))])
        return Asked(query, "published" if question.newest else None)

    def answer(self, parsed: Asked) -> Answer:
        """As in the protocol."""
        result = self._searcher.search(parsed.query, HITS, count=True, order_by_field=parsed.order_by, order=Order.Desc)
        return Answer([(address, score) for score, address in result.hits], result.count)  # type: ignore[attr-defined]  # its stub lacks it

    def page(self, parsed: Asked) -> list[str]:
        """As in the protocol."""
        snippets = SnippetGenerator.create(self._searcher, parsed.query, self._schema, "body")
        documents = [self._searcher.doc(address) for address, _ in self.answer(parsed).hits]
        return [f"{found.get_first('title')}\n{snippets.snippet_from_doc(found).to_html()}" for found in documents]

    def ids(self, answer: Answer) -> list[str]:
        """As in the protocol."""
        return [str(self._searcher.doc(address).get_first("id")) for address, _ in answer.hits]

    def add(self, story: Story) -> None:
        """As in the protocol."""
        self._write([story])

    def close(self) -> None:
        """As in the protocol; an index needs none."""

    def _query(self, text: str) -> Query:
        return self._index.parse_query(text, _FIELDS, conjunction_by_default=True)

    def _beginning(self, stem: str) -> Query:
        found = (Query.regex_query(self._schema, field, f"{stem}.*") for field in _FIELDS)
        return Query.boolean_query([(Occur.Should, query) for query in found])

    def _write(self, stories: Iterable[Story]) -> IndexWriter:
        """Commit, and return the writer, which may still be merging."""
        writer = self._index.writer(WRITER_MEMORY, num_threads=1)
        for story in stories:
            writer.add_document(Document(id=story.id, title=story.title, body=story.body, published=story.seconds))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
        return writer


def _schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in _FIELDS:
        builder.add_text_field(field, stored=True, tokenizer_name="en_stem", index_option="position")
    builder.add_integer_field("published", indexed=True, fast=True)
    return builder.build()
