"""Archives, compressed sources, Word and PDF documents that strangers made."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence

import zstandard

from .case import MB
from .markup import xml

ARTICLE = b'{"title": "Packed", "body": "Packed in the harbour."}\n'


def packed(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name) if not content else name, content)
    return stream.getvalue()


def tarred(*members: tuple[str, Mapping[str, object]], content: bytes = ARTICLE) -> bytes:
    """Return a tar archive of members with these facts."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, facts in members:
            info = tarfile.TarInfo(name)
            info.size = len(content) if facts.get("type", tarfile.REGTYPE) == tarfile.REGTYPE else 0
            for key, value in facts.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content) if info.size else None)
    return stream.getvalue()


def _of_size(size: int) -> bytes:
    """Return the head of a member of a tar archive that says to be of a size."""
    info = tarfile.TarInfo("a.jsonl")
    info.size = size
    return info.tobuf(tarfile.GNU_FORMAT)


def patched(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return data with something else in its place everywhere."""
    return data.replace(old, new)


def deep(levels: int, content: bytes = ARTICLE) -> bytes:
    """Return archives in each other."""
    for level in range(levels):
        content = packed({f"{level}.zip" if level else "a.jsonl": content})
    return content


def zeros(count: int, compressor: Callable[[bytes], bytes]) -> bytes:
    """Return so many megabytes of zeros, compressed piece by piece."""
    return compressor(bytes(MB)) * count


def overlapping() -> bytes:
    """Return a zip archive whose many members are the same bytes."""
    data = packed({"a.txt": b"0" * (8 * MB)})
    start = data.index(b"PK\1\2")
    entry, end = data[start : data.index(b"PK\5\6")], data[data.index(b"PK\5\6") :]
    count = 2_000
    return (
        data[:start] + entry * count + end[:8] + struct.pack("<HHII", count, count, len(entry) * count, start) + b"\0\0"
    )


LINK, HARD, DEVICE, PIPE = tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE
ARCHIVES: dict[str, Callable[[], bytes]] = {
    "a path upwards.zip": lambda: packed({"../../made.jsonl": ARTICLE}),
    "an absolute path.zip": lambda: packed({"/made.jsonl": ARTICLE}),
    "a path of backslashes.zip": lambda: packed({"..\\..\\made.jsonl": ARTICLE, "C:\\made.jsonl": ARTICLE}),
    "a name of controls.zip": lambda: packed({"\x1b[31m\u202ea\x07.jsonl": ARTICLE + b"{\n"}),
    "a name of lines.zip": lambda: packed({"a\nnewsearch: all is well\n.jsonl": ARTICLE + b"{\n"}),
    "a name of marks.zip": lambda: packed({"a!b!c#1@2:3.jsonl": ARTICLE}),
    "a long name.zip": lambda: packed({"x" * 60_000 + ".jsonl": ARTICLE}),
    "no name.zip": lambda: patched(packed({"X": ARTICLE}), b"X", b"/"),
    "the same name.zip": lambda: patched(packed({"a.jsonl": ARTICLE, "b.jsonl": ARTICLE}), b"b.jsonl", b"a.jsonl"),
    "a name of nul.zip": lambda: patched(packed({"aXb.jsonl": ARTICLE}), b"aXb", b"a\0b"),
    "a name that is no text.zip": lambda: patched(packed({"aXb.jsonl": ARTICLE}), b"aXb", b"a\xffb"),
    "archives in each other.zip": lambda: deep(12),
    "members of the same bytes.zip": overlapping,
    "many members.zip": lambda: packed({f"{n}.txt": b"" for n in range(20_000)}),
    "a bomb.zip": lambda: packed({"a.jsonl": bytes(300 * MB)}),
    "a bomb in a bomb.zip": lambda: packed({"a.zip": packed({"a.txt": bytes(300 * MB)})}),
    "a claim of gigabytes.zip": lambda: patched(
        packed({"a.jsonl": ARTICLE}), struct.pack("<I", len(ARTICLE)), b"\xfe\xff\xff\xff"
    ),
    "an encrypted member.zip": lambda: patched(packed({"a.jsonl": ARTICLE}, 0), b"\x14\0\0\0\0\0", b"\x14\0\1\0\0\0"),
    "an unknown method.zip": lambda: patched(packed({"a.jsonl": ARTICLE}), b"\x14\0\0\0\x08\0", b"\x14\0\0\0\x63\0"),
    "a wrong checksum.zip": lambda: patched(packed({"a.jsonl": ARTICLE}, 0), b"Packed in", b"Packed on"),
    "a directory elsewhere.zip": lambda: packed({"a.jsonl": ARTICLE})[:-6] + b"\xff\xff\xff\x7f\0\0",
    "cut off.zip": lambda: packed({"a.jsonl": ARTICLE})[:60],
    "a link.zip": lambda: packed({"a.jsonl": b"/etc/passwd"}),
    "documents in a document.docx": lambda: packed(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><w>&b;</w>",
        }
    ),
    "laughs in a document.docx": lambda: packed(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": xml("nitf", "billion laughs").encode()}
    ),
    "a document that refers elsewhere.docx": lambda: packed(
        {
            "[Content_Types].xml": b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "_rels/.rels": b"<Relationships "
            b"xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='a' "
            b"Type='x' Target='../../../../etc/passwd'/></Relationships>",
            "word/document.xml": b"<w/>",
        }
    ),
    "a bomb in a document.docx": lambda: packed(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w>" + b" " * (100 * MB)}
    ),
    "a path upwards.tar": lambda: tarred(("../../made.jsonl", {}), ("/made.jsonl", {})),
    "a link to elsewhere.tar": lambda: tarred(("a.jsonl", {"type": LINK, "linkname": "/etc/passwd"})),
    "a hard link to elsewhere.tar": lambda: tarred(("a.jsonl", {"type": HARD, "linkname": "../../etc/passwd"})),
    "a link and what is behind it.tar": lambda: tarred(("a", {"type": LINK, "linkname": "/"}), ("a/made.jsonl", {})),
    "a link to itself.tar": lambda: tarred(("a.jsonl", {"type": LINK, "linkname": "a.jsonl"})),
    "a device.tar": lambda: tarred(
        ("a.jsonl", {"type": DEVICE, "devmajor": 1, "devminor": 5}), ("b.jsonl", {"type": PIPE})
    ),
    "a name of controls.tar": lambda: tarred(
        ("\x1b[31m\u202ea\n\x07.jsonl", {}), ("\x1b[2J", {"type": LINK, "linkname": "\x9b31m"})
    ),
    "headers of controls.tar": lambda: tarred(
        ("a.jsonl", {"uname": "\x1b[31m", "pax_headers": {"path": "\x1b[2J.jsonl", "comment": "\x9b"}})
    ),
    "headers that are none.tar": lambda: tarred(
        ("a.jsonl", {"pax_headers": {"size": "-1", "mtime": "inf", "GNU.sparse.major": "9"}})
    ),
    "a size without an end.tar": lambda: patched(
        tarred(("a.jsonl", {})), b"%011o\0" % len(ARTICLE), b"\xff" * 4 + b"\x7f" * 8
    ),
    "a member without an end.tar": lambda: _of_size(1 << 87) + ARTICLE,
    "a member of less than nothing.tar": lambda: _of_size(-512) + ARTICLE,
    "a time without an end.tar": lambda: tarred(("a.jsonl", {"mtime": 1 << 60})),
    "a checksum that is wrong.tar": lambda: patched(tarred(("a.jsonl", {})), b"0000644", b"0000777"),
    "cut off.tar": lambda: tarred(("a.jsonl", {}))[:700],
    "a bomb.jsonl.gz": lambda: zeros(400, gzip.compress),
    "a bomb.jsonl.bz2": lambda: zeros(300, bz2.compress),
    "a bomb.jsonl.xz": lambda: zeros(300, lzma.compress),
    "a bomb.jsonl.zst": lambda: zeros(300, zstandard.ZstdCompressor().compress),
    "a bomb of layers.jsonl.gz": lambda: gzip.compress(gzip.compress(gzip.compress(bytes(300 * MB)))),
    "a bomb of lines.jsonl.gz": lambda: gzip.compress(b"{}\n" * (100 * MB)),
    "many layers.jsonl.gz": lambda: gzip.compress(gzip.compress(gzip.compress(gzip.compress(gzip.compress(ARTICLE))))),
    "a window of gigabytes.jsonl.zst": lambda: b"\x28\xb5\x2f\xfd\x00\xff" + b"\0" * 30,
    "a claim of terabytes.jsonl.zst": lambda: b"\x28\xb5\x2f\xfd\xe0" + (1 << 40).to_bytes(8, "little") + b"\x09\0\0x",
    "memory of gigabytes.jsonl.xz": lambda: patched(
        lzma.compress(ARTICLE, lzma.FORMAT_ALONE), b"\0\0\x80\0", b"\xff\xff\xff\xff"
    ),
    "garbage behind.jsonl.gz": lambda: gzip.compress(ARTICLE) + b"\x1b[31mgarbage" * 100,
    "members of nothing.jsonl.gz": lambda: gzip.compress(b"") * 20_000 + gzip.compress(ARTICLE),
    "a name of controls.jsonl.gz": lambda: (
        b"\x1f\x8b\x08\x08\0\0\0\0\0\x03\x1b[31m/../../made\0" + gzip.compress(ARTICLE)[10:]
    ),
}


def pdf(objects: Sequence[str | bytes], trailer: str = "") -> bytes:
    """Return a PDF document whose first object is its catalogue."""
    data = b"%PDF-1.7\n"
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += (
            f"{number} 0 obj\n".encode() + (content.encode() if isinstance(content, str) else content) + b"\nendobj\n"
        )
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(places) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\n"
        f"startxref\n{len(data)}\n%%EOF"
    )
    return data + end.encode()


def page_of(stream: bytes, facts: str = "") -> bytes:
    """Return a PDF document of a page with such a stream."""
    content = f"<</Length {len(stream)}{facts}>>\nstream\n".encode() + stream + b"\nendstream"
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    return pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, content, font])


SHOWN = b"BT /F1 12 Tf 10 100 Td (The harbour was quiet in the morning, said the pilot.) Tj ET"
PDF: dict[str, Callable[[], bytes]] = {
    "controls": lambda: page_of(
        b"BT /F1 12 Tf 10 100 Td (The harbour \\033[31m \\233 2J was quiet in the morning.) Tj ET"
    ),
    "a script": lambda: pdf(
        [
            (
                "<</Type/Catalog/Pages 2 0 "
                "R/OpenAction<</S/JavaScript/JS(app.alert(1))>>/AA<</WC<</S/Launch/F(touch)>>>>>>"
            ),
            "<</Type/Pages/Kids[]/Count 0>>",
        ]
    ),
    "a bomb": lambda: page_of(zlib.compress(bytes(200 * MB)), "/Filter/FlateDecode"),
    "a bomb of filters": lambda: page_of(
        zlib.compress(zlib.compress(bytes(200 * MB))), "/Filter[/FlateDecode/FlateDecode]"
    ),
    "pages of themselves": lambda: pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]),
    "a count without an end": lambda: pdf(
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 999999999>>", "<</Type/Page/Parent 2 0 R>>"]
    ),
    "nested lists": lambda: pdf(["<</Type/Catalog/Pages 2 0 R/X " + "[" * 50_000, "<<>>"]),
    "references in a circle": lambda: pdf(["2 0 R", "3 0 R", "1 0 R"]),
    "a title of controls": lambda: pdf(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[]/Count 0>>",
            "<</Title(\\033[31m=1+1)/CreationDate(D:99999999999999)>>",
        ],
        "/Info 3 0 R",
    ),
    "a file from elsewhere": lambda: page_of(b"x", "/F(/etc/passwd)/FFilter/FlateDecode"),
    "a password": lambda: pdf(["<</Type/Catalog>>"], "/Encrypt<</Filter/Standard/V 99/R 99/O(x)/U(x)/P -1>>"),
    "a form of itself": lambda: page_of(b"/F1 Do " + SHOWN),
}
