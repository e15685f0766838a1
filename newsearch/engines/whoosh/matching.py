"""A query tree over the arrays of an index: which documents match, and how well.

In each segment a node first gives the documents it matches, then scores those that are left. What a word's score needs
of the whole archive (how many articles have it) is summed over the segments in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import reduce

import numpy as np

from newsearch.engines.bm25f import FIELD_WEIGHTS, inverse_document_frequency, term_score
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.schema import UNKNOWN
from newsearch.engines.whoosh.view import Floats, IndexView, Mask, SegmentView
from newsearch.engines.whoosh.vocabulary import united_places, united_postings
from newsearch.model import microseconds
from newsearch.query.tree import And, Between, Everything, Keyword, Node, Not, Or, Phrase, Term

Leaf = Term | Phrase

_SHIFT = 32
_DENSE = 16
"""A word in more than one of so many documents is added up over all documents at once."""


@dataclass(slots=True)
class Occurrences:
    """Where a leaf stands in one segment."""

    documents: Array
    """Ascending."""
    frequencies: Floats
    """Weighted, one for each of the documents."""

    def frequencies_in(self, documents: Array, size: int) -> Floats:
        """Return the weighted frequency in each of some documents of a segment of `size`; 0.0 where there is none."""
        if documents is self.documents:
            return self.frequencies
        table = np.zeros(size)
        table[self.documents] = self.frequencies
        return table[documents]


class Matcher:
    """Evaluates one tree.

    Args:
        view: the index.
        tree: what to match.
    """

    def __init__(self, view: IndexView, tree: Node) -> None:
        self.view = view
        self._occurrences: dict[Leaf, list[Occurrences]] = {}
        self.weights: dict[Leaf, float] = {}
        """The inverse document frequency of each leaf."""
        self._collect(tree)
        self.documents = [self._match(tree, nth) for nth in range(len(view.segments))]
        """The matching documents of each segment, ascending."""
        self._tree = tree

    def scores(self) -> list[Floats]:
        """Return the scores of the matching documents, by segment."""
        return [self._score(self._tree, nth, documents, sure=True) for nth, documents in enumerate(self.documents)]

    def _collect(self, node: Node) -> None:
        match node:
            case Term() | Phrase():
                if node not in self._occurrences:
                    found = [self._find(node, segment) for segment in self.view.segments]
                    self._occurrences[node] = found
                    containing = sum(len(one.documents) for one in found)
                    self.weights[node] = inverse_document_frequency(self.view.count, containing)
            case And(children) | Or(children):
                for child in children:
                    self._collect(child)
            case Not(child):
                self._collect(child)

    def _match(self, node: Node, nth: int) -> Array:
        """Return the current documents of a segment that a node matches, ascending."""
        segment = self.view.segments[nth]
        match node:
            case Term() | Phrase():
                return self._occurrences[node][nth].documents
            case And(children):
                return self._all_of(children, nth)
            case Or(children):
                masks = [_mask(self._match(child, nth), segment.size) for child in children]
                return np.flatnonzero(reduce(np.logical_or, masks))
            case Not(child):
                return np.flatnonzero(segment.current & ~_mask(self._match(child, nth), segment.size))
            case Keyword(field, value):
                return np.flatnonzero(segment.file.with_value(field, value) & segment.current)
            case Between():
                return np.flatnonzero(self._between(node, segment) & segment.current)
            case Everything():
                return np.flatnonzero(segment.current)

    def _all_of(self, children: Sequence[Node], nth: int) -> Array:
        size = self.view.segments[nth].size
        found = sorted((self._match(child, nth) for child in children), key=len)
        left = found[0]
        for documents in found[1:]:
            if not len(left):
                break
            left = left[_mask(documents, size)[left]]
        return left

    def _score(self, node: Node, nth: int, documents: Array, *, sure: bool) -> Floats:
        """Return the scores of some documents, 0.0 for those not matched; `sure` when all of them are."""
        match node:
            case Term() | Phrase():
                return self._leaf_scores(node, nth, documents)
            case And(children):
                scores = reduce(np.add, (self._score(child, nth, documents, sure=sure) for child in children))
                if sure:
                    return scores
                matched = _mask(self._match(node, nth), self.view.segments[nth].size)[documents]
                return np.where(matched, scores, 0.0)
            case Or(children):
                return reduce(np.add, (self._score(child, nth, documents, sure=False) for child in children))
            case _:
                return np.zeros(len(documents))

    def _leaf_scores(self, leaf: Leaf, nth: int, documents: Array) -> Floats:
        size = self.view.segments[nth].size
        frequencies = self._occurrences[leaf][nth].frequencies_in(documents, size)
        lengths, average = self.view.lengths(_fields(leaf))
        with np.errstate(invalid="ignore", divide="ignore"):
            scores: Floats = term_score(self.weights[leaf], frequencies, lengths[nth][documents], average)
        return scores if documents is self._occurrences[leaf][nth].documents else np.where(frequencies > 0, scores, 0.0)

    def _find(self, leaf: Leaf, segment: SegmentView) -> Occurrences:
        parts = [part for field in _fields(leaf) for part in _parts(leaf, field, segment)]
        occurrences = _added(parts, segment.size)
        if segment.all_current:
            return occurrences
        kept = segment.current[occurrences.documents]
        return Occurrences(occurrences.documents[kept], occurrences.frequencies[kept])

    def _between(self, node: Between, segment: SegmentView) -> Mask:
        """Ends have fixed offsets, so a day's midnight on their clocks is a subtraction."""
        mask: Mask = segment.file.column(node.field) != UNKNOWN
        if node.start:
            mask &= segment.instants(node.field, node.start.tzinfo or UTC) >= microseconds(node.start)
        if node.end:
            mask &= segment.instants(node.field, node.end.tzinfo or UTC) < microseconds(node.end)
        return mask


def _fields(leaf: Leaf) -> tuple[str, ...]:
    return (leaf.field,) if leaf.field else tuple(FIELD_WEIGHTS)


def _parts(leaf: Leaf, field: str, segment: SegmentView) -> list[tuple[Array, Array, float]]:
    """Return (documents, frequencies, weight) for each list of postings a leaf stands for in a field."""
    weight = FIELD_WEIGHTS[field]
    if isinstance(leaf, Term):
        reader = segment.file.fields[field]
        lists = united_postings(reader, segment.expand(leaf.text, leaf.level), segment.size)
        return [(documents, frequencies, weight) for documents, frequencies in lists if len(documents)]
    places = _phrase_places(leaf, field, segment)
    documents, counts = np.unique(places >> _SHIFT, return_counts=True)
    return [(documents, counts, weight)] if len(documents) else []


def _phrase_places(phrase: Phrase, field: str, segment: SegmentView) -> Array:
    """Return where a phrase begins, from its rarest word on."""
    reader = segment.file.fields[field]
    forms = [segment.expand(term.text, term.level) for term in phrase.terms]
    sizes = [reader.count(alike) for alike in forms]
    left: Array | None = None
    for nth in sorted(range(len(forms)), key=sizes.__getitem__):
        if left is not None and not len(left):
            break
        places = united_places(reader, forms[nth], _SHIFT) - nth
        left = places if left is None else _common(left, places)
    return left if left is not None else np.zeros(0, np.int64)


def _common(few: Array, many: Array) -> Array:
    """Return the numbers of one ascending array that another has too."""
    if not len(many):
        return many
    places = np.searchsorted(many, few)
    places[places == len(many)] = 0
    common: Array = few[many[places] == few]
    return common


def _added(parts: Sequence[tuple[Array, Array, float]], size: int) -> Occurrences:
    """Add lists of postings up to one."""
    if not parts:
        return Occurrences(np.zeros(0, np.intp), np.zeros(0))
    if len(parts) == 1:
        documents, frequencies, weight = parts[0]
        return Occurrences(documents.astype(np.intp), frequencies * weight)
    if sum(len(documents) for documents, _, _ in parts) * _DENSE > size:
        table = np.zeros(size)
        for documents, frequencies, weight in parts:
            table[documents] += frequencies * weight
        found = np.flatnonzero(table)
        return Occurrences(found, table[found])
    distinct, which = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    weighted = np.concatenate([frequencies * weight for _, frequencies, weight in parts])
    return Occurrences(distinct.astype(np.intp), np.bincount(which, weighted, len(distinct)).astype(np.float64))


def _mask(documents: Array, size: int) -> Mask:
    mask = np.zeros(size, bool)
    mask[documents] = True
    return mask
