"""Does anything that strangers can write get the better of newsearch?

Each case is a folder with two ordinary articles and something hostile beside them: a text that means something to a
terminal, a spreadsheet, a markup or a file system, in each place of each kind of source; or a source built to break
what reads it. All commands that show anything are run over it. It is survived when no command fails otherwise than it
may, the ordinary articles are found, the hostile thing is an article or is told to have been skipped, nothing that is
printed could do anything, nothing is written beside the index, and nobody on the network is called.
"""

import argparse
import csv
import io
import json
import random
import re
import resource
import signal
import socket
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NoReturn
from unittest import mock
from urllib.parse import urlsplit

from .damage import Said, command, fast
from .hostile_sources import MAKERS
from .hostile_texts import CARRIERS, TEXTS
from .outcome import Outcome

Make = Callable[[Path], None]
"""Puts something hostile into a folder."""
ORDINARY = {"good-1", "good-2"}
SECONDS = 120
"""That a case may take."""
MEMORY = 3 << 30
"""Bytes that the process may come to have."""
SHOWING = (
    "query harbour --color always --width 40 --limit all --no-stories",
    "query harbour OR xyzzy --format json --limit all",
    "query harbour --format jsonl --limit all --full",
    "query harbour --format csv --limit all --full",
    "query harbour --format tsv --limit all",
    "query harbour --format md --limit all",
    "query harbour --explain --color always",
    "query zzyzx source:nobody --color always",
    "status --color always",
    "status --skipped --color always",
    "status --skipped --format json",
    "saved",
    "verify",
)
_CODES = {0, 1, 5}
_SEQUENCE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^;\x1b]*;([^\x1b]*)\x1b\\")
_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--cases", type=int, help="so many of them, drawn by lot; all when not given")
    parser.add_argument("--only", default="", help="those with this in their names")


def run(options: argparse.Namespace) -> int:
    """Try the cases, and return 1 if one was not survived."""
    started = time.monotonic()
    chosen = {name: make for name, make in cases().items() if options.only in name}
    if options.cases:
        names = random.Random(0).sample(sorted(chosen), min(options.cases, len(chosen)))
        chosen = {name: chosen[name] for name in names}
    failures: list[str] = []
    for name, make in chosen.items():
        failures += [f"--only '{name}': {failure}" for failure in [*survive(make)][:1]]
    lost = sum("is lost" in failure for failure in failures)
    return Outcome("hostile", len(chosen), "hostile inputs", time.monotonic() - started, lost, failures).report()


def cases() -> dict[str, Make]:
    """Return everything hostile by its name."""
    found: dict[str, Make] = dict(MAKERS)
    for place, carry in CARRIERS.items():
        for name, text in TEXTS.items():
            found[f"{name} in {place}"] = lambda folder, carry=carry, text=text: carry(folder, text)
    return found


def survive(make: Make) -> Iterator[str]:
    """Try a case, and yield what goes wrong."""
    with TemporaryDirectory(dir=fast()) as name, _limits():
        base = Path(name) / "case"
        (base / "sources").mkdir(parents=True)
        lines = [json.dumps({"id": one, "title": "Harbour news", "body": f"The harbour of {one}."}) for one in ORDINARY]
        (base / "sources" / "good.jsonl").write_text("\n".join(lines))
        try:
            make(base / "sources")
            yield from _tried(base)
        except Exception as error:  # noqa: BLE001 - whatever it is, it was not survived
            yield repr(error)


def _tried(base: Path) -> Iterator[str]:
    before = _files(base)
    indexed = command(base, "index sources --color always")
    yield from _unsafe("index", indexed)
    there = set(command(base, "query harbour --format ids --limit all --no-stories").out.splitlines())
    if missing := ORDINARY - there:
        yield f"{', '.join(sorted(missing))} is lost"
    status = json.loads(command(base, "status --format json").out)
    skipped = json.loads(command(base, "status --skipped --format json").out)["skipped"]
    if status["articles"] <= len(ORDINARY) and not skipped:
        yield "it is neither an article nor skipped"
    for line in SHOWING:
        yield from _unsafe(line, command(base, line))
    every = command(base, "query words:>=0 --format ids --limit all --no-stories").out.splitlines()
    for article in every[:4]:
        for line in ("show", "show --captures", "show --times --origin", "diff"):
            yield from _unsafe(line, _on(base, line, article))
    if strange := _files(base) - before:
        yield f"files appeared: {sorted(strange)}"
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if used > MEMORY:
        yield f"{used >> 20} MB of memory were used"


def _on(base: Path, line: str, article: str) -> Said:
    """Run a command on an article, whose id may be anything."""
    return command(base, f"{line} --color always", "--", article)


def _unsafe(line: str, said: Said) -> Iterator[str]:
    """Yield what is wrong with what a command printed."""
    if said.code not in _CODES or "Traceback" in said.err:
        yield f"{line}: {said}"
    for text in (said.out, said.err):
        for match in _SEQUENCE.finditer(text):
            if match[1] and urlsplit(match[1]).scheme not in ("http", "https", "file"):
                yield f"{line}: a link to {match[1]!r}"
        plain = text.replace("\r\n", "\n") if "--format csv" in line else text  # RFC 4180
        for character in _SEQUENCE.sub("", plain):
            if _acts(character):
                yield f"{line}: U+{ord(character):04X} was printed"
                break
    if "--format csv" in line or "--format tsv" in line:
        yield from (f"{line}: the cell {cell!r} is a formula" for cell in _formulas(line, said.out))


def _acts(character: str) -> bool:
    """Tell whether a character does something to whatever shows it."""
    return character in _BIDI or (unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t")


def _formulas(line: str, out: str) -> Iterator[str]:
    rows = csv.reader(io.StringIO(out), delimiter="," if "csv" in line else "\t")
    for cell in (cell for row in rows for cell in row):
        if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
            yield cell


def _files(base: Path) -> set[str]:
    """Return what is in a folder and around it, but for the index."""
    around = (place for place in base.parent.rglob("*") if ".newsearch" not in place.parts)
    return {str(place) for place in around}


@contextmanager
def _limits() -> Iterator[None]:
    """Let nobody be called, and a case take no longer than it may."""

    def late(_: int, __: FrameType | None) -> NoReturn:
        message = f"it takes more than {SECONDS} seconds"
        raise TimeoutError(message)

    def refuse(*_: object) -> NoReturn:
        message = "somebody on the network was called"
        raise AssertionError(message)

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        with mock.patch.object(socket.socket, "connect", refuse), mock.patch("socket.getaddrinfo", refuse):
            yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
