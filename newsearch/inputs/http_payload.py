"""What an HTTP response carries (RFC 9110, 9112), without the encodings it was sent in.

warcio's readers for this are not used. The one for compression has no bound for what becomes of a piece, takes a
damaged document of less than 16 KiB as it was sent, writes what is wrong to stderr, knows no zstd, and fails on Brotli
with the package of that name, as it expects another. The one for chunks leaves trailers, long extensions and lines that
end in LF alone in the text, or takes them for damage, and does not tell of an end that is missing.
"""

import re
import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

import zstandard

_STATUS = re.compile(r"HTTP/[\d.]+ +(\d{3})\b")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_GZIP, _ZLIB, _RAW = 31, 15, -15
"""Of zlib: how what it reads is wrapped."""
_PIECE = 1 << 14
"""Bytes that are decompressed at once; what comes before damage is kept up to as many."""
_UNSUPPORTED = "unsupported"
_ZSTD_WINDOW = 8 << 20
"""What RFC 9659 allows."""


class Head(NamedTuple):
    """What a response states of itself."""

    status: int
    fields: Mapping[str, str]
    """By their names in lower case."""

    @property
    def media_type(self) -> str:
        """The type without parameters, in lower case."""
        return self.fields.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The encoding that is stated for text; empty where none is."""
        match = _CHARSET.search(self.fields.get("content-type", ""))
        return match[1] if match else ""


class Payload(NamedTuple):
    """A document as it was before it was sent."""

    content: bytes
    whole: bool
    """False when it is damaged or cut off, and this is what could be had of it."""


class PayloadError(Exception):
    """The payload cannot be had; the message is a phrase for people.

    Args:
        reason: a code as in `Skipped.reason`.
        message: what is the matter.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def status_of(line: str) -> int:
    """Return the status that the first line of a response tells; 0 when it is no such line."""
    match = _STATUS.match(line)
    return int(match[1]) if match else 0


def payload(head: Head, body: bytes, limit: int) -> Payload:
    """Return what a body carries.

    Bodies that are not encoded as they say are taken as they are: archives are full of those that were decoded already.

    Raises:
        PayloadError: for the reason `unsupported` an unknown encoding, for `too-large` more bytes than the limit.
    """
    result = Payload(body, whole=True)
    if "chunked" in head.fields.get("transfer-encoding", "").lower():
        result = _without_chunks(body)
    codings = [name.strip().lower() for name in head.fields.get("content-encoding", "").split(",")]
    for name in reversed(codings):
        decode = _CODINGS.get(name)
        if decode is None:
            message = f"content encoding '{name[:20]}' is not known here"
            raise PayloadError(_UNSUPPORTED, message)
        decoded = decode(result.content, limit)
        result = Payload(decoded.content, whole=result.whole and decoded.whole)
    if len(result.content) > limit:
        raise _too_large(limit)
    return result


def _without_chunks(body: bytes) -> Payload:
    if not _CHUNK_SIZE.match(body):
        return Payload(body, whole=True)
    parts: list[bytes] = []
    place = 0
    while size := _CHUNK_SIZE.match(body, place):
        length = int(size[1], 16)
        if not length:
            return Payload(b"".join(parts), whole=True)
        parts.append(body[size.end() : size.end() + length])
        place = size.end() + length
        place += 2 if body[place : place + 2] == b"\r\n" else body[place : place + 1] == b"\n"
    return Payload(b"".join(parts), whole=False)


def _as_it_is(data: bytes, _limit: int) -> Payload:
    return Payload(data, whole=True)


def _gunzipped(data: bytes, limit: int) -> Payload:
    return _inflated(data, _GZIP, limit) if data.startswith(b"\x1f\x8b") else _as_it_is(data, limit)


def _deflated(data: bytes, limit: int) -> Payload:
    """Undo `deflate`, which is zlib's format by the standard and raw deflate from many servers."""
    wrapped = len(data) > 1 and data[0] & 15 == zlib.DEFLATED and (data[0] << 8 | data[1]) % 31 == 0
    inflated = _inflated(data, _ZLIB if wrapped else _RAW, limit)
    return inflated if inflated.content else _as_it_is(data, limit)


def _inflated(data: bytes, wrapping: int, limit: int) -> Payload:
    stream = zlib.decompressobj(wrapping)
    result = bytearray()
    for start in range(0, len(data), _PIECE):
        try:
            result += stream.decompress(data[start : start + _PIECE], limit + 1 - len(result))
        except zlib.error:
            return Payload(bytes(result), whole=False)
        if len(result) > limit:
            raise _too_large(limit)
    return Payload(bytes(result), whole=stream.eof)


def _unzstd(data: bytes, limit: int) -> Payload:
    if not data.startswith(b"\x28\xb5\x2f\xfd"):
        return _as_it_is(data, limit)
    try:
        reader = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(data, read_across_frames=True)
        return Payload(reader.read(limit + 1), whole=True)
    except zstandard.ZstdError:
        return Payload(b"", whole=False)


def _unbrotli(data: bytes, limit: int) -> Payload:
    try:
        import brotli  # noqa: PLC0415 - an extra brings it, and few archives need it
    except ImportError:
        message = "content encoding 'br' needs brotli: pip install 'newsearch[warc]'"
        raise PayloadError(_UNSUPPORTED, message) from None
    stream = brotli.Decompressor()
    try:
        content = stream.process(data, output_buffer_limit=limit + 1)
        while len(content) <= limit and not stream.is_finished() and not stream.can_accept_more_data():
            content += stream.process(b"", output_buffer_limit=limit + 1)
    except brotli.error:
        return _as_it_is(data, limit)
    return Payload(content, whole=stream.is_finished())


def _too_large(limit: int) -> PayloadError:
    return PayloadError("too-large", f"the page has more than {limit >> 20} MiB, which no article has")


_CODINGS: Mapping[str, Callable[[bytes, int], Payload]] = {
    "": _as_it_is,
    "identity": _as_it_is,
    "none": _as_it_is,
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "zstd": _unzstd,
    "br": _unbrotli,
}
