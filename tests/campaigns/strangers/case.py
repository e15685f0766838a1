"""A hostile case, and how sources of it are written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = "sources"
"""The folder of the sources."""
MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Case:
    """Something hostile."""

    write: Callable[[Path], object]
    """Puts it into a folder, in which there is one for sources."""
    commands: Sequence[Sequence[str]] = ()
    """To be run as well."""
    options: Sequence[str] = ()
    """Of `newsearch index`."""
    codes: set[int] = field(default_factory=set)
    """Exit codes of `newsearch index` when the hostile thing is such that it ends there."""
    spoil: Callable[[Path], object] | None = None
    """What is done to the folder of the index before it is used."""
    silent: bool = False
    """It is neither an article nor skipped, and need not be."""
    large: bool = False


def into(name: str, content: bytes | str) -> Callable[[Path], object]:
    """Return how to write a source."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return lambda base: (base / SOURCES / name).write_bytes(data)


def made(name: str, content: Callable[[], bytes]) -> Callable[[Path], object]:
    """Return how to write a source that is made when it is needed."""
    return lambda base: (base / SOURCES / name).write_bytes(content())


def line(name: str, begin: bytes) -> Callable[[Path], object]:
    """Return how to write a source that goes on with a line of 100 MB."""
    return made(name, lambda: begin + b"x" * (100 * MB))
