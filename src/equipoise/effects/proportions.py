"""Intervals for one proportion: Wilson, Clopper-Pearson and Jeffreys."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainccinv, betaincinv

from equipoise.effects.counts import check_count
from equipoise.effects.interval import Floats, Interval, check_level, normal_quantile
from equipoise.errors import UsageError


def wilson(events: ArrayLike, n: ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Return Wilson's score limits: the proportions that a score test does not reject.

    With p = x/n the limits are (2x + z² ± z √(z² + 4x(1 - p))) / (2(n + z²)); they are exactly 0
    when nobody had the event and exactly 1 when everybody had.

    Parameters
    ----------
    events, n
        Counts, of shapes that broadcast against each other; not checked here.
    level
        Confidence level.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits, as proportions.

    Raises
    ------
    UsageError
        If `level` is not strictly between 0 and 1.

    References
    ----------
    Wilson 1927, J Am Stat Assoc 22:209-212, doi:10.1080/01621459.1927.10502953; recommended for
    n <= 40 by Brown, Cai & DasGupta 2001, Stat Sci 16:101-133, doi:10.1214/ss/1009213286.
    """
    x, size = _counts(events, n)
    z = normal_quantile(level)
    centre = 2 * x + z**2
    reach = z * np.sqrt(z**2 + 4 * x * (1 - x / size))
    scale = 2 * (size + z**2)
    low = np.where(x == 0, 0.0, (centre - reach) / scale)
    high = np.where(x == size, 1.0, (centre + reach) / scale)
    return low, high


def clopper_pearson(events: ArrayLike, n: ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Return the "exact" limits of Clopper and Pearson, which cover at least `level`.

    With α = 1 - level the limits are the α/2 quantile of Beta(x, n - x + 1) and the 1 - α/2
    quantile of Beta(x + 1, n - x). For no events in n people, the upper limit at level 0.90 is the
    one-sided 95% limit 1 - 0.05^(1/n), which the "rule of three" approximates by 3/n.

    Parameters
    ----------
    events, n
        Counts, of shapes that broadcast against each other; not checked here.
    level
        Confidence level.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits, as proportions.

    Raises
    ------
    UsageError
        If `level` is not strictly between 0 and 1.

    References
    ----------
    Clopper & Pearson 1934, Biometrika 26:404-413, doi:10.1093/biomet/26.4.404.
    """
    return _beta_limits(events, n, level, shift=0.0)


def jeffreys(events: ArrayLike, n: ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Return the equal-tailed Jeffreys limits: quantiles of Beta(x + ½, n - x + ½).

    The lower limit is 0 when nobody had the event, the upper limit 1 when everybody had.

    Parameters
    ----------
    events, n
        Counts, of shapes that broadcast against each other; not checked here.
    level
        Confidence level.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits, as proportions.

    Raises
    ------
    UsageError
        If `level` is not strictly between 0 and 1.

    References
    ----------
    Brown, Cai & DasGupta 2001, Stat Sci 16:101-133, section 4.1.2, doi:10.1214/ss/1009213286.
    """
    return _beta_limits(events, n, level, shift=0.5)


PROPORTION_METHODS: Mapping[str, Callable[[ArrayLike, ArrayLike, float], tuple[Floats, Floats]]] = (
    MappingProxyType({"wilson": wilson, "clopper-pearson": clopper_pearson, "jeffreys": jeffreys})
)


def proportion_interval(
    events: float, n: float, *, method: str = "wilson", level: float = 0.95
) -> Interval:
    """Return the proportion events/n with an interval.

    Parameters
    ----------
    events
        People with the event.
    n
        People in all, at least 1.
    method
        "wilson", "clopper-pearson" or "jeffreys".
    level
        Confidence level.

    Returns
    -------
    Interval
        Proportions between 0 and 1.

    Raises
    ------
    UsageError
        If the counts are not whole numbers with 0 <= events <= n and n >= 1, if the method is
        unknown, or if the level is not between 0 and 1.

    References
    ----------
    See `wilson`, `clopper_pearson` and `jeffreys`.
    """
    check_count(events, n, whole=True)
    if method not in PROPORTION_METHODS:
        known = ", ".join(PROPORTION_METHODS)
        raise UsageError(f"unknown method {method!r} for a proportion; choose one of: {known}")
    low, high = PROPORTION_METHODS[method](events, n, level)
    return Interval(
        estimate=float(events / n), low=float(low), high=float(high), level=level, method=method
    )


def _beta_limits(
    events: ArrayLike, n: ArrayLike, level: float, *, shift: float
) -> tuple[Floats, Floats]:
    """Return quantiles of Beta(x + s, n - x + 1 - s) and of Beta(x + 1 - s, n - x + s)."""
    check_level(level)
    x, size = _counts(events, n)
    tail = (1 - level) / 2
    none, everybody = x == 0, x == size
    # a Beta distribution needs positive parameters; at the ends the limit is 0 or 1 anyway
    above, left = np.where(none, 1.0, x + shift), np.where(everybody, 1.0, size - x + shift)
    low = np.where(none, 0.0, betaincinv(above, size - x + 1 - shift, tail))
    high = np.where(everybody, 1.0, betainccinv(x + 1 - shift, left, tail))
    return low, high


def _counts(events: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    return np.asarray(events, dtype=np.float64), np.asarray(n, dtype=np.float64)
