r"""A query's text as lexemes with their places.

A backslash before a word takes away what it would mean otherwise: `\and` is the word, and `\chip*` is `chip`.
"""

import re
from typing import Literal, NamedTuple

from newsearch.errors import QueryError

FIELDS = ("title", "body", "source", "section", "lang", "date", "since", "until", "after", "before")
Kind = Literal["word", "plain", "phrase", "field", "and", "or", "not", "minus", "plus", "(", ")"]

_OPERATORS: dict[str, Kind] = {"and": "and", "&&": "and", "or": "or", "||": "or", "not": "not", "!": "not"}
_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»", "”": "”"}
_FIELD = re.compile(r"([A-Za-z][A-Za-z_]*):")
_CHUNK = re.compile(r'[^\s()"“”„«»]+')
_ESCAPE = "\\"
_BLANK = re.compile(r"\s+")


class Lexeme(NamedTuple):
    """A piece of a query."""

    kind: Kind
    text: str
    """A word as typed, one behind a backslash, the inside of a phrase, a field's name in lower case."""
    position: int
    """Its first code point in the query."""


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
        behind_field = bool(lexemes) and lexemes[-1].kind == "field" and query[position - 1] == ":"
        lexeme, position = _next(query, position, behind_field=behind_field)
        lexemes.append(lexeme)
    return lexemes


def _next(query: str, position: int, *, behind_field: bool) -> tuple[Lexeme, int]:
    character = query[position]
    if character in "()":
        return Lexeme("(" if character == "(" else ")", character, position), position + 1
    if character in _CLOSING:
        return _phrase(query, position)
    if character in "-+!" and _starts_operand(query, position, behind_field=behind_field):
        kind: Kind = "plus" if character == "+" else "minus"
        return Lexeme(kind, character, position), position + 1
    if field := _FIELD.match(query, position):
        known = _known_field(query, field)
        if known:
            return Lexeme("field", field[1].lower(), position), field.end()
    chunk = _CHUNK.match(query, position)
    text = chunk[0] if chunk else character
    kind = "plain" if text.startswith(_ESCAPE) else _OPERATORS.get(text.lower(), "word")
    return Lexeme(kind, text.removeprefix(_ESCAPE) or text, position), position + len(text)


def _starts_operand(query: str, position: int, *, behind_field: bool) -> bool:
    """A leading sign is an operator only where a word starts and something follows it at once."""
    before = query[position - 1 : position]
    after = query[position + 1 : position + 2]
    begins = not before or before.isspace() or before in '()"”»' or behind_field
    return begins and bool(after) and not after.isspace() and after not in ")-+!"


def _phrase(query: str, position: int) -> tuple[Lexeme, int]:
    closing = _CLOSING[query[position]]
    for end in range(position + 1, len(query)):
        if query[end] in closing:
            return Lexeme("phrase", query[position + 1 : end], position), end + 1
    message = "this quote never closes"
    raise QueryError(message, 'an exact phrase looks like "export curbs"', query=query, position=position)


def _known_field(query: str, field: re.Match[str]) -> bool:
    """Tell a field from punctuation: a colon before a space counts only behind a known name."""
    name = field[1].lower()
    if name in FIELDS:
        return True
    if not query[field.end() : field.end() + 1].strip():
        return False
    from difflib import get_close_matches  # noqa: PLC0415 - only when a name is wrong

    near = get_close_matches(name, FIELDS, 1, cutoff=0.5)
    suggestion = f"did you mean {near[0]}: ?" if near else f"the fields are {', '.join(FIELDS)}."
    message = f"there is no field '{field[1]}'"
    hint = f'{suggestion} To search the text itself, quote it: "{field[0]}…"'
    raise QueryError(message, hint, query=query, position=field.start())
