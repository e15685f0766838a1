"""newsearch in a process that commits often, and that ends or fails at a certain moment; `crash.py` starts it.

    python -m tests.campaigns.killed '{"at": 17, "by": "SIGKILL", "told": "acknowledged"}' index sources

Moments are the calls that matter to a disk: a file opened to be written, synced, renamed or deleted, and each statement
of the ledger's. Without one they are counted, and their number is written to stderr at the end. After each commit the
ids of the articles that are in the ledger then are written to a file.
"""

import errno
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import apsw

from newsearch.cli.app import run
from newsearch.engines.whoosh import workers, writer
from newsearch.ingest import pipeline
from newsearch.ingest.archive import FOLDER
from newsearch.ingest.ledger import Ledger

COUNTED = "moments: "
VANISH = "vanish"
ELSEWHERE = "elsewhere"
"""What the folder of the index is called when it has vanished."""
_WRITING = os.O_WRONLY | os.O_RDWR


def main(arguments: list[str]) -> int:
    """Run a command line as the first argument says."""
    told = json.loads(arguments[0])
    pipeline.COMMIT_SECONDS = told["commit"]
    if told["several"]:
        writer.ALONE, writer.BATCH, workers.WORDS = 1, 1 << 12, 1 << 12
        writer.processors = lambda: 2
    _acknowledge(os.open(told["told"], os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    moments = Moments(told["at"], told["by"])
    moments.watch()
    code = run(arguments[1:])
    if not moments.last:
        sys.stderr.write(f"{COUNTED}{moments.count}\n")
    return code


def _acknowledge(descriptor: int) -> None:
    """Have what was committed written to a file, a line a commit."""
    commit = Ledger.commit

    def committed(ledger: Ledger, generation: int) -> None:
        commit(ledger, generation)
        names = sorted({name for name, _ in ledger.editions()})
        os.write(descriptor, f"{json.dumps(names)}\n".encode())

    Ledger.commit = committed  # type: ignore[method-assign]


class Moments:
    """Counts moments, and does something at a certain one.

    Args:
        last: its number; 0 for none.
        action: a signal to be killed by, the name of an error that the call fails with, or `vanish`: the index does.
    """

    def __init__(self, last: int, action: str) -> None:
        self.last = last
        self.count = 0
        self._action = action
        self._rename = os.rename

    def watch(self) -> None:
        """Look at every call from now on."""
        for name in ("fsync", "replace", "rename", "unlink", "link", "mkdir"):
            setattr(os, name, self._before(getattr(os, name)))
        sys.addaudithook(self._audit)
        apsw.connection_hooks.append(self._trace)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
            self._came()

    def _trace(self, connection: apsw.Connection) -> None:
        def executed(*_: object) -> bool:
            self._came()
            return True

        connection.exec_trace = executed

    def _before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            self._came()
            return call(*given, **named)

        return called

    def _came(self) -> None:
        self.count += 1
        if self.count != self.last:
            return
        if self._action.startswith("E"):
            number = getattr(errno, self._action)
            raise OSError(number, os.strerror(number))
        if self._action == VANISH:
            self._rename(FOLDER, ELSEWHERE)
        else:
            os.kill(os.getpid(), getattr(signal, self._action))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
