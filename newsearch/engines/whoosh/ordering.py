"""Which of the matching documents come first.

Whole columns are compared as numbers; the ids, which only settle ties, are read for the few documents that need them.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from newsearch.engines.base import Page
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.documents import UNKNOWN
from newsearch.engines.whoosh.masks import nonzero
from newsearch.engines.whoosh.matching import Matcher, SliceMatcher
from newsearch.engines.whoosh.view import Floats, IndexView, Slice
from newsearch.query import Query
from newsearch.query.tree import Leaf

_LAST = np.iinfo(np.int64).max


class _Rows(NamedTuple):
    """Some documents, by their numbers in the whole index, and what they are sorted by first, ascending."""

    numbers: Array
    keys: Array

    def at(self, places: Array) -> "_Rows":
        return _Rows(self.numbers.take(places), self.keys.take(places))


def ordered(view: IndexView, matcher: Matcher, query: Query, page: Page) -> tuple[Array, Floats]:
    """Return the numbers and the scores of a page's documents, in order."""
    wanted = matcher.total if page.limit is None else min(matcher.total, page.offset + page.limit)
    if wanted <= page.offset:
        return np.zeros(0, np.intp), np.zeros(0)
    if page.sort == "relevance":
        rows = _least(matcher, wanted, lambda found: -found.scores(found.documents, matcher.weights))
        rows = rows.at(np.argsort(rows.keys))
        if bool(np.any(rows.keys[1:] == rows.keys[:-1])):
            times = _of_each(matcher, rows.numbers, lambda found, some: _times(found.piece, query, page, some))
            rows = _settled(view, rows, [times, rows.keys])
        rows = _Rows(*(column[page.offset : wanted] for column in rows))
        return rows.numbers, -rows.keys
    rows = _least(matcher, wanted, lambda found: _times(found.piece, query, page, found.documents))
    numbers = _settled(view, rows, [rows.keys]).numbers[page.offset : wanted]
    return numbers, _of_each(matcher, numbers, lambda found, some: found.scores(some, matcher.weights))


def shared(matcher: Matcher, numbers: Array) -> list[tuple[Leaf, Floats]]:
    """Return what each leaf adds to the scores of some matching documents."""
    if not len(numbers):
        return []

    def values(found: SliceMatcher, some: Array) -> Array:
        return np.array([share for _, share in found.shares(some, matcher.weights)]).reshape(-1, len(some)).T

    leaves = [leaf for leaf, _ in matcher.slices[0].shares(numbers[:0], matcher.weights)]
    return list(zip(leaves, _of_each(matcher, numbers, values).T, strict=True))


def _least(matcher: Matcher, wanted: int, keys_of: Callable[[SliceMatcher], Array]) -> _Rows:
    """Return the matching documents that can be among the `wanted` first, ties of the last included."""
    best = _Rows(np.zeros(0, np.intp), np.zeros(0))
    for found in matcher.slices:
        keys = keys_of(found)
        rows = _Rows(found.documents, keys)
        if len(best.keys) >= wanted:
            rows = rows.at(nonzero(keys <= best.keys.max()))
        rows = _Rows(rows.numbers + found.piece.base, rows.keys)
        if len(best.keys):
            rows = _Rows(*map(np.concatenate, zip(best, rows, strict=True)))
        if wanted < len(rows.keys):
            bound = np.partition(rows.keys, wanted - 1)[wanted - 1]
            rows = rows.at(nonzero(rows.keys <= bound))
        best = rows
    return best


def _times(piece: Slice, query: Query, page: Page, documents: Array) -> Array:
    """Return what to sort documents of a slice by in time, ascending; unknown times last."""
    published = piece.instants("published", query.zone)[documents]
    if page.sort == "updated":
        updated = piece.instants("updated", query.zone)[documents]
        published = np.where(updated == UNKNOWN, published, updated)
    return np.where(published == UNKNOWN, _LAST, published if page.sort == "oldest" else -published)


def _of_each(matcher: Matcher, numbers: Array, values_of: Callable[[SliceMatcher, Array], Array]) -> Array:
    """Return a value of each of some documents, which is asked for slice by slice, in ascending order."""
    order = np.argsort(numbers)
    ascending = numbers[order]
    edges = np.searchsorted(ascending, [found.piece.base for found in matcher.slices]).tolist()
    parts = [
        values_of(found, ascending[start:end] - found.piece.base)
        for found, start, end in zip(matcher.slices, edges, [*edges[1:], len(numbers)], strict=True)
        if start < end
    ]
    values = np.empty((len(numbers), *parts[0].shape[1:]), parts[0].dtype)
    values[order] = np.concatenate(parts)
    return values


def _settled(view: IndexView, rows: _Rows, keys: list[Array]) -> _Rows:
    """Return rows in the order of some keys, of which the last counts first, then of the articles' ids."""
    places = np.lexsort(keys)
    same = np.ones(max(0, len(places) - 1), bool)
    for key in keys:
        same &= key[places[1:]] == key[places[:-1]]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], same.view(np.int8), [0]])))
    for start, end in zip(edges[::2].tolist(), (edges[1::2] + 1).tolist(), strict=True):
        run = places[start:end].tolist()
        places[start:end] = sorted(run, key=lambda place: view.article_id(int(rows.numbers[place])))
    return rows.at(places)
