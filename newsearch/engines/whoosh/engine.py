"""The Whoosh engine."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from newsearch.engines.base import Holding, Page, Rescue, Roll, named, undated_query
from newsearch.engines.highlight import Highlighter
from newsearch.engines.whoosh import toc
from newsearch.engines.whoosh.blocks import Array, DamagedFileError
from newsearch.engines.whoosh.documents import SUPERSEDED, UNKNOWN, edition_of
from newsearch.engines.whoosh.guard import reading, writing
from newsearch.engines.whoosh.leftovers import leftovers, tidy
from newsearch.engines.whoosh.matching import Matcher
from newsearch.engines.whoosh.ordering import Ordering, Placed, ordered, shared
from newsearch.engines.whoosh.segment import EXTENSION, SegmentFile
from newsearch.engines.whoosh.stories import KeptStories
from newsearch.engines.whoosh.view import Floats, IndexView, SegmentView
from newsearch.errors import DamagedIndexError, IndexUnusableError
from newsearch.model import Article, Edition, Hit, LazySequence, Results, Statistics, WrittenForms, microseconds
from newsearch.private import FOLDER, refuse_strangers, sync
from newsearch.query import Query
from newsearch.query.tree import Node, Term

if TYPE_CHECKING:
    from newsearch.engines.whoosh.writer import SegmentWriter

_TRIES = 20
RANKED = 1_000
"""Ids read at once."""


def _unlocked() -> None:
    """Let everything be: nobody has locked the folder, as to read, or to use an index without an archive around it."""


class WhooshEngine:
    """An index in a folder.

    Args:
        folder: of this index alone.
        create: make the index when there is none.
        standing: called before anything is replaced or deleted; raises when the folder is no longer the one that
            whoever writes has locked.

    Raises:
        IndexUnusableError: there is no index, or it cannot be read.
    """

    def __init__(self, folder: Path, *, create: bool = False, standing: Callable[[], None] = _unlocked) -> None:
        self.folder = folder
        self._standing = standing
        with reading(folder):
            if folder.is_dir():
                refuse_strangers(folder)
        if create:
            with writing(folder):
                _make(folder)
        self._files: dict[str, SegmentFile] = {}
        self._view = self._open()

    @staticmethod
    def salvage(
        folder: Path,
        aside: Path | None,
        roll: Roll,
        tell: Callable[[Sequence[str]], None],
        standing: Callable[[], None] = _unlocked,
    ) -> Rescue:
        """Make an index of what is left of one in a folder; arguments and errors as of `salvage.salvage`."""
        from newsearch.engines.whoosh.salvage import salvage  # noqa: PLC0415 - needs Whoosh, as writing does

        return salvage(folder, aside, roll, tell, standing)

    @staticmethod
    def committed_generation(folder: Path) -> int:
        """Return the newest generation in a folder, damaged or not; 0 where nothing is left that tells."""
        return toc.committed(folder) if folder.is_dir() else 0

    @property
    def generation(self) -> int:
        """As in the protocol."""
        return self._view.generation

    def search(self, query: Query, page: Page) -> Results:
        """As in the protocol."""
        started = time.perf_counter()
        view = self._as_of(query.as_of)  # hits may be read after a later commit, and are those of this one
        with reading(self.folder):
            matcher = Matcher(view, query.tree, scored=page.sort == "relevance" and page.limit != 0)
            numbers, scores, copies, stories = _placed(Ordering(view, matcher, query, page))
            rest = undated_query(query.tree)
            undated = _count_undated(view, rest) if rest else 0
            shares = shared(matcher, numbers) if page.shares else []
        highlighter = Highlighter(matcher.weights, query.tree)

        def hit(nth: int) -> Hit:
            article = self._edition(view, int(numbers[nth])).article
            shown = highlighter.hit(float(scores[nth]), article, snippets=page.snippets)
            if copies is not None:
                shown = replace(shown, copies=int(copies[nth]), story=self._story_id(view, int(numbers[nth])))
            return replace(shown, shares=named((leaf, float(own[nth])) for leaf, own in shares)) if shares else shown

        took_ms = (time.perf_counter() - started) * 1000
        hits = LazySequence(len(numbers), hit)
        ranking = _Ranking(self.folder, view, numbers, scores)
        return Results(
            query.receipt,
            matcher.total,
            hits,
            ranking,
            undated,
            total_stories=stories,
            offset=page.offset,
            took_ms=took_ms,
        )

    def _as_of(self, instant: datetime | None) -> IndexView:
        return self._view if instant is None else self._view.as_of(microseconds(instant))

    def forms(self, word: Term, most: int, as_of: datetime | None = None) -> WrittenForms:
        """As in the protocol."""
        from newsearch.engines.whoosh.written import written_forms  # noqa: PLC0415 - only to explain

        with reading(self.folder):
            return written_forms(self._as_of(as_of), word, most)

    def get(self, article_id: str) -> Article | None:
        """As in the protocol."""
        current = (edition.article for edition in self.editions(article_id) if not edition.superseded)
        return next(current, None)

    def editions(self, article_id: str) -> list[Edition]:
        """As in the protocol."""
        view = self._view
        with reading(self.folder):
            numbers = view.documents_of(article_id)
        return [self._edition(view, number) for number in numbers]

    def scan(self) -> Iterator[Edition]:
        """As in the protocol."""
        view = self._view
        with reading(self.folder):
            numbers = list(view.documents())
        return (self._edition(view, number) for number in numbers)

    def holdings(self) -> Iterator[Holding]:
        """As in the protocol."""
        with reading(self.folder):
            for segment in self._view.segments:
                names, marks = segment.file.ids.all(), segment.file.column("marks").tolist()
                contents = segment.file.column("contents").tolist()
                for number in np.flatnonzero(segment.alive).tolist():
                    yield Holding(names[number].decode(), contents[number], bool(marks[number] & SUPERSEDED))

    def statistics(self) -> Statistics:
        """As in the protocol."""
        view = self._view
        with reading(self.folder):
            names: Counter[str] = Counter()
            stories = view.count - view.stories.repeated
            undated = editions = 0
            ends: list[tuple[int, int]] = []
            for segment in view.segments:
                published = np.where(segment.current, segment.file.column("published"), UNKNOWN)
                dated = np.flatnonzero(published != UNKNOWN)
                undated += segment.count - len(dated)
                editions += int(segment.alive.sum())
                if len(dated):
                    edges = (dated[np.argmin(published[dated])], dated[np.argmax(published[dated])])
                    ends += [(int(published[number]), segment.base + int(number)) for number in edges]
                names.update(segment.sources())
        sources = dict(sorted(names.items(), key=lambda pair: (-pair[1], pair[0])))
        first, last = (self._edition(view, end(ends)[1]).article.published if ends else None for end in (min, max))
        return Statistics(view.count, editions, undated, first, last, sources, stories)

    def faults(self, advance: Callable[[int], None], *, deep: bool) -> Iterator[str]:
        """As in the protocol."""
        from newsearch.engines.whoosh.structure import structural_faults  # noqa: PLC0415 - only to verify

        with reading(self.folder):
            yield from structural_faults(self._view, advance, deep=deep)

    def tidy(self) -> None:
        """As in the protocol."""
        with writing(self.folder):
            if not leftovers(self.folder, self.generation, self._files):
                return
            from newsearch.engines.whoosh import commit  # noqa: PLC0415 - as in `writer`

            lock = commit.lock(self.folder)
            try:
                self._standing()
                tidy(self.folder, self.generation, self._files, surely=True)
            finally:
                lock.release()

    def writer(self) -> "WhooshWriter":
        """As in the protocol."""
        # Whoosh itself is needed to write only, and takes long to load.
        from newsearch.engines.whoosh import commit  # noqa: PLC0415
        from newsearch.engines.whoosh.codec import NewsSegment  # noqa: PLC0415
        from newsearch.engines.whoosh.writer import SegmentWriter  # noqa: PLC0415

        with writing(self.folder):
            lock = commit.lock(self.folder)
        try:
            if self._latest() != self.generation:
                self.refresh()
            with reading(self.folder):
                segments = toc.read(self.folder, self.generation, NewsSegment)
        except BaseException:
            lock.release()
            raise
        return WhooshWriter(self, SegmentWriter(self.folder, self._view, segments, lock, self._standing))

    def refresh(self) -> None:
        """See what has been committed since."""
        self._view = self._open()

    def _open(self) -> IndexView:
        """Open the newest generation; a writer may take away an older one while it is being opened, so try again."""
        for left in reversed(range(_TRIES)):
            generation = None
            try:
                generation = self._latest()
                with reading(self.folder):
                    return self._opened(generation)
            except IndexUnusableError:
                if not left or (generation is not None and self._latest() == generation):
                    raise
        raise AssertionError

    def _opened(self, generation: int) -> IndexView:
        segments = toc.read(self.folder, generation, toc.Listed)
        files: dict[str, SegmentFile] = {}
        views: list[SegmentView] = []
        base = 0
        for segment in segments:
            name = segment.segment_id()
            files[name] = self._files.get(name) or SegmentFile(self.folder / f"{name}{EXTENSION}")
            if files[name].documents != segment.documents:
                raise DamagedFileError(files[name].file.path, "it is another segment than the table of contents says")
            views.append(SegmentView(files[name], sorted(segment.deleted), base))
            base += segment.documents
        self._files = files
        return IndexView(views, generation, KeptStories(self.folder, generation, list(files), base))

    def _latest(self) -> int:
        with reading(self.folder):
            generation = toc.latest(self.folder)
        if generation is None:
            missing = toc.path_of(self.folder, toc.newest(self.folder))
            message = f"the index in {self.folder} is damaged: {missing.name} is missing"
            raise DamagedIndexError(message)
        return generation

    def _story_id(self, view: IndexView, number: int) -> str:
        from newsearch.engines.whoosh.grouping import story_id  # noqa: PLC0415 - only where stories are asked for

        with reading(self.folder):
            return story_id(view, number)

    def _edition(self, view: IndexView, number: int) -> Edition:
        with reading(self.folder):
            stored = view.stored(number)
            try:
                return edition_of(stored)
            except (KeyError, ValueError, TypeError) as error:
                raise DamagedFileError(self.folder, f"what is stored of document {number} is damaged") from error


class _Ranking(Sequence[tuple[str, float]]):
    """The ids and scores of a page, read as they are asked for."""

    def __init__(self, folder: Path, view: IndexView, numbers: Array, scores: Floats) -> None:
        self._folder = folder
        self._view = view
        self._numbers = numbers
        self._scores = scores

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> tuple[str, float]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[str, float]]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, float] | Sequence[tuple[str, float]]:
        if isinstance(index, slice):
            return list(_Ranking(self._folder, self._view, self._numbers[index], self._scores[index]))
        with reading(self._folder):
            return self._view.article_id(int(self._numbers[index])), float(self._scores[index])

    def __iter__(self) -> Iterator[tuple[str, float]]:
        for start in range(0, len(self), RANKED):
            with reading(self._folder):
                names = self._view.article_ids(self._numbers[start : start + RANKED])
            yield from zip(names, self._scores[start : start + RANKED].tolist(), strict=True)


class WhooshWriter:
    """A transaction, after which its engine sees what was committed.

    Args:
        engine: that began it.
        writer: that does the work.
    """

    def __init__(self, engine: WhooshEngine, writer: "SegmentWriter") -> None:
        self._engine = engine
        self._writer = writer

    def add(self, edition: Edition) -> None:
        """As in the protocol."""
        self._writer.add(edition)

    def delete(self, article_id: str) -> None:
        """As in the protocol."""
        with writing(self._engine.folder):
            self._writer.delete(article_id)

    def cancel(self) -> None:
        """As in the protocol."""
        with writing(self._engine.folder):
            self._writer.cancel()

    def commit(self, *, purge: bool = False) -> int:
        """As in the protocol."""
        with writing(self._engine.folder):
            generation = self._writer.commit(purge=purge)
        self._engine.refresh()
        return generation


def _placed(order: Ordering) -> Placed:
    """Return a page of articles or stories."""
    if not order.page.stories and not order.page.count_stories:
        return ordered(order)
    from newsearch.engines.whoosh.grouping import count_stories, grouped  # noqa: PLC0415 - as above

    if order.page.stories:
        return grouped(order)
    return ordered(order)._replace(stories=count_stories(order.view, order.matcher))


def _count_undated(view: IndexView, rest: Node) -> int:
    """Return how many of the articles that match have no published time."""
    found = Matcher(view, rest).slices
    return sum(int(np.count_nonzero(each.piece.column("published")[each.documents] == UNKNOWN)) for each in found)


def _make(folder: Path) -> None:
    """Make an index without segments where there is none."""
    from newsearch.engines.whoosh import commit, stories  # noqa: PLC0415 - as in `writer`

    folder.mkdir(mode=FOLDER, exist_ok=True)
    if toc.latest(folder) is not None:
        return
    sync(folder.parent)
    stories.write(folder, 0, [], np.zeros(0, np.intp))
    commit.write(folder, [], 0)
