"""A query tree over the arrays of an index: which documents match, and how well.

Slice by slice it is first found where each word and each phrase stands, and which documents a node of the tree matches;
when all of them are counted and words have their weights, those that match are scored.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC
from functools import reduce

import numpy as np

from newsearch.engines.bm25f import inverse_document_frequency, term_score
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.documents import UNKNOWN
from newsearch.engines.whoosh.masks import Mask, marked, nonzero
from newsearch.engines.whoosh.occurrences import SCARCE, Occurrences, fields_of, occurrences
from newsearch.engines.whoosh.view import Floats, IndexView, Slice
from newsearch.model import microseconds
from newsearch.query.tree import (
    And,
    AtLeast,
    Between,
    Boost,
    Everything,
    Filter,
    Keyword,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Present,
    Term,
    Words,
    ranked_leaves,
)


class Matcher:
    """Evaluates one tree.

    Args:
        view: the index.
        tree: what to match.
        scored: whether all matching documents are going to be scored, and not only some or none.
    """

    def __init__(self, view: IndexView, tree: Node, *, scored: bool = False) -> None:
        self.slices = [SliceMatcher(piece, tree, scored=scored) for piece in view.slices]
        """What is found in each."""
        self.total = sum(len(found.documents) for found in self.slices)
        """How many documents match."""
        self.weights = {
            leaf: inverse_document_frequency(view.count, sum(found.occurrences[leaf].count for found in self.slices))
            for leaf in self.slices[0].occurrences
        }
        """The inverse document frequency of each leaf."""


class SliceMatcher:
    """Evaluates one tree over a slice.

    Args:
        piece: the slice.
        tree: what to match.
        scored: as above.
    """

    def __init__(self, piece: Slice, tree: Node, *, scored: bool) -> None:
        self.piece = piece
        self._scored = scored
        self._tree = tree
        self.occurrences: dict[Leaf, Occurrences] = {}
        """Where each leaf stands."""
        self._collect(tree)
        self.documents, self._known = self._matching(tree)
        """The matching documents, ascending; and the frequencies of some leaves in them."""

    def scores(self, documents: Array, weights: dict[Leaf, float]) -> Floats:
        """Return the scores of some of the matching documents.

        Args:
            documents: ascending.
            weights: of all leaves.
        """
        shares = self.shares(documents, weights)
        return reduce(np.add, (share for _, share in shares)) if shares else np.zeros(len(documents))

    def shares(self, documents: Array, weights: dict[Leaf, float]) -> list[tuple[Leaf, Floats]]:
        """Return what each leaf of the tree adds to the scores, in the order of the tree; arguments as above."""
        scores = {leaf: self._leaf_scores(leaf, documents, weights[leaf]) for leaf in set(ranked_leaves(self._tree))}
        return list(self._shares(self._tree, documents, scores, sure=True))

    def _collect(self, node: Node) -> None:
        match node:
            case Term() | Phrase() | Near() | AtLeast():
                if node not in self.occurrences:
                    self.occurrences[node] = occurrences(self.piece, node, scored=self._scored)
            case And(children) | Or(children):
                for child in children:
                    self._collect(child)
            case Not(child) | Boost(child):
                self._collect(child)

    def _matching(self, node: Node) -> tuple[Array, dict[Leaf, Floats]]:
        match node:
            case Term() | Phrase() | Near() | AtLeast():
                return self.occurrences[node].documents, {}
            case Boost(child):
                return self._matching(child)
            case And(children):
                return self._all_of(children)
            case _:
                return nonzero(self._mask(node)), {}

    def _all_of(self, children: Sequence[Node]) -> tuple[Array, dict[Leaf, Floats]]:
        """Return the documents that all of some nodes match, ascending, and the frequencies of some leaves in them.

        It goes from the rarest leaf on. As long as many documents are left, all of them are masked; once they are few,
        it is looked how often the next leaf stands in each, which tells as well whether it does.
        """
        found: dict[Leaf, Occurrences] = {}
        matching = self.piece.current
        for child in map(_unboosted, children):
            match child:
                case Term() | Phrase() | Near() | AtLeast():
                    found[child] = self.occurrences[child]
                case _:
                    matching = matching & self._mask(child)
        left: Array | None = None
        known: dict[Leaf, Floats] = {}
        for leaf, occurring in sorted(found.items(), key=lambda pair: pair[1].count):
            if left is None:
                matching = matching & occurring.mask
                left = nonzero(matching) if np.count_nonzero(matching) * SCARCE <= self.piece.size else None
            elif len(left):
                frequencies = occurring.frequencies_in(left)
                kept = nonzero(frequencies)
                known[leaf] = frequencies
                if len(kept) < len(left):
                    left = left.take(kept)
                    known = {each: frequencies.take(kept) for each, frequencies in known.items()}
        return nonzero(matching) if left is None else left, known

    def _mask(self, node: Node) -> Mask:
        """Return which documents are current and match a node."""
        match node:
            case Term() | Phrase() | Near() | AtLeast():
                return self.occurrences[node].mask
            case Boost(child):
                return self._mask(child)
            case And(children):
                return marked(self.piece.size, self._all_of(children)[0])
            case Or(children):
                return np.asarray(reduce(np.logical_or, map(self._mask, children)))
            case Not(child):
                return self.piece.current & ~self._mask(child)
            case _:
                return self._filter(node) & self.piece.current

    def _filter(self, node: Filter) -> Mask:
        """Return which documents, current or not, meet a condition."""
        match node:
            case Keyword(field, value):
                return self.piece.with_value(field, value)
            case Between():
                return self._between(node)
            case Words(least, most):
                lengths = self.piece.column("body.lengths")
                enough: Mask = lengths >= least
                return enough if most is None else enough & (lengths <= most)
            case Present(field):
                return self.piece.having(field)
            case Everything():
                return self.piece.current

    def _shares(
        self, node: Node, documents: Array, leaves: dict[Leaf, Floats], *, sure: bool
    ) -> Iterator[tuple[Leaf, Floats]]:
        """Yield what leaves add to the scores of some documents.

        Args:
            node: of the tree.
            documents: as above.
            leaves: the scores of the leaves, 0.0 for documents they do not match.
            sure: whether the node matches all of the documents.
        """
        match node:
            case Term() | Phrase() | Near() | AtLeast():
                yield node, leaves[node]
            case Boost(child, factor):
                for leaf, scores in self._shares(child, documents, leaves, sure=sure):
                    yield leaf, factor * scores
            case And(children):
                matching = None if sure else self._mask(node).take(documents)
                for child in children:
                    for leaf, scores in self._shares(child, documents, leaves, sure=sure):
                        yield leaf, scores if matching is None else np.where(matching, scores, 0.0)
            case Or(children):
                for child in children:
                    yield from self._shares(child, documents, leaves, sure=False)

    def _leaf_scores(self, leaf: Leaf, documents: Array, weight: float) -> Floats:
        # Of all documents that match, and of no others, some frequencies are known.
        known = self._known.get(leaf) if documents is self.documents else None
        frequencies = self.occurrences[leaf].frequencies_in(documents) if known is None else known
        norms = self.piece.norms(fields_of(leaf))
        if len(documents) != len(norms):
            norms = norms.take(documents)
        return np.asarray(term_score(weight, frequencies, norms))

    def _between(self, node: Between) -> Mask:
        """Ends have fixed offsets, so a day's midnight on their clocks is a subtraction."""
        mask: Mask = self.piece.column(node.field) != UNKNOWN
        if node.start:
            mask &= self.piece.instants(node.field, node.start.tzinfo or UTC) >= microseconds(node.start)
        if node.end:
            mask &= self.piece.instants(node.field, node.end.tzinfo or UTC) < microseconds(node.end)
        return mask


def _unboosted(node: Node) -> Node:
    return _unboosted(node.child) if isinstance(node, Boost) else node
