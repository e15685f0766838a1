"""What a disk cannot read of an index is damage: reading it through a map would end the process without a word."""

import errno
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from small_archives import article, fill

from newsearch.engines.whoosh import salvage
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.engines.whoosh.segment import EXTENSION, SegmentFile

ASK = """
import os, sys
from pathlib import Path
from newsearch.engines.whoosh import blocks
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import DamagedIndexError

blocks._POPULATE_READ = int(sys.argv[2])
engine = WhooshEngine(Path(sys.argv[1]))
(file,) = engine.folder.glob("*.news")
os.truncate(file, 4_096)
try:
    list(engine.scan())
except DamagedIndexError as error:
    print(error)
"""
"""Reads an index of which a part goes while it is open, which is to a map as a part that the disk cannot read."""
KNOWN, UNKNOWN = 22, 9_999
"""How to have a part of a file read at once, and what no system knows."""


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    """An index of articles that are in several blocks."""
    draw = random.Random(1)
    words = ["".join(draw.choices("abcdefghijklmnop", k=6)) for _ in range(9_000)]
    engine = WhooshEngine(tmp_path / "index", create=True)
    fill(engine, *(article(f"x{number}", "Words", " ".join(draw.choices(words, k=900))) for number in range(200)))
    return engine


@pytest.mark.parametrize("way", [KNOWN, UNKNOWN])
def test_a_part_that_cannot_be_read_is_complained_of(engine: WhooshEngine, way: int) -> None:
    line = [sys.executable, "-c", ASK, str(engine.folder), str(way)]
    said = subprocess.run(line, capture_output=True, text=True, check=False)
    (file,) = engine.folder.glob(f"*{EXTENSION}")
    assert (said.returncode, said.stderr) == (0, "")
    assert f"{file.name}: a part of it cannot be read from the disk" in said.stdout


def test_what_lies_around_such_a_part_can_be_had_back(engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = engine.folder.glob(f"*{EXTENSION}")
    every = {one.article.body for one in salvage.stored_editions(file)}
    assert every == {one.article.body for one in engine.scan()}
    stored = SegmentFile(file).file["stored"]
    bad = (stored.start + stored.end) // 2 // 4_096 * 4_096
    read = os.pread

    def failing(descriptor: int, length: int, place: int) -> bytes:
        if bad <= place < bad + 4_096:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(descriptor, min(length, bad - place) if place < bad else length, place)

    monkeypatch.setattr(os, "pread", failing)
    there = {one.article.body for one in salvage.stored_editions(file)}
    assert there < every
    assert len(there) > len(every) / 2
