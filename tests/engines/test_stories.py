"""Near-copies share a story, in every engine, and whatever came first."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from agreement import tiny_segments
from small_archives import EngineMaker, article, edition, fill, ids, search

from newsearch.engines.base import Engine, Page
from newsearch.engines.memory import MemoryEngine
from newsearch.engines.whoosh import stories
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import IndexUnusableError
from newsearch.model import Article, Results
from newsearch.query import parse_query

DRAW = random.Random(1851)
VOCABULARY = [f"{first}{second}" for first in ("kal", "mor", "tin", "ves", "dro") for second in ("o", "a", "en", "ith")]


def text_of(words: int) -> str:
    return " ".join(DRAW.choice(VOCABULARY) for _ in range(words))


WIRE = f"{text_of(60)} grain"
CUT = " ".join(WIRE.split()[6:])
MORE = f"{WIRE} {text_of(9)}"
OTHER = f"{text_of(60)} grain"
NEWS = (
    article("local", "Grain", CUT, published="2025-03-04", source="Courier"),
    article("wire", "Grain grain", WIRE, published="2025-03-02", source="Wire"),
    article("site", "Prices", MORE, published="2025-03-03", source="Wire"),
    article("other", "Prices", OTHER, published="2025-03-05", source="Wire"),
    article("brief", "Grain", "Prices of grain.", published="2025-03-06"),
    article("brief-again", "Grain", "Prices of grain.", published="2025-03-06"),
)


@pytest.fixture(scope="module")
def news(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return fill(new_engine(tmp_path_factory.mktemp("news") / "index"), *NEWS)


def rows(results: Results) -> list[tuple[str, int]]:
    return [(hit.article.id, hit.copies) for hit in results.hits]


def grouped(engine: Engine, text: str, **page: Any) -> Results:
    return search(engine, text, stories=True, **page)


def partition(engine: Engine) -> set[frozenset[str]]:
    """Return which articles of an engine share a story."""
    names = ids(search(engine, ""))
    found: dict[str, set[str]] = {}
    for name in names:
        (hit,) = grouped(engine, f"source:{name}").hits
        found.setdefault(hit.story, set()).add(name)
    return {frozenset(members) for members in found.values()}


def test_near_copies_share_a_row_in_the_place_of_the_first_of_them(news: Engine) -> None:
    assert rows(grouped(news, "", sort="newest")) == [
        ("brief", 0),
        ("brief-again", 0),
        ("other", 0),
        ("local", 2),
    ]
    assert rows(grouped(news, "", sort="oldest"))[0] == ("wire", 2)
    assert rows(grouped(news, "grain", sort="relevance"))[2] == ("wire", 2)


@pytest.mark.parametrize(("lead", "name"), [("best", "local"), ("earliest", "wire"), ("longest", "site")])
def test_one_of_them_stands_for_all(news: Engine, lead: Any, name: str) -> None:
    assert rows(grouped(news, "", sort="newest", lead=lead))[3] == (name, 2)
    assert rows(grouped(news, "", sort="newest", lead=lead, limit=1, offset=3)) == [(name, 2)]


def test_only_those_count_that_match(news: Engine) -> None:
    assert rows(grouped(news, "source:wire", sort="newest")) == [("other", 0), ("site", 1)]
    assert rows(grouped(news, "source:wire", sort="newest", lead="earliest")) == [("other", 0), ("wire", 1)]
    assert rows(grouped(news, "source:courier")) == [("local", 0)]
    assert rows(grouped(news, "title:prices source:wire", lead="longest")) == [("other", 0), ("site", 0)]


def test_a_story_is_known_by_its_earliest_article_even_if_that_does_not_match(news: Engine) -> None:
    assert {hit.story for hit in grouped(news, "source:courier OR title:prices").hits} == {"wire", "other"}
    assert [hit.story for hit in search(news, "").hits] == [""] * len(NEWS)


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "updated"])
@pytest.mark.parametrize("query", ["", "grain", "source:wire", "nothing"])
def test_all_that_matches_is_in_some_row_and_pages_follow_each_other(news: Engine, query: str, sort: str) -> None:
    whole = grouped(news, query, sort=sort)
    assert sum(1 + hit.copies for hit in whole.hits) == whole.total == search(news, query).total
    assert whole.total_stories == len(whole.hits) == search(news, query, limit=0, count_stories=True).total_stories
    pages = [rows(grouped(news, query, sort=sort, offset=offset, limit=2)) for offset in range(0, 6, 2)]
    assert [row for page in pages for row in page] == rows(whole)


def test_stories_are_not_counted_unless_that_is_asked_for(news: Engine) -> None:
    assert search(news, "").total_stories is None
    assert search(news, "source:wire", limit=1, count_stories=True).total_stories == 2
    assert news.statistics().stories == 4


@pytest.mark.parametrize(
    ("body", "expected"),
    [(OTHER, [("local", 1), ("wire", 1)]), (CUT, [("other", 0), ("wire", 2)])],
    ids=["left", "kept"],
)
def test_an_update_leaves_a_story_or_stays_in_it(engine: Engine, body: str, expected: list[tuple[str, int]]) -> None:
    fill(engine, *NEWS)
    writer = engine.writer()
    writer.delete("local")
    writer.add(edition(NEWS[0], superseded=True))
    writer.add(edition(article("local", "Grain", body, published="2025-03-04")))
    writer.commit()
    assert rows(grouped(engine, "", sort="newest", lead="earliest"))[2:] == expected


def test_what_only_one_article_held_together_falls_apart_without_it(engine: Engine) -> None:
    words = text_of(300).split()
    chain = [" ".join(words[start : start + 240]) for start in (0, 30, 60)]
    fill(engine, *(article(f"part-{nth}", "", body) for nth, body in enumerate(chain)))
    assert rows(grouped(engine, "")) == [("part-0", 2)]
    writer = engine.writer()
    writer.delete("part-1")
    writer.commit()
    assert rows(grouped(engine, "")) == [("part-0", 0), ("part-2", 0)]
    fill(engine, article("part-1", "", chain[1]))
    assert rows(grouped(engine, "")) == [("part-0", 2)]


def many_articles() -> list[Article]:
    """Articles with up to three near-copies of each; each has a source of its own name."""
    made: list[Article] = []
    for nth in range(10):
        words = text_of(80).split()
        for copy in range(DRAW.choice((1, 1, 2, 4))):
            words[DRAW.randrange(len(words))] = "other"
            name = f"n{nth}-{copy}"
            made.append(article(name, "", " ".join(words), source=name, published=f"2025-03-{1 + nth:02}"))
    return made


def arrivals(articles: list[Article], seed: int) -> Iterator[list[Article]]:
    """Yield articles in another order, in batches of different sizes."""
    draw = random.Random(seed)
    left = draw.sample(articles, len(articles))
    while left:
        size = draw.randint(1, 12)
        yield left[:size]
        left = left[size:]


def test_stories_do_not_depend_on_what_came_first_and_on_what_was_there_between(tmp_path: Path) -> None:
    articles = many_articles()
    expected = partition(fill(MemoryEngine(), *articles))
    assert 10 == len(expected) < len(articles)
    with tiny_segments():
        for seed in range(3):
            engine = WhooshEngine(tmp_path / str(seed), create=True)
            for batch in arrivals(articles, seed):
                fill(engine, *batch, article("passing", "", batch[0].body, source="passing"))
                writer = engine.writer()
                writer.delete("passing")
                writer.commit(purge=seed == 0)
            assert partition(engine) == partition(WhooshEngine(tmp_path / str(seed))) == expected
            assert list(engine.faults(lambda _: None, deep=True)) == []


def test_many_equal_articles_are_one_story(tmp_path: Path) -> None:
    engine = fill(WhooshEngine(tmp_path, create=True), *(article(f"x{nth}", "", WIRE) for nth in range(2_000)))
    fill(engine, *(article(f"y{nth}", "", WIRE) for nth in range(2)))
    assert rows(grouped(engine, "", limit=3)) == [("x0", 2_001)]
    assert engine.statistics().stories == 1


def test_a_page_asked_before_a_commit_tells_of_the_stories_before_it(tmp_path: Path) -> None:
    engine = fill(WhooshEngine(tmp_path, create=True), *NEWS[:2])
    answer = engine.search(parse_query("grain"), Page(stories=True))
    fill(WhooshEngine(tmp_path), *NEWS[2:])
    assert [(hit.article.id, hit.copies, hit.story) for hit in answer.hits] == [("wire", 1, "wire")]


@pytest.mark.parametrize("roots", [[0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 4, 5]], ids=["none", "another"])
def test_a_deep_look_notices_other_stories_than_those_of_the_texts(tmp_path: Path, roots: list[int]) -> None:
    import numpy as np

    engine = fill(WhooshEngine(tmp_path, create=True), *NEWS)
    names = [segment.file.file.path.stem for segment in engine._view.segments]
    stories.write(tmp_path, engine.generation, names, np.array(roots))
    (found,) = WhooshEngine(tmp_path).faults(lambda _: None, deep=True)
    assert found == "_MAIN_1.stories: its stories are not those of the articles"


@pytest.mark.parametrize("roots", [[0, 0, 0, 3, 4], [0, 0, 0, 3, 4, 5, 5]], ids=["short", "long"])
def test_stories_of_other_documents_are_refused(tmp_path: Path, roots: list[int]) -> None:
    import numpy as np

    engine = fill(WhooshEngine(tmp_path, create=True), *NEWS)
    names = [segment.file.file.path.stem for segment in engine._view.segments]
    stories.write(tmp_path, engine.generation, names, np.array(roots))
    with pytest.raises(IndexUnusableError, match=r"_MAIN_1\.stories: it is of another generation"):
        WhooshEngine(tmp_path)


def test_an_article_that_is_gone_is_in_no_story(tmp_path: Path) -> None:
    import numpy as np

    engine = fill(WhooshEngine(tmp_path, create=True), *NEWS)
    writer = engine.writer()
    writer.delete("wire")
    writer.commit()
    names = [segment.file.file.path.stem for segment in engine._view.segments]
    stories.write(tmp_path, engine.generation, names, np.array([0, 0, 0, 3, 4, 5]))
    (found,) = WhooshEngine(tmp_path).faults(lambda _: None, deep=False)
    assert "a story has an article that is not there" in found


def test_old_stories_go_with_the_table_they_belong_to(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, create=True)
    for shown in NEWS[:3]:
        fill(engine, shown)
    assert [file.name for file in tmp_path.glob("*.stories*")] == ["_MAIN_3.stories"]
    writer = engine.writer()
    writer.add(edition(NEWS[3]))
    writer.cancel()
    assert [file.name for file in tmp_path.glob("*.stories*")] == ["_MAIN_3.stories"]
