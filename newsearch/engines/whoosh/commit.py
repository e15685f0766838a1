"""What writers do to the table of contents, with Whoosh's own means; readers do without Whoosh."""

import os
import re
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from newsearch import private
from newsearch.engines.whoosh import stories
from newsearch.engines.whoosh.schema import schema
from newsearch.engines.whoosh.segment import EXTENSION
from newsearch.engines.whoosh.toc import CHECK, NAME, path_of
from newsearch.errors import LockedError

_OWN_FILES = re.compile(rf"_{NAME}_\d+\.(toc|stories).*|{NAME}_\w+\..*")


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder in which a file that takes its final name is on the disk, and so is the name."""

    def create_file(self, name: str, **_: object) -> StructFile:
        """Return a new file, readable by its owner only."""
        return StructFile(private.create(Path(self.folder, name)), name=name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 - as in the base
        """Put a checksum behind a file's content, where Whoosh does not look; sync, rename, and sync the folder."""
        draft = Path(self.folder, oldname)
        data = draft.read_bytes()
        with draft.open("ab") as stream:
            stream.write(CHECK.pack(zlib.crc32(data)))
        sync(draft)
        super().rename_file(oldname, newname, safe=safe)
        sync(Path(self.folder))


def lock(folder: Path) -> Any:  # noqa: ANN401 - of Whoosh
    """Take Whoosh's lock of writers and return it; it is let go of when the process ends.

    Raises:
        LockedError: another writer has it.
    """
    file = folder / f"{NAME}_WRITELOCK"
    os.close(private.opened(file, os.O_RDWR))
    taken = FileStorage(str(folder)).lock(file.name)
    if not taken.acquire(blocking=False):
        message = f"another process is writing the index in {folder}"
        raise LockedError(message, "wait for it to end, or give --wait SECONDS")
    return taken


def sync(path: Path) -> None:
    """Make a file's content, or a folder's names, last."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(folder: Path, segments: Sequence[Any], generation: int) -> None:
    """Make a generation: from here on readers see these segments."""
    TOC(schema(), list(segments), generation).write(DurableStorage(str(folder)), NAME)


def tidy(folder: Path, generation: int, segments: Sequence[Any]) -> None:
    """Delete what no generation needs any more: older tables and stories, merged segments, drafts."""
    kept = {path_of(folder, generation).name, stories.path_of(folder, generation).name}
    kept |= {f"{segment.segment_id()}{EXTENSION}" for segment in segments}
    for file in folder.iterdir():
        if _OWN_FILES.fullmatch(file.name) and file.name not in kept:
            with suppress(OSError):  # what is still open elsewhere is for the next one to delete
                file.unlink(missing_ok=True)
