"""Columns: Whoosh's own kinds of column pack and unpack the values, each into one array of bytes."""

from io import BytesIO
from typing import Any

import numpy as np
from whoosh.columns import ColumnReader
from whoosh.filedb.structfile import BufferFile, StructFile

from newsearch.engines.whoosh.blocks import Array, Arrays

_ADDED = ".column"


class ColumnBuilder:
    """Takes in the values of a column.

    Args:
        column: of the schema.
    """

    def __init__(self, column: Any) -> None:  # noqa: ANN401 - of Whoosh
        self._bytes = BytesIO()
        self._writer = column.writer(StructFile(self._bytes))

    def add(self, document: int, value: Any) -> None:  # noqa: ANN401 - as the column has it
        """Take in the value of a document; documents ascend, and some may be left out."""
        self._writer.add(document, value)

    def finish(self, documents: int) -> Array:
        """Return the column for so many documents."""
        self._writer.finish(documents)
        return np.frombuffer(self._bytes.getvalue(), np.uint8)


class ColumnShelf:
    """Reads the columns of a segment.

    Args:
        storage: of the index.
        arrays: of the segment.
        segment: of the table of contents.
    """

    def __init__(self, storage: Any, arrays: Arrays, segment: Any) -> None:  # noqa: ANN401 - of Whoosh
        self._storage = storage
        self._arrays = arrays
        self._segment = segment

    def __contains__(self, fieldname: str) -> bool:
        added = column_filename(self._segment, fieldname)
        return column_array(fieldname) in self._arrays or bool(self._storage.file_exists(added))

    def reader(self, fieldname: str, column: Any) -> ColumnReader:  # noqa: ANN401 - of Whoosh
        """Return a column of a field."""
        name = column_array(fieldname)
        if name in self._arrays:
            content = self._arrays[name].read().tobytes()
        else:
            with self._storage.open_file(column_filename(self._segment, fieldname)) as stream:
                content = stream.read()
        return column.reader(BufferFile(content), 0, len(content), self._segment.doc_count_all())


def column_array(fieldname: str) -> str:
    """Return the name of a column's array."""
    return f"columns/{fieldname}"


def column_filename(segment: Any, fieldname: str) -> str:  # noqa: ANN401 - of Whoosh
    """Return the name of the file of a column that was added to a finished segment."""
    return str(segment.make_filename(f".{fieldname}{_ADDED}"))
