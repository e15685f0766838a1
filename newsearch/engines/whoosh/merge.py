"""Several segments to one, form by form, without the deleted documents."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from newsearch.engines.whoosh.blocks import Array, BlockWriter
from newsearch.engines.whoosh.documents import KEYWORD_FIELDS, TEXT_FIELDS
from newsearch.engines.whoosh.inverter import Lexicon, Postings
from newsearch.engines.whoosh.segment import (
    TIMES,
    FieldReader,
    SegmentFile,
    StoredWriter,
    write_columns,
    write_lexicon,
    write_postings,
)


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
        self.numbers = np.cumsum(alive, dtype=np.int64) - 1 + base
        """What the number of each document becomes."""
        self.forms = [form.decode() for form in file.forms.all()]
        self.places = np.zeros(0, np.int64)
        """The place of each form in the merged lexicon."""

    def living_forms(self) -> list[str]:
        """Return the forms that a living document has."""
        if self.alive.all():
            return self.forms
        used = np.zeros(len(self.forms), bool)
        for field in TEXT_FIELDS:
            used |= np.diff(_living(self, field).starts.astype(np.int64)) > 0
        return [form for form, living in zip(self.forms, used.tolist(), strict=True) if living]


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
    lexicon = Lexicon.of(list({form for source in sources for form in source.living_forms()}))
    place = {form: number for number, form in enumerate(lexicon.forms)}
    for source in sources:
        source.places = np.array([place.get(form, 0) for form in source.forms], np.int64)
    with BlockWriter(path) as writer:
        write_lexicon(writer, lexicon)
        totals = {}
        for field in TEXT_FIELDS:
            write_postings(writer, field, _merged_postings(sources, field, len(lexicon.forms)))
            lengths = np.concatenate([source.file.lengths[field][source.alive] for source in sources])
            writer.add(f"{field}.lengths", lengths)
            totals[field] = int(lengths.sum())
        _write_columns(writer, sources)
        _write_stored(writer, sources)
        facts = {"documents": base, "lengths": totals}
        return facts | {"bytes": writer.finish(facts)}


def _merged_postings(sources: Sequence[Source], field: str, forms: int) -> Postings:
    """Move each source's postings to where they belong: a form's postings follow each other in the sources' order."""
    parts = [_living(source, field) for source in sources]
    counts = np.zeros((len(sources), forms), np.int64)
    gap_counts = np.zeros((len(sources), forms), np.int64)
    for nth, (source, part) in enumerate(zip(sources, parts, strict=True)):
        # A form that died with its documents has no place, and counts nothing at the place it was given.
        np.add.at(counts[nth], source.places, np.diff(part.starts.astype(np.int64)))
        np.add.at(gap_counts[nth], source.places, np.diff(part.gap_starts.astype(np.int64)))
    starts, offsets = _offsets(counts)
    gap_starts, gap_offsets = _offsets(gap_counts)
    documents = np.empty(starts[-1], np.uint16)
    frequencies = np.empty(starts[-1], np.uint32)
    firsts = np.empty(starts[-1], np.uint32)
    gaps = np.empty(gap_starts[-1], np.uint32)
    for nth, (source, part) in enumerate(zip(sources, parts, strict=True)):
        target = _targets(part.starts, offsets[nth, source.places])
        documents[target] = part.documents
        frequencies[target] = part.frequencies
        firsts[target] = part.firsts
        gaps[_targets(part.gap_starts, gap_offsets[nth, source.places])] = part.gaps
    return Postings(starts.astype(np.uint32), documents, frequencies, firsts, gap_starts.astype(np.uint32), gaps)


def _offsets(counts: Array) -> tuple[Array, Array]:
    """Return where each form begins, and where each source's share of it does, from the counts by source and form."""
    starts = np.zeros(counts.shape[1] + 1, np.int64)
    np.cumsum(counts.sum(axis=0), out=starts[1:])
    return starts, starts[:-1] + np.cumsum(counts, axis=0) - counts


def _targets(starts: Array, offsets: Array) -> Array:
    """Return where each item goes whose form's items begin at `starts` and go to `offsets`."""
    begins = starts.astype(np.int64)
    targets = np.arange(begins[-1], dtype=np.int64)
    targets += np.repeat(offsets - begins[:-1], np.diff(begins))
    return targets


def _living(source: Source, field: str) -> Postings:
    """Return a source's postings with its documents' new numbers, those of deleted documents left out."""
    reader: FieldReader = source.file.fields[field]
    postings = reader.all()
    if source.alive.all():
        return Postings(
            postings.starts,
            source.numbers[postings.documents].astype(np.uint16),
            postings.frequencies,
            postings.firsts,
            postings.gap_starts,
            postings.gaps,
        )
    kept = source.alive[postings.documents]
    further = postings.frequencies.astype(np.int64) - 1
    kept_gaps = np.repeat(kept, further)
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
    gaps_before = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept_gaps)])
    return Postings(
        before[postings.starts],
        source.numbers[postings.documents[kept]].astype(np.uint16),
        postings.frequencies[kept],
        postings.firsts[kept],
        gaps_before[postings.gap_starts],
        postings.gaps[kept_gaps],
    )


def _write_columns(writer: BlockWriter, sources: Sequence[Source]) -> None:
    columns = {
        name: np.concatenate([source.file.column(name)[source.alive] for source in sources])
        for name in (*TIMES, "marks")
    }
    keywords: dict[str, list[str]] = {name: [] for name in KEYWORD_FIELDS}
    ids: list[str] = []
    for source in sources:
        living = np.flatnonzero(source.alive).tolist()
        names = source.file.ids.all()
        ids += [names[number].decode() for number in living]
        for name, words in keywords.items():
            distinct = source.file.values(name)
            words += [distinct[value] for value in source.file.column(f"{name}.values")[source.alive].tolist()]
    write_columns(writer, columns, keywords, ids)


def _write_stored(writer: BlockWriter, sources: Sequence[Source]) -> None:
    stored = StoredWriter()
    for source in sources:
        if source.alive.all():
            stored.take(source.file)
        else:
            for number in np.flatnonzero(source.alive).tolist():
                stored.add(source.file.stored_bytes(number))
    stored.write(writer)
