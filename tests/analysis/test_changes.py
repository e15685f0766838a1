"""What changed in words from one text to another."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.analysis import changes as module
from newsearch.analysis.changes import Change, changes

PIECES = ("The ferry", "sails", "at nine", ".", ". ", " ", "\n\n", "东盟", "山东", "1,000", "the", " the ", "\n", "!")
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def written(found: list[Change]) -> str:
    """The changes as git's word diff shows them."""
    signs = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "".join(signs[operation].format(text) for operation, text in found).strip()


def words(text: str) -> str:
    return "".join(text.split())


def joined(found: list[Change], *operations: str) -> str:
    return "".join(text for operation, text in found if operation in operations)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("It sails at nine.", "It sails at ten.", "It sails at [-nine-]{+ten+}."),
        ("Trains stand.", "Trains stand until Tuesday.", "Trains stand {+until Tuesday+}."),
        ("", "New.", "{+New.\n\n+}"),
        ("Same.", "Same.", "Same."),
        ("A  b", "A b", "A b"),
        ("东盟开会", "东盟散会", "东盟[-开-]{+散+}会"),
        ("One.\n\nTwo.", "One.\n\nMore.\n\nTwo.", "One.\n\n{+More.\n\n+}Two."),
        ("One.\n\nTwo.", "One.", "One.\n\n[-Two.\n\n-]"),
        ("One. Two.", "One.\n\nTwo.", "One.{+\n\n+}Two."),
        (
            "Rain fell on hills in the north all day.",
            "Rain stopped when everybody had left for home.",
            "Rain [-fell on hills in the north all day-]{+stopped when everybody had left for home+}.",
        ),
    ],
)
def test_words_that_changed_are_told_from_those_that_stayed(before: str, after: str, expected: str) -> None:
    assert written(changes(before, after)) == expected


@given(before=texts, after=texts)
@settings(max_examples=300, deadline=None)
def test_both_texts_can_be_made_of_the_changes(before: str, after: str) -> None:
    found = changes(before, after)
    assert words(joined(found, "equal", "delete")) == words(before)
    assert words(joined(found, "equal", "insert")) == words(after)


@given(text=texts)
@settings(max_examples=100, deadline=None)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(operation == "equal" for operation, _ in changes(text, text))


@given(before=texts, after=texts)
@settings(max_examples=100, deadline=None)
def test_neighbours_are_of_different_kinds(before: str, after: str) -> None:
    kinds = [operation for operation, _ in changes(before, after)]
    assert all(one != other for one, other in pairwise(kinds))


def test_a_long_text_is_compared_within_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No two sequences are compared whose pairs of equal pieces are too many, yet each change is found."""
    draw = random.Random(1)
    vocabulary = [f"word{number}" for number in range(500)]
    paragraphs = [" ".join(draw.choices(vocabulary, k=100)) + "." for _ in range(1_000)]
    others = [text.replace("word7 ", "other ") for text in paragraphs]
    compared: list[int] = []

    class Counting(module.SequenceMatcher):  # type: ignore[type-arg]
        def __init__(self, junk: None, ours: list[str], theirs: list[str], *, autojunk: bool) -> None:
            compared.append(max(len(ours), len(theirs)))
            super().__init__(junk, ours, theirs, autojunk=autojunk)

    monkeypatch.setattr(module, "SequenceMatcher", Counting)
    found = changes("\n\n".join(paragraphs), "\n\n".join(others))
    assert {text.strip() for operation, text in found if operation == "insert"} == {"other"}
    assert max(compared) <= 1_000


@pytest.mark.parametrize(
    ("before", "after"), [("a " * 30_000 + "b", "c " + "a " * 20_000), ("!" * 50_000, "?" * 50_000)], ids=["a", "signs"]
)
def test_what_would_take_too_long_is_replaced_as_a_whole(before: str, after: str) -> None:
    found = changes(before, after)
    assert len(found) < 6
    assert words(joined(found, "equal", "insert")) == words(after)
