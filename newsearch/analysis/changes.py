"""What changed in words from one text to another.

The texts are compared in paragraphs first, then in sentences within the paragraphs that differ, and in words within the
sentences that do, so that long texts take no longer than they have to (Python's `difflib`: Ratcliff and Obershelp's
matching, at worst quadratic).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

from newsearch.analysis.sentences import sentences

Operation = Literal["equal", "delete", "insert"]
BREAK = "\n\n"
"""Ends a paragraph."""
MOST_PAIRS = 500_000
"""Pairs of equal pieces that are compared with each other; with more of them the whole is taken as replaced."""
ALIKE = 0.3
"""Texts of which fewer words are the same, as a share of both, have only function words in common."""
_INSIDE = r"(?:[^\S\n]|\n(?!\n))*"
_CJK = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_SIGNS = r"[.,;:!?…\"'”’)\]]{1,3}(?:\s|$)"
_WORD = re.compile(rf"\n\n+|[{_CJK}]{_INSIDE}|[^\s{_CJK}]+?(?={_SIGNS})|[^\s{_CJK}]+{_INSIDE}|\s+")
"""A word, or signs that end one, with the white space behind; single characters where words have none between them."""
_PARAGRAPH = re.compile(r".*?\n\n+", re.DOTALL)
Split = Callable[[str], list[str]]
"""Cuts a text into pieces that make it up."""
Block = tuple[str, int, int, int, int]
"""As difflib's: what to do, and the pieces of both texts it is about."""
in_words: Split = _WORD.findall


class Change(NamedTuple):
    """A stretch of text that is in both texts, or in one of them."""

    operation: Operation
    text: str


def changes(before: str, after: str) -> list[Change]:
    """Return what to do to a text to come to another; each paragraph of both is taken as ended by a blank line.

    What is equal and what is deleted, joined, is the first text, and what is equal and what is inserted the second one,
    but for the kind of white space between words.
    """
    found = _compared(_ended(before), _ended(after), (_PARAGRAPH.findall, _in_sentences, in_words))
    joined = ((operation, "".join(one.text for one in run)) for operation, run in groupby(found, lambda one: one[0]))
    return [Change(operation, text) for operation, text in joined]


def _ended(text: str) -> str:
    return f"{text.strip()}{BREAK}" if text.strip() else ""


def _in_sentences(text: str) -> list[str]:
    starts = [start for start, _ in sentences(text)]
    return [text[start:end] for start, end in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True)]


def _compared(before: str, after: str, levels: Sequence[Split]) -> Iterator[Change]:
    """Yield the changes, in pieces of the first level, and of the others within what differs."""
    split, *finer = levels
    ours, theirs = split(before), split(after)
    for tag, start, end, other_start, other_end in _blocks(ours, theirs, least=0.0 if finer else ALIKE):
        old, new = ours[start:end], theirs[other_start:other_end]
        if tag == "equal":
            yield Change("equal", "".join(new))
        elif old and new and finer:
            pairs = zip(old, new, strict=True) if len(old) == len(new) else [("".join(old), "".join(new))]
            for one, other in pairs:
                yield from _compared(one, other, finer)
        else:
            yield from [Change("delete", "".join(old))] if old else []
            yield from [Change("insert", "".join(new))] if new else []


def _key(piece: str) -> str:
    """Return what of a piece counts: its words, and whether a paragraph ends with it."""
    return " ".join(piece.split()) + (BREAK if piece.endswith(BREAK) else "")


def _blocks(old: Sequence[str], new: Sequence[str], *, least: float) -> list[Block]:
    """Return how to come from some pieces to others: what both begin and end with, and what is between.

    Args:
        old: pieces.
        new: others.
        least: the share of words that must be equal for what is between not to be replaced as a whole.
    """
    ours, theirs = list(map(_key, old)), list(map(_key, new))
    shorter = min(len(ours), len(theirs))
    head = next((nth for nth in range(shorter) if ours[nth] != theirs[nth]), shorter)
    left = shorter - head
    tail = next((nth for nth in range(left) if ours[-1 - nth] != theirs[-1 - nth]), left)
    end, other_end = len(ours) - tail, len(theirs) - tail
    middle = [
        (tag, head + first, head + behind, head + other, head + other_behind)
        for tag, first, behind, other, other_behind in _matched(ours[head:end], theirs[head:other_end])
    ]
    blocks = [("equal", 0, head, 0, head), *middle, ("equal", end, len(ours), other_end, len(theirs))]
    if _shared(blocks, ours, theirs) < least:
        blocks[1:-1] = [("replace", head, end, head, other_end)]
    return [block for block in blocks if block[1] < block[2] or block[3] < block[4]]


def _matched(ours: Sequence[str], theirs: Sequence[str]) -> Sequence[Block]:
    counts = Counter(theirs)
    if sum(times * counts[key] for key, times in Counter(ours).items()) > MOST_PAIRS:
        return [("replace", 0, len(ours), 0, len(theirs))]
    return SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()


def _shared(blocks: Iterable[Block], ours: Sequence[str], theirs: Sequence[str]) -> float:
    """Return the share of words that are equal; signs and breaks do not count."""
    equal = _words([key for tag, start, end, _, _ in blocks if tag == "equal" for key in ours[start:end]])
    every = _words(ours) + _words(theirs)
    return 2 * equal / every if every else 1.0


def _words(keys: Iterable[str]) -> int:
    return sum(any(map(str.isalnum, key)) for key in keys)
