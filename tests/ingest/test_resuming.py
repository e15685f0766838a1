"""A run that was interrupted in the middle of a large file goes on there, and loses and repeats nothing."""

from collections.abc import Iterator

import pytest
from ingest_support import StopAfter, Workshop, record, records

from newsearch.extract import Settings, articles_in
from newsearch.ingest import extraction, pipeline
from newsearch.model import Article, Capture, Skipped

MANY = [*range(100, 140)]


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commit after every capture."""
    monkeypatch.setattr(pipeline, "COMMIT_SECONDS", 0.0)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places of the captures whose articles are worked out."""
    places: list[str] = []

    def noted(capture: Capture, settings: Settings) -> Iterator[Article | Skipped]:
        places.append(str(capture.origin))
        return articles_in(capture, settings)

    monkeypatch.setattr(extraction, "articles_in", noted)
    return places


def interrupted(workshop: Workshop, articles: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        workshop.index(progress=StopAfter(articles))


def test_what_was_committed_is_not_read_again(workshop: Workshop, read: list[str]) -> None:
    workshop.write("a.jsonl", records(*MANY))
    interrupted(workshop, 25)
    done, kept = len(read), len(workshop.ids())
    assert kept >= 20
    read.clear()
    workshop.index()
    assert len(read) == len(MANY) - kept
    assert done + len(read) >= len(MANY)
    assert workshop.ids() == set(map(str, MANY))
    assert workshop.index().nothing_changed
    assert not workshop.faults()


def test_what_the_file_no_longer_shows_still_leaves(workshop: Workshop) -> None:
    workshop.write("a.jsonl", records(*MANY, "gone"))
    workshop.index()
    workshop.write("a.jsonl", [record("new"), *records(*MANY[5:]), record("last")])
    interrupted(workshop, 1)
    workshop.index()
    assert workshop.ids() == {"new", "last", *map(str, MANY[5:])}
    assert not workshop.faults()


def test_what_was_skipped_before_the_interruption_stays_known(workshop: Workshop) -> None:
    workshop.write("a.jsonl", ["{broken", *records(*MANY)])
    interrupted(workshop, 10)
    workshop.index()
    assert [one.origin.first_line for one in workshop.skipped()] == [1]


def test_a_file_that_has_changed_meanwhile_is_read_from_its_start(workshop: Workshop, read: list[str]) -> None:
    workshop.write("a.jsonl", records(*MANY))
    interrupted(workshop, 25)
    read.clear()
    workshop.write("a.jsonl", records(*MANY[1:]))
    workshop.index()
    assert len(read) == len(MANY) - 1
    assert workshop.ids() == set(map(str, MANY[1:]))


def test_other_settings_begin_anew(workshop: Workshop, read: list[str]) -> None:
    workshop.write("a.jsonl", records(*MANY))
    interrupted(workshop, 25)
    read.clear()
    workshop.index(settings=Settings(fields={"section": "desk"}))
    assert len(read) == len(MANY)
