"""Operators, fields, sources and dates, in every engine."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import pytest
from small_archives import EngineMaker, article, fill, found, search

from newsearch.engines.base import Engine
from newsearch.query import Filters

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NEW_YORK = ZoneInfo("America/New_York")

ARTICLES = (
    article("ban", "Chip ban", "Nvidia halts sales.", source="Bastille Post", section="China", lang="en"),
    article("boom", "Chip boom", "Nvidia and AMD grow.", source="bastille  post", section="Business", lang="EN"),
    article("amd", "Sales", "AMD sells a chip.", source="Bastille Post Weekly", section="china", lang="fr"),
    article("tariff", "Tariff talks", "Sales of wine.", source="Der Über-Kurier", section="", lang="de"),
    article("rain", "Rain", "It rains on a chipmunk.", source="", section="Weather", lang=""),
)


@pytest.fixture(scope="module")
def chips(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return fill(new_engine(tmp_path_factory.mktemp("chips") / "index"), *ARTICLES)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("nvidia sales", "ban"),
        ("nvidia AND sales", "ban"),
        ("nvidia && amd", "boom"),
        ("nvidia OR tariff", "ban boom tariff"),
        ("amd or tariff or rain", "boom amd tariff rain"),
        ("sales nvidia OR rain", "ban rain"),
        ("sales (nvidia OR tariff)", "ban tariff"),
        ("chip NOT amd", "ban"),
        ("nvidia not amd", "ban"),
        ("nvidia -amd", "ban"),
        ("nvidia !amd", "ban"),
        ("+nvidia +amd", "boom"),
        ("-amd", "ban tariff rain"),
        ("-amd -rain", "ban tariff"),
        ("-(amd OR nvidia)", "tariff rain"),
        ("-(amd nvidia)", "ban amd tariff rain"),
        ("rain OR -chip", "tariff rain"),
        ("NOT NOT amd", "boom amd"),
        ("chip -chip", ""),
        ("chip OR -chip", "ban boom amd tariff rain"),
        ('""', "ban boom amd tariff rain"),
        ("", "ban boom amd tariff rain"),
        ("title:chip", "ban boom"),
        ("title: chip", "ban boom"),
        ("body:chip", "amd"),
        ("-title:chip", "amd tariff rain"),
        ("title:sales", "amd"),
        ("body:sales", "ban tariff"),
        ("title:(chip OR tariff)", "ban boom tariff"),
        ("title:chip body:amd", "boom"),
        ('source:"bastille post"', "ban boom"),
        ('source:"BASTILLE POST"', "ban boom"),
        ("source:bastille", ""),
        ('source:"der über-kurier"', "tariff"),
        ('source:"DER U\u0308BER-KURIER"', "tariff"),
        ("section:china", "ban amd"),
        ("section:chi", ""),
        ("-section:china", "boom tariff rain"),
        ("lang:en", "ban boom"),
        ("lang:(de OR fr)", "amd tariff"),
        ('source:""', "rain"),
        ('section:""', "tariff"),
        ('-source:""', "ban boom amd tariff"),
        ('chip source:"bastille post" -section:china', "boom"),
    ],
)
def test_operators_fields_and_sources_choose_the_articles(chips: Engine, query: str, expected: str) -> None:
    assert found(chips, query) == set(expected.split())


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(sources=["Bastille Post"]), "ban boom"),
        (Filters(sources=["bastille post weekly", "DER ÜBER-KURIER"]), "amd tariff"),
        (Filters(sections=["CHINA"], langs=["en"]), "ban"),
        (Filters(langs=["En", "fr"]), "ban boom amd"),
        (Filters(sources=["Bastille"]), ""),
    ],
)
def test_filters_beside_the_text_take_whole_names(chips: Engine, filters: Filters, expected: str) -> None:
    assert found(chips, "", filters=filters) == set(expected.split())


DATED = (
    article("new-year", "", "Fireworks.", published="2025-01-01T00:30+08:00"),
    article("march", "", "News.", published="2025-03-22T00:48+08:00"),
    article("march-end", "", "News.", published="2025-03-31T23:59+00:00"),
    article("april-start", "", "News.", published="2025-04-01T00:00+00:00"),
    article("april-day", "", "News.", published="2025-04-17"),
    article("april", "", "News.", published="2025-04-17T21:22+08:00"),
    article("undated", "", "News of no date."),
    article("undated-rain", "", "Rain of no date."),
)
ALL = "new-year march march-end april-start april-day april undated undated-rain"


@pytest.fixture(scope="module")
def dated(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return fill(new_engine(tmp_path_factory.mktemp("dated") / "index"), *DATED)


@pytest.mark.parametrize(
    ("query", "zone", "expected", "undated"),
    [
        ("date:2025-04", UTC, "april-start april-day april", 2),
        ("date:2025-03", UTC, "march march-end", 2),
        ("date:2025-03", HONG_KONG, "march", 2),
        ("date:2025-04", HONG_KONG, "march-end april-start april-day april", 2),
        ("date:2024", UTC, "new-year", 2),
        ("date:2024", HONG_KONG, "", 2),
        ("date:2025-01-01", HONG_KONG, "new-year", 2),
        ("date:2025-03-21", UTC, "march", 2),
        ("date:2025-03-22", HONG_KONG, "march", 2),
        ("date:2025-04-17", UTC, "april-day april", 2),
        ("date:2025-04-17", HONG_KONG, "april-day april", 2),
        ("date:2025-04-17", NEW_YORK, "april-day april", 2),
        ("date:2025-04-16", HONG_KONG, "", 2),
        ("date:2025-04-18", NEW_YORK, "", 2),
        ("date:2025-03-22..2025-04-17", HONG_KONG, "march march-end april-start april-day april", 2),
        ("date:..2025-03", UTC, "new-year march march-end", 2),
        ("date:2025-04..", UTC, "april-start april-day april", 2),
        ("since:2025-04-01", UTC, "april-start april-day april", 2),
        ("after:2025-04-01", UTC, "april-day april", 2),
        ("before:2025-04-01", UTC, "new-year march march-end", 2),
        ("until:2025-04-01", UTC, "new-year march march-end april-start", 2),
        ("since:2025-04-17T13:22Z", UTC, "april", 2),
        ("since:2025-04-17T13:23Z", UTC, "", 2),
        ("before:2025-04-17T13:22Z", UTC, "new-year march march-end april-start april-day", 2),
        ("until:2025-04-17T13:22Z", UTC, "new-year march march-end april-start april-day april", 2),
        ("since:1d", UTC, "april-day april", 2),
        ("date:yesterday", UTC, "april-day april", 2),
        ("rain date:2025", UTC, "", 1),
        ("rain OR date:2025-04", UTC, "april-start april-day april undated-rain", 0),
        ("-date:2025", UTC, "new-year undated undated-rain", 0),
        ("-date:2025", HONG_KONG, "undated undated-rain", 0),
        ("-date:2025-03 news", UTC, "april-start april-day april undated", 0),
        ("fireworks date:2025", UTC, "", 0),
    ],
)
def test_dates_stand_for_their_whole_extent_in_the_users_zone(
    dated: Engine, query: str, zone: tzinfo, expected: str, undated: int
) -> None:
    results = search(dated, query, zone=zone)
    assert {hit.article.id for hit in results.hits} == set(expected.split())
    assert (results.total, results.undated) == (len(expected.split()), undated)


@pytest.mark.parametrize("zone", [UTC, HONG_KONG, NEW_YORK])
@pytest.mark.parametrize("day", ["2025-04-16", "2025-04-17", "2025-04-18"])
def test_a_day_is_that_day_wherever_the_reader_is(dated: Engine, zone: tzinfo, day: str) -> None:
    assert ("april-day" in found(dated, f"date:{day}", zone=zone)) is (day == "2025-04-17")


def test_an_offset_in_the_query_sets_the_clock_a_day_is_read_on(dated: Engine) -> None:
    assert "april-day" in found(dated, "since:2025-04-17T00:00+08:00 before:2025-04-17T00:01+08:00")
    assert "april-day" in found(dated, "since:2025-04-17T00:00-04:00 before:2025-04-17T00:01-04:00")
    assert "april-day" not in found(dated, "since:2025-04-17T00:01-04:00")


def test_filters_for_dates_equal_the_fields_in_the_text(dated: Engine) -> None:
    beside = search(dated, "news", filters=Filters(since="2025-03-22", until="2025-04-01"), zone=HONG_KONG)
    within = search(dated, "news since:2025-03-22 until:2025-04-01", zone=HONG_KONG)
    assert {hit.article.id for hit in beside.hits} == {"march", "march-end", "april-start"}
    assert [hit.article.id for hit in within.hits] == [hit.article.id for hit in beside.hits]
    assert beside.undated == within.undated == 1


def test_a_moment_before_1970_lies_in_its_own_year(engine: Engine) -> None:
    fill(
        engine,
        article("moon", "", "Landing.", published="1969-07-20T20:17+00:00"),
        article("last-second", "", "Fireworks.", published="1969-12-31T23:59:59.500+00:00"),
        article("first-second", "", "Fireworks.", published="1970-01-01T00:00:00+00:00"),
        article("day", "", "A day.", published="1969-12-31"),
    )
    assert found(engine, "date:1969") == {"moon", "last-second", "day"}
    assert found(engine, "date:1970") == {"first-second"}
