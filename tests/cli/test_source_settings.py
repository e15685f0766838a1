"""What the files of settings say of sources: the zone of their clocks, and how they write dates."""

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
