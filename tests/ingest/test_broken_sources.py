"""A bad record costs itself, and nothing that was taken from the rest."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import NoReturn

import pytest
from ingest_support import Workshop, reasons, record, records

from newsearch.errors import MissingExtraError
from newsearch.ingest import pipeline
from newsearch.inputs import INPUTS, lines

NOISE = [record(nth, f"Noise {Random(nth).getrandbits(200):x}") for nth in range(2_000)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "2", "title": ', "broken-json"),
        ("not json at all", "broken-json"),
        ("[1, 2]", "not-an-object"),
        ('"a string"', "not-an-object"),
        ('{"id": "2", "title": ["a", "b"]}', "bad-field"),
        ('{"id": "2", "source": "Wire"}', "no-text"),
        ("[" * 100_000, "broken-json"),
        ('{"id": 1e999, "title": "Two"}', "bad-field"),
    ],
    ids=["cut off", "no JSON", "list", "string", "field of a wrong kind", "no text", "nested too deep", "no id"],
)
def test_a_broken_line_costs_only_itself(workshop: Workshop, line: str, reason: str) -> None:
    workshop.write("a.jsonl", [record(1), line, record(3)])
    summary = workshop.index()
    assert [(skipped.reason, str(skipped.origin)) for skipped in summary.skipped] == [(reason, "sources/a.jsonl:2")]
    assert summary.failed
    assert workshop.ids() == {"1", "3"}


@pytest.mark.parametrize("field", ["published", "updated"])
@pytest.mark.parametrize("stated", ["2025-02-30", "2025-03-22T25:00:00", "last Tuesday"])
def test_an_impossible_date_is_told_and_the_article_kept_without_it(
    workshop: Workshop, field: str, stated: str
) -> None:
    workshop.write("a.jsonl", [record(1, **{field: stated})])
    summary = workshop.index()
    assert reasons(summary) == ["date-rejected"]
    assert getattr(workshop.articles()["1"], field) is None


def test_an_impossible_date_line_is_told_and_the_article_kept_without_it(workshop: Workshop) -> None:
    workshop.write("page.txt", "Ferry resumes\n\n2025-02-30 08:00\n\nThe ferry sailed again after a week in dock.\n")
    assert reasons(workshop.index()) == ["date-rejected"]
    (article,) = workshop.articles().values()
    assert (article.title, article.published) == ("Ferry resumes", None)


def test_a_line_that_is_not_utf8_costs_only_itself(workshop: Workshop) -> None:
    latin = record(2, "Caf\u00e9.").replace("\\u00e9", "\u00e9").encode("latin-1")
    workshop.write("a.jsonl", b"\n".join([record(1).encode(), latin, record(3).encode()]))
    summary = workshop.index()
    assert [(skipped.reason, skipped.origin.first_line) for skipped in summary.skipped] == [("invalid-utf8", 2)]
    assert workshop.ids() == {"1", "3"}


def test_a_page_that_is_not_utf8_is_left_out_whole(workshop: Workshop) -> None:
    workshop.write("page.txt", "Ferry resumes\n\nThe ferry sailed to the caf\u00e9 again.\n".encode("latin-1"))
    assert reasons(workshop.index()) == ["invalid-utf8"]
    assert not workshop.ids()


@pytest.mark.parametrize("content", [bytes(range(256)) * 4, b"\x7fELF\0\0\0", b"PK\x03\x04rest", b"%PDF-1.7 rest"])
def test_what_is_not_text_is_skipped(workshop: Workshop, content: bytes) -> None:
    workshop.write("a.txt", content)
    workshop.write("b.jsonl", records(1))
    summary = workshop.index()
    assert reasons(summary)[0] in {"binary", "damaged", "broken-pdf"}
    assert (len(summary.skipped), summary.failed) == (1, True)
    assert workshop.ids() == {"1"}


@pytest.mark.parametrize("content", [b"", b"\n \n\t\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_no_failure(workshop: Workshop, content: bytes) -> None:
    workshop.write("a.txt", content)
    workshop.write("b.jsonl", records(1))
    summary = workshop.index()
    assert reasons(summary) in (["empty"], [])
    assert not summary.failed
    again = workshop.index()
    assert (again.failed, again.skipped_before) == (False, 0)


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt"])
def test_a_line_that_is_too_long_costs_only_itself(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(lines, "LINE_LIMIT", 1_000)
    rows = records(1, 3) if name == "a.jsonl" else ["Ferry resumes", "The ferry sailed again after a week in dock."]
    workshop.write(name, [rows[0], "x" * 5_000, rows[1]])
    summary = workshop.index()
    assert [(skipped.reason, skipped.origin.first_line) for skipped in summary.skipped] == [("line-too-long", 2)]
    assert len(workshop.ids()) == (2 if name == "a.jsonl" else 1)
    assert all("xxx" not in body for body in workshop.bodies().values())


def test_a_line_of_just_the_longest_length_is_taken(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    line = record(1)
    monkeypatch.setattr(lines, "LINE_LIMIT", len(line))
    workshop.write("a.jsonl", [line, record(22)])
    assert reasons(workshop.index()) == ["line-too-long"]
    assert workshop.ids() == {"1"}


def test_what_a_damaged_gzip_file_still_gives_is_taken_in(workshop: Workshop) -> None:
    whole = gzip.compress("\n".join(NOISE).encode(), mtime=0)
    workshop.write("a.jsonl.gz", whole[: len(whole) // 2])
    summary = workshop.index()
    assert reasons(summary) == ["damaged"]
    assert 0 < summary.added < len(NOISE)
    workshop.write("a.jsonl.gz", whole)
    assert not workshop.index().failed
    assert len(workshop.ids()) == len(NOISE)
    assert not workshop.faults()


BREAKAGES: dict[str, Callable[[bytes], bytes]] = {
    "truncated gzip": lambda whole: gzip.compress(whole, mtime=0)[:-200],
    "binary": lambda _: b"\0\1\2" * 100,
    "broken line": lambda whole: whole.replace(b'{"id": "2"', b'{"id: "2"'),
    "line not UTF-8": lambda whole: whole.replace(b'"Title 2"', b'"Title \xff"'),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_file_that_broke_keeps_what_an_earlier_run_took_from_the_rest(workshop: Workshop, breakage: str) -> None:
    whole = "\n".join(NOISE[:50]).encode()
    workshop.write("a.jsonl", whole)
    workshop.index()
    workshop.write("a.jsonl", BREAKAGES[breakage](whole))
    summary = workshop.index()
    assert len(summary.skipped) == 1
    assert workshop.ids() >= {json.loads(line)["id"] for line in NOISE[:50]} - {"2"}
    assert not workshop.faults()


@pytest.mark.parametrize("breakage", ["binary", "broken line", "line not UTF-8", "truncated gzip"])
def test_what_is_known_to_be_skipped_is_quiet_the_second_time(workshop: Workshop, breakage: str) -> None:
    workshop.write("a.jsonl", BREAKAGES[breakage]("\n".join(NOISE[:50]).encode()))
    workshop.write("b.jsonl", [record("other")])
    assert workshop.index().failed
    assert len(workshop.skipped()) == 1
    for _ in range(2):
        summary = workshop.index()
        assert (summary.failed, summary.skipped, summary.skipped_before) == (False, [], 1)
        assert summary.nothing_changed
    assert len(workshop.skipped()) == 1


def test_a_mended_file_is_no_longer_reported(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1), "{"])
    workshop.index()
    workshop.write("a.jsonl", [record(1), record(2)])
    summary = workshop.index()
    assert (summary.failed, summary.skipped_before, summary.added) == (False, 0, 1)
    assert not workshop.skipped()


def test_a_new_trouble_beside_a_known_one_is_reported(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(1), "{"])
    workshop.index()
    workshop.write("a.jsonl", [record(1), "{", "}"])
    summary = workshop.index()
    assert [str(skipped.origin) for skipped in summary.skipped] == ["sources/a.jsonl:3"]
    assert summary.skipped_before == 1


def test_a_file_that_comes_back_whole_shows_what_it_showed_before_it_broke(workshop: Workshop) -> None:
    """What the broken copy showed must not stay when the file is again the one that was read before."""
    whole = gzip.compress("\n".join(NOISE).encode(), mtime=0)
    other = gzip.compress("\n".join([record(0, "Changed in the broken copy."), *NOISE[1:]]).encode(), mtime=0)
    workshop.write("a.jsonl.gz", whole)
    workshop.index()
    before = workshop.bodies()
    workshop.write("a.jsonl.gz", other[: len(other) // 2])
    workshop.index()
    assert workshop.bodies()["0"] == "Changed in the broken copy."
    workshop.write("a.jsonl.gz", whole)
    workshop.index()
    assert workshop.bodies() == before


def test_a_file_whose_time_no_clock_has_shown_is_read(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.write("a.jsonl", records(1), saved=1.0)
    seen = pipeline.find

    def found(*arguments: object) -> list[object]:
        return [replace(source, modified=1e12) for source in seen(*arguments)]  # type: ignore[arg-type, type-var]

    monkeypatch.setattr(pipeline, "find", found)
    workshop.index()
    assert workshop.ids() == {"1"}


def test_what_wanted_a_package_is_read_when_that_is_there(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.write("a.xml", "<rss version='2.0'><channel><item><title>Ferry</title></item></channel></rss>")

    def missing(name: str) -> NoReturn:
        message = f"{name} needs feedparser"
        raise MissingExtraError(message, "pip install 'newsearch[feed]'")

    with monkeypatch.context() as patch:
        patch.setattr(INPUTS, "load", missing)
        assert reasons(workshop.index()) == ["extra-missing"]
    assert workshop.index().added == 1
    assert workshop.skipped() == []


def test_a_file_that_shows_no_article_for_too_long_is_given_up_and_keeps_what_it_had(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "FRUITLESS", 10)
    workshop.write("a.jsonl", [record(1), *["{}"] * 9, record(2)])
    assert workshop.index().added == 2
    workshop.write("a.jsonl", [record(1), *["{}"] * 10, record(2), record(3)])
    workshop.write("b.jsonl", [record(4)])
    summary = workshop.index()
    assert reasons(summary).count("fruitless") == 1
    assert workshop.ids() == {"1", "2", "4"}
