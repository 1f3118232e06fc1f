"""When the size of an effect raises certainty: far from no difference, and nothing else amiss."""

from __future__ import annotations

import math
from collections.abc import Sequence

from equipoise.appraisal.facts import Facts, Row
from equipoise.appraisal.pooling import risk_with
from equipoise.appraisal.triggers import baseline_risk
from equipoise.display import numbers

UPGRADE = "upgrade"
LARGE, VERY_LARGE = 2.0, 5.0
"""Ratios of risks, or their inverses, from which on an effect raises by one level, and by two."""


def large_effect(facts: Facts, rows: Sequence[Row]) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Return by how many levels (below 0) a large effect raises certainty, and why; or nothing.

    Only of direct non-randomised comparisons whose risk ratio lies beyond 2 or 1/2 (one level), or
    5 or 1/5 (two), with its whole interval on the same side of no difference. An odds ratio, a
    hazard ratio or a risk difference counts as the risk ratio that follows at the starting risk.

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
    levels = [_levels(facts, row) for row in judged]
    if not all(levels):
        return {}
    row = judged[levels.index(min(levels))]
    told = numbers.estimate(row["estimate"], row["low"], row["high"], row["measure"])
    return {UPGRADE: (-min(levels), (f"large effect, {row['measure']} {told}",))}


def _levels(facts: Facts, row: Row) -> int:
    if row["design"] != "nrsi_controlled" or row["directness"] != "direct":
        return 0
    if facts.outcome["kind"] != "binary" or row["interval"] not in ("confidence", "reported"):
        return 0
    estimate, low, high = (_ratio(facts, row, row[end]) for end in ("estimate", "low", "high"))
    if math.isnan(estimate) or not (low > 1 or high < 1):
        return 0
    size = max(estimate, 1 / estimate) if estimate > 0 else math.inf
    return 2 if size > VERY_LARGE else 1 if size > LARGE else 0


def _ratio(facts: Facts, row: Row, effect: float) -> float:
    """The risk ratio that an effect means at the starting risk."""
    if row["measure"] == "RR":
        return effect
    start = baseline_risk(facts, row)
    return risk_with(row["measure"], start, effect) / start if start > 0 else math.nan
