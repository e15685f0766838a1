"""Invented pages, and how they are read."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from newsearch.extract import Settings, articles_in
from newsearch.model import Article, DocumentCapture, Origin, Skipped

ORIGIN = Origin("page.html")
CAPTURED = datetime(2025, 4, 18, tzinfo=UTC)
TEXT = (
    "The ferry left the harbour on time, and nobody who stood at the pier that morning saw anything wrong with it.",
    "An inspector who had gone through its engine room the day before told the owner that the plates were thin.",
    "Passengers were taken ashore in small boats, wrapped in blankets, and given hot tea in the old customs house.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)


def page(head: str = "", body: str = f"<h1>Ferry sails</h1>{BODY}", attributes: str = "") -> str:
    """A page of HTML."""
    return f"<!DOCTYPE html><html {attributes}><head>{head}</head><body>{body}</body></html>"


def json_ld(**fields: object) -> str:
    """A script with an object of JSON-LD, an article unless it says otherwise."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def metas(values: Mapping[str, str]) -> str:
    """Meta elements by their properties."""
    return "".join(f'<meta property="{name}" content="{value}">' for name, value in values.items())


def read(
    content: str | bytes, settings: Settings | None = None, *, url: str = "", charset: str = ""
) -> list[Article | Skipped]:
    """What a page gives."""
    data = content if isinstance(content, bytes) else content.encode()
    capture = DocumentCapture(ORIGIN, "html", data, CAPTURED, url, charset)
    return list(articles_in(capture, settings or Settings()))


def article(content: str | bytes, settings: Settings | None = None, *, url: str = "", charset: str = "") -> Article:
    """The article of a page that has one, and nothing to tell of it."""
    (found,) = read(content, settings, url=url, charset=charset)
    assert isinstance(found, Article), found
    return found
