"""Which encoding a page is in."""

import codecs
import re

_BOM = b"\xef\xbb\xbf"
_HEAD = 4096
_META = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})", re.IGNORECASE)
_TEXT_ENCODING = re.compile(
    r"utf-?(?:8|16|32).*|(?:us-?)?ascii|iso-?8859.*|iso-?2022.*|latin-?\d|windows-?\d+|cp-?\d+|gb\w*|hz|big5.*"
    r"|shift[_-]?jis|s?jis|euc.*|ks_c_5601.*|koi8.*|tis-?620|mac\w*|johab|viscii"
)
"""Names of encodings of text; Python knows others under the same roof that strangers must not reach."""
_WIDER = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    **dict.fromkeys(("tis-620", "iso8859-11"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What is really meant by an encoding's name (WHATWG Encoding, 4.2), by Python's own name of it."""
_FEW = 1000


def decoded(content: bytes, charset: str) -> str:
    """Return a page as text; bytes that are none are shown as U+FFFD.

    A byte order mark says UTF-8. Else the first of these in which all of it is text: what was stated beside the page,
    its meta element, its XML declaration, UTF-8. Else UTF-8 where next to all of it is, or what the bytes look like.
    A page that is UTF-8 and says that it has one byte a character was saved anew and kept its old meta element.

    Args:
        content: the page.
        charset: the encoding stated beside it; empty when none is.
    """
    if content.startswith(_BOM):
        return content.removeprefix(_BOM).decode("utf-8", "replace")
    beside, declared = _known(charset), _declared(content[:_HEAD])
    inside = sorted((*declared, "utf-8"), key=_has_one_byte_a_character)
    for name in filter(None, (beside, *inside)):
        try:
            return content.decode(name)
        except UnicodeError:
            continue
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * _FEW < len(text) or 2 * broken < sum(not character.isascii() for character in text):
        return text
    return content.decode(beside or next(filter(None, declared), "") or _likely(content), "replace")


def _declared(head: bytes) -> list[str]:
    """Return the encodings a page's head names; that they can be read there rules out UTF-16."""
    names = [match[1].decode("ascii", "replace") for form in (_META, _XML) if (match := form.search(head))]
    return [_known("utf-8" if name.lower().startswith(("utf-16", "utf-32", "utf16")) else name) for name in names]


def _has_one_byte_a_character(name: str) -> bool:
    return name.startswith(("cp125", "iso8859", "latin", "mac"))


def _known(name: str) -> str:
    """Return Python's name of an encoding; empty when it knows none."""
    name = name.strip().lower()
    if not _TEXT_ENCODING.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):  # also for a NUL in it
        return ""
    return "" if found == "ascii" else _WIDER.get(found, found)  # which is in all that are stated by mistake


def _likely(content: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - rarely needed, and slow to load

    best = from_bytes(content[: 1 << 20]).best()
    return best.encoding if best else "cp1252"
