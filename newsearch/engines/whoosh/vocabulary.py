"""The forms of a segment that a word with wildcards stands for, and the postings of many forms at once.

Every form counts, however many there are: to cut would make totals wrong, and arrays are united so fast that nothing
has to be.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from newsearch.analysis import fold, pattern, signs
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.segment import FieldReader, SegmentFile

FEW = 16
"""So many forms are read one by one."""
GAP = 1 << 12
"""Postings between two forms that are sooner read than the second form looked up."""
CHUNK = 1 << 20
"""Postings read at once, about."""
_ODD = re.compile(r"^[0-9A-Za-z'&+]*+[^\n0-9A-Za-z'&+].*$", re.MULTILINE)
"""A form that lower case is not enough to fold, in a text of one form a line."""


class Vocabulary:
    """The forms of a segment.

    Args:
        file: the segment.
    """

    def __init__(self, file: SegmentFile) -> None:
        self._file = file

    def like(self, typed: str) -> list[int]:
        """Return the numbers of the forms that a word with wildcards matches, ascending."""
        wanted, typed_signs, forms = pattern(typed), signs(typed), self._file.forms
        numbers = self._file.forms_starting(wanted.start) if wanted.start else range(len(forms))
        lines = _folded_lines(forms.between(numbers.start, numbers.stop)) if wanted.start else self._folded
        found = [number for number, line in zip(numbers, lines.split("\n"), strict=False) if wanted.matches(line)]
        return [number for number in found if not typed_signs or typed_signs <= signs(forms[number].decode())]

    @cached_property
    def _folded(self) -> str:
        return _folded_lines(self._file.forms.all())


def _folded_lines(forms: Sequence[bytes]) -> str:
    """Return forms folded, one a line."""
    folded = _ODD.sub(lambda odd: fold(odd[0]), b"\n".join(forms).decode())
    return folded.encode().lower().decode()  # of bytes, only ASCII changes


def united_postings(reader: FieldReader, forms: Sequence[int], size: int) -> list[tuple[Array, Array]]:
    """Return lists of documents, ascending, with frequencies, that add up to the postings of forms.

    Args:
        reader: of the field.
        forms: ascending.
        size: documents of the segment.
    """
    if len(forms) <= FEW:
        return [reader.postings(form) for form in forms]
    table = np.zeros(size)
    for first, behind, wanted in _spans(reader, forms):
        documents, frequencies = reader.postings(first, behind)
        table += np.bincount(documents[wanted], frequencies[wanted], size)
    found = np.flatnonzero(table)
    return [(found, table[found])]


def united_places(reader: FieldReader, forms: Sequence[int], shift: int) -> Array:
    """Return where forms stand, ascending, as the reader gives it for one of them."""
    if len(forms) == 1:
        return reader.places(forms[0], shift)
    if len(forms) <= FEW:
        lists = [reader.places(form, shift) for form in forms]
    else:
        lists = [
            reader.places(first, shift, behind)[np.repeat(wanted, reader.postings(first, behind)[1])]
            for first, behind, wanted in _spans(reader, forms)
        ]
    return np.sort(np.concatenate([np.zeros(0, np.int64), *lists]))


def _spans(reader: FieldReader, forms: Sequence[int]) -> Iterator[tuple[int, int, Array]]:
    """Yield ranges [first, behind) of forms to be read at once, and which of their postings are those of the forms."""
    numbers = np.array(forms, np.int64)
    starts = reader.starts.read().astype(np.int64)
    begins, ends = starts[numbers], starts[numbers + 1]
    apart = (begins[1:] - ends[:-1] > GAP) | (begins[1:] // CHUNK != begins[:-1] // CHUNK)
    for group in np.split(numbers, np.flatnonzero(apart) + 1):
        first, behind = int(group[0]), int(group[-1]) + 1
        wanted = np.zeros(behind - first, bool)
        wanted[group - first] = True
        yield first, behind, np.repeat(wanted, np.diff(starts[first : behind + 1]))
