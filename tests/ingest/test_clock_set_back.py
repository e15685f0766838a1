"""A clock that is set back does not matter: no run, lock or commit goes by which of two times is the later one."""

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest
from ingest_support import Workshop, record, records

from newsearch.ingest import lock, pipeline

NOW = 1_800_000_000.0
DAY = 86_400.0


class Clock(datetime):
    """A clock that is a day behind at each look at it."""

    shown = datetime.fromtimestamp(NOW, UTC)

    @classmethod
    def now(cls, tz: Any = None) -> Self:
        cls.shown -= timedelta(days=1)
        return cls.fromtimestamp(cls.shown.timestamp(), tz)


@pytest.fixture(autouse=True)
def set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "datetime", Clock)
    monkeypatch.setattr(lock, "datetime", Clock)
    monkeypatch.setattr(time, "time", lambda: Clock.now(UTC).timestamp())


def test_runs_by_a_clock_that_goes_backwards_find_what_is_new_and_lose_nothing(workshop: Workshop) -> None:
    for nth in range(5):
        saved = NOW - nth * DAY
        workshop.write("a.jsonl", [record(1, f"Text number {nth}."), *records(*range(2, 4 + nth))], saved=saved)
        workshop.write(f"more-{nth}.jsonl", records(f"more-{nth}"), saved=saved)
        workshop.index()
        assert workshop.bodies()["1"] == f"Text number {nth}."
        assert workshop.ids() == {*map(str, range(1, 4 + nth)), *(f"more-{earlier}" for earlier in range(nth + 1))}
    assert workshop.index().nothing_changed
    assert workshop.faults() == []


def test_a_file_changed_without_a_trace_in_its_time_or_size_is_read_again(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "Old text.")], saved=NOW)
    workshop.index()
    workshop.write("a.jsonl", [record(1, "New text.")], saved=NOW)
    workshop.index()
    assert workshop.bodies() == {"1": "New text."}


def test_what_was_removed_stays_so_when_its_file_seems_older(workshop: Workshop) -> None:
    file = workshop.write("a.jsonl", records(1, 2), saved=NOW)
    workshop.index()
    workshop.remove("1")
    os.utime(file, (NOW - 9 * DAY, NOW - 9 * DAY))
    workshop.index()
    assert workshop.ids() == {"2"}
    assert workshop.faults() == []


def test_a_time_that_was_impossible_and_is_put_right_counts(workshop: Workshop) -> None:
    """A file saved while a clock was years ahead would outdo all that is saved later."""
    file = workshop.write("a.jsonl", [record("1", "Old text."), *records(2)], saved=NOW + 9_000 * DAY)
    workshop.index()
    os.utime(file, (NOW - 20 * DAY, NOW - 20 * DAY))
    workshop.write("b.jsonl", [record("1", "New text.")], saved=NOW - 10 * DAY)
    assert workshop.index().files_reread == 0
    assert workshop.bodies()["1"] == "New text."
    assert {capture.captured for capture in workshop.captures("2")} == {NOW - 20 * DAY}
    assert workshop.faults() == []
    os.utime(file, (NOW - 19 * DAY, NOW - 19 * DAY))
    assert workshop.index().nothing_changed
