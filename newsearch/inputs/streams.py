"""Streams of bytes that are borrowed, peeked into, and rewound."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

SAMPLE = 1 << 16
"""Bytes that are looked at to tell what a stream is."""


class GapError(OSError):
    """Something of a stream is damaged, and it may be read on behind that."""


class Borrowed(io.RawIOBase):
    """A stream that fills what it is given to fill, and leaves the closing of the one below to its owner.

    Args:
        stream: the one below.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._trouble: Exception | None = None

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell whether it can be rewound."""
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._stream.tell()

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill the buffer unless the stream ends; trouble is raised when everything before it has been given out."""
        filled = 0
        try:
            while not self._trouble and filled < len(buffer) and (data := self._read(len(buffer) - filled)):
                buffer[filled : filled + len(data)] = data
                filled += len(data)
        except Exception as error:  # noqa: BLE001 - raised in its turn
            self._trouble = error
        if self._trouble and not filled:
            trouble = self._trouble
            if isinstance(trouble, GapError):
                self._trouble = None
            raise trouble
        return filled

    def _read(self, size: int) -> bytes:
        return self._stream.read(size)


def buffered(stream: object) -> io.BufferedReader:
    """Return a stream that can be peeked into; the one given stays open."""
    return io.BufferedReader(Borrowed(cast("BinaryIO", stream)), SAMPLE)


def peeked(stream: io.BufferedReader) -> bytes:
    """Return the start of a stream without losing it."""
    return stream.peek(SAMPLE)[:SAMPLE]


@contextmanager
def rewindable(stream: BinaryIO, scratch: Path | None) -> Iterator[BinaryIO]:
    """Hand out the stream itself, or its content in a file without a name that ends with the context.

    Args:
        stream: to be rewound.
        scratch: folder of such a file; the system's own for them when None.
    """
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile(dir=scratch) as spool:
        while chunk := stream.read(1 << 20):
            spool.write(chunk)
        spool.seek(0)
        yield cast("BinaryIO", spool)
