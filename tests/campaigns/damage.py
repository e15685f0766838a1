"""Is every damage to an index noticed, and can it be mended?

A small archive is built, of several segments, with updates, an article removed for good, skipped records and saved
queries; in some cases the process that wrote last was killed right after its commit. Each case damages one of its
files, or two: a bit is flipped, the end is cut off, a stretch is zeroed, the file is emptied or gone, two files of a
kind have taken each other's places, or the ledger is one of an earlier time. Whatever is then asked, the answer must be
that of the undamaged archive, or exit code 3 with a line that names what is damaged and the command that mends it; a
verification must find the damage. `newsearch repair --dry-run` must tell what the repair then does. After it all
answers must be the right ones again; and where the sources are gone as well, all articles must be there but those that
it names as lost, which can only be such as are stored in no file as they were.
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
from typing import Any, NamedTuple
from unittest import mock

from newsearch.cli.app import run as run_command
from newsearch.ingest.archive import FOLDER, LEDGER
from newsearch.ingest.ledger import Ledger

from .damages import changed, contents, damage, lossy
from .outcome import Outcome

SOURCES = "sources"
ALL = "query words:>0 --limit all --no-stories --format ids"
QUESTIONS = (
    ALL,
    "query grain --limit 5 --format jsonl",
    'query "fresh grain" --sort newest --format ids',
    "query date:2025-03 -wheat --limit all --format ids",
    "query saved:bread --format ids",
    "show n7 --format json",
    "show n3 --captures",
    "diff n3",
    "status",
    "status --skipped",
    "saved",
)
REMOVED = "n9"
"""An article that was removed for good."""
_DAMAGED = 3
_TOGETHER = 20
"""Cases that a process takes at once."""
_TWICE = 0.1
"""Cases in which two damages are done."""
_KILLED = 0.25
"""Cases in which the process that had written last was killed right after its commit."""
_OF_RUN = {"aside": None}
"""What a report tells of its own run alone."""
_PASSING = ("index ", "size ", "last commit ")
"""What `status` says that goes by the time or the place."""


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
        healthy, killed, earlier = (Path(name) / one for one in ("healthy", "killed", "earlier"))
        with mock.patch("secrets.choice", random.Random(0).choice):  # so that a seed finds the same files each time
            states = build(healthy, killed, earlier)
        expected = answers(healthy)
        tries = ((seed, _try((healthy, killed), expected, states, seed)) for seed in seeds)
        return [(seed, failure) for seed, found in tries for failure in [*found][:1]]


def build(base: Path, killed: Path, earlier: Path) -> list[Path]:
    """Make the archive, and as it is when the process that removed an article is killed; return earlier states."""
    states: list[Path] = []

    def keep() -> None:
        states.append(earlier / f"{len(states)}")
        shutil.copytree(base / FOLDER, states[-1])

    close = Ledger.close

    def killed_before_closing(ledger: Ledger) -> None:
        shutil.rmtree(killed, ignore_errors=True)
        shutil.copytree(base, killed)
        close(ledger)

    (base / SOURCES).mkdir(parents=True)
    with mock.patch("newsearch.engines.whoosh.building.STORED_BLOCK", 1 << 11):
        _write(base, "a.jsonl", [record(number) for number in range(40)] + ["{broken"])
        command(base, f"index {SOURCES}")
        command(base, "save bread bread OR grain")
        command(base, "save wheat wheat -grain")
        keep()
        _write(base, "b.jsonl", [record(number) for number in range(40, 52)])
        command(base, f"index {SOURCES}")
        keep()
        _write(base, "c.jsonl", [record(3, "Old bread was sold as new.", updated="2025-04-01T08:00:00Z"), record(60)])
        command(base, f"index {SOURCES}")
        keep()
        with mock.patch.object(Ledger, "close", killed_before_closing):
            command(base, f"remove {REMOVED} --yes")
    return states


def answers(base: Path) -> dict[str, Said]:
    """Ask everything."""
    said = {question: command(base, question) for question in QUESTIONS}
    lines = [line for line in said["status"].out.splitlines() if not line.startswith(_PASSING)]
    return said | {"status": said["status"]._replace(out="\n".join(lines))}


def command(base: Path, line: str, *more: str, stdin: str = "") -> Said:
    """Run a command line in a folder, in this process; more words may be anything."""
    streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for name in ("stdout", "stderr")}
    words = [word for nth, part in enumerate(line.split('"')) for word in ([f'"{part}"'] if nth % 2 else part.split())]
    given = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8", "replace")), "utf-8")
    with chdir(base), mock.patch.multiple(sys, stdin=given, **streams), mock.patch("os.fsync", _nothing):
        code = run_command([*words, *more])
    out, err = (stream.buffer.getvalue().decode() for stream in streams.values())  # type: ignore[attr-defined]
    return Said(code, out, err)


def _try(archives: Sequence[Path], expected: dict[str, Said], earlier: Sequence[Path], seed: int) -> Iterator[str]:
    """Damage a copy, and yield what goes wrong with it."""
    draw = random.Random(seed)
    healthy = archives[draw.random() < _KILLED]
    with TemporaryDirectory(dir=fast()) as name:
        damaged = Path(name) / "damaged"
        shutil.copytree(healthy, damaged)
        whats = [damage(damaged / FOLDER, earlier, draw) for _ in range(1 + (draw.random() < _TWICE))]
        concerned = changed(healthy / FOLDER, damaged / FOLDER)
        case = _Case(expected, concerned, lossy(healthy / FOLDER, damaged / FOLDER), killed=healthy == archives[1])
        try:
            yield from (f"{', '.join(whats)}: {failure}" for failure in case.failures(Path(name), damaged))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
            yield f"{', '.join(whats)}: {error!r}"


class _Case(NamedTuple):
    """A damaged archive."""

    expected: dict[str, Said]
    """What the whole one answers."""
    concerned: frozenset[str]
    """The names of the files that are not what they were, and matter."""
    lossy: frozenset[str]
    """The articles of which something is stored in no file as it was."""
    killed: bool
    """Whether the process that wrote last was killed."""

    def failures(self, scratch: Path, damaged: Path) -> Iterator[str]:
        """Yield what goes wrong."""
        verified = command(damaged, "verify")
        if not self.concerned and verified.code:
            yield f"verify: {verified}"
        if self.concerned:
            yield from self._complaint("verify", verified)
        yield from self._right_or_told(damaged)
        used, bare = scratch / "used", scratch / "bare"
        shutil.copytree(damaged, used)
        indexed = command(used, f"index {SOURCES}")
        if indexed.code:
            yield from self._complaint("index", indexed)
        else:
            yield from (f"after index: {failure}" for failure in self._right_or_told(used))
        shutil.copytree(damaged, bare)
        shutil.rmtree(bare / SOURCES)
        yield from self._mended(damaged)
        yield from (f"without sources: {failure}" for failure in self._rescued(bare))

    def _right_or_told(self, base: Path) -> Iterator[str]:
        """Yield what is neither the right answer nor a complaint."""
        for question, said in answers(base).items():
            if said[:2] != self.expected[question][:2]:
                yield from self._complaint(question, said)

    def _complaint(self, question: str, said: Said) -> Iterator[str]:
        """Yield what is wrong with what was said instead of an answer."""
        told = f"{said.out}\n{said.err}"
        if said.code != _DAMAGED or "Traceback" in told:
            yield f"{question}: {said}"
        elif "newsearch repair" not in told:
            yield f"{question}: no way to mend it: {told.strip()}"
        elif not any(name in told for name in self.concerned):
            yield f"{question}: it is not named: {told.strip()}"

    def _repaired(self, base: Path) -> tuple[dict[str, Any], list[str]]:
        """Repair, and return the report, and what is wrong with it."""
        before = contents(base)
        would, after = command(base, "repair --dry-run --format json"), contents(base)
        # A journal that was left behind is gone when the ledger is next read.
        touched = {name for name in before if before[name] != after.get(name) and not (self.killed and LEDGER in name)}
        done = command(base, "repair --format json")
        if {done.code, would.code} - {0, _DAMAGED}:
            return {}, [f"repair: {would}, {done}"]
        report = json.loads(done.out)
        wrong = [f"it would be {would.out}, and is {done.out}"] * (json.loads(would.out) | _OF_RUN != report | _OF_RUN)
        wrong += [f"a dry run changes {touched}"] * bool(touched)
        wrong += [f"the exit code is {done.code}: {done.out}"] * (
            bool(done.code) != bool(report["lost"] or report["unknown"])
        )
        if bool(self.concerned) != bool(set(report["damaged"]) & self.concerned):
            wrong.append(f"what is damaged is not named: {done.out}")
        verified = command(base, "verify --deep")
        wrong += [f"after it: {verified}"] * bool(verified.code)
        return report, [f"repair: {one}" for one in wrong]

    def _mended(self, base: Path) -> Iterator[str]:
        """Repair with the sources there, and yield what is not as it was."""
        report, wrong = self._repaired(base)
        yield from wrong
        if not report:
            return
        if report["lost"]:
            yield f"repair: lost in spite of the sources: {report['lost']}"
        if "newsearch index" in " ".join(report["unknown"]):
            command(base, f"index {SOURCES}")
        for question, said in answers(base).items():
            wanted = self.expected[question]
            if said[:2] != wanted[:2] and not _is_excused(question, said, wanted, report["unknown"]):
                yield f"{question} after repair: {said}, and not {wanted}"

    def _rescued(self, base: Path) -> Iterator[str]:
        """Repair without the sources, and yield what is neither there nor named."""
        report, wrong = self._repaired(base)
        yield from wrong
        if not report:
            return
        lost = {one["id"] for one in report["lost"]}
        there = set(command(base, ALL).out.split())
        wanted = set(self.expected[ALL].out.split())
        unnamed = self.lossy if "other sources" in " ".join(report["unknown"]) else frozenset[str]()
        if missing := wanted - there - lost - unnamed:
            yield f"lost without a word: {', '.join(sorted(missing))}"
        if strange := there - wanted:
            yield f"there, and should not be: {', '.join(sorted(strange))}"
        if needless := lost - self.lossy - {REMOVED}:
            yield f"lost for nothing: {', '.join(sorted(needless))}"
        if lost or report["unknown"]:
            return
        for question, said in answers(base).items():
            # Of files that are gone a ledger that was damaged does not know that they had been read to their ends.
            excused = question == "status" and LEDGER in self.concerned
            if said[:2] != self.expected[question][:2] and not excused:
                yield f"{question} after repair: {said}, and not {self.expected[question]}"


def _is_excused(question: str, said: Said, wanted: Said, unknown: Sequence[str]) -> bool:
    """Tell whether an answer is another one because of what was told that it cannot be had back."""
    told = " ".join(unknown)
    if "saved" in question and "saved queries" in told:
        return True
    if "removed for good" not in told:
        return False
    return question != ALL or set(said.out.split()) - {REMOVED} == set(wanted.out.split())


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
