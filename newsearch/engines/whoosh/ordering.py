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
    first: list[Array] = []
    left = np.arange(len(numbers))
    if page.sort == "relevance":
        left = _least(-scores, wanted)
        first = [-scores[left]]
    times = _times(view, query, page, numbers, left)
    if not first:
        kept = _least(times, wanted)
        left, times = left[kept], times[kept]
    places = np.lexsort([times, *first])
    left = left[_by_id(view, numbers, left, places, [*first, times])]
    chosen = left[page.offset : wanted]
    return numbers[chosen], scores[chosen]


def _least(keys: Array, wanted: int) -> Array:
    """Return the places of the keys that can be among the `wanted` least, ties of the last included."""
    if wanted >= len(keys):
        return np.arange(len(keys))
    bound = np.partition(keys, wanted - 1)[wanted - 1]
    return np.flatnonzero(keys <= bound)


def _times(view: IndexView, query: Query, page: Page, numbers: Array, left: Array) -> Array:
    """Return what to sort the documents that are left by in time, ascending; unknown times last."""
    published = view.instants("published", query.zone)[numbers[left]]
    if page.sort == "updated":
        updated = view.instants("updated", query.zone)[numbers[left]]
        published = np.where(updated == UNKNOWN, published, updated)
    return np.where(published == UNKNOWN, _LAST, published if page.sort == "oldest" else -published)


def _by_id(view: IndexView, numbers: Array, left: Array, places: Array, keys: list[Array]) -> Array:
    """Return the places with runs of equal keys put in the order of their ids."""
    same = np.ones(max(0, len(places) - 1), bool)
    for key in keys:
        same &= key[places[1:]] == key[places[:-1]]
    if not same.any():
        return places
    settled = places.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[0], same.view(np.int8), [0]])))
    for start, end in zip(edges[::2].tolist(), (edges[1::2] + 1).tolist(), strict=True):
        run = places[start:end].tolist()
        settled[start:end] = sorted(run, key=lambda place: view.article_id(int(numbers[left[place]])))
    return settled
