"""Web archives: what a crawler was sent, a record a response. Those that are pages or feeds are read."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, cast

from newsearch.errors import MissingExtraError
from newsearch.inputs import INPUTS, Reader
from newsearch.inputs.detect import sniff
from newsearch.inputs.encodings import decoded
from newsearch.inputs.http_payload import Head, PayloadError, payload, status_of
from newsearch.inputs.streams import SAMPLE, GapError
from newsearch.inputs.text import read as read_text
from newsearch.inputs.warc_records import Damage, Record, heading, records
from newsearch.model import Capture, DocumentCapture, Origin, Skipped

LIMIT = 32 << 20
"""Bytes of a payload, as it was sent and as it is read."""
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FORMATS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "application/pdf": "pdf",
    _DOCX: "docx",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/feed+json": "feed",
}
"""Input formats by media type."""
_UNTOLD = {"", "no-type", "unknown", "application/octet-stream", "application/xml", "text/xml", "application/json"}
"""Media types that say little, so that the content is looked at."""
_FOUND = {"html", "pdf", "feed", "nitf", "newsml", "newsml-g2", "ninjs"}
"""Input formats that are believed when the content alone tells them; other JSON and text is what programs exchange."""
_DOCUMENTS = {"html", "pdf", "docx"}
_SCHEMES = {"http", "https", "ftp", "file", "gopher", "gemini"}
"""What pages have; crawlers use others for notes of their own."""
_NAMED = 6
"""Kinds of records that are no pages which are named."""


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield the pages of a web archive, each at `@` and the offset of its record in the decompressed archive.

    Records that are no pages are counted, and told of in the end.

    Raises:
        OSError: the stream cannot be read on.
    """
    archive = _Archive(origin, captured)
    try:
        for record in records(stream):
            place = origin.inside(f"@{record.offset}")
            if isinstance(record, Damage) and record.gap:
                yield archive.gap(record.offset, record.detail)
            elif isinstance(record, Damage):
                then = "none follows" if record.last else "reading goes on at the next record"
                yield Skipped(place, "bad-record", f"{record.detail}; {then}", fatal=record.last)
            else:
                try:
                    yield from archive.read(record, place)
                except GapError as error:
                    yield archive.gap(record.offset, str(error))
    except (OSError, EOFError):
        yield from archive.rest()
        raise
    yield from archive.rest()


class _Archive:
    """How an archive is read.

    Args:
        origin: of the whole.
        captured: when it was saved, for records that do not tell their own time.
    """

    def __init__(self, origin: Origin, captured: datetime | None) -> None:
        self._origin = origin
        self._captured = captured
        self._others = Counter[str]()
        self._lacking = dict[str, str]()
        self._readers = dict[str, Reader]()

    def read(self, record: Record, place: Origin) -> Iterator[Capture | Skipped]:
        """Yield what is in a record."""
        head = _head(record)
        no_page = _no_page(record, head)
        if no_page:
            self._others[no_page] += 1
        elif record.block.limit > LIMIT:
            yield Skipped(place, "too-large", f"a page of more than {LIMIT >> 20} MiB, which no article has")
        else:
            yield from self._document(record, head, place)
        if not record.whole():
            yield Skipped(place, "truncated", "the archive ends in the middle of this record", fatal=True)

    def gap(self, offset: int, damage: str) -> Skipped:
        """Return what is to be said where something was lost: as offsets behind it differ, of the whole archive."""
        detail = f"{damage} in the record @{offset}; reading goes on at the next one"
        return Skipped(self._origin, "damaged", detail, fatal=True)

    def rest(self) -> Iterator[Skipped]:
        """Yield what is to be said of the whole archive."""
        for kind, what in self._lacking.items():
            yield Skipped(self._origin, "extra-missing", f"{self._others.pop(kind)} records: {what}", fatal=True)
        if self._others:
            named = [f"{count:,} {kind}" for kind, count in self._others.most_common(_NAMED)]
            if others := sum(count for _, count in self._others.most_common()[_NAMED:]):
                named.append(f"{others:,} of other kinds")
            detail = f"records that are no pages: {', '.join(named)}"
            yield Skipped(self._origin, "no-page", detail, harmless=True)

    def _document(self, record: Record, head: Head, place: Origin) -> Iterator[Capture | Skipped]:
        body = record.block.read(LIMIT)
        try:
            content, whole = payload(head, body, LIMIT)
        except PayloadError as error:
            yield Skipped(place, error.reason, f"{error}; the page is left out")
            return
        yield from self._page(record, head, content, place)
        if record.whole() and (record.truncated or not whole):
            detail = f"the page is not whole ({record.truncated or 'damaged'}); what there is of it is kept"
            yield Skipped(place, "truncated", detail)

    def _page(self, record: Record, head: Head, content: bytes, place: Origin) -> Iterator[Capture | Skipped]:
        kind = _FORMATS.get(head.media_type) or sniff(content[:SAMPLE], place, None)
        if isinstance(kind, Skipped) or (head.media_type in _UNTOLD and kind not in _FOUND):
            self._others[head.media_type or "of no type"] += 1
            return
        reader = self._reader(kind)
        when = record.date or self._captured
        if reader is None:
            self._others[kind] += 1
        elif kind in _DOCUMENTS:
            yield DocumentCapture(place, kind, content, when, record.url, head.charset)
        elif kind == "feed":
            from newsearch.inputs.feed import read_feed  # noqa: PLC0415 - its library is an extra

            yield from read_feed(content, place, when, record.url, head.charset)
        elif kind == "text":
            yield from read_text(io.BytesIO(decoded(content, head.charset).encode("utf-8", "replace")), place, when)
        else:
            yield from reader(io.BytesIO(content), place, when)

    def _reader(self, kind: str) -> Reader | None:
        """Return the reader of a format; None when what it needs is not installed, which is told in the end."""
        if kind not in self._readers and kind not in self._lacking:
            try:
                self._readers[kind] = cast("Reader", INPUTS.load(kind))
            except MissingExtraError as error:
                self._lacking[kind] = f"{error}; {error.hint}"
        return self._readers.get(kind)


def _head(record: Record) -> Head:
    """Return what a record's HTTP head states, or as much as the record itself does where it holds the page alone.

    The status of a response without a head is 0.
    """
    if record.kind != "response" or _scheme(record.url) not in ("http", "https"):
        return Head(200, {"content-type": record.media_type})
    first, fields, whole = heading(record.block)
    return Head(status_of(first), fields if whole else {})


def _no_page(record: Record, head: Head) -> str:
    """Return what a record is that is no page; nothing for one that may be a page."""
    if record.kind not in ("response", "resource", "conversion"):
        return record.kind[:20] or "of no kind"
    if _scheme(record.url) not in _SCHEMES:
        return f"'{_scheme(record.url)[:20]}:' addresses"
    if head.status != 200:  # noqa: PLR2004 - OK
        return f"HTTP status {head.status}" if head.status else "without HTTP head"
    if record.url.endswith("/robots.txt"):
        return "robots.txt"
    return "" if head.media_type in _FORMATS or head.media_type in _UNTOLD else head.media_type[:40]


def _scheme(url: str) -> str:
    return url.partition(":")[0].lower() if ":" in url else ""
