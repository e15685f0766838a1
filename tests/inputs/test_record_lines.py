"""JSON Lines: a broken line costs only itself, whatever is wrong with it."""

import gzip
import io
import json
import os
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.inputs import lines as line_reading
from newsearch.inputs import read
from newsearch.model import Capture, PageCapture, RecordCapture, Skipped

RECORD = b'{"title": "Ferry"}\n'


def read_all(data: bytes) -> list[Capture | Skipped]:
    return list(read(io.BytesIO(data), "x.jsonl", None))


@pytest.mark.parametrize(
    ("line", "reason", "word"),
    [
        (b'{"title": ', "broken-json", "column 11"),
        (b'{"title": "a"} {"title": "b"}', "broken-json", "column 16"),
        (b"{'title': 'a'}", "broken-json", "column 2"),
        (b'{"title": "a\x01b"}', "broken-json", "column"),
        (b"plain text", "broken-json", "column 1"),
        (b"[" * 100_000, "broken-json", "deep"),
        (b'{"a":' * 100_000, "broken-json", "deep"),
        (b'{"id": ' + b"9" * 5000 + b"}", "broken-json", "number"),
        (b'["title"]', "not-an-object", "object"),
        (b'"title"', "not-an-object", "object"),
        (b"null", "not-an-object", "object"),
        (b"3", "not-an-object", "object"),
        (b'{"title": "caf\xe9"}', "invalid-utf8", "0xe9 at 14"),
        (b'{"title": "\xed\xa0\x80"}', "invalid-utf8", "0xed"),
    ],
)
def test_a_broken_line_costs_only_itself_and_is_named_by_its_number(line: bytes, reason: str, word: str) -> None:
    first, skipped, last = read_all(RECORD + line + b"\n" + RECORD)
    assert isinstance(first, RecordCapture)
    assert isinstance(skipped, Skipped)
    assert isinstance(last, RecordCapture)
    assert (str(skipped.origin), skipped.reason, skipped.fatal) == ("x.jsonl:2", reason, False)
    assert word in skipped.detail
    assert "\n" not in skipped.detail
    assert str(last.origin) == "x.jsonl:3"


def test_an_over_long_line_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_reading, "LINE_LIMIT", 100)
    fits = b'{"title": "' + b"a" * 87 + b'"}\n'
    too_long = b'{"title": "' + b"a" * 5000 + b'"}\n'
    assert len(fits) == 101
    results = read_all(fits + too_long + RECORD + too_long.rstrip())
    assert [getattr(item, "reason", None) for item in results] == [None, "line-too-long", None, "line-too-long"]
    origins = [str(item.origin) for item in results if not isinstance(item, PageCapture)]
    assert origins == [f"x.jsonl:{number}" for number in (1, 2, 3, 4)]
    assert not any(isinstance(item, Skipped) and item.fatal for item in results)


def test_blank_lines_mean_nothing_and_count() -> None:
    (record,) = read_all(b"\n  \r\n\t\n" + RECORD + b"\n")
    assert isinstance(record, RecordCapture)
    assert str(record.origin) == "x.jsonl:4"


@given(st.lists(st.dictionaries(st.text(), st.one_of(st.none(), st.booleans(), st.integers(), st.text())), max_size=5))
def test_any_records_come_out_as_they_went_in(records: list[dict[str, object]]) -> None:
    data = "".join(f"{json.dumps(record)}\n" for record in records)
    captures = [item for item in read_all(data.encode()) if isinstance(item, RecordCapture)]
    assert [capture.fields for capture in captures] == records
    assert [capture.origin.first_line for capture in captures] == [*range(1, len(records) + 1)]


@given(st.binary(max_size=60).map(lambda junk: junk.replace(b"\n", b"")))
def test_any_bytes_in_a_line_leave_the_lines_around_it_whole(line: bytes) -> None:
    first, *middle, last = read(io.BytesIO(RECORD + line + b"\n" + RECORD), "x.jsonl", None, "jsonl")
    assert [str(item.origin) for item in middle if isinstance(item, Skipped)] == ["x.jsonl:2"] * len(middle)
    assert (len(middle) == 1) is bool(line.decode("utf-8", "replace").strip())
    assert isinstance(first, RecordCapture)
    assert isinstance(last, RecordCapture)


def numbered(count: int, padding: int) -> bytes:
    """Return records that hardly compress."""
    return b"".join(json.dumps({"id": n, "title": os.urandom(padding).hex()}).encode() + b"\n" for n in range(count))


@pytest.mark.parametrize(("count", "padding"), [(5000, 20), (50, 20), (3, 5), (200, 2000)])
def test_gzip_that_breaks_off_keeps_the_records_before_and_ends_fatally(count: int, padding: int) -> None:
    packed = gzip.compress(numbered(count, padding), mtime=0)
    cut = packed[: len(packed) * 9 // 10]
    *records, last = read_all(cut)
    assert isinstance(last, Skipped)
    assert (last.reason, last.fatal) == ("damaged", True)
    readable = zlib.decompressobj(wbits=31).decompress(cut).count(b"\n")
    assert len([record for record in records if isinstance(record, RecordCapture)]) == readable


@pytest.mark.parametrize("ending", ["short", "checksum", "garbage"])
def test_gzip_with_a_bad_end_keeps_every_record(ending: str) -> None:
    packed = gzip.compress(numbered(20, 10), mtime=0)
    damaged = {"short": packed[:-4], "checksum": packed[:-6] + b"\1\2" + packed[-4:], "garbage": packed + b"junk"}
    results = read_all(damaged[ending])
    assert len([item for item in results if isinstance(item, RecordCapture)]) == 20


def test_gzip_damaged_in_the_middle_ends_fatally() -> None:
    packed = bytearray(gzip.compress(numbered(5000, 20), mtime=0))
    packed[len(packed) // 2 : len(packed) // 2 + 64] = bytes(64)
    *records, last = read_all(bytes(packed))
    assert isinstance(last, Skipped)
    assert last.fatal
    assert records


def test_a_stream_that_cannot_be_read_on_is_a_fatal_skip() -> None:
    class Failing(io.BytesIO):
        def read(self, _: int | None = None, /) -> bytes:
            raise OSError(5, "Input/output error")

    (skipped,) = read(Failing(RECORD), "x.jsonl", None)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal) == ("unreadable", True)
    assert "Input/output error" in skipped.detail
