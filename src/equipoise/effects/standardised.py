"""Two groups and a measurement, in standard deviations: whatever the unit was.

The kernels take mean (m), standard deviation (s) and people (n) of the treatment group (1), then
of the control group (2). d is the difference in standard deviations, J(f) Hedges' factor for f
degrees of freedom, and g = J·d.

vtype LS puts g into the large-sample variance (Hedges 1982); LS2 puts d into it and multiplies it
by J² (Borenstein 2009); UB is unbiased (Hedges 1983); AV puts in the mean g of all studies,
weighted by n.
"""

import math
from functools import partial

import numpy as np
from scipy.special import gammaln

from equipoise.effects.continuous import TWO_MEANS, pooled_variance
from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance, Measure

_MANY = 1e3
"""Degrees of freedom above which four terms of a series are exact."""


def hedges_factor(df: Floats) -> Floats:
    """Return J(f) = Γ(f/2) / (√(f/2) Γ((f - 1)/2)), which takes the bias out of d.

    Parameters
    ----------
    df
        Degrees of freedom f of the standard deviation.

    Returns
    -------
    ndarray
        Between 0 and 1; NaN where f is 1 or less.

    References
    ----------
    Hedges 1981, J Educ Stat 6:107-128, doi:10.3102/10769986006002107.
    """
    known = np.where(df > 1, df, np.nan)
    exact = np.exp(gammaln(known / 2) - gammaln((known - 1) / 2)) / np.sqrt(known / 2)
    # Of many degrees of freedom the difference would lose its digits; Stirling's series keeps them.
    series = np.exp(-0.75 / known - 0.5 / known**2 - 0.375 / known**3 - 0.25 / known**4)
    return np.where(known > _MANY, series, exact)


def cohens_d(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats
) -> EffectAndVariance:
    """Return d = (m₁ - m₂)/s, s pooled, and its variance 1/n₁ + 1/n₂ + d²/(2(n₁ + n₂))."""
    d = (m1 - m2) / np.sqrt(pooled_variance(s1, n1, s2, n2))
    return d, 1 / n1 + 1 / n2 + d**2 / (2 * (n1 + n2))


def hedges_g(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats, *, vtype: str = "LS"
) -> EffectAndVariance:
    """Return g = J(n₁ + n₂ - 2) d, s pooled, and its variance 1/n₁ + 1/n₂ + g²/(2(n₁ + n₂)).

    References
    ----------
    Hedges 1982, Psychol Bull 92:490-499, doi:10.1037/0033-2909.92.2.490.
    Hedges 1983, Psychol Bull 93:388-395, doi:10.1037/0033-2909.93.2.388 (UB).
    Borenstein 2009, in Cooper, Hedges & Valentine, The Handbook of Research Synthesis and
    Meta-Analysis, 2nd ed., equation 12.17 (LS2).
    """
    d, _ = cohens_d(m1, s1, n1, m2, s2, n2)
    return _corrected(d, n1, n2, df=n1 + n2 - 2, weight=n1 + n2, vtype=vtype)


def glass_delta(
    m1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats, *, vtype: str = "LS"
) -> EffectAndVariance:
    """Return g = J(n₂ - 1)(m₁ - m₂)/s₂ and its variance 1/n₁ + 1/n₂ + g²/(2n₂).

    References
    ----------
    Hedges 1981, J Educ Stat 6:107-128, doi:10.3102/10769986006002107.
    """
    return _corrected((m1 - m2) / s2, n1, n2, df=n2 - 1, weight=n2, vtype=vtype)


def glass_delta_unequal(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats
) -> EffectAndVariance:
    """Return what `glass_delta` does, and its variance when the groups may differ in spread.

    That is (s₁/s₂)²/n₁ + 1/n₂ + g²/(2n₂).

    References
    ----------
    Bonett 2009, Psychol Methods 14:225-238, doi:10.1037/a0016619.
    """
    g = hedges_factor(n2 - 1) * (m1 - m2) / s2
    return g, (s1 / s2) ** 2 / n1 + 1 / n2 + g**2 / (2 * n2)


def hedges_g_unequal(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats, *, vtype: str = "LS"
) -> EffectAndVariance:
    """Return g = J(n₁ + n₂ - 2) d, with s² the mean of both variances, which may differ.

    The variance is J²(g²(s₁⁴/f₁ + s₂⁴/f₂)/(8s⁴) + (s₁²/f₁ + s₂²/f₂)/s²), where f = n - 1; under
    `vtype` "LS2" f = n, and nothing is multiplied by J². There metafor 3.8-1 has s₁² and s₂² for
    s₁⁴ and s₂⁴, so that its variance depends on the unit; here it does not.

    References
    ----------
    Bonett 2009, Psychol Methods 14:225-238, doi:10.1037/a0016619.
    """
    s = np.sqrt((s1**2 + s2**2) / 2)
    d = (m1 - m2) / s
    factor = hedges_factor(n1 + n2 - 2)
    g = factor * d
    f1, f2, scale = (n1, n2, 1.0) if vtype == "LS2" else (n1 - 1, n2 - 1, factor**2)
    of_spread = g**2 * (s1**4 / f1 + s2**4 / f2) / (8 * s**4)
    return g, scale * (of_spread + (s1**2 / f1 + s2**2 / f2) / s**2)


def log_odds_ratio_of_d(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats, *, factor: float
) -> EffectAndVariance:
    """Return d times a factor, as the log odds ratio of exceeding some cut point.

    References
    ----------
    Cox & Snell 1989, Analysis of Binary Data, 2nd ed. (1.65, for normal data).
    Chinn 2000, Stat Med 19:3127-3131 (π/√3, for logistic data),
    doi:10.1002/1097-0258(20001130)19:22<3127::aid-sim784>3.0.co;2-m.
    """
    d, variance = cohens_d(m1, s1, n1, m2, s2, n2)
    return factor * d, factor**2 * variance


def _corrected(
    d: Floats, n1: Floats, n2: Floats, *, df: Floats, weight: Floats, vtype: str
) -> EffectAndVariance:
    factor = hedges_factor(df)
    g = factor * d
    of_means = 1 / n1 + 1 / n2
    if vtype == "UB":
        return g, of_means + (1 - (df - 2) / (df * factor**2)) * g**2
    if vtype == "LS2":
        return g, factor**2 * (of_means + d**2 / (2 * weight))
    size = g
    if vtype == "AV":
        complete = np.isfinite(g)
        size = (g * (n1 + n2))[complete].sum() / (n1 + n2)[complete].sum()
    return g, of_means + size**2 / (2 * weight)


_NORMAL, _LOGISTIC = 1.65, math.pi / math.sqrt(3)

_standardised = partial(
    Measure,
    family="continuous",
    scale="identity",
    axis="difference",
    columns=(TWO_MEANS,),
    undefined="the standard deviation is 0, or there are too few people to know it",
)

MEASURES = (
    _standardised(
        key="SMD",
        name="standardised mean difference",
        description="(mean1 - mean2) / pooled SD, corrected for bias: Hedges' g; Hedges 1981, "
        "doi:10.3102/10769986006002107",
        compute=hedges_g,
        vtypes=("LS", "LS2", "UB", "AV"),
    ),
    _standardised(
        key="SMDH",
        name="standardised mean difference, unequal spread",
        description="(mean1 - mean2) / root of the mean of both variances, corrected for bias; "
        "Bonett 2009, doi:10.1037/a0016619",
        compute=hedges_g_unequal,
        vtypes=("LS", "LS2"),
    ),
    _standardised(
        key="SMD1",
        name="mean difference in standard deviations of the control group",
        description="(mean1 - mean2) / sd2, corrected for bias: Glass' delta; Hedges 1981, "
        "doi:10.3102/10769986006002107",
        columns=(("mean_treatment", "n_treatment", "mean_control", "sd_control", "n_control"),),
        compute=glass_delta,
        vtypes=("LS", "LS2", "UB", "AV"),
    ),
    _standardised(
        key="SMD1H",
        name="mean difference in standard deviations of the control group, unequal spread",
        description="(mean1 - mean2) / sd2, corrected for bias; Bonett 2009, doi:10.1037/a0016619",
        compute=glass_delta_unequal,
    ),
    _standardised(
        key="D2ORN",
        name="odds ratio estimated from means, normal data",
        scale="log",
        axis="ratio",
        description="exp(1.65 d), d the standardised mean difference; Cox & Snell 1989",
        compute=partial(log_odds_ratio_of_d, factor=_NORMAL),
    ),
    _standardised(
        key="D2ORL",
        name="odds ratio estimated from means, logistic data",
        scale="log",
        axis="ratio",
        description="exp(πd/√3), d the standardised mean difference; Chinn 2000, "
        "doi:10.1002/1097-0258(20001130)19:22<3127::aid-sim784>3.0.co;2-m",
        compute=partial(log_odds_ratio_of_d, factor=_LOGISTIC),
    ),
)
"""The measures of this family."""
