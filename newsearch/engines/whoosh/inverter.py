"""Texts to postings in memory, a batch at a time.

White space never lies inside a token, so a text is split at it and each distinct chunk is analysed once; what is left
to do for a word is one look-up. The places of all words are then packed into integers and sorted, and the arrays of a
segment are what remains when runs are told apart.
"""

from array import array
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from newsearch.analysis import fold, stem, tokenize
from newsearch.engines.whoosh.blocks import Array

CHUNKS_KEPT = 400_000
"""Distinct chunks remembered from one batch to the next; about 60 MB."""
POSITION_BITS = 24
"""A text of more words than fit is cut; none has 16 million."""
DOCUMENT_BITS = 16


class ChunkTable(dict[str, int]):
    """Numbers for chunks of text between white space, and the forms each chunk is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, int] = {}
        """Number of each distinct surface form."""
        self.firsts = array("I")
        """Where each chunk's forms begin in `members`."""
        self.counts = array("I")
        self.members = array("I")

    def __missing__(self, chunk: str) -> int:
        number = len(self)
        self.firsts.append(len(self.members))
        for token in tokenize(chunk):
            self.members.append(self.forms.setdefault(token.text, len(self.forms)))
        self.counts.append(len(self.members) - self.firsts[-1])
        self[chunk] = number
        return number


@dataclass(slots=True)
class Postings:
    """The postings of one field, sorted by form, then document, then position."""

    starts: Array
    """Where each form's postings begin, and the end of the last; one more than there are forms."""
    documents: Array
    """uint16."""
    frequencies: Array
    """uint32; how often the form stands in the document."""
    firsts: Array
    """uint32; its first position there."""
    gap_starts: Array
    """Where each form's gaps begin; one more than there are forms."""
    gaps: Array
    """uint32; from each further position to the one before it."""


class Inverter:
    """Collects the texts of one field.

    Args:
        table: shared by the fields of a batch.
    """

    def __init__(self, table: ChunkTable) -> None:
        self._table = table
        self._texts: list[array[int]] = []
        self.chunks = 0

    def add(self, text: str) -> None:
        """Add the text of the next document."""
        numbers = array("I", map(self._table.__getitem__, text.split()))
        self._texts.append(numbers)
        self.chunks += len(numbers)

    def invert(self, rank: Array, forms: int) -> tuple[Postings, Array]:
        """Return the postings and the length of each document in words.

        Args:
            rank: the place of each form of the table in the order of the segment's forms.
            forms: how many of them the segment has.
        """
        words, lengths = self._words()
        starts = np.cumsum(lengths) - lengths
        packed = np.arange(len(words), dtype=np.int64)
        packed += np.repeat((np.arange(len(lengths), dtype=np.int64) << POSITION_BITS) - starts, lengths)
        packed += rank[words].astype(np.int64) << (POSITION_BITS + DOCUMENT_BITS)
        packed.sort()
        return _runs(packed, forms), lengths

    def seen(self, used: npt.NDArray[np.bool_]) -> None:
        """Mark in `used` the chunks that occur."""
        for text in self._texts:
            used[np.frombuffer(text, np.uint32)] = True

    def _words(self) -> tuple[Array, Array]:
        """Return the form of each word of all texts on end, and the number of words of each text."""
        table = self._table
        chunks = np.concatenate([np.frombuffer(text, np.uint32) for text in self._texts] or [np.zeros(0, np.uint32)])
        texts = np.array([len(text) for text in self._texts], np.int64)
        counts = np.frombuffer(table.counts, np.uint32).astype(np.int32)[chunks]
        ends = np.cumsum(counts, dtype=np.int64)
        firsts = np.frombuffer(table.firsts, np.uint32)[chunks]
        members = np.append(np.frombuffer(table.members, np.uint32), np.uint32(0))
        words = np.empty(int(ends[-1]) if len(ends) else 0, np.uint32)
        places = ends - counts
        left = np.flatnonzero(counts)
        nth = 0
        while len(left):
            words[places[left] + nth] = members[firsts[left] + nth]
            nth += 1
            left = left[counts[left] > nth]
        behind = np.concatenate([np.zeros(1, np.int64), ends])[
            np.concatenate([np.zeros(1, np.int64), np.cumsum(texts)])
        ]
        return words, np.diff(behind)


def _runs(packed: Array, forms: int) -> Postings:
    """Tell the runs of a sorted array of places apart."""
    pairs = packed >> POSITION_BITS
    new = np.ones(len(pairs), bool)
    np.not_equal(pairs[1:], pairs[:-1], out=new[1:])
    begins = np.flatnonzero(new)
    heads = pairs[begins]
    positions = (packed & ((1 << POSITION_BITS) - 1)).astype(np.int32)
    gaps = np.diff(positions, prepend=np.int32(0))[~new].astype(np.uint32)
    frequencies = np.diff(begins, append=len(packed)).astype(np.uint32)
    edges = np.searchsorted(heads, np.arange(forms + 1, dtype=np.int64) << DOCUMENT_BITS).astype(np.uint32)
    further = np.concatenate([np.zeros(1, np.int64), np.cumsum(frequencies.astype(np.int64) - 1)])
    documents = (heads & ((1 << DOCUMENT_BITS) - 1)).astype(np.uint16)
    return Postings(
        edges, documents, frequencies, positions[begins].astype(np.uint32), further[edges].astype(np.uint32), gaps
    )


@dataclass(slots=True)
class Lexicon:
    """The distinct forms of a segment, in the order of their folded forms."""

    forms: list[str]
    """Sorted by folded form, then by form, as UTF-8."""
    folds: Array
    """Where each group of forms with the same folded form begins, and the end of the last."""
    stems: list[str]
    """Sorted."""
    stem_starts: Array
    """Where each stem's groups begin in `stem_groups`, and the end of the last."""
    stem_groups: Array
    """Numbers of the groups that have the stem."""

    @classmethod
    def of(cls, forms: "list[str]") -> "Lexicon":
        """Arrange distinct forms."""
        keyed = sorted((fold(form), form) for form in forms)
        folded = [pair[0] for pair in keyed]
        begins = [number for number in range(len(folded)) if not number or folded[number] != folded[number - 1]]
        by_stem = sorted((stem(folded[begin]), group) for group, begin in enumerate(begins))
        stems = [pair[0] for pair in by_stem]
        edges = [number for number in range(len(stems)) if not number or stems[number] != stems[number - 1]]
        return cls(
            [pair[1] for pair in keyed],
            np.array([*begins, len(folded)], np.uint32),
            [stems[edge] for edge in edges],
            np.array([*edges, len(stems)], np.uint32),
            np.array([pair[1] for pair in by_stem], np.uint32),
        )
