"""Feeds: RSS of every version, Atom, RDF (RSS 1.0) and JSON Feed."""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import feedparser

from newsearch.inputs.encodings import decoded
from newsearch.inputs.json_feed import NotAFeedError, items_of
from newsearch.inputs.json_values import BrokenJSONError
from newsearch.model import Capture, Origin, RecordCapture, Skipped

LIMIT = 64 << 20
"""Bytes; a feed is read whole."""
EVIDENCE = "feed"
_DECLARED = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*['\"]([\w.:-]+)", re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_ENDS = re.compile(r"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>|<(?:[\w.-]+:)?(?:rss|feed|rdf)\b[^<>]*(?<=/)>", re.IGNORECASE)
_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)\b", re.IGNORECASE)
_LABEL = re.compile(r"<(?:[\w.-]+:)?(?:category|subject)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"=\s*[\"']")
_ATTRIBUTES = 5_000
"""Of an element; the library goes through all of them for each."""
_LABELS = 2_000
"""Categories of an entry; the library's time grows with the square of their number."""
_WHO = r"(?:[\w.-]+:)?(?:author|creator|contributor|owner|publisher|managingEditor|webMaster)\b"
_PEOPLE = re.compile(rf"<{_WHO}.*?(?:</{_WHO}|\Z)", re.IGNORECASE | re.DOTALL)
_LONG_WORD = re.compile(r"(?:[\w.+-]|&#?\w{1,8};){200}")
"""In what names people; the library's time to look for an address grows with the square of a word's length."""
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 has no way to write."""


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield a feed's entries, told apart as `#1`, `#2` and so on.

    Raises:
        OSError: the stream cannot be read on.
    """
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        yield Skipped(origin, "too-large", f"a feed of more than {LIMIT >> 20} MiB; leave it out", fatal=True)
    else:
        yield from read_feed(data, origin, captured)


def read_feed(
    data: bytes, origin: Origin, captured: datetime | None, url: str = "", charset: str = ""
) -> Iterator[Capture | Skipped]:
    """Yield a feed's entries.

    Args:
        data: the whole feed.
        origin: where it is.
        captured: when it was saved (UTC), if known.
        url: under which it was saved, if known; relative links are relative to it.
        charset: the encoding that is stated beside it.
    """
    declared = _DECLARED.match(data)
    text = decoded(data, charset or (declared[1].decode() if declared else ""))
    number = 0
    try:
        for number, fields in enumerate(_items(text, url), 1):
            place = origin.inside(f"#{number}")
            if fields is None:
                yield Skipped(place, "not-an-object", "an item of a JSON feed is an object")
            else:
                yield RecordCapture(place, fields, captured, EVIDENCE)
    except (NotAFeedError, BrokenJSONError) as error:
        yield Skipped(origin, "broken-feed", f"{error}; save the feed again", fatal=True)
        return
    if not number:
        yield Skipped(origin, "empty", "the feed has no entries", harmless=True)
    elif not text.lstrip().startswith("{") and not _ENDS.search(text):
        yield Skipped(origin, "truncated", "the feed is cut off; its last entry may not be whole", fatal=True)


def _items(text: str, url: str) -> Iterator[Mapping[str, object] | None]:
    if text.lstrip().startswith("{"):
        yield from items_of(text)
        return
    feed = _parsed(text)
    site = feed["feed"]
    own = [_text(link, "href") for link in _things(site, "links") if _text(link, "rel") == "self"]
    base = _joined(url, own[0] if own else _text(site, "link"))
    for entry in feed["entries"]:
        yield _fields(entry, site, base, atom=feed["version"].startswith("atom"))


def _parsed(text: str) -> Mapping[str, Any]:
    """Return what the library makes of a feed, which is no more than its root element: nothing before that is believed.

    So there is no document type, whose entities could grow without end or be fetched, and only one encoding.

    Raises:
        NotAFeedError: it is no feed.
    """
    root = _ROOT.search(text)
    document = _NOT_XML.sub("", text[root.start() :]) if root else ""
    if any(len(_LABEL.findall(entry)) > _LABELS for entry in _ENTRY.split(document)):
        message = f"an entry has more than {_LABELS:,} categories"
        raise NotAFeedError(message)
    if any(len(_ATTRIBUTE.findall(tag)) > _ATTRIBUTES for tag in document.split("<")):
        message = f"an element has more than {_ATTRIBUTES:,} attributes"
        raise NotAFeedError(message)
    document = _PEOPLE.sub(lambda people: _LONG_WORD.sub(r"\g<0> ", people[0]), document)
    data = b"<?xml version='1.0' encoding='utf-8'?>" + document.encode("utf-8", "replace")
    try:
        feed: Mapping[str, Any] = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        message = f"not readable as a feed ({type(error).__name__})"
        raise NotAFeedError(message) from error
    if not feed.get("version") and not feed["entries"]:
        message = "neither RSS nor Atom"
        raise NotAFeedError(message)
    return feed


def _fields(entry: Mapping[str, Any], site: Mapping[str, Any], base: str, *, atom: bool) -> dict[str, object]:
    published, updated = _time(entry, "published"), _time(entry, "updated")
    if not atom and not published:
        published, updated = updated, ""  # the one date of RSS 1.0 is Dublin Core's, which says when a thing came out
    bodies = [_text(content, "value") for content in _things(entry, "content")] + [_text(entry, "summary")]
    tags = [_text(tag, "label") or _text(tag, "term") for tag in _things(entry, "tags")]
    url = _joined(base, _text(entry, "link")) if _text(entry, "link") else ""
    origin = entry.get("source")
    return {
        "id": _text(entry, "id"),
        "title": _text(entry, "title"),
        "body": max(bodies, key=len),
        "published": published,
        "updated": updated,
        "source": (_source(origin) if isinstance(origin, dict) else "") or _source(site) or _host(base) or _host(url),
        "section": tags[0] if tags else "",
        "url": url if _is_web(url) else "",
        "authors": _authors(entry) or (_authors(site) if atom else []),  # RFC 4287, 4.2.1
        "lang": _text(site, "language"),
    }


def _source(site: Mapping[str, Any]) -> str:
    """Return the host of a site, else its title."""
    return _host(_text(site, "link")) or _host(_text(site, "href")) or _text(site, "title")


def _authors(thing: Mapping[str, Any]) -> list[str]:
    names = [_text(author, "name") or _text(author, "email") for author in _things(thing, "authors")]
    return list(dict.fromkeys(filter(None, names)))


def _time(entry: Mapping[str, Any], name: str) -> str:
    """Return a time as it is stated; what the library makes of it is guessed, and UTC where no zone is stated."""
    return _text(entry, name) if name in entry else ""  # its get() gives the other time where one is missing


def _things(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list that the library makes; an element of the same name puts something else in its place."""
    value = holder.get(name)
    return [thing for thing in value if isinstance(thing, dict)] if isinstance(value, list) else []


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _joined(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_web(url: str) -> bool:
    """Tell a link from an id that looks like one; the library takes an id of Atom for a link where there is none."""
    return url.partition(":")[0].lower() in ("http", "https", "ftp", "file") or ":" not in url.partition("/")[0]
