"""Henmi and Copas' interval: large studies keep their weight, however much studies differ.

Random-effects weights are nearly equal if τ² is large, so that small studies, of which those with
striking results are published more often, weigh as much as large ones. Here the mean is that of the
common-effect model, and only its interval takes the variance between studies into account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from math import inf, nan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.effects.interval import Floats
from equipoise.synthesis.batch import pool_many
from equipoise.synthesis.blocks import parts, side_by_side
from equipoise.synthesis.groups import Groups, read_groups
from equipoise.synthesis.henmi_copas_pivot import Pivot, pivots
from equipoise.synthesis.method import Estimator
from equipoise.synthesis.pool import pool
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    import pandas as pd

_NOTHING = "there is nothing to pool: no row has an effect and a variance"
_ESTIMATE = ("estimate", "se", "statistic", "p_value", "low", "high")
_HETEROGENEITY = (
    "tau2", "tau2_se", "tau2_low", "tau2_high", "i2", "i2_low", "i2_high", "h2", "h2_low",
    "h2_high", "q", "q_df", "q_p_value",
)  # fmt: skip
_PART = 16  # analyses whose distributions are integrated at a time: they fit the cache


def henmi_copas(
    effects: pd.DataFrame | ArrayLike,
    variance: ArrayLike | None = None,
    *,
    se: ArrayLike | None = None,
    labels: Sequence[object] | None = None,
    measure: str | None = None,
    level: float = 0.95,
) -> Pooled:
    """Pool effects by common-effect weights, with an interval that allows for heterogeneity.

    Parameters
    ----------
    effects, variance, se, labels, measure
        As in `pool`.
    level
        Confidence level.

    Returns
    -------
    Pooled
        The estimator is "HC", the ci_method "henmi-copas". `se` is √(W₁ + τ²W₂)/W₁ with the
        DerSimonian-Laird τ²; `low`, `high` and `p_value` come from the distribution of
        `statistic` = estimate/se, which is no t distribution: `df` is NaN. Heterogeneity is told as
        by `pool` with "DL"; there is no prediction interval. Of one study the interval is the
        normal one.

    Raises
    ------
    UsageError
        As in `pool`.

    See Also
    --------
    henmi_copas_many : any number of analyses at once.

    References
    ----------
    Henmi & Copas 2010, Stat Med 29:2969-2983, doi:10.1002/sim.4029.
    """
    random, common = (
        pool(
            effects,
            variance,
            se=se,
            labels=labels,
            measure=measure,
            estimator=estimator,
            ci_method="wald",
            level=level,
        )
        for estimator in ("DL", "CE")
    )
    found = replace(
        random,
        estimator="HC",
        ci_method="henmi-copas",
        prediction_low=nan,
        prediction_high=nan,
        log_likelihood=nan,
        aic=nan,
        aicc=nan,
        bic=nan,
        weights=common.weights,
    )
    if common.k == 1:
        return found
    used = zip(common.variances, common.reasons, strict=True)
    v = np.array([spread for spread, reason in used if not reason])
    pivot = pivots(v[None], np.array([random.tau2]))
    reach, p_value = _tails(pivot, np.array([common.estimate]), level)
    return replace(
        found,
        estimate=common.estimate,
        se=float(pivot.se[0]),
        statistic=common.estimate / float(pivot.se[0]),
        df=nan,
        p_value=float(p_value[0]),
        low=common.estimate - float(reach[0]),
        high=common.estimate + float(reach[0]),
    )


def henmi_copas_many(
    effects: pd.DataFrame | ArrayLike,
    variance: ArrayLike | None = None,
    *,
    by: str | Sequence[str] | None = None,
    starts: ArrayLike | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Pool many analyses: the numbers of `henmi_copas`, one row an analysis.

    Parameters
    ----------
    effects, variance, by, starts
        As in `pool_many`.
    level
        Confidence level.

    Returns
    -------
    DataFrame
        The columns `by`, in order of first appearance; `excluded`, how many rows had no effect or
        no variance; the numbers of `Pooled` that the method has, `k` the first; and `reason`: why
        an analysis has no number (NaN), where `henmi_copas` would refuse it, else empty.

    Raises
    ------
    UsageError
        As `pool_many`.

    See Also
    --------
    henmi_copas : one analysis, with its studies, weights and notes; reference.
    """
    import pandas as pd

    groups = read_groups(effects, variance, by=by, starts=starts, weights=None)
    random = _pooled(groups, "DL", level, ("k", *_HETEROGENEITY))
    found = _pooled(groups, "CE", level, _ESTIMATE)
    k, estimate = random["k"], found["estimate"]
    pivot = _pivots(groups, random["tau2"])
    several = np.flatnonzero(k > 1)
    for part in parts(len(several), _PART):
        rows = several[part]
        here = pivot.rows(rows)
        reach, found["p_value"][rows] = _tails(here, estimate[rows], level)
        found["se"][rows] = here.se
        found["statistic"][rows] = estimate[rows] / here.se
        found["low"][rows], found["high"][rows] = estimate[rows] - reach, estimate[rows] + reach
    reason = np.where(k == 0, _NOTHING, "").astype(object)
    numbers = {"k": random.pop("k"), **found, **random}
    return pd.DataFrame({**groups.names, **numbers, "reason": reason}, copy=False)


def _pooled(
    groups: Groups, estimator: Estimator, level: float, columns: Sequence[str]
) -> dict[str, NDArray[Any]]:
    frame = pool_many(
        groups.effects,
        groups.variances,
        starts=groups.starts[:-1],
        estimator=estimator,
        ci_method="wald",
        level=level,
        columns=columns,
    )
    return {name: frame[name].to_numpy(copy=True) for name in columns}


def _pivots(groups: Groups, tau2: Floats) -> Pivot:
    found = {field.name: np.full(len(groups), nan) for field in fields(Pivot)}
    for rows, cells, filler in side_by_side(groups.starts):
        v = groups.variances[cells]
        v[filler] = inf
        here = pivots(v, tau2[rows])
        for name, values in found.items():
            values[rows] = getattr(here, name)
    return Pivot(**found)


def _tails(pivot: Pivot, estimate: Floats, level: float) -> tuple[Floats, Floats]:
    """Return how far the limits are from the estimates, and the p values."""
    reach = pivot.se * pivot.quantile((1 - level) / 2)
    return reach, np.minimum(1.0, 2 * pivot.beyond(np.abs(estimate / pivot.se)))
