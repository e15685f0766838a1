"""Texts to the words they are made of, a batch at a time and almost without a step of Python for a word.

White space never lies inside a token, so a text is split at it and each distinct chunk is analysed once. A chunk of up
to sixteen bytes is two integers, which are looked up for a whole batch at once in a hash table of arrays (open
addressing, linear probing); only the few longer ones go through a dictionary.
"""

from array import array
from collections.abc import Iterator, Sequence

import numpy as np

from newsearch.analysis import fold, stem, words_of
from newsearch.analysis.signatures import word_hash
from newsearch.engines.whoosh.blocks import Array

SHORT = 16
"""Bytes of a chunk that is looked up as two integers."""
REMEMBERED = 256
"""Bytes; a longer chunk is no word that comes again, and is analysed each time."""
SMALLEST = 1 << 12
"""Slots of a new table."""
_SEPARATOR = 32
"""Bytes up to this one, the space, separate chunks: white space, and controls, which no token holds."""
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
_LOW_FACTOR, _HIGH_FACTOR, _MIX = (
    np.uint64(factor) for factor in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93)
)
_HALF = np.uint64(32)
_NONE = -1
# Each form is seen once here, so that to remember what becomes of it would only take memory.
_fold, _stem = fold.__wrapped__, stem.__wrapped__


class ChunkTable:
    """Numbers for chunks of text and for the surface forms they are made of."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        """What each form is sorted by: its English stem, its folded form and itself, with NUL between them."""
        self._hashes = array("I")
        self._forms: dict[str, int] = {}
        self._firsts = array("I")
        """Where each chunk's forms begin in `_members`."""
        self._counts = array("I")
        self._members = array("I")
        self._long: dict[bytes, int] = {}
        self._short = _ShortChunks(SMALLEST)

    def __len__(self) -> int:
        return len(self._firsts)

    def hashes(self, forms: Array) -> Array:
        """Return the hashes of some forms, by which texts are compared."""
        return np.frombuffer(self._hashes, np.uint32).take(forms)

    def words(self, texts: Sequence[bytes]) -> tuple[Array, Array]:
        """Analyse texts.

        Args:
            texts: in UTF-8, and without what steers a terminal.

        Returns:
            The number of the form of each word of all texts on end, uint32; and how many words each text has, int64.
        """
        chunks, starts = self._chunks(b"\n".join([b"", *texts, bytes(SHORT + 1)]))
        words, ends = self._expanded(chunks)
        borders = np.cumsum([1, *(len(text) + 1 for text in texts)])
        behind = np.concatenate([np.zeros(1, np.int64), ends])[np.searchsorted(starts, borders)]
        return words, np.diff(behind)

    def _chunks(self, data: bytes) -> tuple[Array, Array]:
        """Return the number of each chunk, and where it begins."""
        codes = np.frombuffer(data, np.uint8)
        separates = codes <= _SEPARATOR
        edges = np.flatnonzero(separates[1:] != separates[:-1]) + 1
        starts, ends = edges[::2], edges[1::2]
        sizes = ends - starts
        eights = np.ndarray((len(data) - 7,), "<u8", data, strides=(1,))
        low = eights[starts] & _MASKS[np.minimum(sizes, 8)]
        high = eights[starts + 8] & _MASKS[np.clip(sizes - 8, 0, 8)]
        numbers = self._short.find(low, high)
        missing = np.flatnonzero((numbers == _NONE) & (sizes <= SHORT))
        if len(missing):
            fresh = missing[self._short.add(low[missing], high[missing], len(self))]
            for start, end in zip(starts[fresh].tolist(), ends[fresh].tolist(), strict=True):
                self._add(data[start:end])
            numbers[missing] = self._short.find(low[missing], high[missing])
        for place in np.flatnonzero(sizes > SHORT).tolist():
            numbers[place] = self._long_chunk(data[starts[place] : ends[place]])
        return numbers, starts

    def _long_chunk(self, chunk: bytes) -> int:
        number = self._long.get(chunk)
        if number is None:
            number = self._add(chunk)
            if len(chunk) <= REMEMBERED:
                self._long[chunk] = number
        return number

    def _add(self, chunk: bytes) -> int:
        number = len(self._firsts)
        self._firsts.append(len(self._members))
        for form in words_of(chunk.decode()):
            known = self._forms.get(form)
            if known is None:
                known = self._forms[form] = len(self.keys)
                folded = _fold(form)
                self.keys.append(f"{_stem(folded)}\0{folded}\0{form}")
                self._hashes.append(word_hash(folded))
            self._members.append(known)
        self._counts.append(len(self._members) - self._firsts[-1])
        return number

    def _expanded(self, chunks: Array) -> tuple[Array, Array]:
        """Return the forms of all chunks on end, and for each chunk how many there are up to its last."""
        counts = np.frombuffer(self._counts, np.uint32)[chunks].astype(np.int64)
        ends = np.cumsum(counts)
        firsts = np.frombuffer(self._firsts, np.uint32)[chunks].astype(np.int64)
        places = np.arange(ends[-1] if len(ends) else 0)
        places += np.repeat(firsts - ends + counts, counts)
        return np.frombuffer(self._members, np.uint32)[places], ends


class _ShortChunks:
    """A hash table from chunks of up to sixteen bytes, as two integers, to numbers.

    Args:
        slots: a power of two.
    """

    def __init__(self, slots: int) -> None:
        self._count = 0
        self._low = np.zeros(slots, np.uint64)
        self._high = np.zeros(slots, np.uint64)
        self._numbers = np.full(slots, _NONE, np.int32)

    def find(self, low: Array, high: Array) -> Array:
        """Return the number of each chunk; `_NONE` for those that are not there."""
        slots = self._slots(low, high)
        numbers = self._numbers[slots]
        left = np.flatnonzero((self._low[slots] != low) | (self._high[slots] != high))
        left = left[numbers[left] != _NONE]
        while len(left):
            probed = slots[left] = (slots[left] + 1) & (len(self._numbers) - 1)
            numbers[left] = self._numbers[probed]
            left = left[(self._low[probed] != low[left]) | (self._high[probed] != high[left])]
            left = left[numbers[left] != _NONE]
        return numbers

    def add(self, low: Array, high: Array, first: int) -> Array:
        """Number chunks that are not there, from `first` on.

        Returns:
            Where each number's chunk stands first; a chunk may be given more than once.
        """
        if 2 * (self._count + len(low)) > len(self._numbers):
            self._grow(4 * (self._count + len(low)))
        fresh: list[Array] = []
        behind = first
        for won, slots in self._claimed(low, high):
            self._numbers[slots] = np.arange(behind, behind + len(won), dtype=np.int32)
            behind += len(won)
            fresh.append(won)
        self._count += behind - first
        return np.concatenate(fresh)

    def _grow(self, least: int) -> None:
        taken = np.flatnonzero(self._numbers != _NONE)
        low, high, numbers = self._low[taken], self._high[taken], self._numbers[taken]
        size = 1 << (least - 1).bit_length()
        self._low = np.zeros(size, np.uint64)
        self._high = np.zeros(size, np.uint64)
        self._numbers = np.full(size, _NONE, np.int32)
        for won, slots in self._claimed(low, high):
            self._numbers[slots] = numbers[won]

    def _claimed(self, low: Array, high: Array) -> Iterator[tuple[Array, Array]]:
        """Give chunks slots, and yield which of them got one and where; their numbers are to be put there at once."""
        slots = self._slots(low, high)
        left = np.arange(len(low))
        while len(left):
            free = left[self._numbers[slots[left]] == _NONE]
            self._numbers[slots[free]] = free  # of several that want a slot, the last has it
            won = free[self._numbers[slots[free]] == free]
            taken = slots[won]
            self._low[taken], self._high[taken] = low[won], high[won]
            yield won, taken
            here = slots[left]
            left = left[(self._low[here] != low[left]) | (self._high[here] != high[left])]
            slots[left] = (slots[left] + 1) & (len(self._numbers) - 1)

    def _slots(self, low: Array, high: Array) -> Array:
        mixed = low * _LOW_FACTOR ^ high * _HIGH_FACTOR
        mixed ^= mixed >> _HALF
        mixed *= _MIX
        return (mixed >> np.uint64(65 - len(self._numbers).bit_length())).astype(np.intp)
