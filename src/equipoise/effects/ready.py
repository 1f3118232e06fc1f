"""Effects that a source reports with their uncertainty, made ready to pool."""

from functools import partial

from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import EffectAndVariance, Measure


def as_given(effect: Floats, variance: Floats) -> EffectAndVariance:
    """Return both as they are."""
    return effect, variance


_ready = partial(
    Measure,
    columns=(("effect", "variance"), ("effect", "se"), ("effect", "ci_low", "ci_high")),
    compute=as_given,
    undefined="the numbers are too large to compute with",
)

MEASURES = (
    _ready(
        key="GEN",
        name="effect",
        scale="identity",
        axis="difference",
        family="generic",
        description="whatever was reported, with variance, standard error or interval",
    ),
    _ready(
        key="HR",
        name="hazard ratio",
        scale="log",
        axis="ratio",
        family="time_to_event",
        description="ratio of hazards, as reported: ln(HR) with its variance or standard error, "
        "or HR with its interval; Cochrane Handbook 5.1, section 9.2.6",
    ),
)
"""The measures of this family."""
