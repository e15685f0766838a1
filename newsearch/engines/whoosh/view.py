"""One generation of the index: its segments, which of their documents count, and the figures that scores need."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta, tzinfo
from functools import cached_property, partial, reduce
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from newsearch.analysis import EDITS, Level, fold, matches, signs, stem
from newsearch.engines.bm25f import FIELD_WEIGHTS, WEIGHTS, length_norm
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.documents import DAY_PUBLISHED, DAY_UPDATED, SUPERSEDED, UNKNOWN
from newsearch.engines.whoosh.masks import Mask, mark
from newsearch.engines.whoosh.remembered import Remembered
from newsearch.engines.whoosh.segment import PostingsPart, SegmentFile
from newsearch.engines.whoosh.stories import EarlierStories, Stories
from newsearch.engines.whoosh.vocabulary import Vocabulary
from newsearch.model import EPOCH, offset_of
from newsearch.query.tree import Leaf, Term, TextField, TimeField, ValueField

Floats = npt.NDArray[np.float64]

ZONES_KEPT = 8
"""Zones whose midnights are remembered."""
WORDS_KEPT = 1 << 10
"""Words of queries of which it is remembered which forms they stand for, where their postings lie, and how many."""
WILDCARDS_KEPT = 8
"""As above; such a word may stand for many thousands of forms."""
TIMES_KEPT = 1
"""Instants as of which the index is remembered; to each belongs what is remembered of words."""
RANGES = 16
"""Ranges of forms in a segment that a word may stand for if where its postings lie is to be remembered."""
SLICE = 1 << 17
"""Documents that are worked on at once."""
FEW = 16
"""Ids up to which reading one by one takes less than arrays do."""
_DAY_MARKS = {"published": DAY_PUBLISHED, "updated": DAY_UPDATED}


class Forms(NamedTuple):
    """Forms that a word stands for."""

    spans: Sequence[range]
    """Their numbers, ascending."""
    speaking: Callable[[], Mask] | None = None
    """Tells in which documents they count, according to their language; None: in all."""


class SegmentView:
    """A segment as one generation sees it.

    Args:
        file: the segment.
        deleted: numbers of the documents that are gone.
        base: what its first document's number is in the whole index.
        as_of: the instant whose current editions count, in microseconds since the epoch; None: those of all captures.
    """

    def __init__(self, file: SegmentFile, deleted: Sequence[int], base: int, as_of: int | None = None) -> None:
        self.file = file
        self.base = base
        self.size = file.documents
        self._deleted = deleted
        self._as_of = as_of
        self._words: Remembered[tuple[str, Level], list[Forms]] = Remembered(WORDS_KEPT)
        self._wild: Remembered[tuple[str, Level], list[Forms]] = Remembered(WILDCARDS_KEPT)

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
        return current if self._as_of is None else self._current_as_of(self._as_of, current)

    def _current_as_of(self, instant: int, current: Mask) -> Mask:
        found: Mask = current & (self.file.column("captured") <= instant)
        documents, starts, ends = self.file.known()
        found[documents] = False
        mark(found, documents[(starts <= instant) & (instant < ends)])
        return found & self.alive

    def as_of(self, instant: int) -> "SegmentView":
        """Return the segment with the editions that were current at an instant."""
        return SegmentView(self.file, self._deleted, self.base, instant)

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
        names = self.file.values("source")
        counts = np.zeros(len(names), np.intp)
        np.add.at(counts, self.file.column("source.values")[self.current], 1)
        return {name: count for name, count in zip(names, counts.tolist(), strict=True) if count}

    def expand(self, typed: str, level: Level) -> list[Forms]:
        """Return the forms that a typed word stands for, none of them twice."""
        if level == "wildcard":
            return self._wild.get((typed, level), lambda: [Forms(self._vocabulary.like(typed))])
        if level in EDITS:
            return self._wild.get((typed, level), lambda: [Forms(self._vocabulary.near(typed, EDITS[level]))])
        if level == "stem" and self.file.languages.others:
            return self._words.get((typed, level), lambda: self._alike_by_language(typed))
        return self._words.get((typed, level), lambda: [Forms(self._alike(typed, level))])

    def _alike(self, typed: str, level: Level) -> list[range]:
        folded = fold(typed)
        stemmed = stem(folded)
        alike = self.file.forms_with_stem(stemmed) if level == "stem" else self.file.forms_folded(folded, stemmed)
        every = level != "case" and not signs(typed)
        return [alike] if every and alike else self._matching(alike, typed, level)

    def _matching(self, alike: range, typed: str, level: Level) -> list[range]:
        forms = zip(alike, self.file.forms.between(alike.start, alike.stop), strict=True)
        return [range(form, form + 1) for form, written in forms if matches(typed, written.decode(), level)]

    def _alike_by_language(self, typed: str) -> list[Forms]:
        """Return the forms with the stem of a word in some language of the documents, by the languages they have it in.

        Most have it in all of them, as inflections of names do, and then need not be told apart by document.
        """
        languages = self.file.languages
        by_languages: dict[tuple[str, ...], list[int]] = defaultdict(list)
        numbers = sorted({*self.file.forms_with_stem(stem(fold(typed))), *languages.forms_like(typed)})
        for form, written in zip(numbers, self.file.forms.several(np.array(numbers, np.intp)), strict=True):
            alike = tuple(language for language in languages.all if matches(typed, written, "stem", language))
            if alike:
                by_languages[alike].append(form)
        return [
            Forms(_ranges(forms), None if alike == languages.all else partial(languages.speaking, alike))
            for alike, forms in by_languages.items()
        ]


class Lying(NamedTuple):
    """Where postings of a word lie."""

    base: int
    """The number of their segment's first document in the slice."""
    weight: float
    """Of their field."""
    part: PostingsPart
    speaking: Callable[[], Mask] | None
    """As of forms."""


class Slice:
    """Segments whose documents are worked on at once, and numbered through.

    As many as fit: to work on many documents at once costs less, until the arrays outgrow the processor's cache.

    Args:
        segments: in the order of the table of contents.
        averages: the mean weighted length of the index's articles over some fields.
    """

    def __init__(self, segments: Sequence[SegmentView], averages: Callable[[tuple[str, ...]], float]) -> None:
        self.segments = segments
        self.base = segments[0].base if segments else 0
        """What its first document's number is in the whole index."""
        self.size = sum(segment.size for segment in segments)
        """Documents, deleted ones included."""
        self._averages = averages
        self._columns: dict[str, Array] = {}
        self._norms: dict[tuple[str, ...], Floats] = {}
        self._instants: Remembered[tuple[TimeField, tzinfo], Array] = Remembered(ZONES_KEPT)
        self._counts: Remembered[Leaf, int] = Remembered(WORDS_KEPT)
        self._lying: Remembered[Term, list[Lying] | None] = Remembered(WORDS_KEPT)

    def lying(self, term: Term) -> list[Lying] | None:
        """Return where the postings of a word lie.

        None when the word stands for too many ranges of forms, or is looked for in a part of a text. No posting is
        decoded.
        """
        return None if term.field == "lead" else self._lying.get(term, lambda: self._find(term))

    def _find(self, term: Term) -> list[Lying] | None:
        found: list[Lying] = []
        fields = (term.field,) if term.field else tuple(FIELD_WEIGHTS)
        for segment in self.segments:
            expanded = segment.expand(term.text, term.level)
            ranges = [(span, forms.speaking) for forms in expanded for span in forms.spans]
            if len(ranges) > RANGES:
                return None
            for field, (span, speaking) in product(fields, ranges):
                part = segment.file.fields[field].part(span.start, span.stop)
                if len(part.documents):
                    found.append(Lying(segment.base - self.base, FIELD_WEIGHTS[field], part, speaking))
        return found

    def counted(self, leaf: Leaf, count: Callable[[], int]) -> int:
        """Return in how many current documents a leaf stands, which is counted once and remembered."""
        return self._counts.get(leaf, count)

    @cached_property
    def current(self) -> Mask:
        """Which documents are current editions."""
        return self._joined(segment.current for segment in self.segments)

    @cached_property
    def all_current(self) -> bool:
        """Whether every document is one."""
        return bool(self.current.all())

    def column(self, name: str) -> Array:
        """Return a column of numbers, an item a document."""
        if name not in self._columns:
            self._columns[name] = self._joined(segment.file.column(name) for segment in self.segments)
        return self._columns[name]

    def norms(self, fields: tuple[str, ...]) -> Floats:
        """Return what a score needs of each document's weighted length over some fields."""
        if fields not in self._norms:
            lengths = reduce(np.add, (WEIGHTS[field] * self.column(f"{field}.lengths") for field in fields))
            self._norms[fields] = length_norm(lengths, self._averages(fields))
        return self._norms[fields]

    def instants(self, field: TimeField, zone: tzinfo) -> Array:
        """Return a time of every document in microseconds since the epoch, days at their midnight in `zone`."""
        return self._instants.get((field, zone), lambda: self._at_midnight(field, zone))

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

    def with_value(self, field: ValueField, asked: str) -> Mask:
        """Return in which documents a field answers to a value."""
        return self._joined(segment.file.with_value(field, asked) for segment in self.segments)

    def having(self, field: TextField | ValueField | TimeField) -> Mask:
        """Return in which documents a field is not empty, or a time known."""
        match field:
            case "title" | "body" | "lead":
                return self.column(f"{field}.lengths") > 0
            case "published" | "updated":
                known: Mask = self.column(field) != UNKNOWN
                return known
        return self._joined(segment.file.stating(field) for segment in self.segments)

    @staticmethod
    def _joined(parts: Iterable[Array]) -> Array:
        arrays = list(parts)
        return arrays[0] if len(arrays) == 1 else np.concatenate(arrays or [np.zeros(0, np.int64)])


class IndexView:
    """What a query needs of an index. Documents are numbered through all segments.

    Args:
        segments: in the order of the table of contents.
        generation: of the commit.
        stories: of its documents.
    """

    def __init__(self, segments: Sequence[SegmentView], generation: int, stories: Stories) -> None:
        self.segments = segments
        self.generation = generation
        self.stories = stories
        self._bases = [segment.base for segment in segments]
        self.slices = [Slice(run, self._average_length) for run in _runs(segments)]
        """At least one."""
        self._earlier: Remembered[int, IndexView] = Remembered(TIMES_KEPT)

    def as_of(self, instant: int) -> "IndexView":
        """Return the index with the editions that were current at an instant, in microseconds since the epoch."""
        return self._earlier.get(instant, lambda: self._as_of(instant))

    def _as_of(self, instant: int) -> "IndexView":
        earlier = [segment.as_of(instant) for segment in self.segments]

        def roots() -> Array:
            from newsearch.engines.whoosh.clusters import story_roots  # noqa: PLC0415 - few queries are of the past

            now = np.concatenate([np.zeros(0, bool), *(segment.current for segment in self.segments)])
            return story_roots(earlier, self.stories.roots(), now)

        documents = sum(segment.size for segment in self.segments)
        return IndexView(earlier, self.generation, EarlierStories(roots, documents))

    @cached_property
    def count(self) -> int:
        """How many current editions there are."""
        return sum(segment.count for segment in self.segments)

    def _average_length(self, fields: tuple[str, ...]) -> float:
        total = sum(WEIGHTS[field] * segment.totals[field] for segment in self.segments for field in fields)
        # Where all texts are empty no word is found, and no norm is looked at.
        return total / max(1, self.count) or 1.0

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

    def article_ids(self, numbers: Array) -> list[str]:
        """Return the ids of some documents' articles, in their order."""
        if len(numbers) <= FEW:
            return list(map(self.article_id, numbers.tolist()))
        if len(self.segments) == 1:
            return self.segments[0].file.ids.several(numbers)
        owners = np.searchsorted(self._bases, numbers, "right") - 1
        names = [""] * len(numbers)
        for owner in set(owners.tolist()):
            segment = self.segments[owner]
            (places,) = (owners == owner).nonzero()
            own = segment.file.ids.several(numbers[places] - segment.base)
            for place, name in zip(places.tolist(), own, strict=True):
                names[place] = name
        return names

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


def _ranges(numbers: Iterable[int]) -> list[range]:
    """Return ascending numbers as ranges."""
    found: list[range] = []
    for number in numbers:
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


def _runs(segments: Sequence[SegmentView]) -> list[list[SegmentView]]:
    """Divide segments into runs of at most as many documents as a slice may have, or of a single segment."""
    runs: list[list[SegmentView]] = [[]]
    size = 0
    for segment in segments:
        if runs[-1] and size + segment.size > SLICE:
            runs.append([])
            size = 0
        runs[-1].append(segment)
        size += segment.size
    return runs
