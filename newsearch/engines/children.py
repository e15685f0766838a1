"""Processes that are started here: new interpreters, which share nothing with this one that could be left locked.

They need no guard in the main module of whoever uses this package, and should end when their stdin does.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO


def interpreter(module: str) -> "subprocess.Popen[bytes]":
    """Start an interpreter that finds the same packages as this one, and runs `main` of a module."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from {module} import main; main()"
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    with deaf_to_interrupts():
        return subprocess.Popen([sys.executable, "-I", "-c", code], stdin=pipe, stdout=pipe, env=environment)  # noqa: S603 - our own


def pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    """Return how to write to such a process, and how to read from it."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    return process.stdin, process.stdout


def close(process: "subprocess.Popen[bytes]") -> int:
    """Let go of such a process, wait until it has ended, and return its exit code."""
    for pipe in pipes(process):
        try:
            pipe.close()
        except BrokenPipeError:
            continue
    return process.wait()


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Let processes that are started meanwhile never hear of Ctrl-C: a terminal sends it to them too, at any moment.

    What it means for them is for the process to decide that gave them their work; it hears of it a moment later.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def processors() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1
