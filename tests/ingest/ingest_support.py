"""A workshop: a folder of sources with an index beside it, and what a test asks of the two."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsearch.ingest.archive import FOLDER, open_archive, open_for_trial, open_for_writing
from newsearch.ingest.ledger import CaptureEntry
from newsearch.ingest.pipeline import Ingest
from newsearch.ingest.plan import Plan, Summary
from newsearch.ingest.removal import remove_articles
from newsearch.ingest.verification import faults
from newsearch.inputs.files import resolve_roots
from newsearch.model import Article, Edition, Skipped

SOURCES = "sources"


class Quiet:
    """Progress that nobody watches."""

    def start(self, total_bytes: int) -> None:
        """Nothing."""

    def advance(self, read_bytes: int, articles: int) -> None:
        """Nothing."""


class StopAfter(Quiet):
    """Progress that is interrupted, as by Ctrl-C, when so many articles have gone by."""

    def __init__(self, articles: int) -> None:
        self.left = articles

    def advance(self, read_bytes: int, articles: int) -> None:  # noqa: ARG002 - as in the base class
        self.left -= articles
        if articles and self.left <= 0:
            raise KeyboardInterrupt


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder of sources with an index beside it."""

    base: Path

    @property
    def folder(self) -> Path:
        return self.base / FOLDER

    @property
    def sources(self) -> Path:
        return self.base / SOURCES

    def write(self, name: str, content: str | bytes | Iterable[str], *, saved: float | None = None) -> Path:
        """Write a source file; an iterable is the lines of a JSON Lines file. `saved` is its time, in epoch seconds."""
        file = self.sources / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str | bytes):
            content = "".join(f"{line}\n" for line in content)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        if saved is not None:
            os.utime(file, (saved, saved))
        return file

    def index(self, *roots: str, progress: Quiet | None = None, trial: bool = False, **plan: Any) -> Summary:
        """Run over roots beside the index, or over all sources."""
        places = [root if root == "-" else str(self.base / root) for root in roots or (SOURCES,)]
        opened = open_for_trial(self.folder) if trial else open_for_writing(self.folder, create=True)
        with opened as archive:
            return Ingest(archive, Plan(resolve_roots(places), **plan), progress or Quiet(), trial=trial).run()

    def remove(self, *ids: str) -> None:
        with open_for_writing(self.folder, create=False) as archive:
            remove_articles(archive, ids)

    def editions(self, article_id: str | None = None) -> list[Edition]:
        """All editions, or those of an article, in a fixed order."""
        with open_archive(self.folder) as archive:
            found = archive.engine.editions(article_id) if article_id else archive.engine.scan()
            return sorted(found, key=lambda edition: (edition.article.id, edition.superseded, edition.digest))

    def articles(self) -> dict[str, Article]:
        """The current editions by id."""
        return {edition.article.id: edition.article for edition in self.editions() if not edition.superseded}

    def ids(self) -> set[str]:
        return set(self.articles())

    def bodies(self) -> dict[str, str]:
        return {name: article.body for name, article in self.articles().items()}

    def captures(self, article_id: str) -> list[CaptureEntry]:
        with open_archive(self.folder) as archive:
            return archive.ledger.captures_of(article_id)

    def skipped(self) -> list[Skipped]:
        with open_archive(self.folder) as archive:
            return archive.ledger.skipped()

    def generation(self) -> int:
        with open_archive(self.folder) as archive:
            return archive.engine.generation

    def faults(self) -> list[str]:
        with open_archive(self.folder) as archive:
            return list(faults(archive, lambda _: None, deep=True))


def record(own_id: object, body: str = "Nothing happened.", **fields: Any) -> str:
    """A line of JSON Lines."""
    return json.dumps({"id": str(own_id), "title": f"Title {own_id}", "body": body, "source": "Wire", **fields})


def records(*ids: object, body: str = "Nothing happened.") -> list[str]:
    return [record(own_id, body) for own_id in ids]


def segments(workshop: Workshop) -> list[Path]:
    """The files of the segments, the largest first."""
    return sorted((workshop.folder / "index").glob("*.news"), key=lambda file: -file.stat().st_size)


def table(workshop: Workshop) -> Path:
    """The file of the table of contents."""
    (file,) = (workshop.folder / "index").glob("*.toc")
    return file


def reasons(summary: Summary) -> list[str]:
    """Why something was skipped in a run."""
    return [skipped.reason for skipped in summary.skipped]


def figures(summary: Summary) -> dict[str, object]:
    """The numbers of a run that say what became of the archive."""
    names = ("files_read", "files_unchanged", "files_vanished", "added", "changed", "left", "unchanged", "kept_out")
    return {name: getattr(summary, name) for name in names}


def fingerprint(folder: Path) -> dict[str, str]:
    """A hash of every file in a folder, with its times."""
    return {
        str(file.relative_to(folder)): f"{hashlib.sha256(file.read_bytes()).hexdigest()} {file.stat().st_mtime_ns}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
