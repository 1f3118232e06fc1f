"""Henmi and Copas' interval: large studies keep their weight, however much studies differ.

Random-effects weights are nearly equal if τ² is large, so that small studies, of which those with
striking results are published more often, weigh as much as large ones. Here the mean is that of the
common-effect model, and only its interval takes the variance between studies into account.

With wᵢ = 1/vᵢ, W₁ = Σw and W₂ = Σw², the mean θ has the variance S/W₁², S = W₁ + τ²W₂. The pivot
U = (θ - μ)W₁/√Ŝ holds DerSimonian and Laird's estimate of τ², which grows with Q; so its
distribution is found by conditioning on R = (θ - μ)W₁/√S, which is standard normal:
P(U > t) = ∫ P(Q < q(r)) φ(r) dr, where U > t if Q stays below q(r). Given R, Q is a quadratic form
in normal variables, taken to be gamma distributed with its own mean and variance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import nan, pi, sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from equipoise.effects.interval import Floats, normal_quantile
from equipoise.synthesis.pool import pool
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    import pandas as pd

_REACH = 12.0  # standard deviations beyond which the normal density is 0
_PANELS = 48
_HALVINGS = 60


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
    se_of_mean, beyond = _pivot(v, random.tau2)
    statistic = common.estimate / se_of_mean
    tail = (1 - level) / 2
    # U > t needs R > t√(W₁/S), so that t cannot be larger than this
    reach = se_of_mean * _root(beyond, tail, normal_quantile(level) * se_of_mean / common.se)
    return replace(
        found,
        estimate=common.estimate,
        se=se_of_mean,
        statistic=statistic,
        df=nan,
        p_value=min(1.0, 2 * beyond(abs(statistic))),
        low=common.estimate - reach,
        high=common.estimate + reach,
    )


def _pivot(v: Floats, tau2: float) -> tuple[float, Callable[[float], float]]:
    """Return the standard error of the mean, and P(U > t) as a function of t >= 0."""
    unit = v.min()
    w, tau2 = unit / v, tau2 / unit
    w1, w2 = w.sum(), (w**2).sum()
    a = 1 + tau2 * w
    s = (w * a).sum()
    share = w * a / s
    trace = (w * _others(w)).sum() / w1
    expected = len(v) - 1 + tau2 * trace
    mean_bend = tau2**2 * (w * (w - w2 / w1) ** 2).sum() / s
    level_part = (_others(share) ** 2 * a**2).sum() + (share * a * _others(share * a)).sum()
    bend_part = tau2**2 * (share * (w - (share * w).sum()) ** 2).sum()
    x, weight = _nodes()

    def beyond(t: float) -> float:
        r = t * sqrt(w1 / s) + x
        mean = expected + (r**2 - 1) * mean_bend
        variance = 2 * level_part + 4 * r**2 * bend_part
        with np.errstate(divide="ignore", over="ignore"):  # at t = 0, or next to it, q is infinite
            q = len(v) - 1 + trace * (s * np.square(r / t) - w1) / w2
        below = special.gammainc(mean**2 / variance, q * mean / variance)
        return float((weight * below * np.exp(-(r**2) / 2)).sum() / sqrt(2 * pi))

    return sqrt(s * unit) / w1, beyond


def _others(x: Floats) -> Floats:
    """Return for each element the sum of all others, without what a subtraction would cancel."""
    before, after = np.cumsum(x), np.cumsum(x[::-1])[::-1]
    return np.asarray(np.append(0.0, before[:-1]) + np.append(after[1:], 0.0))


def _nodes() -> tuple[Floats, Floats]:
    """Return points and weights that integrate from 0 to `_REACH`: Gauss-Legendre in panels."""
    x, weight = np.polynomial.legendre.leggauss(16)
    width = _REACH / _PANELS
    starts = width * np.arange(_PANELS)[:, None]
    return (starts + width * (x + 1) / 2).ravel(), np.tile(weight * width / 2, _PANELS)


def _root(falling: Callable[[float], float], target: float, high: float) -> float:
    """Return where a function that falls from 0 to `high` meets a target, by halving."""
    low = 0.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if falling(middle) > target:
            low = middle
        else:
            high = middle
    return (low + high) / 2
