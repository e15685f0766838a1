"""The segments as Whoosh's own readers see them: read only, with the dictionary its queries expect.

Postings are kept by the words as written. Whoosh is shown the stems instead, each with the union of its words'
postings, so that `searcher().search(Term("body", "export"))` finds what our own queries find. The stems are English
ones for documents in every language, since a term of Whoosh's knows none. Whole values, ids and times are terms too,
made from their columns when they are first asked for.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from whoosh.codec import base
from whoosh.columns import ColumnReader
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo, TermNotFound
from whoosh.util.times import datetime_to_long

from newsearch.engines.whoosh.cursor import TermCursor
from newsearch.engines.whoosh.documents import KEYWORD_FIELDS, TEXT_FIELDS, UNKNOWN, naive_utc
from newsearch.engines.whoosh.entry import Entry, EntryReader
from newsearch.engines.whoosh.schema import schema
from newsearch.engines.whoosh.segment import EXTENSION, SegmentFile

_TIME_FIELDS = ("published", "updated")
Term = tuple[str, bytes]


class NewsSegment(Entry):
    """What the table of contents says of a segment.

    Args:
        indexname: Whoosh's name for the index.
        documents: in the segment, deleted ones included.
        words: in all its texts.
    """

    def __init__(self, indexname: str, documents: int, words: int = 0) -> None:
        super().__init__(indexname, documents)
        self.words = words

    @classmethod
    def named(cls, indexname: str, name: str, documents: int, words: int) -> Self:
        """Return the segment of a file that is there under a name."""
        segment = cls(indexname, documents, words)
        segment.segid = name.removeprefix(f"{indexname}_")
        return segment

    def codec(self) -> "NewsCodec":
        """Return what reads it."""
        return NewsCodec()


class NewsCodec(base.Codec):  # type: ignore[misc]
    """Gives Whoosh the readers of a segment."""

    def terms_reader(self, storage: Any, segment: NewsSegment) -> "NewsTermsReader":  # noqa: ANN401 - of Whoosh
        """Return the dictionary and the postings."""
        return NewsTermsReader(_file(storage, segment))

    def per_document_reader(self, storage: Any, segment: NewsSegment) -> "NewsDocumentReader":  # noqa: ANN401
        """Return what is known document by document."""
        return NewsDocumentReader(_file(storage, segment), segment)


class NewsTermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment.

    Args:
        file: of the segment.
    """

    def __init__(self, file: SegmentFile) -> None:
        self._file = file
        self._schema = schema()
        self._matched: dict[str, dict[bytes, list[int]]] = {}

    def __contains__(self, term: Term) -> bool:
        return self._has(*term)

    def indexed_field_names(self) -> list[str]:
        """Return the fields that have terms."""
        return [name for name, field in self._schema.items() if field.indexed and self._texts(name)]

    def terms(self) -> Iterator[Term]:
        """Yield all terms, field by field."""
        for name in sorted(self.indexed_field_names()):
            yield from ((name, text) for text in self._texts(name))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """Yield the terms from a text on, as far as the last field."""
        for name in sorted(self.indexed_field_names()):
            if name >= fieldname:
                texts = self._texts(name)
                start = bisect_left(texts, prefix) if name == fieldname else 0
                yield from ((name, text) for text in texts[start:])

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """Yield all terms with what is known of each."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """Yield the terms from a text on with what is known of each."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Return the figures of a term.

        Raises:
            KeyError: there is no such term.
        """
        documents, frequencies, _ = self._postings(fieldname, text)
        lengths = [1]
        if fieldname in TEXT_FIELDS:
            lengths = self._file.lengths[fieldname][documents].tolist()
        weight, most = float(sum(frequencies)), float(max(frequencies))
        return TermInfo(weight, len(documents), min(lengths), max(lengths), most, documents[0], documents[-1])

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> ListMatcher:  # noqa: ANN401
        """Return the postings of a term.

        Raises:
            TermNotFound: there is no such term.
        """
        try:
            documents, frequencies, positions = self._postings(fieldname, text)
        except KeyError as error:
            message = f"{fieldname}:{text!r}"
            raise TermNotFound(message) from error
        values = [format_.encode(places) for places in positions] if positions else [b""] * len(documents)
        weights = [float(frequency) for frequency in frequencies]
        info = self.term_info(fieldname, text)
        return ListMatcher(documents, weights, values, format_, scorer, term=(fieldname, text), terminfo=info)

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor:  # noqa: ANN401
        """Return a walk over the terms of a field."""
        return TermCursor(self._texts(fieldname), fieldobj, partial(self.term_info, fieldname))

    def _has(self, fieldname: str, text: bytes) -> bool:
        texts = self._texts(fieldname)
        place = bisect_left(texts, text)
        return place < len(texts) and texts[place] == text

    def _texts(self, fieldname: str) -> list[bytes]:
        """Return the terms of a field, sorted."""
        if fieldname in TEXT_FIELDS:
            return self._stems[fieldname]
        return sorted(self._values(fieldname))

    @cached_property
    def _stems(self) -> dict[str, list[bytes]]:
        stems: dict[str, list[bytes]] = {field: [] for field in TEXT_FIELDS}
        for text in self._file.stems.all():
            for field, found in stems.items():
                if self._forms(field, text):
                    found.append(text)
        return stems

    def _forms(self, field: str, text: bytes) -> range:
        """Return the forms of a stem, none when they do not stand in the field."""
        forms = self._file.forms_with_stem(text.decode())
        return forms if len(self._file.fields[field].postings(forms.start, forms.stop)[0]) else range(0)

    def _values(self, fieldname: str) -> dict[bytes, list[int]]:
        """Return the documents of each term of a field that is no text."""
        if fieldname not in self._matched:
            found: dict[bytes, list[int]] = {}
            for number, texts in enumerate(self._terms_of_documents(fieldname)):
                for text in texts:
                    found.setdefault(text, []).append(number)
            self._matched[fieldname] = found
        return self._matched[fieldname]

    def _terms_of_documents(self, fieldname: str) -> Iterator[list[bytes]]:
        if fieldname == "id":
            yield from ([name] for name in self._file.ids.all())
        elif fieldname in KEYWORD_FIELDS:
            values = [value.encode() for value in self._file.values(fieldname)]
            for number in self._file.column(f"{fieldname}.values").tolist():
                yield [values[number]] if values[number] else []
        elif fieldname in _TIME_FIELDS:
            field = self._schema[fieldname]
            for moment in self._file.column(fieldname).tolist():
                yield (
                    []
                    if moment == UNKNOWN
                    else list(dict.fromkeys(text for text, *_ in field.index(naive_utc(moment))))
                )

    def _postings(self, fieldname: str, text: bytes) -> tuple[list[int], list[int], list[list[int]]]:
        if fieldname not in TEXT_FIELDS:
            documents = self._values(fieldname)[text]
            return documents, [1] * len(documents), []
        forms = self._forms(fieldname, text)
        if not forms:
            raise KeyError(text)
        places = np.sort(self._file.fields[fieldname].places(forms.start, forms.stop, self._file.origins))
        found, begins = np.unique(places >> self._file.shift, return_index=True)
        positions = [part.tolist() for part in np.split(places & ((1 << self._file.shift) - 1), begins[1:])]
        return found.tolist(), [len(part) for part in positions], positions


class NewsDocumentReader(EntryReader):
    """The documents of a segment.

    Args:
        file: of the segment.
        segment: of the table of contents.
    """

    def __init__(self, file: SegmentFile, segment: NewsSegment) -> None:
        super().__init__(segment)
        self._file = file

    def has_column(self, fieldname: str) -> bool:
        """Tell whether a field has a column."""
        return fieldname in (*_TIME_FIELDS, *KEYWORD_FIELDS)

    def list_columns(self) -> list[str]:
        """Return the fields that have a column."""
        return [*_TIME_FIELDS, *KEYWORD_FIELDS]

    def column_reader(self, fieldname: str, column: Any) -> "NewsColumn":  # noqa: ANN401 - of Whoosh
        """Return a column as Whoosh stores its values."""
        if fieldname in KEYWORD_FIELDS:
            values = [value.encode() for value in self._file.values(fieldname)]
            return NewsColumn([values[number] for number in self._file.column(f"{fieldname}.values").tolist()])
        unknown = column.default_value()
        moments = self._file.column(fieldname).tolist()
        return NewsColumn([unknown if one == UNKNOWN else datetime_to_long(naive_utc(one)) for one in moments])

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """Return how many words a document has in a field."""
        return int(self._file.lengths[fieldname][docnum]) if fieldname in TEXT_FIELDS else default

    def field_length(self, fieldname: str) -> int:
        """Return how many words all documents have in a field."""
        return int(self._file.lengths[fieldname].sum()) if fieldname in TEXT_FIELDS else 0

    def min_field_length(self, fieldname: str) -> int:
        """Return the least length in a field."""
        return int(self._file.lengths[fieldname].min(initial=0)) if fieldname in TEXT_FIELDS else 0

    def max_field_length(self, fieldname: str) -> int:
        """Return the greatest length in a field."""
        return int(self._file.lengths[fieldname].max(initial=0)) if fieldname in TEXT_FIELDS else 0

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """Return what is stored of a document."""
        return self._file.stored(docnum)


class NewsColumn(ColumnReader):  # type: ignore[misc]
    """A column in memory.

    Args:
        values: one for each document.
    """

    def __init__(self, values: list[Any]) -> None:
        self._values = values
        self._doccount = len(values)
        self._reverse = False

    def __getitem__(self, docnum: int) -> Any:  # noqa: ANN401 - as the column has it
        return self._values[docnum]

    def sort_key(self, docnum: int) -> Any:  # noqa: ANN401
        """Return what to sort a document by."""
        value = self._values[docnum]
        return -value if self._reverse else value

    def load(self) -> list[Any]:
        """Return all values."""
        return self._values

    def set_reverse(self) -> None:
        """Sort the other way round."""
        self._reverse = True


def _file(storage: Any, segment: NewsSegment) -> SegmentFile:  # noqa: ANN401 - of Whoosh
    return SegmentFile(Path(storage.folder, f"{segment.segment_id()}{EXTENSION}"))
