"""Cut text into tokens: surface forms with their positions and places.

The rules, with what they are for:

- letters, digits and combining marks make a word; hyphens, slashes and dashes part it, so `F-16` is `F` `16` in
  adjacent positions and `AI-driven` meets `AI driven`;
- an apostrophe or `&` between letters belongs to the word (`don't`, `Nvidia's`, `AT&T`), so do trailing `+` and `#`
  (`C++`, `C#`);
- single letters with dots are one word (`U.S.`, `e.g.`), and so are numbers with their points and commas
  (`3.5`, `1,000`, `5G`);
- a sign stays with its word (`$5`, `3.5%`, `#MeToo`, `@handle`) and folds away;
- scripts written without spaces (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) give one token a character, and
  a run of them is searched as a phrase.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from newsearch.analysis.marks import MARKS

_UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003fffd"
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\uaa60-\uaa7f"
)
WORDLY = rf"[^\W_{_UNSPACED}]"
"""Matches a letter or digit of a script written with spaces."""
# Soft hyphens and joiners sit inside words without being seen.
_UNSEEN = "\u00ad\u200b-\u200d\u2060"
# Outside these ranges lie all marks, unseen characters and unspaced scripts, and hardly anything else is common.
_PLAIN = (
    "\x00-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0590\u2000-\u200a\u200e-\u205f\u2070-\u20cf\u2100-\u2bff\ufeff\ufffd"
    "\U0001f000-\U0001faff"
)
_MARKING = {"Mn", "Mc", "Me", "Cn"}
"""Categories that marks of any version of Unicode have."""
_NO_LETTERS = {*_MARKING, "Cf"}
_SPECIAL = re.compile(f"[^{_PLAIN}]")


def _token(unspaced: str = "", marks: str = "", unseen: str = "") -> re.Pattern[str]:
    """Return what matches a token, given what a text may hold besides plain words, as insides of character classes.

    Such classes are slow to make, so a text has only what it needs. Repetitions are possessive, so that no input makes
    it backtrack.
    """
    letter, wordly = rf"[^\W\d_{unspaced}]", rf"[^\W_{unspaced}]"
    inside = rf"[{marks}{unseen}]++ |" if unseen else ""
    marking = rf"[{marks}]*+" if marks else ""
    rest = rf"(?: {wordly}++ | {inside} ['’ʼ＇&](?={wordly}) )*+"
    word_end = rf"{rest} (?: (?:\+{{1,2}}+|\#)(?!\w) )?"
    # First what is most common: a character of its own in one kind of text, a word of letters in the other.
    first = rf"(?=\w)[{unspaced}]{marking}" if unspaced else rf"{letter}{{2,}}+ {word_end}"
    return re.compile(
        rf"""
        (?=[\w$€£¥₹#@])                             # skip quickly over what starts nothing
        (?: {first}
          | (?: [$€£¥₹] | (?<![^\W_])[#@] )?
          (?: {letter}(?:\.{letter}(?!{wordly}))+\.?
            | \d++(?:\.\d++|,\d{{3}}(?!\d))*+ (?: % | (?=['’ʼ＇&]?{wordly}) {rest} )?
            | {wordly} {word_end}
          )
        )
        """,
        re.VERBOSE,
    )


_PLAIN_TOKEN = _token()


@cache
def _special_token(*, unspaced: bool, marks: bool) -> re.Pattern[str]:
    return _token(_UNSPACED if unspaced else "", MARKS if marks else "", _UNSEEN)


# ECMA-48: control sequences such as `ESC [ 31 m`, and operating system commands up to their end.
_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*+[ -/]*+[@-~]|\][^\x07\x1b\s]*+(?:\x07|\x1b\\)?)")


class Token(NamedTuple):
    """A word as written, and where it stands."""

    text: str
    """The surface form."""
    position: int
    """Counted from 0 in words of the text."""
    start: int
    """First code point."""
    end: int
    """Code point behind the last."""


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in order; what steers a terminal is no word."""
    for position, match in enumerate(matches_in(text)):
        yield Token(match[0], position, *match.span())


def matches_in(text: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of a text as the matches they come from, which is quicker where few of them are looked at."""
    plain = without_escapes(text)
    return _pattern_for(plain).finditer(plain)


def words_of(chunk: str) -> list[str]:
    """Return the surface forms of a text that steers no terminal, as `tokenize` does but quicker."""
    if chunk.isascii() and chunk.isalpha():
        return [chunk]
    forms: list[str] = _pattern_for(chunk).findall(chunk)
    return forms


def without_escapes(text: str) -> str:
    """Return a text of the same length with spaces in the place of what steers a terminal."""
    return _ESCAPE_SEQUENCE.sub(lambda match: " " * len(match[0]), text) if "\x1b" in text else text


def _pattern_for(text: str) -> re.Pattern[str]:
    if text.isascii() or not _SPECIAL.search(text):
        return _PLAIN_TOKEN
    # Most special characters of Western texts are unseen or marks, and to make the classes of the others takes long.
    kinds = {unicodedata.category(character) for character in set(_SPECIAL.findall(text))}
    return _special_token(unspaced=not kinds <= _NO_LETTERS, marks=not kinds.isdisjoint(_MARKING))
