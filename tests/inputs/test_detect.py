"""What a source is, told from its content first and its name second."""

import gc
import gzip
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from newsearch.errors import UsageError
from newsearch.inputs import INPUTS, read
from newsearch.model import Capture, DocumentCapture, PageCapture, RecordCapture, Skipped

RECORD = b'{"title": "Ferry", "body": "It sailed."}\n'
PAGE = b"Ferry sails\n\nIt sailed at dawn.\n"
BOM = b"\xef\xbb\xbf"


def read_all(data: bytes, path: str = "x", input_format: str | None = None) -> list[Capture | Skipped]:
    return list(read(io.BytesIO(data), path, None, input_format))


def utf16(data: bytes, order: str = "") -> bytes:
    mark = {"": b"", "-le": b"\xff\xfe", "-be": b"\xfe\xff"}[order]
    return mark + data.decode().encode(f"utf-16{order}")


@pytest.mark.parametrize(
    "data",
    [
        RECORD,
        b"\n\n" + RECORD,
        BOM + RECORD,
        gzip.compress(RECORD, mtime=0),
        gzip.compress(BOM + RECORD, mtime=0),
        gzip.compress(gzip.compress(RECORD, mtime=0), mtime=0),
        gzip.compress(b"", mtime=0) + gzip.compress(RECORD, mtime=0),
        utf16(RECORD),
        utf16(RECORD, "-le"),
        utf16(RECORD, "-be"),
        gzip.compress(utf16(RECORD), mtime=0),
        RECORD.replace(b"\n", b"\r\n"),
        RECORD.rstrip(),
        b'{"title": \n' + RECORD,
    ],
)
def test_an_object_a_line_is_read_as_records(data: bytes) -> None:
    records = [item for item in read_all(data) if isinstance(item, RecordCapture)]
    assert [record.fields for record in records] == [{"title": "Ferry", "body": "It sailed."}]


@pytest.mark.parametrize(
    "data",
    [
        PAGE,
        BOM + PAGE,
        gzip.compress(PAGE, mtime=0),
        utf16(PAGE),
        utf16(PAGE, "-le"),
        utf16(PAGE, "-be"),
        gzip.compress(utf16(PAGE, "-be"), mtime=0),
        PAGE.replace(b"\n", b"\r\n"),
        PAGE.rstrip(),
    ],
)
def test_text_is_read_as_a_page_without_marks_of_its_encoding(data: bytes) -> None:
    (page,) = read_all(data)
    assert isinstance(page, PageCapture)
    assert page.lines == ["Ferry sails", "", "It sailed at dawn."]


@pytest.mark.parametrize(
    "text",
    [
        "[red] lamps are back",
        "[1] a footnote",
        "{laughs} said the clerk",
        "<p> is a tag",
        "< 5 boats sailed",
        "% of PDF",
        "PK!",
    ],
)
def test_text_that_begins_with_markup_characters_is_still_text(text: str) -> None:
    (page,) = read_all(text.encode())
    assert isinstance(page, PageCapture)


FRONT = b"---\ntitle: Ferry\n---\nIt sailed.\n"
MAIL = b"Received: by x\r\nFrom: a@b.example\r\nSubject: Ferry\r\n\r\nIt sailed.\r\n"
FEED = "<rss version='2.0'><channel><item><title>Паром</title></item></channel></rss>"
WARC = b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: text/plain\r\n"


def zipped(name: str, data: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr(name, data)
    return archive.getvalue()


@pytest.mark.parametrize(
    ("data", "path", "kind"),
    [
        (b"%PDF-1.7\n...", "x", "pdf"),
        (b"<!DOCTYPE html><html></html>", "x", "html"),
        (b"\n  <HTML><body>x</body>", "x.txt", "html"),
        (b"<!-- a --><html>", "x.md", "html"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE html PUBLIC 'x' 'y'>\n<html>", "x", "html"),
        (zipped("a/x.htm", b"<html>"), "x", "html"),
        (FEED.encode(), "x", "feed"),
        (BOM + b"<?xml version='1.0'?>" + FEED.encode(), "x.txt", "feed"),
        (
            b"<?xml version='1.0' encoding='koi8-r'?>\n<?a b?>\n<!-- <html> -->" + FEED.encode("koi8-r"),
            "x.html",
            "feed",
        ),
        (utf16(FEED.encode(), "-le"), "x", "feed"),
        (WARC + b"Content-Length: 9\r\n\r\nIt sailed", "x", "text"),
        (b'[{"title": "a"}]', "x", "record"),
        (b'[\n  {\n    "title": "a"\n  }\n]\n', "x", "record"),
        (b'{\n  "title": "a"\n}\n', "x", "record"),
        (b'{ "title": "a",\n  "body": "b" }\n', "x.json", "record"),
        (b'{"articles": [{"title": "a"}]}', "-", "record"),
        (b'{\n"version": "https://jsonfeed.org/version/1",\n"items": [{"id": 1}]}', "x", "feed"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": 1}]}', "x.json", "feed"),
        (b"title,body\na,b\n", "x", "record"),
        (b'"Title";"Date"\r\na;b\r\n', "x.txt", "record"),
        (b"a\tb\nc\td\n", "x.tsv", "record"),
        (FRONT, "x", "front matter"),
        (FRONT.replace(b"---", b"+++").replace(b": Ferry", b" = 'Ferry'"), "x", "front matter"),
        (b"# Ferry\n\nIt sailed.\n", "x.MD.gz", "front matter"),
        (MAIL, "x", "mail"),
        (b"From a@b.example Tue Mar  4 09:30:00 2025\n" + MAIL, "x", "mail"),
    ],
    ids=lambda value: repr(value)[:14],
)
def test_the_content_tells_the_format_and_the_name_only_where_it_does_not(data: bytes, path: str, kind: str) -> None:
    (item,) = read_all(data, path)
    if isinstance(item, RecordCapture):
        assert item.evidence == kind
    elif isinstance(item, DocumentCapture):
        assert item.format == kind
    else:
        assert kind == ("text" if isinstance(item, PageCapture) else item.reason)


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nIt sailed.\n",
        "+++ breaking +++\nIt sailed.\n",
        "From here on: it sailed.\n",
        "Subject: the ferry\n\nIt sailed.\n",
        "Title, body and soul\n\nIt sailed.\n",
        "Text\n",
        "filed, described\n",
        "WARC is a format\n",
    ],
)
def test_text_that_looks_like_another_format_at_first_is_still_text(text: str) -> None:
    (page,) = read_all(text.encode(), "x.txt")
    assert isinstance(page, PageCapture)


@pytest.mark.parametrize(
    ("data", "path", "reason", "word"),
    [
        (b"PK\x03\x04....", "x.docx", "damaged", "zip"),
        (b"<?xml version='1.0'?><urlset/>", "sitemap.xml", "unsupported", "XML"),
        (b"<?xml version='1.0' encoding='latin-1'?><a>\xe9</a>", "x", "unsupported", "XML"),
        (b"[\n1,\n", "x.json", "broken-json", "cut off"),
        (b"\x7fELF\0\0", "x", "binary", "--exclude"),
        (b"\x89PNG\r\n", "x", "unsupported", "--exclude"),
        (b"Rar!\x1a\x07", "x", "unsupported", "zip"),
        ("no mark".encode("utf-16-le"), "x", "binary", "--exclude"),
        ("utf-32".encode("utf-32"), "x", "binary", "--exclude"),
        (utf16(PAGE) + b"\0", "x", "invalid-utf16", "UTF-8"),
        (b"\xff\xfe\x00\xd8a\x00", "x", "invalid-utf16", "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_skipped_whole_with_its_kind_and_a_way_out(
    data: bytes, path: str, reason: str, word: str
) -> None:
    skipped = read_all(data, path)[-1]
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal, skipped.harmless) == (reason, True, False)
    assert word in skipped.detail
    assert str(skipped.origin).startswith(path)


@pytest.mark.parametrize("path", ["-", "x.txt", "x.json"])
def test_a_json_list_is_known_at_any_size(path: str) -> None:
    data = json.dumps([{"title": f"Ferry {number}", "body": "It sailed. " * 10} for number in range(1000)])
    assert [item.fields["title"] for item in read_all(data.encode(), path) if isinstance(item, RecordCapture)] == [
        f"Ferry {number}" for number in range(1000)
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b" \n\t\r\n", BOM, BOM + b"\n", gzip.compress(b"", mtime=0), gzip.compress(b"\n", mtime=0), b"\xff\xfe"],
)
def test_an_empty_file_is_harmless(data: bytes) -> None:
    (skipped,) = read_all(data)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.harmless) == ("empty", True)


def test_text_behind_any_number_of_blank_lines_is_read() -> None:
    (page,) = read_all(b"\n" * 100_000 + b"Ferry\n")
    assert isinstance(page, PageCapture)
    assert (len(page.lines), page.lines[-1]) == (100_001, "Ferry")


@pytest.mark.parametrize("path", ["x.jsonl", "x.NDJSON", "x.jsonlines.gz"])
def test_a_name_for_records_makes_a_first_line_that_is_none_a_broken_record(path: str) -> None:
    skipped, record = read_all(b"not JSON\n" + RECORD, path)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "broken-json"
    assert isinstance(record, RecordCapture)


def test_a_named_format_is_not_questioned() -> None:
    (page,) = read_all(RECORD, "x.jsonl", "text")
    assert isinstance(page, PageCapture)
    (skipped,) = read_all(PAGE.splitlines()[0], "x.txt", "jsonl")
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "broken-json"
    (page,) = read_all(gzip.compress(utf16(PAGE), mtime=0), "x", "text")
    assert isinstance(page, PageCapture)
    assert page.lines[0] == "Ferry sails"


def test_an_unknown_format_is_a_usage_error_that_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no input format 'parchment'") as caught:
        read_all(PAGE, "x", "parchment")
    assert all(name in caught.value.hint for name in INPUTS)


class Dripping(io.RawIOBase):
    """A pipe that delivers a byte at a time."""

    def __init__(self, data: bytes) -> None:
        self._rest = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray, /) -> int:  # type: ignore[override]
        byte = self._rest.read(1)
        buffer[: len(byte)] = byte
        return len(byte)


@pytest.mark.parametrize("data", [b"\n" + PAGE, RECORD * 2, gzip.compress(RECORD, mtime=0), utf16(PAGE)])
def test_a_pipe_that_delivers_a_byte_at_a_time_changes_nothing(data: bytes) -> None:
    assert list(read(io.BufferedReader(cast("io.RawIOBase", Dripping(data))), "x", None)) == read_all(data)


def test_a_file_that_was_read_stays_open_until_its_owner_closes_it(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(PAGE)
    with path.open("rb") as stream:
        assert len(list(read(stream, "x", None))) == 1
        gc.collect()
        assert not stream.closed


def test_captures_bear_the_path_and_the_instant_they_are_given() -> None:
    captured = datetime(2025, 4, 17, 12, tzinfo=UTC)
    (page,) = read(io.BytesIO(PAGE), "a/b.txt", captured)
    assert isinstance(page, PageCapture)
    assert (str(page.origin), page.captured) == ("a/b.txt", captured)
    (record,) = read(io.BytesIO(RECORD), "a/b.jsonl", captured)
    assert isinstance(record, RecordCapture)
    assert (str(record.origin), record.captured) == ("a/b.jsonl:1", captured)


@pytest.mark.parametrize(
    "content",
    [
        b"<!-- a -->\n" * 60 + b"Hi",
        b"<!-- a -->" * 60 + b"<!--",
        b"title," + b" " * 60_000 + b"!",
        b"<!DOCTYPE " + b"[ ]" * 20_000,
        b"<?a?>" * 20_000 + b"<",
    ],
    ids=["comments", "an open comment", "blanks", "document types", "instructions"],
)
def test_no_content_is_so_built_that_it_takes_forever_to_be_told(content: bytes) -> None:
    assert read_all(content)


def test_a_long_json_feed_on_one_line_is_a_feed() -> None:
    items = [
        {"id": str(number), "title": f"Ferry {number}", "content_text": "It sailed. " * 100} for number in range(90)
    ]
    data = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "items": items}).encode()
    assert b"\n" not in data
    assert len(read_all(data, "feed.json")) == len(items)
