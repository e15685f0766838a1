"""JSON that is no JSON Lines: a list of records, an object that holds such a list, or records of several lines each."""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from newsearch.inputs.json_values import why_broken
from newsearch.model import Capture, Origin, RecordCapture, Skipped

ITEM_LIMIT = 16 << 20
"""Characters of an item of a list."""
WHOLE_LIMIT = 64 << 20
"""Characters of an object on its own, which perhaps holds a list."""
_CHUNK = 1 << 16
_NOT_SPACE = re.compile(r"[^ \t\r\n\x1e]")  # with the separator of RFC 7464
_SLACK = 16
"""Characters at an end that may be wrong only because more of them are to come."""
_OPEN = "Unterminated string"
"""How the library begins to tell of text without an end."""
_CUT_OFF = "it is cut off"
_NO_COMMA = "something else than a comma follows an item of the list"
_NOT_ALL = "something follows the list"
_DIGITS = 1000
"""Longer numbers stay as they are written."""
_TEXTS = ("title", "headline", "body", "text", "content", "description")
"""Fields by one of which an article is told from other objects, whatever the source calls the rest."""


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield the records, an item at a time: `#1`, `#2` and so on.

    Raises:
        OSError: the stream cannot be read on.
    """
    text = _Text(stream)
    number = 0
    try:
        for number, value in enumerate(_records(text), 1):
            place = origin if number == 1 and text.alone else origin.inside(f"#{number}")
            if isinstance(value, dict):
                yield RecordCapture(place, value, captured)
            else:
                yield Skipped(place, "not-an-object", 'a record is an object such as {"title": "…", "body": "…"}')
    except _UnreadableError as error:
        yield Skipped(origin.at(text.line), error.reason, str(error), fatal=True)
        return
    if not number:
        yield Skipped(origin, "empty", "a list without items", harmless=True)


class _UnreadableError(Exception):
    """Reading cannot go on.

    Args:
        what: why, for people.
        then: what to do.
        reason: a code as in `Skipped.reason`.
    """

    def __init__(self, what: str, then: str = "mend the file and index again", reason: str = "broken-json") -> None:
        super().__init__(f"{what}; {then}")
        self.reason = reason


def _records(text: "_Text") -> Iterator[object]:
    if text.next() == "[":
        yield from _items(text)
        return
    while text.next():
        value = text.value(WHOLE_LIMIT)
        text.alone = text.alone and not text.next()
        listed = _listed(value) if text.alone else None
        if listed is None:
            yield value
        else:
            text.alone = False
            yield from listed


def _items(text: "_Text") -> Iterator[object]:
    """Yield the items of a list that begins here."""
    text.alone = False
    text.take()
    while text.next() not in ("]", ""):
        yield text.value(ITEM_LIMIT)
        if text.next() == ",":
            text.take()
        elif text.next() not in ("]", ""):
            raise _UnreadableError(_NO_COMMA)
    if not text.next():
        raise _UnreadableError(_CUT_OFF)
    text.take()
    if text.next():
        raise _UnreadableError(_NOT_ALL)


def _listed(value: object) -> list[object] | None:
    """Return the one list of articles in an object that is none itself, as in the answers of many services."""
    if not isinstance(value, dict) or any(isinstance(value.get(name), str) for name in _TEXTS):
        return None
    inner = [part for part in value.values() if isinstance(part, dict)]
    lists = [part for holder in (value, *inner) for part in holder.values() if _holds_articles(part)]
    return lists[0] if len(lists) == 1 else None


def _holds_articles(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, Mapping) for item in value)
        and any(name in value[0] for name in _TEXTS)
    )


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < _DIGITS else digits


class _Text:
    """The text of a stream, of which only as much is held as a value needs."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._values = json.JSONDecoder(parse_int=_integer)
        self._text = ""
        self._place = 0
        self._ended = False
        self._trouble: _UnreadableError | None = None
        self.line = 1
        """Of the place, from 1."""
        self.alone = True
        """Whether no second value was found."""

    def next(self) -> str:
        """Return the next character that is no space; nothing at the end."""
        while not (found := _NOT_SPACE.search(self._text, self._place)):
            self._go(len(self._text))
            if not self._more():
                if self._trouble:
                    raise self._trouble
                return ""
        self._go(found.start())
        return found[0]

    def take(self) -> None:
        """Go beyond the next character."""
        self._go(self._place + 1)

    def value(self, limit: int) -> object:
        """Return the value that begins here."""
        while True:
            try:
                value, end = self._values.raw_decode(self._text, self._place)
            except RecursionError as error:
                raise _UnreadableError(why_broken(error)) from error
            except json.JSONDecodeError as error:
                if self._is_hopeless(error) or not self._fits(limit) or not self._more():
                    raise self._reason(error) from error
            else:
                if end < len(self._text) or not self._more():
                    self._go(end)
                    return value

    def _is_hopeless(self, error: json.JSONDecodeError) -> bool:
        """Tell whether a value stays broken whatever follows."""
        return not error.msg.startswith(_OPEN) and error.pos < len(self._text) - _SLACK

    def _fits(self, limit: int) -> bool:
        if len(self._text) - self._place > limit:
            what = f"more than {limit >> 20} MiB in one piece, or a bracket that is never closed"
            self._trouble = _UnreadableError(what, "make it JSON Lines: jq -c '.[]'", "too-large")
        return self._trouble is None

    def _reason(self, error: json.JSONDecodeError) -> _UnreadableError:
        if self._trouble:
            return self._trouble
        self._go(error.pos)
        cut_off = not self._text[error.pos :].strip() or error.msg.startswith(_OPEN)
        return _UnreadableError(_CUT_OFF if cut_off else f"not JSON ({error.msg.lower()})")

    def _go(self, place: int) -> None:
        self.line += self._text.count("\n", self._place, place)
        self._place = place

    def _more(self) -> bool:
        """Read on, by as much again as is held; tell whether there was more."""
        if self._trouble or self._ended:
            return False
        held = self._text[self._place :]
        data = self._stream.read(max(_CHUNK, len(held)))
        self._ended = not data
        try:
            new = self._decoder.decode(data, final=self._ended)
        except UnicodeDecodeError as error:
            new = error.object[: error.start].decode("utf-8", "ignore")
            byte = error.object[error.start]
            then = "convert the file: iconv -f WINDOWS-1252 -t UTF-8"
            self._trouble = _UnreadableError(f"not UTF-8 (byte 0x{byte:02x})", then, "invalid-utf8")
        if new:
            self._text, self._place = held + new, 0
        return bool(new) or not (self._trouble or self._ended)
