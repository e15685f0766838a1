"""PDF documents to articles, by pypdf."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pypdf import PdfReader

from newsearch.extract.paragraph_documents import article_of
from newsearch.extract.settings import Settings
from newsearch.extract.text import clean
from newsearch.model import Article, DocumentCapture, Skipped

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # its complaints are not for our users
_PAGE_NUMBER = re.compile(r"\W*(?:page|seite|p\.)?\s*\d{1,4}(?:\s*(?:/|of|von)\s*\d{1,4})?\W*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:]['\"”’»)\]]*$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_FULL_LINE = 0.75
"""A line shorter than this share of the longest ones, and at a sentence's end, ends its paragraph."""
_FEW_PAGES = 3
_LONGEST_NUMBER, _END = 40, 20


def read(capture: DocumentCapture, settings: Settings) -> Iterator[Article | Skipped]:  # noqa: ARG001 - as all readers
    """Yield the article of a PDF document, or why it has none."""
    try:
        reader = PdfReader(io.BytesIO(capture.content))
        if reader.is_encrypted and not reader.decrypt(""):
            yield Skipped(capture.origin, "encrypted", "it opens only with a password; save it without one")
            return
        title = str((reader.metadata.title if reader.metadata else "") or "")
        pages = [clean(page.extract_text()).split("\n") for page in reader.pages]
    except Exception as error:  # noqa: BLE001 - a file from a stranger may break the library anywhere
        detail = f"{type(error).__name__}: it cannot be read as PDF; open it and save it anew"
        yield Skipped(capture.origin, "broken-pdf", detail)
        return
    yield from article_of(capture, title, list(_paragraphs(_without_furniture(pages))))


def _without_furniture(pages: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of all pages, without page numbers and the first and last lines that pages have in common."""
    stripped = [[line.strip() for line in page] for page in pages]
    filled = [[line for line in page if line] for page in stripped]
    edges = Counter(line for page in filled for line in {*page[:1], *page[-1:]})
    repeated = {line for line, count in edges.items() if count >= max(_FEW_PAGES, len(filled) / 2)}
    lines: list[str] = []
    for page in stripped:
        ends = {
            line
            for line in (*page[:2], *page[-2:])
            if line in repeated or _PAGE_NUMBER.fullmatch(line[:_LONGEST_NUMBER])
        }
        lines += [line for line in page if line not in ends or not line]
    return lines


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs: up to a blank line, or a short one that ends a sentence; words divided at line ends whole."""
    lengths = sorted(map(len, filter(None, lines)))
    full = _FULL_LINE * lengths[len(lengths) * 9 // 10] if lengths else 0
    text = ""
    for line in lines:
        if _HYPHEN.search(text) and line[:1].islower():
            text = text[:-1] + line
        elif line:
            text = f"{text} {line}" if text else line
        if text and (not line or (len(line) < full and _SENTENCE_END.search(line[-_END:]))):
            yield text
            text = ""
    if text:
        yield text
