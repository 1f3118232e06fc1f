"""Mantel and Haenszel's method for any number of analyses at once, of any sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from equipoise.effects.interval import Floats
from equipoise.effects.sizes import effect_sizes
from equipoise.synthesis.groups import read_by
from equipoise.synthesis.mantel_haenszel import (
    NO_COUNTS,
    StratifiedMeasure,
    check_measure,
    numbers_of,
    read_rows,
    why_not,
)
from equipoise.synthesis.mantel_haenszel_kernels import KERNELS
from equipoise.synthesis.method import Method

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = (
    "estimate", "se", "statistic", "df", "p_value", "low", "high", "tau2", "i2", "h2", "q", "q_df",
    "q_p_value",
)  # fmt: skip


def mantel_haenszel_many(
    table: pd.DataFrame,
    measure: StratifiedMeasure = "RR",
    *,
    by: str | Sequence[str],
    add: float = 0.0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Pool the counts of many analyses: the numbers of `mantel_haenszel`, one row an analysis.

    Parameters
    ----------
    table, measure, add, level
        As in `mantel_haenszel`.
    by
        The column or columns of the table that tell the analyses apart.

    Returns
    -------
    DataFrame
        The columns `by`, in order of first appearance; `excluded`, how many rows take no part; `k`,
        how many do; the numbers of `Pooled` that the method has; and `reason`: why an analysis has
        no number (NaN), where `mantel_haenszel` would refuse it, else empty.

    Raises
    ------
    UsageError
        If the measure is another; if columns lack, or rows hold what cannot be: every such row of
        the table is named.

    See Also
    --------
    mantel_haenszel : one analysis, with its studies, weights and notes; formulas and references.
    """
    import pandas as pd

    check_measure(measure)
    method = Method(estimator="CE", ci_method="wald", level=level)
    data = read_rows(table, measure, add=add)
    split = read_by(table, by)
    n, owner = len(split.sizes), split.owner
    complete = data.reason == ""
    whose = owner[complete]

    def total(values: Floats) -> Floats:
        return np.bincount(whose, values, n).astype(np.float64)

    with np.errstate(divide="ignore", invalid="ignore"):
        e1, n1, e2, n2 = (values[complete] for values in data.arrays)
        found = KERNELS[measure](e1, n1, e2, n2, total)
        k = np.bincount(whose[found.speaks], minlength=n)
        reason = why_not(found, k > 0, measure).astype(object)
        reason[np.bincount(whose, minlength=n) == 0] = NO_COUNTS
        q, compared = _homogeneity(table, measure, owner, found.estimate)
        numbers = numbers_of(found, q, compared, method)
    shown = {name: np.where(reason == "", numbers[name], np.nan) for name in _COLUMNS}
    return pd.DataFrame(
        {**split.names, "excluded": split.sizes - k, "k": k, **shown, "reason": reason}
    )


def _homogeneity(
    table: pd.DataFrame, measure: str, owner: NDArray[np.intp], estimates: Floats
) -> tuple[Floats, Floats]:
    """Return Q = Σ(y - estimate)²/v of each analysis, and over how many studies."""
    sizes = effect_sizes(table, measure)
    differs = read_rows(table, measure, drop00=True).reason == ""
    whose, n = owner[differs], len(estimates)
    effect, variance = (sizes.loc[differs, name].to_numpy() for name in ("effect", "variance"))
    distances = (effect - estimates[whose]) ** 2 / variance
    q, compared = np.bincount(whose, distances, n), np.bincount(whose, minlength=n)
    return q.astype(np.float64), compared.astype(np.float64)
