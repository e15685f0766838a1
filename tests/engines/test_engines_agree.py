"""Each engine gives the answers of the reference engine, on random archives and to random queries."""

from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_archives import Transaction, many, pages, query_for, scratch_folder, transactions, trees, zones

from newsearch.engines import ENGINES
from newsearch.engines.base import Engine, Page
from newsearch.engines.memory import MemoryEngine
from newsearch.model import Statistics
from newsearch.query import Query

OTHERS = [name for name in ENGINES if name != "memory"]
questions = st.lists(st.tuples(st.builds(query_for, trees, zones), pages), min_size=1, max_size=8)
NARROW = {
    "writer.DOCUMENTS": 4,
    "workers.DOCUMENTS": 4,
    "writer.WORDS": 40,
    "inverter.SORTED": 8,
    "inverter.BATCH": 40,
    "merge.MERGED": 8,
    "chunks.SMALLEST": 4,
    "segment.STORED_BLOCK": 300,
    "blocks.BLOCK": 64,
    "vocabulary.FEW": 1,
    "vocabulary.GAP": 1,
    "vocabulary.CHUNK": 8,
}
"""What the Whoosh engine does at sizes that no test reaches, it does at these."""


def make(name: str, folder: Path) -> Engine:
    engine: Engine = cast("Any", ENGINES.load(name))(folder, create=True)
    return engine


def assert_same_answers(engine: Engine, reference: Engine, query: Query, page: Page) -> None:
    ours, theirs = engine.search(query, page), reference.search(query, page)
    assert (ours.total, ours.undated, ours.offset) == (theirs.total, theirs.undated, theirs.offset)
    assert [hit.article for hit in ours.hits] == [hit.article for hit in theirs.hits]
    assert [hit.score for hit in ours.hits] == pytest.approx([hit.score for hit in theirs.hits], abs=1e-9)
    assert [(hit.title, hit.snippets) for hit in ours.hits] == [(hit.title, hit.snippets) for hit in theirs.hits]
    assert ours.receipt == theirs.receipt


def figures(statistics: Statistics) -> tuple[object, ...]:
    ends = (statistics.first_published, statistics.last_published)
    return (
        *(statistics.articles, statistics.editions, statistics.undated),
        *(moment and moment.instant for moment in ends),
        list(statistics.sources.items()),
    )


def assert_same_after(name: str, history: list[Transaction], questions: list[tuple[Query, Page]]) -> None:
    reference = MemoryEngine()
    with scratch_folder() as folder:
        engine = make(name, folder)
        for transaction in history:
            transaction.run(engine)
            transaction.run(reference)
        for one in (engine, make(name, folder)):  # as it was written, and as another process finds it
            for query, page in questions:
                assert_same_answers(one, reference, query, page)
            assert sorted(one.scan(), key=repr) == sorted(reference.scan(), key=repr)
            for number in range(12):
                ours, theirs = (engine.editions(f"x{number}") for engine in (one, reference))
                assert sorted(ours, key=repr) == sorted(theirs, key=repr)
                assert one.get(f"x{number}") == reference.get(f"x{number}")
            assert list(one.faults(lambda _: None, deep=True)) == []
            assert figures(one.statistics()) == figures(reference.statistics())


@pytest.mark.parametrize("name", OTHERS)
@many
@given(history=transactions, questions=questions)
def test_an_engine_answers_as_the_reference_does_after_any_history(
    name: str, history: list[Transaction], questions: list[tuple[Query, Page]]
) -> None:
    assert_same_after(name, history, questions)


@many
@given(history=transactions, questions=questions)
def test_the_whoosh_engine_does_so_when_its_segments_and_blocks_are_tiny(
    history: list[Transaction], questions: list[tuple[Query, Page]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for place, limit in NARROW.items():
            patch.setattr(f"newsearch.engines.whoosh.{place}", limit)
        assert_same_after("whoosh", history, questions)
