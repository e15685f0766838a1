"""Words, phrases, operators, groups and fields to a tree."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from newsearch.errors import QueryError
from newsearch.query import parse_query
from newsearch.query.tree import And, Everything, Keyword, Node, Not, Or, Phrase, Term, TextField

NOW = datetime(2025, 4, 17, 12, tzinfo=UTC)


def tree_of(text: str) -> Node:
    return parse_query(text, now=NOW).tree


def exact(*words: str) -> Phrase:
    return Phrase(tuple(Term(word, "form") for word in words))


def compound(*words: str) -> Phrase:
    return Phrase((*(Term(word, "form") for word in words[:-1]), Term(words[-1])))


A, B, C, D = (Term(letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", A),
        ("a b", And((A, B))),
        ("a and b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a && b", And((A, B))),
        ("a or b", Or((A, B))),
        ("a || b", Or((A, B))),
        ("not a", Not(A)),
        ("! a", Not(A)),
        ("!a", Not(A)),
        ("-a", Not(A)),
        ("+a", A),
        ("a +b", And((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a or b and c", Or((A, And((B, C))))),
        ("(a or b) and c", And((Or((A, B)), C))),
        ("a (b or c) d", And((A, Or((B, C)), D))),
        ("not a b", And((Not(A), B))),
        ("not a or b", Or((Not(A), B))),
        ("a && b || !c", Or((And((A, B)), Not(C)))),
        ("a or -b c", Or((A, And((Not(B), C))))),
        ("-(a b)", Not(And((A, B)))),
        ("-(a or b) c", And((Not(Or((A, B))), C))),
        ("a(b)", And((A, B))),
        ("(-a)", Not(A)),
        ("+(a b)", And((A, B))),
    ],
)
def test_not_binds_before_and_and_and_before_or(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a (b (c d))", And((A, B, C, D))),
        ("((a or b) or (c or d))", Or((A, B, C, D))),
        ("(((a)))", A),
        ("not not a", A),
        ("-(-a)", A),
        ("not (not (not a))", Not(A)),
    ],
)
def test_groups_and_double_negations_that_change_nothing_leave_no_trace(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nvidia -AMD", And((Term("Nvidia"), Not(Term("AMD"))))),
        ("COVID-19 -vaccine", And((compound("COVID", "19"), Not(Term("vaccine"))))),
        ("AI-driven chips", And((compound("AI", "driven"), Term("chips")))),
        ("F-16", compound("F", "16")),
        ("a-b", compound("a", "b")),
        ("-F-16", Not(compound("F", "16"))),
        ("and/or", compound("and", "or")),
        ("AT&T", Term("AT&T")),
        ("a!", A),
        ("C++", Term("C++")),
        ("C#", Term("C#")),
        ("U.S.", Term("U.S.")),
        ("$5", Term("$5")),
        ("@handle", Term("@handle")),
        ("what?", Term("what")),
        ("中国", compound("中", "国")),
        ("Nvidia公司", compound("Nvidia", "公", "司")),
    ],
)
def test_signs_inside_a_word_are_no_operators_and_parts_of_a_compound_are_adjacent(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


def wild(text: str, field: TextField | None = None) -> Term:
    return Term(text, "wildcard", field)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chip*", wild("chip*")),
        ("*export", wild("*export")),
        ("Wom?n", wild("Wom?n")),
        ("chip***s", wild("chip*s")),
        ("what?", Term("what")),
        ("wh?t?", wild("wh?t")),
        ("-chip*", Not(wild("chip*"))),
        ("title:immigra*", wild("immigra*", "title")),
        ("body:(a* or ?b)", Or((wild("a*", "body"), wild("?b", "body")))),
        ("a* b OR -(c* *d)", Or((And((wild("a*"), B)), Not(And((wild("c*"), wild("*d"))))))),
        ("AI-dri*", Phrase((Term("AI", "form"), wild("dri*")))),
        ("dri*-by", Phrase((wild("dri*"), Term("by")))),
        ("U.S.*", wild("U.S.*")),
        (r"\chip*", Term("chip")),
        (r"chip\*", Term("chip")),
        ('"chip*"', Term("chip", "form")),
        ('"chip* curbs?"', exact("chip", "curbs")),
        ('source:"b*"', Keyword("source", "b*")),
        ("file:b*", Keyword("file", "b*")),
    ],
)
def test_wildcards_make_a_pattern_unless_they_are_quoted_or_escaped(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    "quoted", ['"export curbs"', "“export curbs”", "«export curbs»", "„export curbs“", "”export curbs”"]
)
def test_any_pair_of_quotes_makes_an_exact_phrase(quoted: str) -> None:
    assert tree_of(quoted) == exact("export", "curbs")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"exports"', Term("exports", "form")),
        ('"to be or not to be"', exact("to", "be", "or", "not", "to", "be")),
        ('"a, (b) -c!"', exact("a", "b", "c")),
        ('-"a b"', Not(exact("a", "b"))),
        ('a "b c"', And((A, exact("b", "c")))),
        ('"title:a b"', exact("title", "a", "b")),
        ('"F-16"', exact("F", "16")),
        (r"\and", Term("and")),
        (r"a \or b", And((A, Term("or"), B))),
        (r'\NOT "and"', And((Term("NOT"), Term("and", "form")))),
    ],
)
def test_quotes_and_backslashes_take_the_meaning_of_operators_away(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title:nvidia", Term("nvidia", field="title")),
        ("body: nvidia", Term("nvidia", field="body")),
        ("TITLE:Nvidia", Term("Nvidia", field="title")),
        ('title:"a b"', Phrase((Term("a", "form"), Term("b", "form")), "title")),
        ("title:F-16", Phrase((Term("F", "form"), Term("16")), "title")),
        ("title:(a or b)", Or((Term("a", field="title"), Term("b", field="title")))),
        ("title:(a (-b))", And((Term("a", field="title"), Not(Term("b", field="title"))))),
        ("-title:a", Not(Term("a", field="title"))),
        ("-body:(a b)", Not(And((Term("a", field="body"), Term("b", field="body"))))),
        ("title:a b", And((Term("a", field="title"), B))),
        ('source:"Harbour  Wire"', Keyword("source", "harbour wire")),
        ("source:Straße", Keyword("source", "strasse")),
        ("section:HK", Keyword("section", "hk")),
        ("lang:zh-Hant", Keyword("lang", "zh-hant")),
        ("source:(a or b)", Or((Keyword("source", "a"), Keyword("source", "b")))),
        ("-section:sport", Not(Keyword("section", "sport"))),
        ('source:""', Keyword("source", "")),
    ],
)
def test_a_field_takes_the_word_phrase_or_group_behind_it(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("foo: bar", And((Term("foo"), Term("bar")))),
        ("Live:", Term("Live")),
        ("12:30", compound("12", "30")),
        ("a -", A),
        ("a - b", And((A, B))),
        ("a & b", And((A, B))),
    ],
)
def test_a_colon_or_sign_before_a_space_is_punctuation(text: str, expected: Node) -> None:
    assert tree_of(text) == expected


@pytest.mark.parametrize("text", ["", "   ", '""', "“”"])
def test_no_text_matches_everything(text: str) -> None:
    assert tree_of(text) == Everything()


@pytest.mark.parametrize("text", ['a -"…" b', "a -😀 b", "a != b", 'a NOT "…" b'])
def test_an_exclusion_of_no_word_never_excludes_the_word_behind_it(text: str) -> None:
    with suppress(QueryError):
        assert tree_of(text) == And((A, B))


@pytest.mark.parametrize("text", ['title:"!!!" a', 'title:"" a', "title:… a", "title:😀 a"])
def test_a_field_of_no_word_never_takes_the_word_behind_it(text: str) -> None:
    with suppress(QueryError):
        assert tree_of(text) == A


@pytest.mark.parametrize("text", ["title:-a", "title:!a"])
def test_a_minus_behind_a_field_never_turns_into_its_opposite(text: str) -> None:
    with suppress(QueryError):
        assert tree_of(text) == Not(Term("a", field="title"))
