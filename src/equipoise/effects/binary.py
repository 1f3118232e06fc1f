"""Two groups and a yes-or-no outcome: risk ratio, odds ratio, risk difference and its interval."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from equipoise.effects.interval import Floats
from equipoise.effects.proportions import wilson

EffectAndVariance: TypeAlias = tuple[Floats, Floats]


def log_risk_ratio(
    events_treatment: ArrayLike,
    n_treatment: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
) -> EffectAndVariance:
    """Return ln((e₁/n₁) / (e₂/n₂)) and its variance 1/e₁ - 1/n₁ + 1/e₂ - 1/n₂.

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        Counts, of shapes that broadcast against each other; zero cells are the caller's business.

    Returns
    -------
    tuple of ndarray
        Effect and variance; not finite where a group has no events.

    References
    ----------
    Katz, Baptista, Azen & Pike 1978, Biometrics 34:469-474, doi:10.2307/2530610.
    """
    e1, n1, e2, n2 = _floats(events_treatment, n_treatment, events_control, n_control)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(e1 / n1) - np.log(e2 / n2), 1 / e1 - 1 / n1 + 1 / e2 - 1 / n2


def log_odds_ratio(
    events_treatment: ArrayLike,
    n_treatment: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
) -> EffectAndVariance:
    """Return ln(ad / bc) and its variance 1/a + 1/b + 1/c + 1/d.

    a and b are the people with and without the event in the treatment group, c and d those in the
    control group.

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        Counts, of shapes that broadcast against each other; zero cells are the caller's business.

    Returns
    -------
    tuple of ndarray
        Effect and variance; not finite where a cell is zero.

    References
    ----------
    Woolf 1955, Ann Hum Genet 19:251-253, doi:10.1111/j.1469-1809.1955.tb01348.x.
    """
    a, n1, c, n2 = _floats(events_treatment, n_treatment, events_control, n_control)
    b, d = n1 - a, n2 - c
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(a / b) - np.log(c / d), 1 / a + 1 / b + 1 / c + 1 / d


def risk_difference(
    events_treatment: ArrayLike,
    n_treatment: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
) -> EffectAndVariance:
    """Return p₁ - p₂ and its variance p₁(1 - p₁)/n₁ + p₂(1 - p₂)/n₂.

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        Counts, of shapes that broadcast against each other.

    Returns
    -------
    tuple of ndarray
        Effect and variance, as proportions; the variance is 0 where both proportions are 0 or 1.

    References
    ----------
    Measure "RD" of escalc in metafor: Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    e1, n1, e2, n2 = _floats(events_treatment, n_treatment, events_control, n_control)
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = e1 / n1, e2 / n2
        return p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2


def proportion(events: ArrayLike, n: ArrayLike) -> EffectAndVariance:
    """Return p = x/n and its variance p(1 - p)/n.

    Parameters
    ----------
    events, n
        Counts, of shapes that broadcast against each other.

    Returns
    -------
    tuple of ndarray
        Proportion and variance; the variance is 0 where the proportion is 0 or 1.

    References
    ----------
    Measure "PR" of escalc in metafor: Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    x, size = _floats(events, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = x / size
        return p, p * (1 - p) / size


def newcombe(
    events_treatment: ArrayLike,
    n_treatment: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
    level: float,
) -> tuple[Floats, Floats]:
    """Return Newcombe's hybrid score limits for a risk difference (his method 10).

    With d = p₁ - p₂ and Wilson limits (l, u) of each proportion the limits are
    d - √((p₁ - l₁)² + (u₂ - p₂)²) and d + √((u₁ - p₁)² + (p₂ - l₂)²).

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        Counts, of shapes that broadcast against each other; not checked here.
    level
        Confidence level.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits, between -1 and 1.

    Raises
    ------
    UsageError
        If `level` is not strictly between 0 and 1.

    References
    ----------
    Newcombe 1998, Stat Med 17:873-890,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    e1, n1, e2, n2 = _floats(events_treatment, n_treatment, events_control, n_control)
    p1, p2 = e1 / n1, e2 / n2
    low1, high1 = wilson(e1, n1, level)
    low2, high2 = wilson(e2, n2, level)
    low = p1 - p2 - np.hypot(p1 - low1, high2 - p2)
    high = p1 - p2 + np.hypot(high1 - p1, p2 - low2)
    return np.asarray(low), np.asarray(high)


def _floats(*counts: ArrayLike) -> list[Floats]:
    return [np.asarray(count, dtype=np.float64) for count in counts]
