"""Word documents to articles, by python-docx."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document

from newsearch.extract.paragraph_documents import article_of
from newsearch.extract.settings import Settings
from newsearch.model import Article, DocumentCapture, Skipped

_UNPACKED_LIMIT = 512 << 20
"""Bytes of all its parts; no text has as many."""
_TITLE_STYLES = ("Title", "Heading 1")


def read(capture: DocumentCapture, settings: Settings) -> Iterator[Article | Skipped]:  # noqa: ARG001 - as all readers
    """Yield the article of a Word document, or why it has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(capture.content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > _UNPACKED_LIMIT:
            yield Skipped(capture.origin, "bomb", f"more than {_UNPACKED_LIMIT >> 20} MiB when unpacked; leave it out")
            return
        document = Document(io.BytesIO(capture.content))
        blocks = list(_blocks(document))
        title = document.core_properties.title or ""
    except Exception as error:  # noqa: BLE001 - a file from a stranger may break the library anywhere
        detail = f"{type(error).__name__}: it cannot be read as a Word document; open it and save it anew"
        yield Skipped(capture.origin, "broken-docx", detail)
        return
    marked = next((text for text, style in blocks if style in _TITLE_STYLES and text.strip()), "")
    yield from article_of(capture, marked or title, [text for text, _ in blocks])


def _blocks(document: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - the library has no types
    """Yield the text of paragraphs and of rows of tables, in their order, with the name of its style."""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                yield " ".join(dict.fromkeys(cell.text.strip() for cell in row.cells)), ""
        else:
            yield block.text, (block.style.name if block.style is not None else "") or ""
