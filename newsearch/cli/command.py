"""How commands present themselves and read their arguments."""

import sys
from collections.abc import Iterable
from typing import Any

from typer.core import TyperCommand, TyperGroup

from newsearch.cli.examples import EXAMPLES
from newsearch.errors import InterruptedByUserError

HELP = ("-h", "--help")


class Command(TyperCommand):
    """A command whose help begins with examples."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the examples before everything else."""
        write_examples(formatter, EXAMPLES[self.name or ""])
        super().format_help(ctx, formatter)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an interruption gets words of its own."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as error:
            message = "interrupted"
            raise InterruptedByUserError(message) from error


class QueryCommand(Command):
    """A command whose words may begin with a hyphen: `-AMD` is an exclusion and no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Set the words apart from the options, wherever they stand."""
        valued = {name for param in self.params if not getattr(param, "is_flag", True) for name in param.opts}
        return super().parse_args(ctx, _options_first(args, valued))


class Group(TyperGroup):
    """The program itself: its commands in the order of their use, its help with examples."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as in the base class
        """Return the commands as they were added."""
        return list(self.commands)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the examples before everything else."""
        write_examples(formatter, EXAMPLES["newsearch"])
        super().format_help(ctx, formatter)


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
