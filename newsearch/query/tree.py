"""The syntax tree of a query: frozen, hashable values that no engine has a part in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast

from newsearch.analysis import Level, fold, signs

TextField = Literal["title", "body", "lead"]
"""`lead` is the first two paragraphs of the body."""
ValueField = Literal["source", "section", "lang", "site", "by", "dateline", "file"]
TimeField = Literal["published", "updated"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word, in the title or the body."""

    text: str
    """The surface form as typed, or at the level `wildcard` a pattern of such forms."""
    level: Level = "stem"
    field: TextField | None = None
    """None: in either."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words, all of them in the title or all in the body: adjacent and in this order, or near each other."""

    terms: tuple[Term, ...]
    """Two or more, whose own `field` is None."""
    field: TextField | None = None
    within: int | None = None
    """How far the first of the words may be from the last, in any order; None: adjacent and in this order."""


@dataclass(frozen=True, slots=True)
class Near:
    """Two operands, both in the title or both in the body, that do not overlap, from edge to edge so near."""

    left: "Operand"
    """Its fields, like those of all below it, are None."""
    right: "Operand"
    distance: int
    """By how many positions the nearest edges differ at most; adjacent is 1."""
    ordered: bool = False
    """Whether the left one must come first."""
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """An operand that stands in so many places of title and body together, or more."""

    count: int
    operand: "Operand"
    """Its fields, like those of all below it, are None."""
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Boost:
    """What its child matches, with that many times its score."""

    child: "Node"
    factor: float


@dataclass(frozen=True, slots=True)
class And:
    """All of its children."""

    children: "tuple[Node, ...]"
    """Two or more, none of them an And."""


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of its children."""

    children: "tuple[Node, ...]"
    """Two or more, none of them an Or."""


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but its child."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class Keyword:
    """What an article states about itself; `values.py` tells which values answer to this one."""

    field: ValueField
    value: str
    """Folded."""


@dataclass(frozen=True, slots=True)
class Between:
    """A time in [start, end). Articles whose time is unknown are in no range.

    The zones of `start` and `end` count: a time known to the day only sits at 00:00 of its day on their clocks.
    """

    field: TimeField
    start: datetime | None
    """Aware; None when open."""
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Words:
    """A body of so many words."""

    least: int
    most: int | None
    """None when open."""


@dataclass(frozen=True, slots=True)
class Present:
    """A field that is not empty, or a time that is known."""

    field: TextField | ValueField | TimeField


@dataclass(frozen=True, slots=True)
class Everything:
    """All articles."""


Operand = Term | Phrase | Near | Or
"""What stands somewhere in a text; an Or is one of such."""
Leaf = Term | Phrase | Near | AtLeast
"""What has a frequency in each article, and so earns a score of its own."""
Filter = Keyword | Between | Words | Present | Everything
"""What an article is or is not, without a score."""
Node = Leaf | Boost | And | Or | Not | Filter


def conjunction(nodes: list[Node]) -> Node:
    """Join nodes with AND, flat; none gives Everything."""
    children = tuple(child for node in nodes for child in (node.children if isinstance(node, And) else (node,)))
    return children[0] if len(children) == 1 else And(children) if children else Everything()


def disjunction(nodes: list[Node]) -> Node:
    """Join one node or more with OR, flat."""
    children = tuple(child for node in nodes for child in (node.children if isinstance(node, Or) else (node,)))
    return children[0] if len(children) == 1 else Or(children)


def conjuncts(node: Node) -> tuple[Node, ...]:
    """Return what must all hold at the top of a tree."""
    return node.children if isinstance(node, And) else (node,)


def children_of(node: Node) -> tuple[Node, ...]:
    """Return the nodes right below a node."""
    match node:
        case And(children) | Or(children):
            return children
        case Not(child) | Boost(child):
            return (child,)
        case Near(left, right):
            return (left, right)
        case AtLeast(_, operand):
            return (operand,)
    return ()


def alternatives(node: Or) -> tuple[Operand, ...]:
    """Return what stands for each other in an Or that is an operand."""
    return cast("tuple[Operand, ...]", node.children)


def nodes_of(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it."""
    yield node
    for child in children_of(node):
        yield from nodes_of(child)


def ranked_leaves(node: Node) -> Iterator[Leaf]:
    """Yield what can earn a score or a highlight: all words, phrases and the like but the excluded ones."""
    match node:
        case Term() | Phrase() | Near() | AtLeast():
            yield node
        case And(children) | Or(children):
            for child in children:
                yield from ranked_leaves(child)
        case Boost(child):
            yield from ranked_leaves(child)


def terms_of(node: Node) -> Iterator[Term]:
    """Yield the words of a node, with its field."""
    match node:
        case Term():
            yield node
        case Phrase(terms, field):
            yield from (replace(term, field=field) for term in terms)
        case Near(field=field) | AtLeast(field=field):
            for child in children_of(node):
                yield from (replace(term, field=field) for term in terms_of(child))
        case _:
            for child in children_of(node):
                yield from terms_of(child)


def asked_for(terms: tuple[Term, ...]) -> dict[Term, int]:
    """Return the different words of a phrase, each with how often it must stand there for all of them to have a place.

    A word with a sign is one of those that the same word without it asks for, as `$5` is a `5`.
    """

    def asks(some: Term, other: Term) -> bool:
        if some.level == "case":
            return some.text == other.text
        return fold(some.text) == fold(other.text) and signs(some.text) <= signs(other.text)

    distinct = {(fold(term.text), signs(term.text)) if term.level != "case" else term.text: term for term in terms}
    return {term: sum(asks(term, other) for other in terms) for term in distinct.values()}
