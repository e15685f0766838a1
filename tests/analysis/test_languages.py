"""Which stemmer an article's stated language stands for."""

import pytest
import Stemmer

from newsearch.analysis import ENGLISH, language_of
from newsearch.analysis.languages import _CODES


@pytest.mark.parametrize("lang", ["de", "DE", "de-AT", "de_CH.UTF-8", "De-Latn-DE", " de ", "deu", "ger", "German"])
def test_a_language_is_known_by_its_codes_tags_and_name(lang: str) -> None:
    assert language_of(lang) == "german"


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("fr-CA", "french"),
        ("fre", "french"),
        ("es", "spanish"),
        ("it", "italian"),
        ("pt-BR", "portuguese"),
        ("nld", "dutch"),
        ("sv", "swedish"),
        ("ru", "russian"),
        ("nb-NO", "norwegian"),
        ("nn", "norwegian"),
        ("el", "greek"),
        ("pl", "polish"),
        ("en-GB", ENGLISH),
        ("eng", ENGLISH),
    ],
)
def test_others_are_known_alike(lang: str, expected: str) -> None:
    assert language_of(lang) == expected


@pytest.mark.parametrize(
    "lang",
    ["", " ", "zh", "zh-Hant", "ja", "und", "mul", "x-klingon", "deutsch", "dé", "-de", "12", "中文", "porter", "\0"],
)
def test_what_has_no_stemmer_or_is_unknown_counts_as_english(lang: str) -> None:
    assert language_of(lang) == ENGLISH


def test_snowball_has_every_language_by_its_codes_too() -> None:
    assert set(_CODES) == {name for name in Stemmer.algorithms() if "porter" not in name}
    codes = [code for codes in _CODES.values() for code in codes.split()]
    assert len(codes) == len(set(codes))
