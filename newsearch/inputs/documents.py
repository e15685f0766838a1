"""Documents that are captured whole: HTML pages, PDF and Word files. Their text is worked out later, page by page."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import BinaryIO

from newsearch.model import Capture, DocumentCapture, Origin, Skipped

LIMITS = {"html": 32 << 20, "pdf": 256 << 20, "docx": 256 << 20}
"""Bytes of a document, by its format; larger ones are no articles."""


def _read(format: str, stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:  # noqa: A002 - as in the capture
    limit = LIMITS[format]
    content = stream.read(limit + 1)
    if len(content) > limit:
        yield Skipped(origin, "too-large", f"more than {limit >> 20} MiB; leave it out with --exclude", fatal=True)
    else:
        yield DocumentCapture(origin, format, content, captured)


_Reader = Callable[[BinaryIO, Origin, datetime | None], Iterator[Capture | Skipped]]
html: _Reader = partial(_read, "html")
pdf: _Reader = partial(_read, "pdf")
docx: _Reader = partial(_read, "docx")
