"""Running the command line as users do: in this process, as a process of its own, and on a terminal."""

import contextlib
import fcntl
import gc
import json
import os
import pty
import selectors
import signal
import struct
import subprocess
import sys
import termios
import time
import tty
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = (sys.executable, "-m", "newsearch")
ESC = "\x1b"
_SIZE = (24, 80)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call left behind."""

    code: int
    stdout: bytes
    stderr: bytes

    @property
    def out(self) -> str:
        return self.stdout.decode("utf-8", "surrogateescape")

    @property
    def err(self) -> str:
        return self.stderr.decode("utf-8", "surrogateescape")

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def complaint(self) -> str:
        """The first line of an error, having made sure that all of it is in good form."""
        lines = self.err.splitlines()
        assert lines, "nothing was said"
        assert lines[0].startswith("newsearch: "), self.err
        assert "Traceback" not in self.err
        assert len(lines) > 1, f"no hint: {self.err}"
        assert lines[-1].startswith("  "), f"no hint: {self.err}"
        assert lines[-1].strip(), f"no hint: {self.err}"
        return lines[0]


@contextlib.contextmanager
def leaks_allowed() -> Iterator[None]:
    """Have files closed by the collector without a warning: Whoosh leaves those open that it cannot read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a process: this one's and `extra`; streams are buffered as they are for users."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**own, "PYTHONWARNINGS": "default", **(extra or {})}


def run_process(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
    program: Sequence[str] = PROGRAM,
    limit: float = 60,
) -> Outcome:
    """Run the program with pipes for its streams."""
    command = [*program, *arguments]
    done = subprocess.run(
        command, cwd=cwd, env=environment(env), input=stdin, capture_output=True, timeout=limit, check=False
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def on_terminal(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    piped: str = "",
    keys: str | None = None,
    size: tuple[int, int] = _SIZE,
) -> Outcome:
    """Run the program with terminals for its streams; `piped` names the one that is a pipe.

    Those for output are raw, so that the bytes read are those that were written; `keys` makes stdin a terminal as well.
    """
    read_out, write_out = _channel(size, terminal=piped != "stdout")
    read_err, write_err = _channel(size, terminal=piped != "stderr")
    keyboard, stdin = pty.openpty() if keys is not None else (None, subprocess.DEVNULL)
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        cwd=cwd,
        env=environment(env),
        stdin=stdin,
        stdout=write_out,
        stderr=write_err,
        start_new_session=True,
    )
    for descriptor in (write_out, write_err):
        os.close(descriptor)
    if keyboard is not None:
        os.write(keyboard, (keys or "").encode())
    texts = _drain(process, read_out, read_err)
    for descriptor in filter(None, (keyboard, stdin if stdin != subprocess.DEVNULL else None)):
        os.close(descriptor)
    return Outcome(process.wait(10), texts[read_out], texts[read_err])


def _channel(size: tuple[int, int], *, terminal: bool) -> tuple[int, int]:
    """Return the end we hold and the end the program gets."""
    if not terminal:
        return os.pipe()
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    return ours, theirs


def _drain(process: subprocess.Popen[bytes], *descriptors: int) -> dict[int, bytes]:
    texts = dict.fromkeys(descriptors, b"")
    deadline = time.monotonic() + 30
    with selectors.DefaultSelector() as selector:
        for descriptor in descriptors:
            selector.register(descriptor, selectors.EVENT_READ)
        while selector.get_map():
            if time.monotonic() > deadline:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                message = f"it did not end; it said {texts}"
                raise TimeoutError(message)
            for key, _ in selector.select(1):
                chunk = b""
                with contextlib.suppress(OSError):  # a terminal whose other end is closed
                    chunk = os.read(key.fd, 1 << 16)
                texts[key.fd] += chunk
                if not chunk:
                    selector.unregister(key.fd)
                    os.close(key.fd)
    return texts
