"""Where the operands of a query stand in a text, by trying everything: the definition that engines are held to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsearch.analysis import matches
from newsearch.query.tree import Near, Operand, Or, Phrase, Term, alternatives, asked_for


class Place(NamedTuple):
    """A stretch of words, counted from 0."""

    first: int
    last: int
    """Inclusive."""


def frequency(operand: Operand, forms: Sequence[str], language: str) -> int:
    """Return how often an operand stands in a text: in how many places it can begin."""
    return len({place.first for place in places(operand, forms, language)})


def places(operand: Operand, forms: Sequence[str], language: str) -> set[Place]:
    """Return every stretch of a text that an operand can take up, from the first of its words to the last.

    Args:
        operand: whatever fields it has do not count.
        forms: the surface forms of the text.
        language: that it is in.
    """
    match operand:
        case Term(text, level):
            return {Place(place, place) for place, form in enumerate(forms) if matches(text, form, level, language)}
        case Phrase(terms, _, None):
            return set(_adjacent(terms, forms, language))
        case Phrase(terms, _, within):
            return set(_together(terms, within or 0, forms, language))
        case Near(left, right):
            return set(_near(operand, places(left, forms, language), places(right, forms, language)))
        case Or():
            return {place for child in alternatives(operand) for place in places(child, forms, language)}


def _adjacent(terms: Sequence[Term], forms: Sequence[str], language: str) -> Iterator[Place]:
    for first in range(len(forms) - len(terms) + 1):
        window = forms[first : first + len(terms)]
        if all(matches(term.text, form, term.level, language) for term, form in zip(terms, window, strict=True)):
            yield Place(first, first + len(terms) - 1)


def _together(terms: tuple[Term, ...], within: int, forms: Sequence[str], language: str) -> Iterator[Place]:
    """Yield what begins and ends with one of the words and holds all of them, each as often as it is asked for."""
    asked = asked_for(terms)
    standing = [{term for term in asked if matches(term.text, form, term.level, language)} for form in forms]
    for first in range(len(forms)):
        for last in range(first + 1, min(first + within + 1, len(forms))):
            there = Counter(term for words in standing[first : last + 1] for term in words)
            if standing[first] and standing[last] and all(there[term] >= count for term, count in asked.items()):
                yield Place(first, last)


def _near(near: Near, left: set[Place], right: set[Place]) -> Iterator[Place]:
    for some in left:
        for other in right:
            if 1 <= other.first - some.last <= near.distance:
                yield Place(some.first, other.last)
            if not near.ordered and 1 <= some.first - other.last <= near.distance:
                yield Place(other.first, some.last)
