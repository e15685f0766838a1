"""What is left of a word when case, accents, compatibility forms, dots and signs do not matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.analysis import fold
from newsearch.analysis.folding import signs

FORMS = st.text(
    st.one_of(st.characters(), st.sampled_from("aZ.,0$€%#@'’ßİıéЙあかक\u0301\u0345\u3099\u093f\u00ad\u200d"))
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("ẞ", "ss"),
        ("café", "CAFE"),
        ("cafe\u0301", "café"),
        ("Zoë", "zoe"),
        ("İstanbul", "istanbul"),
        ("ＮＶＩＤＩＡ", "nvidia"),
        ("５Ｇ", "5g"),
        ("ﬁn", "fin"),
        ("Ⅷ", "viii"),
        ("ΚΌΣΜΟΣ", "κόσμος"),
        ("ά", "α"),
        ("й", "и"),
        ("Ёлка", "елка"),
        ("ｶﾞ", "ガ"),
        ("か\u3099", "が"),
        ("don’t", "DON'T"),
        ("donʼt", "don't"),
        ("co\u00adoperate", "cooperate"),
        ("U.S.", "us"),
        ("U.S", "US"),
        ("É.U.", "eu"),
        ("e.g.", "EG"),
        ("1,000", "1000"),
        ("1,000,000.50", "1000000.50"),
        ("１，０００", "1000"),
        ("$5", "5"),
        ("3.5%", "3.5"),
        ("#MeToo", "metoo"),
        ("@handle", "Handle"),
    ],
)
def test_forms_that_differ_in_writing_only_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C#", "C"),
        ("C++", "C"),
        ("3.5", "35"),
        ("1.000", "1000"),
        ("AT&T", "ATT"),
        ("don't", "dont"),
        ("ı", "i"),
        ("ø", "o"),
        ("が", "か"),
        ("ば", "ぱ"),
        ("हिन्दी", "हनद"),
        ("की", "का"),
        ("שָׁלוֹם", "שלום"),
        ("ที่", "ท"),
    ],
)
def test_forms_that_are_other_words_do_not_fold_alike(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize("form", ["हिन्दी", "க்ஷ", "مُحَمَّد", "שָׁ", "ที่", "가", "が"])
def test_marks_of_scripts_that_spell_with_them_stay(form: str) -> None:
    assert fold(form) == form


@given(FORMS)
def test_folding_is_idempotent(form: str) -> None:
    assert fold(fold(form)) == fold(form)


@given(st.text("abcXYZéßЙ'", min_size=1))
def test_case_does_not_matter(form: str) -> None:
    assert fold(form.upper()) == fold(form.lower()) == fold(form)


@pytest.mark.parametrize(
    ("form", "expected"),
    [("$5", "$"), ("3.5%", "%"), ("#MeToo", "#"), ("@handle", "@"), ("C#", ""), ("nvidia", ""), ("€5%", "€%")],
)
def test_signs_are_those_at_the_edges_that_fold_away(form: str, expected: str) -> None:
    assert signs(form) == frozenset(expected)
