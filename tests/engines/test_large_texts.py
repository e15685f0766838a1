"""Long texts: words said often, far apart and far in, where an index's encodings change their width."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from limits import memory_of, within
from small_archives import EngineMaker, article, edition, fill, ids, search

from newsearch.engines import ENGINES
from newsearch.engines.base import Engine
from newsearch.engines.memory import MemoryEngine
from newsearch.model import Article

OFTEN = (1, 14, 15, 16, 17, 255, 256, 257, 5_000)
APART = (1, 2, 254, 255, 256, 257, 2_047, 2_048, 2_049)
FAR_IN = (0, 1, 255, 256, 257)
STEPS = (300, 3, 260, 255, 256, 1)


def filler(words: int) -> str:
    """Return so many words, of which a few are distinct, in short lines."""
    return " ".join(f"w{number % 7}" if number % 10 else f"\nw{number % 7}" for number in range(words))


def long_articles() -> Iterator[Article]:
    for count in OFTEN:
        yield article(f"often-{count}", "", "grain\n" * count)
    for gap in APART:
        yield article(f"apart-{gap}", "", f"grain {filler(gap - 1)} grain wheat")
    for position in FAR_IN:
        yield article(f"far-{position}", "", f"{filler(position)} barley rye and barley")
    steps = " ".join(f"oats {filler(STEPS[number % len(STEPS)] - 1)}" for number in range(200))
    yield article("steps", "", steps + " oats hops")
    yield article("title", f"{filler(3_000)} oats hops", "grain")


QUERIES = (
    *("grain", "barley", "oats", "w3", "title:oats", "body:oats", "grain -wheat", "barley OR oats OR wheat"),
    *('"grain wheat"', '"barley rye"', '"and barley"', '"oats hops"', '"oats w0"', '"w6 oats"', '"grain grain grain"'),
)


@pytest.fixture(scope="module")
def reference() -> Engine:
    return fill(MemoryEngine(), *long_articles())


@pytest.fixture(scope="module", params=[name for name in ENGINES if name != "memory"])
def quick(request: pytest.FixtureRequest) -> EngineMaker:
    """Make engines that do not look at every word for every query."""
    return lambda folder: cast("Any", ENGINES.load(request.param))(folder, create=True)


@pytest.fixture(scope="module")
def long(quick: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """In several transactions, with editions in between that are taken out again, so that segments are merged."""
    engine = quick(tmp_path_factory.mktemp("long") / "index")
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
        found, expected = ({hit.article.id: hit.score for hit in results.hits} for results in (ours, theirs))
        assert list(found) == list(expected)
        assert found == pytest.approx(expected, abs=1e-9)


def test_long_texts_come_back_whole_and_without_a_fault(long: Engine) -> None:
    assert {one.article for one in long.scan()} == set(long_articles())
    assert list(long.faults(lambda _: None, deep=True)) == []


@pytest.mark.parametrize("words", [1, 255, 256, 65_533, 65_534, 65_535, 65_536])
def test_phrases_are_found_however_far_in_and_apart_they_stand(quick: EngineMaker, tmp_path: Path, words: int) -> None:
    engine = fill(
        quick(tmp_path / "index"),
        article("far-in", "", f"{filler(words)} barley rye barley rye and barley"),
        article("apart", "", f"grain {filler(words)} grain {filler(words)} grain wheat"),
        article("title", f"{filler(words)} oats hops", "Oats."),
    )
    answers = {'"barley rye and"': 1, '"grain wheat"': 1, 'title:"oats hops"': 1, '"rye barley"': 1}
    answers |= {
        '"wheat grain"': 0,
        '"grain grain"': 0,
        '"hops oats"': 0,
        '"barley and"': 0,
        '"w0 barley"': words % 7 == 1,
    }
    assert {query: search(engine, query).total for query in answers} == answers


def test_a_phrase_longer_than_all_texts_is_found_nowhere(engine: Engine) -> None:
    fill(engine, article("x", "Grain", filler(300) + " grain"))
    phrase = f'"{filler(70_000)} grain"'.replace("\n", "")
    assert search(engine, phrase).total == 0
    assert search(engine, '"w4 w5 w6"').total == 1


def test_thousands_of_articles_in_many_commits_are_all_found(engine: Engine) -> None:
    for batch in range(30):
        fill(
            engine, *(article(f"x{batch}-{number}", f"n{number}", f"Grain of batch b{batch}.") for number in range(100))
        )
    assert search(engine, "grain").total == 3_000
    assert ids(search(engine, "b7 n42")) == ["x7-42"]
    assert search(engine, "b11").total == 100
    assert len({*ids(search(engine, "grain", sort="oldest"))}) == 3_000


def test_an_index_of_many_commits_keeps_few_and_small_files(tmp_path: Path) -> None:
    from newsearch.engines.whoosh.engine import WhooshEngine

    engine = WhooshEngine(tmp_path, create=True)
    for number in range(100):
        fill(engine, article(f"x{number}", "", f"Grain number {number}."))
    assert len(list(tmp_path.iterdir())) < 20
    at_once = WhooshEngine(tmp_path / "at once", create=True)
    fill(at_once, *(article(f"x{number}", "", f"Grain number {number}.") for number in range(100)))
    in_steps, whole = (sum(file.stat().st_size for file in path.glob("*.news")) for path in (tmp_path, at_once.folder))
    assert in_steps < 2 * whole
    assert search(engine, "grain").total == 100


def test_words_rare_and_frequent_are_found_beyond_the_first_65_536_articles(tmp_path: Path) -> None:
    from newsearch.engines.whoosh.engine import WhooshEngine

    engine = WhooshEngine(tmp_path, create=True)
    for start in range(0, 70_000, 35_000):
        fill(
            engine,
            *(article(f"x{number}", "", "Grain. " * (1 + number % 2)) for number in range(start, start + 35_000)),
        )
    fill(engine, article("last", "Oats", "Oats, barley and barley, and grain of late wheat."))
    assert search(engine, "grain").total == 70_001
    assert [search(engine, query).total for query in ("barley", '"barley and barley"', "oats grain -rye")] == [1, 1, 1]
    assert ids(search(engine, "grain OR barley", limit=1)) == ids(search(engine, '"late wheat"')) == ["last"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("the NEAR/1000 " * 4 + "the", "often"),
        ("(the NEAR/1000 end) PRE/1 stop", "often"),
        ("the PRE/1000 the PRE/1000 the PRE/1 end", "often"),
        ("first PRE/1000 the PRE/1000 the PRE/1000 the PRE/1000 end", "often"),
        ("first PRE/1000 the PRE/1000 the PRE/1000 end", ""),  # from 0 to 3,001
        ('"the the the end"~1000 NEAR/1 stop', "often"),
        ("ATLEAST/3000(the NEAR/1000 the)", ""),
        ("ATLEAST/2999(the NEAR/1000 the)", "often"),
    ],
)
def test_millions_of_stretches_are_never_listed(quick: EngineMaker, tmp_path: Path, query: str, expected: str) -> None:
    engine = fill(quick(tmp_path / "index"), article("often", "", "first " + "the " * 3_000 + "end stop"))
    with within(seconds=60), memory_of(gigabytes=3):
        assert ids(search(engine, query)) == expected.split()
