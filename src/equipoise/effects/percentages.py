"""Percentages whose denominator is unknown: what they leave open, and what they do not.

Rounding bounds a percentage; `rounding` says what two of them then say about each other. A
confidence interval needs a number of people, and where that is only assumed the assumption is part
of the result.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.effects.interval import Interval
from equipoise.effects.proportions import proportion_interval
from equipoise.effects.rounding import RoundingRange
from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedInterval:
    """An interval that holds only if the denominator is what somebody assumed it to be.

    Attributes
    ----------
    percent, decimals
        The percentage and how many digits after the point were printed.
    n
        The assumed number of people.
    counts
        Every count that `n` people and the printed digits allow.
    interval
        The printed percentage as a proportion; the lowest lower and the highest upper limit over
        `counts`.
    assumption
        A sentence that belongs beside the interval wherever it is shown.
    """

    percent: float
    decimals: int
    n: int
    counts: tuple[int, ...]
    interval: Interval
    assumption: str

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row: the interval's columns, then n, the counts, the assumption."""
        return self.interval.to_frame().assign(
            n=self.n,
            fewest_events=self.counts[0],
            most_events=self.counts[-1],
            assumption=self.assumption,
        )


def rounding_range(percent: float, decimals: int) -> tuple[float, float]:
    """Return the percentages that print as `percent`: half a unit of the last digit either way.

    Both ends belong to the range, so it holds whichever way halves were rounded.

    Parameters
    ----------
    percent
        The percentage as printed, 0 to 100.
    decimals
        Digits printed after the point; 22.0 has one.

    Returns
    -------
    tuple of float
        Lowest and highest percentage, within 0 to 100.

    Raises
    ------
    UsageError
        If `percent` is not between 0 and 100, if `decimals` is not a whole number from 0 to 9, or
        if `percent` has more digits than that.

    References
    ----------
    Granularity checks: Brown & Heathers 2017, Soc Psychol Personal Sci 8:363-369,
    doi:10.1177/1948550616673876.
    """
    units, per_percent = _printed_units(percent, decimals)
    low = max((2 * units - 1) / (2 * per_percent), 0.0)
    high = min((2 * units + 1) / (2 * per_percent), 100.0)
    return low, high


def proportion_range(percent: float, decimals: int) -> RoundingRange:
    """Return a printed percentage and its `rounding_range` as proportions.

    Parameters
    ----------
    percent
        The percentage as printed, 0 to 100.
    decimals
        Digits printed after the point.

    Returns
    -------
    RoundingRange
        Proportions between 0 and 1.

    Raises
    ------
    UsageError
        As `rounding_range`.
    """
    low, high = rounding_range(percent, decimals)
    return RoundingRange(percent / 100, low / 100, high / 100)


def compatible_counts(percent: float, decimals: int, n: int) -> tuple[int, ...]:
    """Return every count x for which 100 x/n prints as `percent`.

    Computed with whole numbers, so no count at the edge of the range is gained or lost to floating
    point; halves rounded up and halves rounded to even both count.

    Parameters
    ----------
    percent
        The percentage as printed, 0 to 100.
    decimals
        Digits printed after the point.
    n
        People in all, at least 1.

    Returns
    -------
    tuple of int
        Consecutive counts in increasing order; empty if none fits.

    Raises
    ------
    UsageError
        If `percent` or `decimals` is refused by `rounding_range`, or if `n` is not a whole number
        of at least 1.
    """
    units, per_percent = _printed_units(percent, decimals)
    size = _whole("n", n, at_least=1)
    # 100 x/n within half a unit of the print, with every denominator multiplied out
    scale = 200 * per_percent
    fewest = max(-((-(2 * units - 1) * size) // scale), 0)
    most = min(((2 * units + 1) * size) // scale, size)
    return tuple(range(fewest, most + 1))


def compatible_denominators(percent: float, decimals: int, up_to: int) -> tuple[int, ...]:
    """Return every number of people up to `up_to` for which some count prints as `percent`.

    Parameters
    ----------
    percent
        The percentage as printed, 0 to 100.
    decimals
        Digits printed after the point.
    up_to
        Largest number of people to try, at least 1.

    Returns
    -------
    tuple of int
        Numbers of people in increasing order.

    Raises
    ------
    UsageError
        As `compatible_counts`.
    """
    sizes = range(1, _whole("up_to", up_to, at_least=1) + 1)
    return tuple(n for n in sizes if compatible_counts(percent, decimals, n))


def assumed_interval(
    percent: float, decimals: int, n: int, *, method: str = "wilson", level: float = 0.95
) -> AssumedInterval:
    """Return the interval of a percentage under the assumption that it is a share of `n` people.

    Parameters
    ----------
    percent
        The percentage as printed, 0 to 100.
    decimals
        Digits printed after the point.
    n
        The assumed number of people, at least 1.
    method
        As for `proportion_interval`.
    level
        Confidence level.

    Returns
    -------
    AssumedInterval
        Proportions between 0 and 1, with the assumption in words.

    Raises
    ------
    UsageError
        If no count out of `n` prints as `percent`, or if an argument is refused by
        `compatible_counts` or `proportion_interval`.
    """
    counts = compatible_counts(percent, decimals, n)
    shown = f"{percent:.{decimals}f}%"
    if not counts:
        raise UsageError(f"no count out of {n} prints as {shown}, so {n} is not its denominator")
    # limits rise with the count, so the first and the last count bound all of them
    low = proportion_interval(counts[0], n, method=method, level=level).low
    high = proportion_interval(counts[-1], n, method=method, level=level).high
    fits = (
        f"{counts[0]} of {n} fits"
        if len(counts) == 1
        else f"{counts[0]} to {counts[-1]} of {n} fit"
    )
    return AssumedInterval(
        percent=percent,
        decimals=decimals,
        n=n,
        counts=counts,
        interval=Interval(estimate=percent / 100, low=low, high=high, level=level, method=method),
        assumption=(
            f"This assumes that {shown} is a share of {n} people, which is not reported; "
            f"{fits} the printed figure."
        ),
    )


def _printed_units(percent: float, decimals: int) -> tuple[int, int]:
    """Return the percentage in units of its last printed digit, and those units in one percent."""
    if not 0 <= percent <= 100:
        raise UsageError(f"a percentage must lie between 0 and 100, got {percent}")
    per_percent = 10 ** _whole("decimals", decimals, at_least=0, at_most=9)
    units = round(percent * per_percent)
    if abs(percent - units / per_percent) > 1e-11:
        raise UsageError(f"{percent} has more than {decimals} digits after the point")
    return units, per_percent


def _whole(name: str, value: float, *, at_least: int, at_most: int | None = None) -> int:
    allowed = f"a whole number of at least {at_least}"
    if at_most is not None:
        allowed = f"a whole number from {at_least} to {at_most}"
    fits = float(value).is_integer() and value >= at_least
    if not fits or (at_most is not None and value > at_most):
        raise UsageError(f"{name} must be {allowed}, got {value}")
    return int(value)
