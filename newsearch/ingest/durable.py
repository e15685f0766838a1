"""Small files that are replaced at once and to last, readable by their owner only."""

import os
from pathlib import Path

DRAFT = ".new"
"""Behind the name of a file that is being written."""


def replace(file: Path, text: str) -> None:
    """Put a new text in the place of a file, or of none; whatever happens, one of the two is there.

    Raises:
        OSError: it cannot be written.
    """
    draft = file.with_name(f"{file.name}{DRAFT}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
