"""Which of the matching documents come first.

Whole columns are compared as numbers; the ids, which only settle ties, are read for the few documents that need them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from newsearch.engines.base import Page
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.documents import UNKNOWN
from newsearch.engines.whoosh.masks import nonzero
from newsearch.engines.whoosh.matching import Matcher, SliceMatcher
from newsearch.engines.whoosh.view import Floats, IndexView, Slice
from newsearch.model import Sort
from newsearch.query import Query
from newsearch.query.tree import Leaf

_LAST = np.iinfo(np.int64).max


class Rows(NamedTuple):
    """Some documents, by their numbers in the index or in a slice, and what they are sorted by first, ascending."""

    numbers: Array
    keys: Array

    def at(self, places: Array) -> "Rows":
        """Return some of them."""
        return Rows(self.numbers.take(places), self.keys.take(places))


class Placed(NamedTuple):
    """The documents of a page, in order."""

    numbers: Array
    scores: Floats
    copies: Array | None = None
    """How many others of the story of each match; None where rows are no stories."""
    stories: int | None = None
    """How many match; None where they are not counted."""


@dataclass(slots=True)  # a frozen one takes as long to make as a posting array to read
class Ordering:
    """The order of the documents that match a query."""

    view: IndexView
    matcher: Matcher
    query: Query
    page: Page

    def keyed(self, found: SliceMatcher) -> Rows:
        """Return all that match in a slice."""
        if self.page.sort == "relevance":
            return Rows(found.documents, -found.scores(found.documents, self.matcher.weights))
        return Rows(found.documents, self._times(self.page.sort, found.piece, found.documents))

    def paged(self, parts: Iterable[Rows], total: int) -> tuple[Array, Floats]:
        """Return the numbers and the scores of a page's documents, in order.

        Args:
            parts: what the page is taken from, slice by slice.
            total: how many documents these are.
        """
        page = self.page
        wanted = total if page.limit is None else min(total, page.offset + page.limit)
        if wanted <= page.offset:
            return np.zeros(0, np.intp), np.zeros(0)
        rows = self._least(parts, wanted)
        if page.sort == "relevance":
            rows = rows.at(np.argsort(rows.keys))
            if bool(np.any(rows.keys[1:] == rows.keys[:-1])):
                rows = self.settled(rows, [self.times("newest", rows.numbers), rows.keys])
            rows = Rows(*(column[page.offset : wanted] for column in rows))
            return rows.numbers, -rows.keys
        numbers = self.settled(rows, [rows.keys]).numbers[page.offset : wanted]
        return numbers, self.scores(numbers)

    def times(self, sort: Sort, numbers: Array) -> Array:
        """Return what to sort some matching documents by in time, ascending; unknown times last."""
        return _of_each(self.matcher, numbers, lambda found, some: self._times(sort, found.piece, some))

    def scores(self, numbers: Array) -> Floats:
        """Return the scores of some matching documents."""
        return _of_each(self.matcher, numbers, lambda found, some: found.scores(some, self.matcher.weights))

    def lengths(self, numbers: Array) -> Array:
        """Return of how many words the bodies of some matching documents are."""
        return _of_each(self.matcher, numbers, lambda found, some: found.piece.column("body.lengths")[some])

    def settled(self, rows: Rows, keys: list[Array]) -> Rows:
        """Return rows in the order of some keys, of which the last counts first, then of the articles' ids."""
        places = np.lexsort(keys)
        same = np.ones(max(0, len(places) - 1), bool)
        for key in keys:
            same &= key[places[1:]] == key[places[:-1]]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], same.view(np.int8), [0]])))
        for start, end in zip(edges[::2].tolist(), (edges[1::2] + 1).tolist(), strict=True):
            run = places[start:end].tolist()
            places[start:end] = sorted(run, key=lambda place: self.view.article_id(int(rows.numbers[place])))
        return rows.at(places)

    def _least(self, parts: Iterable[Rows], wanted: int) -> Rows:
        """Return the rows that can be among the `wanted` first, ties of the last included."""
        best = Rows(np.zeros(0, np.intp), np.zeros(0))
        for found, part in zip(self.matcher.slices, parts, strict=True):
            rows = part
            if len(best.keys) >= wanted:
                rows = rows.at(nonzero(rows.keys <= best.keys.max()))
            elif wanted < len(rows.keys):
                rows = _first(rows, wanted)
            rows = Rows(rows.numbers + found.piece.base, rows.keys)
            if len(best.keys):
                rows = _first(Rows(*map(np.concatenate, zip(best, rows, strict=True))), wanted)
            best = rows
        return best

    def _times(self, sort: Sort, piece: Slice, documents: Array) -> Array:
        published = piece.instants("published", self.query.zone)[documents]
        if sort == "updated":
            updated = piece.instants("updated", self.query.zone)[documents]
            published = np.where(updated == UNKNOWN, published, updated)
        return np.where(published == UNKNOWN, _LAST, published if sort == "oldest" else -published)


def _first(rows: Rows, wanted: int) -> Rows:
    """Return the `wanted` first rows, in no order, ties of the last included."""
    if wanted >= len(rows.keys):
        return rows
    bound = np.partition(rows.keys, wanted - 1)[wanted - 1]
    return rows.at(nonzero(rows.keys <= bound))


def ordered(order: Ordering) -> Placed:
    """Return a page of documents."""
    return Placed(*order.paged(map(order.keyed, order.matcher.slices), order.matcher.total))


def shared(matcher: Matcher, numbers: Array) -> list[tuple[Leaf, Floats]]:
    """Return what each leaf adds to the scores of some matching documents."""
    if not len(numbers):
        return []

    def values(found: SliceMatcher, some: Array) -> Array:
        return np.array([share for _, share in found.shares(some, matcher.weights)]).reshape(-1, len(some)).T

    leaves = [leaf for leaf, _ in matcher.slices[0].shares(numbers[:0], matcher.weights)]
    return list(zip(leaves, _of_each(matcher, numbers, values).T, strict=True))


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
