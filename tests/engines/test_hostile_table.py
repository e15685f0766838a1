"""A table of contents that somebody else made, checksum and all: nothing in it is run."""

import pickle
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_archives import article, fill, found

from newsearch.engines.whoosh import stories
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import IndexUnusableError

SEGMENT = b"cnewsearch.engines.whoosh.codec\nNewsSegment\n"


class Calls:
    """A value that is made by a call when it is unpickled.

    Args:
        function: to be called.
        arguments: of it.
    """

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self._call


def forge(folder: Path, segments: bytes) -> None:
    """Put another pickle at the end of an index's table of contents."""
    fill(WhooshEngine(folder, create=True), article("a", "Grain", "Wheat."))
    (table,) = folder.glob("*.toc")
    content = table.read_bytes()[:-4]
    content = content[: content.rindex(b"\x80", 0, content.rindex(b"NewsSegment"))] + segments
    table.write_bytes(content + zlib.crc32(content).to_bytes(4, "little"))


def with_segments(folder: Path, segments: bytes) -> WhooshEngine:
    """Open an index with such a table of contents."""
    forge(folder, segments)
    return WhooshEngine(folder)


def short(text: str) -> bytes:
    """Return the opcode that pushes a text."""
    return b"\x8c" + bytes([len(text)]) + text.encode()


def hidden(module: str, name: str, argument: str) -> bytes:
    """Return a pickle that calls a function whose name is not among the texts right before it is looked up."""
    named = short(module) + b"q\x00" + short(name) + b"q\x01" + b"00"
    innocent = short("builtins") + short("set") + b"00"
    return b"\x80\x04]" + named + innocent + b"h\x00h\x01\x93" + short(argument) + b"\x85Ra."


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_call_is_refused_and_not_made(tmp_path: Path, protocol: int) -> None:
    victim = tmp_path / "made"
    with pytest.raises(IndexUnusableError) as raised:
        with_segments(tmp_path / "index", pickle.dumps([Calls(open, str(victim), "w")], protocol))
    assert raised.value.hint
    assert not victim.exists()


def test_a_call_by_a_name_that_is_hidden_is_not_made_either(tmp_path: Path) -> None:
    victim = tmp_path / "made"
    with pytest.raises(IndexUnusableError):
        with_segments(tmp_path / "index", hidden("os", "mkdir", str(victim)))
    assert not victim.exists()


@pytest.mark.parametrize(
    "segments",
    [
        b"\x80\x02]" + SEGMENT + b")\x81}(X\x09\x00\x00\x00indexnameX\x04\x00\x00\x00MAINub",
        b"\x80\x02]" + SEGMENT + b"a.",
        b"\x80\x02}.",
        b"\x80\x02]K\x01a.",
        b"\x80\x02]Pid\na.",
        b"\x80\x02](i" + SEGMENT[1:] + b"a.",
        b"",
    ],
    ids=["cut off", "a class", "no list", "a number", "a persistent id", "an old way to call", "nothing"],
)
def test_other_values_are_complained_of(tmp_path: Path, segments: bytes) -> None:
    with pytest.raises(IndexUnusableError) as raised:
        with_segments(tmp_path, segments)
    assert raised.value.hint


def test_a_table_without_segments_is_that_of_an_empty_index(tmp_path: Path) -> None:
    forge(tmp_path, b"\x80\x02].")
    stories.write(tmp_path, 1, [], np.zeros(0, np.intp))
    assert found(WhooshEngine(tmp_path), "grain") == set()
