"""The forms of documents in other languages than English by their stems, since the lexicon is sorted by English ones.

For each other language that documents of a segment are in, its file has two arrays, such as `german.stems` and
`german.forms`: a hash for each stem of the forms that stand in those documents, ascending, and the number of the form.
Stems may share a hash, so that forms that are found are still to be compared. Where all documents are in English there
is nothing of the kind.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from zlib import crc32

import numpy as np

from newsearch.analysis import ENGLISH, language_of, stems
from newsearch.engines.whoosh.blocks import Array, BlockFile
from newsearch.engines.whoosh.masks import Mask, nonzero
from newsearch.engines.whoosh.remembered import Remembered
from newsearch.engines.whoosh.strings import Strings

MASKS_KEPT = 16
"""Sets of languages of which it is remembered which documents are in them."""
# Each form is seen once a language here, so that to remember its stems would only take memory.
_stems = stems.__wrapped__


class LanguageForms:
    """Collects which forms stand in documents in other languages than English.

    Args:
        langs: what each document states as its language.
        forms: how many there are.
    """

    def __init__(self, langs: Sequence[str], forms: int) -> None:
        spoken = list(map(language_of, langs))
        others = sorted(set(spoken) - {ENGLISH})
        self._speaking = {language: np.array([one == language for one in spoken], bool) for language in others}
        self._standing = {language: np.zeros(forms, bool) for language in others}

    def add(self, postings: Iterable[tuple[Array, Array]]) -> None:
        """Look at a field.

        Args:
            postings: of ranges of forms that follow each other from the first on, in how many documents each form
                stands, and in which.
        """
        first = 0
        for counts, documents in postings if self._standing else ():
            forms = np.arange(first, first + len(counts)).repeat(counts)
            for language, standing in self._standing.items():
                standing[forms.compress(self._speaking[language].take(documents))] = True
            first += len(counts)

    def arrays(self, form_of: Callable[[int], str]) -> dict[str, Array]:
        """Return the arrays of all languages by name.

        Args:
            form_of: gives a form, as it is written, by its number.
        """
        found: dict[str, Array] = {}
        for language, standing in self._standing.items():
            numbers = nonzero(standing).tolist()
            pairs = sorted((_hash(stem), number) for number in numbers for stem in _stems(form_of(number), language))
            found[f"{language}.stems"], found[f"{language}.forms"] = np.array(pairs, np.uint32).reshape(-1, 2).T
        return found


class Languages:
    """The languages of a segment's documents.

    Args:
        file: of the segment.
    """

    def __init__(self, file: BlockFile) -> None:
        self._file = file
        self._masks: Remembered[tuple[str, ...], Mask] = Remembered(MASKS_KEPT)

    @cached_property
    def _of_values(self) -> list[str]:
        """The language that each stated value stands for."""
        return [language_of(value.decode()) for value in Strings(self._file, "lang").all()]

    @cached_property
    def all(self) -> tuple[str, ...]:
        """Those that documents are in."""
        return tuple(sorted(set(self._of_values)))

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Those of them that are not English."""
        return tuple(language for language in self.all if language != ENGLISH)

    def speaking(self, languages: tuple[str, ...]) -> Mask:
        """Return which documents are in one of some languages."""
        return self._masks.get(languages, lambda: self._in_one_of(languages))

    def _in_one_of(self, languages: tuple[str, ...]) -> Mask:
        chosen = np.array([language in languages for language in self._of_values], bool)
        return chosen.take(self._file["lang.values"].read())

    def forms_like(self, typed: str) -> set[int]:
        """Return the numbers of the forms that share a stem with a typed word in one of the others, and maybe more."""
        found: set[int] = set()
        for language in self.others:
            hashes = self._file[f"{language}.stems"].read()
            for wanted in (np.uint32(_hash(stem)) for stem in stems(typed, language)):
                start, end = hashes.searchsorted(wanted), hashes.searchsorted(wanted, "right")
                found.update(self._file[f"{language}.forms"].read(int(start), int(end)).tolist())
        return found


def _hash(stem: str) -> int:
    return crc32(stem.encode())
