"""Stories instead of articles: near-copies that match share a row, in the place of the first of them."""

from collections.abc import Iterator, Sequence

import numpy as np

from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.documents import UNKNOWN
from newsearch.engines.whoosh.masks import nonzero, run_heads
from newsearch.engines.whoosh.matching import Matcher
from newsearch.engines.whoosh.ordering import Ordering, Placed, Rows
from newsearch.engines.whoosh.view import IndexView, Slice


def count_stories(view: IndexView, matcher: Matcher) -> int:
    """Return how many stories match."""
    numbers = view.stories.numbers
    matching = [numbers.take(found.documents + found.piece.base) for found in matcher.slices]
    sizes = np.bincount(np.concatenate(matching), minlength=1)
    return int(sizes[0]) + int(np.count_nonzero(sizes[1:]))


def grouped(order: Ordering) -> Placed:
    """Return a page of stories."""
    stories = order.view.stories.numbers
    parts = [order.keyed(found) for found in order.matcher.slices]
    several = _several(order, parts)
    sizes = np.bincount(stories.take(several.numbers), minlength=len(order.view.stories) + 1)
    firsts = _first_of_each(order, several, newest=order.page.sort == "relevance")
    total = order.matcher.total - len(several.numbers) + len(firsts)
    dropped = np.zeros(len(stories), bool)
    dropped[several.numbers] = True
    dropped[firsts] = False
    numbers, scores = order.paged(_kept(order, parts, ~dropped), total)
    shown = stories.take(numbers)
    if order.page.lead != "best" and shown.any():
        numbers = np.where(shown > 0, _leads(order, several.numbers, shown), numbers)
        scores = order.scores(numbers)
    return Placed(numbers, scores, np.where(shown > 0, sizes.take(shown) - 1, 0), total)


def story_id(view: IndexView, number: int) -> str:
    """Return the id of the earliest article of a document's story, by when it was published or else captured."""
    story = int(view.stories.numbers[number])
    if not story:
        return view.article_id(number)
    members = view.stories.members(story).astype(np.intp)
    edges = np.searchsorted(members, [piece.base for piece in view.slices]).tolist()
    spans = zip(view.slices, edges, [*edges[1:], len(members)], strict=True)
    times = np.concatenate([_first_known(piece, members[start:end] - piece.base) for piece, start, end in spans])
    return min(view.article_ids(members.compress(times == times.min())))


def _first_known(piece: Slice, documents: Array) -> Array:
    """Return when some documents of a slice were published, else captured; unknown times last."""
    published, captured = piece.column("published")[documents], piece.column("captured")[documents]
    times = np.where(published == UNKNOWN, captured, published)
    return np.where(times == UNKNOWN, np.iinfo(np.int64).max, times)


def _several(order: Ordering, parts: Sequence[Rows]) -> Rows:
    """Return the matching documents that are in stories of several, by their numbers in the whole index."""
    stories = order.view.stories.numbers
    found: list[Rows] = []
    for slice_, part in zip(order.matcher.slices, parts, strict=True):
        rows = Rows(part.numbers + slice_.piece.base, part.keys)
        found.append(rows.at(nonzero(stories.take(rows.numbers))))
    return Rows(*map(np.concatenate, zip(*found, strict=True)))


def _kept(order: Ordering, parts: Sequence[Rows], kept: Array) -> Iterator[Rows]:
    """Yield of each slice the rows of the documents that are kept."""
    for found, part in zip(order.matcher.slices, parts, strict=True):
        yield part.at(nonzero(kept.take(part.numbers + found.piece.base)))


def _first_of_each(order: Ordering, rows: Rows, *, newest: bool) -> Array:
    """Return the first document of each story among some matching ones, in the order of the stories.

    Args:
        order: of the documents.
        rows: some of them with what counts first.
        newest: whether ties are settled by time before the ids do that.
    """
    if not len(rows.numbers):
        return rows.numbers
    stories = order.view.stories.numbers
    times = [order.times("newest", rows.numbers)] if newest else []
    settled = order.settled(rows, [*times, rows.keys, stories.take(rows.numbers)])
    return settled.numbers.take(run_heads(stories.take(settled.numbers)))


def _leads(order: Ordering, several: Array, shown: Array) -> Array:
    """Return the document that is to stand for each shown story of several; 0 for the others.

    Args:
        order: of the documents.
        several: all that match and are in stories of several.
        shown: the stories of a page.
    """
    stories = order.view.stories.numbers
    wanted = np.zeros(len(order.view.stories) + 1, bool)
    wanted[shown] = True
    members = several.take(nonzero(wanted.take(stories.take(several))))
    keys = order.times("oldest", members) if order.page.lead == "earliest" else -order.lengths(members).astype(np.int64)
    firsts = _first_of_each(order, Rows(members, keys), newest=True)
    leads = np.zeros(len(wanted), np.intp)
    leads[stories.take(firsts)] = firsts
    return leads.take(shown)
