"""Is anything lost when newsearch is killed, or the disk fails?

A case is a command in a process of its own that is disturbed. It is killed, by SIGKILL, SIGTERM or SIGINT: the process
alone, all it has started with it, or one of those; at a random moment, at one of the calls that matter to a disk, or at
a system call of any of the processes. Or such a call fails, or all do from then on; the disk is full; the index can no
more be written; or a folder vanishes. The command takes in sources for the first time, or what has changed in them; in
one go, or with a commit after each article; with several processes; from HTML pages; it follows the sources, removes
articles, saves a query, or repairs.

Afterwards the index must open, and be what one of the commits that an undisturbed run makes left: the last one that was
acknowledged, or the one after it; a verification must find nothing, and no process may be left. The command must have
ended as the contract of the command line says. The same work again must come to exactly what it comes to when nobody
disturbs it, and leave no file behind that is not to be there.

Small disks need the right to mount, and system calls strace; cases that cannot be tried are counted.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, suppress
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from newsearch.errors import DamagedIndexError, IndexUnusableError
from newsearch.ingest import saved
from newsearch.ingest.archive import FOLDER, LEDGER, open_archive
from newsearch.ingest.verification import faults

from . import processes
from .damage import Said, command, fast
from .killed import COUNTED, ELSEWHERE, FAULTS, READ_ONLY, STAYS, VANISH, state_of
from .operations import OPERATIONS, REPAIR, Operation
from .outcome import Outcome
from .processes import SCRATCH, TOLD

TRACES = "traces"
SIGNALS = ("SIGKILL",) * 6 + ("SIGTERM", "SIGINT")
TARGETS = [(target, "SIGKILL") for target in ("main", "group", "worker")] + [
    *(("main", "SIGTERM"), ("main", "SIGINT"), ("group", "SIGINT"))
]
CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "ftruncate", "mkdir", "link", "openat")
"""System calls that a process may be killed at."""
FAILING = ("pwrite64", "fsync", "fdatasync", "rename", "ftruncate", "mkdir", "link")
"""Those that may fail; the others are also for what is no file of the index."""
FULL = "full disk"
_ROOM = 400_000
"""Bytes of a disk that the work may take before it is full, at most."""
_OWN = {"newsearch.json", "saved.json", "saved.json.lock", "writer.lock", ".gitignore", "index"}
_OWN |= {LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm"}
_INDEX = {".news", ".toc", ".stories"}
_PROBE = 4
"""Bytes of the file by which Python tries a folder for temporary files."""
_UNUSABLE, _SKIPPED, _MISSING, _INTERRUPTED, _TERMINATED = 3, 5, 2, 130, 143

State = list[list[Any]]


class Undisturbed(NamedTuple):
    """An operation that nobody disturbs."""

    before: Path
    """A folder as it is before."""
    states: list[State]
    """What is there before, and after each commit."""
    after: dict[str, Any]
    """What is there at last."""
    code: int
    seconds: float
    moments: int

    @property
    def leaving(self) -> set[str]:
        """The ids of articles that are to leave."""
        return _names(self.states[0]) - _names(self.states[-1])


class Disturbance(NamedTuple):
    """What happens to a process."""

    what: str
    by: str
    """A signal, a fault, or what becomes of a folder."""
    at: int = 0
    """The number of the call at which it happens; 0 for none."""
    target: str = ""
    """Which process is killed at a moment, if any."""
    seconds: float = 0.0
    """Before that moment."""
    call: str = ""
    """The system call at which it happens, if any."""
    room: int = 0
    """Bytes of a disk that may be taken; 0 for all there are."""

    @property
    def is_kill(self) -> bool:
        """Whether a process is told to end."""
        return self.by in SIGNALS


class Tried(NamedTuple):
    """What became of a case."""

    seed: int
    kind: str
    """`kills`, `faults`, or `not tried`."""
    failure: str = ""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--cases", type=int, default=100, help="how many to try")
    parser.add_argument("--seed", type=int, default=0, help="of the first case; the others follow")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="at once")


def run(options: argparse.Namespace) -> int:
    """Try the cases, and return 1 if something was lost, or not finished."""
    started = time.monotonic()
    seeds = range(options.seed, options.seed + options.cases)
    parts = [seeds[first :: options.processes] for first in range(options.processes)]
    if options.processes == 1:
        tried = try_all(seeds)
    else:
        with ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn")) as pool:
            tried = [one for part in pool.map(try_all, parts) for one in part]
    failures = [f"--seed {one.seed} --cases 1: {one.failure}" for one in sorted(tried) if one.failure]
    lost = sum("is lost" in failure for failure in failures)
    kinds = Counter(one.kind for one in tried)
    what = f"cases ({', '.join(f'{count:,} {kind}' for kind, count in sorted(kinds.items()))})"
    untried = kinds["not tried"]
    return Outcome("crash", options.cases, what, time.monotonic() - started, lost, failures, untried=untried).report()


def try_all(seeds: Sequence[int]) -> list[Tried]:
    """Try some cases."""
    with TemporaryDirectory(dir=fast()) as name:
        known: dict[str, Undisturbed] = {}
        return [_try(Path(name), known, seed) for seed in seeds]


def _try(scratch: Path, known: dict[str, Undisturbed], seed: int) -> Tried:
    """Disturb an operation, and return what goes wrong first."""
    draw = random.Random(seed)
    name = draw.choice(list(OPERATIONS))
    operation = OPERATIONS[name]
    if name not in known:
        known[name] = undisturbed(scratch / name.replace(" ", "-"), operation)
    whole = known[name]
    disturbance = draw.choices(list(KINDS), list(KINDS.values()))[0](draw, whole)
    with TemporaryDirectory(dir=scratch) as place, ExitStack() as disk:
        base = Path(place, "case")
        room = processes.size_of(whole.before) + disturbance.room
        can = disk.enter_context(processes.small_disk(base, room)) if disturbance.room else True
        if not can or not _is_possible(disturbance):
            return Tried(seed, "not tried")
        shutil.copytree(whole.before, base, dirs_exist_ok=True)
        try:
            failure = next(_failures(base, operation, whole, disturbance), "")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no success
            failure = repr(error)
    what = f"{name}, {disturbance.what}: {failure}" if failure else ""
    return Tried(seed, "kills" if disturbance.is_kill else "faults", what)


def _signal_at_call(draw: random.Random, whole: Undisturbed) -> Disturbance:
    by, at = draw.choice(SIGNALS), draw.randint(1, whole.moments)
    return Disturbance(f"{by} at call {at} of {whole.moments}", by, at)


def _signal_at_moment(draw: random.Random, whole: Undisturbed) -> Disturbance:
    (target, by), seconds = draw.choice(TARGETS), draw.uniform(0, whole.seconds)
    what = f"{by} to {target} after {seconds:.3f} of {whole.seconds:.3f} s"
    return Disturbance(what, by, target=target, seconds=seconds)


def _fault_at_call(draw: random.Random, whole: Undisturbed) -> Disturbance:
    by, at = draw.choice(list(FAULTS)) + draw.choice(("", STAYS)), draw.randint(1, whole.moments)
    return Disturbance(f"{by} at call {at} of {whole.moments}", by, at)


def _folder_at_call(draw: random.Random, whole: Undisturbed) -> Disturbance:
    by, at = draw.choice((*VANISH, READ_ONLY)), draw.randint(1, whole.moments)
    return Disturbance(f"{by} at call {at} of {whole.moments}", by, at)


def _signal_at_system_call(draw: random.Random, _: Undisturbed) -> Disturbance:
    by, call, at = draw.choice(SIGNALS), draw.choice(CALLS), int(2 ** draw.uniform(0, 8))
    return Disturbance(f"{by} at {call} number {at}", by, at, call=call)


def _fault_at_system_call(draw: random.Random, _: Undisturbed) -> Disturbance:
    by, call, at = draw.choice(("EIO", "ENOSPC")), draw.choice(FAILING), int(2 ** draw.uniform(0, 6))
    by += draw.choice(("", STAYS))
    return Disturbance(f"{by} at {call} number {at}", by, at, call=call)


def _full_disk(draw: random.Random, _: Undisturbed) -> Disturbance:
    room = draw.randrange(1, _ROOM)
    return Disturbance(f"{FULL} after {room:,} bytes", FULL, room=room)


KINDS: dict[Callable[[random.Random, Undisturbed], Disturbance], float] = {
    _signal_at_call: 12,
    _signal_at_moment: 5,
    _signal_at_system_call: 3,
    _fault_at_call: 3,
    _fault_at_system_call: 2,
    _folder_at_call: 2,
    _full_disk: 2,
}
"""How to disturb, and how often."""


@cache
def _can_trace() -> bool:
    return processes.can_trace()


@cache
def _can_be_read_only() -> bool:
    with TemporaryDirectory(dir=fast()) as name:
        return processes.can_be_read_only(Path(name))


def _is_possible(disturbance: Disturbance) -> bool:
    """Tell whether something can be tried on this machine."""
    if disturbance.by == READ_ONLY:
        return _can_be_read_only()
    return not disturbance.call or _can_trace()


def undisturbed(base: Path, operation: Operation) -> Undisturbed:
    """Run an operation to its end."""
    before, place = base / "before", base / "place"
    operation.prepare(before)
    states = [_state_in(before)]
    after = place / "case"
    shutil.copytree(before, after)
    began: list[float] = []
    said = _run(after, operation, Disturbance("", ""), lambda _: began.append(time.monotonic()))
    seconds = time.monotonic() - began[0]
    command(after, operation.then)
    moments = int(said.err.rpartition(COUNTED)[2])
    return Undisturbed(before, states + told(place), content_of(after), said.code, seconds, moments)


def _run(
    base: Path,
    operation: Operation,
    disturbance: Disturbance,
    ready: "Callable[[processes.Process], None] | None" = None,
) -> Said:
    """Run an operation in a process of its own, and disturb it; `ready` is called when newsearch begins."""
    place = base.parent
    (place / SCRATCH).mkdir()
    at, by = (0, "") if disturbance.target or disturbance.call else (disturbance.at, disturbance.by)
    how = {"at": at, "by": by, "several": operation.several, "commit": operation.commit, "coming": operation.coming}
    orders = json.dumps({**how, "told": str(place / TOLD)})
    line = [sys.executable, "-m", "tests.campaigns.killed", orders, *operation.line.split()]
    if disturbance.call:
        line = processes.traced(line, place / TRACES, disturbance.call, _injected(disturbance))
    if disturbance.target:
        ready = partial(processes.kill, disturbance.target, getattr(signal, disturbance.by), disturbance.seconds)
    try:
        return processes.run(line, base, ready)
    finally:
        if disturbance.by == READ_ONLY and (base / FOLDER).exists():
            processes.make_writable(base / FOLDER)


def _injected(disturbance: Disturbance) -> str:
    """Say in strace's words what happens at a system call."""
    by = disturbance.by.removesuffix(STAYS)
    what = f"signal={by}" if disturbance.is_kill else f"error={by}"
    return f"{what}:when={disturbance.at}{'+' * disturbance.by.endswith(STAYS)}"


def _failures(base: Path, operation: Operation, whole: Undisturbed, disturbance: Disturbance) -> Iterator[str]:
    """Yield what is wrong after a disturbance, and after the same work again."""
    said = _run(base, operation, disturbance)
    yield from _ending(said, disturbance, whole)
    if disturbance.room:
        processes.enlarge(base)
    if (base / ELSEWHERE).exists():
        _come_back(base, VANISH[disturbance.by])
    yield from committed(base, operation, whole, exact=disturbance.by != "sources vanish" and operation.line != REPAIR)
    operation.catch_up(base)
    fine = {0, 1, _SKIPPED} | ({whole.code} if operation.line == REPAIR else set())
    for line in (operation.again, operation.then):
        if (again := command(base, line)).code not in fine:
            yield f"again: {again}"
    content = content_of(base)
    if content != whole.after:
        parts = {name: (content[name], whole.after[name]) for name in content if content[name] != whole.after[name]}
        yield f"at last it is not what it is undisturbed: {parts}"
    with open_archive(base / FOLDER) as archive:
        yield from (f"at last: {fault}" for fault in faults(archive, lambda _: None, deep=True))
    if strange := _strangers(base):
        yield f"files are left over: {', '.join(strange)}"


def _ending(said: Said, disturbance: Disturbance, whole: Undisturbed) -> Iterator[str]:
    """Yield what is wrong with how a process ended."""
    complaints = [line for line in said.err.splitlines() if line.startswith("newsearch: ") and "interrupted" in line]
    if "Traceback" in said.err or "internal error" in said.err or said.code not in _codes(disturbance, whole):
        yield f"it ended with {said}"
    elif said.code in {_INTERRUPTED, _TERMINATED} - {whole.code} and not complaints:
        yield f"it does not say that it was interrupted: {said}"


def _codes(disturbance: Disturbance, whole: Undisturbed) -> set[int]:
    """Return the exit codes with which a command may end."""
    if disturbance.by == "SIGKILL":
        return {whole.code, -signal.SIGKILL, _UNUSABLE}
    if disturbance.by == "SIGTERM":
        return {whole.code, -signal.SIGTERM, _TERMINATED}
    if disturbance.by == "SIGINT":
        return {whole.code, _INTERRUPTED, -signal.SIGINT}  # Python lets go of signals before it ends
    return {whole.code, _UNUSABLE, *((_MISSING, _SKIPPED) if disturbance.by == "sources vanish" else ())}


def committed(base: Path, operation: Operation, whole: Undisturbed, *, exact: bool) -> Iterator[str]:
    """Yield what is wrong with the state that was left behind.

    Args:
        base: the folder.
        operation: that was disturbed.
        whole: it undisturbed.
        exact: whether it must be a state of the undisturbed operation; else it may lack what was not there before.
    """
    acknowledged = told(base.parent)
    try:
        with open_archive(base / FOLDER) as archive:
            there = state_of(archive.engine)
            yield from faults(archive, lambda _: None, deep=False) if operation.line != REPAIR else ()
    except DamagedIndexError as error:
        if operation.line != REPAIR:
            yield f"it is damaged: {error}"
        return
    except IndexUnusableError as error:  # as long as there is none
        if whole.states[0] or acknowledged:
            yield f"everything is lost: {error}"
        return
    last = [whole.states[0], *acknowledged][-1]
    for name in sorted(_names(last) - _names(there) - whole.leaving):
        yield f"{name} is lost"
    if exact and there not in whole.states[len(acknowledged) : len(acknowledged) + 2]:
        yield f"it is none of the states it can be in after {len(acknowledged)} commits: {there}"
    editions = {tuple(edition) for state in whole.states for edition in state}
    if operation.line != REPAIR and (strange := {tuple(edition) for edition in there} - editions):
        yield f"there are editions of no state: {sorted(strange)}"


def told(place: Path) -> list[State]:
    """Return the states that were acknowledged."""
    file = place / TOLD
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


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


def _state_in(base: Path) -> State:
    """Return what is in the index of a folder; nothing where there is none that can be read."""
    with suppress(IndexUnusableError), open_archive(base / FOLDER) as archive:
        return state_of(archive.engine)
    return []


def _names(state: State) -> set[str]:
    return {edition[0] for edition in state}


def _strangers(base: Path) -> list[str]:
    """Return the names of files that are not to be there."""
    names = {file.name for file in (base / FOLDER).iterdir() if not file.name.startswith("damaged-")}
    scratch = (file for file in (base.parent / SCRATCH).iterdir() if file.stat().st_size > _PROBE)
    strange = [*(names - _OWN), *(file.name for file in scratch)]
    kept = (base / FOLDER / "index").iterdir()
    return strange + [file.name for file in kept if file.suffix not in _INDEX and not file.name.endswith("WRITELOCK")]


def _come_back(base: Path, name: str) -> None:
    """Let a folder that had vanished be there again; one that was made in its place meanwhile goes."""
    shutil.rmtree(base / name, ignore_errors=True)
    (base / ELSEWHERE).rename(base / name)
