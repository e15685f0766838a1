"""The segments as Whoosh's own readers see them."""

from whoosh.codec.base import Segment


class NewsSegment(Segment):  # type: ignore[misc]
    """What the table of contents says of a segment."""

    def __init__(self, indexname: str, documents: int, words: int = 0) -> None:
        super().__init__(indexname)
        self.documents = documents
        self.words = words
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
