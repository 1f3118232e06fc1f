"""How far each study moves a pooled estimate, and how far it lies from the others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from equipoise.effects.interval import Floats
from equipoise.synthesis.leave_one_out import without_each
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.refits import Refits

if TYPE_CHECKING:
    import pandas as pd

MEDIAN_CHI2 = 0.454936423119572
"""Median of χ² with 1 degree of freedom."""


def influence(pooled: Pooled) -> pd.DataFrame:
    """Return what each study does to the result, from fits with and without it.

    With the mean μ, its standard error s and the share hᵢ of a study in it; without the study μ₋ᵢ,
    s₋ᵢ and τ²₋ᵢ; cᵢ the factor by which the Hartung-Knapp method multiplies s₋ᵢ² (1 for others):

    - `rstudent` = (yᵢ - μ₋ᵢ)/√(cᵢ·(vᵢ + τ²₋ᵢ) + s₋ᵢ²): how far the study lies from the others, in
      standard errors of that distance;
    - `rstandard`: the same from the fit to all, (yᵢ - μ)/√((1 - 2hᵢ)(vᵢ + τ²) + Σh²(v + τ²));
    - `dffits` = (μ - μ₋ᵢ)/√(cᵢ·hᵢ·(vᵢ + τ²₋ᵢ)) and `dfbeta` = (μ - μ₋ᵢ)/√(cᵢ·u), with u the
      variance that the mean of all studies has under τ²₋ᵢ: by how many standard errors the mean
      moves;
    - `cook_d` = (μ - μ₋ᵢ)²/s²: Cook's distance;
    - `cov_ratio` = s₋ᵢ²/s²: below 1, the estimate is more precise without the study;
    - `tau2_deleted`, `q_deleted`: τ² and Cochran's Q of the others;
    - `hat`, `weight` = hᵢ: for one mean the two are the same;
    - `baujat_x` = (yᵢ - μ)²/(vᵢ + τ²) and `baujat_y` = (μ - μ₋ᵢ)²/s₋ᵢ²: how much the study adds to
      heterogeneity, and how far it moves the mean.

    Parameters
    ----------
    pooled
        A result of `pool`, of two studies or more.

    Returns
    -------
    DataFrame
        One row a study that was pooled, in their order: `label`, these, and `is_influential`:
        |dffits| > 3/√(k - 1), or Cook's distance above the median of χ² with 1 degree of freedom,
        or hᵢ > 3/k, or |dfbeta| > 1. That is a reason to look at the study, not to leave it out.
        With two studies there is no τ²₋ᵢ: it is NaN, and counts as 0 in what needs it, unless τ²
        was given.

    Raises
    ------
    UsageError
        If it is no result of `pool`, or of one study.

    See Also
    --------
    leave_one_out : every number of the fits without each study.

    References
    ----------
    Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125, doi:10.1002/jrsm.11;
    Baujat, Mahé, Pignon & Hill 2002, Stat Med 21:2641-2652, doi:10.1002/sim.1221.
    """
    import pandas as pd

    refits = Refits.of(pooled, least=2)
    y, v, share, k = refits.effects, refits.variances, refits.weights, pooled.k
    without = without_each(refits, ("estimate", "se", "tau2", "q"))
    estimate, se, tau2 = (without[name].to_numpy() for name in ("estimate", "se", "tau2"))
    between = np.where(np.isnan(tau2) & (k == 2), 0.0, tau2)
    full = v + pooled.tau2
    residual, moved = y - pooled.estimate, pooled.estimate - estimate
    inflation, spread = _inflation(refits, se, between)
    own = (1 - 2 * share) * full + float((share * share * full).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {
            "rstudent": (y - estimate) / np.sqrt(inflation * (v + between) + se * se),
            "rstandard": residual / np.sqrt(own),
            "dffits": moved / np.sqrt(inflation * share * (v + between)),
            "cook_d": (moved / pooled.se) ** 2,
            "cov_ratio": (se / pooled.se) ** 2,
            "tau2_deleted": tau2,
            "q_deleted": without["q"].to_numpy(),
            "hat": share,
            "weight": share,
            "dfbeta": moved / np.sqrt(inflation * spread),
            "baujat_x": residual * residual / full,
            "baujat_y": (moved / se) ** 2,
        }
    far = (
        (np.abs(found["dffits"]) > 3 / math.sqrt(k - 1))
        | (found["cook_d"] > MEDIAN_CHI2)
        | (share > 3 / k)
        | (np.abs(found["dfbeta"]) > 1)
    )
    return pd.DataFrame({"label": refits.labels, **found, "is_influential": far})


def _inflation(refits: Refits, se: Floats, between: Floats) -> tuple[Floats, Floats]:
    """Return, under each τ²₋ᵢ, the factor in s₋ᵢ² and the plain variance of the mean of all."""
    inflation, spread = np.empty_like(se), np.empty_like(se)
    everyone = np.arange(len(se))
    for left_out, tau2 in enumerate(between):
        inflation[left_out] = se[left_out] ** 2 / _variance(refits, everyone != left_out, tau2)
        spread[left_out] = _variance(refits, everyone >= 0, tau2)
    return inflation, spread


def _variance(refits: Refits, kept: NDArray[np.bool_], tau2: float) -> float:
    """Return the variance of the mean of some studies under a known τ²."""
    total = refits.variances[kept] + tau2
    if not refits.pooled.weights_given:
        return float(1 / (1 / total).sum())
    weights = refits.weights[kept]
    return float((weights * weights * total).sum() / weights.sum() ** 2)
