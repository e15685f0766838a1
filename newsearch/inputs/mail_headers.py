"""Fields of an e-mail's head as text: encoded words (RFC 2047) and addresses (RFC 5322)."""

import binascii
import re
from email.utils import getaddresses
from typing import NamedTuple

from newsearch.inputs.encodings import decoded

_LIMIT = 4096
"""Characters of a field that are read: no subject is longer, and taking addresses apart is slow."""
_WORD = re.compile(r"=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_WORDS = re.compile(r"(?:=\?[^?\s]+\?[bq]\?[^?]*\?=)+", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")


class Sender(NamedTuple):
    """Who wrote a message."""

    names: list[str]
    """As they call themselves, else their addresses."""
    domain: str
    """Of the first one's address, in lower case."""


def text_of(raw: str) -> str:
    """Return what a field says, on one line.

    Args:
        raw: as `email` gives it under `compat32`: bytes beyond ASCII are lone surrogates.
    """
    return _with_words_decoded(_unfolded(raw))


def sender_of(raw: str) -> Sender:
    """Return whom a field of addresses names."""
    try:
        found = getaddresses([_unfolded(raw)])
    except RecursionError:  # parentheses in parentheses
        found = []
    people = [(_with_words_decoded(name), address) for name, address in found if name or address]
    domains = [address.rpartition("@")[2].lower() for _, address in people if "@" in address]
    return Sender([name or address for name, address in people], domains[0] if domains else "")


def _unfolded(raw: str) -> str:
    return " ".join(decoded(raw[:_LIMIT].encode("utf-8", "surrogateescape")).split())


def _with_words_decoded(text: str) -> str:
    return _WORDS.sub(lambda words: _decoded_words(words[0]), _BETWEEN_WORDS.sub("", text))


def _decoded_words(words: str) -> str:
    """Return the text of encoded words in a row; some programs split a character between two."""
    text, data, encoding = "", b"", ""
    for charset, kind, encoded in _WORD.findall(words):
        if charset.lower() != encoding:
            text, data, encoding = text + decoded(data, encoding), b"", charset.lower()
        data += _bytes_of_word(kind.lower(), encoded.encode())
    return text + decoded(data, encoding)


def _bytes_of_word(kind: str, encoded: bytes) -> bytes:
    if kind == "q":
        return binascii.a2b_qp(encoded, header=True)
    try:
        return binascii.a2b_base64(encoded + b"==")
    except binascii.Error:
        return encoded
