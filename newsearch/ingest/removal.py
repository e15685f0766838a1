"""Taking articles out for good.

It is noted in the ledger first, and stays noted whatever happens then: what was not finished, the next writer does, and
each deletes what earlier ones left in the folder.
"""

from collections.abc import Sequence

from newsearch.engines.base import Engine
from newsearch.errors import InterruptedByUserError, UsageError
from newsearch.ingest.archive import Archive
from newsearch.ingest.ledger import Ledger


def remove_articles(archive: Archive, ids: Sequence[str]) -> None:
    """Take articles out of the index and note in the ledger never to take them in again.

    Args:
        archive: opened for writing.
        ids: of articles that were there a moment ago.

    Raises:
        UsageError: one has left in the meantime; none is removed.
        InterruptedByUserError: Ctrl-C, after it was noted.
    """
    ledger = archive.ledger
    identities: dict[str, str] = {}
    for article_id in ids:
        identity = ledger.identity_of(article_id)
        if identity is None and ledger.has_removed(article_id):
            continue  # an earlier removal that was cut off has been finished since
        if identity is None:
            message = f"article '{article_id}' has left in the meantime; nothing was removed"
            raise UsageError(message, "remove the others without it, or this one when it is there again")
        identities[article_id] = identity
    ledger.begin()
    for article_id, identity in identities.items():
        ledger.remove(identity, article_id)
    ledger.commit(archive.engine.generation)
    try:
        finish_removal(ledger, archive.engine)
    except KeyboardInterrupt as error:
        message = "interrupted; the articles are taken out by the next command that writes the index"
        raise InterruptedByUserError(message) from error


def finish_removal(ledger: Ledger, engine: Engine) -> None:
    """Take out of the index what the ledger says is taken out for good."""
    leaving = ledger.leaving()
    if not leaving:
        return
    ledger.begin()
    writer = engine.writer()
    try:
        for article_id in leaving:
            writer.delete(article_id)
        generation = writer.commit(purge=True)
    except BaseException:
        writer.cancel()
        raise
    ledger.drop_removed()
    ledger.commit(generation)
