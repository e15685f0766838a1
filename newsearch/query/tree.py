"""The syntax tree of a query: frozen, hashable values that no engine has a part in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from newsearch.analysis import Level

TextField = Literal["title", "body"]
KeywordField = Literal["source", "section", "lang"]
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
    """Words in adjacent positions, in this order, all of them in the title or all in the body."""

    terms: tuple[Term, ...]
    """Two or more, whose own `field` is None."""
    field: TextField | None = None


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
    """A field whose whole folded value is this one."""

    field: KeywordField
    value: str


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
class Everything:
    """All articles."""


Node = Term | Phrase | And | Or | Not | Keyword | Between | Everything


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


def nodes_of(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it."""
    yield node
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from nodes_of(child)
        case Not(child):
            yield from nodes_of(child)


def ranked_leaves(node: Node) -> Iterator[Term | Phrase]:
    """Yield the words and phrases that can earn a score or a highlight: all but the excluded ones."""
    match node:
        case Term() | Phrase():
            yield node
        case And(children) | Or(children):
            for child in children:
                yield from ranked_leaves(child)
        case _:
            return
