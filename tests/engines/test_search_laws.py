"""Laws that hold for every engine, archive and query, whatever the right answer is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_archives import (
    EXAMPLES,
    START,
    TOKENS,
    archives,
    conditions,
    pages,
    phrases,
    query_for,
    ranges,
    scratch_folder,
    trees,
    zones,
)
from small_archives import EngineMaker, fill, ids

from newsearch.analysis import fold
from newsearch.engines.base import Engine, Page
from newsearch.model import Article, Results
from newsearch.query.tree import Between, Node, Not, Phrase, Term, conjunction, disjunction

ALL = Page("newest", 0, None)
some = settings(max_examples=max(40, EXAMPLES // 4), deadline=None)
three_hours = st.lists(st.integers(-24, 72), min_size=3, max_size=3, unique=True).map(sorted)


@contextmanager
def archive(new_engine: EngineMaker, articles: Sequence[Article]) -> Iterator[Engine]:
    with scratch_folder() as folder:
        yield fill(new_engine(folder), *articles)


def found(engine: Engine, tree: Node) -> set[str]:
    return set(ids(engine.search(query_for(tree), ALL)))


def plain(results: Results) -> tuple[int, int, list[tuple[str, float]]]:
    return results.total, results.undated, [(hit.article.id, hit.score) for hit in results.hits]


@some
@given(articles=archives, one=conditions, other=conditions)
def test_narrowing_never_adds(new_engine: EngineMaker, articles: Sequence[Article], one: Node, other: Node) -> None:
    with archive(new_engine, articles) as engine:
        assert found(engine, conjunction([one, other])) == found(engine, one) & found(engine, other)


@some
@given(articles=archives, one=conditions, other=conditions)
def test_an_alternative_never_loses(
    new_engine: EngineMaker, articles: Sequence[Article], one: Node, other: Node
) -> None:
    with archive(new_engine, articles) as engine:
        assert found(engine, disjunction([one, other])) == found(engine, one) | found(engine, other)


@some
@given(articles=archives, tree=conditions)
def test_a_query_and_its_exclusion_part_the_archive(
    new_engine: EngineMaker, articles: Sequence[Article], tree: Node
) -> None:
    excluded = tree.child if isinstance(tree, Not) else Not(tree)
    with archive(new_engine, articles) as engine:
        inside, outside = found(engine, tree), found(engine, excluded)
        assert inside | outside == {one.id for one in articles}
        assert not inside & outside


@some
@given(articles=archives, phrase=phrases)
def test_whatever_has_a_phrase_has_its_words(
    new_engine: EngineMaker, articles: Sequence[Article], phrase: Phrase
) -> None:
    words: list[Node] = [Term(term.text, term.level, phrase.field) for term in phrase.terms]
    loose: list[Node] = [Term(term.text, "stem") for term in phrase.terms]
    with archive(new_engine, articles) as engine:
        assert found(engine, phrase) <= found(engine, conjunction(words)) <= found(engine, conjunction(loose))


@some
@given(articles=archives, word=st.sampled_from(TOKENS))
def test_an_exact_word_finds_no_more_than_the_plain_one(
    new_engine: EngineMaker, articles: Sequence[Article], word: str
) -> None:
    with archive(new_engine, articles) as engine:
        assert found(engine, Term(word, "form")) <= found(engine, Term(word, "stem"))
        titles, bodies = found(engine, Term(word, "stem", "title")), found(engine, Term(word, "stem", "body"))
        assert titles | bodies == found(engine, Term(word, "stem"))


@some
@given(
    articles=archives,
    word=st.sampled_from([word for word in map(fold, TOKENS) if word.isalnum() and word.isascii()]),
    data=st.data(),
)
def test_a_pattern_finds_what_each_word_it_is_made_from_finds(
    new_engine: EngineMaker, articles: Sequence[Article], word: str, data: st.DataObject
) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(word))] * 2)))
    narrow, wide = f"{word[:start]}*{word[end:]}", f"*{word[start:end]}*"
    with archive(new_engine, articles) as engine:
        exact = found(engine, Term(word, "form"))
        for pattern in (narrow, wide):
            assert pattern.strip("*") == "" or exact <= found(engine, Term(pattern, "wildcard"))


def _range(start: datetime, end: datetime) -> Node:
    return conjunction([Between("published", start, None), Between("published", None, end)])


@some
@given(articles=archives, hours=three_hours, zone=zones)
def test_adjacent_ranges_part_their_union(
    new_engine: EngineMaker, articles: Sequence[Article], hours: list[int], zone: tzinfo
) -> None:
    start, middle, end = ((START + timedelta(hours=hour)).astimezone(zone) for hour in hours)
    with archive(new_engine, articles) as engine:
        early, late = found(engine, _range(start, middle)), found(engine, _range(middle, end))
        whole = found(engine, _range(start, end))
        assert early | late == whole
        assert not early & late
        assert whole <= found(engine, Between("published", start, None))


@some
@given(articles=archives, tree=conditions, bound=ranges)
def test_what_a_date_leaves_out_for_want_of_a_date_is_what_it_says(
    new_engine: EngineMaker, articles: Sequence[Article], tree: Node, bound: Between
) -> None:
    with archive(new_engine, articles) as engine:
        undated = {one.id for one in articles if one.published is None}
        results = engine.search(query_for(conjunction([tree, bound])), ALL)
        assert not set(ids(results)) & undated
        assert results.undated >= len(undated & found(engine, tree))


@some
@given(articles=archives, tree=trees, zone=zones, page=pages)
def test_pages_are_slices_of_one_order(
    new_engine: EngineMaker, articles: Sequence[Article], tree: Node, zone: tzinfo, page: Page
) -> None:
    with archive(new_engine, articles) as engine:
        query = query_for(tree, zone)
        whole = engine.search(query, replace(page, offset=0, limit=None))
        part = engine.search(query, page)
        stop = None if page.limit is None else page.offset + page.limit
        assert ids(part) == ids(whole)[page.offset : stop]
        assert len(set(ids(whole))) == len(whole.hits)
        assert part.total == whole.total == sum(1 + hit.copies for hit in whole.hits)
        assert plain(engine.search(query, page)) == plain(part)


@some
@given(articles=archives, tree=trees, zone=zones)
def test_relevance_falls_from_hit_to_hit(
    new_engine: EngineMaker, articles: Sequence[Article], tree: Node, zone: tzinfo
) -> None:
    with archive(new_engine, articles) as engine:
        scores = [hit.score for hit in engine.search(query_for(tree, zone), Page("relevance", 0, None)).hits]
        assert scores == sorted(scores, reverse=True)
        assert all(score >= 0 for score in scores)


@some
@given(articles=archives, tree=trees, page=pages, data=st.data())
def test_the_order_of_taking_in_does_not_change_the_answer(
    new_engine: EngineMaker, articles: Sequence[Article], tree: Node, page: Page, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(articles))
    cut = data.draw(st.integers(0, len(articles)))
    query = query_for(tree)
    with archive(new_engine, articles) as engine, archive(new_engine, shuffled[:cut]) as other:
        fill(other, *shuffled[cut:])
        answer, again = plain(engine.search(query, page)), plain(other.search(query, page))
        assert answer[:2] == again[:2]
        assert [name for name, _ in answer[2]] == [name for name, _ in again[2]]
        assert [score for _, score in answer[2]] == pytest.approx([score for _, score in again[2]], abs=1e-9)
