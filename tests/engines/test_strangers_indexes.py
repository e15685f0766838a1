"""An index a stranger made, its checksums right and its contents wrong: told as damaged, soon, in little memory."""

import io
import json
import pickle
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from damage import build, complaints, complaints_of
from limits import memory_of, within
from test_hostile_table import forge

from newsearch.engines.whoosh.codec import NewsSegment
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import DamagedIndexError

# Whoosh leaves a file for the garbage collector where reading it fails.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
FOOTER = struct.Struct("<QQI4s")
HUGE = 10**18
Change = Callable[[dict[str, Any]], object]


def with_directory(file: Path, change: Change) -> None:
    """Change what a segment's directory says, and make its checksum right again."""
    data = file.read_bytes()
    place, length, _, magic = FOOTER.unpack(data[-FOOTER.size :])
    directory = json.loads(data[place : place + length])
    change(directory)
    written = json.dumps(directory).encode()
    tail = written + data[place + length : -FOOTER.size]
    file.write_bytes(data[:place] + tail + FOOTER.pack(place, len(written), zlib.crc32(tail), magic))


def array(name: str, kind: str | None = None, count: object = None, place: object = None) -> Change:
    """Return a change of what is said of an array."""

    def change(directory: dict[str, Any]) -> None:
        before = directory["arrays"][name]
        directory["arrays"][name] = [
            new if new is not None else old for new, old in zip((kind, count, place), before, strict=True)
        ]

    return change


def whole(name: str, value: object) -> Change:
    """Return a change of a part of the directory."""
    return lambda directory: directory.__setitem__(name, value)


CHANGES: dict[str, Change] = {
    "objects": array("marks", "|O"),
    "a type that is none": array("marks", "evil"),
    "a type of 2 GB": array("marks", "|V2000000000"),
    "texts": array("published", "<U2"),
    "a count of quintillions": array("marks", None, HUGE),
    "a negative count": array("marks", None, -5),
    "a count that is none": array("marks", None, "many"),
    "a place behind the end": array("marks", None, None, HUGE),
    "a negative place": array("marks", None, None, -8),
    "a place that is none": array("marks", None, None, [1]),
    "no arrays": whole("arrays", {}),
    "a list of arrays": whole("arrays", [1, 2]),
    "arrays of nothing": whole("arrays", {"marks": None}),
    "no facts": whole("facts", None),
    "facts of no kind": whole("facts", {"documents": "many"}),
    "quintillions of documents": whole("facts", {"documents": HUGE, "words": 1}),
    "a negative number of documents": whole("facts", {"documents": -1, "words": 1}),
    "half a document": whole("facts", {"documents": 0.5, "words": 1}),
    "more checksums than there are": whole("checks", HUGE),
    "fewer checksums than there are": whole("checks", 1),
    "a number of checksums that is none": whole("checks", "x"),
    "no checksums": lambda directory: directory.pop("checks"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_directory_that_lies_is_complained_of(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "index"
    build(folder)
    with_directory(max(folder.glob("*.news"), key=lambda file: file.stat().st_size), CHANGES[name])
    with within(60), memory_of(8):
        said = complaints(folder)
    assert said
    assert all("newsearch repair" in one or ".news" in one for one in said)


def entry(**facts: object) -> bytes:
    """Return the pickle of a table of contents with one segment."""
    segment = NewsSegment("MAIN", 1)
    vars(segment).update(facts)
    return pickle.dumps([segment], 2)


ENTRIES: dict[str, bytes] = {
    "a name that leads elsewhere": entry(segid="../../../../etc/passwd"),
    "a name that is none": entry(segid=7),
    "a name of NUL": entry(segid="\0"),
    "quintillions of documents": entry(documents=HUGE),
    "documents of no kind": entry(documents="many"),
    "no documents": entry(documents=None),
    "deleted documents that are not there": entry(deleted={-7, HUGE}),
    "deleted documents of no kind": entry(deleted={"x"}),
    "deleted documents that are no set": entry(deleted=5),
    "a method that is a value": entry(segment_id="x", codec="y"),
    "a deep value": b"\x80\x02" + b"]" * 5_000 + b"a" * 4_999 + b".",
    "a number of a million digits": b"\x80\x02]\x8b\xff\xff\xff\x7f" + b"\x01" * 100 + b"a.",
    "a frame of exabytes": b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x0f].",
    "a text of exabytes": b"\x80\x04]\x8d\xff\xff\xff\xff\xff\xff\xff\x0fxa.",
    "what was never remembered": b"\x80\x02]h\x07a.",
    "nothing to take from": b"\x80\x02aaa.",
    "a list in itself": b"\x80\x02]q\x00h\x00a.",
}


@pytest.mark.parametrize("name", ENTRIES)
def test_a_table_of_contents_that_lies_is_complained_of(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "index"
    forge(folder, ENTRIES[name])
    with within(60), memory_of(8):
        (said,) = complaints_of(lambda: _opened(folder))
    assert "newsearch repair" in said
    with pytest.raises(DamagedIndexError):
        WhooshEngine(folder).writer()


def _opened(folder: Path) -> list[str]:
    WhooshEngine(folder)
    return []


def test_a_pickle_is_what_it_is_taken_for() -> None:
    """The forged ones are of the kind that a right one is of."""
    (segment,) = pickle.load(io.BytesIO(entry(segid="x")))  # noqa: S301 - made above
    assert segment.segment_id() == "MAIN_x"
