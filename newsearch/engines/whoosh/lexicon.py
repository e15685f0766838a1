"""The distinct forms of a segment in an order in which those that are alike follow each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newsearch.engines.whoosh.blocks import Array


@dataclass(slots=True)
class Lexicon:
    """The forms of a segment, sorted by English stem, then folded form, then form, as UTF-8.

    So the forms of a stem are a range, and their postings too: a word of a query reads one slice of each array.
    """

    forms: list[str]
    folds: Array
    """Where each group of forms with the same stem and folded form begins, and the end of the last."""
    stems: list[str]
    stem_starts: Array
    """Where each stem's groups begin in `folds`, and the end of the last."""
    by_fold: Array
    """The groups in the order of their folded forms."""

    @classmethod
    def of(cls, keys: Sequence[str]) -> "Lexicon":
        """Arrange forms.

        Args:
            keys: as in `ChunkTable.keys`, distinct, sorted.
        """
        forms: list[str] = []
        folded: list[str] = []
        stems: list[str] = []
        folds: list[int] = []
        stem_starts: list[int] = []
        last_stem = last_fold = None
        for number, key in enumerate(keys):
            stem, fold, form = key.split("\0")
            forms.append(form)
            if stem != last_stem:
                stems.append(stem)
                stem_starts.append(len(folds))
            if stem != last_stem or fold != last_fold:
                folded.append(fold)
                folds.append(number)
            last_stem, last_fold = stem, fold
        by_fold = sorted(range(len(folded)), key=folded.__getitem__)
        return cls(
            forms,
            np.array([*folds, len(forms)], np.uint32),
            stems,
            np.array([*stem_starts, len(folds)], np.uint32),
            np.array(by_fold, np.uint32),
        )
