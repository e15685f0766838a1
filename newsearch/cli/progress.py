"""How far a long command has come, on stderr: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, Self

from newsearch.cli.context import complain
from newsearch.cli.wording import number_of

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
            complain(f"{share}{_how_far(self._articles, now - self._began)}")


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
            TextColumn("{task.fields[how_far]},"),
            TimeRemainingColumn(),
            TextColumn("left"),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, how_far=_how_far(0, 0.0))

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
        how_far = _how_far(self._articles, time.monotonic() - self._began)
        self._progress.update(self._task, advance=amount, how_far=how_far)


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


def _how_far(count: int, seconds: float) -> str:
    return f"{number_of(count, 'article')}, {count / max(0.001, seconds):,.0f} a second"
