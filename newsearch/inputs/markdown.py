"""Markdown (CommonMark), as a rule with front matter: fields in YAML or TOML before the text."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import BinaryIO

from newsearch.inputs.front_matter import FrontMatterError, split
from newsearch.inputs.markdown_text import text_of
from newsearch.inputs.text import read as read_text
from newsearch.model import Capture, Origin, PageCapture, RecordCapture, Skipped

EVIDENCE = "front matter"
_NAMES = {
    "id": ("id", "uuid", "guid", "slug"),
    "title": ("title", "headline"),
    "published": ("published", "date", "publishdate", "datepublished", "pubdate", "publishedat"),
    "updated": ("updated", "lastmod", "modified", "lastmodified", "lastmodifiedat", "datemodified", "updatedat"),
    "source": ("source", "site", "publisher", "publication"),
    "section": ("section", "category", "categories"),
    "url": ("url", "permalink", "link", "canonical", "canonicalurl"),
    "authors": ("authors", "author", "by", "byline"),
    "lang": ("lang", "language", "locale"),
}
"""The standard fields, and what site generators call them, without case, dashes and underscores."""


def read(stream: BinaryIO, origin: Origin, captured: datetime | None) -> Iterator[Capture | Skipped]:
    """Yield the article, and what of its front matter cannot be read.

    Raises:
        OSError: the stream cannot be read on.
    """
    for page in read_text(stream, origin, captured):
        if not isinstance(page, PageCapture):
            yield page
            continue
        try:
            fields, text = split(page.lines)
        except FrontMatterError as error:
            yield Skipped(origin, "broken-front-matter", f"{error}; the article is kept without it")
            fields, text = {}, error.text
        yield RecordCapture(origin, _record(fields, text), captured, EVIDENCE)


def _record(fields: Mapping[str, object], text: str) -> dict[str, object]:
    known = {_name(name): value for name, value in fields.items()}
    record = {name: next((known[other] for other in names if known.get(other)), "") for name, names in _NAMES.items()}
    if isinstance(record["section"], list):
        record["section"] = record["section"][0]
    record["authors"] = _authors(record["authors"])
    title = record["title"]
    found = text_of(text, " ".join(title.split()) if isinstance(title, str) else "")
    return {**record, "title": title or found.title, "body": found.body}


def _name(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _authors(value: object) -> object:
    """Return authors as names, where they are objects that have one."""
    people = value if isinstance(value, list) else [value]
    return [person.get("name", "") if isinstance(person, dict) else person for person in people]
