"""In which documents of a slice a word or a phrase stands, and how often.

Frequencies are weighted by field and added up; of a word that stands in many documents they are decoded only for those
that are asked for.
"""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from itertools import pairwise
from typing import NamedTuple, Protocol, cast

import numpy as np
import numpy.typing as npt

from newsearch.engines.bm25f import FIELD_WEIGHTS, WEIGHTS
from newsearch.engines.whoosh.beginnings import beginnings
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.masks import Mask, mark, marked, nonzero, run_heads
from newsearch.engines.whoosh.phrases import phrase_ends
from newsearch.engines.whoosh.segment import PostingsPart
from newsearch.engines.whoosh.texts import FieldText
from newsearch.engines.whoosh.view import Floats, SegmentView, Slice
from newsearch.query.tree import AtLeast, Leaf, Operand, Phrase, Term, TextField

_FIELDS = cast("tuple[TextField, ...]", tuple(FIELD_WEIGHTS))
Singles = npt.NDArray[np.float32]
"""Weighted frequencies are whole numbers, which these hold as exactly as long ones, and in half the memory."""
_DENSE = 32
"""A leaf with more than one posting for so many documents is kept as a mark for every document."""
SCARCE = 16
"""Where of so many documents no more than one is asked for, what concerns others is left out early."""
MANY = 1 << 13
"""Postings of which it takes longer to add all up than to find those that are asked for."""


class Occurrences(Protocol):
    """Where a leaf stands in the current documents of a slice."""

    @property
    def count(self) -> int:
        """In how many."""
        ...

    @property
    def documents(self) -> Array:
        """Those documents, ascending."""
        ...

    @property
    def mask(self) -> Mask:
        """Which documents those are."""
        ...

    def frequencies_in(self, documents: Array) -> Floats:
        """Return the weighted frequency in each of some current documents, ascending; 0.0 where it does not stand."""
        ...


class Part(NamedTuple):
    """Postings that are added to others."""

    base: int
    """The number of their segment's first document."""
    documents: Array
    """Numbers within the segment; one may come more than once."""
    frequencies: Callable[[], Singles]
    """How often it stands in each, times the weight of their field; decoded when asked for."""


def occurrences(piece: Slice, leaf: Leaf, *, scored: bool = False) -> Occurrences:
    """Find where a leaf stands in a slice; `scored` if how often is going to be asked of many documents."""
    parts = _parts(piece, leaf)
    if sum(len(part.documents) for part in parts) * _DENSE > piece.size:
        return Dense(piece, leaf, parts, scored=scored)
    return _sparse(piece, parts)


class Sparse:
    """Where a rare leaf stands.

    Args:
        size: documents of the slice.
        documents: ascending, distinct.
        frequencies: the weighted one in each.
    """

    def __init__(self, size: int, documents: Array, frequencies: Floats) -> None:
        self._size = size
        self.documents = documents
        self._frequencies = frequencies
        self.count = len(documents)

    @property
    def mask(self) -> Mask:
        """As in the protocol."""
        return marked(self._size, self.documents)

    def frequencies_in(self, documents: Array) -> Floats:
        """As in the protocol."""
        if documents is self.documents:  # as when nothing else narrows them down
            return self._frequencies
        if not self.count:
            return np.zeros(len(documents))
        places = np.searchsorted(self.documents, documents)
        places[places == self.count] = 0
        return np.where(self.documents.take(places) == documents, self._frequencies.take(places), 0.0)


class Dense:
    """Where a frequent leaf stands.

    Args:
        piece: the slice.
        leaf: the word, phrase or whatever it is.
        parts: that together are its postings.
        scored: as above.
    """

    def __init__(self, piece: Slice, leaf: Leaf, parts: Sequence[Part], *, scored: bool) -> None:
        self._slice = piece
        self._size = piece.size
        self._leaf = leaf
        self._parts = parts
        self._added_up = scored and all(len(part.documents) <= MANY for part in parts)
        """Whether it is quickest to add up all frequencies at once, which tells as well where there are any."""

    @cached_property
    def count(self) -> int:
        """As in the protocol."""
        return self._slice.counted(self._leaf, lambda: int(np.count_nonzero(self.mask)))

    @cached_property
    def mask(self) -> Mask:
        """As in the protocol."""
        if self._added_up:
            mask: Mask = self._table != 0
        else:
            mask = np.zeros(self._size, bool)
            for part in self._parts:
                mark(mask[part.base :], part.documents)
        return mask if self._slice.all_current else mask & self._slice.current

    @cached_property
    def documents(self) -> Array:
        """As in the protocol."""
        return nonzero(self.mask)

    def frequencies_in(self, documents: Array) -> Floats:
        """As in the protocol."""
        table = self._table if self._added_up else self._sums(documents)
        return (table if len(documents) == self._size else table.take(documents)).astype(np.float64)

    @cached_property
    def _table(self) -> Singles:
        return self._sums(None)

    def _sums(self, documents: Array | None) -> Singles:
        """Return the frequencies in all documents, of which only some, or those of None for all, must be right."""
        wanted: Mask | None = None
        if documents is not None and len(documents) * SCARCE <= self._size:
            wanted = marked(self._size, documents)
        table = np.zeros(self._size, np.float32)
        for part in self._parts:
            found, frequencies = part.documents, part.frequencies()
            if wanted is not None and len(found) > MANY:
                at = nonzero(wanted[part.base :].take(found))
                found, frequencies = found.take(at), frequencies.take(at)
            np.add.at(table[part.base :], found.astype(np.intp), frequencies)
        return table


def fields_of(leaf: Leaf) -> tuple[TextField, ...]:
    """Return the fields a leaf is looked for in."""
    return (leaf.field,) if leaf.field else _FIELDS


def _parts(piece: Slice, leaf: Leaf) -> list[Part]:
    """Return what lies in each segment and field, and for each range of forms."""
    if isinstance(leaf, Term) and (lying := piece.lying(leaf)) is not None:
        return [
            Part(base, part.documents, partial(part.frequencies.weighted, weight))
            if speaking is None
            else _restricted(base, weight, part, speaking())
            for base, weight, part, speaking in lying
        ]
    return [
        Part(segment.base - piece.base, documents, partial(np.multiply, frequencies, WEIGHTS[field], dtype=np.float32))
        for segment in piece.segments
        for field, documents, frequencies in _postings(segment, leaf)
        if len(documents)
    ]


def _restricted(base: int, weight: float, postings: PostingsPart, speaking: Mask) -> Part:
    """Return what of some postings lies in some documents."""
    kept = nonzero(speaking.take(postings.documents))
    return Part(base, postings.documents.take(kept), lambda: postings.frequencies.weighted(weight).take(kept))


def _postings(segment: SegmentView, leaf: Leaf) -> list[tuple[TextField, Array, Array]]:
    """Return fields with documents and how often a leaf stands in each; what belongs to a document adds up."""
    if isinstance(leaf, AtLeast):
        return _often_enough(segment, leaf)
    return [(field, *postings) for field in fields_of(leaf) for postings in _standing(FieldText(segment, field), leaf)]


def _standing(text: FieldText, operand: Operand) -> list[tuple[Array, Array]]:
    if isinstance(operand, Term):
        return text.postings(operand)
    if isinstance(operand, Phrase) and operand.within is None:
        return [text.counted(phrase_ends(operand.terms, text))]
    return [text.counted(beginnings(operand, text))]


def _often_enough(segment: SegmentView, leaf: AtLeast) -> list[tuple[TextField, Array, Array]]:
    """Return the postings of an operand in the documents in which it stands so many times in all fields together."""
    found = [
        (field, *postings)
        for field in fields_of(leaf)
        for postings in _standing(FieldText(segment, field), leaf.operand)
    ]
    times = np.zeros(segment.size, np.int64)
    for _, documents, frequencies in found:
        np.add.at(times, documents.astype(np.intp), frequencies.astype(np.int64))
    often = times >= leaf.count
    kept = ((field, often.take(documents), documents, frequencies) for field, documents, frequencies in found)
    return [
        (field, documents.compress(some), frequencies.compress(some)) for field, some, documents, frequencies in kept
    ]


def _sparse(piece: Slice, parts: Sequence[Part]) -> Sparse:
    """Add weighted frequencies up, document by document."""
    ends = np.cumsum([0, *(len(part.documents) for part in parts)]).tolist()
    documents, frequencies = np.empty(ends[-1], np.intp), np.empty(ends[-1])
    for (start, end), part in zip(pairwise(ends), parts, strict=True):
        np.add(part.documents, part.base, out=documents[start:end], dtype=np.intp)
        frequencies[start:end] = part.frequencies()
    if not piece.all_current:
        kept = nonzero(piece.current.take(documents))
        documents, frequencies = documents.take(kept), frequencies.take(kept)
    if len(documents) > 1 and not bool(np.all(documents[1:] > documents[:-1])):
        order = np.argsort(documents, kind="stable")
        documents, frequencies = documents.take(order), frequencies.take(order)
        heads = run_heads(documents)
        documents, frequencies = documents.take(heads), np.add.reduceat(frequencies, heads)
    return Sparse(piece.size, documents, frequencies)
