"""One call of the program: its settings, its streams, and what it may do with them."""

import io
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

from newsearch.cli.settings import Settings, resolve
from newsearch.errors import OutputClosedError, UsageError
from newsearch.outputs.safe import safe

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from newsearch.model import Results
    from newsearch.outputs.view import View, Writer

_TEXT_WIDTH = 80
"""Columns where there is no terminal to ask."""


@dataclass(frozen=True, slots=True)
class Call:
    """What every command is given."""

    settings: Settings
    quiet: bool = False
    no_pager: bool = False

    @classmethod
    def of(cls, flags: Mapping[str, str | None], *, quiet: bool = False, no_pager: bool = False) -> "Call":
        """Settle the settings from the flags and the process's surroundings.

        Raises:
            UsageError: a value cannot be used, or the working folder is gone.
        """
        try:
            here = Path.cwd()
        except OSError as error:
            message = f"the working folder cannot be used ({error.strerror})"
            raise UsageError(message, "change to another one") from error
        return cls(resolve(flags, os.environ, here), quiet, no_pager)

    @property
    def zone(self) -> "tzinfo":
        """The user's zone."""
        from newsearch.query import zone_named

        return zone_named(self.settings["tz"] or None)

    def as_of(self, typed: str | None, now: "datetime | None" = None) -> "datetime | None":
        """Return the instant whose state of knowledge is asked for; None where none is.

        Args:
            typed: the value of --as-of.
            now: what relative dates count from; the clock's when None.

        Raises:
            QueryError: it is no date.
        """
        from datetime import UTC, datetime

        from newsearch.errors import QueryError
        from newsearch.query.dates import known_by

        if typed is None:
            return None
        try:
            return known_by(typed, self.zone, now or datetime.now(UTC))
        except QueryError as error:
            message = f"--as-of: {error}"
            raise QueryError(message, error.hint, query=typed) from error

    @property
    def folder(self) -> Path:
        """The index to use: the one named, else the nearest, else the one that would be made here.

        Raises:
            IndexUnusableError: it belongs to another user, and was named neither in this call nor in the environment.
        """
        from newsearch.ingest.archive import FOLDER, nearest_folder, refuse_others

        named = self.settings["index"]
        # Links in it stay as named.
        folder = Path(os.path.abspath(named)) if named else nearest_folder(Path.cwd()) or Path.cwd() / FOLDER  # noqa: PTH100
        if not self.settings.is_named("index"):
            refuse_others(folder)
        return folder

    def say(self, message: str) -> None:
        """Tell a person something, on stderr."""
        if not self.quiet:
            complain(message)

    def remark(self, message: str) -> None:
        """Tell a person something in passing, dim where stderr can."""
        dim = wants_color(sys.stderr, self.settings["color"], os.environ)
        if not self.quiet:
            complain(message, before="\x1b[2m" if dim else "", after="\x1b[0m" if dim else "")

    def view(self, *, full: bool = False, fields: str | None = None) -> "View":
        """Return how results are to be rendered."""
        from newsearch.outputs.fields import check_fields
        from newsearch.outputs.view import View

        color = wants_color(sys.stdout, self.settings["color"], os.environ)
        return View(
            fields=check_fields(name.strip() for name in fields.split(",")) if fields else (),
            full=full,
            zone=self.zone,
            width=self.settings.width or _columns(),
            color=color,
            base=str(self.folder.parent),
            hyperlinks=wants_links(sys.stdout, self.settings["hyperlinks"], color=color, environment=os.environ),
        )

    def write(self, results: "Results", view: "View") -> None:
        """Write results to stdout in the format asked for."""
        from newsearch.outputs import OUTPUTS

        name = self.settings["format"]
        writer = cast("Writer", OUTPUTS.load(name))
        if name == "text":
            self.write_text(lambda stream: writer(results, view, stream))
        else:
            write_data(lambda stream: writer(results, view, stream))

    def write_text(self, write: Callable[[TextIO], None]) -> None:
        """Write text for people to stdout, through a pager when it is longer than the terminal is high."""
        if self.no_pager or not sys.stdout.isatty() or not self.settings["pager"]:
            _write_plain(write)
            return
        buffer = io.StringIO()
        write(buffer)
        text = buffer.getvalue()
        if text.count("\n") < shutil.get_terminal_size().lines or not _page(text, self.settings["pager"]):
            _write_plain(lambda stream: cast("None", stream.write(text)))

    def structured(self) -> bool:
        """Tell whether a report is wanted as JSON.

        Raises:
            UsageError: it is wanted in a format only articles have.
        """
        name = self.settings["format"]
        if name not in ("text", "json") and self.settings.is_flag("format"):
            message = f"this command has no format '{name}'"
            raise UsageError(message, "use text or json")
        return name == "json"

    def plain(self) -> None:
        """Refuse a format where nothing but words are told.

        Raises:
            UsageError: one is asked for.
        """
        if self.settings["format"] != "text" and self.settings.is_flag("format"):
            message = f"this command has no format '{self.settings['format']}'"
            raise UsageError(message, "leave --format out")


def complain(message: str, *, before: str = "", after: str = "") -> None:
    """Write a line to stderr, whatever it is able to show, between two escape sequences."""
    encoding = sys.stderr.encoding or "utf-8"
    line = safe(message).replace("\n", " ")  # a line end in a name must not begin a message of its own
    try:
        sys.stderr.write(f"{before}{line.encode(encoding, 'replace').decode(encoding)}{after}\n")
        sys.stderr.flush()
    except OSError:  # nobody can be told, and the exit code says what was done
        silence(sys.stderr)


def check_stdin() -> None:
    """Make sure that standard input can be read.

    Raises:
        UsageError: it is closed.
    """
    if sys.stdin is None:
        message = "standard input is closed"
        raise UsageError(message, "give it something to read, or leave out the -")


def lines_of_stdin() -> Iterator[str]:
    """Yield the lines of standard input; errors as above."""
    check_stdin()
    yield from sys.stdin


def wants_color(stream: TextIO, when: str, environment: Mapping[str, str]) -> bool:
    """Decide on escape sequences: the flag, then NO_COLOR and FORCE_COLOR, then whether it is a terminal that can."""
    if when != "auto":
        return when == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR") not in (None, "", "0"):
        return True
    return stream.isatty() and environment.get("TERM", "dumb") not in ("dumb", "")


def wants_links(stream: TextIO, when: str, *, color: bool, environment: Mapping[str, str]) -> bool:
    """Decide on OSC 8 links: only where escape sequences are, and by default only on terminals known to have them."""
    if when != "auto" or not color:
        return color and when == "always"
    known = ("TERM_PROGRAM", "VTE_VERSION", "WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "WEZTERM_PANE")
    return stream.isatty() and any(environment.get(name) for name in known)


def write_data(write: Callable[[TextIO], None]) -> None:
    """Write to stdout in UTF-8, whatever the locale, so that the bytes are the same everywhere."""
    _write_to_stdout(write, "utf-8")


def _write_plain(write: Callable[[TextIO], None]) -> None:
    _write_to_stdout(write, sys.stdout.encoding or "utf-8")


def _write_to_stdout(write: Callable[[TextIO], None], encoding: str) -> None:
    target = _Stdout(sys.stdout.buffer)
    # Closed here, also where writing fails: else it is flushed whenever it is collected, to a stdout that may be gone.
    with io.TextIOWrapper(cast("BinaryIO", target), encoding, "replace", newline="") as stream:
        write(stream)


class _Stdout(io.BufferedIOBase):
    """Standard output, whose troubles are told from those of reading an index."""

    def __init__(self, below: BinaryIO) -> None:
        self._below = below

    def writable(self) -> bool:
        return True

    def write(self, data: "Any") -> int:
        return self._guarded(lambda: self._below.write(data))

    def flush(self) -> None:
        self._guarded(self._flushed)

    def _flushed(self) -> int:
        self._below.flush()
        return 0

    def _guarded(self, act: Callable[[], int]) -> int:
        try:
            return act()
        except BrokenPipeError as error:
            silence(sys.stdout)
            raise OutputClosedError from error
        except OSError as error:
            silence(sys.stdout)
            message = f"the output cannot be written ({error.strerror})"
            raise UsageError(message, "check where it goes to, or write it elsewhere") from error


def silence(stream: TextIO) -> None:
    """Let Python's own flush at the exit find nothing to complain of."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _page(text: str, pager: str) -> bool:
    """Show text in a pager; False when it cannot be started. No shell is involved."""
    try:
        words = shlex.split(pager)
        if not words:
            return False
        process = subprocess.Popen(words, stdin=subprocess.PIPE, text=True, encoding="utf-8", errors="replace")  # noqa: S603 - the user's own choice
    except (OSError, ValueError):
        return False
    try:
        process.communicate(text)
    except (BrokenPipeError, KeyboardInterrupt):
        process.wait()
    return True


def _columns() -> int:
    return shutil.get_terminal_size((_TEXT_WIDTH, 24)).columns
