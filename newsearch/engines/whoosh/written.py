"""How a word of a query is written in the articles of an index."""

from collections import Counter, defaultdict
from functools import reduce
from typing import NamedTuple
from unicodedata import normalize

import numpy as np

from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.masks import mark
from newsearch.engines.whoosh.occurrences import fields_of
from newsearch.engines.whoosh.texts import FieldText
from newsearch.engines.whoosh.view import Forms, IndexView, SegmentView
from newsearch.model import WrittenForms
from newsearch.query.tree import Term

COUNTED = 200
"""Forms of a word whose articles are counted; of more, those with the most postings."""


class _Entry(NamedTuple):
    """A form in the dictionary of a segment."""

    segment: SegmentView
    number: int
    alike: Forms
    """Those it belongs to, which tell in which documents it is an instance of the word."""


def written_forms(view: IndexView, word: Term, most: int) -> WrittenForms:
    """Return the forms of a word that stand in current editions, in its field.

    Args:
        view: the index.
        word: of a query.
        most: forms that are named.
    """
    entries: dict[str, list[_Entry]] = defaultdict(list)
    postings: Counter[str] = Counter()
    exact = True
    for segment in view.segments:
        for alike in segment.expand(word.text, word.level):
            numbers = np.concatenate([np.arange(span.start, span.stop) for span in alike.spans] or [np.zeros(0, int)])
            counts = _postings(segment, word, numbers)
            exact &= len(numbers) <= COUNTED
            for nth in np.argsort(-counts, kind="stable")[:COUNTED].tolist():
                form = normalize("NFC", segment.file.forms[int(numbers[nth])].decode())
                entries[form].append(_Entry(segment, int(numbers[nth]), alike))
                postings[form] += int(counts[nth])
    frequent = [form for form, _ in (+postings).most_common(COUNTED)]
    found = {form: _articles(entries[form], word) for form in frequent}
    standing = sorted((pair for pair in found.items() if pair[1]), key=lambda pair: (-pair[1], pair[0]))
    return WrittenForms(len(standing), tuple(standing[:most]), exact and len(+postings) <= COUNTED)


def _postings(segment: SegmentView, word: Term, numbers: Array) -> Array:
    """Return how many postings forms have, of whatever documents."""
    readers = (segment.file.fields["body" if field == "lead" else field] for field in fields_of(word))
    starts = (reader.starts.read().astype(np.int64) for reader in readers)
    return reduce(np.add, (each.take(numbers + 1) - each.take(numbers) for each in starts))


def _articles(entries: list[_Entry], word: Term) -> int:
    """Return in how many current editions a form, as it may be written in several ways, is an instance of a word."""
    masks = {id(entry.segment): (entry.segment, np.zeros(entry.segment.size, bool)) for entry in entries}
    for segment, number, alike in entries:
        own = np.zeros(segment.size, bool)
        for field in fields_of(word):
            mark(own, FieldText(segment, field).standing(number))
        speaking = alike.speaking() if alike.speaking else segment.current
        masks[id(segment)][1][:] |= own & speaking
    return sum(int(np.count_nonzero(mask & segment.current)) for segment, mask in masks.values())
