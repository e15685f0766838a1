"""What should be marked in a text, found the slow way."""

from collections.abc import Iterable, Mapping, Sequence

from newsearch.analysis import Token, language_of, matches, tokenize
from newsearch.engines.highlight import Highlighter
from newsearch.engines.places import places
from newsearch.model import Article, Highlighted
from newsearch.query import parse_query
from newsearch.query.tree import AtLeast, Leaf, Node, Phrase, Term, TextField, ranked_leaves, terms_of


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


def places_to_mark(text: str, leaves: Iterable[Leaf], field: TextField, lang: str = "") -> set[int]:
    """Return the code points of a text that belong to a match of words and of phrases, in which every word counts."""
    tokens = list(tokenize(text))
    return {
        place
        for leaf in leaves
        for first, last in stretches_in(tokens, leaf, field, lang)
        for place in range(tokens[first].start, tokens[last].end)
    }


def matches_in(text: str, leaves: Iterable[Leaf], field: TextField, lang: str = "") -> bool:
    """Tell whether one of some leaves stands in a text."""
    tokens = list(tokenize(text))
    return any(stretches_in(tokens, leaf, field, lang) for leaf in leaves)


def words_to_mark(text: str, leaves: Iterable[Leaf], lang: str = "") -> set[int]:
    """Return the code points of a text that belong to a word that is asked for, matching or not."""
    terms = [term for leaf in leaves for term in terms_of(leaf)]
    language = language_of(lang)
    return {
        place
        for token in tokenize(text)
        if any(matches(term.text, token.text, term.level, language) for term in terms)
        for place in range(token.start, token.end)
    }


def stretches_in(tokens: Sequence[Token], leaf: Leaf, field: TextField, lang: str) -> set[tuple[int, int]]:
    operand = leaf.operand if isinstance(leaf, AtLeast) else leaf
    forms = [token.text for token in tokens] if leaf.field in (None, field) else []
    return {(place.first, place.last) for place in places(operand, forms, language_of(lang))}


def is_plain(tree: Node) -> bool:
    """Tell whether all that is ranked is words and adjacent words, in no part of a text."""
    return all(
        leaf.field != "lead" and (isinstance(leaf, Term) or (isinstance(leaf, Phrase) and leaf.within is None))
        for leaf in ranked_leaves(tree)
    )


def marked_places(highlighted: Highlighted) -> set[int]:
    return {place for start, end in highlighted.spans for place in range(start, end)}


def assert_well_formed(highlighted: Highlighted) -> None:
    """Spans are sorted, inside the text, not empty, and do not overlap."""
    edges = [edge for span in highlighted.spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in highlighted.spans)
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(highlighted.text))
