"""What the files of settings say of sources: the zone of their clocks, and how they write dates."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Outcome

Cli = Callable[..., Outcome]
RECORD = '{"id": "1", "title": "Ferry", "body": "It sailed.", "source": "%s", "published": "2025-03-22T00:48:00"}\n'


def told(folder: Path, *, source: str = "harbour.example", zone: str = "Europe/Berlin") -> None:
    (folder / "newsearch.toml").write_text(f'[sources."{source}"]\nzone = "{zone}"\n')


@pytest.mark.parametrize(
    ("source", "published"),
    [
        ("harbour.example", "2025-03-22T00:48:00+01:00"),
        ("www.Harbour.example", "2025-03-22T00:48:00+01:00"),
        ("sport.harbour.example", "2025-03-22T00:48:00+01:00"),
        ("Harbour Wire", "2025-03-22T00:48:00+00:00"),
    ],
    ids=["host", "www", "part", "other"],
)
def test_times_without_a_zone_lie_in_the_zone_of_their_source(
    cli: Cli, empty_folder: Path, source: str, published: str
) -> None:
    (empty_folder / "sources/a.jsonl").write_text(RECORD % source)
    told(empty_folder)
    assert cli("index", "sources").code == 0
    (hit,) = cli("query", "ferry", "--format", "json").json["hits"]
    assert hit["published"] == published


def test_a_source_with_a_name_that_is_no_host_can_be_told_of(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_text(RECORD % "Harbour Wire")
    told(empty_folder, source="Harbour Wire")
    cli("index", "sources")
    (hit,) = cli("query", "ferry", "--format", "json").json["hits"]
    assert hit["published"] == "2025-03-22T00:48:00+01:00"


def test_other_facts_about_a_source_have_its_files_read_anew(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_text(RECORD % "harbour.example")
    cli("index", "sources")
    told(empty_folder)
    cli("index", "sources")
    (hit,) = cli("query", "ferry", "--format", "json").json["hits"]
    assert hit["published"] == "2025-03-22T00:48:00+01:00"


@pytest.mark.parametrize(("order", "day"), [("day-first", "2025-04-03"), ("month-first", "2025-03-04")])
def test_dates_in_numbers_are_read_in_the_order_of_their_source(
    cli: Cli, empty_folder: Path, order: str, day: str
) -> None:
    sources = empty_folder / "sources"
    record = {"title": "Ferry", "body": "It sailed.", "source": "harbour.example", "published": "03/04/2025"}
    (sources / "a.jsonl").write_text(json.dumps(record))
    head = '<link rel="canonical" href="https://harbour.example/1"><meta name="pubdate" content="03/04/2025">'
    (sources / "b.html").write_text(f"<head>{head}</head><h1>Ferry</h1><p>The ferry left on time.</p>")
    (empty_folder / "newsearch.toml").write_text(f'[sources."harbour.example"]\ndates = "{order}"\n')
    assert cli("index", "sources").code == 0
    hits = cli("query", "ferry", "--format", "json").json["hits"]
    assert [hit["published"] for hit in hits] == [day, day]


def test_dates_in_numbers_that_may_be_two_days_are_told_where_no_order_is_known(cli: Cli, empty_folder: Path) -> None:
    (empty_folder / "sources/a.jsonl").write_text((RECORD % "x.example").replace("2025-03-22T00:48:00", "03/04/2025"))
    done = cli("index", "sources")
    assert "03/04/2025" in done.err
    (hit,) = cli("query", "ferry", "--format", "json").json["hits"]
    assert hit["published"] is None


@pytest.mark.parametrize(
    "content",
    [
        'sources = "x"',
        "[sources]\nx = 1",
        '[sources."x"]\nzone = 1',
        '[sources."x"]\ndates = "D/M"',
        '[sources."x"]\ny = ""',
    ],
    ids=["text", "number", "zone", "dates", "other"],
)
def test_what_cannot_be_used_is_told_with_an_example(cli: Cli, empty_folder: Path, content: str) -> None:
    (empty_folder / "newsearch.toml").write_text(content)
    done = cli("index", "sources")
    assert done.code == 2
    assert "newsearch.toml" in done.complaint
    assert "zone" in done.err


def test_a_zone_that_does_not_exist_is_told(cli: Cli, empty_folder: Path) -> None:
    told(empty_folder, zone="Mars/Base")
    done = cli("index", "sources")
    assert (done.code, "Mars/Base" in done.complaint) == (2, True)


def test_config_shows_what_is_told_of_sources(cli: Cli, empty_folder: Path) -> None:
    told(empty_folder)
    assert "sources.harbour.example.zone = Europe/Berlin" in cli("config").out
    assert cli("config", "--format", "json").json["sources"] == {"harbour.example": {"zone": "Europe/Berlin"}}
