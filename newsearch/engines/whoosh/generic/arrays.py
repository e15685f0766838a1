"""The one file of a segment, in whatever storage Whoosh keeps it."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from newsearch.engines.whoosh.blocks import Array, BlockFile, BlockWriter

EXTENSION = ".arrays"


class HeldArray:
    """An array in memory, read as those in files are.

    Args:
        items: of the array.
    """

    def __init__(self, items: Array) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def read(self, start: int = 0, stop: int | None = None) -> Array:
        """Return the items [start, stop)."""
        return self._items[start:stop]

    def pair(self, first: int, second: int) -> tuple[int, int]:
        """Return two items of an array of integers."""
        return int(self._items[first]), int(self._items[second])

    def raw(self, start: int, end: int) -> bytes:
        """Return the items [start, end) of an array of single bytes."""
        return self._items[start:end].tobytes()


class Held:
    """Arrays that are not written yet.

    Args:
        arrays: by name.
    """

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = arrays

    def __getitem__(self, name: str) -> HeldArray:
        return HeldArray(self.arrays[name])

    def __contains__(self, name: object) -> bool:
        return name in self.arrays


def write_arrays(storage: Any, segment: Any, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> None:  # noqa: ANN401 - of Whoosh
    """Write the file of a segment."""
    name = segment.make_filename(EXTENSION)
    if isinstance(storage, FileStorage):
        _write(Path(storage.folder, name), arrays, facts)
        return
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, name)
        _write(file, arrays, facts)
        with storage.create_file(name) as stream:
            stream.write(file.read_bytes())


def read_arrays(storage: Any, segment: Any) -> BlockFile:  # noqa: ANN401 - of Whoosh
    """Open the file of a segment.

    Raises:
        OSError: it cannot be opened.
        DamagedFileError: it is not whole; any reading of it may raise this later.
    """
    name = segment.make_filename(EXTENSION)
    if isinstance(storage, FileStorage):
        return BlockFile(Path(storage.folder, name))
    with storage.open_file(name) as stream:
        return BlockFile(Path(name), stream.read())


def _write(path: Path, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> None:
    with BlockWriter(path) as writer:
        for name, array in arrays.items():
            writer.add(name, array)
        writer.finish(facts)
