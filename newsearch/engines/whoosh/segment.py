"""A segment: the editions of a batch in one file, and how to read it.

| array | what |
|---|---|
| `forms`, `folds`, `stems`, `stem_starts`, `stem_groups` | the lexicon |
| `title.*`, `body.*` | the postings of a field, and each document's length in it |
| `published`, `updated`, `captured` | microseconds since the epoch, `UNKNOWN` where it is |
| `marks` | bits, as the schema names them |
| `source.*`, `section.*`, `lang.*` | the distinct values, and each document's |
| `ids`, `by_id` | each document's article id, and the documents in the order of their ids |
| `stored`, `stored_blocks`, `stored_at` | the editions, compressed in blocks |

An array that a later version adds is one more name; what an older file lacks has its default.
"""

import itertools
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import zstandard

from newsearch.analysis import fold
from newsearch.engines.whoosh.blocks import Array, BlockFile, BlockWriter, DamagedFileError, Section
from newsearch.engines.whoosh.inverter import ChunkTable, Inverter, Lexicon, Postings
from newsearch.engines.whoosh.schema import KEYWORD_FIELDS, TEXT_FIELDS
from newsearch.engines.whoosh.small import Nibbles, Shorts, Varied, write_nibbles, write_shorts, write_varied
from newsearch.engines.whoosh.strings import Strings, write_strings
from newsearch.query import folded_value

EXTENSION = ".news"
DOCUMENTS = 1 << 16
"""At most so many in a segment, so that a document's number fits two bytes."""
TIMES = ("published", "updated", "captured")
STORED_BLOCK = 1 << 18
"""Bytes of stored editions compressed together."""
_LEVEL = 3


class SegmentBuilder:
    """Collects documents and writes them as a segment.

    Args:
        table: of chunks; outlives the segment, since the next one has mostly the same words.
    """

    def __init__(self, table: ChunkTable) -> None:
        self._table = table
        self._texts = {field: Inverter(table) for field in TEXT_FIELDS}
        self._columns: dict[str, list[int]] = {name: [] for name in (*TIMES, "marks")}
        self._keywords: dict[str, list[str]] = {name: [] for name in KEYWORD_FIELDS}
        self._ids: list[str] = []
        self._stored = StoredWriter()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def chunks(self) -> int:
        """Words collected so far, about."""
        return sum(texts.chunks for texts in self._texts.values())

    def add(self, document: dict[str, Any]) -> None:
        """Add a document, as the schema makes it."""
        for field, texts in self._texts.items():
            texts.add(document[field])
        for name, values in self._columns.items():
            values.append(document[name])
        for name, words in self._keywords.items():
            words.append(document[name])
        self._ids.append(document["id"])
        self._stored.add(document["stored"])

    def write(self, path: Path) -> dict[str, Any]:
        """Write the segment and return its facts."""
        used = np.zeros(len(self._table), bool)
        for texts in self._texts.values():
            texts.seen(used)
        numbers = self._forms_of(used)
        names = list(self._table.forms)
        lexicon = Lexicon.of([names[number] for number in numbers.tolist()])
        rank = np.zeros(len(names), np.uint32)
        order = {form: place for place, form in enumerate(lexicon.forms)}
        rank[numbers] = [order[names[number]] for number in numbers.tolist()]
        with BlockWriter(path) as writer:
            write_lexicon(writer, lexicon)
            totals = {}
            for field, texts in self._texts.items():
                postings, lengths = texts.invert(rank, len(lexicon.forms))
                write_postings(writer, field, postings)
                writer.add(f"{field}.lengths", lengths.astype(np.uint32))
                totals[field] = int(lengths.sum())
            write_columns(writer, self._columns, self._keywords, self._ids)
            self._stored.write(writer)
            facts = {"documents": len(self._ids), "lengths": totals}
            return facts | {"bytes": writer.finish(facts)}

    def _forms_of(self, used: Array) -> Array:
        table = self._table
        firsts, counts = (np.frombuffer(part, np.uint32) for part in (table.firsts, table.counts))
        members = np.frombuffer(table.members, np.uint32)
        marked = np.zeros(len(table.forms), bool)
        for nth in range(max(table.counts, default=0)):
            left = used & (counts > nth)
            marked[members[firsts[left] + nth]] = True
        return np.flatnonzero(marked)


class StoredWriter:
    """Compresses stored editions in blocks as they come."""

    def __init__(self) -> None:
        self._compress = zstandard.ZstdCompressor(level=_LEVEL).compress
        self._open: list[bytes] = []
        self._size = 0
        self._blocks: list[bytes] = []
        self._at: list[tuple[int, int]] = []

    def add(self, data: bytes) -> None:
        """Add the next document's."""
        self._at.append((len(self._blocks), self._size))
        self._open.append(data)
        self._size += len(data)
        if self._size >= STORED_BLOCK:
            self._close()

    def take(self, file: "SegmentFile") -> None:
        """Add all documents of a segment, their blocks as they are."""
        if self._open:
            self._close()
        before = len(self._blocks)
        at = file.file["stored_at"].read().reshape(-1, 2)
        places = file.file["stored_blocks"].read().tolist()
        data = file.file["stored"].read()
        self._blocks += [data[start:end].tobytes() for start, end in itertools.pairwise(places)]
        self._at += [(before + block, start) for block, start in at.tolist()]

    def write(self, writer: BlockWriter) -> None:
        """Write all of them."""
        if self._open:
            self._close()
        places = np.zeros(len(self._blocks) + 1, np.uint64)
        np.cumsum([len(block) for block in self._blocks], out=places[1:])
        writer.add("stored", np.frombuffer(b"".join(self._blocks), np.uint8))
        writer.add("stored_blocks", places)
        writer.add("stored_at", np.array(self._at, np.uint32).reshape(-1))

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
    writer.add("stem_groups", lexicon.stem_groups)


def write_postings(writer: BlockWriter, field: str, postings: Postings) -> None:
    """Write the postings of a field."""
    writer.add(f"{field}.starts", postings.starts)
    writer.add(f"{field}.documents", postings.documents)
    write_nibbles(writer, f"{field}.frequencies", postings.frequencies)
    write_shorts(writer, f"{field}.firsts", postings.firsts)
    writer.add(f"{field}.gap_starts", postings.gap_starts)
    write_varied(writer, f"{field}.gaps", postings.gaps)


def write_columns(
    writer: BlockWriter,
    columns: Mapping[str, Sequence[int] | Array],
    keywords: dict[str, list[str]],
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
        self.documents: int = self.file.facts["documents"]
        self.forms = Strings(self.file, "forms")
        self.stems = Strings(self.file, "stems")
        self.ids = Strings(self.file, "ids")
        self.fields = {field: FieldReader(self.file, field) for field in TEXT_FIELDS}
        self._values = lru_cache(self._folded_values)
        self._block = lru_cache(maxsize=8)(self._decompressed)

    def forms_with_stem(self, stem: str) -> range | list[int]:
        """Return the numbers of the forms that have a stem."""
        number = self.stems.find(stem.encode())
        if number is None:
            return []
        start, end = self.file["stem_starts"].read(number, number + 2).tolist()
        groups = self.file["stem_groups"].read(start, end).tolist()
        return [form for group in groups for form in self._group(group)]

    def forms_folded(self, folded: str) -> range | list[int]:
        """Return the numbers of the forms that fold to this."""
        wanted = folded.encode()
        folds = self.file["folds"]
        group = self._first_group(wanted)
        if group >= len(folds) - 1:
            return []
        forms = self._group(group)
        return forms if fold(self.forms[forms[0]].decode()).encode() == wanted else []

    def forms_starting(self, folded: str) -> range:
        """Return the numbers of the forms whose folded forms begin so."""
        start, behind = (self._first_group(wanted) for wanted in (folded.encode(), folded.encode() + b"\xff"))
        edges = self.file["folds"].read(start, behind + 1)
        return range(int(edges[0]), int(edges[-1]))

    def _first_group(self, wanted: bytes) -> int:
        folds = self.file["folds"]

        def key(group: int) -> bytes:
            return fold(self.forms[int(folds.read(group, group + 1)[0])].decode()).encode()

        return bisect_left(range(len(folds) - 1), wanted, key=key)

    def _group(self, group: int) -> range:
        start, end = self.file["folds"].read(group, group + 2).tolist()
        return range(start, end)

    def column(self, name: str) -> Array:
        """Return a column, an item a document."""
        return self.file[name].read()

    @cached_property
    def lengths(self) -> dict[str, Array]:
        """The length of each document in words, by field."""
        return {field: self.column(f"{field}.lengths") for field in TEXT_FIELDS}

    def with_value(self, field: str, value: str) -> Array:
        """Return which documents have a value in a keyword field that folds to this one."""
        return np.isin(self.column(f"{field}.values"), self._values(field).get(value, []))

    def _folded_values(self, field: str) -> dict[str, list[int]]:
        numbers: dict[str, list[int]] = {}
        for number, written in enumerate(self.values(field)):
            numbers.setdefault(folded_value(written), []).append(number)
        return numbers

    def values(self, field: str) -> list[str]:
        """Return the distinct values of a keyword field, as written."""
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
            return dict(json.loads(self.stored_bytes(number)))
        except ValueError as error:
            raise DamagedFileError(self.file.path, f"document {number} is damaged") from error

    def stored_bytes(self, number: int) -> bytes:
        """Return what is stored of a document as it was given to the builder."""
        block, start = self.file["stored_at"].read(2 * number, 2 * number + 2).tolist()
        data = self._block(block)
        end = len(data)
        if number + 1 < self.documents:
            next_block, next_start = self.file["stored_at"].read(2 * number + 2, 2 * number + 4).tolist()
            end = next_start if next_block == block else end
        return data[start:end]

    def _decompressed(self, block: int) -> bytes:
        start, end = self.file["stored_blocks"].read(block, block + 2).tolist()
        try:
            return zstandard.ZstdDecompressor().decompress(self.file["stored"].read(int(start), int(end)).tobytes())
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

    def all(self) -> Postings:
        """Return the postings of all forms."""
        count, gaps = len(self.documents), int(self.gap_starts.read(len(self.gap_starts) - 1, len(self.gap_starts))[0])
        return Postings(
            self.starts.read(),
            self.documents.read(),
            self.frequencies.read(0, count),
            self._firsts.read(0, count),
            self.gap_starts.read(),
            self._gaps.read(0, gaps),
        )

    def count(self, forms: Sequence[int]) -> int:
        """Return how many documents some forms stand in, each form for itself."""
        starts, numbers = self.starts.read(), np.array(forms, np.intp)
        return int((starts[numbers + 1] - starts[numbers]).sum())

    def postings(self, form: int, behind: int | None = None) -> tuple[Array, Array]:
        """Return the documents a form stands in, ascending, and how often in each.

        With `behind`, those of all forms before that one follow.
        """
        start, end = self._edges(self.starts, form, behind)
        return self.documents.read(start, end), self.frequencies.read(start, end)

    def places(self, form: int, shift: int, behind: int | None = None) -> Array:
        """Return where a form stands, ascending: each document's number shifted by `shift` bits, plus the position.

        With `behind`, those of all forms before that one follow.
        """
        start, end = self._edges(self.starts, form, behind)
        documents = self.documents.read(start, end).astype(np.int64)
        frequencies = self.frequencies.read(start, end).astype(np.int64)
        firsts = self._firsts.read(start, end).astype(np.int64)
        total = int(frequencies.sum())
        if total == len(documents):
            return (documents << shift) + firsts
        ends = np.cumsum(frequencies)
        heads = ends - frequencies
        steps = np.empty(total, np.int64)
        further = np.ones(total, bool)
        further[heads] = False
        first_gap, last_gap = self._edges(self.gap_starts, form, behind)
        steps[further] = self._gaps.read(first_gap, last_gap)
        values = (documents << shift) + firsts
        steps[heads] = values
        lasts = np.zeros(len(values), np.int64)
        running = np.cumsum(steps)
        lasts[1:] = running[heads[1:] - 1]
        return running - np.repeat(lasts, frequencies)

    @staticmethod
    def _edges(starts: Section, form: int, behind: int | None) -> tuple[int, int]:
        edges = starts.read(form, (behind or form + 1) + 1)
        return int(edges[0]), int(edges[-1])
