"""How well pages are read that nobody here wrote, against what people who know each publisher's pages found in them.

The floors are what is reached, rounded down. They are skipped where the pages are absent.
"""

import gzip
import json
import re
import tarfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import pytest

from newsearch.extract import Settings, articles_in
from newsearch.extract.html.decoding import decoded
from newsearch.extract.html.statements import statements_of
from newsearch.extract.html.titles import headlines_of
from newsearch.extract.html.tree import parsed
from newsearch.extract.text import folded
from newsearch.model import Article, DocumentCapture, Origin

PAGES = Path(__file__).parents[3] / "shared" / "data" / "html-fundus.tar.gz"

pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not PAGES.exists(), reason="the real pages are not here"),
    pytest.mark.xdist_group("html-fundus"),
]

CORRECTED = {
    # The truth has no zone; the page states the same clock with one.
    "AFPFaktencheck_2026_05_24": "2026-05-13T15:44:00+02:00",
    "SportSchau_2024_04_25": "2024-04-24T22:58:49+02:00",
    "JyllandsPosten_2025_02_02": "2025-02-02T09:00:00+01:00",
    "RollingStone_2024_04_25": "2024-04-25T08:21:02+00:00",
    # The JSON-LD calls the local clock UTC: the page shows "14:26 Uhr", and its time element has +02:00.
    "Golem_2024_04_28": "2024-04-28T14:26:01+02:00",
    # Day and month are swapped: the pages were saved on 5 April 2025 and on 7 January 2026.
    "AnadoluAjansi_2025_04_05": "2025-04-05T00:00:00",
    "KlasseGegenKlasse_2026_01_07": "2026-01-06T00:00:00",
}
"""Truths that are wrong, by hand."""


class Page(NamedTuple):
    """A page, what is true of it, and what was read from it."""

    name: str
    truth: Mapping[str, Any]
    headlines: list[str]
    article: Article

    @property
    def published(self) -> datetime:
        return datetime.fromisoformat(CORRECTED.get(self.name, self.truth["publishing_date"]))

    @property
    def body(self) -> str:
        sections = self.truth["body"]["sections"]
        texts = [text for section in sections for text in (*section["headline"], *section["paragraphs"])]
        return "\n\n".join((*self.truth["body"]["summary"], *texts))


def tokens(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFC", text).lower()))


def f1(found: str, true: str) -> float:
    """F1 over the tokens of two texts, each as often as it occurs."""
    one, other = tokens(found), tokens(true)
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)


def pairs() -> Iterator[tuple[str, bytes, Mapping[str, Any]]]:
    """Yield the name, the content and the truth of each page; a publisher's truths are in the order of its pages."""
    with tarfile.open(PAGES) as archive:
        files = {name: archive.extractfile(name) for name in sorted(archive.getnames()) if "." in Path(name).name}
        contents = {name: file.read() for name, file in files.items() if file}
    for name, content in contents.items():
        if name.endswith(".json"):
            pages = [other for other in contents if re.fullmatch(rf"{name[:-5]}_[\d_]+\.html\.gz", other)]
            for page, truth in zip(pages, json.loads(content).values(), strict=True):
                yield Path(page).name.removesuffix(".html.gz"), gzip.decompress(contents[page]), truth


def headlines(content: bytes) -> list[str]:
    tree = parsed(decoded(content, ""))
    return headlines_of(statements_of(tree.root)) if tree else []


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    found = []
    for name, content, truth in pairs():
        results = articles_in(DocumentCapture(Origin(name), "html", content, None), Settings())
        (article,) = (item for item in results if isinstance(item, Article))
        found.append(Page(name, truth, headlines(content), article))
    return found


def test_the_title_is_the_headline(pages: list[Page]) -> None:
    exact = mean(page.article.title == " ".join(page.truth["title"].split()) for page in pages)
    stated = mean(any(folded(page.article.title) in folded(text) for text in page.headlines) for page in pages)
    assert exact >= 0.84
    assert stated >= 0.99


def test_the_body_is_the_text_of_the_article(pages: list[Page]) -> None:
    scores = [f1(page.article.body, page.body) for page in pages]
    assert mean(scores) >= 0.959
    assert sorted(scores)[len(scores) // 10] >= 0.9


def test_the_time_of_publication_is_right_to_the_minute_and_hardly_ever_wrong(pages: list[Page]) -> None:
    right, wrong, days = [], [], []
    for page in pages:
        moment, true = page.article.published, page.published
        if moment is None:
            continue
        if moment.precision == "day":
            (days if moment.instant.date() == true.date() else wrong).append(page.name)
        else:
            instant = (true if true.tzinfo else true.replace(tzinfo=UTC)).astimezone(UTC)
            minutes = [time.replace(second=0, microsecond=0) for time in (instant, moment.instant)]
            (right if minutes[0] == minutes[1] else wrong).append(page.name)
    timed = [page for page in pages if page.published.time().isoformat() != "00:00:00" or page.published.tzinfo]
    assert len(right) >= 0.97 * len(timed)
    assert wrong == []
    assert len(days) >= 7
    evidence = {page.article.published.evidence for page in pages if page.article.published}
    assert all(re.match(r"JSON-LD|meta|itemprop|time element|URL", text) for text in evidence)


def test_names_of_authors_are_those_people_found(pages: list[Page]) -> None:
    known = [page for page in pages if page.truth.get("authors")]
    found = [len({*page.article.authors} & {*page.truth["authors"]}) / len(page.truth["authors"]) for page in known]
    assert mean(found) >= 0.7


def test_the_source_and_the_language_are_stated_by_nearly_all(pages: list[Page]) -> None:
    assert mean(bool(page.article.source) for page in pages) >= 0.95
    assert mean(bool(page.article.lang) for page in pages) >= 0.95
