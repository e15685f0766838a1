"""When each edition of an article was the one to search, told from its captures."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ingest_support import Workshop, record

from newsearch.ingest.editions import editions_of
from newsearch.ingest.ledger import CaptureEntry
from newsearch.model import Article, Edition, Interval, Origin

MAY, JUNE, JULY, AUGUST = 1_746_057_600.0, 1_748_736_000.0, 1_751_328_000.0, 1_754_006_400.0
UNKNOWN = float("-inf")
CONTENTS = {name: Article(name, "", Origin(f"{name}.txt")) for name in ("one", "two", "three")}
INSTANTS = (MAY, JUNE, JULY, AUGUST)

captures = st.builds(
    lambda stated, captured, line, digest: CaptureEntry(stated, captured, line, "a.txt", line, "x", "key", digest),
    st.sampled_from([UNKNOWN, MAY, JULY]),
    st.sampled_from([UNKNOWN, *INSTANTS]),
    st.integers(1, 9),
    st.sampled_from(list(CONTENTS)),
)


def moment(captured: float) -> datetime:
    return datetime.fromtimestamp(captured, UTC)


def searched(editions: Sequence[Edition], as_of: datetime | None) -> list[str]:
    return [edition.digest for edition in editions if edition.is_searched(as_of)]


@given(st.lists(captures, min_size=1, max_size=7, unique_by=lambda capture: capture.first_line))
@settings(max_examples=300, deadline=None)
def test_as_of_a_time_it_is_the_edition_that_would_be_current_had_only_the_captures_of_up_to_then_been_taken_in(
    captures: list[CaptureEntry],
) -> None:
    editions = editions_of(sorted(captures), CONTENTS)
    assert searched(editions, None) == [max(captures).digest]
    for instant in (MAY - 1, *INSTANTS, *(instant + 0.000_001 for instant in INSTANTS), AUGUST + 1e9):
        there = [capture for capture in captures if capture.captured <= instant]
        assert searched(editions, moment(instant)) == ([max(there).digest] if there else [])


@given(st.lists(captures, min_size=1, max_size=7, unique_by=lambda capture: capture.first_line))
@settings(max_examples=200, deadline=None)
def test_the_intervals_of_an_article_follow_each_other_and_none_is_empty(captures: list[CaptureEntry]) -> None:
    intervals: list[Interval] = [known for one in editions_of(sorted(captures), CONTENTS) for known in one.known]
    early = datetime.min.replace(tzinfo=UTC)
    intervals.sort(key=lambda interval: interval[0] or early)
    assert intervals[-1][1] is None
    assert [start for start, _ in intervals[1:]] == [end for _, end in intervals[:-1]]
    assert all(start is None or end is None or start < end for start, end in intervals)


def test_a_text_that_comes_back_is_the_one_twice(workshop: Workshop) -> None:
    for name, body, saved in (("a", "Sails.", MAY), ("b", "Sank.", JUNE), ("c", "Sails.", JULY)):
        workshop.write(f"{name}.jsonl", [record(1, body)], saved=saved)
    workshop.index()
    known = {edition.article.body: edition.known for edition in workshop.editions()}
    assert known == {
        "Sails.": ((moment(MAY), moment(JUNE)), (moment(JULY), None)),
        "Sank.": ((moment(JUNE), moment(JULY)),),
    }
    assert not workshop.faults()


def test_an_older_text_that_was_captured_later_never_is_the_one(workshop: Workshop) -> None:
    new, old = (record(1, body, updated=f"2025-04-01T{hour}:00:00Z") for body, hour in (("New.", 12), ("Old.", 9)))
    workshop.write("a.jsonl", [new], saved=MAY)
    workshop.write("b.jsonl", [old], saved=JUNE)
    workshop.index()
    known = {edition.article.body: edition.known for edition in workshop.editions()}
    assert known == {"New.": ((moment(MAY), None),), "Old.": ()}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)], ids=["in-order", "against-it", "mixed"])
def test_captures_that_arrive_run_by_run_come_to_the_same_intervals(workshop: Workshop, order: tuple[int, ...]) -> None:
    bodies, times = ("Sails.", "Sank.", "Sails."), (MAY, JUNE, JULY)
    for nth in order:
        workshop.write(f"{nth}.jsonl", [record(1, bodies[nth])], saved=times[nth])
        workshop.index()
    assert {edition.article.body: len(edition.known) for edition in workshop.editions()} == {"Sails.": 2, "Sank.": 1}
    assert not workshop.faults()


def test_a_capture_of_the_same_text_makes_no_version_and_rewrites_nothing(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1)], saved=MAY)
    workshop.index()
    before, generation = workshop.editions(), workshop.generation()
    workshop.write("b.jsonl", [record(1)], saved=JUNE)
    workshop.index()
    assert workshop.editions() == before
    assert workshop.generation() == generation
    assert [capture.captured for capture in workshop.captures("1")] == [MAY, JUNE]


def test_a_run_over_what_is_known_writes_nothing_though_intervals_are_unusual(workshop: Workshop) -> None:
    for name, body, saved in (("a", "Sails.", MAY), ("b", "Sank.", JUNE), ("c", "Sails.", JULY)):
        workshop.write(f"{name}.jsonl", [record(1, body)], saved=saved)
    workshop.index()
    generation = workshop.generation()
    assert workshop.index().nothing_changed
    for file in workshop.sources.iterdir():
        os.utime(file, (AUGUST, AUGUST))  # touched, and as it was
    assert workshop.index().nothing_changed
    assert workshop.generation() == generation


def test_an_earlier_capture_that_turns_up_moves_the_begin(workshop: Workshop) -> None:
    workshop.write("b.jsonl", [record(1)], saved=JUNE)
    workshop.index()
    workshop.write("a.jsonl", [record(1)], saved=MAY)
    workshop.index()
    (edition,) = workshop.editions()
    assert edition.known == ((moment(MAY), None),)
    assert edition.article.captured == moment(MAY)


def test_when_the_capture_between_vanishes_the_text_was_the_one_all_along(workshop: Workshop) -> None:
    for name, body, saved in (("a", "Sails.", MAY), ("b", "Sank.", JUNE), ("c", "Sails.", JULY)):
        workshop.write(f"{name}.jsonl", [record(1, body)], saved=saved)
    workshop.index()
    (workshop.sources / "b.jsonl").unlink()
    workshop.index()
    (edition,) = workshop.editions()
    assert edition.known == ((moment(MAY), None),)


def test_to_replace_a_file_replaces_its_capture_and_makes_no_version(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "Sails.")], saved=MAY)
    workshop.index()
    workshop.write("a.jsonl", [record(1, "Sank.")], saved=JUNE)
    workshop.index()
    (edition,) = workshop.editions()
    assert (edition.article.body, edition.known) == ("Sank.", ((moment(JUNE), None),))
