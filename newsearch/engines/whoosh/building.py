"""How a segment is written: documents are collected, their words inverted, and all that is known of them encoded."""

import itertools
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zstandard

from newsearch.analysis import lead_end
from newsearch.engines.whoosh.blocks import Array, BlockWriter
from newsearch.engines.whoosh.chunks import ChunkTable
from newsearch.engines.whoosh.documents import TEXT_FIELDS, packed
from newsearch.engines.whoosh.inverter import Inverter, Postings
from newsearch.engines.whoosh.languages import LanguageForms
from newsearch.engines.whoosh.lexicon import Lexicon
from newsearch.engines.whoosh.segment import KNOWN, NUMBERS, SegmentFile
from newsearch.engines.whoosh.small import NibblesWriter, ShortsWriter, VariedWriter
from newsearch.engines.whoosh.strings import write_strings
from newsearch.query.fields import VALUE_FIELDS
from newsearch.query.tree import ValueField

Document = dict[str, Any]
"""As `documents.document` makes it."""
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
        # Arrays, since an object for each number would take more memory than the words.
        self._columns = {name: array("q") for name in NUMBERS}
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
            # First, so that nothing of it takes memory while words are inverted.
            self._stored.write(writer)
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
        self._compress = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress
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
        """Write all of them; only once, since they are let go."""
        if self._open:
            self._close()
        places = np.zeros(len(self._blocks) + 1, np.uint64)
        np.cumsum([len(block) for block in self._blocks], out=places[1:])
        writer.add("stored", *(np.frombuffer(block, np.uint8) for block in self._blocks or [b""]))
        self._blocks.clear()
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


def write_columns(
    writer: BlockWriter,
    columns: Mapping[str, Sequence[int] | Array],
    keywords: Mapping[ValueField, list[str]],
    ids: Sequence[str],
) -> None:
    """Write what is known of each document besides its text."""
    for name, kind in NUMBERS.items():
        writer.add(name, np.array(columns[name], kind))
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
