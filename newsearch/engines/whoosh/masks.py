"""Masks, a truth value for each document, and runs of numbers."""

import numpy as np
import numpy.typing as npt

from newsearch.engines.whoosh.blocks import Array

Mask = npt.NDArray[np.bool_]


def marked(size: int, numbers: Array) -> Mask:
    """Return a mask in which some of so many are set."""
    mask = np.zeros(size, bool)
    mark(mask, numbers)
    return mask


def mark(mask: Mask, numbers: Array) -> None:
    """Set a mask at some places."""
    # An assignment through numbers of any other type takes three times as long.
    mask[numbers.astype(np.intp, copy=False)] = True


def both(some: Mask | None, others: Mask | None) -> Mask | None:
    """Return what two masks have in common, of which one may be missing."""
    return others if some is None else some if others is None else some & others


def nonzero(numbers: Array) -> Array:
    """Return where an array of one dimension is not zero.

    `np.flatnonzero` does it through three wrappers, which on the arrays of a usual query take longer than the work.
    """
    return numbers.nonzero()[0]


def run_heads(numbers: Array) -> Array:
    """Return where runs of the same number begin."""
    new = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:])
    return nonzero(new)
