"""One writer at a time, and who it is."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from newsearch import private
from newsearch.errors import IndexUnusableError, LockedError

try:
    import fcntl
except ImportError as error:  # pragma: no cover - only where the platform has no such locks
    message = "newsearch writes an index only on systems with POSIX file locks"
    raise ImportError(message) from error

_PAUSE = 0.05
_TRIES = 20
"""Locked files that turn out to have been replaced, after which it is given up."""


@contextmanager
def writer_lock(
    folder: Path, wait: float, *, name: str = "writer.lock", guarded: str = "the index"
) -> Iterator[Callable[[], None]]:
    """Hold the lock of an index folder; the system lets it go when the process ends, however it ends.

    What is handed out is to be called before anything is replaced or deleted: it raises an `IndexUnusableError` when
    another folder has come to stand where the locked one stood.

    Args:
        folder: of the index.
        wait: seconds to wait for another writer.
        name: of the file that is locked.
        guarded: what is written under it, in the words of an error message.

    Raises:
        LockedError: another process held it all the time.
        IndexUnusableError: the folder cannot be written, or has no locks, as with some network file systems.
    """
    deadline = time.monotonic() + wait
    with ExitStack() as held:
        for _ in range(_TRIES):
            place, descriptor = _opened(folder, name)
            held.callback(os.close, place)
            held.callback(os.close, descriptor)
            _acquire(descriptor, folder / name, deadline, guarded)
            if _leads_to(folder / name, descriptor):
                break
            held.close()  # it was replaced while it was waited for
        else:
            message = f"{folder} is replaced again and again"
            raise IndexUnusableError(message, "name another with --index DIR")
        _sign(descriptor, json.dumps(_self()))
        yield partial(_check_place, folder, place)
        _sign(descriptor, "")


def _opened(folder: Path, name: str) -> tuple[int, int]:
    """Return the descriptors of a folder and of the file in it that is locked."""
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            return place, private.opened(folder / name, os.O_RDWR)
        except BaseException:
            os.close(place)
            raise
    except OSError as error:
        message = f"{folder} cannot be written ({error.strerror})"
        raise IndexUnusableError(message, "check the folder's permissions, or name another with --index") from error


def _check_place(folder: Path, place: int) -> None:
    if not _leads_to(folder, place):
        message = f"{folder} was moved or replaced meanwhile, and what stands there now is left alone"
        raise IndexUnusableError(message, "run the command again")


def _leads_to(path: Path, descriptor: int) -> bool:
    """Tell whether a path still leads to what was opened by it; open, it keeps its number."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


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
