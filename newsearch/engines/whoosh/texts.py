"""The words of a field of a segment, as arrays of places: a document's number and a position in one integer."""

import numpy as np

from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.masks import Mask, both, mark, run_heads
from newsearch.engines.whoosh.view import Forms, SegmentView
from newsearch.engines.whoosh.vocabulary import united_count, united_places, united_postings
from newsearch.query.tree import Term, TextField


class FieldText:
    """A field of a segment; the lead is the beginning of the body.

    Args:
        segment: that it belongs to.
        field: its name.
    """

    def __init__(self, segment: SegmentView, field: TextField) -> None:
        self.segment = segment
        self._file = segment.file
        self._reader = segment.file.fields["body" if field == "lead" else field]
        self._ends = self._file.lengths["lead"] if field == "lead" else None
        """Behind which position each document is not looked at."""

    @property
    def nowhere(self) -> Array:
        """No places."""
        return self._file.origins[:0]

    @property
    def longest(self) -> int:
        """Words of the segment's longest text."""
        return self._file.longest

    def count(self, term: Term) -> int:
        """Return in how many places a word stands, at most."""
        return sum(united_count(self._reader, forms.spans) for forms in self._forms(term))

    def places(self, term: Term, among: Mask | None = None) -> Array:
        """Return where a word stands, in no order; only in some documents if they are marked."""
        found = [
            united_places(self._reader, forms.spans, self._file.origins, both(among, _mask(forms)))
            for forms in self._forms(term)
        ]
        places = found[0] if len(found) == 1 else np.concatenate(found or [self.nowhere])
        return self._inside(places)

    def mask(self, term: Term) -> Mask:
        """Return which documents have a word, at least; where a part of them is looked at, also behind it."""
        mask = np.zeros(self.segment.size, bool)
        for documents, _ in self._whole(term):
            mark(mask, documents)
        return mask

    def postings(self, term: Term) -> list[tuple[Array, Array]]:
        """Return lists of documents with frequencies that add up to the postings of a word."""
        if self._ends is not None:
            return [self.counted(np.sort(self.places(term)))]
        return self._whole(term)

    def standing(self, form: int) -> Array:
        """Return the documents in which a form stands, by its number."""
        if self._ends is None:
            return self._reader.postings(form, form + 1)[0]
        return self.documents(self._inside(self._reader.places(form, form + 1, self._file.origins)))

    def documents(self, places: Array) -> Array:
        """Return the numbers of the documents of places."""
        return places >> self._file.shift

    def positions(self, places: Array) -> Array:
        """Return the positions of places in their documents."""
        return places & ((1 << self._file.shift) - 1)

    def counted(self, places: Array) -> tuple[Array, Array]:
        """Return the documents of ascending places, and how many lie in each."""
        documents = self.documents(places)
        heads = run_heads(documents)
        return documents.take(heads), np.diff(heads, append=len(documents))

    def _whole(self, term: Term) -> list[tuple[Array, Array]]:
        """Return the postings of a word in the whole texts that a field is part of."""
        return [
            _restricted(postings, _mask(forms))
            for forms in self._forms(term)
            for postings in united_postings(self._reader, forms.spans, self.segment.size)
        ]

    def _inside(self, places: Array) -> Array:
        if self._ends is None:
            return places
        return places.compress(self.positions(places) < self._ends.take(self.documents(places)))

    def _forms(self, term: Term) -> list[Forms]:
        return self.segment.expand(term.text, term.level)


def _mask(forms: Forms) -> Mask | None:
    return forms.speaking() if forms.speaking else None


def _restricted(postings: tuple[Array, Array], speaking: Mask | None) -> tuple[Array, Array]:
    """Return the postings of some documents."""
    if speaking is None:
        return postings
    documents, frequencies = postings
    kept = speaking.take(documents)
    return documents.compress(kept), frequencies.compress(kept)
