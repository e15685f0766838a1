"""One generation of the index: its segments, which of their documents count, and the figures that scores need."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo
from functools import cached_property, lru_cache, reduce
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from newsearch.analysis import Level, fold, matches, signs, stem
from newsearch.engines.bm25f import FIELD_WEIGHTS, length_norm
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.documents import DAY_PUBLISHED, DAY_UPDATED, SUPERSEDED, UNKNOWN
from newsearch.engines.whoosh.segment import PostingsPart, SegmentFile
from newsearch.engines.whoosh.vocabulary import Vocabulary
from newsearch.model import EPOCH, offset_of
from newsearch.query.tree import Term, TimeField

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

ZONES_KEPT = 8
"""Zones whose midnights are remembered."""
WORDS_KEPT = 1 << 10
"""Words of queries of which it is remembered which forms they stand for, and where their postings lie."""
FEW = 16
"""Parts of the postings arrays that one word may lie in to be remembered."""
_DAY_MARKS = {"published": DAY_PUBLISHED, "updated": DAY_UPDATED}


class SegmentView:
    """A segment as one generation sees it.

    Args:
        file: the segment.
        deleted: numbers of the documents that are gone.
        base: what its first document's number is in the whole index.
    """

    def __init__(self, file: SegmentFile, deleted: Sequence[int], base: int) -> None:
        self.file = file
        self.base = base
        self.size = file.documents
        self._deleted = deleted
        self.expand = lru_cache(WORDS_KEPT)(self._expand)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self.file)

    @cached_property
    def alive(self) -> Mask:
        """Which documents are not deleted."""
        alive = np.ones(self.size, bool)
        alive[list(self._deleted)] = False
        return alive

    @cached_property
    def current(self) -> Mask:
        """Which documents are current editions."""
        current: Mask = self.alive & (self.file.column("marks") & SUPERSEDED == 0)
        return current

    @cached_property
    def count(self) -> int:
        """How many current editions there are."""
        return int(self.current.sum())

    @cached_property
    def totals(self) -> dict[str, int]:
        """Words of all current editions, by field."""
        return {field: int(lengths[self.current].sum()) for field, lengths in self.file.lengths.items()}

    def sources(self) -> dict[str, int]:
        """Return how many current editions each source has."""
        counts = np.bincount(self.file.column("source.values")[self.current])
        return {name: count for name, count in zip(self.file.values("source"), counts.tolist(), strict=False) if count}

    def _expand(self, typed: str, level: Level) -> list[range]:
        """Return the numbers of the forms that a typed word stands for."""
        if level == "wildcard":
            return self._vocabulary.like(typed)
        folded = fold(typed)
        stemmed = stem(folded)
        alike = self.file.forms_with_stem(stemmed) if level == "stem" else self.file.forms_folded(folded, stemmed)
        every = level != "case" and not signs(typed)
        return [alike] if every and alike else self._matching(alike, typed, level)

    def _matching(self, alike: range, typed: str, level: Level) -> list[range]:
        return [range(form, form + 1) for form in alike if matches(typed, self.file.forms[form].decode(), level)]


class IndexView:
    """What a query needs of an index. Documents are numbered through all segments.

    Args:
        segments: in the order of the table of contents.
        generation: of the commit.
    """

    def __init__(self, segments: Sequence[SegmentView], generation: int) -> None:
        self.segments = segments
        self.generation = generation
        self.size = sum(segment.size for segment in segments)
        """Documents of all segments, deleted ones included."""
        self._bases = [segment.base for segment in segments]
        self._columns: dict[str, Array] = {}
        self._norms: dict[tuple[str, ...], Floats] = {}
        self._instants: dict[tuple[TimeField, str], Array] = {}
        self.parts = lru_cache(WORDS_KEPT)(self._parts)

    def _parts(self, term: Term) -> list[tuple[int, float, PostingsPart]] | None:
        """Return where the postings of a word lie: each part with its first document's number and its field's weight.

        None when they are in too many places. Nothing is decoded here; it is what other engines' dictionaries tell.
        """
        found: list[tuple[int, float, PostingsPart]] = []
        fields = (term.field,) if term.field else tuple(FIELD_WEIGHTS)
        for segment in self.segments:
            spans = segment.expand(term.text, term.level)
            if len(spans) > FEW:
                return None
            for field, span in product(fields, spans):
                part = segment.file.fields[field].part(span.start, span.stop)
                if len(part.documents):
                    found.append((segment.base, FIELD_WEIGHTS[field], part))
        return found

    @cached_property
    def count(self) -> int:
        """How many current editions there are."""
        return sum(segment.count for segment in self.segments)

    @cached_property
    def current(self) -> Mask:
        """Which documents are current editions."""
        return np.concatenate([np.zeros(0, bool), *(segment.current for segment in self.segments)])

    @cached_property
    def all_current(self) -> bool:
        """Whether every document is one."""
        return self.count == self.size

    def column(self, name: str) -> Array:
        """Return a column of numbers, an item a document."""
        if name not in self._columns:
            parts = [segment.file.column(name) for segment in self.segments]
            self._columns[name] = parts[0] if len(parts) == 1 else np.concatenate(parts or [np.zeros(0, np.int64)])
        return self._columns[name]

    def norms(self, fields: tuple[str, ...]) -> Floats:
        """Return what a score needs of each document's weighted length over some fields."""
        if fields not in self._norms:
            lengths = reduce(np.add, (FIELD_WEIGHTS[field] * self.column(f"{field}.lengths") for field in fields))
            total = sum(FIELD_WEIGHTS[field] * segment.totals[field] for segment in self.segments for field in fields)
            # Where all texts are empty no word is found, and no norm is looked at.
            self._norms[fields] = length_norm(lengths, total / max(1, self.count) or 1.0)
        return self._norms[fields]

    def instants(self, field: TimeField, zone: tzinfo) -> Array:
        """Return a time of every document in microseconds since the epoch, days at their midnight in `zone`."""
        key = (field, str(zone))
        if key not in self._instants:
            if len(self._instants) >= ZONES_KEPT:
                self._instants.clear()
            self._instants[key] = self._at_midnight(field, zone)
        return self._instants[key]

    def _at_midnight(self, field: TimeField, zone: tzinfo) -> Array:
        times = self.column(field)
        days = (self.column("marks") & _DAY_MARKS[field] != 0) & (times != UNKNOWN)
        if not days.any():
            return times
        moved = times.copy()
        distinct, which = np.unique(times[days], return_inverse=True)
        offsets = [offset_of(EPOCH + timedelta(microseconds=day), zone) for day in distinct.tolist()]
        moved[days] -= np.array(offsets, np.int64)[which]
        return moved

    def with_value(self, field: str, value: str) -> Mask:
        """Return which documents have a value in a keyword field that folds to this one."""
        parts = (segment.file.with_value(field, value) for segment in self.segments)
        return np.concatenate([np.zeros(0, bool), *parts])

    def locate(self, number: int) -> tuple[SegmentView, int]:
        """Return the segment of a document and its number there."""
        segment = self.segments[bisect_right(self._bases, number) - 1]
        return segment, number - segment.base

    def stored(self, number: int) -> dict[str, Any]:
        """Return what is stored of a document."""
        segment, local = self.locate(number)
        return segment.file.stored(local)

    def article_id(self, number: int) -> str:
        """Return the id of a document's article."""
        segment, local = self.locate(number)
        return segment.file.ids[local].decode()

    def documents(self) -> Iterator[int]:
        """Yield the numbers of all documents that are not deleted."""
        for segment in self.segments:
            yield from (segment.base + np.flatnonzero(segment.alive)).tolist()

    def documents_of(self, article_id: str) -> list[int]:
        """Return the numbers of an article's documents."""
        return [
            segment.base + number
            for segment in self.segments
            for number in segment.file.numbers_of(article_id)
            if segment.alive[number]
        ]
