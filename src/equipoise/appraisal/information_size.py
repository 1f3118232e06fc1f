"""How many people a pooled answer needs, if the studies agree and if they do not."""

from __future__ import annotations

from equipoise.appraisal.arguments import check_numbers
from equipoise.appraisal.trial_size import check_difference, people_for_means, people_for_risks
from equipoise.effects.domains import POSITIVE, PROBABILITY, Domain
from equipoise.errors import UsageError
from equipoise.synthesis.pooled import Pooled

_SHARE = Domain("must be 0 or more, and below 1", lambda x: (x >= 0) & (x < 1))
_WITHOUT_TAU2 = ("CE", "MH", "PETO")


def information_size(
    baseline_risk: float,
    relative_risk_reduction: float = 0.25,
    *,
    alpha: float = 0.05,
    power: float = 0.80,
) -> float:
    """Return the number of people, in two equal groups, that a reliable answer needs.

    ``n per group = (z_a sqrt(2 p q) + z_b sqrt(p1 q1 + p2 q2))^2 / (p1 - p2)^2`` with ``p1`` the
    baseline risk, ``p2 = p1 (1 - relative_risk_reduction)`` and ``p`` their mean; twice that is
    returned, not rounded.

    Parameters
    ----------
    baseline_risk
        Risk without the intervention, between 0 and 1.
    relative_risk_reduction
        The reduction to be detected, between 0 and 1.
    alpha, power
        Two-sided error rate, and the chance of detecting the reduction.

    Returns
    -------
    float
        People in both groups together: the optimal information size.

    Raises
    ------
    UsageError
        If a risk or rate is not between 0 and 1.

    References
    ----------
    Guyatt GH et al. GRADE guidelines 6. J Clin Epidemiol 2011;64:1283-1293,
    doi:10.1016/j.jclinepi.2011.01.012.
    """
    check_numbers(
        PROBABILITY,
        baseline_risk=baseline_risk,
        relative_risk_reduction=relative_risk_reduction,
        alpha=alpha,
        power=power,
    )
    reduced = baseline_risk * (1 - relative_risk_reduction)
    return 2 * people_for_risks(reduced, baseline_risk, power, alpha)


def information_size_for_means(
    difference: float, sd: float, *, alpha: float = 0.05, power: float = 0.80
) -> float:
    """Return the number of people, in two equal groups, that a reliable difference of means needs.

    It is 4 (z_a + z_b)² sd² / difference², not rounded.

    Parameters
    ----------
    difference
        Difference of the means to be detected, in the unit of the measurement.
    sd
        Standard deviation within groups, in the same unit; 1 if the difference is standardised.
    alpha, power
        Two-sided error rate, and the chance of detecting the difference.

    Returns
    -------
    float
        People in both groups together: the optimal information size.

    Raises
    ------
    UsageError
        If the difference is 0 or infinite, sd is not above 0, or a rate is not between 0 and 1.

    References
    ----------
    As `information_size`.
    """
    check_difference(difference, sd)
    check_numbers(PROBABILITY, alpha=alpha, power=power)
    return 2 * people_for_means(difference, sd, power, alpha)


def required_information_size(
    difference: float,
    variance: float,
    *,
    diversity: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.90,
) -> float:
    """Return the number of people that a meta-analysis needs: what one trial would, over 1 - D².

    It is 4 (z_a + z_b)² variance / difference² / (1 - D²), not rounded.

    Parameters
    ----------
    difference
        The difference to be detected: of two risks, or of two means.
    variance
        Of one person's outcome: p̄(1 - p̄) with p̄ the mean of the two risks, or the squared standard
        deviation within groups.
    diversity
        D², 0 or more and below 1 (see `diversity`); I² is taken too, and asks for fewer people.
    alpha, power
        Two-sided error rate, and the chance of detecting the difference.

    Returns
    -------
    float
        People in both groups together.

    Raises
    ------
    UsageError
        If the difference is 0 or infinite, the variance is not above 0, the diversity is not from 0
        to below 1, or a rate is not between 0 and 1.

    References
    ----------
    Wetterslev, Thorlund, Brok & Gluud 2009, BMC Med Res Methodol 9:86, doi:10.1186/1471-2288-9-86.
    """
    check_numbers(POSITIVE, variance=variance)
    check_numbers(_SHARE, diversity=diversity)
    return information_size_for_means(difference, variance**0.5, alpha=alpha, power=power) / (
        1 - diversity
    )


def diversity(pooled: Pooled) -> float:
    """Return D²: by which share the variance of the mean falls if studies are taken to agree.

    D² = (V_R - V_F) / V_R with V_R = 1/Σ 1/(v + τ²) and V_F = 1/Σ 1/v. It is never below I².

    Parameters
    ----------
    pooled
        A random-effects result of two or more studies.

    Returns
    -------
    float
        From 0 to below 1.

    Raises
    ------
    UsageError
        If the result has no variance between studies: one study, or an effect common to all.

    References
    ----------
    Wetterslev, Thorlund, Brok & Gluud 2009, BMC Med Res Methodol 9:86, doi:10.1186/1471-2288-9-86.
    """
    if pooled.k < 2 or pooled.estimator in _WITHOUT_TAU2:
        why = "one study does not tell" if pooled.k < 2 else "its effect is common to all studies"
        raise UsageError(f"this result has no variance between studies (tau2): {why}")
    rows = zip(pooled.variances, pooled.reasons, strict=True)
    variances = [variance for variance, reason in rows if not reason]
    common = 1 / sum(1 / variance for variance in variances)
    random = 1 / sum(1 / (variance + pooled.tau2) for variance in variances)
    return (random - common) / random
