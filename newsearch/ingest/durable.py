"""Small files that are replaced at once and to last."""

import os
from pathlib import Path

from newsearch import private

DRAFT = ".new"
"""Behind the name of a file that is being written."""


def replace(file: Path, text: str) -> None:
    """Put a new text in the place of a file, or of none; whatever happens, one of the two is there.

    Raises:
        OSError: it cannot be written.
    """
    draft = file.with_name(f"{file.name}{DRAFT}")
    try:
        with private.create(draft) as stream:
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    private.sync(file.parent)


def remove(file: Path) -> None:
    """Remove such a file if it is there, and what a process that was killed may have left beside it.

    Raises:
        OSError: it cannot be removed.
    """
    file.unlink(missing_ok=True)
    file.with_name(f"{file.name}{DRAFT}").unlink(missing_ok=True)
    private.sync(file.parent)
