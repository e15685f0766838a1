"""Captures to articles: title, body, when and where."""

from collections.abc import Iterator

from newsearch.extract.records import read_record
from newsearch.extract.settings import Settings
from newsearch.model import Article, Capture, PageCapture, Skipped

__all__ = ["Settings", "articles_in"]


def articles_in(capture: Capture, settings: Settings) -> Iterator[Article | Skipped]:
    """Yield the articles a capture shows, and a `Skipped` for what of it could not be used."""
    if isinstance(capture, PageCapture):
        from newsearch.extract.pages import read_page  # noqa: PLC0415 - a run over unchanged files reads no page

        page = read_page(capture, settings)
        yield from page.articles
        yield from page.skipped
    else:
        yield from read_record(capture, settings)
