"""Captures to articles, documents in processes of their own: one that hangs or crashes what reads it costs only itself.

What comes out has the order of what went in.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from queue import SimpleQueue
from types import TracebackType
from typing import NamedTuple, Self

from newsearch.analysis.detection import detected_language
from newsearch.engines.children import processors
from newsearch.extract import Settings, articles_in
from newsearch.ingest.readers import BrokenError, EndedError, Findings, Reader
from newsearch.model import Article, Capture, DocumentCapture, Skipped

SECONDS = 30.0
"""That a document may take; a large page takes 0.1."""
AHEAD = 64
"""Documents that are given out before the first of them is needed."""
BYTES_AHEAD = 128 << 20
_LONGEST_REASON = 200


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
        self._readers = [Reader() for _ in range(processors())]
        self._idle: SimpleQueue[Reader] = SimpleQueue()
        for reader in self._readers:
            self._idle.put(reader)
        self._threads = ThreadPoolExecutor(len(self._readers))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for reader in self._readers:
            reader.kill()
        self._threads.shutdown(cancel_futures=True)
        for reader in self._readers:
            reader.close()

    def read(self, captures: Iterable[Capture | Skipped]) -> Iterator[Extracted]:
        """Yield each capture with its articles, in order."""
        waiting: deque[tuple[Capture | Skipped, Future[Findings] | None]] = deque()
        ahead = 0
        for capture in captures:
            if isinstance(capture, DocumentCapture):
                waiting.append((capture, self._threads.submit(self._read, capture)))
                ahead += len(capture.content)
            else:
                waiting.append((capture, None))
            while waiting and (waiting[0][1] is None or len(waiting) > AHEAD or ahead > BYTES_AHEAD):
                first, begun = waiting.popleft()
                ahead -= len(first.content) if isinstance(first, DocumentCapture) else 0
                yield self._finished(first, begun)
        for first, begun in waiting:
            yield self._finished(first, begun)

    def _finished(self, capture: Capture | Skipped, begun: Future[Findings] | None) -> Extracted:
        if isinstance(capture, Skipped):
            return Extracted(capture, ())
        findings = articles_in(capture, self._settings) if begun is None else begun.result()
        return Extracted(capture, [_with_language(found) for found in findings])

    def _read(self, capture: DocumentCapture) -> Findings:
        """Have a document read by a process that is idle."""
        reader = self._idle.get()
        try:
            return self._read_by(reader, capture)
        except TimeoutError:
            return [_failed(capture, "too-slow", f"reading it took more than {SECONDS:.0f} seconds")]
        except BrokenError as error:
            return [_failed(capture, "broken-document", f"it cannot be read ({error})")]
        except EndedError as error:
            return [_failed(capture, "crashed", f"reading it ended the process that did (status {error.status})")]
        finally:
            self._idle.put(reader)

    def _read_by(self, reader: Reader, capture: DocumentCapture) -> Findings:
        task = (_read_document, (capture, self._settings), SECONDS)
        try:
            return reader.read(*task)
        except EndedError:  # it may have been killed from outside, which is not the document's fault
            return reader.read(*task)


def _read_document(capture: DocumentCapture, settings: Settings) -> Findings:
    return list(articles_in(capture, settings))


def _failed(capture: Capture, reason: str, what: str) -> Skipped:
    line = " ".join(what.split())[:_LONGEST_REASON]
    return Skipped(capture.origin, reason, f"{line}; give its text as .txt, or leave it out with --exclude", fatal=True)


def _with_language(found: Article | Skipped) -> Article | Skipped:
    if isinstance(found, Skipped) or found.lang:
        return found
    language = detected_language(found.body or found.title)
    return replace(found, lang=language, lang_detected=True) if language else found
