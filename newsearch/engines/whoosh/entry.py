"""What Whoosh's table of contents says of a segment of ours, and what a reader of documents knows from that alone."""

from typing import Any

from whoosh.codec import base


class Entry(base.Segment):  # type: ignore[misc]
    """A segment in the table of contents.

    Args:
        indexname: Whoosh's name for the index.
        documents: in the segment, deleted ones included.
    """

    def __init__(self, indexname: str, documents: int = 0) -> None:
        super().__init__(indexname)
        self.documents = documents
        self.deleted: set[int] = set()

    def doc_count_all(self) -> int:
        """Return the number of documents, deleted ones included."""
        return self.documents

    def deleted_count(self) -> int:
        """Return the number of deleted documents."""
        return len(self.deleted)

    def deleted_docs(self) -> set[int]:
        """Return the deleted documents."""
        return self.deleted

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether a document is deleted."""
        return docnum in self.deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:  # noqa: FBT001, FBT002 - as in the base
        """Delete a document, or bring it back."""
        (self.deleted.add if delete else self.deleted.discard)(docnum)


class EntryReader(base.PerDocumentReader):  # type: ignore[misc]
    """The documents of a segment, as far as its entry tells of them.

    Args:
        segment: of the table of contents.
    """

    def __init__(self, segment: Any) -> None:  # noqa: ANN401 - an entry of any kind
        self._segment = segment

    def doc_count(self) -> int:
        """Return the number of documents that are not deleted."""
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        """Return the number of documents."""
        return int(self._segment.doc_count_all())

    def has_deletions(self) -> bool:
        """Tell whether any is deleted."""
        return bool(self._segment.deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Tell whether one is deleted."""
        return docnum in self._segment.deleted

    def deleted_docs(self) -> set[int]:
        """Return the deleted ones."""
        return set(self._segment.deleted)

    def supports_columns(self) -> bool:
        """Tell that there are columns."""
        return True
