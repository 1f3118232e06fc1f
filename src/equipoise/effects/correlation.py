"""Two measurements of the same people: the correlation, raw, unbiased, and as Fisher's z.

The kernels take the correlation r and the number of people n.
"""

import math
from functools import partial

import numpy as np
from scipy.special import hyp2f1

from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance, Measure


def correlation(r: Floats, n: Floats, *, vtype: str = "LS") -> EffectAndVariance:
    """Return r and its variance (1 - r²)² / (n - 1).

    With `vtype` "AV" the r of the variance is the mean over all studies, weighted by n.

    References
    ----------
    Borenstein 2009, in Cooper, Hedges & Valentine, The Handbook of Research Synthesis and
    Meta-Analysis, 2nd ed., equation 12.27.
    """
    return r, _large_sample_variance(r, n, vtype)


def unbiased_correlation(r: Floats, n: Floats, *, vtype: str = "LS") -> EffectAndVariance:
    """Return Olkin and Pratt's unbiased g = r ₂F₁(½, ½; (n - 2)/2; 1 - r²), and its variance.

    The variance is (1 - g²)² / (n - 1), with the mean of g over all studies, weighted by n, under
    `vtype` "AV". "UB" is unbiased: g² - 1 + (n - 3)/(n - 2) (1 - r²) ₂F₁(1, 1; n/2; 1 - r²).

    References
    ----------
    Olkin & Pratt 1958, Ann Math Stat 29:201-211, doi:10.1214/aoms/1177706717.
    Hedges 1989, J Appl Psychol 74:469-477, doi:10.1037/0021-9010.74.3.469.
    """
    rest = 1 - r**2
    unbiased = np.where(n > 4, r * _hypergeometric(0.5, (n - 2) / 2, rest), np.nan)
    if vtype != "UB":
        return unbiased, _large_sample_variance(unbiased, n, vtype)
    expected = (n - 3) / (n - 2) * rest * _hypergeometric(1.0, n / 2, rest)
    return unbiased, unbiased**2 - 1 + expected


def fisher_z(r: Floats, n: Floats) -> EffectAndVariance:
    """Return artanh r and its variance 1 / (n - 3).

    References
    ----------
    Fisher 1921, Metron 1.
    """
    return np.arctanh(r), 1 / np.where(n > 3, n - 3, np.nan)


def correlation_fault(name: str, value: float) -> str:
    """Return why a correlation cannot be; empty if it can.

    Parameters
    ----------
    name
        The column.
    value
        The number; NaN where it is not reported.

    Returns
    -------
    str
        One clause for a message.
    """
    if math.isnan(value) or -1 <= value <= 1:
        return ""
    return f"{name} {value:g} is not between -1 and 1"


def _hypergeometric(a: float, c: Floats, x: Floats) -> Floats:
    """Return ₂F₁(a, a; c; x) for a of ½ or 1 and x from 0 to 1.

    scipy's gives infinity for large c, for which the power series is as good as exact after a few
    terms: from c = 50 on each of the first 30 is at most half of the one before.
    """
    large = c >= _SERIES_FROM
    exact = hyp2f1(a, a, np.where(large, _SERIES_FROM, c), x)
    term, total = np.ones_like(x), np.ones_like(x)
    for k in range(_SERIES_TERMS):
        term = term * (a + k) ** 2 / ((c + k) * (k + 1)) * x
        total = total + term
    return np.where(large, total, exact)


def _large_sample_variance(r: Floats, n: Floats, vtype: str) -> Floats:
    if vtype == "AV":
        complete = ~np.isnan(r + n)
        r = np.full_like(r, (r * n)[complete].sum() / n[complete].sum())
    return np.asarray((1 - r**2) ** 2 / (n - 1))


_SERIES_FROM, _SERIES_TERMS = 50, 40

_correlation = partial(
    Measure,
    axis="correlation",
    family="correlation",
    columns=(("r", "n"),),
)

MEASURES = (
    _correlation(
        key="COR",
        name="correlation",
        scale="identity",
        description="r; Borenstein 2009, Handbook of Research Synthesis, 2nd ed., chapter 12",
        compute=correlation,
        undefined="a correlation needs 2 people or more",
        vtypes=("LS", "AV"),
    ),
    _correlation(
        key="UCOR",
        name="correlation, corrected for its bias",
        scale="identity",
        description="Olkin & Pratt 1958, doi:10.1214/aoms/1177706717",
        compute=unbiased_correlation,
        undefined="the correction for bias needs 5 people or more",
        vtypes=("LS", "UB", "AV"),
    ),
    _correlation(
        key="ZCOR",
        name="correlation, from Fisher's z",
        scale="Fisher z",
        description="r, analysed as artanh r; Fisher 1921, Metron 1",
        compute=fisher_z,
        undefined="Fisher's z needs 4 people or more and a correlation other than -1 and 1",
    ),
)
"""The measures of this family."""
