"""Paragraphs of a body, which blank lines separate."""

import re

_BREAK = re.compile(rb"(?<=[^ \t\r\n])[ \t\r]*\n[ \t\r]*\n")


def lead_end(body: bytes) -> int:
    """Return where the second paragraph of a body in UTF-8 ends, in bytes; the end of the body if it has no more."""
    first = _BREAK.search(body)
    second = first and _BREAK.search(body, first.end())
    return second.start() if second else len(body)


def lead(body: str) -> str:
    """Return the first two paragraphs of a body."""
    data = body.encode()
    return data[: lead_end(data)].decode()
