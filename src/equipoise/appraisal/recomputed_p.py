"""The p values that follow from counts, an interval, a standard error or a test statistic.

Each function returns every p value that usual methods give, with the range that rounding of the
printed numbers leaves it; `p_value_check` compares them with the p value of a report.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.special import chdtrc, fdtrc, ndtr, ndtri, stdtr, stdtrit

from equipoise.appraisal.printed import read_printed
from equipoise.effects.counts import check_count
from equipoise.effects.fisher import fisher_exact
from equipoise.effects.interval import check_level
from equipoise.effects.reported import Scale
from equipoise.errors import UsageError

Statistic = Literal["z", "t", "F", "chi2"]

_NAMES = {"z": "z test", "t": "t test", "F": "F test", "chi2": "chi-square test"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecomputedP:
    """A p value computed from other numbers of a report.

    Attributes
    ----------
    method
        The test, in words.
    p
        The p value if the printed numbers were exact.
    low, high
        The smallest and largest p value that numbers with the same print give.
    sides
        2, or 1 for a one-sided test.
    """

    method: str
    p: float
    low: float
    high: float
    sides: int = 2


def p_from_counts(
    events_treatment: float, n_treatment: float, events_control: float, n_control: float
) -> tuple[RecomputedP, ...]:
    """Return the p values of a two-by-two table: Fisher's exact, chi-square, and with Yates.

    Chi-square is N(ad - bc)²/(n₁ n₂ m₁ m₂) with one degree of freedom; Yates' correction takes N/2
    from |ad - bc|, to no less than 0. All are two-sided.

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        Whole numbers with 0 <= events <= n and n >= 1.

    Returns
    -------
    tuple of RecomputedP
        Three; Fisher's alone where nobody or everybody had the event, and chi-square is undefined.

    Raises
    ------
    UsageError
        If a count cannot be.

    References
    ----------
    Fisher 1935, J R Stat Soc 98:39-82, doi:10.2307/2342435. Yates 1934, J R Stat Soc Suppl
    1:217-235, doi:10.2307/2983604.
    """
    check_count(events_treatment, n_treatment, whole=True, of="treatment")
    check_count(events_control, n_control, whole=True, of="control")
    a, c = int(events_treatment), int(events_control)
    n1, n2 = int(n_treatment), int(n_control)
    found = [_exact("Fisher exact test", fisher_exact(a, n1, c, n2))]
    people, events = n1 + n2, a + c
    if 0 < events < people:
        apart = abs(a * (n2 - c) - c * (n1 - a))
        margins = n1 * n2 * events * (people - events)
        corrected = max(apart - people / 2, 0.0)
        found += [
            _exact(name, float(chdtrc(1, people * difference**2 / margins)))
            for name, difference in (
                ("chi-square test", apart),
                ("chi-square test with Yates' correction", corrected),
            )
        ]
    return tuple(found)


def p_from_interval(
    estimate: str,
    low: str,
    high: str,
    *,
    scale: Scale = "identity",
    level: float = 0.95,
    df: float | None = None,
) -> tuple[RecomputedP, ...]:
    """Return the p value of no effect that an estimate and its confidence interval imply.

    The standard error is half the interval's width over the quantile that made it, 1.96 for 95%;
    the two-sided p value is that of the estimate over the standard error. With `df` both are taken
    from Student's t as well, for one cannot see which distribution made an interval. It is the
    report's p value only if both were made by the same method: an interval from a model beside a p
    value from an exact or rank test gives another.

    Parameters
    ----------
    estimate, low, high
        As printed, as text; of a ratio, the ratios themselves.
    scale
        "identity" for differences, "log" for ratios.
    level
        Confidence level of the interval.
    df
        Degrees of freedom, if the interval may have been made with t: n₁ + n₂ - 2 for two means.

    Returns
    -------
    tuple of RecomputedP
        By the normal distribution and, with `df`, by Student's t.

    Raises
    ------
    UsageError
        If a value is not text or no number, if the limits are not in order, if a ratio is not above
        0, or if `level`, `df` or `scale` makes no sense.

    References
    ----------
    Altman & Bland 2011, BMJ 343:d2304, doi:10.1136/bmj.d2304, without their approximation of p.
    """
    check_level(level)
    value, lower, upper = (
        _on_scale(name, text, scale)
        for name, text in (("estimate", estimate), ("low", low), ("high", high))
    )
    if lower.point >= upper.point:
        raise UsageError(f"low {low} must be below high {high}")
    half = _Rounded(
        point=(upper.point - lower.point) / 2,
        low=max((upper.low - lower.high) / 2, 0.0),
        high=(upper.high - lower.low) / 2,
    )
    tail = (1 - level) / 2
    found = [_of_error("interval (normal distribution)", value, half, -float(ndtri(tail)))]
    if df is not None:
        quantile = -float(stdtrit(_positive("df", df), tail))
        found.append(_of_error("interval (Student's t)", value, half, quantile, df))
    return tuple(found)


def p_from_se(
    estimate: str, se: str, *, scale: Scale = "identity", df: float | None = None
) -> tuple[RecomputedP, ...]:
    """Return the two-sided p value of an estimate over its standard error.

    Parameters
    ----------
    estimate, se
        As printed, as text. Of a ratio the ratio itself, and the standard error of its logarithm.
    scale
        "identity" for differences, "log" for ratios.
    df
        Degrees of freedom, if the test may have been a t test.

    Returns
    -------
    tuple of RecomputedP
        By the normal distribution and, with `df`, by Student's t.

    Raises
    ------
    UsageError
        If a value is not text or no number, if `se` is not above 0, if a ratio is not above 0, or
        if `df` or `scale` makes no sense.
    """
    value, error = _on_scale("estimate", estimate, scale), _on_scale("se", se, "identity")
    _positive("se", error.point)
    error = _Rounded(point=error.point, low=max(error.low, 0.0), high=error.high)
    found = [_of_error("standard error (normal distribution)", value, error, 1.0)]
    if df is not None:
        name = "standard error (Student's t)"
        found.append(_of_error(name, value, error, 1.0, _positive("df", df)))
    return tuple(found)


def p_from_statistic(
    statistic: Statistic, value: str, *, df: float | tuple[float, float] | None = None
) -> tuple[RecomputedP, ...]:
    """Return the p value of a test statistic with its degrees of freedom.

    z and t, and F and chi-square with one degree of freedom above, test a direction too: half the
    two-sided p value is that of the one-sided test, if the effect lies on the side tested.

    Parameters
    ----------
    statistic
        "z", "t", "F" or "chi2".
    value
        The statistic as printed, as text.
    df
        Degrees of freedom: none for z, one number for t and chi2, two for F.

    Returns
    -------
    tuple of RecomputedP
        Two-sided, then one-sided where there is a direction.

    Raises
    ------
    UsageError
        If the statistic is unknown, its value not text or no number, F or chi-square negative, or
        the degrees of freedom not those that the statistic has.

    References
    ----------
    Nuijten, Hartgerink, van Assen, Epskamp & Wicherts 2016, Behav Res Methods 48:1205-1226,
    doi:10.3758/s13428-015-0664-2.
    """
    if statistic not in _NAMES:
        raise UsageError(f"unknown statistic={statistic!r}; choose one of: {', '.join(_NAMES)}")
    printed = read_printed("value", value)
    freedom = _degrees(statistic, df)
    if statistic in ("F", "chi2") and printed.value < 0:
        raise UsageError(f"{statistic} cannot be negative, got {value!r}")
    size = abs(float(printed.value))
    far = size + float(printed.unit) / 2
    near = max(size - float(printed.unit) / 2, 0.0)
    p, low, high = (_tail(statistic, x, freedom) for x in (size, far, near))
    name = _NAMES[statistic]
    directed = statistic in ("z", "t") or freedom[0] == 1
    if not directed:
        return (RecomputedP(method=name, p=p, low=low, high=high),)
    return (
        RecomputedP(method=f"two-sided {name}", p=p, low=low, high=high),
        RecomputedP(method=f"one-sided {name}", p=p / 2, low=low / 2, high=high / 2, sides=1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rounded:
    """A number on the scale of analysis, and how far rounding may have moved it."""

    point: float
    low: float
    high: float


def _on_scale(name: str, text: str, scale: Scale) -> _Rounded:
    if scale not in ("identity", "log"):
        raise UsageError(f"unknown scale={scale!r}; choose one of: identity, log")
    printed = read_printed(name, text)
    if scale == "identity":
        return _Rounded(
            point=float(printed.value), low=float(printed.low), high=float(printed.high)
        )
    if printed.value <= 0:
        raise UsageError(f"{name} must be above 0, as a ratio is, got {text!r}")
    low = math.log(printed.low) if printed.low > 0 else -math.inf
    return _Rounded(point=math.log(printed.value), low=low, high=math.log(printed.high))


def _of_error(
    method: str, value: _Rounded, error: _Rounded, quantile: float, df: float | None = None
) -> RecomputedP:
    """Return the p value of an estimate whose `quantile` standard errors are `error`."""
    over_null = value.low <= 0 <= value.high
    least = 0.0 if over_null else min(abs(value.low), abs(value.high))
    most = max(abs(value.low), abs(value.high))

    def p(size: float, width: float) -> float:
        ratio = quantile * size / width if width > 0 else math.inf
        return _tail("z", ratio, ()) if df is None else _tail("t", ratio, (df,))

    return RecomputedP(
        method=method,
        p=p(abs(value.point), error.point),
        low=p(most, error.low),
        high=p(least, error.high),
    )


def _tail(statistic: Statistic, size: float, df: Sequence[float]) -> float:
    """Return the probability of a statistic at least as far out; of both ends for z and t."""
    if statistic == "z":
        return 2 * float(ndtr(-size))
    if statistic == "t":
        return 2 * float(stdtr(df[0], -size))
    return float(fdtrc(df[0], df[1], size) if statistic == "F" else chdtrc(df[0], size))


def _degrees(statistic: Statistic, df: float | tuple[float, float] | None) -> tuple[float, ...]:
    given = () if df is None else df if isinstance(df, tuple) else (df,)
    needed = {"z": 0, "t": 1, "chi2": 1, "F": 2}[statistic]
    if len(given) != needed:
        takes = {0: "no df", 1: "one df, such as 28", 2: "two df, such as (2, 28)"}[needed]
        raise UsageError(f"{statistic} takes {takes}, got {df!r}")
    return tuple(_positive("df", entry) for entry in given)


def _positive(name: str, value: float) -> float:
    if not (isinstance(value, int | float) and 0 < value < math.inf):
        raise UsageError(f"{name} must be above 0 and finite, got {value!r}")
    return float(value)


def _exact(method: str, p: float) -> RecomputedP:
    return RecomputedP(method=method, p=p, low=p, high=p)
