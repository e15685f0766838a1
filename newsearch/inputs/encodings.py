"""Text in other encodings than UTF-8."""

import codecs
import io
import re

from newsearch.inputs.detect import BOM
from newsearch.inputs.streams import buffered, peeked
from newsearch.model import Origin, Skipped

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF16_LIMIT = 64 << 20
_OF_TEXTS = re.compile(r"ascii|iso|cp|koi8|mac|gb|hz|big5|euc|shift_jis|johab|tis|kz1048|ptcp")
"""Begins the names of Python's codecs that texts are written in; others are tricks, some of which take for ever."""
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
"""What a name stands for on the web (WHATWG Encoding): the superset that browsers have always read it as."""


def in_utf8(stream: io.BufferedReader, origin: Origin) -> io.BufferedReader | Skipped:
    """Return a stream that begins as UTF-16 in UTF-8, with a byte order mark that says so; any other as it is."""
    if not peeked(stream).startswith(_UTF16):
        return stream
    data = stream.read(_UTF16_LIMIT + 1)
    if len(data) > _UTF16_LIMIT:
        detail = "UTF-16 beyond 64 MiB; convert it: iconv -f UTF-16 -t UTF-8"
        return Skipped(origin, "too-large", detail, fatal=True)
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        detail = "it begins as UTF-16 and does not go on so; save it as UTF-8"
        return Skipped(origin, "invalid-utf16", detail, fatal=True)
    return buffered(io.BytesIO(BOM + text.encode("utf-8", "replace")))


def decoded(data: bytes, declared: str = "") -> str:
    """Return a text by what its bytes show, and by what is declared of it where they show nothing.

    Bytes beyond ASCII that happen to be UTF-8 are UTF-8, whatever is declared: no other encoding's texts look so.
    Failing that the declared encoding is believed, and without one text is UTF-8 with damage or Windows-1252.

    Args:
        data: the text, with a byte order mark or without.
        declared: the name of an encoding, as strangers write it.
    """
    if data.startswith(_UTF16):
        return data.decode("utf-16", "replace")
    data = data.removeprefix(BOM)
    codec = _codec(declared)
    if codec and data.isascii():
        return data.decode(codec, "replace")  # ISO 2022 and HZ write every language in ASCII
    try:
        return data.decode()
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", "replace")
    if codec:
        return data.decode(codec, "replace")
    damage = damaged.count("\ufffd")
    intact = len(damaged) - len(damaged.encode("ascii", "ignore")) - damage
    return damaged if intact > damage else data.decode("cp1252", "replace")


def _codec(declared: str) -> str:
    """Return the codec of a declared encoding; nothing for an unknown one, and for UTF-8, which the bytes tell."""
    try:
        name = codecs.lookup(declared.strip()).name
    except (LookupError, ValueError):
        return ""
    return _WIDER.get(name, name) if _OF_TEXTS.match(name) else ""
