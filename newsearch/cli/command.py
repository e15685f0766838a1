"""How commands present themselves and read their arguments."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from newsearch.cli.commands import COMMANDS
from newsearch.cli.examples import EXAMPLES
from newsearch.errors import InterruptedByUserError, UsageError

HELP = ("-h", "--help")
TAKING_QUERIES = frozenset({"query", "save"})
"""The commands whose words are a query."""


class Command(TyperCommand):
    """A command whose help begins with examples, and whose options have values: a variable of a script may be empty."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse an option whose value is empty, which would be taken for one that was not given."""
        rest = super().parse_args(ctx, args)
        for param in () if ctx.resilient_parsing else self.params:
            value = ctx.params.get(param.name)
            if param.param_type_name == "option" and (value == "" or (isinstance(value, list | tuple) and "" in value)):
                message = f"{max(param.opts, key=len)} is given, and empty"
                raise UsageError(message, "give it a value, or leave it out")
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the examples before everything else."""
        write_examples(formatter, EXAMPLES[self.name or ""])
        super().format_help(ctx, formatter)


class QueryCommand(Command):
    """A command whose words may begin with a hyphen: `-AMD` is an exclusion and no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Set the words apart from the options, wherever they stand."""
        valued = {name for param in self.params if not getattr(param, "is_flag", True) for name in param.opts}
        return super().parse_args(ctx, _options_first(args, valued))


class Group(TyperGroup):
    """The program itself: its commands in the order of their use, each loaded by its name; its help with examples."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        # Of these the library needs but the names, to suggest one for a name that is none.
        self.commands = cast("dict[str, Any]", dict.fromkeys(COMMANDS))

    def make_context(self, *given: Any, **named: Any) -> Any:
        """Read the arguments, in which Ctrl-C may come as well."""
        with _interruptible():
            return super().make_context(*given, **named)

    def invoke(self, ctx: Any) -> Any:
        """Load and run a command."""
        with _interruptible():
            return super().invoke(ctx)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as in the base class
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return a command; None when there is none of that name."""
        return _command(cmd_name) if cmd_name in COMMANDS else None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the examples before everything else."""
        write_examples(formatter, EXAMPLES["newsearch"])
        super().format_help(ctx, formatter)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Give Ctrl-C words, for which the library has none."""
    try:
        yield
    except KeyboardInterrupt as error:
        message = "interrupted"
        raise InterruptedByUserError(message) from error


def write_examples(formatter: Any, examples: Iterable[tuple[str, str]]) -> None:
    """Write examples the way a help page does."""
    formatter.write("Examples:\n")
    for command, meaning in examples:
        formatter.write(f"  {command}\n      {meaning}\n")
    formatter.write("\n")


def short_help() -> None:
    """Say in a few lines how to begin."""
    sys.stdout.write("newsearch finds articles in a folder of saved news pages.\n\n")
    for command, meaning in EXAMPLES["newsearch"]:
        sys.stdout.write(f"  {command:<34} {meaning}\n")
    sys.stdout.write("\nAll commands: newsearch --help\n")


@cache
def _command(name: str) -> Any:
    program = typer.Typer(add_completion=False, rich_markup_mode=None)
    kind = QueryCommand if name in TAKING_QUERIES else Command
    program.command(name, cls=kind)(cast("Callable[..., int]", COMMANDS.load(name)))
    return typer.main.get_command(program)


def _options_first(args: list[str], valued: set[str]) -> list[str]:
    options: list[str] = []
    words: list[str] = []
    rest = iter(args)
    for arg in rest:
        if arg == "--":
            words.extend(rest)
        elif arg.startswith("--") or arg in HELP:
            options.append(arg)
            if arg in valued:
                value = next(rest, None)
                if value is None:
                    return options  # nothing behind it, so that the parser says what it lacks
                options.append(value)
        else:
            words.append(arg)
    return [*options, "--", *words]
