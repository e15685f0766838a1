"""The records of a web archive: WARC 1.0 and 1.1 (ISO 28500), and ARC, which was before it.

Both are sequences of a head that tells a length and of as many bytes. Where a head is damaged, reading goes on at the
next line that looks like one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import BinaryIO, NamedTuple

ARC_BEGINS = b"filedesc://"
_LINE = 1 << 16
_HEAD = 1 << 20
"""Bytes of a line, and of all lines of a head; longer ones are none."""
_CHUNK = 1 << 20
_ARC = re.compile(rb"(\S.*?) \S+ (\d{8,20}) (\S+)(?: \S+ \S+ \S+ \S+ \S+)? (\d{1,15})\s*")
"""URL, address, date, type and length; between the last two, version 2 has five more."""


class _Counted:
    """A stream that knows its place."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.place = 0

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.place += len(data)
        return data

    def readline(self, size: int) -> bytes:
        line = self._stream.readline(size)
        self.place += len(line)
        return line


class Block:
    """The bytes of a record.

    Args:
        stream: at their beginning.
        length: how many they are said to be.
    """

    def __init__(self, stream: _Counted, length: int) -> None:
        self._stream = stream
        self.left = length
        self.cut_off = False
        """Whether the stream was found to end before them."""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes."""
        return self._took(self._stream.read(min(size, self.left)), min(size, self.left))

    def readline(self) -> bytes:
        """Return a line with its end, or the start of a long one."""
        line = self._stream.readline(min(_LINE, self.left))
        return self._took(line, 1)

    def skip(self) -> None:
        """Go to the end."""
        while self.left:
            self.read(_CHUNK)

    def _took(self, data: bytes, wanted: int) -> bytes:
        self.left -= len(data)
        if len(data) < min(wanted, self.left + len(data)):
            self.cut_off, self.left = True, 0
        return data


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
    block: Block
    """To be read before the next record is asked for."""


class Damage(NamedTuple):
    """Bytes that belong to no record that could be read."""

    offset: int
    detail: str
    last: bool = False
    """Whether no record was found behind them."""


def records(stream: BinaryIO) -> Iterator[Record | Damage]:
    """Yield the records of an archive as they come, and what could not be read.

    Raises:
        OSError: the stream cannot be read on.
    """
    source = _Counted(stream)
    damage: Damage | None = None
    arc: bool | None = None
    while True:
        offset = source.place
        line = source.readline(_LINE)
        if line and not line.strip():
            continue
        arc = line.startswith(ARC_BEGINS) if arc is None else arc
        found = (_arc_record if arc else _warc_record)(source, line, offset)
        if damage and (not line or isinstance(found, Record)):
            yield damage._replace(last=not line)
            damage = None
        if not line:
            return
        if isinstance(found, Record):
            yield found
            found.block.skip()
        else:
            damage = damage or found


def _warc_record(source: _Counted, line: bytes, offset: int) -> Record | Damage:
    if not line.startswith(b"WARC/"):
        return Damage(offset, "no record begins here")
    fields = head_fields(lambda: source.readline(_LINE))
    if fields is None:
        return Damage(offset, "the head of the record has no end")
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
        Block(source, int(length)),
    )


def _arc_record(source: _Counted, line: bytes, offset: int) -> Record | Damage:
    match = _ARC.fullmatch(line)
    if not match:
        return Damage(offset, "no record begins here, or it states no length")
    url, date, media_type, length = (part.decode("utf-8", "replace") for part in match.groups())
    kind = "warcinfo" if line.startswith(ARC_BEGINS) else "response"
    return Record(offset, kind, url, _instant(date), media_type, "", Block(source, int(length)))


def head_fields(readline: Callable[[], bytes]) -> Mapping[str, str] | None:
    """Return the fields of a head as WARC and HTTP have it, by their names in lower case; the first of several counts.

    Args:
        readline: gives the next line with its end.

    Returns:
        None when there is no blank line behind them.
    """
    fields: dict[str, str] = {}
    size, name = 0, ""
    while (line := readline()).strip():
        size += len(line)
        if size > _HEAD:
            return None
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[0] in " \t" and name:
            fields[name] += f" {text.strip()}"
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        fields.setdefault(name, value.strip())
    return fields if line else None


def _instant(stated: str) -> datetime | None:
    """Return the instant of a date in WARC or ARC, which are in UTC; one without a day is not told."""
    digits = re.sub(r"\D", "", stated.partition(".")[0])[:14]
    with suppress(ValueError):
        return datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return None
