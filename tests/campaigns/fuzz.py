"""Does anything break what reads the bytes of strangers, found by following where the code goes?

Each target is fuzzed by atheris in a process of its own (with the `fuzz` extra), beginning with small sources of our
own making and with what earlier runs kept. What counts is an error that is not documented, an answer that breaks a law,
more than ten seconds, or more than 2 GB. The input is saved, and tried again with `--input`. How much each target was
fuzzed is added up over all runs in `fuzzing.json`, also of runs that are cut off; of the inputs that reach all that was
reached, small ones are kept when a run ends.
"""

import argparse
import json
import math
import os
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from threading import Lock
from typing import Any, NamedTuple

from .fuzz_seeds import zipped
from .fuzz_targets import TARGETS

TOTALS = Path(__file__).with_name("fuzzing.json")
KEPT = Path(__file__).with_name("fuzz_corpora")
ROOT = Path(__file__).parents[2]
FINDINGS = Path(gettempdir(), "newsearch-findings")
MOST, LONGEST = 48, 4096
"""Inputs that are kept of a target, and bytes of one."""
_SECONDS, _MEGABYTES = 10, 2048
"""That an input may take."""
_ROUND = 120
"""Seconds after which a new process goes on: instrumented code never gives back all of its memory."""
_TOLD = 3_000
"""Characters of what libFuzzer says last."""
_LAUNCHER = '#!/bin/sh\nexec {} -m tests.campaigns.fuzz_process "$0" {} "$@"\n'
"""libFuzzer starts itself again to compare inputs."""
_WORD = re.compile(rb"[\w:/.<>{}\"'=@-]{2,24}")
_COVERED = re.compile(r"^#(\d+)\s.*cov: (\d+)", re.MULTILINE)
_adding = Lock()
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")


class Round(NamedTuple):
    """What a process that fuzzed a target says, and how long it did so."""

    log: str
    seconds: float
    """Of a processor."""

    @property
    def edges(self) -> int:
        """How much of the code was reached, counted in edges between its parts."""
        return max((int(edges) for _, edges in _COVERED.findall(self.log)), default=0)

    @property
    def executions(self) -> int:
        """How many inputs were tried, which a process says at its end, unless it is killed."""
        told = _EXECUTED.search(self.log)
        return int(told[1]) if told else max((int(number) for number, _ in _COVERED.findall(self.log)), default=0)


class Fuzzed(NamedTuple):
    """What came of fuzzing a target for some time."""

    name: str
    last: Round
    found: list[Path]
    """Inputs that break something."""
    kept: list[bytes]
    """Inputs that together reach all that was reached."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="which to fuzz; all in turn when none is given")
    parser.add_argument("--seconds", type=int, default=60, help="of a processor, for each target")
    parser.add_argument("--processes", type=int, default=1, help="targets that are fuzzed at once")
    parser.add_argument("--list", action="store_true", help="tell the targets, and how much each was fuzzed")
    parser.add_argument("--input", type=Path, help="try this file on the target, and nothing else")


def run(options: argparse.Namespace) -> int:
    """Fuzz the targets, and return 1 if something was found."""
    chosen = options.targets or list(TARGETS)
    if unknown := [name for name in chosen if name not in TARGETS]:
        sys.stderr.write(f"there is no target {', '.join(unknown)}; there are {', '.join(TARGETS)}\n")
        return 2
    if options.seconds < 1:
        sys.stderr.write("--seconds: one or more\n")
        return 2
    if options.input:
        for name in chosen:
            TARGETS[name].check(options.input.read_bytes())
        return 0
    if options.list:
        sys.stdout.writelines(f"{told(name)}\n" for name in chosen)
        return 0
    FINDINGS.mkdir(exist_ok=True)
    found: list[str] = []
    with ThreadPoolExecutor(options.processes) as pool:
        for done in as_completed([pool.submit(_fuzz, name, options.seconds) for name in chosen]):
            fuzzed = done.result()
            _keep(fuzzed.name, fuzzed.kept)
            sys.stdout.write(f"{told(fuzzed.name)}\n")
            sys.stdout.flush()
            if fuzzed.found:
                sys.stderr.write(f"{fuzzed.last.log[-_TOLD:]}\n")
            found += [f"{fuzzed.name} --input {file}" for file in fuzzed.found]
    for line in found:
        sys.stderr.write(f"to try it again: python -m tests.campaigns fuzz {line}\n")
    return 1 if found else 0


def told(name: str) -> str:
    """Return how much a target was fuzzed, in a line."""
    known = _totals().get(name)
    if not known:
        return f"{name}: not fuzzed yet"
    counts = (
        f"{known['executions']:,} executions in {known['seconds'] / 60:.1f} CPU minutes, {known['findings']} findings"
    )
    quiet = f"{known['quiet'] / 60:.1f} CPU minutes since new coverage came, on {known['grew']}"
    return f"{name}: {counts}, {quiet}"


def inputs(name: str) -> list[bytes]:
    """Return where the fuzzing of a target begins: its seeds, and what was kept of it."""
    kept = KEPT / f"{name}.zip"
    if not kept.exists():
        return list(TARGETS[name].seeds())
    with zipfile.ZipFile(kept) as archive:
        return [*TARGETS[name].seeds(), *(archive.read(one) for one in archive.namelist())]


def mutated(name: str, count: int) -> Iterator[bytes]:
    """Yield inputs of a target with a few bytes changed, doubled, or from another; the same ones each time."""
    draw = random.Random(name)
    known = inputs(name)
    for _ in range(count):
        data, other = bytearray(draw.choice(known)), draw.choice(known)
        for _ in range(draw.randint(1, 4)):
            start, length = draw.randrange(len(data) + 1), draw.randrange(16)
            piece = draw.choice(
                [b"", draw.randbytes(1), data[start : start + length] * 2, other[start : start + 4 * length]]
            )
            data[start : start + len(piece) + draw.choice((0, 0, length))] = piece
        yield bytes(data)


def _fuzz(name: str, seconds: int) -> Fuzzed:
    """Fuzz a target, in processes of its own that take turns."""
    before = set(FINDINGS.iterdir())
    with TemporaryDirectory() as scratch:
        corpus, merged, words, launcher = (Path(scratch, one) for one in ("corpus", "merged", "words", "launcher"))
        corpus.mkdir()
        merged.mkdir()
        for data in inputs(name):
            (corpus / sha256(data).hexdigest()).write_bytes(data)
        words.write_text(_dictionary([b"title", *TARGETS[name].seeds()]))
        launcher.write_text(_LAUNCHER.format(sys.executable, name))
        launcher.chmod(0o700)
        left = float(seconds)
        while True:
            limits = (f"-max_total_time={math.ceil(min(left, _ROUND))}", f"-dict={words}")
            one = _run(launcher, *limits, f"-artifact_prefix={FINDINGS}/{name}-", corpus)
            _insist_on_begin(name, one)
            found = [file for file in sorted(set(FINDINGS.iterdir()) - before) if file.name.startswith(_found_in(name))]
            _add_up(name, one, len(found))
            left -= one.seconds
            if found or left <= 0:
                break
        _run(launcher, "-set_cover_merge=1", merged, corpus)
        return Fuzzed(name, one, found, [file.read_bytes() for file in merged.iterdir()])


def _insist_on_begin(name: str, one: Round) -> None:
    """Take no process for fuzzing that ended before it reached anything."""
    if not one.edges:
        message = f"{name} was not fuzzed: {one.log.strip()[-_TOLD:]}\nis atheris there? pip install '.[fuzz]'"
        raise SystemExit(message)


def _found_in(name: str) -> tuple[str, ...]:
    """Return how the names of files begin in which libFuzzer keeps what it found."""
    return tuple(f"{name}-{kind}-" for kind in ("crash", "timeout", "oom", "leak"))


def _run(launcher: Path, *options: object) -> Round:
    """Run libFuzzer; return what it says, and how long it took."""
    limits = (f"-timeout={_SECONDS}", f"-rss_limit_mb={_MEGABYTES}", f"-max_len={LONGEST}", "-print_final_stats=1")
    command = [str(launcher), *limits, *map(str, options)]
    with launcher.with_name("log").open("w+", errors="replace") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        return Round(log.read(), used.ru_utime + used.ru_stime)


def _add_up(name: str, one: Round, found: int) -> None:
    """Add a process to what is known of its target."""
    with _adding:
        totals = _totals()
        known = totals.get(name, {"executions": 0, "seconds": 0, "quiet": 0, "edges": 0, "findings": 0, "grew": ""})
        known["executions"] += one.executions
        known["seconds"] += round(one.seconds)
        known["quiet"] += round(one.seconds)
        known["findings"] += found
        if one.edges > known["edges"]:
            known.update(edges=one.edges, quiet=0, grew=datetime.now(UTC).date().isoformat())
        TOTALS.write_text(json.dumps(totals | {name: known}, indent=1, sort_keys=True) + "\n")


def _totals() -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = json.loads(TOTALS.read_text()) if TOTALS.exists() else {}
    return known


def _keep(name: str, found: Sequence[bytes]) -> None:
    """Keep some inputs of a target, of all that are short: any of them, but the same ones each time."""
    seeds = set(TARGETS[name].seeds())
    small = {sha256(data).hexdigest(): data for data in found if len(data) <= LONGEST and data not in seeds}
    kept = dict(sorted(small.items())[:MOST])
    if kept:
        KEPT.mkdir(exist_ok=True)
        (KEPT / f"{name}.zip").write_bytes(zipped(kept))


def _dictionary(seeds: Sequence[bytes]) -> str:
    """Return the words of the seeds as libFuzzer reads them."""
    words = sorted({word for data in seeds for word in _WORD.findall(data)})
    return "".join(f'"{_escaped(word)}"\n' for word in words)


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)
