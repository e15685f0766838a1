"""BM25F: how well an article answers a word, over title and body together.

Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple weighted fields" (CIKM 2004): term frequencies and
lengths are weighted and summed over the fields *before* the saturation, so that a word of the title repeated in the
body does not count as two finds. The inverse document frequency is the one of Lucene, which is never negative, so that
small archives rank too.
"""

import math
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FIELD_WEIGHTS = {"title": 2.0, "body": 1.0}
"""Of the fields that a word without a field is looked for in."""
WEIGHTS = FIELD_WEIGHTS | {"lead": FIELD_WEIGHTS["body"]}
"""Of all fields that a word can be looked for in."""
K1 = 1.5
B = 0.75
"""In the middle of what works well on most collections (Robertson and Zaragoza, "The Probabilistic Relevance Framework:
BM25 and Beyond", 2009), and not the best on the judged ones of the benchmarks, so that it is not tuned to them."""

Numbers = TypeVar("Numbers", float, "npt.NDArray[np.float64]")


def inverse_document_frequency(articles: int, containing: int) -> float:
    """Return ln(1 + (N - n + 0.5) / (n + 0.5))."""
    return math.log(1.0 + (articles - containing + 0.5) / (containing + 0.5))


def length_norm(length: Numbers, average_length: float) -> Numbers:
    """Return k1 (1 - b + b L / A): the frequency that earns half of what a word can earn.

    Args:
        length: weighted length of the searched fields, in tokens; one number or an array.
        average_length: the mean of `length` over all articles; not zero.
    """
    return K1 * (1.0 - B + B * length / average_length)


def term_score(idf: float, frequency: Numbers, norm: Numbers) -> Numbers:
    """Return the score of one word.

    Args:
        idf: its inverse document frequency.
        frequency: its weighted frequency; one number or an array.
        norm: of the length of the searched fields; alike.
    """
    return idf * frequency * (K1 + 1.0) / (frequency + norm)
