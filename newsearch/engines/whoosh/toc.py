"""The table of contents: which segments make up a generation. It is Whoosh's own file, a pickle among its parts.

A pickle can name any function to be called. So its opcodes are gone through before one is loaded here: only the few
that plain values need; and of names only those on a short list are looked up. A bare `whoosh.index.open_dir` does none
of this.
"""

import io
import pickle
import pickletools
import re
import struct
import zlib
from pathlib import Path
from typing import BinaryIO, TypeVar

from newsearch.engines.whoosh.blocks import DamagedFileError

NAME = "MAIN"
"""Whoosh's name for the index of a folder."""
CHECK = struct.Struct("<I")
"""The checksum behind the content, where Whoosh does not look."""
_FILE = re.compile(rf"_{NAME}_(\d+)\.toc")
_OF_GENERATION = re.compile(rf"_{NAME}_(\d+)\.\w+")
_NUMBERS = struct.Struct("!ii")
_BYTE_ORDER = -12345
"""What Whoosh writes to see whether bytes are read in the order they were written."""
_SEGMENT = ("newsearch.engines.whoosh.codec", "NewsSegment")
_ALLOWED = frozenset(
    {
        _SEGMENT,
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

Segment = TypeVar("Segment")


class Listed:
    """A segment as readers know it; for Whoosh, and for writers, it is a `codec.NewsSegment`."""

    indexname: str
    segid: str
    documents: int
    """Deleted ones included."""
    deleted: set[int]

    def segment_id(self) -> str:
        """Return its name."""
        return f"{self.indexname}_{self.segid}"


def latest(folder: Path) -> int | None:
    """Return the newest generation in a folder; None when it holds no index."""
    numbers = [int(match[1]) for file in folder.iterdir() if (match := _FILE.fullmatch(file.name))]
    return max(numbers, default=None)


def newest(folder: Path) -> int:
    """Return the latest generation that any file is of; 0 when there is none."""
    return max((generation_of(file) or 0 for file in folder.iterdir()), default=0)


def generation_of(file: Path) -> int | None:
    """Return the generation a table of contents, or what goes with one, is named after; None of other files."""
    match = _OF_GENERATION.fullmatch(file.name)
    return int(match[1]) if match else None


def path_of(folder: Path, generation: int) -> Path:
    """Return the place of a generation's table."""
    return folder / f"_{NAME}_{generation}.toc"


def read(folder: Path, generation: int, kind: type[Segment]) -> list[Segment]:
    """Return the segments of a generation.

    Args:
        folder: of the index.
        generation: to read.
        kind: `Listed`, or `NewsSegment` itself; what to make of each.

    Raises:
        OSError: it is not there.
        DamagedFileError: it is not what was written, or not fit to be loaded.
    """
    path = path_of(folder, generation)
    data = path.read_bytes()
    content, check_sum = data[: -CHECK.size], data[-CHECK.size :]
    if len(content) < CHECK.size or CHECK.unpack(check_sum)[0] != zlib.crc32(content):
        raise DamagedFileError(path, "it is not what was written")
    stream = io.BytesIO(content)
    try:
        for _ in range(3):
            _varint(stream)  # sizes of numbers, of no use
        byte_order, _ = _NUMBERS.unpack(stream.read(_NUMBERS.size))
        for _ in range(3):
            _varint(stream)  # the version that wrote it
        stream.read(_varint(stream))  # the schema, which is known
        stated, _ = _NUMBERS.unpack(stream.read(_NUMBERS.size))
    except (IndexError, OverflowError, struct.error) as error:
        raise DamagedFileError(path, "it is cut off") from error
    if byte_order != _BYTE_ORDER:
        raise DamagedFileError(path, "it is no table of contents")
    if stated != generation:
        raise DamagedFileError(path, "it is of another generation")
    return _segments(stream.read(), path, kind)


def _varint(stream: BinaryIO) -> int:
    """Read a number of seven bits a byte, the least first.

    Raises:
        IndexError: it is cut off.
    """
    value = shift = 0
    more = True
    while more:
        byte = stream.read(1)[0]
        value |= (byte & 0x7F) << shift
        shift += 7
        more = bool(byte & 0x80)
    return value


def _segments(data: bytes, path: Path, kind: type[Segment]) -> list[Segment]:
    try:
        _check(data)
        segments = _Unpickler(data, kind).load()
    except Exception as error:
        raise DamagedFileError(path, f"it is damaged ({error})") from error
    if not isinstance(segments, list) or not all(type(one) is kind for one in segments):
        raise DamagedFileError(path, "it names no segments of this kind")
    return segments


class _Unpickler(pickle.Unpickler):
    """Looks up the few names that segments need.

    Args:
        data: the pickle.
        kind: what stands for segments.
    """

    def __init__(self, data: bytes, kind: type) -> None:
        super().__init__(io.BytesIO(data))
        self._kind = kind

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _ALLOWED:
            message = f"{module}.{name} has no place in a table of contents"
            raise ValueError(message)
        return self._kind if (module, name) == _SEGMENT else super().find_class(module, name)


def _check(data: bytes) -> None:
    """Go through a pickle without running it.

    Raises:
        ValueError: it does more than build segments from plain values.
    """
    for opcode, _, _ in pickletools.genops(data):
        if opcode.name not in _PLAIN_OPCODES:
            message = f"opcode {opcode.name} has no place in a table of contents"
            raise ValueError(message)
