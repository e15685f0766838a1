"""The canonical form of a tree: a query that reads back to the same tree, with nothing left to assume."""

from newsearch.query.tree import And, Between, Everything, Keyword, Node, Not, Or, Phrase, Term

_OPERATORS = ("and", "or", "not")


def canonical(node: Node) -> str:
    """Write a tree as a query."""
    match node:
        case And(children):
            return " AND ".join(
                f"({canonical(child)})" if isinstance(child, Or) else canonical(child) for child in children
            )
        case Or(children):
            return " OR ".join(
                f"({canonical(child)})" if isinstance(child, And) else canonical(child) for child in children
            )
        case Not(child):
            return f"-({canonical(child)})" if isinstance(child, And | Or) else f"-{canonical(child)}"
        case Term(_, _, field) | Phrase(_, field):
            return f"{field}:{_words(node)}" if field else _words(node)
        case Keyword(name, value):
            return f'{name}:"{value}"'
        case Between():
            return _between(node)
        case Everything():
            return '""'


def _words(node: Term | Phrase) -> str:
    terms = (node,) if isinstance(node, Term) else node.terms
    texts = [term.text for term in terms]
    if terms[-1].level == "form":
        return f'"{" ".join(texts)}"'
    return "\\" + texts[0] if texts[0].lower() in _OPERATORS and len(texts) == 1 else "-".join(texts)


def _between(node: Between) -> str:
    if node.start:
        return f"since:{node.start.isoformat()}"
    return f"before:{node.end.isoformat()}" if node.end else '""'
