"""newsearch in a process that commits often, and that ends or fails at a certain moment; `crash.py` starts it.

    python -m tests.campaigns.killed '{"at": 17, "by": "SIGKILL", "told": "acknowledged", ...}' index sources

Moments are the calls that matter to a disk: a file opened to be written, written, synced, renamed or deleted, and each
statement of the ledger's. Without one they are counted, and their number is written to stderr at the end. After each
commit of the index what it holds then is written to a file.
"""

import errno
import io
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import apsw

from newsearch.__main__ import main as run
from newsearch.engines.whoosh import workers, writer
from newsearch.engines.whoosh.engine import WhooshEngine, WhooshWriter
from newsearch.ingest import pipeline, watching
from newsearch.ingest.archive import FOLDER

SOURCES = "sources"
COUNTED = "moments: "
ELSEWHERE = "elsewhere"
"""What a folder is called when it has vanished."""
READ_ONLY = "read-only"
VANISH = {"index vanishes": FOLDER, "sources vanish": SOURCES}
FAULTS = {"EIO": apsw.IOError, "ENOSPC": apsw.FullError, "EROFS": apsw.ReadOnlyError}
"""Errors of the system, and what becomes of them in SQLite."""
STAYS = " from then on"
"""Behind the name of an error that is there from a moment on, and not for one."""
_WRITING = os.O_WRONLY | os.O_RDWR
_FREEING = ("unlink", "truncate")
"""What succeeds on a full disk."""


def main(arguments: list[str]) -> None:
    """Run a command line as the first argument says."""
    told = json.loads(arguments[0])
    pipeline.COMMIT_SECONDS = told["commit"]
    if told["several"]:
        writer.ALONE, writer.BATCH, workers.WORDS = 1, 1 << 12, 1 << 12
        writer.processors = lambda: 2
    if told["coming"]:
        _let_come(*told["coming"])
    _acknowledge(os.open(told["told"], os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever this process has inherited
    moments = Moments(told["at"], told["by"])
    moments.watch()
    sys.argv[1:] = arguments[1:]
    try:
        run()
    finally:
        if not moments.last:
            sys.stderr.write(f"{COUNTED}{moments.count}\n")


def state_of(engine: WhooshEngine) -> list[list[Any]]:
    """Return what an index holds: of each edition the id, the mark of its content, and whether a newer one is known."""
    return sorted([one.id, one.content, one.superseded] for one in engine.holdings())


def _acknowledge(descriptor: int) -> None:
    """Have what was committed written to a file, a line a commit."""
    commit, write = WhooshWriter.commit, os.write

    def committed(writer: WhooshWriter, *, purge: bool = False) -> int:
        generation = commit(writer, purge=purge)
        write(descriptor, f"{json.dumps(state_of(writer._engine))}\n".encode())
        return generation

    WhooshWriter.commit = committed  # type: ignore[method-assign]


def _let_come(name: str, text: str) -> None:
    """Write a source file when the first run is over that follows the sources; the user has had enough of a second."""
    occasions, rename, draft = watching.occasions, os.rename, Path(SOURCES, f".{name}")
    draft.write_text(text)  # hidden, so that it is not looked at

    def two(roots: Sequence[Path], index: Path) -> Iterator[None]:
        for nth, _ in enumerate(occasions(roots, index)):
            yield
            if nth:
                raise KeyboardInterrupt
            try:
                rename(draft, draft.with_name(name))
            except FileNotFoundError:  # the sources have vanished, so that nothing will come
                raise KeyboardInterrupt from None

    watching.occasions = two


class Moments:
    """Counts moments, and does something at a certain one.

    Args:
        last: its number; 0 for none.
        action: a signal to be killed by; an error that the call fails with, or all from it on; or what becomes of a
            folder.
    """

    def __init__(self, last: int, action: str) -> None:
        self.last = last
        self.count = 0
        self._action = action.removesuffix(STAYS)
        self._stays = action.endswith(STAYS)
        self._rename, self._chmod = os.rename, os.chmod

    def watch(self) -> None:
        """Look at every call from now on."""
        for name in ("fsync", "replace", "rename", "unlink", "link", "mkdir", "write", "pwrite", "truncate"):
            setattr(os, name, self._before(name, getattr(os, name)))
        io.open = self._opened(io.open)  # by which all of ours are opened, through `os.fdopen`
        sys.addaudithook(self._audit)
        apsw.connection_hooks.append(self._trace)

    def _opened(self, unwatched: Callable[..., Any]) -> Callable[..., Any]:
        came = self._came

        class Raw(io.FileIO):
            def write(self, data: Any) -> int:
                came("write", OSError)
                return super().write(data)

        def opened(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
            if mode not in ("wb", "ab") or not isinstance(file, int) or not stat.S_ISREG(os.fstat(file).st_mode):
                return unwatched(file, mode, *given, **named)
            return io.BufferedWriter(Raw(file, mode))

        return opened

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
            self._came(event, OSError)

    def _trace(self, connection: apsw.Connection) -> None:
        def executed(*_: object) -> bool:
            self._came("SQL", FAULTS.get(self._action, OSError))
            return True

        connection.exec_trace = executed

    def _before(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            self._came(name, OSError)
            return call(*given, **named)

        return called

    def _came(self, name: str, error: type[Exception]) -> None:
        self.count += 1
        if self.count < self.last or not self.last or (self.count > self.last and not self._stays):
            return
        if self._action in FAULTS:
            self._fail(name, error)
        elif self._action in VANISH:
            with suppress(FileNotFoundError):
                self._rename(VANISH[self._action], ELSEWHERE)
        elif self._action == READ_ONLY:
            self._close()
        else:
            os.kill(os.getpid(), getattr(signal, self._action))

    def _fail(self, name: str, error: type[Exception]) -> None:
        if self._action == "ENOSPC" and name in _FREEING:
            return
        number = getattr(errno, self._action)
        raise OSError(number, os.strerror(number)) if error is OSError else error(os.strerror(number))

    def _close(self) -> None:
        """Take away the right to write the index; from those who have every right by a mount."""
        if os.getuid() == 0:
            for words in (["--bind", FOLDER], ["-o", "remount,bind,ro"]):
                subprocess.run(["mount", *words, FOLDER], check=True)
            return
        for folder, _, names in os.walk(FOLDER):
            for name in names:
                self._chmod(os.path.join(folder, name), 0o400)  # noqa: PTH118 - which is not watched
            self._chmod(folder, 0o500)


if __name__ == "__main__":
    main(sys.argv[1:])
