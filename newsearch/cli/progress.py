"""How far a long command has come, on stderr: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, Self

from newsearch.cli.context import complain

_EVERY_SECONDS = 10.0


class Meter(Protocol):
    """Something that shows progress."""

    def start(self, total: int) -> None:
        """Begin to count to `total`."""
        ...

    def advance(self, amount: int, articles: int) -> None:
        """Count on."""
        ...


class Silence:
    """Shows nothing."""

    def start(self, total: int) -> None:
        """As in the protocol."""

    def advance(self, amount: int, articles: int) -> None:
        """As in the protocol."""


class Lines:
    """Writes a line every ten seconds."""

    def __init__(self) -> None:
        self._total = self._done = self._articles = 0
        self._began = self._said = time.monotonic()

    def start(self, total: int) -> None:
        """As in the protocol."""
        self._total = total

    def advance(self, amount: int, articles: int) -> None:
        """As in the protocol."""
        self._done += amount
        self._articles += articles
        now = time.monotonic()
        if now - self._said >= _EVERY_SECONDS:
            self._said = now
            share = f"{100 * min(self._done, self._total) // self._total} %, " if self._total else ""
            complain(f"{share}{self._articles:,} articles, {self._articles / (now - self._began):,.0f} a second")


class Bar:
    """Draws a bar with rate and time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        self._articles = 0
        self._began = time.monotonic()
        self._progress = Progress(
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[articles]:,} articles, {task.fields[rate]:,.0f} a second,"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, articles=0, rate=0.0)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def start(self, total: int) -> None:
        """As in the protocol."""
        self._progress.update(self._task, total=total or None)

    def advance(self, amount: int, articles: int) -> None:
        """As in the protocol."""
        self._articles += articles
        rate = self._articles / max(0.001, time.monotonic() - self._began)
        self._progress.update(self._task, advance=amount, articles=self._articles, rate=rate)


@contextmanager
def meter(*, quiet: bool, color: bool) -> Iterator[Meter]:
    """Show progress in the way that suits stderr."""
    if quiet:
        yield Silence()
    elif sys.stderr.isatty() and color:
        with Bar() as bar:
            yield bar
    else:
        yield Lines()
