"""How a query was read and what it comes to in an index, for people, line by line."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from newsearch.analysis import EDITS, fold
from newsearch.cli.wording import articles
from newsearch.engines.base import Engine, Page
from newsearch.model import Hit
from newsearch.query import Query
from newsearch.query.canonical import canonical
from newsearch.query.parser import SHORTEST_FUZZY
from newsearch.query.tree import And, Boost, Node, Not, Or, Phrase, Term, conjunction, conjuncts, terms_of

PARTS = 100
"""Parts of a query that are counted by themselves."""
FORMS = 8
"""Written forms of a word that are named."""
CLAUSES = 12
"""Clauses of a query without hits that are looked at."""
SPELLINGS = 5


def explained(engine: Engine, query: Query) -> Iterator[str]:
    """Yield the tree of a query with what each part matches, then how its words are written."""
    parts = list(_parts(query.tree, ""))
    for label, node in parts[:PARTS]:
        yield f"{label}: {_matching(engine, query, node)}"
    if len(parts) > PARTS:
        yield f"and {len(parts) - PARTS:,} more parts"
    words = list(dict.fromkeys(terms_of(query.tree)))
    for word in words[:PARTS]:
        yield f"{canonical(word)} is written {_written(engine, word)}"
    if len(words) > PARTS:
        yield f"and {len(words) - PARTS:,} more words"


def scored(hits: Iterable[Hit]) -> Iterator[str]:
    """Yield what the score of each hit is made of."""
    for hit in hits:
        shares = [(name, round(share, 6)) for name, share in hit.shares]
        sums = " + ".join(f"{share:.6f} {name}" for name, share in shares)
        total = sum(share for _, share in shares)
        yield f"{hit.article.id}: {total:.6f} = {sums}" if shares else f"{hit.article.id}: nothing in it is ranked"


def autopsy(engine: Engine, query: Query) -> Iterator[str]:
    """Yield why nothing matches: what each clause matches, what the others do without it, and near spellings."""
    clauses = conjuncts(query.tree)
    for clause in clauses[:CLAUSES]:
        yield f"{canonical(clause)}: {_matching(engine, query, clause)}{_loosened(engine, query, clause)}"
        yield from _misspelt(engine, clause)
    if len(clauses) > CLAUSES:
        yield f"and {len(clauses) - CLAUSES:,} more clauses"
    for nth, clause in enumerate(clauses[:CLAUSES] if len(clauses) > 1 else ()):
        rest = conjunction([*clauses[:nth], *clauses[nth + 1 :]])
        yield f"without {canonical(clause)}: {_matching(engine, query, rest)}"


def _parts(node: Node, indent: str) -> Iterator[tuple[str, Node]]:
    """Yield the parts of a tree that match articles, from the top, each with its label."""
    match node:
        case And(children) | Or(children):
            yield f"{indent}{'all of' if isinstance(node, And) else 'any of'}", node
            for child in children:
                yield from _parts(child, f"{indent}  ")
        case Not(child):
            yield f"{indent}none of", node
            yield from _parts(child, f"{indent}  ")
        case Boost(child, factor):
            yield f"{indent}{factor:g} times", node
            yield from _parts(child, f"{indent}  ")
        case _:
            yield f"{indent}{canonical(node)}", node


def _matching(engine: Engine, query: Query, node: Node) -> str:
    return articles(_count(engine, query, node))


def _count(engine: Engine, query: Query, node: Node) -> int:
    return engine.search(replace(query, tree=node), Page("newest", limit=0, snippets=False)).total


def _written(engine: Engine, word: Term) -> str:
    forms = engine.forms(word, FORMS)
    named = ", ".join(f"{form} ({count:,})" for form, count in forms.articles) or "nowhere"
    more = forms.total - len(forms.articles)
    return f"{named}, and in {more:,} more ways" if more else named


def _loosened(engine: Engine, query: Query, clause: Node) -> str:
    """Tell of words that must stand together in how many articles they all are."""
    if not isinstance(clause, Phrase):
        return ""
    together = _count(engine, query, conjunction(list(dict.fromkeys(terms_of(clause)))))
    return f"; its words are all in {articles(together)}" if together else ""


def _misspelt(engine: Engine, clause: Node) -> Iterator[str]:
    """Yield what is written nearly as the words that stand nowhere."""
    for word in dict.fromkeys(terms_of(clause)):
        if word.level == "wildcard" or word.level in EDITS or engine.forms(word, 1).total:
            continue
        near = _near(engine, word)
        yield f"  {word.text} is nowhere{f'; near it: {near}' if near else ''}"


def _near(engine: Engine, word: Term) -> str:
    if len(fold(word.text)) < SHORTEST_FUZZY or any(map(str.isdigit, word.text)):
        return ""
    for level in EDITS:
        found = engine.forms(replace(word, level=level), SPELLINGS).articles
        if found:
            return ", ".join(f"{form} ({count:,})" for form, count in found)
    return ""
