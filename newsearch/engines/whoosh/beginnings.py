"""Where operands begin that are more than a word: adjacent words, words near each other, or one for another.

An operand takes up stretches of a text, from a first place to a last one. How often it stands in a document is the
number of places at which one begins. There may be very many stretches, and they are never listed: what follows a
stretch depends on its last place alone, so the places that may be last are handed down, and the beginnings of stretches
that end there come back.

Between the last position of a document and the first of the next there is more room than any distance that can be
asked for, so that documents need not be told apart.
"""

from functools import reduce
from typing import NamedTuple

import numpy as np

from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.masks import Mask
from newsearch.engines.whoosh.phrases import phrase_ends
from newsearch.engines.whoosh.texts import FieldText
from newsearch.query.tree import Near, Operand, Or, Phrase, Term, alternatives, asked_for

MORE = 4
"""Where no more than one of so many documents can have an operand, only those are looked at."""


def beginnings(operand: Operand, text: FieldText) -> Array:
    """Return the places of a text where an operand begins, ascending, each once; its fields do not count."""
    possible = _possible(operand, text)
    scarce = np.count_nonzero(possible) * MORE <= len(possible)
    return _Search(text, possible if scarce else None).beginnings(operand, None)


class _Followed(NamedTuple):
    """Which places may be last: those that one of some others follows so near."""

    by: Array
    """Ascending."""
    distance: int

    def among(self, places: Array) -> Mask:
        nexts, found = _nth_from(self.by, places + places.dtype.type(1), 1)
        followed: Mask = found & (nexts <= places + places.dtype.type(self.distance))
        return followed


class _Search:
    """Looks for operands in a text.

    Args:
        text: where.
        among: the documents to look at; None for all.
    """

    def __init__(self, text: FieldText, among: Mask | None) -> None:
        self._text = text
        self._among = among
        self._found: dict[Term | Phrase, Array] = {}

    def beginnings(self, operand: Operand, last: _Followed | None) -> Array:
        """Return where stretches begin that end where they may; anywhere, if that is None."""
        match operand:
            case Term():
                return _ending(self._places(operand), last)
            case Phrase(terms, _, None):
                ends = _ending(self._ends(operand), last)
                begins: Array = ends - ends.dtype.type(len(terms) - 1)
                return begins
            case Phrase():
                return self._together(operand, last)
            case Near(left, right, distance, ordered):
                begun = self._in_order(left, right, distance, last)
                return begun if ordered else _distinct(begun, self._in_order(right, left, distance, last))
            case Or():
                return _distinct(*(self.beginnings(child, last) for child in alternatives(operand)))

    def _in_order(self, first: Operand, second: Operand, distance: int, last: _Followed | None) -> Array:
        seconds = self.beginnings(second, last)
        return self.beginnings(first, _Followed(seconds, distance)) if len(seconds) else seconds

    def _together(self, phrase: Phrase, last: _Followed | None) -> Array:
        """Return where stretches begin that begin and end with one of a phrase's words and hold all of them."""
        asked = asked_for(phrase.terms)
        firsts = _distinct(*map(self._places, asked))
        reached, found = firsts, np.ones(len(firsts), bool)
        for term, count in asked.items():
            nexts, there = _nth_from(self._places(term), firsts, count)
            reached, found = np.maximum(reached, nexts), found & there
        ends, there = _nth_from(_ending(firsts, last), reached, 1)
        return firsts.compress(found & there & (ends <= firsts + firsts.dtype.type(phrase.within or 0)))

    def _places(self, term: Term) -> Array:
        if term not in self._found:
            self._found[term] = np.sort(self._text.places(term, self._among))
        return self._found[term]

    def _ends(self, phrase: Phrase) -> Array:
        if phrase not in self._found:
            self._found[phrase] = phrase_ends(phrase.terms, self._text, self._among)
        return self._found[phrase]


def _possible(operand: Operand, text: FieldText) -> Mask:
    """Return the documents that have the words of an operand, wherever they stand."""
    match operand:
        case Term():
            return text.mask(operand)
        case Phrase(terms):
            return reduce(np.logical_and, map(text.mask, terms))
        case Near(left, right):
            return _possible(left, text) & _possible(right, text)
        case Or():
            return reduce(np.logical_or, (_possible(child, text) for child in alternatives(operand)))


def _ending(places: Array, last: _Followed | None) -> Array:
    return places if last is None else places.compress(last.among(places))


def _nth_from(places: Array, starts: Array, nth: int) -> tuple[Array, Mask]:
    """Return the nth of some ascending places from each start on, and whether there is one."""
    at = places.searchsorted(starts) + (nth - 1)
    found: Mask = at < len(places)
    return places.take(at, mode="clip") if len(places) else starts, found


def _distinct(*several: Array) -> Array:
    """Return places ascending, each once."""
    places = np.sort(np.concatenate(several))
    new = np.ones(len(places), bool)
    np.not_equal(places[1:], places[:-1], out=new[1:])
    return places.compress(new)
