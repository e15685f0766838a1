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
from collections.abc import Iterator
from typing import NamedTuple

from newsearch.analysis.marks import MARKS

_UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003fffd"
    "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\uaa60-\uaa7f"
)
_LETTER = rf"[^\W\d_{_UNSPACED}]"
WORDLY = rf"[^\W_{_UNSPACED}]"
# Soft hyphens and joiners sit inside words without being seen; possessive, so that no input makes it backtrack.
_WORD = rf"(?:{WORDLY}++[{MARKS}\u00ad\u200b-\u200d\u2060]*+)++"
_TOKEN = re.compile(
    rf"""
    (?=[\w$€£¥₹#@])                             # skip quickly over what starts nothing
    (?:
      (?=\w)[{_UNSPACED}][{MARKS}]*+
    | (?: [$€£¥₹] | (?<![^\W_])[#@] )?
      (?: {_LETTER}(?:\.{_LETTER}(?!{WORDLY}))+\.?
        | \d++(?:\.\d++|,\d{{3}}(?!\d))*+ (?: % | (?:{_WORD})?(?:['’ʼ＇&]{_WORD})*+ )
        | {_WORD}(?:['’ʼ＇&]{_WORD})*+ (?: (?:\+{{1,2}}+|\#)(?!\w) )?
      )
    )
    """,
    re.VERBOSE,
)

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
    if "\x1b" in text:
        text = _ESCAPE_SEQUENCE.sub(lambda match: " " * len(match[0]), text)
    for position, match in enumerate(_TOKEN.finditer(text)):
        yield Token(match[0], position, *match.span())
