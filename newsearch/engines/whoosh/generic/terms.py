"""Terms and their postings, field by field."""

from array import array
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from newsearch.engines.whoosh.blocks import Array, BlockFile
from newsearch.engines.whoosh.cursor import TermCursor
from newsearch.engines.whoosh.generic.arrays import Held, write_arrays
from newsearch.engines.whoosh.generic.postings import Lists, ListsBuilder, PostingList, PostingsMatcher
from newsearch.engines.whoosh.strings import Strings, string_arrays

Term = tuple[str, bytes]


class TermsWriter(base.FieldWriter):  # type: ignore[misc]
    """Takes in terms, ascending, and their postings.

    Args:
        storage: of the index.
        segment: that is written.
    """

    def __init__(self, storage: Any, segment: Any) -> None:  # noqa: ANN401 - of Whoosh and this package
        self._storage = storage
        self._segment = segment
        self._arrays: dict[str, Array] = {}
        self._fields: list[str] = []
        self.is_closed = False
        """As Whoosh's writers ask."""

    def start_field(self, fieldname: str, _fieldobj: Any) -> None:  # noqa: ANN401 - of Whoosh
        """Begin a field.

        Raises:
            OutOfOrderError: it was there before.
        """
        if fieldname in self._fields:
            raise base.OutOfOrderError(fieldname)
        self._fields.append(fieldname)
        self._terms: list[bytes] = []
        self._documents = array("L")
        self._lists = ListsBuilder()

    def start_term(self, text: bytes) -> None:
        """Begin a term."""
        self._terms.append(text)

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        """Take in a posting of the term."""
        self._documents.append(docnum)
        self._lists.add(weight, vbytes, length)

    def finish_term(self) -> None:
        """Finish the term."""
        self._lists.end_list()

    def finish_field(self) -> None:
        """Finish the field."""
        name = _postings_array(self._fields[-1])
        self._arrays |= {
            **string_arrays(f"{name}.terms", self._terms),
            f"{name}.documents": np.array(self._documents, np.uint32),
            **self._lists.arrays(name),
        }

    def close(self) -> None:
        """Write the segment's file: the terms, and what is known by document."""
        if not self.is_closed:
            held = self._segment.held or Held({})
            write_arrays(self._storage, self._segment, {**held.arrays, **self._arrays}, {"fields": self._fields})
            self._segment.held = None
            self.is_closed = True


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment.

    Args:
        file: of the segment.
    """

    def __init__(self, file: BlockFile) -> None:
        names = sorted(file.facts["fields"])
        self._fields = {name: _Field(file, name) for name in names}

    def __contains__(self, term: Term) -> bool:
        fieldname, text = term
        return fieldname in self._fields and self._fields[fieldname].terms.find(text) is not None

    def indexed_field_names(self) -> list[str]:
        """Return the fields that have terms."""
        return list(self._fields)

    def terms(self) -> Iterator[Term]:
        """Yield all terms, field by field."""
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Yield the terms from a text on, as far as the last field."""
        for name, field in self._fields.items():
            if name >= fieldname:
                start = field.terms.first_from(prefix) if name == fieldname else 0
                yield from ((name, field.terms[number]) for number in range(start, len(field.terms)))

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """Yield all terms with what is known of each."""
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """Yield the terms from a text on with what is known of each."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the figures of a term.

        Raises:
            KeyError: there is no such term.
        """
        return self._fields[fieldname].info(text)

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> PostingsMatcher:  # noqa: ANN401 - of Whoosh
        """Return the postings of a term.

        Raises:
            TermNotFound: there is no such term.
        """
        try:
            postings = self._fields[fieldname].postings(text)
        except KeyError as error:
            message = f"{fieldname}:{text!r}"
            raise TermNotFound(message) from error
        return PostingsMatcher(postings, format_, scorer, term=(fieldname, text))

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor | base.EmptyCursor:  # noqa: ANN401 - of Whoosh
        """Return a walk over the terms of a field."""
        if fieldname not in self._fields:
            return base.EmptyCursor()
        return TermCursor(self._fields[fieldname].terms, fieldobj, partial(self.term_info, fieldname))


class _Field:
    """The terms of one field."""

    def __init__(self, file: BlockFile, fieldname: str) -> None:
        name = _postings_array(fieldname)
        self.terms = Strings(file, f"{name}.terms")
        self._documents = file[f"{name}.documents"]
        self._lists = Lists(file, name)

    def info(self, text: bytes) -> TermInfo:
        start, end = self._extent(text)
        weights, lengths = self._lists.weights(start, end), self._lists.lengths(start, end)
        documents = self._documents.read(start, end)
        return TermInfo(
            weight=float(weights.sum(dtype=np.float64)),
            df=end - start,
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(weights.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def postings(self, text: bytes) -> PostingList:
        start, end = self._extent(text)
        return self._lists.of(self._documents.read(start, end).tolist(), start)

    def _extent(self, text: bytes) -> tuple[int, int]:
        number = self.terms.find(text)
        if number is None:
            raise KeyError(text)
        return self._lists.extent(number)


def _postings_array(fieldname: str) -> str:
    return f"postings/{fieldname}"
