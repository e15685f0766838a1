"""The forms of a segment that a word with wildcards or a fuzzy one stands for, and the postings of many forms at once.

Every form counts, however many there are: to cut would make totals wrong, and arrays are united so fast that nothing
has to be.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np

from newsearch.analysis import bare, fold, neighbours, pattern, signs
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.segment import FieldReader, SegmentFile

SEVERAL = 16
"""So many ranges of forms are read one by one, and so many groups of forms."""
GAP = 1 << 12
"""Postings between two ranges that are sooner read than the second range looked up."""
CHUNK = 1 << 20
"""Postings read at once, about."""
_OVERLAP = "groups of forms are said to lie over each other"


class Vocabulary:
    """The folded forms of a segment.

    Args:
        file: the segment.
    """

    def __init__(self, file: SegmentFile) -> None:
        self._file = file

    def like(self, typed: str) -> list[range]:
        """Return the numbers of the forms that a word with wildcards matches, ascending."""
        wanted = pattern(typed)
        groups = self._starting(wanted.start) if wanted.start else self._having(wanted.piece)
        if not wanted.is_inside:
            folded = self._folded_forms(groups)
            groups = [group for group, form in zip(groups, folded, strict=True) if wanted.matches(form)]
        return self._forms(groups, typed)

    def near(self, typed: str, edits: int) -> list[range]:
        """Return the numbers of the forms that so many edits turn into a word, ascending."""
        words, groups = self._bare
        return self._forms([groups[nth] for nth in neighbours(words, bare(fold(typed)), edits)], typed)

    def _forms(self, groups: Iterable[int], typed: str) -> list[range]:
        """Return the forms of some groups that have the signs of the word typed."""
        spans = self._spans(sorted(groups))
        asked = signs(typed)
        return [single for span in spans for single in self._signed(span, asked)] if asked else spans

    def _having(self, piece: str) -> list[int]:
        """Return the groups whose folded form has some characters in it, in any place."""
        text, begins = self._lines
        # Each match takes the rest of its line with it, so that no group comes twice.
        matches = re.finditer(f"{re.escape(piece)}[^\n]*+\n", text)
        places = np.fromiter((match.start() for match in matches), np.int64)
        groups: list[int] = (begins.searchsorted(places, "right") - 1).tolist()
        return groups

    @cached_property
    def _lines(self) -> tuple[str, Array]:
        """The folded forms, a line each, and where each line begins."""
        sizes = np.fromiter((len(form) + 1 for form in self._all_folded), np.int64, len(self._all_folded))
        return "".join(f"{form}\n" for form in self._all_folded), sizes.cumsum() - sizes

    def _starting(self, start: str) -> list[int]:
        """Return the groups whose folded form begins so."""
        by_fold = self._file.file["by_fold"]

        def place(text: bytes) -> int:
            order = range(len(by_fold))
            return bisect_left(order, text, key=lambda nth: self._folded(by_fold.pair(nth, nth)[0]).encode())

        groups: list[int] = by_fold.read(place(start.encode()), place(start.encode() + b"\xff")).tolist()
        return groups

    def _folded(self, group: int) -> str:
        return fold(self._file.forms[self._file.file["folds"].pair(group, group)[0]].decode())

    def _folded_forms(self, groups: Sequence[int]) -> list[str]:
        return list(map(self._folded if len(groups) <= SEVERAL else self._all_folded.__getitem__, groups))

    @cached_property
    def _all_folded(self) -> list[str]:
        forms = self._file.forms.all()
        return [fold(forms[first].decode()) for first in self._edges[:-1].tolist()]

    @cached_property
    def _edges(self) -> Array:
        """The first form of each group, and the number of all forms.

        Raises:
            ValueError: a form would be in two groups.
        """
        edges = self._file.file["folds"].read()
        if (edges[1:] <= edges[:-1]).any() or edges[-1] > len(self._file.forms):
            raise ValueError(_OVERLAP)
        return edges

    @cached_property
    def _bare(self) -> tuple[list[str], list[int]]:
        """The words without their possessives, sorted, and the group of each."""
        words = list(map(bare, self._all_folded))
        groups = sorted(self._file.file["by_fold"].read().tolist(), key=words.__getitem__)
        return list(map(words.__getitem__, groups)), groups

    def _spans(self, groups: Sequence[int]) -> list[range]:
        """Return the forms of some groups, ranges that touch as one."""
        firsts, behinds = self._edges[groups], self._edges[np.array(groups, np.intp) + 1]
        if (firsts[1:] < behinds[:-1]).any():
            raise ValueError(_OVERLAP)
        new = np.flatnonzero(firsts[1:] != behinds[:-1]) + 1
        begins = firsts[np.concatenate([[0], new])] if groups else firsts
        ends = behinds[np.concatenate([new - 1, [-1]])] if groups else behinds
        return list(map(range, begins.tolist(), ends.tolist()))

    def _signed(self, span: range, asked: frozenset[str]) -> Iterator[range]:
        for form, written in zip(span, self._file.forms.between(span.start, span.stop), strict=True):
            if asked <= signs(written.decode()):
                yield range(form, form + 1)


def united_postings(reader: FieldReader, spans: Sequence[range], size: int) -> list[tuple[Array, Array]]:
    """Return lists of documents with frequencies that add up to the postings of forms; one list if there are many.

    Args:
        reader: of the field.
        spans: of the forms, ascending.
        size: documents of the segment.
    """
    if len(spans) <= SEVERAL:
        return [reader.postings(span.start, span.stop) for span in spans]
    table = np.zeros(size)
    for first, behind, wanted in _joined(reader, spans):
        documents, frequencies = reader.postings(first, behind)
        np.add.at(table, documents.compress(wanted).astype(np.intp), frequencies.compress(wanted).astype(np.float64))
    found = np.flatnonzero(table)
    return [(found, table[found])]


def united_count(reader: FieldReader, spans: Sequence[range]) -> int:
    """Return in how many places forms stand."""
    if len(spans) <= SEVERAL:
        return sum(reader.count(span.start, span.stop) for span in spans)
    firsts, behinds = [span.start for span in spans], [span.stop for span in spans]
    ends = reader.starts.read().astype(np.int64) + reader.gap_starts.read()
    return int((ends[behinds] - ends[firsts]).sum())


def united_places(reader: FieldReader, spans: Sequence[range], origins: Array, among: Array | None = None) -> Array:
    """Return where forms stand in some documents, in no order, as the reader gives it for one range of forms."""
    if len(spans) <= SEVERAL:
        lists = [reader.places(span.start, span.stop, origins, among) for span in spans]
    else:
        lists = [reader.places(*part[:2], origins, among, part[2]) for part in _joined(reader, spans)]
    return lists[0] if len(lists) == 1 else np.concatenate(lists or [origins[:0]])


def _joined(reader: FieldReader, spans: Sequence[range]) -> Iterator[tuple[int, int, Array]]:
    """Yield ranges [first, behind) of forms to be read at once, and which of their postings are those of the forms."""
    firsts = np.array([span.start for span in spans])
    behinds = np.array([span.stop for span in spans])
    starts = reader.starts.read()
    begins, ends = starts[firsts].astype(np.int64), starts[behinds].astype(np.int64)
    if ends.max() > len(reader.documents):
        message = "postings are said to lie behind the end"
        raise ValueError(message)
    apart = (begins[1:] - ends[:-1] > GAP) | (begins[1:] // CHUNK != begins[:-1] // CHUNK)
    for group in np.split(np.arange(len(spans)), np.flatnonzero(apart) + 1):
        base = int(begins[group[0]])
        edges = np.zeros(int(ends[group[-1]]) - base + 1, np.int8)
        np.add.at(edges, begins[group] - base, 1)
        np.add.at(edges, ends[group] - base, -1)
        yield int(firsts[group[0]]), int(behinds[group[-1]]), np.cumsum(edges[:-1], dtype=np.int8).view(bool)
