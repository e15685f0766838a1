"""The bytes of sources: known by their hash, kept for a moment, counted while they are read."""

import hashlib
import io
import sys
from pathlib import Path
from typing import BinaryIO, cast

from newsearch.errors import IndexUnusableError
from newsearch.ingest.plan import Progress
from newsearch.inputs.files import open_regular
from newsearch.inputs.streams import Borrowed

_CHUNK = 1 << 20


def digest_of_file(location: Path) -> str:
    """Return the hash by which the ledger knows a file's content.

    Raises:
        OSError: it cannot be read.
    """
    with open_regular(location) as stream:
        return digest_of(stream)


def digest_of(stream: io.FileIO | BinaryIO) -> str:
    """Return the hash by which the ledger knows a content, from where a stream is to its end."""
    content = hashlib.blake2b(digest_size=16)
    while chunk := stream.read(_CHUNK):
        content.update(chunk)
    return content.hexdigest()


def spooled_stdin(folder: Path | None) -> BinaryIO:
    """Return a file of all that standard input gives, which is gone when it is closed.

    Args:
        folder: to keep it in; None for the system's own for such files.

    Raises:
        IndexUnusableError: there is no room for it.
    """
    import tempfile  # noqa: PLC0415 - only here

    try:
        spool = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by the caller
        while chunk := sys.stdin.buffer.read(_CHUNK):
            spool.write(chunk)
        spool.seek(0)
    except OSError as error:
        message = f"standard input cannot be kept in {folder or 'a temporary file'} ({error.strerror})"
        raise IndexUnusableError(message, "check the disk, or give a file's name instead of -") from error
    return cast("BinaryIO", spool)


def counted(stream: BinaryIO, progress: Progress) -> BinaryIO:
    """Return a stream that tells how much of it was read."""
    return cast("BinaryIO", _Counted(stream, progress))


class _Counted(Borrowed):
    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        super().__init__(stream)
        self._progress = progress

    def _read(self, size: int) -> bytes:
        data = super()._read(size)
        self._progress.advance(len(data), 0)
        return data
