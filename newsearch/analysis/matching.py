"""Which surface forms a word of a query stands for."""

from typing import Literal
from unicodedata import normalize

from newsearch.analysis.folding import fold, signs
from newsearch.analysis.fuzzy import bare, within
from newsearch.analysis.languages import ENGLISH
from newsearch.analysis.stemming import stems
from newsearch.analysis.wildcards import pattern

Level = Literal["stem", "form", "case", "wildcard", "fuzzy", "fuzzier"]
"""How alike two forms must be: the same stem, the same form but for case and accents, or the same characters; or the
form one of those that the typed word's `*` and `?` leave open, or one or two edits away."""
EDITS: dict[Level, int] = {"fuzzy": 1, "fuzzier": 2}
"""How many edits a level allows."""


def matches(typed: str, form: str, level: Level, language: str = ENGLISH) -> bool:
    """Tell whether the surface form `form` is an instance of the typed word.

    Args:
        typed: the word of a query.
        form: a word of an article.
        level: how alike they must be.
        language: of the article, as `language_of` names it; it matters to stems only.
    """
    if level == "case":
        return normalize("NFC", typed) == normalize("NFC", form)
    if not signs(typed) <= signs(form):
        return False
    match level:
        case "form":
            return fold(typed) == fold(form)
        case "wildcard":
            return pattern(typed).matches(fold(form))
        case "fuzzy" | "fuzzier":
            return within(bare(fold(typed)), bare(fold(form)), EDITS[level])
    return not set(stems(typed, language)).isdisjoint(stems(form, language))
