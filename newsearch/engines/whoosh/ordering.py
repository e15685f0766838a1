"""Which of the matching documents come first.

Whole columns are compared as numbers; the ids, which only settle ties, are read for the few documents that need them.
"""

import numpy as np

from newsearch.engines.base import Page
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.documents import UNKNOWN
from newsearch.engines.whoosh.matching import Matcher
from newsearch.engines.whoosh.view import Floats, IndexView
from newsearch.query import Query

_LAST = np.iinfo(np.int64).max


def ordered(view: IndexView, matcher: Matcher, query: Query, page: Page) -> tuple[Array, Floats]:
    """Return the numbers and the scores of a page's documents, in order."""
    numbers, scores = matcher.documents, matcher.scores()
    wanted = len(numbers) if page.limit is None else min(len(numbers), page.offset + page.limit)
    if wanted <= page.offset:
        return numbers[:0], scores[:0]
    if page.sort != "relevance":
        times = _times(view, query, page, numbers)
        left = _least(times, wanted)
        chosen = _settled(view, numbers, left, [times[left]])[page.offset : wanted]
        return numbers[chosen], scores[chosen]
    left = _least(-scores, wanted)
    left = left[np.argsort(-scores[left])]
    if bool(np.any(scores[left[1:]] == scores[left[:-1]])):
        left = _settled(view, numbers, left, [_times(view, query, page, numbers[left]), -scores[left]])
    chosen = left[page.offset : wanted]
    return numbers[chosen], scores[chosen]


def _least(keys: Array, wanted: int) -> Array:
    """Return the places of the keys that can be among the `wanted` least, ties of the last included."""
    if wanted >= len(keys):
        return np.arange(len(keys))
    bound = np.partition(keys, wanted - 1)[wanted - 1]
    return np.flatnonzero(keys <= bound)


def _times(view: IndexView, query: Query, page: Page, numbers: Array) -> Array:
    """Return what to sort documents by in time, ascending; unknown times last."""
    published = view.instants("published", query.zone)[numbers]
    if page.sort == "updated":
        updated = view.instants("updated", query.zone)[numbers]
        published = np.where(updated == UNKNOWN, published, updated)
    return np.where(published == UNKNOWN, _LAST, published if page.sort == "oldest" else -published)


def _settled(view: IndexView, numbers: Array, left: Array, keys: list[Array]) -> Array:
    """Return what is left in the order of its keys, of which the last counts first, then of the articles' ids."""
    places = np.lexsort(keys)
    same = np.ones(max(0, len(places) - 1), bool)
    for key in keys:
        same &= key[places[1:]] == key[places[:-1]]
    ordered = left[places]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], same.view(np.int8), [0]])))
    for start, end in zip(edges[::2].tolist(), (edges[1::2] + 1).tolist(), strict=True):
        run = ordered[start:end].tolist()
        ordered[start:end] = sorted(run, key=lambda place: view.article_id(int(numbers[place])))
    return ordered
