"""Two groups and a measurement, as a correlation between belonging to a group and the measurement.

The kernels take mean (m), standard deviation (s) and people (n) of the treatment group (1), then
of the control group (2). p = n₁/n is the share of the treatment group among all n people.
"""

from functools import partial

import numpy as np
from scipy.special import ndtri

from equipoise.effects.continuous import TWO_MEANS
from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance, Measure
from equipoise.effects.standardised import cohens_d


def point_biserial(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats, *, vtype: str = "LS"
) -> EffectAndVariance:
    """Return r = d / √(d² + h), h = (n - 2)(1/n₁ + 1/n₂), and its variance.

    The variance is h²/(d² + h)³ times that of d if the sizes of the groups were chosen (`vtype`
    "ST", the default "LS" too); if people were sampled whatever their group ("CS") it is
    (1 - r²)²(1 - 3r²/2 + r²/(4p(1 - p)))/n.

    References
    ----------
    Tate 1954, Ann Math Stat 25:603-607, doi:10.1214/aoms/1177728730.
    """
    d, variance = cohens_d(m1, s1, n1, m2, s2, n2)
    n = n1 + n2
    h = (n - 2) * (1 / n1 + 1 / n2)
    r = d / np.sqrt(d**2 + h)
    if vtype == "CS":
        p = n1 / n
        return r, (1 - r**2) ** 2 * (1 - 1.5 * r**2 + r**2 / (4 * p * (1 - p))) / n
    return r, h**2 / (d**2 + h) ** 3 * variance


def biserial(
    m1: Floats, s1: Floats, n1: Floats, m2: Floats, s2: Floats, n2: Floats
) -> EffectAndVariance:
    """Return R = r√(pq)/φ(z), where p = Φ(z) and q = 1 - p, and Soper's variance.

    The variance is (R⁴ + R²(pq z²/φ² + (1 - 2p)z/φ - 5/2) + pq/φ²)/(n - 1). r is the point-biserial
    correlation. R may lie beyond -1 or 1, but enters the variance as if it did not, as in metafor.

    References
    ----------
    Soper 1914, Biometrika 10:384-390, doi:10.1093/biomet/10.2-3.384.
    Jacobs & Viechtbauer 2017, Res Synth Methods 8:161-180, doi:10.1002/jrsm.1218.
    """
    r, _ = point_biserial(m1, s1, n1, m2, s2, n2)
    n = n1 + n2
    p = n1 / n
    z = ndtri(p)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    ratio = p * (1 - p) / density**2
    r = r * np.sqrt(ratio)
    square = np.minimum(r**2, 1)
    linear = ratio * z**2 + (1 - 2 * p) * z / density - 2.5
    return r, (square**2 + square * linear + ratio) / (n - 1)


_biserial = partial(
    Measure,
    scale="identity",
    axis="correlation",
    family="continuous",
    columns=(TWO_MEANS,),
    undefined="the standard deviations are 0, or there are too few people to know them",
)

MEASURES = (
    _biserial(
        key="RPB",
        name="point-biserial correlation",
        description="correlation of group and measurement; Tate 1954, doi:10.1214/aoms/1177728730",
        compute=point_biserial,
        vtypes=("LS", "ST", "CS"),
    ),
    _biserial(
        key="RBIS",
        name="biserial correlation",
        description="correlation of the measurement with what the groups divide into two; "
        "Jacobs & Viechtbauer 2017, doi:10.1002/jrsm.1218",
        compute=biserial,
    ),
)
"""The measures of this family."""
