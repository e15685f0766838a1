"""The canonical form of a tree: a query that reads back to the same tree, with nothing left to assume."""

from datetime import timedelta

from newsearch.query.tree import (
    And,
    AtLeast,
    Between,
    Boost,
    Everything,
    Filter,
    Keyword,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Present,
    Term,
    Words,
)

_OPERATORS = ("and", "or", "not")
_MARKS = {"fuzzy": "~", "fuzzier": "~2"}


def canonical(node: Node) -> str:
    """Write a tree as a query."""
    match node:
        case And(children):
            return " AND ".join(_grouped(child, Or, Near) for child in children)
        case Or(children):
            return " OR ".join(_grouped(child, And, Near) for child in children)
        case Not(child):
            return f"-{_grouped(child, And, Or, Near)}"
        case Boost(child, factor):
            text = canonical(child)
            alone = isinstance(child, Term | Phrase | AtLeast) and "\\" not in text
            return f"{text if alone else f'({text})'}^{_number(factor)}"
        case Term(_, _, field) | Phrase(_, field) | Near(field=field) | AtLeast(field=field):
            text = _text(node)
            return f"{field}:{f'({text})' if isinstance(node, Near) else text}" if field else text
        case _:
            return _condition(node)


def _condition(node: Filter) -> str:
    match node:
        case Keyword(name, value):
            return f'{name}:"{value.strip()}"'
        case Between():
            return _between(node)
        case Words(least, most):
            return f"words:{least}..{'' if most is None else most}"
        case Present(field):
            return f"{'date' if field == 'published' else field}:*"
        case Everything():
            return '""'


def _grouped(node: Node, *loose: type) -> str:
    """Write a node, in parentheses where it would be read otherwise, or where they show what belongs together."""
    fielded = isinstance(node, Near) and node.field
    return f"({canonical(node)})" if isinstance(node, loose) and not fielded else canonical(node)


def _text(node: Term | Phrase | Near | AtLeast) -> str:
    """Write what stands in a text, without its field."""
    match node:
        case Near(left, right, distance, ordered):
            operator = "PRE" if ordered else "NEAR"
            return f"{_grouped(left, Or, Near)} {operator}/{distance} {_grouped(right, Or, Near)}"
        case AtLeast(count, operand):
            return f"ATLEAST/{count}({canonical(operand)})"
        case Phrase(terms, _, within) if within is not None or _quoted(terms):
            exact = "==" if terms[-1].level == "case" else ""
            return f'{exact}"{" ".join(term.text for term in terms)}"{"" if within is None else f"~{within}"}'
        case Term() if _quoted((node,)):
            return f'{"==" if node.level == "case" else ""}"{node.text}"'
    terms = (node,) if isinstance(node, Term) else node.terms
    text = "-".join(term.text for term in terms)
    if len(terms) == 1 and text.lower() in _OPERATORS and terms[0].level == "stem":
        return "\\" + text
    return f"{'=' if terms[-1].level == 'form' else ''}{text}{_MARKS.get(terms[-1].level, '')}"


def _quoted(terms: tuple[Term, ...]) -> bool:
    return all(term.level == "form" for term in terms) or all(term.level == "case" for term in terms)


def _number(factor: float) -> str:
    from decimal import Decimal  # noqa: PLC0415 - takes longer to load than most queries to be read

    return format(Decimal(repr(factor)), "f").removesuffix(".0")


def _between(node: Between) -> str:
    if node.field == "updated":
        # A range runs to the end of what is written there, which is a second long.
        last = (node.end - timedelta(seconds=1)).isoformat() if node.end else ""
        return f"updated:{node.start.isoformat() if node.start else ''}..{last}"
    if node.start:
        return f"since:{node.start.isoformat()}"
    return f"before:{node.end.isoformat()}" if node.end else '""'
