"""Nearness, exactness, guesses, counts, weights, lengths and what is there at all, to a tree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from newsearch.errors import QueryError
from newsearch.query import parse_query
from newsearch.query.tree import (
    And,
    AtLeast,
    Between,
    Boost,
    Keyword,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Present,
    Term,
    Words,
)

NOW = datetime(2025, 4, 17, 12, tzinfo=UTC)
A, B, C, D = (Term(letter) for letter in "abcd")


def tree_of(text: str) -> Node:
    return parse_query(text, now=NOW).tree


def notes_of(text: str) -> Sequence[str]:
    return parse_query(text, now=NOW).receipt.notes


def exact(*words: str, level: str = "form", within: int | None = None) -> Phrase:
    return Phrase(tuple(Term(word, level) for word in words), None, within)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=export", Term("export", "form")),
        ("==US", Term("US", "case")),
        ('="export curbs"', exact("export", "curbs")),
        ('=="US Steel"', exact("US", "Steel", level="case")),
        ("=AI-driven", exact("AI", "driven")),
        ("==AI-driven", exact("AI", "driven", level="case")),
        ("-=export", Not(Term("export", "form"))),
        ("title:==US", Term("US", "case", "title")),
        ("=and", Term("and", "form")),
        ("a=b", Phrase((Term("a", "form"), B))),
    ],
)
def test_signs_of_equality_ask_for_the_form_or_for_the_case(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nvidai~", Term("nvidai", "fuzzy")),
        ("nvidai~1", Term("nvidai", "fuzzy")),
        ("nvidai~2", Term("nvidai", "fuzzier")),
        ("-nvidai~", Not(Term("nvidai", "fuzzy"))),
        ("title:nvidai~", Term("nvidai", "fuzzy", "title")),
        ("AI-drivn~", Phrase((Term("AI", "form"), Term("drivn", "fuzzy")))),
    ],
)
def test_a_tilde_behind_a_word_lets_it_be_guessed(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("F16~", Term("F16")), ("2001~2", Term("2001")), ("US~", Term("US")), ("中~", Term("中"))]
)
def test_a_number_or_a_very_short_word_is_never_guessed_and_that_is_said(text: str, expected: Node) -> None:
    assert tree_of(text) == expected
    assert any(text.rstrip("~2") in note for note in notes_of(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a NEAR/5 b", Near(A, B, 5)),
        ("a near/5 b", Near(A, B, 5)),
        ("a PRE/3 b", Near(A, B, 3, ordered=True)),
        ("a b NEAR/5 c d", And((A, Near(B, C, 5), D))),
        ("a OR b NEAR/5 c", Or((A, Near(B, C, 5)))),
        ("a NEAR/5 b PRE/2 c", Near(Near(A, B, 5), C, 2, ordered=True)),
        ("a NEAR/5 (b PRE/2 c)", Near(A, Near(B, C, 2, ordered=True), 5)),
        ("(a OR b) NEAR/5 c", Near(Or((A, B)), C, 5)),
        ('"a b" NEAR/5 (c OR "d a")', Near(exact("a", "b"), Or((C, exact("d", "a"))), 5)),
        ("a-b NEAR/5 c*", Near(Phrase((Term("a", "form"), B)), Term("c*", "wildcard"), 5)),
        ("(a b) NEAR/5 c", And((Near(A, C, 5), Near(B, C, 5)))),
        ("(a b) NEAR/5 (c d)", And((Near(A, C, 5), Near(A, D, 5), Near(B, C, 5), Near(B, D, 5)))),
        ("-(a NEAR/5 b)", Not(Near(A, B, 5))),
        ("title:(a NEAR/5 b)", Near(A, B, 5, field="title")),
        ("title:a NEAR/5 b", Near(A, B, 5, field="title")),
        ("a NEAR/5 title:b", Near(A, B, 5, field="title")),
        ("lead:(a OR b) NEAR/5 c", Near(Or((A, B)), C, 5, field="lead")),
        ("near a", And((Term("near"), A))),
        ("NEAR/x", Phrase((Term("NEAR", "form"), Term("x")))),
        (r"\NEAR/5", Phrase((Term("NEAR", "form"), Term("5")))),
    ],
)
def test_near_binds_before_and_and_takes_words_phrases_and_groups(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"chip curbs"~5', exact("chip", "curbs", within=5)),
        ("“chip curbs”~5", exact("chip", "curbs", within=5)),
        ('=="US Steel"~3', exact("US", "Steel", level="case", within=3)),
        ('title:"a b"~5', Phrase(exact("a", "b").terms, "title", 5)),
        ('"a b"~5^2', Boost(exact("a", "b", within=5), 2.0)),
        ('"chips"~5', Term("chips", "form")),
    ],
)
def test_a_tilde_behind_a_phrase_lets_its_words_stand_apart(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ATLEAST/3(a)", AtLeast(3, A)),
        ("atleast/3 (a)", AtLeast(3, A)),
        ("ATLEAST/2(a OR b) c", And((AtLeast(2, Or((A, B))), C))),
        ("-ATLEAST/2(a NEAR/3 b)", Not(AtLeast(2, Near(A, B, 3)))),
        ("title:ATLEAST/2(a)", AtLeast(2, A, "title")),
        ("ATLEAST/2(title:a)", AtLeast(2, A, "title")),
        ("ATLEAST/2(a)^3", Boost(AtLeast(2, A), 3.0)),
    ],
)
def test_atleast_counts_one_thing(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a^2", Boost(A, 2.0)),
        ("a^0.5 b", And((Boost(A, 0.5), B))),
        ("a^.5", Boost(A, 0.5)),
        ("a^1", A),
        ("(a b)^2", Boost(And((A, B)), 2.0)),
        ("title:a^2", Boost(replace(A, field="title"), 2.0)),
        ("title:(a OR b^3)", Or((replace(A, field="title"), Boost(replace(B, field="title"), 3.0)))),
        ("chip*^2", Boost(Term("chip*", "wildcard"), 2.0)),
        ("nvidai~2^3", Boost(Term("nvidai", "fuzzier"), 3.0)),
        ("(a NEAR/5 b)^2", Boost(Near(A, B, 5), 2.0)),
    ],
)
def test_a_caret_weighs_what_stands_before_it(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("words:>300", Words(301, None)),
        ("words:>=300", Words(300, None)),
        ("words:<300", Words(0, 299)),
        ("words:<=300", Words(0, 300)),
        ("words:300", Words(300, 300)),
        ("words:300..500", Words(300, 500)),
        ("words:300..", Words(300, None)),
        ("words:..500", Words(0, 500)),
        ("words: 0", Words(0, 0)),
        ("-words:>9999999999999999", Not(Words(1 << 31, None))),
    ],
)
def test_a_length_is_a_bound_or_a_range(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("by:*", Present("by")),
        ("author:*", Present("by")),
        ("no:author", Not(Present("by"))),
        ("no:date", Not(Present("published"))),
        ("-date:*", Not(Present("published"))),
        ("-no:date", Present("published")),
        ("updated:*", Present("updated")),
        ("no:title", Not(Present("title"))),
        ("title:*", Present("title")),
        ('source:"*"', Keyword("source", "*")),
        ('by:""', Keyword("by", "")),
        ('-by:""', Not(Keyword("by", ""))),
    ],
)
def test_a_star_asks_whether_there_is_anything(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('by:"Zoë  Smith"', Keyword("by", " zoe smith ")),
        ("author:smith", Keyword("by", " smith ")),
        ("site:https://www.Harbour.example/a?b", Keyword("site", "www.harbour.example")),
        ("dateline:(london OR paris)", Or((Keyword("dateline", " london "), Keyword("dateline", " paris ")))),
        ("file:2025/*.HTML", Keyword("file", "2025/*.html")),
        ("lead:tariff", Term("tariff", field="lead")),
    ],
)
def test_what_articles_state_is_asked_for_by_field(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("updated:2025-04", datetime(2025, 4, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)),
        ("updated:2025-03..2025-04", datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)),
        ("updated:24h..", datetime(2025, 4, 16, 12, tzinfo=UTC), None),
    ],
)
def test_updated_takes_what_date_takes(text: str, start: datetime, end: datetime | None) -> None:
    ends: list[Node] = [Between("updated", start, None), *([Between("updated", None, end)] if end else [])]
    assert tree_of(text) == (And(tuple(ends)) if len(ends) > 1 else ends[0])


SAVED = {
    "chips": "nvidia OR amd",
    "curbs": 'saved:chips "export curbs"',
    "loop": "a saved:loop",
    "bad": "(a",
    "all": '""',
}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("saved:chips", "nvidia OR amd"),
        ("SAVED:Chips", "nvidia OR amd"),
        ("saved:chips tariff", "(nvidia OR amd) AND tariff"),
        ("-saved:chips", "-(nvidia OR amd)"),
        ("saved:curbs", '(nvidia OR amd) AND "export curbs"'),
        ("saved:(chips OR curbs)", 'nvidia OR amd OR ((nvidia OR amd) AND "export curbs")'),
        ("saved:chips NEAR/5 tariff", "(nvidia OR amd) NEAR/5 tariff"),
    ],
)
def test_a_saved_query_stands_for_what_was_saved(text: str, same: str) -> None:
    assert parse_query(text, saved=SAVED).tree == parse_query(same).tree


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("saved:chip", "there is no saved query 'chip'"),
        ("saved:loop", "contains itself: loop > loop"),
        ("saved:bad", "'bad' cannot be read: this parenthesis never closes"),
        ("saved:all", "'all' matches everything"),
    ],
)
def test_a_saved_query_that_is_no_query_is_an_error_with_its_place(text: str, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(f"a {text}", saved=SAVED)
    assert says in str(caught.value)
    assert caught.value.position == len("a saved:")
    assert caught.value.hint


def test_saved_queries_that_multiply_are_refused() -> None:
    doubling = {f"q{nth}": f"saved:q{nth - 1} saved:q{nth - 1}" for nth in range(1, 40)} | {"q0": "a"}
    with pytest.raises(QueryError, match="saved queries"):
        parse_query("saved:q39", saved=doubling)


def test_saved_queries_are_not_long_together() -> None:
    long = " OR ".join(f"w{number}" for number in range(9_000))
    with pytest.raises(QueryError, match="more than 1 million characters in the saved queries of one"):
        parse_query(" OR ".join(["saved:long"] * 99), saved={"long": long})


@pytest.mark.parametrize("text", ["@chips", "saved", "savedchips"])
def test_only_the_field_names_a_saved_query(text: str) -> None:
    assert parse_query(text, saved=SAVED).tree == Term(text)


@pytest.mark.parametrize("minus", ["-", "–", "−", "－"])
def test_a_hyphen_of_any_make_excludes(minus: str) -> None:
    assert tree_of(f"a {minus}b") == And((A, Not(B)))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("（a OR b） c", "(a OR b) c"),
        ("title：a", "title:a"),
        ("＂a b＂", '"a b"'),
        ("»a b«", '"a b"'),
        ("ab＊", "ab*"),
        ("a＾2", "a^2"),
        ("＋a", "+a"),
    ],
)
def test_signs_of_east_asian_width_and_german_quotes_mean_the_same(text: str, same: str) -> None:
    assert tree_of(text) == tree_of(same)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ('"export cur*"', "no wildcards in quotes"),
        ('"wom?n of"', "no wildcards in quotes"),
        ("chip NEAR curbs", "'NEAR' is read as a word"),
        ("ATLEAST(a)", "'ATLEAST' is read as a word"),
        ("NEAR5", "'NEAR5' is read as a word"),
        ("a||b", "'a||b' is read as 'a-b'"),
        ("a —b", "'—b' is read as 'b'"),
        ("site:harbour.example", ""),
        ("site:https://harbour.example/world", "only the host counts"),
        ('"what? no"', ""),
    ],
)
def test_what_is_read_otherwise_than_typed_is_said(text: str, note: str) -> None:
    notes = notes_of(text)
    assert any(note in one for one in notes) if note else not [one for one in notes if "rank" not in one]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lang:or", Keyword("lang", "or")),
        ("section:and", Keyword("section", "and")),
        ("lang:not", Keyword("lang", "not")),
        ("file:pre/2", Keyword("file", "pre/2")),
        ("site:https://a.example", Keyword("site", "a.example")),
        ("words:000000000000500", Words(500, 500)),
    ],
)
def test_a_value_is_no_operator(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize("date", ["9999", "9999-12", "9999-12-31", "0001", "0001-01-01"])
@pytest.mark.parametrize("hours", [0, 8, -8])
def test_the_ends_of_the_calendar_are_dates_in_every_zone(date: str, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    for now in (datetime.min.replace(tzinfo=timezone(timedelta(hours=9))), NOW, datetime.max.replace(tzinfo=UTC)):
        for field in ("date", "since", "until", "before", "after"):
            query = parse_query(f"{field}:{date}", zone=zone, now=now)
            assert parse_query(query.receipt.canonical, zone=zone, now=now).tree == query.tree
