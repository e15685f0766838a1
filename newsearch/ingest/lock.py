"""One writer at a time, and who it is."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from newsearch import private
from newsearch.errors import IndexUnusableError, LockedError

try:
    import fcntl
except ImportError as error:  # pragma: no cover - only where the platform has no such locks
    message = "newsearch writes an index only on systems with POSIX file locks"
    raise ImportError(message) from error

_PAUSE = 0.05


@contextmanager
def writer_lock(folder: Path, wait: float, *, name: str = "writer.lock", guarded: str = "the index") -> Iterator[None]:
    """Hold the lock of an index folder; the system lets it go when the process ends, however it ends.

    Args:
        folder: of the index.
        wait: seconds to wait for another writer.
        name: of the file that is locked.
        guarded: what is written under it, in the words of an error message.

    Raises:
        LockedError: another process held it all the time.
        IndexUnusableError: the folder cannot be written, or has no locks, as with some network file systems.
    """
    file = folder / name
    try:
        descriptor = private.opened(file, os.O_RDWR)
    except OSError as error:
        message = f"{folder} cannot be written ({error.strerror})"
        raise IndexUnusableError(message, "check the folder's permissions, or name another with --index") from error
    try:
        _acquire(descriptor, file, time.monotonic() + wait, guarded)
        _sign(descriptor, json.dumps(_self()))
        yield
        _sign(descriptor, "")
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, file: Path, deadline: float, guarded: str) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                message = f"another process is writing {guarded}: {_holder(file)}"
                raise LockedError(message, "wait for it to end, or give --wait SECONDS") from error
            time.sleep(_PAUSE)
        except OSError as error:
            message = f"the file system of {file.parent} has no locks ({error.strerror}), so it cannot hold an index"
            raise IndexUnusableError(message, "name a folder on a disk of this machine with --index DIR") from error
        else:
            return


def _sign(descriptor: int, holder: str) -> None:
    """Write into the file who has its lock; on a full disk it is locked all the same, and others are not told."""
    with suppress(OSError):
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)


def _self() -> dict[str, object]:
    return {"pid": os.getpid(), "host": os.uname().nodename, "since": datetime.now(UTC).isoformat(timespec="seconds")}


def _holder(file: Path) -> str:
    try:
        holder = json.loads(file.read_text())
        return f"process {holder['pid']} on {holder['host']}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "it has just begun"
