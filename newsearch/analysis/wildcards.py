"""Wildcards: `*` stands for any characters or none, `?` for exactly one. A pattern matches folded forms in full."""

import re
from functools import cache, cached_property, lru_cache

from newsearch.analysis.folding import fold
from newsearch.analysis.tokens import WORDLY, tokenize

# In tokens and for folding a wildcard is a letter of its own: a sign of the undeciphered Linear A, which nobody types.
_MANY, _ONE = "\U00010600", "\U00010601"
_TO_LETTERS = str.maketrans("*?", _MANY + _ONE)
_FROM_LETTERS = str.maketrans(_MANY + _ONE, "*?")
_NO_LETTERS = dict.fromkeys(map(ord, _MANY + _ONE), " ")


@cache
def _wildcards() -> re.Pattern[str]:
    """Return what matches wildcards. Question marks at a word's end are punctuation; a run is taken whole."""
    return re.compile(rf"(?<![\\*])\*++|(?<![\\?])\?++(?=\*|{WORDLY})")


def is_pattern(form: str) -> bool:
    """Tell whether a word that `words` gave has wildcards; no surface form has the signs in it."""
    return "*" in form or "?" in form


def words(text: str) -> list[str]:
    """Return the words of a text; wildcards are letters of theirs, and several `*` in a row are one."""
    if not ("*" in text or "?" in text) or not _wildcards().search(text):
        return [token.text for token in tokenize(text)]
    marked = _wildcards().sub(_letters, text.translate(_NO_LETTERS))
    return [token.text.translate(_FROM_LETTERS) for token in tokenize(marked)]


def _letters(match: re.Match[str]) -> str:
    return _MANY if match[0].startswith("*") else _ONE * len(match[0])


class Pattern:
    """What a word with wildcards matches.

    Most forms are told apart at a glance. For the others, the time grows with the length of the form times that of the
    pattern in machine words, whatever stands in them.

    Args:
        typed: the word, with `*` and `?` for its wildcards.
    """

    def __init__(self, typed: str) -> None:
        self._folded = fold(typed.translate(_TO_LETTERS))
        pieces = re.split(f"[{_MANY}{_ONE}]", self._folded)
        self.start, self._end = pieces[0], pieces[-1]
        self.piece = max(pieces, key=len)
        """The longest run of characters that is in every form it matches."""
        self.is_inside = self._folded == f"{_MANY}{self.piece}{_MANY}"
        """Whether it matches every form that has the piece."""
        self._least = len(self._folded) - self._folded.count(_MANY)
        self._plain = self._folded == f"{self.start}{_MANY}{self._end}"

    def matches(self, folded: str) -> bool:
        """Tell whether a folded form is one of those the pattern stands for."""
        return (
            len(folded) >= self._least
            and folded.startswith(self.start)
            and folded.endswith(self._end)
            and self.piece in folded
            and (self._plain or self._walk(folded))
        )

    def _walk(self, folded: str) -> bool:
        """Go through the form once.

        Bit n of `reached` says that what is behind can be the pattern's first n characters (Shift-And: Baeza-Yates and
        Gonnet, "A new approach to text searching", CACM 1992).
        """
        places, anywhere, loops, goal = self._bits
        reached = 1
        for character in folded:
            reached = reached & loops | (reached & places.get(character, anywhere)) << 1
            if not reached:
                return False
        return bool(reached & goal)

    @cached_property
    def _bits(self) -> tuple[dict[str, int], int, int, int]:
        """Where each character can stand, where any can, where a `*` stands before, and the end; a bit a place."""
        anywhere = loops = 0
        own: dict[str, int] = {}
        bit = 1
        for character in self._folded:
            if character == _MANY:
                loops |= bit
                continue
            if character == _ONE:
                anywhere |= bit
            else:
                own[character] = own.get(character, 0) | bit
            bit <<= 1
        return {character: bits | anywhere for character, bits in own.items()}, anywhere, loops, bit


@lru_cache(maxsize=1 << 10)
def pattern(typed: str) -> Pattern:
    """Return the pattern of a word with wildcards."""
    return Pattern(typed)
