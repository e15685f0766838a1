"""Pages saved as text."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from newsearch.inputs.lines import read_lines
from newsearch.model import Capture, Origin, PageCapture, Skipped

PAGE_LIMIT = 64 << 20
"""Characters; a page saved as text is never so long."""


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield the page, unless it is in an unknown encoding: a page half read would be a page with other words in it.

    Raises:
        OSError: the stream cannot be read on.
    """
    lines: list[str] = []
    length = 0
    for number, line in read_lines(stream, origin):
        if isinstance(line, Skipped):
            if line.reason == "invalid-utf8":
                yield replace(line, fatal=True)
                return
            yield line
            lines.append("")
            continue
        length += len(line)
        if length > PAGE_LIMIT:
            detail = f"more than {PAGE_LIMIT >> 20} million characters; split it into files of one page each"
            yield Skipped(origin.at(number), "too-large", detail, fatal=True)
            return
        lines.append(line)
    if len(lines) == 1:
        lines = lines[0].split("\r")  # line ends of old Macs
    if any(line.strip() for line in lines):
        yield PageCapture(origin, lines, captured)
    else:
        yield Skipped(origin, "empty", "there is nothing in it", harmless=True)
