"""Which editions of an article an index should hold, given the captures the ledger knows.

Each distinct content is an edition; the one that the newest capture shows is the current one. The order in which the
captures arrived plays no part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import isfinite

from newsearch.extract.times import judge_future
from newsearch.ingest.ledger import CaptureEntry
from newsearch.model import Article, Edition


def editions_of(captures: Sequence[CaptureEntry], contents: Mapping[str, Article]) -> list[Edition]:
    """Return the editions, the current one last.

    Args:
        captures: of one article, oldest first; at least one.
        contents: what the captures show, by digest.

    Raises:
        KeyError: a content is missing; its key is the digest.
    """
    current = captures[-1].digest
    firsts: dict[str, CaptureEntry] = {}
    for capture in captures:
        firsts.setdefault(capture.digest, capture)
    digests = sorted(firsts, key=lambda digest: digest == current)
    return [_edition(contents[digest], firsts[digest], superseded=digest != current) for digest in digests]


def _edition(article: Article, first: CaptureEntry, *, superseded: bool) -> Edition:
    captured = datetime.fromtimestamp(first.captured, UTC) if isfinite(first.captured) else None
    shown = replace(
        article,
        id=first.id,
        origin=first.origin,
        captured=captured,
        published=article.published and judge_future(article.published, captured),
        updated=article.updated and judge_future(article.updated, captured),
    )
    return Edition(shown, first.digest, superseded)
