"""A table of contents that somebody else made, checksum and all: nothing in it is run."""

import os
import pickle
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from damage import Files, files_of
from small_archives import article, fill, found

from newsearch.engines.whoosh import stories, toc
from newsearch.engines.whoosh.codec import NewsSegment
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.errors import IndexUnusableError

NAME = "0123456789abcdef"
KINDS = (toc.Listed, NewsSegment)
"""What readers, and what writers, make of the segments of a table."""
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


@cache
def index() -> Files:
    """Return the files of an index."""
    with TemporaryDirectory() as name:
        fill(WhooshEngine(Path(name), create=True), article("a", "Grain", "Wheat."))
        return files_of(Path(name))


def forge(folder: Path, segments: bytes) -> None:
    """Write an index with another pickle at the end of its table of contents."""
    folder.mkdir(exist_ok=True)
    for name, content in index().items():
        (folder / name).write_bytes(content)
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


def test_what_whoosh_writes_has_no_opcode_that_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "_MAIN_1.toc"
    segments = [NewsSegment("MAIN", 1 << 16, 1 << 40) for _ in range(300)]
    for number, segment in enumerate(segments):
        segment.deleted = {number, *range(600 * (number % 3))}
        segment.compound = bool(number % 2)
    forge(tmp_path, b"")
    content = table.read_bytes()[:-4] + pickle.dumps(segments, pickle.HIGHEST_PROTOCOL)
    table.write_bytes(content + zlib.crc32(content).to_bytes(4, "little"))
    for kind in KINDS:
        read = toc.read(tmp_path, 1, kind)
        assert [vars(one) | {"compound": False} for one in segments] == [vars(one) for one in read]
        assert {type(one) for one in read} == {kind}


def word(text: str) -> bytes:
    """Return the opcode that pushes a text, kept at the next place of the memo."""
    return short(text) + b"\x94"


def number(value: int) -> bytes:
    """Return the opcode that pushes a number of four bytes."""
    return b"J" + struct.pack("<i", value)


KIND = word("newsearch.engines.whoosh.codec") + word("NewsSegment") + b"\x93\x94"
"""The class, at place 2 of the memo."""
HARMLESS = {
    "indexname": short("MAIN"),
    "segid": short(NAME),
    "compound": b"\x89",
    "documents": number(1),
    "deleted": b"\x8f",
    "words": number(2),
}


def table(*entries: bytes) -> bytes:
    """Return the pickle of a list."""
    return b"\x80\x05]\x94" + b"".join(entry + b"a" for entry in entries) + b"."


def entry(kind: bytes = KIND, **facts: bytes) -> bytes:
    """Return the opcodes of a segment about which something else is said."""
    said = b"".join(short(name) + value + b"s" for name, value in (HARMLESS | facts).items())
    return kind + b")\x81}" + said + b"b"


def called(module: str, name: str, argument: bytes) -> bytes:
    """Return the opcodes of a call."""
    return short(module) + short(name) + b"\x93" + argument + b"\x85R"


LATER = b"h\x03"
"""The class, of which there is one in the memo after the list and its two names."""
NESTED = b")" + b"2\x86" * 60
"""A tuple of two tuples of two tuples and so on: its hash takes as many steps as it has leaves."""
CRAFTED = {
    "a call by its name": table(called("os", "system", short("touch made"))),
    "a call of what is in the library": table(called("subprocess", "call", short("touch"))),
    "a call of eval": table(called("builtins", "eval", short("open('made', 'w')"))),
    "a call of getattr": table(called("builtins", "getattr", short("x"))),
    "a name that acts on a terminal": table(short("os\n\x1b[31m") + short("sys\x07tem") + b"\x93"),
    "a name with dots": table(short("newsearch.engines.whoosh.codec") + short("NewsSegment.codec") + b"\x93"),
    "a name of the same module": table(short("newsearch.engines.whoosh.codec") + short("Path") + b"\x93"),
    "a name from the memo": table(word("os") + word("system") + b"00h\x01h\x02\x93" + short("touch made") + b"\x85R"),
    "a name in old spelling": b"\x80\x02]cos\nsystem\n(S'touch made'\ntRa.",
    "an instance in old spelling": b"\x80\x00](S'touch made'\nios\nsystem\na.",
    "an object in old spelling": b"\x80\x01](cos\nsystem\nX\x0a\x00\x00\x00touch madeoa.",
    "an extension of one byte": table(b"\x82\x01"),
    "an extension of two bytes": table(b"\x83\x01\x00"),
    "an extension of four bytes": table(b"\x84\x01\x00\x00\x00"),
    "a persistent id": table(short("x") + b"Q"),
    "a buffer from outside": table(b"\x97"),
    "a read-only buffer": table(short("x") + b"\x98"),
    "named arguments": table(KIND + b")}\x92"),
    "a reconstruction": table(short("copyreg") + short("_reconstructor") + b"\x93" + KIND + b"2N\x87R"),
    "a set by a call": table(called("builtins", "set", b"]")),
    "the class alone": table(KIND),
    "attributes of the class": table(KIND + b"N}" + short("segment_id") + LATER + b"s\x86b" + LATER, entry(LATER)),
    "a state that sets states": table(entry(__setstate__=LATER) + b"}b"),
    "a state that is no dictionary": table(KIND + b")\x81" + number(1) + b"b"),
    "a state of keys that are no names": table(KIND + b")\x81}" + number(1) + number(2) + b"sb"),
    "a method that is overridden": table(entry(deleted=b"]", segment_id=LATER)),
    "arguments for a new object": table(KIND + short("x") + b"\x85\x81"),
    "a key of nested tuples": table(b"}" + NESTED + b"Ns"),
    "a set of nested tuples": table(b"\x8f(" + NESTED + b"\x90"),
    "a frozen set of nested tuples": table(b"(" + NESTED + b"\x91"),
    "tuples in each other": table(b")" + b"\x85" * 200_000),
    "lists in each other": table(b"]" * 200_000 + b"a" * 199_999),
    "a list in itself": table(b"h\x00"),
    "a place of the memo far away": b"\x80\x05]r\xff\xff\xff\x7fa.",
    "a place of the memo far away, in digits": b"\x80\x05]p2147483647\na.",
    "a place of the memo that is not there": table(b"j\xff\xff\xff\x7f"),
    "a number of two gigabytes": table(b"\x8b\xff\xff\xff\x7f\x01"),
    "a number of less than nothing": table(b"\x8b\xff\xff\xff\xff\x01"),
    "a number of many digits": b"\x80\x05]L" + b"9" * 100_000 + b"L\na.",
    "a frame of many gigabytes": b"\x80\x05\x95" + b"\xff" * 7 + b"\x7f].",
    "a text of many gigabytes": table(b"\x8d" + b"\xff" * 7 + b"\x7fx"),
    "bytes of four gigabytes": table(b"B\xff\xff\xff\xffx"),
    "an array of many gigabytes": table(b"\x96" + b"\xff" * 5 + b"\0\0\0x"),
    "a text that is none": table(b"\x8c\x02\xff\xfe"),
    "a protocol of the future": b"\x80\x7f].",
    "no end": table(entry())[:-1],
    "more than there is": b"\x80\x05....",
    "a mark alone": b"\x80\x05(.",
    "an opcode that does not exist": b"\x80\x05\xfe.",
    "a segment of a number": table(entry(segid=number(1))),
    "a segment elsewhere": table(entry(segid=short("../../../etc/pass"))),
    "a segment of an absolute path": table(entry(segid=short("/etc/passwd12345"))),
    "a segment with a line in its name": table(entry(segid=short("0123456789abcde\n"))),
    "a segment of another index": table(entry(indexname=short("../MAIN"))),
    "a segment twice": table(entry(), entry(LATER)),
    "too many documents": table(entry(documents=number((1 << 16) + 1))),
    "less than no documents": table(entry(documents=number(-1))),
    "documents that are true": table(entry(documents=b"\x88")),
    "words that are text": table(entry(words=short("2"))),
    "deleted documents in a list": table(entry(deleted=b"]")),
    "a deleted document that is none": table(entry(deleted=b"\x8f(" + number(1) + b"\x90")),
    "a deleted document before the first": table(entry(deleted=b"\x8f(" + number(-1) + b"\x90")),
    "a deleted document that is true": table(entry(deleted=b"\x8f(\x89\x90")),
    "a deleted document that is text": table(entry(deleted=b"\x8f(" + short("0") + b"\x90")),
    "a deleted document that is a segment": table(entry(deleted=b"\x8f(" + LATER + b"\x90")),
    "nothing said of it": table(KIND + b")\x81"),
}


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_table_is_refused_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = [{**vars(kind)} for kind in KINDS]
    forge(tmp_path / "index", CRAFTED[name])
    with pytest.raises(IndexUnusableError) as raised:
        WhooshEngine(tmp_path / "index")
    assert "damaged" in str(raised.value)
    assert str(raised.value).isprintable()
    assert [{**vars(kind)} for kind in KINDS] == before
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_table_is_as_little_loaded_by_writers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "index").mkdir()
    for file, content in index().items():
        (tmp_path / "index" / file).write_bytes(content)
    engine = WhooshEngine(tmp_path / "index")
    forge(tmp_path / "index", CRAFTED[name])
    with pytest.raises(IndexUnusableError):
        engine.writer()
    assert not (tmp_path / "made").exists()


def test_a_harmless_table_is_read(tmp_path: Path) -> None:
    forge(tmp_path, table(entry()))
    (read,) = toc.read(tmp_path, 1, toc.Listed)
    assert vars(read) == {
        "indexname": "MAIN",
        "segid": NAME,
        "compound": False,
        "documents": 1,
        "deleted": set(),
        "words": 2,
    }


@pytest.mark.parametrize(
    "content",
    [b"\x80" * 100_000, b"", b"\0" * 100, b"\1\2\4" + struct.pack("!ii", -12345, 0) + b"\1\2\3" + b"\xff" * 9 + b"\1"],
    ids=["a number without an end", "nothing", "zeros", "a schema of many gigabytes"],
)
def test_a_crafted_head_is_refused(tmp_path: Path, content: bytes) -> None:
    forge(tmp_path, b"")
    (file,) = tmp_path.glob("*.toc")
    file.write_bytes(content + zlib.crc32(content).to_bytes(4, "little"))
    with pytest.raises(IndexUnusableError):
        WhooshEngine(tmp_path)


def test_a_table_larger_than_any_is_not_read(tmp_path: Path) -> None:
    forge(tmp_path, b"")
    (file,) = tmp_path.glob("*.toc")
    with file.open("r+b") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(IndexUnusableError, match="more than 16,777,216 bytes"):
        WhooshEngine(tmp_path)


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe"])
def test_what_is_no_file_is_refused_before_it_is_opened(tmp_path: Path, kind: str) -> None:
    fill(WhooshEngine(tmp_path / "index", create=True), article("b", "Rye", "Rye."))
    (file,) = (tmp_path / "index").glob("*.toc")
    victim = tmp_path / "victim"
    file.rename(victim)
    if kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to(victim if kind == "link" else tmp_path / "made")
    with pytest.raises(IndexUnusableError, match=f"{file.name} is no file"):
        WhooshEngine(tmp_path / "index")
    assert not (tmp_path / "made").exists()
