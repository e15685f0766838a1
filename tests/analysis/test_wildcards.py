"""Words with wildcards: where they are read, and which forms they match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.analysis import is_pattern, matches, pattern, tokenize, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chip*", ["chip*"]),
        ("*export", ["*export"]),
        ("wom?n", ["wom?n"]),
        ("a**b***", ["a*b*"]),
        ("a??b", ["a??b"]),
        ("chip?*", ["chip?*"]),
        ("what?", ["what"]),
        ("what???", ["what"]),
        ("wh?t?!", ["wh?t"]),
        ("???", []),
        ("what?-ever", ["what", "ever"]),
        ("a?_", ["a"]),
        ("a?东", ["a", "东"]),
        ("AI-dri*", ["AI", "dri*"]),
        ("dri*-by", ["dri*", "by"]),
        ("东*", ["东", "*"]),
        ("U.S.*", ["U.S.*"]),
        ("AT&*", ["AT&*"]),
        ("*'s", ["*'s"]),
        ("C*+", ["C*+"]),
        ("#Me*", ["#Me*"]),
        ("$5*", ["$5*"]),
        ("1,0*", ["1", "0*"]),
        (r"chip\*", ["chip"]),
        (r"chip\**", ["chip"]),
        (r"wom\?n", ["wom", "n"]),
        (r"a\*b*", ["a", "b*"]),
        ("*", ["*"]),
        ("", []),
    ],
)
def test_a_wildcard_is_a_letter_of_its_word(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(st.characters(exclude_characters="*?"), max_size=20))
def test_a_text_without_wildcards_has_its_usual_words_and_no_pattern(text: str) -> None:
    assert words(text) == [token.text for token in tokenize(text)]
    assert not any(map(is_pattern, words(text)))


@given(st.text(st.sampled_from("ab*?.,+#$%&'-_é东1\U00010600\\ "), max_size=12))
def test_a_word_with_wildcards_reads_back(text: str) -> None:
    for word in words(text):
        assert words(word) == [word]


@pytest.mark.parametrize(
    ("typed", "alike", "others"),
    [
        ("chip*", "chip Chips CHIPMAKER chip's chípset", "chi achip"),
        ("*export", "export reexport Éxport", "exports"),
        ("wom?n", "woman WOMEN womén", "womn womaan women's"),
        ("e*o*t", "eot export ExxoooT", "expor eto"),
        ("a*a", "aa aba", "a ab"),
        ("caf?", "café cafe\u0301 cafe CAFÉ", "caf cafes"),
        ("CAFÉ*", "cafeteria café Cafes", "caf"),
        ("stra*e", "straße STRASSE strae", "strass"),
        ("u?", "us U.S. US", "u usa"),
        ("U.*", "U.S. us U.S.A. u", "a"),
        ("1*", "1 1,000 1000 1.5 1st", "21"),
        ("1,0*", "1,0", "1,000 1000"),
        ("1,000*", "1,000 1,000,000 1000 10000", "1 100"),
        ("$1*", "$1 $1,000", "1 €1"),
        ("1*", "$1 €1 1%", "a1"),
        ("#me*", "#MeToo", "MeToo"),
        ("c*+", "C++ C+", "C C#"),
        ("*ν*", "Ἀθῆναι ΑΘΗΝΑ", "ΑΘΗ"),
        ("हि*", "हिन्दी", "हन्दी"),
        ("?", "a 东", "ab"),
        ("\u00adchip*", "chips chi\u00adps", "hips"),
    ],
)
def test_a_pattern_matches_folded_forms_in_full(typed: str, alike: str, others: str) -> None:
    assert [form for form in (*alike.split(), *others.split()) if matches(typed, form, "wildcard")] == alike.split()


def slowly(symbols: str, form: str) -> bool:
    """Match by trying every way."""
    if not symbols:
        return not form
    if symbols[0] == "*":
        return slowly(symbols[1:], form) or (bool(form) and slowly(symbols, form[1:]))
    return bool(form) and symbols[0] in ("?", form[0]) and slowly(symbols[1:], form[1:])


@given(st.text(st.sampled_from("ab*?"), max_size=8), st.text(st.sampled_from("abc"), max_size=9))
def test_a_pattern_matches_what_trying_every_way_finds(typed: str, form: str) -> None:
    assert pattern(typed).matches(form) is slowly(typed, form)
