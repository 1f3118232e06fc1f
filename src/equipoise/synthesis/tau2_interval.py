"""Intervals of τ², the variance between studies."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias, get_args

from scipy import special

from equipoise.effects.interval import Interval, check_level, normal_quantile
from equipoise.errors import UsageError
from equipoise.synthesis import one
from equipoise.synthesis.notes import COMMON_EFFECT
from equipoise.synthesis.pooled import Pooled

Tau2Method: TypeAlias = Literal["q-profile", "profile-likelihood", "wald"]

Apart: TypeAlias = tuple[float, list[float], list[float]]

_HALVINGS = 100


def tau2_interval(
    pooled: Pooled, method: Tau2Method = "q-profile", level: float | None = None
) -> Interval:
    """Return a confidence interval of τ².

    Parameters
    ----------
    pooled
        A random-effects result of two or more studies.
    method
        "q-profile": the τ² at which the generalised Q = Σ(y - μ)²/(v + τ²) meets the quantiles of
        χ² with k - 1 degrees of freedom; exact, for any estimator.
        "profile-likelihood" (ML and REML only): the τ² whose (restricted) log-likelihood is within
        half the quantile of χ² with 1 degree of freedom of the maximum. If the likelihood has
        several maxima this can be several stretches: the interval goes from the lowest end to the
        highest.
        "wald": τ² ± z·se, and not below 0; poor unless there are very many studies.
    level
        Confidence level; by default that of the result.

    Returns
    -------
    Interval
        The estimate is the result's τ². A Q-profile or profile likelihood interval need not hold
        another estimator's estimate; the Q-profile interval is 0 to 0 where studies agree more than
        chance lets expect.

    Raises
    ------
    UsageError
        If there is no result; if the method is unknown; if the result has no τ² (one study; a
        common effect), no standard error of it ("wald"), or is no ML or REML estimate
        ("profile-likelihood").

    References
    ----------
    Viechtbauer 2007, Stat Med 26:37-52, doi:10.1002/sim.2514 (Q-profile, and a comparison);
    Hardy & Thompson 1996, Stat Med 15:619-629 (profile likelihood).
    """
    if not isinstance(pooled, Pooled):
        raise UsageError(f"give a result of pool, not a {type(pooled).__name__}")
    level = pooled.level if level is None else level
    check_level(level)
    if method not in get_args(Tau2Method):
        raise UsageError(
            f"unknown method {method!r}; choose one of: {', '.join(get_args(Tau2Method))}"
        )
    if pooled.estimator in COMMON_EFFECT or pooled.k < 2:
        why = "one study does not tell" if pooled.k < 2 else "its effect is common to all studies"
        raise UsageError(f"this result has no variance between studies (tau2): {why}")
    estimated = not pooled.tau2_given and math.isfinite(pooled.tau2_se)
    if method == "wald":
        if not estimated:
            raise UsageError("a tau2 that was given has no standard error, so no Wald interval")
        reach = normal_quantile(level) * pooled.tau2_se
        low, high = max(0.0, pooled.tau2 - reach), pooled.tau2 + reach
    elif method == "q-profile":
        low, high = _q_profile(studies_apart(pooled), pooled.k, level)
    else:
        if pooled.estimator not in ("ML", "REML") or not estimated:
            raise UsageError(
                "the profile likelihood is that of an estimate by ML or REML; take "
                'method="q-profile", or pool with one of them'
            )
        low, high = profile_likelihood(studies_apart(pooled), pooled.estimator == "REML", level)
    return Interval(estimate=pooled.tau2, low=low, high=high, level=level, method=method)


def studies_apart(pooled: Pooled) -> Apart:
    """Return the studies pooled as `one` wants them: the most precise apart from the others.

    Parameters
    ----------
    pooled
        A result.

    Returns
    -------
    tuple
        The arguments `first`, `y` and `v` of `one.weighted` and its neighbours.
    """
    rows = zip(pooled.effects, pooled.variances, pooled.reasons, strict=True)
    used = [(y, v) for y, v, reason in rows if not reason]
    at = min(range(len(used)), key=lambda i: used[i][1])
    origin, first = used.pop(at)
    return first, [y - origin for y, _ in used], [v for _, v in used]


def _q_profile(apart: Apart, k: int, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    upper, lower = special.chdtri(k - 1, [tail, 1 - tail]).tolist()
    return one.q_root(*apart, upper), one.q_root(*apart, lower)


def profile_likelihood(apart: Apart, restricted: bool, level: float) -> tuple[float, float]:
    """Return the outermost τ² at which the log-likelihood crosses its least plausible height.

    Between neighbouring maxima it falls and then rises. So next to an outermost maximum that is
    high enough, towards one that is not, it crosses that height once.

    Parameters
    ----------
    apart
        The studies.
    restricted
        Whether it is the restricted likelihood.
    level
        Confidence level.

    Returns
    -------
    tuple of float
        The lower end and the upper.
    """

    def height(tau2: float) -> float:
        return one.log_likelihoods(*apart, tau2)[1 if restricted else 0]

    found = one.maxima(*apart, restricted)
    heights = [height(tau2) for tau2 in found]
    least = max(heights) - float(special.chdtri(1, 1 - level)) / 2
    plausible = [at for at, here in enumerate(heights) if here >= least]
    below, above = plausible[0], plausible[-1]
    start = found[below - 1] if below else 0.0
    if above + 1 < len(found):
        end = found[above + 1]
    else:
        end = found[above] + apart[0]
        while height(end) >= least:
            end = 2 * end + apart[0]

    def crossing(inside: float, outside: float) -> float:
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            if height(middle) >= least:
                inside = middle
            else:
                outside = middle
        return inside

    low = start if height(start) >= least else crossing(found[below], start)
    return low, crossing(found[above], end)
