"""A transaction on the index: new segments, deletions, merges, and the table of contents last."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from newsearch import private
from newsearch.engines.children import processors
from newsearch.engines.whoosh import commit, stories, toc
from newsearch.engines.whoosh.clusters import story_roots
from newsearch.engines.whoosh.codec import NewsSegment
from newsearch.engines.whoosh.documents import document
from newsearch.engines.whoosh.guard import writing
from newsearch.engines.whoosh.leftovers import tidy
from newsearch.engines.whoosh.merge import merge
from newsearch.engines.whoosh.segment import EXTENSION, SegmentFile
from newsearch.engines.whoosh.toc import DOCUMENTS
from newsearch.engines.whoosh.view import IndexView, SegmentView
from newsearch.engines.whoosh.workers import MOST, WORDS, SegmentStream, Workers
from newsearch.errors import IndexUnusableError
from newsearch.model import Edition

if TYPE_CHECKING:
    from newsearch.engines.whoosh.blocks import Array
    from newsearch.engines.whoosh.building import Document

BATCH = 1 << 19
"""Bytes of documents handed on at once."""
ALONE = 4 << 20
"""Bytes of documents; fewer are sooner analysed here than by processes that must be started first."""
FULL_WORDS = 4_000_000
"""A segment of so many words is left alone; so many small ones more than it saves would have to be rewritten."""


class SegmentWriter:
    """Writes one transaction.

    Args:
        folder: of the index.
        view: the generation that it builds on.
        segments: of that generation.
        lock: held, and let go of at the end.
        standing: as of the engine.
    """

    def __init__(
        self,
        folder: Path,
        view: IndexView,
        segments: Sequence[NewsSegment],
        lock: Any,  # noqa: ANN401 - of Whoosh
        standing: Callable[[], None],
    ) -> None:
        self._folder = folder
        self._standing = standing
        self._lock = lock
        self._view = view
        self._segments = [deepcopy(segment) for segment in segments]
        self._batch: list[Document] = []
        self._bytes = 0
        """In the batch."""
        self._stream: SegmentStream | Workers | None = None

    def add(self, edition: Edition) -> None:
        """As in the protocol."""
        self._check()
        added = document(edition)
        self._batch.append(added)
        self._bytes += len(added["title"]) + len(added["body"]) + len(added["facts"])
        if self._bytes >= (BATCH if self._stream else ALONE):
            self._hand_on(processors())

    def _hand_on(self, count: int) -> None:
        """Have the batch analysed, by so many processes if they are not yet there."""
        batch, self._batch, self._bytes = self._batch, [], 0
        with writing(self._folder):
            self._stream = self._stream or self._begun(count)
            self._stream.add(batch)

    def _begun(self, count: int) -> SegmentStream | Workers:
        several = count > 1 and sys.executable
        count = min(count, MOST) if several else 1
        make = partial(Workers, count=count) if several else SegmentStream
        return make(self._folder, toc.NAME, words=WORDS // max(2, count))

    def delete(self, article_id: str) -> None:
        """As in the protocol."""
        self._check()
        for number in self._view.documents_of(article_id):
            segment, local = self._view.locate(number)
            self._segments[self._view.segments.index(segment)].delete_document(local)

    def commit(self, *, purge: bool = False) -> int:
        """As in the protocol."""
        self._check()
        try:
            return self._committed(purge=purge)
        except BaseException:
            self._discard()
            raise
        finally:
            self._release()

    def cancel(self) -> None:
        """As in the protocol."""
        if self._lock:
            self._discard()
            self._release()

    def _committed(self, *, purge: bool) -> int:
        self._standing()
        if self._batch:
            self._hand_on(1)
        before = [*self._segments, *self._finished()]
        generation = self._view.generation + 1
        roots = self._story_roots(before)
        segments = self._merged([one for one in before if one.doc_count()], purge=purge)
        names = [segment.segment_id() for segment in segments]
        self._standing()
        stories.write(self._folder, generation, names, _moved(roots, before, segments))
        private.sync(self._folder)
        commit.write(self._folder, segments, generation)
        self._standing()
        tidy(self._folder, generation, names, surely=purge)
        return generation

    def _discard(self) -> None:
        """Take away what was written for a generation that is not to be."""
        if isinstance(self._stream, Workers):
            self._stream.cancel()
        with suppress(IndexUnusableError):
            self._standing()
            if toc.latest(self._folder) == self._view.generation:
                tidy(self._folder, self._view.generation, [one.segment_id() for one in self._segments])

    def _check(self) -> None:
        if not self._lock:
            message = "this transaction has ended"
            raise RuntimeError(message)

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock:
            lock.release()

    def _finished(self) -> list[NewsSegment]:
        written = self._stream.finish() if self._stream else []
        return [NewsSegment.named(toc.NAME, one.name, one.documents, one.words) for one in written]

    def _story_roots(self, segments: Sequence[NewsSegment]) -> "Array":
        """Return of each document the first one of its story, before anything is merged."""
        files = [piece.file for piece in self._view.segments]
        files += [SegmentFile(self._path(segment)) for segment in segments[len(files) :]]
        views: list[SegmentView] = []
        base = 0
        for file, segment in zip(files, segments, strict=True):
            views.append(SegmentView(file, sorted(segment.deleted), base))
            base += segment.documents
        return story_roots(views, self._view.stories.roots())

    def _merged(self, segments: list[NewsSegment], *, purge: bool) -> list[NewsSegment]:
        """Merge neighbours until no run of small segments is left; to purge is to rewrite all that have deletions."""
        groups = _groups(segments)
        return [
            self._merge(group) if len(group) > 1 or _is_stale(group[0]) or (purge and group[0].deleted) else group[0]
            for group in groups
        ]

    def _merge(self, group: Sequence[NewsSegment]) -> NewsSegment:
        sources = [(SegmentFile(self._path(segment)), _alive(segment)) for segment in group]
        merged = NewsSegment(toc.NAME, sum(segment.doc_count() for segment in group))
        facts = merge(sources, self._path(merged))
        merged.words = facts["words"]
        return merged

    def _path(self, segment: NewsSegment) -> Path:
        return self._folder / f"{segment.segment_id()}{EXTENSION}"


def _alive(segment: NewsSegment) -> "Array":
    """Return which documents of a segment are not deleted."""
    alive = np.ones(segment.documents, bool)
    alive[list(segment.deleted)] = False
    return alive


def _moved(roots: "Array", before: Sequence[NewsSegment], after: Sequence[NewsSegment]) -> "Array":
    """Return roots by the numbers that documents have after a merge, which deleted ones of merged segments lack."""
    whole = {segment.segment_id() for segment in after}
    kept = [np.ones(one.documents, bool) if one.segment_id() in whole else _alive(one) for one in before]
    left = np.concatenate([np.zeros(0, bool), *kept])
    return (np.cumsum(left) - 1).take(roots.compress(left))


def _groups(segments: Sequence[NewsSegment]) -> list[list[NewsSegment]]:
    """Part the segments into runs to be rewritten as one each; a run of one is left as it is.

    A segment joins the run before it when it is at least half as large, so that each document is rewritten a number of
    times that is logarithmic in their count; or when that run is rewritten anyway. Full segments stay out of it.
    """
    groups: list[list[NewsSegment]] = []
    for segment in segments:
        groups.append([segment])
        while len(groups) > 1 and _joins(groups[-2], groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _joins(before: Sequence[NewsSegment], group: Sequence[NewsSegment]) -> bool:
    if sum(one.doc_count() for one in (*before, *group)) > DOCUMENTS:
        return False
    if max(_words(before), _words(group)) >= FULL_WORDS:
        return False
    return len(before) > 1 or _words(group) * 2 >= _words(before)


def _words(group: Sequence[NewsSegment]) -> int:
    """Return about how many words the living documents of some segments have."""
    return sum(segment.words * segment.doc_count() // segment.documents for segment in group)


def _is_stale(segment: NewsSegment) -> bool:
    """Tell whether most of a segment is deleted, and it is worth rewriting for that."""
    return len(segment.deleted) * 2 > segment.documents
