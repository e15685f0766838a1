"""The folder of an index that is moved away, or replaced by another index, while a process writes it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from ingest_support import Quiet, Workshop, fingerprint, records, segments

from newsearch.errors import IndexUnusableError
from newsearch.extract import Settings
from newsearch.ingest import repair as repairing
from newsearch.ingest import saved
from newsearch.ingest.repair import conclude, repair


class Meanwhile(Quiet):
    """Progress that does something as soon as an article has been taken in."""

    def __init__(self, action: Callable[[], object]) -> None:
        self.actions = [action]

    def advance(self, read_bytes: int, articles: int) -> None:  # noqa: ARG002 - as in the base class
        if articles and self.actions:
            self.actions.pop()()


@pytest.fixture
def indexed(workshop: Workshop) -> Workshop:
    workshop.write("a.jsonl", records(*range(5)))
    workshop.index()
    return workshop


@pytest.fixture
def other(tmp_path: Path) -> Workshop:
    """Another index, as many generations old as the first one will be."""
    made = Workshop(tmp_path / "other")
    for name in ("a", "b"):
        made.write(f"{name}.jsonl", records(name))
        made.index()
    return made


def replaced(indexed: Workshop, other: Workshop) -> Path:
    """Put the other index into the place of the first one, and return where that is now."""
    away = indexed.base / "away"
    indexed.folder.rename(away)
    shutil.copytree(other.folder, indexed.folder)
    return away


def test_a_run_leaves_the_index_alone_that_has_come_into_its_place(indexed: Workshop, other: Workshop) -> None:
    indexed.write("b.jsonl", records("late"))
    with pytest.raises(IndexUnusableError, match="was moved or replaced"):
        indexed.index(progress=Meanwhile(lambda: replaced(indexed, other)))
    assert fingerprint(indexed.folder) == fingerprint(other.folder)
    assert indexed.faults() == []
    shutil.rmtree(indexed.folder)
    (indexed.base / "away").rename(indexed.folder)
    indexed.index()
    assert len(indexed.ids()) == 6
    assert indexed.faults() == []


def test_a_link_that_is_led_to_another_index_meanwhile(indexed: Workshop, other: Workshop) -> None:
    away = indexed.base / "away"
    indexed.folder.rename(away)
    indexed.folder.symlink_to(away)
    before = fingerprint(other.folder)

    def lead() -> None:
        indexed.folder.unlink()
        indexed.folder.symlink_to(other.folder)

    indexed.write("b.jsonl", records("late"))
    with pytest.raises(IndexUnusableError, match="was moved or replaced"):
        indexed.index(progress=Meanwhile(lead))
    assert fingerprint(other.folder) == before


def test_a_first_run_whose_folder_goes_away_makes_none_in_its_place(workshop: Workshop) -> None:
    workshop.write("a.jsonl", records(1))
    with pytest.raises(IndexUnusableError, match="was moved or replaced"):
        workshop.index(progress=Meanwhile(lambda: workshop.folder.rename(workshop.base / "away")))
    assert not workshop.folder.exists()


def test_a_repair_leaves_the_index_alone_that_has_come_into_its_place(
    indexed: Workshop, other: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexed.write("b.jsonl", records("late"))
    indexed.index()
    damaged = segments(indexed)[0]
    damaged.write_bytes(damaged.read_bytes()[:-100])
    from newsearch.engines.whoosh import salvage

    def moved(*arguments: object) -> object:
        replaced(indexed, other)
        return rescued(*arguments)

    rescued = salvage._rescued
    monkeypatch.setattr(salvage, "_rescued", moved)
    with pytest.raises(IndexUnusableError, match="was moved or replaced"):
        repair(indexed.folder, Settings(), Quiet())
    monkeypatch.undo()
    assert indexed.faults() == []
    assert indexed.ids() == other.ids()
    shutil.rmtree(indexed.folder)
    (indexed.base / "away").rename(indexed.folder)
    repair(indexed.folder, Settings(), Quiet())
    conclude(indexed.folder)
    assert indexed.faults() == []
    assert len(indexed.ids()) == 6


def test_a_repair_notes_nothing_in_an_index_that_has_come_into_the_place(
    indexed: Workshop, other: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is exchanged while the repair reads the index, whose ledger alone is damaged."""
    (indexed.folder / "ledger.sqlite").write_bytes(b"")

    def moved(archive: object) -> object:
        found = held(archive)  # type: ignore[arg-type]
        replaced(indexed, other)
        return found

    held = repairing._held
    monkeypatch.setattr(repairing, "_held", moved)
    with pytest.raises(IndexUnusableError, match="was moved or replaced"):
        repair(indexed.folder, Settings(), Quiet())
    monkeypatch.undo()
    assert fingerprint(indexed.folder) == fingerprint(other.folder)


def test_queries_are_not_saved_in_an_index_that_has_come_into_the_place(indexed: Workshop, other: Workshop) -> None:
    def save() -> None:
        with saved.changing(indexed.folder, 0) as queries:
            queries["chips"] = "nvidia"
            replaced(indexed, other)

    with pytest.raises(IndexUnusableError, match="was moved or replaced"):
        save()
    assert saved.load(indexed.folder) == {}
