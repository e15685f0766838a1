"""Where a phrase stands in a field of a segment."""

import numpy as np

from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.masks import Mask, marked
from newsearch.engines.whoosh.texts import FieldText
from newsearch.query.tree import Term

MORE = 4
"""A word with more than so many places for each that is still possible is looked at only in the documents of those."""


def phrase_ends(terms: tuple[Term, ...], text: FieldText, among: Mask | None = None) -> Array:
    """Return where the last words of adjacent words stand, ascending.

    Args:
        terms: two or more, in their order.
        text: that they are looked for in.
        among: the documents to look at; None for all.
    """
    if len(terms) > text.longest:
        return text.nowhere
    counts = list(map(text.count, terms))
    # A place of the last word stands for itself, and those of the others for as much further on as they are before it.
    ahead = np.arange(len(terms))[::-1].astype(text.nowhere.dtype)
    rarest, *others = sorted(range(len(terms)), key=counts.__getitem__)
    ends: Array = text.places(terms[rarest], among) + ahead[rarest]
    for nth in others:
        if not len(ends):
            break
        near = marked(text.segment.size, text.documents(ends)) if counts[nth] > MORE * len(ends) else among
        ends = _common(ends, text.places(terms[nth], near) + ahead[nth])
    return ends  # ascending, since two words or more have been compared


def _common(some: Array, others: Array) -> Array:
    """Return the places that two arrays have in common, ascending; each has none twice."""
    # To sort both is quicker than to look for each of one in the other.
    both = np.concatenate([some, others])
    both.sort()
    common: Array = both[1:].compress(both[1:] == both[:-1])
    return common
