"""Making a damaged index usable again: from what is undamaged of it, and from its sources.

What is damaged is kept in a folder beside. Each part is as damaged as it was until it has been put right, and what was
found is noted before anything is changed, so that a repair that is cut off can be run again and tells all the same.
Until it has ended nothing else uses the index.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from newsearch.engines.base import Engine, Rescue
from newsearch.errors import DamagedIndexError, IndexUnusableError, LockedError
from newsearch.extract import Settings
from newsearch.ingest import saved
from newsearch.ingest.archive import (
    FINDINGS,
    INDEX,
    LEDGER,
    SAVED,
    STAMP,
    Archive,
    check_stamp,
    committed_generation,
    open_archive,
    open_for_repair,
    salvage_engine,
    write_stamp,
)
from newsearch.ingest.durable import DRAFT, remove
from newsearch.ingest.findings import Findings
from newsearch.ingest.ledger import CaptureEntry, Ledger
from newsearch.ingest.lock import writer_lock
from newsearch.ingest.pipeline import Ingest
from newsearch.ingest.plan import Plan, Progress
from newsearch.ingest.rescue import LedgerRoll, copy_sound, fill_sound, is_sound, journals, read_otherwise
from newsearch.ingest.verification import disagreements
from newsearch.inputs.files import Roots, location_of
from newsearch.model import STDIN_NAME
from newsearch.private import keep_aside, sync

_MOMENT = 5.0
"""Seconds for which other writers have the lock, at most, to see that the index is being repaired."""
_BESIDE = {STAMP, SAVED}
"""Files that say nothing of what is in the index."""
_REMOVED = "whether other articles had been removed for good is not known; if so, remove them again"
_SOURCES = "whether other sources had been read is not known; run newsearch index on all of them again"
_UNREAD = "of sources that are gone it may not be known what was skipped in them, and which captures were alike"


@dataclass(slots=True)
class Repaired:
    """What a repair found and did, or would do."""

    damaged: list[str] = field(default_factory=list)
    """As in `Findings`."""
    unknown: list[str] = field(default_factory=list)
    """As in `Findings`."""
    aside: Path | None = None
    """Where those of the damaged files are that were there."""
    rescued: int = 0
    """Editions taken from damaged files."""
    reread: int = 0
    """Sources that were read again."""
    lost: list[CaptureEntry] = field(default_factory=list)
    """Captures whose editions could not be had back."""
    left_alone: list[str] = field(default_factory=list)
    """Sources that would have to be read again, but with the settings they were read with."""


def repair(
    folder: Path, settings: Settings, progress: Progress, wait: float = 0.0, input_format: str | None = None
) -> Repaired:
    """Make an index usable again; when it has been told what was done, `conclude`.

    Args:
        folder: of the index.
        settings: to read sources with.
        progress: of reading them.
        wait: seconds to wait for another writer.
        input_format: of all sources; None: told from each one's content.

    Raises:
        IndexUnusableError: there is none, it is of another version, or cannot be written.
        LockedError: another process is writing it.
    """
    _is_stamped(folder)
    plan = _plan(settings, input_format)
    with writer_lock(folder, wait) as standing:
        parts = _Parts(folder, plan.fingerprint, standing)
        with _writing(folder):
            parts.mend()
        if parts.found.damaged:
            with open_for_repair(folder, standing) as archive:
                parts.read_again(archive, plan, progress)
    return parts.done()


def _plan(settings: Settings, input_format: str | None) -> Plan:
    return Plan(Roots((), ()), settings, input_format, keep_missing=True)


def conclude(folder: Path) -> None:
    """Let an index that was repaired be used; if another repair has begun meanwhile, that is for the other one to do.

    Raises:
        IndexUnusableError: the folder cannot be written.
    """
    with suppress(LockedError), writer_lock(folder, _MOMENT), _writing(folder):
        remove(folder / FINDINGS)


def examine(folder: Path, settings: Settings, input_format: str | None = None) -> Repaired:
    """Find out what a repair would do, and write nothing; that sources show what they showed is taken for granted.

    Args:
        folder: as above.
        settings: as above.
        input_format: as above.

    Raises:
        IndexUnusableError: there is no index, or it is of another version.
    """
    _is_stamped(folder)
    parts = _Parts(folder, _plan(settings, input_format).fingerprint, lambda: None, trial=True)
    parts.mend()
    if parts.found.damaged:
        parts.look_for_sources()
    return parts.done()


class _Parts:
    """The parts of an index, put right one by one, each for itself.

    Args:
        folder: of the index.
        fingerprint: of the settings that sources are read with, as in `Plan`.
        standing: as the lock hands it out.
        trial: find out what is to be done, and write nothing.
    """

    def __init__(self, folder: Path, fingerprint: str, standing: Callable[[], None], *, trial: bool = False) -> None:
        self._standing = standing
        self.folder = folder
        self._fingerprint = fingerprint
        self.found = Findings.of(folder)
        self.found.aside = self.found.aside or _free(folder / f"damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}").name
        self._trial = trial
        self._roll = LedgerRoll([], whole=True)
        self._unread: set[str] = set()
        """Sources of which nothing says that they have been read."""
        self._rescue: Rescue | None = None
        self._reread = 0
        self._lost: list[CaptureEntry] = []
        self._left_alone: list[str] = []

    def done(self) -> Repaired:
        """Return what was done, or would be."""
        aside = self.folder / self.found.aside
        return Repaired(
            self.found.damaged,
            self.found.unknown,
            aside if aside.exists() else None,
            self._rescue.editions if self._rescue else 0,
            self._reread,
            self._lost,
            self._left_alone,
        )

    def mend(self) -> None:
        """Put right what can be without the sources, and find what is missing then."""
        self._mend_stamp()
        self._mend_saved()
        self._mend_ledger()
        self._mend_engine()

    def read_again(self, archive: Archive, plan: Plan, progress: Progress) -> None:
        """Read the sources of which something is missing; settle what may have come back in an older state.

        Args:
            archive: opened for writing.
            plan: how to read; what is found out here.
            progress: of reading.
        """
        ledger = archive.ledger
        outside = {one.origin.path for one in ledger.skipped() if one.reason == "link-outside"}
        paths = {*ledger.paths(), *(capture.path for capture in self.found.missing)} - outside
        self._unread = {path for path in paths if not ledger.file_entry(path)}
        found = tuple(location_of(path, archive.base) for path in self._readable())
        # A link among the sources may have come to lead elsewhere.
        roots = {place for name in ledger.roots if os.path.lexists(place := location_of(name, archive.base))}
        roots |= {file.parent for file in found if roots.isdisjoint((file, *file.parents))}
        plan = replace(plan, roots=Roots(found, (), within=tuple(roots)), doubtful=_doubtful(archive.engine))
        self._reread = Ingest(archive, plan, progress).run().files_read
        held = _held(archive.engine)
        self._lost = [
            one for one in LedgerRoll(self.found.missing, whole=True).lacking(held) if not ledger.file_entry(one.path)
        ]

    def look_for_sources(self) -> None:
        """Find out which sources would be read again."""
        self._unread |= {capture.path for capture in self.found.missing}
        if not self._roll.whole:
            self._unread |= self._rescue.paths() if self._rescue else self._indexed()
        there = self._readable()
        self._reread = len(there)
        self._lost = [capture for capture in self.found.missing if capture.path not in there]

    def _indexed(self) -> set[str]:
        """Return the sources of all that the index holds, which is whole."""
        with open_archive(self.folder, whole=False) as archive:
            return {edition.article.origin.path for edition in archive.engine.scan()}

    def _readable(self) -> list[str]:
        """Return those of the sources to be read that can be; if it is all of them, they tell all.

        Read with other settings, a source might show other articles, and those it showed would go.
        """
        base = self.folder.parent
        unread = sorted(path for path in self._unread if not path.startswith(STDIN_NAME))
        existing = [path for path in unread if location_of(path, base).is_file()]
        otherwise = self.found.read_otherwise
        self._left_alone = [one for one in existing if otherwise.get(one, self._fingerprint) != self._fingerprint]
        readable = [path for path in existing if path not in set(self._left_alone)]
        if len(readable) == len(self._unread) and _UNREAD in self.found.unknown:
            self.found.unknown.remove(_UNREAD)
        return readable

    def _note(self, name: str, *sentences: str) -> None:
        """Keep what was found, before anything is changed for it."""
        self.found.damaged += [name] * (name not in self.found.damaged)
        self.found.unknown += [one for one in sentences if one not in self.found.unknown]
        if not self._trial:
            self._standing()
            self.found.note(self.folder)

    def _mend_stamp(self) -> None:
        if _is_stamped(self.folder):
            return
        self._note(STAMP)
        if not self._trial:
            self._keep_aside(self.folder / STAMP)
            write_stamp(self.folder)

    def _mend_saved(self) -> None:
        """Keep those of the saved queries that are as they were saved."""
        file = self.folder / SAVED
        try:
            saved.read(file)
        except DamagedIndexError:
            kept = saved.rescue(file)
            self._note(SAVED, f"saved queries that were kept: {len(kept):,}; whether there were others is not known")
            if not self._trial:
                self._keep_aside(file)
                saved.write(self.folder, kept)

    def _mend_ledger(self) -> None:
        """Put what is sound of a damaged ledger into its place, and learn from it what belongs into the index."""
        file, generation = self.folder / LEDGER, committed_generation(self.folder)
        broken: set[str] = set()
        self.found.read_otherwise |= read_otherwise(file, self._fingerprint)
        if is_sound(file, generation):
            ledger = Ledger(file, read_only=True)
            self.found.whole &= not 0 <= ledger.generation < generation  # a run was cut off between its two commits
        elif self._trial:
            ledger = Ledger(Path(":memory:"))
            broken = fill_sound(file, generation, ledger)
            self._note_ledger(broken)
        else:
            draft = file.with_name(f"{LEDGER}{DRAFT}")
            broken = copy_sound(file, generation, draft)
            self._note_ledger(broken)
            for journal in journals(file):  # before the new ledger takes its place, which it is none of
                self._keep_aside(journal)
                journal.unlink(missing_ok=True)
            self._keep_aside(file)
            draft.replace(file)
            sync(self.folder)
            ledger = Ledger(file, read_only=True)
        with closing(ledger):
            self._roll = LedgerRoll(list(ledger.captures()), whole=self.found.whole)
            self._unread = {path for path in ledger.paths() if not ledger.file_entry(path)}

    def _note_ledger(self, broken: set[str]) -> None:
        self.found.whole &= "captures" not in broken
        sentences = [_REMOVED] * ("removed" in broken) + [_UNREAD] * bool({"captures", "skipped"} & broken)
        self._note(LEDGER, *sentences)

    def _mend_engine(self) -> None:
        """Make an index of what is undamaged of it, and find what it lacks."""
        held = self._held_if_whole()
        if held is None:
            held = self._salvaged()
        elif set(self.found.damaged) <= _BESIDE and not self._is_in_doubt():
            return
        known = set(self.found.missing)
        self.found.missing += [capture for capture in self._roll.lacking(held) if capture not in known]
        if not self._trial:
            self._standing()
            self.found.note(self.folder)
            with closing(Ledger(self.folder / LEDGER)) as ledger:
                ledger.belong_nowhere()

    def _held_if_whole(self) -> set[tuple[str, int]] | None:
        """Return what the index holds; None when it is damaged.

        Raises:
            IndexUnusableError: it cannot be read, which says nothing of what is in it.
        """
        try:
            with open_archive(self.folder, whole=False) as archive:
                return None if any(archive.engine.faults(lambda _: None, deep=False)) else _held(archive.engine)
        except DamagedIndexError:
            return None

    def _salvaged(self) -> set[tuple[str, int]]:
        """Make an index of what is left of one, and return what it holds."""
        aside = None if self._trial else self.folder / self.found.aside
        self._rescue = salvage_engine(self.folder, aside, self._roll, self._note_engine, self._standing)
        return self._rescue.held

    def _note_engine(self, names: Sequence[str]) -> None:
        """Keep which files of the index are damaged; none where all of it is missing."""
        unknown = [] if self._roll.whole else [_SOURCES]  # that were named by what cannot be read any more alone
        for name in names or [INDEX]:
            self._note(name, *unknown)
        if not self._trial:
            with closing(Ledger(self.folder / LEDGER)) as ledger:
                ledger.belong_nowhere()

    def _is_in_doubt(self) -> bool:
        """Tell whether the index and the ledger, each of them whole, hold other articles."""
        with open_archive(self.folder, whole=False) as archive:
            doubtful = any(disagreements(archive))
        if doubtful:
            self._note(INDEX)
        return doubtful

    def _keep_aside(self, file: Path) -> None:
        """Let what is in a file be found in the folder of damaged files too."""
        keep_aside(file, self.folder / self.found.aside)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn what the disk says to being written into an `IndexUnusableError`."""
    try:
        yield
    except OSError as error:
        message = f"{folder} cannot be written ({error.strerror})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error


def _free(place: Path) -> Path:
    """Return a place, or one named alike, where nothing is."""
    alike = (place.with_name(f"{place.name}#{nth}") for nth in count(1))
    return next(one for one in chain([place], alike) if not one.exists())


def _is_stamped(folder: Path) -> bool:
    try:
        check_stamp(folder, repairing=True)
    except DamagedIndexError:
        return False
    return True


def _held(engine: Engine) -> set[tuple[str, int]]:
    """Return what an index holds, by id and content."""
    return {(holding.id, holding.content) for holding in engine.holdings()}


def _doubtful(engine: Engine) -> tuple[str, ...]:
    """Return the articles that have other than one edition, which is searched."""
    settled: dict[str, bool] = {}
    for holding in engine.holdings():
        settled[holding.id] = holding.id not in settled and not holding.superseded
    return tuple(name for name, is_settled in settled.items() if not is_settled)
