"""What PDF and Word files have in common: a title from their metadata or their first line, and paragraphs."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from newsearch.extract.records import BODY_LIMIT
from newsearch.extract.text import folded, one_line, paragraphs
from newsearch.extract.times import DATELINE, judge_future, read_dateline_day
from newsearch.model import Article, DocumentCapture, Skipped

_NO_TITLE = re.compile(
    r"(?:untitled|unknown|document|title|slide|presentation|word-?dokument|dokument|scan)\W*\d*"
    r"|microsoft (?:word|powerpoint|excel)\b.*|.*\.(?:docx?|pdf|indd|qxd|rtf|odt|txt|tex|pptx?|xlsx?|html?)|[\W\d_]*",
    re.IGNORECASE,
)
_LONGEST_TITLE = 300
_DATELINE_PARAGRAPHS = 3


def article_of(capture: DocumentCapture, stated_title: str, texts: Sequence[str]) -> Iterator[Article | Skipped]:
    """Yield the article of a document, or why it has none.

    A file's own dates tell when the file was made and are no publication; a dateline in its text is.

    Args:
        capture: the document.
        stated_title: the one of its metadata, or of its text where a style marks it; empty when there is none.
        texts: its paragraphs.
    """
    kept = [text for text in map(paragraphs, texts) if text]
    if not any(map(str.isalnum, chain.from_iterable(kept))):
        detail = "no text in it, as in a scan; recognise its text first (OCR), or leave it out with --exclude"
        yield Skipped(capture.origin, "no-text", detail)
        return
    if sum(map(len, kept)) > BODY_LIMIT:
        detail = f"more than {BODY_LIMIT >> 20} million characters of text; leave it out with --exclude"
        yield Skipped(capture.origin, "too-large", detail)
        return
    title = one_line(stated_title)
    if _NO_TITLE.fullmatch(title) or len(title) > _LONGEST_TITLE:
        title = one_line(kept[0].split("\n", 1)[0]) if len(kept[0]) <= _LONGEST_TITLE else ""
    body = kept[1:] if title and folded(kept[0]) == folded(title) else kept
    dateline = next(filter(None, map(DATELINE.match, body[:_DATELINE_PARAGRAPHS])), None)
    day = read_dateline_day(dateline) if dateline else None
    yield Article(
        title,
        "\n\n".join(body),
        capture.origin,
        judge_future(day, capture.captured) if day else None,
        dateline=one_line(dateline[0]) if dateline else "",
        url=capture.url,
        captured=capture.captured,
    )
