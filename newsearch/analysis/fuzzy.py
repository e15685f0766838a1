"""Words that a few edits turn into each other.

An edit inserts, leaves out or replaces a character, or swaps two neighbours; no place is edited twice (the optimal
string alignment distance of Damerau, "A technique for computer detection and correction of spelling errors", CACM
1964). Of the table of Wagner and Fischer only the diagonals that so few edits can reach are kept.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

_BEHIND_ALL = "\U0010ffff"
"""Follows every character of a word."""


def within(typed: str, form: str, edits: int) -> bool:
    """Tell whether so many edits, or fewer, turn one word into another."""
    if abs(len(typed) - len(form)) > edits:
        return False
    walk = _Walk(typed, edits)
    return all(map(walk.step, form)) and walk.arrived


def neighbours(words: Sequence[str], typed: str, edits: int) -> Iterator[int]:
    """Yield which of some words so many edits, or fewer, turn into the typed one.

    Words that begin alike share the work, and those that begin with what no edits can mend are passed over together.

    Args:
        words: sorted.
        typed: the word that is guessed at.
        edits: how many at most.
    """
    walk = _Walk(typed, edits)
    number = 0
    while number < len(words):
        word = words[number]
        walk.back_to(word)
        if all(map(walk.step, word[len(walk.path) :])):
            if walk.arrived:
                yield number
            number += 1
        else:
            number = bisect_left(words, "".join(walk.path) + _BEHIND_ALL, number + 1)


def bare(folded: str) -> str:
    """Return a folded form without a possessive 's, which is none of the word's letters."""
    return folded.removesuffix("'s")


class _Walk:
    """Goes along a word, character by character, and knows how many edits the typed one is away from what it has seen.

    Row n belongs to the first n characters of the word; its cell k to the first n + k - edits characters typed.
    """

    def __init__(self, typed: str, edits: int) -> None:
        self._typed = typed
        self._edits = edits
        self._never = edits + 1
        self.path: list[str] = []
        self._rows = [[abs(cell - edits) if 0 <= cell - edits <= len(typed) else edits + 1 for cell in self._cells]]

    @property
    def _cells(self) -> range:
        return range(2 * self._edits + 1)

    @property
    def arrived(self) -> bool:
        """Whether what has been seen is so near to the whole typed word."""
        cell = len(self._typed) - len(self.path) + self._edits
        return cell in self._cells and self._rows[-1][cell] <= self._edits

    def back_to(self, word: str) -> None:
        """Forget what has been seen from the first character on in which it differs from a word."""
        pairs = zip(self.path, word, strict=False)
        shared = next(
            (place for place, (seen, there) in enumerate(pairs) if seen != there), min(len(self.path), len(word))
        )
        del self.path[shared:], self._rows[shared + 1 :]

    def step(self, character: str) -> bool:
        """Go on by a character, and tell whether the word can still be near enough."""
        before, above = self._rows[-2] if self.path else None, self._rows[-1]
        last = self.path[-1] if self.path else ""
        self.path.append(character)
        row: list[int] = []
        for cell in self._cells:
            typed = len(self.path) + cell - self._edits
            if not 0 <= typed <= len(self._typed):
                row.append(self._never)
                continue
            least = above[cell + 1] + 1 if cell + 1 < len(above) else self._never
            if row and row[-1] + 1 < least:
                least = row[-1] + 1
            if typed:
                least = min(least, above[cell] + (self._typed[typed - 1] != character))
                swapped = typed > 1 and self._typed[typed - 2 : typed] == character + last
                if before and swapped:
                    least = min(least, before[cell] + 1)
            row.append(least)
        self._rows.append(row)
        return min(row) <= self._edits
