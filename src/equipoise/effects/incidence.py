"""Events and the time in which they happened: incidence rates, of one group and of two.

The kernels take events (x) and the time at risk (t, in any unit, summed over the people), after any
constant was added to events of 0.
"""

from functools import partial

import numpy as np

from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance, Measure

_UNDEFINED = "there were 0 events, and nothing was added to them"


def rate(x: Floats, t: Floats) -> EffectAndVariance:
    """Return x/t and its variance x/t², as of a Poisson count."""
    return x / t, x / t**2


def log_rate(x: Floats, t: Floats) -> EffectAndVariance:
    """Return ln(x/t) and its variance 1/x."""
    return np.log(x / t), 1 / x


def root_rate(x: Floats, t: Floats) -> EffectAndVariance:
    """Return √(x/t) and its variance 1/4t."""
    return np.sqrt(x / t), 1 / (4 * t)


def double_root_rate(x: Floats, t: Floats) -> EffectAndVariance:
    """Return ½(√(x/t) + √((x + 1)/t)) and its variance 1/4t.

    References
    ----------
    Freeman & Tukey 1950, Ann Math Stat 21:607-611, doi:10.1214/aoms/1177729756.
    """
    return (np.sqrt(x / t) + np.sqrt((x + 1) / t)) / 2, 1 / (4 * t)


def log_rate_ratio(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> EffectAndVariance:
    """Return ln((x₁/t₁) / (x₂/t₂)) and its variance 1/x₁ + 1/x₂."""
    return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2


def rate_difference(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> EffectAndVariance:
    """Return x₁/t₁ - x₂/t₂ and its variance x₁/t₁² + x₂/t₂²."""
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2


def root_rate_difference(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> EffectAndVariance:
    """Return √(x₁/t₁) - √(x₂/t₂) and its variance 1/4t₁ + 1/4t₂."""
    return np.sqrt(x1 / t1) - np.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)


_one = partial(
    Measure, axis="rate", family="one_rate", columns=(("events", "time"),), undefined=_UNDEFINED
)
_two = partial(
    Measure,
    family="incidence",
    columns=(("events_treatment", "time_treatment", "events_control", "time_control"),),
    undefined=_UNDEFINED,
)

MEASURES = (
    _one(
        key="IR",
        name="incidence rate",
        scale="identity",
        description="events / time at risk; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=rate,
        default_add=0.5,
    ),
    _one(
        key="IRLN",
        name="incidence rate, from its logarithm",
        scale="log",
        description="events / time at risk; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=log_rate,
        default_add=0.5,
    ),
    _one(
        key="IRS",
        name="incidence rate, from its square root",
        scale="square root",
        description="events / time at risk; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=root_rate,
        default_add=0.0,
    ),
    _one(
        key="IRFT",
        name="incidence rate, from its double square root",
        scale="double square root",
        description="events / time at risk; Freeman & Tukey 1950, doi:10.1214/aoms/1177729756",
        compute=double_root_rate,
        default_add=0.0,
    ),
    _two(
        key="IRR",
        name="incidence rate ratio",
        scale="log",
        axis="ratio",
        description="(x1/t1) / (x2/t2); Bagos & Nikolopoulos 2009, doi:10.2202/1557-4679.1168",
        compute=log_rate_ratio,
        default_add=0.5,
    ),
    _two(
        key="IRD",
        name="incidence rate difference",
        scale="identity",
        axis="difference",
        description="x1/t1 - x2/t2; Bagos & Nikolopoulos 2009, doi:10.2202/1557-4679.1168",
        compute=rate_difference,
        default_add=0.5,
    ),
    _two(
        key="IRSD",
        name="difference of the square roots of two incidence rates",
        scale="identity",
        axis="difference",
        description="√(x1/t1) - √(x2/t2), read as it is, since it belongs to no one rate "
        "difference; Bagos & Nikolopoulos 2009, doi:10.2202/1557-4679.1168",
        compute=root_rate_difference,
        default_add=0.0,
    ),
)
"""The measures of this family."""
