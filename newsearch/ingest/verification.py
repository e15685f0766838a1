"""Whether the index, the ledger, the texts and the saved queries are whole and agree."""

from collections.abc import Callable, Iterator

from newsearch.errors import IndexUnusableError
from newsearch.extract.identity import digest
from newsearch.ingest.archive import Archive
from newsearch.ingest.saved import load


def remark(archive: Archive) -> str:
    """Say whether a run was cut off between its two commits, which harms nothing; empty when none was."""
    ours, theirs = archive.ledger.generation, archive.engine.generation
    if ours == theirs:
        return ""
    return f"the ledger is of generation {ours} and the index of {theirs}; the next run of newsearch index mends that"


def faults(archive: Archive, advance: Callable[[int], None], *, deep: bool) -> Iterator[str]:
    """Read everything back and yield what is wrong, one line each.

    Args:
        archive: opened for reading.
        advance: told of each document's worth of work done.
        deep: analyse every text again and compare it with the postings.

    Raises:
        IndexUnusableError: it is damaged beyond reading on.
    """
    yield from archive.ledger.faults()
    yield from _saved_faults(archive)
    yield from archive.engine.faults(advance, deep=deep)
    try:
        yield from _disagreements(archive)
    except IndexUnusableError as error:
        yield str(error)


def _saved_faults(archive: Archive) -> Iterator[str]:
    try:
        load(archive.folder)
    except IndexUnusableError as error:
        yield f"{error}; {error.hint}"


def _disagreements(archive: Archive) -> Iterator[str]:
    held: set[tuple[str, str]] = set()
    current: dict[str, int] = {}
    for edition in archive.engine.scan():
        article = edition.article
        if digest(article) != edition.digest:
            yield f"article {article.id}: its text is not the one that was taken in"
        if (article.id, edition.digest) in held:
            yield f"article {article.id}: an edition is there twice"
        held.add((article.id, edition.digest))
        current[article.id] = current.get(article.id, 0) + (not edition.superseded)
    yield from (f"article {name}: {count} current editions" for name, count in current.items() if count != 1)
    if remark(archive):
        return
    entered = {(capture.id, capture.digest) for capture in archive.ledger.captures()}
    yield from (f"article {name}: the index lacks an edition the ledger has" for name, _ in sorted(entered - held))
    yield from (f"article {name}: the ledger lacks an edition the index has" for name, _ in sorted(held - entered))
