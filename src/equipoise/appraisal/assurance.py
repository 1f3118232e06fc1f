"""The probability that a planned trial succeeds, before anybody knows the effect."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr

from equipoise.appraisal.arguments import check_numbers
from equipoise.effects.domains import FINITE, POSITIVE, PROBABILITY
from equipoise.effects.interval import normal_quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """Power, averaged over what is believed about the effect.

    Attributes
    ----------
    probability
        The assurance: the chance that the trial succeeds.
    power
        The chance of success if the effect is the prior mean itself.
    ceiling
        Prior probability that the effect has the sign of its mean: no number of people lifts the
        assurance above it.
    """

    probability: float
    power: float
    ceiling: float


def assurance(
    prior_mean: float,
    prior_sd: float,
    *,
    sd: float,
    n_treatment: float,
    n_control: float,
    alpha: float = 0.05,
) -> Assurance:
    """Return the probability that a trial of two means succeeds, under a normal prior.

    Success is a two-sided p below `alpha` in the direction of the prior mean m. With s² = sd²
    (1/n₁ + 1/n₂) and prior N(m, v), the assurance is Φ((|m| - z s) / √(s² + v)).

    Parameters
    ----------
    prior_mean, prior_sd
        What is believed about the difference of means, in the unit of the measurement. A prior as
        narrow as wishes are turns the assurance back into power.
    sd
        Standard deviation of the measurement within groups, in the same unit.
    n_treatment, n_control
        People analysed in each group.
    alpha
        Two-sided error rate.

    Returns
    -------
    Assurance
        The assurance, with power at the prior mean and the ceiling of any trial.

    Raises
    ------
    UsageError
        If the mean is infinite, a standard deviation or a number of people is not above 0, or alpha
        is not between 0 and 1.

    References
    ----------
    O'Hagan, Stevens & Campbell 2005, Pharm Stat 4:187-201, doi:10.1002/pst.175.
    """
    check_numbers(FINITE, prior_mean=prior_mean)
    check_numbers(POSITIVE, prior_sd=prior_sd, sd=sd, n_treatment=n_treatment, n_control=n_control)
    check_numbers(PROBABILITY, alpha=alpha)
    se = sd * math.sqrt(1 / n_treatment + 1 / n_control)
    beyond = abs(prior_mean) - normal_quantile(1 - alpha) * se
    return Assurance(
        probability=float(ndtr(beyond / math.hypot(se, prior_sd))),
        power=float(ndtr(beyond / se)),
        ceiling=float(ndtr(abs(prior_mean) / prior_sd)),
    )
