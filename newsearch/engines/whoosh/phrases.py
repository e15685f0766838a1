"""Where a phrase stands in a field of a segment."""

import numpy as np

from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.masks import marked, run_heads
from newsearch.engines.whoosh.view import SegmentView
from newsearch.engines.whoosh.vocabulary import united_count, united_places
from newsearch.query.tree import Phrase

MORE = 4
"""A word with more than so many places for each that is still possible is looked at only in the documents of those."""


def phrase_postings(phrase: Phrase, segment: SegmentView, field: str) -> tuple[Array, Array]:
    """Return the documents a phrase stands in, ascending, and how often in each."""
    reader, file = segment.file.fields[field], segment.file
    if len(phrase.terms) > file.longest:
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    words = [segment.expand(term.text, term.level) for term in phrase.terms]
    counts = [united_count(reader, spans) for spans in words]
    # A place of the last word stands for itself, and those of the others for as much further on as they are before it.
    ahead = np.arange(len(words))[::-1].astype(file.origins.dtype)
    rarest, *others = sorted(range(len(words)), key=counts.__getitem__)
    ends = united_places(reader, words[rarest], file.origins) + ahead[rarest]
    for nth in others:
        if not len(ends):
            break
        among = marked(segment.size, ends >> file.shift) if counts[nth] > MORE * len(ends) else None
        ends = _common(ends, united_places(reader, words[nth], file.origins, among) + ahead[nth])
    documents = ends >> file.shift  # ascending, since two words or more have been compared
    heads = run_heads(documents)
    return documents.take(heads), np.diff(heads, append=len(documents))


def _common(some: Array, others: Array) -> Array:
    """Return the places that two arrays have in common, ascending; each has none twice."""
    # To sort both is quicker than to look for each of one in the other.
    both = np.concatenate([some, others])
    both.sort()
    common: Array = both[1:].compress(both[1:] == both[:-1])
    return common
