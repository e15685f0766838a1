"""Taking articles out for good."""

from collections.abc import Sequence

from newsearch.ingest.archive import Archive


def remove_articles(archive: Archive, ids: Sequence[str]) -> None:
    """Take articles out of the index and note in the ledger never to take them in again.

    Args:
        archive: opened for writing.
        ids: of articles that are there.
    """
    archive.ledger.begin()
    writer = archive.engine.writer()
    try:
        for article_id in ids:
            article = archive.engine.get(article_id)
            identity = archive.ledger.identity_of(article_id)
            if article and identity:
                archive.ledger.remove(identity, article_id)
                writer.delete(article_id)
        generation = writer.commit(purge=True)
    except BaseException:
        writer.cancel()
        raise
    archive.ledger.commit(generation)
