"""What writers do to the table of contents, with Whoosh's own means; readers do without Whoosh."""

import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from newsearch import private
from newsearch.engines.whoosh.schema import schema
from newsearch.engines.whoosh.toc import CHECK, NAME
from newsearch.errors import LockedError


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
        private.sync(draft)
        super().rename_file(oldname, newname, safe=safe)
        private.sync(Path(self.folder))


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


def write(folder: Path, segments: Sequence[Any], generation: int) -> None:
    """Make a generation: from here on readers see these segments."""
    TOC(schema(), list(segments), generation).write(DurableStorage(str(folder)), NAME)
