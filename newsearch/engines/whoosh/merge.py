"""Several segments to one, range of forms by range of forms, without the deleted documents."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from newsearch.analysis import fold
from newsearch.engines.whoosh.blocks import Array, BlockWriter
from newsearch.engines.whoosh.building import (
    PostingsWriter,
    StoredWriter,
    finish,
    write_columns,
    write_known,
    write_languages,
    write_lexicon,
)
from newsearch.engines.whoosh.documents import TEXT_FIELDS
from newsearch.engines.whoosh.inverter import Postings, ranges
from newsearch.engines.whoosh.languages import LanguageForms
from newsearch.engines.whoosh.lexicon import Lexicon
from newsearch.engines.whoosh.segment import KNOWN, NUMBERS, SegmentFile
from newsearch.query.fields import VALUE_FIELDS
from newsearch.query.tree import ValueField

MERGED = 1 << 20
"""Postings and gaps merged at once."""


class Source:
    """A segment that is merged.

    Args:
        file: the segment.
        alive: which of its documents go on living.
        base: number of the first of them in the merged segment.
    """

    def __init__(self, file: SegmentFile, alive: Array, base: int) -> None:
        self.file = file
        self.alive = alive
        self.whole = bool(alive.all())
        self._numbers = (np.cumsum(alive, dtype=np.int64) - 1 + base).astype(np.uint16)
        """What the number of each document becomes."""
        self.keys = list(_keys(file))
        self._counts = {field: self._counted(field) for field in TEXT_FIELDS}
        self.places = np.zeros(0, np.int64)
        """The place of each form in the merged lexicon; a form that dies has that of the next one."""

    def living_keys(self) -> list[str]:
        """Return the keys of the forms that a living document has."""
        if self.whole:
            return self.keys
        used = sum(self._counts.values())
        return [key for key, count in zip(self.keys, np.asarray(used).tolist(), strict=True) if count]

    def counts(self, field: str, forms: int) -> Array:
        """Return how many postings and gaps it brings to each of the merged forms."""
        return np.bincount(self.places, self._counts[field], forms)[:forms].astype(np.int64)

    def postings(self, field: str, first: int, behind: int) -> tuple[Array, Postings]:
        """Return the living postings of a range of merged forms, and which of these each counted form is."""
        start, end = np.searchsorted(self.places, (first, behind)).tolist()
        postings = self.file.fields[field].everything(start, end)
        if not self.whole:
            postings = _living(postings, self.alive)
        postings.documents = self._numbers[postings.documents]
        return self.places[start:end] - first, postings

    def known(self) -> list[Array]:
        """Return when living editions were the newest known, as `SegmentFile.known` does, by their new numbers."""
        documents, starts, ends = self.file.known()
        living = self.alive[documents]
        return [self._numbers[documents[living]], starts[living], ends[living]]

    def _counted(self, field: str) -> Array:
        """Return how many living postings and gaps each form has."""
        reader = self.file.fields[field]
        counts, gap_counts = reader.sizes()
        sizes = counts + gap_counts
        if self.whole:
            return sizes
        parts = [_living(reader.everything(*span), self.alive) for span in ranges(sizes, MERGED)]
        return np.concatenate([np.zeros(0, np.int64), *(part.counts + part.gap_counts for part in parts)])


def merge(segments: Sequence[tuple[SegmentFile, Array]], path: Path) -> dict[str, Any]:
    """Write the living documents of some segments as one, in their order.

    Args:
        segments: each with which of its documents are alive.
        path: of the new segment.

    Returns:
        Its facts.
    """
    sources: list[Source] = []
    base = 0
    for file, alive in segments:
        sources.append(Source(file, alive, base))
        base += int(alive.sum())
    keys = _united(sources)
    lengths = {
        field: np.concatenate([source.file.lengths[field][source.alive] for source in sources])
        for field in (*TEXT_FIELDS, "lead")
    }
    with BlockWriter(path) as writer:
        # First, so that nothing of it takes memory while postings are joined.
        _write_stored(writer, sources)
        write_lexicon(writer, Lexicon.of(keys))
        spoken = LanguageForms(_values(sources, "lang"), len(keys))
        for field in TEXT_FIELDS:
            postings = PostingsWriter()
            counts = sum(source.counts(field, len(keys)) for source in sources)
            for first, behind in ranges(np.asarray(counts), MERGED):
                postings.add(_joined([source.postings(field, first, behind) for source in sources], behind - first))
            spoken.add(postings.documents())
            postings.write(writer, field)
            writer.add(f"{field}.lengths", lengths[field])
        writer.add("lead.lengths", lengths.pop("lead"))
        writer.add("signatures", *(source.file.signatures()[source.alive].ravel() for source in sources))
        write_languages(writer, spoken, keys.__getitem__)
        _write_columns(writer, sources)
        return finish(writer, lengths)


def _keys(file: SegmentFile) -> Iterator[str]:
    """Yield what the forms of a segment are sorted by."""
    forms = [form.decode() for form in file.forms.all()]
    starts = file.file["folds"].read()[file.file["stem_starts"].read()]
    if (starts[1:] < starts[:-1]).any():
        message = "stems are said to share forms"
        raise ValueError(message)
    for stem, (start, end) in zip(file.stems.all(), pairwise(starts.tolist()), strict=True):
        for form in forms[start:end]:
            yield f"{stem.decode()}\0{fold(form)}\0{form}"


def _united(sources: Sequence[Source]) -> list[str]:
    """Return the keys of all forms that live on, sorted, and tell each source their places."""
    keys = sorted({key for source in sources for key in source.living_keys()})
    place = {key: number for number, key in enumerate(keys)}
    for source in sources:
        places = np.array([place.get(key, len(keys)) for key in source.keys], np.int64)
        source.places = np.minimum.accumulate(places[::-1])[::-1].clip(0, max(0, len(keys) - 1))
        source.keys = []
    return keys


def _joined(parts: Sequence[tuple[Array, Postings]], forms: int) -> Postings:
    """Move each source's postings to where they belong: a form's follow each other in the order of the sources."""
    counts = np.zeros((len(parts), forms), np.int64)
    gap_counts = np.zeros((len(parts), forms), np.int64)
    for nth, (places, part) in enumerate(parts):
        np.add.at(counts[nth], places, part.counts)
        np.add.at(gap_counts[nth], places, part.gap_counts)
    offsets, gap_offsets = _offsets(counts), _offsets(gap_counts)
    documents = np.empty(counts.sum(), np.uint16)
    frequencies = np.empty(len(documents), np.uint32)
    firsts = np.empty(len(documents), np.uint32)
    gaps = np.empty(gap_counts.sum(), np.uint32)
    for nth, (places, part) in enumerate(parts):
        target = _targets(part.counts, offsets[nth, places])
        documents[target] = part.documents
        frequencies[target] = part.frequencies
        firsts[target] = part.firsts
        gaps[_targets(part.gap_counts, gap_offsets[nth, places])] = part.gaps
    return Postings(counts.sum(axis=0), documents, frequencies, firsts, gap_counts.sum(axis=0), gaps)


def _offsets(counts: Array) -> Array:
    """Return where each source's share of each form begins, from the counts by source and form."""
    totals = counts.sum(axis=0)
    return np.asarray(np.cumsum(totals) - totals + np.cumsum(counts, axis=0) - counts)


def _targets(counts: Array, offsets: Array) -> Array:
    """Return where each item goes: those of each form to its offset and behind it."""
    starts = np.cumsum(counts) - counts
    targets = np.arange(counts.sum(), dtype=np.int64)
    targets += np.repeat(offsets - starts, counts)
    return targets


def _living(postings: Postings, alive: Array) -> Postings:
    """Leave out the postings of deleted documents."""
    kept = alive[postings.documents]
    kept_gaps = np.repeat(kept, postings.frequencies.astype(np.int64) - 1)
    return Postings(
        _summed(kept, postings.counts),
        postings.documents[kept],
        postings.frequencies[kept],
        postings.firsts[kept],
        _summed(kept_gaps, postings.gap_counts),
        postings.gaps[kept_gaps],
    )


def _summed(kept: Array, counts: Array) -> Array:
    """Return how many items of each run are kept, of runs of such lengths."""
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
    return np.diff(before[np.cumsum([0, *counts])])


def _write_columns(writer: BlockWriter, sources: Sequence[Source]) -> None:
    columns = {name: np.concatenate([source.file.column(name)[source.alive] for source in sources]) for name in NUMBERS}
    ids: list[str] = []
    for source in sources:
        living = np.flatnonzero(source.alive).tolist()
        names = source.file.ids.all()
        ids += [names[number].decode() for number in living]
    write_columns(writer, columns, {name: _values(sources, name) for name in VALUE_FIELDS}, ids)
    known = map(np.concatenate, zip(*(source.known() for source in sources), strict=True))
    write_known(writer, dict(zip(KNOWN, known, strict=True)))


def _values(sources: Sequence[Source], field: ValueField) -> list[str]:
    """Return what the living documents state in a field."""
    stated: list[str] = []
    for source in sources:
        distinct = source.file.values(field)
        stated += [distinct[value] for value in source.file.column(f"{field}.values")[source.alive].tolist()]
    return stated


def _write_stored(writer: BlockWriter, sources: Sequence[Source]) -> None:
    stored = StoredWriter()
    for source in sources:
        if source.whole:
            stored.take(source.file)
        else:
            for number in np.flatnonzero(source.alive).tolist():
                stored.add(source.file.stored_bytes(number))
    stored.write(writer)
