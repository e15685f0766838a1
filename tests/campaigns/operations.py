"""What `crash.py` disturbs: commands, each with the folder that it is run in."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from newsearch.ingest.archive import FOLDER

from .damage import command, record
from .killed import SOURCES

INDEX = f"index {SOURCES}"
REPAIR = "repair"
"""Of which what is left behind may be as damaged as it was."""
LEAVING = ("n7", "n12", "n13", "n14")
"""Articles that the sources show no more when they have changed."""


class Operation(NamedTuple):
    """What is disturbed."""

    prepare: Callable[[Path], None]
    """Makes a folder what it is before."""
    line: str
    """The command."""
    again: str = INDEX
    """The command that finishes the work."""
    then: str = INDEX
    """The command that is run behind it."""
    several: bool = False
    """Whether several processes analyse."""
    commit: float = 0.0
    """Seconds from one commit to the next."""
    coming: tuple[str, str] | None = None
    """The name and the text of a source file that comes while the command runs."""

    def catch_up(self, base: Path) -> None:
        """Let come what has not come yet."""
        if self.coming:
            (base / SOURCES / self.coming[0]).write_text(self.coming[1])


def fresh(base: Path) -> None:
    """Make sources."""
    (base / SOURCES).mkdir(parents=True)
    _write(base, "a.jsonl", [*map(record, range(8)), "{broken"])
    _write(base, "b.jsonl", list(map(record, range(8, 12))))
    _write(base, "c.jsonl", list(map(record, range(12, 15))))


def indexed(base: Path) -> None:
    """Make an index."""
    fresh(base)
    command(base, INDEX)
    command(base, "remove n4 --yes")
    command(base, "save bread bread OR grain")


def changed(base: Path) -> None:
    """Make an index whose sources have changed since: articles are changed, gone, new, and a file is gone."""
    indexed(base)
    _write(base, "a.jsonl", [record(1, "Old bread was sold as new."), *map(record, (0, 2, 3, 5, 6, 20))])
    (base / SOURCES / "c.jsonl").unlink()
    _write(base, "d.jsonl", [*map(record, range(21, 25)), record(2, "Another text.", updated="2025-04-01T08:00:00Z")])


def damaged(base: Path) -> None:
    """Make an index of which a segment is damaged."""
    indexed(base)
    file = max((base / FOLDER / "index").glob("*.news"), key=lambda one: one.stat().st_size)
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 4
    file.write_bytes(data)


def in_pieces(base: Path) -> None:
    """Make an index of which the ledger, the table of contents, a byte of a segment, and all sources are lost."""
    indexed(base)
    (base / FOLDER / "ledger.sqlite").unlink()
    for file in (base / FOLDER / "index").glob("*.toc"):
        file.unlink()
    file = max((base / FOLDER / "index").glob("*.news"), key=lambda one: one.stat().st_size)
    file.write_bytes(file.read_bytes()[:-1])
    for file in (base / SOURCES).iterdir():
        file.unlink()


def pages(base: Path) -> None:
    """Make sources that are pages."""
    fresh(base)
    for number in range(3):
        text = f"<p>The mill of lot {number} was sold to a baker who wants to grind grain in it again.</p>" * 3
        page = f"<html><head><title>Mill {number} sold</title></head><body><article>{text}</article></body></html>"
        (base / SOURCES / f"{number}.html").write_text(page)


OPERATIONS = {
    "first": Operation(fresh, INDEX),
    "first in one go": Operation(fresh, INDEX, commit=60.0),
    "first by several": Operation(fresh, INDEX, several=True, commit=60.0),
    "changed": Operation(changed, INDEX),
    "changed in one go": Operation(changed, INDEX, commit=60.0),
    "changed by several": Operation(changed, INDEX, several=True, commit=60.0),
    "remove": Operation(indexed, "remove n3 n9 --yes", again="remove n3 n9 --yes"),
    "save": Operation(indexed, "save rye rye", again="save rye rye"),
    "repair": Operation(damaged, REPAIR, again=REPAIR),
    "repair in pieces": Operation(in_pieces, REPAIR, again=REPAIR, then="status"),
    "pages": Operation(pages, INDEX, commit=60.0),
    "watch": Operation(changed, f"{INDEX} --watch", coming=("e.jsonl", f"{record(30)}\n{record(31)}\n")),
}


def _write(base: Path, name: str, lines: Sequence[str]) -> None:
    (base / SOURCES / name).write_text("".join(f"{line}\n" for line in lines))
