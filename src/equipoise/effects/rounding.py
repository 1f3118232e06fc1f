"""What two rounded proportions say about each other: ratios and differences at the corners.

A ratio or difference is monotone in each proportion, so its extremes over two ranges lie where both
proportions are at an end. These ranges say nothing about chance: none is a confidence interval.
"""

import math
from typing import NamedTuple


class RoundingRange(NamedTuple):
    """A number computed from rounded percentages, and how far rounding may have moved it."""

    point: float
    low: float
    high: float


def ratio_of(treatment: RoundingRange, control: RoundingRange) -> RoundingRange:
    """Return the risk ratio of two proportions.

    Parameters
    ----------
    treatment, control
        Proportions between 0 and 1.

    Returns
    -------
    RoundingRange
        Infinite where the control proportion is 0, NaN where both are.
    """
    return RoundingRange(
        _ratio(treatment.point, control.point),
        _ratio(treatment.low, control.high),
        _ratio(treatment.high, control.low),
    )


def difference_of(treatment: RoundingRange, control: RoundingRange) -> RoundingRange:
    """Return the risk difference of two proportions, treatment minus control.

    Parameters
    ----------
    treatment, control
        Proportions between 0 and 1.

    Returns
    -------
    RoundingRange
        Differences between -1 and 1.
    """
    return RoundingRange(
        treatment.point - control.point,
        treatment.low - control.high,
        treatment.high - control.low,
    )


def odds_ratio_of(treatment: RoundingRange, control: RoundingRange) -> RoundingRange:
    """Return the odds ratio of two proportions.

    Parameters
    ----------
    treatment, control
        Proportions between 0 and 1.

    Returns
    -------
    RoundingRange
        Infinite where only the divisor is 0, NaN where both products are.
    """
    return RoundingRange(
        _odds_ratio(treatment.point, control.point),
        _odds_ratio(treatment.low, control.high),
        _odds_ratio(treatment.high, control.low),
    )


def _odds_ratio(treatment: float, control: float) -> float:
    return _ratio(treatment * (1 - control), control * (1 - treatment))


def _ratio(numerator: float, denominator: float) -> float:
    if denominator > 0:
        return numerator / denominator
    return math.inf if numerator > 0 else math.nan
