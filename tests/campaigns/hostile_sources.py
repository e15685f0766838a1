"""Sources built to break what reads them, to fill memory or disk, or to reach files that are none of their business."""

import bz2
import gzip
import io
import json
import lzma
import os
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import zstandard

Make = Callable[[Path], None]

_ARTICLE = b'{"id": "hostile", "title": "Harbour", "body": "The harbour was quiet."}\n'
_LARGE = 100 << 20
"""Bytes of a line that is longer than any."""
_BOMB = 1 << 30
"""Bytes that a bomb is when it has gone off."""
_DEEP = 100_000


def _file(name: str, data: bytes) -> Make:
    return lambda folder: (folder / name).write_bytes(data) and None


def _made(name: str, make: Callable[[], bytes]) -> Make:
    """As above, where the data are made when they are wanted."""
    return lambda folder: (folder / name).write_bytes(make()) and None


def _zip(*members: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there already
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def _tar(*members: tarfile.TarInfo) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(_ARTICLE[: member.size]) if member.isreg() else None)
    return data.getvalue()


def _member(name: str, kind: bytes = tarfile.REGTYPE, to: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, to
    member.size = len(_ARTICLE) if kind == tarfile.REGTYPE else 0
    return member


def _zeros(pack: Callable[[bytes], bytes], pieces: int) -> bytes:
    """Pack a megabyte of zeros after the other; packed streams may follow each other."""
    return pack(bytes(1 << 20)) * pieces


def _nested_zip(depth: int) -> bytes:
    data = _ARTICLE
    for level in range(depth):
        data = _zip((f"{level}.{'zip' if level else 'jsonl'}", data))
    return data


def _rss(head: str, text: str) -> bytes:
    item = f"<item><title>{text}</title></item>"
    return f"<?xml version='1.0'?>{head}<rss version='2.0'><channel>{item}</channel></rss>".encode()


def _entities(levels: int, times: int) -> str:
    lines = ["<!ENTITY e0 'harbour '>"]
    lines += [f"<!ENTITY e{level} '{f'&e{level - 1};' * times}'>" for level in range(1, levels)]
    return f"<!DOCTYPE x [{''.join(lines)}]>"


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "hostile.jsonl")


def _links(folder: Path) -> None:
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "passwd.txt").symlink_to("/etc/passwd")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "root").symlink_to("/")


def _deep_folders(folder: Path) -> None:
    place = folder
    for _ in range(200):
        place /= "deeper-and-deeper"
        if len(str(place)) > 3_800:
            break
        place.mkdir()
    (place / "hostile.jsonl").write_bytes(_ARTICLE)


def _many_files(folder: Path) -> None:
    for number in range(2_000):
        (folder / f"{number}.bin").write_bytes(bytes([number % 256, 0, 255]))


def _warc(length: str, body: bytes = b"") -> bytes:
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://harbour.example/\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {length}\r\n\r\n"
    return head.encode() + body + b"\r\n\r\n"


def _mail_in_mail(depth: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n' for level in range(depth))
    return b"From: a@example.org\nSubject: Harbour\nMIME-Version: 1.0\n" + head.encode() + b"\nharbour\n"


def _yaml(text: str) -> bytes:
    return f"---\n{text}\n---\n\nThe harbour was quiet.\n".encode()


def _page(body: str) -> bytes:
    story = "<p>The harbour was quiet on the day that the ships left it for the north.</p>" * 4
    return f"<html><head><title>Harbour</title></head><body><article>{story}</article>{body}</body></html>".encode()


def _ld(text: str) -> bytes:
    return _page(f'<script type="application/ld+json">{text}</script>')


def _docx(document: str) -> bytes:
    kinds = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return _zip(("[Content_Types].xml", kinds.encode()), ("word/document.xml", document.encode()))


def _huge_claim() -> bytes:
    data = bytearray(_zip(("a.jsonl", _ARTICLE)))
    place = data.rindex(b"PK\x01\x02")
    data[place + 20 : place + 28] = struct.pack("<II", 0xFFFFFFF0, 0xFFFFFFF0)
    return bytes(data)


MAKERS: dict[str, Make] = {
    "zip: a path upwards": _made("hostile.zip", lambda: _zip(("../../evil.jsonl", _ARTICLE), ("/etc/evil", _ARTICLE))),
    "zip: names that act": _made("hostile.zip", lambda: _zip(("\x1b[2J\u202e.jsonl", _ARTICLE), ("a\nb.jsonl", b"{"))),
    "zip: the same name again": _made("hostile.zip", lambda: _zip(("a.jsonl", _ARTICLE), ("a.jsonl", b"{broken"))),
    "zip: a member that claims 4 GB": _made("hostile.zip", _huge_claim),
    "zip: 40 in each other": _made("hostile.zip", lambda: _nested_zip(40)),
    "zip: a bomb": _made("hostile.zip", lambda: _zip(("a.txt", bytes(_BOMB // 4)))),
    "zip: cut off": _made("hostile.zip", lambda: _zip(("a.jsonl", _ARTICLE))[:-30]),
    "tar: a path upwards": _made("hostile.tar", lambda: _tar(_member("../../evil.jsonl"), _member("/etc/evil.jsonl"))),
    "tar: links out of it": _made(
        "hostile.tar",
        lambda: _tar(
            _member("a.txt", tarfile.SYMTYPE, "/etc/passwd"), _member("b.txt", tarfile.LNKTYPE, "../../good.jsonl")
        ),
    ),
    "tar: devices and pipes": _made(
        "hostile.tar", lambda: _tar(_member("zero", tarfile.CHRTYPE), _member("pipe", tarfile.FIFOTYPE))
    ),
    "tar: a size of 8 EB": _made(
        "hostile.tar", lambda: _tar(_member("a.jsonl")).replace(b"%011o" % len(_ARTICLE), b"77777777777")
    ),
    "gzip: a bomb": _made("hostile.jsonl.gz", lambda: _zeros(gzip.compress, _BOMB >> 20)),
    "bzip2: a bomb": _made("hostile.jsonl.bz2", lambda: _zeros(bz2.compress, 300)),
    "xz: a bomb": _made("hostile.jsonl.xz", lambda: _zeros(lzma.compress, 300)),
    "zstd: a bomb": _made("hostile.jsonl.zst", lambda: _zeros(zstandard.compress, _BOMB >> 20)),
    "zstd: a window of 2 GB": _file("hostile.jsonl.zst", b"\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00"),
    "gzip in gzip in gzip": _made("hostile.jsonl.gz", lambda: gzip.compress(gzip.compress(gzip.compress(_ARTICLE)))),
    "gzip: cut off": _made("hostile.jsonl.gz", lambda: gzip.compress(_ARTICLE * 50)[:-9]),
    "XML: entities of entities": _made("hostile.xml", lambda: _rss(_entities(12, 10), "&e11;")),
    "XML: an external entity": _made(
        "hostile.xml", lambda: _rss("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", "&e;")
    ),
    "XML: an external document type": _made(
        "hostile.xml", lambda: _rss("<!DOCTYPE x SYSTEM 'http://evil.example/x.dtd'>", "harbour")
    ),
    "XML: 100,000 in each other": _made("hostile.xml", lambda: b"<rss>" + b"<a>" * _DEEP + b"</a>" * _DEEP + b"</rss>"),
    "XML: 100,000 attributes": _made(
        "hostile.xml", lambda: b"<rss " + b" ".join(b"a%d='1'" % number for number in range(_DEEP)) + b"/>"
    ),
    "NITF: entities": _made(
        "hostile.xml", lambda: b"".join((_entities(12, 10).encode(), b"<nitf><body>&e11;</body></nitf>"))
    ),
    "NewsML: an external entity": _made(
        "hostile.xml",
        lambda: b"<?xml version='1.0'?><!DOCTYPE NewsML [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><NewsML>&e;</NewsML>",
    ),
    "JSON: 100,000 in each other": _made("hostile.json", lambda: b"[" * _DEEP + b"]" * _DEEP),
    "JSON Lines: 100,000 in each other": _made(
        "hostile.jsonl", lambda: b'{"title": ' + b"[" * _DEEP + b"]" * _DEEP + b"}"
    ),
    "JSON: a number of 100,000 digits": _made(
        "hostile.jsonl", lambda: b'{"title": "Harbour", "id": ' + b"9" * _DEEP + b"}"
    ),
    "JSON: numbers that are none": _file("hostile.jsonl", b'{"title": "Harbour", "id": 1e999, "published": NaN}\n'),
    "JSON: the same name again": _file("hostile.jsonl", b'{"title": "Harbour", "title": "Castle", "body": null}\n'),
    "JSON: half a surrogate": _file(
        "hostile.jsonl", b'{"title": "Harbour \\ud800", "body": "\\udc00 x", "id": "\\ud800"}\n'
    ),
    "JSON: a line of 100 MB": _made(
        "hostile.jsonl", lambda: b'{"title": "Harbour", "body": "' + b"x " * (_LARGE // 2) + b'"}'
    ),
    "text: a line of 100 MB": _made("hostile.txt", lambda: b"harbour " * (_LARGE // 8)),
    "text: 100 MB of NUL": _made("hostile.txt", lambda: bytes(_LARGE)),
    "CSV: a cell of 100 MB": _made("hostile.csv", lambda: b"title,body\nHarbour," + b"x" * _LARGE + b"\n"),
    "CSV: 100,000 columns": _made(
        "hostile.csv", lambda: b"title," + b"a," * _DEEP + b"\n" + b"Harbour," * _DEEP + b"\n"
    ),
    "CSV: a quote that never ends": _file("hostile.csv", b'title,body\n"Harbour,' + b"x\n" * 50_000),
    "HTML: 100,000 in each other": _made("hostile.html", lambda: _page("<div>" * _DEEP)),
    "HTML: a million attributes": _made("hostile.html", lambda: _page(f"<p {'a=1 ' * 1_000_000}>")),
    "HTML: an unfinished comment": _file("hostile.html", b"<html><!--" + b"-" * 200_000),
    "HTML: links that act": _made(
        "hostile.html", lambda: _page("").replace(b"<head>", b"<head><link rel=canonical href='javascript:alert(1)'>")
    ),
    "HTML: a base elsewhere": _made(
        "hostile.html", lambda: _page("").replace(b"<head>", b"<head><base href='file:///etc/'>")
    ),
    "HTML: encodings that lie": _made(
        "hostile.html", lambda: b"\xff\xfe" + b"<meta charset=utf-7>" + _page("+ADw-b+AD4-")
    ),
    "HTML: a charset nobody knows": _made(
        "hostile.html", lambda: _page("").replace(b"<head>", b"<head><meta charset='zlib_codec'>")
    ),
    "JSON-LD: 100,000 in each other": _made("hostile.html", lambda: _ld("[" * _DEEP + "]" * _DEEP)),
    "JSON-LD: of wrong kinds": _file(
        "hostile.html", _ld('{"@type": "NewsArticle", "headline": 7, "datePublished": []}')
    ),
    "JSON-LD: in a circle": _file(
        "hostile.html", _ld('{"@id": "a", "@type": "NewsArticle", "isPartOf": {"@id": "a"}}')
    ),
    "WARC: a negative length": _file("hostile.warc", _warc("-5", b"HTTP/1.1 200 OK\r\n\r\nharbour")),
    "WARC: a length of 9 EB": _file("hostile.warc", _warc("9999999999999999999", b"HTTP/1.1 200 OK\r\n\r\nharbour")),
    "WARC: a head without end": _file("hostile.warc", b"WARC/1.0\r\n" + b"A: b\r\n" * 100_000),
    "WARC: a chunk of 16 EB": _file(
        "hostile.warc",
        _warc("90", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nharbour".ljust(90)),
    ),
    "mail: 1,000 in each other": _made("hostile.eml", lambda: _mail_in_mail(1_000)),
    "mail: charsets nobody knows": _file(
        "hostile.eml", b"From: a@b\nSubject: =?evil?b?AAAA?=\nContent-Type: text/plain; charset=zlib\n\nharbour\n"
    ),
    "mail: a head of 10 MB": _made("hostile.eml", lambda: b"Subject: " + b"harbour " * 1_300_000 + b"\n\nharbour\n"),
    "YAML: aliases of aliases": _file(
        "hostile.md",
        _yaml(
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "\n".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]" for n in range(9))
        ),
    ),
    "YAML: an object": _file("hostile.md", _yaml("title: !!python/object/apply:os.system ['touch evil']")),
    "YAML: 50,000 in each other": _made("hostile.md", lambda: _yaml("a: " + "[" * 50_000)),
    "Markdown: brackets": _made("hostile.md", lambda: b"# Harbour\n\n" + b"[" * 50_000 + b"](" * 50_000),
    "Markdown: quotes in quotes": _made("hostile.md", lambda: b"# Harbour\n\n" + b">" * 20_000 + b" harbour\n"),
    "DOCX: entities": _made("hostile.docx", lambda: _docx(f"<?xml version='1.0'?>{_entities(12, 10)}<w>&e11;</w>")),
    "DOCX: a bomb": _made("hostile.docx", lambda: _docx(" " * (200 << 20))),
    "PDF: objects that hold themselves": _file(
        "hostile.pdf",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj\ntrailer<</Root 1 0 R/Size 2>>\n%%EOF\n",
    ),
    "PDF: nothing but a head": _file("hostile.pdf", b"%PDF-1.7\n" + b"\xff" * 5_000),
    "a pipe among the files": _fifo,
    "links everywhere": _links,
    "folders 200 deep": _deep_folders,
    "2,000 files that are nothing": _many_files,
    "UTF-16 of halves": _file("hostile.txt", b"\xff\xfe" + b"\x00\xd8" * 1_000),
    "UTF-7": _file("hostile.txt", b"+ADw-script+AD4- harbour\n\n2025-03-22\n\nharbour"),
    "UTF-8 that is too long": _file(
        "hostile.jsonl", b'{"title": "Harbour \xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80"}\n'
    ),
    "every byte": _file("hostile.txt", bytes(range(256)) * 40),
    "random bytes with a kind's first": _file("hostile.warc.gz", b"\x1f\x8b\x08\x00" + bytes(range(255, 0, -1)) * 30),
    "JSON behind a mark": _file(
        "hostile.jsonl", b"\xef\xbb\xbf" + _ARTICLE + b"\0\0\0\n" + json.dumps({"a": 1}).encode()
    ),
}
