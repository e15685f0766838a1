"""Which written forms a typed word stands for, at each level of likeness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.analysis import Level, matches

FORMS = [
    "export",
    "Export",
    "exports",
    "exported",
    "exporting",
    "expert",
    "Nvidia",
    "nvidia's",
    "Nvidia’s",
    "US",
    "U.S.",
    "us",
    "u.s",
    "café",
    "cafe",
    "Cafe",
    "cafe\u0301",
    "Zoë",
    "ZOE",
    "$5",
    "5",
    "5%",
    "€5",
    "3.5",
    "3.5%",
    "1,000",
    "1000",
    "#MeToo",
    "MeToo",
    "@metoo",
    "C",
    "C#",
    "C++",
    "Straße",
    "strasse",
    "university",
    "universities",
    "organization",
    "organic",
    "中",
    "国",
    "हिन्दी",
]
LEVELS: tuple[Level, ...] = ("stem", "form", "case")


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("export", "exports"),
        ("export", "Exported"),
        ("exporting", "export"),
        ("Nvidia", "Nvidia's"),
        ("nvidia", "Nvidia’s"),
        ("Nvidia's", "nvidia"),
        ("universities", "university"),
        ("woman", "woman"),
        ("cafe", "cafés"),
        ("5", "$5"),
        ("3.5", "3.5%"),
        ("US", "U.S."),
        ("U.S.", "us"),
    ],
)
def test_a_plain_word_finds_its_inflections_signs_and_accents(typed: str, form: str) -> None:
    assert matches(typed, form, "stem")


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("export", "expert"),
        ("organization", "organic"),
        ("international", "intern"),
        ("1990", "1990s"),
        ("C", "C#"),
        ("C++", "C"),
        ("35", "3.5"),
        ("中", "国"),
    ],
)
def test_a_plain_word_does_not_find_another_word(typed: str, form: str) -> None:
    assert not matches(typed, form, "stem")


@pytest.mark.parametrize(
    ("typed", "form", "expected"),
    [
        ("exports", "Exports", True),
        ("exports", "export", False),
        ("Nvidia", "Nvidia's", False),
        ("Zoe", "Zoë", True),
        ("strasse", "Straße", True),
        ("US", "U.S.", True),
        ("1,000", "1000", True),
        ("metoo", "#MeToo", True),
    ],
)
def test_an_exact_word_ignores_case_accents_and_signs_only(typed: str, form: str, *, expected: bool) -> None:
    assert matches(typed, form, "form") is expected


@pytest.mark.parametrize(
    ("typed", "form", "expected"),
    [("US", "US", True), ("US", "us", False), ("US", "U.S.", False), ("Zoe", "Zoë", False), ("5", "$5", False)],
)
def test_the_case_level_compares_the_characters_as_written(typed: str, form: str, *, expected: bool) -> None:
    assert matches(typed, form, "case") is expected


@pytest.mark.parametrize("level", ["stem", "form"])
@pytest.mark.parametrize(
    ("typed", "form", "expected"),
    [
        ("$5", "$5", True),
        ("$5", "5", False),
        ("$5", "€5", False),
        ("3.5%", "3.5", False),
        ("#MeToo", "MeToo", False),
        ("#metoo", "#MeToo", True),
        ("#MeToo", "@metoo", False),
    ],
)
def test_a_typed_sign_must_be_there(level: Level, typed: str, form: str, *, expected: bool) -> None:
    assert matches(typed, form, level) is expected


@given(typed=st.sampled_from(FORMS), form=st.sampled_from(FORMS))
def test_each_level_is_stricter_than_the_one_before(typed: str, form: str) -> None:
    assert matches(typed, form, "case") <= matches(typed, form, "form") <= matches(typed, form, "stem")
