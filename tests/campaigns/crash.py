"""Is anything lost when newsearch is killed, or the disk fails?

A case is a command in a process of its own that is killed: by SIGKILL, SIGTERM or SIGINT, the process alone, all it
has started with it, or one of those; at a random moment, or at one of the calls that matter to a disk. Or one of these
calls fails, with an input/output error or because the disk is full; or the index vanishes. The command takes in sources
for the first time, or what has changed in them; in one go, or with a commit after each article; with several processes;
from HTML pages; it removes articles, saves a query, or repairs.

Afterwards the index must open, and a verification must find nothing; what was there before, and what was acknowledged,
must still be, unless it was to leave; no process may be left. The same command again must come to exactly what it comes
to when nobody disturbs it, and leave no file behind that is not to be there.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from newsearch.errors import DamagedIndexError, IndexUnusableError
from newsearch.ingest import saved
from newsearch.ingest.archive import FOLDER, LEDGER, open_archive
from newsearch.ingest.verification import faults

from .damage import Said, command, fast, record
from .killed import COUNTED, ELSEWHERE, VANISH
from .outcome import Outcome

SOURCES, SCRATCH, TOLD = "sources", "scratch", "acknowledged"
ACTIONS = ("SIGKILL",) * 6 + ("SIGTERM", "SIGINT", "EIO", "ENOSPC", VANISH)
"""What happens at a moment that is counted."""
TARGETS = ("main", "group", "worker")
"""What is killed at a moment that is not."""
REPAIR = "repair"
"""Of which what is left behind may be as damaged as it was."""
PATIENCE = 60.0
"""Seconds after which a process is taken to hang."""
_TOGETHER = 50
"""Cases that a process takes at once."""
_ROOT = Path(__file__).parents[2]
_OWN = {"newsearch.json", "saved.json", "saved.json.lock", "writer.lock", ".gitignore", "index"}
_OWN |= {LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm"}
_INDEX = {".news", ".toc", ".stories"}


class Operation(NamedTuple):
    """What is disturbed."""

    prepare: Callable[[Path], None]
    """Makes a folder what it is before."""
    line: str
    """The command."""
    leaving: frozenset[str] = frozenset()
    """Articles that are to leave."""
    several: bool = False
    """Whether several processes analyse."""
    commit: float = 0.0
    """Seconds from one commit to the next."""


class Undisturbed(NamedTuple):
    """An operation that nobody disturbs."""

    before: Path
    """A folder as it is before."""
    editions: frozenset[tuple[str, str]]
    """What is there before, by id and digest."""
    after: dict[str, Any]
    """What is there at last."""
    seconds: float
    moments: int


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--cases", type=int, default=100, help="how many to try")
    parser.add_argument("--seed", type=int, default=0, help="of the first case; the others follow")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once")


def run(options: argparse.Namespace) -> int:
    """Try the cases, and return 1 if something was lost, or not finished."""
    started = time.monotonic()
    seeds = range(options.seed, options.seed + options.cases)
    parts = [seeds[start : start + _TOGETHER] for start in range(0, len(seeds), _TOGETHER)]
    if options.processes == 1:
        tried = list(map(try_all, parts))
    else:
        with ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn")) as pool:
            tried = list(pool.map(try_all, parts))
    failures = [f"--seed {seed} --cases 1: {failure}" for part in tried for seed, failure in part]
    lost = sum("is lost" in failure for failure in failures)
    return Outcome("crash", options.cases, "kills and faults", time.monotonic() - started, lost, failures).report()


def try_all(seeds: Sequence[int]) -> list[tuple[int, str]]:
    """Try some cases, and return those that failed, with what went wrong first."""
    with TemporaryDirectory(dir=fast()) as name:
        known: dict[str, Undisturbed] = {}
        return [(seed, failure) for seed in seeds for failure in [*_try(Path(name), known, seed)][:1]]


def fresh(base: Path) -> None:
    """Make sources."""
    (base / SOURCES).mkdir(parents=True)
    _write(base, "a.jsonl", [*map(record, range(8)), "{broken"])
    _write(base, "b.jsonl", list(map(record, range(8, 12))))
    _write(base, "c.jsonl", list(map(record, range(12, 15))))


def indexed(base: Path) -> None:
    """Make an index."""
    fresh(base)
    command(base, f"index {SOURCES}")
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


def pages(base: Path) -> None:
    """Make sources that are pages."""
    fresh(base)
    for number in range(3):
        text = f"<p>The mill of lot {number} was sold to a baker who wants to grind grain in it again.</p>" * 3
        page = f"<html><head><title>Mill {number} sold</title></head><body><article>{text}</article></body></html>"
        (base / SOURCES / f"{number}.html").write_text(page)


OPERATIONS = {
    "first": Operation(fresh, f"index {SOURCES}"),
    "first in one go": Operation(fresh, f"index {SOURCES}", commit=60.0),
    "first by several": Operation(fresh, f"index {SOURCES}", several=True),
    "changed": Operation(changed, f"index {SOURCES}", frozenset({"n7", "n12", "n13", "n14"})),
    "changed by several": Operation(changed, f"index {SOURCES}", frozenset({"n7", "n12", "n13", "n14"}), several=True),
    "remove": Operation(indexed, "remove n3 n9 --yes", frozenset({"n3", "n9"})),
    "save": Operation(indexed, "save rye rye"),
    "repair": Operation(damaged, REPAIR),
    "pages": Operation(pages, f"index {SOURCES}", commit=60.0),
}


def _try(scratch: Path, known: dict[str, Undisturbed], seed: int) -> Iterator[str]:
    """Disturb an operation, and yield what goes wrong."""
    draw = random.Random(seed)
    name = draw.choice(list(OPERATIONS))
    operation = OPERATIONS[name]
    if name not in known:
        known[name] = _undisturbed(scratch / name.replace(" ", "-"), operation)
    whole = known[name]
    with TemporaryDirectory(dir=scratch) as place:
        base = Path(place) / "case"
        shutil.copytree(whole.before, base)
        counted = draw.random() < _COUNTED
        if counted:
            action, moment = draw.choice(ACTIONS), draw.randint(1, whole.moments)
            what = f"{name}, {action} at call {moment} of {whole.moments}"
            failing = _run(base, operation, moment, action)
        else:
            target, seconds = draw.choice(TARGETS), draw.uniform(0, whole.seconds)
            what = f"{name}, {target} killed after {seconds:.3f} of {whole.seconds:.3f} s"
            failing = _run(base, operation, killed=partial(_kill, target, seconds))
        try:
            yield from (f"{what}: {failure}" for failure in _failures(base, operation, whole, failing))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no success
            yield f"{what}: {error!r}"


_COUNTED = 0.75
"""The share of cases in which the moment is one of the calls."""


def _undisturbed(base: Path, operation: Operation) -> Undisturbed:
    """Run an operation to its end."""
    before = base / "before"
    operation.prepare(before)
    after = base / "after"
    shutil.copytree(before, after)
    started = time.monotonic()
    said = _run(after, operation)
    seconds = time.monotonic() - started
    moments = int(said.err.rpartition(COUNTED)[2])
    return Undisturbed(before, editions_of(before), content_of(after), seconds, moments)


def editions_of(base: Path) -> frozenset[tuple[str, str]]:
    """Return what is in an index, by id and digest; nothing where there is none that can be read."""
    with suppress(IndexUnusableError), open_archive(base / FOLDER) as archive:
        return frozenset((one.article.id, one.digest) for one in archive.engine.scan())
    return frozenset()


def _failures(base: Path, operation: Operation, whole: Undisturbed, said: Said) -> Iterator[str]:
    """Yield what is wrong after a disturbance, and after the same command again."""
    if "Traceback" in said.err or "internal error" in said.err:
        yield f"it ended with {said}"
    if (base / ELSEWHERE).exists():
        _come_back(base)
    yield from committed(base, operation, whole)
    again = command(base, operation.line)
    if again.code not in (0, 1, 5):
        yield f"again: {again}"
    content = content_of(base)
    if content != whole.after:
        parts = {name: (content[name], whole.after[name]) for name in content if content[name] != whole.after[name]}
        yield f"at last it is not what it is undisturbed: {parts}"
    with open_archive(base / FOLDER) as archive:
        yield from (f"at last: {fault}" for fault in faults(archive, lambda _: None, deep=True))
    names = {file.name for file in (base / FOLDER).iterdir() if not file.name.startswith("damaged-")}
    strange = [*(names - _OWN), *(file.name for file in (base / SCRATCH).iterdir())]
    kept = (base / FOLDER / "index").iterdir()
    strange += [file.name for file in kept if file.suffix not in _INDEX and not file.name.endswith("WRITELOCK")]
    if strange:
        yield f"files are left over: {', '.join(strange)}"


def committed(base: Path, operation: Operation, whole: Undisturbed) -> Iterator[str]:
    """Yield what is wrong with the state that was left behind."""
    told = (base / TOLD).read_text().splitlines() if (base / TOLD).exists() else []
    acknowledged = set(json.loads(told[-1])) if told else set()
    try:
        with open_archive(base / FOLDER) as archive:
            there = {(one.article.id, one.digest) for one in archive.engine.scan()}
            yield from faults(archive, lambda _: None, deep=False) if operation.line != REPAIR else ()
    except DamagedIndexError as error:
        if operation.line != REPAIR:
            yield f"it is damaged: {error}"
        return
    except IndexUnusableError as error:  # as long as there is none
        if whole.editions or acknowledged:
            yield f"everything is lost: {error}"
        return
    names = {name for name, _ in there}
    for name in {name for name, _ in whole.editions} | acknowledged:
        if name not in names and name not in operation.leaving:
            yield f"{name} is lost"
    wanted = {(name, digest) for name, digest, *_ in whole.after["editions"]}
    if strange := there - wanted - whole.editions:
        yield f"there are editions of no state: {sorted(strange)}"


def content_of(base: Path) -> dict[str, Any]:
    """Return all that an archive consists of, as far as it does not depend on the time."""
    with open_archive(base / FOLDER) as archive:
        editions = [
            (one.article.id, one.digest, one.superseded, str(one.article.origin)) for one in archive.engine.scan()
        ]
        captures = [(one.id, one.digest, str(one.origin)) for one in archive.ledger.captures()]
        skipped = [(str(one.origin), one.reason) for one in archive.ledger.skipped()]
        removed = [row[1] for row in archive.ledger.rows("removed")]
        stories = archive.engine.statistics().stories
    return {
        "editions": sorted(editions),
        "captures": sorted(captures),
        "skipped": sorted(skipped),
        "removed": sorted(removed),
        "stories": stories,
        "saved": saved.load(base / FOLDER),
    }


def _run(
    base: Path,
    operation: Operation,
    moment: int = 0,
    action: str = "",
    killed: Callable[["subprocess.Popen[str]"], None] | None = None,
) -> Said:
    """Run an operation in a process of its own, until it and all it has started has ended."""
    (base / SCRATCH).mkdir()
    how = {"at": moment, "by": action, "several": operation.several, "commit": operation.commit}
    told = json.dumps({**how, "told": str(base / TOLD)})
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "TMPDIR": str(base / SCRATCH)}
    line = [sys.executable, "-m", "tests.campaigns.killed", told, *operation.line.split()]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        line, cwd=base, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        if killed:
            killed(process)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return Said(-1, "", f"Traceback: it hung: {process.communicate()}")
    if left := _left(process.pid, PATIENCE):
        os.killpg(process.pid, signal.SIGKILL)
        return Said(-1, "", f"Traceback: processes are left: {left}")
    return Said(process.returncode, out, err)


def _kill(target: str, seconds: float, process: "subprocess.Popen[str]") -> None:
    """Kill a process, all of its group, or one that it has started, after some time."""
    time.sleep(seconds)
    started = [pid for pid in _session(process.pid) if pid != process.pid]
    with suppress(ProcessLookupError):
        if target == "group":
            os.killpg(process.pid, signal.SIGKILL)
        elif target == "worker" and started:
            os.kill(started[-1], signal.SIGKILL)
        else:
            process.kill()


def _left(session: int, seconds: float) -> list[int]:
    """Return the processes of a session that do not end in some time."""
    deadline = time.monotonic() + seconds
    while (left := _session(session)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _session(number: int) -> list[int]:
    """Return the living processes of a session, the youngest last."""
    found: list[int] = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, session, *_ = file.read_text().rpartition(") ")[2].split()
            if int(session) == number and state not in "ZX":
                found.append(int(file.parent.name))
    return sorted(found)


def _come_back(base: Path) -> None:
    """Let a folder that had vanished be there again; one that was made in its place meanwhile goes."""
    shutil.rmtree(base / FOLDER, ignore_errors=True)
    (base / ELSEWHERE).rename(base / FOLDER)


def _write(base: Path, name: str, lines: Sequence[str]) -> None:
    (base / SOURCES / name).write_text("".join(f"{line}\n" for line in lines))
