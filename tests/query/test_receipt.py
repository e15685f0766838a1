"""The receipt: what the interpretation added, and conditions given beside the text."""

from datetime import UTC, datetime

import pytest

from newsearch.errors import QueryError
from newsearch.query import Filters, Query, parse_query
from newsearch.query.values import folded_value

NOW = datetime(2025, 4, 17, 12, tzinfo=UTC)


def query_of(text: str, filters: Filters | None = None) -> Query:
    return parse_query(text, filters=filters, now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "nvidia export",
        "a b OR c",
        "a -b",
        "a +b",
        'a "b c"',
        "(a)(b)",
        "title:a body:b",
        "to be or not to be",
        "date:yesterday",
        "since:7d",
        "a OR date:yesterday",
        "-date:2025",
        "a AND -since:7d",
    ],
)
def test_an_assumed_and_or_a_date_is_an_interpretation(text: str) -> None:
    assert query_of(text).receipt.interpreted


@pytest.mark.parametrize("text", ["nvidia", "a AND b", "a OR b", '"a b"', "F-16", "title:(a OR b)", "NOT a OR b", ""])
def test_a_text_that_leaves_nothing_open_is_not_interpreted(text: str) -> None:
    assert not query_of(text).receipt.interpreted


@pytest.mark.parametrize(
    ("text", "dropped"), [("a … b", "…"), ("a - b", "-"), ("a 😀", "😀"), ('a "!?"', "!?"), ("😀 a", "😀")]
)
def test_what_holds_no_word_is_noted_and_not_dropped_silently(text: str, dropped: str) -> None:
    assert f"nothing to search for in '{dropped}'" in query_of(text).receipt.notes


@pytest.mark.parametrize("text", ["a~b", "nvidia^", "a^2b", "a=b", "~nvidia", r"chip\*", r"wom\?n"])
def test_a_sign_that_means_nothing_there_is_noted(text: str) -> None:
    assert any(text in note for note in query_of(text).receipt.notes)


@pytest.mark.parametrize(
    ("text", "ranks"),
    [
        ("a", True),
        ("a -b", True),
        ("-a OR b", True),
        ("date:2025 title:a", True),
        ("", False),
        ("-a", False),
        ("date:2025", False),
        ("source:x -a", False),
    ],
)
def test_only_words_and_phrases_that_are_not_excluded_rank(text: str, *, ranks: bool) -> None:
    assert ("nothing to rank by: newest first" in query_of(text).receipt.notes) is not ranks


@pytest.mark.parametrize("text", ["chip*", "wom?n", "-a*", "AI-dri*", "title:*export"])
def test_a_wildcard_leaves_nothing_open(text: str) -> None:
    receipt = query_of(text).receipt
    assert receipt.canonical == text
    assert not receipt.interpreted
    assert not [note for note in receipt.notes if text in note]


def test_the_receipt_holds_the_text_as_typed_but_for_bytes_that_are_no_text() -> None:
    assert query_of("Nvidia  -AMD \ud800").receipt.text == "Nvidia  -AMD \ufffd"


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        (Filters(since="2025-04"), "nvidia since:2025-04"),
        (Filters(until="2025-04"), "nvidia until:2025-04"),
        (Filters(since="7d", until="yesterday"), "nvidia since:7d until:yesterday"),
        (Filters(sources=["Harbour Wire"]), 'nvidia source:"Harbour Wire"'),
        (Filters(sources=["A", "B"]), "nvidia (source:a OR source:b)"),
        (Filters(sections=["HK"], langs=["en", "zh"]), "nvidia section:hk (lang:en OR lang:zh)"),
        (Filters(), "nvidia"),
    ],
)
def test_filters_mean_what_their_fields_mean(filters: Filters, text: str) -> None:
    query = query_of("nvidia", filters)
    assert query.tree == query_of(text).tree
    assert query.receipt.canonical == query_of(text).receipt.canonical


def test_filters_bind_the_whole_query_and_are_an_interpretation() -> None:
    query = query_of("a OR b", Filters(langs=["en"]))
    assert query.receipt.canonical == '(a OR b) AND lang:"en"'
    assert query.receipt.interpreted


def test_filters_alone_match_everything_that_fits_newest_first() -> None:
    query = query_of("", Filters(since="2025-04", sources=["x"]))
    assert query.receipt.canonical == 'since:2025-04-01T00:00:00+00:00 AND source:"x"'
    assert query.receipt.since == "2025-04-01T00:00:00+00:00"
    assert query.receipt.notes == ("nothing to rank by: newest first",)


@pytest.mark.parametrize("value", ["2025-02-30", "blarg", "", "2024..2025"])
@pytest.mark.parametrize("name", ["since", "until"])
def test_a_filter_that_is_no_date_names_its_option(name: str, value: str) -> None:
    with pytest.raises(QueryError, match=f"^--{name}: ") as caught:
        query_of("nvidia", Filters(**{name: value}))
    assert caught.value.query == value
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "words", "title"),
    [
        ("Curbs bite: “what next?”", "(Curbs AND bite AND what AND next)", '"Curbs bite what next"'),
        ("-AMD (Nvidia)", "(AMD AND Nvidia)", '"AMD Nvidia"'),
        ("to be or not", r"(to AND be AND \or AND \not)", '"to be or not"'),
        ('title:x "unclosed', "(title-x AND unclosed)", '"title x unclosed"'),
        ("a && b || !c", "(a AND b AND c)", '"a b c"'),
        ("*trade* wars?", "(trade AND wars)", '"trade wars"'),
        ("date:2025-13", "date-2025-13", '"date 2025 13"'),
        ("F-16", "F-16", '"F 16"'),
        ("nvidia", "nvidia", '"nvidia"'),
    ],
)
def test_literal_text_is_all_its_words_without_operators_or_the_title_they_make(
    text: str, words: str, title: str
) -> None:
    receipt = parse_query(text, literal=True).receipt
    assert receipt.canonical == f"{words} OR title:{title}"
    assert receipt.interpreted


def test_empty_literal_text_matches_everything() -> None:
    assert parse_query(" ", literal=True).receipt.canonical == '""'


@pytest.mark.parametrize("text", ["…", "-- !", "\ud800"])
def test_literal_text_without_a_word_is_an_error(text: str) -> None:
    with pytest.raises(QueryError, match="nothing to search for"):
        parse_query(text, literal=True)


@pytest.mark.parametrize("value", ["Harbour Wire", " HARBOUR\twire ", "ｈａｒｂｏｕｒ　wire"])
def test_values_of_whole_fields_compare_without_case_width_and_spacing(value: str) -> None:
    assert folded_value(value) == "harbour wire"


def test_values_of_whole_fields_keep_their_accents() -> None:
    assert folded_value("Café") != folded_value("Cafe")
