"""NITF 3, the IPTC's markup of one article (https://www.iptc.org/std/NITF/3.6/documentation/nitf-3-6.html).

| field | from |
|---|---|
| id | `doc-id/@id-string` |
| title | `hl1`, else the head's `title`, which may be a slug |
| body | second headlines, `body.content`, the tagline; the abstract where there is no content, since it repeats it |
| published | `date.issue`, else `date.release`, `pubdata/@date.publication`, `story.date` |
| updated | the last `revision-history/@norm` |
| source | `pubdata/@name`, else the distributor, the holder of the copyright, `doc-id/@regsrc` |
| section | `pubdata/@position.section`, else the first subject's name |
| url, authors, dateline, lang | `pubdata/@ex-ref`, byline, dateline, `xml:lang` |
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from xml.etree.ElementTree import Element

from newsearch.inputs.items import first, name_of, read_each, record, unusable
from newsearch.inputs.markup import element_text
from newsearch.inputs.safe_xml import LANG, below, items_in, local, words
from newsearch.model import Capture, Origin, RecordCapture, Skipped

_PROSE = frozenset(("html", "body", "body.content", "div", "section", "article", "p"))
_DAY = re.compile(r"(\d{8})T?000000(?:Z|[+-]\d{4})?")


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield the record of the article in a document.

    Raises:
        OSError: the stream cannot be read on.
    """
    items = items_in(stream, origin, ("nitf",))
    yield from read_each(items, origin, lambda item, place: _record(item, place, captured))


def nitf_fields(nitf: Element) -> dict[str, object]:
    """Return what an `nitf` element says of its article, as fields of a record; those without a value are empty."""
    return {
        "id": _attribute(nitf, "doc-id", "id-string"),
        "title": first(map(words, (*below(nitf, "hl1"), *_first(nitf, "title")))),
        "body": _body(nitf),
        "published": _published(nitf),
        "updated": _normed(next((one.get("norm", "") for one in reversed(list(below(nitf, "revision-history")))), "")),
        "source": _source(nitf),
        "section": _section(nitf),
        "url": _attribute(nitf, "pubdata", "ex-ref"),
        "authors": _authors(nitf),
        "lang": first(one.get(LANG) for one in (nitf, *_first(nitf, "body"))),
        "dateline": first(map(_spaced, below(nitf, "dateline"))),
    }


def content_fields(holder: Element) -> dict[str, object]:
    """Return what the markup in an element says, NITF or the paragraphs of XHTML; nothing where it is another."""
    if (nitf := next(below(holder, "nitf"), None)) is not None:
        return nitf_fields(nitf)
    return {"body": element_text(*holder)} if any(local(child) in _PROSE for child in holder) else {}


def _normed(norm: str) -> str:
    """Return a normalised time; one at 000000 is a day, since NITF writes a time that is unknown so."""
    day = _DAY.fullmatch(norm.strip())
    return day[1] if day else norm


def _record(nitf: Element, origin: Origin, captured: datetime | None) -> RecordCapture | Skipped:
    status = _attribute(nitf, "docdata", "management-status")
    if skipped := unusable(origin, status):
        return skipped
    return record(origin, captured, "nitf", nitf_fields(nitf))


def _body(nitf: Element) -> str:
    content = element_text(*below(nitf, "body.content")) or element_text(*below(nitf, "abstract"))
    heads = [element for headline in below(nitf, "hedline") for element in below(headline, "hl2")]
    return "\n\n".join(filter(None, (element_text(*heads), content, element_text(*below(nitf, "tagline")))))


def _published(nitf: Element) -> str:
    stated = (
        ("date.issue", "norm"),
        ("date.release", "norm"),
        ("pubdata", "date.publication"),
        ("story.date", "norm"),
    )
    return _normed(first(_attribute(nitf, name, attribute) for name, attribute in stated))


def _source(nitf: Element) -> str:
    return first(
        (
            _attribute(nitf, "pubdata", "name"),
            *map(words, below(nitf, "distributor")),
            _attribute(nitf, "doc.copyright", "holder"),
            _attribute(nitf, "doc-id", "regsrc"),
        )
    )


def _section(nitf: Element) -> str:
    subjects = [
        one.get(f"tobject.subject.{kind}")
        for one in below(nitf, "tobject.subject")
        for kind in ("type", "matter", "detail")
    ]
    return first((_attribute(nitf, "pubdata", "position.section"), *subjects))


def _authors(nitf: Element) -> list[str]:
    """Return the persons of the bylines; the whole text of a byline that names none, but for its title line."""
    names: list[str] = []
    for byline in below(nitf, "byline"):
        persons = [words(person) for person in below(byline, "person")]
        names += persons or [name_of(_untitled(byline))]
    return list(filter(None, names))


def _untitled(byline: Element) -> str:
    parts = [byline.text or ""]
    for child in byline:
        parts += ["" if local(child) == "byttl" else words(child), child.tail or ""]
    return "".join(parts).strip().strip(",")


def _spaced(element: Element) -> str:
    """Return the text of an element whose parts need no space between them to be read as apart."""
    return re.sub(r"\s+([,.;:])", r"\1", " ".join(" ".join(element.itertext()).split()))


def _first(nitf: Element, name: str) -> list[Element]:
    return [found] if (found := next(below(nitf, name), None)) is not None else []


def _attribute(nitf: Element, name: str, attribute: str) -> str:
    return first(one.get(attribute) for one in below(nitf, name))
