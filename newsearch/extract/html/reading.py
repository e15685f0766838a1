"""A captured page to its article."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newsearch.extract.html.address import labels_of_host, names_of_site, source_of, url_of
from newsearch.extract.html.body import body_of
from newsearch.extract.html.decoding import decoded
from newsearch.extract.html.labels import authors_of, lang_of, section_of
from newsearch.extract.html.page_times import Clock, times_of
from newsearch.extract.html.statements import Statements, statements_of
from newsearch.extract.html.titles import headlines_of, title_of
from newsearch.extract.html.tree import elements, is_linked, parsed
from newsearch.extract.profiles import profile_of_source
from newsearch.extract.records import BODY_LIMIT
from newsearch.extract.settings import Settings
from newsearch.extract.times import zone_for
from newsearch.model import Article, DocumentCapture, Skipped

_ERROR = re.compile(
    r"(?:error\s*)?[45]\d\d\b.*|.*\b(?:page|site) not found\b.*|not found|access denied|forbidden", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^\n]{10}[.!?…。．！？؟।]")
_LONG = 1500
"""Characters that no page of an error has."""
_LINKS = 20
"""Of a front; a site's only page has fewer."""
_MANY, _TEASER = 8, 300


def read(capture: DocumentCapture, settings: Settings) -> Iterator[Article | Skipped]:
    """Yield the article of a page, or why it has none, and what of it could not be used."""
    tree = parsed(decoded(capture.content, capture.charset))
    if tree is None:
        yield Skipped(capture.origin, "no-article", "there is nothing to read in the page", harmless=True)
        return
    page = statements_of(tree.root)
    article, rejected = _article(page, capture, settings)
    reason = _why_none(page, article)
    if reason:
        # A crawl is full of fronts and lists; but a page with a headline should have had a text.
        yield Skipped(capture.origin, *reason, harmless=reason[0] == "no-article")
        return
    if rejected:
        detail = f"published '{rejected[:40]}' is no date; the article is kept without it"
        yield Skipped(capture.origin, "date-rejected", detail)
    if not tree.whole:
        detail = "its elements stand in each other more than 2,000 deep; what comes before that is kept"
        yield Skipped(capture.origin, "too-deep", detail)
    yield article


def _article(page: Statements, capture: DocumentCapture, settings: Settings) -> tuple[Article, str]:
    """Return what a page shows, be it an article or not, and the text of a time that is none."""
    url = url_of(page, capture.url)
    source = source_of(page, url)
    title = title_of(page, [*names_of_site(page), *labels_of_host(url)])
    authors = authors_of(page)
    profile = profile_of_source(source, settings.profiles)
    zone = zone_for(profile.zone if profile else None, settings.assume_zone)
    times = times_of(page, url, Clock(zone, capture.captured, profile.order if profile else None))
    article = Article(
        title,
        body_of(page, [title, *headlines_of(page)], authors),
        capture.origin,
        times.published,
        times.updated,
        source,
        section_of(page, title),
        url,
        authors,
        lang_of(page),
        captured=capture.captured,
    )
    return article, times.rejected


def _why_none(page: Statements, article: Article) -> tuple[str, str] | None:
    """Return the reason why what a page shows is no article, and its detail; None when it is one.

    What the page says of itself goes first. One that says nothing and has a text is an article, unless it shows that it
    is something else.
    """
    if len(article.body) > BODY_LIMIT:
        return "too-large", f"more than {BODY_LIMIT >> 20} million characters of text; leave it out with --exclude"
    if page.is_article and (article.title or article.body):
        return None
    if not article.body:
        reason = "no-text" if article.title else "no-article"
        return reason, "the page has no text of an article"
    is_error = _ERROR.fullmatch(article.title) and len(article.body) < _LONG
    if page.is_list or is_error or _is_front(page, article):
        return "no-article", "a front, a list, a search or an error"
    return None


def _is_front(page: Statements, article: Article) -> bool:
    """Tell a page that leads to articles.

    Its address is a site's own; or it has many linked headings and short texts; or many links, and no sentence.
    """
    address = urlsplit(article.url)
    links = sum(1 for _ in elements(page.root, "a"))
    if address.netloc and address.path in {"", "/"} and not address.query and links >= _LINKS:
        return True
    if sum(is_linked(heading) for heading in elements(page.root, "h2", "h3", "h4")) >= _MANY:
        return max(map(len, article.body.split("\n\n"))) < _TEASER
    return not _SENTENCE.search(article.body) and links >= _MANY
