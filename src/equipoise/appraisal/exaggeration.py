"""What a study of low power finds when it finds something: wrong signs, exaggerated effects."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr

from equipoise.appraisal.arguments import check_numbers
from equipoise.effects.domains import FINITE, POSITIVE
from equipoise.effects.interval import normal_quantile
from equipoise.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Exaggeration:
    """What to expect of an estimate whose interval excludes 0, given the true effect.

    Attributes
    ----------
    power
        Probability that the interval excludes 0.
    type_s
        Probability that such an estimate has the wrong sign.
    type_m
        By which factor such an estimate exceeds the true effect on average, regardless of sign; the
        exaggeration ratio, above 1.
    """

    power: float
    type_s: float
    type_m: float


def exaggeration(true_effect: float, se: float, *, level: float = 0.95) -> Exaggeration:
    """Return power, type S and type M error of an estimate that is N(true_effect, se²).

    With λ = |true_effect|/se and z the normal quantile of `level`:

    - power = Φ(λ - z) + Φ(-λ - z);
    - type S = Φ(-λ - z) / power;
    - type M = [φ(λ + z) + φ(λ - z) + λ(Φ(λ - z) - Φ(-λ - z))] / (λ · power).

    Parameters
    ----------
    true_effect
        A plausible effect from outside the study, on the scale of `se`: logarithms for ratios.
        Never the study's own estimate, which is what the result is about.
    se
        Standard error of the study's estimate.
    level
        Confidence level of the interval.

    Returns
    -------
    Exaggeration
        The three numbers.

    Raises
    ------
    UsageError
        If the effect is 0 (it has no sign to get wrong) or infinite, the standard error is not
        above 0, or the level is not between 0 and 1.

    References
    ----------
    Gelman & Carlin 2014, Perspect Psychol Sci 9:641-651, doi:10.1177/1745691614551642;
    Lu, Qiu & Deng 2019, Br J Math Stat Psychol 72:1-17, doi:10.1111/bmsp.12132 (closed form).
    """
    check_numbers(FINITE, true_effect=true_effect)
    check_numbers(POSITIVE, se=se)
    if true_effect == 0:
        raise UsageError(
            "true_effect is 0, which has no sign to get wrong and no size to exaggerate; give the "
            "smallest effect that would matter"
        )
    z, ratio = normal_quantile(level), abs(true_effect) / se
    right, wrong = float(ndtr(ratio - z)), float(ndtr(-ratio - z))
    power = right + wrong
    expected = _density(ratio + z) + _density(ratio - z) + ratio * (right - wrong)
    return Exaggeration(power=power, type_s=wrong / power, type_m=expected / (ratio * power))


def _density(x: float) -> float:
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
