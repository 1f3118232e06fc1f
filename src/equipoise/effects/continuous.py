"""Measurements in one unit: means and ratios of means, of one group and of two, and their spread.

The kernels take mean (m), standard deviation (s) and people (n) of the treatment group (1), then
of the control group (2).
"""

import math
from functools import partial

import numpy as np

from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import Columns, EffectAndVariance, Measure

TWO_MEANS: Columns = (
    "mean_treatment",
    "sd_treatment",
    "n_treatment",
    "mean_control",
    "sd_control",
    "n_control",
)

_TOO_LARGE = "the numbers are too large to compute with"
_NO_RATIO = "a mean is 0, or the means have opposite signs, so they have no ratio"


def mean_difference(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats, *, vtype: str = "LS"
) -> EffectAndVariance:
    """Return m₁ - m₂ and its variance s₁²/n₁ + s₂²/n₂, without assuming equal spread.

    With `vtype` "HO" the spread is taken to be equal: s²(1/n₁ + 1/n₂), s² pooled. The variance is 0
    where both standard deviations are 0.

    References
    ----------
    Borenstein 2009, in Cooper, Hedges & Valentine, The Handbook of Research Synthesis and
    Meta-Analysis, 2nd ed., equations 12.5 and 12.3.
    """
    if vtype == "HO":
        s1 = s2 = np.sqrt(pooled_variance(s1, n1, s2, n2))
    return m1 - m2, s1**2 / n1 + s2**2 / n2


def log_ratio_of_means(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats, *, vtype: str = "LS"
) -> EffectAndVariance:
    """Return ln(m₁/m₂) and its variance c₁²/n₁ + c₂²/n₂, where c = s/m.

    With `vtype` "HO" both s are the pooled one. With "AV" each c is the mean over all studies,
    weighted by n; with "AVHO" there is one such mean for both groups.

    References
    ----------
    Hedges, Gurevitch & Curtis 1999, Ecology 80:1150-1156,
    doi:10.1890/0012-9658(1999)080[1150:TMAORR]2.0.CO;2.
    """
    if vtype == "HO":
        s1 = s2 = np.sqrt(pooled_variance(s1, n1, s2, n2))
    c1, c2 = s1 / m1, s2 / m2
    if vtype in ("AV", "AVHO"):
        complete = np.isfinite(c1 + c2 + n1 + n2)
        sums = [(c1 * n1)[complete].sum(), (c2 * n2)[complete].sum()]
        people = [n1[complete].sum(), n2[complete].sum()]
        if vtype == "AVHO":
            sums, people = [sum(sums)] * 2, [sum(people)] * 2
        c1, c2 = sums[0] / people[0], sums[1] / people[1]
    return np.log(m1 / m2), c1**2 / n1 + c2**2 / n2


def log_variation_ratio(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats
) -> EffectAndVariance:
    """Return the log ratio of the coefficients of variation s/m, corrected for bias, and variance.

    The effect is that of `log_variability_ratio` less ln m₁ - ln m₂, and the variances of both add
    up, since mean and spread of normal data are independent. Both means must be above 0.

    References
    ----------
    Nakagawa et al. 2015, Methods Ecol Evol 6:143-152, equation 12,
    doi:10.1111/2041-210x.12309.
    """
    ratio, ratio_variance = log_ratio_of_means(m1, s1, n1, m2, s2, n2)
    spread, spread_variance = log_variability_ratio(s1, n1, s2, n2)
    return np.where(m1 > 0, spread - ratio, np.nan), spread_variance + ratio_variance


def log_variability_ratio(s1: Floats, n1: Floats, s2: Floats, n2: Floats) -> EffectAndVariance:
    """Return ln(s₁/s₂) + ½/(n₁ - 1) - ½/(n₂ - 1) and its variance ½/(n₁ - 1) + ½/(n₂ - 1).

    References
    ----------
    Nakagawa et al. 2015, Methods Ecol Evol 6:143-152, doi:10.1111/2041-210x.12309.
    """
    bias1, bias2 = 1 / (2 * (n1 - 1)), 1 / (2 * (n2 - 1))
    return np.log(s1 / s2) + bias1 - bias2, bias1 + bias2


def mean(m: Floats, s: Floats, n: Floats) -> EffectAndVariance:
    """Return m and its variance s²/n."""
    return m, s**2 / n


def log_mean(m: Floats, s: Floats, n: Floats) -> EffectAndVariance:
    """Return ln m and its variance (s/m)²/n."""
    return np.log(m), (s / m) ** 2 / n


def pooled_variance(s1: Floats, n1: Floats, s2: Floats, n2: Floats) -> Floats:
    """Return ((n₁ - 1)s₁² + (n₂ - 1)s₂²) / (n₁ + n₂ - 2)."""
    return ((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2)


def mean_fault(name: str, value: float) -> str:
    """Return why a mean, a standard deviation or a number of people cannot be; empty if it can.

    Parameters
    ----------
    name
        The column; its first word ("mean", "sd" or "n") says what it holds.
    value
        The number; NaN where it is not reported.

    Returns
    -------
    str
        One clause for a message.
    """
    if math.isinf(value):
        return f"{name} is infinite"
    kind = name.split("_", maxsplit=1)[0]
    if kind == "sd" and value < 0:
        return f"{name} {value:g} is negative"
    if kind == "n" and value <= 0:
        return f"{name} must be above 0, got {value:g}"
    return ""


_two_means = partial(Measure, family="continuous", columns=(TWO_MEANS,))
_one_mean = partial(Measure, axis="mean", family="one_mean", columns=(("mean", "sd", "n"),))

MEASURES = (
    _two_means(
        key="MD",
        name="mean difference",
        scale="identity",
        axis="difference",
        description="mean1 - mean2; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=mean_difference,
        undefined=_TOO_LARGE,
        vtypes=("LS", "HO"),
    ),
    _two_means(
        key="ROM",
        name="ratio of means",
        scale="log",
        axis="ratio",
        description="mean1 / mean2; Hedges et al. 1999, "
        "doi:10.1890/0012-9658(1999)080[1150:TMAORR]2.0.CO;2",
        compute=log_ratio_of_means,
        undefined=_NO_RATIO,
        vtypes=("LS", "HO", "AV", "AVHO"),
    ),
    _two_means(
        key="CVR",
        name="ratio of coefficients of variation",
        scale="log",
        axis="ratio",
        description="(sd1/mean1) / (sd2/mean2), corrected for bias; Nakagawa et al. 2015, "
        "doi:10.1111/2041-210x.12309",
        compute=log_variation_ratio,
        undefined="a mean is not above 0, a standard deviation is 0, or a group has fewer than 2 "
        "people",
    ),
    _two_means(
        key="VR",
        name="ratio of standard deviations",
        scale="log",
        axis="ratio",
        description="sd1 / sd2, corrected for bias; Nakagawa et al. 2015, "
        "doi:10.1111/2041-210x.12309",
        columns=(("sd_treatment", "n_treatment", "sd_control", "n_control"),),
        compute=log_variability_ratio,
        undefined="a standard deviation is 0, or a group has fewer than 2 people",
    ),
    _one_mean(
        key="MN",
        name="mean",
        scale="identity",
        description="mean of one group; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=mean,
        undefined=_TOO_LARGE,
    ),
    _one_mean(
        key="MNLN",
        name="mean, from its logarithm",
        scale="log",
        description="mean of one group; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=log_mean,
        undefined="the mean is not above 0, so it has no logarithm",
    ),
)
"""The measures of this family."""
