"""Numbers that are nearly all small, in few bytes. What does not fit stands in a list of exceptions beside them.

| encoding | for | bytes a number |
|---|---|---|
| `Shorts` | first positions | 2 |
| `Nibbles` | frequencies, most of them 1 | ½ |
| `Varied` | gaps between positions, most of them below 256 | 1⅛, or 2⅛ |
"""

import numpy as np

from newsearch.engines.whoosh.blocks import Array, BlockFile, BlockWriter

_NIBBLE, _SHORT = 15, (1 << 16) - 1
_RANK_SPAN = 1 << 11
"""Numbers between two entries of a directory of ranks; a multiple of 8."""


def write_shorts(writer: BlockWriter, name: str, values: Array) -> None:
    """Write numbers in two bytes each."""
    writer.add(name, np.minimum(values, _SHORT).astype(np.uint16))
    _write_exceptions(writer, name, values, _SHORT)


def write_nibbles(writer: BlockWriter, name: str, values: Array) -> None:
    """Write numbers in half a byte each."""
    halves = np.minimum(values, _NIBBLE).astype(np.uint8)
    halves = np.append(halves, np.zeros(len(halves) % 2, np.uint8))
    writer.add(name, halves[::2] | halves[1::2] << 4)
    _write_exceptions(writer, name, values, _NIBBLE)


def write_varied(writer: BlockWriter, name: str, values: Array) -> None:
    """Write numbers in a byte each, and a second where one is not enough."""
    shorts = np.minimum(values, _SHORT).astype(np.uint16)
    wide = shorts > np.iinfo(np.uint8).max
    writer.add(name, shorts.astype(np.uint8))
    writer.add(f"{name}.wide", np.packbits(wide, bitorder="little"))
    writer.add(f"{name}.high", (shorts[wide] >> 8).astype(np.uint8))
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(wide)])
    writer.add(f"{name}.ranks", before[::_RANK_SPAN].astype(np.uint32))
    _write_exceptions(writer, name, values, _SHORT)


def _write_exceptions(writer: BlockWriter, name: str, values: Array, limit: int) -> None:
    large = np.flatnonzero(values >= limit)
    writer.add(f"{name}.at", large.astype(np.uint32))
    writer.add(f"{name}.large", values[large].astype(np.uint32))


class _Exceptions:
    """The numbers that did not fit."""

    def __init__(self, file: BlockFile, name: str) -> None:
        self._at = file[f"{name}.at"]
        self._large = file[f"{name}.large"]

    def put_into(self, values: Array, start: int) -> Array:
        """Return the numbers from `start` on with the exceptions among them; the same array where there are none."""
        if not len(self._at):
            return values
        at = self._at.read()
        first, behind = np.searchsorted(at, (start, start + len(values))).tolist()
        if first == behind:
            return values
        widened = values.astype(np.uint32)
        widened[at[first:behind] - start] = self._large.read(first, behind)
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
        pairs = self._pairs.read(start >> 1, stop + 1 >> 1)
        halves = np.empty(2 * len(pairs), np.uint8)
        np.bitwise_and(pairs, _NIBBLE, out=halves[::2])
        np.right_shift(pairs, 4, out=halves[1::2])
        skipped = start & 1
        return self._exceptions.put_into(halves[skipped : skipped + stop - start], start)


class Varied:
    """Reads numbers of one or two bytes; as `Shorts`."""

    def __init__(self, file: BlockFile, name: str) -> None:
        self._low = file[name]
        self._wide = file[f"{name}.wide"]
        self._high = file[f"{name}.high"]
        self._ranks = file[f"{name}.ranks"]
        self._exceptions = _Exceptions(file, name)

    def read(self, start: int, stop: int) -> Array:
        """Return the numbers [start, stop)."""
        values = self._low.read(start, stop).astype(np.uint32)
        span = start // _RANK_SPAN
        origin = span * _RANK_SPAN
        bits = np.unpackbits(self._wide.read(origin >> 3, stop + 7 >> 3), bitorder="little")
        first = int(self._ranks.read(span, span + 1)[0]) + int(np.count_nonzero(bits[: start - origin]))
        wide = np.flatnonzero(bits[start - origin : stop - origin])
        values[wide] |= self._high.read(first, first + len(wide)).astype(np.uint32) << 8
        return self._exceptions.put_into(values, start)
