"""Word documents to articles, by python-docx."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from newsearch.extract.paragraph_documents import article_of
from newsearch.extract.settings import Settings
from newsearch.model import Article, DocumentCapture, Skipped

_UNPACKED_LIMIT = 512 << 20
"""Bytes of all its parts; no text has as many."""
_TITLE_STYLES = ("Title", "Heading 1")
_PARAGRAPH, _RUN, _ROW, _BOX = map(qn, ("w:p", "w:r", "w:tr", "w:txbxContent"))
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HOLDERS = {_ROW, *map(qn, ("w:tc", "w:tbl", "w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo"))}
_HOLDERS |= {f"{_COMPATIBLE}AlternateContent", f"{_COMPATIBLE}Choice"}
"""What has paragraphs in it."""
_APART = {f"{_COMPATIBLE}Fallback", *map(qn, ("w:del", "w:moveFrom", "w:rt"))}
"""Parts of a paragraph that are the same once more for older programs, no longer there, or how its characters are
spoken."""
_DELETED, _CELLS = "w:trPr/w:del", "w:tc | w:sdt/w:sdtContent/w:tc"
"""That a row is, and what it has."""


def read(capture: DocumentCapture, settings: Settings) -> Iterator[Article | Skipped]:  # noqa: ARG001 - as all readers
    """Yield the article of a Word document, or why it has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(capture.content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > _UNPACKED_LIMIT:
            yield Skipped(capture.origin, "bomb", f"more than {_UNPACKED_LIMIT >> 20} MiB when unpacked; leave it out")
            return
        document = Document(io.BytesIO(capture.content))
        blocks = list(_blocks(document.element.body, document))
        title = _stated_title(document)
    except Exception as error:  # noqa: BLE001 - a file from a stranger may break the library anywhere
        detail = f"{type(error).__name__}: it cannot be read as a Word document; open it and save it anew"
        yield Skipped(capture.origin, "broken-docx", detail)
        return
    marked = next((text for text, style in blocks if style in _TITLE_STYLES and text.strip()), "")
    yield from article_of(capture, marked or title, [text for text, _ in blocks])


def _stated_title(document: Any) -> str:  # noqa: ANN401 - the library has no types
    """Return the title of the metadata; where there are none, the library makes some up."""
    try:
        document.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    except KeyError:
        return ""
    return document.core_properties.title or ""


def _blocks(container: Any, document: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield the text of paragraphs and of rows of tables, in their order, with the name of its style.

    The library itself shows nothing of content controls, text boxes, tables in tables and tracked insertions, and the
    cells of a table as often as its grid says.
    """
    for element in container:
        if element.tag == _PARAGRAPH:
            style = Paragraph(element, document).style
            boxes: list[Any] = []
            yield "".join(_runs(element, boxes)), (style.name if style is not None else "") or ""
            for box in boxes:
                yield from _blocks(box, document)
        elif element.tag == _ROW and element.xpath(_DELETED):
            continue
        elif element.tag == _ROW and len(element.xpath(_CELLS)) > 1:
            yield " ".join(filter(None, (text.strip() for text, _ in _blocks(element, document)))), ""
        elif element.tag in _HOLDERS:
            yield from _blocks(element, document)


def _runs(element: Any, boxes: list[Any]) -> Iterator[str]:  # noqa: ANN401
    """Yield the text in a paragraph, with tracked insertions and without deletions, and collect its text boxes."""
    for part in element:
        if part.tag == _BOX:
            boxes.append(part)
        elif part.tag not in _APART:
            if part.tag == _RUN:
                yield part.text
            yield from _runs(part, boxes)
