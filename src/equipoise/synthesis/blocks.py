"""Analyses of unequal sizes, side by side: what lets arrays hold many of them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_BLOCK = 49_152  # cells of a block of analyses: small enough for the processor's cache


class SideBySide(NamedTuple):
    """Analyses of about one size, one a row.

    Attributes
    ----------
    rows
        Which analyses, shape (n,).
    cells
        Where their studies stand in the flat arrays, shape (n, size); 0 where there is none.
    filler
        Where there is none.
    """

    rows: NDArray[np.intp]
    cells: NDArray[np.intp]
    filler: NDArray[np.bool_]


def side_by_side(starts: NDArray[np.intp]) -> Iterator[SideBySide]:
    """Return all analyses that have studies, a block of about one size at a time.

    Parameters
    ----------
    starts
        Where each analysis begins, and where the last one ends.

    Returns
    -------
    iterator of SideBySide
        Every analysis once; less than a fifth of the cells are filler.
    """
    k = np.diff(starts)
    width = _width(k)
    order = np.argsort(width, kind="stable")
    order = order[np.searchsorted(width[order], 1) :]
    edges = np.flatnonzero(np.diff(width[order])) + 1
    for same in np.split(order, edges):
        if not len(same):
            continue
        size = int(width[same[0]])
        step = max(1, _BLOCK // size)
        for at in range(0, len(same), step):
            rows = same[at : at + step]
            cells = starts[rows][:, None] + np.arange(size)
            filler = np.arange(size) >= k[rows][:, None]
            cells[filler] = 0
            yield SideBySide(rows, cells, filler)


def parts(n: int, size: int) -> Iterable[slice]:
    """Return slices of n analyses, behind a progress bar if it takes long.

    Parameters
    ----------
    n
        Analyses.
    size
        How many are worked on at a time.

    Returns
    -------
    iterable of slice
        Together, all of them.
    """
    slices = [slice(at, min(n, at + size)) for at in range(0, n, size)]
    if len(slices) < 3:
        return slices
    from tqdm.auto import tqdm

    return tqdm(slices, desc="pooling", delay=2, disable=None, leave=False)


def _width(k: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the sizes that analyses are filled up to."""
    power = 1 << np.log2(np.maximum(k, 4) / 4).astype(np.intp)
    return np.asarray(-(-k // power) * power, dtype=np.intp)
