"""Before and after in the same people: a description of change, after minus before.

Nobody is compared here. A change says what happened, not what caused it. metafor takes the first of
two occasions minus the second, so that its first is `after` here, and its second `before`.

The kernels take mean (m) and standard deviation (s) before (b) and after (a), the correlation (r)
of both measurements and the people (n).
"""

from functools import partial

import numpy as np

from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance, Measure
from equipoise.effects.standardised import hedges_factor


def mean_change(mean_before: float, mean_after: float) -> float:
    """Return the change of the mean, after minus before.

    Parameters
    ----------
    mean_before, mean_after
        Means in the same unit.

    Returns
    -------
    float
        Negative where the mean fell.
    """
    return mean_after - mean_before


def raw_change(
    mb: Floats, sb: Floats, ma: Floats, sa: Floats, r: Floats, n: Floats
) -> EffectAndVariance:
    """Return m_a - m_b and its variance (s_b² + s_a² - 2r s_b s_a)/n."""
    return ma - mb, _change_variance(sb, sa, r) / n


def change_in_sds_of_change(
    mb: Floats, sb: Floats, ma: Floats, sa: Floats, r: Floats, n: Floats, *, vtype: str = "LS"
) -> EffectAndVariance:
    """Return g = J(n - 1)(m_a - m_b)/s, s of the changes, and its variance 1/n + g²/(2n).

    With `vtype` "LS2" the variance is J² times that of the uncorrected change.

    References
    ----------
    Gibbons, Hedeker & Davis 1993, J Educ Stat 18:271-279, doi:10.3102/10769986018003271.
    """
    d = (ma - mb) / np.sqrt(_change_variance(sb, sa, r))
    return _corrected(d, 1 / n, n, vtype)


def change_in_sds_before(
    mb: Floats, sb: Floats, ma: Floats, r: Floats, n: Floats, *, vtype: str = "LS"
) -> EffectAndVariance:
    """Return g = J(n - 1)(m_a - m_b)/s_b and its variance 2(1 - r)/n + g²/(2n).

    With `vtype` "LS2" the variance is J² times that of the uncorrected change.

    References
    ----------
    Becker 1988, Br J Math Stat Psychol 41:257-278, doi:10.1111/j.2044-8317.1988.tb00901.x.
    """
    return _corrected((ma - mb) / sb, 2 * (1 - r) / n, n, vtype)


def log_ratio_of_change(
    mb: Floats, sb: Floats, ma: Floats, sa: Floats, r: Floats, n: Floats
) -> EffectAndVariance:
    """Return ln(m_a/m_b) and its variance (c_b² + c_a² - 2r c_b c_a)/n, where c = s/m.

    References
    ----------
    Lajeunesse 2011, Ecology 92:2049-2055, doi:10.1890/11-0423.1.
    """
    return np.log(ma / mb), _change_variance(sb / mb, sa / ma, r) / n


def _change_variance(before: Floats, after: Floats, r: Floats) -> Floats:
    """Return s_b² + s_a² - 2r s_b s_a, in a form that rounding does not take below 0."""
    return (after - before) ** 2 + 2 * (1 - r) * before * after


def _corrected(d: Floats, of_mean: Floats, n: Floats, vtype: str) -> EffectAndVariance:
    factor = hedges_factor(n - 1)
    g = factor * d
    if vtype == "LS2":
        return g, factor**2 * (of_mean + d**2 / (2 * n))
    return g, of_mean + g**2 / (2 * n)


_paired = partial(
    Measure,
    scale="identity",
    axis="difference",
    family="paired",
    columns=(("mean_before", "sd_before", "mean_after", "sd_after", "r", "n"),),
    undefined="the standard deviation is 0, or there are too few people to know it",
)

MEASURES = (
    _paired(
        key="MC",
        name="mean change",
        description="after - before, of one group; Cochrane Handbook 5.1, section 9.4.5.2",
        compute=raw_change,
        undefined="the numbers are too large to compute with",
    ),
    _paired(
        key="SMCC",
        name="mean change in standard deviations of the change",
        description="(after - before) / SD of the changes, corrected for bias; Gibbons et al. "
        "1993, doi:10.3102/10769986018003271",
        compute=change_in_sds_of_change,
        vtypes=("LS", "LS2"),
    ),
    _paired(
        key="SMCR",
        name="mean change in standard deviations before",
        description="(after - before) / SD before, corrected for bias; Becker 1988, "
        "doi:10.1111/j.2044-8317.1988.tb00901.x",
        columns=(("mean_before", "sd_before", "mean_after", "r", "n"),),
        compute=change_in_sds_before,
        vtypes=("LS", "LS2"),
    ),
    _paired(
        key="ROMC",
        name="ratio of means, after over before",
        scale="log",
        axis="ratio",
        description="after / before; Lajeunesse 2011, doi:10.1890/11-0423.1",
        compute=log_ratio_of_change,
        undefined="a mean is 0, or the means have opposite signs, so they have no ratio",
    ),
)
"""The measures of this family."""
