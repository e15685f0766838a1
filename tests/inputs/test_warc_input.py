"""Web archives: pages come out as the browser had them, everything else is counted, and damage costs only itself."""

import gzip
import importlib.util
import io
import sys
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import zstandard

from newsearch.inputs import read
from newsearch.inputs import warc as warc_reading
from newsearch.model import Capture, DocumentCapture, PageCapture, RecordCapture, Skipped

HTML = b"<!doctype html><title>Ferry</title><p>It sailed at dawn.</p>"
DAY = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><item><title>a</title><link>/1</link></item></channel></rss>"


def block(kind: str, body: bytes, *fields: str, url: str = "https://quay.example/1") -> bytes:
    head = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2025-03-04T09:30:00.123456789Z",
        f"Content-Length: {len(body)}",
        *fields,
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body + b"\r\n\r\n"


def response(
    body: bytes, *fields: str, status: str = "200 OK", kind: str = "text/html", url: str = "https://quay.example/1"
) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *fields]).encode() + b"\r\n\r\n"
    return block("response", head + body, "Content-Type: application/http;msgtype=response", url=url)


def arc(body: bytes, *, version: int = 1, url: str = "http://quay.example/a b") -> bytes:
    more = "200 - - 0 x.arc " if version > 1 else ""
    info = b"1 0 Quay\nURL IP-address Archive-date Content-type Archive-length\n"
    first = f"filedesc://x.arc 0.0.0.0 20250304093000 text/plain {more}{len(info)}\n".encode() + info + b"\n"
    http = b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n" + body
    return first + f"{url} 10.0.0.1 20250304093000 text/html {more}{len(http)}\n".encode() + http + b"\n"


def read_all(data: bytes) -> list[Capture | Skipped]:
    return list(read(io.BytesIO(data), "x.warc", None))


def documents(items: Sequence[Capture | Skipped]) -> list[DocumentCapture]:
    return [item for item in items if isinstance(item, DocumentCapture)]


def told(items: Sequence[Capture | Skipped]) -> list[tuple[str, str]]:
    return [(item.reason, str(item.origin)) for item in items if isinstance(item, Skipped)]


def test_a_page_has_its_address_its_instant_its_encoding_and_its_place() -> None:
    first = block("warcinfo", b"software: quay\r\n")
    page, rest = read_all(first + response(HTML, kind="text/html; charset=koi8-r"))
    assert page == DocumentCapture(page.origin, "html", HTML, DAY, "https://quay.example/1", "koi8-r")
    assert str(page.origin) == f"x.warc!@{len(first)}"
    assert isinstance(rest, Skipped)
    assert (rest.reason, rest.harmless) == ("no-page", True)
    assert rest.detail == "records that are no pages: 1 warcinfo"


@pytest.mark.parametrize("packed", ["plain", "records", "whole"])
def test_gzip_of_records_and_of_the_whole_make_no_difference(packed: str) -> None:
    parts = [response(HTML), response(HTML + b"2")]
    data = {
        "plain": b"".join(parts),
        "records": b"".join(gzip.compress(part, mtime=0) for part in parts),
        "whole": gzip.compress(b"".join(parts), mtime=0),
    }
    found = documents(read_all(data[packed]))
    assert [page.content for page in found] == [HTML, HTML + b"2"]
    assert str(found[1].origin) == f"x.warc!@{len(parts[0])}"


def chunked(body: bytes) -> bytes:
    return (
        b"".join(b"%x;x=1\r\n%s\r\n" % (len(body[n : n + 9]), body[n : n + 9]) for n in range(0, len(body), 9))
        + b"0\r\n\r\n"
    )


ENCODED = {
    "gzip": (gzip.compress(HTML, mtime=0), "Content-Encoding: gzip"),
    "x-gzip": (gzip.compress(HTML, mtime=0), "Content-Encoding: X-GZIP"),
    "zlib": (zlib.compress(HTML), "Content-Encoding: deflate"),
    "raw": (zlib.compress(HTML, wbits=-15), "Content-Encoding: deflate"),
    "zstd": (zstandard.compress(HTML), "Content-Encoding: zstd"),
    "twice": (zlib.compress(gzip.compress(HTML, mtime=0)), "Content-Encoding: gzip, deflate"),
    "chunked": (chunked(HTML), "Transfer-Encoding: chunked"),
    "trailers": (chunked(HTML)[:-2] + b"X-Sum: 1\r\n\r\n", "Transfer-Encoding: chunked"),
    "long extension": (chunked(HTML).replace(b";x=1", b";x=" + b"1" * 99), "Transfer-Encoding: chunked"),
    "bare line ends": (chunked(HTML).replace(b"\r\n", b"\n"), "Transfer-Encoding: chunked"),
    "no last line end": (chunked(HTML)[:-2], "Transfer-Encoding: chunked"),
    "both": (chunked(gzip.compress(HTML, mtime=0)), "Transfer-Encoding: chunked\r\nContent-Encoding: gzip"),
    "not gzip": (HTML, "Content-Encoding: gzip"),
    "not deflate": (HTML, "Content-Encoding: deflate"),
    "not zstd": (HTML, "Content-Encoding: zstd"),
    "not chunked": (HTML, "Transfer-Encoding: chunked"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_what_a_page_was_sent_in_is_undone_and_what_was_undone_already_is_taken_as_it_is(name: str) -> None:
    body, field = ENCODED[name]
    (page,) = read_all(response(body, field))
    assert isinstance(page, DocumentCapture)
    assert page.content == HTML


@pytest.mark.skipif(not importlib.util.find_spec("brotli"), reason="brotli is not installed")
def test_brotli_is_undone() -> None:
    brotli = pytest.importorskip("brotli")
    (page,) = documents(read_all(response(brotli.compress(HTML), "Content-Encoding: br")))
    assert page.content == HTML


def test_an_encoding_that_cannot_be_undone_costs_its_page_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "brotli", None)
    *skipped, page = read_all(
        response(b"x", "Content-Encoding: br") + response(b"x", "Content-Encoding: lzma") + response(HTML)
    )
    assert [item.reason for item in skipped if isinstance(item, Skipped)] == ["unsupported", "unsupported"]
    assert isinstance(page, DocumentCapture)


@pytest.mark.parametrize("name", ["gzip", "zlib", "chunked", "zstd"])
def test_a_payload_that_breaks_off_is_kept_as_far_as_it_goes_and_told_of(name: str) -> None:
    body, field = ENCODED[name]
    found = read_all(response(body[: len(body) * 2 // 3], field) + response(HTML))
    first, last = documents(found)
    assert HTML.startswith(first.content)
    assert last.content == HTML
    assert name == "zstd" or told(found) == [("truncated", "x.warc!@0")]


def bombs() -> dict[str, tuple[bytes, str]]:
    zeros = bytes(1 << 22)
    return {
        "gzip": (gzip.compress(zeros, mtime=0), "Content-Encoding: gzip"),
        "deflate": (zlib.compress(zeros), "Content-Encoding: deflate"),
        "zstd": (zstandard.compress(zeros), "Content-Encoding: zstd"),
        "plain": (zeros, "X: y"),
    }


@pytest.mark.parametrize("name", bombs())
def test_a_payload_that_is_or_becomes_too_large_is_left_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_reading, "LIMIT", 1 << 20)
    body, field = bombs()[name]
    found = read_all(response(body, field) + response(HTML))
    assert told(found) == [("too-large", "x.warc!@0")]
    assert [page.content for page in documents(found)] == [HTML]


def test_what_is_no_page_is_counted_by_kind() -> None:
    parts = [
        *[response(b"\x89PNG", kind="image/png") for _ in range(3)],
        response(b"moved", status="301 Moved"),
        response(b"User-agent: *", kind="text/plain", url="https://quay.example/robots.txt"),
        response(b'{"a": 1}', kind="application/json"),
        block("request", b"GET / HTTP/1.1\r\n\r\n"),
        block("revisit", b"HTTP/1.1 200 OK\r\n\r\n"),
        block("response", b"1.2.3.4", "Content-Type: text/dns", url="dns:quay.example"),
        block("resource", b"log", "Content-Type: text/plain", url="metadata://quay/log"),
        block("response", b"no http", "Content-Type: application/http"),
    ]
    (rest,) = read_all(b"".join(parts))
    assert isinstance(rest, Skipped)
    assert (rest.reason, rest.harmless, str(rest.origin)) == ("no-page", True, "x.warc")
    assert rest.detail.startswith("records that are no pages: 3 image/png, 1 HTTP status 301, 1 robots.txt, ")
    assert rest.detail.endswith(", 3 of other kinds")


def test_text_pages_pdf_word_and_feeds_are_read_by_their_own_readers() -> None:
    found = read_all(
        block("conversion", "Fähre\r\nIt sailed.".encode(), "Content-Type: text/plain")
        + response("Fähre".encode("cp1252"), kind="text/plain; charset=iso-8859-1")
        + response(b"%PDF-1.7 x", kind="application/pdf")
        + response(b"%PDF-1.7 x", kind="application/octet-stream")
        + response(FEED, kind="application/rss+xml")
        + response(FEED, kind="text/xml")
        + response(b"<?xml version='1.0'?><html/>", kind="application/xml")
        + block("resource", HTML, "Content-Type: text/html")
    )
    assert [item.lines for item in found if isinstance(item, PageCapture)] == [["Fähre", "It sailed."], ["Fähre"]]
    assert [page.format for page in documents(found)] == ["pdf", "pdf", "html", "html"]
    entries = [item for item in found if isinstance(item, RecordCapture)]
    assert [entry.fields["url"] for entry in entries] == ["https://quay.example/1"] * 2
    assert [entry.captured for entry in entries] == [DAY] * 2
    assert str(entries[0].origin).endswith("!#1")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_arc_is_read_as_well(version: int, packed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    data = arc(HTML, version=version)
    (page,) = documents(read_all(gzip.compress(data, mtime=0) if packed else data))
    assert (page.content, page.url, page.captured) == (HTML, "http://quay.example/a b", DAY.replace(minute=30))


@pytest.mark.parametrize(
    "damage",
    [
        b"nonsense\r\n" * 3,
        b"WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\r\n",
        b"WARC/1.0\r\nContent-Length: -5\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: 1" + b"0" * 99 + b"\r\n\r\n",
        b"WARC/1.0\r\nX: " + b"y" * (2 << 20) + b"\r\n\r\n",
        b"\0" * 100 + b"\n",
        b"x" * (3 << 20) + b"\n",
    ],
    ids=["junk", "no length", "negative", "absurd", "endless head", "zeros", "long line"],
)
def test_a_damaged_record_costs_itself_and_reading_goes_on_at_the_next(damage: bytes) -> None:
    first = response(HTML)
    found = read_all(first + damage + response(HTML + b"2"))
    assert [page.content for page in documents(found)] == [HTML, HTML + b"2"]
    assert told(found) == [("bad-record", f"x.warc!@{len(first)}")]


@pytest.mark.parametrize(
    ("cut", "reason"), [(3, "bad-record"), (130, "bad-record"), (220, "truncated"), (280, "truncated")]
)
def test_an_archive_that_ends_in_the_middle_keeps_what_came_before_and_says_so(cut: int, reason: str) -> None:
    first = response(HTML)
    found = read_all(first + first[:cut])
    assert documents(found)[0].content == HTML
    last = next(item for item in found if isinstance(item, Skipped))
    assert (last.reason, str(last.origin), last.fatal) == (reason, f"x.warc!@{len(first)}", True)


def test_a_page_that_is_too_large_hides_no_end_of_the_archive() -> None:
    data = response(HTML).replace(b"Content-Length: ", b"Content-Length: 9999999")
    assert told(read_all(data)) == [("too-large", "x.warc!@0"), ("truncated", "x.warc!@0")]


def test_an_http_head_that_breaks_off_is_no_empty_page() -> None:
    found = read_all(block("response", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n") + response(HTML))
    assert [page.content for page in documents(found)] == [HTML]
    assert told(found) == [("no-page", "x.warc")]


def test_words_that_end_in_a_number_are_no_record_of_arc() -> None:
    first = arc(HTML)
    found = read_all(first + b"it was there in 2025\n" + first[first.index(b"http:") :])
    assert [page.content for page in documents(found)] == [HTML, HTML]
    assert told(found) == [("bad-record", f"x.warc!@{len(first)}"), ("no-page", "x.warc")]


@pytest.mark.parametrize(
    "data",
    [response(HTML, url="https://quay.example/\x1b[2J a"), response(b"\x1f\x8b" + b"x" * 99, "Content-Encoding: gzip")],
    ids=["address", "damage"],
)
def test_nothing_in_an_archive_is_printed(data: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    assert read_all(data)
    assert capfd.readouterr() == ("", "")


UNCHECKED = 5
"""The place of a byte of a member's time, which no checksum is of."""


@pytest.mark.parametrize(
    "place", [0, UNCHECKED, 30, 150, -6, -4], ids=["magic", "time", "head", "block", "check", "size"]
)
def test_damaged_gzip_costs_one_record(place: int) -> None:
    pages = [response(HTML, url=f"https://quay.example/{number}") for number in range(4)]
    parts = [bytearray(gzip.compress(page, mtime=0)) for page in pages]
    parts[1][place] ^= 0xFF
    found = read_all(b"".join(parts))
    urls = [page.url for page in documents(found)]
    assert [url for url in urls if url != "https://quay.example/1"] == [
        f"https://quay.example/{number}" for number in (0, 2, 3)
    ]
    skipped = [(one.reason, one.fatal) for one in found if isinstance(one, Skipped)]
    assert skipped == [("damaged", True)] * (place != UNCHECKED)


def test_gzip_that_breaks_off_within_an_archive_costs_one_record() -> None:
    parts = [gzip.compress(response(HTML, url=f"https://quay.example/{number}"), mtime=0) for number in range(3)]
    found = read_all(parts[0] + parts[1][: len(parts[1]) // 2] + parts[2])
    assert [page.url for page in documents(found)] == ["https://quay.example/0", "https://quay.example/2"]


def test_gzip_that_breaks_off_still_tells_of_what_was_no_page() -> None:
    packed = (
        gzip.compress(block("warcinfo", b"x") + response(HTML), mtime=0) + gzip.compress(response(HTML), mtime=0)[:-90]
    )
    reasons = [reason for reason, _ in told(read_all(packed))]
    assert reasons[-2:] == ["no-page", "damaged"]


def test_a_part_of_a_page_is_kept_and_told_of() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    found = read_all(block("response", head + HTML[:40], "WARC-Truncated: length"))
    assert documents(found)[0].content == HTML[:40]
    assert told(found) == [("truncated", "x.warc!@0")]


@pytest.mark.parametrize(
    ("stated", "year"), [("2025", None), ("2025-03-04", 2025), ("9999-99-99", None), ("", None), ("\xff", None)]
)
def test_a_date_that_names_no_day_is_unknown(stated: str, year: int | None) -> None:
    data = response(HTML).replace(b"2025-03-04T09:30:00.123456789Z", stated.encode())
    (page,) = read_all(data)
    assert isinstance(page, DocumentCapture)
    assert (page.captured.year if page.captured else None) == year


def test_a_format_whose_packages_are_missing_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = lambda self, name: ["trafilatura"] if name == "html" else []  # noqa: ARG005, E731 - as the method is
    monkeypatch.setattr("newsearch.registry.Registry.missing", missing)
    (skipped,) = read_all(response(HTML) * 3)
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.fatal, skipped.harmless) == ("extra-missing", True, False)
    assert "newsearch[html]" in skipped.detail
