"""The program: its commands, and what becomes of their errors."""

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from newsearch import __version__
from newsearch.cli.command import HELP, Command, Group, QueryCommand, short_help
from newsearch.cli.commands.config import config
from newsearch.cli.commands.index import index
from newsearch.cli.commands.query import query
from newsearch.cli.commands.remove import remove
from newsearch.cli.commands.show import show
from newsearch.cli.commands.status import status
from newsearch.cli.commands.verify import verify
from newsearch.cli.context import complain
from newsearch.errors import NewsearchError, QueryError

INTERRUPTED = 130

app = typer.Typer(
    cls=Group,
    name="newsearch",
    help="Find articles in a folder of saved news pages.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": list(HELP)},
)
for function in (index, query, show, status, verify, remove, config):
    kind = QueryCommand if function is query else Command
    app.command(cls=kind)(function)


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
    debug = "--debug" in arguments
    try:
        return _guarded(arguments, debug=debug)
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _guarded(arguments: Sequence[str], *, debug: bool) -> int:
    try:
        status = app(list(arguments), standalone_mode=False, prog_name="newsearch")
        sys.stdout.flush()
    except NewsearchError as error:
        if debug:
            traceback.print_exc()
        _explain(error)
        return error.exit_code
    except TyperException as error:
        complain(f"newsearch: {_one_line(error.format_message())}")
        complain(f"  try: {_help_of(arguments)}")
        return error.exit_code
    except (Abort, KeyboardInterrupt):
        complain("newsearch: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a defect is one line too, unless asked for whole
        if debug:
            traceback.print_exc()
        complain(f"newsearch: internal error ({type(error).__name__}: {_one_line(str(error))})")
        complain("  this is a defect; run the command again with --debug and report what it prints")
        return 70
    return int(status or 0)


def _explain(error: NewsearchError) -> None:
    complain(f"newsearch: {error}")
    if isinstance(error, QueryError) and error.query:
        _point(error.query, error.position)
    if error.hint:
        complain(f"  {error.hint}")


def _point(query: str, position: int, width: int = 60) -> None:
    """Show the part of a query around a place, with a caret under it."""
    shown = query.replace("\n", " ").replace("\t", " ")
    first = max(0, position - width)
    complain(f"  {shown[first : position + width]}")
    complain(f"  {' ' * (position - first)}^")


def _help_of(arguments: Sequence[str]) -> str:
    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    named = next((argument for argument in arguments if argument in names), None)
    return f"newsearch {named} --help" if named else "newsearch --help"


def _one_line(text: str) -> str:
    return " ".join(text.split())
