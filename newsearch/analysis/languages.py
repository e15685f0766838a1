"""The languages that Snowball has a stemmer for, and which of them an article is in."""

import re
from functools import lru_cache

ENGLISH = "english"
"""Also stands for every language without a stemmer, and for an unknown one."""
_CODES = {
    "arabic": "ar ara",
    "armenian": "hy hye arm",
    "basque": "eu eus baq",
    "catalan": "ca cat",
    "czech": "cs ces cze",
    "danish": "da dan",
    "dutch": "nl nld dut",
    "english": "en eng",
    "esperanto": "eo epo",
    "estonian": "et est",
    "finnish": "fi fin",
    "french": "fr fra fre",
    "german": "de deu ger",
    "greek": "el ell gre",
    "hindi": "hi hin",
    "hungarian": "hu hun",
    "indonesian": "id ind",
    "irish": "ga gle",
    "italian": "it ita",
    "lithuanian": "lt lit",
    "nepali": "ne nep",
    "norwegian": "no nor nb nob nn nno",
    "persian": "fa fas per",
    "polish": "pl pol",
    "portuguese": "pt por",
    "romanian": "ro ron rum",
    "russian": "ru rus",
    "serbian": "sr srp",
    "sesotho": "st sot",
    "spanish": "es spa",
    "swedish": "sv swe",
    "tamil": "ta tam",
    "turkish": "tr tur",
    "yiddish": "yi yid",
}
"""Snowball's name of each language, and its codes in ISO 639-1, 639-2 and 639-3.

An index holds stems in the languages of its articles, so that a change here is a change of its format.
"""
_LANGUAGES = {code: name for name, codes in _CODES.items() for code in (name, *codes.split())}
_SUBTAG = re.compile(r"[a-z]+")


@lru_cache(maxsize=1 << 10)
def language_of(lang: str) -> str:
    """Return Snowball's name of the language that an article states: a code, a tag such as `de-AT`, or such a name.

    Of a tag (RFC 5646) only the first part counts; case and white space around it do not.
    """
    first = _SUBTAG.match(lang.strip().lower())
    return _LANGUAGES.get(first[0], ENGLISH) if first else ENGLISH
