"""Source files to captures. One file a format, one line in the table."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO, cast

from newsearch.inputs.detect import sniff
from newsearch.model import Capture, Origin, Skipped
from newsearch.registry import Entry, Registry

INPUTS = Registry(
    "input format",
    {
        "text": Entry("newsearch.inputs.text:read"),
        "jsonl": Entry("newsearch.inputs.jsonl:read"),
    },
)

Reader = Callable[[BinaryIO, str, datetime | None], Iterator[Capture | Skipped]]
"""Reads a stream; also gets the path as in `Origin.path` and the instant of capture (UTC)."""


def read(
    stream: BinaryIO, path: str, captured: datetime | None, input_format: str | None = None
) -> Iterator[Capture | Skipped]:
    """Yield the captures in a source, and whatever could not be read as a `Skipped`.

    Args:
        stream: the source's bytes, perhaps gzipped; read once, from its start.
        path: what to call it.
        captured: when it was saved (UTC), if known.
        input_format: a name of `INPUTS`; told from the content when None.

    Raises:
        UsageError: there is no such format.
        MissingExtraError: its packages are not installed.
    """
    try:
        source = sniff(stream, path, input_format)
        if isinstance(source, Skipped):
            yield source
            return
        reader = cast("Reader", INPUTS.load(source.format))
        yield from reader(source.stream, path, captured)
    except (OSError, EOFError) as error:
        what = getattr(error, "strerror", None) or str(error)
        yield Skipped(Origin(path), "unreadable", f"{what}; what came before it is kept", fatal=True)
