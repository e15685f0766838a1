"""The ledger: what was read from which file, what was skipped and why, and what was removed for good.

It is committed right after the index. Between the two commits lies a moment in which the index is ahead; the ledger
records the generation it belongs to, so the next run notices and recovers. Before that it notes to last that a run has
begun, which tells one that was cut off from a ledger that is of an earlier time than its index.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from newsearch.errors import DamagedIndexError
from newsearch.ingest import database
from newsearch.ingest.database import guarded
from newsearch.model import Origin, Skipped, instant_of

_SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, digest TEXT NOT NULL, mark TEXT NOT NULL, settings TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS captures (
    path TEXT NOT NULL, member TEXT NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,
    id TEXT NOT NULL, identity TEXT NOT NULL, digest TEXT NOT NULL,
    stated REAL NOT NULL, captured REAL NOT NULL,
    PRIMARY KEY (path, member, first_line, identity)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS captures_by_id ON captures (id);
CREATE INDEX IF NOT EXISTS captures_by_identity ON captures (identity);
CREATE TABLE IF NOT EXISTS begun (
    path TEXT PRIMARY KEY, digest TEXT NOT NULL, settings TEXT NOT NULL, captures INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unseen (
    path TEXT NOT NULL, member TEXT NOT NULL, first_line INTEGER NOT NULL, identity TEXT NOT NULL,
    PRIMARY KEY (path, member, first_line, identity)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS skipped (
    path TEXT NOT NULL, member TEXT NOT NULL, first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,
    reason TEXT NOT NULL, detail TEXT NOT NULL, fatal INTEGER NOT NULL, harmless INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS skipped_by_path ON skipped (path);
CREATE TABLE IF NOT EXISTS removed (identity TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
"""
_Kinds = tuple[type, ...]
_TEXTS: _Kinds = (str,)
_KINDS: dict[str, _Kinds] = {
    "facts": _TEXTS * 2,
    "files": _TEXTS * 4,
    "captures": (str, str, int, int, str, str, str, float, float),
    "begun": (str, str, str, int),
    "unseen": (str, str, int, str),
    "skipped": (str, str, int, int, str, str, int, int),
    "removed": _TEXTS * 2,
}
"""What the columns of each table hold, to which SQLite does not see."""
TABLES = tuple(_KINDS)
ENTRY: _Kinds = (float, float, int, str, int, str, str, str, str)
"""As a `CaptureEntry` has them."""
_LOOKED_AT = 1 << 12
"""Rows after which it is looked at, again and again, whether there can be so many."""
_LEAD = 2
"""Generations that the index can be ahead: so often it is committed, at most, before the ledger is."""
_NOWHERE = -1
"""No generation of any index."""
_DURABLE = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A source file as it was when it was last read to its end."""

    path: str
    digest: str
    """Hash of its bytes."""
    mark: str
    """As in `SourceFile.mark`."""
    settings: str
    """Hash of the settings it was read with."""


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a file had been read when a run was interrupted."""

    digest: str
    """As in `FileEntry`."""
    settings: str
    """As in `FileEntry`."""
    captures: int
    """How many, from the start, were taken in."""


@dataclass(frozen=True, slots=True, order=True)
class CaptureEntry:
    """One capture of an article. They sort oldest first: by the time the page states, then by when it was saved."""

    stated: float
    """Updated, else published, in seconds since the epoch; -inf when unknown."""
    captured: float
    """Alike."""
    first_line: int
    path: str
    last_line: int
    id: str
    identity: str
    digest: str
    """Content hash of the edition it shows."""
    member: str = ""
    """As in `Origin.member`."""

    @property
    def origin(self) -> Origin:
        """Where it was read."""
        return Origin(self.path, self.first_line, self.last_line, self.member)

    @property
    def instant(self) -> datetime | None:
        """When it was saved; None when unknown, or at a time that no clock has shown."""
        return instant_of(self.captured)

    @property
    def place(self) -> tuple[str, int, str]:
        """What tells it from the other captures in its file."""
        return self.member, self.first_line, self.identity


class Ledger:
    """The ledger in a file.

    Args:
        file: its place; made when missing, unless `read_only`.
        read_only: never write.
        trusting: read pages whose checksums are wrong too.

    Raises:
        IndexUnusableError: it is missing or damaged.
    """

    def __init__(self, file: Path, *, read_only: bool = False, trusting: bool = False) -> None:
        self.file = file
        self._database = database.connect(file, read_only=read_only, trusting=trusting)
        try:
            self._prepare(read_only=read_only)
        except BaseException:
            self._database.close()
            raise

    def _prepare(self, *, read_only: bool) -> None:
        with guarded(self.file):
            self._database.execute("PRAGMA query_only = ON" if read_only else _DURABLE).fetchall()
        database.refuse_strangers(self._database, self.file, _SCHEMA)
        with guarded(self.file):
            if not read_only:
                self._database.execute(_SCHEMA).fetchall()
            self._database.execute("SELECT 1 FROM facts").fetchall()

    def copy(self) -> "Ledger":
        """Return a copy in memory, for trying something out."""
        other = Ledger(Path(":memory:"))
        with guarded(self.file), other._database.backup("main", self._database, "main") as backup:
            while not backup.done:
                backup.step()
        return other

    def close(self) -> None:
        """Let go of the file; what was not committed is gone."""
        self._database.close()

    def begin(self) -> None:
        """Begin a transaction, in the course of which the index may get ahead."""
        self.let_index_lead()
        with guarded(self.file):
            self._database.execute("BEGIN IMMEDIATE")

    def let_index_lead(self) -> None:
        """Note, to last, that until the next commit the index may be of a later generation."""
        self._run("INSERT OR REPLACE INTO facts VALUES ('writing', '')")

    def belong_nowhere(self) -> None:
        """Note, to last, that it is to be made to agree with the index, whatever the generations."""
        self._run("INSERT OR REPLACE INTO facts VALUES ('writing', ''), ('generation', ?)", str(_NOWHERE))

    def commit(self, generation: int) -> None:
        """Make it last, as belonging to a generation of the index."""
        with guarded(self.file):
            self._database.execute("DELETE FROM facts WHERE name = 'writing'")
            self._database.execute("INSERT OR REPLACE INTO facts VALUES ('generation', ?)", (str(generation),))
            self._database.execute("COMMIT")
        database.settle(self._database, self.file)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """See it for a while as it is now, whatever is committed meanwhile."""
        with guarded(self.file):
            self._database.execute("BEGIN")
        try:
            yield
        finally:
            self.rollback()

    def rollback(self) -> None:
        """Leave it as it was."""
        with guarded(self.file):
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")

    @property
    def generation(self) -> int:
        """The generation of the index it belongs to; 0 when it was never committed."""
        row = self._row("SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'generation'", kinds=(int,))
        return row[0] if row else 0

    @property
    def roots(self) -> set[str]:
        """The folders and links that runs were told to take in, by names as in `Origin.path`, as far as it is known."""
        row = self._row("SELECT value FROM facts WHERE name = 'roots'", kinds=_TEXTS)
        return set(row[0].split("\0")) if row else set()

    def add_roots(self, names: Iterable[str]) -> None:
        """Note what a run was told to take in."""
        known = self.roots
        if added := set(names) - known:
            self._run("INSERT OR REPLACE INTO facts VALUES ('roots', ?)", "\0".join(sorted(known | added)))

    def is_older_than(self, generation: int) -> bool:
        """Tell whether it is of an earlier time than a generation of the index, and not because a run was cut off."""
        # In one statement, since a run may end between two.
        rows: dict[str, int] = dict(self._rows("SELECT name, CAST(value AS INTEGER) FROM facts"))
        own, lead = rows.get("generation", 0), _LEAD if "writing" in rows else 0
        return own != _NOWHERE and own + lead < generation

    def file_entry(self, path: str) -> FileEntry | None:
        """Return what is known of a file."""
        row = self._row("SELECT path, digest, mark, settings FROM files WHERE path = ?", path, kinds=_KINDS["files"])
        return FileEntry(*row) if row else None

    def set_file(self, entry: FileEntry) -> None:
        """Record a file as read to its end."""
        self._run(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", entry.path, entry.digest, entry.mark, entry.settings
        )

    def forget_file(self, path: str) -> None:
        """Forget that a file was read, so that it will be again from its start; its captures stay."""
        self._run("DELETE FROM files WHERE path = ?", path)
        self._run("DELETE FROM begun WHERE path = ?", path)
        self._run("DELETE FROM unseen WHERE path = ?", path)

    def begun(self, entry: FileEntry) -> Begun | None:
        """Return how far a file was read, if it still is what it was then, and is to be read alike."""
        row = self._row(
            "SELECT digest, settings, captures FROM begun WHERE path = ? AND captures >= 0",
            entry.path,
            kinds=(str, str, int),
        )
        begun = Begun(*row) if row else None
        return begun if begun and (begun.digest, begun.settings) == (entry.digest, entry.settings) else None

    def set_begun(self, entry: FileEntry, captures: int, unseen: Iterable[tuple[str, int, str]]) -> None:
        """Record how far a file was read.

        Args:
            entry: of the file.
            captures: taken in from its start.
            unseen: places, as of `CaptureEntry.place`, of what it showed before and has not shown again so far.
        """
        self.forget_file(entry.path)
        self._run("INSERT INTO begun VALUES (?, ?, ?, ?)", entry.path, entry.digest, entry.settings, captures)
        with guarded(self.file):
            rows = ((entry.path, *place) for place in unseen)
            self._database.executemany("INSERT INTO unseen VALUES (?, ?, ?, ?)", rows)

    def unseen_in(self, path: str) -> list[CaptureEntry]:
        """Return the captures that were in a file before, and not in what has been read of it."""
        return self._captures(
            "path = ? AND (path, member, first_line, identity) IN (SELECT * FROM unseen WHERE path = ?)", path, path
        )

    def paths(self) -> list[str]:
        """Return all files that are known, or have captures, or were skipped."""
        rows = self._rows(
            "SELECT path FROM files UNION SELECT path FROM captures UNION SELECT path FROM skipped ORDER BY 1",
            kinds=_TEXTS,
        )
        return [row[0] for row in rows]

    def captures_in(self, path: str) -> list[CaptureEntry]:
        """Return the captures in a file."""
        return self._captures("path = ?", path)

    def captures_of(self, article_id: str) -> list[CaptureEntry]:
        """Return the captures of an article, oldest first."""
        return sorted(self._captures("id = ?", article_id))

    def captures(self) -> Iterator[CaptureEntry]:
        """Yield all captures."""
        yield from self._captures("1")

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of one of the `TABLES` as they are.

        Raises:
            IndexUnusableError: it is damaged; what was yielded before is sound.
        """
        with guarded(self.file):
            for row in self._found(f"SELECT * FROM {table}"):  # noqa: S608 - fixed texts
                self._check([row], _KINDS[table])
                yield row

    def set_rows(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put such rows into one of the `TABLES`."""
        with guarded(self.file):
            for row in rows:
                places = ", ".join("?" * len(row))
                self._database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({places})", row)  # noqa: S608 - as above

    def clear(self, table: str) -> None:
        """Take all rows out of one of the `TABLES`."""
        self._run(f"DELETE FROM {table}")  # noqa: S608 - as above

    def editions(self) -> Iterator[tuple[str, str]]:
        """Yield the id and the digest of what each capture shows."""
        yield from self._rows("SELECT id, digest FROM captures", kinds=_TEXTS * 2)

    def id_of(self, identity: str) -> str | None:
        """Return the id an identity was given."""
        row = self._row("SELECT id FROM captures WHERE identity = ? LIMIT 1", identity, kinds=_TEXTS)
        return row[0] if row else None

    def identity_of(self, article_id: str) -> str | None:
        """Return the identity that bears an id."""
        row = self._row("SELECT identity FROM captures WHERE id = ? LIMIT 1", article_id, kinds=_TEXTS)
        return row[0] if row else None

    def set_capture(self, entry: CaptureEntry) -> None:
        """Record a capture; it replaces an earlier one of the same article at the same line."""
        self._run(
            "INSERT OR REPLACE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(entry.path, entry.member, entry.first_line, entry.last_line, entry.id, entry.identity, entry.digest),
            *(entry.stated, entry.captured),
        )

    def drop_capture(self, entry: CaptureEntry) -> None:
        """Forget a capture."""
        condition = "path = ? AND member = ? AND first_line = ? AND identity = ?"
        self._run(f"DELETE FROM captures WHERE {condition}", entry.path, *entry.place)  # noqa: S608 - a fixed text

    def skipped(self) -> list[Skipped]:
        """Return everything that was skipped, file by file."""
        return self._skipped("1")

    def skipped_in(self, path: str) -> list[Skipped]:
        """Return what was skipped in a file."""
        return self._skipped("path = ?", path)

    def add_skipped(self, skipped: Skipped) -> None:
        """Record something that was skipped."""
        origin = skipped.origin
        self._run(
            "INSERT INTO skipped VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *(origin.path, origin.member, origin.first_line, origin.last_line, skipped.reason, skipped.detail),
            *(skipped.fatal, skipped.harmless),
        )

    def forget_skipped(self, path: str) -> None:
        """Forget what was skipped in a file."""
        self._run("DELETE FROM skipped WHERE path = ?", path)

    def remove(self, identity: str, article_id: str) -> None:
        """Record that an article is taken out for good; its captures stay until it has left the index."""
        self._run("INSERT OR REPLACE INTO removed VALUES (?, ?)", identity, article_id)

    def is_removed(self, identity: str) -> bool:
        """Tell whether an article is taken out for good."""
        return self._row("SELECT 1 FROM removed WHERE identity = ?", identity) is not None

    def has_removed(self, article_id: str) -> bool:
        """Tell whether an article with this id is taken out for good."""
        return self._row("SELECT 1 FROM removed WHERE id = ?", article_id) is not None

    def leaving(self) -> list[str]:
        """Return the ids of articles that are taken out for good and still have captures."""
        rows = self._rows("SELECT DISTINCT captures.id FROM removed JOIN captures USING (identity) ORDER BY 1")
        return [row[0] for row in rows]

    def drop_removed(self) -> None:
        """Forget the captures of articles that are taken out for good."""
        self._run("DELETE FROM captures WHERE identity IN (SELECT identity FROM removed)")

    def counts(self) -> dict[str, int]:
        """Return how many files, captures, skipped places and removed articles there are."""
        tables = ("files", "captures", "skipped", "removed")
        return {table: self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}  # noqa: S608 - fixed texts

    def faults(self) -> list[str]:
        """Read all of it and return what is wrong with it, one line each.

        Raises:
            IndexUnusableError: it is damaged beyond reading on.
        """
        found = database.faults(self._database, self.file)
        for table in () if found else TABLES:
            for _ in self.rows(table):
                pass
        return found

    def _captures(self, condition: str, *values: object) -> list[CaptureEntry]:
        columns = "stated, captured, first_line, path, last_line, id, identity, digest, member"
        rows = self._rows(f"SELECT {columns} FROM captures WHERE {condition}", *values, kinds=ENTRY)  # noqa: S608 - fixed texts
        return [CaptureEntry(*row) for row in rows]

    def _skipped(self, condition: str, *values: object) -> list[Skipped]:
        rows = self._rows(
            f"SELECT * FROM skipped WHERE {condition} ORDER BY path, rowid",  # noqa: S608 - fixed texts
            *values,
            kinds=_KINDS["skipped"],
        )
        return [
            Skipped(Origin(path, first, last, member), reason, detail, bool(fatal), bool(harmless))
            for path, member, first, last, reason, detail, fatal, harmless in rows
        ]

    def _row(self, statement: str, *values: object, kinds: _Kinds = ()) -> tuple[Any, ...] | None:
        rows = self._rows(statement, *values, kinds=kinds)
        return rows[0] if rows else None

    def _rows(self, statement: str, *values: object, kinds: _Kinds = ()) -> list[tuple[Any, ...]]:
        """Return what is found; where kinds are given, its columns must be of these."""
        with guarded(self.file):
            rows = list(self._found(statement, *values))
        if kinds:
            self._check(rows, kinds)
        return rows

    def _found(self, statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Yield what is found, but no more rows than there are bytes: pages may be linked so that there is no end."""
        for nth, row in enumerate(self._database.execute(statement, values), 1):
            if not nth % _LOOKED_AT and nth > self._database.pragma("page_count") * self._database.pragma("page_size"):
                message = f"the ledger {self.file} is damaged (it has more rows than bytes)"
                raise DamagedIndexError(message)
            yield row

    def _check(self, rows: Sequence[tuple[Any, ...]], kinds: _Kinds) -> None:
        """Refuse values that are not of the kinds of their columns."""
        if not all(tuple(map(type, row)) == kinds for row in rows):
            message = f"the ledger {self.file} is damaged (a value is of another kind than those of its column)"
            raise DamagedIndexError(message)

    def _run(self, statement: str, *values: object) -> None:
        with guarded(self.file):
            self._database.execute(statement, values)
