"""One group and a yes-or-no outcome: the proportion, and the scales on which it is analysed.

The kernels take events (x) and people (n), after any constant was added to zero cells; p is x/n.
With `vtype` "AV" the p of a variance is the proportion of all studies together.
"""

from functools import partial

import numpy as np

from equipoise.effects.binary import UNDEFINED, pooled_share
from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance, Measure
from equipoise.effects.transformations import TRANSFORMATIONS


def proportion(x: Floats, n: Floats, *, vtype: str = "LS") -> EffectAndVariance:
    """Return p and its variance p(1 - p)/n; unbiased with n - 1 there, `vtype` "UB".

    The variance is 0 where the proportion is 0 or 1.

    References
    ----------
    Measure "PR" of escalc in metafor: Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    p = pooled_share(x, n) if vtype == "AV" else x / n
    return x / n, p * (1 - p) / (n - 1 if vtype == "UB" else n)


def log_proportion(x: Floats, n: Floats, *, vtype: str = "LS") -> EffectAndVariance:
    """Return ln p and its variance 1/x - 1/n = (1 - p)/(np).

    References
    ----------
    Measure "PLN" of escalc in metafor: Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    expected = n * pooled_share(x, n) if vtype == "AV" else x
    return np.log(x / n), 1 / expected - 1 / n


def logit_proportion(x: Floats, n: Floats, *, vtype: str = "LS") -> EffectAndVariance:
    """Return ln(p / (1 - p)) and its variance 1/x + 1/(n - x).

    References
    ----------
    Measure "PLO" of escalc in metafor: Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    expected = n * pooled_share(x, n) if vtype == "AV" else x
    return np.log(x / (n - x)), 1 / expected + 1 / (n - expected)


def arcsine_root(x: Floats, n: Floats) -> EffectAndVariance:
    """Return asin √p and its variance 1/4n.

    References
    ----------
    Measure "PAS" of escalc in metafor: Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    return np.arcsin(np.sqrt(x / n)), 1 / (4 * n)


def double_arcsine(x: Floats, n: Floats) -> EffectAndVariance:
    """Return ½(asin √(x/(n + 1)) + asin √((x + 1)/(n + 1))) and its variance 1/(4n + 2).

    References
    ----------
    Freeman & Tukey 1950, Ann Math Stat 21:607-611, doi:10.1214/aoms/1177729756.
    """
    return TRANSFORMATIONS["double arcsine"].to_analysis(x / n, n), 1 / (4 * n + 2)


_proportion = partial(
    Measure,
    axis="proportion",
    family="proportion",
    columns=(("events", "n"), ("events_treatment", "n_treatment")),
    undefined=UNDEFINED,
)

MEASURES = (
    _proportion(
        key="PR",
        name="proportion",
        scale="identity",
        description="x/n, of one group; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=proportion,
        default_add=0.5,
        vtypes=("LS", "UB", "AV"),
    ),
    _proportion(
        key="PLN",
        name="proportion, from its logarithm",
        scale="log",
        description="x/n, of one group; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=log_proportion,
        default_add=0.5,
        vtypes=("LS", "AV"),
    ),
    _proportion(
        key="PLO",
        name="proportion, from its log odds",
        scale="logit",
        description="x/n, of one group; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=logit_proportion,
        default_add=0.5,
        vtypes=("LS", "AV"),
    ),
    _proportion(
        key="PAS",
        name="proportion, from its arcsine root",
        scale="arcsine root",
        description="x/n, of one group; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=arcsine_root,
        default_add=0.0,
    ),
    _proportion(
        key="PFT",
        name="proportion, from its double arcsine",
        scale="double arcsine",
        description="x/n, of one group; Freeman & Tukey 1950, doi:10.1214/aoms/1177729756",
        compute=double_arcsine,
        default_add=0.0,
    ),
)
"""The measures of this family."""
