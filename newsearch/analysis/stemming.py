"""Stems by Snowball (https://snowballstem.org), the English one (Porter 2)."""

from functools import lru_cache

import Stemmer

_english = Stemmer.Stemmer("english")
# Its own cache is slower than the one below and not bounded by use.
_english.maxCacheSize = 0


@lru_cache(maxsize=1 << 17)
def stem(folded: str) -> str:
    """Return the stem of a folded form; a possessive 's goes with it. Numbers and other scripts stay as they are."""
    stemmed: str = _english.stemWord(folded)
    return stemmed
