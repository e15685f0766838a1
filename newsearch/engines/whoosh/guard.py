"""Where Whoosh's errors become ours."""

import pickle
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whoosh.index import EmptyIndexError, IndexVersionError, LockError
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import ReaderClosed

from newsearch.errors import IndexUnusableError, LockedError

_DAMAGE = (
    WhooshIndexError,
    ReaderClosed,
    pickle.UnpicklingError,
    struct.error,
    zlib.error,
    EOFError,
    UnicodeDecodeError,
    AttributeError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
)


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turn what Whoosh raises over an index it cannot read into an `IndexUnusableError`."""
    try:
        yield
    except EmptyIndexError as error:
        message = f"there is no index in {folder}"
        raise IndexUnusableError(message, "make one: newsearch index") from error
    except IndexVersionError as error:
        message = f"the index in {folder} was written by another version of Whoosh"
        raise IndexUnusableError(message, "move the folder away and run: newsearch index") from error
    except OSError as error:
        message = f"the index in {folder} cannot be read ({error.strerror or error})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error
    except _DAMAGE as error:
        message = f"the index in {folder} is damaged ({type(error).__name__})"
        raise IndexUnusableError(message, "move the folder away and run: newsearch index") from error


@contextmanager
def locking(folder: Path) -> Iterator[None]:
    """Turn a lock that is taken into a `LockedError`."""
    try:
        yield
    except LockError as error:
        message = f"another process is writing the index in {folder}"
        raise LockedError(message, "wait for it to end, or give --wait SECONDS") from error
