"""A trial says what a run would do, and does nothing."""

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ingest_support import Workshop, figures, fingerprint, record, records

JUNE, JULY = 1_748_736_000.0, 1_751_328_000.0


def _nothing(_: Workshop) -> None:
    """An empty folder of sources."""


def _records(workshop: Workshop) -> None:
    workshop.write("a.jsonl", records(1, 2, 3))


def _broken(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1), "{"])
    workshop.write("b.bin", b"\0\1")


def _same_text_twice(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1)], saved=JUNE)
    workshop.write("b.jsonl", [record(1)], saved=JULY)


def _two_editions(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "Old.")], saved=JUNE)
    workshop.write("b.jsonl", [record(1, "New.")], saved=JULY)


def _corpus(workshop: Workshop) -> None:
    shutil.copytree(Path(__file__).parents[2] / "corpus", workshop.sources, dirs_exist_ok=True)


def _inserted_line(workshop: Workshop) -> None:
    workshop.index()
    workshop.write("a.jsonl", records(0, 1, 2, 3))


def _changed(workshop: Workshop) -> None:
    workshop.index()
    workshop.write("a.jsonl", [record(1, "Something happened."), record(3), record(4)])


def _vanished(workshop: Workshop) -> None:
    workshop.index()
    (workshop.sources / "a.jsonl").unlink()


def _renamed(workshop: Workshop) -> None:
    workshop.index()
    (workshop.sources / "a.jsonl").rename(workshop.sources / "z.jsonl")


def _second_edition(workshop: Workshop) -> None:
    workshop.index()
    workshop.write("b.jsonl", [record(2, "Something happened.", updated="2030-01-01")])


def _removed(workshop: Workshop) -> None:
    workshop.index()
    workshop.remove("2")
    workshop.write("a.jsonl", records(1, 2, 3, 4))


NEW = [_nothing, _records, _broken, _same_text_twice, _two_editions, _corpus]
OLD = [_inserted_line, _changed, _vanished, _renamed, _second_edition, _removed]


@pytest.mark.parametrize("prepare", [*NEW, *OLD], ids=lambda prepare: prepare.__name__.strip("_").replace("_", " "))
def test_a_trial_predicts_the_numbers_of_the_run(workshop: Workshop, prepare: Callable[[Workshop], None]) -> None:
    if prepare in OLD:
        _records(workshop)
    prepare(workshop)
    trial, run = workshop.index(trial=True), workshop.index()
    assert figures(trial) == figures(run)
    assert trial.skipped == run.skipped
    assert trial.unread == run.unread


@pytest.mark.parametrize("prepare", OLD, ids=lambda prepare: prepare.__name__.strip("_").replace("_", " "))
def test_a_trial_writes_nothing(workshop: Workshop, prepare: Callable[[Workshop], None]) -> None:
    _records(workshop)
    prepare(workshop)
    before = fingerprint(workshop.base)
    workshop.index(trial=True)
    assert fingerprint(workshop.base) == before


def test_a_trial_without_an_index_makes_none(workshop: Workshop) -> None:
    _records(workshop)
    before = fingerprint(workshop.base)
    assert workshop.index(trial=True).added == 3
    assert not workshop.folder.exists()
    assert fingerprint(workshop.base) == before


def test_a_trial_of_standard_input_writes_nothing(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    _records(workshop)
    workshop.index()
    before = fingerprint(workshop.base)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(record(9).encode())))
    assert workshop.index("-", trial=True).added == 1
    assert fingerprint(workshop.base) == before
