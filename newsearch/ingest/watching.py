"""Waiting for source files to change."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from stat import S_ISDIR

from newsearch.errors import MissingExtraError, UsageError
from newsearch.inputs.files import is_under

_TICK = 250
"""Milliseconds after which it is looked whether anything has come."""


def occasions(roots: Sequence[Path], index: Path) -> Iterator[None]:
    """Yield at once, and then whenever files under the roots have changed; what changes meanwhile is not missed.

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

    last = None
    while True:
        known = [_followable(root) for root in roots]
        for state in _states([root for root, one in zip(roots, known, strict=True) if one], index):
            if state is not None and state != last:
                last = state
                yield
            if known != [_followable(root) for root in roots]:
                break


def _states(roots: Sequence[Path], index: Path) -> Iterator[bytes | None]:
    """Yield the state of all files whenever it may be another one, else None again and again.

    It ends when folders are to be watched anew. What tells of changes does not follow what is replaced. It could watch
    all that is in a folder by itself, but would go through links, and fail at the first folder it may not read.
    """
    from watchfiles import Change, watch  # noqa: PLC0415 - an extra

    watched = _watchable(roots, index)
    while not watched:
        yield _state(watched)
        time.sleep(_TICK / 1000)
        watched = _watchable(roots, index)
    try:
        found = watch(*watched, watch_filter=None, rust_timeout=_TICK, yield_on_timeout=True, recursive=False)
        for nth, changes in enumerate(found):
            concerned = [(kind, Path(name)) for kind, name in changes if _concerns(Path(name), roots, index)]
            if nth and not concerned:
                yield None
                continue
            now = _watchable(roots, index)
            yield _state(now)
            # What has gone and come again may have the number of what it replaces, and is not followed either.
            if now != watched or any(place in watched for kind, place in concerned if kind != Change.modified):
                return
    except (FileNotFoundError, RuntimeError):  # one has vanished; or another has been opened whose name is no text
        time.sleep(_TICK / 1000)
    except OSError as error:
        message = f"the files cannot be watched ({error})"
        raise UsageError(message, "watch fewer folders, or run newsearch index from time to time") from error


def _state(watched: Mapping[Path, object]) -> bytes:
    """Return a digest of what tells whether a file in watched folders has changed, come or gone."""
    digest = blake2b(digest_size=16)
    for place, identity in watched.items():
        digest.update(repr((place, identity, _files(place))).encode())
    return digest.digest()


def _files(place: Path) -> list[tuple[str, tuple[int, ...]]]:
    """Return the names of what is in a folder, or none for a file itself, with what tells it from what was there.

    What is hidden is left out.
    """
    try:
        if not place.is_dir():
            return [("", _marks(place.stat()))]
        with os.scandir(place) as entries:
            shown = (one for one in entries if not one.name.startswith("."))
            return sorted((one.name, _marks(one.stat(follow_symlinks=False))) for one in shown)
    except OSError:  # gone since
        return []


def _marks(file: os.stat_result) -> tuple[int, ...]:
    if S_ISDIR(file.st_mode):  # whose times and size may be of what is hidden in it
        return (file.st_ino,)
    return file.st_ino, file.st_size, file.st_mtime_ns, file.st_ctime_ns


def _watchable(roots: Sequence[Path], index: Path) -> Mapping[Path, tuple[int, int] | None]:
    """Return what can be watched, each with what tells it from another one of its name.

    That is the roots, and the folders below them that are no links, as far as they can be read and have names that are
    text. The index is none of them; one that changes is changed by a run, which would be followed by another one.
    """
    own = _identity(index)
    watched = {root: _followable(root) for root in roots if _followable(root)}
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


def _followable(root: Path) -> tuple[int, int] | None:
    """Return the identity of a root that can be watched now."""
    return _identity(root) if _may_watch(str(root)) else None


def _concerns(location: Path, roots: Sequence[Path], index: Path) -> bool:
    """Tell whether a place is one that is taken in."""
    return not is_under(location, (index,)) and any(_is_shown(location, root) for root in roots)


def _is_shown(location: Path, root: Path) -> bool:
    inside = location.relative_to(root).parts if location.is_relative_to(root) else (".",)
    return not any(part.startswith(".") for part in inside)
