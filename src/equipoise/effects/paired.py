"""Before and after in the same people: a description of change, and what its spread could be.

Nobody is compared here. A mean change says what happened, not what caused it.
"""

import math

from equipoise.errors import UsageError


def mean_change(mean_before: float, mean_after: float) -> float:
    """Return the change of the mean, after minus before.

    Parameters
    ----------
    mean_before, mean_after
        Means in the same unit.

    Returns
    -------
    float
        Negative where the mean fell.
    """
    return mean_after - mean_before


def percent_change(mean_before: float, mean_after: float) -> float:
    """Return the change of the mean in percent of where it started.

    The ratio of two means is not the mean of people's own percentages.

    Parameters
    ----------
    mean_before, mean_after
        Means in the same unit, on a scale with a true zero.

    Returns
    -------
    float
        100 · (after - before) / before.

    Raises
    ------
    UsageError
        If the mean before is not above 0.
    """
    if not mean_before > 0:
        raise UsageError(f"a percent change needs a mean above 0 before, got {mean_before}")
    return 100 * (mean_after - mean_before) / mean_before


def sd_of_change(sd_before: float, sd_after: float, correlation: float) -> float:
    """Return the standard deviation of the changes: √(s₁² + s₂² - 2 r s₁ s₂).

    Parameters
    ----------
    sd_before, sd_after
        Standard deviations in the same unit, not negative.
    correlation
        Correlation r between before and after, -1 to 1.

    Returns
    -------
    float
        In the unit of the measurements.

    Raises
    ------
    UsageError
        If a standard deviation is negative or the correlation is not between -1 and 1.

    References
    ----------
    Cochrane Handbook for Systematic Reviews of Interventions 5.1, section 16.1.3.2.
    """
    if not (sd_before >= 0 and sd_after >= 0):
        raise UsageError(f"standard deviations must not be negative, got {sd_before}, {sd_after}")
    if not -1 <= correlation <= 1:
        raise UsageError(f"a correlation must lie between -1 and 1, got {correlation}")
    # (s₁ - s₂)² + 2(1 - r) s₁ s₂ is the same sum without a difference that could fall below 0
    return math.sqrt((sd_before - sd_after) ** 2 + 2 * (1 - correlation) * sd_before * sd_after)


def se_of_mean_change(sd_before: float, sd_after: float, n: int, correlation: float) -> float:
    """Return the standard error of the mean change: the changes' standard deviation over √n.

    Parameters
    ----------
    sd_before, sd_after
        Standard deviations in the same unit, not negative.
    n
        People measured both times, at least 1.
    correlation
        Correlation between before and after, -1 to 1.

    Returns
    -------
    float
        In the unit of the measurements.

    Raises
    ------
    UsageError
        As `sd_of_change`, and if `n` is below 1.
    """
    if not n >= 1:
        raise UsageError(f"n must be at least 1, got {n}")
    return sd_of_change(sd_before, sd_after, correlation) / math.sqrt(n)


def se_of_mean_change_range(sd_before: float, sd_after: float, n: int) -> tuple[float, float]:
    """Return the smallest and largest standard error over every possible correlation.

    Where the correlation is not reported, the standard error lies between |s₁ - s₂|/√n (r = 1) and
    (s₁ + s₂)/√n (r = -1).

    Parameters
    ----------
    sd_before, sd_after
        Standard deviations in the same unit, not negative.
    n
        People measured both times, at least 1.

    Returns
    -------
    tuple of float
        In the unit of the measurements.

    Raises
    ------
    UsageError
        As `se_of_mean_change`.
    """
    return (
        se_of_mean_change(sd_before, sd_after, n, 1.0),
        se_of_mean_change(sd_before, sd_after, n, -1.0),
    )
