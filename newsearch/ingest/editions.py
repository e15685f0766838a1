"""Which editions of an article an index should hold, given the captures the ledger knows.

Each distinct content is an edition; the one that the newest capture shows is the current one. The order in which the
captures arrived plays no part.

As of an earlier time the edition is the one that would be current had only the captures of up to then been taken in.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING

from newsearch.extract.times import judge_future
from newsearch.ingest.ledger import CaptureEntry
from newsearch.model import Article, Edition, Interval

if TYPE_CHECKING:
    from datetime import datetime


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
    known = intervals_of(captures)
    return [
        Edition(_shown(contents[digest], firsts[digest]), digest, digest != current, known.get(digest, ()))
        for digest in digests
    ]


def intervals_of(captures: Sequence[CaptureEntry]) -> dict[str, tuple[Interval, ...]]:
    """Return by digest when a content was the one that the newest capture of up to then shows.

    A capture whose time is unknown counts as always known.
    """
    if len(captures) == 1:  # as most articles have
        return {captures[0].digest: ((captures[0].instant, None),)}
    turns: list[tuple[datetime | None, str]] = []
    arriving = sorted(captures, key=attrgetter("captured"))
    for capture, newest in zip(arriving, accumulate(arriving, max), strict=True):
        instant = capture.instant
        if turns and turns[-1][0] == instant:
            turns.pop()
        if not turns or turns[-1][1] != newest.digest:
            turns.append((instant, newest.digest))
    known: dict[str, tuple[Interval, ...]] = defaultdict(tuple)
    for (start, content), end in zip(turns, [*(start for start, _ in turns[1:]), None], strict=True):
        known[content] += ((start, end),)
    return known


def _shown(article: Article, first: CaptureEntry) -> Article:
    captured = first.instant
    return replace(
        article,
        id=first.id,
        origin=first.origin,
        captured=captured,
        published=article.published and judge_future(article.published, captured),
        updated=article.updated and judge_future(article.updated, captured),
    )
