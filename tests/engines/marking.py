"""What should be marked in a text, found the slow way."""

from collections.abc import Iterable, Mapping

from newsearch.analysis import matches, tokenize
from newsearch.engines.highlight import Highlighter
from newsearch.model import Article, Highlighted
from newsearch.query import parse_query
from newsearch.query.tree import Phrase, Term, TextField, ranked_leaves

Leaf = Term | Phrase


def leaves_of(query: str) -> list[Leaf]:
    return list(ranked_leaves(parse_query(query).tree))


def highlighter_for(query: str, weights: Mapping[str, float] | None = None) -> Highlighter:
    """Return a highlighter for a query; all words say equally much but those given, by their text."""
    given = weights or {}
    return Highlighter(
        {leaf: given.get(leaf.text, 1.0) if isinstance(leaf, Term) else 2.0 for leaf in leaves_of(query)}
    )


def snippets_of(query: str, body: str) -> tuple[Highlighted, ...]:
    return highlighter_for(query).snippets(Article("", body, origin=None))  # type: ignore[arg-type]


def marked(highlighted: Highlighted) -> list[str]:
    """Return the marked pieces of a text."""
    return [highlighted.text[start:end] for start, end in highlighted.spans]


def places_to_mark(text: str, leaves: Iterable[Leaf], field: TextField) -> set[int]:
    """Return the code points of a text that belong to a match."""
    tokens = list(tokenize(text))
    places: set[int] = set()
    for leaf in leaves:
        terms = (leaf,) if isinstance(leaf, Term) else leaf.terms
        for first in range(len(tokens) - len(terms) + 1) if leaf.field in (None, field) else ():
            window = tokens[first : first + len(terms)]
            if all(matches(term.text, token.text, term.level) for term, token in zip(terms, window, strict=True)):
                places.update(range(window[0].start, window[-1].end))
    return places


def marked_places(highlighted: Highlighted) -> set[int]:
    return {place for start, end in highlighted.spans for place in range(start, end)}


def assert_well_formed(highlighted: Highlighted) -> None:
    """Spans are sorted, inside the text, not empty, and do not overlap."""
    edges = [edge for span in highlighted.spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in highlighted.spans)
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(highlighted.text))
