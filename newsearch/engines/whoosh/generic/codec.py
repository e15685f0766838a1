"""The codec, and the segment that names it in the table of contents."""

from typing import Any

from whoosh.codec import base

from newsearch.engines.whoosh.entry import Entry
from newsearch.engines.whoosh.generic.arrays import Held, read_arrays
from newsearch.engines.whoosh.generic.columns import column_filename
from newsearch.engines.whoosh.generic.documents import DocumentReader, DocumentWriter
from newsearch.engines.whoosh.generic.terms import TermsReader, TermsWriter


class ArraySegment(Entry):
    """A segment of any schema.

    Whoosh closes what it knows by document, and reads it, before it writes the terms. Until then it is held here; the
    file is made when both are there.
    """

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self.held: Held | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "held": None}

    def codec(self) -> "ArrayCodec":
        """Return what reads and writes it."""
        return ArrayCodec()

    def set_doc_count(self, count: int) -> None:
        """Say how many documents there are."""
        self.documents = count

    def should_assemble(self) -> bool:
        """Tell that there is only one file, so that there is nothing to assemble."""
        return False


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Writes and reads segments of any schema."""

    def new_segment(self, _storage: Any, indexname: str) -> ArraySegment:  # noqa: ANN401 - of Whoosh
        """Return a segment to be written."""
        return ArraySegment(indexname)

    def per_document_writer(self, _storage: Any, segment: ArraySegment) -> DocumentWriter:  # noqa: ANN401
        """Return what takes in documents."""
        return DocumentWriter(segment)

    def field_writer(self, storage: Any, segment: ArraySegment) -> TermsWriter:  # noqa: ANN401
        """Return what takes in terms and postings."""
        return TermsWriter(storage, segment)

    def terms_reader(self, storage: Any, segment: ArraySegment) -> TermsReader:  # noqa: ANN401
        """Return the dictionary and the postings."""
        return TermsReader(read_arrays(storage, segment))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> DocumentReader:  # noqa: ANN401
        """Return what is known document by document."""
        return DocumentReader(storage, segment.held or read_arrays(storage, segment), segment)

    def column_filename(self, segment: ArraySegment, fieldname: str) -> str:
        """Return where Whoosh's `add_sortable` puts a column that a finished segment lacks."""
        return column_filename(segment, fieldname)
