"""How a query was read and what it comes to in an index, for people, line by line."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from newsearch.analysis import EDITS, fold
from newsearch.cli.wording import articles, number_of, shortened
from newsearch.engines.base import Engine, Page
from newsearch.model import Hit
from newsearch.query import Query
from newsearch.query.canonical import canonical
from newsearch.query.parser import SHORTEST_FUZZY
from newsearch.query.tree import (
    And,
    Boost,
    Everything,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    children_of,
    conjunction,
    conjuncts,
    terms_of,
)

PARTS = 60
"""Parts of a query that are counted by themselves, and words whose forms are named."""
FORMS = 8
"""Written forms of a word that are named."""
CLAUSES = 12
"""Clauses of a query without hits that are looked at."""
SPELLINGS = 5
SECONDS = 2.0
"""For all of it; what is left then is only counted."""


def explained(engine: Engine, query: Query) -> Iterator[str]:
    """Yield the tree of a query with what each part matches, then how its words are written."""
    budget = _Budget()
    parts = list(_parts(query.tree, ""))
    yield from budget.spent_on(
        (f"{label}: {_matching(engine, query, node)}" for label, node in parts[:PARTS]), len(parts), "part"
    )
    words = list(dict.fromkeys(terms_of(query.tree)))
    yield from budget.spent_on(
        (f"{canonical(word)} is written {_written(engine, query, word)}" for word in words[:PARTS]), len(words), "word"
    )


def scored(hits: Iterable[Hit]) -> Iterator[str]:
    """Yield what the score of each hit is made of."""
    for hit in hits:
        shares = [(name, round(share, 6)) for name, share in hit.shares]
        sums = " + ".join(f"{share:.6f} {name}" for name, share in shares)
        total = sum(share for _, share in shares)
        yield f"{hit.article.id}: {total:.6f} = {sums}" if shares else f"{hit.article.id}: nothing in it is ranked"


def autopsy(engine: Engine, query: Query) -> Iterator[str]:
    """Yield why nothing matches: what each clause matches, what the others do without it, and near spellings."""
    if query.as_of and not _count(engine, query, Everything()):
        yield "nothing had been captured by then; the time of a capture is that of its file where its source has none"
        return
    budget = _Budget()
    clauses = _clauses(query.tree)
    yield from budget.spent_on(
        (
            f"{canonical(clause)}: {_matching(engine, query, clause)}{_loosened(engine, query, clause)}"
            for clause in clauses[:CLAUSES]
        ),
        len(clauses),
        "clause",
    )
    words = {word.text: word for word in reversed(list(_wanted(query.tree)))}
    absent = (line for word in reversed(words.values()) if (line := _absent(engine, query, word)))
    yield from budget.spent_on(islice(absent, CLAUSES), 0, "word")
    needed = conjuncts(query.tree)
    if 1 < len(needed) <= CLAUSES:
        yield from budget.spent_on((_without(engine, query, clause) for clause in needed), 0, "clause")


class _Budget:
    """The time there is for an answer that nobody asked to be complete."""

    def __init__(self) -> None:
        self._end = time.monotonic() + SECONDS

    def spent_on(self, lines: Iterator[str], wanted: int, one: str) -> Iterator[str]:
        """Yield lines, one a thing called `one`, while there is time; and how many more are wanted than there are."""
        said = 0
        for line in lines:
            yield shortened(line)
            said += 1
            if time.monotonic() > self._end:
                break
        if wanted > said:
            yield f"and {number_of(wanted - said, f'more {one}')}"


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


def _clauses(tree: Node) -> list[Node]:
    """Return what a query asks for, each once: what must hold, or where there are alternatives that of each of them."""
    alternatives = [one for clause in conjuncts(tree) for one in _alternatives(clause)]
    return list(dict.fromkeys(clause for one in alternatives for clause in conjuncts(one)))


def _alternatives(node: Node) -> tuple[Node, ...]:
    return node.children if isinstance(node, Or) else (node,)


def _wanted(node: Node) -> Iterator[Term]:
    """Yield the words that are asked for and not excluded."""
    if isinstance(node, Leaf):
        yield from terms_of(node)
    elif not isinstance(node, Not):
        for child in children_of(node):
            yield from _wanted(child)


def _without(engine: Engine, query: Query, clause: Node) -> str:
    rest = conjunction([other for other in conjuncts(query.tree) if other is not clause])
    return f"without {canonical(clause)}: {_matching(engine, query, rest)}"


def _matching(engine: Engine, query: Query, node: Node) -> str:
    return articles(_count(engine, query, node))


def _count(engine: Engine, query: Query, node: Node) -> int:
    return engine.search(replace(query, tree=node), Page("newest", limit=0, snippets=False)).total


def _written(engine: Engine, query: Query, word: Term) -> str:
    forms = engine.forms(word, FORMS, query.as_of)
    named = ", ".join(f"{form} ({count:,})" for form, count in forms.articles) or "nowhere"
    more = forms.total - len(forms.articles)
    if not more:
        return named
    return f"{named}, and in {number_of(more, 'more way') if forms.exact else f'{more:,} or more ways'}"


def _loosened(engine: Engine, query: Query, clause: Node) -> str:
    """Tell of words that must stand together in how many articles they all are."""
    if not isinstance(clause, Phrase | Near):
        return ""
    words = list(dict.fromkeys(terms_of(clause)))[:CLAUSES]
    together = _count(engine, query, conjunction(words))  # type: ignore[arg-type]
    return f"; its words are all in {articles(together)}" if together else ""


def _absent(engine: Engine, query: Query, word: Term) -> str:
    """Return what is written nearly as a word that stands nowhere, or not in its field; nothing if it does."""
    if word.level == "wildcard" or word.level in EDITS or engine.forms(word, 1, query.as_of).total:
        return ""
    elsewhere = engine.forms(Term(word.text), SPELLINGS, query.as_of)
    where = f"in no {word.field}" if word.field else "nowhere"
    if elsewhere.total:
        found = ", ".join(f"{form} ({count:,})" for form, count in elsewhere.articles)
        return f"{canonical(word)} is {where}; there is {found}"
    near = _near(engine, query, word)
    return f"{word.text} is nowhere{f'; near it: {near}' if near else ''}"


def _near(engine: Engine, query: Query, word: Term) -> str:
    if len(fold(word.text)) < SHORTEST_FUZZY or any(map(str.isdigit, word.text)):
        return ""
    for level in EDITS:
        found = engine.forms(replace(word, level=level), SPELLINGS, query.as_of).articles
        if found:
            return ", ".join(f"{form} ({count:,})" for form, count in found)
    return ""
