"""Lexemes to a syntax tree, with explicit stacks: no nesting a user can type exhausts Python's own.

Precedence: NOT, then AND (written or implied), then OR.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from newsearch.analysis import Level, is_pattern, tokenize, words
from newsearch.errors import QueryError
from newsearch.query.lexer import Lexeme, lex
from newsearch.query.tree import (
    And,
    Everything,
    Keyword,
    KeywordField,
    Node,
    Not,
    Or,
    Phrase,
    Term,
    conjunction,
    disjunction,
)

MAX_DEPTH = 200
"""How deep AND, OR and NOT may alternate; parentheses that change nothing do not count."""
MAX_WILDCARDS = 100
"""How many words of a query may have wildcards: each may have to be held against every word of the archive."""

_NO_QUOTES = dict.fromkeys(map(ord, '"“”„«»'), " ")
_OPERAND = "a word, a phrase or a group is missing here"
_UNREAD = re.compile(r"[~^=]|^(?:NEAR|PRE)/\d")
"""What looks as if it should mean something, and is only punctuation here."""
_NO_WILDCARD = re.compile(r"\*|\?(?=\w)")
"""What would be one if it did not stand in literal text or behind a backslash."""
_WILDCARDS = 'for example chip*, *export or wom?n; to match everything, give ""'
_EXAMPLE = 'for example: nvidia (export OR tariff) -amd "chip curbs"'


@dataclass(slots=True)
class _Group:
    """What has been read between a parenthesis and its end."""

    opened: Lexeme | None = None
    scope: Lexeme | None = None
    """The field that stands before this parenthesis or one around it."""
    negated: bool = False
    alternatives: list[list[Node]] = field(default_factory=lambda: [[]])
    """Operands joined by AND, for each part between ORs."""
    pending_not: bool = False
    pending_field: Lexeme | None = None
    pending: Lexeme | None = None
    """An operator that still lacks its right side."""


@dataclass(slots=True)
class Parsed:
    """A tree and what was done to get there."""

    tree: Node
    notes: list[str]
    """What the text did not say or what could not be searched, one line each."""
    assumed_and: bool = False


def parse(query: str, dated: Callable[[str, str], Node]) -> Parsed:
    """Read a query.

    Args:
        query: as typed.
        dated: what the value of a date field (`date`, `since`, ...) stands for; gets the field's name and the value.

    Raises:
        QueryError: it cannot be read; carries the place.
    """
    return _searchable(query, _Parser(query, dated).parse())


def parse_literal(text: str) -> Parsed:
    """Read text as plain words that must all be there; nothing in it is an operator.

    The text may be a headline, so a title with exactly these words in this order counts again. That finds nothing more:
    such a title has all the words.

    Raises:
        QueryError: there is no word in it.
    """
    notes: list[str] = []
    words: list[Node] = [node for chunk in text.split() if (node := _word(chunk, "stem", notes))]
    title = _word(text, "form", []) if words else None
    tree = disjunction([conjunction(words), replace(title, field="title")]) if title else conjunction(words)
    return _searchable(text, Parsed(tree, notes, assumed_and=bool(words)))


def keyword(name: KeywordField, value: str) -> Keyword:
    """Return the node for a whole value; case, compatibility forms and white space do not matter."""
    return Keyword(name, folded_value(value))


def folded_value(value: str) -> str:
    """Fold a value of a keyword field for comparison; quotes do not count, so that every value can be quoted."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return " ".join(folded.translate(_NO_QUOTES).split())


class _Parser:
    def __init__(self, query: str, dated: Callable[[str, str], Node]) -> None:
        self.query = query
        self.dated = dated
        self.notes: list[str] = []
        self.assumed_and = False
        self.wildcards = 0
        self.groups = [_Group()]

    def parse(self) -> Parsed:
        for lexeme in lex(self.query):
            self._take(lexeme)
        group = self.groups[-1]
        if group.opened:
            self._fail("this parenthesis never closes", "close it with )", group.opened.position)
        return Parsed(self._close(group, len(self.query)), self.notes, self.assumed_and)

    def _take(self, lexeme: Lexeme) -> None:
        group = self.groups[-1]
        match lexeme.kind:
            case "(":
                self._assume_and(group)
                self.groups.append(_Group(lexeme, group.pending_field or group.scope, group.pending_not))
                group.pending_field, group.pending_not = None, False
            case ")":
                self._end_group(lexeme)
            case "and" | "or":
                self._join(group, lexeme)
            case "not" | "minus":
                self._negate(group, lexeme)
            case "plus":
                self._assume_and(group)
            case "field":
                self._begin_field(group, lexeme)
            case _:
                self._operand(group, lexeme)

    def _operand(self, group: _Group, lexeme: Lexeme) -> None:
        named = group.pending_field or group.scope
        node = self._leaf(lexeme, named)
        if node is None:  # there is nothing in it, so there is nothing to exclude or to look for in a field
            if group.pending and group.pending.kind in ("not", "minus"):
                group.pending = None
            group.pending_not, group.pending_field = False, None
            return
        self._assume_and(group)
        self._add(group, _negation(node) if group.pending_not else node)
        group.pending_not, group.pending_field = False, None

    def _leaf(self, lexeme: Lexeme, named: Lexeme | None) -> Node | None:
        name = named.text if named else None
        match name:
            case "source" | "section" | "lang":
                return keyword(name, lexeme.text)
            case "title" | "body":
                node = self._words(lexeme)
                return replace(node, field=name) if node else None
            case None:
                return self._words(lexeme)
        try:
            return self.dated(name, lexeme.text)
        except QueryError as error:
            raise QueryError(str(error), error.hint, query=self.query, position=lexeme.position) from error

    def _words(self, lexeme: Lexeme) -> Term | Phrase | None:
        if lexeme.kind == "phrase":
            return _word(lexeme.text, "form", self.notes)
        node = _word(lexeme.text, "stem", self.notes, wild=lexeme.kind == "word")
        patterns = [term.text for term in _terms(node) if term.level == "wildcard"] if node else []
        if not all(any(map(str.isalnum, pattern)) for pattern in patterns):
            self._fail("a wildcard needs a letter or digit of its own word beside it", _WILDCARDS, lexeme.position)
        self.wildcards += len(patterns)
        if self.wildcards > MAX_WILDCARDS:
            self._fail(f"more than {MAX_WILDCARDS} words with wildcards", "ask for fewer at once", lexeme.position)
        return node

    def _add(self, group: _Group, node: Node) -> None:
        group.alternatives[-1].append(node)
        group.pending = None

    def _assume_and(self, group: _Group) -> None:
        if group.alternatives[-1] and not group.pending and not group.pending_not:
            self.assumed_and = True

    def _join(self, group: _Group, lexeme: Lexeme) -> None:
        if not group.alternatives[-1] or group.pending or group.pending_not or group.pending_field:
            self._fail(_OPERAND, _EXAMPLE, lexeme.position)
        if lexeme.kind == "or":
            group.alternatives.append([])
        group.pending = lexeme

    def _negate(self, group: _Group, lexeme: Lexeme) -> None:
        if group.pending_field:
            self._fail(_OPERAND, f"put the exclusion first: -{group.pending_field.text}:…", lexeme.position)
        self._assume_and(group)
        # An exclusion of an exclusion is what was excluded.
        group.pending_not = not group.pending_not
        group.pending = group.pending or lexeme

    def _begin_field(self, group: _Group, lexeme: Lexeme) -> None:
        outer = group.pending_field or group.scope
        if outer:
            self._fail(f"a field inside {outer.text}:", f"write {lexeme.text}: outside of it", lexeme.position)
        self._assume_and(group)
        group.pending_field = lexeme

    def _end_group(self, lexeme: Lexeme) -> None:
        group = self.groups[-1]
        if not group.opened:
            self._fail(
                "this parenthesis was never opened", "put ( before the group, or quote the text", lexeme.position
            )
        node = self._close(group, lexeme.position)
        self.groups.pop()
        self._add(self.groups[-1], _negation(node) if group.negated else node)

    def _close(self, group: _Group, position: int) -> Node:
        if group.pending_field:
            self._fail(f"{group.pending_field.text}: lacks its value", "for example: title:nvidia", position)
        if group.pending or group.pending_not:
            self._fail(_OPERAND, _EXAMPLE, position)
        if group.opened and not group.alternatives[-1]:
            self._fail("this group is empty", _EXAMPLE, group.opened.position)
        if not group.alternatives[-1]:
            return Everything()
        return disjunction([conjunction(nodes) for nodes in group.alternatives])

    def _fail(self, message: str, hint: str, position: int) -> None:
        raise QueryError(message, hint, query=self.query, position=position)


def _word(chunk: str, level: Level, notes: list[str], *, wild: bool = False) -> Term | Phrase | None:
    """Return what a word or a quoted text stands for; a compound's parts are adjacent, and only its last part stems.

    Args:
        chunk: as typed.
        level: of the last part.
        notes: to be added to.
        wild: whether a part may have wildcards.
    """
    text = unicodedata.normalize("NFC", chunk)
    forms = words(text) if wild else [token.text for token in tokenize(text)]
    if not forms:
        if chunk.strip():
            notes.append(f"nothing to search for in '{chunk}'")
        return None
    patterns = wild and any(map(is_pattern, forms))
    if level == "stem" and (_UNREAD.search(chunk) or (not patterns and _NO_WILDCARD.search(chunk))):
        notes.append(f"'{chunk}' is read as '{'-'.join(forms)}'")
    terms = [Term(form, "form") for form in forms[:-1]] + [Term(forms[-1], level)]
    if patterns:
        terms = [replace(term, level="wildcard") if is_pattern(term.text) else term for term in terms]
    return terms[0] if len(terms) == 1 else Phrase(tuple(terms))


def _terms(node: Term | Phrase) -> tuple[Term, ...]:
    return (node,) if isinstance(node, Term) else node.terms


def _negation(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(node)


def _searchable(query: str, parsed: Parsed) -> Parsed:
    """Refuse a tree too deep to walk, and a text that would match everything only because nothing in it is a word."""
    if isinstance(parsed.tree, Everything) and parsed.notes:
        raise QueryError(parsed.notes[0], 'to match everything, give "" or a filter alone', query=query)
    level: list[Node] = [parsed.tree]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in _children(node)]
        if not level:
            return parsed
    message = f"this query nests AND, OR and NOT more than {MAX_DEPTH} deep"
    raise QueryError(message, "write it with fewer groups", query=query)


def _children(node: Node) -> tuple[Node, ...]:
    match node:
        case And(children) | Or(children):
            return children
        case Not(child):
            return (child,)
    return ()
