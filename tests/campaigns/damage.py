"""Is every damage to an index noticed, and can it be mended?

A small archive is built, of several segments, with updates, an article removed for good, skipped records and saved
queries. Each case damages one of its files, or two: a bit is flipped, the end is cut off, a stretch is zeroed, the file
is emptied or gone, or two files of a kind have taken each other's places. Whatever is then asked, the answer must be
that of the undamaged archive, or exit code 3 with a line that names what is damaged and the command that mends it; a
verification must find the damage. After `newsearch repair` all answers must be the right ones again; and where the
sources are gone as well, all articles must be there but those that it names as lost.
"""

import argparse
import io
import json
import multiprocessing
import os
import random
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from unittest import mock

from newsearch.cli.app import run as run_command
from newsearch.ingest.archive import FOLDER

from .outcome import Outcome

KINDS = ("flip", "flip", "flip", "cut", "zero", "empty", "missing", "swap")
SOURCES = "sources"
QUESTIONS = (
    "query words:>0 --limit all --no-stories --format ids",
    "query grain --limit 5 --format jsonl",
    'query "fresh grain" --sort newest --format ids',
    "query date:2025-03 -wheat --limit all --format ids",
    "query saved:bread --format ids",
    "show n7 --format json",
    "show n3 --captures",
    "diff n3",
    "status --skipped",
    "saved",
)
HARMLESS = (".gitignore", "writer.lock", "saved.json.lock", "_MAIN_WRITELOCK", "MAIN_WRITELOCK")
"""Files in which nothing is that matters."""
REMOVED = "n9"
"""An article that was removed for good."""
_DAMAGED = 3
_TOGETHER = 20
"""Cases that a process takes at once."""
_STRETCH = 64
"""Bytes that are zeroed."""


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--cases", type=int, default=200, help="how many to try")
    parser.add_argument("--seed", type=int, default=0, help="of the first case; the others follow")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once")


def run(options: argparse.Namespace) -> int:
    """Try the cases, and return 1 if a damage was not noticed, or not mended."""
    started = time.monotonic()
    seeds = range(options.seed, options.seed + options.cases)
    parts = [seeds[start : start + _TOGETHER] for start in range(0, len(seeds), _TOGETHER)]
    if options.processes == 1:
        tried = list(map(try_all, parts))
    else:
        with ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn")) as pool:
            tried = list(pool.map(try_all, parts))
    failures = [f"--seed {seed} --cases 1: {failure}" for part in tried for seed, failure in part]
    lost = sum("without a word" in failure for failure in failures)
    return Outcome("damage", options.cases, "damages", time.monotonic() - started, lost, failures).report()


def try_all(seeds: Sequence[int]) -> list[tuple[int, str]]:
    """Try some cases, and return those that failed, with what went wrong first."""
    with TemporaryDirectory(dir=fast()) as name:
        healthy = Path(name) / "healthy"
        build(healthy)
        expected = answers(healthy)
        return [(seed, failure) for seed in seeds for failure in [*_try(healthy, expected, seed)][:1]]


def build(base: Path) -> None:
    """Make the archive."""
    (base / SOURCES).mkdir(parents=True)
    _write(base, "a.jsonl", [record(number) for number in range(40)] + ["{broken"])
    command(base, f"index {SOURCES}")
    _write(base, "b.jsonl", [record(number) for number in range(40, 52)])
    command(base, f"index {SOURCES}")
    _write(base, "c.jsonl", [record(3, "Old bread was sold as new.", updated="2025-04-01T08:00:00Z"), record(60)])
    command(base, f"index {SOURCES}")
    command(base, f"remove {REMOVED} --yes")
    command(base, "save bread bread OR grain")
    command(base, "save wheat wheat -grain")


def answers(base: Path) -> dict[str, Said]:
    """Ask everything."""
    return {question: command(base, question) for question in QUESTIONS}


def command(base: Path, line: str, *more: str) -> Said:
    """Run a command line in a folder, in this process; more words may be anything."""
    streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for name in ("stdout", "stderr")}
    words = [word for nth, part in enumerate(line.split('"')) for word in ([f'"{part}"'] if nth % 2 else part.split())]
    with chdir(base), mock.patch.multiple(sys, **streams), mock.patch("os.fsync", _nothing):
        code = run_command([*words, *more])
    out, err = (stream.buffer.getvalue().decode() for stream in streams.values())  # type: ignore[attr-defined]
    return Said(code, out, err)


def damage(folder: Path, draw: random.Random) -> tuple[str, list[str]]:
    """Damage an index, and return how, and the names of the files concerned."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    file, kind = draw.choice(files), draw.choice(KINDS)
    alike = [other for other in files if other.suffix == file.suffix and other != file and other.stat().st_size]
    data = bytearray(file.read_bytes())
    if kind == "swap" and alike:
        other = draw.choice(alike)
        file.write_bytes(other.read_bytes())
        other.write_bytes(data)
        return f"{file.name} and {other.name} swapped", [file.name, other.name]
    if kind == "missing" or not data:
        file.unlink()
        return f"{file.name} missing", [file.name]
    place = draw.randrange(len(data))
    if kind == "zero":
        stretch = data[place : place + _STRETCH]
        data[place : place + _STRETCH] = bytes(len(stretch))
        how = f"zeros from byte {place}"
    elif kind in ("cut", "empty"):
        del data[0 if kind == "empty" else place :]
        how = f"cut off at byte {len(data)}"
    else:
        data[place] ^= 1 << draw.randrange(8)
        how = f"a bit flipped in byte {place}"
    harmless = data == file.read_bytes()
    file.write_bytes(data)
    return f"{file.name}: {how}", [] if harmless else [file.name]


def _try(healthy: Path, expected: dict[str, Said], seed: int) -> Iterator[str]:
    """Damage a copy, and yield what goes wrong with it."""
    with TemporaryDirectory(dir=fast()) as name:
        damaged = Path(name) / "damaged"
        shutil.copytree(healthy, damaged)
        what, concerned = damage(damaged / FOLDER, random.Random(seed))
        try:
            yield from (f"{what}: {failure}" for failure in _failures(Path(name), damaged, expected, concerned))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
            yield f"{what}: {error!r}"


def _failures(scratch: Path, damaged: Path, expected: dict[str, Said], concerned: list[str]) -> Iterator[str]:
    harmless = not set(concerned) - set(HARMLESS)
    verified = command(damaged, "verify")
    if harmless and verified.code:
        yield f"verify: {verified}"
    if not harmless:
        yield from _complaint("verify", verified, concerned)
    for question, said in answers(damaged).items():
        if said[:2] != expected[question][:2]:
            yield from _complaint(question, said, concerned)
    used = scratch / "used"
    shutil.copytree(damaged, used)
    indexed = command(used, f"index {SOURCES}")
    if indexed.code == _DAMAGED:
        yield from _complaint("index", indexed, concerned)
    elif not harmless and (again := command(used, "verify")).code:
        yield from _complaint("verify after index", again, concerned)
    bare = scratch / "bare"
    shutil.copytree(damaged, bare)
    shutil.rmtree(bare / SOURCES)
    yield from _mended(damaged, expected, concerned)
    yield from _rescued(bare, expected)


def _complaint(question: str, said: Said, concerned: list[str]) -> Iterator[str]:
    """Yield what is wrong with what was said instead of an answer."""
    told = f"{said.out}\n{said.err}"
    if said.code != _DAMAGED or "Traceback" in told:
        yield f"{question}: {said}"
    elif "newsearch repair" not in told:
        yield f"{question}: no way to mend it: {told.strip()}"
    elif not any(name in told for name in concerned):
        yield f"{question}: it is not named: {told.strip()}"


def _mended(base: Path, expected: dict[str, Said], concerned: list[str]) -> Iterator[str]:
    """Repair with the sources there, and yield what is not as it was."""
    repaired = command(base, "repair --format json")
    if repaired.code:
        yield f"repair: {repaired}"
        return
    report = json.loads(repaired.out)
    if set(concerned) - set(HARMLESS) and not set(report["damaged"]) & set(concerned):
        yield f"repair: it is not named: {repaired}"
    if (verified := command(base, "verify --deep")).code:
        yield f"verify after repair: {verified}"
    told = " ".join(report["unknown"])
    for question, said in answers(base).items():
        # What the only record of is gone cannot be had back, and is told.
        if "saved" in question and "saved queries" in told:
            continue
        if "removed for good" in told:
            there, wanted = set(said.out.split()), set(expected[question].out.split())
            if question == QUESTIONS[0] and there - {REMOVED} != wanted:
                yield f"after repair: {sorted(there ^ wanted)} are there, or not, and should not be"
        elif said[:2] != expected[question][:2]:
            yield f"{question} after repair: {said}, and not {expected[question]}"


def _rescued(base: Path, expected: dict[str, Said]) -> Iterator[str]:
    """Repair without the sources, and yield what is neither there nor named."""
    repaired = command(base, "repair --format json")
    if repaired.code not in (0, _DAMAGED):
        yield f"repair without sources: {repaired}"
        return
    lost = {one["id"] for one in json.loads(repaired.out)["lost"]}
    if (verified := command(base, "verify --deep")).code:
        yield f"verify after repair without sources: {verified}"
    there = set(command(base, QUESTIONS[0]).out.split())
    wanted = set(expected[QUESTIONS[0]].out.split())
    if missing := wanted - there - lost:
        yield f"lost without a word: {', '.join(sorted(missing))}"
    if strange := there - wanted:
        yield f"there, and should not be: {', '.join(sorted(strange))}"


def _write(base: Path, name: str, lines: Sequence[str]) -> None:
    (base / SOURCES / name).write_text("".join(f"{line}\n" for line in lines))


def record(number: int, body: str = "", **more: str) -> str:
    """Return a line of JSON Lines, the article of a number."""
    crop = ("grain", "wheat", "rye", "bread")[number % 4]
    text = (
        body or f"The fresh grain of lot {number} went to mill {number % 7}. " + f"Ships brought {crop} as well. " * 9
    )
    day = f"2025-03-{number % 28 + 1:02}T08:00:00Z"
    fields = {"id": f"n{number}", "title": f"Lot {number}: {crop}", "body": text, "published": day, "source": "Wire"}
    return json.dumps(fields | more)


def fast() -> str | None:
    """Return a folder in memory, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - folders of random names in it


def _nothing(_: int) -> None:
    """Stand in for the system call: nothing of it is to last."""
