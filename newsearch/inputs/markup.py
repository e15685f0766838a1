"""NITF and XHTML elements as paragraphs.

Paragraphs are parted by blank lines, `br` is a line end, cells of a table are parted by spaces. Left out is what is no
running text: scripts, media with their captions, forms.
"""

import re
from xml.etree.ElementTree import Element

from newsearch.inputs.safe_xml import local

_PARTED = "\n\n"
_BLOCKS = (
    *("html", "body", "main", "header", "footer", "section", "article", "aside", "address", "div", "pre", "hr"),
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr"),
    *("body.head", "body.content", "body.end", "hedline", "hl1", "hl2", "abstract", "block", "bq", "credit", "note"),
    *("fn", "nitf-table", "datasource", "tagline"),
)
_STARTS = dict.fromkeys(_BLOCKS, _PARTED) | {"br": "\n"}
"""What an element's start is in the text."""
_ENDS = dict.fromkeys(_BLOCKS, _PARTED) | {"td": " ", "th": " "}
"""And its end."""
_LEFT_OUT = (
    *("head", "script", "style", "template", "noscript", "nav", "form", "button", "select", "textarea"),
    *("figure", "audio", "video", "canvas", "svg", "object", "iframe"),
    *("media", "custom-table", "nitf-table-metadata", "bibliography"),
)


class _Paragraphs:
    """Paragraphs in the making."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._left_out = 0
        self._preformatted = 0

    def opens(self, name: str) -> None:
        """Take the start of an element."""
        self._left_out += name in _LEFT_OUT
        self._preformatted += name == "pre"
        self._edge(_STARTS.get(name, ""))

    def text(self, text: str) -> None:
        """Take text."""
        if text and not self._left_out:
            self._pieces.append(text if self._preformatted else re.sub(r"\s+", " ", text))

    def closes(self, name: str) -> None:
        """Take the end of an element."""
        self._left_out = max(0, self._left_out - (name in _LEFT_OUT))
        self._preformatted = max(0, self._preformatted - (name == "pre"))
        self._edge(_ENDS.get(name, ""))

    def joined(self) -> str:
        """Return them."""
        lines = "\n".join(line.strip() for line in "".join(self._pieces).split("\n"))
        return re.sub(r"\n{3,}", _PARTED, lines).strip()

    def _edge(self, mark: str) -> None:
        if not self._left_out:
            self._pieces.append(mark)


def element_text(*elements: Element | None) -> str:
    """Return the text of some elements as paragraphs."""
    paragraphs = _Paragraphs()
    for element in elements:
        if element is not None:
            _walk(element, paragraphs)
    return paragraphs.joined()


def _walk(element: Element, paragraphs: _Paragraphs) -> None:
    name = local(element).lower()
    paragraphs.opens(name)
    paragraphs.text(element.text or "")
    for child in element:
        _walk(child, paragraphs)
        paragraphs.text(child.tail or "")
    paragraphs.closes(name)
