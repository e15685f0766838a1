"""Making a damaged index usable again: from what is undamaged of it, and from its sources.

What is damaged is moved into a folder beside, and nothing is deleted. Each part is as damaged as it was until it has
been put right, so that a repair that is cut off can be run again.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from newsearch.engines.base import content_mark
from newsearch.errors import DamagedIndexError, IndexUnusableError
from newsearch.extract import Settings
from newsearch.ingest import saved
from newsearch.ingest.archive import (
    LEDGER,
    SAVED,
    STAMP,
    Archive,
    check_stamp,
    open_archive,
    open_for_writing,
    salvage_engine,
    write_stamp,
)
from newsearch.ingest.ledger import CaptureEntry, Ledger
from newsearch.ingest.lock import writer_lock
from newsearch.ingest.pipeline import Ingest, Plan, Progress
from newsearch.ingest.rescue import LedgerRoll, copy_sound, is_sound, journals
from newsearch.inputs.files import Roots, location_of
from newsearch.private import FOLDER


@dataclass(slots=True)
class Repaired:
    """What a repair found and did."""

    damaged: list[str] = field(default_factory=list)
    """The files that were not what was written, or missing, by their names."""
    aside: Path | None = None
    """Where those of them are now that were there."""
    rescued: int = 0
    """Editions taken from damaged files."""
    reread: int = 0
    """Sources that were read again."""
    lost: list[CaptureEntry] = field(default_factory=list)
    """Captures whose editions could not be had back."""
    unknown: list[str] = field(default_factory=list)
    """What cannot be known any more, a sentence each."""


def repair(folder: Path, settings: Settings, progress: Progress, wait: float = 0.0) -> Repaired:
    """Make an index usable again.

    Args:
        folder: of the index.
        settings: to read sources with.
        progress: of reading them.
        wait: seconds to wait for another writer.

    Raises:
        IndexUnusableError: there is none, it is of another version, or cannot be written.
        LockedError: another process is writing it.
    """
    done = Repaired()
    aside = folder / f"damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    stamped = _is_stamped(folder)
    with writer_lock(folder, wait):
        try:
            roll = _repaired_parts(folder, aside, done)
        except OSError as error:
            message = f"{folder} cannot be written ({error.strerror})"
            raise IndexUnusableError(message, "check the folder's permissions and the disk") from error
        if not stamped:
            done.damaged.append(STAMP)
            write_stamp(folder)
    if done.damaged:
        done.aside = aside if aside.exists() else None
        with open_for_writing(folder, create=False, wait=wait) as archive:
            done.reread = _read_again(archive, roll, settings, progress)
            done.lost = list(_lost(archive, roll))
    return done


def _repaired_parts(folder: Path, aside: Path, done: Repaired) -> LedgerRoll:
    """Put the parts of an index right one by one, each for itself, and return what belongs into it."""
    _repair_saved(folder, aside, done)
    whole = _repair_ledger(folder, aside, done)
    with closing(Ledger(folder / LEDGER, read_only=True)) as ledger:
        roll = LedgerRoll(list(ledger.captures()), whole=whole)
    if not _is_engine_whole(folder):
        rescue = salvage_engine(folder, aside, roll)
        done.damaged += rescue.damaged
        done.rescued = rescue.editions
    return roll


def _is_stamped(folder: Path) -> bool:
    try:
        check_stamp(folder)
    except DamagedIndexError:
        return False
    return True


def _repair_saved(folder: Path, aside: Path, done: Repaired) -> None:
    """Keep those of the saved queries that are as they were saved."""
    file = folder / SAVED
    try:
        saved.read(file)
    except DamagedIndexError:
        kept = saved.rescue(file)
        _put_aside(file, aside)
        saved.write(folder, kept)
        done.damaged.append(SAVED)
        done.unknown.append(f"{len(kept):,} saved queries were kept; whether there were others is not known")


def _repair_ledger(folder: Path, aside: Path, done: Repaired) -> bool:
    """Put what is sound of a damaged ledger into its place, and return whether it knows all captures."""
    file, draft = folder / LEDGER, folder / f"{LEDGER}.new"
    if is_sound(file):
        return True
    broken = copy_sound(file, draft)
    for journal in journals(file):  # before the new ledger takes its place, which it is none of
        _put_aside(journal, aside)
        journal.unlink(missing_ok=True)
    _put_aside(file, aside)
    draft.replace(file)
    done.damaged.append(LEDGER)
    if "removed" in broken:
        done.unknown.append("whether other articles had been removed for good is not known; if so, remove them again")
    return "captures" not in broken


def _put_aside(file: Path, aside: Path) -> None:
    """Let what is in a file be found in another folder too."""
    if file.exists():
        aside.mkdir(mode=FOLDER, exist_ok=True)
        (aside / file.name).hardlink_to(file)


def _is_engine_whole(folder: Path) -> bool:
    try:
        with open_archive(folder, stamped=False) as archive:
            return not any(archive.engine.faults(lambda _: None, deep=False))
    except IndexUnusableError:
        return False


def _read_again(archive: Archive, roll: LedgerRoll, settings: Settings, progress: Progress) -> int:
    """Read the sources of which something is missing, settle what may have come back in an older state, and count."""
    ledger = archive.ledger
    paths = sorted({*ledger.paths(), *(capture.path for capture in roll.captures)})
    unread = (path for path in paths if not path.startswith("stdin:") and not ledger.file_entry(path))
    found = tuple(place for path in unread if (place := location_of(path, archive.base)).exists())
    plan = Plan(Roots(found, ()), settings, keep_missing=True, doubtful=_doubtful(archive))
    return Ingest(archive, plan, progress).run().files_read


def _doubtful(archive: Archive) -> tuple[str, ...]:
    """Return the articles that have other than one edition."""
    counts = Counter(holding.id for holding in archive.engine.holdings())
    return tuple(name for name, count in counts.items() if count > 1)


def _lost(archive: Archive, roll: LedgerRoll) -> Iterator[CaptureEntry]:
    """Yield the captures whose editions are gone and whose sources could not be read again."""
    held = {(holding.id, holding.content) for holding in archive.engine.holdings()}
    for capture in roll.captures:
        gone = (capture.id, content_mark(capture.digest)) not in held
        if gone and not archive.ledger.file_entry(capture.path):
            yield capture
