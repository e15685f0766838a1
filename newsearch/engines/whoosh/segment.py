"""A segment: the editions of a batch in one file, and how it is read.

| array | what |
|---|---|
| `forms`, `folds`, `stems`, `stem_starts`, `by_fold` | the lexicon |
| `german.stems`, `german.forms` and the like | stems in other languages, as far as documents are in them |
| `title.*`, `body.*` | the postings of a field, and each document's length in it |
| `published`, `updated`, `captured` | microseconds since the epoch, `UNKNOWN` where it is |
| `signatures` | by which bodies are compared, `signatures.SIZE` bytes each |
| `marks` | bits, as the schema names them |
| `contents` | what stands for the digest of each edition |
| `known.documents`, `known.from`, `known.until` | when an edition was the newest known, where that is not the usual |
| `source.*`, `section.*`, `lang.*` | the distinct values, and each document's |
| `ids`, `by_id` | each document's article id, and the documents in the order of their ids |
| `stored`, `stored_blocks`, `stored_at` | the editions, compressed in blocks |

An array that a later version adds is one more name; what an older file lacks has its default.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import zstandard

from newsearch.analysis import fold
from newsearch.analysis.signatures import SIZE, Rows
from newsearch.engines.whoosh.blocks import Array, BlockFile, DamagedFileError, Section
from newsearch.engines.whoosh.documents import TEXT_FIELDS, unpacked
from newsearch.engines.whoosh.inverter import Postings
from newsearch.engines.whoosh.languages import Languages
from newsearch.engines.whoosh.masks import both, nonzero
from newsearch.engines.whoosh.remembered import Remembered
from newsearch.engines.whoosh.small import Nibbles, NibblesPart, Shorts, Varied
from newsearch.engines.whoosh.strings import Strings
from newsearch.engines.whoosh.toc import DOCUMENTS
from newsearch.query.fields import VALUE_FIELDS
from newsearch.query.tree import ValueField
from newsearch.query.values import answers, normal

EXTENSION = ".news"
NUMBERS = {
    **dict.fromkeys(("published", "updated", "captured", "contents"), np.int64),
    "marks": np.uint8,
}
"""The columns that are a number a document."""
KNOWN = {"known.documents": np.uint16, "known.from": np.int64, "known.until": np.int64}
"""An item in each for each interval."""
SHORT_TEXT = 1 << 15
"""Texts of fewer words let a place fit four bytes, with room for the words of a phrase behind the text."""
LARGEST_BLOCK = 1 << 28
"""Bytes of a block of stored editions; a longer one was not written here: no article comes of half as many."""
BLOCKS_KEPT = 8
"""Blocks of stored editions that stay decompressed."""
LARGE_BLOCK = 1 << 22
"""Bytes; with one that has more, which a few kilobytes can stand for, no other stays."""
_NARROW, _WIDE = 16, 32
_FRAME_HEAD = 18
"""Bytes that the head of a zstd frame has at most (RFC 8878), in which its size is."""


class SegmentFile:
    """Reads a segment.

    Args:
        path: of its file.

    Raises:
        OSError: it cannot be opened.
        DamagedFileError: it is not whole; any reading of it may raise this later.
    """

    def __init__(self, path: Path) -> None:
        self.file = BlockFile(path)
        documents = self.file.facts.get("documents")
        if type(documents) is not int or not 0 <= documents <= DOCUMENTS:
            raise DamagedFileError(path, "it does not say how many documents it has")
        self.documents: int = documents
        self.forms = Strings(self.file, "forms")
        self.stems = Strings(self.file, "stems")
        self.ids = Strings(self.file, "ids")
        self.languages = Languages(self.file)
        self.fields = {field: FieldReader(self.file, field) for field in TEXT_FIELDS}
        self._values: Remembered[str, list[str]] = Remembered(len(VALUE_FIELDS))
        self._blocks: Remembered[int, bytes] = Remembered(BLOCKS_KEPT)

    def forms_with_stem(self, stem: str) -> range:
        """Return the numbers of the forms that have an English stem."""
        number = self.stems.find(stem.encode())
        if number is None:
            return range(0)
        first, behind = self._groups_of(number)
        return range(self._first_form(first), self._first_form(behind))

    def forms_folded(self, folded: str, stem: str) -> range:
        """Return the numbers of the forms that fold to this, whose English stem is given."""
        number = self.stems.find(stem.encode())
        if number is None:
            return range(0)
        first, behind = self._groups_of(number)
        edges = self.file["folds"].read(first, behind + 1).tolist()
        forms = self.forms.between(edges[0], edges[-1])
        of_groups = (range(*group) for group in pairwise(edges))
        return next((group for group in of_groups if fold(forms[group.start - edges[0]].decode()) == folded), range(0))

    def _groups_of(self, stem: int) -> tuple[int, int]:
        return self.file["stem_starts"].pair(stem, stem + 1)

    def _first_form(self, group: int) -> int:
        first = self.file["folds"].pair(group, group)[0]
        if first > len(self.forms):
            raise DamagedFileError(self.file.path, f"its forms are said to go on to number {first}")
        return first

    @cached_property
    def longest(self) -> int:
        """Words of the longest text."""
        return max((int(lengths.max()) for lengths in self.lengths.values() if len(lengths)), default=0)

    @cached_property
    def shift(self) -> int:
        """Bits of a place below the number of its document."""
        return _NARROW if self.longest < SHORT_TEXT else _WIDE

    @cached_property
    def origins(self) -> Array:
        """What the places of each document count from: its number, shifted."""
        numbers = np.arange(self.documents)
        return (numbers << self.shift).astype(np.uint32 if self.shift == _NARROW else np.int64)

    def column(self, name: str) -> Array:
        """Return a column, an item a document."""
        return self.file[name].read()

    def known(self) -> tuple[Array, Array, Array]:
        """Return the arrays that say when editions were the newest known: document, from and until of each interval."""
        documents, starts, ends = (
            self.column(name) if name in self.file else np.zeros(0, kind) for name, kind in KNOWN.items()
        )
        return documents, starts, ends

    @cached_property
    def lengths(self) -> dict[str, Array]:
        """The length of each document in words, by field, and of its lead."""
        return {field: self.column(f"{field}.lengths") for field in (*TEXT_FIELDS, "lead")}

    def signatures(self) -> Rows:
        """Return the signatures of the bodies, a row a document."""
        return self.column("signatures").reshape(-1, SIZE)

    def with_value(self, field: ValueField, asked: str) -> Array:
        """Return in which documents a field answers to a value."""
        values = self._values.get(field, lambda: [normal(field, written) for written in self.values(field)])
        answering = np.fromiter((answers(field, value, asked) for value in values), bool, len(values))
        return answering.take(self.column(f"{field}.values"))

    def stating(self, field: ValueField) -> Array:
        """Return which documents state something in a field."""
        stating = np.fromiter(map(bool, self.values(field)), bool)
        return stating.take(self.column(f"{field}.values"))

    def values(self, field: ValueField) -> list[str]:
        """Return the distinct values of a field, as stated."""
        return [value.decode() for value in Strings(self.file, field).all()]

    def numbers_of(self, article_id: str) -> list[int]:
        """Return the documents of an article."""
        order = self.column("by_id")
        try:
            wanted = article_id.encode()
        except UnicodeEncodeError:  # bytes of a command line that are no text; no id is like that
            return []
        places = range(len(order))
        first = bisect_left(places, wanted, key=lambda place: self.ids[int(order[place])])
        behind = bisect_right(places, wanted, lo=first, key=lambda place: self.ids[int(order[place])])
        return sorted(order[first:behind].tolist())

    def stored(self, number: int) -> dict[str, Any]:
        """Return what is stored of a document.

        Raises:
            DamagedFileError: it cannot be read.
        """
        try:
            return unpacked(self.stored_bytes(number)) | {"id": self.ids[number].decode()}
        except ValueError as error:
            raise DamagedFileError(self.file.path, f"document {number} is damaged") from error

    def stored_bytes(self, number: int) -> bytes:
        """Return what is stored of a document as it was given to the builder."""
        block, start = self.file["stored_at"].pair(2 * number, 2 * number + 1)
        data = self._blocks.get(block, lambda: self._decompressed(block))
        if len(data) > LARGE_BLOCK:
            self._blocks = Remembered(BLOCKS_KEPT)
        end = len(data)
        if number + 1 < self.documents:
            next_block, next_start = self.file["stored_at"].pair(2 * number + 2, 2 * number + 3)
            end = next_start if next_block == block else end
        return data[start:end]

    def stored_block_size(self) -> float:
        """Return the mean size of the blocks of stored editions, decompressed, in bytes."""
        starts = self.file["stored_blocks"].read().tolist()[:-1]
        data = self.file["stored"].read()
        heads = (data[start : start + _FRAME_HEAD].tobytes() for start in starts)
        return sum(map(zstandard.frame_content_size, heads)) / max(1, len(starts))

    def _decompressed(self, block: int) -> bytes:
        start, end = self.file["stored_blocks"].pair(block, block + 1)
        data = self.file["stored"].read(start, end).tobytes()
        try:
            if zstandard.frame_content_size(data) <= LARGEST_BLOCK:
                return zstandard.ZstdDecompressor().decompress(data)
            raise DamagedFileError(self.file.path, f"block {block} of the stored editions is larger than any")
        except zstandard.ZstdError as error:
            raise DamagedFileError(self.file.path, f"block {block} of the stored editions is damaged") from error

    def sections(self) -> Iterator[Section]:
        """Yield all arrays."""
        return (self.file[name] for name in self.file)


class FieldReader:
    """The postings of a field."""

    def __init__(self, file: BlockFile, field: str) -> None:
        self.starts = file[f"{field}.starts"]
        self.documents = file[f"{field}.documents"]
        if self.documents.itemsize != np.dtype(np.uint16).itemsize:
            raise DamagedFileError(file.path, f"the numbers of documents in {field} are larger than any")
        self.frequencies = Nibbles(file, f"{field}.frequencies")
        self.gap_starts = file[f"{field}.gap_starts"]
        self._firsts = Shorts(file, f"{field}.firsts")
        self._gaps = Varied(file, f"{field}.gaps")

    def postings(self, first: int, behind: int) -> tuple[Array, Array]:
        """Return the documents a range of forms stands in, ascending for each form, and how often in each."""
        start, end = self.starts.pair(first, behind)
        return self.documents.read(start, end), self.frequencies.read(start, end)

    def part(self, first: int, behind: int) -> "PostingsPart":
        """Return where the postings of a range of forms lie."""
        start, end = self.starts.pair(first, behind)
        return PostingsPart(self.documents.read(start, end), self.frequencies.part(start, end))

    def everything(self, first: int, behind: int) -> Postings:
        """Return the postings of a range of forms."""
        starts = self.starts.read(first, behind + 1).astype(np.int64)
        gap_starts = self.gap_starts.read(first, behind + 1).astype(np.int64)
        start, end = starts[[0, -1]].tolist()
        documents = self.documents.read(start, end)
        frequencies = self.frequencies.read(start, end)
        gaps = self._gaps.read(*gap_starts[[0, -1]].tolist())
        _check_gaps(int(frequencies.sum(dtype=np.int64)) - len(documents), gaps)
        return Postings(
            _sizes(starts, len(documents)),
            documents,
            frequencies,
            self._firsts.read(start, end),
            _sizes(gap_starts, len(gaps)),
            gaps,
        )

    def sizes(self) -> tuple[Array, Array]:
        """Return in how many documents each form stands, and how many gaps there are between its places."""
        starts, gap_starts = (part.read().astype(np.int64) for part in (self.starts, self.gap_starts))
        return _sizes(starts, len(self.documents)), _sizes(gap_starts, len(self._gaps))

    def count(self, first: int, behind: int) -> int:
        """Return in how many places a range of forms stands."""
        start, end = self.starts.pair(first, behind)
        first_gap, last_gap = self.gap_starts.pair(first, behind)
        return end - start + last_gap - first_gap

    def places(
        self, first: int, behind: int, origins: Array, among: Array | None = None, wanted: Array | None = None
    ) -> Array:
        """Return where a range of forms stands, in no order.

        Args:
            first: of the forms.
            behind: the last of them.
            origins: what the places of each document count from; a place is its origin plus the position.
            among: which documents to look at, a truth value for each; None for all.
            wanted: of these, which postings to look at, alike.
        """
        start, end = self.starts.pair(first, behind)
        documents = self.documents.read(start, end)
        heads = self._firsts.read(start, end)
        gaps = self._gaps.read(*self.gap_starts.pair(first, behind))
        further = self.frequencies.read(start, end) - np.uint8(1)
        (runs,) = (further != 0).nonzero()
        further = further.take(runs)
        # A file may be made so that its frequencies take all memory when a truth value is repeated for each place.
        _check_gaps(int(further.sum(dtype=np.int64)), gaps)
        begins = origins.take(documents.take(runs)) + heads.take(runs)
        kept = both(None if among is None else among.take(documents), wanted)
        if kept is not None:
            at = nonzero(kept)
            documents, heads, kept = documents.take(at), heads.take(at), kept.take(runs)
            gaps = gaps.compress(np.repeat(kept, further))
            begins, further = begins.compress(kept), further.compress(kept)
        places = origins.take(documents) + heads
        return np.concatenate([places, _followed(begins, further, gaps)]) if len(gaps) else places


class PostingsPart(NamedTuple):
    """The postings of some forms, where they lie in the file."""

    documents: Array
    """uint16; ascending for each form."""
    frequencies: NibblesPart


def _sizes(starts: Array, size: int) -> Array:
    """Return how many items each part has, given where they start and the end.

    Args:
        starts: int64.
        size: how many items they have together.

    Raises:
        ValueError: they have others.
    """
    sizes = np.diff(starts)
    if sizes.min(initial=0) < 0 or sizes.sum() != size:
        message = "the parts of an array do not begin where they should"
        raise ValueError(message)
    return sizes


def _check_gaps(further: int, gaps: Array) -> None:
    """Check that there is a gap for each place that follows another, of which there are so many.

    Raises:
        ValueError: there are others.
    """
    if further != len(gaps):
        message = "there are other gaps than places"
        raise ValueError(message)


def _followed(heads: Array, further: Array, gaps: Array) -> Array:
    """Return the places that follow the heads of runs.

    Args:
        heads: of the runs.
        further: how many places follow each.
        gaps: between the places of all runs, on end.
    """
    reached = gaps.cumsum(dtype=heads.dtype)
    ends = further.cumsum(dtype=np.intp)
    begins = ends - further
    behind: Array = heads - reached.take(begins) + gaps.take(begins)
    followed: Array = behind.repeat(further) + reached
    return followed
