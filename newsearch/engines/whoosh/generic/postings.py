"""Lists of postings: one for each term of a field, or one for each document that has a vector.

Weights, lengths and values as Whoosh's formats encode them stand on end, and where each list begins. What a posting is
of - a document, or a term - is kept by who writes the list.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.util.numeric import byte_to_length, length_to_byte

from newsearch.engines.whoosh.blocks import Array, Arrays
from newsearch.engines.whoosh.strings import Strings, string_arrays

_BLOCK = 128
"""Postings; what is skipped at once when none in it can be good enough."""


_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.uint32)


def decoded_lengths(codes: Array) -> Array:
    """Return the lengths that Whoosh keeps in a byte each, rounded, so that scores are those of its own codec."""
    lengths: Array = _LENGTHS[codes]
    return lengths


class ListsBuilder:
    """Takes in lists of postings."""

    def __init__(self) -> None:
        self._starts = array("Q", [0])
        self._weights = array("f")
        self._lengths = array("B")
        self._values: list[bytes] = []

    def __len__(self) -> int:
        return len(self._starts) - 1

    def add(self, weight: float, value: bytes, length: int | None = None) -> None:
        """Take in a posting, with the length of its field where that is known."""
        self._weights.append(weight)
        self._lengths.append(length_to_byte(length))
        self._values.append(value)

    def end_list(self) -> None:
        """Make what comes next another list."""
        self._starts.append(len(self._values))

    def arrays(self, name: str) -> dict[str, Array]:
        """Return all lists as arrays, by name."""
        return {
            f"{name}.starts": np.array(self._starts, np.uint64),
            f"{name}.weights": np.array(self._weights, np.float32),
            f"{name}.lengths": np.array(self._lengths, np.uint8),
            **string_arrays(f"{name}.values", self._values),
        }


class Lists:
    """Reads lists of postings.

    Args:
        arrays: that hold them.
        name: as given when they were written.
    """

    def __init__(self, arrays: Arrays, name: str) -> None:
        self._starts = arrays[f"{name}.starts"]
        self._weights = arrays[f"{name}.weights"]
        self._lengths = arrays[f"{name}.lengths"]
        self.values = Strings(arrays, f"{name}.values")

    def extent(self, number: int) -> tuple[int, int]:
        """Return where a list begins and ends."""
        return self._starts.pair(number, number + 1)

    def weights(self, start: int, end: int) -> Array:
        """Return the weights of postings."""
        return self._weights.read(start, end)

    def lengths(self, start: int, end: int) -> Array:
        """Return the lengths of the postings' fields."""
        return decoded_lengths(self._lengths.read(start, end))

    def of(self, ids: Sequence[Any], start: int) -> "PostingList":
        """Return the list of postings of these from a place on."""
        end = start + len(ids)
        return PostingList(ids, self.weights(start, end), self.lengths(start, end), self.values, start)


class PostingList:
    """One list in memory, save its values.

    Args:
        ids: what each posting is of, ascending.
        weights: of each.
        lengths: of the field of each.
        values: of all lists.
        start: of this one among them.
    """

    def __init__(self, ids: Sequence[Any], weights: Array, lengths: Array, values: Strings, start: int) -> None:
        self.ids = ids
        self.weights: list[float] = weights.tolist()
        self._weights = weights
        self._lengths = lengths
        self._values = values
        self._start = start

    def value(self, place: int) -> bytes:
        """Return what is encoded of a posting."""
        return self._values[self._start + place]

    @cached_property
    def most(self) -> list[float]:
        """The greatest weight in each block."""
        return self._by_block(np.maximum, self._weights)

    @cached_property
    def shortest(self) -> list[int]:
        """The least length in each block."""
        return self._by_block(np.minimum, self._lengths)

    @cached_property
    def longest(self) -> list[int]:
        """The greatest length in each block."""
        return self._by_block(np.maximum, self._lengths)

    @staticmethod
    def _by_block(pick: np.ufunc, items: Array) -> list[Any]:
        blocks = np.arange(0, len(items), _BLOCK)
        return list(pick.reduceat(items, blocks).tolist())


class PostingsMatcher(LeafMatcher):  # type: ignore[misc]
    """A walk over a list of postings.

    Args:
        postings: to walk over.
        format_: of their values.
        scorer: None where no scores are asked for; then the weight counts.
        term: that they are of.
    """

    def __init__(self, postings: PostingList, format_: Any, scorer: Any = None, term: Any = None) -> None:  # noqa: ANN401 - of Whoosh
        self._postings = postings
        self._place = 0
        self._term = term
        self.format = format_
        self.scorer = scorer

    def copy(self) -> "PostingsMatcher":
        """Return another walk that stands at the same place."""
        copied = PostingsMatcher(self._postings, self.format, self.scorer, self._term)
        copied._place = self._place
        return copied

    def is_active(self) -> bool:
        """Tell whether it stands on a posting."""
        return self._place < len(self._postings.ids)

    def reset(self) -> None:
        """Go to the first posting."""
        self._place = 0

    def id(self) -> Any:  # noqa: ANN401 - a number, or a text
        """Return what the posting is of."""
        return self._postings.ids[self._at()]

    def weight(self) -> float:
        """Return its weight."""
        return self._postings.weights[self._at()]

    def value(self) -> bytes:
        """Return its value as it was encoded."""
        return self._postings.value(self._at())

    def next(self) -> bool:
        """Go on by one, and tell whether another block has begun.

        Raises:
            ReadTooFar: there is nothing left.
        """
        if not self.is_active():
            raise ReadTooFar
        self._place += 1
        return not self._place % _BLOCK or not self.is_active()

    def skip_to(self, target: Any) -> None:  # noqa: ANN401 - as `id` has it
        """Go to the first posting that is not before a target; never back.

        Raises:
            ReadTooFar: there is nothing left.
        """
        if not self.is_active():
            raise ReadTooFar
        self._place = bisect_left(self._postings.ids, target, self._place)

    def skip_to_quality(self, minquality: float) -> int:
        """Go to the next block that may have a better posting, and return how many were passed over."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._place = (self._place // _BLOCK + 1) * _BLOCK
            skipped += 1
        return skipped

    def supports_block_quality(self) -> bool:
        """Tell whether blocks can be passed over."""
        return bool(self.scorer) and bool(self.scorer.supports_block_quality())

    def block_max_weight(self) -> float:
        """Return the greatest weight in the block."""
        return self._postings.most[self._at() // _BLOCK]

    def block_min_length(self) -> int:
        """Return the least length in the block."""
        return self._postings.shortest[self._at() // _BLOCK]

    def block_max_length(self) -> int:
        """Return the greatest length in the block."""
        return self._postings.longest[self._at() // _BLOCK]

    def score(self) -> float:
        """Return the posting's score."""
        return float(self.scorer.score(self)) if self.scorer else self.weight()

    def _at(self) -> int:
        """Return where it stands; behind the last posting it still tells of that, since Whoosh 2.7.4 asks there too."""
        return min(self._place, len(self._postings.ids) - 1)
