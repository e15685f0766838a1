"""An SQLite file whose pages have checksums, and what goes wrong with it in our words.

SQLite by itself takes a flipped bit in a row for what was written. Its checksum extension, which comes with apsw, looks
at each page that is read (https://sqlite.org/cksumvfs.html).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import apsw
import apsw.sqlite_extra

from newsearch import private
from newsearch.errors import DamagedIndexError, IndexUnusableError, LockedError

_BUSY_MILLISECONDS = 10_000
_LONGEST = 1 << 26
"""Bytes of a value, or a row; nothing here is nearly as long."""
_STEPS = 1_000_000
"""Of SQLite's machine, some tens of milliseconds, between two looks at whether the user has interrupted."""
_CHECK_BYTES = 8
"""Of each page; the extension knows by this number that there is a checksum."""
_DEFINITIONS = "SELECT type, name, sql FROM sqlite_schema"
_PAGE_SIZE = slice(16, 18)
"""Where a file says how many bytes its pages have (https://sqlite.org/fileformat.html); 1 stands for 65,536."""
_JOURNAL_NAMES_ANOTHER = bytes.fromhex("d9d505f920a163d7")
"""How a rollback journal ends that names a journal of several files (https://sqlite.org/fileformat.html)."""
_DAMAGED = frozenset(
    {apsw.SQLITE_IOERR_DATA, apsw.SQLITE_IOERR_READ, apsw.SQLITE_IOERR_SHORT_READ, apsw.SQLITE_IOERR_CORRUPTFS}
)
"""Where reading says that something is wrong with the file, or with where it lies on the disk."""


def connect(file: Path, *, read_only: bool, trusting: bool = False) -> apsw.Connection:
    """Open a file, or make it unless it is only to be read.

    Reading may have to write too: what a killed writer left in the journal must be settled first. Where the folder
    cannot be written nobody is writing, and the file can be taken as it is, unless something is in the journal.

    Raises:
        IndexUnusableError: it cannot be opened.
    """
    with guarded(file):
        if str(file) == ":memory:":
            return apsw.Connection(":memory:")
        if not read_only:
            os.close(private.opened(file, os.O_RDWR))  # its journal is as private as it is
        if not trusting:
            _check_size(file)
        _check_journal(file)
        writable = os.access(file.parent, os.W_OK) and os.access(file, os.W_OK)
        flags = apsw.SQLITE_OPEN_READWRITE if writable else apsw.SQLITE_OPEN_READONLY
        uri = f"{file.absolute().as_uri()}{'' if writable or _has_journal(file) else '?immutable=1'}"
        connection = apsw.Connection(uri, flags | apsw.SQLITE_OPEN_URI, vfs=_checking())
        connection.set_busy_timeout(_BUSY_MILLISECONDS)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.set_progress_handler(_go_on, _STEPS)
        if trusting:
            connection.execute("PRAGMA checksum_verification = OFF").fetchall()
        if not read_only and not file.stat().st_size:
            connection.reserve_bytes(reserve=_CHECK_BYTES)
        return connection


def settle(connection: apsw.Connection, file: Path) -> None:
    """Move what was committed from the journal into the file, unless somebody is reading it just now.

    SQLite takes a journal that is damaged for one that ends sooner; the less is in it, the less can be lost so.
    """
    with guarded(file), suppress(apsw.BusyError):
        connection.set_busy_timeout(0)
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    connection.set_busy_timeout(_BUSY_MILLISECONDS)


def refuse_strangers(connection: apsw.Connection, file: Path, own: str) -> None:
    """Refuse a file that defines what it should not: a view or a trigger is a program that reading, or writing, runs.

    Args:
        connection: to the file.
        file: the same.
        own: the statements that make what may be in it.

    Raises:
        IndexUnusableError: it is refused, or damaged.
    """
    with guarded(file):
        strange = sorted(set(connection.execute(_DEFINITIONS)) - _defined_by(own))
    if strange:
        message = f"the ledger {file} is damaged: its {strange[0][0]} '{strange[0][1]}' is none of a ledger's"
        raise DamagedIndexError(message)


@cache
def _defined_by(statements: str) -> frozenset[tuple[object, ...]]:
    connection = apsw.Connection(":memory:")
    connection.execute(statements).fetchall()
    return frozenset(connection.execute(_DEFINITIONS))


def faults(connection: apsw.Connection, file: Path) -> list[str]:
    """Read all of a file and return what is wrong with it, one line each.

    Raises:
        IndexUnusableError: it is damaged beyond reading on.
    """
    with guarded(file):
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        unchecked = connection.reserve_bytes() != _CHECK_BYTES
    return [f"{file.name}: {' '.join(one.split())}" for one in found] + [
        f"{file.name}: its pages have no checksums"
    ] * unchecked


@contextmanager
def guarded(file: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours.

    Raises:
        LockedError: another process is writing.
        IndexUnusableError: the file is damaged, or cannot be used.
    """
    try:
        yield
    except (apsw.BusyError, apsw.LockedError) as error:
        message = f"another process is writing {file}"
        raise LockedError(message, "wait for it to end, or give --wait SECONDS") from error
    except (apsw.NotADBError, apsw.CorruptError, apsw.SQLError, apsw.TooBigError, UnicodeDecodeError) as error:
        raise _damaged(file, error) from error
    except (apsw.Error, OSError) as error:
        if getattr(error, "extendedresult", 0) in _DAMAGED:
            raise _damaged(file, error) from error
        message = f"the ledger {file} cannot be used ({getattr(error, 'strerror', None) or error})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error


def _check_size(file: Path) -> None:
    """Refuse a file that ends within a page, whose missing part SQLite would take for zeros.

    Raises:
        DamagedIndexError: it is refused.
    """
    with file.open("rb") as stream:
        head = stream.read(_PAGE_SIZE.stop)
    size = int.from_bytes(head[_PAGE_SIZE], "big")
    if size > 1 and file.stat().st_size % size:
        raise _damaged(file, Exception("it is cut off"))


def _check_journal(file: Path) -> None:
    """Refuse a file beside which lies a journal that names another one, which SQLite would delete, wherever it is.

    Raises:
        IndexUnusableError: it is refused.
    """
    journal = file.with_name(f"{file.name}-journal")
    with suppress(FileNotFoundError), journal.open("rb") as stream:
        end = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, end - len(_JOURNAL_NAMES_ANOTHER)))
        if stream.read() == _JOURNAL_NAMES_ANOTHER:
            message = f"the journal {journal} has SQLite delete another file, as none of newsearch's does"
            raise IndexUnusableError(message, "name another index with --index DIR, or take it out of there")


def _go_on() -> bool:
    """Let Python have a look at signals in the midst of a statement, and have SQLite go on."""
    return False


def _has_journal(file: Path) -> bool:
    with suppress(FileNotFoundError):
        return file.with_name(f"{file.name}-wal").stat().st_size > 0
    return False


@cache
def _checking() -> str:
    """Register the extension, and return the name it goes by."""
    apsw.sqlite_extra.load(apsw.Connection(":memory:"), "cksumvfs")
    return "cksmvfs"


def _damaged(file: Path, error: Exception) -> IndexUnusableError:
    what = "a page is not what was written" if isinstance(error, apsw.IOError) else error
    return DamagedIndexError(f"the ledger {file} is damaged ({what})")
