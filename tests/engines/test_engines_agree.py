"""Each engine gives the answers of the reference engine, on random archives and to random queries.

`python -m tests.campaigns agree` tries more of them.
"""

import pytest
from agreement import OTHERS, assert_same_answers, assert_same_content, make, tiny_segments
from hypothesis import given
from hypothesis import strategies as st
from random_archives import Transaction, many, pages, query_for, scratch_folder, times, transactions, trees, zones

from newsearch.engines.base import Page
from newsearch.engines.memory import MemoryEngine
from newsearch.query import Query

questions = st.lists(st.tuples(st.builds(query_for, trees, zones, times), pages), min_size=1, max_size=8)
NAMES = [f"x{number}" for number in range(12)]


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
            assert_same_content(one, reference, NAMES)


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
    with tiny_segments():
        assert_same_after("whoosh", history, questions)
