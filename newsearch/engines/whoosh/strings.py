"""Many strings in two arrays: their UTF-8 bytes on end, and where each begins."""

import itertools
from bisect import bisect_left
from collections.abc import Iterable

import numpy as np

from newsearch.engines.whoosh.blocks import Array, Arrays, BlockWriter

_OVERLAP = "strings are said to lie over each other"


def string_arrays(name: str, strings: Iterable[bytes]) -> dict[str, Array]:
    """Return the two arrays of strings, by name."""
    parts = list(strings)
    places = np.zeros(len(parts) + 1, np.uint64)
    np.cumsum([len(part) for part in parts], out=places[1:])
    small = places[-1] <= np.iinfo(np.uint32).max
    return {
        f"{name}.bytes": np.frombuffer(b"".join(parts), np.uint8),
        f"{name}.places": places.astype(np.uint32) if small else places,
    }


def write_strings(writer: BlockWriter, name: str, strings: Iterable[bytes]) -> None:
    """Write strings in their order."""
    for part, array in string_arrays(name, strings).items():
        writer.add(part, array)


class Strings:
    """Reads strings.

    Args:
        file: that holds them.
        name: as given when they were written.
    """

    def __init__(self, file: Arrays, name: str) -> None:
        self._bytes = file[f"{name}.bytes"]
        self._places = file[f"{name}.places"]

    def __len__(self) -> int:
        return len(self._places) - 1

    def __getitem__(self, number: int) -> bytes:
        start, end = self._places.pair(number, number + 1)
        return self._bytes.raw(start, end)

    def several(self, numbers: Array) -> list[str]:
        """Return some strings that are text, each once.

        Raises:
            ValueError: they are longer together than all there are.
        """
        places = self._places.read()
        starts, ends = places.take(numbers), places.take(numbers + 1)
        if (ends < starts).any() or (ends - starts).sum() > len(self._bytes):
            raise ValueError(_OVERLAP)
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        return [self._bytes.raw(start, end).decode() for start, end in pairs]

    def all(self) -> list[bytes]:
        """Return all of them; raises as `between`."""
        return self.between(0, len(self))

    def between(self, first: int, behind: int) -> list[bytes]:
        """Return the strings [first, behind).

        Raises:
            ValueError: they do not follow each other, and so may be longer together than all there are.
        """
        places = self._places.read(first, behind + 1)
        if (places[1:] < places[:-1]).any():
            raise ValueError(_OVERLAP)
        edges = places.tolist()
        data = self._bytes.raw(edges[0], edges[-1])
        return [data[start - edges[0] : end - edges[0]] for start, end in itertools.pairwise(edges)]

    def find(self, wanted: bytes) -> int | None:
        """Return the number of a string where they are sorted; None when it is not there."""
        number = self.first_from(wanted)
        return number if number < len(self) and self[number] == wanted else None

    def first_from(self, wanted: bytes) -> int:
        """Return the number of the first string that is not before `wanted`, where they are sorted."""
        return bisect_left(range(len(self)), wanted, key=self.__getitem__)


__all__ = ["Array", "Strings", "string_arrays", "write_strings"]
