"""Pages made up for tests, and what is read of them."""

import json
from datetime import UTC, datetime

from newsearch.extract import Settings, articles_in
from newsearch.model import Article, DocumentCapture, Origin, Skipped

CAPTURED = datetime(2025, 4, 18, tzinfo=UTC)
ADDRESS = "https://www.harbour.example/port/ferry-sails"
TEXT = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The ferry left the harbour on time this morning, with nobody on board but its captain and two gulls.",
        "Its owner said that the crossing had been planned for weeks, and that the empty seats were a surprise to all.",
        "A second boat, which is older and slower, is to follow in the evening if the wind allows it to do so.",
    )
)
"""Three paragraphs."""


def page(head: str = "", body: str = f"<article><h1>Ferry sails empty</h1>{TEXT}</article>", html: str = "") -> str:
    return f"<!DOCTYPE html><html {html}><head>{head}</head><body>{body}</body></html>"


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def json_ld(**fields: object) -> str:
    """The JSON-LD of a news article with some fields."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def read(
    content: str | bytes, *, url: str = ADDRESS, settings: Settings | None = None, charset: str = ""
) -> list[Article | Skipped]:
    """Read a page that was captured on 18 April 2025."""
    encoded = content.encode() if isinstance(content, str) else content
    capture = DocumentCapture(Origin("page.html"), "html", encoded, CAPTURED, url, charset)
    return list(articles_in(capture, settings or Settings()))


def article(
    content: str | bytes, *, url: str = ADDRESS, settings: Settings | None = None, charset: str = ""
) -> Article:
    """Read a page that gives an article and nothing else."""
    (found,) = read(content, url=url, settings=settings, charset=charset)
    assert isinstance(found, Article), found
    return found


def skipped(content: str | bytes, *, url: str = ADDRESS) -> Skipped:
    """Read a page that gives no article."""
    (found,) = read(content, url=url)
    assert isinstance(found, Skipped), found
    return found
