"""Answers that were worked out with pen and paper, from six tiny articles; every engine must give them.

| id | title | body | tokens | weighted length |
|---|---|---|---|---|
| a | Grain deal | Wheat exports rise. | 2 + 3 | 2·2 + 3 = 7 |
| b | Rain | Grain, grain and wheat. | 1 + 4 | 2·1 + 4 = 6 |
| c | | Exporting wheat to the US. | 0 + 5 | 5 |
| d | U.S. tariff | No deal on wheat. | 2 + 4 | 2·2 + 4 = 8 |
| e | Café F-16 | The jet costs 1,000 euros. | 3 + 5 | 2·3 + 5 = 11 |
| f | 东盟峰会 | 东盟 and the US deal. | 4 + 6 | 2·4 + 6 = 14 |

The mean of the weighted lengths is 51 / 6 = 8.5.
"""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import pytest
from small_archives import EngineMaker, article, fill, ids, search

from newsearch.engines.base import Engine
from newsearch.engines.bm25f import FIELD_WEIGHTS, K1, B
from newsearch.model import Sort

HONG_KONG = ZoneInfo("Asia/Hong_Kong")


@pytest.fixture(scope="module")
def six(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return fill(
        new_engine(tmp_path_factory.mktemp("six") / "index"),
        article("f", "东盟峰会", "东盟 and the US deal."),
        article("d", "U.S. tariff", "No deal on wheat.", published="2025-02-20T12:00+00:00", source="Post"),
        article("a", "Grain deal", "Wheat exports rise.", published="2025-01-10T08:00+00:00", source="Post"),
        article("e", "Café F-16", "The jet costs 1,000 euros.", published="2025-03-01T00:00+08:00"),
        article("c", "", "Exporting wheat to the US.", source="Wire"),
        article("b", "Rain", "Grain, grain and wheat.", published="2025-02-20"),
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("grain", "b a"),  # both weigh 2: twice in a body of 6, once in a title of 7
        ("wheat", "c b a d"),  # once in each: the shorter first
        ("deal", "a d f"),  # in a title, then the shorter of two bodies
        ("US", "d c f"),
        ("u.s.", "d c f"),
        ("exports", "c a"),
        ('"exports"', "a"),
        ("grain exports", "a"),
        ("wheat deal", "a d"),
        ("grain OR jet", "b a e"),
        ("wheat -grain", "c d"),
        ("-wheat", "e f"),
        ("-wheat -us", "e"),
        ("", "e d b a c f"),
        ("title:grain", "a"),
        ("body:grain", "b"),
        ("title:us", "d"),
        ("body:us", "c f"),
        ('"grain deal"', "a"),
        ('"grain grain"', "b"),
        ('"grain and wheat"', "b"),
        ('"the us"', "c f"),
        ('"rain grain"', ""),  # nothing spans title and body
        ("f-16", "e"),
        ("cafe", "e"),
        ("1000", "e"),
        ("东盟", "f"),
        ("峰会", "f"),
        ("会东", ""),
        ("source:post", "d a"),
        ("source:post wheat", "a d"),
        ('-source:""', "d a c"),
        ("wheat (deal OR the)", "a c d"),  # `deal` and `the` are equally rare; a has it in its title, c is short
    ],
)
def test_a_query_gives_these_articles_in_this_order(six: Engine, query: str, expected: str) -> None:
    assert ids(search(six, query)) == expected.split()


@pytest.mark.parametrize(
    ("query", "sort", "zone", "expected", "undated"),
    [
        ("wheat", "oldest", UTC, "a b d c", 0),
        ("wheat", "newest", UTC, "d b a c", 0),
        ("date:2025-02-20", "relevance", UTC, "d b", 2),
        ("date:2025-02", "newest", UTC, "e d b", 2),
        ("date:2025-02", "newest", HONG_KONG, "d b", 2),
        ("wheat date:2025-02", "relevance", UTC, "b d", 1),
        ("us date:2025-02", "relevance", UTC, "d", 2),
        ("-date:2025", "relevance", UTC, "c f", 0),
        ("until:2025-02-20 -date:2025-02-20", "oldest", HONG_KONG, "a", 2),
    ],
)
def test_a_query_with_dates_gives_these_and_leaves_out_so_many(  # noqa: PLR0913, PLR0917 - a row of the table
    six: Engine, query: str, sort: Sort, zone: tzinfo, expected: str, undated: int
) -> None:
    results = search(six, query, sort=sort, zone=zone)
    assert (ids(results), results.undated) == (expected.split(), undated)


def test_the_constants_are_those_the_sums_below_were_made_with() -> None:
    assert (K1, B, FIELD_WEIGHTS) == (1.5, 0.75, {"title": 2.0, "body": 1.0})


# score = idf · f · (K1 + 1) / (f + K1 · (1 - B + B · length / mean)),  idf = ln(1 + (N - n + 0.5) / (n + 0.5))
#
# grain, in a: n = 2 of N = 6, so idf = ln(1 + 4.5 / 2.5) = ln 2.8 = 1.0296194
#   f = 2 · 1 in the title; 2 + 1.5 · (0.25 + 0.75 · 7 / 8.5) = 2 + 1.5 · 0.8676471 = 3.3014706
#   1.0296194 · 2 · 2.5 / 3.3014706 = 5.1480971 / 3.3014706 = 1.5593345
# grain, in b: the same idf; f = 2 in the body; 2 + 1.5 · (0.25 + 0.75 · 6 / 8.5) = 2 + 1.5 · 0.7794118 = 3.1691176
#   5.1480971 / 3.1691176 = 1.6244575
# wheat deal, in d: wheat has n = 4, idf = ln(1 + 2.5 / 4.5) = ln 1.5555556 = 0.4418328
#   deal has n = 3, idf = ln(1 + 3.5 / 3.5) = ln 2 = 0.6931472
#   f = 1 for both; 1 + 1.5 · (0.25 + 0.75 · 8 / 8.5) = 1 + 1.5 · 0.9558824 = 2.4338235
#   (0.4418328 + 0.6931472) · 2.5 / 2.4338235 = 2.8374498 / 2.4338235 = 1.1658404
# title:us, in d: only titles count, of 2·2, 2·1, 0, 2·2, 2·3, 2·4, in the mean 24 / 6 = 4
#   n = 1, idf = ln(1 + 5.5 / 1.5) = ln 4.6666667 = 1.5404450
#   f = 2; 2 + 1.5 · (0.25 + 0.75 · 4 / 4) = 3.5;  1.5404450 · 2 · 2.5 / 3.5 = 2.2006358
# "the us", in c: n = 2 as above, so idf = 1.0296194
#   f = 1; 1 + 1.5 · (0.25 + 0.75 · 5 / 8.5) = 1 + 1.5 · 0.6911765 = 2.0367647
#   1.0296194 · 2.5 / 2.0367647 = 1.2637928
@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("grain", "a", 1.5593345),
        ("grain", "b", 1.6244575),
        ("wheat deal", "d", 1.1658404),
        ("wheat deal date:2025-02", "d", 1.1658404),  # filters earn nothing and change nothing
        ("title:us", "d", 2.2006358),
        ('"the us"', "c", 1.2637928),
    ],
)
def test_a_score_is_the_one_of_the_formula(six: Engine, query: str, name: str, expected: float) -> None:
    scores = {hit.article.id: hit.score for hit in search(six, query).hits}
    assert scores[name] == pytest.approx(expected, abs=1e-6)
