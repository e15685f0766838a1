"""Signatures are what their description says, and near-copies are told from other texts by them."""

import random
from collections.abc import Callable
from itertools import islice, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.analysis import fold, tokenize
from newsearch.analysis.signatures import SIZE, VALUES, quarters, signature, signatures, word_hash
from newsearch.analysis.similarity import CLOSE, FEWEST, LONG, LOOSE, near_copies

WORDS = st.lists(st.integers(0, 5) | st.integers(0, (1 << 32) - 1), max_size=60)
VOCABULARY = ["".join(letters) for letters in product("bdgkmprt", "aeiou", "lnst", "ay")]
MASK = (1 << 64) - 1


def plainly(words: list[int]) -> bytes:
    """The signature of a text, worked out shingle by shingle."""
    least: dict[int, int] = {}
    for place in range(len(words) - 2):
        hashed = shingle_hash(*words[place : place + 3])
        quarter = sum(place >= part * len(words) // 4 for part in (1, 2, 3))
        value = hashed & 0xFFFFFFFC | quarter
        least[hashed >> 57] = min(value, least.get(hashed >> 57, 1 << 32))
    kept = [value_of(least, number) for number in range(VALUES)]
    places = [kept[start : start + 4] for start in range(0, VALUES, 4)]
    return bytes(value >> 2 & 0xFF for value in kept) + bytes(
        sum((value & 3) << 2 * nth for nth, value in enumerate(four)) for four in places
    )


def shingle_hash(first: int, second: int, third: int) -> int:
    hashed = (first * 0x9E3779B97F4A7C15 + second * 0xC2B2AE3D27D4EB4F) & MASK
    hashed ^= hashed >> 29
    hashed = (hashed + third * 0xD6E8FEB86659FD93) & MASK
    hashed = (hashed ^ hashed >> 32) * 0x9E3779B97F4A7C15 & MASK
    return hashed ^ hashed >> 29


def value_of(least: dict[int, int], number: int) -> int:
    """The value of a bin, or of the bin that fills it."""
    hashed = word_hash(f"bin {number}")
    start, stride = hashed % VALUES, hashed // VALUES | 1
    donors = (number, *((start + nth * stride) % VALUES for nth in range(VALUES)))
    return next((least[donor] for donor in donors if donor in least), 0)


@given(st.lists(WORDS, max_size=6))
def test_each_text_has_the_signature_of_its_own_shingles(texts: list[list[int]]) -> None:
    words = np.array([word for text in texts for word in text], np.uint32)
    rows = signatures(words, np.array([len(text) for text in texts], np.int64))
    assert [row.tobytes() for row in rows] == [plainly(text) for text in texts]


def test_a_signature_is_of_the_folded_words_of_a_text() -> None:
    text = "Café owners “met” Zoë’s THIRD uncle, 1,000 times – again and again."
    words = [word_hash(fold(token.text)) for token in tokenize(text)]
    assert signature(text) == plainly(words) == signature(text.upper())
    assert signature(text) != signature(" ".join(reversed(text.split())))
    assert (len(signature("")), set(signature("two words"))) == (SIZE, {0})


def test_the_quarters_of_a_signature_can_be_read_again() -> None:
    draw = random.Random(4)
    rows = np.frombuffer(signature(text_of(draw, 2_000)), np.uint8)[None]
    counts = np.bincount(quarters(rows)[0], minlength=4)
    assert counts.sum() == VALUES
    assert min(counts) > VALUES // 8


def text_of(draw: random.Random, words: int) -> str:
    return " ".join(draw.choice(VOCABULARY) for _ in range(words))


def near(first: str, second: str) -> bool:
    rows = [np.frombuffer(signature(text), np.uint8)[None] for text in (first, second)]
    words = np.array([min(len(first.split()), len(second.split()))])
    found = near_copies(*rows, words)
    assert found == near_copies(*reversed(rows), words)
    return bool(found[0])


def edited(draw: random.Random, text: str, rate: float) -> str:
    """A copy of which so many words were replaced, left out, or put in."""
    words = text.split()
    for _ in range(round(rate * len(words))):
        place = draw.randrange(len(words))
        fresh = draw.choice(([], [draw.choice(VOCABULARY)]))
        words[place : place + draw.choice((0, 1))] = fresh
    return " ".join(words)


@pytest.mark.parametrize(("words", "rate", "floor"), [(60, 0.02, 1.0), (400, 0.1, 0.97), (900, 0.15, 0.8)])
def test_most_copies_with_other_words_here_and_there_are_found(words: int, rate: float, floor: float) -> None:
    draw = random.Random(words)
    texts = [text_of(draw, words) for _ in range(60)]
    found = sum(near(text, edited(draw, text, rate)) for text in texts)
    assert found >= floor * len(texts)


def half(draw: random.Random) -> Callable[[], tuple[str, str]]:
    """Different articles with the same long caption below them."""
    return lambda: tuple(f"{text_of(draw, 400)} {caption}" for caption in [text_of(draw, 700)] for _ in range(2))  # type: ignore[return-value]


def report(draw: random.Random) -> Callable[[], tuple[str, str]]:
    """A short report that comes every day with other figures."""
    frame = [text_of(draw, 6) for _ in range(12)]
    return lambda: tuple(" ".join(f"{part} {draw.randrange(10_000)}" for part in frame) for _ in range(2))  # type: ignore[return-value]


def unrelated(draw: random.Random) -> Callable[[], tuple[str, str]]:
    return lambda: (text_of(draw, 300), text_of(draw, 300))


@pytest.mark.parametrize("kind", [half, report, unrelated])
def test_other_texts_are_no_copies(kind: Callable[[random.Random], Callable[[], tuple[str, str]]]) -> None:
    pairs = kind(random.Random(7))
    assert not [pair for pair in (pairs() for _ in range(60)) if near(*pair)]


def test_a_copy_with_a_paragraph_more_is_one() -> None:
    draw = random.Random(11)
    for _ in range(30):
        text = text_of(draw, 400)
        assert near(text, f"{text} {text_of(draw, 60)}")
        assert near(text, f"{text_of(draw, 60)} {text}")


def test_a_few_words_are_no_copy_of_the_same() -> None:
    draw = random.Random(5)
    assert not near(*[text_of(draw, FEWEST - 1)] * 2)
    assert near(*[text_of(draw, FEWEST)] * 2)
    assert not near("", "")


def test_the_limits_are_where_they_are_said_to_be() -> None:
    assert (FEWEST, LONG, LOOSE, CLOSE) == (20, 250, 0.45, 0.7)
    assert len(set(islice(map(word_hash, VOCABULARY), 300))) == 300
