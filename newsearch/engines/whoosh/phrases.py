"""Where a phrase stands in a field of a segment."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.view import Mask, SegmentView
from newsearch.engines.whoosh.vocabulary import united_documents, united_places
from newsearch.query.tree import Phrase


def phrase_postings(phrase: Phrase, segment: SegmentView, field: str) -> tuple[Array, Array]:
    """Return the documents a phrase stands in, ascending, and how often it begins in each."""
    reader = segment.file.fields[field]
    words = [segment.expand(term.text, term.level) for term in phrase.terms]
    lists = [united_documents(reader, spans, segment.size) for spans in words]
    sizes = [sum(map(len, documents)) for documents in lists]
    if not all(sizes):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    among = _with_all(lists, segment.size)
    origins = segment.file.origins
    rising = sorted(range(len(words)), key=sizes.__getitem__)
    places = (united_places(reader, words[nth], origins, among) - origins.dtype.type(nth) for nth in rising)
    begins = reduce(_common, places)
    documents = begins >> begins.dtype.type(segment.file.shift)
    heads = run_heads(documents)
    return documents.take(heads), np.diff(heads, append=len(documents))


def _with_all(lists: Sequence[Sequence[Array]], size: int) -> Mask:
    """Return which documents are in each of some lists of lists."""
    among = np.ones(size, bool)
    for documents in lists:
        having = np.zeros(size, bool)
        for part in documents:
            mark(having, part)
        among &= having
    return among


def _common(some: Array, others: Array) -> Array:
    """Return the places that two arrays have in common, ascending; each has none twice."""
    # To merge the runs of both is quicker than to look for each of one in the other.
    both = np.sort(np.concatenate([some, others]), kind="stable")
    return both[1:].compress(both[1:] == both[:-1])


def mark(mask: Mask, numbers: Array) -> None:
    """Set a mask at some places."""
    # An assignment through numbers of any other type takes three times as long.
    mask[numbers.astype(np.intp, copy=False)] = True


def run_heads(numbers: Array) -> Array:
    """Return where runs of the same number begin."""
    new = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return np.flatnonzero(new)
