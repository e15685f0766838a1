"""Captures to articles: title, body, when and where."""

from collections.abc import Callable, Iterator
from typing import cast

from newsearch.extract.records import read_record
from newsearch.extract.settings import Settings
from newsearch.model import Article, Capture, DocumentCapture, PageCapture, Skipped
from newsearch.registry import Entry, Registry

__all__ = ["DOCUMENTS", "Settings", "articles_in"]

DOCUMENTS = Registry(
    "document format",
    {
        "html": Entry("newsearch.extract.html:read", "html", ("trafilatura",)),
        "pdf": Entry("newsearch.extract.pdf:read", "pdf", ("pypdf",)),
        "docx": Entry("newsearch.extract.docx:read", "docx", ("docx",)),
    },
)

DocumentReader = Callable[[DocumentCapture, Settings], Iterator[Article | Skipped]]


def articles_in(capture: Capture, settings: Settings) -> Iterator[Article | Skipped]:
    """Yield the articles a capture shows, and a `Skipped` for what of it could not be used."""
    if isinstance(capture, PageCapture):
        from newsearch.extract.pages import read_page  # noqa: PLC0415 - a run over unchanged files reads no page

        page = read_page(capture, settings)
        yield from page.articles
        yield from page.skipped
    elif isinstance(capture, DocumentCapture):
        yield from cast("DocumentReader", DOCUMENTS.load(capture.format))(capture, settings)
    else:
        yield from read_record(capture, settings)
