"""Text from strangers, made fit to be stored."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.extract.text import clean, one_line, paragraphs

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("a \n\r\t\x00\x1b\ufeff\u2028\u2029\u0301\ud800\x85")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\u2028b\u2029c", "a\nb\n\nc"),
        ("cafe\u0301", "café"),
        ("a\x00\x08b\ufeff\uffff", "ab"),
        ("a\ud800b", "a\ufffdb"),
        ("\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m"),
        ("a\u200bb\u202ec", "a\u200bb\u202ec"),
    ],
)
def test_text_is_composed_with_plain_line_ends_and_without_what_is_no_text(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("  a\n\t b  ", "a b"), ("\u3000a\xa0b\u2028c", "a b c"), ("\x00 \n", "")]
)
def test_one_line_folds_white_space(text: str, expected: str) -> None:
    assert one_line(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" a \n\n\n \t\n b", "a\n\nb"),
        ("a\nb\n\nc", "a\nb\n\nc"),
        ("a\u2029b", "a\n\nb"),
        ("\n\n", ""),
        ("a\r\n\r\nb", "a\n\nb"),
    ],
)
def test_paragraphs_are_parted_by_single_blank_lines(text: str, expected: str) -> None:
    assert paragraphs(text) == expected


@given(TEXTS)
def test_clean_text_is_stable_composed_and_can_be_encoded(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()


@given(TEXTS)
def test_lines_and_paragraphs_are_stable_and_have_no_blank_edges(text: str) -> None:
    line, body = one_line(text), paragraphs(text)
    assert one_line(line) == line
    assert line.splitlines() == ([line] if line else [])
    assert paragraphs(body) == body
    assert all(part and part == part.strip() for part in body.split("\n\n")) or not body


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It\nsailed.\n    It came\nback.\n    No.\nOh.", "It\nsailed.\n\nIt came\nback.\n\nNo.\nOh."),
        ("It sailed\nat dawn.\n\n    It came\nback.\n    No.", "It sailed\nat dawn.\n\nIt came\nback.\nNo."),
        ("Knots\n    12\n    13\n    14", "Knots\n12\n13\n14"),
        ("It sailed\nat dawn.\n    It came\nback.", "It sailed\nat dawn.\nIt came\nback."),
        ("a\nb\n  c\nd\n  e\nf", "a\nb\nc\nd\ne\nf"),
    ],
    ids=["wire", "blank-lines", "table", "one", "shallow"],
)
def test_indented_lines_open_paragraphs_where_nothing_else_does(text: str, expected: str) -> None:
    assert paragraphs(text) == expected


@pytest.mark.parametrize("before", range(16))
def test_marks_without_an_end_are_parted_as_unicode_has_it(before: int) -> None:
    text = "x" * before + "a" + "\u0316\u0300" * 60_000 + "b"
    cleaned = clean(text)
    assert cleaned.replace("\u034f", "").count("\u0316") == 60_000
    assert max(len(run) for run in re.findall("[\u0300\u0316]+", cleaned)) <= 30
    assert clean(cleaned) == cleaned


def test_marks_as_they_are_written_stay_as_they_are() -> None:
    text = "x" + "\u0316\u0317" * 15 + "y नमस्ते " * 20
    assert "\u034f" not in clean(text)
