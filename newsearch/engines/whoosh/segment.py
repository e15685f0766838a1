"""A segment: the editions of a batch in one file, and how to read it.

| array | what |
|---|---|
| `forms`, `folds`, `stems`, `stem_starts`, `by_fold` | the lexicon |
| `german.stems`, `german.forms` and the like | stems in other languages, as far as documents are in them |
| `title.*`, `body.*` | the postings of a field, and each document's length in it |
| `published`, `updated`, `captured` | microseconds since the epoch, `UNKNOWN` where it is |
| `signatures` | by which bodies are compared, `signatures.SIZE` bytes each |
| `marks` | bits, as the schema names them |
| `known.documents`, `known.from`, `known.until` | when an edition was the newest known, where that is not the usual |
| `source.*`, `section.*`, `lang.*` | the distinct values, and each document's |
| `ids`, `by_id` | each document's article id, and the documents in the order of their ids |
| `stored`, `stored_blocks`, `stored_at` | the editions, compressed in blocks |

An array that a later version adds is one more name; what an older file lacks has its default.
"""

import itertools
import json
import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import zstandard

from newsearch.analysis import fold, lead_end
from newsearch.analysis.signatures import SIZE, Rows
from newsearch.engines.whoosh.blocks import Array, BlockFile, BlockWriter, DamagedFileError, Section
from newsearch.engines.whoosh.chunks import ChunkTable
from newsearch.engines.whoosh.documents import TEXT_FIELDS
from newsearch.engines.whoosh.inverter import Inverter, Postings
from newsearch.engines.whoosh.languages import LanguageForms, Languages
from newsearch.engines.whoosh.lexicon import Lexicon
from newsearch.engines.whoosh.masks import both, nonzero
from newsearch.engines.whoosh.remembered import Remembered
from newsearch.engines.whoosh.small import (
    Nibbles,
    NibblesPart,
    NibblesWriter,
    Shorts,
    ShortsWriter,
    Varied,
    VariedWriter,
)
from newsearch.engines.whoosh.strings import Strings, write_strings
from newsearch.query.fields import VALUE_FIELDS
from newsearch.query.tree import ValueField
from newsearch.query.values import answers, normal

Document = dict[str, Any]
"""As `schema.document` makes it."""
EXTENSION = ".news"
DOCUMENTS = 1 << 16
"""At most so many in a segment, so that a document's number fits two bytes."""
TIMES = ("published", "updated", "captured")
KNOWN = {"known.documents": np.uint16, "known.from": np.int64, "known.until": np.int64}
"""An item in each for each interval."""
STORED_BLOCK = 1 << 18
"""Bytes of stored editions compressed together."""
SHORT_TEXT = 1 << 15
"""Texts of fewer words let a place fit four bytes, with room for the words of a phrase behind the text."""
BLOCKS_KEPT = 8
"""Blocks of stored editions that stay decompressed."""
_NARROW, _WIDE = 16, 32
_LEVEL = 3
_FRAME_HEAD = 18
"""Bytes that the head of a zstd frame has at most (RFC 8878), in which its size is."""
_SIZES = struct.Struct("<II")


class SegmentBuilder:
    """Collects documents and writes them as a segment.

    Args:
        table: of chunks; outlives the segment, since the next one has mostly the same words.
    """

    def __init__(self, table: ChunkTable) -> None:
        self._table = table
        self._texts = {field: Inverter(table) for field in TEXT_FIELDS}
        # Arrays, since an object for each number would take more memory than the words.
        self._columns = {name: array("q") for name in (*TIMES, "marks")}
        self._known = {name: array("q") for name in KNOWN}
        self._keywords: dict[ValueField, list[str]] = {name: [] for name in VALUE_FIELDS}
        self._ids: list[str] = []
        self._stored = StoredWriter()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def words(self) -> int:
        """Words collected so far, but for the latest texts."""
        return sum(texts.words for texts in self._texts.values())

    def add(self, document: Document) -> None:
        """Add a document."""
        self._texts["title"].add(document["title"])
        self._texts["body"].add(document["body"], lead_end(document["body"]))
        for name, values in self._columns.items():
            values.append(document[name])
        for name, words in self._keywords.items():
            words.append(document[name])
        for interval in document["known"]:
            for values, value in zip(self._known.values(), (len(self), *interval), strict=True):
                values.append(value)
        self._ids.append(document["id"])
        self._stored.add(packed(document))

    def write(self, path: Path) -> dict[str, Any]:
        """Write the segment and return its facts."""
        lengths = {field: texts.lengths() for field, texts in self._texts.items()}
        leads = self._texts["body"].lengths(head=True)
        signatures = self._texts["body"].signatures()
        keys = self._table.keys
        used = np.zeros(len(keys), bool)
        for texts in self._texts.values():
            used |= texts.used(len(keys))
        numbers = sorted(np.flatnonzero(used).tolist(), key=keys.__getitem__)
        rank = np.zeros(len(keys), np.uint32)
        rank[numbers] = np.arange(len(numbers), dtype=np.uint32)
        with BlockWriter(path) as writer:
            write_lexicon(writer, Lexicon.of([keys[number] for number in numbers]))
            spoken = LanguageForms(self._keywords["lang"], len(numbers))
            for field, texts in self._texts.items():
                postings = PostingsWriter()
                for part in texts.invert(rank, len(numbers)):
                    postings.add(part)
                spoken.add(postings.documents())
                postings.write(writer, field)
                writer.add(f"{field}.lengths", lengths[field].astype(np.uint32))
            writer.add("lead.lengths", leads.astype(np.uint32))
            writer.add("signatures", signatures.ravel())
            write_languages(writer, spoken, lambda form: keys[numbers[form]])
            write_columns(writer, self._columns, self._keywords, self._ids)
            write_known(writer, self._known)
            self._stored.write(writer)
            return finish(writer, lengths)


class PostingsWriter:
    """Encodes the postings of a field as they come, range of forms by range of forms."""

    def __init__(self) -> None:
        self._counts: list[Array] = [np.zeros(1, np.int64)]
        self._gap_counts: list[Array] = [np.zeros(1, np.int64)]
        self._documents: list[Array] = [np.zeros(0, np.uint16)]
        self._frequencies = NibblesWriter()
        self._firsts = ShortsWriter()
        self._gaps = VariedWriter()

    def add(self, postings: Postings) -> None:
        """Add those of the next range."""
        self._counts.append(postings.counts)
        self._gap_counts.append(postings.gap_counts)
        self._documents.append(postings.documents)
        self._frequencies.add(postings.frequencies)
        self._firsts.add(postings.firsts)
        self._gaps.add(postings.gaps)

    def documents(self) -> Iterator[tuple[Array, Array]]:
        """Yield of each range added, in how many documents each form stands, and in which."""
        return zip(self._counts[1:], self._documents[1:], strict=True)

    def write(self, writer: BlockWriter, field: str) -> None:
        """Write them."""
        writer.add(f"{field}.starts", np.cumsum(np.concatenate(self._counts)).astype(np.uint32))
        writer.add(f"{field}.documents", *self._documents)
        self._frequencies.write(writer, f"{field}.frequencies")
        self._firsts.write(writer, f"{field}.firsts")
        writer.add(f"{field}.gap_starts", np.cumsum(np.concatenate(self._gap_counts)).astype(np.uint32))
        self._gaps.write(writer, f"{field}.gaps")


class StoredWriter:
    """Compresses stored editions in blocks as they come."""

    def __init__(self) -> None:
        self._compress = zstandard.ZstdCompressor(level=_LEVEL).compress
        self._open: list[bytes] = []
        self._size = 0
        self._blocks: list[bytes] = []
        self._at = array("I")
        """Of each document the number of its block and where it begins there."""

    def add(self, data: bytes) -> None:
        """Add the next document's."""
        self._at.extend((len(self._blocks), self._size))
        self._open.append(data)
        self._size += len(data)
        if self._size >= STORED_BLOCK:
            self._close()

    def take(self, file: "SegmentFile") -> None:
        """Add all documents of a segment, whose blocks are copied as they are unless they are small."""
        if file.stored_block_size() * 4 < STORED_BLOCK:
            for number in range(file.documents):
                self.add(file.stored_bytes(number))
            return
        if self._open:
            self._close()
        before = len(self._blocks)
        at = file.file["stored_at"].read().reshape(-1, 2)
        places = file.file["stored_blocks"].read().tolist()
        data = file.file["stored"].read()
        self._blocks += [data[start:end].tobytes() for start, end in itertools.pairwise(places)]
        self._at.extend((at + np.array((before, 0), np.uint32)).ravel().tolist())

    def write(self, writer: BlockWriter) -> None:
        """Write all of them."""
        if self._open:
            self._close()
        places = np.zeros(len(self._blocks) + 1, np.uint64)
        np.cumsum([len(block) for block in self._blocks], out=places[1:])
        writer.add("stored", *(np.frombuffer(block, np.uint8) for block in self._blocks or [b""]))
        writer.add("stored_blocks", places)
        writer.add("stored_at", np.frombuffer(self._at, np.uint32) if self._at else np.zeros(0, np.uint32))

    def _close(self) -> None:
        self._blocks.append(self._compress(b"".join(self._open)))
        self._open.clear()
        self._size = 0


def write_lexicon(writer: BlockWriter, lexicon: Lexicon) -> None:
    """Write the forms of a segment."""
    write_strings(writer, "forms", (form.encode() for form in lexicon.forms))
    writer.add("folds", lexicon.folds)
    write_strings(writer, "stems", (stem.encode() for stem in lexicon.stems))
    writer.add("stem_starts", lexicon.stem_starts)
    writer.add("by_fold", lexicon.by_fold)


def write_languages(writer: BlockWriter, spoken: LanguageForms, key_of: Callable[[int], str]) -> None:
    """Write the stems of the forms of a segment in other languages.

    Args:
        writer: of the file.
        spoken: the forms.
        key_of: gives a form's key, as in `ChunkTable.keys`, by its number.
    """
    for name, numbers in spoken.arrays(lambda form: key_of(form).rpartition("\0")[2]).items():
        writer.add(name, numbers)


def finish(writer: BlockWriter, lengths: Mapping[str, Array]) -> dict[str, Any]:
    """Make a segment's file last, and return its facts.

    Args:
        writer: of the file.
        lengths: of each document in words, by field.
    """
    documents = len(next(iter(lengths.values())))
    words = sum(int(each.sum()) for each in lengths.values())
    facts = {"documents": documents, "words": words}
    return facts | {"bytes": writer.finish(facts)}


def packed(document: Document) -> bytes:
    """Return what is stored of a document: the sizes of its title and body, both, and the rest in JSON."""
    title, body = document["title"], document["body"]
    return b"".join((_SIZES.pack(len(title), len(body)), title, body, document["facts"]))


def unpacked(data: bytes) -> dict[str, Any]:
    """Return what was packed, by the names of the fields.

    Raises:
        ValueError: it was not.
    """
    if len(data) < _SIZES.size:
        message = "it is cut off"
        raise ValueError(message)
    title, body = _SIZES.unpack_from(data)
    end = _SIZES.size + title
    facts = json.loads(data[end + body :])
    return {"title": data[_SIZES.size : end].decode(), "body": data[end : end + body].decode(), "facts": facts}


def write_columns(
    writer: BlockWriter,
    columns: Mapping[str, Sequence[int] | Array],
    keywords: Mapping[ValueField, list[str]],
    ids: Sequence[str],
) -> None:
    """Write what is known of each document besides its text."""
    for name in TIMES:
        writer.add(name, np.array(columns[name], np.int64))
    writer.add("marks", np.array(columns["marks"], np.uint8))
    for name, values in keywords.items():
        distinct = sorted({value.encode() for value in values})
        number = {value: nth for nth, value in enumerate(distinct)}
        write_strings(writer, name, distinct)
        writer.add(f"{name}.values", np.array([number[value.encode()] for value in values], np.uint16))
    write_strings(writer, "ids", (name.encode() for name in ids))
    order = sorted(range(len(ids)), key=lambda number: ids[number].encode())
    writer.add("by_id", np.array(order, np.uint16))


def write_known(writer: BlockWriter, known: Mapping[str, Sequence[int] | Array]) -> None:
    """Write when editions were the newest known, where that is not the usual; nothing where none is unusual.

    The usual is since its capture, and never if it is superseded.
    """
    if len(known["known.documents"]):
        for name, kind in KNOWN.items():
            writer.add(name, np.array(known[name], kind))


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
        if "documents" not in self.file.facts:
            raise DamagedFileError(path, "it does not say how many documents it has")
        self.documents: int = self.file.facts["documents"]
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
        for group in range(*self._groups_of(number)) if number is not None else ():
            first = self._first_form(group)
            if fold(self.forms[first].decode()) == folded:
                return range(first, self._first_form(group + 1))
        return range(0)

    def _groups_of(self, stem: int) -> tuple[int, int]:
        return self.file["stem_starts"].pair(stem, stem + 1)

    def _first_form(self, group: int) -> int:
        return self.file["folds"].pair(group, group)[0]

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
        wanted = article_id.encode()
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
        try:
            return zstandard.ZstdDecompressor().decompress(self.file["stored"].read(start, end).tobytes())
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
        return Postings(
            np.diff(starts),
            self.documents.read(start, end),
            self.frequencies.read(start, end),
            self._firsts.read(start, end),
            np.diff(gap_starts),
            self._gaps.read(*gap_starts[[0, -1]].tolist()),
        )

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


def _followed(heads: Array, further: Array, gaps: Array) -> Array:
    """Return the places that follow the heads of runs.

    Args:
        heads: of the runs.
        further: how many places follow each.
        gaps: between the places of all runs, on end.
    """
    reached = gaps.cumsum(dtype=heads.dtype)
    begins = further.cumsum(dtype=np.intp) - further
    behind: Array = heads - reached.take(begins) + gaps.take(begins)
    followed: Array = behind.repeat(further) + reached
    return followed
