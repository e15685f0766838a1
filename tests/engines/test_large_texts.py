"""Long texts: words said often, far apart and far in, where an index's encodings change their width."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from limits import within
from small_archives import EngineMaker, article, edition, fill, ids, search

from newsearch.engines.base import Engine
from newsearch.engines.memory import MemoryEngine
from newsearch.model import Article

OFTEN = (1, 14, 15, 16, 17, 255, 256, 257, 5_000)
APART = (1, 2, 254, 255, 256, 257, 65_534, 65_535, 65_536, 65_537)
FAR_IN = (0, 1, 255, 256, 65_534, 65_535, 65_536, 70_000)
MANY_GAPS = (300, 3, 260, 255, 256, 1)


def filler(words: int) -> str:
    """Return so many words, of which a few are distinct."""
    return " ".join(f"w{number % 7}" for number in range(words))


def long_articles() -> Iterator[Article]:
    for count in OFTEN:
        yield article(f"often-{count}", "", "grain " * count)
    for gap in APART:
        yield article(f"apart-{gap}", "", f"grain {filler(gap - 1)} grain wheat")
    for position in FAR_IN:
        yield article(f"far-{position}", "", f"{filler(position)} barley rye and barley")
    steps = " ".join(f"oats {filler(MANY_GAPS[number % len(MANY_GAPS)] - 1)}" for number in range(900))
    yield article("many-gaps", "", steps + " oats hops")
    yield article("title", f"{filler(70_000)} oats hops", "grain")


QUERIES = (
    *("grain", "barley", "oats", "w3", "title:oats", "body:oats", "grain -wheat", "barley OR oats OR wheat"),
    *('"grain wheat"', '"barley rye"', '"and barley"', '"oats hops"', '"oats w0"', '"w6 oats"', '"grain grain grain"'),
)


@pytest.fixture(scope="module")
def reference() -> Engine:
    return fill(MemoryEngine(), *long_articles())


@pytest.fixture(scope="module")
def long(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """In several transactions, with editions in between that are taken out again, so that segments are merged."""
    engine = new_engine(tmp_path_factory.mktemp("long") / "index")
    for number, one in enumerate(long_articles()):
        writer = engine.writer()
        if number % 3 == 2:
            writer.delete(f"gone-{number - 1}")
        if number % 3 == 1:
            writer.add(edition(article(f"gone-{number}", "grain " * 40, "oats " * 300)))
        writer.add(edition(one))
        writer.commit()
    writer = engine.writer()
    for number in range(40):
        writer.delete(f"gone-{number}")
    writer.commit()
    return engine


@pytest.mark.parametrize("query", QUERIES)
def test_long_texts_are_found_and_ranked_as_the_reference_does(long: Engine, reference: Engine, query: str) -> None:
    with within(60):
        ours, theirs = search(long, query), search(reference, query)
        assert ours.total == theirs.total > 0
        assert ids(ours) == ids(theirs)
        assert [hit.score for hit in ours.hits] == pytest.approx([hit.score for hit in theirs.hits], abs=1e-9)


def test_long_texts_come_back_whole_and_without_a_fault(long: Engine) -> None:
    assert {one.article for one in long.scan()} == set(long_articles())
    assert list(long.faults(lambda _: None, deep=True)) == []


@pytest.mark.parametrize("distance", APART)
def test_a_phrase_is_found_however_far_in_it_stands(engine: Engine, distance: int) -> None:
    fill(
        engine,
        article("a", "", f"grain {filler(distance - 1)} grain wheat"),
        article("b", "", f"wheat {filler(9)} grain"),
    )
    assert ids(search(engine, '"grain wheat"')) == ["a"]
    assert ids(search(engine, '"wheat grain"')) == []


def test_thousands_of_articles_in_many_commits_are_all_found(engine: Engine) -> None:
    for batch in range(30):
        fill(
            engine, *(article(f"x{batch}-{number}", f"n{number}", f"Grain of batch b{batch}.") for number in range(100))
        )
    assert search(engine, "grain").total == 3_000
    assert ids(search(engine, "b7 n42")) == ["x7-42"]
    assert search(engine, "b11").total == 100
    assert len({*ids(search(engine, "grain", sort="oldest"))}) == 3_000


def test_an_index_of_many_commits_keeps_few_files(tmp_path: Path) -> None:
    from newsearch.engines.whoosh.engine import WhooshEngine

    engine = WhooshEngine(tmp_path, create=True)
    for number in range(100):
        fill(engine, article(f"x{number}", "", f"Grain number {number}."))
    assert len(list(tmp_path.iterdir())) < 20
    assert search(engine, "grain").total == 100
