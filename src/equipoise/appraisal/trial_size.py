"""How many people a definitive trial of two groups needs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri

from equipoise.appraisal.arguments import check_numbers
from equipoise.effects.domains import FINITE, POSITIVE, PROBABILITY, Domain
from equipoise.effects.interval import normal_quantile
from equipoise.errors import UsageError

_DROPOUT = Domain("must be 0 or more, and below 1", lambda x: (x >= 0) & (x < 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSize:
    """People for a trial of two groups.

    Attributes
    ----------
    analysed_treatment, analysed_control
        People whose outcome must be known in each group, unrounded.
    randomised_treatment, randomised_control
        People to randomise to each group, drop-outs included; whole, rounded up.
    """

    analysed_treatment: float
    analysed_control: float
    randomised_treatment: int
    randomised_control: int

    @property
    def randomised(self) -> int:
        """People to randomise in all."""
        return self.randomised_treatment + self.randomised_control


def trial_size(
    risk_treatment: float,
    risk_control: float,
    *,
    power: float = 0.9,
    alpha: float = 0.05,
    allocation: float = 1.0,
    dropout: float = 0.0,
) -> TrialSize:
    """Return the people needed to tell two risks apart, by the test of two proportions.

    With r people under treatment for each one under control, p̄ = (r p₁ + p₂)/(r + 1) and q = 1 - p,

    n₂ = (z_a √((1 + 1/r) p̄ q̄) + z_b √(p₁ q₁/r + p₂ q₂))² / (p₁ - p₂)²,  n₁ = r n₂,

    without a correction for continuity; each is divided by 1 - `dropout`.

    Parameters
    ----------
    risk_treatment, risk_control
        The risks to be told apart. Take the smallest difference that would matter: the difference
        that a small trial happened to find is likely to be exaggerated (see `exaggeration`).
    power
        Probability that the trial finds the difference.
    alpha
        Two-sided error rate.
    allocation
        People randomised to treatment for each one to control.
    dropout
        Share whose outcome will not be known, in both groups.

    Returns
    -------
    TrialSize
        People per group, to be analysed and to be randomised.

    Raises
    ------
    UsageError
        If risks, power or alpha are not between 0 and 1, if the risks are equal, if the allocation
        is not above 0, or if the drop-out is not from 0 to below 1.

    References
    ----------
    Fleiss, Tytun & Ury 1980, Biometrics 36:343-346, doi:10.2307/2529990.
    """
    check_numbers(PROBABILITY, risk_treatment=risk_treatment, risk_control=risk_control)
    if risk_treatment == risk_control:
        raise UsageError("the risks are equal: no trial is large enough to tell them apart")
    _check_design(power, alpha, allocation, dropout)
    control = people_for_risks(risk_treatment, risk_control, power, alpha, allocation)
    return _trial(control, allocation, dropout)


def trial_size_for_means(
    difference: float,
    sd: float,
    *,
    power: float = 0.9,
    alpha: float = 0.05,
    allocation: float = 1.0,
    dropout: float = 0.0,
) -> TrialSize:
    """Return the people needed to find a difference of two means.

    With r people under treatment for each one under control,

    n₂ = (1 + 1/r) (z_a + z_b)² sd² / difference²,  n₁ = r n₂,

    each divided by 1 - `dropout`. The normal distribution stands for Student's t: a t test needs
    about one person more in each group.

    Parameters
    ----------
    difference
        Difference of the means to be found, in the unit of the measurement: the minimal important
        difference, not the one that a small trial happened to find (see `exaggeration`).
    sd
        Standard deviation within groups, in the same unit; 1 if the difference is standardised.
    power
        Probability that the trial finds the difference.
    alpha
        Two-sided error rate.
    allocation
        People randomised to treatment for each one to control.
    dropout
        Share whose outcome will not be known, in both groups.

    Returns
    -------
    TrialSize
        People per group, to be analysed and to be randomised.

    Raises
    ------
    UsageError
        If the difference is 0 or infinite, if sd or the allocation is not above 0, if power or
        alpha is not between 0 and 1, or if the drop-out is not from 0 to below 1.

    References
    ----------
    Julious SA. Stat Med 2004;23:1921-1986, doi:10.1002/sim.1783.
    """
    check_difference(difference, sd)
    _check_design(power, alpha, allocation, dropout)
    return _trial(people_for_means(difference, sd, power, alpha, allocation), allocation, dropout)


def people_for_risks(
    risk_treatment: float, risk_control: float, power: float, alpha: float, allocation: float = 1.0
) -> float:
    """Return the people of the control group by the formula of `trial_size`, unrounded."""
    p1, p2, r = risk_treatment, risk_control, allocation
    mean = (r * p1 + p2) / (r + 1)
    under_null = math.sqrt((1 + 1 / r) * mean * (1 - mean))
    under_difference = math.sqrt(p1 * (1 - p1) / r + p2 * (1 - p2))
    spread = normal_quantile(1 - alpha) * under_null + float(ndtri(power)) * under_difference
    if p1 == p2:
        return math.inf
    ratio = spread / (p1 - p2)
    return ratio * ratio


def people_for_means(
    difference: float, sd: float, power: float, alpha: float, allocation: float = 1.0
) -> float:
    """Return the people of the control group by the formula of `trial_size_for_means`."""
    z = normal_quantile(1 - alpha) + float(ndtri(power))
    ratio = z * sd / difference
    return (1 + 1 / allocation) * ratio * ratio


def check_difference(difference: float, sd: float) -> None:
    """Refuse a difference of means that is 0, or a standard deviation that is not above 0.

    Raises
    ------
    UsageError
        If either is so, or no finite number.
    """
    check_numbers(FINITE, difference=difference)
    check_numbers(POSITIVE, sd=sd)
    if difference == 0:
        raise UsageError("difference is 0: no number of people is large enough to find it")


def _check_design(power: float, alpha: float, allocation: float, dropout: float) -> None:
    check_numbers(PROBABILITY, power=power, alpha=alpha)
    check_numbers(POSITIVE, allocation=allocation)
    check_numbers(_DROPOUT, dropout=dropout)


def _trial(control: float, allocation: float, dropout: float) -> TrialSize:
    treatment = allocation * control
    if math.isinf(treatment + control):
        raise UsageError("the difference is too small: no number of people is large enough")
    return TrialSize(
        analysed_treatment=treatment,
        analysed_control=control,
        randomised_treatment=_whole_people(treatment / (1 - dropout)),
        randomised_control=_whole_people(control / (1 - dropout)),
    )


def _whole_people(people: float) -> int:
    # what is whole but for floating point stays so
    return math.ceil(people * (1 - 1e-9))
