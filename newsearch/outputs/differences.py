"""What differs between two versions of an article: as lines for people, and as an object."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from newsearch.analysis.changes import BREAK, Change, changes, in_words
from newsearch.model import Article, Moment

Mark = Literal["", "removed", "added"]
Marked = tuple[str, Mark]
"""A part of a line and what became of it."""
CONTEXT = 8
"""Words that are shown on each side of what changed."""
_MARKS: dict[str, Mark] = {"equal": "", "delete": "removed", "insert": "added"}
_LEFT_OUT: Marked = ("…", "")
_JOINT = "¶"
"""Stands for an end of a paragraph within what was or is one."""
_EAST = "\u3000"
"""From here on words are written without spaces between them."""
_FACTS = ("published", "updated", "source", "section", "url", "authors", "lang", "dateline")


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in words from one version of an article to another."""

    facts: Mapping[str, tuple[Any, Any]]
    """What the source states otherwise, by name, before and after."""
    title: Sequence[Change]
    body: Sequence[Change]

    @classmethod
    def between(cls, old: Article, new: Article) -> "Difference":
        """Compare two articles."""
        stated = {name: (_stated(old, name), _stated(new, name)) for name in _FACTS}
        facts = {name: pair for name, pair in stated.items() if pair[0] != pair[1]}
        title = [(operation, text.replace(BREAK, "")) for operation, text in changes(old.title, new.title)]
        return cls(facts, [Change(*one) for one in title if one[1]], changes(old.body, new.body))

    def to_object(self) -> dict[str, Any]:
        """Return it as an object for JSON; its operations are on bodies in which a blank line ends each paragraph."""
        texts = {"title": self.title, "body": self.body}
        return {
            "facts": [{"field": name, "from": old, "to": new} for name, (old, new) in self.facts.items()],
            "operations": [
                {"field": field, "op": operation, "text": text}
                for field, operations in texts.items()
                for operation, text in operations
            ],
        }

    def lines(self) -> Iterator[list[Marked]]:
        """Yield it as lines: facts that changed, then title and paragraphs as far as words in them did."""
        for name, pair in self.facts.items():
            old, new = (", ".join(value) if isinstance(value, tuple) else value or "not stated" for value in pair)
            yield [(f"{name}: {old} -> {new}", "")]
        for paragraph in filter(_is_changed, _paragraphs(self.title)):
            yield [("title: ", ""), *_shortened(paragraph)]
        if any(operation != "equal" for operation, _ in self.body):
            yield from _body_lines(self.body)


def _stated(article: Article, name: str) -> Any:  # noqa: ANN401 - of whatever kind the field is
    if name == "lang" and article.lang_detected:
        return ""
    value = getattr(article, name)
    return value.isoformat() if isinstance(value, Moment) else value


def _body_lines(body: Sequence[Change]) -> Iterator[list[Marked]]:
    """Yield the paragraphs in which something changed, each behind an empty line, and one `…` for those between."""
    for changed, run in groupby(_paragraphs(body), _is_changed):
        for line in map(_shortened, run) if changed else [[_LEFT_OUT]]:
            yield from ([], line)


def _is_changed(paragraph: Sequence[Marked]) -> bool:
    return any(mark for _, mark in paragraph)


def _paragraphs(operations: Sequence[Change]) -> Iterator[list[Marked]]:
    """Yield the paragraphs of both texts; one that was parted or joined shows the break that came or went."""
    paragraph: list[Marked] = []
    for operation, text in operations:
        mark = _MARKS[operation]
        *ended, last = text.split(BREAK)
        for piece in ended:
            paragraph += [(piece, mark)] if piece else []
            parted = bool(mark) and any(other != mark for _, other in paragraph)
            paragraph += [(_JOINT, mark)] if parted else []
            if not (parted and mark == "removed"):
                yield paragraph
                paragraph = []
        paragraph += [(last, mark)] if last else []
    if paragraph:
        yield paragraph


def _shortened(paragraph: Sequence[Marked]) -> list[Marked]:
    """Return a paragraph as a line, with no more unchanged words than show where in it something changed."""
    line: list[Marked] = []
    before = ""
    for nth, (text, mark) in enumerate(paragraph):
        shown = text if mark else _context(text, behind=nth > 0, before=nth < len(paragraph) - 1)
        line += [(" ", "")] if _stand_apart(before, shown) else []
        line.append((" ".join(shown.split()), mark))
        before = shown
    return line


def _stand_apart(before: str, after: str) -> bool:
    """Tell whether a space belongs between two parts: where one was, and where without it two words would be one."""
    last, first = before[-1:], after[:1]
    return last.isspace() or (last.isalnum() and first.isalnum() and max(last, first) < _EAST)


def _context(text: str, *, behind: bool, before: bool) -> str:
    """Return the words of an unchanged text that stand next to a change behind which or before which it is."""
    words = in_words(text)
    if len(words) <= CONTEXT * (behind + before) + 1:
        return text
    head, tail = words[: CONTEXT * behind], words[len(words) - CONTEXT * before :]
    return "".join([*head, *([" "] if head and not head[-1][-1:].isspace() else []), _LEFT_OUT[0], " ", *tail])
