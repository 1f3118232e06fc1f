"""From one effect size to another: d, g, r, Fisher's z and the log odds ratio.

Every function takes an effect and its variance and returns both on the new scale. Variances follow
by the delta method. What one direction does the other undoes. A converted effect rests on more than
the study reported: each function says what it assumes.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from equipoise.effects.domains import (
    CORRELATION,
    FINITE,
    NOT_NEGATIVE,
    POSITIVE,
    Argument,
    Domain,
    read_arrays,
)
from equipoise.effects.measure_type import EffectAndVariance
from equipoise.effects.standardised import hedges_factor
from equipoise.errors import UsageError

Latent: TypeAlias = Literal["logistic", "normal"]
"""Distribution of the measurement that a yes-or-no outcome is thought to cut in two."""

LOG_ODDS_PER_D: Mapping[Latent, float] = MappingProxyType(
    {"logistic": math.pi / math.sqrt(3), "normal": 1.65}
)
"""The log odds ratio that goes with a standardised mean difference of 1."""

_MORE_THAN_ONE = Domain("must be above 1 and finite", lambda x: (x > 1) & np.isfinite(x))


def d_to_r(
    d: ArrayLike, variance: ArrayLike, n_treatment: ArrayLike = 1, n_control: ArrayLike = 1
) -> EffectAndVariance:
    """Return the point-biserial correlation r = d / √(d² + a), with a = (n₁ + n₂)² / (n₁n₂).

    Its variance is a²V / (d² + a)³. The correlation is the one between group and measurement: with
    a dichotomised measurement behind the groups it is not the correlation of two measurements.

    Parameters
    ----------
    d, variance
        Standardised mean difference (not corrected for small samples) and its variance V.
    n_treatment, n_control
        People in each group; only their ratio counts, and equal groups (a = 4) are the default.

    Returns
    -------
    tuple of ndarray
        Correlation and variance.

    Raises
    ------
    UsageError
        If a variance is negative, if a group has nobody or if a number is infinite.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, Wiley, chapter 7.
    """
    effect, v, n1, n2 = read_arrays(*_effect("d", d, variance), *_groups(n_treatment, n_control))
    a = (n1 + n2) ** 2 / (n1 * n2)
    return effect / np.sqrt(effect**2 + a), a**2 * v / (effect**2 + a) ** 3


def r_to_d(
    r: ArrayLike, variance: ArrayLike, n_treatment: ArrayLike = 1, n_control: ArrayLike = 1
) -> EffectAndVariance:
    """Return the standardised mean difference d = r√a / √(1 - r²), with a = (n₁ + n₂)² / (n₁n₂).

    Its variance is aV / (1 - r²)³. With equal groups this is the usual d = 2r / √(1 - r²).

    Parameters
    ----------
    r, variance
        Correlation of group and measurement, and its variance V.
    n_treatment, n_control
        People in each group; only their ratio counts, and equal groups (a = 4) are the default.

    Returns
    -------
    tuple of ndarray
        Standardised mean difference and variance.

    Raises
    ------
    UsageError
        If a correlation is not strictly between -1 and 1, if a variance is negative or if a group
        has nobody.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, Wiley, chapter 7.
    """
    effect, v, n1, n2 = read_arrays(
        *_effect("r", r, variance, CORRELATION), *_groups(n_treatment, n_control)
    )
    a = (n1 + n2) ** 2 / (n1 * n2)
    return effect * np.sqrt(a / (1 - effect**2)), a * v / (1 - effect**2) ** 3


def r_to_fisher_z(r: ArrayLike, variance: ArrayLike) -> EffectAndVariance:
    """Return Fisher's z = artanh r and its variance V / (1 - r²)².

    Where r and n are known, 1/(n - 3) is the usual variance of z: `effect_sizes(table, "ZCOR")`.

    Parameters
    ----------
    r, variance
        Correlation and its variance V.

    Returns
    -------
    tuple of ndarray
        Fisher's z and variance.

    Raises
    ------
    UsageError
        If a correlation is not strictly between -1 and 1 or if a variance is negative.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, Wiley, chapter 6.
    """
    effect, v = read_arrays(*_effect("r", r, variance, CORRELATION))
    return np.arctanh(effect), v / (1 - effect**2) ** 2


def fisher_z_to_r(z: ArrayLike, variance: ArrayLike) -> EffectAndVariance:
    """Return the correlation r = tanh z and its variance V(1 - r²)².

    Parameters
    ----------
    z, variance
        Fisher's z and its variance V.

    Returns
    -------
    tuple of ndarray
        Correlation and variance.

    Raises
    ------
    UsageError
        If a variance is negative or if a number is infinite.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, Wiley, chapter 6.
    """
    effect, v = read_arrays(*_effect("z", z, variance))
    r = np.tanh(effect)
    return r, v * (1 - r**2) ** 2


def d_to_log_odds_ratio(
    d: ArrayLike, variance: ArrayLike, latent: Latent = "logistic"
) -> EffectAndVariance:
    """Return the log odds ratio cd and its variance c²V, with c = π/√3 ("logistic") or 1.65.

    The yes-or-no outcome is taken to be the measurement cut in two, wherever it is cut; the
    measurement follows the `latent` distribution with the same spread in both groups.

    Parameters
    ----------
    d, variance
        Standardised mean difference and its variance V.
    latent
        "logistic": c = 1.81, the usual choice. "normal": Cox's c = 1.65.

    Returns
    -------
    tuple of ndarray
        Log odds ratio and variance.

    Raises
    ------
    UsageError
        If a variance is negative, a number infinite or `latent` unknown.

    References
    ----------
    Chinn 2000, Stat Med 19:3127-3131. Cox & Snell 1989, Analysis of Binary Data, 2nd edition,
    Chapman & Hall. Borenstein, Hedges, Higgins & Rothstein 2009, chapter 7.
    """
    effect, v = read_arrays(*_effect("d", d, variance))
    c = _log_odds_per_d(latent)
    return effect * c, v * c**2


def log_odds_ratio_to_d(
    log_odds_ratio: ArrayLike, variance: ArrayLike, latent: Latent = "logistic"
) -> EffectAndVariance:
    """Return the standardised mean difference l/c and its variance V/c²; see `d_to_log_odds_ratio`.

    Parameters
    ----------
    log_odds_ratio, variance
        Natural logarithm l of the odds ratio and its variance V.
    latent
        "logistic": c = π/√3. "normal": c = 1.65.

    Returns
    -------
    tuple of ndarray
        Standardised mean difference and variance.

    Raises
    ------
    UsageError
        If a variance is negative, a number infinite or `latent` unknown.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, Wiley, chapter 7.
    """
    effect, v = read_arrays(*_effect("log_odds_ratio", log_odds_ratio, variance))
    c = _log_odds_per_d(latent)
    return effect / c, v / c**2


def d_to_g(d: ArrayLike, variance: ArrayLike, df: ArrayLike) -> EffectAndVariance:
    """Return Hedges' g = Jd, without the small-sample bias of d, and its variance J²V.

    Parameters
    ----------
    d, variance
        Standardised mean difference and its variance V.
    df
        Degrees of freedom of the pooled standard deviation: n₁ + n₂ - 2 for two groups.

    Returns
    -------
    tuple of ndarray
        Hedges' g and variance.

    Raises
    ------
    UsageError
        If df is 1 or less, or if a variance is negative.

    References
    ----------
    Hedges 1981, J Educ Stat 6:107-128, doi:10.3102/10769986006002107.
    """
    effect, v, m = read_arrays(*_effect("d", d, variance), ("df", df, _MORE_THAN_ONE))
    j = hedges_factor(m)
    return effect * j, v * j**2


def g_to_d(g: ArrayLike, variance: ArrayLike, df: ArrayLike) -> EffectAndVariance:
    """Return the uncorrected d = g/J and its variance V/J²; see `d_to_g`.

    Parameters
    ----------
    g, variance
        Hedges' g and its variance V.
    df
        Degrees of freedom of the pooled standard deviation: n₁ + n₂ - 2 for two groups.

    Returns
    -------
    tuple of ndarray
        Standardised mean difference and variance.

    Raises
    ------
    UsageError
        If df is 1 or less, or if a variance is negative.

    References
    ----------
    Hedges 1981, J Educ Stat 6:107-128, doi:10.3102/10769986006002107.
    """
    effect, v, m = read_arrays(*_effect("g", g, variance), ("df", df, _MORE_THAN_ONE))
    j = hedges_factor(m)
    return effect / j, v / j**2


def _log_odds_per_d(latent: Latent) -> float:
    if latent not in LOG_ODDS_PER_D:
        raise UsageError(f"unknown latent={latent!r}; choose one of: {', '.join(LOG_ODDS_PER_D)}")
    return LOG_ODDS_PER_D[latent]


def _effect(
    name: str, effect: ArrayLike, variance: ArrayLike, domain: Domain = FINITE
) -> tuple[Argument, Argument]:
    return (name, effect, domain), ("variance", variance, NOT_NEGATIVE)


def _groups(n_treatment: ArrayLike, n_control: ArrayLike) -> tuple[Argument, Argument]:
    return ("n_treatment", n_treatment, POSITIVE), ("n_control", n_control, POSITIVE)
