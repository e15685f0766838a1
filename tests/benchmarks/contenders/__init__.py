"""The engines that are compared, by name; each is imported when it is used."""

from importlib import import_module
from typing import Any, cast

from .base import Contender

CONTENDERS = {
    "newsearch": "newsearch_engine:Newsearch",
    "whoosh": "stock_whoosh:StockWhoosh",
    "fts5": "sqlite_fts5:Fts5",
    "tantivy": "tantivy_engine:Tantivy",
}
TITLES = {"newsearch": "newsearch", "whoosh": "stock Whoosh", "fts5": "SQLite FTS5", "tantivy": "tantivy"}


def load(name: str) -> type[Contender[Any]]:
    """Return the class of a contender.

    Raises:
        ModuleNotFoundError: its packages are not installed; `pip install 'newsearch[bench]'` brings them.
    """
    module, _, attribute = CONTENDERS[name].partition(":")
    return cast("type[Contender[Any]]", getattr(import_module(f".{module}", __package__), attribute))
