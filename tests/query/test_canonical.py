"""The canonical form reads back to the same tree, with nothing left to assume."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.errors import QueryError
from newsearch.query import Filters, Query, parse_query
from newsearch.query.canonical import canonical
from newsearch.query.parser import keyword
from newsearch.query.tree import (
    And,
    AtLeast,
    Between,
    Boost,
    Keyword,
    Near,
    Node,
    Not,
    Operand,
    Or,
    Phrase,
    Present,
    Term,
    Words,
    conjunction,
    disjunction,
    ranked_leaves,
)

NOW = datetime(2025, 4, 17, 12, 30, tzinfo=UTC)
WORDS = st.sampled_from(
    [
        "nvidia",
        "U.S.",
        "C++",
        "C#",
        "$5",
        "3.5%",
        "1,000",
        "#MeToo",
        "@handle",
        "don’t",
        "AT&T",
        "中",
        "हिन्दी",
        "and",
        "OR",
        "not",
        "16",
    ]
)
FIELDS = st.sampled_from([None, "title", "body", "lead"])
LEVELS = st.sampled_from(["stem", "form", "case"])
VALUES = st.sampled_from(
    [
        "",
        "ʼAbd ŉ",
        "½ O’Neil's",
        "U.S. 1,000",
        "harbour wire",
        "zh-hant",
        'the "wire"',
        "a“b”",
        "title:x",
        "-x",
        r"\and",
        "not",
    ]
)
ZONES = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)  # noqa: DTZ001 - zones come beside it
PIECES = st.sampled_from(
    [
        "a",
        "b",
        "F-16",
        "and",
        "OR",
        "not",
        "&&",
        "||",
        "!",
        "-",
        "+",
        "(",
        ")",
        '"',
        "“",
        "”",
        "«",
        "»",
        "\\",
        "*",
        "?",
        ":",
        ",",
        "…",
    ]
    + [f"{name}:" for name in ("title", "lead", "source", "by", "author", "site", "file", "date", "since", "before")]
    + [f"{name}:" for name in ("updated", "words", "no", "saved", "foo")]
    + [
        "=",
        "==",
        "~",
        "~2",
        "~5",
        "^2",
        "^0.5",
        "^",
        "/",
        "NEAR/3",
        "pre/2",
        "NEAR",
        "ATLEAST/2(",
        "atleast/",
        ">",
        "300",
    ]
    + ["2025", "2025-04-17", "7d", "24h", "..", "2025-13", "\ud800", "\x00", "中国", "＂", " ", " ", " "]
)


def _phrase(words: list[str], level: str, field: str | None) -> Phrase:
    before = "case" if level == "case" else "form"
    return Phrase((*(Term(word, before) for word in words[:-1]), Term(words[-1], level)), field)  # type: ignore[arg-type]


def _joined(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=4)
    return st.one_of(
        several.map(conjunction),
        several.map(disjunction),
        children.map(lambda node: node.child if isinstance(node, Not) else Not(node)),
        st.builds(_boosted, children, st.floats(0.001, 1000)),
    )


def _boosted(node: Node, factor: float) -> Node:
    return Boost(node, factor) if factor != 1 and any(True for _ in ranked_leaves(node)) else node


WILD = st.builds(Term, st.sampled_from(["chip*", "*Export", "wom?n", "U.*", "$5*", "and*", "*'s"]), st.just("wildcard"))


def _compound(words: list[str], wild: Term, place: int) -> Phrase:
    *parts, last = [*words[:place], wild, *words[place:]]
    levels = [part if isinstance(part, Term) else Term(part, "form") for part in parts]
    return Phrase((*levels, last if isinstance(last, Term) else Term(last)))


def _loose(words: list[str], level: str, more: int) -> Phrase:
    return Phrase(tuple(Term(word, level) for word in words), None, len(words) - 1 + more)  # type: ignore[arg-type]


PLAIN: st.SearchStrategy[Operand] = st.one_of(
    WILD,
    st.builds(_compound, st.lists(WORDS, min_size=1, max_size=3), WILD, st.integers(0, 3)),
    st.builds(Term, WORDS, LEVELS),
    st.builds(Term, st.sampled_from(["nvidia", "AT&T", "don’t", "हिन्दी"]), st.sampled_from(["fuzzy", "fuzzier"])),
    st.builds(_phrase, st.lists(WORDS, min_size=2, max_size=4), LEVELS, st.none()),
    st.builds(_loose, st.lists(WORDS, min_size=2, max_size=4), st.sampled_from(["form", "case"]), st.integers(0, 99)),
)
OPERANDS: st.SearchStrategy[Operand] = st.recursive(
    PLAIN,
    lambda below: st.one_of(
        st.lists(below, min_size=2, max_size=3).map(disjunction),
        st.builds(Near, below, below, st.integers(1, 1000), st.booleans()),
    ),
    max_leaves=5,
)
COUNTS = st.integers(0, 10_000)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(replace, WILD, field=FIELDS),
    st.builds(_compound, st.lists(WORDS, min_size=1, max_size=3), WILD, st.integers(0, 3)),
    st.builds(Term, WORDS, LEVELS, FIELDS),
    st.builds(_phrase, st.lists(WORDS, min_size=2, max_size=4), LEVELS, FIELDS),
    st.builds(Near, OPERANDS, OPERANDS, st.integers(1, 1000), st.booleans(), FIELDS),
    st.builds(AtLeast, st.integers(1, 1_000_000), OPERANDS, FIELDS),
    st.builds(lambda node, field: replace(node, field=field), PLAIN, FIELDS),  # type: ignore[type-var]
    st.builds(keyword, st.sampled_from(["source", "section", "lang", "site", "by", "dateline", "file"]), VALUES),
    st.builds(Present, st.sampled_from(["title", "lead", "by", "file", "published", "updated"])),
    st.builds(lambda least, more: Words(least, None if more is None else least + more), COUNTS, st.none() | COUNTS),
    st.builds(Between, st.just("updated"), TIMES.map(lambda time: time.replace(microsecond=0)), st.none()),
    st.builds(Between, st.just("updated"), st.none(), TIMES.map(lambda time: time.replace(microsecond=0))),
    st.builds(Between, st.just("published"), TIMES.map(lambda time: time.replace(microsecond=0)), st.none()),
    st.builds(Between, st.just("published"), st.none(), TIMES.map(lambda time: time.replace(microsecond=0))),
)
TREES = st.recursive(LEAVES, _joined, max_leaves=12)


def read_or_refuse(text: str, *, literal: bool = False) -> Query | QueryError:
    try:
        return parse_query(text, literal=literal, now=NOW)
    except QueryError as error:
        return error


def read_back(query: Query, zone: tzinfo = UTC) -> None:
    again = parse_query(query.receipt.canonical, zone=zone, now=NOW)
    assert again.tree == query.tree
    assert again.receipt.canonical == query.receipt.canonical


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (And((Term("a"), Or((Term("b"), Not(Term("c")))))), "a AND (b OR -c)"),
        (Or((And((Term("a"), Term("b"))), Term("c"))), "(a AND b) OR c"),
        (Not(And((Term("a"), Term("b")))), "-(a AND b)"),
        (Term("a", "form", "title"), 'title:"a"'),
        (_phrase(["F", "16"], "stem", "body"), "body:F-16"),
        (_phrase(["to", "be"], "form", None), '"to be"'),
        (Term("Chip*", "wildcard", "title"), "title:Chip*"),
        (Phrase((Term("AI", "form"), Term("dri*", "wildcard"))), "AI-dri*"),
        (Term("and"), r"\and"),
        (Term("US", "case"), '=="US"'),
        (Term("nvidai", "fuzzy"), "nvidai~"),
        (Term("nvidai", "fuzzier", "lead"), "lead:nvidai~2"),
        (Phrase((Term("chip", "form"), Term("curbs", "form")), None, 5), '"chip curbs"~5'),
        (Phrase((Term("AI", "case"), Term("chip", "case"))), '=="AI chip"'),
        (Near(Term("a"), Term("b"), 5), "a NEAR/5 b"),
        (
            Near(Near(Term("a"), Term("b"), 5), Or((Term("c"), Term("d"))), 3, ordered=True),
            "(a NEAR/5 b) PRE/3 (c OR d)",
        ),
        (Not(Near(Term("a"), Term("b"), 5, field="title")), "-title:(a NEAR/5 b)"),
        (And((Term("a"), Near(Term("b"), Term("c"), 1))), "a AND (b NEAR/1 c)"),
        (AtLeast(3, Or((Term("a"), Term("b"))), "title"), "title:ATLEAST/3(a OR b)"),
        (Boost(Term("a"), 2.0), "a^2"),
        (Boost(And((Term("a"), Term("and"))), 0.5), r"(a AND \and)^0.5"),
        (Words(300, None), "words:300.."),
        (Words(0, 0), "words:0..0"),
        (Not(Present("published")), "-date:*"),
        (Between("updated", datetime(2025, 4, 1, tzinfo=UTC), None), "updated:2025-04-01T00:00:00+00:00.."),
        (Between("updated", None, datetime(2025, 4, 1, tzinfo=UTC)), "updated:..2025-03-31T23:59:59+00:00"),
        (keyword("by", "Zoë  Smith"), 'by:"zoe smith"'),
        (keyword("site", "https://www.Example.org:80/a"), 'site:"www.example.org"'),
        (Keyword("source", "harbour wire"), 'source:"harbour wire"'),
        (Between("published", datetime(2025, 4, 1, tzinfo=UTC), None), "since:2025-04-01T00:00:00+00:00"),
        (Between("published", None, datetime(2025, 4, 1, tzinfo=UTC)), "before:2025-04-01T00:00:00+00:00"),
    ],
)
def test_a_tree_is_written_as_a_query_with_all_its_operators(tree: Node, text: str) -> None:
    assert canonical(tree) == text


@given(TREES)
def test_any_tree_reads_back_from_its_canonical_form(tree: Node) -> None:
    query = parse_query(canonical(tree), now=NOW)
    assert query.tree == tree
    assert query.receipt.canonical == canonical(tree)


@given(st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join)))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_to_a_fixed_point_or_refused_with_a_place_in_it(text: str) -> None:
    query = read_or_refuse(text)
    if isinstance(query, QueryError):
        assert 0 <= query.position <= len(text)
    else:
        read_back(query)


@given(st.text(max_size=40))
def test_any_literal_text_is_read_to_a_fixed_point_or_has_no_word(text: str) -> None:
    query = read_or_refuse(text, literal=True)
    if isinstance(query, QueryError):
        assert "nothing to search for" in str(query)
    else:
        read_back(query)


@pytest.mark.parametrize(
    "text", ["nvidia date:..", "-date:..", "a OR date:..", 'source:"a＂b”c»"', "source:a＂b", "\ud800 a", 'nvidia ""']
)
def test_a_corner_case_reads_back_or_is_refused(text: str) -> None:
    query = read_or_refuse(text)
    if isinstance(query, Query):
        read_back(query)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("since:2025-11-02T01:30", "America/New_York"),
        ("since:2025-03-30T02:30", "Europe/Berlin"),
        ("date:2017-10-15", "America/Sao_Paulo"),
        ("date:1850", "Europe/Berlin"),
        ("since:1900-06", "Asia/Hong_Kong"),
        ("date:2025-10-26", "Europe/Berlin"),
    ],
)
def test_a_date_of_any_zone_and_age_reads_back(text: str, zone: str) -> None:
    read_back(parse_query(text, zone=ZoneInfo(zone), now=NOW), ZoneInfo(zone))


def test_an_instant_with_a_fraction_of_a_second_reads_back() -> None:
    read_back(parse_query("since:24h", now=NOW.replace(microsecond=123456)))


@pytest.mark.parametrize("value", ["Harbour Wire", 'a "b"', 'a"b”c»d', "", "title:(x", "\ud800"])
def test_a_filter_value_reads_back(value: str) -> None:
    read_back(parse_query("nvidia", filters=Filters(sources=[value]), now=NOW))


@pytest.mark.parametrize(
    "text", ["words:>2147483647", "words:>2147483648", "words:<99999999999", "words:99999999999.."]
)
def test_a_length_beyond_the_largest_reads_back(text: str) -> None:
    read_back(parse_query(text, now=NOW))
