"""The records of a web archive: WARC 1.0 and 1.1 (ISO 28500), and ARC, which was before it.

Both are sequences of a head that tells a length and of as many bytes. warcio parses the heads and bounds the bytes.
Which record comes next is told here: warcio's own iterator reads a record without a length to the end of the archive,
takes a negative or garbled length for 0, a head that breaks off for a whole one, and any five words for a head of ARC,
and it has no bound for a head. Here such a record is damage, and reading goes on at the next line that looks like a
head.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple

from warcio.limitreader import LimitReader
from warcio.recordloader import ARCHeadersParser
from warcio.statusandheaders import StatusAndHeadersParser

from newsearch.inputs.streams import GapError

ARC_BEGINS = b"filedesc://"
_LINE = 1 << 16
_HEAD = 1 << 20
"""Bytes of a line that may begin a record, and of all lines of a head; longer ones are none."""
_CHUNK = 1 << 20
_ARC_LINE = re.compile(rb"(\S.*? \S+ \d{8,20} \S+)(?: \S+ \S+ \S+ \S+ \S+)?( \d{1,15})\s*")
"""URL, address, date and type, and the length; between them version 2 has five more fields, which warcio knows not."""
_HEADS = StatusAndHeadersParser([], verify=False)
_ARC_HEADS = ARCHeadersParser()


class _Counted:
    """A stream that knows its place."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.place = 0
        self.gaps = 0
        """Places that were damaged."""

    def read(self, size: int) -> bytes:
        return self._counted(self._stream.read, size)

    def readline(self, size: int) -> bytes:
        return self._counted(self._stream.readline, size)

    def _counted(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            data = read(size)
        except GapError:
            self.gaps += 1
            raise
        self.place += len(data)
        return data


class _HeadLines:
    """The lines of a head; they end when it is too long.

    Args:
        stream: where they are.
    """

    def __init__(self, stream: "_Counted | LimitReader") -> None:
        self._stream = LimitReader(stream, _HEAD)
        self._last = b""

    def readline(self) -> bytes:
        self._last = self._stream.readline()
        return self._last

    @property
    def ended(self) -> bool:
        """Whether the last one was blank, as that of a whole head is."""
        return bool(self._last) and not self._last.strip()


class Heading(NamedTuple):
    """A head as WARC and HTTP have it."""

    first: str
    """Its first line."""
    fields: Mapping[str, str]
    """By their names in lower case; the first of several counts."""
    whole: bool
    """Whether there was a blank line behind it."""


def heading(stream: "_Counted | LimitReader", first: bytes | None = None) -> Heading:
    """Return the head that a stream is at.

    Args:
        stream: of which the head is read.
        first: the first line, when it was read already.
    """
    lines = _HeadLines(stream)
    try:
        head = _HEADS.parse(lines, first)
    except EOFError:
        return Heading("", {}, whole=False)
    fields = {name.lower(): value for name, value in reversed(head.headers)}
    return Heading(f"{head.protocol} {head.statusline}", fields, lines.ended)


class Record(NamedTuple):
    """One record."""

    offset: int
    """Of its head in the stream."""
    kind: str
    """WARC's type in lower case; `response` for all of ARC but its first record, which is `warcinfo`."""
    url: str
    date: datetime | None
    media_type: str
    """The `Content-Type` of the block."""
    truncated: str
    """Why the crawler kept a part only; empty when it kept the whole."""
    block: LimitReader
    """To be read before the next record is asked for."""

    def whole(self) -> bool:
        """Go to the end of the block, and tell whether the stream has all of it."""
        while self.block.read(_CHUNK):
            pass
        return not self.block.limit


class Damage(NamedTuple):
    """Bytes that belong to no record that could be read."""

    offset: int
    detail: str
    last: bool = False
    """Whether no record was found behind them."""
    gap: bool = False
    """Whether the stream itself is damaged there."""


def records(stream: BinaryIO) -> Iterator[Record | Damage]:
    """Yield the records of an archive as they come, and what could not be read.

    A gap in the stream ends the record that it is in, wherever it is met.

    Raises:
        OSError: the stream cannot be read on.
    """
    source = _Counted(stream)
    damage: Damage | None = None
    arc: bool | None = None
    while True:
        offset, gaps = source.place, source.gaps
        try:
            line = source.readline(_LINE)
            if line and not line.strip():
                continue
            arc = line.startswith(ARC_BEGINS) if arc is None else arc
            found = (_arc_record if arc else _warc_record)(source, line, offset)
        except GapError as error:
            damage = damage or Damage(offset, str(error), gap=True)
            continue
        if damage and (not line or isinstance(found, Record)):
            yield damage._replace(last=not line)
            damage = None
        if not line:
            return
        if isinstance(found, Record):
            yield found
            with suppress(GapError):  # as that which whoever reads the record meets
                if source.gaps == gaps:
                    found.whole()
        else:
            damage = damage or found


def _warc_record(source: _Counted, line: bytes, offset: int) -> Record | Damage:
    if not line.startswith(b"WARC/"):
        return Damage(offset, "no record begins here")
    head = heading(source, line)
    if not head.whole:
        return Damage(offset, "the head of the record has no end")
    fields = head.fields
    length = fields.get("content-length", "")
    if not re.fullmatch(r"[0-9]{1,15}", length):
        return Damage(offset, "the record states no length")
    return Record(
        offset,
        fields.get("warc-type", "").lower(),
        fields.get("warc-target-uri", "").strip("<>"),  # Wget's mistake
        _instant(fields.get("warc-date", "")),
        fields.get("content-type", ""),
        fields.get("warc-truncated", "") or ("segment" if "warc-segment-number" in fields else ""),
        LimitReader(source, int(length)),
    )


def _arc_record(source: _Counted, line: bytes, offset: int) -> Record | Damage:
    match = _ARC_LINE.fullmatch(line)
    if not match:
        return Damage(offset, "no record begins here, or it states no length")
    # The parser reads on behind the line that opens an archive, which is the business of its record.
    fields = _ARC_HEADS.parse(io.BytesIO(), match[1] + match[2])
    kind = "warcinfo" if line.startswith(ARC_BEGINS) else "response"
    when, length = _instant(fields["archive-date"]), int(fields["length"])
    return Record(offset, kind, fields["uri"], when, fields["content-type"], "", LimitReader(source, length))


def _instant(stated: str) -> datetime | None:
    """Return the instant of a date in WARC or ARC, which are in UTC; one without a day is not told."""
    digits = re.sub(r"\D", "", stated.partition(".")[0])[:14]
    with suppress(ValueError):
        return datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return None
