"""Files of an index as somebody makes them who knows their checksums."""

import json
import struct
import zlib
from typing import Any

import numpy as np

from newsearch.engines.whoosh.blocks import BLOCK

FOOTER = struct.Struct("<QQI4s")
HEADER = 16
"""Bytes before the arrays."""
Directory = dict[str, Any]


def parts(content: bytes) -> tuple[bytes, Directory, bytes]:
    """Return the arrays of a file, its directory, and the checksums of the blocks."""
    place, length, _, _ = FOOTER.unpack(content[-FOOTER.size :])
    return content[:place], json.loads(content[place : place + length]), content[place + length : -FOOTER.size]


def whole(arrays: bytes, directory: Directory | bytes, checks: bytes, place: int | None = None) -> bytes:
    """Return a file of these parts, with all checksums right."""
    text = directory if isinstance(directory, bytes) else json.dumps(directory).encode()
    footer = FOOTER.pack(len(arrays) if place is None else place, len(text), zlib.crc32(text + checks), b"NSEG")
    return arrays + text + checks + footer


def checked(arrays: bytes, directory: Directory) -> bytes:
    """Return a file with the checksums of its arrays."""
    sums: list[int] = []
    for kind, count, start in directory["arrays"].values():
        data = arrays[start : start + count * np.dtype(kind).itemsize]
        sums += [zlib.crc32(data[block : block + BLOCK]) for block in range(0, len(data), BLOCK)]
    return whole(arrays, directory | {"checks": len(sums)}, np.array(sums, "<u4").tobytes())


def with_arrays(content: bytes, data: bytes) -> bytes:
    """Return a file with other bytes in its arrays, as far as there are any."""
    arrays, directory, _ = parts(content)
    filled = (arrays[:HEADER] + data)[: len(arrays)]
    return checked(filled + arrays[len(filled) :], directory)


def with_directory(content: bytes, text: bytes) -> bytes:
    """Return a file with another directory, and with checksums as right as can be."""
    arrays, _, _ = parts(content)
    try:
        return checked(arrays, json.loads(text))
    except Exception:  # noqa: BLE001 - what is no directory cannot be gone by
        return whole(arrays, text, b"")


def table(_: bytes, content: bytes) -> bytes:
    """Return a table of contents with its checksum."""
    return content + zlib.crc32(content).to_bytes(4, "little")
