"""Text from strangers, made fit to be stored."""

import re
import unicodedata

_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_PARAGRAPHS = re.compile(r"\n\s*\n")
_INDENT = re.compile(r"\n[ \t]{3,}+(?=\S)")


def clean(text: str) -> str:
    r"""Return text as Unicode NFC with `\n` line ends, without lone surrogates and without characters that are none.

    Escape sequences stay as they were written: what prints a text makes it safe.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return unicodedata.normalize("NFC", _NOT_TEXT.sub(_replacement, text))


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


def _replacement(match: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= match[0] <= "\udfff" else ""
