"""The folder `.newsearch/`: where it is, what is in it, and how it is opened.

Most queries need the engine only, so what else there is to an archive is loaded when it is asked for.
"""

import json
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from newsearch import private
from newsearch.engines import ENGINES
from newsearch.errors import DamagedIndexError, IndexUnusableError, UsageError

if TYPE_CHECKING:
    from newsearch.engines.base import Engine, Rescue, Roll
    from newsearch.engines.whoosh.engine import WhooshEngine
    from newsearch.ingest.ledger import Ledger

FOLDER = ".newsearch"
FORMAT = 3
_CHECKED_SINCE = 3
"""The first format whose stamp has a checksum."""
STAMP = "newsearch.json"
"""The file that says that a folder is an index, and of which format."""
_LONGEST_STAMP = 1 << 10
LEDGER = "ledger.sqlite"
_LEDGER_BEGINS = b"SQLite format 3\0"
SAVED = "saved.json"
"""The file of the saved queries."""
FINDINGS = "repair.json"
"""The file that is there while the index is repaired, with what was found so far."""
_IGNORED = ".gitignore"
_REPLACED = (STAMP, SAVED, FINDINGS, _IGNORED)
"""Small files, of which a process that is killed may leave a draft."""
_OWN_FILES = {*_REPLACED, "index", "writer.lock", f"{SAVED}.lock"}
_OWN_FILES |= {LEDGER, *(f"{LEDGER}-{beside}" for beside in ("journal", "wal", "shm"))}
INDEX = "index"
"""The folder of the engine."""
_MADE_ANEW = (
    "move the folder away and run: newsearch index PATH; what came from standard input, saved queries, and what was "
    "removed for good are not taken over"
)
"""What can be done with an index of an earlier format."""


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
    return next((folder for folder in found if os.path.exists(folder)), None)  # noqa: PTH110 - of a locked one: no


def refuse_others(folder: Path) -> None:
    """Refuse an index of another user where nobody named it: anybody can put one above the folders of others.

    Raises:
        IndexUnusableError: it is refused.
    """
    if not _exists(folder) or {folder.lstat().st_uid, folder.stat().st_uid} == {os.geteuid()}:
        return
    message = f"the index in {folder} belongs to another user"
    raise IndexUnusableError(message, f"if that is the one to use, name it: --index {folder}")


@contextmanager
def open_archive(folder: Path, *, whole: bool = True) -> Iterator[Archive]:
    """Open an index to read it.

    Args:
        folder: of the index.
        whole: whether its stamp must be right, its ledger there, and no repair under way.

    Raises:
        IndexUnusableError: there is none, or it cannot be read.
    """
    if whole:
        check_stamp(folder)
        _check_ledger(folder)
    engine = _engine(folder)
    if whole:
        _check_repair(folder)  # one may have begun since, and make a generation without what is to be read again

    def ledger() -> "Ledger":
        from newsearch.ingest.ledger import Ledger  # noqa: PLC0415 - see above

        opened = Ledger(folder / LEDGER, read_only=True)
        try:
            _check_age(opened, engine)
        except BaseException:
            opened.close()
            raise
        return opened

    archive = Archive(folder, engine, ledger)
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
    from newsearch.ingest.lock import writer_lock  # noqa: PLC0415 - see above

    if create:
        _create(folder)
    check_stamp(folder, unfinished=create)
    with writer_lock(folder, wait) as standing:
        check_stamp(folder, unfinished=create)  # it may be a repair that was waited for
        with _opened(folder, standing) as archive:
            standing()
            if archive.ledger.generation > archive.engine.generation:
                message = f"the index in {folder} is of an earlier time than its ledger"
                raise DamagedIndexError(message)
            _catch_up(archive)
            yield archive


@contextmanager
def open_for_repair(folder: Path, standing: Callable[[], None]) -> Iterator[Archive]:
    """Open an index whose parts have been put right, to write it, by whoever holds its lock.

    Args:
        folder: of the index.
        standing: as the lock hands it out.

    Raises:
        IndexUnusableError: it cannot be read or written.
    """
    with _opened(folder, standing) as archive:
        standing()
        _catch_up(archive)
        yield archive


@contextmanager
def _opened(folder: Path, standing: Callable[[], None]) -> Iterator[Archive]:
    from newsearch.ingest.ledger import Ledger  # noqa: PLC0415 - see above

    fresh = not (folder / STAMP).exists()
    _check_ledger(folder, unfinished=fresh)
    ledger = Ledger(folder / LEDGER)
    try:
        engine = _engine(folder, create=fresh, standing=standing)
        if fresh:
            _finish(folder)
        _check_age(ledger, engine)
        yield Archive(folder, engine, lambda: ledger)
    finally:
        ledger.rollback()
        ledger.close()


def _catch_up(archive: Archive) -> None:
    """Finish what earlier writers could not."""
    from newsearch.ingest.recovery import recover  # noqa: PLC0415 - see above
    from newsearch.ingest.removal import finish_removal  # noqa: PLC0415

    archive.engine.tidy()
    recover(archive.ledger, archive.engine)
    finish_removal(archive.ledger, archive.engine)


@contextmanager
def open_for_trial(folder: Path) -> Iterator[Archive]:
    """Open an index to find out what a run would do; where there is none, an empty one that exists nowhere.

    Raises:
        IndexUnusableError: it cannot be read.
    """
    if _exists(folder) or folder.is_symlink():
        with open_archive(folder) as archive:
            yield archive
        return
    from newsearch.ingest.ledger import Ledger  # noqa: PLC0415 - see above

    ledger = Ledger(Path(":memory:"))
    try:
        yield Archive(folder, cast("Engine", cast("type", ENGINES.load("memory"))()), lambda: ledger)
    finally:
        ledger.close()


def salvage_engine(
    folder: Path,
    aside: Path | None,
    roll: "Roll",
    tell: "Callable[[Sequence[str]], None]",
    standing: "Callable[[], None]",
) -> "Rescue":
    """Make an index of what is left of the one in a folder.

    Args:
        folder: of the archive.
        aside: where damaged files go; None to find out only, and write nothing.
        roll: of the editions that belong into it.
        tell: told the names of the damaged files before anything is changed.
        standing: as the lock hands it out.
    """
    made = cast("type[WhooshEngine]", ENGINES.load("whoosh"))
    return made.salvage(folder / INDEX, aside, roll, tell, standing)


def committed_generation(folder: Path) -> int:
    """Return the newest generation of an index, damaged or not; 0 where nothing is left that tells."""
    made = cast("type[WhooshEngine]", ENGINES.load("whoosh"))
    return made.committed_generation(folder / INDEX)


def last_commit(folder: Path) -> str:
    """Return when the index was last committed, ISO 8601 in UTC."""
    return datetime.fromtimestamp((folder / LEDGER).stat().st_mtime, UTC).isoformat(timespec="seconds")


def size_on_disk(folder: Path) -> int:
    """Return the bytes of all files of an index, which lie in its folder and in the folders in that."""
    size = 0
    for file in (file for depth in ("*", "*/*") for file in folder.glob(depth) if file.is_file()):
        with suppress(FileNotFoundError):  # a writer has taken it away meanwhile
            size += file.stat().st_size
    return size


def _engine(folder: Path, **writing: object) -> "Engine":
    make = cast("type", ENGINES.load("whoosh"))
    return cast("Engine", make(folder / INDEX, **writing))


def _create(folder: Path) -> None:
    """Make the folder. One that holds something else is refused: an index must not spill into a stranger's files."""
    try:
        if folder.is_dir() and not (folder / STAMP).exists() and _strangers(folder):
            message = f"{folder} is not empty and holds no index"
            raise UsageError(message, f"name a new folder, for example --index {folder / FOLDER}")
        if not folder.exists():
            folder.mkdir(mode=private.FOLDER, parents=True, exist_ok=True)
            private.sync(folder.parent)
    except OSError as error:
        message = f"{folder} cannot be made a folder for the index ({error.strerror})"
        raise IndexUnusableError(message, "name another place with --index DIR") from error


def _strangers(folder: Path) -> bool:
    from newsearch.ingest.durable import DRAFT  # noqa: PLC0415 - see above

    own = _OWN_FILES.union(f"{name}{DRAFT}" for name in _REPLACED)
    return any(file.name not in own for file in folder.iterdir())


def _finish(folder: Path) -> None:
    """Make a new folder an index: what it must have is there, the stamp last."""
    from newsearch.ingest import saved  # noqa: PLC0415 - see above

    if not (folder / SAVED).exists():
        saved.write(folder, {})
    _write(folder / _IGNORED, "*\n")
    write_stamp(folder)


def write_stamp(folder: Path) -> None:
    """Stamp a folder as an index of this version.

    Raises:
        IndexUnusableError: it cannot be written.
    """
    _write(folder / STAMP, stamp_of(FORMAT))


def _write(file: Path, text: str) -> None:
    """Write one of the small files."""
    from newsearch.ingest.durable import replace  # noqa: PLC0415 - see above

    try:
        replace(file, text)
    except OSError as error:
        message = f"{file.parent} cannot be written ({error.strerror})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error


def stamp_of(number: int) -> str:
    """Return the stamp of a format, which versions that do not know the format can check too."""
    return json.dumps({"format": number, "check": zlib.crc32(f"newsearch {number}".encode())}) + "\n"


def _check_ledger(folder: Path, *, unfinished: bool = False) -> None:
    """Refuse an index that lost its ledger: what was removed for good would come back unnoticed."""
    if unfinished:
        return
    try:
        with (folder / LEDGER).open("rb") as stream:
            begins = stream.read(len(_LEDGER_BEGINS))
    except FileNotFoundError as error:
        message = f"the ledger {folder / LEDGER} is missing"
        raise DamagedIndexError(message) from error
    except OSError as error:
        message = f"the ledger {folder / LEDGER} cannot be read ({error.strerror})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error
    if begins != _LEDGER_BEGINS:
        message = f"the ledger {folder / LEDGER} is damaged"
        raise DamagedIndexError(message)


def _check_age(ledger: "Ledger", engine: "Engine") -> None:
    """Refuse a ledger that was put back from an earlier time: it does not know what was removed for good since."""
    if ledger.is_older_than(engine.generation):
        message = f"the ledger {ledger.file} is of an earlier time than the index"
        raise DamagedIndexError(message)


def check_stamp(folder: Path, *, unfinished: bool = False, repairing: bool = False) -> None:
    """Refuse a folder that holds no index, or one this version cannot read.

    Args:
        folder: of the index.
        unfinished: let one pass that is about to become an index.
        repairing: let one pass that is being repaired.

    Raises:
        IndexUnusableError: it is refused.
    """
    if not _exists(folder):
        message = f"there is no index at {folder}"
        raise IndexUnusableError(message, "make one: newsearch index PATH")
    if not folder.is_dir():
        message = f"{folder} is a file, and an index is a folder"
        raise IndexUnusableError(message, "name another place with --index DIR")
    _check_folder(folder)
    found = _stamped(folder)
    if found is None:
        if unfinished:
            return
        message = f"{folder} holds no index"
        raise IndexUnusableError(message, "make one: newsearch index PATH")
    if found < FORMAT:
        message = f"the index in {folder} was made by an earlier version (format {found}; this one has {FORMAT})"
        raise IndexUnusableError(message, _MADE_ANEW)
    if found > FORMAT:
        message = f"the index in {folder} has format {found}, and this version reads up to {FORMAT}"
        raise IndexUnusableError(message, "upgrade: pip install --upgrade newsearch")
    if not repairing:
        _check_repair(folder)


def _check_repair(folder: Path) -> None:
    if (folder / FINDINGS).exists():
        message = f"the index in {folder} is damaged, and its repair was cut off or is under way ({FINDINGS})"
        raise DamagedIndexError(message)


def _exists(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError as error:
        message = f"{folder} cannot be an index ({error.strerror})"
        raise IndexUnusableError(message, "name another place with --index DIR") from error


def _check_folder(folder: Path) -> None:
    """Refuse a folder with links and the like in it, before anything in it is opened."""
    try:
        private.refuse_strangers(folder)
    except OSError as error:
        message = f"{folder} cannot be read ({error.strerror})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error


def _stamped(folder: Path) -> int | None:
    """Return the format a folder is stamped with; None when it holds no index.

    Raises:
        IndexUnusableError: the stamp is damaged, or missing where there are articles.
    """
    file = folder / STAMP
    try:
        text = private.read(file, _LONGEST_STAMP).decode()
        stamp = json.loads(text)
        found = int(stamp["format"])
        if text == stamp_of(found) or (found < _CHECKED_SINCE and "check" not in stamp):
            return found
        message = f"{file} is damaged"
    except FileNotFoundError:
        if not any(folder.glob(f"{INDEX}/*.news")):
            return None
        message = f"{file} is missing"
    except OSError as error:
        message = f"{file} cannot be read ({error.strerror})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        message = f"{file} is damaged"
    raise DamagedIndexError(message)
