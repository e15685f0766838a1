"""Text from captures made harmless for whatever shows it."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsearch.model import Highlighted

# Controls but tab and line feed, bidirectional controls, line separators, byte order marks, tags, no characters at all.
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)
_PICTURES = 0x2400
_DELETE, _DELETE_PICTURE = 0x7F, "\u2421"
_LINE_ENDS = (0x85, 0x2028, 0x2029)
_SPACE = re.compile(r"\s+")


def safe(text: str) -> str:
    """Return text with controls shown as pictures (`␛`) and invisible ones gone; tabs and line ends stay."""
    return _UNSAFE.sub(lambda match: _shown(match[0]), text)


def safe_line(text: str) -> str:
    """Return safe text on one line."""
    return _SPACE.sub(" ", safe(text)).strip()


def safe_highlighted(highlighted: "Highlighted") -> "Highlighted":
    """Return a safe text with the same places marked."""
    if not _UNSAFE.search(highlighted.text):
        return highlighted
    places = [0]
    for character in highlighted.text:
        places.append(places[-1] + len(safe(character)))
    spans = tuple((places[start], places[end]) for start, end in highlighted.spans)
    return replace(highlighted, text=safe(highlighted.text), spans=spans)


def safe_json(text: str) -> str:
    """Return JSON text with the same meaning in which nothing unsafe is written out."""
    return _UNSAFE.sub(lambda match: _escaped(ord(match[0])), text)


def safe_url(url: str) -> str:
    """Return an http(s) URL fit to be a link; empty when it is none."""
    return url if re.fullmatch(r"https?://[!-~]+", url, re.IGNORECASE) else ""


def _shown(character: str) -> str:
    code = ord(character)
    if code in _LINE_ENDS:
        return " "
    if code < ord(" "):
        return chr(_PICTURES + code)
    return _DELETE_PICTURE if code == _DELETE else ""


def _escaped(code: int) -> str:
    if code < 1 << 16:
        return f"\\u{code:04x}"
    high, low = divmod(code - (1 << 16), 1 << 10)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
