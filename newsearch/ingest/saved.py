"""Saved queries: texts under names, in one file of the index folder."""

import json
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path

from newsearch import private
from newsearch.errors import DamagedIndexError, IndexUnusableError, QueryError, UsageError
from newsearch.ingest.archive import SAVED, check_stamp
from newsearch.ingest.durable import replace
from newsearch.ingest.lock import writer_lock
from newsearch.query import name_of, parse_query

VERSION = 2
LARGEST = 1 << 24
"""Bytes of the file."""
LONGEST = 100
"""Characters of a name."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_OPERATORS = ("and", "or", "not")
_NAMES = f"give up to {LONGEST} letters, digits, - _ . and blanks; no hyphen first, and not and, or, not alone"


def name_to_keep(typed: str) -> str:
    """Return the name a query is saved under: one that can stand behind `saved:` as it is.

    Raises:
        UsageError: it cannot be such a name.
    """
    name = name_of(typed)
    if not _is_name(name):
        message = f"'{typed}' cannot be the name of a saved query"
        raise UsageError(message, _NAMES)
    return name


def load(folder: Path) -> dict[str, str]:
    """Return the saved queries of an index by their names, in the order of these.

    Raises:
        IndexUnusableError: there is no index, or its saved queries cannot be read.
    """
    check_stamp(folder)
    return read(folder / SAVED)


def read(file: Path) -> dict[str, str]:
    """Return the saved queries in a file, as above."""
    try:
        text = private.read(file, LARGEST).decode()
    except FileNotFoundError as error:
        message = f"the file of the saved queries {file} is missing"
        raise DamagedIndexError(message) from error
    except OSError as error:
        message = f"the saved queries {file} cannot be read ({error.strerror})"
        raise IndexUnusableError(message, "check the file's permissions and the disk") from error
    except ValueError as error:
        raise _damaged(file) from error
    return _queries(text, file)


@contextmanager
def changing(folder: Path, wait: float) -> Iterator[dict[str, str]]:
    """Hand out the saved queries to be changed, to one process at a time; what they are at the end is written.

    An error raised inside leaves everything as it was, and so does the death of the process.

    Args:
        folder: of the index.
        wait: seconds to wait for another writer.

    Raises:
        IndexUnusableError: there is no index, or its saved queries cannot be read or written.
        LockedError: another process is changing them.
    """
    check_stamp(folder)
    # Not the lock of the index: a query can be saved while a long run takes articles in.
    with writer_lock(folder, wait, name=f"{SAVED}.lock", guarded="the saved queries") as standing:
        queries = load(folder)
        yield queries
        standing()
        write(folder, queries)


def write(folder: Path, queries: Mapping[str, str]) -> None:
    """Write the saved queries of an index, by their names.

    Raises:
        IndexUnusableError: they cannot be written.
    """
    file = folder / SAVED
    kept = {name: {"query": query, "check": _check(name, query)} for name, query in sorted(queries.items())}
    text = json.dumps({"version": VERSION, "queries": kept}, ensure_ascii=False, indent=1) + "\n"
    if len(text.encode()) > LARGEST:
        message = "the saved queries would take more room than there is for them"
        raise UsageError(message, "forget some first: newsearch saved --remove NAME")
    try:
        replace(file, text)
    except OSError as error:
        message = f"the saved queries {file} cannot be written ({error.strerror})"
        raise IndexUnusableError(message, "check the folder's permissions and the disk") from error


def rescue(file: Path) -> dict[str, str]:
    """Return what can be read for certain of a damaged file of saved queries, by their names."""
    try:
        content = json.loads(private.read(file, LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    queries = content.get("queries") if isinstance(content, dict) else None
    kept = queries.items() if isinstance(queries, dict) else ()
    return {name: one["query"] for name, one in kept if _is_saved(name, one)}


def broken_by(before: Mapping[str, str], after: Mapping[str, str], zone: tzinfo) -> list[str]:
    """Return the names of the saved queries that a change of others makes unreadable."""
    return [name for name in after if not _is_readable(name, after, zone) and _is_readable(name, before, zone)]


def _is_name(name: str) -> bool:
    allowed = all(
        character.isalnum() or character in "-_." or unicodedata.category(character).startswith("M")
        for character in name
    )
    usable = name == name_of(name) and not name.startswith("-") and name not in _OPERATORS
    return allowed and usable and 0 < len(name) <= LONGEST


def _is_readable(name: str, queries: Mapping[str, str], zone: tzinfo) -> bool:
    try:
        parse_query(f"saved:{name}", saved=queries, zone=zone)
    except QueryError:
        return False
    return True


def _queries(text: str, file: Path) -> dict[str, str]:
    """Return what the file says.

    Raises:
        IndexUnusableError: it is damaged, or from a later version.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(file) from error
    version, queries = (content.get(name) if isinstance(content, dict) else None for name in ("version", "queries"))
    if isinstance(version, int) and version > VERSION:
        message = f"the saved queries {file} have version {version}, and this program reads up to {VERSION}"
        raise IndexUnusableError(message, "upgrade: pip install --upgrade newsearch")
    if version != VERSION or not isinstance(queries, dict) or not all(map(_is_saved, queries, queries.values())):
        raise _damaged(file)
    return {name: one["query"] for name, one in sorted(queries.items())}


def _is_saved(name: str, kept: object) -> bool:
    """Tell whether this was saved, and so can be again: JSON can spell surrogates, UTF-8 cannot."""
    if not isinstance(kept, dict) or not _is_name(name):
        return False
    query = kept.get("query")
    if not isinstance(query, str) or _SURROGATE.search(query):
        return False
    return kept.get("check") == _check(name, query)


def _check(name: str, query: str) -> int:
    """Return a checksum of a saved query with its name."""
    return zlib.crc32(f"{name}\n{query}".encode())


def _damaged(file: Path) -> IndexUnusableError:
    return DamagedIndexError(f"the saved queries {file} are damaged")
