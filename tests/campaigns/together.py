"""Do readers see a committed state, always, while writers take turns and are killed?

Two writers go over the same source again and again, each time to make it another state: all articles have new texts,
and their number is another one. Each waits for the other's lock; now and then one is killed wherever it is, and a new
one takes its place. In the meantime two readers open the archive, over and over. A case is one opening: all that is
found must be of one state, and none that came before one that was acknowledged, or seen, earlier. One opening in ten is
kept until the next such one, and must then still give the answers of its own state; in these the ledger is read too.
"""

import argparse
import json
import multiprocessing
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from small_archives import search

from newsearch.engines.base import Engine
from newsearch.errors import NewsearchError
from newsearch.ingest.archive import FOLDER, open_archive, open_for_writing
from newsearch.ingest.pipeline import Ingest
from newsearch.ingest.plan import Plan
from newsearch.inputs.files import resolve_roots

from .outcome import Outcome

WRITERS, READERS = 2, 2
EVERY = 10
"""One opening of so many is kept, and has its ledger read."""
LIFE = 3.0
"""Seconds that a writer lives at most."""
_FEWEST, _KINDS = 5, 7
"""Articles of a state: at least so many, in so many numbers."""
_SOURCE, _DONE = "states.jsonl", "done"
_WAIT = 600.0
"""Seconds that a writer waits for another."""
_ENOUGH = 20
"""Failures after which a reader gives up."""


class Unwatched:
    """Progress that nobody watches."""

    def start(self, total_bytes: int) -> None:
        """Nothing."""

    def advance(self, read_bytes: int, articles: int) -> None:
        """Nothing."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--cases", type=int, default=2_000, help="how often to open the archive")
    parser.add_argument("--seed", type=int, default=0, help="of the moments at which writers are killed")


def run(options: argparse.Namespace) -> int:
    """Open the archive so often, and return 1 if something was wrong with what was seen."""
    started = time.monotonic()
    shares = [options.cases // READERS + (nth < options.cases % READERS) for nth in range(READERS)]
    with TemporaryDirectory() as name, ProcessPoolExecutor(READERS, multiprocessing.get_context("spawn")) as pool:
        folder = Path(name)
        next_state(folder)
        reading = [pool.submit(openings, folder, share) for share in shares]
        killed, failures = _kill_writers(folder, reading, random.Random(options.seed))
        failures += [failure for reader in reading for failure in reader.result()]
        lost = _lost(folder)
        what = f"openings beside {_acknowledged(folder):,} states and {killed:,} killed writers"
    return Outcome("together", options.cases, what, time.monotonic() - started, lost, failures).report()


def write(folder: Path) -> None:
    """Make one state after another, until it is ended from outside."""
    while True:
        next_state(folder)


def next_state(folder: Path) -> None:
    """Make the state that follows the one that is there, and acknowledge it."""
    with open_for_writing(folder / FOLDER, create=True, wait=_WAIT) as archive:
        number = state_of(archive.engine) + 1
        (folder / _SOURCE).write_text("".join(_lines(number)))
        Ingest(archive, Plan(resolve_roots([str(folder / _SOURCE)])), Unwatched()).run()
        draft = folder / f"{_DONE}.new"
        draft.write_text(str(number))
        draft.replace(folder / _DONE)


def openings(folder: Path, cases: int) -> list[str]:
    """Open the archive so often, and return what was wrong with what was seen."""
    failures: list[str] = []
    seen, kept = 0, None
    for nth in range(cases):
        least = max(seen, _acknowledged(folder))
        try:
            with open_archive(folder / FOLDER) as archive:
                seen = state_of(archive.engine)
                if seen < least:
                    failures.append(f"opening {nth}: state {seen} after {least}")
                if nth % EVERY == 0:
                    archive.ledger.counts()
                    if kept and state_of(kept[0]) != kept[1]:
                        failures.append(f"opening {nth}: what was opened in state {kept[1]} is in another one")
                    kept = archive.engine, seen
        except (NewsearchError, AssertionError) as error:
            failures.append(f"opening {nth}: {error}")
        if len(failures) >= _ENOUGH:
            return failures
    return failures


def state_of(engine: Engine) -> int:
    """Return which state an index is in; 0 when it is empty.

    Raises:
        AssertionError: it is in none.
    """
    texts = Counter(hit.article.body for hit in search(engine, "", snippets=False).hits)
    if not texts:
        return 0
    assert len(texts) == 1, f"states {', '.join(texts)} at once"
    ((text, articles),) = texts.items()
    number = int(text.removeprefix("state"))
    assert articles == _size(number), f"{articles} articles of the {_size(number)} of state {number}"
    found = search(engine, text, limit=0).total
    assert found == articles, f"{found} articles with the word of state {number}"
    return number


def _size(number: int) -> int:
    return _FEWEST + number % _KINDS


def _lines(number: int) -> Iterator[str]:
    for nth in range(_size(number)):
        yield json.dumps({"id": str(nth), "title": "State", "body": f"state{number}", "source": "Wire"}) + "\n"


def _acknowledged(folder: Path) -> int:
    return int((folder / _DONE).read_text())


def _lost(folder: Path) -> int:
    """Return how many articles of the state that was acknowledged last are not there, in this state or a later one."""
    with open_archive(folder / FOLDER) as archive:
        return 0 if state_of(archive.engine) >= _acknowledged(folder) else _size(_acknowledged(folder))


def _kill_writers(folder: Path, reading: list["Future[list[str]]"], draw: random.Random) -> tuple[int, list[str]]:
    """Have writers at work, and kill them, as long as there are readers; return how many, and how others ended."""
    writers = [_writer(folder) for _ in range(WRITERS)]
    codes: list[int | None] = []
    while not all(reader.done() for reader in reading):
        _wait(reading, draw.uniform(0, LIFE))
        codes.append(_killed(writers.pop(draw.randrange(WRITERS))))
        writers.append(_writer(folder))
    codes += map(_killed, writers)
    return len(codes), [f"a writer ended with exit code {code}" for code in codes if code != -signal.SIGKILL]


def _writer(folder: Path) -> multiprocessing.context.SpawnProcess:
    writer = multiprocessing.get_context("spawn").Process(target=write, args=(folder,))
    writer.start()
    return writer


def _killed(writer: multiprocessing.context.SpawnProcess) -> int | None:
    writer.kill()
    writer.join()
    return writer.exitcode


def _wait(reading: list["Future[list[str]]"], seconds: float) -> None:
    end = time.monotonic() + seconds
    for reader in reading:
        with suppress(TimeoutError):
            reader.exception(max(0.0, end - time.monotonic()))
