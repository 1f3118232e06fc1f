"""When the caveat rules about a pooled estimate fire.

Every function has the signature of `Rule.look`, as in `triggers`; the only row is the pooled one.
"""

from __future__ import annotations

import math
from dataclasses import replace

from equipoise.appraisal.caveat import Slots
from equipoise.appraisal.facts import Facts
from equipoise.appraisal.pooling import Together
from equipoise.appraisal.triggers import Rows
from equipoise.appraisal.wording_pooled import FEWEST_TO_PREDICT
from equipoise.display import numbers
from equipoise.effects.measures import measure as measure_of
from equipoise.synthesis.pooled import Pooled


def _together(facts: Facts) -> Together:
    if facts.together is None:
        raise AssertionError("judged without a pooled estimate")  # pragma: no cover
    return facts.together


def few_pooled(facts: Facts, _: Rows) -> Slots | None:
    """C14: how far so few studies differ can hardly be estimated, and the interval rests on it."""
    pooled = _together(facts).pooled
    if pooled.k > facts.thresholds.few_combined or pooled.estimator == "CE":
        return None
    return {"studies": numbers.word(pooled.k), "k": float(pooled.k)}


def open_elsewhere(facts: Facts, _: Rows) -> Slots | None:
    """C15: the average differs from nothing, the effect in a new setting need not."""
    pooled, row = _together(facts).pooled, _together(facts).row
    apart = pooled.low > 0 or pooled.high < 0
    if measure_of(row["measure"]).null is None:
        return None  # a share has no line of no difference
    if pooled.k < FEWEST_TO_PREDICT or not (
        apart and pooled.prediction_low <= 0 <= pooled.prediction_high
    ):
        return None
    ends = pooled.natural()
    return {
        "measure": row["measure"],
        "estimate": numbers.estimate(row["estimate"], row["low"], row["high"], row["measure"]),
        "prediction": numbers.interval(ends.prediction_low, ends.prediction_high),
    }


def much_spread(facts: Facts, _: Rows) -> Slots | None:
    """C16: at least half of the variance is between studies, and chance does not explain it."""
    pooled = _together(facts).pooled
    beyond_chance = pooled.i2_low > 0 or pooled.q_p_value < 1 - pooled.level
    if not (pooled.i2 >= facts.thresholds.much_heterogeneity and beyond_chance):
        return None
    known = ""
    if not math.isnan(pooled.i2_low):
        ends = numbers.percents(pooled.i2_low, pooled.i2_high)
        known = f" ({numbers.interval_name('confidence', pooled.level)} {ends})"
    return {"i2": numbers.percent(pooled.i2), "known": known}


def to_know(facts: Facts, _: Rows) -> Slots | None:
    """C35: what the pooled estimate itself says must be known about it, beyond C14 and C15."""
    found = other_notes(_together(facts).pooled)
    return {"notes": " ".join(found).removesuffix(".")} if found else None


def other_notes(pooled: Pooled) -> tuple[str, ...]:
    """Return the notes of a pooled estimate, without those that C14 and C15 put in their words."""
    # A result without these two numbers has no note about them.
    return replace(pooled, tau2_low=math.nan, prediction_low=math.nan).notes
