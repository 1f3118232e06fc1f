"""From what a paper reports (interval, p value, t, F, standard error) to effect and uncertainty."""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from equipoise.effects.domains import (
    CORRELATION,
    FINITE,
    NOT_NEGATIVE,
    POSITIVE,
    PROBABILITY,
    SIGN,
    Argument,
    Domain,
    read_arrays,
    refuse_where,
)
from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance
from equipoise.errors import UsageError

Scale: TypeAlias = Literal["identity", "log"]
"""How an effect is analysed: as it is, or (ratios) as its natural logarithm."""

_DF = Domain("must be above 0", lambda x: x > 0)
_MORE_THAN_ONE = Domain("must be above 1 and finite", lambda x: (x > 1) & np.isfinite(x))


def se_from_interval(
    low: ArrayLike,
    high: ArrayLike,
    *,
    level: ArrayLike = 0.95,
    df: ArrayLike = np.inf,
    scale: Scale = "identity",
) -> Floats:
    """Return the standard error behind a confidence interval: (high - low) / 2q.

    q is the quantile of the standard normal distribution, 1.96 for 95%, or with `df` that of
    Student's t. On the "log" scale both limits are logarithms first.

    Parameters
    ----------
    low, high
        Limits as printed; of a ratio, the ratios themselves.
    level
        Confidence level of the interval.
    df
        Degrees of freedom if the interval was made with t, as small studies of means do: n - 1 for
        one mean, n₁ + n₂ - 2 for a difference of two. Infinite: it was made with the normal.
    scale
        "identity" for differences, "log" for ratios: the standard error is then the logarithm's.

    Returns
    -------
    ndarray
        Standard error on the analysis scale.

    Raises
    ------
    UsageError
        If the limits are not in order, if a limit of a ratio is not above 0, if a level is not
        between 0 and 1, if df is not above 0 or if the scale is unknown.

    References
    ----------
    Cochrane Handbook version 6, sections 6.3.1, 6.3.2 and 6.5.2.2.
    """
    domain = POSITIVE if _check_scale(scale) == "log" else FINITE
    lower, upper, confidence, freedom = read_arrays(
        ("low", low, domain), ("high", high, domain), ("level", level, PROBABILITY), ("df", df, _DF)
    )
    refuse_where(lower >= upper, "low {:g} must be below high {:g}", lower, upper)
    quantile = _upper_quantile((1 - confidence) / 2, freedom)
    if scale == "log":
        lower, upper = np.log(lower), np.log(upper)
    return (upper - lower) / (2 * quantile)


def se_from_p(
    estimate: ArrayLike,
    p_value: ArrayLike,
    *,
    df: ArrayLike = np.inf,
    scale: Scale = "identity",
) -> Floats:
    """Return the standard error behind an estimate and its two-sided p value: |estimate| / q.

    q is the quantile that p leaves half of itself above, of the standard normal distribution or
    with `df` of Student's t. Only a p value with enough digits will do: "p < 0.05" is none.

    Parameters
    ----------
    estimate
        The effect as printed; of a ratio, the ratio itself.
    p_value
        Two-sided p value of the test of no effect.
    df
        Degrees of freedom if the test was a t test; infinite if it was a z test.
    scale
        "identity" for differences, "log" for ratios: the standard error is then the logarithm's.

    Returns
    -------
    ndarray
        Standard error on the analysis scale.

    Raises
    ------
    UsageError
        If a p value is not strictly between 0 and 1, if the estimate shows no effect at all, if a
        ratio is not above 0, if df is not above 0 or if the scale is unknown.

    References
    ----------
    Cochrane Handbook version 6, sections 6.3.1, 6.3.2 and 6.5.2.3.
    """
    domain = POSITIVE if _check_scale(scale) == "log" else FINITE
    printed, p, freedom = read_arrays(
        ("estimate", estimate, domain), ("p_value", p_value, PROBABILITY), ("df", df, _DF)
    )
    effect = np.log(printed) if scale == "log" else printed
    refuse_where(effect == 0, "estimate {:g} shows no effect, so p says nothing about it", printed)
    return np.abs(effect) / _upper_quantile(p / 2, freedom)


def d_from_t(t: ArrayLike, n_treatment: ArrayLike, n_control: ArrayLike) -> EffectAndVariance:
    """Return d = t√(1/n₁ + 1/n₂) of two independent groups; variance 1/n₁ + 1/n₂ + d²/(2(n₁ + n₂)).

    Without the small-sample correction: `d_to_g` with n₁ + n₂ - 2 degrees of freedom makes it.

    Parameters
    ----------
    t
        Student's t of the difference, treatment minus control; its sign is the effect's.
    n_treatment, n_control
        People in each group.

    Returns
    -------
    tuple of ndarray
        Standardised mean difference and variance.

    Raises
    ------
    UsageError
        If a group has nobody or a number is infinite.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, Wiley, chapter 4.
    Lipsey & Wilson 2001, Practical Meta-Analysis, Sage, appendix B.
    """
    statistic, n1, n2 = read_arrays(("t", t, FINITE), *_groups(n_treatment, n_control))
    per_person = 1 / n1 + 1 / n2
    d = statistic * np.sqrt(per_person)
    return d, per_person + d**2 / (2 * (n1 + n2))


def d_from_f(
    f: ArrayLike, n_treatment: ArrayLike, n_control: ArrayLike, sign: ArrayLike
) -> EffectAndVariance:
    """Return d of two independent groups from F with one degree of freedom above: t² = F.

    F of more than two groups, or with covariates, does not give the difference of two.

    Parameters
    ----------
    f
        F statistic.
    n_treatment, n_control
        People in each group.
    sign
        1 where the treatment's mean is the greater, -1 where it is the smaller: F does not say.

    Returns
    -------
    tuple of ndarray
        Standardised mean difference and variance, as in `d_from_t`.

    Raises
    ------
    UsageError
        If F is negative, if a sign is neither 1 nor -1 or if a group has nobody.

    References
    ----------
    Lipsey & Wilson 2001, Practical Meta-Analysis, Sage, appendix B.
    """
    statistic, direction = read_arrays(("f", f, NOT_NEGATIVE), ("sign", sign, SIGN))
    return d_from_t(direction * np.sqrt(statistic), n_treatment, n_control)


def d_from_p(
    p_value: ArrayLike, n_treatment: ArrayLike, n_control: ArrayLike, sign: ArrayLike
) -> EffectAndVariance:
    """Return d of two independent groups from the two-sided p value of a t test.

    Parameters
    ----------
    p_value
        Two-sided p value of the t test with n₁ + n₂ - 2 degrees of freedom.
    n_treatment, n_control
        People in each group.
    sign
        1 where the treatment's mean is the greater, -1 where it is the smaller: p does not say.

    Returns
    -------
    tuple of ndarray
        Standardised mean difference and variance, as in `d_from_t`.

    Raises
    ------
    UsageError
        If a p value is not strictly between 0 and 1, if a sign is neither 1 nor -1 or if there are
        not three people.

    References
    ----------
    Lipsey & Wilson 2001, Practical Meta-Analysis, Sage, appendix B.
    """
    p, direction, n1, n2 = read_arrays(
        ("p_value", p_value, PROBABILITY), ("sign", sign, SIGN), *_groups(n_treatment, n_control)
    )
    refuse_where(n1 + n2 <= 2, "n_treatment {:g} and n_control {:g} leave no freedom for t", n1, n2)
    t = direction * _upper_quantile(p / 2, n1 + n2 - 2)
    return d_from_t(t, n1, n2)


def d_from_paired_t(t: ArrayLike, n: ArrayLike, r: ArrayLike) -> EffectAndVariance:
    """Return d = t√(2(1 - r)/n) of a paired comparison; variance (1/n + d²/(2n))·2(1 - r).

    The difference is standardised by the spread of people, not of changes, so that it can stand
    beside the d of independent groups.

    Parameters
    ----------
    t
        Paired t, after minus before or treatment minus control.
    n
        Pairs.
    r
        Correlation within pairs. Where it is borrowed or guessed, show the result at several.

    Returns
    -------
    tuple of ndarray
        Standardised mean difference and variance.

    Raises
    ------
    UsageError
        If there is at most one pair or a correlation is not strictly between -1 and 1.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, Wiley, chapter 4.
    """
    statistic, pairs, correlation = read_arrays(
        ("t", t, FINITE), ("n", n, _MORE_THAN_ONE), ("r", r, CORRELATION)
    )
    apart = 2 * (1 - correlation)
    d = statistic * np.sqrt(apart / pairs)
    return d, (1 / pairs + d**2 / (2 * pairs)) * apart


def sd_from_se(se: ArrayLike, n: ArrayLike) -> Floats:
    """Return the standard deviation of one group from the standard error of its mean: se·√n.

    Parameters
    ----------
    se
        Standard error of the mean; from its interval by `se_from_interval`.
    n
        People.

    Returns
    -------
    ndarray
        In the unit of the measurement.

    Raises
    ------
    UsageError
        If a standard error is negative or a group has nobody.

    References
    ----------
    Cochrane Handbook version 6, section 6.5.2.2.
    """
    error, size = read_arrays(("se", se, NOT_NEGATIVE), ("n", n, POSITIVE))
    return error * np.sqrt(size)


def sd_from_se_of_difference(se: ArrayLike, n_treatment: ArrayLike, n_control: ArrayLike) -> Floats:
    """Return the standard deviation within groups from the error of a difference of two means.

    It is se / √(1/n₁ + 1/n₂), the same for both groups.

    Parameters
    ----------
    se
        Standard error of the difference; by `se_from_interval` or `se_from_p`.
    n_treatment, n_control
        People in each group.

    Returns
    -------
    ndarray
        In the unit of the measurement.

    Raises
    ------
    UsageError
        If a standard error is negative or a group has nobody.

    References
    ----------
    Cochrane Handbook version 6, section 6.5.2.3.
    """
    error, n1, n2 = read_arrays(("se", se, NOT_NEGATIVE), *_groups(n_treatment, n_control))
    return error / np.sqrt(1 / n1 + 1 / n2)


def log_hazard_ratio(
    observed_minus_expected: ArrayLike, logrank_variance: ArrayLike
) -> EffectAndVariance:
    """Return the log hazard ratio (O - E)/V of a log-rank test and its variance 1/V.

    Parameters
    ----------
    observed_minus_expected
        Events in the treatment group less those expected without an effect.
    logrank_variance
        Variance V of O - E.

    Returns
    -------
    tuple of ndarray
        Log hazard ratio, treatment over control, and its variance.

    Raises
    ------
    UsageError
        If V is not above 0 or a number is infinite.

    References
    ----------
    Tierney, Stewart, Ghersi, Burdett & Sydes 2007, Trials 8:16, doi:10.1186/1745-6215-8-16.
    """
    excess, v = read_arrays(
        ("observed_minus_expected", observed_minus_expected, FINITE),
        ("logrank_variance", logrank_variance, POSITIVE),
    )
    return excess / v, 1 / v


def _upper_quantile(tail: Floats, df: Floats) -> Floats:
    """Return the quantile that leaves `tail` above it, accurate for the smallest tails."""
    return np.where(np.isinf(df), -ndtri(tail), -stdtrit(df, tail))


def _check_scale(scale: Scale) -> Scale:
    if scale not in ("identity", "log"):
        raise UsageError(f"unknown scale={scale!r}; choose one of: identity, log")
    return scale


def _groups(n_treatment: ArrayLike, n_control: ArrayLike) -> tuple[Argument, Argument]:
    return ("n_treatment", n_treatment, POSITIVE), ("n_control", n_control, POSITIVE)
