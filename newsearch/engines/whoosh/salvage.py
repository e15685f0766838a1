"""What can be had back of a damaged index: undamaged segments as they are, and articles out of the others.

Stored editions lie in blocks that are compressed and checked each by itself (zstd frames, RFC 8878), so they are looked
for in what is left of a file without asking anything else that is in it.
"""

import mmap
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import zstandard

from newsearch.engines.base import Holding, Rescue, Roll
from newsearch.engines.whoosh import commit, stories, toc
from newsearch.engines.whoosh.blocks import Array, BlockFile, DamagedFileError
from newsearch.engines.whoosh.clusters import story_roots
from newsearch.engines.whoosh.codec import NewsSegment
from newsearch.engines.whoosh.documents import SUPERSEDED, document, edition_of, parted, unpacked
from newsearch.engines.whoosh.guard import AMISS
from newsearch.engines.whoosh.leftovers import tidy
from newsearch.engines.whoosh.segment import EXTENSION, LARGEST_BLOCK, SegmentFile
from newsearch.engines.whoosh.structure import segment_faults
from newsearch.engines.whoosh.view import SegmentView
from newsearch.engines.whoosh.workers import WORDS, SegmentStream
from newsearch.errors import IndexUnusableError
from newsearch.model import Edition
from newsearch.private import FOLDER, keep_aside, refuse_strangers, sync

_FRAME = b"\x28\xb5\x2f\xfd"
_HEAD = 18
"""Bytes that the head of a frame has at most, in which its size is."""
_PIECE = 1 << 20
_BATCH = 256
"""Rescued documents handed on at once."""
_Edition = tuple[str, int]
"""An article's id, and what stands for the content."""


class _Part(NamedTuple):
    """A segment of the index to be."""

    file: SegmentFile
    deleted: list[int]

    @property
    def entry(self) -> NewsSegment:
        """What the table of contents is to say of it."""
        file = self.file
        segment = NewsSegment.named(toc.NAME, file.file.path.stem, file.documents, file.file.facts["words"])
        segment.deleted = set(self.deleted)
        return segment


class _Left(NamedTuple):
    """What is left of an index."""

    parts: list[_Part]
    """The segments that are whole."""
    damaged: list[Path]
    """The other ones."""
    tables: list[Path]
    """The table of contents, and that of the stories, as far as they cannot be read."""
    present: set[_Edition]
    """The editions in the segments that are whole; what is rescued is added to them."""

    @property
    def files(self) -> list[Path]:
        """All that are damaged, or missing."""
        return [*self.damaged, *self.tables]


def salvage(
    folder: Path,
    aside: Path | None,
    roll: Roll,
    tell: Callable[[Sequence[str]], None],
    standing: Callable[[], None],
) -> Rescue:
    """Make an index of what is left of one.

    Damaged files go when all that could be had of them is in the new generation, and they are in another folder too.

    Args:
        folder: of the index.
        aside: where damaged files go; made when there are any. None to find out only, and write nothing.
        roll: of the editions that belong into the index.
        tell: told the names of the damaged files before anything is changed.
        standing: as of the engine.

    Raises:
        LockedError: another process is writing it.
        OSError: it cannot be written.
    """
    if aside is None:
        left = _look_for(folder, roll)
        tell([file.name for file in left.files])
        rescued = sum(map(len, _rescued(left.damaged, roll, left.present)))
        return Rescue(rescued, left.present, partial(_paths, left, roll))
    folder.mkdir(mode=FOLDER, exist_ok=True)
    refuse_strangers(folder)
    lock = commit.lock(folder)
    try:
        left = _look_for(folder, roll)
        tell([file.name for file in left.files])
        rescued = _put_right(folder, left, aside, roll, standing)
    finally:
        lock.release()
    return Rescue(rescued, left.present, partial(_paths, left, roll))


def _put_right(folder: Path, left: _Left, aside: Path, roll: Roll, standing: Callable[[], None]) -> int:
    """Make a generation of what is whole and what can be rescued, and return how many editions that was.

    A repair that fails, say on a full disk, leaves nothing of what it wrote: another try would add to it.
    """
    before = set(folder.iterdir())
    generation = toc.newest(folder) + 1
    stream = SegmentStream(folder, toc.NAME, WORDS)
    rescued = 0
    try:
        for batch in _rescued(left.damaged, roll, left.present):
            stream.add(batch)
            rescued += len(batch)
        parts = left.parts + [_Part(SegmentFile(folder / f"{one.name}{EXTENSION}"), []) for one in stream.finish()]
        for file in left.files:
            keep_aside(file, aside)
        standing()
        _commit(folder, parts, generation)
    except BaseException:
        with suppress(IndexUnusableError):
            standing()
            if toc.latest(folder) != generation:
                for file in set(folder.iterdir()) - before:
                    file.unlink(missing_ok=True)
        raise
    standing()
    tidy(folder, generation, [part.entry.segment_id() for part in parts])
    return rescued


def _paths(left: _Left, roll: Roll) -> set[str]:
    """Return the sources of what is in whole segments, and of what can be read in the others."""
    named = (roll.named(edition) for file in left.damaged if file.exists() for edition in stored_editions(file))
    return {edition.article.origin.path for edition in chain(_kept(left.parts), named) if edition}


def _kept(parts: Iterable[_Part]) -> Iterator[Edition]:
    """Yield the editions in whole segments, as far as they can be read: what is whole may be made not to fit."""
    for part in parts:
        for number in sorted(set(range(part.file.documents)).difference(part.deleted)):
            with suppress(DamagedFileError, *AMISS):
                yield edition_of(part.file.stored(number))


def _look_for(folder: Path, roll: Roll) -> _Left:
    """Look at each file of an index."""
    listed = _listed(folder)
    names = sorted(listed if listed is not None else {file.stem for file in folder.glob(f"*{EXTENSION}")})
    files = [folder / f"{name}{EXTENSION}" for name in names]
    whole = [file for file in map(_whole, files) if file]
    present: set[_Edition] = set()
    parts = [_Part(file, _deleted(file, listed, roll, present)) for file in sorted(whole, key=_age)]
    readable = {one.file.path for one in whole}
    for edition in () if roll.whole else _kept(parts):
        roll.bears(edition.article)
    return _Left(parts, [file for file in files if file not in readable], _damaged_tables(folder), present)


def stored_editions(file: Path) -> Iterator[Edition]:
    """Yield the editions that can be read in a damaged file, without the ids of their articles."""
    for block in _blocks(file):
        try:
            records = list(parted(block))
        except ValueError:
            continue  # four bytes that happened to be those of a frame, and no frame of ours
        for record in records:
            try:
                yield edition_of(unpacked(record) | {"id": ""})
            except AMISS:
                continue


def _listed(folder: Path) -> dict[str, set[int]] | None:
    """Return the segments of the newest table of contents and what is deleted of each; None where it is damaged."""
    try:
        generation = toc.latest(folder)
        segments = [] if generation is None else toc.read(folder, generation, toc.Listed)
    except (DamagedFileError, OSError):
        return None
    return None if generation is None else {one.segment_id(): one.deleted for one in segments}


def _whole(path: Path) -> SegmentFile | None:
    try:
        file = SegmentFile(path)
        faults = list(segment_faults(SegmentView(file, [], 0), deep=False))
    except (DamagedFileError, OSError):
        return None
    return None if faults else file


def _age(file: SegmentFile) -> int:
    """Return what files are sorted by, the newest first: where an edition is in several, that is what it is now."""
    return -file.file.path.stat().st_mtime_ns


def _deleted(file: SegmentFile, listed: dict[str, set[int]] | None, roll: Roll, present: set[_Edition]) -> list[int]:
    """Return the deleted documents of a segment, and note the others as present.

    Where no table says which these are, they are those that are not on the roll, or are there already.
    """
    names, contents = file.ids.all(), file.column("contents").tolist()
    superseded = (file.column("marks") & SUPERSEDED).astype(bool).tolist()
    known = None if listed is None else listed[file.file.path.stem]
    deleted: list[int] = []
    for number, name in enumerate(names):
        holding = Holding(name.decode(), contents[number], superseded[number])
        edition = holding.id, holding.content
        gone = number in known if known is not None else edition in present or not roll.has(holding)
        if gone:
            deleted.append(number)
        else:
            present.add(edition)
    return deleted


def _rescued(damaged: list[Path], roll: Roll, present: set[_Edition]) -> Iterator[list[dict[str, object]]]:
    """Yield as documents, in batches, what can be read of damaged segments and belongs into the index."""
    batch: list[dict[str, object]] = []
    for file in damaged:
        for edition in stored_editions(file) if file.exists() else ():
            named = roll.named(edition)
            if named is None:
                continue
            added = document(named)
            key = added["id"], added["contents"]
            if key in present:
                continue
            present.add(key)
            batch.append(added)
            if len(batch) == _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield the content of each block that is whole."""
    size = path.stat().st_size
    if not size:
        return
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for start, end in _readable(stream.fileno(), size):
            place = data.find(_FRAME, start, end)
            while place >= 0:
                block, behind = _block(data, place, end)
                if block:
                    yield block
                place = data.find(_FRAME, behind, end)


def _readable(descriptor: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a file that the disk can read; to touch others would end the process (SIGBUS)."""
    start = place = 0
    while place < size:
        try:
            read = len(os.pread(descriptor, _PIECE, place))
        except OSError:
            read = 0
        if read:
            place += read
            continue
        if start < place:
            yield start, place
        start = place = (place // mmap.PAGESIZE + 1) * mmap.PAGESIZE
    if start < place:
        yield start, place


def _block(data: mmap.mmap, place: int, end: int) -> tuple[bytes, int]:
    """Return what the frame at a place holds, and where to look for the next; nothing when it is none that is whole.

    Args:
        data: all of a file.
        place: of the frame.
        end: of what can be read of it.
    """
    try:
        stated = zstandard.frame_content_size(data[place : place + _HEAD])
        if not 0 < stated <= LARGEST_BLOCK:
            return b"", place + 1
        reader = zstandard.ZstdDecompressor().decompressobj()
        parts: list[bytes] = []
        reached = place
        while not reader.eof and reached < end:
            parts.append(reader.decompress(data[reached : min(reached + _PIECE, end)]))
            reached += _PIECE
    except zstandard.ZstdError:
        return b"", place + 1
    if not reader.eof:
        return b"", place + 1
    return b"".join(parts), min(reached, end) - len(reader.unused_data)


def _commit(folder: Path, parts: list[_Part], generation: int) -> None:
    """Make a generation of some segments."""
    views: list[SegmentView] = []
    base = 0
    for part in parts:
        views.append(SegmentView(part.file, part.deleted, base))
        base += part.file.documents
    roots: Array = story_roots(views, np.zeros(0, np.intp))
    entries = [part.entry for part in parts]
    stories.write(folder, generation, [one.segment_id() for one in entries], roots)
    sync(folder)
    commit.write(folder, entries, generation)


def _damaged_tables(folder: Path) -> list[Path]:
    """Return the newest table of contents and that of the stories, as far as they cannot be read."""
    if not folder.is_dir():
        return []
    generation = toc.committed(folder)
    damaged = [] if _listed(folder) is not None else [toc.path_of(folder, generation)]
    try:
        told = BlockFile(stories.path_of(folder, generation))
        told.check_gaps()
        for name in told:
            told[name].read()
    except (DamagedFileError, OSError):
        damaged.append(stories.path_of(folder, generation))
    return damaged
