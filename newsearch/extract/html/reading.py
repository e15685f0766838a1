"""A captured page to its article."""

from collections.abc import Iterator

from newsearch.extract.html.address import labels_of_host, names_of_site, source_of, url_of
from newsearch.extract.html.body import body_of
from newsearch.extract.html.decoding import decoded
from newsearch.extract.html.labels import authors_of, lang_of, section_of
from newsearch.extract.html.page_times import Clock, times_of
from newsearch.extract.html.statements import statements_of
from newsearch.extract.html.titles import headlines_of, title_of
from newsearch.extract.html.tree import parsed
from newsearch.extract.profiles import profile_of_source
from newsearch.extract.settings import Settings
from newsearch.extract.times import zone_for
from newsearch.model import Article, DocumentCapture, Skipped


def read(capture: DocumentCapture, settings: Settings) -> Iterator[Article | Skipped]:
    """Yield the article of a page, or why it has none, and what of it could not be used."""
    tree = parsed(decoded(capture.content, capture.charset))
    if tree is None:
        yield Skipped(capture.origin, "no-article", "there is no element in it; leave it out with --exclude")
        return
    page = statements_of(tree.root)
    url = url_of(page, capture.url)
    source = source_of(page, url)
    title = title_of(page, [*names_of_site(page), *labels_of_host(url)])
    authors = authors_of(page)
    body = body_of(page, [title, *headlines_of(page)], authors)
    profile = profile_of_source(source)
    clock = Clock(zone_for(profile.zone if profile else None, settings.assume_zone), capture.captured)
    times = times_of(page, url, clock)
    yield Article(
        title,
        body,
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
