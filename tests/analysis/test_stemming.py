"""Which words have the same stem in the language of an article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.analysis import ENGLISH, fold, matches, stem, stems
from newsearch.analysis.languages import _CODES

ALIKE = {
    "german": [
        ("Haus", "Häuser"),
        ("haeuser", "Häuser"),
        ("Wahl", "WAHLEN"),
        ("strasse", "Straßen"),
        ("Präsident", "Praesidenten"),
        ("präsidenten", "Präsident"),
        ("Merkel", "Merkels"),
        ("Merkel", "Merkel’s"),
    ],
    "french": [
        ("election", "élections"),
        ("élection", "ÉLECTIONS"),
        ("Préfet", "prefets"),
        ("prefet", "préfets"),
        ("acheter", "achetée"),
        ("achetée", "ACHETEE"),
        ("national", "nationaux"),
        ("élection", "l’élection"),
        ("homme", "l'homme"),
    ],
    "spanish": [("elección", "elecciones"), ("eleccion", "elecciones"), ("hablar", "hablé"), ("hable", "hablé")],
    "italian": [("città", "citta"), ("elezione", "elezioni"), ("vecchio", "VECCHI")],
    "portuguese": [("cidade", "Cidades"), ("eleição", "eleicao"), ("país", "pais"), ("falar", "falávamos")],
    "dutch": [("huis", "huizen"), ("verkiezing", "Verkiezingen"), ("foto", "foto's"), ("financiën", "financien")],
    "swedish": [("stad", "städer"), ("regering", "REGERINGARNA"), ("stader", "städer")],
    "russian": [("выборы", "Выборах"), ("красивый", "красивые"), ("елка", "Ёлки"), ("НОВЫЙ", "новая")],
    ENGLISH: [("export", "Exporting"), ("Nvidia", "Nvidia’s"), ("cafe", "cafés")],
}
APART = {
    "german": [("export", "exported"), ("Haus", "Hass")],
    "french": [("export", "exporting"), ("acheter", "achat")],
    "russian": [("Haus", "Häuser")],
    ENGLISH: [("Haus", "Häuser"), ("national", "nationaux"), ("achetée", "acheter"), ("Preis", "Preise")],
}
FORMS = [form for pairs in (*ALIKE.values(), *APART.values()) for pair in pairs for form in pair]


@pytest.mark.parametrize(("language", "typed", "form"), [(name, *pair) for name in ALIKE for pair in ALIKE[name]])
def test_inflections_meet_in_their_language_with_accents_and_without(language: str, typed: str, form: str) -> None:
    assert matches(typed, form, "stem", language)
    assert matches(form, typed, "stem", language)
    assert matches(typed.upper(), form, "stem", language)


@pytest.mark.parametrize(("language", "typed", "form"), [(name, *pair) for name in APART for pair in APART[name]])
def test_words_that_are_alike_in_another_language_do_not(language: str, typed: str, form: str) -> None:
    assert not matches(typed, form, "stem", language)


@pytest.mark.parametrize("form", FORMS)
def test_english_has_one_stem_that_of_the_folded_form(form: str) -> None:
    assert stems(form, ENGLISH) == (stem(fold(form)),)


words = st.sampled_from(FORMS) | st.text(max_size=8)
languages = st.sampled_from(sorted(_CODES))


@given(form=words, other=words, language=languages)
def test_a_language_matters_to_stems_alone_and_never_parts_what_folds_alike(
    form: str, other: str, language: str
) -> None:
    assert matches(form, other, "form", language) is matches(form, other, "form")
    assert matches(form, other, "form") <= matches(form, other, "stem", language)
    assert set(stems(fold(form), language)) & set(stems(form, language))


@pytest.mark.parametrize("language", ["german", "french", "russian", "spanish"])
@pytest.mark.parametrize(
    ("typed", "form", "expected"),
    [
        ("US", "U.S.", True),
        ("5", "$5", True),
        ("$5", "5", False),
        ("1000", "1,000", True),
        ("#MeToo", "MeToo", False),
        ("C", "C#", False),
        ("中", "国", False),
        ("中", "中", True),
    ],
)
def test_signs_acronyms_and_numbers_mean_the_same_in_every_language(
    language: str, typed: str, form: str, *, expected: bool
) -> None:
    assert matches(typed, form, "stem", language) is expected
