"""Lexemes to a syntax tree, with explicit stacks: no nesting a user can type exhausts Python's own.

Precedence: NOT, then NEAR and PRE, then AND (written or implied), then OR.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NoReturn, Protocol, TypeVar

from newsearch.analysis import EDITS, Level, fold, is_pattern, tokenize, words
from newsearch.errors import QueryError
from newsearch.query.fields import DATE_FIELDS, FIELDS, NAMES, TEXT_FIELDS, VALUE_FIELDS, no_such_field
from newsearch.query.lexer import Lexeme, lex
from newsearch.query.operands import MAX_COUNT, MAX_DISTANCE, OperandError, at_least, check_depth, near
from newsearch.query.tree import (
    Boost,
    Everything,
    Keyword,
    Node,
    Not,
    Phrase,
    Present,
    Term,
    TextField,
    TimeField,
    ValueField,
    Words,
    conjunction,
    disjunction,
    ranked_leaves,
)
from newsearch.query.values import normal

MAX_GUESSES = 16
"""How many words of a query may be fuzzy: each goes through all words of the archive."""
MAX_WILDCARDS = 100
"""How many words of a query may have wildcards: each is looked for in all words of the archive."""
SHORTEST_FUZZY = 3
"""Characters of a word that may be fuzzy: a shorter one is an edit or two away from too much."""
MAX_BOOST = 1_000
MAX_WORDS = 1 << 31
"""The largest length that is told from others; no text is as long."""

_OPERAND = "a word, a phrase or a group is missing here"
_UNREAD = re.compile(r"[~^=|]|&&|^—|^(?:NEAR|PRE|ATLEAST)(?=[/\d]|$)")
"""What looks as if it should mean something, and is only punctuation here."""
_QUOTED_WILDCARD = re.compile(r"\w\*|\*\w|\w\?\w")
_NO_WILDCARD = re.compile(r"\*|\?(?=\w)")
"""What would be one if it did not stand in literal text or behind a backslash."""
_WILDCARDS = 'for example chip*, *export or wom?n; to match everything, give ""'
_EXAMPLE = 'for example: nvidia (export OR tariff) -amd "chip curbs"'
_LENGTH = re.compile(r"(?P<sign>[<>]=?)?(?P<from>\d*)(?P<dots>\.\.)?(?P<to>\d*)")
_LENGTHS = "lengths look like words:>300, words:<=100, words:300..500 or words:0"
_NUMBERED = {
    "near": "for example: chip NEAR/5 curbs",
    "pre": "for example: chip PRE/5 curbs",
    "atleast": "for example: ATLEAST/3(nvidia)",
    "phrase": 'for example: "chip curbs"~5',
}
_VALUES = {"words": "words:>300, in quotes where a shell reads >", "no": "no:author", "saved": "saved:NAME"}
_VALUES |= dict.fromkeys(DATE_FIELDS, "date:2025-04") | {"site": "site:harbour.example", "file": "file:pages/*.txt"}
_MEMBERS: dict[str, "TextField | ValueField | TimeField"] = {
    **{name: name for name in (*TEXT_FIELDS, *VALUE_FIELDS)},
    "date": "published",
    "updated": "updated",
}
"""The fields of which it can be asked whether an article has them."""
Found = TypeVar("Found")
_FUZZY: dict[str, Level] = {"": "fuzzy", "1": "fuzzy", "2": "fuzzier"}
_EXACT: dict[str, Level] = {"": "stem", "=": "form", "==": "case"}


class Surroundings(Protocol):
    """What a query means by dates and by the names of saved queries."""

    def dated(self, name: str, value: str) -> Node:
        """Return what the value of a date field (`date`, `since`, ...) stands for.

        Raises:
            QueryError: it is no date.
        """
        ...

    def saved(self, name: str) -> Node:
        """Return what a saved query stands for.

        Raises:
            QueryError: there is none of this name, or it cannot be read.
        """
        ...


@dataclass(slots=True)
class _Group:
    """What has been read between a parenthesis and its end."""

    opened: Lexeme | None = None
    scope: Lexeme | None = None
    """The field that stands before this parenthesis or one around it."""
    negated: bool = False
    counted: Lexeme | None = None
    """The ATLEAST before it."""
    alternatives: list[list[Node]] = field(default_factory=lambda: [[]])
    """Operands joined by AND, for each part between ORs."""
    pending_not: bool = False
    pending_field: Lexeme | None = None
    pending_count: Lexeme | None = None
    pending_near: Lexeme | None = None
    pending: Lexeme | None = None
    """An operator that still lacks its right side."""
    required: Lexeme | None = None
    """The first plus."""


@dataclass(slots=True)
class Parsed:
    """A tree and what was done to get there."""

    tree: Node
    notes: list[str]
    """What the text did not say or what could not be searched, one line each."""
    assumed_and: bool = False


def parse(query: str, surroundings: Surroundings) -> Parsed:
    """Read a query.

    Raises:
        QueryError: it cannot be read; carries the place.
    """
    return _searchable(query, _Parser(query, surroundings).parse())


def parse_literal(text: str) -> Parsed:
    """Read text as plain words that must all be there; nothing in it is an operator.

    The text may be a headline, so a title with exactly these words in this order counts again. That finds nothing more:
    such a title has all the words.

    Raises:
        QueryError: there is no word in it.
    """
    notes: list[str] = []
    found: list[Node] = [node for chunk in text.split() if (node := _word(chunk, "stem", notes))]
    title = _word(text, "form", []) if found else None
    tree = disjunction([conjunction(found), replace(title, field="title")]) if title else conjunction(found)
    return _searchable(text, Parsed(tree, notes, assumed_and=bool(found)))


def keyword(name: ValueField, value: str) -> Keyword:
    """Return the node for a value as typed."""
    return Keyword(name, normal(name, value))


class _Parser:
    def __init__(self, query: str, surroundings: Surroundings) -> None:
        self.query = query
        self.surroundings = surroundings
        self.notes: list[str] = []
        self.assumed_and = False
        self.wildcards = self.guesses = 0
        self.groups = [_Group()]

    def parse(self) -> Parsed:
        for lexeme in lex(self.query):
            self._take(lexeme)
        group = self.groups[-1]
        if group.opened:
            self._fail("this parenthesis never closes", "close it with )", group.opened)
        return Parsed(self._close(group, len(self.query)), self.notes, self.assumed_and)

    def _take(self, lexeme: Lexeme) -> None:
        group = self.groups[-1]
        if group.pending_count and lexeme.kind != "(":
            count = group.pending_count.text
            self._fail("ATLEAST needs a group", f"for example: ATLEAST/{count}(nvidia)", lexeme)
        match lexeme.kind:
            case "(":
                self._begin_group(group, lexeme)
            case ")":
                self._end_group(lexeme)
            case "and" | "or":
                self._join(group, lexeme)
            case "near" | "pre":
                self._begin_near(group, lexeme)
            case "not" | "minus":
                self._negate(group, lexeme)
            case "plus":
                self._require(group, lexeme)
            case "field":
                self._begin_field(group, lexeme)
            case "atleast":
                self._assume_and(group)
                group.pending_count = lexeme
            case _:
                self._operand(group, lexeme)

    def _operand(self, group: _Group, lexeme: Lexeme) -> None:
        named = group.pending_field or group.scope
        node = self._leaf(lexeme, named)
        if node is None and lexeme.kind == "phrase" and not lexeme.text.strip() and (group.pending_not or named):
            self._fail("there is nothing between these quotes", _EXAMPLE, lexeme)
        if node is None:  # there is nothing in it, so there is nothing to exclude or to look for in a field
            if group.pending and group.pending.kind in ("not", "minus"):
                group.pending = None
            group.pending_not, group.pending_field = False, None
            return
        self._assume_and(group)
        if lexeme.boost:
            node = self._boosted(node, lexeme)
        self._add(group, _negation(node) if group.pending_not else node)
        group.pending_not, group.pending_field = False, None

    def _leaf(self, lexeme: Lexeme, named: Lexeme | None) -> Node | None:
        name = named.text if named else None
        if name is None:
            return self._text(lexeme)
        if lexeme.kind == "word" and lexeme.text == "*" and name in _MEMBERS:
            return Present(_MEMBERS[name])
        if name in TEXT_FIELDS:
            node = self._text(lexeme)
            return replace(node, field=name) if node else None
        self._refuse_marks(lexeme, name)
        if name in VALUE_FIELDS:
            return self._keyword(name, lexeme)
        match name:
            case "words":
                return self._length(lexeme)
            case "no":
                return self._lacking(lexeme)
        try:
            return (
                self.surroundings.saved(lexeme.text) if name == "saved" else self.surroundings.dated(name, lexeme.text)
            )
        except QueryError as error:
            raise QueryError(str(error), error.hint, query=self.query, position=lexeme.position) from error

    def _keyword(self, name: ValueField, lexeme: Lexeme) -> Keyword:
        node = keyword(name, lexeme.text)
        if "*" in lexeme.text and lexeme.kind == "word" and name != "file":
            self._fail("wildcards belong to words and to file:", f"give a whole name, or {name}:* for any", lexeme)
        if lexeme.text.strip() and not node.value:
            self._fail(f"there is no name in '{lexeme.text}'", f"to find what has none: no:{name}", lexeme)
        if name == "site" and "/" in lexeme.text.partition("//")[2].rstrip("/"):
            self.notes.append(f"of '{lexeme.text}' only the host counts")
        return node

    def _refuse_marks(self, lexeme: Lexeme, name: str) -> None:
        if lexeme.exact or lexeme.tilde is not None:
            mark = lexeme.exact or "~"
            self._fail(f"{mark} belongs to words of a text, not to {name}:", f"leave the {mark} out", lexeme)

    def _length(self, lexeme: Lexeme) -> Words:
        match = _LENGTH.fullmatch(lexeme.text.strip())
        if not match or not (match["from"] or match["to"]) or (match["sign"] and (match["dots"] or not match["from"])):
            self._fail(f"'{lexeme.text}' is not a length", _LENGTHS, lexeme)
        first, last = map(_count, (match["from"], match["to"]))
        bounds: dict[str | None, tuple[int, int | None]] = {
            ">": ((first or 0) + 1, None),
            ">=": (first or 0, None),
            "<": (0, (first or 0) - 1),
            "<=": (0, first),
            None: (first or 0, last if match["dots"] else first),
        }
        least, most = bounds[match["sign"]]
        if most is not None and most < least:
            self._fail(f"no text has {lexeme.text} words", _LENGTHS, lexeme)
        return Words(min(least, MAX_WORDS), most)

    def _lacking(self, lexeme: Lexeme) -> Node:
        name = NAMES.get(lexeme.text.lower(), lexeme.text)
        if name not in _MEMBERS:
            known = tuple(_MEMBERS)
            if name in FIELDS:
                self._fail(f"no article has or lacks {name}:", f"no: goes before {', '.join(known)}", lexeme)
            raise no_such_field(name, query=self.query, position=lexeme.position, known=known)
        return Not(Present(_MEMBERS[name]))

    def _text(self, lexeme: Lexeme) -> Term | Phrase | None:
        if lexeme.kind == "phrase":
            return self._phrase(lexeme)
        level = self._level(lexeme)
        node = _word(lexeme.text, level, self.notes, wild=lexeme.kind == "word")
        held = [term for term in _terms(node) if term.level == "wildcard" or term.level in EDITS] if node else []
        if not all(any(map(str.isalnum, term.text)) for term in held):
            self._fail("a wildcard needs a letter or digit of its own word beside it", _WILDCARDS, lexeme)
        if held and lexeme.exact == "==" and held[0].level == "wildcard":
            self._fail("a wildcard stands for any case", f"leave the == out: {lexeme.text}", lexeme)
        if node and held and held[-1].level in EDITS and len(fold(held[-1].text)) < SHORTEST_FUZZY:
            self.notes.append(f"'{lexeme.text}~' is too short to be guessed at, so it is read as {lexeme.text}")
            return _word(lexeme.text, "stem", [])
        self.guesses += any(term.level in EDITS for term in held)
        self.wildcards += sum(term.level == "wildcard" for term in held)
        if self.wildcards > MAX_WILDCARDS or self.guesses > MAX_GUESSES:
            most, mark = (MAX_GUESSES, "~") if self.guesses > MAX_GUESSES else (MAX_WILDCARDS, "wildcards")
            self._fail(f"more than {most} words with {mark}", "ask for fewer at once", lexeme)
        return node

    def _level(self, lexeme: Lexeme) -> Level:
        """Return how alike to the word typed what it finds must be."""
        if lexeme.tilde is None:
            return _EXACT[lexeme.exact]
        if lexeme.exact:
            self._fail(f"a word is not both {lexeme.exact} and ~", f"write {lexeme.text} with one of them", lexeme)
        if lexeme.tilde not in _FUZZY:
            self._fail("~ allows one or two edits", f"write {lexeme.text}~ or {lexeme.text}~2", lexeme)
        if any(map(str.isdigit, lexeme.text)):
            self.notes.append(f"'{lexeme.text}~' has a digit, so it is read as {lexeme.text}: numbers are not guessed")
            return "stem"
        if is_pattern(lexeme.text):
            self._fail("a word has either wildcards or ~", f"write {lexeme.text} without ~", lexeme)
        return _FUZZY[lexeme.tilde]

    def _require(self, group: _Group, lexeme: Lexeme) -> None:
        if len(group.alternatives) > 1:
            self._fail("OR leaves open what + requires", "leave the + out, or join with AND", lexeme)
        self._assume_and(group)
        group.required = group.required or lexeme

    def _phrase(self, lexeme: Lexeme) -> Term | Phrase | None:
        node = _word(lexeme.text, "case" if lexeme.exact == "==" else "form", self.notes)
        if node and _QUOTED_WILDCARD.search(lexeme.text):
            self.notes.append(f'* and ? are no wildcards in quotes: "{lexeme.text}"')
        if lexeme.tilde is None or node is None:
            return node
        if not lexeme.tilde:
            self._fail("how near to each other are the words to be?", f'for example: "{lexeme.text}"~5', lexeme)
        distance = self._number(lexeme, lexeme.tilde, MAX_DISTANCE)
        if isinstance(node, Term):
            self.notes.append(f'"{lexeme.text}" is one word, so ~{lexeme.tilde} says nothing')
            return node
        if distance < len(node.terms) - 1:
            words_in_it = len(node.terms)
            self._fail(f"{words_in_it} words do not fit within {distance}", f"write ~{words_in_it - 1} or more", lexeme)
        return replace(node, within=distance)

    def _number(self, lexeme: Lexeme, digits: str, most: int) -> int:
        """Return a number of words or times between 1 and a limit."""
        number = int(digits) if len(digits) <= len(str(most)) else most + 1
        if not 1 <= number <= most:
            self._fail(f"{digits[:20]} is not between 1 and {most:,}", _NUMBERED[lexeme.kind], lexeme)
        return number

    def _boosted(self, node: Node, lexeme: Lexeme) -> Node:
        factor = float(lexeme.boost or 1)
        if not 1 / MAX_BOOST <= factor <= MAX_BOOST:
            self._fail(f"a weight is between {1 / MAX_BOOST} and {MAX_BOOST:,}", "for example: nvidia^2", lexeme)
        self._check(lambda: check_depth(node), lexeme)
        if not any(True for _ in ranked_leaves(node)):
            self._fail("this earns no score that a weight could change", "put ^ behind a word, phrase or group", lexeme)
        return node if factor == 1 else Boost(node, factor)

    def _add(self, group: _Group, node: Node) -> None:
        operator = group.pending_near
        if operator:
            left, right = group.alternatives[-1].pop(), node
            distance = self._number(operator, operator.text, MAX_DISTANCE)
            node = self._check(lambda: near(left, right, distance, ordered=operator.kind == "pre"), operator)
        group.alternatives[-1].append(node)
        group.pending = group.pending_near = None

    def _check(self, build: Callable[[], Found], lexeme: Lexeme) -> Found:
        try:
            return build()
        except OperandError as error:
            raise QueryError(str(error), error.hint, query=self.query, position=lexeme.position) from error

    def _assume_and(self, group: _Group) -> None:
        if group.alternatives[-1] and not group.pending and not group.pending_not:
            self.assumed_and = True

    def _join(self, group: _Group, lexeme: Lexeme) -> None:
        self._expect_left(group, lexeme)
        if lexeme.kind == "or":
            if group.required:
                self._fail("OR leaves open what + requires", "leave the + out, or join with AND", group.required)
            group.alternatives.append([])
        group.pending = lexeme

    def _begin_near(self, group: _Group, lexeme: Lexeme) -> None:
        self._expect_left(group, lexeme)
        group.pending = group.pending_near = lexeme

    def _expect_left(self, group: _Group, lexeme: Lexeme) -> None:
        if not group.alternatives[-1] or group.pending or group.pending_not or group.pending_field:
            self._fail(_OPERAND, _EXAMPLE, lexeme)

    def _negate(self, group: _Group, lexeme: Lexeme) -> None:
        if group.pending_field:
            self._fail(_OPERAND, f"put the exclusion first: -{group.pending_field.text}:…", lexeme)
        self._assume_and(group)
        # An exclusion of an exclusion is what was excluded.
        group.pending_not = not group.pending_not
        group.pending = group.pending or lexeme

    def _begin_field(self, group: _Group, lexeme: Lexeme) -> None:
        outer = group.pending_field or group.scope
        if outer:
            self._fail(f"a field inside {outer.text}:", f"write {lexeme.text}: outside of it", lexeme)
        self._assume_and(group)
        group.pending_field = lexeme

    def _begin_group(self, group: _Group, lexeme: Lexeme) -> None:
        self._assume_and(group)
        scope = group.pending_field or group.scope
        self.groups.append(_Group(lexeme, scope, group.pending_not, group.pending_count))
        group.pending_field, group.pending_not, group.pending_count = None, False, None

    def _end_group(self, lexeme: Lexeme) -> None:
        group = self.groups[-1]
        if not group.opened:
            self._fail("this parenthesis was never opened", "put ( before the group, or quote the text", lexeme)
        node = self._close(group, lexeme.position)
        if counted := group.counted:
            count, counting = self._number(counted, counted.text, MAX_COUNT), node
            node = self._check(lambda: at_least(count, counting), counted)
        if lexeme.boost:
            node = self._boosted(node, lexeme)
        self.groups.pop()
        self._add(self.groups[-1], _negation(node) if group.negated else node)

    def _close(self, group: _Group, position: int) -> Node:
        if group.pending_field:
            name = group.pending_field.text
            self._fail(f"{name}: lacks its value", f"for example: {_VALUES.get(name, f'{name}:nvidia')}", position)
        if group.pending_count:
            self._fail("ATLEAST needs a group", "for example: ATLEAST/3(nvidia)", position)
        if group.pending or group.pending_not:
            self._fail(_OPERAND, _EXAMPLE, position)
        if group.opened and not group.alternatives[-1]:
            self._fail("this group is empty", _EXAMPLE, group.opened)
        if not group.alternatives[-1]:
            return Everything()
        return disjunction([conjunction(nodes) for nodes in group.alternatives])

    def _fail(self, message: str, hint: str, place: Lexeme | int) -> NoReturn:
        position = place if isinstance(place, int) else place.position
        raise QueryError(message, hint, query=self.query, position=position)


def _word(chunk: str, level: Level, notes: list[str], *, wild: bool = False) -> Term | Phrase | None:
    """Return what a word or a quoted text stands for; a compound's parts are adjacent, and only its last part stems.

    Args:
        chunk: as typed.
        level: of the last part; where case counts, of all of them.
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
        read = "-".join(forms)
        known = f"'{read}'" if read != chunk else "a word; what counts is written NEAR/5, PRE/5 or ATLEAST/3(…)"
        notes.append(f"'{chunk}' is read as {known}")
    before: Level = "case" if level == "case" else "form"
    terms = [Term(form, before) for form in forms[:-1]] + [Term(forms[-1], level)]
    if patterns:
        terms = [replace(term, level="wildcard") if is_pattern(term.text) else term for term in terms]
    return terms[0] if len(terms) == 1 else Phrase(tuple(terms))


def _count(digits: str) -> int | None:
    return min(int(digits.lstrip("0")[:12] or 0), MAX_WORDS) if digits else None


def _terms(node: Term | Phrase) -> tuple[Term, ...]:
    return (node,) if isinstance(node, Term) else node.terms


def _negation(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(node)


def _searchable(query: str, parsed: Parsed) -> Parsed:
    """Refuse a tree too deep to walk, and a text that would match everything only because nothing in it is a word."""
    if isinstance(parsed.tree, Everything) and parsed.notes:
        raise QueryError(parsed.notes[0], 'to match everything, give "" or a filter alone', query=query)
    try:
        check_depth(parsed.tree)
    except OperandError as error:
        raise QueryError(str(error), error.hint, query=query) from error
    return parsed
