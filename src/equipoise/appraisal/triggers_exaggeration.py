"""When the caveat rule about exaggeration fires: studies that can only stand out by overestimating.

It has the signature of `Rule.look`, as in `triggers`.
"""

from __future__ import annotations

import math

from equipoise.appraisal.caveat import Slots
from equipoise.appraisal.exaggeration import exaggeration
from equipoise.appraisal.facts import COMPARED, Facts, Row
from equipoise.appraisal.triggers import baseline_risk, is_ratio
from equipoise.display import numbers
from equipoise.effects.interval import normal_quantile
from equipoise.effects.measures import measure as measure_of


def exaggerated(facts: Facts, rows: tuple[Row, ...]) -> Slots | None:
    """C12: one study stands out from chance, and would seldom do so if the effect were plausible.

    The plausible effect is from outside: the reduction that the plan asks to be detectable, or the
    smallest difference that matters. Never the study's own.
    """
    (row,) = rows
    known = row["interval"] in ("confidence", "reported") and row["basis"] != "pooled"
    plausible = plausible_effect(facts, row) if known and row["design"] in COMPARED else math.nan
    if math.isnan(plausible):
        return None
    scale = measure_of(row["measure"])
    low, high, effect = (float(scale.analysis(x)) for x in (row["low"], row["high"], plausible))
    if low <= 0 <= high or effect == 0 or not math.isfinite(high - low):
        return None
    level = 0.95 if math.isnan(row["ci_level"]) else row["ci_level"]
    found = exaggeration(effect, (high - low) / (2 * normal_quantile(level)), level=level)
    if found.power >= facts.thresholds.low_power:
        return None
    unit = f" {facts.outcome['unit']}" if row["measure"] == "MD" and facts.outcome["unit"] else ""
    return {
        "study": row["label"],
        "effect": f"{row['measure']} {numbers.plain(plausible, 2)}{unit}",
        "times": numbers.plain(found.type_m, 1),
        "scale": " on the log scale" if is_ratio(row["measure"]) else "",
        "power": numbers.percent(found.power),
        "type_s": found.type_s,
    }


def plausible_effect(facts: Facts, row: Row) -> float:
    """Return an effect worth finding, on the scale that people read; NaN where nobody said one.

    For events it is the planned relative reduction of the bad event, so that an outcome and its
    opposite ask for the same; for means the minimal important difference, or the customary
    standardised one.
    """
    measure = row["measure"]
    if measure in ("SMD", "SMDH"):
        return facts.thresholds.smd_important
    if measure == "MD":
        return float(facts.outcome["mid"])
    reduction = facts.analysis.relative_risk_reduction
    good, risk = facts.outcome["better"] == "higher", baseline_risk(facts, row)
    if measure in ("RR", "HR") and not good:
        return 1 - reduction
    if measure not in ("RR", "OR", "PETO", "RD") or not 0 < risk < 1:
        return math.nan
    with_it = 1 - (1 - risk) * (1 - reduction) if good else risk * (1 - reduction)
    if not is_ratio(measure):
        return with_it - risk
    odds = with_it / (1 - with_it) * (1 - risk) / risk
    return with_it / risk if measure == "RR" else odds
