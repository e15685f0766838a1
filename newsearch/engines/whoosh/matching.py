"""A query tree over the arrays of an index: which documents match, and how well.

First it is found where each word and each phrase stands, in all segments; then a node of the tree gives the documents
it matches, and scores those that are left. Documents are numbered through all segments, so that what is done for a node
is done once, whatever the number of segments.
"""

from collections.abc import Sequence
from datetime import UTC
from functools import cached_property, reduce

import numpy as np

from newsearch.engines.bm25f import FIELD_WEIGHTS, inverse_document_frequency, term_score
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.documents import UNKNOWN
from newsearch.engines.whoosh.segment import FieldReader
from newsearch.engines.whoosh.view import Floats, IndexView, Mask, SegmentView
from newsearch.engines.whoosh.vocabulary import united_documents, united_places, united_postings
from newsearch.model import microseconds
from newsearch.query.tree import And, Between, Everything, Keyword, Node, Not, Or, Phrase, Term

Leaf = Term | Phrase
Hits = tuple[Array, Array]
"""Documents of a segment, and how often something stands in each; a document may come more than once."""
Part = tuple[int, float, Array, Array]
"""The number of a segment's first document, the weight of a field, and hits in that field of that segment."""

_SHIFT = 32
_DENSE = 32
"""A word with more than one posting for so many documents is kept as a table of all documents."""


class Sparse:
    """Where a rare leaf stands.

    Args:
        documents: ascending, distinct.
        frequencies: the weighted one in each.
    """

    def __init__(self, documents: Array, frequencies: Floats) -> None:
        self.documents = documents
        self.frequencies = frequencies
        self.count = len(documents)

    def frequencies_in(self, documents: Array) -> Floats:
        """Return the weighted frequency in each of some documents, 0.0 where it does not stand."""
        if documents is self.documents:
            return self.frequencies
        if not self.count:
            return np.zeros(len(documents))
        places = np.searchsorted(self.documents, documents)
        places[places == self.count] = 0
        return np.where(self.documents[places] == documents, self.frequencies[places], 0.0)


class Dense:
    """Where a frequent leaf stands; as `Sparse`.

    Args:
        table: weighted frequencies, one for each document of the index.
    """

    def __init__(self, table: Floats) -> None:
        self._table = table
        self.mask: Mask = table != 0.0
        """Which documents it stands in."""
        self.count = int(np.count_nonzero(self.mask))

    @cached_property
    def documents(self) -> Array:
        """The documents it stands in, ascending."""
        return np.flatnonzero(self.mask)

    def frequencies_in(self, documents: Array) -> Floats:
        """Return the weighted frequency in each of some documents."""
        return self._table[documents]


class Matcher:
    """Evaluates one tree.

    Args:
        view: the index.
        tree: what to match.
    """

    def __init__(self, view: IndexView, tree: Node) -> None:
        self.view = view
        self._tree = tree
        self._occurrences: dict[Leaf, Dense | Sparse] = {}
        self.weights: dict[Leaf, float] = {}
        """The inverse document frequency of each leaf."""
        self._collect(tree)
        self.documents = self._documents(tree)
        """The matching documents, ascending."""

    def scores(self) -> Floats:
        """Return the score of each matching document."""
        return self._score(self._tree, self.documents, sure=True)

    def _collect(self, node: Node) -> None:
        match node:
            case Term() | Phrase():
                if node not in self._occurrences:
                    found = self._occurrences[node] = self._find(node)
                    self.weights[node] = inverse_document_frequency(self.view.count, found.count)
            case And(children) | Or(children):
                for child in children:
                    self._collect(child)
            case Not(child):
                self._collect(child)

    def _documents(self, node: Node) -> Array:
        """Return the current documents that a node matches, ascending."""
        match node:
            case Term() | Phrase():
                return self._occurrences[node].documents
            case And(children):
                return self._all_of(children)
            case _:
                return np.flatnonzero(self._mask(node))

    def _all_of(self, children: Sequence[Node]) -> Array:
        """Go from the documents of the rarest leaf, unless all are frequent."""
        leaves = [self._occurrences[child] for child in children if isinstance(child, Term | Phrase)]
        rarest = min(
            (found for found in leaves if isinstance(found, Sparse)), key=lambda found: found.count, default=None
        )
        others = [self._mask(child) for child in children if not isinstance(child, Term | Phrase)]
        if rarest is None:
            masks = [found.mask for found in leaves if isinstance(found, Dense)]
            return np.flatnonzero(reduce(np.logical_and, (*masks, *others)))
        left = rarest.documents
        for found in leaves:
            if found is not rarest:
                left = left[found.frequencies_in(left) != 0.0]
        for mask in others:
            left = left[mask[left]]
        return left

    def _mask(self, node: Node) -> Mask:
        """Return which documents are current and match a node."""
        match node:
            case Term() | Phrase():
                found = self._occurrences[node]
                return found.mask if isinstance(found, Dense) else self._marked(found.documents)
            case And(children):
                return self._marked(self._all_of(children))
            case Or(children):
                return np.asarray(reduce(np.logical_or, map(self._mask, children)))
            case Not(child):
                return self.view.current & ~self._mask(child)
            case Keyword(field, value):
                return self.view.with_value(field, value) & self.view.current
            case Between():
                return self._between(node) & self.view.current
            case Everything():
                return self.view.current

    def _marked(self, documents: Array) -> Mask:
        mask = np.zeros(self.view.size, bool)
        mask[documents] = True
        return mask

    def _score(self, node: Node, documents: Array, *, sure: bool) -> Floats:
        """Return the scores of some documents, 0.0 for those not matched; `sure` when all of them are."""
        match node:
            case Term() | Phrase():
                frequencies = self._occurrences[node].frequencies_in(documents)
                norms = self.view.norms(_fields(node))[documents]
                return np.asarray(term_score(self.weights[node], frequencies, norms))
            case And(children):
                scores = reduce(np.add, (self._score(child, documents, sure=sure) for child in children))
                return scores if sure else np.where(self._mask(node)[documents], scores, 0.0)
            case Or(children):
                return reduce(np.add, (self._score(child, documents, sure=False) for child in children))
            case _:
                return np.zeros(len(documents))

    def _find(self, leaf: Leaf) -> Dense | Sparse:
        documents, frequencies = _gathered(self._parts(leaf))
        if len(documents) * _DENSE > self.view.size:
            table = np.bincount(documents, frequencies, self.view.size).astype(np.float64, copy=False)
            return Dense(table if self.view.all_current else table * self.view.current)
        if not self.view.all_current:
            kept = self.view.current[documents]
            documents, frequencies = documents[kept], frequencies[kept]
        return _sparse(documents, frequencies)

    def _parts(self, leaf: Leaf) -> list[Part]:
        """Return where a leaf stands: in each segment and field, and for each range of forms."""
        if isinstance(leaf, Term) and (lying := self.view.parts(leaf)) is not None:
            return [(base, weight, part.documents, part.frequencies.values()) for base, weight, part in lying]
        return [
            (segment.base, FIELD_WEIGHTS[field], documents, frequencies)
            for segment in self.view.segments
            for field in _fields(leaf)
            for documents, frequencies in _hits(leaf, segment, field)
        ]

    def _between(self, node: Between) -> Mask:
        """Ends have fixed offsets, so a day's midnight on their clocks is a subtraction."""
        mask: Mask = self.view.column(node.field) != UNKNOWN
        if node.start:
            mask &= self.view.instants(node.field, node.start.tzinfo or UTC) >= microseconds(node.start)
        if node.end:
            mask &= self.view.instants(node.field, node.end.tzinfo or UTC) < microseconds(node.end)
        return mask


def _fields(leaf: Leaf) -> tuple[str, ...]:
    return (leaf.field,) if leaf.field else tuple(FIELD_WEIGHTS)


def _hits(leaf: Leaf, segment: SegmentView, field: str) -> list[Hits]:
    """Return where a leaf stands in a field of a segment."""
    reader = segment.file.fields[field]
    if isinstance(leaf, Term):
        return united_postings(reader, segment.expand(leaf.text, leaf.level), segment.size)
    documents = _phrase_places(leaf, reader, segment) >> _SHIFT
    heads = np.flatnonzero(np.diff(documents, prepend=-1))
    return [(documents[heads], np.diff(heads, append=len(documents)))]


def _gathered(parts: Sequence[Part]) -> tuple[Array, Floats]:
    """Return documents, numbered through all segments, and weighted frequencies of all parts on end."""
    total = sum(len(part[2]) for part in parts)
    documents, weighted = np.empty(total, np.intp), np.empty(total)
    start = 0
    for base, weight, found, frequencies in parts:
        end = start + len(found)
        own, owned = documents[start:end], weighted[start:end]
        own[:], owned[:] = found, frequencies
        if base:
            own += base
        if weight != 1.0:
            np.multiply(owned, weight, out=owned)
        start = end
    return documents, weighted


def _phrase_places(phrase: Phrase, reader: FieldReader, segment: SegmentView) -> Array:
    """Return where a phrase begins, from its rarest word on, in the documents that have all of its words."""
    words = [segment.expand(term.text, term.level) for term in phrase.terms]
    among = np.ones(segment.size, bool)
    sizes = []
    for spans in words:
        having = np.zeros(segment.size, bool)
        lists = united_documents(reader, spans, segment.size)
        for documents in lists:
            having[documents] = True
        among &= having
        sizes.append(sum(map(len, lists)))
    left: Array | None = None
    for nth in sorted(range(len(words)), key=sizes.__getitem__):
        places = united_places(reader, words[nth], _SHIFT, among) - nth
        left = places if left is None else _common(left, places)
        if not len(left):
            break
    return left if left is not None else np.zeros(0, np.int64)


def _common(few: Array, many: Array) -> Array:
    """Return the numbers of one ascending array that another has too."""
    if not len(many):
        return many
    places = np.searchsorted(many, few)
    places[places == len(many)] = 0
    common: Array = few[many[places] == few]
    return common


def _sparse(documents: Array, frequencies: Floats) -> Sparse:
    """Add weighted frequencies up, document by document."""
    if len(documents) > 1 and not bool(np.all(documents[1:] > documents[:-1])):
        order = np.argsort(documents, kind="stable")
        documents, frequencies = documents[order], frequencies[order]
        heads = np.flatnonzero(np.diff(documents, prepend=-1))
        documents, frequencies = documents[heads], np.add.reduceat(frequencies, heads)
    return Sparse(documents, frequencies)
