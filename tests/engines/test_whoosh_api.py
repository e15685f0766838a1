"""The index is a Whoosh index: Whoosh's own queries find through our codec what they find through Whoosh's."""

from datetime import datetime

import pytest
from small_archives import article, edition, fill
from whoosh import sorting
from whoosh.index import FileIndex, create_in, open_dir
from whoosh.qparser import QueryParser
from whoosh.query import (
    And,
    DateRange,
    Every,
    FuzzyTerm,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Regex,
    Term,
    TermRange,
    Wildcard,
)
from whoosh.query.spans import SpanFirst, SpanNear, SpanOr

from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.engines.whoosh.schema import schema
from newsearch.model import Article

ARTICLES = [
    article("a", "Chip exports fall", "The export of chips fell. U.S. exports fell too, said Zoë.", source="Wire"),
    article("b", "Grain", "Exported grain and more grain went to China.", published="2025-03-22T00:48+08:00"),
    article("c", "东盟贸易", "今年东盟贸易增长。", published="2025-04-01", lang="zh", source="Post"),
    article("d", "", "Nothing of note; F-16 and AT&T.", published="2024-12-31T23:59:59Z", section="Tech"),
    article("e", "Grain exports", "Chips with grain. Exporting chips, exporting grain.", source="Wire"),
    article("f", "Deleted", "Export of nothing.", source="Gone"),
]
QUERIES = [
    Term("body", "export"),
    Term("title", "grain"),
    Term("body", "nowhere"),
    Term("id", "a"),
    Term("source", "Wire"),
    And([Term("body", "export"), Term("body", "chip")]),
    Or([Term("title", "grain"), Term("lang", "zh")]),
    Not(Term("body", "export")),
    And([Every(), Not(Term("source", "Wire"))]),
    Phrase("body", ["export", "of", "chip"]),
    Phrase("body", ["export", "grain"]),
    Phrase("body", ["chip", "export"], slop=2),
    Phrase("title", ["东", "盟"]),
    Prefix("body", "ch"),
    Wildcard("body", "*ain"),
    Regex("body", "f[0-9a-z]*"),
    FuzzyTerm("body", "gain"),
    FuzzyTerm("body", "exprt", maxdist=1, prefixlength=1),
    TermRange("body", "c", "g"),
    DateRange("published", datetime(2025, 1, 1), datetime(2025, 3, 31)),  # noqa: DTZ001 - as Whoosh keeps times
    DateRange("published", None, datetime(2025, 1, 1)),  # noqa: DTZ001
    Every(),
    Every("published"),
    Every("lang"),
    SpanNear(Term("body", "chip"), Term("body", "grain"), slop=2, ordered=False),
    SpanFirst(Term("body", "export"), limit=1),
    SpanOr([Term("body", "china"), Term("body", "note")]),
]


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> FileIndex:
    """The articles in an index of ours, in two segments, one of them deleted."""
    folder = tmp_path_factory.mktemp("ours") / "index"
    engine = WhooshEngine(folder, create=True)
    fill(engine, *ARTICLES[:1], *(article(f"x{number}", "", "filling " * 400) for number in range(3)), ARTICLES[5])
    writer = engine.writer()
    for gone in ("f", "x0", "x1", "x2"):
        writer.delete(gone)
    for one in ARTICLES[1:5]:
        writer.add(edition(one))
    writer.commit()
    return open_dir(str(folder))


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> FileIndex:
    """The same articles in the same schema, as Whoosh's own codec keeps them."""
    index = create_in(str(tmp_path_factory.mktemp("stock")), schema())
    writer = index.writer()
    for one in ARTICLES[:5]:
        writer.add_document(**_fields(one))
    writer.commit()
    return index


def _fields(one: Article) -> dict[str, object]:
    found: dict[str, object] = {"id": one.id, "title": one.title, "body": one.body}
    found |= {name: value for name in ("source", "section", "lang") if (value := getattr(one, name))}
    if one.published:
        found["published"] = one.published.instant.replace(tzinfo=None)
    return found


def found_in(index: FileIndex, query: Query) -> set[str]:
    with index.searcher() as searcher:
        return {hit["id"] for hit in searcher.search(query, limit=None)}


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_a_query_of_whooshs_finds_the_same(ours: FileIndex, stock: FileIndex, query: Query) -> None:
    assert found_in(ours, query) == found_in(stock, query)


@pytest.mark.parametrize(
    "text", ["exports AND chips", '"export of chips"', "source:Wire grain", "published:2025*", "zoe"]
)
def test_a_text_read_by_whooshs_parser_finds_the_same(ours: FileIndex, stock: FileIndex, text: str) -> None:
    query = QueryParser("body", ours.schema).parse(text)
    assert found_in(ours, query) == found_in(stock, query)


@pytest.mark.parametrize("reverse", [False, True])
def test_sorting_by_a_column_gives_the_same_order(ours: FileIndex, stock: FileIndex, *, reverse: bool) -> None:
    orders = []
    for index in (ours, stock):
        with index.searcher() as searcher:
            facet = [sorting.FieldFacet("published", reverse=reverse), sorting.StoredFieldFacet("id")]
            orders.append([hit["id"] for hit in searcher.search(Every("published"), limit=None, sortedby=facet)])
    assert orders[0] == orders[1]


def test_facets_lengths_highlights_and_alike_articles_are_the_same(ours: FileIndex, stock: FileIndex) -> None:
    said = []
    for index in (ours, stock):
        with index.searcher() as searcher:
            groups = searcher.search(Every(), limit=None, groupedby="source").groups("source")
            hit = next(hit for hit in searcher.search(Term("body", "chip"), limit=None) if hit["id"] == "e")
            alike = {other["id"] for other in hit.more_like_this("body")}
            said.append(
                (
                    {name: len(numbers) for name, numbers in groups.items()},
                    hit.highlights("body"),
                    alike,
                    searcher.reader().doc_frequency("body", "grain"),
                    searcher.reader().frequency("body", "grain"),
                )
            )
    assert said[0] == said[1]


def test_the_dictionaries_are_the_same(ours: FileIndex, stock: FileIndex) -> None:
    words = [{text for field, text in index.reader().all_terms() if field == "body"} for index in (ours, stock)]
    assert words[1] <= words[0]
    assert words[0] - words[1] <= {b"fill", b"noth"}  # of deleted articles, until their segment is rewritten
