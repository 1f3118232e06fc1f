"""The formulas of Mantel and Haenszel's method, on arrays of studies: one for each measure.

In study i, e₁ of n₁ people (or in a time t₁) have the event under treatment, e₂ of n₂ (t₂) under
control; a, b, c and d are the people with and without it.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.effects.interval import Floats

Total: TypeAlias = Callable[[Floats], Floats]
"""Numbers of studies -> their sum, or the sum of each analysis."""


def over_all(values: Floats) -> Floats:
    """Return the sum along the last axis: that of all studies of an analysis."""
    return np.asarray(values.sum(axis=-1))


class Common(NamedTuple):
    """The effect that all studies are taken to share, of one analysis or of many.

    Attributes
    ----------
    estimate, variance
        On the analysis scale.
    weights
        Of each study; they do not sum to 1.
    speaks
        Whether a study takes part in the estimate.
    """

    estimate: Floats
    variance: Floats
    weights: Floats
    speaks: NDArray[np.bool_]


Kernel: TypeAlias = Callable[..., Common]
"""Events and people (or time) by treatment, then by control -> the effect common to studies.

Studies go along the last axis. With a `total` of their own they may be those of any number of
analyses of any sizes, one after the other. No estimate, or no variance, comes out NaN or infinite.
"""


def risk_ratio(e1: Floats, n1: Floats, e2: Floats, n2: Floats, total: Total = over_all) -> Common:
    """Return ln RR, with Greenland and Robins' variance."""
    n = n1 + n2
    above, below = e1 * n2 / n, e2 * n1 / n
    spread = (n1 * n2 * (e1 + e2) / n - e1 * e2) / n
    return _ratio(above, below, spread, total)


def odds_ratio(e1: Floats, n1: Floats, e2: Floats, n2: Floats, total: Total = over_all) -> Common:
    """Return ln OR, with the variance of Robins, Breslow and Greenland."""
    b, d, n = n1 - e1, n2 - e2, n1 + n2
    above, below = e1 * d / n, b * e2 / n
    agree, differ = (e1 + d) / n, (b + e2) / n
    r, s = total(above), total(below)
    variance = (
        total(agree * above) / r**2
        + total(agree * below + differ * above) / (r * s)
        + total(differ * below) / s**2
    ) / 2
    return Common(np.log(r / s), variance, below, above + below > 0)


def risk_difference(
    e1: Floats, n1: Floats, e2: Floats, n2: Floats, total: Total = over_all
) -> Common:
    """Return RD, with the variance of Sato, Greenland and Robins."""
    n = n1 + n2
    weights = n1 * n2 / n
    weight = total(weights)
    estimate = total((e1 * n2 - e2 * n1) / n) / weight
    tilt = (n1**2 * e2 - n2**2 * e1 + n1 * n2 * (n2 - n1) / 2) / n**2
    spread = (e1 * (n2 - e2) + e2 * (n1 - e1)) / (2 * n)
    variance = (estimate * total(tilt) + total(spread)) / weight**2
    return Common(estimate, variance, weights, np.full_like(n, True, dtype=bool))


def rate_ratio(x1: Floats, t1: Floats, x2: Floats, t2: Floats, total: Total = over_all) -> Common:
    """Return ln IRR, with Greenland and Robins' variance."""
    t = t1 + t2
    return _ratio(x1 * t2 / t, x2 * t1 / t, t1 * t2 * (x1 + x2) / t**2, total)


def rate_difference(
    x1: Floats, t1: Floats, x2: Floats, t2: Floats, total: Total = over_all
) -> Common:
    """Return IRD, with Greenland and Robins' variance."""
    t = t1 + t2
    weights = t1 * t2 / t
    weight = total(weights)
    estimate = total((x1 * t2 - x2 * t1) / t) / weight
    spread = weights**2 * (x1 / t1**2 + x2 / t2**2)
    variance = total(spread) / weight**2
    return Common(estimate, variance, weights, np.full_like(t, True, dtype=bool))


def _ratio(above: Floats, below: Floats, spread: Floats, total: Total) -> Common:
    """Return ln(Σ above / Σ below), with the variance Σ spread / (Σ above · Σ below)."""
    r, s = total(above), total(below)
    return Common(np.log(r / s), total(spread) / (r * s), below, above + below > 0)


KERNELS: dict[str, Kernel] = {
    "RR": risk_ratio,
    "OR": odds_ratio,
    "RD": risk_difference,
    "IRR": rate_ratio,
    "IRD": rate_difference,
}
"""The method, for each measure."""
