"""The search laws that users try on their own index: a true engine keeps them all, and each lie is found out."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from random_archives import EXAMPLES, archives, scratch_folder
from small_archives import EngineMaker, article, fill

from newsearch.engines.base import Engine, Page
from newsearch.engines.laws import LAWS, violations
from newsearch.engines.trial import Trial
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.model import Article, Results
from newsearch.query import Query
from newsearch.query.tree import And, Between, Near, Node, Not, Or, Phrase, Present, Term, conjunction, conjuncts

_ARTICLES = 30
Lie = Callable[[Query, Page, Results], Results]


def all_violations(engine: Engine, rounds: int = 8) -> list[str]:
    trial = Trial(engine, rounds=rounds)
    return [line for law in LAWS for line in violations(trial, law)]


@settings(max_examples=max(12, EXAMPLES // 16), deadline=None)
@given(articles=archives)
def test_every_engine_keeps_the_laws(new_engine: EngineMaker, articles: Sequence[Article]) -> None:
    with scratch_folder() as folder:
        assert all_violations(fill(new_engine(folder), *articles), rounds=2) == []


@pytest.mark.parametrize(
    "articles",
    [
        (),
        (article("a"),),
        (article("a", "Word"),),
        (article("a", published="0001-01-01"), article("b", published="9999-12-31")),
    ],
    ids=["no article", "one without text", "one word", "the ends of the calendar"],
)
def test_the_laws_hold_where_there_is_hardly_anything(engine: Engine, articles: Sequence[Article]) -> None:
    assert all_violations(fill(engine, *articles)) == []


def test_the_same_generation_is_asked_the_same(engine: Engine) -> None:
    fill(engine, *(article(f"x{number}", "Chips", f"Export of {number} chips.") for number in range(9)))
    asked: list[list[Any]] = [[], []]
    for queries in asked:

        def record(query: Query, page: Page, results: Results, queries: list[Any] = queries) -> Results:
            queries.append((query.tree, page))
            return results

        assert all_violations(lying(engine, record), rounds=2) == []
    assert asked[0] == asked[1]


def test_queries_are_counted_and_told_of(engine: Engine) -> None:
    told = count()
    trial = Trial(fill(engine, article("a", "Chips")), lambda: cast("None", next(told)))
    violations(trial, "narrowing never adds")
    assert trial.queries == next(told) > trial.rounds


def varied() -> Iterator[Article]:
    """Articles that differ in whatever a law looks at."""
    headlines = ("Chip curbs", "Chips exported", "Tariff talks", "China exports chips", "Market")
    openings = ("Exports of chips fell.", "The export of steel grew.", "An exported chip was found.", "China spoke.")
    endings = ("Markets were calm.", "Talks follow in May.", "Steel and tariffs remain.")
    for number in range(_ARTICLES):
        body = "\n\n".join(
            (openings[number % 4], f"It is reported by {'ABCDEF'[number % 6]}gency.", endings[number % 3])
        )
        stated = f"2025-04-{1 + number % 28:02}T{number % 24:02}:00+08:00" if number % 5 else None
        source = "Wire" if number % 3 else ""
        yield article(f"x{number:02}", headlines[number % 5], body, published=stated, source=source)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine that tells the truth; only to be read."""
    return fill(WhooshEngine(tmp_path_factory.mktemp("laws") / "index", create=True), *varied())


class Lying:
    """An engine whose answers are altered.

    Args:
        engine: that is asked.
        lie: makes another answer of the true one.
    """

    def __init__(self, engine: Engine, lie: Lie) -> None:
        self._engine = engine
        self._lie = lie

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def search(self, query: Query, page: Page) -> Results:
        return self._lie(query, page, self._engine.search(query, page))


def lying(engine: Engine, lie: Lie) -> Engine:
    return cast("Engine", Lying(engine, lie))


def loses_one(kind: Callable[[Node], bool]) -> Lie:
    """Return a lie that leaves the first hit of each page out when the query is of some kind."""

    def lie(query: Query, _: Page, results: Results) -> Results:
        if kind(query.tree) and results.total:
            return replace(results, total=results.total - 1, ranking=list(results.ranking)[1:])
        return results

    return lie


def is_term(level: str, field: str | None = None) -> Callable[[Node], bool]:
    return lambda tree: isinstance(tree, Term) and tree.level == level and field in (None, tree.field)


def reads(tree: Callable[[Node], Node]) -> Callable[[Engine], Lie]:
    """Return a lie that answers another query than the one asked."""

    def lie_of(engine: Engine) -> Lie:
        return lambda query, page, _: engine.search(replace(query, tree=tree(query.tree)), page)

    return lie_of


def ignores_ends(tree: Node) -> Node:
    kept = [node for node in conjuncts(tree) if not (isinstance(node, Between) and node.end)]
    return conjunction(kept)


def includes_ends(tree: Node) -> Node:
    """Take every end for a second later, so that an article at the edge of two ranges is in both."""

    def later(node: Node) -> Node:
        end = node.end if isinstance(node, Between) else None
        return replace(node, end=end + timedelta(seconds=1)) if isinstance(node, Between) and end else node

    return conjunction([later(node) for node in conjuncts(tree)])


def begins_late_pages_early(engine: Engine) -> Lie:
    return lambda query, page, _: engine.search(query, replace(page, offset=max(0, page.offset - 1)))


def turns_later_pages_round(_: Query, page: Page, results: Results) -> Results:
    return replace(results, ranking=list(results.ranking)[::-1]) if page.offset else results


def counts_too_many(_: Query, page: Page, results: Results) -> Results:
    return replace(results, total=results.total + 1) if page.limit == 0 else results


class Moody:
    """Gives each answer with other scores than the one before."""

    def __init__(self) -> None:
        self._asked = count()

    def __call__(self, _: Query, __: Page, results: Results) -> Results:
        mood = next(self._asked) % 2
        return replace(results, ranking=[(name, score + mood) for name, score in results.ranking])


LIES: list[tuple[str, Callable[[Engine], Lie]]] = [
    ("narrowing never adds", lambda _: loses_one(lambda tree: isinstance(tree, And))),
    ("OR never loses", lambda _: loses_one(lambda tree: isinstance(tree, Or))),
    ("a query and its exclusion part the archive", lambda _: loses_one(lambda tree: isinstance(tree, Not))),
    (
        "what has a field and what lacks it part the archive",
        lambda _: loses_one(lambda tree: isinstance(tree, Present)),
    ),
    (
        "phrase, PRE, NEAR and AND each find what the one before does",
        reads(lambda tree: replace(tree, distance=1) if isinstance(tree, Near) and not tree.ordered else tree),
    ),
    (
        "phrase, PRE, NEAR and AND each find what the one before does",
        lambda _: loses_one(lambda tree: isinstance(tree, Near) and tree.ordered),
    ),
    (
        "a loose phrase is NEAR",
        reads(lambda tree: replace(tree, within=None) if isinstance(tree, Phrase) else tree),
    ),
    ("less exact words find no less", lambda _: loses_one(is_term("form"))),
    ("less exact words find no less", lambda _: loses_one(is_term("stem"))),
    ("a pattern finds the words it covers", lambda _: loses_one(is_term("wildcard"))),
    ("a guess finds the word itself", lambda _: loses_one(is_term("fuzzy"))),
    ("title and body are all there is", lambda _: loses_one(is_term("stem", "title"))),
    (
        "the lead is part of the body",
        reads(lambda tree: replace(tree, field=None) if getattr(tree, "field", None) == "lead" else tree),  # type: ignore[arg-type]
    ),
    ("adjacent ranges part their union", reads(ignores_ends)),
    ("adjacent ranges part their union", reads(includes_ends)),
    ("a longer range contains the shorter", lambda _: loses_one(lambda tree: isinstance(tree, Between))),
    ("page 2 never repeats page 1", begins_late_pages_early),
    ("pages are slices of one order", lambda _: turns_later_pages_round),
    ("the same query has the same answer", lambda _: Moody()),
    ("the total is the number of ids", lambda _: counts_too_many),
]


@pytest.mark.parametrize(("law", "lie_of"), LIES, ids=[f"{number} {law}" for number, (law, _) in enumerate(LIES)])
def test_a_lie_is_found_out(whole: Engine, law: str, lie_of: Callable[[Engine], Lie]) -> None:
    assert violations(Trial(whole), law) == []
    found = violations(Trial(lying(whole, lie_of(whole))), law)
    assert found
    assert all(line.startswith(f"law '{law}': ") for line in found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("text", "faults"),
    [("chip OR (", {"cannot be read"}), ("nowhere", {"is read as", "is answered otherwise"})],
)
def test_a_canonical_form_that_reads_otherwise_is_found_out(
    whole: Engine, monkeypatch: pytest.MonkeyPatch, text: str, faults: set[str]
) -> None:
    monkeypatch.setattr("newsearch.engines.laws.canonical", lambda _: text)
    found = "\n".join(violations(Trial(whole), "the canonical form is the same query"))
    assert {fault for fault in faults if fault in found} == faults


def test_every_law_has_its_lie() -> None:
    assert {law for law, _ in LIES} == set(LAWS) - {"the canonical form is the same query"}


def test_a_violation_names_the_queries_their_counts_and_three_ids(whole: Engine) -> None:
    def loses_all(query: Query, _: Page, results: Results) -> Results:
        return replace(results, total=0, ranking=[]) if isinstance(query.tree, Not) else results

    lines = violations(Trial(lying(whole, loses_all)), "a query and its exclusion part the archive")
    told = rf'"" finds {_ARTICLES}, .+ and -.+ together find \d+; too many: x\d\d, x\d\d, x\d\d and \d+ more'
    assert any(re.search(told, line) for line in lines)


def test_large_archives_are_compared_in_part(whole: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsearch.engines.trial._MANY", _ARTICLES // 2)
    read: list[int] = []

    def measure(_: Query, page: Page, results: Results) -> Results:
        read.append(0 if page.limit == 0 else len(results.ranking))
        return results

    assert violations(Trial(lying(whole, measure)), "a query and its exclusion part the archive") == []
    assert 0 < max(read) <= _ARTICLES // 2


def test_an_index_in_files_is_read_and_not_changed(tmp_path: Path) -> None:
    engine = fill(WhooshEngine(tmp_path / "index", create=True), *varied())
    before = {file: file.read_bytes() for file in (tmp_path / "index").iterdir()}
    assert all_violations(engine) == []
    assert {file: file.read_bytes() for file in (tmp_path / "index").iterdir()} == before
