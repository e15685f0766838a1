"""The versions of an article: its editions in the order in which their captures sort, and how one became the other."""

from dataclasses import dataclass
from itertools import pairwise

from newsearch.ingest.archive import Archive
from newsearch.ingest.ledger import CaptureEntry
from newsearch.ingest.recovery import entry_of
from newsearch.model import Edition


@dataclass(frozen=True, slots=True)
class Version:
    """An edition of an article among the others."""

    number: int
    """From 1 on, in the order of their first captures."""
    edition: Edition
    captures: tuple[CaptureEntry, ...]
    """That show it, oldest first."""


def versions_of(archive: Archive, article_id: str) -> list[Version]:
    """Return the versions of an article by their numbers; none when there is no such article.

    Between its commit and that of the ledger the index has editions of which the ledger knows nothing yet. They are
    taken for captured when and where the index says they first were, as the next run will enter them; captures that
    are about to leave are still there.
    """
    editions = {edition.digest: edition for edition in archive.engine.editions(article_id)}
    captures = [capture for capture in archive.ledger.captures_of(article_id) if capture.digest in editions]
    unknown = editions.keys() - {capture.digest for capture in captures}
    captures = sorted([*captures, *(entry_of(editions[digest]) for digest in unknown)])
    return [
        Version(number, editions[digest], tuple(capture for capture in captures if capture.digest == digest))
        for number, digest in enumerate(dict.fromkeys(capture.digest for capture in captures), 1)
    ]


def steps_of(versions: list[Version]) -> list[tuple[Version, Version]]:
    """Return each change from a version to the next; one that came back is changed to twice."""
    shown = sorted((capture, version.number) for version in versions for capture in version.captures)
    numbers = [number for _, number in shown]
    # A text that has come back may be the current one before the ledger knows that it was captured again.
    numbers += [version.number for version in versions if not version.edition.superseded]
    return [(versions[one - 1], versions[other - 1]) for one, other in pairwise(numbers) if one != other]
