"""Which surface forms a word of a query stands for."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal

from newsearch.analysis.folding import fold, signs
from newsearch.analysis.stemming import stem

Level = Literal["stem", "form", "case"]
"""How alike two forms must be: the same stem, the same form but for case and accents, or the same characters."""


def matches(typed: str, form: str, level: Level) -> bool:
    """Tell whether the surface form `form` is an instance of the typed word."""
    if level == "case":
        return typed == form
    if not signs(typed) <= signs(form):
        return False
    if level == "form":
        return fold(typed) == fold(form)
    return stem(fold(typed)) == stem(fold(form))


class Vocabulary:
    """The surface forms of an index, arranged to be looked up by word.

    Args:
        forms: distinct surface forms.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._folded: dict[str, list[str]] = defaultdict(list)
        for form in forms:
            self._folded[fold(form)].append(form)
        self._stemmed: dict[str, list[str]] = defaultdict(list)
        for folded in self._folded:
            self._stemmed[stem(folded)].append(folded)

    def expand(self, typed: str, level: Level) -> list[str]:
        """Return the forms `typed` stands for, sorted; empty when the index has none."""
        folded = fold(typed)
        alike = self._stemmed.get(stem(folded), []) if level == "stem" else [folded]
        forms = (form for key in alike for form in self._folded.get(key, ()))
        return sorted(form for form in forms if matches(typed, form, level))
