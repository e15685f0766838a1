"""A transaction on the index: new segments, deletions, merges, and the table of contents last."""

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from newsearch.engines.whoosh import commit, toc
from newsearch.engines.whoosh.codec import NewsSegment
from newsearch.engines.whoosh.documents import document
from newsearch.engines.whoosh.inverter import CHUNKS_KEPT, ChunkTable
from newsearch.engines.whoosh.merge import merge
from newsearch.engines.whoosh.segment import DOCUMENTS, EXTENSION, SegmentBuilder, SegmentFile
from newsearch.engines.whoosh.view import IndexView
from newsearch.model import Edition

if TYPE_CHECKING:
    from newsearch.engines.whoosh.blocks import Array

CHUNKS = 6_000_000
"""Words collected before a segment is written: what the memory of a process is sized for."""
MERGE_WORDS = 20_000_000
"""A merge makes no segment larger than this, in words."""


class SegmentWriter:
    """Writes one transaction.

    Args:
        folder: of the index.
        view: the generation that it builds on.
        segments: of that generation.
        lock: held, and let go of at the end.
    """

    def __init__(self, folder: Path, view: IndexView, segments: Sequence[NewsSegment], lock: Any) -> None:  # noqa: ANN401 - of Whoosh
        self._folder = folder
        self._lock = lock
        self._view = view
        self._segments = [deepcopy(segment) for segment in segments]
        self._table = ChunkTable()
        self._builder = SegmentBuilder(self._table)
        self._new: list[NewsSegment] = []

    def add(self, edition: Edition) -> None:
        """As in the protocol."""
        self._builder.add(document(edition))
        if self._builder.chunks >= CHUNKS or len(self._builder) >= DOCUMENTS:
            self._flush()

    def delete(self, article_id: str) -> None:
        """As in the protocol."""
        for number in self._view.documents_of(article_id):
            segment, local = self._view.locate(number)
            self._segments[self._view.segments.index(segment)].delete_document(local)

    def commit(self, *, purge: bool = False) -> int:
        """As in the protocol."""
        try:
            return self._committed(purge=purge)
        finally:
            self._release()

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock:
            lock.release()

    def _committed(self, *, purge: bool) -> int:
        self._flush()
        generation = self._view.generation + 1
        segments = self._merged([one for one in (*self._segments, *self._new) if one.doc_count()], purge=purge)
        commit.sync(self._folder)
        commit.write(self._folder, segments, generation)
        commit.tidy(self._folder, generation, segments)
        return generation

    def cancel(self) -> None:
        """As in the protocol; after a commit, even one whose end was not awaited, there is nothing to cancel."""
        if toc.latest(self._folder) != self._view.generation:
            return
        for segment in self._new:
            self._path(segment).unlink(missing_ok=True)
        self._release()

    def _flush(self) -> None:
        if not len(self._builder):
            return
        segment = NewsSegment(toc.NAME, len(self._builder))
        self._new.append(segment)
        facts = self._builder.write(self._path(segment))
        segment.words = sum(facts["lengths"].values())
        if len(self._table) > CHUNKS_KEPT:
            self._table = ChunkTable()
        self._builder = SegmentBuilder(self._table)

    def _merged(self, segments: list[NewsSegment], *, purge: bool) -> list[NewsSegment]:
        """Merge neighbours until no run of small segments is left; to purge is to rewrite all that have deletions."""
        groups = _groups(segments)
        return [self._merge(group) if len(group) > 1 or (purge and group[0].deleted) else group[0] for group in groups]

    def _merge(self, group: Sequence[NewsSegment]) -> NewsSegment:
        sources: list[tuple[SegmentFile, Array]] = []
        for segment in group:
            alive = np.ones(segment.documents, bool)
            alive[list(segment.deleted)] = False
            sources.append((SegmentFile(self._path(segment)), alive))
        merged = NewsSegment(toc.NAME, sum(segment.doc_count() for segment in group))
        facts = merge(sources, self._path(merged))
        merged.words = sum(facts["lengths"].values())
        return merged

    def _path(self, segment: NewsSegment) -> Path:
        return self._folder / f"{segment.segment_id()}{EXTENSION}"


def _groups(segments: Sequence[NewsSegment]) -> list[list[NewsSegment]]:
    """Part the segments into runs to be merged into one each.

    A segment joins the run before it when it is at least half as large, so that each document is rewritten a number of
    times that is logarithmic in their count; or when that run is rewritten anyway.
    """
    groups: list[list[NewsSegment]] = []
    for segment in segments:
        groups.append([segment])
        while len(groups) > 1 and _joins(groups[-2], groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _joins(before: Sequence[NewsSegment], group: Sequence[NewsSegment]) -> bool:
    together = [*before, *group]
    if sum(one.doc_count() for one in together) > DOCUMENTS or _words(together) > MERGE_WORDS:
        return False
    return len(before) > 1 or _words(group) * 2 >= _words(before)


def _words(group: Sequence[NewsSegment]) -> int:
    return sum(segment.words for segment in group)
