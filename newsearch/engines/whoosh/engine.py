"""The Whoosh engine."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from whoosh.index import FileIndex, create_in, exists_in, open_dir
from whoosh.writing import SegmentWriter

from newsearch.engines.base import Page, undated_query
from newsearch.engines.highlight import Highlighter
from newsearch.engines.whoosh.guard import locking, reading
from newsearch.engines.whoosh.matching import Matched, Matcher
from newsearch.engines.whoosh.schema import UNKNOWN, document, edition_of, schema
from newsearch.engines.whoosh.structure import structural_faults
from newsearch.engines.whoosh.view import IndexView, Integers
from newsearch.errors import IndexUnusableError
from newsearch.model import Article, Edition, Hit, LazySequence, Results, Statistics
from newsearch.query import Query
from newsearch.query.tree import Node, ranked_leaves


class WhooshEngine:
    """An index in a folder.

    Args:
        folder: of this index alone.
        create: make the index when there is none.

    Raises:
        IndexUnusableError: there is no index, or it cannot be read.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self.folder = folder
        with reading(folder):
            if create and not (folder.is_dir() and exists_in(str(folder))):
                folder.mkdir(parents=True, exist_ok=True)
                create_in(str(folder), schema())
            self._index: FileIndex = open_dir(str(folder))
            self._view = IndexView(self._index.reader())

    @property
    def generation(self) -> int:
        """As in the protocol."""
        generation: int = self._view.reader.generation()
        return generation

    def search(self, query: Query, page: Page) -> Results:
        """As in the protocol."""
        started = time.perf_counter()
        with reading(self.folder):
            matcher = Matcher(self._view)
            matched = matcher.match(query.tree)
            order = self._ordered(matched, matcher, query, page)
            rest = undated_query(query.tree)
            undated = self._count_undated(matcher, rest) if rest else 0
        stop = None if page.limit is None else page.offset + page.limit
        chosen = order[page.offset : stop]
        highlighter = Highlighter({leaf: matcher.weights[leaf] for leaf in ranked_leaves(query.tree)})

        def hit(nth: int) -> Hit:
            number = int(chosen[nth])
            article = self._edition(number).article
            score = float(matched.scores[number])
            return Hit(article, score, highlighter.title(article), highlighter.snippets(article))

        took_ms = (time.perf_counter() - started) * 1000
        hits = LazySequence(len(chosen), hit)
        return Results(query.receipt, len(order), hits, undated, offset=page.offset, took_ms=took_ms)

    def get(self, article_id: str) -> Article | None:
        """As in the protocol."""
        current = (edition.article for edition in self.editions(article_id) if not edition.superseded)
        return next(current, None)

    def editions(self, article_id: str) -> list[Edition]:
        """As in the protocol."""
        return [self._edition(number) for number in self.documents_of(article_id)]

    def scan(self) -> Iterator[Edition]:
        """As in the protocol."""
        for number in range(self._view.size):
            with reading(self.folder):
                deleted = self._view.reader.is_deleted(number)
            if not deleted:
                yield self._edition(number)

    def statistics(self) -> Statistics:
        """As in the protocol."""
        with reading(self.folder):
            current = np.flatnonzero(self._view.current)
            published = self._view.column("published_at")[current]
        dated = published != UNKNOWN
        moments = [self._edition(int(number)).article.published for number in _ends(current[dated], published[dated])]
        first, last = moments or (None, None)
        names = Counter(self._edition(int(number)).article.source for number in current)
        sources = dict(sorted(names.items(), key=lambda pair: (-pair[1], pair[0])))
        undated = len(current) - int(dated.sum())
        return Statistics(len(current), self._view.reader.doc_count(), undated, first, last, sources)

    def faults(self, advance: Callable[[int], None], *, deep: bool) -> Iterator[str]:
        """As in the protocol."""
        yield from structural_faults(self._view, self._edition, advance, deep=deep)

    def writer(self) -> "WhooshWriter":
        """As in the protocol."""
        return WhooshWriter(self)

    def begin(self) -> SegmentWriter:
        """Return Whoosh's own writer; only one exists at a time."""
        with locking(self.folder):
            return self._index.writer(limitmb=256)

    def documents_of(self, article_id: str) -> list[int]:
        """Return the numbers of the documents that hold an article's editions."""
        with reading(self.folder):
            return self._view.documents("id", article_id)

    def refresh(self) -> None:
        """See what has been committed since."""
        with reading(self.folder):
            self._view.reader.close()
            self._index = open_dir(str(self.folder))
            self._view = IndexView(self._index.reader())

    def _edition(self, number: int) -> Edition:
        try:
            with reading(self.folder):
                return edition_of(self._view.reader.stored_fields(number))
        except IndexUnusableError as error:
            message = f"{error}: document {number} cannot be read"
            raise IndexUnusableError(message, error.hint) from error

    def _count_undated(self, matcher: Matcher, rest: Node) -> int:
        return int((matcher.match(rest).mask & (self._view.column("published_at") == UNKNOWN)).sum())

    def _ordered(self, matched: Matched, matcher: Matcher, query: Query, page: Page) -> Integers:
        """Return the matching documents in the order asked for."""
        numbers = np.flatnonzero(matched.mask)
        instants = matcher.instants("published", query.zone)[numbers]
        if page.sort == "updated":
            updated = matcher.instants("updated", query.zone)[numbers]
            instants = np.where(updated == UNKNOWN, instants, updated)
        unknown = instants == UNKNOWN
        ids = np.array([self._view.ids[number] for number in numbers], object)
        by_id = np.empty(len(numbers), np.int64)
        by_id[np.argsort(ids, kind="stable")] = np.arange(len(numbers))
        by_time = np.where(unknown, 0, instants if page.sort == "oldest" else -instants)
        keys = [by_id, by_time, unknown]
        if page.sort == "relevance":
            keys.append(-matched.scores[numbers])
        ordered: Integers = numbers[np.lexsort(keys)]
        return ordered


def _ends(numbers: Integers, values: Integers) -> list[int]:
    """Return the numbers with the least and the greatest value."""
    return [int(numbers[np.argmin(values)]), int(numbers[np.argmax(values)])] if len(numbers) else []


class WhooshWriter:
    """A transaction on a Whoosh index.

    Args:
        engine: the index.

    Raises:
        LockedError: another transaction is under way.
    """

    def __init__(self, engine: WhooshEngine) -> None:
        self._engine = engine
        self._writer = engine.begin()

    def add(self, edition: Edition) -> None:
        """As in the protocol."""
        self._writer.add_document(**document(edition))

    def delete(self, article_id: str) -> None:
        """As in the protocol."""
        for number in self._engine.documents_of(article_id):
            self._writer.delete_document(number)

    def commit(self) -> int:
        """As in the protocol."""
        self._writer.commit()
        self._engine.refresh()
        return self._engine.generation

    def cancel(self) -> None:
        """As in the protocol."""
        self._writer.cancel()
