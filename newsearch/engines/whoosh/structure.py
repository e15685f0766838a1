"""Whether what a segment keeps twice agrees: postings with lengths, stems, and the stored texts."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np

from newsearch.analysis import lead, tokenize
from newsearch.analysis.signatures import signature
from newsearch.engines.whoosh.blocks import Array, DamagedFileError
from newsearch.engines.whoosh.clusters import story_roots
from newsearch.engines.whoosh.documents import TEXT_FIELDS, document, edition_of
from newsearch.engines.whoosh.guard import AMISS
from newsearch.engines.whoosh.languages import LanguageForms
from newsearch.engines.whoosh.masks import nonzero
from newsearch.engines.whoosh.segment import NUMBERS
from newsearch.engines.whoosh.stories import KeptStories, grouped
from newsearch.engines.whoosh.view import IndexView, SegmentView
from newsearch.query.fields import VALUE_FIELDS

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def structural_faults(view: IndexView, advance: Callable[[int], None], *, deep: bool) -> Iterator[str]:
    """Read every array and every stored edition and yield what is wrong, one line each.

    Args:
        view: the index.
        advance: told of the documents done.
        deep: compare the postings with the stored texts analysed again.
    """
    for segment in view.segments:
        yield from segment_faults(segment, deep=deep)
        advance(int(segment.alive.sum()))
    yield from _named(_kept(view).file.path.name, lambda: _stories(view, deep=deep))


def segment_faults(segment: SegmentView, *, deep: bool) -> Iterator[str]:
    """Read every array of a segment and yield what is wrong, one line each; `deep` as above."""

    def faults() -> Iterator[str]:
        segment.file.file.check_gaps()
        for section in segment.file.sections():
            section.read()
        yield from _columns(segment)
        yield from _lengths(segment)
        yield from _languages(segment)
        yield from _texts(segment) if deep else ()

    yield from _named(segment.file.file.path.name, faults)


def _named(name: str, look: Callable[[], Iterator[str]]) -> Iterator[str]:
    """Yield what is wrong with a file, with its name."""
    try:
        yield from (f"{name}: {fault}" for fault in look())
    except DamagedFileError as error:
        yield str(error)
    except AMISS as error:
        yield f"{name}: its parts do not fit together ({type(error).__name__}: {error})"


def _kept(view: IndexView) -> KeptStories:
    return cast("KeptStories", view.stories)  # a generation's own are; those of earlier times are found anew


def _stories(view: IndexView, *, deep: bool) -> Iterator[str]:
    """Say what is wrong with the stories; a deep look finds them anew."""
    file = _kept(view).file
    file.check_gaps()
    members, starts = (file[name].read() for name in ("members", "starts"))
    current = np.concatenate([np.zeros(0, bool), *(segment.current for segment in view.segments)])
    sizes = np.diff(starts.astype(np.int64), prepend=0)
    if sizes[0] or (sizes[1:] <= 1).any() or starts[-1] != len(members):
        yield "its stories do not begin where they should"
    elif len(np.unique(members)) != len(members) or not np.isin(members, nonzero(current)).all():
        yield "a story has an article that is not there, or is in another one"
    elif deep:
        expected = grouped(story_roots(view.segments, np.zeros(0, np.intp)))
        if not all(map(np.array_equal, (members, starts), expected)):
            yield "its stories are not those of the articles"


def _columns(segment: SegmentView) -> Iterator[str]:
    file = segment.file
    kinds = NUMBERS | {f"{field}.lengths": np.uint32 for field in file.lengths}
    for name, kind in kinds.items():
        column = file.column(name)
        if column.dtype != kind or len(column) != segment.size:
            yield f"its {name} are other than {segment.size} numbers of the kind that is written"
    if {len(file.signatures()), len([name.decode() for name in file.ids.all()])} != {segment.size}:
        yield f"it has other than {segment.size} signatures and ids"
    if file.file.facts.get("words") != sum(int(file.lengths[field].sum()) for field in TEXT_FIELDS):
        yield "it has other words than it says"


def _lengths(segment: SegmentView) -> Iterator[str]:
    for field in TEXT_FIELDS:
        counted = np.bincount(*segment.file.fields[field].postings(0, len(segment.file.forms)), segment.size)
        for number in np.flatnonzero(counted != segment.file.lengths[field]).tolist():
            length = segment.file.lengths[field][number]
            yield f"document {number}: {counted[number]:.0f} postings in {field}, and its length is {length}"


def _languages(segment: SegmentView) -> Iterator[str]:
    file = segment.file
    values = file.values("lang")
    spoken = LanguageForms([values[value] for value in file.column("lang.values").tolist()], len(file.forms))
    for reader in file.fields.values():
        counts, _ = reader.sizes()
        spoken.add([(counts, reader.documents.read())])
    for name, expected in spoken.arrays(lambda form: file.forms[form].decode()).items():
        if not np.array_equal(file.column(name), expected):
            yield f"{name} are not those of its documents"


def _texts(segment: SegmentView) -> Iterator[str]:
    found = {field: _sums(segment, field) for field in TEXT_FIELDS}
    columns: dict[str, list[Any]] = {name: segment.file.column(name).tolist() for name in NUMBERS}
    for field in VALUE_FIELDS:
        values = segment.file.values(field)
        columns[field] = [values[value] for value in segment.file.column(f"{field}.values").tolist()]
    leads = segment.file.lengths["lead"].tolist()
    columns["known"] = _known(segment)
    signatures = segment.file.signatures()
    columns["id"] = [name.decode() for name in segment.file.ids.all()]
    for number in np.flatnonzero(segment.alive).tolist():
        stored = segment.file.stored(number)
        try:
            expected = document(edition_of(stored))
        except (KeyError, ValueError, TypeError):
            yield f"document {number}: what is stored of it is damaged"
            continue
        for name, column in columns.items():
            if column[number] != expected[name]:
                yield f"document {number}: its {name} is {column[number]!r}, and in the article {expected[name]!r}"
        if leads[number] != sum(1 for _ in tokenize(lead(stored["body"]))):
            yield f"document {number}: its first two paragraphs have other than {leads[number]} words"
        if signatures[number].tobytes() != signature(stored["body"]):
            yield f"document {number}: its signature is not that of its text"
        for text in TEXT_FIELDS:
            if _sum(stored[text]) != found[text][number]:
                yield f"document {number}: the postings of {text} are not those of its text"


def _known(segment: SegmentView) -> list[list[tuple[int, int]]]:
    known: list[list[tuple[int, int]]] = [[] for _ in range(segment.size)]
    for number, start, end in zip(*(values.tolist() for values in segment.file.known()), strict=True):
        known[number].append((start, end))
    return known


def _sums(segment: SegmentView, field: str) -> Array:
    """Return for each document the sum of the hashes of its postings."""
    sums = np.zeros(segment.size, np.uint64)
    reader = segment.file.fields[field]
    for form, text in enumerate(segment.file.forms.all()):
        places = reader.places(form, form + 1, segment.file.origins)
        np.add.at(sums, places >> segment.file.shift, _hashes(text, places & ((1 << segment.file.shift) - 1)))
    return sums


def _sum(text: str) -> np.uint64:
    total = 0
    for token in tokenize(text):
        total += int(_hashes(token.text.encode(), np.array([token.position], np.int64))[0])
    return np.uint64(total & 0xFFFFFFFFFFFFFFFF)


def _hashes(form: bytes, positions: Array) -> Array:
    """Return a hash of a form at each position; their sum over a text does not depend on the order."""
    seed = np.uint64(int.from_bytes(hashlib.blake2b(form, digest_size=8).digest(), "big"))
    mixed: Array = (positions.astype(np.uint64) + np.uint64(1)) * _FACTOR ^ seed
    hashes: Array = mixed * (mixed >> np.uint64(29) | np.uint64(1))
    return hashes
