"""A 2 x 2 table as a correlation, and as a standardised mean difference.

The kernels take events and people of the treatment group (e₁, n₁) and of the control group (e₂,
n₂), after any constant was added to zero cells. a, b, c and d are the people with and without the
event in the treatment group, then in the control group; n is all of them.
"""

import math
from functools import partial

import numpy as np
from scipy.special import ndtri

from equipoise.effects.binary import TWO_GROUPS, UNDEFINED, log_odds_ratio
from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance, Measure
from equipoise.effects.tetrachoric import tetrachoric_correlation


def phi(e1: Floats, n1: Floats, e2: Floats, n2: Floats, *, vtype: str = "LS") -> EffectAndVariance:
    """Return φ = (ad - bc) / √(n₁ n₂ (a + c)(b + d)) and its large-sample variance.

    The variance is that of four cells sampled together (`vtype` "CS", the default "LS" too), as
    Yule gave it, or of two groups whose sizes were chosen ("ST"), by the delta method.

    References
    ----------
    Yule 1912, J R Stat Soc 75:579-652, doi:10.2307/2340126.
    """
    n = n1 + n2
    w1, w2, p, q = n1 / n, n2 / n, (e1 + e2) / n, (n - e1 - e2) / n
    p1, p2 = e1 / n1, e2 / n2
    r = np.sqrt(w1 * w2 / (p * q)) * (p1 - p2)
    if vtype == "ST":
        slope, turn = np.sqrt(w1 * w2 / (p * q)), r * (q - p) / (2 * p * q)
        of_p1, of_p2 = slope - turn * w1, -slope - turn * w2
        return r, of_p1**2 * p1 * (1 - p1) / n1 + of_p2**2 * p2 * (1 - p2) / n2
    rows, columns = (w1 - w2) / np.sqrt(w1 * w2), (p - q) / np.sqrt(p * q)
    of_margins = r * (1 + r**2 / 2) * rows * columns - 0.75 * r**2 * (rows**2 + columns**2)
    return r, np.maximum(1 - r**2 + of_margins, 0) / n  # 0, but for rounding, where φ is -1 or 1


def yules_q(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> EffectAndVariance:
    """Return Q = (OR - 1)/(OR + 1) and its variance (1 - Q²)² v/4, v that of ln OR.

    References
    ----------
    Yule 1912, J R Stat Soc 75:579-652, doi:10.2307/2340126.
    """
    log_ratio, variance = log_odds_ratio(e1, n1, e2, n2)
    q = np.tanh(log_ratio / 2)
    return q, (1 - q**2) ** 2 * variance / 4


def yules_y(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> EffectAndVariance:
    """Return Y = (√OR - 1)/(√OR + 1) and its variance (1 - Y²)² v/16, v that of ln OR.

    References
    ----------
    Yule 1912, J R Stat Soc 75:579-652, doi:10.2307/2340126.
    """
    log_ratio, variance = log_odds_ratio(e1, n1, e2, n2)
    y = np.tanh(log_ratio / 4)
    return y, (1 - y**2) ** 2 * variance / 16


def probit_difference(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> EffectAndVariance:
    """Return Φ⁻¹(p₁) - Φ⁻¹(p₂) and its variance, the sum of p(1 - p)/(n φ(Φ⁻¹(p))²).

    References
    ----------
    Sánchez-Meca, Marín-Martínez & Chacón-Moscoso 2003, Psychol Methods 8:448-467,
    doi:10.1037/1082-989X.8.4.448.
    """
    p1, p2 = e1 / n1, e2 / n2
    z1, z2 = ndtri(p1), ndtri(p2)
    variance1 = 2 * math.pi * p1 * (1 - p1) * np.exp(z1**2) / n1
    variance2 = 2 * math.pi * p2 * (1 - p2) * np.exp(z2**2) / n2
    return z1 - z2, variance1 + variance2


def scaled_log_odds_ratio(
    e1: Floats, n1: Floats, e2: Floats, n2: Floats, *, factor: float
) -> EffectAndVariance:
    """Return the log odds ratio times a factor, as the difference of means that was cut in two.

    References
    ----------
    Cox & Snell 1989, Analysis of Binary Data, 2nd ed. (1/1.65, for normal data).
    Chinn 2000, Stat Med 19:3127-3131 (√3/π, for logistic data),
    doi:10.1002/1097-0258(20001130)19:22<3127::aid-sim784>3.0.co;2-m.
    """
    log_ratio, variance = log_odds_ratio(e1, n1, e2, n2)
    return factor * log_ratio, factor**2 * variance


_association = partial(
    Measure,
    scale="identity",
    axis="correlation",
    family="binary",
    columns=(TWO_GROUPS,),
    undefined=UNDEFINED,
    default_add=0.5,
)
_standardised = partial(
    Measure,
    scale="identity",
    axis="difference",
    family="binary",
    columns=(TWO_GROUPS,),
    undefined=UNDEFINED,
    default_add=0.5,
)

MEASURES = (
    _association(
        key="PHI",
        name="phi coefficient",
        description="(ad - bc) / √(n1 n2 (a + c)(b + d)); Yule 1912, doi:10.2307/2340126",
        compute=phi,
        undefined="the event happened to nobody, or to everybody",
        default_add=0.0,
        vtypes=("LS", "ST", "CS"),
    ),
    _association(
        key="YUQ",
        name="Yule's Q",
        description="(ad - bc) / (ad + bc); Yule 1912, doi:10.2307/2340126",
        compute=yules_q,
    ),
    _association(
        key="YUY",
        name="Yule's Y",
        description="(√ad - √bc) / (√ad + √bc); Yule 1912, doi:10.2307/2340126",
        compute=yules_y,
    ),
    _association(
        key="RTET",
        name="tetrachoric correlation",
        description="correlation of the two normal variables that the table divides into two; "
        "Pearson 1900, doi:10.1098/rsta.1900.0022",
        compute=tetrachoric_correlation,
        default_add=0.0,
    ),
    _standardised(
        key="PBIT",
        name="standardised mean difference estimated by probits",
        description="Φ⁻¹(e1/n1) - Φ⁻¹(e2/n2); Sánchez-Meca et al. 2003, "
        "doi:10.1037/1082-989X.8.4.448",
        compute=probit_difference,
    ),
    _standardised(
        key="OR2DN",
        name="standardised mean difference estimated from the odds ratio, normal data",
        description="ln(ad / bc) / 1.65; Cox & Snell 1989",
        compute=partial(scaled_log_odds_ratio, factor=1 / 1.65),
    ),
    _standardised(
        key="OR2DL",
        name="standardised mean difference estimated from the odds ratio, logistic data",
        description="ln(ad / bc) √3/π; Chinn 2000, "
        "doi:10.1002/1097-0258(20001130)19:22<3127::aid-sim784>3.0.co;2-m",
        compute=partial(scaled_log_odds_ratio, factor=math.sqrt(3) / math.pi),
    ),
)
"""The measures of this family."""
