"""Which surface forms a word of a query stands for."""

from typing import Literal

from newsearch.analysis.folding import fold, signs
from newsearch.analysis.stemming import stem
from newsearch.analysis.wildcards import pattern

Level = Literal["stem", "form", "case", "wildcard"]
"""How alike two forms must be: the same stem, the same form but for case and accents, or the same characters; or the
form one of those that the typed word's `*` and `?` leave open."""


def matches(typed: str, form: str, level: Level) -> bool:
    """Tell whether the surface form `form` is an instance of the typed word."""
    if level == "case":
        return typed == form
    if not signs(typed) <= signs(form):
        return False
    if level == "form":
        return fold(typed) == fold(form)
    if level == "wildcard":
        return pattern(typed).matches(fold(form))
    return stem(fold(typed)) == stem(fold(form))
