"""What is compressed, as it was before: gzip, bzip2, xz and zstd, told by their first bytes."""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, NoReturn, cast

import zstandard

from newsearch.inputs.streams import SAMPLE, Borrowed, GapError, buffered, peeked

_GZIP_BITS = 31
"""Of zlib: the largest window, with gzip's header and trailer."""
_GZIP_BEGINS = b"\x1f\x8b\x08"
_GAPS = 1_000
"""Damaged members of a gzip stream behind which it is read on."""
_WINDOW = 1 << 27
"""Bytes of memory at most that a zstd stream may ask for; `zstd --long` asks for as many."""
_SLICE = 1 << 10
"""Bytes of zstd data decompressed at once; they cannot become more than 32 MB."""
_LAYERS = 3
"""Compressed again and again is nothing that people do."""
FREE = 256 << 20
"""Bytes that any source may decompress to."""
RATIO = 250
"""What a source may decompress to beyond that, in multiples of its own size; logs of repeated lines reach about 100."""


class BombError(Exception):
    """A source decompresses to more than anything sensible does."""


class Allowance:
    """How much a source may decompress to, over all layers: a fixed amount, and a multiple of what was read of it."""

    def __init__(self) -> None:
        self._read = 0
        self._made = 0

    def measured(self, stream: BinaryIO) -> BinaryIO:
        """Return a stream that tells how much of the source was read."""
        return cast("BinaryIO", _Metered(stream, self._took))

    def spent(self, stream: object) -> BinaryIO:
        """Return a stream that tells how much came out of a compressed one."""
        return cast("BinaryIO", _Metered(cast("BinaryIO", stream), self._make))

    def _took(self, size: int) -> None:
        self._read += size

    def _make(self, size: int) -> None:
        self._made += size
        if self._made > FREE + RATIO * self._read:
            message = (
                f"{self._read:,} bytes decompress to more than {self._made >> 20:,} MiB, which no archive of texts does"
            )
            raise BombError(message)


class _Metered(Borrowed):
    """A stream that tells how much is read from it."""

    def __init__(self, stream: BinaryIO, tell: Callable[[int], None]) -> None:
        super().__init__(stream)
        self._tell = tell

    def _read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._tell(len(data))
        return data


def decompressed(stream: io.BufferedReader, allowance: Allowance) -> io.BufferedReader:
    """Return what a stream was before it was compressed; itself where it was not.

    Damage is an `OSError` or an `EOFError` like any other trouble with reading.

    Raises:
        OSError, EOFError: it cannot be read.
    """
    for _ in range(_LAYERS):
        sample = peeked(stream)
        below = next((make(stream) for magic, make in _KINDS.items() if sample.startswith(magic)), None)
        if below is None:
            return stream
        stream = buffered(allowance.spent(below))
    return stream


class _Gunzipped(Borrowed):
    """The content of a gzip stream (RFC 1952), of all its members.

    Damage is a `GapError`, raised when everything before it has been given out; behind it the next member is read.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._member = zlib.decompressobj(wbits=_GZIP_BITS)
        self._rest = b""
        """Read, and not decompressed yet."""
        self._begun = False
        """Whether something of the member has been decompressed."""
        self._damage = ""
        self._gaps = 0

    def seekable(self) -> bool:
        return False

    def _read(self, size: int) -> bytes:
        data = b""
        while not data:
            if self._damage:
                self._go_on()
            self._rest = self._rest or self._stream.read(SAMPLE)
            if not self._rest and self._member.eof:
                return b""
            if not self._rest:
                self._damage = "cut off"
            elif not self._member.eof:
                data = self._decompressed(size)
            elif following := self._rest.lstrip(b"\0"):  # padding between members, as of tapes
                self._begin(following)
            else:
                self._rest = b""
        return data

    def _decompressed(self, size: int) -> bytes:
        before = self._member.copy()
        try:
            data = self._member.decompress(self._rest, size)
        except zlib.error:
            self._damage = "damaged"
            return _as_far_as_possible(before, self._rest)
        self._rest = self._member.unconsumed_tail or self._member.unused_data
        self._begun = True
        return data

    def _begin(self, rest: bytes) -> None:
        self._member, self._rest, self._begun = zlib.decompressobj(wbits=_GZIP_BITS), rest, False

    def _go_on(self) -> NoReturn:
        """Tell of the damage, when the next member is found, if there is one."""
        message = f"the gzip data is {self._damage}"
        self._gaps += 1
        rest = self._rest if self._begun else self._rest[1:]
        while (place := rest.find(_GZIP_BEGINS)) < 0 and (more := self._stream.read(SAMPLE)):
            rest = rest[1 - len(_GZIP_BEGINS) :] + more
        if place < 0 or self._gaps > _GAPS:
            raise OSError(message)
        self._damage = ""
        self._begin(rest[place:])
        raise GapError(message)


def _as_far_as_possible(member: "zlib._Decompress", compressed: bytes) -> bytes:
    """Return what comes before the damage, byte by byte."""
    data = bytearray()
    with suppress(zlib.error):
        for place in range(len(compressed)):
            data += member.decompress(compressed[place : place + 1])
    return bytes(data)


class _Translated(Borrowed):
    """The content of a compressed stream, whose library's own errors become `OSError`."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(stream)
        self._name = name

    def seekable(self) -> bool:
        return False

    def _read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except (OSError, lzma.LZMAError) as error:
            message = f"the {self._name} data is damaged ({error})"
            raise OSError(message) from error
        except EOFError as error:
            message = f"the {self._name} data is cut off"
            raise OSError(message) from error


def _bunzipped(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", _Translated(cast("BinaryIO", bz2.BZ2File(stream)), "bzip2"))


def _unxz(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", _Translated(cast("BinaryIO", lzma.LZMAFile(stream)), "xz"))


class _Unzstd(Borrowed):
    """The content of a zstd stream (RFC 8878), of all its frames; damage as of gzip's.

    The library's own reader takes a frame that breaks off for one that ends.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self._frame = self._next_frame()
        self._begun = False
        self._waiting = b""

    def seekable(self) -> bool:
        return False

    def _read(self, size: int) -> bytes:
        while len(self._waiting) < size and (compressed := self._frame.unused_data or self._stream.read(_SLICE)):
            if self._frame.eof:
                self._frame = self._next_frame()
            self._begun = True
            try:
                self._waiting += self._frame.decompress(compressed)
            except zstandard.ZstdError as error:
                message = f"the zstd data is damaged ({error})"
                raise OSError(message) from error
        if not self._waiting and self._begun and not self._frame.eof:
            message = "the zstd data is cut off"
            raise OSError(message)
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        return data

    @staticmethod
    def _next_frame() -> "zstandard.ZstdDecompressionObj":
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()


_KINDS: dict[bytes, Callable[[BinaryIO], object]] = {
    b"\x1f\x8b": _Gunzipped,
    b"BZh": _bunzipped,
    b"\xfd7zXZ\x00": _unxz,
    b"\x28\xb5\x2f\xfd": _Unzstd,
}
