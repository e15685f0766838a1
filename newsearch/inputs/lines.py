"""Lines of a stream in bounded memory."""

from collections.abc import Iterator
from typing import BinaryIO

from newsearch.model import Origin, Skipped

LINE_LIMIT = 16 << 20
"""Bytes; no line of an article's text is longer."""


def read_lines(stream: BinaryIO, origin: Origin) -> Iterator[tuple[int, str | Skipped]]:
    """Yield each line's number, from 1, and its text without the line end, or why it cannot be had.

    A line that is too long or not UTF-8 costs only itself.

    Raises:
        OSError: the stream cannot be read on.
    """
    number = 0
    while line := stream.readline(LINE_LIMIT + 1):
        number += 1
        if len(line) > LINE_LIMIT and not line.endswith(b"\n"):
            yield number, _too_long(stream, line, origin.at(number))
            continue
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            yield number, _invalid(line, error, origin.at(number))
        else:
            yield number, text.rstrip("\r\n")


def _too_long(stream: BinaryIO, line: bytes, origin: Origin) -> Skipped:
    length = len(line)
    while not line.endswith(b"\n"):
        line = stream.readline(1 << 20)
        if not line:
            break
        length += len(line)
    detail = f"{length >> 20} MiB in one line, and {LINE_LIMIT >> 20} MiB is the most; break the line, or leave it out"
    return Skipped(origin, "line-too-long", detail)


def _invalid(line: bytes, error: UnicodeDecodeError, origin: Origin) -> Skipped:
    byte = line[error.start]
    detail = f"not UTF-8 (byte 0x{byte:02x} at {error.start}); convert the file: iconv -f WINDOWS-1252 -t UTF-8"
    return Skipped(origin, "invalid-utf8", detail)
