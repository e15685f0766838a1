"""Captures to articles, documents in processes of their own: one that hangs or crashes what reads it costs only itself.

What comes out has the order of what went in.
"""

import os
import resource
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, TimeoutError  # noqa: A004 - the library's own, raised by its futures
from dataclasses import replace
from multiprocessing import get_context
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self, cast

from newsearch.analysis.detection import detected_language
from newsearch.engines.children import deaf_to_interrupts
from newsearch.extract import Settings, articles_in
from newsearch.model import Article, Capture, DocumentCapture, Skipped

if TYPE_CHECKING:
    from pebble import ProcessPool

SECONDS = 30.0
"""That a document may take; a large page takes 0.1."""
MEMORY = 4 << 30
"""Bytes of address space that a process may have."""
AHEAD = 64
"""Documents that are given out before the first of them is needed."""
BYTES_AHEAD = 128 << 20
TASKS = 5_000
"""Documents after which a process makes room for a new one, for what the libraries under it may leak."""
_LONGEST_REASON = 200

Findings = Sequence[Article | Skipped]


class Extracted(NamedTuple):
    """A capture with what it shows."""

    capture: Capture | Skipped
    findings: Findings


class Extractor:
    """Reads captures. The processes are started when the first document comes, and end with the context.

    Args:
        settings: how to read captures.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pool: ProcessPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()

    def read(self, captures: Iterable[Capture | Skipped]) -> Iterator[Extracted]:
        """Yield each capture with its articles, in order."""
        waiting: deque[tuple[Capture | Skipped, Future[Findings] | None]] = deque()
        ahead = 0
        for capture in captures:
            if isinstance(capture, DocumentCapture):
                waiting.append((capture, self._begun(capture)))
                ahead += len(capture.content)
            else:
                waiting.append((capture, None))
            while waiting and (waiting[0][1] is None or len(waiting) > AHEAD or ahead > BYTES_AHEAD):
                first, begun = waiting.popleft()
                ahead -= len(first.content) if isinstance(first, DocumentCapture) else 0
                yield self._finished(first, begun)
        for first, begun in waiting:
            yield self._finished(first, begun)

    def _begun(self, capture: DocumentCapture) -> "Future[Findings]":
        if self._pool is None:
            self._pool = _pool()
        with deaf_to_interrupts():  # for the library's threads as well, which start the processes
            task = self._pool.schedule(_read_document, args=[capture, self._settings], timeout=SECONDS)
        return cast("Future[Findings]", task)

    def _finished(self, capture: Capture | Skipped, begun: "Future[Findings] | None") -> Extracted:
        if isinstance(capture, Skipped):
            return Extracted(capture, ())
        findings = list(articles_in(capture, self._settings)) if begun is None else self._result(capture, begun)
        return Extracted(capture, [_with_language(found) for found in findings])

    def _result(self, capture: Capture, begun: "Future[Findings]") -> Findings:
        from pebble import ProcessExpired  # noqa: PLC0415 - as in `_pool`

        try:
            return _findings(capture, begun)
        except ProcessExpired:  # it may have been killed from outside, which is not the document's fault
            pass
        try:
            return _findings(capture, self._begun(cast("DocumentCapture", capture)))
        except ProcessExpired as error:
            return [_failed(capture, "crashed", f"reading it ended the process that did (status {error.exitcode})")]


def _pool() -> "ProcessPool":
    from multiprocessing import resource_tracker  # noqa: PLC0415 - most runs see no document

    from pebble import ProcessPool  # noqa: PLC0415

    resource_tracker.ensure_running()  # now, since starting it lets a thread hear of Ctrl-C again
    # Processes that are not forked share no lock with the threads of this one.
    return ProcessPool(
        len(os.sched_getaffinity(0)), max_tasks=TASKS, initializer=_prepare, context=get_context("spawn")
    )


def _prepare() -> None:
    """Make a process that may be killed at any time, and that cannot take the machine with it."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most), most))


def _read_document(capture: DocumentCapture, settings: Settings) -> Findings:
    return list(articles_in(capture, settings))


def _findings(capture: Capture, begun: "Future[Findings]") -> Findings:
    """Return what a process found in a document.

    Raises:
        ProcessExpired: it ended before.
    """
    from pebble import ProcessExpired  # noqa: PLC0415 - as above

    try:
        return begun.result()
    except TimeoutError:
        return [_failed(capture, "too-slow", f"reading it took more than {SECONDS:.0f} seconds")]
    except ProcessExpired:
        raise
    except Exception as error:  # noqa: BLE001 - whatever strangers' bytes do to a library, the others go on
        return [_failed(capture, "broken-document", f"it cannot be read ({type(error).__name__}: {error})")]


def _failed(capture: Capture, reason: str, what: str) -> Skipped:
    line = " ".join(what.split())[:_LONGEST_REASON]
    return Skipped(capture.origin, reason, f"{line}; give its text as .txt, or leave it out with --exclude", fatal=True)


def _with_language(found: Article | Skipped) -> Article | Skipped:
    if isinstance(found, Skipped) or found.lang:
        return found
    language = detected_language(found.body or found.title)
    return replace(found, lang=language, lang_detected=True) if language else found
