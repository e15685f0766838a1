"""Numbers that are nearly all small, in few bytes. What does not fit stands in a list of exceptions beside them.

| encoding | for | bytes a number |
|---|---|---|
| `Shorts` | first positions | 2 |
| `Nibbles` | frequencies, most of them 1 | ½ |
| `Varied` | gaps between positions, most of them below 256 | 1⅛, or 2⅛ |
"""

from abc import ABC, abstractmethod
from functools import cache

import numpy as np
import numpy.typing as npt

from newsearch.engines.whoosh.blocks import Array, BlockFile, BlockWriter

_NIBBLE, _SHORT = 15, (1 << 16) - 1
_HALVES = np.array([[pair & _NIBBLE, pair >> 4] for pair in range(256)], np.uint8).view(np.uint16).ravel()
"""The two numbers of each byte, as two bytes on end."""


@cache
def _weighted_halves(weight: float) -> npt.NDArray[np.float32]:
    """Return the two numbers of each byte times a weight; shape (256, 2)."""
    return _HALVES.view(np.uint8).reshape(256, 2).astype(np.float32) * np.float32(weight)


_RANK_SPAN = 1 << 11
"""Numbers between two entries of a directory of ranks; a multiple of 8."""


class _Writer(ABC):
    """Collects numbers until they are written.

    Args:
        kind: the type they are kept in meanwhile.
        limit: numbers from here on are exceptions.
    """

    def __init__(self, kind: npt.DTypeLike = np.uint16, limit: int = _SHORT) -> None:
        self._kind = kind
        self._limit = limit
        self._parts: list[Array] = [np.zeros(0, kind)]
        self._at: list[Array] = [np.zeros(0, np.uint32)]
        self._large: list[Array] = [np.zeros(0, np.uint32)]
        self._count = 0

    def add(self, values: Array) -> None:
        """Add the next numbers."""
        large = np.flatnonzero(values >= self._limit)
        self._at.append((large + self._count).astype(np.uint32))
        self._large.append(values[large].astype(np.uint32))
        self._parts.append(np.minimum(values, self._limit).astype(self._kind))
        self._count += len(values)

    def write(self, writer: BlockWriter, name: str) -> None:
        """Write all of them."""
        parts, self._parts = self._parts, []
        self._write(writer, name, parts)
        writer.add(f"{name}.at", *self._at)
        writer.add(f"{name}.large", *self._large)

    @abstractmethod
    def _write(self, writer: BlockWriter, name: str, parts: list[Array]) -> None:
        """Write the numbers, those that did not fit at the limit."""


class ShortsWriter(_Writer):
    """Writes numbers in two bytes each."""

    def _write(self, writer: BlockWriter, name: str, parts: list[Array]) -> None:
        writer.add(name, *parts)


class NibblesWriter(_Writer):
    """Writes numbers in half a byte each."""

    def __init__(self) -> None:
        super().__init__(np.uint8, _NIBBLE)

    def _write(self, writer: BlockWriter, name: str, parts: list[Array]) -> None:
        values = np.concatenate([*parts, np.zeros(self._count % 2, np.uint8)])
        writer.add(name, values[::2] | values[1::2] << 4)


class VariedWriter(_Writer):
    """Writes numbers in a byte each, and a second where one is not enough."""

    def _write(self, writer: BlockWriter, name: str, parts: list[Array]) -> None:
        values = np.concatenate(parts)
        wide = values > np.iinfo(np.uint8).max
        writer.add(name, values.astype(np.uint8))
        writer.add(f"{name}.wide", np.packbits(wide, bitorder="little"))
        writer.add(f"{name}.high", (values[wide] >> 8).astype(np.uint8))
        spans = [np.count_nonzero(wide[start : start + _RANK_SPAN]) for start in range(0, len(wide), _RANK_SPAN)]
        ranks = np.cumsum([0, *spans])[: len(wide) // _RANK_SPAN + 1]
        writer.add(f"{name}.ranks", ranks.astype(np.uint32))


class _Exceptions:
    """The numbers that did not fit."""

    def __init__(self, file: BlockFile, name: str) -> None:
        self._at = file[f"{name}.at"]
        self._large = file[f"{name}.large"]

    def among(self, start: int, stop: int) -> tuple[Array, Array] | None:
        """Return which of the numbers [start, stop) are exceptions, and what they are; None where there are none."""
        if not len(self._at):
            return None
        at = self._at.read()
        # Of the same type, or all of them would be converted first.
        first, behind = at.searchsorted(np.array((start, stop), at.dtype)).tolist()
        return None if first == behind else (at[first:behind] - at.dtype.type(start), self._large.read(first, behind))

    def put_into(self, values: Array, start: int) -> Array:
        """Return the numbers from `start` on with the exceptions among them; the same array where there are none."""
        exceptions = self.among(start, start + len(values))
        return values if exceptions is None else _put(values, exceptions)


def _put(values: Array, exceptions: tuple[Array, Array]) -> Array:
    """Return numbers with others at some places."""
    at, large = exceptions
    widened = values.astype(np.uint32)
    widened[at] = large
    return widened


class Shorts:
    """Reads numbers of two bytes.

    Args:
        file: that holds them.
        name: as given when they were written.
    """

    def __init__(self, file: BlockFile, name: str) -> None:
        self._values = file[name]
        self._exceptions = _Exceptions(file, name)

    def read(self, start: int, stop: int) -> Array:
        """Return the numbers [start, stop)."""
        return self._exceptions.put_into(self._values.read(start, stop), start)


class Nibbles:
    """Reads numbers of half a byte; as `Shorts`."""

    def __init__(self, file: BlockFile, name: str) -> None:
        self._pairs = file[name]
        self._exceptions = _Exceptions(file, name)

    def read(self, start: int, stop: int) -> Array:
        """Return the numbers [start, stop)."""
        return self.part(start, stop).values()

    def part(self, start: int, stop: int) -> "NibblesPart":
        """Return the numbers [start, stop), to be decoded when they are asked for."""
        pairs = self._pairs.read(start >> 1, stop + 1 >> 1)
        return NibblesPart(pairs, start & 1, stop - start, self._exceptions.among(start, stop))


class NibblesPart:
    """Some of these numbers, where they lie.

    Args:
        pairs: the bytes they stand in.
        skipped: halves before the first.
        count: of the numbers.
        exceptions: which of them did not fit, and what they are.
    """

    __slots__ = ("_behind", "_exceptions", "_pairs", "_skipped")

    def __init__(self, pairs: Array, skipped: int, count: int, exceptions: tuple[Array, Array] | None) -> None:
        self._pairs = pairs
        self._skipped = skipped
        self._behind = skipped + count
        self._exceptions = exceptions

    def values(self) -> Array:
        """Decode them."""
        values: Array = _HALVES.take(self._pairs).view(np.uint8)[self._skipped : self._behind]
        return values if self._exceptions is None else _put(values, self._exceptions)

    def weighted(self, weight: float) -> npt.NDArray[np.float32]:
        """Decode them multiplied by a weight, of which there are to be few."""
        values = _weighted_halves(weight).take(self._pairs, axis=0).reshape(-1)[self._skipped : self._behind]
        if self._exceptions is not None:
            at, large = self._exceptions
            values[at] = weight * large
        return values


class Varied:
    """Reads numbers of one or two bytes; as `Shorts`."""

    def __init__(self, file: BlockFile, name: str) -> None:
        self._low = file[name]
        self._wide = file[f"{name}.wide"]
        self._high = file[f"{name}.high"]
        self._ranks = file[f"{name}.ranks"]
        self._exceptions = _Exceptions(file, name)

    def __len__(self) -> int:
        return len(self._low)

    def read(self, start: int, stop: int) -> Array:
        """Return the numbers [start, stop)."""
        values = self._low.read(start, stop).astype(np.uint16)
        span = start // _RANK_SPAN
        origin = span * _RANK_SPAN
        bits = np.unpackbits(self._wide.read(origin >> 3, stop + 7 >> 3), bitorder="little")
        first = int(self._ranks.read(span, span + 1)[0]) + int(np.count_nonzero(bits[: start - origin]))
        (wide,) = bits[start - origin : stop - origin].view(bool).nonzero()
        values[wide] |= self._high.read(first, first + len(wide)).astype(np.uint16) << 8
        return self._exceptions.put_into(values, start)
