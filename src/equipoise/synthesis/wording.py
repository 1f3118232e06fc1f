"""A pooled estimate as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from equipoise.display.numbers import (
    digits_for,
    interval,
    p_value,
    percent,
    plain,
    ratio_digits,
    upper_first,
)
from equipoise.effects.measures import measure as measure_of

if TYPE_CHECKING:
    from equipoise.synthesis.pooled import Pooled

ESTIMATOR_NAMES = {
    "CE": "common effect",
    "MH": "Mantel-Haenszel",
    "PETO": "Peto",
    "HC": "Henmi-Copas",
}
INTERVAL_NAMES = {
    "wald": "Wald interval",
    "t": "t interval",
    "hksj": "Hartung-Knapp interval",
    "hksj-adhoc": "Hartung-Knapp interval, never narrower than Wald's",
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
    scale = measure_of(pooled.measure)
    level = f"{100 * pooled.level:g}%"
    model = ESTIMATOR_NAMES.get(pooled.estimator, f"random effects ({pooled.estimator})")
    name = upper_first(scale.name) if scale.key != "GEN" else "Effect"
    studies = "1 study" if pooled.k == 1 else f"{pooled.k} studies"
    shown = pooled.natural(math.inf)  # the limit of large groups, where a size matters
    places = max(2, digits_for(shown.estimate, shown.low, shown.high))
    if scale.axis == "ratio":
        places = ratio_digits(places, shown.estimate, shown.low, shown.high)
    lines = [
        f"{name}, {studies}, {model}, {INTERVAL_NAMES[pooled.ci_method]}",
        f"  {plain(shown.estimate, places)} ({level} CI {interval(shown.low, shown.high, places)})"
        f"{_comma(p_value(pooled.p_value))}",
    ]
    if not math.isnan(pooled.prediction_low):
        ends = interval(shown.prediction_low, shown.prediction_high, places)
        lines.append(f"  {level} prediction interval {ends}")
    lines += [f"  {_heterogeneity(pooled, level)}"]
    if pooled.notes:
        lines += ["", "What to know about it", *(f"  - {note}" for note in pooled.notes)]
    return lines


def _heterogeneity(pooled: Pooled, level: str) -> str:
    parts = []
    if not math.isnan(pooled.tau2) and pooled.estimator not in ESTIMATOR_NAMES:
        places = max(3, digits_for(pooled.tau2, pooled.tau2_high))
        tau2 = f"tau2 {plain(pooled.tau2, places)}"
        if not math.isnan(pooled.tau2_low):
            tau2 += f" ({level} CI {interval(pooled.tau2_low, pooled.tau2_high, places)})"
        parts.append(tau2)
    if not math.isnan(pooled.i2):
        i2 = f"I2 {percent(pooled.i2)}"
        if not math.isnan(pooled.i2_low):
            i2 += f" ({percent(pooled.i2_low)} to {percent(pooled.i2_high)})"
        parts.append(i2)
    if pooled.k > 1:
        parts.append(
            f"Q {plain(pooled.q, 1)} on {pooled.q_df:g} df{_comma(p_value(pooled.q_p_value))}"
        )
    return "; ".join(parts) or "one study: differences between studies cannot be seen"


def _comma(text: str) -> str:
    return f", {text}" if text else ""
