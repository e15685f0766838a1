"""Whether what an index keeps twice agrees: postings with lengths, and with the stored texts."""

import hashlib
from collections.abc import Callable, Iterator

import numpy as np

from newsearch.analysis import tokenize
from newsearch.engines.whoosh.schema import TEXT_FIELDS
from newsearch.engines.whoosh.view import DOCUMENT_SHIFT, IndexView, Integers
from newsearch.errors import IndexUnusableError
from newsearch.model import Edition

_POSITION_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def structural_faults(
    view: IndexView, edition: Callable[[int], Edition], advance: Callable[[int], None], *, deep: bool
) -> Iterator[str]:
    """Read every posting and every stored edition and yield what is wrong, one line each.

    Args:
        view: the index.
        edition: reads the edition of a document.
        advance: told of each document done.
        deep: compare the postings with the stored texts analysed again.
    """
    readable: dict[int, Edition] = {}
    for number in range(view.size):
        advance(1)
        if view.reader.is_deleted(number):
            continue
        try:
            found = edition(number)
        except IndexUnusableError as error:
            yield str(error)
            continue
        if deep:
            readable[number] = found
    for field in TEXT_FIELDS:
        yield from _field_faults(view, field, readable)


def _field_faults(view: IndexView, field: str, editions: dict[int, Edition]) -> Iterator[str]:
    counts = np.zeros(view.size, np.int64)
    sums = np.zeros(view.size, np.uint64)
    for form in view.forms(field):
        places = view.places(field, form)
        documents = places >> DOCUMENT_SHIFT
        counts += np.bincount(documents, minlength=view.size)
        np.add.at(sums, documents, _hashes(form, places & ((1 << DOCUMENT_SHIFT) - 1)))
    alive = [number for number in range(view.size) if not view.reader.is_deleted(number)]
    lengths = view.column(f"{field}_length")
    for number in alive:
        if counts[number] != lengths[number]:
            yield f"document {number}: {counts[number]} postings in {field}, and its length is {lengths[number]}"
    for number, found in editions.items():
        tokens = list(tokenize(getattr(found.article, field)))
        expected = np.uint64(0)
        with np.errstate(over="ignore"):
            for token in tokens:
                expected += _hashes(token.text, np.array([token.position], np.int64))[0]
        if expected != sums[number]:
            yield f"document {number}: the postings of {field} are not those of its text"


def _hashes(form: str, positions: Integers) -> np.typing.NDArray[np.uint64]:
    """Return a hash of a form at each position; their sum over a text does not depend on the order."""
    seed = np.uint64(int.from_bytes(hashlib.blake2b(form.encode(), digest_size=8).digest()))
    mixed: np.typing.NDArray[np.uint64] = (positions.astype(np.uint64) + np.uint64(1)) * _POSITION_FACTOR ^ seed
    return mixed * (mixed >> np.uint64(29) | np.uint64(1))
