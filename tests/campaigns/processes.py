"""Processes that are disturbed, with all they have started, and the disks they write to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from .damage import Said

SCRATCH, TOLD = "scratch", "acknowledged"
PATIENCE = 60.0
"""Seconds after which a process is taken to hang."""
HUNG = -1000
"""Stands for the exit code of a process that had to be ended, or left others behind."""
_ROOT = Path(__file__).parents[2]

Process = subprocess.Popen[str]


def run(
    line: Sequence[str],
    base: Path,
    ready: "Callable[[Process], None] | None" = None,
) -> Said:
    """Run a command in a session of its own, until it and all it has started has ended.

    Args:
        line: its words.
        base: the folder to run it in; beside it are one for temporary files, and the file that it makes when it is
            ready.
        ready: called then.
    """
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "TMPDIR": str(base.parent / SCRATCH)}
    pipe = subprocess.PIPE
    with subprocess.Popen(
        line, cwd=base, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        if ready:
            _wait(base.parent / TOLD, process)
            ready(process)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return Said(HUNG, "", f"it hung: {process.communicate()}")
    if left := _left(process.pid, PATIENCE):
        os.killpg(process.pid, signal.SIGKILL)
        return Said(HUNG, "", f"processes are left: {left}")
    return Said(process.returncode, out, err)


def kill(target: str, number: int, seconds: float, process: Process) -> None:
    """Send a signal to a process, to all of its session, or to one that it has started, after some time."""
    time.sleep(seconds)
    started = [pid for pid in _session(process.pid) if pid != process.pid]
    with suppress(ProcessLookupError):
        if target == "group":
            os.killpg(process.pid, number)
        elif target == "worker" and started:
            os.kill(started[-1], number)
        else:
            process.send_signal(number)


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[bool]:
    """Let a folder be a disk of so many bytes; False where that cannot be."""
    place.mkdir()
    mounted = _mount("-t", "tmpfs", "-o", f"size={size}", "newsearch", str(place))
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", place], check=True)


def enlarge(place: Path) -> None:
    """Let there be room again on a small disk."""
    subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)


def size_of(place: Path) -> int:
    """Return the bytes that a folder takes on such a disk."""
    return sum(file.lstat().st_blocks * 512 for file in place.rglob("*"))


def make_writable(place: Path) -> None:
    """Let a folder that was made read-only be writable again, in the way in which it had been made so."""
    if os.getuid() == 0:
        subprocess.run(["umount", "--lazy", place], check=False, capture_output=True)
        return
    for file in (place, *place.rglob("*")):
        file.chmod(0o700 if file.is_dir() else 0o600)


def can_be_read_only(place: Path) -> bool:
    """Tell whether a folder can be made read-only: those who have every right need the one to mount for that."""
    with small_disk(place / "mounted", 1 << 16) as mounted:
        return mounted or os.getuid() != 0


def traced(line: Sequence[str], traces: Path, call: str, how: str) -> list[str]:
    """Return the command line that runs another under strace, which disturbs a system call."""
    return ["strace", "-f", "-qq", "-o", str(traces), "-e", f"trace={call}", "-e", f"inject={call}:{how}", *line]


def can_trace() -> bool:
    """Tell whether strace is here, and may be used."""
    words = ["strace", "-qq", "-o", os.devnull, sys.executable, "-S", "-c", ""]
    with suppress(OSError):
        return subprocess.run(words, check=False, capture_output=True).returncode == 0
    return False


def _wait(sign: Path, process: Process) -> None:
    """Wait until a file is there, or a process has ended."""
    while not sign.exists() and process.poll() is None:
        time.sleep(0.005)


def _mount(*words: str) -> bool:
    with suppress(OSError):
        return subprocess.run(["mount", *words], check=False, capture_output=True).returncode == 0
    return False


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
