"""The table of contents: which segments make up a generation. It is Whoosh's own file, a pickle among its parts.

A pickle can name any function to be called. So its opcodes are gone through before one is loaded here: only those that
Whoosh's own have, none of which calls anything; and the one name that is looked up stands for a class that is made for
this table alone. What its objects hold is checked before segments are made of it. A bare `whoosh.index.open_dir` does
none of this.
"""

import io
import pickle
import pickletools
import re
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from newsearch import private
from newsearch.engines.whoosh.blocks import DamagedFileError

NAME = "MAIN"
"""Whoosh's name for the index of a folder."""
CHECK = struct.Struct("<I")
"""The checksum behind the content, where Whoosh does not look."""
DOCUMENTS = 1 << 16
"""At most so many in a segment, so that a document's number fits two bytes."""
LARGEST = 1 << 24
"""Bytes; a table in which half of ten million articles are deleted fits."""
_FILE = re.compile(rf"_{NAME}_([0-9]{{1,9}})\.toc")
_OF_GENERATION = re.compile(rf"_{NAME}_([0-9]{{1,9}})\.\w+")
_SEGMENT_ID = re.compile(r"[0-9a-z]{16}")
_NUMBERS = struct.Struct("!ii")
_BYTE_ORDER = -12345
"""What Whoosh writes to see whether bytes are read in the order they were written."""
_VARINT_BITS = 64
_SEGMENT = ("newsearch.engines.whoosh.codec", "NewsSegment")
_OPCODES = frozenset(
    {
        *("PROTO", "FRAME", "STOP", "MARK", "MEMOIZE", "BINGET", "LONG_BINGET"),
        *("NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2", "LONG1", "SHORT_BINUNICODE"),
        *("EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_SET", "ADDITEMS", "EMPTY_DICT", "SETITEM", "SETITEMS"),
        *("STACK_GLOBAL", "EMPTY_TUPLE", "NEWOBJ", "BUILD"),
    }
)
"""Those of Whoosh's table. Without tuples of something there are no values whose hash takes for ever, and without PUT a
memo has no more places than it has values."""

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


def committed(folder: Path) -> int:
    """Return the generation that was committed last, as far as anything tells; 0 when nothing does.

    Where no table of contents is left, what goes with one tells.
    """
    return latest(folder) or newest(folder)


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
    try:
        data = private.read(path, LARGEST)
    except ValueError as error:
        raise DamagedFileError(path, f"it is no table of contents ({error})") from error
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
        IndexError, OverflowError: it is cut off, or goes on and on.
    """
    value = 0
    for shift in range(0, _VARINT_BITS, 7):
        byte = stream.read(1)[0]
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value
    message = "it has no end"
    raise OverflowError(message)


def _segments(data: bytes, path: Path, kind: type[Segment]) -> list[Segment]:
    try:
        _check(data)
        unpickler = _Unpickler(data)
        entries = unpickler.load()
    except Exception as error:
        raise DamagedFileError(path, f"it is damaged ({error})") from error
    made = unpickler.made
    if not isinstance(entries, list) or not all(type(entry) is made and _is_segment(vars(entry)) for entry in entries):
        raise DamagedFileError(path, "it names no segments of this kind")
    if len({entry.segid for entry in entries}) < len(entries):
        raise DamagedFileError(path, "it names a segment twice")
    return [_segment(vars(entry), kind) for entry in entries]


class _Unpickler(pickle.Unpickler):
    """Looks up the one name that segments need.

    Args:
        data: the pickle.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.made: Any = type("Entry", (), {})
        """What stands for segments; whatever is done to it is done to nothing else."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) != _SEGMENT:
            message = f"{f'{module}.{name}'!a} has no place in a table of contents"
            raise ValueError(message)
        return self.made


def _is_segment(facts: Mapping[str, object]) -> bool:
    """Tell whether this can be said of a segment."""
    name, documents, deleted = (facts.get(name) for name in ("segid", "documents", "deleted"))
    if facts.get("indexname") != NAME or not isinstance(name, str) or not _SEGMENT_ID.fullmatch(name):
        return False
    if type(documents) is not int or type(facts.get("words")) is not int or type(deleted) is not set:
        return False
    return 0 <= documents <= DOCUMENTS and all(type(one) is int and 0 <= one < documents for one in deleted)


def _segment(facts: Mapping[str, Any], kind: type[Segment]) -> Segment:
    segment = kind.__new__(kind)
    told = {name: facts[name] for name in ("indexname", "segid", "documents", "words")}
    vars(segment).update(told, compound=False, deleted=set(facts["deleted"]))
    return segment


def _check(data: bytes) -> None:
    """Go through a pickle without running it.

    Raises:
        ValueError: it has other opcodes than Whoosh's.
    """
    for opcode, _, _ in pickletools.genops(data):
        if opcode.name not in _OPCODES:
            message = f"opcode {opcode.name} has no place in a table of contents"
            raise ValueError(message)
