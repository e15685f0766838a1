"""Whether the index, the ledger, the texts and the saved queries are whole and agree."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from newsearch.engines.base import Engine, content_mark
from newsearch.errors import IndexUnusableError
from newsearch.extract.identity import digest
from newsearch.ingest.archive import Archive, open_archive
from newsearch.ingest.ledger import Ledger
from newsearch.ingest.saved import load

_TRIES, _PAUSE = 10, 0.02
"""Seconds between two; a writer's commit of the ledger follows at once on that of the index."""


def remark(archive: Archive) -> str:
    """Say whether a run was cut off between its two commits, which harms nothing; empty when none was."""
    ours, theirs = archive.ledger.generation, archive.engine.generation
    if ours >= theirs:
        return ""
    return f"the ledger is of generation {ours} and the index of {theirs}; the next run of newsearch index mends that"


def faults(archive: Archive, advance: Callable[[int], None], *, deep: bool) -> Iterator[str]:
    """Read everything back and yield what is wrong, one line each.

    Args:
        archive: opened for reading.
        advance: told of each document's worth of work done.
        deep: analyse every text again and compare it with the postings.
    """
    parts = [_ledger_faults(archive), _saved_faults(archive), archive.engine.faults(advance, deep=deep)]
    parts += [disagreements(archive), *([_altered_texts(archive)] if deep else [])]
    told: set[str] = set()
    for part in parts:
        for fault in _faults_of(part):
            if fault not in told:  # what one part cannot be read for, another cannot either
                told.add(fault)
                yield fault


def _faults_of(part: Iterator[str]) -> Iterator[str]:
    try:
        yield from part
    except IndexUnusableError as error:
        yield str(error)


def _ledger_faults(archive: Archive) -> Iterator[str]:
    yield from archive.ledger.faults()


def _saved_faults(archive: Archive) -> Iterator[str]:
    load(archive.folder)
    yield from ()


def _altered_texts(archive: Archive) -> Iterator[str]:
    for edition in archive.engine.scan():
        if digest(edition.article) != edition.digest:
            yield f"article {edition.article.id}: its text is not the one that was taken in"


def disagreements(archive: Archive) -> Iterator[str]:
    """Compare what the index holds with what the ledger knows, and both with what they should be.

    Beside a writer the two are read as they were after one of its runs. If it was cut off between its two commits, the
    index alone is looked at.
    """
    for left in reversed(range(_TRIES)):
        with archive.ledger.snapshot(), _latest(archive) as engine:
            ours, theirs = archive.ledger.generation, engine.generation
            if ours > theirs:
                yield f"the index is of generation {theirs} and the ledger of {ours}, which is later"
                return
            if ours == theirs or ours < 0 or not left:  # below 0 until a repair has ended
                yield from _compared(engine, archive.ledger if ours == theirs else None)
                return
        time.sleep(_PAUSE)


@contextmanager
def _latest(archive: Archive) -> Iterator[Engine]:
    """Return the engine of an archive, or if something has been committed since it was opened, one that sees that."""
    if archive.ledger.generation == archive.engine.generation:
        yield archive.engine
    else:
        with open_archive(archive.folder, whole=False) as again:
            yield again.engine


def _compared(engine: Engine, ledger: Ledger | None) -> Iterator[str]:
    held: set[tuple[str, int]] = set()
    current: Counter[str] = Counter()
    for holding in engine.holdings():
        edition = holding.id, holding.content
        if edition in held:
            yield f"article {holding.id}: an edition is there twice"
        held.add(edition)
        current[holding.id] += not holding.superseded
    yield from (f"article {name}: {count} current editions" for name, count in current.items() if count != 1)
    if not ledger:
        return
    entered = {(name, content_mark(content)) for name, content in ledger.editions()}
    yield from (f"article {name}: the index lacks an edition the ledger has" for name, _ in sorted(entered - held))
    yield from (f"article {name}: the ledger lacks an edition the index has" for name, _ in sorted(held - entered))
