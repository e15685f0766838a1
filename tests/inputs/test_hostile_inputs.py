"""Whatever a source holds, reading it raises nothing and ends; each format is put to the same tests."""

import gzip
import io
import random

import pytest

from newsearch.inputs import INPUTS, read
from newsearch.model import Capture, Origin, RecordCapture, Skipped

SAMPLES = {
    "text": b"Ferry\n\n2025-03-04 09:30\n\nIt sailed at dawn.\n",
    "markdown": b"---\ntitle: Ferry\ndate: 2025-03-04\ntags: [a, {b: c}]\n---\n# Ferry\n\n- *It* `sailed`\n\n"
    b"> [at](x) dawn\n",
    "html": b"<!doctype html><html><head><title>Ferry</title></head><body><p>It sailed.</p></body></html>",
    "jsonl": b'{"title": "Ferry", "body": "It sailed."}\n{"id": 2}\n',
    "json": b'[{"title": "Ferry", "n": [1, 2.5e3, null, "\\u00e9"]},\n {"title": "Quay"}]\n',
    "csv": b'id,title,body\n1,Ferry,"It ""sailed"",\nat dawn"\n2,Quay,Open\n',
    "feed": b"<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><link>http://a/</link>"
    b"<item><guid>1</guid><title>F&amp;#233;rry &lt;b&gt;</title><dc:date>2025-03-04</dc:date><category>c</category>"
    b"<description><![CDATA[<p>It</p>]]></description></item></channel></rss>",
    "warc": b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a/\r\nWARC-Date: 2025-03-04T00:00:00Z\r\n"
    b"Content-Type: application/http\r\nContent-Length: 107\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n\r\n\r\n"
    b"WARC/1.0\r\nContent-Length: 0\r\n\r\n",
    "mail": b"From a@b Tue Mar  4 09:30:00 2025\nFrom: =?utf-8?q?A=C3=A9?= <a@b>\nSubject: =?utf-8?b?w6k=?=\n"
    b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
    b"Content-Type: text/plain; charset=koi8-r\n\n\xc6\xc1\n--x\n"
    b"Content-Type: application/pdf; name=a\nContent-Transfer-Encoding: base64\n\nYWI=\n--x--\n",
}
"""A small source of each format whose content is taken apart here."""
JUNK = {
    "nothing": b"",
    "zeros": bytes(5000),
    "blank": b" \n" * 5000,
    "bytes": random.Random(1).randbytes(20_000),
    "angles": b"<" * 20_000,
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep elements": b"<rss><channel>" + b"<item>" * 3_000,
    "quotes": b'"' * 20_001,
    "colons": b"a: " * 20_000,
    "dashes": b"---\n" * 5_000,
    "surrogates": b'[{"title": "\\ud800"}, {"title": "\xed\xa0\x80"}]',
    "bomb": b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'ha'>"
    + b"".join(b"<!ENTITY %s '%s'>" % (b"ab"[n : n + 1] * 2, b"&a;" * 99) for n in range(2))
    + b"]><rss><channel><item><title>&bb;</title></item></channel></rss>",
}


def formats() -> list[str]:
    """Those whose packages are installed."""
    return [name for name in INPUTS if not INPUTS.missing(name)]


def read_as(name: str, data: bytes) -> list[Capture | Skipped]:
    return list(read(io.BytesIO(data), "x", None, name))


@pytest.mark.parametrize("kind", JUNK)
@pytest.mark.parametrize("name", formats())
def test_junk_is_read_or_skipped(name: str, kind: str) -> None:
    assert all(item.origin.path == "x" for item in read_as(name, JUNK[kind]))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_line_longer_than_any_is_read_or_skipped(name: str) -> None:
    assert read_as(name, b"x" * ((16 << 20) + 9) + b"\nend\n")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_source_that_ends_anywhere_is_read_or_skipped(name: str) -> None:
    whole = read_as(name, SAMPLES[name])
    assert not any(isinstance(item, Skipped) and item.fatal for item in whole)
    for end in range(len(SAMPLES[name])):
        for item in read_as(name, SAMPLES[name][:end]):
            assert Origin("x").covers(item.origin)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_source_with_bytes_changed_is_read_or_skipped(name: str) -> None:
    drawn = random.Random(name)
    for _ in range(200):
        data = bytearray(SAMPLES[name])
        for _ in range(drawn.randint(1, 5)):
            data[drawn.randrange(len(data))] = drawn.choice(b"\0\n\r\t \"'<>&;:=[]{}-+\\/#@09aZ\x80\xc3\xff")
        read_as(name, bytes(data))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_compressed_source_that_breaks_off_is_told_of(name: str) -> None:
    packed = gzip.compress(SAMPLES[name] * 3, mtime=0)
    last = read_as(name, packed[: len(packed) * 2 // 3])[-1]
    assert isinstance(last, Skipped)
    assert (last.reason, last.fatal) == ("damaged", True)


NUMBER = "&#" + "1" * 5_000 + ";"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "x.sgm",
            f'<!DOCTYPE lewis>\n<REUTERS NEWID="1"><TEXT><TITLE>{NUMBER}</TITLE></TEXT></REUTERS>',
        ),
        ("x.md", f"# Ferry\n\n<div>{NUMBER}</div>\n"),
    ],
    ids=["reuters", "markdown"],
)
def test_a_reference_to_a_character_of_thousands_of_digits_is_text(name: str, content: str) -> None:
    (record,) = read(io.BytesIO(content.encode()), name, None)
    assert isinstance(record, RecordCapture)
    assert NUMBER in str(record.fields)
