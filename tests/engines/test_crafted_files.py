"""Segments that a stranger made, checksums and all: a complaint comes of them, soon and without much memory."""

import json
import resource
import struct
import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
import zstandard
from crafting import checked, parts, whole
from damage import Files, complaints, complaints_of, files_of
from limits import within
from small_archives import article, fill, ids, search

from newsearch.analysis.signatures import SIZE
from newsearch.engines.whoosh.blocks import Array
from newsearch.engines.whoosh.engine import WhooshEngine
from newsearch.engines.whoosh.segment import LARGE_BLOCK, LARGEST_BLOCK, SegmentFile
from newsearch.errors import DamagedIndexError, IndexUnusableError
from newsearch.ingest.rescue import LedgerRoll
from newsearch.query.tree import Term

MEMORY = 3 << 30
"""Bytes of address space in which all of this fits."""

SHIPS = " ".join(f"s{number}{letter}" for number in range(20) for letter in "xy")
"""Words whose forms follow each other, and of which every second one ends alike."""


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Memory that has an end."""
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)


@cache
def index() -> Files:
    """Return the files of an index with a story of two articles, and one in another language."""
    texts = "Ships brought wheat, rye and grain to the harbour at dawn. " * 5
    with TemporaryDirectory() as name:
        engine = WhooshEngine(Path(name), create=True)
        fill(
            engine,
            *(article(f"a{nth}", "Grain deal", texts, published="2025-03-22", source="Post") for nth in range(2)),
            article("b", "Korn", "Schiffe brachten Weizen. " + SHIPS, lang="de"),
        )
        return files_of(Path(name))


def forge(folder: Path, end: str, craft: Callable[[bytes], bytes]) -> Path:
    """Write an index of which one file, known by the end of its name, is crafted."""
    for name, content in index().items():
        (folder / name).write_bytes(craft(content) if name.endswith(end) else content)
    (file,) = folder.glob(f"*{end}")
    return file


def said(path: str, value: object) -> Callable[[bytes], bytes]:
    """Return how to have the directory say something else."""

    def craft(content: bytes) -> bytes:
        arrays, directory, checks = parts(content)
        place: Any = directory
        *way, last = path.split("/")
        for name in way:
            place = place[name]
        place[int(last) if isinstance(place, list) else last] = value
        return whole(arrays, directory, checks)

    return craft


def filled(name: str, *values: int) -> Callable[[bytes], bytes]:
    """Return how to have other values at the start of an array."""

    def craft(content: bytes) -> bytes:
        arrays, directory, _ = parts(content)
        kind, count, start = directory["arrays"][name]
        data = bytearray(arrays)
        new = np.array(values[:count], np.uint64).astype(kind).tobytes()
        data[start : start + len(new)] = new
        return checked(bytes(data), directory)

    return craft


def ending(name: str, value: int) -> Callable[[bytes], bytes]:
    """Return how to have another value at the end of an array."""

    def craft(content: bytes) -> bytes:
        arrays, directory, _ = parts(content)
        kind, count, start = directory["arrays"][name]
        values = np.frombuffer(arrays, kind, count, start).tolist()
        return filled(name, *values[:-1], value)(content)

    return craft


def replaced(**new: Array) -> Callable[[bytes], bytes]:
    """Return how to have other arrays, of whatever type and length; a dot in a name is an underscore here."""

    def craft(content: bytes) -> bytes:
        arrays, directory, _ = parts(content)
        for name, array in new.items():
            arrays += bytes(-len(arrays) % 8)
            (known,) = (one for one in directory["arrays"] if one.replace(".", "_") == name)
            directory["arrays"][known] = [array.dtype.str, len(array), len(arrays)]
            arrays += array.tobytes()
        return checked(arrays, directory)

    return craft


def stored(block: bytes) -> Callable[[bytes], bytes]:
    """Return how to have other bytes in the place of the stored editions."""
    return replaced(stored=np.frombuffer(block, np.uint8), stored_blocks=np.array([0, len(block)], "<u8"))


def edition(**facts: object) -> bytes:
    """Return a block of stored editions in which the facts are others; `DEEP` is lists in each other."""
    content = next(content for name, content in index().items() if name.endswith(".news"))
    arrays, directory, _ = parts(content)
    _, count, start = directory["arrays"]["stored"]
    block = zstandard.ZstdDecompressor().decompress(arrays[start : start + count])
    sizes = struct.unpack_from("<III", block)
    told = json.loads(block[12 + sizes[0] + sizes[1] : 12 + sum(sizes)]) | facts
    packed = json.dumps(told).replace(json.dumps(DEEP), "[" * 10_000 + "]" * 10_000).encode()
    changed = struct.pack("<III", sizes[0], sizes[1], len(packed)) + block[12 : 12 + sizes[0] + sizes[1]] + packed
    return zstandard.ZstdCompressor().compress(changed * 2)


def claiming(size: int) -> bytes:
    """Return a frame that claims to hold so many bytes, and one byte in it (RFC 8878, 3.1.1)."""
    return b"\x28\xb5\x2f\xfd\xe0" + size.to_bytes(8, "little") + b"\x09\x00\x00x"


DEEP = "lists in each other"
LARGE = b'{"file": "x", "facts": {}, "checks": 0, "arrays": {' + b" " * (5 << 20) + b"}}"
OPENED = {
    "a directory of lists in each other": lambda content: whole(parts(content)[0], b"[" * 100_000, b""),
    "a directory of objects in each other": lambda content: whole(parts(content)[0], b'{"a":' * 100_000, b""),
    "a directory that is a list": lambda content: whole(parts(content)[0], b"[]", b""),
    "a directory that is a number of many digits": lambda content: whole(parts(content)[0], b"9" * 100_000, b""),
    "a directory larger than any": lambda content: whole(parts(content)[0], LARGE, b""),
    "a directory far away": lambda content: whole(*parts(content), 1 << 60),
    "a directory that is everything": lambda content: whole(b"", content[:0] + bytes(10 << 20), b""),
    "checksums without an end": lambda content: whole(*parts(content)[:2], bytes(10 << 20)),
    "another file": said("file", "../../x\n\x1b[31m"),
    "no facts": said("facts", None),
    "facts that are text": said("facts", "documents"),
    "arrays in a list": said("arrays", []),
    "an array of objects": said("arrays/marks/0", "|O"),
    "an array of records": said("arrays/marks/0", [["a", "|O"]]),
    "an array of large items": said("arrays/marks/0", "|V2147483647"),
    "an array of texts": said("arrays/marks/0", "<U1000000"),
    "an array of no type": said("arrays/marks/0", "no"),
    "an array of a type that is a number": said("arrays/marks/0", 1),
    "an array of more than there is": said("arrays/marks/1", 1 << 62),
    "an array of less than nothing": said("arrays/marks/1", -1),
    "an array of half an item": said("arrays/marks/1", 1.5),
    "an array of infinitely many": said("arrays/marks/1", float("inf")),
    "an array behind the end": said("arrays/marks/2", 1 << 40),
    "an array before the start": said("arrays/marks/2", -8),
    "an array over the directory": said("arrays/marks/1", 1 << 12),
    "an array of two numbers": said("arrays/marks", [1, 2]),
    "checksums of more than there is": said("checks", 1 << 40),
    "no checksums": said("checks", 0),
    "checksums that are text": said("checks", "1"),
}
SEGMENTS = {
    "documents without an end": said("facts/documents", 1 << 62),
    "less than no documents": said("facts/documents", -1),
    "documents that are a fraction": said("facts/documents", 2.0),
    "documents that are text": said("facts/documents", "2"),
    "other documents": said("facts/documents", 4),
    "a stored block of a terabyte": stored(claiming(1 << 40)),
    "a stored block of the largest size": stored(claiming((1 << 64) - 3)),
    "a stored block of four gigabytes of zeros": stored(
        zstandard.ZstdCompressor().compress(bytes(1 << 20)) + claiming(1 << 32)
    ),
    "a stored block that is none": stored(b"no frame at all"),
    "a stored block of nothing": stored(zstandard.ZstdCompressor().compress(b"")),
    "a stored block of sizes alone": stored(zstandard.ZstdCompressor().compress(b"\xff" * 24)),
    "a path that is a list": stored(edition(path=["a"])),
    "a source that is a number": stored(edition(source=1)),
    "a url that is nothing": stored(edition(url=None)),
    "authors that are numbers": stored(edition(authors=[1])),
    "lines that are text": stored(edition(lines=["1", "2"])),
    "three lines": stored(edition(lines=[1, 2, 3])),
    "facts in each other without an end": stored(edition(lines=DEEP)),
    "half a pair of surrogates": stored(edition(source="\ud800")),
    "half a pair of surrogates in a path": stored(edition(path="\ud800")),
    "a line of many digits": stored(edition(lines=[1, 1 << 63])),
    "a line before the first": stored(edition(lines=[-1, 1])),
    "facts in each other": stored(edition(lines=json.loads("[" * 900 + "]" * 900))),
    "a time that is none": stored(edition(published=["2025-02-30T00:00:00+00:00", 0, "minute", "record", []])),
    "a time without a zone": stored(edition(published=["2025-02-03T00:00:00", 0, "minute", "record", []])),
    "a time of a large offset": stored(
        edition(published=["2025-02-03T00:00:00+00:00", 1 << 40, "minute", "record", []])
    ),
    "a time whose evidence is a number": stored(edition(updated=["2025-02-03T00:00:00+00:00", 0, "minute", 1, []])),
    "a time whose flags are numbers": stored(
        edition(updated=["2025-02-03T00:00:00+00:00", 0, "minute", "record", [1]])
    ),
    "a capture without a zone": stored(edition(captured="2025-02-03T00:00:00")),
    "a digest that is a number": stored(edition(digest=1)),
    "postings behind the end": filled("body.starts", 0, 1 << 31, 1 << 31, 1 << 31),
    "postings that go back": filled("body.starts", 9, 3, 1, 0),
    "documents that are not there": filled("body.documents", *[60_000] * 10),
    "frequencies without an end": filled("body.frequencies", *[0xFF] * 20),
    "gaps behind the end": filled("body.gap_starts", *range(1 << 31, (1 << 31) + 30)),
    "forms behind the end": filled("forms.places", *range(1 << 30, (1 << 30) + 9)),
    "ids behind the end": filled("ids.places", 0, 1 << 30, 1 << 31),
    "ids in an order of others": filled("by_id", 60_000, 60_001),
    "values that are not there": filled("source.values", 200, 201),
    "ids that are no text": filled("ids.bytes", *[0xFF] * 9),
    "a column that is short": replaced(contents=np.zeros(1, np.int64)),
    "a column that is long": replaced(body_lengths=np.zeros(9, np.uint32)),
    "a column of fractions": replaced(marks=np.zeros(3, np.float32)),
    "fewer signatures": replaced(signatures=np.zeros(SIZE, np.uint8)),
    "no words": said("facts/words", None),
    "stored places behind the end": filled("stored_at", *[1 << 31] * 4),
}
HUGE = {
    "forms of every second stem": filled("folds", *[0, 1 << 31] * 20),
    "forms of the others": filled("folds", 0, *[0, 1 << 31] * 20),
    "groups of every second stem": filled("stem_starts", *[0, 1 << 31] * 20),
    "groups of the others": filled("stem_starts", 0, *[0, 1 << 31] * 20),
    "values that are large": replaced(source_values=np.array([0, 1, 1 << 31], "<u4")),
}
LONG = np.full(40_000, ord("x"), np.uint8)
"""Bytes of strings, which other arrays speak of again and again."""
TO_AND_FRO = np.array([1, len(LONG)] * 5_000, np.uint16)
MANY = {"forms_bytes": np.frombuffer(b"and", np.uint8), "forms_places": np.array([0] + [3] * 20_000, np.uint8)}
"""Forms of which all but the first are empty."""
REPEATED = {
    "forms over each other": replaced(forms_bytes=LONG, forms_places=TO_AND_FRO),
    "stems over each other": replaced(stems_bytes=LONG, stems_places=TO_AND_FRO),
    "ids over each other": replaced(ids_bytes=LONG, ids_places=TO_AND_FRO),
    "sources over each other": replaced(source_bytes=LONG, source_places=TO_AND_FRO),
    "the same form in each group": replaced(
        forms_bytes=LONG, forms_places=np.array([0, len(LONG)], np.uint16), folds=np.zeros(40_000, np.uint8)
    ),
    "all forms in each group": replaced(
        **MANY, folds=np.array([0, 20_000], np.uint16), by_fold=np.zeros(40_000, np.uint8)
    ),
    "all groups in each stem": replaced(
        **MANY,
        folds=np.array([0, 20_000], np.uint16),
        stem_starts=np.array([0, 1] * 4_500, np.uint8),
        stems_places=np.zeros(9_000, np.uint8),
    ),
}
POSTINGS = {
    "postings that go back behind the first": filled("title.starts", 0, 2, 1),
    "postings without an end of every second form": filled("body.starts", *[0, (1 << 32) - 1] * 40),
    "postings without an end of the others": filled("body.starts", 0, *[0, (1 << 32) - 1] * 40),
    "the first postings behind the end": filled("body.starts", 0, 1 << 31),
    "the last postings behind the end": ending("body.starts", 1 << 31),
    "the last gaps behind the end": ending("body.gap_starts", 1 << 31),
    "gaps that go back": filled("body.gap_starts", 0, 2, 1),
    "frequencies of billions": replaced(
        body_frequencies_at=np.arange(99, dtype=np.uint32), body_frequencies_large=np.full(99, 3 << 30, np.uint32)
    ),
}
STORIES = {
    "stories of other documents": said("facts/documents", 1 << 40),
    "stories of documents that are not there": filled("members", 1 << 31, 1 << 31),
    "stories that begin behind the end": filled("starts", 0, 1 << 31),
}


@pytest.mark.parametrize("end", [".news", ".stories"])
@pytest.mark.parametrize("name", OPENED)
def test_a_crafted_directory_is_refused(tmp_path: Path, name: str, end: str) -> None:
    def renamed(content: bytes) -> bytes:
        arrays, directory, checks = parts(content)
        if end == ".stories":
            directory["arrays"]["marks"] = directory["arrays"].pop("members")
        return OPENED[name](whole(arrays, directory, checks))

    file = forge(tmp_path, end, renamed)
    with pytest.raises(IndexUnusableError) as raised:
        WhooshEngine(tmp_path)
    assert file.name in str(raised.value)
    assert str(raised.value).isprintable()
    assert raised.value.hint


@pytest.mark.parametrize("name", SEGMENTS)
def test_a_crafted_segment_is_complained_of(tmp_path: Path, name: str) -> None:
    forge(tmp_path, ".news", SEGMENTS[name])
    found = complaints(tmp_path)
    assert found
    assert all(complaint.isprintable() for complaint in found)


@pytest.mark.parametrize("name", SEGMENTS)
def test_what_is_whole_of_a_crafted_segment_makes_an_index_again(tmp_path: Path, name: str) -> None:
    forge(tmp_path, ".news", SEGMENTS[name])
    WhooshEngine.salvage(tmp_path, tmp_path.with_name("aside"), LedgerRoll([], whole=False), lambda _: None)
    assert list(WhooshEngine(tmp_path).faults(lambda _: None, deep=False)) == []


@pytest.mark.parametrize("name", HUGE)
def test_what_a_crafted_segment_says_of_its_size_takes_no_memory(tmp_path: Path, name: str) -> None:
    forge(tmp_path, ".news", HUGE[name])
    found = complaints(tmp_path)
    assert found
    assert not any("more memory" in complaint for complaint in found), found


@pytest.mark.parametrize("name", POSTINGS)
def test_postings_that_do_not_fit_together_take_no_memory(tmp_path: Path, name: str) -> None:
    forge(tmp_path, ".news", POSTINGS[name])
    found = complaints(tmp_path)
    for query in ("*x", "brachte NEAR/9 weizen"):
        found += complaints_of(lambda query=query: ids(search(WhooshEngine(tmp_path), query)))  # type: ignore[misc]
    assert found
    assert not any("more memory" in complaint for complaint in found), found


@pytest.mark.parametrize("deleted", ["a0", "none"])
@pytest.mark.parametrize("name", POSTINGS)
def test_postings_that_do_not_fit_together_are_not_merged(tmp_path: Path, name: str, deleted: str) -> None:
    forge(tmp_path, ".news", POSTINGS[name])
    engine = WhooshEngine(tmp_path)
    writer = engine.writer()
    writer.delete(deleted)
    writer.commit()
    with pytest.raises(DamagedIndexError):
        fill(engine, *(article(name, "Ferry", "It sailed. " * 99) for name in "cd"))


@pytest.mark.parametrize("name", REPEATED)
def test_what_is_said_again_and_again_takes_no_memory(tmp_path: Path, name: str) -> None:
    forge(tmp_path, ".news", REPEATED[name])
    tracemalloc.start()
    try:
        for query in ("*x*", "a*", "$a*", "ship~", "source:post", "=ships", "ships"):
            complaints_of(lambda query=query: ids(search(WhooshEngine(tmp_path), query)))  # type: ignore[misc]
        complaints_of(lambda: [holding.id for holding in WhooshEngine(tmp_path).holdings()])
        complaints_of(lambda: str(WhooshEngine(tmp_path).forms(Term("a*", "wildcard"), 9)))
        complaints_of(lambda: str(fill(WhooshEngine(tmp_path), article("c", "Ferry", "It sailed. " * 99))))
        assert tracemalloc.get_traced_memory()[1] < 100 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", STORIES)
def test_crafted_stories_are_complained_of(tmp_path: Path, name: str) -> None:
    forge(tmp_path, ".stories", STORIES[name])
    assert complaints(tmp_path)


@pytest.mark.parametrize("starts", [(2, 0), (0, 1), (1, 2), (0, 1 << 31)])
def test_stories_that_do_not_fit_together_are_damaged_and_cost_no_memory(
    tmp_path: Path, starts: tuple[int, int]
) -> None:
    file = forge(tmp_path, ".stories", filled("starts", *starts))
    found = complaints(tmp_path)
    assert found
    assert all(file.name in complaint for complaint in found), found


def test_stories_that_go_round_in_circles_are_damaged_when_an_article_joins_them(tmp_path: Path) -> None:
    text = "Ships brought wheat, rye and grain to the harbour at dawn. " * 5
    engine = fill(WhooshEngine(tmp_path, create=True), *(article(f"a{nth}", "Deal", text) for nth in range(5)))
    writer = engine.writer()
    writer.delete("a1")
    writer.commit()
    file = max(tmp_path.glob("*.stories"))
    members, starts = np.array([2, 0, 1, 3, 4, 4, 2], np.uint32), np.array([0, 2, 4, 4, 7], np.uint32)
    file.write_bytes(replaced(members=members, starts=starts)(file.read_bytes()))
    with within(20), pytest.raises(DamagedIndexError):
        fill(WhooshEngine(tmp_path), article("a5", "Deal", text))


def test_a_stored_block_that_is_larger_than_any_is_not_decompressed(tmp_path: Path) -> None:
    block = zstandard.ZstdCompressor().compress(bytes(LARGEST_BLOCK + 1))
    forge(tmp_path, ".news", stored(block))
    found = complaints(tmp_path)
    assert any("larger than any" in complaint for complaint in found), found


def test_of_large_stored_blocks_one_at_a_time_stays_in_memory(tmp_path: Path) -> None:
    size = 8 * LARGE_BLOCK
    block = zstandard.ZstdCompressor().compress(bytes(size))
    places = np.array([0, len(block)] * 3, "<u8")
    starts = np.array([[0, 0], [2, 0], [4, 0]], "<u4").ravel()
    craft = replaced(stored=np.frombuffer(block, np.uint8), stored_blocks=places, stored_at=starts)
    file = SegmentFile(forge(tmp_path, ".news", craft))
    tracemalloc.start()
    try:
        assert [len(file.stored_bytes(number)) for number in range(file.documents)] == [size] * 3
        assert tracemalloc.get_traced_memory()[0] < 2 * size
    finally:
        tracemalloc.stop()


def test_what_is_crafted_without_a_change_is_sound(tmp_path: Path) -> None:
    forge(tmp_path, ".news", lambda content: whole(*parts(content)))
    assert complaints(tmp_path) == []
