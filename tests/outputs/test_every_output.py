"""What holds of every output format, those of the future too."""

import io
import re
import weakref
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hard_results import HITS, HONG_KONG, MARCH, RESULTS, hit, marked, rendered, results_of

from newsearch.model import Article, Hit, LazySequence, Moment, Origin, Results
from newsearch.outputs import OUTPUTS
from newsearch.outputs.view import View, Writer

FORMATS = list(OUTPUTS)
WITH_FIELDS = [name for name in FORMATS if name != "ids"]
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
PLAIN = hit(
    Article(
        "Export title",
        "Body words.\n\nMore of the body.",
        Origin("plain.txt", 1, 9),
        MARCH,
        source="Sourceful",
        id="plain-1",
    ),
    1.5,
    ("Export",),
    (marked("A snippet of export.", "export"),),
)


@pytest.mark.parametrize("format_name", FORMATS)
def test_no_hit_gives_no_more_than_a_frame(format_name: str) -> None:
    empty = rendered(format_name, results_of())
    frames = {"json": r'\{.*"total": 0,.*"hits": \[\]\}\n', "csv": r"id,[a-z,]+\r\n", "tsv": r"id\t[a-z\t]+\n"}
    assert re.fullmatch(frames.get(format_name, ""), empty)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("receipt", [True, False])
def test_every_hit_is_written_in_its_order(format_name: str, receipt: bool) -> None:  # noqa: FBT001
    hits = [replace(PLAIN, article=replace(PLAIN.article, id=f"plain-{number}-")) for number in range(30)]
    results = results_of(*hits) if receipt else replace(results_of(*hits), receipt=None)
    text = rendered(format_name, results)
    places = [text.index(f"plain-{number}-") for number in range(30)]
    assert places == sorted(places)
    assert text.endswith("\n")


@pytest.mark.parametrize("format_name", WITH_FIELDS)
def test_only_the_fields_asked_for_are_written(format_name: str) -> None:
    text = rendered(format_name, results_of(PLAIN), View(fields=("source", "id")))
    assert "Sourceful" in text
    assert "plain-1" in text
    assert text.index("Sourceful") < text.index("plain-1")
    assert "snippet" not in text
    assert "plain.txt" not in text
    assert "2025" not in text


@pytest.mark.parametrize("format_name", WITH_FIELDS)
@pytest.mark.parametrize("fields", [(), ("id",), ("id", "body")])
def test_whole_bodies_are_written_once_when_asked_for(format_name: str, fields: tuple[str, ...]) -> None:
    text = rendered(format_name, results_of(PLAIN), View(fields=fields, full=True))
    assert text.count("Body words.") == 1
    assert text.count("More of the body.") == 1
    assert "plain-1" in text
    if "body" not in fields:
        assert "Body words." not in rendered(format_name, results_of(PLAIN), View(fields=fields))


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("fields", [(), ("title", "body", "snippets", "source", "url", "authors", "times", "origin")])
def test_without_colour_nothing_in_the_bytes_can_steer_a_terminal(
    format_name: str,
    full: bool,  # noqa: FBT001
    fields: tuple[str, ...],
) -> None:
    text = rendered(format_name, RESULTS, View(fields=fields, full=full, color=False, hyperlinks=True))
    assert not UNSAFE.search(text.replace("\r\n", "\n"))


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name != "text"])
def test_only_the_text_format_knows_colour_width_and_zone(format_name: str) -> None:
    usual = rendered(format_name, RESULTS, View())
    other = View(color=True, hyperlinks=True, width=30, zone=HONG_KONG)
    assert rendered(format_name, RESULTS, other) == usual


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("view", [View(), View(color=True, hyperlinks=True), View(full=True)], ids=str)
def test_the_same_results_give_the_same_bytes(format_name: str, view: View) -> None:
    assert rendered(format_name, RESULTS, view) == rendered(format_name, RESULTS, view)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("zone", [UTC, HONG_KONG, ZoneInfo("America/New_York"), timezone(timedelta(hours=14))], ids=str)
@pytest.mark.parametrize("year", [1, 9999])
def test_the_first_and_last_days_of_the_calendar_can_be_shown(format_name: str, zone: ZoneInfo, year: int) -> None:
    instant = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 0 if year == 1 else 23, 59, tzinfo=UTC)
    shown = replace(PLAIN.article, published=Moment(instant), updated=Moment(instant))
    text = rendered(format_name, results_of(replace(PLAIN, article=shown)), View(zone=zone))
    assert "plain-1" in text


class Counted(Hit):
    """A hit that can be watched."""


class Stream(io.StringIO):
    """Notes how many hits were made and alive at each write."""

    def __init__(self, alive: "weakref.WeakSet[Counted]", made: list[int]) -> None:
        super().__init__()
        self.alive, self.made = alive, made
        self.seen: list[tuple[int, int]] = []

    def write(self, text: str, /) -> int:
        self.seen.append((len(self.made), len(self.alive)))
        return super().write(text)

    def writelines(self, lines: Iterable[str], /) -> None:
        for line in lines:
            self.write(line)


@pytest.mark.parametrize("format_name", FORMATS)
def test_hits_are_written_as_they_are_made_and_none_is_held(format_name: str) -> None:
    alive: weakref.WeakSet[Counted] = weakref.WeakSet()
    made: list[int] = []

    def make(number: int) -> Hit:
        one = Counted(replace(PLAIN.article, id=f"plain-{number}-"), 1.0, PLAIN.title, PLAIN.snippets)
        made.append(number)
        alive.add(one)
        return one

    results = Results(RESULTS.receipt, 300, LazySequence(300, make))
    stream = Stream(alive, made)
    cast("Writer", OUTPUTS.load(format_name))(results, View(), stream)
    assert stream.seen[0][0] <= 1, "written before the second hit is made"
    assert max(held for _, held in stream.seen) <= 2, "and let go of"
    assert made == list(range(300)), "each is made once"
    assert "plain-299-" in stream.getvalue()


@pytest.mark.parametrize(
    ("format_name", "lines"),
    [("jsonl", len(HITS)), ("ids", len(HITS)), ("tsv", len(HITS) + 1), ("json", len(HITS) + 2)],
)
def test_a_line_format_gives_each_hit_one_line_whatever_it_holds(format_name: str, lines: int) -> None:
    text = rendered(format_name, RESULTS)
    assert text.endswith("\n")
    assert len(text[:-1].splitlines()) == lines
