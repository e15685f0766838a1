"""The program: its commands, and what becomes of their errors."""

import os
import sys
import traceback
import unicodedata
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from newsearch import __version__
from newsearch.cli.command import HELP, TAKING_QUERIES, Group, short_help
from newsearch.cli.commands import COMMANDS
from newsearch.cli.completion import complete_without_rich
from newsearch.cli.context import complain, silence
from newsearch.cli.wording import shortened
from newsearch.errors import NewsearchError, OutputClosedError, QueryError, UsageError
from newsearch.outputs.safe import safe

app = typer.Typer(
    cls=Group,
    name="newsearch",
    help="Find articles in a folder of saved news pages.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": list(HELP)},
)


@app.callback()
def program(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Find articles in a folder of saved news pages."""
    if version:
        sys.stdout.write(f"newsearch {__version__}\n")
    elif context.invoked_subcommand is None:
        short_help()


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit status."""
    _open_closed_streams()
    debug = "--debug" in arguments
    try:
        return _finished(arguments)
    except NewsearchError as error:
        if debug:
            traceback.print_exc()
        _explain(error)
        return error.exit_code
    except TyperException as error:
        complain(f"newsearch: {_one_line(error.format_message())}")
        complain(f"  try: {_help_of(arguments)}")
        return error.exit_code
    except Abort:
        complain("newsearch: nothing was done")
        return UsageError.exit_code
    except OSError as error:
        if debug:
            traceback.print_exc()
        if not isinstance(error, BrokenPipeError):
            what = f"{error.filename} cannot be used" if error.filename else "the output cannot be written"
            complain(f"newsearch: {what} ({error.strerror})")
        silence(sys.stdout)
        return 0 if isinstance(error, BrokenPipeError) else UsageError.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort: a defect is one line too, unless asked for whole
        if debug:
            traceback.print_exc()
        complain(f"newsearch: internal error ({type(error).__name__}: {_one_line(str(error))})")
        complain("  this is a defect; run the command again with --debug and report what it prints")
        return 70


def _open_closed_streams() -> None:
    """Let what is written to a stream that was closed before the program began go nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - until the process ends


def _finished(arguments: Sequence[str]) -> int:
    if "_NEWSEARCH_COMPLETE" in os.environ:
        complete_without_rich()
    try:
        status = app(list(arguments), standalone_mode=False, prog_name="newsearch")
    except SystemExit as leaving:
        sys.stdout.flush()
        # The library's own answer to a closed pipe is 1; to a shell that asks for completions it is 0.
        return 0 if leaving.code in (0, 1, None) else int(leaving.code)
    sys.stdout.flush()
    return int(status or 0)


def _explain(error: NewsearchError) -> None:
    if isinstance(error, OutputClosedError):
        return
    complain(f"newsearch: {shortened(str(error))}")
    if isinstance(error, QueryError) and error.query:
        _point(error.query, error.position)
    if error.hint:
        complain(f"  {shortened(error.hint)}")


def _point(query: str, position: int, width: int = 60) -> None:
    """Show the part of a query around a place, with a caret under it."""
    shown = query.replace("\n", " ").replace("\t", " ")
    first = max(0, position - width)
    complain(f"  {shown[first : position + width]}")
    complain(f"  {' ' * _columns(safe(shown[first:position]))}^")


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes (Unicode Standard Annex 11)."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    unseen = sum(unicodedata.category(character) in ("Mn", "Me", "Cf") for character in text)
    return len(text) + wide - unseen


def _help_of(arguments: Sequence[str]) -> str:
    named = next((argument for argument in arguments if argument in COMMANDS), None)
    words = "; words that begin with -- go behind a --" if named in TAKING_QUERIES else ""
    return f"newsearch {named} --help{words}" if named else "newsearch --help"


def _one_line(text: str) -> str:
    return " ".join(text.split())
