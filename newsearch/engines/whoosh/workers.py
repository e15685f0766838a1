"""Processes that turn documents into segments while this one reads on.

A process is given documents through a pipe, answers with what it wrote, and ends when the pipe does.
"""

import gc
import pickle
import secrets
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from string import ascii_lowercase, digits
from threading import BoundedSemaphore, Thread
from typing import IO, Any

from newsearch.engines.children import close, interpreter, pipes
from newsearch.engines.whoosh.building import Document, SegmentBuilder
from newsearch.engines.whoosh.chunks import ChunkTable
from newsearch.engines.whoosh.segment import EXTENSION
from newsearch.engines.whoosh.toc import DOCUMENTS
from newsearch.errors import IndexUnusableError

MOST = 4
"""More processes than this one can feed would only take memory."""
WORDS = 20_000_000
"""Words in memory of all processes together before segments are written."""
CHUNKS_KEPT = 500_000
"""Distinct chunks of text remembered from one segment to the next; about 60 MB."""
WAITING = 4
"""Batches a process that are ready for it; so none waits for the other to be fed."""


@dataclass(frozen=True, slots=True)
class Written:
    """A segment that was written."""

    name: str
    documents: int
    words: int


class SegmentStream:
    """Documents in, segments out, in this process.

    Args:
        folder: of the index.
        prefix: of the segments' names.
        words: collected before a segment is written.
    """

    def __init__(self, folder: Path, prefix: str, words: int) -> None:
        self._folder = folder
        self._prefix = prefix
        self._most = words
        self._table = ChunkTable()
        self._builder = SegmentBuilder(self._table)
        self.written: list[Written] = []

    def add(self, documents: Sequence[Document]) -> None:
        """Add documents."""
        for document in documents:
            self._builder.add(document)
            if self._builder.words >= self._most or len(self._builder) >= DOCUMENTS:
                self._flush()

    def finish(self) -> list[Written]:
        """Write what is left, and return all that was written."""
        self._flush()
        return self.written

    def _flush(self) -> None:
        if not len(self._builder):
            return
        name = f"{self._prefix}_{''.join(secrets.choice(digits + ascii_lowercase) for _ in range(16))}"
        facts = self._builder.write(self._folder / f"{name}{EXTENSION}")
        self.written.append(Written(name, facts["documents"], facts["words"]))
        if len(self._table) > CHUNKS_KEPT:
            self._table = ChunkTable()
        self._builder = SegmentBuilder(self._table)


class Workers:
    """As a `SegmentStream`, in several processes. Which document comes into which segment depends on who is free.

    Args:
        folder: of the index.
        prefix: of the segments' names.
        count: of the processes.
        words: collected by each before it writes a segment.
    """

    def __init__(self, folder: Path, prefix: str, count: int, words: int) -> None:
        self._batches: SimpleQueue[Sequence[Document] | None] = SimpleQueue()
        self._room = BoundedSemaphore(count * WAITING)
        self._workers: list[_Worker] = []
        try:
            for _ in range(count):
                self._workers.append(_Worker(self._batches, self._room, (str(folder), prefix, words)))
        except BaseException:
            self.cancel()
            raise

    def add(self, documents: Sequence[Document]) -> None:
        """Hand documents to whoever is free, and wait while nobody is.

        Raises:
            Exception: what went wrong in one of the processes.
        """
        self._room.acquire()
        self._check()
        self._batches.put(documents)

    def finish(self) -> list[Written]:
        """Have everything written, and return what was.

        Raises:
            Exception: as above.
        """
        for _ in self._workers:
            self._batches.put(None)
        for worker in self._workers:
            worker.join()
        self._check()
        return [segment for worker in self._workers for segment in worker.written]

    def cancel(self) -> None:
        """End the processes as they are; what they wrote lies around."""
        for worker in self._workers:
            worker.kill()
        for _ in self._workers:
            self._batches.put(None)
        for worker in self._workers:
            worker.join()

    def _check(self) -> None:
        for worker in self._workers:
            if worker.error:
                self.cancel()
                raise worker.error


class _Worker(Thread):
    """Feeds one process."""

    def __init__(
        self, batches: "SimpleQueue[Sequence[Document] | None]", room: BoundedSemaphore, task: tuple[object, ...]
    ) -> None:
        super().__init__(daemon=True)
        self._batches = batches
        self._room = room
        self._task = task
        self._process = interpreter(__name__)
        self._ended = False
        """Whether it was told that there are no more batches."""
        self.written: list[Written] = []
        self.error: BaseException | None = None
        self.start()

    def run(self) -> None:
        """Pass batches on, until there are no more; after an error only take them, so that nobody waits."""
        try:
            self._feed()
        except BaseException as error:  # noqa: BLE001 - raised where the next batch is added
            self.error = error
            self._room_for_all()
        finally:
            close(self._process)

    def kill(self) -> None:
        """End the process."""
        self._process.kill()

    def _feed(self) -> None:
        to_it, from_it = pipes(self._process)
        try:
            pickle.dump(self._task, to_it, pickle.HIGHEST_PROTOCOL)
            while (batch := self._next()) is not None:
                data = pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)
                self._room.release()
                to_it.write(data)
            pickle.dump(None, to_it)
            to_it.flush()
        except BrokenPipeError:
            pass  # it has ended, and may have said why
        self.written = self._answer(from_it)

    @staticmethod
    def _answer(from_it: IO[bytes]) -> list[Written]:
        try:
            answer = pickle.load(from_it)  # noqa: S301 - of our own process
        except (EOFError, pickle.UnpicklingError) as error:
            message = "a process that was writing the index has ended"
            hint = "nothing is lost; if memory ran out, close other programs, and run newsearch index again"
            raise IndexUnusableError(message, hint) from error
        if isinstance(answer, BaseException):
            raise answer
        return list(answer)

    def _next(self) -> Sequence[Document] | None:
        batch = self._batches.get()
        self._ended = batch is None
        return batch

    def _room_for_all(self) -> None:
        while not self._ended and self._next() is not None:
            self._room.release()


def main() -> None:
    """Be one of the processes."""
    gc.disable()  # nothing here makes cycles
    answer: Any
    try:
        answer = _segments(sys.stdin.buffer)
    except EOFError:  # nobody is there any more
        return
    except (OSError, MemoryError) as error:
        answer = error
    except Exception:  # noqa: BLE001 - told to whoever waits; not every exception can be sent
        answer = RuntimeError(traceback.format_exc())
    # Python would try again, at its end, to write what it has in its own stream when nobody is there any more.
    with suppress(BrokenPipeError), open(sys.stdout.fileno(), "wb", closefd=False) as to_it:
        pickle.dump(answer, to_it, pickle.HIGHEST_PROTOCOL)


def _segments(batches: IO[bytes]) -> list[Written]:
    folder, prefix, words = pickle.load(batches)  # noqa: S301 - of the process that started this one
    stream = SegmentStream(Path(folder), prefix, words)
    while (documents := pickle.load(batches)) is not None:  # noqa: S301
        stream.add(documents)
    return stream.finish()
