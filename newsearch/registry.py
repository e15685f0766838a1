"""Tables of names that become classes when they are used, so that an unused format costs no import."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from newsearch.errors import MissingExtraError, UsageError


class Entry(NamedTuple):
    """Where a named thing lives."""

    target: str
    """`package.module:attribute`."""
    extra: str = ""
    """The extra of this distribution that brings what it needs; empty when the core install has it all."""
    needs: tuple[str, ...] = ()
    """The import names of what the extra brings."""
    what: str = ""
    """What it is, in a few words, for a list."""


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

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def missing(self, name: str) -> list[str]:
        """Return the import names of what would have to be installed to use `name`."""
        return [module for module in self._entries[name].needs if find_spec(module) is None]

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
        if missing := self.missing(name):
            message = f"{self.kind} '{name}' needs {' and '.join(missing)}"
            raise MissingExtraError(message, f"pip install 'newsearch[{self._entries[name].extra}]'")
        module, _, attribute = self._entries[name].target.partition(":")
        return getattr(import_module(module), attribute)
