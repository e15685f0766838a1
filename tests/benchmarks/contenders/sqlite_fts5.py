"""SQLite's full-text search: porter stems, title and body; settings as they come but for a larger page cache."""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .base import HITS, Answer, Clause, Question, Story

_CACHE_KIB = 65_536
_SCHEMA = """
    CREATE VIRTUAL TABLE text USING fts5(title, body, tokenize = 'porter unicode61');
    INSERT INTO text(text, rank) VALUES ('rank', 'bm25(2.0, 1.0)');
    CREATE TABLE facts(number INTEGER PRIMARY KEY, id TEXT NOT NULL, published INTEGER NOT NULL);
"""
_FOUND = "FROM text WHERE text MATCH :match"
_JOINED = "FROM text JOIN facts ON facts.number = text.rowid WHERE text MATCH :match"
_SNIPPET = "snippet(text, 1, '[', ']', '…', 32)"


class Asked(NamedTuple):
    """The statements of a question."""

    top: str
    counting: str
    shown: str
    values: dict[str, str | int]


class Fts5:
    """A database file."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "fts5.sqlite"
        there = file.exists()
        self._database = sqlite3.connect(file, isolation_level=None)
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if not there:
            self._database.executescript(_SCHEMA)

    @staticmethod
    def version() -> str:
        """As in the protocol."""
        return f"SQLite {sqlite3.sqlite_version}"

    def build(self, stories: Iterable[Story]) -> None:
        """As in the protocol; FTS5 merges while it inserts."""
        self._insert(stories)

    def parse(self, question: Question) -> Asked:
        """As in the protocol."""
        match = (" OR " if question.alternatives else " AND ").join(map(_expression, question.clauses))
        values: dict[str, str | int] = {"match": match}
        source = _JOINED if question.span or question.newest else _FOUND
        if question.span:
            source += " AND facts.published >= :start AND facts.published < :end"
            values["start"], values["end"] = question.span
        score, order = ("0.0", "facts.published DESC") if question.newest else ("text.rank", "text.rank")
        tail = f"{source} ORDER BY {order} LIMIT {HITS}"
        top, shown = f"SELECT text.rowid, {score} {tail}", f"SELECT text.title, {_SNIPPET} {tail}"
        return Asked(top, f"SELECT count(*) {source}", shown, values)

    def answer(self, parsed: Asked) -> Answer:
        """As in the protocol."""
        hits = self._database.execute(parsed.top, parsed.values).fetchall()
        (total,) = self._database.execute(parsed.counting, parsed.values).fetchone()
        return Answer(hits, total)

    def page(self, parsed: Asked) -> list[str]:
        """As in the protocol."""
        self._database.execute(parsed.counting, parsed.values).fetchone()
        return [f"{title}\n{snippet}" for title, snippet in self._database.execute(parsed.shown, parsed.values)]

    def ids(self, answer: Answer) -> list[str]:
        """As in the protocol."""
        find = "SELECT id FROM facts WHERE number = ?"
        return [self._database.execute(find, (number,)).fetchone()[0] for number, _ in answer.hits]

    def add(self, story: Story) -> None:
        """As in the protocol."""
        self._insert([story])

    def close(self) -> None:
        """As in the protocol."""
        self._database.close()

    def _insert(self, stories: Iterable[Story]) -> None:
        self._database.execute("BEGIN")
        (first,) = self._database.execute("SELECT coalesce(max(number), 0) + 1 FROM facts").fetchone()
        self._database.executemany("INSERT INTO text(rowid, title, body) VALUES (?, ?, ?)", self._rows(stories, first))
        self._database.execute("COMMIT")

    def _rows(self, stories: Iterable[Story], first: int) -> Iterator[tuple[int, str, str]]:
        """Yield the rows of the text and insert their facts beside them, so that an archive is read once."""
        facts = self._database.cursor()
        for number, story in enumerate(stories, first):
            facts.execute("INSERT INTO facts VALUES (?, ?, ?)", (number, story.id, story.seconds))
            yield number, story.title, story.body


def _expression(clause: Clause) -> str:
    if clause.kind == "prefix":
        return f'"{clause.stem}" *'
    return f'{clause.field} : "{clause.text}"' if clause.field else f'"{clause.text}"'
