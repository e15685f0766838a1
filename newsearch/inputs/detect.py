"""Tell what a source is: from its content first, its name second."""

import io
import json
import re
import zlib
from contextlib import suppress
from typing import BinaryIO, NamedTuple, cast

from newsearch.model import Origin, Skipped

_SAMPLE = 1 << 16
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF16_LIMIT = 64 << 20
_GZIP = b"\x1f\x8b"
_GZIP_BITS = 31
"""Of zlib: the largest window, with gzip's header and trailer."""
_MARKUP = re.compile(rb"\s*<(?:!doctype|!--|\?xml|html|head|body|rss|feed|rdf|nitf|newsml|newsitem)\b", re.IGNORECASE)
_LIST = re.compile(rb'\s*\[\s*(?:[\[{"\]]|-?\d)')
_LIST_OF_OBJECTS = re.compile(rb'\s*\[\s*\{\s*"(?:[^"\\]|\\.)*"\s*:')
_NAMED_JSONL = re.compile(r"\.(?:jsonl|ndjson|jsonlines)(?:\.gz)?$", re.IGNORECASE)
_NAMED_JSON = re.compile(r"\.json(?:\.gz)?$", re.IGNORECASE)
_FOREIGN = {b"%PDF": "a PDF document", b"PK\x03\x04": "a zip archive", b"WARC/": "a WARC file"}


class Source(NamedTuple):
    """A source whose kind is known."""

    format: str
    """A name in the table of input formats."""
    stream: BinaryIO
    """Its bytes, decompressed, UTF-8 unless broken."""


def sniff(stream: BinaryIO, path: str, input_format: str | None) -> Source | Skipped:
    """Look at the start of a stream without losing it; `input_format` overrides what is found.

    Raises:
        OSError, EOFError: it cannot be read.
    """
    buffered = _buffered(_Borrowed(stream))
    sample = _peek(buffered)
    if sample.startswith(_GZIP):
        buffered = _buffered(_Gunzipped(buffered))
        sample = _peek(buffered)
    if sample.startswith(_UTF16):
        return _utf16(buffered, path, input_format)
    if input_format:
        return Source(input_format, buffered)
    return _judge(sample, buffered, path)


class _Borrowed(io.RawIOBase):
    """A stream that fills what it is given to fill, and leaves the closing of the one below to its owner."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill the buffer unless the stream ends."""
        filled = 0
        while filled < len(buffer) and (data := self._read(len(buffer) - filled)):
            buffer[filled : filled + len(data)] = data
            filled += len(data)
        return filled

    def _read(self, size: int) -> bytes:
        return self._stream.read(size)


class _Gunzipped(_Borrowed):
    """The content of a gzip stream (RFC 1952), of all its members.

    Damage is an `OSError` like any other trouble with reading, raised when everything before it has been given out.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._member = zlib.decompressobj(wbits=_GZIP_BITS)
        self._damage = ""

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        filled = super().readinto(buffer)
        if not filled and self._damage:
            message = f"the gzip data is {self._damage}"
            raise OSError(message)
        return filled

    def _read(self, size: int) -> bytes:
        data = b""
        while not data and not self._damage:
            compressed = self._member.unconsumed_tail or self._member.unused_data or self._stream.read(_SAMPLE)
            if self._member.eof:
                compressed = compressed.lstrip(b"\0")  # padding between members, as of tapes
                if not compressed:
                    return b""
                self._member = zlib.decompressobj(wbits=_GZIP_BITS)
            elif not compressed:
                self._damage = "cut off"
                break
            before = self._member.copy()
            try:
                data = self._member.decompress(compressed, size)
            except zlib.error:
                self._damage = "damaged"
                data = _as_far_as_possible(before, compressed)
        return data


def _as_far_as_possible(member: "zlib._Decompress", compressed: bytes) -> bytes:
    """Return what comes before the damage, byte by byte."""
    data = bytearray()
    with suppress(zlib.error):
        for place in range(len(compressed)):
            data += member.decompress(compressed[place : place + 1])
    return bytes(data)


def _buffered(stream: object) -> io.BufferedReader:
    return io.BufferedReader(cast("io.RawIOBase", stream), _SAMPLE)


def _peek(buffered: io.BufferedReader) -> bytes:
    return buffered.peek(_SAMPLE)[:_SAMPLE]


def _utf16(buffered: io.BufferedReader, path: str, input_format: str | None) -> Source | Skipped:
    data = buffered.read(_UTF16_LIMIT + 1)
    if len(data) > _UTF16_LIMIT:
        return _skipped(path, "too-large", "UTF-16 beyond 64 MiB; convert it: iconv -f UTF-16 -t UTF-8")
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        return _skipped(path, "invalid-utf16", "it begins as UTF-16 and does not go on so; save it as UTF-8")
    converted = _buffered(io.BytesIO(text.encode("utf-8", "replace")))
    return Source(input_format, converted) if input_format else _judge(_peek(converted), converted, path)


def _judge(sample: bytes, buffered: io.BufferedReader, path: str) -> Source | Skipped:
    content = sample.removeprefix(b"\xef\xbb\xbf")
    if not content.strip():
        if len(sample) < _SAMPLE:
            return _skipped(path, "empty", "there is nothing in it", harmless=True)
        return Source("text", buffered)
    for magic, name in _FOREIGN.items():
        if content.startswith(magic):
            return _skipped(path, "unsupported", f"{name}; give its text as .txt or JSON Lines")
    if b"\0" in content:
        return _skipped(path, "binary", "not text; leave it out with --exclude, or give its text as .txt or JSON Lines")
    if _MARKUP.match(content):
        return _skipped(path, "unsupported", "HTML or XML; give its text as .txt or JSON Lines")
    if content.lstrip().startswith(b"{"):
        return _judge_object(content, buffered, path)
    if _LIST_OF_OBJECTS.match(content) or (_LIST.match(content) and (_NAMED_JSON.search(path) or _parses(content))):
        return _skipped(path, "unsupported", "a JSON list; make it one object a line: jq -c '.[]'")
    return Source("jsonl" if _NAMED_JSONL.search(path) else "text", buffered)


def _judge_object(content: bytes, buffered: io.BufferedReader, path: str) -> Source | Skipped:
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    whole = lines[0].endswith(b"}") or len(lines[0]) > _SAMPLE // 2
    if _NAMED_JSONL.search(path) or whole or any(map(_parses, lines[:3])):
        return Source("jsonl", buffered)
    if lines[0] == b"{" or re.match(rb'\{\s*"[^"]*"\s*:', lines[0]):
        return _skipped(path, "unsupported", "a JSON object over several lines; make it one object a line: jq -c .")
    return Source("text", buffered)


def _parses(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _skipped(path: str, reason: str, detail: str, *, harmless: bool = False) -> Skipped:
    return Skipped(Origin(path), reason, detail, fatal=True, harmless=harmless)
