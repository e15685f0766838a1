"""Words to postings in memory.

A word is kept as the number of its form, four bytes, in the order of the texts. To invert them, the words of a range of
forms at a time are packed with their places into integers and sorted, and the arrays of a segment are what remains
when runs are told apart; so the memory a segment takes while it is built is a few bytes a word.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from newsearch.analysis import without_escapes
from newsearch.analysis.signatures import SIZE, signatures
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.chunks import ChunkTable

BATCH = 1 << 18
"""Bytes of text analysed at once; the arrays of a batch fit into a processor's cache."""
SORTED = 1 << 18
"""Words sorted at once, and looked at."""
SIGNED = 1 << 16
"""Words of which signatures are made at once; more would not fit into a processor's cache."""
_PLACE_BITS = np.uint64(32)
_PLACES = np.uint64((1 << 32) - 1)


@dataclass(slots=True)
class Postings:
    """The postings of a range of forms in one field, sorted by form, then document, then position."""

    counts: Array
    """How many documents each form of the range stands in."""
    documents: Array
    """uint16."""
    frequencies: Array
    """How often the form stands in the document."""
    firsts: Array
    """Its first position there."""
    gap_counts: Array
    """How many gaps each form of the range has."""
    gaps: Array
    """From each further position to the one before it."""


class Inverter:
    """Collects the texts of one field.

    Args:
        table: shared by the fields of a segment.
    """

    def __init__(self, table: ChunkTable) -> None:
        self._table = table
        self._pieces: list[bytes] = []
        self._owners: list[int] = []
        """The document of each piece."""
        self._in_head: list[bool] = []
        """Whether each piece lies in the head of its document."""
        self._waiting = 0
        self._documents = 0
        # One array that grows: many small ones would leave holes between what else comes and goes.
        self._forms = np.zeros(0, np.uint32)
        self._lengths: list[tuple[Array, Array, Array]] = []
        self.words = 0
        """Collected so far, but for the latest batch."""

    def add(self, text: bytes, head: int = 0) -> None:
        """Add the text of the next document, in UTF-8.

        Args:
            text: all of it.
            head: bytes of its beginning whose words are counted apart; no word goes on behind them.
        """
        for part, in_head in ((text[:head], True), (text[head:], False)) if head else ((text, False),):
            plain = without_escapes(part.decode()).encode() if b"\x1b" in part else part
            for piece in _pieces(plain):
                self._pieces.append(piece)
                self._owners.append(self._documents)
                self._in_head.append(in_head)
                self._waiting += len(piece)
                if self._waiting >= BATCH:
                    self._analyse()
        self._documents += 1

    def lengths(self, *, head: bool = False) -> Array:
        """Analyse what waits, and return how many words each document, or its head, has."""
        self._analyse()
        lengths = np.zeros(self._documents, np.int64)
        for counts, owners, in_head in self._lengths:
            np.add.at(lengths, owners, counts * in_head if head else counts)
        return lengths

    def signatures(self) -> Array:
        """Return the signature of each document, as a row; not after the words are inverted."""
        lengths = self.lengths()
        ends = np.cumsum(lengths)
        rows = [np.zeros((0, SIZE), np.uint8)]
        for first, behind in ranges(lengths, SIGNED):
            words = self._forms[ends[first] - lengths[first] : ends[behind - 1]]
            rows.append(signatures(self._table.hashes(words), lengths[first:behind]))
        return np.concatenate(rows)

    def used(self, forms: int) -> Array:
        """Return which of the table's forms occur."""
        used = np.zeros(forms, bool)
        for part in self._parts():
            used[part] = True
        return used

    def invert(self, rank: Array, forms: int) -> Iterator[Postings]:
        """Yield the postings of all forms, a range at a time; only once, since the words are taken apart for it.

        Args:
            rank: the place of each form of the table in the order of the segment's forms, uint32.
            forms: how many of them the segment has.
        """
        lengths = self.lengths()
        counts = np.zeros(forms, np.int64)
        for part in self._parts():
            part[:] = rank[part]
            counts += np.bincount(part, minlength=forms)
        owners = np.repeat(np.arange(len(lengths), dtype=np.uint16), lengths)
        begins = np.cumsum(lengths) - lengths
        for first, behind in ranges(counts, SORTED):
            packed = self._packed(first, behind)
            packed.sort()
            yield _runs(packed, owners, begins, first, behind)
        self._forms = self._forms[:0].copy()

    def _packed(self, first: int, behind: int) -> Array:
        """Return the words whose forms lie in a range: each form and, in the lower half, the word's place."""
        packed = [np.zeros(0, np.uint64)]
        start = 0
        for part in self._parts():
            found = np.flatnonzero((part >= first) & (part < behind))
            packed.append(part[found].astype(np.uint64) << _PLACE_BITS | (found + start).astype(np.uint64))
            start += len(part)
        return np.concatenate(packed)

    def _parts(self) -> Iterator[Array]:
        """Yield the forms of the words, some at a time, since indexing makes integers of eight bytes of them."""
        for start in range(0, self.words, SORTED):
            yield self._forms[start : min(start + SORTED, self.words)]

    def _analyse(self) -> None:
        words, counts = self._table.words(self._pieces)
        self._lengths.append((counts, np.array(self._owners, np.uint32), np.array(self._in_head, bool)))
        behind = self.words + len(words)
        if behind > len(self._forms):
            grown = np.empty(max(behind, 2 * len(self._forms)), np.uint32)
            grown[: self.words] = self._forms[: self.words]
            self._forms = grown
        self._forms[self.words : behind] = words
        self.words = behind
        self._pieces, self._owners, self._in_head, self._waiting = [], [], [], 0


def ranges(counts: Array, most: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of forms whose counts are together not above `most`, unless those of one form are."""
    ends = np.cumsum(counts)
    first = 0
    while first < len(ends):
        before = int(ends[first - 1]) if first else 0
        behind = max(first + 1, int(np.searchsorted(ends, before + most, "right")))
        yield first, behind
        first = behind


def _runs(packed: Array, owners: Array, begins: Array, first: int, behind: int) -> Postings:
    """Tell the runs of a sorted array of forms and places apart."""
    forms = (packed >> _PLACE_BITS).astype(np.int64)
    places = (packed & _PLACES).astype(np.int64)
    documents = owners[places]
    positions = places - begins[documents]
    new = np.ones(len(packed), bool)
    new[1:] = (forms[1:] != forms[:-1]) | (documents[1:] != documents[:-1])
    heads = np.flatnonzero(new)
    counts = np.bincount(forms[heads] - first, minlength=behind - first)
    return Postings(
        counts,
        documents[heads],
        np.diff(heads, append=len(packed)),
        positions[heads],
        np.bincount(forms - first, minlength=behind - first) - counts,
        np.diff(positions, prepend=0)[~new],
    )


def _pieces(text: bytes) -> Iterator[bytes]:
    """Part a large text at white space."""
    start = 0
    while len(text) - start > 2 * BATCH:
        end = text.find(b" ", start + BATCH)
        if end < 0:
            break
        yield text[start:end]
        start = end
    yield text[start:] if start else text
