"""What the contenders are given, what they are asked, and what each of them must do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

HITS = 10
"""On a page."""
WRITER_MEMORY = 256 << 20
"""Bytes that a contender with such a setting may collect before it flushes."""

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class Story:
    """An article as the archive file has it."""

    id: str
    title: str
    body: str
    published: str = ""
    """ISO 8601, a day or a time with its offset; empty when unknown."""
    source: str = ""
    section: str = ""

    @property
    def seconds(self) -> int:
        """The published time since the epoch, for contenders that keep a number; 0 when unknown or before it."""
        return max(0, int(self.instant.timestamp())) if self.published else 0

    @property
    def instant(self) -> datetime:
        """The published time, a day at its midnight in UTC.

        Raises:
            ValueError: it is unknown.
        """
        moment = datetime.fromisoformat(self.published)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a question."""

    text: str
    """A word, the words of a phrase with a blank between them, or the beginning of words; lower case."""
    kind: Literal["word", "phrase", "prefix"] = "word"
    field: Literal["title"] | None = None
    """None: title or body."""
    stem: str = ""
    """Of a prefix: how the stems of its words begin, for contenders that keep only stems."""

    @property
    def typed(self) -> str:
        """As people type it, in the syntax that all contenders with a query language share; a prefix has none."""
        quoted = f'"{self.text}"' if self.kind == "phrase" else self.text
        return f"{self.field}:{quoted}" if self.field else quoted


@dataclass(frozen=True, slots=True)
class Question:
    """A query in no engine's language."""

    name: str
    clauses: tuple[Clause, ...]
    alternatives: bool = False
    """One clause suffices; otherwise all must hold."""
    since: date | None = None
    """Published on this day or later, by the days of UTC."""
    until: date | None = None
    """Published before this day; given together with `since`."""
    newest: bool = False
    """The newest ten instead of the best ten."""

    @property
    def span(self) -> tuple[int, int] | None:
        """The published range in seconds since the epoch, the end excluded."""
        if self.since is None or self.until is None:
            return None
        first, last = (datetime.combine(day, time(), UTC).timestamp() for day in (self.since, self.until))
        return int(first), int(last)

    @property
    def typed(self) -> str:
        """The clauses that are no prefixes, as people type them."""
        return " ".join(clause.typed for clause in self.clauses if clause.kind != "prefix")

    @property
    def prefixes(self) -> list[Clause]:
        """The clauses that are."""
        return [clause for clause in self.clauses if clause.kind == "prefix"]


class Answer(NamedTuple):
    """What is timed: the first ten and the exact total."""

    hits: Sequence[tuple[Any, float]]
    """Documents by what the contender itself calls them, with scores, in order."""
    total: int


class Contender(Protocol[Parsed]):
    """An engine in a folder, which is made where there is none."""

    def __init__(self, folder: Path) -> None: ...

    @staticmethod
    def version() -> str:
        """Return name and version of what does the work."""
        ...

    def build(self, stories: Iterable[Story]) -> None:
        """Index into the empty folder; when this returns all is committed and no merge is under way."""
        ...

    def parse(self, question: Question) -> Parsed:
        """Translate a question; not timed."""
        ...

    def answer(self, parsed: Parsed) -> Answer:
        """Return the ten and the total."""
        ...

    def page(self, parsed: Parsed) -> list[str]:
        """Answer, and return title and marked snippet of each of the ten."""
        ...

    def ids(self, answer: Answer) -> list[str]:
        """Return the ids of the articles of an answer; not timed."""
        ...

    def add(self, story: Story) -> None:
        """Index one more and commit; the next answer knows it."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...
