r"""A query's text as lexemes with their places.

A backslash before a word takes away what it would mean otherwise: `\and` is the word, and `\chip*` is `chip`.
"""

import re
from typing import Literal, NamedTuple

from newsearch.errors import QueryError
from newsearch.query.fields import NAMES, VALUE_FIELDS, no_such_field

Kind = Literal[
    "word", "plain", "phrase", "field", "and", "or", "not", "minus", "plus", "near", "pre", "atleast", "(", ")"
]
Exactness = Literal["", "=", "=="]

_OPERATORS: dict[str, Kind] = {"and": "and", "&&": "and", "or": "or", "||": "or", "not": "not", "!": "not"}
_DISTANCES: dict[str, Kind] = {"near": "near", "pre": "pre"}
_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»", "”": "”"}
_FIELD = re.compile(r"([A-Za-z][A-Za-z_]*):")
_CHUNK = re.compile(r'[^\s()"“”„«»]+')
_DISTANCE = re.compile(r"(near|pre)/(\d+)(?=[\s()\"“„«]|$)", re.IGNORECASE)
_COUNT = re.compile(r"atleast/(\d+)(?=[\s(]|$)", re.IGNORECASE)
_EXACT = re.compile(r"==?(?=[^\s()])")
_SUFFIX = re.compile(r"(?:(?P<tilde>~)(?P<number>\d*))?(?:\^(?P<boost>\d+(?:\.\d*)?|\.\d+))?")
_SUFFIXED = re.compile(rf"(?P<word>[^~^]*[^~^=]){_SUFFIX.pattern}", re.DOTALL)
_ESCAPE = "\\"
_BLANK = re.compile(r"\s+")


class Lexeme(NamedTuple):
    """A piece of a query."""

    kind: Kind
    text: str
    """A word as typed, one behind a backslash, the inside of a phrase, a field's name, the number of an operator."""
    position: int
    """Its first code point in the query."""
    exact: Exactness = ""
    """What stands before a word or a phrase."""
    tilde: str | None = None
    """The digits of `~n` behind a word or a phrase, maybe none."""
    boost: str | None = None
    """The number of `^n` behind a word, a phrase or a group."""


def lex(query: str) -> list[Lexeme]:
    """Cut a query into lexemes.

    Raises:
        QueryError: a quote that never closes, or a field that does not exist.
    """
    lexemes: list[Lexeme] = []
    position = 0
    while position < len(query):
        if blank := _BLANK.match(query, position):
            position = blank.end()
            continue
        field = lexemes[-1].text if lexemes and lexemes[-1].kind == "field" else ""
        lexeme, position = _next(query, position, field)
        lexemes.append(lexeme)
    return lexemes


def _next(query: str, position: int, behind: str) -> tuple[Lexeme, int]:
    """Return the next lexeme and where it ends; `behind` is the field that stands right before it."""
    character = query[position]
    if character == "(":
        return Lexeme("(", character, position), position + 1
    if character == ")":
        suffix = _suffix(query, position + 1)
        boost = suffix["boost"] if suffix and suffix["tilde"] is None else None
        end = suffix.end() if suffix and boost else position + 1
        return Lexeme(")", character, position, boost=boost), end
    if character in "-+!" and _starts_operand(
        query, position, behind_field=bool(behind) and query[position - 1] == ":"
    ):
        kind: Kind = "plus" if character == "+" else "minus"
        return Lexeme(kind, character, position), position + 1
    if operator := _DISTANCE.match(query, position):
        return Lexeme(_DISTANCES[operator[1].lower()], operator[2], position), operator.end()
    if counted := _COUNT.match(query, position):
        return Lexeme("atleast", counted[1], position), counted.end()
    # Addresses and paths have colons.
    field = None if behind in VALUE_FIELDS else _FIELD.match(query, position)
    if field and _is_field(query, field):
        return Lexeme("field", NAMES[field[1].lower()], position), field.end()
    exact = _exactness(query, position)
    if exact and (named := _FIELD.match(query, position + len(exact))) and named[1].lower() in NAMES:
        message = f"{exact} goes behind {named[0]}"
        raise QueryError(message, f"write {named[0]}{exact}…", query=query, position=position)
    if query[position + len(exact)] in _CLOSING:
        return _phrase(query, position, exact)
    return _word(query, position, exact)


def _word(query: str, position: int, exact: Exactness) -> tuple[Lexeme, int]:
    chunk = _CHUNK.match(query, position + len(exact))
    text = chunk[0] if chunk else query[position]
    end = position + len(exact) + len(text)
    if text.startswith(_ESCAPE):
        return Lexeme("plain", text.removeprefix(_ESCAPE) or text, position, exact), end
    if not exact and (kind := _OPERATORS.get(text.lower())):
        return Lexeme(kind, text, position), end
    suffixed = _SUFFIXED.fullmatch(text)
    if suffixed is None:
        return Lexeme("word", text, position, exact), end
    tilde = suffixed["number"] if suffixed["tilde"] else None
    return Lexeme("word", suffixed["word"], position, exact, tilde, suffixed["boost"]), end


def _phrase(query: str, position: int, exact: Exactness) -> tuple[Lexeme, int]:
    start = position + len(exact) + 1
    closing = _CLOSING[query[start - 1]]
    for end in range(start, len(query)):
        if query[end] in closing:
            suffix = _suffix(query, end + 1)
            tilde = suffix["number"] if suffix and suffix["tilde"] else None
            lexeme = Lexeme("phrase", query[start:end], position, exact, tilde, suffix["boost"] if suffix else None)
            return lexeme, suffix.end() if suffix else end + 1
    message = "this quote never closes"
    raise QueryError(message, 'an exact phrase looks like "export curbs"', query=query, position=start - 1)


def _suffix(query: str, position: int) -> re.Match[str] | None:
    """Return what `~n` and `^n` stand right behind something and before its end."""
    suffix = _SUFFIX.match(query, position)
    behind = query[suffix.end() : suffix.end() + 1] if suffix else ""
    return suffix if suffix and suffix[0] and (not behind or behind.isspace() or behind in "()") else None


def _exactness(query: str, position: int) -> Exactness:
    """A sign of equality before a word or a quote, and nothing in between."""
    sign = _EXACT.match(query, position)
    return "" if sign is None else "==" if sign[0] == "==" else "="


def _starts_operand(query: str, position: int, *, behind_field: bool) -> bool:
    """A leading sign is an operator only where a word starts and something follows it at once."""
    before = query[position - 1 : position]
    after = query[position + 1 : position + 2]
    begins = not before or before.isspace() or before in '()"”»' or behind_field
    return begins and bool(after) and not after.isspace() and after not in ")-+!"


def _is_field(query: str, field: re.Match[str]) -> bool:
    """Tell a field from punctuation: a colon before a space counts only behind a known name."""
    if field[1].lower() in NAMES:
        return True
    if not query[field.end() : field.end() + 1].strip():
        return False
    raise no_such_field(field[1], query=query, position=field.start())
