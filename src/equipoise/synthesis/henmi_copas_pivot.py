"""The distribution of Henmi and Copas' pivot, for any number of analyses at once.

With wᵢ = 1/vᵢ, W₁ = Σw and W₂ = Σw², the mean θ has the variance S/W₁², S = W₁ + τ²W₂. The pivot
U = (θ - μ)W₁/√Ŝ holds DerSimonian and Laird's estimate of τ², which grows with Q; so its
distribution is found by conditioning on R = (θ - μ)W₁/√S, which is standard normal:
P(U > t) = ∫ P(Q < q(r)) φ(r) dr, where U > t if Q stays below q(r). Given R, Q is a quadratic form
in normal variables, taken to be gamma distributed with its own mean and variance.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from equipoise.effects.interval import Floats

_REACH = 12.0  # standard deviations beyond which the normal density is 0
_PANELS = 48
_CLOSE = 1e-15


@dataclass(frozen=True, slots=True, kw_only=True)
class Pivot:
    """What the distribution depends on: one number an analysis, shape (n,).

    Attributes
    ----------
    k
        Studies.
    se
        The standard error of the mean, √S/W₁.
    widening
        √(S/W₁): the standard error over that of the common-effect model.
    mean, mean_bend
        Given R, Q has the mean `mean` + (R² - 1)·`mean_bend`,
    variance, variance_bend
        and the variance `variance` + R²·`variance_bend`.
    steepness
        U = t where Q = k - 1 + `steepness`·(R²/t² - 1/`widening`²).
    """

    k: Floats
    se: Floats
    widening: Floats
    mean: Floats
    mean_bend: Floats
    variance: Floats
    variance_bend: Floats
    steepness: Floats

    def rows(self, chosen: slice | NDArray[np.intp]) -> Pivot:
        """Return some of the analyses."""
        return Pivot(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    def beyond(self, t: Floats) -> Floats:
        """Return P(U > t), for one t >= 0 an analysis."""
        x, weight = _nodes()
        t = t[:, None]
        least = t / self.widening[:, None]  # U > t needs R > t√(W₁/S)
        r2 = np.square(least + x)
        mean = self.mean[:, None] + (r2 - 1) * self.mean_bend[:, None]
        variance = self.variance[:, None] + r2 * self.variance_bend[:, None]
        with np.errstate(divide="ignore", over="ignore"):  # at t = 0, or next to it, q is infinite
            excess = x * (2 * least + x) / np.square(t)
            q = self.k[:, None] - 1 + self.steepness[:, None] * excess
        below = special.gammainc(mean**2 / variance, q * mean / variance)
        return np.asarray((below * np.exp(-r2 / 2)) @ weight / sqrt(2 * pi))

    def quantile(self, tail: float) -> Floats:
        """Return the t at which P(U > t) is `tail`, a probability below ½.

        P falls from ½ at t = 0. -Φ⁻¹(P) is nearly straight, and is brought to -Φ⁻¹(tail) by false
        position; an end that stays counts half the next time (Illinois), and the search halves
        where P is 0.
        """
        z = -float(special.ndtri(tail))

        def past(pivot: Pivot, t: Floats) -> Floats:
            return np.asarray(-special.ndtri(pivot.beyond(t)) - z)

        low, high = np.zeros_like(self.se), z * self.widening
        at_low, at_high = np.full_like(low, -z), past(self, high)
        found, side = high.copy(), np.zeros_like(low)
        active = np.flatnonzero(at_high > 0)
        while len(active):  # the ends come closer at each step, until they cannot
            a, b, f, g = low[active], high[active], at_low[active], at_high[active]
            with np.errstate(invalid="ignore"):
                t = b - g * (b - a) / (g - f)
            t = np.where((a < t) & (t < b), t, (a + b) / 2)
            h = past(self.rows(active), t)
            beyond, before = active[h >= 0], active[h < 0]
            at_low[beyond[side[beyond] > 0]] /= 2
            at_high[before[side[before] < 0]] /= 2
            high[beyond], at_high[beyond], side[beyond] = t[h >= 0], h[h >= 0], 1
            low[before], at_low[before], side[before] = t[h < 0], h[h < 0], -1
            moved = np.abs(t - found[active])
            found[active] = t
            active = active[(moved > _CLOSE * t) & (h != 0)]
        return found


def pivots(variances: Floats, tau2: Floats) -> Pivot:
    """Return what the distributions depend on.

    Parameters
    ----------
    variances
        Of the effects, shape (n, studies); infinite where an analysis has fewer studies.
    tau2
        DerSimonian and Laird's estimates, shape (n,).

    Returns
    -------
    Pivot
        One an analysis.
    """
    unit = variances.min(axis=-1)
    there = np.isfinite(variances)
    w = unit[:, None] / variances
    tau2 = tau2 / unit
    k, w1, w2 = there.sum(axis=-1), w.sum(axis=-1), np.square(w).sum(axis=-1)
    a = 1 + tau2[:, None] * w
    s = (w * a).sum(axis=-1)
    share = w * a / s[:, None]
    trace = (w * _others(w)).sum(axis=-1) / w1
    off_mean, off_share = w - (w2 / w1)[:, None], w - (share * w).sum(axis=-1)[:, None]
    own = np.where(there, np.square(_others(share) * a), 0.0).sum(axis=-1)
    others = (share * a * _others(share * a)).sum(axis=-1)
    return Pivot(
        k=k.astype(np.float64),
        se=np.sqrt(s * unit) / w1,
        widening=np.sqrt(s / w1),
        mean=k - 1 + tau2 * trace,
        mean_bend=tau2**2 * (w * np.square(off_mean)).sum(axis=-1) / s,
        variance=2 * (own + others),
        variance_bend=4 * tau2**2 * (share * np.square(off_share)).sum(axis=-1),
        steepness=trace * s / w2,
    )


def _others(x: Floats) -> Floats:
    """Return for each element the sum of all others, without what a subtraction would cancel."""
    none = np.zeros_like(x[:, :1])
    before = np.cumsum(x[:, :-1], axis=-1)
    after = np.cumsum(x[:, :0:-1], axis=-1)[:, ::-1]
    return np.asarray(np.hstack([none, before]) + np.hstack([after, none]))


@cache
def _nodes() -> tuple[Floats, Floats]:
    """Return points and weights that integrate from 0 to `_REACH`: Gauss-Legendre in panels."""
    x, weight = np.polynomial.legendre.leggauss(16)
    width = _REACH / _PANELS
    starts = width * np.arange(_PANELS)[:, None]
    return (starts + width * (x + 1) / 2).ravel(), np.tile(weight * width / 2, _PANELS)
