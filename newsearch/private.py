"""The files of an index: readable by their owner only, and no links to, or pipes from, somewhere else."""

import filecmp
import os
import shutil
from itertools import count
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


def keep_aside(file: Path, folder: Path) -> None:
    """Let what is in a file be found in another folder too, to last, and under a name like its own; once is enough.

    Args:
        file: that is there, or not.
        folder: on the same disk; made when it is missing.

    Raises:
        OSError: it cannot be written.
    """
    if not file.exists():
        return
    folder.mkdir(mode=FOLDER, exist_ok=True)
    for nth in count(1):
        place = folder / (file.name if nth == 1 else f"{file.name}#{nth}")
        if not place.exists():
            break
        if _is_copy(place, file):
            return
    try:
        place.hardlink_to(file)
    except OSError:  # some file systems have no such links
        with file.open("rb") as source, create(place) as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
    sync(folder)


def _is_copy(place: Path, file: Path) -> bool:
    try:
        return place.samefile(file) or filecmp.cmp(place, file, shallow=False)
    except OSError:
        return False


def sync(path: Path) -> None:
    """Make a file's content, or a folder's names, last.

    Raises:
        OSError: the disk fails.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
    plain = entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)
    return plain or not os.path.lexists(entry.path)  # a draft that has got its name meanwhile
