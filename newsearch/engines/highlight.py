"""The title and the best passages of an article, with exactly the matching words marked."""

import re
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import NamedTuple

from newsearch.analysis import EDITS, language_of, lead, matches, matches_in, stems
from newsearch.analysis.sentences import sentences
from newsearch.engines.runs import Atom, Run, Standing, atoms, marked
from newsearch.model import Article, Highlighted, Hit
from newsearch.query.tree import Leaf, Node, Term, TextField, ranked_leaves

PASSAGES = 3
"""At most so many a hit."""
PASSAGE_LENGTH = 240
"""Code points a passage grows to by whole sentences; a longer sentence is cut at words."""
_LEAST = 90
_CONTEXT = 60
_REPEAT = 0.1
_SPACE = re.compile(r"\s")

_HELD = ("wildcard", *EDITS)


class _Mark(NamedTuple):
    start: int
    end: int
    leaf: Leaf


class _Piece(NamedTuple):
    """A stretch of a body, and whether it begins and ends as a sentence does."""

    start: int
    end: int
    begins: bool
    ends: bool


class Highlighter:
    """Marks what a query matched.

    Args:
        weights: how much words, phrases and the like say (their inverse document frequencies).
        tree: in which those that are not excluded can match; None when all can.
    """

    def __init__(self, weights: Mapping[Leaf, float], tree: Node | None = None) -> None:
        self._weights = weights
        self._tree = tree
        self._by_language: dict[str, dict[str, list[Atom]]] = {}

    @cached_property
    def weights(self) -> Mapping[Leaf, float]:
        """What can match, with how much it says."""
        return {leaf: self._weights[leaf] for leaf in ranked_leaves(self._tree)} if self._tree else self._weights

    def _beginning(self, language: str) -> dict[str, list[Atom]]:
        """Return the atoms by the stems of their first words in a language.

        Alike words share a stem, so a token's stems name the few atoms that can begin with it.
        """
        if language not in self._by_language:
            beginning: dict[str, list[Atom]] = defaultdict(list)
            for atom in self._atoms:
                if _first(atom).level not in _HELD:
                    for stem in stems(_first(atom).text, language):
                        beginning[stem].append(atom)
            self._by_language[language] = beginning
        return self._by_language[language]

    @cached_property
    def _atoms(self) -> list[Atom]:
        return list(dict.fromkeys(atom for leaf in self.weights for atom in atoms(leaf)))

    @cached_property
    def _held(self) -> list[Atom]:
        """The atoms whose first word has wildcards or is fuzzy; they are held against every token."""
        return [atom for atom in self._atoms if _first(atom).level in _HELD]

    def hit(self, score: float, article: Article, *, snippets: bool) -> Hit:
        """Return an article as a hit with its marks."""
        return Hit(article, score, self.title(article), self.snippets(article) if snippets else ())

    def title(self, article: Article) -> Highlighted:
        """Return the title with its marks."""
        marks = self._marks(article.title, "title", language_of(article.lang))
        return Highlighted(article.title, _spans(marks, 0, len(article.title)))

    def snippets(self, article: Article) -> tuple[Highlighted, ...]:
        """Return the best passages of the body, in its order; its first sentences when nothing in it matched."""
        body = article.body
        marks = self._marks(body, "body", language_of(article.lang))
        pieces = list(_pieces(body))
        if not pieces:
            return ()
        by_piece = _by_piece(pieces, marks)
        chosen = self._best(by_piece) if marks else [0]
        passages = _merged([_passage(body, pieces, number, by_piece.get(number, ())) for number in chosen])
        return tuple(_cut(body, passage, marks) for passage in passages)

    def _best(self, by_piece: Mapping[int, Sequence[_Mark]]) -> list[int]:
        """Choose pieces greedily: what says most that has not been shown, then what says most; the earlier first."""
        left = dict(by_piece)
        shown: set[Leaf] = set()
        chosen: list[int] = []
        while left and len(chosen) < PASSAGES:
            number = max(left, key=lambda nth: (self._worth(left[nth], shown), -nth))
            chosen.append(number)
            shown.update(mark.leaf for mark in left.pop(number))
        return sorted(chosen)

    def _worth(self, marks: Sequence[_Mark], shown: set[Leaf]) -> float:
        distinct = {mark.leaf for mark in marks}
        fresh = sum(self.weights[leaf] for leaf in distinct - shown)
        known = sum(self.weights[leaf] for leaf in distinct & shown)
        return fresh + _REPEAT * known + _REPEAT * _REPEAT * (len(marks) - len(distinct))

    def _marks(self, text: str, field: TextField, language: str) -> list[_Mark]:
        forms, ends = _words(text)
        standing = self._standing(forms, language)
        in_lead = 0
        if any(leaf.field == "lead" for leaf in self.weights):
            in_lead = bisect_right(ends, len(lead(text)))
        marks = {
            _Mark(ends[first] - len(forms[first]), ends[last], leaf)
            for leaf in self.weights
            for first, last in marked(leaf, _within(leaf, field, standing, in_lead))
        }
        return sorted(marks, key=lambda mark: (mark.start, -mark.end))

    def _standing(self, forms: Sequence[str], language: str) -> dict[Atom, list[Run]]:
        """Return where each atom stands in a text, in order."""
        standing: dict[Atom, list[Run]] = defaultdict(list)
        by_stem = self._beginning(language)
        likely = (form for form in set(forms) if self._held or any(stem in by_stem for stem in stems(form, language)))
        beginning = {form: found for form in likely if (found := self._beginning_with(form, language))}
        for place, form in enumerate(forms):
            for atom in beginning.get(form, ()):
                terms = _terms(atom)
                window = forms[place : place + len(terms)]
                if len(window) == len(terms) and all(map(_is, terms[1:], window[1:], repeat(language))):
                    standing[atom].append(Run(place, place + len(terms) - 1))
        return standing

    def _beginning_with(self, form: str, language: str) -> list[Atom]:
        by_stem = self._beginning(language)
        alike = dict.fromkeys(atom for stem in stems(form, language) for atom in by_stem.get(stem, ()))
        return [atom for atom in (*alike, *self._held) if _is(_first(atom), form, language)]


def _words(text: str) -> tuple[list[str], Sequence[int]]:
    """Return the surface forms of a text in order, and where each ends.

    A text may have millions of words, so equal ones are one object, and there is none for each place.
    """
    distinct: dict[str, str] = {}
    forms: list[str] = []
    ends = array("Q")
    for match in matches_in(text):
        form = match[0]
        forms.append(distinct.setdefault(form, form))
        ends.append(match.end())
    return forms, ends


def _within(leaf: Leaf, field: TextField, standing: Standing, in_lead: int) -> Standing:
    """Return what of a text is looked at for a leaf: all of it, nothing, or its first words."""
    if leaf.field == "lead" and field == "body":
        return {atom: [run for run in runs if run.last < in_lead] for atom, runs in standing.items()}
    return standing if leaf.field in (None, field) else {}


def _is(term: Term, form: str, language: str) -> bool:
    return matches(term.text, form, term.level, language)


def _first(atom: Atom) -> Term:
    return _terms(atom)[0]


def _terms(atom: Atom) -> tuple[Term, ...]:
    return (atom,) if isinstance(atom, Term) else atom.terms


def _pieces(body: str) -> Iterator[_Piece]:
    """Yield the sentences of a body; a long one in parts, cut at spaces where it has them."""
    for start, end in sentences(body):
        place = start
        while end - place > PASSAGE_LENGTH:
            limit = place + PASSAGE_LENGTH
            space = max(body.rfind(" ", place + _LEAST, limit), body.rfind("\n", place + _LEAST, limit))
            cut = space if space > 0 else limit
            yield _Piece(place, cut, place == start, ends=False)
            place = cut + (space > 0)
        yield _Piece(place, end, place == start, ends=True)


def _by_piece(pieces: Sequence[_Piece], marks: Sequence[_Mark]) -> dict[int, list[_Mark]]:
    """Return the marks that begin in each piece."""
    starts = [piece.start for piece in pieces]
    found: dict[int, list[_Mark]] = {}
    for mark in marks:
        found.setdefault(max(0, bisect_right(starts, mark.start) - 1), []).append(mark)
    return found


def _passage(body: str, pieces: Sequence[_Piece], number: int, marks: Sequence[_Mark]) -> _Piece:
    """Return a passage about a piece: it, and what follows while there is room.

    Where a mark begins at once behind a cut, or goes on behind the piece, it is the stretch around the marks instead.
    """
    piece = pieces[number]
    if marks and (marks[-1].end > piece.end or (not piece.begins and marks[0].start - piece.start < _CONTEXT)):
        return _stretch(body, piece, marks)
    last = piece
    for following in pieces[number + 1 :]:
        wide = following.end - piece.start > PASSAGE_LENGTH
        if last.end - piece.start >= _LEAST or wide or "\n\n" in body[last.end : following.start]:
            break
        last = following
    return _Piece(piece.start, last.end, piece.begins, last.ends)


def _stretch(body: str, piece: _Piece, marks: Sequence[_Mark]) -> _Piece:
    """Return a passage around marks, from word edge to word edge; around the last of them where not all fit."""
    end = marks[-1].end
    first = marks[0].start if end - marks[0].start <= PASSAGE_LENGTH else marks[-1].start
    before = max(0, min(_CONTEXT, PASSAGE_LENGTH - (end - first)))
    start = max(0, first - before)
    if start > 0 and not body[start - 1].isspace():
        space = _SPACE.search(body, start, first)
        start = space.end() if space else start
    limit = min(len(body), start + PASSAGE_LENGTH)
    if limit < len(body) and not body[limit].isspace():
        edge = max(body.rfind(" ", start, limit), body.rfind("\n", start, limit))
        limit = edge if edge >= min(end, limit) else limit
    begins = start == 0 or (piece.begins and start == piece.start)
    return _Piece(start, limit, begins, limit == len(body))


def _merged(passages: Sequence[_Piece]) -> list[_Piece]:
    merged: list[_Piece] = []
    for passage in passages:
        if merged and passage.start <= merged[-1].end + 1:
            last = merged[-1] if merged[-1].end >= passage.end else passage
            merged[-1] = _Piece(merged[-1].start, last.end, merged[-1].begins, last.ends)
        else:
            merged.append(passage)
    return merged


def _cut(body: str, passage: _Piece, marks: Sequence[_Mark]) -> Highlighted:
    """Return a passage on one line, with an ellipsis where it begins or ends inside a sentence."""
    before, after = "" if passage.begins else "… ", "" if passage.ends else " …"
    text = before + _SPACE.sub(" ", body[passage.start : passage.end]) + after
    shift = len(before)
    spans = _spans(marks, passage.start, passage.end)
    return Highlighted(text, tuple((first + shift, last + shift) for first, last in spans))


def _spans(marks: Sequence[_Mark], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the marks as far as they lie in [start, end), counted from its start, overlapping ones joined."""
    spans: list[tuple[int, int]] = []
    for mark in marks:
        first, last = max(mark.start, start) - start, min(mark.end, end) - start
        if first >= last:
            continue
        if spans and first < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    return tuple(spans)
