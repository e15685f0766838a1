"""The way in: source files to captures to articles to the index, a ledger beside it."""

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from newsearch.extract.identity import Identity, alternative_id, digest, identify
from newsearch.extract.records import unread_fields
from newsearch.ingest.archive import Archive
from newsearch.ingest.contents import counted, digest_of, spooled_stdin
from newsearch.ingest.extraction import Extracted, Extractor
from newsearch.ingest.ledger import CaptureEntry, FileEntry, Ledger
from newsearch.ingest.plan import Plan, Progress, Summary
from newsearch.ingest.recovery import capture_entry
from newsearch.ingest.settlement import Settlement
from newsearch.inputs import read
from newsearch.inputs.files import (
    SourceFile,
    find,
    is_excluded,
    is_under,
    location_of,
    open_source,
    path_name,
)
from newsearch.model import STDIN_NAME, Article, Origin, RecordCapture, Skipped, instant_of

COMMIT_SECONDS = 30.0
"""Between two commits; well under a minute, since the commit takes its time too."""
FRUITLESS = 1_000_000
"""Captures in a row without an article after which a file is given up: it is none of articles, or a trap."""
_PASSING = ("unreadable", "extra-missing")
"""Reasons that may be over by the next run, though the file has not changed."""


class Ingest:
    """One run over an archive.

    Args:
        archive: opened for writing, or any for a trial.
        plan: what to do.
        progress: who is told.
        trial: find out what would happen, and write nothing.
    """

    def __init__(self, archive: Archive, plan: Plan, progress: Progress, *, trial: bool = False) -> None:
        self.archive = archive
        self.plan = plan
        self.progress = progress
        self.trial = trial
        self.ledger: Ledger = archive.ledger.copy() if trial else archive.ledger
        self.summary = Summary()
        self._settlement = Settlement(archive.engine, self.ledger, self.summary, trial=trial, doubtful=plan.doubtful)
        self._fingerprint = plan.fingerprint
        self._reported: set[str] = set()
        """Paths that cannot be taken in, found out before any file is opened."""
        self._vanished: set[str] = set()
        self._scratch = None if trial else archive.folder
        """Where what is read may be kept for a moment."""
        self._extractor = Extractor(plan.settings)
        self._reading: _Reading | None = None
        self._begun_at = time.time()
        self._committed_at = time.monotonic()

    def run(self) -> Summary:
        """Take in everything the plan names.

        Raises:
            KeyboardInterrupt: passed on; what was committed is kept and counted in `summary.committed`.
            NewsearchError: the index or the ledger cannot be written.
        """
        self.ledger.begin()
        try:
            self._note_roots()
            every = find(self.plan.roots.present, self.archive.base, self.plan.exclude, self.plan.roots.within)
            found = [source for source in every if not self._is_own(source)]
            self._reported = {one.origin.path for one in found if isinstance(one, Skipped)}
            self._forget_mended()
            self._vanished = set() if self.plan.keep_missing else self._find_vanished()
            self.progress.start(sum(source.size for source in found if isinstance(source, SourceFile)))
            with self._extractor:
                for source in found:
                    self._take_source(source)
                if self.plan.roots.stdin:
                    self._take_stdin()
            self._drop_vanished()
            self._commit()
        except BaseException:
            self._settlement.cancel()
            self.ledger.rollback()
            raise
        finally:
            if self.trial:
                self.ledger.close()
        return self.summary

    def _note_roots(self) -> None:
        """Let it be known what was named: in what is read again, links may lead nowhere else."""
        if not self.plan.roots.within:
            leading = (root for root in self.plan.roots.present if root.is_symlink() or not os.path.isfile(root))  # noqa: PTH113 - False of what cannot be looked at
            self.ledger.add_roots(path_name(root, self.archive.base) for root in leading)

    def _is_own(self, source: SourceFile | Skipped) -> bool:
        """Tell whether this is a part of the index, which may lie among the sources under any name."""
        if isinstance(source, Skipped):
            real = os.path.realpath(location_of(source.origin.path, self.archive.base))
        else:
            real = source.real
        return is_under(Path(real), (Path(os.path.realpath(self.archive.folder)),))

    def _take_source(self, source: SourceFile | Skipped) -> None:
        if isinstance(source, Skipped):
            self._replace_skipped(source.origin.path, [source])
            return
        entry = self.ledger.file_entry(source.path)
        if entry and entry.mark == source.mark and entry.settings == self._fingerprint:
            self._leave(source.path, source.size)
            return
        with ExitStack() as opened:
            try:
                stream = opened.enter_context(open_source(source))
                content = digest_of(stream)
            except OSError as error:
                detail = f"{error.strerror or error}; mend the permissions and index again"
                self._replace_skipped(source.path, [Skipped(Origin(source.path), "unreadable", detail, fatal=True)])
                return
            current = FileEntry(source.path, content, source.mark, self._fingerprint)
            same = entry and entry.digest == content and entry.settings == self._fingerprint
            if same and not any(map(self._is_misdated, self.ledger.captures_in(source.path))):
                self.ledger.set_file(current)
                self._leave(source.path, source.size)
                return
            self.summary.files_reread += bool(entry and entry.digest == content and entry.settings != self._fingerprint)
            stream.seek(0)
            self._take_captures(counted(stream, self.progress), current, instant_of(source.modified))

    def _take_stdin(self) -> None:
        """Take in standard input, kept in a file meanwhile: it is known by its content, which must be read for that."""
        with spooled_stdin(self._scratch) as spool:
            content = digest_of(spool)
            path = f"{STDIN_NAME}{content[:12]}"
            entry = self.ledger.file_entry(path)
            if entry and entry.settings == self._fingerprint:
                self._leave(path, 0)
                return
            spool.seek(0)
            current = FileEntry(path, content, "", self._fingerprint)
            self._take_captures(counted(spool, self.progress), current, datetime.now(UTC))

    def _forget_mended(self) -> None:
        """Forget what could not be looked at in an earlier run and can be now, or is left out now."""
        for one in self.ledger.skipped():
            path = one.origin.path
            location = location_of(path, self.archive.base)
            inside = is_under(location, self.plan.roots.present)
            readable = one.reason == "unreadable" and path not in self._reported and inside and location.is_dir()
            if readable or is_excluded(path, self.plan.exclude):
                self.ledger.forget_skipped(path)

    def _leave(self, path: str, size: int) -> None:
        """Pass over a file that is as it was when it was read to its end."""
        for one in self.ledger.skipped_in(path):
            if one.reason == "unreadable":  # for a while it could not be opened
                self.ledger.forget_skipped(path)
        self.summary.files_unchanged += 1
        self.summary.unchanged += len(self.ledger.captures_in(path))
        self.summary.skipped_before += sum(not skipped.harmless for skipped in self.ledger.skipped_in(path))
        self.progress.advance(size, 0)

    def _take_captures(self, stream: BinaryIO, entry: FileEntry, captured: datetime | None) -> None:
        """Read a file and settle what it showed before against what it shows now."""
        self.summary.files_read += 1
        self._reading = _Reading(self.ledger, entry)
        captures = islice(
            read(stream, entry.path, captured, self.plan.input_format, self._scratch), self._reading.done, None
        )
        for extracted in self._extractor.read(captures):
            self._take_capture(extracted)
            if self._reading.fruitless >= FRUITLESS:
                detail = f"{FRUITLESS:,} captures in a row show no article, so the rest was not read"
                hint = "see whether --map names the fields, or leave it out with --exclude"
                self._note(Skipped(Origin(entry.path), "fruitless", f"{detail}; {hint}", fatal=True))
                break
        skipped, left = self.ledger.skipped_in(entry.path), list(self._reading.before.values())
        unknown = [one.origin for one in skipped if one.fatal]
        for gone in left:
            if not any(origin.covers(gone.origin) for origin in unknown):
                self._settlement.drop(gone)
        self.ledger.forget_file(entry.path)
        if not any(one.reason in _PASSING for one in skipped):
            self.ledger.set_file(entry)
        self._reading = None

    def _take_capture(self, extracted: Extracted) -> None:
        """Take in what one capture shows."""
        capture, reading = extracted.capture, cast("_Reading", self._reading)
        if isinstance(capture, Skipped):
            self._note(capture)
        elif isinstance(capture, RecordCapture):
            self.summary.unread.update(unread_fields(capture, self.plan.settings))
        for found in extracted.findings:
            if isinstance(found, Skipped):
                self._note(found)
            else:
                self._take_article(found, reading.before)
        reading.done += 1
        fruitful = any(isinstance(found, Article) for found in extracted.findings)
        reading.fruitless = 0 if fruitful else reading.fruitless + 1
        self._commit_if_due()

    def _note(self, skipped: Skipped) -> None:
        """Enter what is skipped in a file that is being read."""
        reading = cast("_Reading", self._reading)
        self.ledger.add_skipped(skipped)
        if skipped not in reading.skipped_before:
            self.summary.skipped.append(skipped)
        elif not skipped.harmless:
            self.summary.skipped_before += 1

    def _take_article(self, article: Article, before: dict[tuple[str, int, str], CaptureEntry]) -> None:
        """Take in an article, and strike the capture it is from those its file showed before."""
        identity = identify(article)
        if self.ledger.is_removed(identity.key):
            self.summary.kept_out += 1
            return
        same = before.pop((article.origin.member, article.origin.first_line, identity.key), None)
        article_id = self._id_for(identity)
        entry = capture_entry(article, Identity(identity.key, article_id), digest(article))
        dated = same and (same.captured == entry.captured or not self._is_misdated(same))
        if same and dated and (same.digest, same.last_line) == (entry.digest, entry.last_line):
            self.summary.unchanged += 1
            return
        self._settlement.take(entry, article)
        self.progress.advance(0, 1)

    def _is_misdated(self, capture: CaptureEntry) -> bool:
        """Tell whether a capture was saved, by the time of its file, when it could not yet be: a clock was wrong."""
        return capture.captured > self._begun_at

    def _id_for(self, identity: Identity) -> str:
        known = self.ledger.id_of(identity.key)
        if known:
            return known
        holders = self.ledger.captures_of(identity.id)
        # The articles of a renamed file keep their ids: those that bear them are about to leave.
        free = all(holder.path in self._vanished for holder in holders)
        return identity.id if free else alternative_id(identity)

    def _find_vanished(self) -> set[str]:
        """Return the files that lay under the roots of this run and are there no more."""
        inside = ((path, location_of(path, self.archive.base)) for path in self.ledger.paths())
        gone = [
            (path, location)
            for path, location in inside
            if not path.startswith(STDIN_NAME) and is_under(location, self.plan.roots.present)
            if _is_gone(location) or self._became_a_folder(path, location)
        ]
        # Looked at last: of a root that vanished meanwhile, say a drive that was pulled out, nothing is to leave.
        still = [root for root in self.plan.roots.present if not _is_gone(root)]
        return {path for path, location in gone if is_under(location, still)}

    def _became_a_folder(self, path: str, location: Path) -> bool:
        """Tell whether a folder has taken the place of a file; a folder is known only if it was skipped."""
        is_folder = os.path.isdir(location)  # noqa: PTH112 - False of what cannot be looked at
        return is_folder and bool(self.ledger.file_entry(path) or self.ledger.captures_in(path))

    def _drop_vanished(self) -> None:
        """Let the articles of vanished files leave; last, since a file that was only renamed has been read by then."""
        for path in sorted(self._vanished):
            self.summary.files_vanished += 1
            for capture in self.ledger.captures_in(path):
                self._settlement.drop(capture)
            self.ledger.forget_file(path)
            if path not in self._reported:
                self.ledger.forget_skipped(path)

    def _replace_skipped(self, path: str, skipped: Sequence[Skipped]) -> None:
        known = set(self.ledger.skipped_in(path))
        self.ledger.forget_skipped(path)
        for one in skipped:
            self.ledger.add_skipped(one)
            if one not in known:
                self.summary.skipped.append(one)
            elif not one.harmless:
                self.summary.skipped_before += 1

    def _commit_if_due(self) -> None:
        if self._settlement.is_full or time.monotonic() - self._committed_at >= COMMIT_SECONDS:
            if self._reading:
                self._reading.note_progress()
            self._commit()
            if not self.trial:
                self.ledger.begin()

    def _commit(self) -> None:
        """Make everything last: the index first, then the ledger."""
        self._settlement.commit()
        self._committed_at = time.monotonic()
        if self.trial:
            return
        self.ledger.commit(self.archive.engine.generation)
        self.summary.committed = self.summary.added + self.summary.changed


class _Reading:
    """How far a file has been read, and what it showed before.

    Args:
        ledger: knows what an interrupted run has done of it.
        entry: of the file.
    """

    def __init__(self, ledger: Ledger, entry: FileEntry) -> None:
        self._ledger = ledger
        self._entry = entry
        begun = ledger.begun(entry)
        self.done = begun.captures if begun else 0
        """Captures from its start that are settled."""
        self.fruitless = 0
        """Captures since the last one that showed an article."""
        before = ledger.unseen_in(entry.path) if begun else ledger.captures_in(entry.path)
        self.before = {capture.place: capture for capture in before}
        """What it showed before and has not shown again so far."""
        self.skipped_before = set(ledger.skipped_in(entry.path))
        if not begun:
            ledger.forget_file(entry.path)  # until it has been read to its end
            ledger.forget_skipped(entry.path)

    def note_progress(self) -> None:
        """Enter in the ledger how far it has been read, so that an interrupted run goes on there."""
        self._ledger.set_begun(self._entry, self.done, self.before)


def _is_gone(location: Path) -> bool:
    """Tell whether a file is certainly no more there; what cannot be looked at is not gone."""
    try:
        os.lstat(location)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
