"""E-mail: one message (RFC 5322), or a mailbox of them in which each begins with a line `From ` (RFC 4155)."""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from newsearch.inputs.detect import BOM
from newsearch.inputs.encodings import decoded
from newsearch.inputs.mail_headers import sender_of, text_of
from newsearch.model import Capture, Origin, RecordCapture, Skipped

if TYPE_CHECKING:
    from email.message import Message

LIMIT = 64 << 20
"""Bytes of a message."""
EVIDENCE = "mail"
_LINE = 1 << 20
_BEGINS = re.compile(rb"From \S.*\d:\d\d")
"""A line that begins a message in a mailbox has a date in it; text that begins so hardly has."""
_QUOTED = re.compile(rb"^>(?=>*From )", re.MULTILINE)
_LIST = re.compile(r"(.*?)\s*<([^<>]*)>")
_NAMED = 5
"""Attachments that are named."""


_FIELD = 1 << 16
"""Characters of a field."""


class _Policy(policy.Compat32):
    """Fields as they are written, as far as any is read: to take parameters apart takes the square of their length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a field."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_FIELD]


class _Message(NamedTuple):
    content: bytes
    origin: Origin


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield each message as a record, and a note of what is attached to it.

    Raises:
        OSError: the stream cannot be read on.
    """
    first = stream.readline(_LINE).removeprefix(BOM)
    if _BEGINS.match(first):
        messages = _mailbox(stream, origin)
    else:
        content = first + stream.read(LIMIT)
        too_large = Skipped(origin, "too-large", f"a message of more than {LIMIT >> 20} MiB; leave it out", fatal=True)
        messages = iter([_Message(content, origin) if len(content) <= LIMIT else too_large])
    for message in messages:
        if isinstance(message, Skipped):
            yield message
        else:
            yield from _read_message(message, captured)


def _mailbox(stream: BinaryIO, origin: Origin) -> Iterator[_Message | Skipped]:
    """Yield the messages of a mailbox behind its first line, with the lines they take up."""
    first, number, size = 1, 1, 0
    lines: list[bytes] = []
    blank = False
    for line in _lines(stream):
        if blank and _BEGINS.match(line):
            yield _collected(lines, size, origin.at(first, number))
            lines, first, size = [], number + 1, 0
        elif size <= LIMIT:
            lines.append(line)
        size += len(line)
        number += line.endswith(b"\n")
        blank = not line.strip()
    yield _collected(lines, size, origin.at(first, number))


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(_LINE):
        yield line


def _collected(lines: list[bytes], size: int, origin: Origin) -> _Message | Skipped:
    if size > LIMIT:
        return Skipped(origin, "too-large", f"a message of more than {LIMIT >> 20} MiB, which is left out")
    return _Message(_QUOTED.sub(b"", b"".join(lines)), origin)


def _read_message(message: _Message, captured: datetime | None) -> Iterator[Capture | Skipped]:
    try:
        parsed = message_from_bytes(message.content, policy=_Policy())
        parts = _Parts(parsed)
        fields = _fields(parsed, parts)
    except Exception as error:  # noqa: BLE001 - the library raises whatever happens to break on strange messages
        yield Skipped(message.origin, "broken-mail", f"not readable as a message ({type(error).__name__})")
        return
    if not any(fields[name] for name in ("id", "title", "published", "authors")):
        yield Skipped(message.origin, "broken-mail", "without the head of a message; is it e-mail?")
        return
    yield RecordCapture(message.origin, fields, captured, EVIDENCE)
    if parts.attached:
        names = ", ".join(parts.attached[:_NAMED]) + (", …" if len(parts.attached) > _NAMED else "")
        detail = f"attachments are not read ({len(parts.attached)}: {names}); save them as files"
        yield Skipped(message.origin, "attachment", detail, harmless=True)


def _fields(message: "Message[str, str]", parts: "_Parts") -> dict[str, object]:
    head: dict[str, str] = {}
    for name, value in message.raw_items():
        head.setdefault(name.lower(), str(value))
    sender = sender_of(head.get("from", ""))
    listed = _LIST.fullmatch(text_of(head.get("list-id", "")))
    return {
        "id": text_of(head.get("message-id", "")).strip("<>"),
        "title": text_of(head.get("subject", "")),
        "body": "\n\n".join(filter(str.strip, parts.plain)) or "\n\n".join(parts.html),
        "published": text_of(head.get("date", "")),
        "source": sender.domain,
        "section": (listed[1].strip('"') or listed[2]) if listed else "",
        "url": text_of(head.get("archived-at", "")).strip("<>"),
        "authors": sender.names,
        "lang": text_of(head.get("content-language", "")),
    }


class _Parts:
    """What a message consists of (RFC 2046).

    Args:
        message: the whole.
    """

    def __init__(self, message: "Message[str, str]") -> None:
        self.plain: list[str] = []
        self.html: list[str] = []
        self.attached: list[str] = []
        """Names or types."""
        parts = [message]
        while parts:
            part = parts.pop()
            if part.get_content_maintype() == "multipart" and part.is_multipart():
                parts += reversed(cast("list[Message[str, str]]", part.get_payload()))
            else:
                self._take(part)

    def _take(self, part: "Message[str, str]") -> None:
        kind = part.get_content_type()
        texts = {"text/plain": self.plain, "text/html": self.html}.get(kind)
        if texts is None or part.get_content_disposition() == "attachment":
            self.attached.append(text_of(part.get_filename() or kind))
        else:
            content = part.get_payload(decode=True)
            charset = part.get_content_charset() or ""
            texts.append(decoded(content if isinstance(content, bytes) else b"", charset))
