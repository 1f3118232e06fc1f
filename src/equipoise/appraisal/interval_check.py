"""Do an estimate and its interval belong together? Order, place and symmetry."""

from __future__ import annotations

import math
from dataclasses import dataclass

from equipoise.appraisal.printed import Printed, read_printed
from equipoise.display import numbers
from equipoise.effects.reported import Scale
from equipoise.errors import UsageError

OFF_CENTRE = 0.05
"""Share of the half width by which an estimate may lie off the middle, beyond rounding. A
convention of this package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalCheck:
    """Whether a reported interval fits its estimate.

    Attributes
    ----------
    ordered
        Whether the lower limit is no more than the upper.
    contains
        Whether the estimate lies between the limits, rounding allowed for.
    centred
        Whether it lies in their middle, on the logarithmic scale for ratios, within rounding and
        5% of the half width; None where a limit that may be 0 has no logarithm, or where the limits
        are in no order.
    middle
        The middle of the limits, where a symmetric interval has its estimate; NaN if `centred` is
        None.
    sentence
        The answer in words.
    """

    ordered: bool
    contains: bool
    centred: bool | None
    middle: float
    sentence: str


def check_interval(
    estimate: str, low: str, high: str, *, scale: Scale = "identity"
) -> IntervalCheck:
    """Check a reported interval against its estimate.

    The usual intervals reach equally far to both sides: of differences as they are, of ratios on
    the logarithmic scale, where estimate = √(low·high). Each number may lie anywhere in what rounds
    to it. Exact, profile likelihood, score and bootstrap intervals are not symmetric, so an
    estimate off the middle is a question, and one outside its interval a contradiction.

    Parameters
    ----------
    estimate, low, high
        As printed, as text; of a ratio, the ratios themselves.
    scale
        "identity" for differences, "log" for ratios.

    Returns
    -------
    IntervalCheck
        Order, place and symmetry.

    Raises
    ------
    UsageError
        If a value is not text or no number, if a ratio is negative or an estimate of one 0, or if
        the scale is unknown.
    """
    if scale not in ("identity", "log"):
        raise UsageError(f"unknown scale={scale!r}; choose one of: identity, log")
    names = ("estimate", "low", "high")
    value, lower, upper = (
        read_printed(name, text) for name, text in zip(names, (estimate, low, high), strict=True)
    )
    if scale == "log" and (value.value <= 0 or min(lower.value, upper.value) < 0):
        raise UsageError(f"a ratio must be above 0, got {estimate} ({low} to {high})")
    limits = f"{lower.text} to {upper.text}"
    if lower.value > upper.value:
        return _without_middle(f"The limits {limits} are the wrong way round.", ordered=False)
    contains = lower.low <= value.high and value.low <= upper.high
    if scale == "log" and lower.low <= 0:
        where = "lies within" if contains else "lies outside"
        return _without_middle(
            f"{value.text} {where} {limits}, whose middle cannot be told.", contains=contains
        )
    middle, centred = _middle(value, lower, upper, scale)
    off = f"{value.text} is not in the middle of {limits}, which is {numbers.plain(middle, 3)}"
    sentence = (
        f"{value.text} lies outside {limits}."
        if not contains
        else f"{value.text} is in the middle of {limits}."
        if centred
        else f"{off}{' on the logarithmic scale' if scale == 'log' else ''}."
    )
    return IntervalCheck(
        ordered=True, contains=contains, centred=centred, middle=middle, sentence=sentence
    )


def _middle(value: Printed, lower: Printed, upper: Printed, scale: Scale) -> tuple[float, bool]:
    """Return the middle of the limits, and whether the estimate can be there."""
    on = math.log if scale == "log" else float
    low, high = on(lower.value), on(upper.value)
    slack = OFF_CENTRE * (high - low) / 2
    lowest = (on(lower.low) + on(upper.low)) / 2 - slack
    highest = (on(lower.high) + on(upper.high)) / 2 + slack
    # a ratio's own rounding may reach down to 0, where the logarithm ends
    reach = -math.inf if scale == "log" and value.low <= 0 else on(value.low)
    centred = reach <= highest and on(value.high) >= lowest
    middle = (low + high) / 2
    return (math.exp(middle) if scale == "log" else middle), centred


def _without_middle(
    sentence: str, *, ordered: bool = True, contains: bool = False
) -> IntervalCheck:
    return IntervalCheck(
        ordered=ordered, contains=contains, centred=None, middle=math.nan, sentence=sentence
    )
