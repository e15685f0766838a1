"""What is known by document: stored fields, lengths, columns and vectors."""

import pickle
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from whoosh.codec.base import PerDocumentWriter
from whoosh.columns import ColumnReader
from whoosh.util.numeric import length_to_byte

from newsearch.engines.whoosh.blocks import Array, Arrays
from newsearch.engines.whoosh.entry import EntryReader
from newsearch.engines.whoosh.generic.arrays import Held
from newsearch.engines.whoosh.generic.columns import ColumnBuilder, ColumnShelf, column_array
from newsearch.engines.whoosh.generic.postings import Lists, ListsBuilder, PostingsMatcher, decoded_lengths
from newsearch.engines.whoosh.strings import Strings, string_arrays

Item = tuple[str, float, bytes]
"""A term of a vector: its text, weight and value."""
_ENCODING = ("utf-8", "surrogatepass")


class DocumentWriter(PerDocumentWriter):  # type: ignore[misc]
    """Takes in documents, one after the other; what is begun and not finished counts for nothing.

    Args:
        segment: that is written.
    """

    def __init__(self, segment: Any) -> None:  # noqa: ANN401 - of this package
        self._segment = segment
        self._stored: list[bytes] = []
        self._lengths: dict[str, array[int]] = {}
        self._totals: Counter[str] = Counter()
        self._columns: dict[str, ColumnBuilder] = {}
        self._vectors: dict[str, _VectorsBuilder] = {}
        self._begin()
        self.is_closed = False
        """As Whoosh's writers ask."""

    def _begin(self) -> None:
        self._fields: dict[str, Any] = {}
        self._counts: dict[str, int] = {}
        self._values: list[tuple[str, Any, Any]] = []
        self._items: dict[str, list[Item]] = {}

    def start_doc(self, docnum: int) -> None:
        """Begin a document.

        Raises:
            ValueError: it is not the next one.
        """
        if docnum != len(self._stored):
            message = f"document {docnum} comes where {len(self._stored)} was expected"
            raise ValueError(message)
        self._begin()

    def add_field(self, fieldname: str, _fieldobj: Any, value: Any, length: int | None) -> None:  # noqa: ANN401 - of Whoosh
        """Take in what is stored of a field, unless it is None, and its length."""
        if value is not None:
            self._fields[fieldname] = value
        if length:
            self._counts[fieldname] = length

    def add_column_value(self, fieldname: str, columnobj: Any, value: Any) -> None:  # noqa: ANN401
        """Take in a value of a column."""
        self._values.append((fieldname, columnobj, value))

    def add_vector_items(self, fieldname: str, _fieldobj: Any, items: Iterable[Item]) -> None:  # noqa: ANN401
        """Take in the vector of a field: its terms, ascending."""
        self._items[fieldname] = list(items)

    def finish_doc(self) -> None:
        """Finish the document."""
        number = len(self._stored)
        self._stored.append(zlib.compress(pickle.dumps(self._fields)))
        for name, count in self._counts.items():
            lengths = self._lengths.setdefault(name, array("B"))
            lengths.extend([0] * (number - len(lengths)))
            lengths.append(length_to_byte(count))
            self._totals[name] += count
        for name, column, value in self._values:
            if name not in self._columns:
                self._columns[name] = ColumnBuilder(column)
            self._columns[name].add(number, value)
        for name, items in self._items.items():
            self._vectors.setdefault(name, _VectorsBuilder()).add(number, items)
        self._begin()

    def cancel_doc(self) -> None:
        """Forget what was begun."""
        self._begin()

    def close(self) -> None:
        """Let the segment hold all that was taken in."""
        if not self.is_closed:
            self._segment.held = Held(self._arrays())
            self.is_closed = True

    def _arrays(self) -> dict[str, Array]:
        documents = len(self._stored)
        arrays = string_arrays("stored", self._stored)
        for name, lengths in self._lengths.items():
            lengths.extend([0] * (documents - len(lengths)))
            arrays[_lengths_array(name)] = np.array(lengths, np.uint8)
            arrays[_total_array(name)] = np.array([self._totals[name]], np.uint64)
        for name, column in self._columns.items():
            arrays[column_array(name)] = column.finish(documents)
        for name, vectors in self._vectors.items():
            arrays |= vectors.arrays(_vectors_array(name), documents)
        return arrays


class _VectorsBuilder:
    """Takes in the vectors of a field."""

    def __init__(self) -> None:
        self._terms: list[bytes] = []
        self._lists = ListsBuilder()

    def add(self, document: int, items: Iterable[Item]) -> None:
        self._fill_up_to(document)
        for text, weight, value in items:
            self._terms.append(text.encode(*_ENCODING))
            self._lists.add(weight, value or b"")
        self._lists.end_list()

    def arrays(self, name: str, documents: int) -> dict[str, Array]:
        self._fill_up_to(documents)
        return {**string_arrays(f"{name}.terms", self._terms), **self._lists.arrays(name)}

    def _fill_up_to(self, document: int) -> None:
        while len(self._lists) < document:
            self._lists.end_list()


class DocumentReader(EntryReader):
    """The documents of a segment.

    Args:
        storage: of the index.
        arrays: of the segment.
        segment: of the table of contents.
    """

    def __init__(self, storage: Any, arrays: Arrays, segment: Any) -> None:  # noqa: ANN401 - of Whoosh and this package
        super().__init__(segment)
        self._arrays = arrays
        self._columns = ColumnShelf(storage, arrays, segment)
        self._lengths: dict[str, list[int]] = {}

    def has_column(self, fieldname: str) -> bool:
        """Tell whether a field has a column here."""
        return fieldname in self._columns

    def column_reader(self, fieldname: str, column: Any) -> ColumnReader:  # noqa: ANN401 - of Whoosh
        """Return a column."""
        return self._columns.reader(fieldname, column)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return the length of a field in a document; the default where it has none."""
        lengths = self._field_lengths(fieldname)
        return (lengths[docnum] if lengths else 0) or default

    def field_length(self, fieldname: str) -> int:
        """Return the length of a field in all documents together."""
        name = _total_array(fieldname)
        return int(self._arrays[name].read()[0]) if name in self._arrays else 0

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length of a field; 0 where a document has none."""
        return min(self._field_lengths(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length of a field."""
        return max(self._field_lengths(fieldname), default=0)

    def _field_lengths(self, fieldname: str) -> list[int]:
        if fieldname not in self._lengths:
            name = _lengths_array(fieldname)
            codes = self._arrays[name].read() if name in self._arrays else np.zeros(0, np.uint8)
            self._lengths[fieldname] = decoded_lengths(codes).tolist()
        return self._lengths[fieldname]

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """Tell whether a document has a vector of a field."""
        name = _vectors_array(fieldname)
        if f"{name}.starts" not in self._arrays:
            return False
        start, end = Lists(self._arrays, name).extent(docnum)
        return start < end

    def vector(self, docnum: int, fieldname: str, format_: Any) -> PostingsMatcher:  # noqa: ANN401 - of Whoosh
        """Return a vector.

        Raises:
            KeyError: the document has none of this field.
        """
        if not self.has_vector(docnum, fieldname):
            message = f"document {docnum} has no vector of {fieldname}"
            raise KeyError(message)
        name = _vectors_array(fieldname)
        lists = Lists(self._arrays, name)
        start, end = lists.extent(docnum)
        terms = Strings(self._arrays, f"{name}.terms")
        ids = [terms[number].decode(*_ENCODING) for number in range(start, end)]
        return PostingsMatcher(lists.of(ids, start), format_)

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored of a document."""
        fields = pickle.loads(zlib.decompress(Strings(self._arrays, "stored")[docnum]))  # noqa: S301 - as in all of Whoosh's indexes
        return dict(fields)


def _lengths_array(fieldname: str) -> str:
    return f"lengths/{fieldname}"


def _total_array(fieldname: str) -> str:
    return f"totals/{fieldname}"


def _vectors_array(fieldname: str) -> str:
    return f"vectors/{fieldname}"
