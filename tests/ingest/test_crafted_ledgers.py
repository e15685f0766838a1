"""A ledger, or another file beside the index, that a stranger made: nothing in it is run, followed or waited for."""

import json
import os
import signal
import struct
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from ingest_support import Quiet, Workshop, records

from newsearch.errors import IndexUnusableError
from newsearch.extract import Settings
from newsearch.ingest import database, saved
from newsearch.ingest.archive import FINDINGS, LEDGER, SAVED, STAMP, open_archive, size_on_disk
from newsearch.ingest.ledger import CaptureEntry
from newsearch.ingest.repair import conclude, repair

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
STATEMENTS = {
    "a view in the place of a table": "DROP TABLE files; CREATE VIEW files AS ENDLESS SELECT i AS path, i AS digest, "
    "i AS mark, i AS settings FROM n",
    "a view of captures": "DROP TABLE captures; CREATE VIEW captures AS ENDLESS SELECT 'a', '', 1, 1, 'a', 'a', i, "
    "1.0, 1.0 FROM n",
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON facts BEGIN INSERT INTO removed ENDLESS SELECT i, i FROM n; END",
    "a trigger in the place of a change": "CREATE TEMP TRIGGER t1 AFTER INSERT ON facts BEGIN SELECT 1; END; "
    "CREATE TRIGGER t2 BEFORE DELETE ON files BEGIN SELECT RAISE(IGNORE); END",
    "a computed column": "ALTER TABLE files ADD COLUMN more TEXT AS (hex(zeroblob(1000000000)))",
    "an index of a computation": "CREATE INDEX more ON files (hex(zeroblob(1000) || path))",
    "another table": "CREATE TABLE more (a)",
    "a virtual table": "CREATE VIRTUAL TABLE more USING fts5(a)",
    "a column less": "DROP TABLE removed; CREATE TABLE removed (identity TEXT PRIMARY KEY) WITHOUT ROWID",
}
VALUES = {
    "a path that is a blob": "UPDATE captures SET path = CAST(path AS BLOB)",
    "a path that is no text": "UPDATE captures SET path = CAST(x'ff' AS TEXT)",
    "a line that is text": "UPDATE captures SET first_line = 'first'",
    "a time that is text": "UPDATE captures SET stated = 'then'",
    "a digest that is a blob": "UPDATE captures SET digest = x'00'",
    "an id that is a blob": "UPDATE captures SET id = x'00'",
    "a place that is a blob": "INSERT INTO skipped VALUES (x'00', '', 1, 1, 'a', 'b', 1, 1)",
    "a reason that is a blob": "INSERT INTO skipped VALUES ('a', '', 1, 1, x'00', 'b', 1, 1)",
}


@pytest.fixture
def crafted(workshop: Workshop) -> Callable[[str], Workshop]:
    """Put statements into the ledger of an index."""

    def craft(statements: str) -> Workshop:
        workshop.write("a.jsonl", records(1, 2))
        workshop.index()
        with closing(database.connect(workshop.folder / LEDGER, read_only=False)) as connection:
            connection.execute(statements.replace("ENDLESS", ENDLESS)).fetchall()
        return workshop

    return craft


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_ledger_with_other_definitions_is_refused(crafted: Callable[[str], Workshop], name: str) -> None:
    workshop = crafted(STATEMENTS[name])
    for use in (lambda: workshop.captures("1"), workshop.skipped, workshop.index):
        with pytest.raises(IndexUnusableError, match="ledger"):
            use()
    assert any("ledger" in fault for fault in workshop.faults())


@pytest.mark.parametrize("name", VALUES)
def test_values_of_other_kinds_are_damage(crafted: Callable[[str], Workshop], name: str) -> None:
    workshop = crafted(VALUES[name])
    assert any("ledger" in fault for fault in workshop.faults())
    uses = [workshop.skipped, lambda: workshop.captures("1"), lambda: all_captures(workshop)]
    assert any(map(refused, uses))


@pytest.mark.parametrize("value", ["abc", "", "9" * 5_000], ids=["a word", "nothing", "many digits"])
def test_a_generation_that_is_none_is_of_another_time(crafted: Callable[[str], Workshop], value: str) -> None:
    workshop = crafted("UPDATE facts SET value = 'VALUE' WHERE name = 'generation'".replace("VALUE", value))
    with pytest.raises(IndexUnusableError, match="of an earlier time"):
        workshop.index()


def test_a_file_of_which_less_than_nothing_was_read_is_read_from_its_start(crafted: Callable[[str], Workshop]) -> None:
    workshop = crafted("INSERT INTO begun SELECT path, digest, settings, -5 FROM files; DELETE FROM files")
    assert workshop.index().unchanged == 2
    assert workshop.faults() == []


def all_captures(workshop: Workshop) -> None:
    """Read all captures the ledger knows."""
    with open_archive(workshop.folder) as archive:
        list(archive.ledger.captures())


def refused(use: Callable[[], object]) -> bool:
    """Tell whether the ledger is complained of."""
    try:
        use()
    except IndexUnusableError as error:
        return "ledger" in str(error)
    return False


def test_a_value_longer_than_any_is_damage(indexed: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    indexed.write("c.jsonl", ["{" + "x" * 300])
    indexed.write("x" * 200 + ".jsonl", ["{"])
    indexed.index()
    monkeypatch.setattr(database, "_LONGEST", 200)
    with pytest.raises(IndexUnusableError, match="damaged"):
        indexed.skipped()


@pytest.mark.parametrize("name", [*STATEMENTS, *VALUES])
def test_a_crafted_ledger_can_be_made_usable_again(crafted: Callable[[str], Workshop], name: str) -> None:
    workshop = crafted((STATEMENTS | VALUES)[name])
    repair(workshop.folder, Settings(), Quiet())
    conclude(workshop.folder)
    assert workshop.faults() == []
    assert workshop.ids() == {"1", "2"}


def test_a_table_without_an_end_is_not_read_without_an_end(crafted: Callable[[str], Workshop]) -> None:
    workshop = crafted("INSERT INTO skipped VALUES ('a', '', 1, 1, 'a', 'b', 1, 1)")
    ledger = workshop.folder / LEDGER
    with closing(database.connect(ledger, read_only=True)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'skipped'").fetchall()[0][0]
    content = bytearray(ledger.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    place, last = (root - 1) * size, len(content) // size
    content += content[place : place + size]
    for nth in range(1, 6):
        content += of_one_child(last + nth, size)
    content[place : place + size] = content[-size:]
    content[20] = 0  # no checksums
    content[28:32] = struct.pack(">I", len(content) // size)
    content[92:96] = content[24:28]
    ledger.write_bytes(content)
    assert any("ledger" in fault for fault in workshop.faults())
    repair(workshop.folder, Settings(), Quiet())
    conclude(workshop.folder)
    assert workshop.faults() == []


def test_a_statement_without_an_end_can_be_interrupted(indexed: Workshop) -> None:
    with closing(database.connect(indexed.folder / LEDGER, read_only=True)) as connection:
        before = signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        try:
            with pytest.raises(KeyboardInterrupt), database.guarded(indexed.folder / LEDGER):
                connection.execute(f"{ENDLESS} SELECT count(*) FROM n").fetchall()  # noqa: S608 - fixed texts
        finally:
            signal.signal(signal.SIGALRM, before)


def of_one_child(child: int, size: int) -> bytes:
    """Return a page of SQLite's tables that has the same page below it again and again."""
    cells = [struct.pack(">IB", child, 1)] * (size // 8)
    places = [size - 5 * nth for nth in range(1, len(cells) + 1)]
    head = struct.pack(">BHHHBI", 5, 0, len(cells), places[-1], 0, child) + struct.pack(f">{len(cells)}H", *places)
    return head.ljust(places[-1], b"\0") + b"".join(cells)


STAMPS = {
    "a format without an end": '{"format": Infinity}',
    "a format of many digits": '{"format": 1' + "0" * 900 + "}",
    "lists in each other": "[" * 1000,
    "text": "\xff",
    "larger than any": " " * 2_000,
}
QUERIES = {
    "lists in each other": "[" * 100_000,
    "objects in each other": '{"queries":' * 100_000,
    "a number of many digits": "9" * 100_000,
    "no queries": '{"version": 2, "queries": []}',
    "a query that is a number": '{"version": 2, "queries": {"a": {"query": 1, "check": 1}}}',
    "a name with an escape sequence": json.dumps(
        {"version": 2, "queries": {"a\x1b[31m": {"query": "b", "check": zlib.crc32(b"a\x1b[31m\nb")}}}
    ),
    "a name that leads elsewhere": json.dumps(
        {"version": 2, "queries": {"../a": {"query": "b", "check": zlib.crc32(b"../a\nb")}}}
    ),
    "half a pair of surrogates": '{"version": 2, "queries": {"a": {"query": "\\ud800", "check": 1}}}',
}


@pytest.fixture
def indexed(workshop: Workshop) -> Workshop:
    """An index of two articles."""
    workshop.write("a.jsonl", records(1, 2))
    workshop.index()
    return workshop


@pytest.mark.parametrize("name", STAMPS)
def test_a_crafted_stamp_is_refused(indexed: Workshop, name: str) -> None:
    (indexed.folder / STAMP).write_bytes(STAMPS[name].encode("latin-1"))
    for use in (indexed.ids, indexed.index):
        with pytest.raises(IndexUnusableError, match=STAMP):
            use()


@pytest.mark.parametrize("name", QUERIES)
def test_crafted_saved_queries_are_refused(indexed: Workshop, name: str) -> None:
    (indexed.folder / SAVED).write_text(QUERIES[name])
    with pytest.raises(IndexUnusableError, match=SAVED):
        saved.load(indexed.folder)


@pytest.mark.parametrize("name", [STAMP, SAVED])
def test_a_file_of_a_terabyte_is_not_read(indexed: Workshop, name: str) -> None:
    with (indexed.folder / name).open("r+b") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(IndexUnusableError, match=name):
        saved.load(indexed.folder)


MISSING = asdict(CaptureEntry(0.0, 0.0, 1, "gone", 1, "a", "a", "a"))
TOLD: dict[str, object] = {
    "lists in each other": "[" * 100_000,
    "a folder above": {"aside": "../../elsewhere"},
    "the folder above": {"aside": ".."},
    "the folder of the index": {"aside": "index"},
    "a folder that is a number": {"aside": 7},
    "files that are numbers": {"damaged": [7]},
    "files that are text": {"damaged": "7"},
    "sentences that are nothing": {"unknown": None},
    "half a pair of surrogates": {"unknown": ["\ud800"]},
    "captures that are numbers": {"missing": [7]},
    "a capture of a path that is a number": {"missing": [MISSING | {"path": 7}]},
    "a capture of an id that is a list": {"missing": [MISSING | {"id": ["a"]}]},
}


@pytest.mark.parametrize("name", TOLD)
def test_crafted_findings_are_not_gone_by(indexed: Workshop, name: str) -> None:
    told = TOLD[name]
    if isinstance(told, dict):
        told = json.dumps({"damaged": [], "unknown": [], "missing": [], "aside": "damaged-20250322T000000Z"} | told)
    (indexed.folder / FINDINGS).write_text(str(told))
    (indexed.folder / SAVED).write_text("{")
    repaired = repair(indexed.folder, Settings(), Quiet())
    assert repaired.damaged == [FINDINGS, SAVED]
    assert repaired.aside
    assert repaired.aside.resolve().parent == indexed.folder.resolve()
    assert [file.name for file in repaired.aside.iterdir()] == [SAVED]


def put(place: Path, what: str, victim: Path) -> None:
    """Have something else in the place of a file, or where none is."""
    place.unlink(missing_ok=True)
    if what == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to({"link": victim, "link to a device": Path("/dev/zero")}.get(what, victim.with_name("made")))


@pytest.mark.parametrize("what", ["link", "dangling link", "link to a device", "pipe"])
@pytest.mark.parametrize(
    "name",
    [
        *(STAMP, f"{STAMP}.new", SAVED, f"{SAVED}.new", f"{SAVED}.lock", "writer.lock", ".gitignore"),
        *(LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", f"{LEDGER}-journal", f"{LEDGER}.new"),
        *("index/_MAIN_9.toc", "index/_MAIN_2.stories.draft", "index/MAIN_WRITELOCK", "index/more"),
    ],
)
def test_nothing_is_read_from_or_written_to_elsewhere(indexed: Workshop, name: str, what: str) -> None:
    victim = indexed.base / "victim"
    victim.write_text("precious")
    indexed.write("b.jsonl", records(3))
    put(indexed.folder / name, what, victim)

    def save() -> None:
        with saved.changing(indexed.folder, 0) as queries:
            queries["a"] = "b"

    uses: list[Callable[[], object]] = [indexed.ids, indexed.index, lambda: repair(indexed.folder, Settings(), Quiet())]
    for use in uses if name.startswith("index/") else [*uses, save]:
        with pytest.raises(IndexUnusableError, match=Path(name).name) as raised:
            use()
        assert "no file" in str(raised.value)
    assert victim.read_text() == "precious"
    assert not (indexed.base / "made").exists()


def test_a_journal_that_has_another_file_deleted_is_refused(indexed: Workshop) -> None:
    victim, ledger = indexed.base / "victim", indexed.folder / LEDGER
    victim.write_text("precious")
    magic, name = bytes.fromhex("d9d505f920a163d7"), os.fsencode(victim)
    size = int.from_bytes(ledger.read_bytes()[16:18], "big")
    head = magic + struct.pack(">5I", 0, 0, ledger.stat().st_size // size, 512, size)
    tail = struct.pack(">I", (1 << 30) // size + 1) + name + struct.pack(">2I", len(name), sum(name)) + magic
    (indexed.folder / f"{LEDGER}-journal").write_bytes(head.ljust(512, b"\0") + tail)
    for use in (indexed.skipped, indexed.index, lambda: repair(indexed.folder, Settings(), Quiet())):
        with pytest.raises(IndexUnusableError, match="journal"):
            use()
    assert victim.read_text() == "precious"


def test_folders_in_each_other_without_an_end_are_left_alone(
    indexed: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = size_on_disk(indexed.folder)
    monkeypatch.chdir(indexed.folder / "index")
    for _ in range(1_500):
        Path("d").mkdir()
        os.chdir("d")
    try:
        assert size_on_disk(indexed.folder) == size
        indexed.index()
        assert indexed.faults() == []
    finally:
        for _ in range(1_500):  # step by step, since what deletes folders goes into them as deep
            os.chdir("..")
            Path("d").rmdir()


def test_the_folder_itself_may_be_a_link(indexed: Workshop) -> None:
    elsewhere = indexed.base / "elsewhere"
    indexed.folder.rename(elsewhere)
    indexed.folder.symlink_to(elsewhere)
    indexed.write("b.jsonl", records(3))
    indexed.index()
    assert indexed.ids() == {"1", "2", "3"}
