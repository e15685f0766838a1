"""The files of an index: readable by their owner only, and no links to, or pipes from, somewhere else."""

import os
from pathlib import Path
from typing import BinaryIO

from newsearch.errors import IndexUnusableError

FILE, FOLDER = 0o600, 0o700
"""The permissions of each."""


def create(path: Path) -> BinaryIO:
    """Open a file to write it anew.

    Raises:
        OSError: it cannot be written, or is a link.
    """
    return os.fdopen(opened(path, os.O_WRONLY | os.O_TRUNC), "wb")


def opened(path: Path, flags: int) -> int:
    """Return the descriptor of a file that is made where it is missing.

    Raises:
        OSError: as above.
    """
    return os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, FILE)


def read(path: Path, most: int) -> bytes:
    """Return what is in a small file.

    Raises:
        OSError: it cannot be read.
        ValueError: it has more bytes than any that is written here.
    """
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        message = f"it has more than {most:,} bytes"
        raise ValueError(message)
    return content


def refuse_strangers(folder: Path) -> None:
    """Refuse a folder in which something is neither a file nor a folder.

    A link leads elsewhere, and a pipe or a device may have no end.

    Raises:
        OSError: it cannot be listed.
        IndexUnusableError: it is refused.
    """
    with os.scandir(folder) as entries:
        strange = min((entry.name for entry in entries if not _is_plain(entry)), default=None)
    if strange is not None:
        message = f"in {folder}, {strange} is no file but a link, a pipe or a device, which newsearch never makes"
        raise IndexUnusableError(message, "name another index with --index DIR, or take it out of there")


def _is_plain(entry: "os.DirEntry[str]") -> bool:
    return entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)
