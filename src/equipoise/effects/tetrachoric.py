"""The tetrachoric correlation: two normal variables, each cut in two, behind a 2 x 2 table."""

import numpy as np
from scipy.special import ndtr, ndtri

from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)
_NODES, _WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2  # from 0 to 1

_MOST_STEPS = 100  # a bracket halved so often is as narrow as numbers allow
_SMALLEST_STEP = 1e-10  # the error after Newton's step is of the order of its square
_ROWS_AT_ONCE = 20_000  # rows × nodes numbers are held in memory


def tetrachoric_correlation(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> EffectAndVariance:
    """Return the maximum likelihood estimate ρ and its large-sample variance.

    Three probabilities describe the table, as do ρ and the two cut points, so the estimate is the
    ρ at which the bivariate normal distribution gives the table exactly. The variance follows
    from that of four cells sampled together by the delta method. A table with a zero cell has no
    finite variance, and so no number.

    Parameters
    ----------
    e1, n1, e2, n2
        Events and people of both groups, of one shape.

    Returns
    -------
    tuple of ndarray
        Correlation and variance; NaN where a cell is 0.

    References
    ----------
    Pearson 1900, Philos Trans R Soc A 195:1-47, doi:10.1098/rsta.1900.0022.
    Kirk 1973, Psychometrika 38:259-268, doi:10.1007/BF02291118.
    """
    n = n1 + n2
    usable = (e1 > 0) & (e1 < n1) & (e2 > 0) & (e2 < n2) & np.isfinite(n)
    rho, variance = np.full_like(n, np.nan), np.full_like(n, np.nan)
    rows = np.flatnonzero(usable)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[start : start + _ROWS_AT_ONCE]
        rho[part], variance[part] = _estimate(e1[part], n1[part], e2[part], n2[part])
    return rho, variance


def bivariate_normal(h: Floats, k: Floats, angle: Floats) -> Floats:
    """Return the probability that X < h and Y < k, standard normal with correlation sin(angle).

    It is Φ(h)Φ(k) plus the integral of exp(-(h² + k² - 2hk sin t)/(2cos² t))/2π over t from 0 to
    the angle, here by Gauss-Legendre quadrature.

    Parameters
    ----------
    h, k
        Limits, of one shape.
    angle
        Between -π/2 and π/2, of the same shape.

    Returns
    -------
    ndarray
        Probabilities.

    References
    ----------
    Drezner & Wesolowsky 1990, J Stat Comput Simul 35:101-107, doi:10.1080/00949659008811236.
    """
    height = _slope(h[:, None], k[:, None], angle[:, None] * _NODES)
    return np.asarray(ndtr(h) * ndtr(k) + angle * (height @ _WEIGHTS))


def _slope(h: Floats, k: Floats, angle: Floats) -> Floats:
    """Return how fast the probability grows with the angle; √(1 - ρ²) times the density."""
    sine = np.sin(angle)
    # h² + k² - 2hk sin t without loss of digits where both are nearly equal
    power = (h - k) ** 2 + 2 * h * k * (1 - sine)
    return np.asarray(np.exp(-power / (2 * (1 - sine) * (1 + sine))) / (2 * np.pi))


def _estimate(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> EffectAndVariance:
    n = n1 + n2
    h, k = ndtri(n1 / n), ndtri((e1 + e2) / n)
    angle = _solve(h, k, e1 / n)
    rho, root = np.sin(angle), np.cos(angle)
    density = _slope(h, k, angle) / root
    below_k, below_h = ndtr((k - rho * h) / root), ndtr((h - rho * k) / root)
    slopes = np.array([1 - below_k - below_h, -below_k, -below_h, np.zeros_like(n)])
    shares = np.array([e1, n1 - e1, e2, n2 - e2]) / n
    centred = slopes - (shares * slopes).sum(axis=0)
    return rho, (shares * centred**2).sum(axis=0) / (n * density**2)


def _solve(h: Floats, k: Floats, target: Floats) -> Floats:
    """Return the angle at which the probability is the target: Newton's steps, kept in brackets."""
    low, high = np.full_like(h, -np.pi / 2), np.full_like(h, np.pi / 2)
    angle = np.zeros_like(h)
    rows = np.arange(len(h))  # those that still move
    for _ in range(_MOST_STEPS):
        at = angle[rows]
        excess = bivariate_normal(h[rows], k[rows], at) - target[rows]
        low[rows] = np.where(excess <= 0, at, low[rows])
        high[rows] = np.where(excess >= 0, at, high[rows])
        newton = at - excess / _slope(h[rows], k[rows], at)
        inside = (newton > low[rows]) & (newton < high[rows])
        angle[rows] = np.where(inside, newton, (low[rows] + high[rows]) / 2)
        rows = rows[np.abs(angle[rows] - at) > _SMALLEST_STEP]
        if not len(rows):
            break
    return angle
