"""Odds ratio, risk ratio and risk difference, one from another at a given risk without treatment.

Every function takes an effect and its variance and returns both on the new scale. Variances follow
by the delta method, the baseline risk being taken as known. What one direction does the other
undoes.
"""

import numpy as np
from numpy.typing import ArrayLike

from equipoise.effects.domains import (
    FINITE,
    NOT_NEGATIVE,
    PROBABILITY,
    read_arrays,
    refuse_where,
)
from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance


def log_odds_ratio_to_log_risk_ratio(
    log_odds_ratio: ArrayLike, variance: ArrayLike, baseline_risk: ArrayLike
) -> EffectAndVariance:
    """Return the log risk ratio at a baseline risk p: RR = OR / (1 - p + p·OR).

    Its variance is V((1 - p) / (1 - p + p·OR))². The baseline risk is taken as known: its own
    uncertainty is not in the variance, so show the result at several.

    Parameters
    ----------
    log_odds_ratio, variance
        Natural logarithm of the odds ratio and its variance V.
    baseline_risk
        Risk p without the treatment, strictly between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Log risk ratio and variance.

    Raises
    ------
    UsageError
        If a baseline risk is not strictly between 0 and 1, or if a variance is negative.

    References
    ----------
    Zhang & Yu 1998, JAMA 280:1690-1691. Cochrane Handbook version 6, section 15.4.4.
    """
    effect, v, p = _read("log_odds_ratio", log_odds_ratio, variance, baseline_risk)
    divisor = 1 - p + p * np.exp(effect)
    return effect - np.log(divisor), v * ((1 - p) / divisor) ** 2


def log_risk_ratio_to_log_odds_ratio(
    log_risk_ratio: ArrayLike, variance: ArrayLike, baseline_risk: ArrayLike
) -> EffectAndVariance:
    """Return the log odds ratio at a baseline risk p: OR = RR(1 - p) / (1 - p·RR).

    Its variance is V / (1 - p·RR)²; the baseline risk is taken as known.

    Parameters
    ----------
    log_risk_ratio, variance
        Natural logarithm of the risk ratio and its variance V.
    baseline_risk
        Risk p without the treatment, strictly between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Log odds ratio and variance.

    Raises
    ------
    UsageError
        If a baseline risk is not strictly between 0 and 1, if the risk with the treatment, p·RR,
        is 1 or more, or if a variance is negative.

    References
    ----------
    Cochrane Handbook version 6, section 15.4.4.
    """
    effect, v, p = _risk_ratio_at(log_risk_ratio, variance, baseline_risk)
    without = 1 - p * np.exp(effect)
    return effect + np.log1p(-p) - np.log(without), v / without**2


def log_risk_ratio_to_risk_difference(
    log_risk_ratio: ArrayLike, variance: ArrayLike, baseline_risk: ArrayLike
) -> EffectAndVariance:
    """Return the risk difference at a baseline risk p: p(RR - 1), with variance (p·RR)²V.

    The baseline risk is taken as known. Limits are better converted themselves, each like an
    effect, than made from this variance: they then stay between 0 and 1. An odds ratio goes
    through `log_odds_ratio_to_log_risk_ratio` first.

    Parameters
    ----------
    log_risk_ratio, variance
        Natural logarithm of the risk ratio and its variance V.
    baseline_risk
        Risk p without the treatment, strictly between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Risk difference, a proportion that is negative where the treatment lowers the risk, and
        its variance.

    Raises
    ------
    UsageError
        If a baseline risk is not strictly between 0 and 1, if the risk with the treatment, p·RR,
        is 1 or more, or if a variance is negative.

    References
    ----------
    Cochrane Handbook version 6, section 15.4.4.
    """
    effect, v, p = _risk_ratio_at(log_risk_ratio, variance, baseline_risk)
    return p * np.expm1(effect), v * (p * np.exp(effect)) ** 2


def _risk_ratio_at(
    log_risk_ratio: ArrayLike, variance: ArrayLike, baseline_risk: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    effect, v, p = _read("log_risk_ratio", log_risk_ratio, variance, baseline_risk)
    ratio = np.exp(effect)
    fault = "baseline_risk {:g} times the risk ratio {:g} must stay below 1"
    refuse_where(p * ratio >= 1, fault, p, ratio)
    return effect, v, p


def _read(
    name: str, effect: ArrayLike, variance: ArrayLike, baseline_risk: ArrayLike
) -> list[Floats]:
    return read_arrays(
        (name, effect, FINITE),
        ("variance", variance, NOT_NEGATIVE),
        ("baseline_risk", baseline_risk, PROBABILITY),
    )
