"""Waiting for source files to change."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsearch.errors import MissingExtraError, UsageError
from newsearch.inputs.files import is_under

_TICK = 250
"""Milliseconds after which it is looked whether anything has come."""


def occasions(roots: Sequence[Path], index: Path) -> Iterator[None]:
    """Yield at once, and then whenever something under the roots has changed; what changes meanwhile is not missed.

    Hidden files below a root are not looked at, as they are not taken in; nor is the index, wherever it lies. No link
    is followed, and folders that cannot be read are left out. A root may vanish, come again, or be replaced by another
    file, as most editors do when they save.

    Args:
        roots: to be watched.
        index: its folder.

    Raises:
        MissingExtraError: what tells of changes is not installed.
        UsageError: the roots cannot be watched.
    """
    try:
        import watchfiles  # noqa: F401, PLC0415 - an extra
    except ModuleNotFoundError as error:
        message = "--watch needs watchfiles"
        raise MissingExtraError(message, "pip install 'newsearch[watch]'") from error

    while True:
        known = [_identity(root) for root in roots]
        began = False
        for changed in _changes([root for root, one in zip(roots, known, strict=True) if one], index):
            if changed or not began:
                began = True
                yield
            if known != [_identity(root) for root in roots]:
                break


def _changes(roots: Sequence[Path], index: Path) -> Iterator[bool]:
    """Yield again and again whether something has changed, until other folders are to be watched.

    What tells of it does not follow a root that is replaced. It could watch all that is in a folder by itself, but
    would go through links, and fail at the first folder it may not read.
    """
    from watchfiles import Change, watch  # noqa: PLC0415 - an extra

    watched = _watchable(roots, index)
    while not watched:
        yield False
        time.sleep(_TICK / 1000)
        watched = _watchable(roots, index)

    def concerns(_: object, name: str) -> bool:
        return not is_under(Path(name), (index,)) and any(_is_shown(Path(name), root) for root in roots)

    try:
        found = watch(*watched, watch_filter=concerns, rust_timeout=_TICK, yield_on_timeout=True, recursive=False)
        for nth, changes in enumerate(found):
            yield bool(changes)
            # What has gone and come again may have the number of what it replaces, and is not followed either.
            replaced = any(Path(name) in watched for kind, name in changes if kind != Change.modified)
            if replaced or ((changes or not nth) and _watchable(roots, index) != watched):
                return
    except (FileNotFoundError, RuntimeError):  # one has vanished since; or the name of another is no text
        yield True
    except OSError as error:
        message = f"the files cannot be watched ({error})"
        raise UsageError(message, "watch fewer folders, or run newsearch index from time to time") from error


def _watchable(roots: Sequence[Path], index: Path) -> dict[Path, tuple[int, int] | None]:
    """Return what can be watched, each with what tells it from another one of its name.

    That is the roots, and the folders below them that are no links, as far as they can be read and have names that are
    text. The index is none of them; one that changes is changed by a run, which would be followed by another one.
    """
    own = _identity(index)
    watched = {root: _identity(root) for root in roots if _may_watch(str(root))}
    for root in roots:
        for folder, names, _ in os.walk(root):
            shown = sorted(name for name in names if not name.startswith("."))
            names[:] = [name for name in shown if not _is_link(folder, name) and _may_watch(f"{folder}/{name}")]
            identities = {name: _identity(Path(folder, name)) for name in names}
            names[:] = [name for name in names if identities[name] != own]
            watched |= {Path(folder, name): identities[name] for name in names}
    return watched


def _may_watch(place: str) -> bool:
    try:
        place.encode()
    except UnicodeEncodeError:
        return False
    return os.access(place, os.R_OK)


def _is_link(folder: str, name: str) -> bool:
    return os.path.islink(f"{folder}/{name}")  # noqa: PTH114 - False where a path is too long


def _identity(root: Path) -> tuple[int, int] | None:
    """Return what tells a file or folder from another one of its name; None where there is none."""
    try:
        found = root.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_shown(location: Path, root: Path) -> bool:
    inside = location.relative_to(root).parts if location.is_relative_to(root) else (".",)
    return not any(part.startswith(".") for part in inside)
