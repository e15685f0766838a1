"""Taking articles out for good.

It is noted in the ledger first, and stays noted whatever happens then: what was not finished, the next writer does.
"""

from collections.abc import Sequence

from newsearch.engines.base import Engine
from newsearch.errors import InterruptedByUserError
from newsearch.ingest.archive import Archive
from newsearch.ingest.ledger import Ledger


def remove_articles(archive: Archive, ids: Sequence[str]) -> None:
    """Take articles out of the index and note in the ledger never to take them in again.

    Args:
        archive: opened for writing.
        ids: of articles that are there.

    Raises:
        InterruptedByUserError: Ctrl-C, after it was noted.
    """
    ledger = archive.ledger
    ledger.begin()
    for article_id in ids:
        if identity := ledger.identity_of(article_id):
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
