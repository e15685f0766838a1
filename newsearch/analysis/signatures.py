"""Signatures: what of a text is kept to tell whether another one is a near-copy of it.

A text is the set of its shingles, runs of three folded words (Broder, "On the resemblance and containment of
documents", 1997). The shingles are hashed, the hashes are dealt out to bins, and of each bin the least one is kept
(one permutation hashing: Li, Owen and Zhang 2012); an empty bin has what another one has (densification: Shrivastava
2017, here with double hashing, so that some bin is always found). The share of bins in which two texts agree is an
estimate of the share of shingles they have in common, their Jaccard similarity. A byte of each least hash is enough for
that (b-bit minwise hashing: Li and König 2010).

Two more bits say in which quarter of the text the kept shingle stands first. So it can be seen whether what two texts
have in common is spread over both of them, as in a copy with other words here and there, or is one long piece, as in
different articles with the same captions below them.

The order of the texts, and what else there is, makes no difference to a signature.
"""

import zlib

import numpy as np
import numpy.typing as npt

from newsearch.analysis.folding import fold
from newsearch.analysis.tokens import tokenize

Words = npt.NDArray[np.uint32]
Rows = npt.NDArray[np.uint8]

SHINGLE = 3
"""Words."""
VALUES = 128
"""Bins; the standard error of an estimate is below 0.045."""
QUARTERS = 4
SIZE = VALUES + VALUES // 4
"""Bytes of a signature: a byte of each value, then two bits of each."""

_FACTORS = tuple(np.uint64(factor) for factor in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93))
_SHORT, _HALF, _BIN_SHIFT = np.uint64(29), np.uint64(32), np.uint64(64 - 7)
_PLACES, _PLACE_BITS = np.uint32(2), np.uint32(QUARTERS - 1)
_EMPTY = np.uint32((1 << 32) - 1)
_PACKED = np.array([1, 4, 16, 64], np.uint8)


def word_hash(folded: str) -> int:
    """Return the hash of a word in its folded form, 32 bits; it is the same on every machine."""
    return zlib.crc32(folded.encode())


def signature(text: str) -> bytes:
    """Return the signature of a text."""
    words = np.array([word_hash(fold(token.text)) for token in tokenize(text)], np.uint32)
    return signatures(words, np.array([len(words)])).tobytes()


def signatures(words: Words, lengths: npt.NDArray[np.int64]) -> Rows:
    """Return the signatures of some texts.

    Args:
        words: the hashes of the words of all texts on end.
        lengths: how many words each text has.

    Returns:
        A row of `SIZE` bytes for each text; all zero where a text has no shingle.
    """
    least = _densified(_least(words, lengths))
    places = (least & _PLACE_BITS).astype(np.uint8).reshape(len(lengths), SIZE - VALUES, len(_PACKED))
    values = (least >> _PLACES).astype(np.uint8)
    return np.concatenate([values, (places * _PACKED).sum(axis=2, dtype=np.uint8)], axis=1)


def quarters(rows: Rows) -> Rows:
    """Return of each value of some signatures in which quarter of its text the shingle stands first."""
    places: Rows = (rows[:, VALUES:, None] // _PACKED & np.uint8(QUARTERS - 1)).reshape(len(rows), VALUES)
    return places


def _least(words: Words, lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
    """Return the least hash of each bin, a row for each text; its two lowest bits are the quarter of the text."""
    hashes = _shingles(words)
    ends = np.cumsum(lengths)
    parts = np.diff(np.arange(QUARTERS + 1) * lengths[:, None] // QUARTERS).ravel()
    values = hashes.astype(np.uint32) & ~_PLACE_BITS
    values |= np.repeat(np.tile(np.arange(QUARTERS, dtype=np.uint32), len(lengths)), parts)
    for before in range(1, SHINGLE):  # no shingle goes on in the next text
        crossing = ends - before
        values[crossing[lengths >= before]] = _EMPTY
    bins = (hashes >> _BIN_SHIFT).astype(np.intp)
    bins += np.repeat(np.arange(0, len(lengths) * VALUES, VALUES), lengths)
    least = np.full(len(lengths) * VALUES, _EMPTY)
    np.minimum.at(least, bins, values)
    return least.reshape(-1, VALUES)


def _shingles(words: Words) -> npt.NDArray[np.uint64]:
    """Return the hash of the shingle that begins at each word; what is behind the last ones does not matter."""
    padded = np.zeros(len(words) + SHINGLE - 1, np.uint64)
    padded[: len(words)] = words
    hashes = padded[:-2] * _FACTORS[0] + padded[1:-1] * _FACTORS[1]
    hashes ^= hashes >> _SHORT
    hashes += padded[2:] * _FACTORS[2]
    hashes ^= hashes >> _HALF
    hashes *= _FACTORS[0]
    hashes ^= hashes >> _SHORT
    return hashes


def _donors() -> npt.NDArray[np.intp]:
    """Return from which bins each bin is filled while it is empty: of each attempt, those of all bins."""
    hashes = np.array([word_hash(f"bin {number}") for number in range(VALUES)], np.int64)
    starts, strides = hashes % VALUES, hashes // VALUES | 1
    donors: npt.NDArray[np.intp] = (starts + np.arange(VALUES)[:, None] * strides) % VALUES
    return donors


_DONORS = _donors()


def _densified(least: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return the bins with each empty one filled from another; zero where a text has nothing at all."""
    filled = least.copy()
    texts, bins = (least == _EMPTY).nonzero()
    for donors in _DONORS:
        if not len(texts):
            return filled
        values = least[texts, donors[bins]]
        filled[texts, bins] = values
        left = (values == _EMPTY).nonzero()[0]
        texts, bins = texts[left], bins[left]
    filled[texts, bins] = 0
    return filled
