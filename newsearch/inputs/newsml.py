"""NewsML 1.2, the IPTC's first exchange format (https://iptc.org/std/NewsML/1.2/): an envelope of news items.

| field | from |
|---|---|
| id | provider, date and item of the identifier, without the revision: another one is another edition of its article |
| title | the first `HeadLine`, else that of the NITF inside |
| body | the first content item with text that is no caption: NITF, XHTML or plain text |
| published, updated | `FirstCreated`; `ThisRevisionCreated` where it is another |
| source | `Provider`, else `Source`, else `ProviderId` |
| section | the first subject that is named and not only numbered |
| authors, dateline, lang | `ByLine`; `DateLine`; `Language`, else `xml:lang` |
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from xml.etree.ElementTree import Element

from newsearch.inputs.items import first, name_of, no_text, read_each, record, unusable
from newsearch.inputs.nitf import content_fields
from newsearch.inputs.safe_xml import LANG, below, items_in, within, words
from newsearch.model import Capture, Origin, RecordCapture, Skipped


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield the record of each news item that is a text, and why every other item is no article.

    Raises:
        OSError: the stream cannot be read on.
    """
    items = items_in(stream, origin, ("NewsItem",))
    yield from read_each(items, origin, lambda item, place: _record(item, place, captured))


def _record(item: Element, origin: Origin, captured: datetime | None) -> RecordCapture | Skipped:
    status = first(one.get("FormalName") for one in within(item, "NewsManagement", "Status"))
    if skipped := unusable(origin, status):
        return skipped
    content = _content(item)
    media = first(one.get("FormalName") for one in below(item, "MediaType"))
    if not content and media and media.lower() != "text":
        return no_text(origin, f"a NewsItem of {media}")
    return record(origin, captured, "newsml", _fields(item, content))


def _fields(item: Element, content: dict[str, object]) -> dict[str, object]:
    created = first(map(words, within(item, "NewsManagement", "FirstCreated")))
    revised = first(map(words, within(item, "NewsManagement", "ThisRevisionCreated")))
    authors = [name for one in below(item, "ByLine") if (name := name_of(words(one)))]
    return {
        "id": _id(item),
        "title": first(map(words, below(item, "HeadLine"))) or content.get("title"),
        "body": content.get("body"),
        "published": created or revised,
        "updated": revised if created and revised != created else "",
        "source": _source(item),
        "section": _section(item),
        "authors": authors[:1] or content.get("authors"),
        "lang": first((*_formal(item, "DescriptiveMetadata", "Language"), item.get(LANG))) or content.get("lang"),
        "dateline": first(map(words, below(item, "DateLine"))) or content.get("dateline"),
    }


def _content(item: Element) -> dict[str, object]:
    """Return what the first text says that is not a caption, as fields of a record."""
    for component in below(item, "NewsComponent"):
        if any("caption" in one.get("FormalName", "").lower() for one in within(component, "Role")):
            continue
        for data in within(component, "ContentItem", "DataContent"):
            text = "".join(data.itertext()).strip()
            fields = content_fields(data) or {"body": text}
            if fields.get("body"):
                return fields
    return {}


def _id(item: Element) -> str:
    parts = [
        first(map(words, within(item, "Identification", "NewsIdentifier", name)))
        for name in ("ProviderId", "DateId", "NewsItemId")
    ]
    return f"urn:newsml:{':'.join(parts)}" if all(parts) else ""


def _source(item: Element) -> str:
    named = (_formal(item, "AdministrativeMetadata", role, "Party") for role in ("Provider", "Source"))
    provider = within(item, "Identification", "NewsIdentifier", "ProviderId")
    return first((*(name for names in named for name in names), *map(words, provider)))


def _section(item: Element) -> str:
    subjects = (one for code in below(item, "SubjectCode") for one in code)
    return first(name for one in subjects if not (name := one.get("FormalName", "")).isdigit())


def _formal(item: Element, name: str, *path: str) -> Iterator[str]:
    """Yield the formal names at the end of a path that begins at any depth."""
    return (one.get("FormalName", "") for top in below(item, name) for one in within(top, *path))
