"""Files and folders, settings and indexes that strangers made."""

import os
import zlib
from collections.abc import Callable
from pathlib import Path

from .archives import ARTICLE
from .case import MB, SOURCES, Case, into, line, made


def sparse(base: Path, name: str, size: int, begin: bytes = b"") -> None:
    """Write a file of so many bytes, most of which are not there."""
    with (base / name).open("wb") as stream:
        stream.write(begin)
        stream.truncate(size)


def settings(text: str | bytes) -> Callable[[Path], object]:
    """Return how to write the settings of a project."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return lambda base: (base / "newsearch.toml").write_bytes(data)


SETTINGS = {
    "a pager": 'pager = "touch made"',
    "an unknown name of controls": '"\\u001b[31m\\u202e\\n" = 1',
    "a value of controls": 'sort = "\\u001b[2J\\nnewsearch: all is well"',
    "a zone elsewhere": 'tz = "../../../etc/passwd"',
    "a zone of controls": 'tz = "\\u001b[31m"',
    "an index elsewhere": 'index = "/proc/self"',
    "an index of controls": 'index = "sources/ordinary.jsonl/\\u001b[31m\\u202e"',
    "nested lists": "limit = " + "[" * 50_000,
    "nested tables": "[" + ".".join(["a"] * 50_000) + "]\n",
    "a number of many digits": "limit = " + "9" * 50_000,
    "sources of controls": '[sources."\\u001b[31m"]\nzone = "\\u009b2J"\n',
    "sources that are a list": "sources = [1, 2]",
    "no text": b"\xff\xfe\0limit = 1",
    "nuls": "limit = 1\0",
    "a width of columns": 'width = "999999999"',
}


def elsewhere(name: str, target: str) -> Callable[[Path], object]:
    """Return how to write a link among the sources."""
    return lambda base: (base / SOURCES / name).symlink_to(target)


def outside(base: Path) -> None:
    """Write links to a file and to a folder outside of the sources."""
    (base / SOURCES / "a.jsonl").symlink_to("/etc/passwd")
    (base / SOURCES / "b").symlink_to("/etc")
    (base / SOURCES / "c").symlink_to("/proc/self/root")


def circle(base: Path) -> None:
    """Write links that lead in circles."""
    (base / SOURCES / "a").symlink_to("b")
    (base / SOURCES / "b").symlink_to("a")
    (base / SOURCES / "c").symlink_to(".")
    (base / SOURCES / "d").symlink_to("..")


def deep_folders(base: Path) -> None:
    """Write a source at the end of a path nearly as long as a system takes."""
    place = base / SOURCES
    while len(str(place)) < 3_800:
        place /= "deeper-and-deeper"
        place.mkdir()
    (place / "a.jsonl").write_bytes(ARTICLE)


def long_path(base: Path) -> None:
    """Write a source at the end of a path longer than a system takes at once."""
    here = os.open(base / SOURCES, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("a.jsonl", os.O_CREAT, dir_fd=here))
    os.close(here)


FILES = {
    "links to elsewhere": Case(outside),
    "a link to a device": Case(elsewhere("a.jsonl", "/dev/zero")),
    "a link to a process": Case(elsewhere("a.jsonl", "/proc/self/mem")),
    "links in a circle": Case(circle),
    "a pipe": Case(lambda base: os.mkfifo(base / SOURCES / "a.jsonl")),
    "a name that is no text": Case(
        lambda base: Path(os.fsdecode(os.fsencode(base / SOURCES) + b"/\xff\xfe\x9b31m.jsonl")).write_bytes(b"{")
    ),
    "a name of 255 bytes": Case(into("x" * 249 + ".jsonl", ARTICLE)),
    "a name that is a pattern": Case(into("[a-z]*?{}.jsonl", ARTICLE)),
    "a name that is an option": Case(into("--help.jsonl", ARTICLE)),
    "folders in each other": Case(deep_folders),
    "a path without an end": Case(long_path, silent=True),
    "many files of nothing": Case(lambda base: [(base / SOURCES / f"{n}.txt").touch() for n in range(2_000)]),
    "a line of 100 MB.txt": Case(line("a.txt", b""), large=True),
    "a line of 100 MB.jsonl": Case(line("a.jsonl", b'{"title": "'), large=True),
    "a line of 100 MB.json": Case(line("a.json", b'[{"title": "'), large=True),
    "a line of 100 MB.csv": Case(line("a.csv", b"title,body\na,"), large=True),
    "a line of 100 MB.md": Case(line("a.md", b"# a\n\n"), large=True),
    "a line of 100 MB.eml": Case(line("a.eml", b"From: a@b.example\nSubject: a\n\n"), large=True),
    "a line of 100 MB.html": Case(line("a.html", b"<!doctype html><title>a</title><p>"), large=True),
    "a line of 100 MB.xml": Case(line("a.xml", b"<rss><channel><item><title>"), large=True),
    "a line of 100 MB.sgm": Case(
        line("a.sgm", b'<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS NEWID="1">'), large=True
    ),
    "100 MB of nothing": Case(made("a.txt", lambda: bytes(100 * MB)), large=True),
    "a hole of three gigabytes.txt": Case(
        lambda base: sparse(base, f"{SOURCES}/a.txt", 3 << 30, b"Title\n\nText.\n"), large=True
    ),
    "a hole of three gigabytes.jsonl": Case(
        lambda base: sparse(base, f"{SOURCES}/a.jsonl", 3 << 30, ARTICLE), large=True
    ),
    "settings of three gigabytes": Case(lambda base: sparse(base, "newsearch.toml", 3 << 30), codes={2}, large=True),
}


def put(name: str, target: str) -> Callable[[Path], None]:
    """Return how to have a link, or a pipe, in the folder of an index."""

    def spoil(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        if target:
            (folder / name).symlink_to(target)
        else:
            os.mkfifo(folder / name)

    return spoil


def over(name: str, content: bytes) -> Callable[[Path], None]:
    """Return how to have another content in a file of an index."""
    return lambda folder: [file.write_bytes(content) for file in sorted(folder.glob(name))] and None


def forged(stated: bytes) -> Callable[[Path], None]:
    """Return how to have another pickle in the table of contents."""

    def spoil(folder: Path) -> None:
        for table in folder.glob("index/*.toc"):
            content = table.read_bytes()[:-4]
            content = content[: content.rindex(b"\x80", 0, content.rindex(b"NewsSegment"))] + stated
            table.write_bytes(content + zlib.crc32(content).to_bytes(4, "little"))

    return spoil


INDEXES = {
    "a call in its table": forged(b"\x80\x05]\x8c\x02os\x8c\x06system\x93\x8c\x0atouch made\x85Ra."),
    "a tuple of tuples in its table": forged(b"\x80\x05]}" + b")" + b"2\x86" * 60 + b"Nsa."),
    "a memo without an end in its table": forged(b"\x80\x05]r\xff\xff\xff\x7fa."),
    "a table of a terabyte": lambda folder: [
        sparse(file.parent, file.name, 1 << 40) for file in folder.glob("index/*.toc")
    ],
    "saved queries of a terabyte": lambda folder: sparse(folder, "saved.json", 1 << 40),
    "saved queries in each other": over("saved.json", b"[" * 100_000),
    "saved queries of controls": over(
        "saved.json", b'{"version": 2, "queries": {"\\u001b[31m": {"query": "a", "check": 1}}}'
    ),
    "saved queries of a later time": over("saved.json", b'{"version": 999999999999999999999, "queries": {}}'),
    "a stamp of a terabyte": lambda folder: sparse(folder, "newsearch.json", 1 << 40),
    "a stamp without an end": over("newsearch.json", b'{"format": 1e999}'),
    "a stamp of a later time": over("newsearch.json", b'{"format": 99, "check": 1}'),
    "a ledger of a terabyte": lambda folder: sparse(folder, "ledger.sqlite", 1 << 40, b"SQLite format 3\0"),
    "a ledger that is none": over("ledger.sqlite", b"SQLite format 3\0" + b"\x1b[31m" * 1_000),
    "a journal of garbage": over("ledger.sqlite-wal", b"\x37\x7f\x06\x82" + b"x" * 10_000),
    "segments of garbage": over("index/*.news", b"NSEG" + b"\xff" * 10_000 + b"NSEG"),
    "segments of a terabyte": lambda folder: [
        sparse(file.parent, file.name, 1 << 40, b"NSEG") for file in folder.glob("index/*.news")
    ],
    "stories of garbage": over("index/*.stories", b"NSEG" + b"[" * 100_000 + b"NSEG"),
    "a table of a far generation": lambda folder: (folder / "index/_MAIN_999999999.toc").write_bytes(b"x"),
    "a table of digits that are none": lambda folder: (folder / "index/_MAIN_\u0663.toc").write_bytes(b"x"),
    "a lock of controls": over("writer.lock", b'{"pid": "\\u001b[31m", "host": "\\n\\u202e", "since": "x"}'),
    "names of controls": lambda folder: (folder / "index/\x1b[31m\u202e\n.news").write_bytes(b"x"),
    "a link of controls": put("\x1b[31m\u202e\nnewsearch: all is well", "/etc/passwd"),
    "a stamp that is a pipe": put("newsearch.json", ""),
    "a stamp that is a device": put("newsearch.json", "/dev/zero"),
    "saved queries that are a device": put("saved.json", "/dev/zero"),
    "a ledger that is a link": put("ledger.sqlite", "../made"),
    "a lock that is a link": put("writer.lock", "../made"),
    "a draft that is a link": put("saved.json.new", "../made"),
    "a table that is a pipe": put("index/_MAIN_9.toc", ""),
    "a folder that is a link": lambda folder: [
        (folder / "index").rename(folder / "other"),
        (folder / "index").symlink_to("other"),
    ],
    "a folder in the place of a file": lambda folder: [
        (folder / "saved.json").unlink(),
        (folder / "saved.json").mkdir(),
    ],
}
