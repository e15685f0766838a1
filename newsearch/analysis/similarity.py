"""Which texts are near-copies of each other, by their signatures and lengths alone.

The limits were set on archives of real articles, and with copies of which up to 15 % of the words were changed:

- Of texts that differ in one word of seven, all over, less than half of the shingles agree; so that much is enough.
- That alone would take different articles for copies: one and the same long caption is half of both, or a report comes
  every day with other figures. The former agree in one piece, and the rest of them not at all; so every quarter of both
  texts must agree in part. The latter are short; so short texts must agree in most of their shingles.
- Texts that agree in most of their shingles are near-copies even if one of them has a paragraph more.
- A few words alone, such as those that stand where a text is missing, make no copy.
"""

import numpy as np
import numpy.typing as npt

from newsearch.analysis.signatures import QUARTERS, VALUES, Rows, quarters

FEWEST = 20
"""Words of a text that can be a near-copy."""
LONG = 250
"""Words from which on the looser limit holds."""
LOOSE = 0.45
"""The share of values in which long texts agree that differ all over."""
CLOSE = 0.7
"""The share of values in which any texts agree that are near-copies."""
EVERYWHERE = 0.2
"""The share of the values of each quarter in which long texts agree."""
BAND = 3
"""Values of a band. Near-copies agree in at least one band as a whole, by which they are found (Leskovec, Rajaraman and
Ullman, "Mining of massive datasets", chapter 3): of those at the looser limit 98 of 100 do."""
BANDS = VALUES // BAND

Mask = npt.NDArray[np.bool_]


def near_copies(first: Rows, second: Rows, words: npt.NDArray[np.integer]) -> Mask:
    """Tell of each pair of texts whether they are near-copies; it does not matter which of the two is first.

    Args:
        first: the signatures of one text of each pair.
        second: those of the other.
        words: of the shorter text of each pair.
    """
    same = first[:, :VALUES] == second[:, :VALUES]
    share = same.sum(axis=1, dtype=np.uint8) / VALUES
    alike: Mask = (share >= np.where(words < LONG, CLOSE, LOOSE)) & (words >= FEWEST)
    enough = alike.nonzero()[0]
    alike[enough] = same[enough, : BANDS * BAND].reshape(-1, BANDS, BAND).all(axis=2).any(axis=1)
    doubtful = (alike & (share < CLOSE)).nonzero()[0]
    for rows in (first, second):
        alike[doubtful] &= _agree_everywhere(same[doubtful], quarters(rows[doubtful]))
    return alike


def _agree_everywhere(same: Mask, places: Rows) -> Mask:
    """Tell of each pair whether it agrees in every quarter of one of its texts."""
    agree = np.ones(len(same), bool)
    for quarter in range(QUARTERS):
        within = places == quarter
        agree &= np.count_nonzero(same & within, axis=1) >= EVERYWHERE * np.count_nonzero(within, axis=1)
    return agree
