"""A pooled estimate as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from equipoise.display import numbers
from equipoise.effects.measures import measure as measure_of
from equipoise.synthesis.notes import COMMON_EFFECT

if TYPE_CHECKING:
    from equipoise.synthesis.pooled import Pooled

_MODELS = {
    "CE": "common effect",
    "MH": "Mantel-Haenszel",
    "PETO": "common effect",
    "HC": "common-effect weights",
}
_INTERVALS = {
    "wald": "Wald interval",
    "t": "t interval",
    "hksj": "Hartung-Knapp interval",
    "hksj-adhoc": "Hartung-Knapp interval, never narrower than Wald's",
    "henmi-copas": "Henmi-Copas interval",
}


def sentences(pooled: Pooled) -> list[str]:
    """Return the lines that tell a result, its notes last.

    Parameters
    ----------
    pooled
        A result.

    Returns
    -------
    list of str
        Lines of text, rounded for readers.
    """
    first, *others = lines(pooled)
    notes = [f"  - {note}" for note in pooled.notes]
    told = [first, *(f"  {line}" for line in others)]
    return [*told, "", "What to know about it", *notes] if notes else told


def lines(pooled: Pooled) -> list[str]:
    """Return the numbers of a result as lines of text; the first says what they are."""
    scale = measure_of(pooled.measure)
    level = f"{100 * pooled.level:g}%"
    name = numbers.upper_first(scale.name) if scale.key != "GEN" else "Effect"
    shown = pooled.natural()
    places = numbers.effect_digits(scale.key, shown.estimate, shown.low, shown.high)
    estimate = numbers.effect(shown.estimate, places, scale.key)
    ends = numbers.effect_interval(shown.low, shown.high, places, scale.key)
    told = [f"{name}, {method(pooled)}", f"{estimate} ({level} CI {ends}){_p_value(pooled)}"]
    if not math.isnan(pooled.prediction_low):
        ends = numbers.effect_interval(
            shown.prediction_low, shown.prediction_high, places, scale.key
        )
        told.append(f"{level} prediction interval {ends}")
    return told if pooled.k == 1 else [*told, heterogeneity(pooled)]


def method(pooled: Pooled) -> str:
    """Return how a result was made: `13 studies, random effects (REML), Hartung-Knapp interval`."""
    one, given = pooled.k == 1, f"tau2 given ({_tau2(pooled)})" if pooled.tau2_given else ""
    if one:  # whatever the method, of one study there is only the normal interval
        parts = ["1 study", given, "normal interval"]
    else:
        parts = [
            f"{pooled.k} studies",
            f"random effects, {given}" if given else model(pooled),
            "weights given" if pooled.weights_given else "",
            _INTERVALS[pooled.ci_method],
        ]
    return ", ".join(filter(None, parts))


def model(pooled: Pooled) -> str:
    """Return what a result takes effects for: `random effects (REML)`, `common effect`."""
    return _MODELS.get(pooled.estimator, f"random effects ({pooled.estimator})")


def heterogeneity(pooled: Pooled, *, written_out: bool = False) -> str:
    """Return how far the studies differ: tau2, I2 and Q, the first two with their intervals.

    Parameters
    ----------
    pooled
        A result.
    written_out
        Whether symbols and words are those of a page rather than those of a terminal.
    """
    if not pooled.q_df > 0:
        return "with one study to compare, how far studies differ cannot be seen"
    tau2, i2, freedom = ("τ²", "I²", "degrees of freedom") if written_out else ("tau2", "I2", "df")
    if written_out and pooled.q_df == 1:
        freedom = "degree of freedom"
    level = numbers.interval_name("confidence", pooled.level)
    estimated = not pooled.tau2_given and not math.isnan(pooled.tau2_low)
    parts = []
    if not math.isnan(pooled.tau2) and pooled.estimator not in COMMON_EFFECT:
        ends = numbers.interval(pooled.tau2_low, pooled.tau2_high, _tau2_places(pooled))
        known = f" ({level} {ends})" if estimated else " (given)" if pooled.tau2_given else ""
        parts.append(f"{tau2} {_tau2(pooled)}{known}")
    if not math.isnan(pooled.i2):
        ends = numbers.percents(pooled.i2_low, pooled.i2_high)
        known = f" ({f'{level} ' if written_out else ''}{ends})" if estimated else ""
        parts.append(f"{i2} {numbers.percent(pooled.i2)}{known}")
    q = numbers.plain(pooled.q, 1 if pooled.q >= 1 else 2)
    p_value = numbers.p_value(pooled.q_p_value)
    parts.append(f"Q {q} on {numbers.count(pooled.q_df)} {freedom}{_comma(p_value)}")
    return "; ".join(parts)


def _tau2(pooled: Pooled) -> str:
    return numbers.plain(pooled.tau2, _tau2_places(pooled))


def _tau2_places(pooled: Pooled) -> int:
    return max(3, numbers.digits_for(pooled.tau2, pooled.tau2_high))


def _p_value(pooled: Pooled) -> str:
    """Return the p value after a comma; nothing where no value means no difference."""
    asked = measure_of(pooled.measure).null is not None
    return _comma(numbers.p_value(pooled.p_value)) if asked else ""


def _comma(text: str) -> str:
    return f", {text}" if text else ""
