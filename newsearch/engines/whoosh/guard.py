"""Where the errors of damaged or missing files, and of disks, become ours."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsearch.engines.whoosh.blocks import DamagedFileError
from newsearch.errors import DamagedIndexError, IndexUnusableError

AMISS = (LookupError, ArithmeticError, ValueError, TypeError, RecursionError)
"""What comes of files whose parts are sound each for itself and do not fit together, as those that a stranger made."""


@contextmanager
def whole(folder: Path) -> Iterator[None]:
    """Turn the error of a damaged file into a `DamagedIndexError`."""
    try:
        yield
    except DamagedFileError as error:
        message = f"the index in {folder} is damaged: {error}"
        raise DamagedIndexError(message) from error
    except AMISS as error:
        message = f"the index in {folder} is damaged: its parts do not fit together ({type(error).__name__}: {error})"
        raise DamagedIndexError(message) from error
    except MemoryError as error:
        message = f"the index in {folder} asks for more memory than there is"
        raise IndexUnusableError(
            message, "close other programs, or see whether it is sound: newsearch verify"
        ) from error


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turn what reading an index raises when it is damaged or out of reach into an `IndexUnusableError`."""
    try:
        with whole(folder):
            yield
    except FileNotFoundError as error:
        message = f"the index in {folder} is damaged: {Path(error.filename or '').name} is missing"
        raise DamagedIndexError(message) from error
    except OSError as error:
        if error.errno == errno.EIO:
            message = f"the index in {folder} is damaged: a part of it cannot be read from the disk"
            raise DamagedIndexError(message) from error
        message = f"the index in {folder} cannot be read ({error.strerror or error})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what writing an index raises when the disk is full, fails or is gone into an `IndexUnusableError`."""
    try:
        with whole(folder):
            yield
    except OSError as error:
        message = f"the index in {folder} cannot be written ({error.strerror or error})"
        raise IndexUnusableError(message, "what was committed is kept; check the disk and run it again") from error
