"""Where sentences begin and end, well enough to cut snippets at them."""

import re
from collections.abc import Iterator

_END = re.compile(
    r"""
    # a stop, and then something that can begin a sentence
    (?<![.!?…]) (?P<stop>[.!?…]++) ["'”’»)\]]*+ (?=\s+ ["'“‘«(\[]* [^\W_a-z])
    | [。！？]++ ["'”’」』）]*+
    | \n\s*\n | \n(?=\S)
    """,
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|Prof|Gen|Col|Lt|Sgt|Capt|Cmdr|Adm|Sen|Rep|Gov|Rev|Hon|No|vs|Inc|Ltd|Co|Corp|Mt|Ft|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|(?:^|[\s.(\"“])[^\W\d_])$"
)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the [start, end) of each sentence without the white space around it; paragraphs always end one."""
    start = 0
    for match in _END.finditer(text):
        if match["stop"] == "." and _ABBREVIATION.search(text, max(0, match.start() - 12), match.start()):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
