"""Words with wildcards: what they find and how they rank, in every engine, however many words they stand for."""

from pathlib import Path
from typing import Any, cast

import pytest
from limits import within
from small_archives import EngineMaker, article, fill, found, ids, search

from newsearch.engines import ENGINES
from newsearch.engines.base import Engine
from newsearch.engines.memory import MemoryEngine
from newsearch.model import Article

SENTENCES = {
    "chips": ("", "Chips and the chipmaker."),
    "chip": ("Chip curbs", "Nothing else."),
    "microchip": ("", "A MICROCHIP."),
    "ship": ("", "A ship sank."),
    "immigration": ("Immigration rules", "The rules."),
    "immigrant": ("", "An ÍMMIGRANT spoke."),
    "emigrant": ("", "An emigrant spoke."),
    "woman": ("", "One woman."),
    "women": ("", "Two Women."),
    "womn": ("", "A womn."),
    "driven": ("", "AI-driven chips."),
    "dried": ("", "AI dried up."),
    "apart": ("", "AI was driven."),
    "dotted": ("", "The U.S. said no."),
    "usage": ("", "Usage fell."),
    "thousand": ("", "Aid of 1,000 tents for $5m."),
    "star": ("", "A * is a star, and so is ?."),
}


@pytest.fixture(scope="module")
def sentences(new_engine: EngineMaker, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("sentences") / "index"
    return fill(new_engine(folder), *(article(name, *parts) for name, parts in SENTENCES.items()))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("chip*", "chips chip driven"),
        ("*chip", "chip microchip"),
        ("*chip*", "chips chip microchip driven"),
        ("?hip", "chip ship"),
        ("chip?", "chip chips driven"),
        ("CHIP?*", "chips driven"),
        ("immigra*", "immigration immigrant"),
        ("title:immigra*", "immigration"),
        ("body:chip*", "chips driven"),
        ("wom?n", "woman women"),
        ("wom*n", "woman women womn"),
        ("chip* -chip", ""),
        ("chip* -ai", "chips chip"),
        ("*chip* -title:c*", "chips microchip driven"),
        ("wom?n OR *grant", "woman women immigrant emigrant"),
        ("chip* curb*", "chip"),
        ("(wom?n OR ship*) -(two OR s?nk)", "woman"),
        ("AI-dri*", "driven dried"),
        ("ai-*d", "dried"),
        ("ai-dri* chips", "driven"),
        ("dri*-up", "dried"),
        ("?i-driv*n", "driven"),
        ("us*", "dotted usage"),
        ("U.*", "dotted usage dried"),  # what U and dots begin is an acronym, which folds to its letters
        ("1*", "thousand"),
        ("$5*", "thousand"),
        ("€5*", ""),
        (r"chip\*", "chips chip driven"),
        ('"chip*"', "chip"),
        ("x*z", ""),
        ("e*i*t", "emigrant"),
    ],
)
def test_a_pattern_finds_the_articles_with_a_form_that_it_matches(sentences: Engine, query: str, expected: str) -> None:
    assert found(sentences, query) == set(expected.split())


def test_the_forms_of_a_pattern_rank_as_one_word(engine: Engine) -> None:
    """One that nearly all articles have says little, even where each of its forms is rare."""
    fill(
        engine,
        *(article(f"common-{number}", "", f"export{number} and more text") for number in range(9)),
        article("rare", "", "wheat and more text"),
        article("both", "", "wheat export1 export2 text"),
    )
    scores = {hit.article.id: hit.score for hit in search(engine, "export* OR wheat").hits}
    assert list(scores)[:2] == ["both", "rare"]
    alone = {hit.article.id: hit.score for hit in search(engine, "export*").hits}
    assert alone["common-1"] == pytest.approx(alone["common-8"])
    assert alone["both"] > alone["common-1"]
    merged = fill(MemoryEngine(), *(article(f"x{nth}", "", "export and more text") for nth in range(9)))
    fill(merged, article("rare", "", "wheat and more text"), article("both", "", "wheat export export text"))
    assert [hit.score for hit in search(engine, "export* OR wheat").hits] == pytest.approx(
        [hit.score for hit in search(merged, "export OR wheat").hits]
    )


def test_all_that_a_pattern_matches_is_marked(engine: Engine) -> None:
    fill(engine, article("x", "Chip and chips", "The chipmaker’s chips; an AI-driven microchip."))
    (hit,) = search(engine, "chip* ai-d*").hits
    assert [hit.title.text[start:end] for start, end in hit.title.spans] == ["Chip", "chips"]
    (snippet,) = hit.snippets
    marked = [snippet.text[start:end] for start, end in snippet.spans]
    assert marked == ["chipmaker’s", "chips", "AI-driven"]


def crowd() -> list[Article]:
    """Articles of words of which no two are the same, but many are alike."""
    words = [f"{first}{middle}{last}" for first in "abc" for middle in range(700) for last in "xyz"]
    return [
        article(f"x{nth}", " ".join(words[nth::1000]), " ".join(f"{word} now {word}" for word in words[nth::300]))
        for nth in range(300)
    ]


@pytest.mark.parametrize(
    "query", ["a*", "*y", "*1*", "*1*x -b12?x", "a*-now", "now-*7?x", "now-b* title:*z", "c?*x OR a1*", "*0*-n?w-a*"]
)
def test_patterns_of_thousands_of_words_are_answered_as_the_reference_does(
    crowded: Engine, reference: Engine, query: str
) -> None:
    ours, theirs = search(crowded, query), search(reference, query)
    assert ours.total == theirs.total > 0
    assert ids(ours) == ids(theirs)
    assert [score for _, score in ours.ranking] == pytest.approx([score for _, score in theirs.ranking])


@pytest.fixture(scope="module")
def reference() -> Engine:
    return fill(MemoryEngine(), *crowd())


@pytest.fixture(scope="module", params=[name for name in ENGINES if name != "memory"])
def crowded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    folder = tmp_path_factory.mktemp("crowd") / "index"
    return fill(cast("Any", ENGINES.load(request.param))(folder, create=True), *crowd())


@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 50_000 + "*c",
        "a?" * 50_000 + "*",
        "?*" * 50_000 + "b",
        "*" + "a?" * 25_000 + "c*",
        "*a*a*a*a*a*a*c",
        "*?a*",
    ],
    ids=["stars", "question marks", "both", "a long stretch", "a few stars", "short"],
)
def test_no_pattern_takes_long_even_on_a_word_as_long(new_engine: EngineMaker, tmp_path: Path, pattern: str) -> None:
    engine = fill(new_engine(tmp_path / "index"), article("giant", "", "a" * 100_000 + "b"))
    with within(60):
        assert found(engine, pattern) == (set() if "c" in pattern else {"giant"})
