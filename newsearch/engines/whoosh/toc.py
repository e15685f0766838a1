"""The table of contents: which segments make up a generation. It is Whoosh's own file, a pickle among its parts.

A pickle can name any function to be called. So before one is loaded here, its opcodes are gone through: only the few
that plain values need, and of names only those on a short list. A bare `whoosh.index.open_dir` does none of this.
"""

import os
import pickle
import pickletools
import re
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import TOC

from newsearch.engines.whoosh.blocks import DamagedFileError
from newsearch.engines.whoosh.schema import schema
from newsearch.engines.whoosh.segment import EXTENSION
from newsearch.errors import LockedError

NAME = "MAIN"
"""Whoosh's name for the index of a folder."""
_FILE = re.compile(rf"_{NAME}_(\d+)\.toc")
_OWN_FILES = re.compile(rf"_{NAME}_\d+\.toc.*|{NAME}_\w+\..*")
_CHECK = struct.Struct("<I")
_BYTE_ORDER = -12345
"""What Whoosh writes to see whether bytes are read in the order they were written."""
_ALLOWED = frozenset(
    {
        ("newsearch.engines.whoosh.codec", "NewsSegment"),
        ("copy_reg", "_reconstructor"),
        ("copyreg", "_reconstructor"),
        ("__builtin__", "object"),
        ("builtins", "object"),
        ("__builtin__", "set"),
        ("builtins", "set"),
    }
)
_PLAIN_OPCODES = frozenset(
    {
        *("PROTO", "FRAME", "STOP", "MARK", "POP", "POP_MARK", "DUP", "NONE", "NEWTRUE", "NEWFALSE", "INT"),
        *("LONG", "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE"),
        *("BINUNICODE8", "UNICODE", "BINBYTES", "SHORT_BINBYTES", "EMPTY_LIST", "APPEND", "APPENDS", "LIST"),
        *("EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3", "EMPTY_DICT", "DICT", "SETITEM", "SETITEMS"),
        *("EMPTY_SET", "ADDITEMS", "FROZENSET", "GET", "BINGET", "LONG_BINGET", "PUT", "BINPUT", "LONG_BINPUT"),
        *("MEMOIZE", "GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD", "NEWOBJ"),
    }
)


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder in which a file that takes its final name is on the disk, and so is the name."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 - as in the base
        """Put a checksum behind a file's content, where Whoosh does not look; sync, rename, and sync the folder."""
        draft = Path(self.folder, oldname)
        data = draft.read_bytes()
        with draft.open("ab") as stream:
            stream.write(_CHECK.pack(zlib.crc32(data)))
        sync(draft)
        super().rename_file(oldname, newname, safe=safe)
        sync(Path(self.folder))


def lock(folder: Path) -> Any:  # noqa: ANN401 - of Whoosh
    """Take Whoosh's lock of writers and return it; it is let go of when the process ends.

    Raises:
        LockedError: another writer has it.
    """
    taken = FileStorage(str(folder)).lock(f"{NAME}_WRITELOCK")
    if not taken.acquire(blocking=False):
        message = f"another process is writing the index in {folder}"
        raise LockedError(message, "wait for it to end, or give --wait SECONDS")
    return taken


def sync(path: Path) -> None:
    """Make a file's content, or a folder's names, last."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def latest(folder: Path) -> int | None:
    """Return the newest generation in a folder; None when it holds no index."""
    numbers = [int(match[1]) for file in folder.iterdir() if (match := _FILE.fullmatch(file.name))]
    return max(numbers, default=None)


def write(folder: Path, segments: Sequence[Any], generation: int) -> None:
    """Make a generation: from here on readers see these segments."""
    TOC(schema(), list(segments), generation).write(DurableStorage(str(folder)), NAME)


def read(folder: Path, generation: int) -> list[Any]:
    """Return the segments of a generation.

    Raises:
        OSError: it is not there.
        DamagedFileError: it is not what was written, or not fit to be loaded.
    """
    path = folder / f"_{NAME}_{generation}.toc"
    data = path.read_bytes()
    content, check_sum = data[: -_CHECK.size], data[-_CHECK.size :]
    if len(content) < _CHECK.size or _CHECK.unpack(check_sum)[0] != zlib.crc32(content):
        raise DamagedFileError(path, "it is not what was written")
    stream = BufferFile(memoryview(content))
    try:
        for _ in range(3):
            stream.read_varint()  # sizes of numbers, of no use
        if stream.read_int() != _BYTE_ORDER:
            raise DamagedFileError(path, "it is no table of contents")
        stream.read_int()
        for _ in range(3):
            stream.read_varint()  # the version that wrote it
        stream.skip_string()  # the schema, which is known
        stated = stream.read_int()
        stream.read_int()
        rest = bytes(stream.read(len(content)))
    except (ValueError, IndexError, EOFError, TypeError, struct.error) as error:
        raise DamagedFileError(path, "it is cut off") from error
    if stated != generation:
        raise DamagedFileError(path, "it is of another generation")
    return _segments(rest, path)


def tidy(folder: Path, generation: int, segments: Sequence[Any]) -> None:
    """Delete what no generation needs any more: older tables, segments that were merged, drafts."""
    kept = {f"_{NAME}_{generation}.toc", *(f"{segment.segment_id()}{EXTENSION}" for segment in segments)}
    for file in folder.iterdir():
        if _OWN_FILES.fullmatch(file.name) and file.name not in kept:
            file.unlink(missing_ok=True)


def _segments(data: bytes, path: Path) -> list[Any]:
    try:
        check(data)
        segments = pickle.loads(data)  # noqa: S301 - checked
    except Exception as error:
        raise DamagedFileError(path, f"it is damaged ({error})") from error
    if not isinstance(segments, list) or not all(type(one).__name__ == "NewsSegment" for one in segments):
        raise DamagedFileError(path, "it names no segments of this kind")
    return segments


def check(data: bytes) -> None:
    """Go through a pickle without running it.

    Raises:
        ValueError: it does more than build segments from plain values.
    """
    strings: list[Any] = []
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name not in _PLAIN_OPCODES:
            message = f"opcode {opcode.name} has no place in a table of contents"
            raise ValueError(message)
        if isinstance(argument, str):
            strings.append(argument)
        named = None
        if opcode.name == "GLOBAL":
            named = tuple(str(argument).split(" "))
        elif opcode.name == "STACK_GLOBAL":
            named = tuple(strings[-2:])
        if named is not None and named not in _ALLOWED:
            message = f"{'.'.join(named)} has no place in a table of contents"
            raise ValueError(message)
