"""A query tree over an index's arrays: which documents match, and how well."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from newsearch.engines.bm25f import FIELD_WEIGHTS, inverse_document_frequency, term_score
from newsearch.engines.whoosh.schema import DAY_PUBLISHED, DAY_UPDATED, UNKNOWN
from newsearch.engines.whoosh.view import DOCUMENT_SHIFT, Floats, IndexView, Integers, Mask
from newsearch.query.tree import And, Between, Everything, Keyword, Node, Not, Or, Phrase, Term, TimeField

Leaf = Term | Phrase
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Matched:
    """The documents a node matches."""

    mask: Mask
    scores: Floats
    """Zero where the mask is off."""


class Matcher:
    """Evaluates trees over one view.

    Args:
        view: the index.
    """

    def __init__(self, view: IndexView) -> None:
        self.view = view
        self.weights: dict[Leaf, float] = {}
        """The inverse document frequency of each leaf met so far."""

    def match(self, node: Node) -> Matched:
        """Evaluate a node over the current editions."""
        match node:
            case Term() | Phrase():
                return self._leaf(node)
            case And(children) | Or(children):
                return self._combined(children, every=isinstance(node, And))
            case Not(child):
                return self._unranked(self.view.current & ~self.match(child).mask)
            case Keyword(field, value):
                mask = np.zeros(self.view.size, bool)
                mask[self._documents_with(field, value)] = True
                return self._unranked(mask & self.view.current)
            case Between(field, start, end):
                return self._unranked(self._between(field, start, end) & self.view.current)
            case Everything():
                return self._unranked(self.view.current)

    def instants(self, field: TimeField, zone: tzinfo) -> Integers:
        """Return a time of every document in seconds since the epoch, days at their midnight in `zone`."""
        day = DAY_PUBLISHED if field == "published" else DAY_UPDATED
        seconds = self.view.column(f"{field}_at")
        for number in np.flatnonzero(self.view.marks & day):
            midnight = (EPOCH + timedelta(seconds=int(seconds[number]))).replace(tzinfo=zone)
            seconds[number] = round(midnight.timestamp())
        return seconds

    def _combined(self, children: tuple[Node, ...], *, every: bool) -> Matched:
        first, *others = (self.match(child) for child in children)
        mask, scores = first.mask.copy(), first.scores.copy()
        for other in others:
            mask = mask & other.mask if every else mask | other.mask
            scores += other.scores
        return Matched(mask, np.where(mask, scores, 0.0))

    def _leaf(self, leaf: Leaf) -> Matched:
        fields = (leaf.field,) if leaf.field else tuple(FIELD_WEIGHTS)
        frequencies = np.zeros(self.view.size)
        for field in fields:
            documents = self._places(leaf, field) >> DOCUMENT_SHIFT
            frequencies += FIELD_WEIGHTS[field] * np.bincount(documents, minlength=self.view.size)
        mask = (frequencies > 0) & self.view.current
        self.weights[leaf] = inverse_document_frequency(self.view.count, int(mask.sum()))
        scores = np.zeros(self.view.size)
        if mask.any():
            lengths = self.view.weighted_lengths(fields)
            average = float(lengths[self.view.current].sum()) / self.view.count
            scores[mask] = term_score(self.weights[leaf], frequencies[mask], lengths[mask], average)
        return Matched(mask, scores)

    def _places(self, leaf: Leaf, field: str) -> Integers:
        """Return the places at which a word stands or a phrase begins."""
        if isinstance(leaf, Term):
            return self._term_places(leaf, field)
        places = self._term_places(leaf.terms[0], field)
        for distance, term in enumerate(leaf.terms[1:], 1):
            places = np.intersect1d(places, self._term_places(term, field) - distance, assume_unique=True)
        return places

    def _term_places(self, term: Term, field: str) -> Integers:
        forms = self.view.vocabulary.expand(term.text, term.level)
        places = [self.view.places(field, form) for form in forms]
        return np.sort(np.concatenate(places)) if places else np.zeros(0, np.int64)

    def _documents_with(self, field: str, value: str) -> list[int] | Mask:
        if value:
            return self.view.documents(field, value)
        mask = np.ones(self.view.size, bool)
        for text in self.view.reader.lexicon(field):
            mask[self.view.documents(field, text.decode())] = False
        return mask

    def _between(self, field: TimeField, start: datetime | None, end: datetime | None) -> Mask:
        mask: Mask = self.view.column(f"{field}_at") != UNKNOWN
        if start:
            mask &= self.instants(field, start.tzinfo or UTC) >= start.timestamp()
        if end:
            mask &= self.instants(field, end.tzinfo or UTC) < end.timestamp()
        return mask

    def _unranked(self, mask: Mask) -> Matched:
        return Matched(mask, np.zeros(self.view.size))
