"""What stands near each other, and how often something stands in a text, from what was read on either side."""

from dataclasses import replace
from itertools import product

from newsearch.query.tree import (
    And,
    AtLeast,
    Boost,
    Near,
    Node,
    Not,
    Operand,
    Or,
    Phrase,
    Term,
    TextField,
    children_of,
    conjunction,
    conjuncts,
    disjunction,
)

MAX_DISTANCE = 1_000
"""Words between which it can be asked whether they are near each other."""
MAX_NEAR = 4
"""How deep NEAR and PRE may nest: the work doubles with each."""
MAX_COUNT = 1_000_000
"""Times a word can be asked for."""
MAX_DEPTH = 200
"""How deep operators may nest; parentheses that change nothing do not count."""
_MOST = 64
"""Pairs of operands that groups beside NEAR may be taken apart into."""


class OperandError(ValueError):
    """What was read cannot be an operand; says why and what to do instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def near(left: Node, right: Node, distance: int, *, ordered: bool) -> Node:
    """Return what two nodes near each other are.

    A group of alternatives is an operand as it stands. All words of an AND group must be near the other side, so it is
    taken apart.

    Raises:
        OperandError: one of them does not stand in a text, or they cannot stand in the same one.
    """
    for node in (left, right):
        check_depth(node)
    if max(_nested(left), _nested(right)) >= MAX_NEAR:
        message = f"NEAR and PRE nest more than {MAX_NEAR} deep"
        raise OperandError(message, "join some of them by AND")
    pairs = list(product(conjuncts(left), conjuncts(right)))
    if len(pairs) > _MOST:
        message, hint = "too many words in the groups beside NEAR", "put OR between words that may stand for each other"
        raise OperandError(message, hint)
    return conjunction([_near(*pair, distance, ordered=ordered) for pair in pairs])


def at_least(count: int, node: Node) -> AtLeast:
    """Return what stands so many times in a text.

    Raises:
        OperandError: it does not stand in a text, or it is an AND group.
    """
    check_depth(node)
    if isinstance(node, And):
        message = "ATLEAST counts one thing, and this group has several that must all be there"
        raise OperandError(message, "write ATLEAST for each of them, or put OR between them")
    operand, field = _operand(node)
    return AtLeast(count, operand, field)


def check_depth(node: Node) -> None:
    """Refuse a tree that is too deep to walk.

    Raises:
        OperandError: it is.
    """
    level: list[Node] = [node]
    for _ in range(MAX_DEPTH):
        level = [child for one in level for child in children_of(one)]
        if not level:
            return
    message = f"this query nests operators more than {MAX_DEPTH} deep"
    raise OperandError(message, "write it with fewer groups")


def _near(left: Node, right: Node, distance: int, *, ordered: bool) -> Near:
    (some, field), (other, its_field) = _operand(left), _operand(right)
    if field and its_field and field != its_field:
        message = f"what stands in {field}: is never near what stands in {its_field}:"
        raise OperandError(message, f"put one field before the whole: {field}:(a NEAR/5 b)")
    return Near(some, other, distance, ordered, field or its_field)


def _nested(node: Node) -> int:
    below = max(map(_nested, children_of(node)), default=0)
    return below + isinstance(node, Near)


def _operand(node: Node) -> tuple[Operand, TextField | None]:
    """Return a node without its field, and the field."""
    match node:
        case Term() | Phrase() | Near():
            return replace(node, field=None), node.field
        case Or(children):
            operands = [_operand(child) for child in children]
            fields = {field for _, field in operands}
            if len(fields) > 1:
                message = "the words of this group are looked for in different fields"
                raise OperandError(message, "put one field before the whole: title:((a OR b) NEAR/5 c)")
            return disjunction([operand for operand, _ in operands]), fields.pop()  # type: ignore[return-value]
        case Not():
            message, hint = "what is excluded stands nowhere", "exclude the whole: -(a NEAR/5 b)"
        case Boost():
            message, hint = "a weight belongs to the whole", "write it behind the group: (a NEAR/5 b)^2"
        case AtLeast():
            message, hint = "ATLEAST counts in whole articles", "join it with AND: ATLEAST/3(a) AND (a NEAR/5 b)"
        case And():
            message, hint = "words that must all be there have no place of their own", "join them with OR or NEAR"
        case _:
            message, hint = "only words, phrases and groups of them stand in a text", "for example: chip* NEAR/5 curbs"
    raise OperandError(message, hint)
