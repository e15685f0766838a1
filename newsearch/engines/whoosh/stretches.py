"""Where operands stand that are more than a word or adjacent words: near each other, or one for another.

An operand takes up stretches of a text, each from a first place to a last one in the same document; where none begins
twice, its beginnings are what it is counted by. Between the last position of a document and the first of the next there
is more room than any distance that can be asked for, so that documents need not be told apart.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.masks import Mask, marked
from newsearch.engines.whoosh.phrases import MORE, phrase_ends
from newsearch.engines.whoosh.texts import FieldText
from newsearch.query.tree import Near, Operand, Or, Phrase, Term, alternatives, asked_for


class Stretches(NamedTuple):
    """Stretches of texts, none of them twice."""

    firsts: Array
    """Places, ascending."""
    lasts: Array
    """Alike, one for each; in no order."""


def beginnings(operand: Operand, text: FieldText, among: Mask | None = None) -> Array:
    """Return the places where an operand can begin, ascending, each once.

    Args:
        operand: what to look for; its fields do not count.
        text: where.
        among: the documents to look at; None for all.
    """
    match operand:
        case Term():
            return np.sort(text.places(operand, among))
        case Phrase(terms, _, None):
            ends = phrase_ends(terms, text, among)
            firsts: Array = ends - ends.dtype.type(len(terms) - 1)
            return firsts
        case Phrase():
            return _tightest(operand, text, among).firsts
        case Near(_, _, distance, ordered):
            left, right = _sides(operand, text, among)
            begun = left.firsts.compress(_followed(left.lasts, right.firsts, distance))
            if ordered:
                return _distinct(begun)
            others = right.firsts.compress(_followed(right.lasts, left.firsts, distance))
            return _distinct(np.concatenate([begun, others]))
        case Or():
            return _distinct(np.concatenate([beginnings(child, text, among) for child in alternatives(operand)]))


def stretches(operand: Operand, text: FieldText, among: Mask | None = None) -> Stretches:
    """Return all stretches that an operand can take up; arguments as above."""
    match operand:
        case Term():
            places = beginnings(operand, text, among)
            return Stretches(places, places)
        case Phrase(terms, _, None):
            ends = phrase_ends(terms, text, among)
            return Stretches(ends - ends.dtype.type(len(terms) - 1), ends)
        case Phrase():
            return _together(operand, text, among)
        case Near(_, _, distance, ordered):
            left, right = _sides(operand, text, among)
            pairs = [_pairs(left, right, distance)]
            return _united(pairs if ordered else [*pairs, _pairs(right, left, distance)])
        case Or():
            return _united([stretches(child, text, among) for child in alternatives(operand)])


def _sides(near: Near, text: FieldText, among: Mask | None) -> tuple[Stretches, Stretches]:
    """Return the stretches of both sides, those of the more frequent one only in the documents of the other."""
    counts = {side: _count(side, text) for side in (near.left, near.right)}
    rarer, other = sorted((near.left, near.right), key=counts.__getitem__)
    found = stretches(rarer, text, among)
    if counts[other] > MORE * len(found.firsts):
        among = marked(text.segment.size, text.documents(found.firsts))
    others = stretches(other, text, among)
    return (found, others) if rarer is near.left else (others, found)


def _count(operand: Operand, text: FieldText) -> int:
    """Return about how often an operand stands in a text, from how often its words do."""
    match operand:
        case Term():
            return text.count(operand)
        case Phrase(terms):
            return min(map(text.count, terms))
        case Near(left, right):
            return min(_count(left, text), _count(right, text))
        case Or():
            return sum(_count(child, text) for child in alternatives(operand))


def _followed(lasts: Array, firsts: Array, distance: int) -> Array:
    """Tell which last places are followed by a first one so near."""
    nexts = _nth_from(firsts, lasts + lasts.dtype.type(1), 1)
    followed: Mask = nexts.found & (nexts.places <= lasts + lasts.dtype.type(distance))
    return followed


def _pairs(some: Stretches, others: Stretches, distance: int) -> Stretches:
    """Return the stretches from one of some to one of others that follows it so near."""
    step = some.lasts.dtype.type
    begins = others.firsts.searchsorted(some.lasts + step(1))
    counts = others.firsts.searchsorted(some.lasts + step(distance), "right") - begins
    ends = counts.cumsum()
    follows = np.arange(ends[-1] if len(ends) else 0) + (begins - ends + counts).repeat(counts)
    return Stretches(some.firsts.repeat(counts), others.lasts.take(follows))


def _together(phrase: Phrase, text: FieldText, among: Mask | None) -> Stretches:
    """Return the stretches that begin and end with one of a phrase's words and hold all of them."""
    tightest = _tightest(phrase, text, among)
    words = _distinct(np.concatenate([text.places(term, among) for term in asked_for(phrase.terms)]))
    begins = words.searchsorted(tightest.lasts)
    counts = words.searchsorted(tightest.firsts + words.dtype.type(phrase.within or 0), "right") - begins
    ends = counts.cumsum()
    reached = np.arange(ends[-1] if len(ends) else 0) + (begins - ends + counts).repeat(counts)
    return Stretches(tightest.firsts.repeat(counts), words.take(reached))


def _tightest(phrase: Phrase, text: FieldText, among: Mask | None) -> Stretches:
    """Return the shortest of those stretches from each place on where one begins."""
    asked = asked_for(phrase.terms)
    rarest, *others = sorted(asked, key=text.count)
    standing = {rarest: np.sort(text.places(rarest, among))}
    among = marked(text.segment.size, text.documents(standing[rarest]))
    standing |= {term: np.sort(text.places(term, among)) for term in others}
    firsts = _distinct(np.concatenate(list(standing.values())))
    lasts, found = firsts, np.ones(len(firsts), bool)
    for term, count in asked.items():
        nexts = _nth_from(standing[term], firsts, count)
        found &= nexts.found
        lasts = np.maximum(lasts, nexts.places)
    found &= lasts <= firsts + firsts.dtype.type(phrase.within or 0)
    return Stretches(firsts.compress(found), lasts.compress(found))


class _Nexts(NamedTuple):
    places: Array
    found: Mask
    """Where there is none, the place says nothing."""


def _nth_from(places: Array, starts: Array, nth: int) -> _Nexts:
    """Return the nth of some ascending places from each start on."""
    at = places.searchsorted(starts) + (nth - 1)
    found = at < len(places)
    return _Nexts(places.take(at, mode="clip") if len(places) else starts, found)


def _united(several: Sequence[Stretches]) -> Stretches:
    firsts, lasts = (np.concatenate(parts) for parts in zip(*several, strict=True))
    order = np.lexsort((lasts, firsts))
    firsts, lasts = firsts.take(order), lasts.take(order)
    new = np.ones(len(firsts), bool)
    new[1:] = (firsts[1:] != firsts[:-1]) | (lasts[1:] != lasts[:-1])
    return Stretches(firsts.compress(new), lasts.compress(new))


def _distinct(places: Array) -> Array:
    """Return places ascending, each once."""
    places = np.sort(places)
    new = np.ones(len(places), bool)
    np.not_equal(places[1:], places[:-1], out=new[1:])
    return places.compress(new)
