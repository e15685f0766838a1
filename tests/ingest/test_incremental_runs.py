"""Only what changed is read again."""

import io
import os
import shutil
import sys
from typing import NoReturn
from zoneinfo import ZoneInfo

import pytest
from ingest_support import Quiet, Workshop, record, records

from newsearch.extract import Settings
from newsearch.ingest import pipeline
from newsearch.ingest.archive import open_for_writing
from newsearch.ingest.pipeline import Ingest
from newsearch.ingest.plan import Plan
from newsearch.inputs.files import resolve_roots

PAGE = "Ferry resumes\n\n2025-03-22 08:00\n\nThe ferry {} sailed again on Saturday after a week in dock.\n"


def test_a_first_run_takes_everything_in(workshop: Workshop) -> None:
    workshop.write("a.jsonl", records(1, 2))
    workshop.write("deep/page.txt", PAGE.format("Orla"))
    summary = workshop.index()
    assert (summary.files_read, summary.added, summary.changed, summary.left) == (2, 3, 0, 0)
    assert not summary.failed
    assert {article.title for article in workshop.articles().values()} == {"Title 1", "Title 2", "Ferry resumes"}
    assert summary.committed == 3


def test_a_second_run_changes_nothing(workshop: Workshop) -> None:
    workshop.write("a.jsonl", records(1, 2))
    workshop.write("page.txt", PAGE.format("Orla"))
    workshop.index()
    generation, editions = workshop.generation(), workshop.editions()
    summary = workshop.index()
    assert summary.nothing_changed
    assert (summary.files_read, summary.files_unchanged, summary.unchanged) == (0, 2, 3)
    assert workshop.generation() == generation
    assert workshop.editions() == editions


def test_a_changed_file_replaces_its_articles(workshop: Workshop) -> None:
    workshop.write("page.txt", PAGE.format("Orla"))
    workshop.index()
    workshop.write("page.txt", PAGE.format("Brannoc"))
    summary = workshop.index()
    assert (summary.added, summary.changed, summary.left) == (0, 1, 0)
    (edition,) = workshop.editions()
    assert "Brannoc" in edition.article.body
    assert not workshop.faults()


def test_a_page_that_now_shows_another_article_loses_the_first(workshop: Workshop) -> None:
    workshop.write("page.txt", PAGE.format("Orla"))
    workshop.index()
    workshop.write("page.txt", PAGE.format("Orla").replace("Ferry resumes", "Ferry sinks"))
    summary = workshop.index()
    assert (summary.added, summary.left) == (1, 1)
    assert [article.title for article in workshop.articles().values()] == ["Ferry sinks"]


def test_lines_inserted_changed_and_removed_in_a_jsonl_file_cost_no_more_than_themselves(workshop: Workshop) -> None:
    workshop.write("a.jsonl", records(1, 2, 3, 4))
    workshop.index()
    workshop.write("a.jsonl", [record(0), record(1), record(2, "Something happened."), record(4)])
    summary = workshop.index()
    assert (summary.added, summary.changed, summary.left, summary.unchanged) == (1, 1, 1, 2)
    assert workshop.bodies() == {
        "0": "Nothing happened.",
        "1": "Nothing happened.",
        "2": "Something happened.",
        "4": "Nothing happened.",
    }
    assert {name: article.origin.first_line for name, article in workshop.articles().items()} == {
        "0": 1,
        "1": 2,
        "2": 3,
        "4": 4,
    }
    assert len(workshop.editions()) == 4
    assert not workshop.faults()


def test_a_renamed_file_keeps_its_articles_under_its_new_name(workshop: Workshop) -> None:
    file = workshop.write("a.jsonl", records(1, 2))
    workshop.index()
    file.rename(file.with_name("b.jsonl"))
    summary = workshop.index()
    assert (summary.added, summary.changed, summary.left, summary.files_vanished) == (0, 0, 0, 1)
    assert {str(article.origin) for article in workshop.articles().values()} == {
        "sources/b.jsonl:1",
        "sources/b.jsonl:2",
    }
    assert len(workshop.editions()) == 2
    assert not workshop.faults()


def test_touching_a_file_reads_no_article_again(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    file = workshop.write("a.jsonl", records(1), saved=1_700_000_000)
    workshop.index()
    generation, editions = workshop.generation(), workshop.editions()
    os.utime(file)

    def refuse(*_: object) -> NoReturn:
        pytest.fail("an unchanged file was read for articles")

    monkeypatch.setattr(pipeline, "read", refuse)
    summary = workshop.index()
    assert (summary.files_read, summary.files_unchanged) == (0, 1)
    assert workshop.generation() == generation
    assert workshop.editions() == editions


def test_a_file_that_did_not_change_is_not_even_opened(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.write("a.jsonl", records(1))
    workshop.index()

    def refuse(*_: object) -> NoReturn:
        pytest.fail("an unchanged file was hashed")

    monkeypatch.setattr(pipeline, "digest_of", refuse)
    assert workshop.index().files_unchanged == 1


def test_a_file_of_the_same_size_and_time_is_still_found_to_be_changed(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1, "Ships sail.")], saved=1_700_000_000)
    workshop.index()
    workshop.write("a.jsonl", [record(1, "Ships sink.")], saved=1_700_000_000)
    assert workshop.index().changed == 1
    assert workshop.bodies() == {"1": "Ships sink."}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Settings(), Settings(ZoneInfo("Asia/Tokyo")), "2025-03-22T08:00:00+09:00"),
        (Settings(fields={"published": "printed"}), Settings(), "2025-03-22T08:00:00+00:00"),
        (Settings(), Settings(fields={"published": "printed"}), "1999-01-01"),
    ],
    ids=["assumed zone", "field map taken back", "field map"],
)
def test_other_settings_read_an_unchanged_file_again(
    workshop: Workshop, before: Settings, after: Settings, expected: str
) -> None:
    workshop.write("a.jsonl", [record(1, published="2025-03-22T08:00:00", printed="1999-01-01")])
    workshop.index(settings=before)
    summary = workshop.index(settings=after)
    assert (summary.files_read, summary.changed) == (1, 1)
    published = workshop.articles()["1"].published
    assert published is not None
    assert published.isoformat() == expected
    assert len(workshop.editions()) == 1


def test_a_field_map_gives_a_field_the_name_the_records_have_for_it(workshop: Workshop) -> None:
    workshop.write("a.jsonl", ['{"key": 7, "headline": "Ferry resumes", "text": "It sailed.", "mood": "glad"}'])
    fields = {"id": "key", "title": "headline", "body": "text"}
    summary = workshop.index(settings=Settings(fields=fields))
    assert summary.unread == {"mood": 1}
    article = workshop.articles()["7"]
    assert (article.title, article.body) == ("Ferry resumes", "It sailed.")


def test_a_file_is_taken_for_what_it_is_said_to_be(workshop: Workshop) -> None:
    workshop.write("a.txt", record(1))
    workshop.index(input_format="text")
    (as_text,) = workshop.articles().values()
    assert as_text.own_id == ""
    workshop.index(input_format="jsonl")
    assert workshop.ids() == {"1"}


def test_standard_input_is_taken_in_once(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def pipe(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    pipe(record(1))
    assert workshop.index("-").added == 1
    pipe(record(1))
    summary = workshop.index("-")
    assert summary.nothing_changed
    assert (summary.files_read, summary.files_unchanged) == (0, 1)
    pipe(record(2))
    assert workshop.index("-").added == 1
    assert workshop.ids() == {"1", "2"}
    assert not [file.name for file in workshop.folder.iterdir() if file.name.startswith("tmp")]


def test_articles_from_standard_input_do_not_vanish_with_later_runs(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(record(1).encode())))
    workshop.index("-")
    summary = workshop.index()
    assert (summary.left, workshop.ids()) == (0, {"1"})


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_overlapping_roots_take_a_file_in_once(workshop: Workshop, suffix: str) -> None:
    workshop.write(f"deep/a.jsonl{suffix}", records(1))
    summary = workshop.index("sources", "sources/deep", f"sources/deep/a.jsonl{suffix}")
    assert (summary.files_read, summary.added) == (1, 1)
    assert len(workshop.captures("1")) == 1


def test_an_archive_moved_as_a_whole_is_up_to_date_where_it_is_now(workshop: Workshop) -> None:
    workshop.write("a.jsonl", records(1))
    workshop.index()
    moved = Workshop(workshop.base.with_name("moved"))
    shutil.move(workshop.base, moved.base)
    summary = moved.index()
    assert summary.nothing_changed
    assert (summary.files_read, moved.ids()) == (0, {"1"})


def test_a_file_whose_name_is_not_utf8_is_taken_in_to_stay(workshop: Workshop) -> None:
    name = os.fsencode(workshop.sources) + b"/caf\xe9.jsonl"
    with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123 - a name in bytes
        file.write(record(1))
    summary = workshop.index()
    assert (summary.added, summary.files_vanished, summary.left) == (1, 0, 0)
    assert workshop.ids() == {"1"}
    assert workshop.index().nothing_changed


NOTHING = pytest.mark.parametrize(
    "content", [None, b"", b"\0\1\2", b"{\n"], ids=["no file", "empty", "binary", "broken line"]
)


@NOTHING
def test_an_archive_in_which_there_was_nothing_yet_can_be_indexed_again(
    workshop: Workshop, content: bytes | None
) -> None:
    if content is not None:
        workshop.write("a.jsonl", content)
    assert workshop.index().added == 0
    assert workshop.index().nothing_changed
    workshop.write("b.jsonl", records(1))
    assert workshop.index().added == 1
    assert workshop.ids() == {"1"}


@NOTHING
def test_an_archive_in_which_there_is_nothing_yet_is_sound(workshop: Workshop, content: bytes | None) -> None:
    if content is not None:
        workshop.write("a.jsonl", content)
    workshop.index()
    assert workshop.ids() == set()
    assert not workshop.faults()


def test_an_index_among_the_sources_is_no_source(workshop: Workshop) -> None:
    folder = workshop.sources / "idx"
    workshop.write("a.jsonl", records(1))
    for _ in range(2):
        with open_for_writing(folder, create=True) as archive:
            summary = Ingest(archive, Plan(resolve_roots([str(workshop.sources)])), Quiet()).run()
        assert summary.skipped == []
    assert summary.nothing_changed
    assert summary.files_unchanged == 1
