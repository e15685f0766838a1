"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from newsearch.inputs.json_values import parsed


class NotAFeedError(Exception):
    """It is JSON, but no feed; the message is a phrase for people."""


def items_of(text: str) -> Iterator[Mapping[str, object] | None]:
    """Yield the standard fields of each item, or None for one that is no object.

    Values are as they stand, so that one of a wrong kind can be named where fields are judged.

    Raises:
        BrokenJSONError: it is no JSON.
        NotAFeedError: it is no feed.
    """
    feed = parsed(text)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        message = "a JSON feed has a list of items, and this has none"
        raise NotAFeedError(message)
    for item in items:
        yield _fields(item, feed) if isinstance(item, dict) else None


def _fields(item: Mapping[str, object], feed: Mapping[str, object]) -> dict[str, object]:
    tags = item.get("tags")
    return {
        "id": item.get("id"),
        "title": item.get("title"),
        "body": item.get("content_html") or item.get("content_text") or item.get("summary"),
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "source": _source(feed),
        "section": tags[0] if isinstance(tags, list) and tags else None,
        "url": item.get("url") or item.get("external_url"),
        "authors": _authors(item) or _authors(feed),
        "lang": item.get("language") or feed.get("language"),
    }


def _source(feed: Mapping[str, object]) -> object:
    """Return the host of the site, else the feed's title."""
    home = feed.get("home_page_url")
    try:
        host = urlsplit(home).hostname if isinstance(home, str) else None
    except ValueError:
        host = None
    return host or feed.get("title")


def _authors(thing: Mapping[str, object]) -> object:
    """Return the names; version 1 has one author, 1.1 a list of them."""
    stated = thing.get("authors") or thing.get("author")
    listed = [stated] if isinstance(stated, dict) else stated
    if not isinstance(listed, list):
        return listed
    return [author.get("name") if isinstance(author, dict) else author for author in listed]
