"""Making the ledger agree with the index, after a run that ended between the commits of the two."""

from newsearch.engines.base import Engine
from newsearch.extract.identity import Identity, identify
from newsearch.ingest.ledger import CaptureEntry, Ledger
from newsearch.model import Article, Edition


def recover(ledger: Ledger, engine: Engine) -> None:
    """Enter in the ledger what the index holds, and forget what it lacks, with its file, which is then read again.

    Nothing is done when the two belong together.
    """
    if ledger.generation == engine.generation:
        return
    ledger.begin()
    held = {(edition.article.id, edition.digest): edition for edition in engine.scan()}
    for capture in list(ledger.captures()):
        if (capture.id, capture.digest) not in held:
            ledger.drop_capture(capture)
            ledger.forget_file(capture.path)
    entered = {(capture.id, capture.digest) for capture in ledger.captures()}
    for key in held.keys() - entered:
        ledger.set_capture(entry_of(held[key]))
    ledger.commit(engine.generation)


def entry_of(edition: Edition) -> CaptureEntry:
    """Return what the ledger would have noted of the first capture of an edition."""
    article = edition.article
    return capture_entry(article, Identity(identify(article).key, article.id), edition.digest)


def capture_entry(article: Article, identity: Identity, content: str) -> CaptureEntry:
    """Return what the ledger notes of a capture of an article.

    Args:
        article: as the capture shows it.
        identity: what it is known by, with the id it bears.
        content: the digest.
    """
    moment = article.updated or article.published
    return CaptureEntry(
        stated=moment.instant.timestamp() if moment else float("-inf"),
        captured=article.captured.timestamp() if article.captured else float("-inf"),
        first_line=article.origin.first_line,
        path=article.origin.path,
        last_line=article.origin.last_line,
        id=identity.id,
        identity=identity.key,
        digest=content,
        member=article.origin.member,
    )
