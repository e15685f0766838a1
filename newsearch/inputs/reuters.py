"""Reuters-21578, the test collection of 1987's newswire (Lewis 1997), in its own SGML, which is no XML: an item a tag.

| field | from |
|---|---|
| id | `reuters-` and the number `NEWID` |
| title, body | `TITLE` and `BODY`; of an unprocessed item its first line and the rest |
| published | `DATE`, whose zone is not stated |
| source | `Reuters` |
| section | the first of `TOPICS`, which the indexers gave |
| authors, dateline | `AUTHOR` without the agency; `DATELINE` |
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from newsearch.analysis.references import unescaped
from newsearch.inputs.items import name_of, read_each, record
from newsearch.model import Capture, Origin, RecordCapture, Skipped

LIMIT = 16 << 20
"""Bytes of an item."""
_BEGINS = re.compile(rb"(?=<REUTERS\b)", re.IGNORECASE)
_ENDS = re.compile(r"</REUTERS\s*>", re.IGNORECASE)
_NEWID = re.compile(r'<REUTERS\b[^<>]*\bNEWID="(\d+)"', re.IGNORECASE)
_OTHERS = re.compile(r"<(TITLE|AUTHOR|DATELINE)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(r"</?[A-Z][^<>]*>", re.IGNORECASE)
_HEADED = re.compile(r"([^a-z\n]+)\n {3,}\S")
"""An unprocessed item that opens with a line in capitals and goes on with a paragraph of its own."""
_INDENTED = re.compile(r"(?<!\s)\s*\n {3,}(?=\S)")
"""What opens a paragraph; a blank line may stand before it or not."""
_DATE = re.compile(r"(?<!\d)(\d{1,2})-([A-Z]{3})-(\d{4})\s+(\d{1,2}):(\d{2}:\d{2}(?:\.\d+)?)", re.IGNORECASE)
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
_AGENCY = re.compile(r",\s*Reuters?\b.*", re.IGNORECASE | re.DOTALL)


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield each item's record; one that is cut off or has no number costs only itself.

    Raises:
        OSError: the stream cannot be read on.
    """
    items = _items(stream)
    next(items)  # what stands before the first
    yield from read_each(items, origin, lambda item, place: _record(item, place, captured))


def _items(stream: BinaryIO) -> Iterator[str]:
    """Yield each item's text, from its tag to the next's; what is beyond the limit is left off, as if it was cut."""
    parts: list[bytes] = []
    length = 0
    while line := stream.readline(LIMIT):
        for piece in _BEGINS.split(line):
            if _BEGINS.match(piece):
                yield b"".join(parts).decode("latin-1")
                parts, length = [], 0
            length += len(piece)
            if length <= LIMIT:
                parts.append(piece)
    yield b"".join(parts).decode("latin-1")


def _record(item: str, origin: Origin, captured: datetime | None) -> RecordCapture | Skipped:
    number = _NEWID.match(item)
    if not number or not _ENDS.search(item):
        what = "has no end" if number else "has no NEWID"
        return Skipped(origin, "broken-sgml", f"an item that {what}; get the file whole again")
    title, body = _texts(item)
    author = name_of(_AGENCY.sub("", _inside(item, "AUTHOR")))
    fields: dict[str, object] = {
        "id": f"reuters-{number[1]}",
        "title": title,
        "body": _INDENTED.sub("\n\n", body),
        "published": _iso(_inside(item, "DATE")),
        "source": "Reuters",
        "section": _inside(_inside(item, "TOPICS"), "D"),
        "authors": author,
        "dateline": _inside(item, "DATELINE"),
    }
    return record(origin, captured, "reuters", fields)


def _texts(item: str) -> tuple[str, str]:
    """Return the title and the body; of an item without such tags what its text says."""
    title, body = _inside(item, "TITLE"), _inside(item, "BODY")
    if body:
        return title, body
    rest = unescaped(_TAGS.sub("", _OTHERS.sub("", _raw(item, "TEXT")))).strip()
    if not title and (headed := _HEADED.match(rest)):
        return headed[1], rest[headed.end(1) :]
    return title, rest


def _raw(item: str, tag: str) -> str:
    """Return what is in the first of a kind of tags."""
    start = re.search(rf"<{tag}\b[^<>]*>", item, re.IGNORECASE)
    end = item.upper().find(f"</{tag}>", start.end()) if start else -1
    return item[start.end() : end] if start and end >= 0 else ""


def _inside(item: str, tag: str) -> str:
    """Return the text in the first of a kind of tags; control characters, which it is full of, are no text."""
    return unescaped(_raw(item, tag)).strip()


def _iso(date: str) -> str:
    """Return a date such as ` 3-MAR-1987 10:02:41.05` in ISO 8601, and one of another form as it is."""
    found = _DATE.search(date)
    month = _MONTHS.find(found[2].upper()) if found else -1
    if not found or month < 0:
        return date
    return f"{found[3]}-{month // 4 + 1:02}-{found[1]:0>2}T{found[4]:0>2}:{found[5]}"
