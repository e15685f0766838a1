"""Fold a surface form: what is left when case, accents, compatibility forms, acronym dots and signs do not matter."""

import re
import unicodedata
from functools import lru_cache

_SIGNS = "$€£¥₹#@%"
_MARKED_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
_ACRONYM = re.compile(r"[^\W\d_](?:\.[^\W\d_])+\.?")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d|,)")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060"))
_APOSTROPHES = str.maketrans("’ʼ＇", "'''")


@lru_cache(maxsize=1 << 17)
def fold(form: str) -> str:
    """Return the folded form: NFKC, casefolded, without signs, and without marks on Latin, Greek and Cyrillic letters.

    Marks of other scripts spell words apart and stay. Folding is idempotent.
    """
    return _without_signs(form.lower() if form.isascii() else without_marks(_caseless(form)))


def accented(form: str) -> str:
    """Return the folded form with all of its marks, composed."""
    return _without_signs(_caseless(form))


@lru_cache(maxsize=1 << 17)
def signs(form: str) -> frozenset[str]:
    """Return the signs a surface form carries at its edges; a typed sign must be there, an untyped one is ignored."""
    return frozenset(sign for sign in _SIGNS if form.startswith(sign) or (sign == "%" and form.endswith(sign)))


def without_marks(caseless: str) -> str:
    """Return a word without the marks on its Latin, Greek and Cyrillic letters, composed."""
    if caseless.isascii():
        return caseless
    return unicodedata.normalize("NFC", "".join(_unmarked(unicodedata.normalize("NFD", caseless))))


def _caseless(form: str) -> str:
    folded = unicodedata.normalize("NFKC", form.translate(_UNSEEN))
    return unicodedata.normalize("NFKC", folded.casefold()).translate(_APOSTROPHES)


def _without_signs(folded: str) -> str:
    """Return what is left without signs at the edges, the dots of an acronym and the commas of a number."""
    folded = folded.strip(_SIGNS) if not folded.endswith("#") else folded.lstrip(_SIGNS)
    if "." in folded and _ACRONYM.fullmatch(folded):
        return folded.replace(".", "")
    if "," in folded and _THOUSANDS.match(folded):
        return folded.replace(",", "")
    return folded


def _unmarked(decomposed: str) -> list[str]:
    kept: list[str] = []
    strips = False
    for character in decomposed:
        if unicodedata.category(character) == "Mn":
            if strips:
                continue
        else:
            strips = unicodedata.name(character, "").startswith(_MARKED_SCRIPTS)
        kept.append(character)
    return kept
