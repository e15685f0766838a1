"""The whole way on archives nobody here wrote; skipped where they are absent."""

import gzip
import json
import random
import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from benchmarks.archives import read_stories
from benchmarks.contenders.base import Story
from benchmarks.contenders.newsearch_engine import edition
from benchmarks.stories import Planted, clusters_of, plant

from newsearch.cli.app import run
from newsearch.engines.base import Page
from newsearch.engines.laws import LAWS, violations
from newsearch.engines.trial import Trial
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.ingest.archive import Archive, open_archive
from newsearch.query import parse_query

SHARED = Path(__file__).parent.parent.parent / "shared"
POLITICS = SHARED / "data" / "politics-2012-2020.jsonl.gz"
CAPTURE = SHARED / "captures" / "bastille-two-articles.txt"

pytestmark = [pytest.mark.realdata, pytest.mark.skipif(not POLITICS.exists(), reason="the real articles are not here")]


def words(text: str) -> list[str]:
    """The words of a text in the one Unicode form that is stored."""
    return unicodedata.normalize("NFC", text.replace("\ufeff", "").replace("\x7f", "")).split()


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    with gzip.open(POLITICS, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def politics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("politics") / ".newsearch"
    assert run(["index", str(POLITICS), "--index", str(folder), "--quiet"]) == 0
    with open_archive(folder) as archive:
        yield archive


@pytest.mark.xdist_group("politics")
def test_every_record_with_text_is_there_under_its_own_id(politics: Archive, records: list[dict[str, Any]]) -> None:
    found = {edition.article.id: edition.article for edition in politics.engine.scan()}
    assert found.keys() == {record["id"] for record in records}
    for record in records:
        article = found[record["id"]]
        assert article.body.split() == words(re.sub("</?a(?: [^<>]*)?>", "", record["body"]))  # one has links in it
        assert article.title.split() == words(record["title"])
        assert (article.published.isoformat() if article.published else None) == record.get("published")
    assert politics.ledger.skipped() == []


@pytest.mark.xdist_group("politics")
def test_a_pasted_headline_finds_its_article_among_the_first_three(
    politics: Archive, records: list[dict[str, Any]]
) -> None:
    for record in random.Random(20261124).sample(records, 50):
        results = politics.engine.search(parse_query(record["title"], literal=True), Page(limit=3))
        assert record["id"] in [hit.article.id for hit in results.hits], record["title"]


@pytest.mark.xdist_group("politics")
def test_the_search_laws_hold(politics: Archive) -> None:
    trial = Trial(politics.engine)
    assert [line for law in LAWS for line in violations(trial, law)] == []


def test_the_real_capture_is_two_articles_and_no_furniture_can_be_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = ["--index", str(tmp_path / ".newsearch"), "--quiet"]
    assert run(["index", str(CAPTURE), *index]) == 0
    assert run(["query", "", "--sort", "oldest", "--full", "--format", "json", *index]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert [hit["title"] for hit in hits] == [
        "ASEAN, China share mutually beneficial partnership: secretary-general",
        "Nvidia CEO pledges to continue serving Chinese market",
    ]
    assert [hit["published"] for hit in hits] == ["2025-03-22T00:48:00+08:00", "2025-04-17T21:22:00+08:00"]
    assert [hit["updated"] for hit in hits] == ["2025-03-22T02:17:00+08:00", "2025-04-17T22:07:00+08:00"]
    lines = CAPTURE.read_text("utf-8").splitlines()
    paragraphs = [line for line in lines if len(line) > 100]
    assert [paragraph for hit in hits for paragraph in hit["body"].split("\n\n")] == paragraphs
    for furniture in ("Facebook", "Skip", "Recommended", '"Next Article"', '"Last Updated"'):
        assert run(["query", furniture, "--format", "ids", *index]) == 1


@pytest.fixture(scope="module")
def with_copies() -> tuple[list[Story], list[Planted]]:
    """Three thousand articles, copies of some of them among them."""
    return plant(list(islice(read_stories(POLITICS), 3_000)), seed=20261125)


def stories_after(folder: Path, articles: list[Story], batch: int) -> set[frozenset[str]]:
    engine = WhooshEngine(folder, create=True)
    for start in range(0, len(articles), batch):
        writer = engine.writer()
        for one in articles[start : start + batch]:
            writer.add(edition(one))
        writer.commit()
    return set(clusters_of(engine))


@pytest.mark.xdist_group("copies")
def test_copies_are_found_whatever_came_first_and_nothing_else_is_taken_for_one(
    with_copies: tuple[list[Story], list[Planted]], tmp_path: Path
) -> None:
    articles, planted = with_copies
    found = stories_after(tmp_path / "at once", articles, len(articles))
    pairs = {frozenset((one.original, one.copy)): one.rate for one in planted}
    for low, high, floor in ((0.0, 0.1, 0.95), (0.1, 0.15, 0.8)):
        wanted = [pair for pair, rate in pairs.items() if low <= rate < high]
        assert sum(pair in found for pair in wanted) >= floor * len(wanted)
    assert len(found - pairs.keys()) <= 0.01 * len(found)
    for seed, batch in ((1, 700), (2, 1_900)):
        shuffled = random.Random(seed).sample(articles, len(articles))
        assert stories_after(tmp_path / str(seed), shuffled, batch) == found
