"""PDF documents to articles, by pypdf."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from pypdf import PdfReader

from newsearch.extract.paragraph_documents import article_of
from newsearch.extract.settings import Settings
from newsearch.extract.text import clean
from newsearch.model import Article, DocumentCapture, Skipped

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # its complaints are not for our users
_PAGE_NUMBER = re.compile(r"\W*(?:page|seite|p\.)?\s*\d{1,4}(?:\s*(?:/|of|von)\s*\d{1,4})?\W*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…:]['\"”’»)\]]*$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")
_FULL_LINE, _HEADING = 0.75, 0.6
"""The share of the longest lines below which a line ends a paragraph: at a sentence's end, and elsewhere."""
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
    stripped = ["\n".join(line.strip() for line in page).strip("\n").split("\n") for page in pages]
    edges = Counter(line for page in stripped for line in {page[0], page[-1]} if line)
    repeated = {line for line, count in edges.items() if count >= max(_FEW_PAGES, len(pages) / 2)}

    def is_furniture(line: str) -> bool:
        return line in repeated or (len(line) <= _LONGEST_NUMBER and _PAGE_NUMBER.fullmatch(line) is not None)

    lines: list[str] = []
    for page in stripped:
        first, last = is_furniture(page[0]), is_furniture(page[-1])
        lines += "\n".join(page[first : len(page) - last]).strip("\n").split("\n")
    return lines


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield paragraphs: lines up to a blank one or a last one, words divided at their ends whole."""
    lengths = sorted(map(len, filter(None, lines)))
    full = lengths[len(lengths) * 9 // 10] if lengths else 0
    text = ""
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        if _HYPHEN.search(text[-_END:]) and line[:1].islower():
            text = text[:-1] + line
        elif line:
            text = f"{text} {line}" if text else line
        if text and (not line or _is_last(line, following, full)):
            yield text
            text = ""
    if text:
        yield text


def _is_last(line: str, following: str, full: int) -> bool:
    """Tell whether a line ends its paragraph: it is short, and ends a sentence or is a heading."""
    if _SENTENCE_END.search(line[-_END:]):
        return len(line) < _FULL_LINE * full
    return len(line) < _HEADING * full and not following[:1].islower()
