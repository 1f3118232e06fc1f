"""McGrath's quantile estimation: the distribution that comes closest to a few reported quantiles.

Of each family one shape is searched; the scale that goes best with a shape has a closed form. The
beta distribution, McGrath's fifth candidate, is left out: it only fits numbers between 0 and 1.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gamma, gammaincinv, ndtri

from equipoise.effects.interval import Floats


class _Family(NamedTuple):
    """Distributions of one shape parameter, at scale 1; small spreads look normal."""

    quantile: Callable[[Floats, Floats], Floats]
    mean: Callable[[Floats], Floats]
    second_moment: Callable[[Floats], Floats]


_FAMILIES = {
    "log-normal": _Family(
        lambda spread, p: np.exp(spread * ndtri(p)),
        lambda spread: np.exp(spread**2 / 2),
        lambda spread: np.exp(2 * spread**2),
    ),
    "gamma": _Family(
        lambda spread, p: gammaincinv(spread**-2, p) * spread**2,
        np.ones_like,
        lambda spread: 1 + spread**2,
    ),
    "Weibull": _Family(
        lambda spread, p: (-np.log1p(-p)) ** spread,
        lambda spread: gamma(1 + spread),
        lambda spread: gamma(1 + 2 * spread),
    ),
}
_SPREADS = (1e-4, 5.0)
_COARSE, _FINE, _ROUNDS = 120, 21, 10


class _Fit(NamedTuple):
    distance: float
    mean: float
    sd: float
    family: str


def quantile_estimates(quantiles: Floats, n: Floats) -> tuple[Floats, Floats, NDArray[np.object_]]:
    """Return mean and standard deviation of the closest distribution, and its family.

    The distance is the sum of squared differences between reported quantiles and those of the
    distribution; minimum and maximum stand for the quantiles 1/n and 1 - 1/n.

    Parameters
    ----------
    quantiles
        Shape (5, rows): minimum, lower quartile, median, upper quartile, maximum; NaN where not
        reported. One quartile, or one end of the range, without the other is not used.
    n
        People of each row, three or more.

    Returns
    -------
    tuple of ndarray
        Mean, standard deviation and family ("normal", "log-normal", "gamma" or "Weibull"); NaN and
        empty where fewer than three quantiles are given.

    References
    ----------
    McGrath, Zhao, Steele et al. 2020, Stat Methods Med Res 29:2520-2537,
    doi:10.1177/0962280219889080.
    """
    rows = quantiles.shape[1]
    paired = quantiles.copy()
    paired[np.isnan(quantiles + quantiles[::-1])] = np.nan
    mean, sd, family = np.full(rows, np.nan), np.full(rows, np.nan), np.full(rows, "", dtype=object)
    for row in range(rows):
        p = np.array([1 / n[row], 0.25, 0.5, 0.75, 1 - 1 / n[row]])
        given = ~np.isnan(paired[:, row]) & ~np.isnan(p)
        if given.sum() >= 3:
            best = _closest(paired[given, row], p[given])
            mean[row], sd[row], family[row] = best.mean, best.sd, best.family
    return mean, sd, family


def _closest(values: Floats, p: Floats) -> _Fit:
    fits = [_fit_normal(values, p)]
    if values.min() >= 0:
        fits += [_fit(name, values, p) for name in _FAMILIES]
    return min(fits, key=lambda fit: fit.distance)


def _fit_normal(values: Floats, p: Floats) -> _Fit:
    scores = ndtri(p)  # in pairs around 0, so that the mean of the values is the centre
    mean, sd = float(values.mean()), float(scores @ values / (scores @ scores))
    return _Fit(float(np.sum((values - mean - sd * scores) ** 2)), mean, sd, "normal")


def _fit(name: str, values: Floats, p: Floats) -> _Fit:
    """Search the spread on a grid of logarithms that narrows around its best point."""
    family = _FAMILIES[name]
    low, high = np.log(_SPREADS)
    points = _COARSE
    for _ in range(_ROUNDS):
        grid, step = np.linspace(low, high, points, retstep=True)
        distances, scales = _distances(family, values, p, np.exp(grid))
        best = int(np.argmin(distances))
        low, high, points = grid[best] - step, grid[best] + step, _FINE
    spread, scale = np.exp(grid[best]), scales[best]
    mean = float(scale * family.mean(spread))
    sd = float(np.sqrt(scale**2 * family.second_moment(spread) - mean**2))
    return _Fit(float(distances[best]), mean, sd, name)


def _distances(
    family: _Family, values: Floats, p: Floats, spreads: Floats
) -> tuple[Floats, Floats]:
    """Return, for each spread, the distance at its best scale, and that scale."""
    unit = family.quantile(spreads[:, np.newaxis], p)
    scales = unit @ values / np.sum(unit**2, axis=1)
    return np.sum((values - scales[:, np.newaxis] * unit) ** 2, axis=1), scales
