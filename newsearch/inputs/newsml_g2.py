"""NewsML-G2, the IPTC's exchange format (https://iptc.org/std/NewsML-G2/guidelines/): an item, or a message of many.

Only news items of text are articles. What else there is of a picture, a package or a plan is named and left out.

| field | from |
|---|---|
| id | `guid`; another version of an item is another edition of its article |
| title | the main headline, else that of the NITF inside, else the item's own title; the slugline is none |
| body | the first inline content with text: NITF, XHTML, HTML or plain text; else the description |
| published | `firstCreated`; else `versionCreated` of a first version, `contentCreated` of a later one |
| updated | `versionCreated` where it is another; an embargo is no time of publication |
| source | the provider by name, else by code, the creditline, the holder of the copyright, the provider's address |
| section | the first subject with a name that is an abstract one, not a person or place |
| authors | the creators by name, else the byline |
| dateline, lang | `dateline`; `language`, else `xml:lang` |
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from xml.etree.ElementTree import Element

from newsearch.inputs.items import first, name_of, no_text, read_each, record, unusable
from newsearch.inputs.markup import element_text
from newsearch.inputs.nitf import content_fields
from newsearch.inputs.safe_xml import LANG, items_in, local, within, words
from newsearch.model import Capture, Origin, RecordCapture, Skipped

_KINDS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield the record of each news item of text, and why every other item is no article.

    Raises:
        OSError: the stream cannot be read on.
    """
    items = items_in(stream, origin, _KINDS)
    yield from read_each(items, origin, lambda item, place: _record(item, place, captured))


def _record(item: Element, origin: Origin, captured: datetime | None) -> RecordCapture | Skipped:
    kind = first(_code(one) for one in within(item, "itemMeta", "itemClass"))
    if local(item) != "newsItem" or kind not in ("", "text"):
        what = local(item) if local(item) != "newsItem" else f"newsItem of class {kind}"
        return no_text(origin, f"a {what}")
    status = first(_code(one) for one in within(item, "itemMeta", "pubStatus"))
    if skipped := unusable(origin, status):
        return skipped
    return record(origin, captured, "newsml-g2", _fields(item))


def _fields(item: Element) -> dict[str, object]:
    content = _content(item)
    published, updated = _times(item)
    return {
        "id": item.get("guid"),
        "title": _headline(item) or content.get("title") or first(map(words, within(item, "itemMeta", "title"))),
        "body": content.get("body") or element_text(next(within(item, "contentMeta", "description"), None)),
        "published": published,
        "updated": updated,
        "source": _source(item),
        "section": _section(item),
        "authors": _authors(item) or content.get("authors"),
        "lang": first((*(one.get("tag") for one in within(item, "contentMeta", "language")), item.get(LANG))),
        "dateline": first(map(words, within(item, "contentMeta", "dateline"))) or content.get("dateline"),
    }


def _headline(item: Element) -> str:
    headlines = list(within(item, "contentMeta", "headline"))
    main = [one for one in headlines if one.get("role", "main").rpartition(":")[2] == "main"]
    return first(map(words, main + headlines))


def _content(item: Element) -> dict[str, object]:
    """Return what the first content with text says, as fields of a record."""
    for holder in (one for content in within(item, "contentSet") for one in content):
        fields = _held(holder)
        if fields.get("body"):
            return fields
    return {}


def _held(holder: Element) -> dict[str, object]:
    if local(holder) == "inlineXML":
        return content_fields(holder)
    if local(holder) == "inlineData" and not holder.get("encoding"):
        return {"body": "".join(holder.itertext()).strip()}
    return {}


def _times(item: Element) -> tuple[str, str]:
    """Return when the item was published and when it was updated, as far as it says so."""
    created, version = (
        first(map(words, within(item, "itemMeta", name))) for name in ("firstCreated", "versionCreated")
    )
    if not created and item.get("version", "1") != "1":
        created = first(map(words, within(item, "contentMeta", "contentCreated")))
    published = created or version
    return published, version if version != published else ""


def _source(item: Element) -> str:
    providers = list(within(item, "itemMeta", "provider"))
    return first(
        (
            *(_name(one) for one in providers),
            *(one.get("literal") for one in providers),
            *(one.get("qcode", "").partition(":")[2] for one in providers),
            *map(words, within(item, "contentMeta", "creditline")),
            *(_name(one) for one in within(item, "rightsInfo", "copyrightHolder")),
            *(one.get("uri") for one in providers),
        )
    )


def _section(item: Element) -> str:
    subjects = within(item, "contentMeta", "subject")
    return first(_name(one) for one in subjects if one.get("type", "abstract").rpartition(":")[2] == "abstract")


def _authors(item: Element) -> list[str]:
    creators = [name for one in within(item, "contentMeta", "creator") if (name := _name(one))]
    return creators or [name for one in within(item, "contentMeta", "by") if (name := name_of(words(one)))]


def _name(party: Element) -> str:
    return first(map(words, within(party, "name")))


def _code(element: Element) -> str:
    """Return a code without the alias of its scheme, or the end of its address."""
    return (element.get("qcode") or element.get("uri") or "").replace("/", ":").rpartition(":")[2]
