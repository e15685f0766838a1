"""Nothing of the sample archive is lost on the way in, and nothing is there twice."""

import gzip
import itertools
import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from ingest_support import Workshop

from newsearch.engines.base import Page
from newsearch.extract import Settings, articles_in
from newsearch.extract.pages import read_page
from newsearch.ingest.archive import open_archive
from newsearch.model import Article, Origin, PageCapture
from newsearch.query import parse_query

CORPUS = Path(__file__).parents[2] / "corpus"
PAGES = sorted(CORPUS.rglob("*.txt"))
SUPERSEDED = {"captures/live/storm-1400.txt"}
"""Of which a later capture shows another edition."""


def folded(text: str) -> str:
    """Text as it must be found again, white space apart."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def page(file: Path) -> PageCapture:
    return PageCapture(Origin(file.name), file.read_text("utf-8").splitlines(), None)


def given_bodies() -> list[str]:
    """The body of every article that the files of the corpus show but for superseded ones, read without the index."""
    lines = (CORPUS / "wire.jsonl").read_text("utf-8").splitlines()
    lines += gzip.decompress((CORPUS / "metro.jsonl.gz").read_bytes()).decode().splitlines()
    bodies = [json.loads(line)["body"] for line in lines]
    for file in PAGES:
        if str(file.relative_to(CORPUS)) not in SUPERSEDED:
            bodies += [one.body for one in articles_in(page(file), Settings()) if isinstance(one, Article)]
    return [folded(body) for body in bodies]


def test_every_body_is_found_back_exactly_once(corpus_workshop: Workshop) -> None:
    expected, found = Counter(given_bodies()), Counter(map(folded, corpus_workshop.bodies().values()))
    assert set(expected.values()) == {1}
    assert found == expected


def test_only_the_earlier_capture_of_a_live_story_is_superseded(corpus_workshop: Workshop) -> None:
    superseded = [edition.article.origin.path for edition in corpus_workshop.editions() if edition.superseded]
    assert superseded == [f"sources/{path}" for path in SUPERSEDED]


def test_the_archive_is_sound_and_nothing_in_it_was_skipped(corpus_workshop: Workshop) -> None:
    assert not corpus_workshop.faults()
    assert not corpus_workshop.skipped()


def test_every_paragraph_finds_its_article(corpus_workshop: Workshop) -> None:
    with open_archive(corpus_workshop.folder) as archive:
        for article_id, body in corpus_workshop.bodies().items():
            for paragraph in body.split("\n\n"):
                results = archive.engine.search(parse_query(paragraph, literal=True), Page(limit=None))
                assert [hit.article.id for hit in results.hits].count(article_id) == 1, paragraph


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_every_line_of_a_page_is_accounted_for(corpus_workshop: Workshop, file: Path) -> None:
    capture = page(file)
    kinds = read_page(capture, Settings()).kinds
    assert len(kinds) == len(capture.lines)
    assert [kind == "blank" for kind in kinds] == [not line.strip() for line in capture.lines]
    path = f"sources/{file.relative_to(CORPUS)}"
    shown = [edition.article for edition in corpus_workshop.editions() if edition.article.origin.path == path]
    assert shown
    body_lines = [folded(line) for line, kind in zip(capture.lines, kinds, strict=True) if kind == "body"]
    indexed_lines = [folded(line) for article in shown for line in article.body.split("\n") if line.strip()]
    assert Counter(indexed_lines) == Counter(body_lines)
    titles = {folded(line) for line, kind in zip(capture.lines, kinds, strict=True) if kind == "title"}
    assert {article.title for article in shown} - {""} <= titles


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_the_articles_of_a_page_share_no_line(corpus_workshop: Workshop, file: Path) -> None:
    path = f"sources/{file.relative_to(CORPUS)}"
    spans = sorted(
        (edition.article.origin.first_line, edition.article.origin.last_line)
        for edition in corpus_workshop.editions()
        if edition.article.origin.path == path
    )
    assert all(earlier[1] < later[0] for earlier, later in itertools.pairwise(spans))
    last = max((number for number, line in enumerate(page(file).lines, 1) if line.strip()), default=0)
    assert spans[0][0] >= 1
    assert spans[-1][1] <= last
