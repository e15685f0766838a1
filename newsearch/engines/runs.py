"""Which words of a text made an operand match, so that they can be marked.

All stretches that an operand can take up are followed, as they are where matches are decided, unless a text has a great
many: then only those from each word on to the next that fits, and back from each to the last, which grow with the text
alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from newsearch.query.tree import AtLeast, Leaf, Near, Operand, Or, Phrase, Term, alternatives, asked_for

MOST = 1_000
"""Stretches of a text that are followed."""
Atom = Term | Phrase
"""A word, or adjacent words."""


class Run(NamedTuple):
    """Adjacent words, counted from 0."""

    first: int
    last: int
    """Inclusive."""


class _Stretch(NamedTuple):
    first: int
    last: int
    runs: tuple[Run, ...]
    """What is to be marked of it."""


Standing = Mapping[Atom, Sequence[Run]]
"""Where atoms stand, each in order."""


def atoms(node: Leaf | Operand) -> Iterator[Atom]:
    """Yield the words and adjacent words of a leaf, without their fields."""
    match node:
        case Term(text, level):
            yield Term(text, level)
        case Phrase(terms, _, None):
            yield Phrase(terms)
        case Phrase(terms):
            yield from asked_for(terms)
        case Near(left, right):
            yield from atoms(left)
            yield from atoms(right)
        case AtLeast(_, operand):
            yield from atoms(operand)
        case Or():
            for child in alternatives(node):
                yield from atoms(child)


def marked(leaf: Leaf, standing: Standing) -> set[Run]:
    """Return the words that are to be marked for a leaf."""
    operand = leaf.operand if isinstance(leaf, AtLeast) else leaf
    return {run for stretch in _stretches(operand, standing) for run in stretch.runs}


def _stretches(operand: Operand, standing: Standing) -> list[_Stretch]:
    match operand:
        case Phrase(terms, _, int(within)):
            return list(_together(terms, within, standing))
        case Near():
            left, right = (_stretches(side, standing) for side in (operand.left, operand.right))
            found = [*_following(left, right, operand.distance)]
            return found if operand.ordered else [*found, *_following(right, left, operand.distance)]
        case Or():
            return [stretch for child in alternatives(operand) for stretch in _stretches(child, standing)]
    (atom,) = atoms(operand)
    return [_Stretch(*run, (run,)) for run in standing.get(atom, ())]


def _following(some: Sequence[_Stretch], others: Sequence[_Stretch], distance: int) -> Iterator[_Stretch]:
    """Yield what reaches from a stretch to one of others that follows it so near."""
    by_first = sorted(others, key=lambda other: other.first)
    firsts = [other.first for other in by_first]
    ranges = [range(bisect_right(firsts, one.last), bisect_right(firsts, one.last + distance)) for one in some]
    if sum(map(len, ranges)) <= MOST:
        for one, following in zip(some, ranges, strict=True):
            yield from (_joined(one, by_first[nth]) for nth in following)
        return
    yield from (_joined(one, by_first[following[0]]) for one, following in zip(some, ranges, strict=True) if following)
    by_last = sorted(some, key=lambda one: one.last)
    lasts = [one.last for one in by_last]
    for other in by_first:
        nearest = bisect_left(lasts, other.first) - 1
        if nearest >= 0 and other.first - lasts[nearest] <= distance:
            yield _joined(by_last[nearest], other)


def _joined(one: _Stretch, other: _Stretch) -> _Stretch:
    return _Stretch(one.first, other.last, one.runs + other.runs)


def _together(terms: tuple[Term, ...], within: int, standing: Standing) -> Iterator[_Stretch]:
    """Yield what begins and ends with one of some words and holds all of them."""
    asked = asked_for(terms)
    firsts = {term: [run.first for run in standing.get(term, ())] for term in asked}
    places = sorted({place for own in firsts.values() for place in own})
    every = len(places) * within <= MOST
    for first in places:
        ends = [bisect_left(own, first) + asked[term] - 1 for term, own in firsts.items()]
        if all(end < len(own) for end, own in zip(ends, firsts.values(), strict=True)):
            last = max(own[end] for end, own in zip(ends, firsts.values(), strict=True))
            inside = places[bisect_left(places, first) : bisect_right(places, first + within)]
            reached = [place for place in inside if place >= last]
            for end in reached if every else reached[:1]:
                yield _Stretch(first, end, tuple(Run(place, place) for place in inside if place <= end))
