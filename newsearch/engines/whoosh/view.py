"""One generation of the index as arrays over its document numbers."""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.reading import IndexReader, TermNotFound

from newsearch.analysis import Vocabulary
from newsearch.engines.bm25f import FIELD_WEIGHTS
from newsearch.engines.whoosh.schema import SUPERSEDED, TEXT_FIELDS

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

DOCUMENT_SHIFT = 32
"""A place in a field is one integer: the document's number, shifted by this, plus the position."""


class IndexView:
    """What a query needs of an index.

    Args:
        reader: of a committed generation; stays open as long as the view is used.
    """

    def __init__(self, reader: IndexReader) -> None:
        self.reader = reader
        self.size: int = reader.doc_count_all()
        """Document numbers, of deleted documents too."""

    @cached_property
    def current(self) -> Mask:
        """Which documents are current editions."""
        alive = np.ones(self.size, bool)
        alive[[number for number in range(self.size) if self.reader.is_deleted(number)]] = False
        current: Mask = alive & (self.marks & SUPERSEDED == 0)
        return current

    @cached_property
    def count(self) -> int:
        """How many current editions there are."""
        return int(self.current.sum())

    @cached_property
    def marks(self) -> Integers:
        """Bits, as the schema names them."""
        return self.column("marks")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """All written forms of the text fields."""
        return Vocabulary({form for field in TEXT_FIELDS for form in self.forms(field)})

    def forms(self, field: str) -> list[str]:
        """Return the written forms of a field."""
        return [text.decode() for text in self.reader.lexicon(field)]

    def column(self, name: str) -> Integers:
        """Return a numeric column."""
        parts: list[Any] = []
        for reader, _ in self.reader.leaf_readers():
            values = reader.column_reader(name, translate=False)
            parts.append(np.fromiter((values[number] for number in range(reader.doc_count_all())), np.int64))
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def weighted_lengths(self, fields: tuple[str, ...]) -> Floats:
        """Return each document's length over some fields, as BM25F weighs them."""
        total = np.zeros(self.size)
        for field in fields:
            total += FIELD_WEIGHTS[field] * self._lengths[field]
        return total

    @cached_property
    def _lengths(self) -> dict[str, Integers]:
        return {field: self.column(f"{field}_length") for field in TEXT_FIELDS}

    @cached_property
    def ids(self) -> list[str]:
        """Each document's article id; empty for deleted ones."""
        ids = [""] * self.size
        for text in self.reader.lexicon("id"):
            for number in self.documents("id", text.decode()):
                ids[number] = text.decode()
        return ids

    def documents(self, field: str, value: str) -> list[int]:
        """Return the numbers of the living documents that have a term."""
        try:
            return list(self.reader.postings(field, value).all_ids())
        except TermNotFound:
            return []

    def places(self, field: str, form: str) -> Integers:
        """Return where a written form stands in a field, ascending."""
        try:
            matcher = self.reader.postings(field, form)
        except TermNotFound:
            return np.zeros(0, np.int64)
        found: list[int] = []
        while matcher.is_active():
            base = matcher.id() << DOCUMENT_SHIFT
            found.extend(base + position for position in matcher.value_as("positions"))
            matcher.next()
        return np.array(found, np.int64)
