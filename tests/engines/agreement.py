"""Whether an engine agrees with the reference engine; what differs is said, with both sides of it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, cast
from unittest import mock

import pytest

from newsearch.engines import ENGINES
from newsearch.engines.base import Engine, Page
from newsearch.model import Statistics
from newsearch.query import Query
from newsearch.query.tree import terms_of

OTHERS = [name for name in ENGINES if name != "memory"]
TINY = {
    "writer.DOCUMENTS": 4,
    "workers.DOCUMENTS": 4,
    "writer.WORDS": 40,
    "inverter.BATCH": 40,
    "inverter.SORTED": 8,
    "inverter.SIGNED": 30,
    "clusters.COMPARED": 2,
    "merge.MERGED": 8,
    "chunks.SMALLEST": 4,
    "building.STORED_BLOCK": 300,
    "blocks.BLOCK": 64,
    "view.RANGES": 1,
    "view.WORDS_KEPT": 2,
    "view.WILDCARDS_KEPT": 1,
    "view.ZONES_KEPT": 1,
    "view.SLICE": 6,
    "occurrences.SCARCE": 2,
    "matching.SCARCE": 2,
    "phrases.MORE": 1,
    "beginnings.MORE": 1,
    "segment.SHORT_TEXT": 8,
    "languages.MASKS_KEPT": 1,
    "vocabulary.SEVERAL": 1,
    "vocabulary.GAP": 1,
    "vocabulary.CHUNK": 8,
}
"""What the Whoosh engine does at sizes that no test reaches, it does at these."""


@contextmanager
def tiny_segments() -> Iterator[None]:
    """Let the Whoosh engine have small segments and blocks."""
    with ExitStack() as stack:
        for place, limit in TINY.items():
            stack.enter_context(mock.patch(f"newsearch.engines.whoosh.{place}", limit))
        yield


def make(name: str, folder: Path) -> Engine:
    """Open an engine in a folder, or begin one there."""
    engine: Engine = cast("Any", ENGINES.load(name))(folder, create=True)
    return engine


def assert_same_answers(engine: Engine, reference: Engine, query: Query, page: Page) -> None:
    ours, theirs = engine.search(query, page), reference.search(query, page)
    about = f"{query.receipt.canonical} by {page.sort}{f' as of {query.as_of}' if query.as_of else ''}"
    about += f", {page.lead} of each story" if page.stories else ""
    _same(f"total of {about}", ours.total, theirs.total)
    _same(f"stories of {about}", ours.total_stories, theirs.total_stories)
    _same(f"undated of {about}", ours.undated, theirs.undated)
    _same(f"offset of {about}", ours.offset, theirs.offset)
    _same(f"hits of {about}", [hit.article.id for hit in ours.hits], [hit.article.id for hit in theirs.hits])
    copies = [[(hit.copies, hit.story) for hit in results.hits] for results in (ours, theirs)]
    _same(f"copies of {about}", *copies)
    _same(f"ranking of {about}", [name for name, _ in ours.ranking], [name for name, _ in theirs.ranking])
    _same(f"articles of {about}", [hit.article for hit in ours.hits], [hit.article for hit in theirs.hits])
    scores = pytest.approx([hit.score for hit in theirs.hits], abs=1e-9)
    _same(f"scores of {about}", [hit.score for hit in ours.hits], scores)
    for ours_hit, theirs_hit in zip(ours.hits, theirs.hits, strict=True):
        own, other = dict(ours_hit.shares), dict(theirs_hit.shares)
        _same(f"shares of {ours_hit.article.id} for {about}", own, pytest.approx(other, abs=1e-9))
        if page.shares:
            _same(
                f"sum of {ours_hit.article.id} for {about}", sum(own.values()), pytest.approx(ours_hit.score, abs=1e-9)
            )
    for word in dict.fromkeys(islice(terms_of(query.tree), 3)):
        _same(f"forms of {word} for {about}", engine.forms(word, 4, query.as_of), reference.forms(word, 4, query.as_of))
    _same(f"titles of {about}", [hit.title for hit in ours.hits], [hit.title for hit in theirs.hits])
    _same(f"snippets of {about}", [hit.snippets for hit in ours.hits], [hit.snippets for hit in theirs.hits])
    _same(f"receipt of {about}", ours.receipt, theirs.receipt)


def assert_same_content(engine: Engine, reference: Engine, names: list[str]) -> None:
    _same("all editions", Counter(engine.scan()), Counter(reference.scan()))
    for name in names:
        _same(f"editions of {name}", Counter(engine.editions(name)), Counter(reference.editions(name)))
        _same(f"article {name}", engine.get(name), reference.get(name))
    _same("faults", list(engine.faults(lambda _: None, deep=True)), [])
    _same("statistics", _figures(engine.statistics()), _figures(reference.statistics()))


def _figures(statistics: Statistics) -> tuple[object, ...]:
    ends = (statistics.first_published, statistics.last_published)
    return (
        *(statistics.articles, statistics.editions, statistics.undated, statistics.stories),
        *(moment and moment.instant for moment in ends),
        list(statistics.sources.items()),
    )


def _same(what: str, ours: object, theirs: object) -> None:
    if ours != theirs:
        pytest.fail(f"{what}\n  of the engine: {ours}\n  should be: {theirs}", pytrace=False)
