"""The files of an index that its newest generation has no use for."""

import re
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from pathlib import Path

from newsearch import private
from newsearch.engines.whoosh import stories
from newsearch.engines.whoosh.segment import EXTENSION
from newsearch.engines.whoosh.toc import NAME, path_of

_OWN_FILES = re.compile(rf"_{NAME}_\d+\.(toc|stories).*|{NAME}_\w+\..*")


def leftovers(folder: Path, generation: int, segments: Iterable[str]) -> list[Path]:
    """Return older tables and stories, merged segments, and drafts.

    Args:
        folder: of the index.
        generation: the newest.
        segments: the names of those it consists of.
    """
    kept = {path_of(folder, generation).name, stories.path_of(folder, generation).name}
    kept |= {f"{name}{EXTENSION}" for name in segments}
    return [file for file in folder.iterdir() if _OWN_FILES.fullmatch(file.name) and file.name not in kept]


def tidy(folder: Path, generation: int, segments: Iterable[str], *, surely: bool = False) -> None:
    """Delete them.

    Args:
        folder: as above.
        generation: as above.
        segments: as above.
        surely: it is to be told when it cannot be done; else it is for the next writer to do.

    Raises:
        OSError: one cannot be deleted that surely is to go.
    """
    left = leftovers(folder, generation, segments)
    for file in left:
        with nullcontext() if surely else suppress(OSError):
            file.unlink(missing_ok=True)
    if surely and left:
        private.sync(folder)
