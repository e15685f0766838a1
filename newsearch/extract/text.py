"""Text from strangers, made fit to be stored."""

import re
import unicodedata

from newsearch.analysis.marks import MARKS

_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_PROBED = 15
"""Of so many characters one is looked at; of thirty in a row that is two."""
_MARKLIKE = r"[^\w\x00-\u02ff\u2000-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\uff00-\uffff]"
"""Matches all marks, and besides them what few texts have many of; it is quicker than their own ranges."""
_TWO, _MANY = re.compile(f"{_MARKLIKE}{{2}}"), re.compile(f"{_MARKLIKE}{{31}}")
_JOINER = "\u034f"
"""COMBINING GRAPHEME JOINER, which is not seen."""
_MARK = rf"(?!{_JOINER})[{MARKS}]"
_MARKS = re.compile(rf"(?:{_MARK}){{30}}(?={_MARK})")
_INDENT = re.compile(r"\n[ \t]{3,}+(?=\S)")


def clean(text: str) -> str:
    r"""Return text as Unicode NFC with `\n` line ends, without lone surrogates and without characters that are none.

    Escape sequences stay as they were written: what prints a text makes it safe.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return unicodedata.normalize("NFC", _stream_safe(_NOT_TEXT.sub(_replacement, text)))


def one_line(text: str) -> str:
    """Return clean text with all white space folded to single spaces."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> str:
    """Return clean text as paragraphs separated by single blank lines.

    They are told by blank lines; in a text that has none, as those of old newswires, by the lines that are indented,
    if there are several and they are fewer than the others, as they are not in tables.
    """
    text = clean(text).strip()
    if not _PARAGRAPHS.search(text) and 1 < len(_INDENT.findall(text)) <= text.count("\n") // 2:
        text = _INDENT.sub("\n\n", text)
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return "\n\n".join(part.strip() for part in _PARAGRAPHS.split(lines) if part.strip())


def folded(text: str) -> str:
    """Return the letters and digits of a text, casefolded, to compare what is written in several ways."""
    return "".join(filter(str.isalnum, text.casefold()))


def _stream_safe(text: str) -> str:
    """Return a text with no more than thirty marks in a row: to order them takes the square of their number.

    As UAX #15, Stream-Safe Text, has it.
    """
    if text.isascii() or not _TWO.search(text[::_PROBED]) or not _MANY.search(text):
        return text
    return _MARKS.sub(rf"\g<0>{_JOINER}", text)


def _replacement(match: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= match[0] <= "\udfff" else ""
