"""When the size of an effect raises certainty: far from no difference, and nothing else amiss."""

from __future__ import annotations

import math
from collections.abc import Sequence

from equipoise.appraisal.facts import Facts, Row
from equipoise.appraisal.pooling import risk_with
from equipoise.appraisal.triggers import baseline_risk
from equipoise.display import numbers

UPGRADE = "upgrade"
"""The domain of certainty.csv in which a person raises."""

LARGE_EFFECT = "large effect"
LARGE = 2.0
"""Ratio of risks, or its inverse, beyond which an effect raises by one level."""


def large_effect(facts: Facts, rows: Sequence[Row]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Return that a large effect raises certainty by one level (below 0), and why; or nothing.

    Only of direct non-randomised comparisons whose risk ratio lies beyond 2 or 1/2, with its whole
    interval on the same side of no difference. An odds ratio, a hazard ratio or a risk difference
    counts as the risk ratio that follows at the starting risk. GRADE allows two levels beyond 5 or
    1/5; whether plausible confounding could make so much is for a person to judge.

    Parameters
    ----------
    facts
        The analysis.
    rows
        The comparisons that the certainty is about; if they are combined, the pooled estimate is
        judged, else the least of them.

    References
    ----------
    Guyatt GH et al. GRADE guidelines 9. J Clin Epidemiol 2011;64:1311-1316,
    doi:10.1016/j.jclinepi.2011.06.004.
    """
    judged = [facts.together.row] if facts.together else list(rows)
    sizes = [_size(facts, row) for row in judged]
    if not all(size > LARGE for size in sizes):
        return {}
    row = judged[sizes.index(min(sizes))]
    told = numbers.estimate(row["estimate"], row["low"], row["high"], row["measure"])
    return {LARGE_EFFECT: (-1, (f"{row['measure']} {told}",))}


def _size(facts: Facts, row: Row) -> float:
    """The risk ratio or its inverse, whichever is larger; 0 of what does not count."""
    if row["design"] != "nrsi_controlled" or row["directness"] != "direct":
        return 0.0
    if facts.outcome["kind"] != "binary" or row["interval"] not in ("confidence", "reported"):
        return 0.0
    estimate, low, high = (_ratio(facts, row, row[end]) for end in ("estimate", "low", "high"))
    if math.isnan(estimate) or not (low > 1 or high < 1):
        return 0.0
    return max(estimate, 1 / estimate) if estimate > 0 else math.inf


def _ratio(facts: Facts, row: Row, effect: float) -> float:
    """The risk ratio that an effect means at the starting risk."""
    if row["measure"] == "RR":
        return effect
    start = baseline_risk(facts, row)
    return risk_with(row["measure"], start, effect) / start if start > 0 else math.nan
