"""What cannot be read is said, with the exact place, what was expected and an example."""

import pytest

from newsearch.errors import QueryError
from newsearch.query import parse_query
from newsearch.query.fields import FIELDS


def error_of(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    return caught.value


PLACES = [
    ('"', 0),
    ('nvidia "export curbs', 7),
    ("nvidia “export curbs", 7),
    ("nvidia «export curbs", 7),
    ('“export curbs"', 0),
    ('title:"a', 6),
    ("(", 0),
    ("a (b or c", 2),
    ("a (b (c)", 2),
    ("a -(b", 3),
    (")", 0),
    ("a b)", 3),
    ("(a) )", 4),
    ("()", 0),
    ("a ( ) b", 2),
    ("title:()", 6),
    ("and", 0),
    ("or a", 0),
    ("a and", 5),
    ("a or", 4),
    ("not", 3),
    ("a not", 5),
    ("a &&", 4),
    ("a AND OR b", 6),
    ("a not and b", 6),
    ("(a or) b", 5),
    ("(or a)", 1),
    ("title:", 6),
    ("a title: ", 9),
    ("(title:)", 7),
    ("title: and a", 7),
    ("title:source:x", 6),
    ("title:(a source:x)", 9),
    ("title: -a", 7),
    ("titel:nvidia", 0),
    ("-titel:nvidia", 1),
    ("a (b titel:nvidia)", 5),
    ("title:a:b", 6),
    ("https://harbour.example", 0),
    ("date:2025-02-30", 5),
    ("a date: blarg", 8),
    ('since:"7 days"', 6),
    ("date:(2024 or 2025-13)", 14),
    ("date:2025-05..2025-04", 5),
    ("é😀 (a", 3),
    ("*", 0),
    ("nvidia ***", 7),
    ("2 * 3", 2),
    ("since:*", 6),
    ("words:*", 6),
    ("nvidia --amd", 7),
    ("nvidia +-amd", 7),
    ("!!amd", 0),
    ("–-amd", 0),
    ("nvidia OR +tariff", 10),
    ("+tariff OR nvidia", 0),
    ('a -""', 3),
    ('title:""', 6),
    ("by:smi*", 3),
    ("source:Reut*", 7),
    ("by:!!!", 3),
    ('dateline:"-"', 9),
    ("site:/", 5),
    ("a NEAR/5", 8),
    ("NEAR/5 a", 0),
    ("a NEAR/5 AND b", 9),
    ("a NEAR/0 b", 2),
    ("a PRE/1001 b", 2),
    ("-a NEAR/5 b", 3),
    ("a NEAR/5 -b", 2),
    ("a NEAR/5 source:x", 2),
    ("title:a NEAR/5 body:b", 8),
    ("(title:a OR body:b) NEAR/5 c", 20),
    ("((a b) OR c) NEAR/5 d", 13),
    ("a^2 NEAR/5 b", 4),
    ("ATLEAST/3", 9),
    ("ATLEAST/3 nvidia", 10),
    ("ATLEAST/0(a)", 0),
    ("ATLEAST/3(a b)", 0),
    ("ATLEAST/2(source:x)", 0),
    ("ATLEAST/2(a) NEAR/5 b", 13),
    ('"a b"~', 0),
    ('"a b c"~1', 0),
    ('"a b"~1001', 0),
    ("nvidia~3", 0),
    ("=nvidia~", 0),
    ("chip*~", 0),
    ("==chip*", 0),
    ("nvidia^0", 0),
    ("nvidia^1001", 0),
    ("source:x^2", 7),
    ("source:=x", 7),
    ('source:="x"', 7),
    ("=title:x", 0),
    ("words:many", 6),
    ("words:5..3", 6),
    ("words:<0", 6),
    ("words:>", 6),
    ("no:titel", 3),
    ("no:words", 3),
    ("saved:chips", 6),
    ("updated:24h", 8),
    ("-*", 1),
    ("a-*-b", 0),
    ("东盟*", 0),
    ("a* " * 100 + "b*", 300),
    ("a*-" * 100 + "b*", 0),
]


@pytest.mark.parametrize(("text", "position"), PLACES)
def test_a_syntax_error_knows_its_place(text: str, position: int) -> None:
    assert error_of(text).position == position


@pytest.mark.parametrize("text", [text for text, _ in PLACES])
def test_a_syntax_error_holds_the_query_one_line_of_words_and_a_hint(text: str) -> None:
    error = error_of(text)
    assert error.query == text
    assert str(error)
    assert error.hint
    assert "\n" not in str(error) + error.hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("titel", "title"),
        ("bdy", "body"),
        ("sorce", "source"),
        ("sections", "section"),
        ("Untill", "until"),
        ("language", "lang"),
    ],
)
def test_an_unknown_field_is_named_with_the_field_it_resembles(typed: str, meant: str) -> None:
    error = error_of(f"{typed}:nvidia")
    assert typed in str(error)
    assert f"{meant}:" in error.hint


def test_an_unknown_field_that_resembles_none_is_answered_with_all_of_them() -> None:
    hint = error_of("xyzzy:nvidia").hint
    assert all(field in hint for field in FIELDS)


@pytest.mark.parametrize("text", ["…", "-", "😀 !!", "\x00", "\ud800", "\\", '"…"'])
def test_text_without_a_word_does_not_silently_match_everything(text: str) -> None:
    assert "nothing to search for" in str(error_of(text))


@pytest.mark.parametrize("text", ['a AND "…"', 'a OR "…"'])
def test_an_operator_beside_no_word_lacks_its_operand(text: str) -> None:
    assert "missing" in str(error_of(text))
