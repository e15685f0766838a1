"""Clusters of near-copies: what is linked, directly or through others, whatever came first.

Near-copies agree in a band of their signatures as a whole, so only documents that have a band in common are compared.
Which are near-copies of each other depends on the two alone, and what belongs together on nothing else; so clusters can
be carried on from one commit to the next: what is new is compared with all there is, and where a document of a cluster
is gone, what is left of it counts as new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from newsearch.analysis.signatures import SIZE, Rows
from newsearch.analysis.similarity import BAND, BANDS, FEWEST, near_copies
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.inverter import ranges
from newsearch.engines.whoosh.masks import Mask, nonzero, run_heads
from newsearch.engines.whoosh.view import SegmentView

COMPARED = 1 << 13
"""Pairs compared at once; what they link need not be compared any more."""
_KEY = np.uint32((1 << 8 * BAND) - 1)
_ASKED_BITS = 16
_FACTOR = np.uint32(0x9E3779B1)
_ONE = np.uint64(1)
_NUMBER_BITS, _KEY_SHIFT = np.uint64(39), np.uint64(40)
_NUMBERS = np.uint64((1 << 39) - 1)


@dataclass(frozen=True, slots=True)
class Texts:
    """What documents are compared by."""

    rows: Rows
    """Their signatures."""
    words: Array
    """Their lengths."""
    current: Mask
    """Which of them count."""


def story_roots(segments: Sequence[SegmentView], known: Array, settled: Mask | None = None) -> Array:
    """Return of each document of some segments the first one of its story.

    Args:
        segments: which follow each other.
        known: the same for the documents of the first segments, of which some may be gone since.
        settled: which of these were current then, and so have been compared; None for all.
    """
    current = np.concatenate([np.zeros(0, bool), *(segment.current for segment in segments)])
    roots, fresh = _taken_apart(known, current)
    if settled is not None:
        fresh |= current & ~settled
    if not fresh.any():
        return roots
    rows = np.concatenate([segment.file.signatures() for segment in segments])
    words = np.concatenate([segment.file.column("body.lengths") for segment in segments])
    return clustered(Texts(rows, words, current), roots, fresh)


def _taken_apart(known: Array, current: Mask) -> tuple[Array, Mask]:
    """Take the clusters apart that a document is gone from, and return which documents are to be compared."""
    roots = np.arange(len(current))
    roots[: len(known)] = known
    broken = np.zeros(len(current), bool)
    broken[roots.compress(~current)] = True
    fresh = broken.take(roots)
    fresh[len(known) :] = True
    roots[fresh] = nonzero(fresh)
    return roots, fresh & current


def clustered(texts: Texts, roots: Array, fresh: Mask) -> Array:
    """Return of each document the first one of its cluster.

    Args:
        texts: of all documents.
        roots: the same as far as it is known; those that are fresh, or no longer current, are alone in it.
        fresh: which documents have not been compared with any other.
    """
    roots = roots.copy()
    numbers = nonzero(texts.current & (texts.words >= FEWEST))
    new = fresh.take(numbers)
    for band in range(BANDS if new.any() else 0):
        for pairs in _candidates(texts.rows, band, numbers, new, roots):
            _link(texts, roots, *pairs)
    return roots


def _link(texts: Texts, roots: Array, first: Array, second: Array) -> None:
    """Join those of some pairs that are near-copies."""
    apart = nonzero(roots.take(first) != roots.take(second))
    left, right = first.take(apart), second.take(apart)
    shorter = np.minimum(texts.words.take(left), texts.words.take(right))
    near = nonzero(near_copies(texts.rows.take(left, axis=0), texts.rows.take(right, axis=0), shorter))
    _join(roots, left.take(near), right.take(near))


def _candidates(rows: Rows, band: int, numbers: Array, new: Mask, roots: Array) -> Iterator[tuple[Array, Array]]:
    """Yield pairs of documents that agree in a band, a new one in each; they may be linked in the meantime.

    Of those that agree, the first is compared with the others, and then, unless all are linked by that, each with each.
    """
    members, new, starts = _agreeing(_keys(rows, band).take(numbers), numbers, new)
    sizes = np.diff(starts, append=len(members))
    ends = starts + sizes
    yield from _pairs(members, starts, ends)
    if len(starts):
        found = roots.take(members)
        apart = np.minimum.reduceat(found, starts) != np.maximum.reduceat(found, starts)
        others = new & apart.repeat(sizes)
        others[starts] = False
        places = nonzero(others)
        yield from _pairs(members, places, ends.repeat(sizes).take(places))


def _keys(rows: Rows, band: int) -> Array:
    """Return the values of a band of each signature as one number, which is read across the bytes of its row."""
    fours: Array = np.ndarray((len(rows),), "<u4", rows, band * BAND, (SIZE,))
    return fours & _KEY


def _agreeing(keys: Array, numbers: Array, new: Mask) -> tuple[Array, Mask, Array]:
    """Return the documents whose keys a new one has, those with the same key on end and the new ones of them first.

    Returns:
        The documents, which of them are new, and where each key begins.
    """
    for kept in (_as_of_others,) if new.all() else (_as_of_new, _as_of_others):
        places = nonzero(kept(keys, new))
        keys, numbers, new = keys.take(places), numbers.take(places), new.take(places)
    packed = keys.astype(np.uint64) << _KEY_SHIFT | (~new).astype(np.uint64) << _NUMBER_BITS | numbers.astype(np.uint64)
    packed.sort()
    return (packed & _NUMBERS).astype(np.intp), packed >> _NUMBER_BITS & _ONE == 0, run_heads(packed >> _KEY_SHIFT)


def _as_of_new(keys: Array, new: Mask) -> Mask:
    """Return which keys a new document may have; a table that fits into the cache tells most others apart."""
    slots = _slots(keys, _ASKED_BITS)
    asked = np.zeros(1 << _ASKED_BITS, bool)
    asked[slots.compress(new)] = True
    return asked.take(slots)


def _as_of_others(keys: Array, _: Mask) -> Mask:
    """Return which keys several documents may have, so that few are left to be sorted."""
    bits = min(24, max(8, (8 * len(keys)).bit_length()))
    slots = _slots(keys, bits)
    last = np.empty(1 << bits, np.int32)
    places = np.arange(len(keys), dtype=np.int32)
    last[slots] = places
    shared = np.zeros(1 << bits, bool)
    shared[slots.compress(last.take(slots) != places)] = True
    return shared.take(slots)


def _slots(keys: Array, bits: int) -> Array:
    return (keys * _FACTOR >> np.uint32(32 - bits)).astype(np.intp)


def _pairs(members: Array, places: Array, ends: Array) -> Iterator[tuple[Array, Array]]:
    """Yield each of some members with all that are between it and an end, about so many pairs at a time."""
    counts = ends - places - 1
    for first, behind in ranges(counts, COMPARED):
        sizes = counts[first:behind]
        firsts = places[first:behind].repeat(sizes)
        seconds = np.arange(len(firsts)) + (places[first:behind] + 1 - (np.cumsum(sizes) - sizes)).repeat(sizes)
        yield members.take(firsts), members.take(seconds)


def _join(roots: Array, first: Array, second: Array) -> None:
    """Let all that is linked have the same root, the first of them: hook and shorten (Shiloach and Vishkin 1982)."""
    while True:
        left, right = roots.take(first), roots.take(second)
        apart = nonzero(left != right)
        if not len(apart):
            return
        first, second, left, right = (array.take(apart) for array in (first, second, left, right))
        np.minimum.at(roots, np.maximum(left, right), np.minimum(left, right))
        while True:
            shorter = roots.take(roots)
            if np.array_equal(shorter, roots):
                break
            roots[:] = shorter
