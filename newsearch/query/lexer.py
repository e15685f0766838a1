r"""A query's text as lexemes with their places.

A backslash before a word takes away what it would mean otherwise: `\and` is the word, and `\chip*` is `chip`.
"""

import re
from typing import Literal, NamedTuple

from newsearch.errors import QueryError
from newsearch.query.fields import NAMES, TEXT_FIELDS, no_such_field

Kind = Literal[
    "word", "plain", "phrase", "field", "and", "or", "not", "minus", "plus", "near", "pre", "atleast", "(", ")"
]
Exactness = Literal["", "=", "=="]

_OPERATORS: dict[str, Kind] = {"and": "and", "&&": "and", "or": "or", "||": "or", "not": "not", "!": "not"}
_DISTANCES: dict[str, Kind] = {"near": "near", "pre": "pre"}
_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "”": "”"}
_FIELD = re.compile(r"([A-Za-z][A-Za-z_]*):")
_CHUNK = re.compile(r'[^\s()"“”„«»]+')
_DISTANCE = re.compile(r"(near|pre)/(\d+)(?=[\s()\"“„«]|$)", re.IGNORECASE)
_COUNT = re.compile(r"atleast/(\d+)(?=[\s(]|$)", re.IGNORECASE)
_EXACT = re.compile(r"==?(?=[^\s()])")
_SUFFIX = re.compile(r"(?:(?P<tilde>~)(?P<number>\d*))?(?:\^(?P<boost>\d+(?:\.\d*)?|\.\d+))?")
_SUFFIXED = re.compile(rf"(?P<word>[^~^]*[^~^=]){_SUFFIX.pattern}", re.DOTALL)
_ESCAPE = "\\"
_MINUS = "-–−"
"""Also what word processors make of a hyphen."""
_SIGNS = f"{_MINUS}+!"
_SEVERAL = re.compile(rf"[{_SIGNS}]{{2,}}(?=[^{_SIGNS}\s()])")
# East Asian input methods give signs the width of their characters.
_NARROW = {ord(sign) + 0xFEE0: sign for sign in '"!&()*+-:<=>?^|~'}
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
    query = query.translate(_NARROW)
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
        return _end_of_group(query, position)
    if character in _SIGNS and _starts_operand(
        query, position, behind_field=bool(behind) and query[position - 1] == ":"
    ):
        return _sign(query, position)
    if behind and behind not in TEXT_FIELDS and query[position + len(_exactness(query, position))] not in _CLOSING:
        return _value(query, position)
    return _operator(query, position) or _text(query, position)


def _end_of_group(query: str, position: int) -> tuple[Lexeme, int]:
    suffix = _suffix(query, position + 1)
    boost = suffix["boost"] if suffix and suffix["tilde"] is None else None
    return Lexeme(")", ")", position, boost=boost), suffix.end() if suffix and boost else position + 1


def _sign(query: str, position: int) -> tuple[Lexeme, int]:
    if several := _SEVERAL.match(query, position):
        message = f"{several[0]} are several signs, and one is enough"
        raise QueryError(message, "write -word to exclude it, +word to require it", query=query, position=position)
    kind: Kind = "plus" if query[position] == "+" else "minus"
    return Lexeme(kind, query[position], position), position + 1


def _operator(query: str, position: int) -> tuple[Lexeme, int] | None:
    """Return an operator that is no single word, or a field."""
    if distance := _DISTANCE.match(query, position):
        return Lexeme(_DISTANCES[distance[1].lower()], distance[2], position), distance.end()
    if counted := _COUNT.match(query, position):
        return Lexeme("atleast", counted[1], position), counted.end()
    field = _FIELD.match(query, position)
    if field and _is_field(query, field):
        return Lexeme("field", NAMES[field[1].lower()], position), field.end()
    return None


def _text(query: str, position: int) -> tuple[Lexeme, int]:
    exact = _exactness(query, position)
    if exact and (named := _FIELD.match(query, position + len(exact))) and named[1].lower() in NAMES:
        message = f"{exact} goes behind {named[0]}"
        raise QueryError(message, f"write {named[0]}{exact}…", query=query, position=position)
    if query[position + len(exact)] in _CLOSING:
        return _phrase(query, position, exact)
    return _word(query, position, exact)


def _value(query: str, position: int) -> tuple[Lexeme, int]:
    """Return the value of a field that is no text: addresses have colons in them, and names may be operators."""
    exact = _exactness(query, position)
    chunk = _CHUNK.match(query, position + len(exact))
    text = chunk[0] if chunk else query[position]
    suffixed = _SUFFIXED.fullmatch(text)
    boost = suffixed["boost"] if suffixed and suffixed["tilde"] is None else None
    word = suffixed["word"] if suffixed and boost else text
    return Lexeme("word", word, position, exact, boost=boost), position + len(exact) + len(text)


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
    return (
        begins
        and bool(after)
        and not after.isspace()
        and (after not in f"){_SIGNS}" or bool(_SEVERAL.match(query, position)))
    )


def _is_field(query: str, field: re.Match[str]) -> bool:
    """Tell a field from punctuation: a colon before a space counts only behind a known name."""
    if field[1].lower() in NAMES:
        return True
    if not query[field.end() : field.end() + 1].strip():
        return False
    raise no_such_field(field[1], query=query, position=field.start())
