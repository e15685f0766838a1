"""Find the source files under the roots a user names."""

import errno
import io
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from glob import has_magic
from pathlib import Path

from newsearch.model import STDIN_NAME, Origin, Skipped

STDIN = "-"
_ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that may hold captures."""

    location: Path
    """Absolute."""
    real: str
    """The same without links."""
    path: str
    """As in `Origin.path`."""
    size: int
    """Bytes."""
    mark: str
    """Changes whenever the file does: size, inode, times of content and of status."""
    modified: float
    """Seconds since the epoch."""
    identity: tuple[int, int]
    """Its device, and its number there."""


@dataclass(frozen=True, slots=True)
class Roots:
    """What the arguments of one run stand for."""

    present: tuple[Path, ...]
    """Absolute files and folders, each once."""
    missing: tuple[str, ...]
    """Arguments that name nothing, as typed."""
    stdin: bool = False
    within: tuple[Path, ...] = ()
    """What links in them may lead into; empty: the roots themselves."""


def resolve_roots(arguments: Sequence[str]) -> Roots:
    """Turn paths, globs and `-` into roots."""
    present: dict[Path, None] = {}
    missing: list[str] = []
    for argument in arguments:
        if argument == STDIN:
            continue
        found = [argument] if os.path.lexists(argument) else _glob(argument)
        if not found:
            missing.append(argument)
        present.update((Path(os.path.abspath(name)), None) for name in found)  # noqa: PTH100 - links stay as named
    return Roots(tuple(present), tuple(missing), STDIN in arguments)


def _glob(pattern: str) -> list[str]:
    """Return what a pattern matches, in order; `**` follows no links, and hidden names match only hidden patterns."""
    anchor, parts = Path(pattern).anchor, Path(pattern).parts
    named = next((nth for nth, part in enumerate(parts) if has_magic(part)), len(parts))
    try:
        found = sorted(Path(anchor or ".").glob(pattern.removeprefix(anchor).lstrip("/")))
    except ValueError:  # as for a NUL, or for "**" in a name: no path is like that
        return []
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return []
    hidden = _has_hidden(parts[named:])
    return [str(path) for path in found if hidden or not _has_hidden(path.parts[named:])]


def _has_hidden(parts: Sequence[str]) -> bool:
    return any(part.startswith(".") and part != os.pardir for part in parts)


def path_name(location: Path, base: Path) -> str:
    r"""Return how users see a location: relative to `base` when it lies inside; bytes that are no text as `\xe9`.

    Where a name has just that in it, its backslash is written `\x5c`, so that no two locations have the same name, and
    none has that of something on standard input.
    """
    name = location.relative_to(base) if location.is_relative_to(base) else location
    shown = _ESCAPED.sub(rb"\\x5cx\1", os.fsencode(name)).decode("utf-8", "backslashreplace")
    return f"\\x{shown.encode()[0]:x}{shown[1:]}" if shown.startswith(STDIN_NAME) else shown


def location_of(name: str, base: Path) -> Path:
    """Return the location that `path_name` named."""
    data = _ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), name.encode())
    return base / os.fsdecode(data)


def find(
    roots: Sequence[Path], base: Path, exclude: Sequence[str], within: Sequence[Path] = ()
) -> Iterator[SourceFile | Skipped]:
    """Yield the files under the roots, each once, in a fixed order.

    Hidden files and folders below a root are left alone, and so are files that match an `exclude` pattern (of the name
    or of the path). Links are followed to files inside the roots only, or inside `within`, as of `Roots`.
    """
    real_roots = {os.path.realpath(root) for root in within or roots}
    seen: set[str] = set()
    for root in roots:
        for location in _walk(root):
            if isinstance(location, OSError):
                yield _unreadable(location, path_name(Path(location.filename), base))
                continue
            name = path_name(location, base)
            if is_excluded(name, exclude):
                continue
            real = os.path.realpath(location)
            if real not in seen:
                seen.add(real)
                yield from _examine(location, name, real_roots)


def open_source(source: SourceFile) -> io.FileIO:
    """Open a file as it was found; what has come to lead elsewhere since is not followed.

    Raises:
        OSError: it cannot be opened.
    """
    stream = open_regular(source.real, os.O_NOFOLLOW)
    status = os.fstat(stream.fileno())
    # It may be another file by now, as when an editor saved it, but not one that lies elsewhere.
    known = (status.st_dev, status.st_ino) == source.identity
    if not known and _opened_at(stream.fileno(), source.real) not in (source.real, f"{source.real} (deleted)"):
        stream.close()
        raise OSError(errno.ELOOP, "a link has taken its place", source.real)
    return stream


def _opened_at(descriptor: int, path: str) -> str:
    """Return where a file lies that was opened by a path."""
    try:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    except OSError:  # there is no such folder where this is no Linux
        return os.path.realpath(path)


def open_regular(location: str | Path, flags: int = 0) -> io.FileIO:
    """Open a file to read it, but no pipe or device, which may have no end.

    Raises:
        OSError: it cannot be opened, or is none.
    """
    stream = io.FileIO(os.open(location, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags))
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(errno.EINVAL, "it is no regular file", str(location))
    return stream


def is_excluded(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether a file, as users see it, matches one of some patterns, whole or by its last part."""
    return any(fnmatch(name, pattern) or fnmatch(name.rpartition(os.sep)[2], pattern) for pattern in patterns)


def is_under(location: Path, roots: Sequence[Path]) -> bool:
    """Tell whether a location is one of the roots or inside one."""
    return any(location == root or location.is_relative_to(root) for root in roots)


def _walk(root: Path) -> Iterator[Path | OSError]:
    if not root.is_dir():
        yield root
        return
    errors: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=errors.append):
        yield from errors
        errors.clear()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        linked = [name for name in folders if os.path.islink(f"{folder}/{name}")]  # noqa: PTH114 - False where a path is too long
        yield from (Path(folder, name) for name in sorted([*names, *linked]) if not name.startswith("."))
    yield from errors


def _examine(location: Path, name: str, real_roots: set[str]) -> Iterator[SourceFile | Skipped]:
    origin = Origin(name)
    try:
        real = os.path.realpath(location, strict=True)
        status = Path(real).stat()
    except OSError as error:
        yield _unreadable(error, name)
        return
    if real_roots.isdisjoint((real, *map(str, Path(real).parents))):
        yield Skipped(origin, "link-outside", f"it links to {real}; name that path as well to take it in", fatal=True)
    elif stat.S_ISREG(status.st_mode):
        mark = f"{status.st_size}-{status.st_ino}-{status.st_mtime_ns}-{status.st_ctime_ns}"
        identity = status.st_dev, status.st_ino
        yield SourceFile(location, real, name, status.st_size, mark, status.st_mtime, identity)
    elif not stat.S_ISDIR(status.st_mode):  # a linked folder inside the roots is walked where it really is
        yield Skipped(origin, "not-a-file", "a device, pipe or socket; leave it out with --exclude", fatal=True)


def _unreadable(error: OSError, name: str) -> Skipped:
    return Skipped(Origin(name), "unreadable", f"{error.strerror}; mend the link or the permissions", fatal=True)
