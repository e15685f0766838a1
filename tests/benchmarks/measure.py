"""Measurements, each in processes of their own: builds, questions, and the command line."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from .worker import Answers

PACKAGE_ROOT = Path(__file__).parents[len((__package__ or "").split("."))]
"""The folder that this package is imported from."""
SAMPLE_SECONDS = 0.1
ENOUGH_SECONDS = 60.0
"""A build that took this long, alone or with those before it, is not repeated."""
COLD_QUERY = "supreme court"
IMPORTS = "import typer, whoosh.index, whoosh.qparser, numpy"
"""What a cold start is compared with."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How often things are done."""

    builds: int = 3
    warmups: int = 5
    rounds: int = 30
    """Over all questions, one after the other, so that none is asked twice in a row."""
    pages: int = 5
    """Rounds with snippets."""
    additions: int = 20
    starts: int = 20
    verifications: int = 3
    budget: float = 60.0
    """Seconds after which the rounds of one contender end, if there were five."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A process that has ended."""

    output: str
    seconds: float
    peak_bytes: int
    """Greatest sum of the proportional set sizes of the process and all it started."""


@dataclass(frozen=True, slots=True)
class Build:
    """An archive indexed, from reading its file to the last merge."""

    articles: int
    seconds: float
    """Median of the builds; without the start of Python and imports."""
    peak_bytes: int
    disk_bytes: int

    @property
    def per_second(self) -> float:
        """Articles a second."""
        return self.articles / self.seconds


@dataclass(frozen=True, slots=True)
class Measured:
    """One contender on one archive."""

    version: str
    build: Build
    answers: Answers
    answering_peak_bytes: int


@dataclass(frozen=True, slots=True)
class Command:
    """The command line, with all that a user waits for."""

    index: Build
    """The disk is that of the whole folder, the ledger included; the seconds are those of the process."""
    cold_ms: float
    """`newsearch query … --format json` in a new process; median."""
    imports_ms: float
    """The imports it is compared with, taken in turn; median."""
    verify_seconds: float
    """`newsearch verify`, checksums and structure of everything; median."""
    tenth_seconds: float
    """`newsearch index` on a tenth of the articles."""

    @property
    def cold_ratio(self) -> float:
        """How many times the imports a query takes."""
        return self.cold_ms / self.imports_ms


def measure(name: str, archive: Path, folder: Path, effort: Effort) -> Measured:
    """Build an archive with a contender, and ask it everything."""
    build = measure_build(name, archive, folder, effort)
    options = [effort.warmups, effort.rounds, effort.pages, effort.additions, effort.budget]
    watched = watch(worker("ask", name, archive, folder, *options))
    found: dict[str, Any] = json.loads(watched.output)
    return Measured(found["version"], build, Answers.of(found["answers"]), watched.peak_bytes)


def measure_build(name: str, archive: Path, folder: Path, effort: Effort) -> Build:
    """Build an archive with a contender, more than once if that is quick; the last index stays."""
    seconds: list[float] = []
    peak = articles = 0
    while len(seconds) < effort.builds and (not seconds or sum(seconds) < ENOUGH_SECONDS):
        shutil.rmtree(folder, ignore_errors=True)
        watched = watch(worker("build", name, archive, folder))
        found = json.loads(watched.output)
        articles = found["articles"]
        seconds.append(found["seconds"])
        peak = max(peak, watched.peak_bytes)
    return Build(articles, median(seconds), peak, disk_bytes(folder))


def measure_command(archive: Path, tenth: Path, articles: int, folder: Path, effort: Effort) -> Command:
    """Index an archive with `newsearch index`, and query it in new processes; `tenth` has a tenth of its articles."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    of_tenth = ["--index", str(folder / "tenth")]
    tenth_seconds = watch([*command(), "index", str(tenth), *of_tenth, "--quiet"], folder).seconds
    shutil.rmtree(folder / "tenth")
    index = ["--index", str(folder / ".newsearch")]
    indexed = watch([*command(), "index", str(archive), *index, "--quiet"], folder)
    build = Build(articles, indexed.seconds, indexed.peak_bytes, disk_bytes(folder))
    verify_seconds = median(_lasting([*command(), "verify", *index], folder) for _ in range(effort.verifications))
    query = [*command(), "query", COLD_QUERY, "--format", "json", *index]
    imports = [sys.executable, "-c", IMPORTS]
    cold: dict[str, list[float]] = {"query": [], "imports": []}
    for _ in range(effort.starts + 1):
        cold["imports"].append(_lasting(imports, folder))
        cold["query"].append(_lasting(query, folder))
    cold_ms, imports_ms = (1000 * median(cold[kind][1:]) for kind in ("query", "imports"))
    return Command(build, cold_ms, imports_ms, verify_seconds, tenth_seconds)


def watch(arguments: list[str], folder: Path | None = None) -> Watched:
    """Run a command to its end, and look at its memory several times a second.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        arguments, cwd=folder, env=_environment(folder), stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, _tree_bytes(process.pid))
            _wait(process)
        seconds = time.perf_counter() - started
        output = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments, output)
    return Watched(output, seconds, peak)


def worker(*arguments: object) -> list[str]:
    """Return the command that does a task of `worker.py` in a new process."""
    return [sys.executable, "-m", f"{__package__}.worker", *map(str, arguments)]


def command() -> list[str]:
    """Return the newsearch command of this Python, as users start it."""
    script = Path(sys.executable).with_name("newsearch")
    return [str(script)] if script.exists() else [sys.executable, "-m", "newsearch"]


def disk_bytes(folder: Path) -> int:
    """Return the size of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _lasting(arguments: list[str], folder: Path) -> float:
    """Return how many seconds a command takes."""
    environment = _environment(folder)
    started = time.perf_counter()
    subprocess.run(
        arguments, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def _environment(home: Path | None) -> dict[str, str]:
    """Return an environment without the user's own settings, in which this package can be imported.

    What is compiled once is kept, as it is for users: the packages that the imports are compared with are compiled too.
    """
    own_settings = ("NEWSEARCH_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own_settings)}
    own = {"HOME": str(home), "XDG_CONFIG_HOME": str(home)} if home else {"PYTHONPATH": str(PACKAGE_ROOT)}
    return kept | own


def _wait(process: subprocess.Popen[str]) -> None:
    try:
        process.wait(SAMPLE_SECONDS)
    except subprocess.TimeoutExpired:
        return


def _tree_bytes(root: int) -> int:
    """Return the proportional set sizes of a process and its descendants; those that just ended count nothing."""
    total = 0
    waiting = [root]
    while waiting:
        process = Path("/proc") / str(waiting.pop())
        try:
            rollup = (process / "smaps_rollup").read_text()
            total += 1024 * next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            for children in process.glob("task/*/children"):
                waiting += map(int, children.read_text().split())
        except OSError:
            continue
    return total
