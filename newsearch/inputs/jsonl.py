"""JSON Lines: one object a line."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from newsearch.inputs.lines import read_lines
from newsearch.model import Capture, Origin, RecordCapture, Skipped


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield each line's object; a broken line costs only itself, and blank lines mean nothing.

    Raises:
        OSError: the stream cannot be read on.
    """
    for number, line in read_lines(stream, origin):
        if isinstance(line, Skipped):
            yield line
        elif line.strip():
            yield _record(line, origin.at(number), captured)


def _record(line: str, origin: Origin, captured: datetime | None) -> RecordCapture | Skipped:
    try:
        value = json.loads(line)
    except RecursionError:
        return Skipped(origin, "broken-json", "it nests too deep; a record is a flat object")
    except ValueError as error:
        where = f" at column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        what = error.msg.lower() if isinstance(error, json.JSONDecodeError) else "a number out of range"
        return Skipped(origin, "broken-json", f"not JSON{where} ({what}); mend the line and index again")
    if not isinstance(value, dict):
        return Skipped(origin, "not-an-object", 'a record is an object such as {"title": "…", "body": "…"}')
    return RecordCapture(origin, value, captured)
