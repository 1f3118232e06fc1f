"""How a pooled estimate came about: the first study, the first two, and so on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import UsageError
from equipoise.synthesis.blocks import parts
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.reading import is_missing, refuse
from equipoise.synthesis.refits import CELLS, Refits

if TYPE_CHECKING:
    import pandas as pd


def cumulative(pooled: Pooled, order: Sequence[Any] | None = None) -> pd.DataFrame:
    """Pool the first study, the first two, the first three, and so on to all.

    It shows how the estimate moved as studies appeared. Its intervals are those of single
    analyses: who looks after every study finds an interval without the null by chance more often
    than the level says. See `trial_sequential_analysis` for limits that hold with many looks.

    Parameters
    ----------
    pooled
        A result of `pool`. Estimator, ci_method, level, prediction_df, weights and a given tau2 are
        those of the result.
    order
        What to sort by, one a row of the result: years, say, or sample sizes. The smallest comes
        first, rows of the same value as they stand. By default the rows as they stand.

    Returns
    -------
    DataFrame
        One row a study that was pooled, as it is added: its `label`, the numbers of `pool_many`
        for it and all before, on the analysis scale, and `converged`.

    Raises
    ------
    UsageError
        If it is no result of `pool`; if `order` has not one value a row, lacks that of a study
        that was pooled (each is named), or cannot be sorted.

    References
    ----------
    Lau et al. 1992, N Engl J Med 327:248-254, doi:10.1056/NEJM199207233270406.
    """
    import pandas as pd

    refits = Refits.of(pooled)
    sequence = _sequence(pooled, order)
    k = len(sequence)
    found = []
    for here in parts(k, max(1, CELLS // k)):
        sizes = np.arange(here.start, here.stop) + 1
        starts = np.cumsum(sizes) - sizes
        within = np.arange(int(sizes.sum())) - np.repeat(starts, sizes)
        found.append(refits.fit(sequence[within], starts))
    table = pd.concat(found, ignore_index=True)
    table.insert(0, "label", refits.labels[sequence])
    return table


def _sequence(pooled: Pooled, order: Sequence[Any] | None) -> NDArray[np.intp]:
    """Return the studies that were pooled, numbered among themselves, in the order wanted."""
    if order is None:
        return np.arange(pooled.k)
    values: list[Any] = np.asarray(order, dtype=object).tolist()
    if len(values) != len(pooled.labels):
        raise UsageError(
            f"order= needs one value a row: {len(values)} for {len(pooled.labels)} rows"
        )
    rows = list(zip(values, pooled.labels, pooled.reasons, strict=True))
    unknown = [
        f"row {number} ({label}): no value to sort by"
        for number, (value, label, reason) in enumerate(rows, start=1)
        if not reason and is_missing(value)
    ]
    refuse("the studies cannot be put in order:", unknown)
    used = [value for value, _, reason in rows if not reason]
    try:
        return np.array(sorted(range(len(used)), key=lambda at: used[at]), dtype=np.intp)
    except TypeError:
        raise UsageError(
            "the values of order= cannot be compared with each other: give numbers, or all text"
        ) from None
