"""Texts analysed many at a time give the words that a text analysed alone gives."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_archives import WORDS, many

from newsearch.analysis import fold, stem, tokenize
from newsearch.analysis.signatures import signature
from newsearch.engines.whoosh import chunks, inverter
from newsearch.engines.whoosh.chunks import ChunkTable
from newsearch.engines.whoosh.inverter import Inverter

SPACES = (
    " ",
    "\n",
    "\t",
    "  ",
    "\x1f",
    "\x0b",
    "\u00a0",
    "\u2003",
    "\u3000",
    "\u0085",
    "\x00",
    "\x1b[ m",
    "\x1b]0;a b\x07",
)
ODD = (
    "—",
    "…",
    "a" * 16,
    "a" * 17,
    "b" * 300,
    "é" * 8,
    "é" * 9,
    "$5",
    "#MeToo",
    "x.",
    "“x”",
    "\x7f",
    "U.S.,",
    "1,000;",
)
pieces = st.one_of(
    st.sampled_from((*WORDS, *SPACES, *ODD)), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)
texts = st.lists(pieces, max_size=30).map("".join)


def words_by_table(table: ChunkTable, given: list[str]) -> list[list[str]]:
    """Return the forms of each text, as an inverter that shares the table finds them."""
    collected = Inverter(table)
    for text in given:
        collected.add(text.encode())
    lengths = collected.lengths().tolist()
    forms = [table.keys[number].rpartition("\0")[2] for part in collected._parts() for number in part.tolist()]
    ends = [sum(lengths[: nth + 1]) for nth in range(len(lengths))]
    return [forms[end - length : end] for end, length in zip(ends, lengths, strict=True)]


@many
@given(first=st.lists(texts, max_size=8), second=st.lists(texts, max_size=8), batch=st.sampled_from([1, 50, 1 << 18]))
def test_the_words_are_those_of_each_text_alone(first: list[str], second: list[str], batch: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "SMALLEST", 4)
        patch.setattr("newsearch.engines.whoosh.inverter.BATCH", batch)
        table = ChunkTable()
        for given_texts in (first, second):  # the second time most chunks are known
            expected = [[token.text for token in tokenize(text)] for text in given_texts]
            assert words_by_table(table, given_texts) == expected


def test_chunks_that_share_their_first_sixteen_bytes_are_told_apart() -> None:
    given_texts = ["internationalism internationalisms internationalis", "internationalisms!"]
    found = words_by_table(ChunkTable(), given_texts)
    assert found == [["internationalism", "internationalisms", "internationalis"], ["internationalisms"]]


def test_a_table_grows_with_what_it_is_given() -> None:
    table = ChunkTable()
    words = [f"w{number}" for number in range(30_000)]
    assert words_by_table(table, [" ".join(words)]) == [words]
    assert words_by_table(table, [" ".join(reversed(words))]) == [words[::-1]]


def test_each_form_is_sorted_by_its_stem_first() -> None:
    table = ChunkTable()
    words_by_table(table, ["Exports exported café"])
    assert table.keys == [f"{stem(fold(form))}\0{fold(form)}\0{form}" for form in ("Exports", "exported", "café")]


@many
@given(texts=st.lists(texts, max_size=8), batch=st.sampled_from([16, 1 << 18]), signed=st.sampled_from([1, 9, 1 << 16]))
def test_signatures_made_together_are_those_made_alone(texts: list[str], batch: int, signed: int) -> None:
    with patch.object(inverter, "BATCH", batch), patch.object(inverter, "SIGNED", signed):
        collected = Inverter(ChunkTable())
        for text in texts:
            collected.add(text.encode())
        assert [row.tobytes() for row in collected.signatures()] == [signature(text) for text in texts]
