"""ninjs, the IPTC's news in JSON (https://www.iptc.org/std/ninjs/userguide/): an item, or a list of items.

Its generations name the same things otherwise: `headline` and `body_text` in the first, where an underscore and a word
may follow either, `headlines` and `bodies` with roles from the second on, `versioncreated` written `versionCreated` in
the third. Case is therefore not looked at.

| field | from |
|---|---|
| id | `uri`; another version of an item is another edition of its article |
| title | the main headline, else the `title` |
| body | NITF or XHTML before plain text, whose paragraphs are often lost; else the description |
| published | `firstcreated`; else `contentcreated`, else `versioncreated` |
| updated | `versioncreated` where it is another |
| source | `provider`, else the first of `infosource(s)`, else `copyrightholder` |
| section | the first subject with a name |
| authors, dateline, lang | `by` or `byline`; `dateline`, else `located`; `language` |
| url | the `uri` where it is an address of the web |
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from newsearch.inputs.items import first, name_of, no_text, read_each, record, unusable
from newsearch.model import Capture, Origin, RecordCapture, Skipped

LIMIT = 64 << 20
"""Bytes of a document."""
_MARKUP = re.compile(r"</(?:p|div|body|h\d|li|ul|ol|table|section|article|nitf)\s*>|<br\b", re.IGNORECASE)

Value = object
"""What JSON has: it may be anything anywhere."""


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield the record of each item that is a text, and why every other item is no article.

    Raises:
        OSError: the stream cannot be read on.
    """
    yield from read_each(_items(stream, origin), origin, lambda item, place: _record(item, place, captured))


def _items(stream: BinaryIO, origin: Origin) -> Iterator[Value]:
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        yield Skipped(origin, "too-large", f"more than {LIMIT >> 20} MiB; leave it out with --exclude", fatal=True)
        return
    try:
        value = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        detail = f"not JSON at column {error.colno} ({error.msg.lower()}); get it whole again"
        yield Skipped(origin.at(error.lineno), "broken-json", detail, fatal=True)
    except (ValueError, RecursionError):
        detail = "it nests too deep, has a number out of range, or is not in UTF-8"
        yield Skipped(origin, "broken-json", detail, fatal=True)
    else:
        yield from value if isinstance(value, list) else [value]


def _record(item: Value, origin: Origin, captured: datetime | None) -> RecordCapture | Skipped:
    if not isinstance(item, dict):
        return Skipped(origin, "not-an-object", "an item is an object with a uri")
    values = {name.lower(): value for name, value in item.items()}
    kind = _text(values.get("type")) or "text"
    if kind != "text":
        return no_text(origin, f"an item of type {kind}")
    if skipped := unusable(origin, _text(values.get("pubstatus"))):
        return skipped
    return record(origin, captured, "ninjs", _fields(values))


def _fields(values: Mapping[str, Value]) -> dict[str, object]:
    uri, version = _text(values.get("uri")), _text(values.get("versioncreated"))
    published = first(_text(values.get(name)) for name in ("firstcreated", "contentcreated")) or version
    return {
        "id": uri,
        "title": first(text for name in ("headline", "title") for _, text in _texts(values, name, f"{name}s")),
        "body": _body(values),
        "published": published,
        "updated": version if version != published else "",
        "source": _source(values),
        "section": _named(values, "subjects", "subject"),
        "authors": name_of(first(_text(values.get(name)) for name in ("by", "byline"))),
        "lang": _text(values.get("language")),
        "dateline": first(_text(values.get(name)) for name in ("dateline", "located")),
        "url": uri if uri.startswith(("http://", "https://")) else "",
    }


def _body(values: Mapping[str, Value]) -> str:
    """Return the text of the first body with paragraphs, else of the first at all, else of the description."""
    bodies = [*_texts(values, "body", "bodies")] or [*_texts(values, "description", "descriptions")]
    marked = [text for kind, text in bodies if "html" in kind or "nitf" in kind or _MARKUP.search(text)]
    if marked:
        content = marked[0].partition("<body.content>")
        return f"<div>{content[2] or content[0]}</div>"  # by which it is known for markup
    return bodies[0][1] if bodies else ""


def _texts(values: Mapping[str, Value], name: str, plural: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each of an item's texts under a name: those that are the main ones first."""
    found = [(key, _text(text)) for key, text in values.items() if key == name or key.startswith(f"{name}_")]
    for one in _list(values.get(plural)):
        kind = f"{_text(one.get('role')) or 'main'} {_text(one.get('contenttype'))}"
        found.append((kind, _text(one.get("value"))))
    found.sort(key=lambda pair: pair[0] != name and "main" not in pair[0])
    yield from ((kind, text) for kind, text in found if text)


def _source(values: Mapping[str, Value]) -> str:
    holder = values.get("copyrightholder")
    return first(
        (
            _text(values.get("provider")),
            _named(values, "infosources", "infosource"),
            _named({"holder": [holder]}, "holder") if isinstance(holder, dict) else _text(holder),
        )
    )


def _named(values: Mapping[str, Value], *names: str) -> str:
    """Return the first name in lists of named things."""
    return first(_text(one.get("name")) for name in names for one in _list(values.get(name)))


def _list(value: Value) -> list[dict[str, Value]]:
    """Return the objects in a list, their names in lower case."""
    objects = value if isinstance(value, list) else []
    return [{name.lower(): part for name, part in one.items()} for one in objects if isinstance(one, dict)]


def _text(value: Value) -> str:
    return value.strip() if isinstance(value, str) else ""
