"""Ways to damage the files of an index, and what they leave of it."""

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from newsearch.engines.whoosh.segment import SegmentFile
from newsearch.ingest.archive import LEDGER

KINDS = ("flip", "flip", "flip", "cut", "zero", "empty", "missing", "swap", "earlier")
HARMLESS = frozenset(
    {
        ".gitignore",
        "writer.lock",
        "saved.json.lock",
        "_MAIN_WRITELOCK",
        "MAIN_WRITELOCK",
        f"{LEDGER}-wal",
        f"{LEDGER}-shm",
    }
)
"""Files in which nothing is that matters: locks, and a journal all of which is in the ledger."""
STRETCHES = (64, 512, 4096, 16384)
"""Bytes that are zeroed; the larger ones are what disks lose at once, and begin where these do."""


def damage(folder: Path, earlier: Sequence[Path], draw: random.Random) -> str:
    """Damage one file of an index, or two, and return how.

    Args:
        folder: of the index.
        earlier: copies of it from earlier times.
        draw: decides.
    """
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    file, kind = draw.choice(files), draw.choice(KINDS)
    alike = [other for other in files if other.suffix == file.suffix and other != file and other.stat().st_size]
    if kind == "earlier":
        state = draw.choice(earlier)
        (folder / LEDGER).write_bytes((state / LEDGER).read_bytes())
        return f"{LEDGER} of an earlier time"
    data = bytearray(file.read_bytes())
    if kind == "swap" and alike:
        other = draw.choice(alike)
        file.write_bytes(other.read_bytes())
        other.write_bytes(data)
        return f"{file.name} and {other.name} swapped"
    if kind == "missing" or not data:
        file.unlink()
        return f"{file.name} missing"
    place = draw.randrange(len(data))
    if kind == "zero":
        size = draw.choice(STRETCHES)
        place -= place % size if size > STRETCHES[0] else 0
        stretch = data[place : place + size]
        data[place : place + size] = bytes(len(stretch))
        how = f"{len(stretch)} zeros from byte {place}"
    elif kind in ("cut", "empty"):
        del data[0 if kind == "empty" else place :]
        how = f"cut off at byte {len(data)}"
    else:
        data[place] ^= 1 << draw.randrange(8)
        how = f"a bit flipped in byte {place}"
    file.write_bytes(data)
    return f"{file.name}: {how}"


def contents(folder: Path) -> dict[str, bytes]:
    """Return what is in the files of a folder, by their places in it."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def changed(whole: Path, damaged: Path) -> frozenset[str]:
    """Return the names of the files that are not what they were, but those that do not matter."""
    before, after = contents(whole), contents(damaged)
    return frozenset(Path(name).name for name in before if before[name] != after.get(name)) - HARMLESS


def lossy(whole: Path, damaged: Path) -> frozenset[str]:
    """Return the articles of which a stored edition is in no file of an index any more as it was."""
    left = [file.read_bytes() for file in damaged.glob("index/*.news")]
    stored = (part for file in whole.glob("index/*.news") for part in _stored(SegmentFile(file)))
    return frozenset(name for block, names in stored if not any(block in content for content in left) for name in names)


def _stored(file: SegmentFile) -> Iterator[tuple[bytes, list[str]]]:
    """Yield each block of stored editions, with the articles of which something is in it."""
    places = file.file["stored_blocks"].read().tolist()
    blocks = file.file["stored_at"].read().reshape(-1, 2)[:, 0]
    for block, (start, end) in enumerate(pairwise(places)):
        numbers = np.flatnonzero(blocks == block).tolist()
        yield file.file["stored"].read(start, end).tobytes(), [file.ids[number].decode() for number in numbers]
