"""Processes that read documents, and may each be lost: to a document that hangs or crashes it, or killed from outside.

A process is asked for one document at a time, through a pipe of its own.
"""

import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from threading import Lock
from typing import IO, TYPE_CHECKING

from newsearch.engines.children import close, interpreter, pipes
from newsearch.model import Article, Skipped

if TYPE_CHECKING:
    from subprocess import Popen

MEMORY = 4 << 30
"""Bytes of address space that a process may have."""
TASKS = 5_000
"""Documents after which a process makes room for a new one, for what the libraries under it may leak."""
_BEGUN = b"."
"""Sent when a process has understood what to do, from when on its time counts."""

Findings = Sequence[Article | Skipped]


class EndedError(Exception):
    """The process ended before it had answered."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
        """Its exit code; negative when a signal ended it."""


class BrokenError(Exception):
    """What was called in the process failed; the message tells how."""


class Reader:
    """One process at a time, which is started when it is needed. Another thread may kill it."""

    def __init__(self) -> None:
        self._process: Popen[bytes] | None = None
        self._tasks = 0
        self._killed = False
        self._lock = Lock()

    def read(self, function: Callable[..., Findings], arguments: Sequence[object], seconds: float) -> Findings:
        """Call a function in the process, and return its answer.

        Raises:
            TimeoutError: it took longer than that.
            EndedError: the process has ended.
            BrokenError: the function failed.
        """
        to_it, from_it = pipes(self._begun())
        try:
            pickle.dump((function, arguments), to_it, pickle.HIGHEST_PROTOCOL)
            to_it.flush()
            os.read(from_it.fileno(), len(_BEGUN))  # not through the stream, which would read on
            in_time = wait([from_it.fileno()], seconds)
            answer = pickle.load(from_it) if in_time else TimeoutError()  # noqa: S301 - of our own process
        except (BrokenPipeError, EOFError, pickle.UnpicklingError) as error:
            raise EndedError(self.close()) from error
        self._tasks += 1
        if self._tasks >= TASKS or isinstance(answer, TimeoutError):
            self.close()
        if isinstance(answer, Exception):
            raise answer
        found: Findings = answer
        return found

    def kill(self) -> None:
        """End the process as it is, and let none follow it."""
        with self._lock:
            self._killed = True
            if self._process:
                self._process.kill()

    def close(self) -> int:
        """End the process, and return its exit code; 0 where there is none."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return 0
        process.kill()
        return close(process)

    def _begun(self) -> "Popen[bytes]":
        with self._lock:
            if self._killed:
                raise EndedError(-signal.SIGKILL)
            if self._process is None:
                self._process = interpreter(__name__)
                self._tasks = 0
            return self._process


def main() -> None:
    """Be one of the processes, until nobody asks any more."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most), most))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # where libraries may print
    try:
        while True:
            function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 - of the process that started this one
            _send(answers, _BEGUN)
            _send(answers, _called(function, arguments))
    except (EOFError, BrokenPipeError):  # nobody is there any more
        os._exit(0)


def _send(answers: IO[bytes], answer: bytes) -> None:
    answers.write(answer)
    answers.flush()


def _called(function: Callable[..., Findings], arguments: Sequence[object]) -> bytes:
    """Return the answer as it is sent."""
    try:
        return pickle.dumps(function(*arguments), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - whatever strangers' bytes do to a library, the others go on
        return pickle.dumps(BrokenError(f"{type(error).__name__}: {error}"))
