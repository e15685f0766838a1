"""In which order hits come, and which of them a page shows, in every engine."""

import random
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from small_archives import EngineMaker, article, fill, ids, search

from newsearch.engines.base import Engine
from newsearch.model import Sort

TIMED = (
    article("b-march", "", "Grain.", published="2025-03-01T12:00+00:00"),
    article("a-march", "", "Grain.", published="2025-03-01T20:00+08:00"),
    article("april", "", "Grain.", published="2025-04-01T12:00+00:00"),
    article("revised", "", "Grain.", published="2025-01-01T12:00+00:00", updated="2025-05-01T12:00+00:00"),
    article("b-undated", "", "Grain."),
    article("a-undated", "", "Grain."),
    article("undated-revised", "", "Grain.", updated="2025-02-01T12:00+00:00"),
)


@pytest.fixture(scope="module")
def timed(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    shuffled = random.Random(7).sample(TIMED, len(TIMED))
    return fill(new_engine(tmp_path_factory.mktemp("timed") / "index"), *shuffled)


NEWEST = "april a-march b-march revised a-undated b-undated undated-revised"


@pytest.mark.parametrize(
    ("query", "sort", "expected"),
    [
        ("", "newest", NEWEST),
        ("", "relevance", NEWEST),
        ("-rain", "relevance", NEWEST),
        ("grain", "relevance", NEWEST),
        ("", "oldest", "revised a-march b-march april a-undated b-undated undated-revised"),
        ("grain", "oldest", "revised a-march b-march april a-undated b-undated undated-revised"),
        ("grain", "updated", "revised april a-march b-march undated-revised a-undated b-undated"),
    ],
)
def test_sorting_by_time_puts_the_unknown_last_and_ties_by_id(
    timed: Engine, query: str, sort: Sort, expected: str
) -> None:
    assert ids(search(timed, query, sort=sort)) == expected.split()


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (UTC, "evening day morning"),
        (ZoneInfo("Asia/Hong_Kong"), "evening morning day"),
        (ZoneInfo("America/New_York"), "day evening morning"),
    ],
)
def test_a_day_sorts_at_its_midnight_in_the_readers_zone(engine: Engine, zone: tzinfo, expected: str) -> None:
    fill(
        engine,
        article("morning", "", "Grain.", published="2025-04-16T18:00+00:00"),
        article("day", "", "Grain.", published="2025-04-17"),
        article("evening", "", "Grain.", published="2025-04-17T02:00+00:00"),
    )
    assert ids(search(engine, "grain", sort="newest", zone=zone)) == expected.split()


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Asia/Hong_Kong"), ZoneInfo("America/New_York")])
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "updated"])
def test_the_first_and_last_days_of_the_calendar_can_be_sorted(engine: Engine, zone: tzinfo, sort: Sort) -> None:
    fill(
        engine,
        article("first", "", "Grain.", published="0001-01-01T00:00+00:00"),
        article("first-day", "", "Grain.", published="0001-01-01"),
        article("last", "", "Grain.", published="9999-12-31T23:59+00:00"),
        article("last-day", "", "Grain.", published="9999-12-31"),
        article("march", "", "Grain.", published="2025-03-22T00:48+08:00"),
    )
    early, late = (
        ids(search(engine, text, sort=sort, zone=zone)) for text in ("grain before:2025", "grain since:2025")
    )
    assert (set(early), set(late)) == ({"first", "first-day"}, {"last", "last-day", "march"})
    assert (late.index("march") == 0) is (sort == "oldest")


def test_zones_of_the_same_name_are_told_apart(engine: Engine) -> None:
    day = article("day", "", "Grain.", published="2025-07-02")
    fill(engine, day, article("minute", "", "Grain.", published="2025-07-01T22:30+00:00"))
    order = [
        ids(search(engine, "grain", sort="newest", zone=zone))
        for zone in (timezone(timedelta(hours=1), "CET"), ZoneInfo("CET"), timezone(timedelta(hours=2), "CET"))
    ]
    assert order == [["day", "minute"], ["minute", "day"], ["minute", "day"]]


def test_of_two_moments_in_one_second_the_later_is_newer(engine: Engine) -> None:
    fill(
        engine,
        article("a", "", "Grain.", published="2025-04-16T18:00:07.200+00:00"),
        article("b", "", "Grain.", published="2025-04-16T18:00:07.900+00:00"),
    )
    assert ids(search(engine, "grain", sort="newest")) == ["b", "a"]


@pytest.fixture(scope="module")
def ranked(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return fill(
        new_engine(tmp_path_factory.mktemp("ranked") / "index"),
        article("once", "Weather today", "The grain is wet and the day is long and dull."),
        article("twice", "Weather today", "The grain is wet and the grain is long and dull."),
        article("in-title", "Grain today", "The field is wet and the day is long and dull."),
        article("short", "Weather today", "The grain."),
        article("rare", "Weather today", "The quinoa is wet and the day is long and dull."),
        article("common", "Weather today", "The field is wet and the day is long and dull."),
    )


def test_relevance_prefers_titles_frequency_and_brevity(ranked: Engine) -> None:
    order = ids(search(ranked, "grain"))
    assert order.index("in-title") < order.index("once")
    assert order.index("twice") < order.index("once")
    assert order.index("short") < order.index("once")
    assert order[-1] == "once"


def test_a_rare_word_counts_for_more_than_a_common_one(ranked: Engine) -> None:
    order = ids(search(ranked, "quinoa OR wet"))
    assert order[0] == "rare"
    scores = [hit.score for hit in search(ranked, "quinoa OR wet").hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)


def test_a_word_that_every_article_has_still_ranks(ranked: Engine) -> None:
    hits = search(ranked, "today").hits
    assert len(hits) == 6
    assert all(hit.score > 0 for hit in hits)
    assert hits[0].article.id == "short"


def test_sorting_by_time_keeps_the_scores(ranked: Engine) -> None:
    by_score = {hit.article.id: hit.score for hit in search(ranked, "grain").hits}
    by_time = {hit.article.id: hit.score for hit in search(ranked, "grain", sort="newest").hits}
    assert by_time == by_score
    assert all(by_time.values())


@pytest.mark.parametrize("query", ["", "-weather", "section:china OR -section:china"])
def test_where_nothing_ranks_every_score_is_zero(ranked: Engine, query: str) -> None:
    assert {hit.score for hit in search(ranked, query).hits} <= {0.0}


@pytest.mark.parametrize(
    ("offset", "limit", "expected"),
    [
        (0, 2, "april a-march"),
        (2, 2, "b-march revised"),
        (4, 2, "a-undated b-undated"),
        (6, 2, "undated-revised"),
        (6, 10_000, "undated-revised"),
        (7, 2, ""),
        (10_000, 2, ""),
        (0, 0, ""),
        (3, 0, ""),
        (0, None, NEWEST),
        (5, None, "b-undated undated-revised"),
        (99, None, ""),
    ],
)
def test_a_page_is_a_slice_of_the_order_and_the_total_is_of_all(
    timed: Engine, offset: int, limit: int | None, expected: str
) -> None:
    results = search(timed, "grain", offset=offset, limit=limit)
    assert ids(results) == expected.split()
    assert len(results.hits) == len(expected.split())
    assert (results.total, results.offset, results.total_is_exact) == (7, offset, True)


def test_pages_one_after_another_give_every_hit_once(timed: Engine) -> None:
    pages = [ids(search(timed, "grain", offset=offset, limit=3)) for offset in range(0, 9, 3)]
    assert [name for page in pages for name in page] == NEWEST.split()


@pytest.mark.parametrize(
    "query", ["grain", '"grain"', "-grain", "", "title:grain", "source:x", "date:2025", "-date:2025"]
)
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "updated"])
def test_an_empty_archive_answers_everything_with_nothing(engine: Engine, query: str, sort: Sort) -> None:
    results = search(engine, query, sort=sort, limit=10)
    assert (results.total, list(results.hits), results.undated) == (0, [], 0)


def test_the_answer_carries_the_querys_receipt_and_took_some_time(timed: Engine) -> None:
    results = search(timed, "grain -rain")
    assert results.receipt is not None
    assert results.receipt.canonical == "grain AND -rain"
    assert results.took_ms > 0
