"""What an index consists of is its owner's only, and nothing else is left behind."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ingest_support import Quiet, Workshop, record, records

from newsearch.extract import Settings
from newsearch.ingest import saved
from newsearch.ingest.repair import repair

PAGE = "<html><head><title>Mill sold</title></head><body><article><p>{}</p></article></body></html>".format(
    "The mill was sold to a baker who wants to grind grain in it again. " * 5
)


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """A user whose files are everybody's."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """An empty home and an empty folder for temporary files."""
    places = [tmp_path / "home", tmp_path / "temporary"]
    for place, name in zip(places, ("HOME", "TMPDIR"), strict=True):
        place.mkdir()
        monkeypatch.setenv(name, str(place))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return places


def rights(folder: Path) -> dict[str, str]:
    """What others may do with each file and folder that is not its owner's only."""
    places = [folder, *folder.rglob("*")]
    wanted = {place: 0o700 if place.is_dir() else 0o600 for place in places}
    modes = {place: place.stat().st_mode & 0o777 for place in places}
    return {place.name: oct(modes[place]) for place in places if modes[place] != wanted[place]}


def test_every_file_of_an_index_is_its_owners_only(workshop: Workshop) -> None:
    workshop.write("a.jsonl", [record(number, f"Number {number}. " * 40) for number in range(9)])
    workshop.write("page.html", PAGE)
    workshop.index()
    workshop.write("b.jsonl", records(20))
    workshop.index()
    workshop.remove("3")
    saved.write(workshop.folder, {"grain": "grain"})
    assert rights(workshop.folder) == {}
    max((workshop.folder / "index").glob("*.news"), key=lambda file: file.stat().st_size).write_bytes(b"")
    assert repair(workshop.folder, Settings(), Quiet()).aside
    assert rights(workshop.folder) == {}


def test_nothing_is_left_in_other_places(workshop: Workshop, own_places: list[Path]) -> None:
    workshop.write("page.html", PAGE)
    workshop.write("a.jsonl", records(1, 2))
    workshop.index()
    assert workshop.ids() >= {"1", "2"}
    assert [file for place in own_places for file in place.rglob("*")] == []
    assert not [file.name for file in workshop.folder.rglob("*") if file.suffix in (".new", ".draft")]
