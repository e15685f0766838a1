"""Tables of names that become classes when they are used, so that an unused format costs no import."""

from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

from newsearch.errors import MissingExtraError, UsageError


class Entry(NamedTuple):
    """Where a named thing lives."""

    target: str
    """`package.module:attribute`."""
    extra: str = ""
    """The extra of this distribution that brings what the module imports; empty when the core install has it all."""


class Registry:
    """A table from names to lazily imported objects.

    Args:
        kind: what the table holds, in the words of an error message (`"output format"`).
        entries: name to entry.
    """

    def __init__(self, kind: str, entries: dict[str, Entry]) -> None:
        self.kind = kind
        self._entries = entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def load(self, name: str) -> object:
        """Import and return what `name` stands for.

        Raises:
            UsageError: no such name.
            MissingExtraError: the packages behind it are not installed.
        """
        if name not in self._entries:
            known = ", ".join(self._entries)
            message = f"there is no {self.kind} '{name}'"
            raise UsageError(message, f"use one of: {known}")
        target, extra = self._entries[name]
        module, _, attribute = target.partition(":")
        try:
            return getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if not extra:
                raise
            message = f"{self.kind} '{name}' needs {error.name}"
            raise MissingExtraError(message, f"pip install 'newsearch[{extra}]'") from error
