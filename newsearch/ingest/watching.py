"""Waiting for source files to change."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from newsearch.errors import MissingExtraError, UsageError

_TICK = 250
"""Milliseconds after which it is looked whether anything has come."""


def occasions(roots: Sequence[Path]) -> Iterator[None]:
    """Yield at once, and then whenever something under the roots has changed; what changes meanwhile is not missed.

    Hidden files below a root are not looked at, as they are not taken in; among them is the index itself.

    Raises:
        MissingExtraError: what tells of changes is not installed.
        UsageError: the roots cannot be watched.
    """
    try:
        from watchfiles import watch  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        message = "--watch needs watchfiles"
        raise MissingExtraError(message, "pip install 'newsearch[watch]'") from error

    def concerns(_: object, name: str) -> bool:
        return any(_is_shown(Path(name), root) for root in roots)

    began = False
    try:
        for changes in watch(*roots, watch_filter=concerns, rust_timeout=_TICK, yield_on_timeout=True):
            if changes or not began:
                began = True
                yield
    except OSError as error:
        message = f"the files cannot be watched ({error})"
        raise UsageError(message, "watch fewer folders, or run newsearch index from time to time") from error


def _is_shown(location: Path, root: Path) -> bool:
    inside = location.relative_to(root).parts if location.is_relative_to(root) else (".",)
    return not any(part.startswith(".") for part in inside)
