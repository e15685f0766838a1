"""The title and the best passages of an article, with exactly the matching words marked."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsearch.analysis import Token, fold, matches, stem, tokenize
from newsearch.analysis.sentences import sentences
from newsearch.model import Article, Highlighted
from newsearch.query.tree import Phrase, Term, TextField

PASSAGES = 3
"""At most so many a hit."""
PASSAGE_LENGTH = 240
"""Code points a passage grows to by whole sentences; a longer sentence is cut at words."""
_LEAST = 90
_REPEAT = 0.1
_SPACE = re.compile(r"\s")

Leaf = Term | Phrase


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    leaf: Leaf


class Highlighter:
    """Marks what a query matched.

    Args:
        weights: the words and phrases that can match, with how much each says (its inverse document frequency).
    """

    def __init__(self, weights: Mapping[Leaf, float]) -> None:
        self.weights = weights
        # Every way to match implies the same stem, so a token's stem names the few leaves that can begin with it.
        self._beginning: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in weights:
            self._beginning[stem(fold(_terms(leaf)[0].text))].append(leaf)

    def title(self, article: Article) -> Highlighted:
        """Return the title with its marks."""
        marks = self._marks(article.title, "title")
        return Highlighted(article.title, _spans(marks, 0, len(article.title)))

    def snippets(self, article: Article) -> tuple[Highlighted, ...]:
        """Return the best passages of the body, in its order; its first sentences when nothing in it matched."""
        body = article.body
        marks = self._marks(body, "body")
        ends = list(sentences(body))
        if not ends:
            return ()
        chosen = self._best(ends, marks) if marks else [0]
        passages = _merged([self._passage(body, ends, number, marks) for number in chosen])
        return tuple(_cut(body, start, end, marks, ends) for start, end in passages)

    def _best(self, ends: Sequence[tuple[int, int]], marks: Sequence[_Mark]) -> list[int]:
        """Choose sentences greedily: what says most that has not been shown, then what says most; the earlier first."""
        found: dict[int, list[_Mark]] = {}
        starts = [start for start, _ in ends]
        for mark in marks:
            found.setdefault(max(0, bisect_left(starts, mark.start + 1) - 1), []).append(mark)
        shown: set[Leaf] = set()
        chosen: list[int] = []
        while found and len(chosen) < PASSAGES:
            number = max(found, key=lambda nth: (self._worth(found[nth], shown), -nth))
            chosen.append(number)
            shown.update(mark.leaf for mark in found.pop(number))
        return sorted(chosen)

    def _worth(self, marks: Sequence[_Mark], shown: set[Leaf]) -> float:
        distinct = {mark.leaf for mark in marks}
        fresh = sum(self.weights[leaf] for leaf in distinct - shown)
        known = sum(self.weights[leaf] for leaf in distinct & shown)
        return fresh + _REPEAT * known + _REPEAT * _REPEAT * (len(marks) - len(distinct))

    def _passage(
        self, body: str, ends: Sequence[tuple[int, int]], number: int, marks: Sequence[_Mark]
    ) -> tuple[int, int]:
        """Return where a passage about a sentence starts and ends: it, and those behind it while there is room."""
        start, end = ends[number]
        if end - start > PASSAGE_LENGTH:
            return self._window(body, start, end, [mark for mark in marks if start <= mark.start < end])
        for _, later in ends[number + 1 :]:
            if end - start >= _LEAST or later - start > PASSAGE_LENGTH or "\n\n" in body[end:later]:
                break
            end = later
        return start, end

    def _window(self, body: str, start: int, end: int, marks: Sequence[_Mark]) -> tuple[int, int]:
        """Return the stretch of a long sentence that says most, from word edge to word edge."""
        best = start
        most = -1.0
        for mark in marks:
            first = max(start, mark.start - PASSAGE_LENGTH // 4)
            inside = {other.leaf for other in marks if first <= other.start and other.end <= first + PASSAGE_LENGTH}
            worth = sum(self.weights[leaf] for leaf in inside)
            if worth > most:
                best, most = first, worth
        last = min(end, best + PASSAGE_LENGTH)
        if best > start and (space := _SPACE.search(body, best, min(last, best + PASSAGE_LENGTH // 4))):
            best = space.end()
        if last < end and (space_at := max(body.rfind(" ", best, last), body.rfind("\n", best, last))) > best + _LEAST:
            last = space_at
        return best, last

    def _marks(self, text: str, field: TextField) -> list[_Mark]:
        tokens = list(tokenize(text))
        marks = [mark for place in range(len(tokens)) for mark in self._marks_at(tokens, place, field)]
        return sorted(marks, key=lambda mark: (mark.start, -mark.end))

    def _marks_at(self, tokens: Sequence[Token], place: int, field: TextField) -> Iterator[_Mark]:
        for leaf in self._beginning.get(stem(fold(tokens[place].text)), ()):
            terms = _terms(leaf)
            window = tokens[place : place + len(terms)]
            if leaf.field not in (None, field) or len(window) < len(terms):
                continue
            if all(matches(term.text, token.text, term.level) for term, token in zip(terms, window, strict=True)):
                yield _Mark(window[0].start, window[-1].end, leaf)


def _terms(leaf: Leaf) -> tuple[Term, ...]:
    return (leaf,) if isinstance(leaf, Term) else leaf.terms


def _merged(passages: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in passages:
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _cut(body: str, start: int, end: int, marks: Sequence[_Mark], ends: Sequence[tuple[int, int]]) -> Highlighted:
    """Return a passage on one line, with an ellipsis where it begins or ends inside a sentence."""
    before = "" if any(start == first for first, _ in ends) else "… "
    after = "" if any(end == last for _, last in ends) else " …"
    text = before + _SPACE.sub(" ", body[start:end]) + after
    shift = len(before)
    return Highlighted(text, tuple((first + shift, last + shift) for first, last in _spans(marks, start, end)))


def _spans(marks: Sequence[_Mark], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the marks wholly inside [start, end), counted from its start, overlapping ones joined."""
    spans: list[tuple[int, int]] = []
    for mark in marks:
        if mark.start < start or mark.end > end:
            continue
        first, last = mark.start - start, mark.end - start
        if spans and first < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return tuple(spans)
