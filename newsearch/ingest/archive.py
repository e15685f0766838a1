"""The folder `.newsearch/`: where it is, what is in it, and how it is opened.

Most queries need the engine only, so what else there is to an archive is loaded when it is asked for.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from newsearch.engines import ENGINES
from newsearch.errors import IndexUnusableError, UsageError

if TYPE_CHECKING:
    from newsearch.engines.base import Engine
    from newsearch.ingest.ledger import Ledger

FOLDER = ".newsearch"
FORMAT = 2
_STAMP = "newsearch.json"
_LEDGER = "ledger.sqlite"
_LEDGER_BEGINS = b"SQLite format 3\0"
SAVED = "saved.json"
"""The file of the saved queries."""
_OWN_FILES = {_STAMP, _LEDGER, f"{_LEDGER}-wal", f"{_LEDGER}-shm", "index", "writer.lock", ".gitignore"}
_OWN_FILES |= {SAVED, f"{SAVED}.new", f"{SAVED}.lock"}


class Archive:
    """An opened index with its ledger.

    Args:
        folder: absolute.
        engine: of the index.
        open_ledger: called when the ledger is first asked for.
    """

    def __init__(self, folder: Path, engine: "Engine", open_ledger: "Callable[[], Ledger]") -> None:
        self.folder = folder
        self.engine = engine
        self._open_ledger = open_ledger

    @cached_property
    def ledger(self) -> "Ledger":
        """What was read from where.

        Raises:
            IndexUnusableError: it cannot be read.
        """
        return self._open_ledger()

    def close(self) -> None:
        """Let go of the ledger, if it was asked for."""
        if "ledger" in vars(self):
            self.ledger.close()

    @property
    def base(self) -> Path:
        """The folder that paths of origins are relative to."""
        return self.folder.parent


def nearest_folder(start: Path) -> Path | None:
    """Return the nearest `.newsearch` from a folder upwards."""
    found = (folder / FOLDER for folder in (start, *start.parents))
    return next((folder for folder in found if folder.exists()), None)


@contextmanager
def open_archive(folder: Path) -> Iterator[Archive]:
    """Open an index to read it.

    Raises:
        IndexUnusableError: there is none, or it cannot be read.
    """
    check_stamp(folder)
    _check_ledger(folder)

    def ledger() -> "Ledger":
        from newsearch.ingest.ledger import Ledger  # noqa: PLC0415 - see above

        return Ledger(folder / _LEDGER, read_only=True)

    archive = Archive(folder, _engine(folder, create=False), ledger)
    try:
        yield archive
    finally:
        archive.close()


@contextmanager
def open_for_writing(folder: Path, *, create: bool, wait: float = 0.0) -> Iterator[Archive]:
    """Open an index to write it, alone.

    Args:
        folder: of the index.
        create: make it when there is none.
        wait: seconds to wait for another writer.

    Raises:
        IndexUnusableError: there is none, or it cannot be read or written.
        LockedError: another process is writing it.
    """
    from newsearch.ingest.ledger import Ledger  # noqa: PLC0415 - see above
    from newsearch.ingest.lock import writer_lock  # noqa: PLC0415
    from newsearch.ingest.recovery import recover  # noqa: PLC0415

    if create:
        _create(folder)
    check_stamp(folder, unfinished=create)
    with writer_lock(folder, wait):
        fresh = not (folder / _STAMP).exists()
        _check_ledger(folder, unfinished=fresh)
        ledger = Ledger(folder / _LEDGER)
        try:
            engine = _engine(folder, create=fresh)
            if fresh:
                _write_stamp(folder)
            recover(ledger, engine)
            yield Archive(folder, engine, lambda: ledger)
        finally:
            ledger.rollback()
            ledger.close()


@contextmanager
def open_for_trial(folder: Path) -> Iterator[Archive]:
    """Open an index to find out what a run would do; where there is none, an empty one that exists nowhere.

    Raises:
        IndexUnusableError: it cannot be read.
    """
    if folder.exists() or folder.is_symlink():
        with open_archive(folder) as archive:
            yield archive
        return
    from newsearch.ingest.ledger import Ledger  # noqa: PLC0415 - see above

    ledger = Ledger(Path(":memory:"))
    try:
        yield Archive(folder, cast("Engine", cast("type", ENGINES.load("memory"))()), lambda: ledger)
    finally:
        ledger.close()


def last_commit(folder: Path) -> str:
    """Return when the index was last committed, ISO 8601 in UTC."""
    return datetime.fromtimestamp((folder / _LEDGER).stat().st_mtime, UTC).isoformat(timespec="seconds")


def size_on_disk(folder: Path) -> int:
    """Return the bytes of all files of an index."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _engine(folder: Path, *, create: bool) -> "Engine":
    make = cast("type", ENGINES.load("whoosh"))
    return cast("Engine", make(folder / "index", create=create))


def _create(folder: Path) -> None:
    """Make the folder. One that holds something else is refused: an index must not spill into a stranger's files."""
    try:
        if folder.is_dir() and not (folder / _STAMP).exists() and _strangers(folder):
            message = f"{folder} is not empty and holds no index"
            raise UsageError(message, f"name a new folder, for example --index {folder / FOLDER}")
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            (folder / ".gitignore").write_text("*\n")
    except OSError as error:
        message = f"{folder} cannot be made a folder for the index ({error.strerror})"
        raise IndexUnusableError(message, "name another place with --index DIR") from error


def _strangers(folder: Path) -> bool:
    return any(file.name not in _OWN_FILES for file in folder.iterdir())


def _write_stamp(folder: Path) -> None:
    draft = folder / f"{_STAMP}.new"
    draft.write_text(json.dumps({"format": FORMAT}) + "\n")
    draft.replace(folder / _STAMP)


def _check_ledger(folder: Path, *, unfinished: bool = False) -> None:
    """Refuse an index that lost its ledger: what was removed for good would come back unnoticed."""
    if unfinished:
        return
    try:
        with (folder / _LEDGER).open("rb") as stream:
            begins = stream.read(len(_LEDGER_BEGINS))
    except FileNotFoundError as error:
        message = f"the ledger {folder / _LEDGER} is missing"
        hint = "restore it; or move the folder away, run newsearch index and remove again"
        raise IndexUnusableError(message, hint) from error
    except OSError as error:
        message = f"the ledger {folder / _LEDGER} cannot be read ({error.strerror})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error
    if begins != _LEDGER_BEGINS:
        message = f"the ledger {folder / _LEDGER} is damaged"
        raise IndexUnusableError(message, "move the index folder away and run: newsearch index")


def check_stamp(folder: Path, *, unfinished: bool = False) -> None:
    """Refuse a folder that holds no index, or one this version cannot read.

    Args:
        folder: of the index.
        unfinished: let one pass that is about to become an index.

    Raises:
        IndexUnusableError: it is refused.
    """
    if not folder.exists():
        message = f"there is no index at {folder}"
        raise IndexUnusableError(message, "make one: newsearch index PATH")
    if not folder.is_dir():
        message = f"{folder} is a file, and an index is a folder"
        raise IndexUnusableError(message, "name another place with --index DIR")
    try:
        stamp = json.loads((folder / _STAMP).read_text())
        found = int(stamp["format"])
    except FileNotFoundError as error:
        if unfinished:
            return
        message = f"{folder} holds no index"
        raise IndexUnusableError(message, "make one: newsearch index PATH") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{folder / _STAMP} cannot be read"
        raise IndexUnusableError(message, "move the folder away and run: newsearch index PATH") from error
    if found < FORMAT:
        message = f"the index in {folder} was made by an earlier version (format {found}; this one has {FORMAT})"
        raise IndexUnusableError(message, "move the folder away and run: newsearch index PATH")
    if found > FORMAT:
        message = f"the index in {folder} has format {found}, and this version reads up to {FORMAT}"
        raise IndexUnusableError(message, "upgrade: pip install --upgrade newsearch")
