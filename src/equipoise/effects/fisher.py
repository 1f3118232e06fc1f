"""Fisher's exact test of a two-by-two table, for one table or for millions."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from equipoise.effects.counts import check_count
from equipoise.effects.interval import Floats

TIE_TOLERANCE = 1e-7
"""Tables within this relative distance count as equally likely, as in R."""


def fisher_exact(
    events_treatment: float, n_treatment: float, events_control: float, n_control: float
) -> float:
    """Return the two-sided p-value of Fisher's exact test, as R's `fisher.test` defines it.

    With all margins fixed the events in the treatment group are hypergeometric; the p-value is the
    probability of every table at most as likely as the observed one, up to a factor 1 + 1e-7.

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        Whole numbers with 0 <= events <= n and n >= 1.

    Returns
    -------
    float
        p-value, at most 1; below about 1e-308 it is 0.

    Raises
    ------
    UsageError
        If a count cannot be.

    References
    ----------
    Fisher 1935, J R Stat Soc 98:39-82, doi:10.2307/2342435; R Core Team, stats::fisher.test.
    """
    check_count(events_treatment, n_treatment, whole=True, of="treatment")
    check_count(events_control, n_control, whole=True, of="control")
    p = fisher_p_values([events_treatment], [n_treatment], [events_control], [n_control])
    return float(p[0])


def fisher_p_values(
    events_treatment: ArrayLike,
    n_treatment: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
) -> Floats:
    """Return Fisher's two-sided p-value of many tables at once.

    The possible tables of all rows lie end to end in one flat array, so no row waits for another;
    its length is the sum over rows of the number of possible tables.

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        One-dimensional arrays of whole numbers, one table a position; not checked here.

    Returns
    -------
    ndarray
        p-values, one a table.

    References
    ----------
    See `fisher_exact`.
    """
    e1, n1, e2, n2 = (
        np.asarray(count, dtype=np.int64)
        for count in (events_treatment, n_treatment, events_control, n_control)
    )
    if e1.size == 0:
        return np.empty(0)
    events = e1 + e2
    fewest = np.maximum(events - n2, 0)
    tables = np.minimum(events, n1) - fewest + 1
    start = np.cumsum(tables) - tables
    row = np.repeat(np.arange(e1.size), tables)
    possible = np.arange(row.size) - start[row] + fewest[row]

    log_weight = -(
        _log_factorial(possible)
        + _log_factorial(n1[row] - possible)
        + _log_factorial(events[row] - possible)
        + _log_factorial(n2[row] - events[row] + possible)
    )
    observed = log_weight[start + e1 - fewest]
    # relative to the likeliest table, so that no exponential overflows
    weight = np.exp(log_weight - np.maximum.reduceat(log_weight, start)[row])
    as_extreme = log_weight <= observed[row] + np.log1p(TIE_TOLERANCE)
    total = np.add.reduceat(weight, start)
    return np.asarray(np.minimum(np.add.reduceat(weight * as_extreme, start) / total, 1.0))


def _log_factorial(count: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Floats:
    return np.asarray(gammaln(count + 1.0))
