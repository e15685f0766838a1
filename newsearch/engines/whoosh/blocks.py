"""A file of named arrays, checked block by block when it is first touched.

Layout, little-endian: a header, the arrays one after the other at multiples of eight bytes, a directory in JSON that
names each array's type, length and place, the CRC-32 of each block of each array, and a footer that says where the
directory is. A file is written whole under a draft name, synced, and renamed; it is never changed afterwards. It names
itself, so that one that took the place of another is told from it.
"""

import errno
import json
import mmap
import os
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from newsearch import private

Array = npt.NDArray[Any]

FORMAT = 6
BLOCK = 1 << 15
"""Bytes; what is checked at once."""
_MAGIC = b"NSEG"
_HEADER = struct.Struct("<4sI8x")
_FOOTER = struct.Struct("<QQI4s")
_ALIGN = 8
_CHECK = 4
"""Bytes of a checksum."""
_DIRECTORY = 1 << 22
"""Bytes at most of a directory; an array takes about forty."""
_POPULATE_READ = 22
"""What madvise(2) of Linux 5.14 calls MADV_POPULATE_READ, and Python by no name yet."""
_KIND = re.compile(r"[<|][biuf][1248]")
"""How the types of arrays are spelt."""


class DamagedFileError(Exception):
    """A file does not hold what was written to it.

    Args:
        path: of the file.
        what: is wrong with it.
    """

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(f"{path.name}: {what}")


class Readable(Protocol):
    """An array that is read in parts."""

    def __len__(self) -> int: ...

    def read(self, start: int = 0, stop: int | None = None) -> Array:
        """Return the items [start, stop)."""
        ...

    def pair(self, first: int, second: int) -> tuple[int, int]:
        """Return two items of an array of integers."""
        ...

    def raw(self, start: int, end: int) -> bytes:
        """Return the items [start, end) of an array of single bytes."""
        ...


class Arrays(Protocol):
    """Arrays by name."""

    def __getitem__(self, name: str, /) -> Readable: ...

    def __contains__(self, name: object, /) -> bool: ...


class BlockWriter:
    """Writes a file of arrays.

    Args:
        path: of the finished file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(path.name + ".draft")
        self._stream = private.create(self._draft)
        self._stream.write(_HEADER.pack(_MAGIC, FORMAT))
        self._directory: dict[str, tuple[str, int, int]] = {}
        self._checks: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind:
            self._stream.close()
            self._draft.unlink(missing_ok=True)

    def add(self, name: str, *parts: Array) -> None:
        """Write an array of one dimension, given in one part or in several of the same type."""
        place = self._stream.tell()
        place += self._stream.write(bytes(-place % _ALIGN))
        self._directory[name] = (parts[0].dtype.str, sum(map(len, parts)), place)
        check = filled = 0
        for part in parts:
            data = np.ascontiguousarray(part).view(np.uint8).data
            self._stream.write(data)
            while len(data):
                taken = min(len(data), BLOCK - filled)
                check = zlib.crc32(data[:taken], check)
                filled, data = filled + taken, data[taken:]
                if filled == BLOCK:
                    self._checks.append(check)
                    check = filled = 0
        if filled:
            self._checks.append(check)

    def finish(self, facts: Mapping[str, Any]) -> int:
        """Write the directory with some facts about the whole, make the file last, and return its size in bytes."""
        checks = np.array(self._checks, "<u4").tobytes()
        named = {"file": self._path.name, "facts": dict(facts)}
        directory = json.dumps(named | {"arrays": self._directory, "checks": len(self._checks)}).encode()
        place = self._stream.tell()
        self._stream.write(directory + checks)
        self._stream.write(_FOOTER.pack(place, len(directory), zlib.crc32(directory + checks), _MAGIC))
        size = self._stream.tell()
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._draft.replace(self._path)
        return size


class BlockFile:
    """Reads a file of arrays without loading it.

    Args:
        path: of the file.
        content: of the file, when it is not to be looked for on the disk.

    Raises:
        OSError: it cannot be opened.
        DamagedFileError: it is not whole, or of another format.
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.path = path
        self._memory = _mapped(path) if content is None else content
        size = len(self._memory)
        if size < _HEADER.size + _FOOTER.size:
            raise DamagedFileError(path, "it is cut off")
        self.load(0, _HEADER.size)
        self.load(size - _FOOTER.size, size)
        magic, version = _HEADER.unpack_from(self._memory)
        place, length, check, end = _FOOTER.unpack_from(self._memory, size - _FOOTER.size)
        if magic != _MAGIC or end != _MAGIC:
            raise DamagedFileError(path, "it is cut off or no segment")
        if version != FORMAT:
            raise DamagedFileError(path, f"its format is {version}, and this version reads {FORMAT}")
        self._directory_at: int = place
        if length > _DIRECTORY or size - place - length > _DIRECTORY + size // BLOCK * _CHECK:
            raise DamagedFileError(path, "its directory is larger than any")
        self.load(place, size)
        tail = self._memory[place : size - _FOOTER.size]
        if zlib.crc32(tail) != check:
            raise DamagedFileError(path, "its directory is damaged")
        self.facts: dict[str, Any] = {}
        """What the writer said about the whole."""
        self._sections: dict[str, Section] = {}
        try:
            self._take(json.loads(tail[:length]), tail[length:])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise DamagedFileError(path, "its directory is damaged") from error

    def _take(self, directory: dict[str, Any], data: bytes) -> None:
        """Take in what a directory says, with the checksums behind it."""
        if directory["file"] != self.path.name:
            raise DamagedFileError(self.path, "it is another file, which was put in its place")
        self.facts.update(directory["facts"])
        checks = np.frombuffer(data, "<u4", directory["checks"])
        used = 0
        for name, (kind, count, place) in directory["arrays"].items():
            if not _KIND.fullmatch(kind) or not 0 <= count <= self._directory_at or not place >= 0:
                raise ValueError(name)
            section = self._sections[name] = Section(self, name, (kind, count, place), checks[used:])
            used += section.blocks
            if section.end > self._directory_at or used > len(checks):
                raise ValueError(name)

    def __getitem__(self, name: str) -> "Section":
        """Return an array.

        Raises:
            DamagedFileError: there is none of this name.
        """
        section = self._sections.get(name)
        if section is None:
            raise DamagedFileError(self.path, f"there is no {name} in it")
        return section

    def __contains__(self, name: object) -> bool:
        return name in self._sections

    def __iter__(self) -> Iterator[str]:
        return iter(self._sections)

    def check_gaps(self) -> None:
        """Check that what lies between header, arrays and directory is as empty as it was left.

        Raises:
            DamagedFileError: it is not.
        """
        ends = [len(_MAGIC) + 4, *(section.end for section in self._sections.values())]
        starts = [*(section.start for section in self._sections.values()), self._directory_at]
        for end, start in zip(ends, starts, strict=True):
            self.load(end, start)
            if any(self._memory[end:start]):
                raise DamagedFileError(self.path, "there is something where nothing was written")

    def load(self, start: int, end: int) -> None:
        """Have the bytes [start, end) read from the disk; to touch what it cannot read would end the process (SIGBUS).

        Raises:
            DamagedFileError: it cannot read them.
        """
        if isinstance(self._memory, bytes) or start >= end:
            return
        first = start - start % mmap.PAGESIZE
        try:
            self._memory.madvise(_POPULATE_READ, first, end - first)
        except OSError as error:
            if error.errno == errno.EFAULT or not _can_be_read(self.path, first, end):
                raise DamagedFileError(self.path, "a part of it cannot be read from the disk") from error

    @property
    def memory(self) -> mmap.mmap | bytes:
        """The whole file."""
        return self._memory


def _can_be_read(path: Path, start: int, end: int) -> bool:
    """Tell whether a file that may be gone by now can be read, for systems that know no better way."""
    try:
        with path.open("rb") as stream:
            return len(os.pread(stream.fileno(), end - start, start)) == end - start
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _mapped(path: Path) -> mmap.mmap | bytes:
    with path.open("rb") as stream:
        if not os.fstat(stream.fileno()).st_size:
            return b""  # of which there can be no map
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


class Section:
    """One array of a file; reading a part of it checks the blocks it lies in."""

    __slots__ = (
        "_array",
        "_checked",
        "_checks",
        "_file",
        "_memory",
        "_name",
        "blocks",
        "count",
        "end",
        "itemsize",
        "start",
    )

    def __init__(self, file: BlockFile, name: str, layout: tuple[str, int, int], checks: Array) -> None:
        kind, count, start = np.dtype(layout[0]), layout[1], layout[2]
        self._file = file
        self._name = name
        self.start = start
        self.end = start + count * kind.itemsize
        self.count = count
        self.itemsize = kind.itemsize
        size = count * kind.itemsize
        self.blocks = -(-size // BLOCK)
        self._checks = checks[: self.blocks]
        self._checked = bytearray(self.blocks)
        self._memory = memoryview(file.memory)[start : start + size]
        self._array: Array = np.frombuffer(file.memory, kind, count, start)

    def __len__(self) -> int:
        return self.count

    def read(self, start: int = 0, stop: int | None = None) -> Array:
        """Return the items [start, stop), checked; no copy is made.

        Raises:
            DamagedFileError: they are not what was written.
        """
        end = self.count if stop is None else stop
        if end > start:
            first = start * self.itemsize // BLOCK
            behind = (end * self.itemsize - 1) // BLOCK + 1
            if self._checked.find(0, first, behind) >= 0:
                self._check(first, behind)
        return self._array[start:end]

    def pair(self, first: int, second: int) -> tuple[int, int]:
        """Return two items of an array of integers, checked.

        Raises:
            DamagedFileError: they are not what was written.
        """
        for item in (first, second):
            block = item * self.itemsize // BLOCK
            if not self._checked[block]:
                self._check(block, block + 1)
        return self._array.item(first), self._array.item(second)

    def raw(self, start: int, end: int) -> bytes:
        """Return the items [start, end) of an array of single bytes, checked.

        Raises:
            DamagedFileError: they are not what was written.
        """
        if end > start and self._checked.find(0, start // BLOCK, (end - 1) // BLOCK + 1) >= 0:
            self._check(start // BLOCK, (end - 1) // BLOCK + 1)
        return self._memory[start:end].tobytes()

    def _check(self, first: int, behind: int) -> None:
        self._file.load(self.start + first * BLOCK, min(self.end, self.start + behind * BLOCK))
        for block in range(first, behind):
            if not self._checked[block]:
                if zlib.crc32(self._memory[block * BLOCK : (block + 1) * BLOCK]) != self._checks[block]:
                    raise DamagedFileError(self._file.path, f"block {block} of {self._name} is damaged")
                self._checked[block] = 1
