"""What an effect means in people: the risk without the treatment, and the risk with it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from equipoise.appraisal.facts import Facts, Row
from equipoise.appraisal.pooling import risk_with, starting_risk_source
from equipoise.appraisal.triggers import baseline_risk


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsoluteRisks:
    """Risks from 0 to 1; NaN where nothing tells them.

    Attributes
    ----------
    without
        The risk without the treatment: the planned one, else that of the comparison groups.
    without_is
        In words, which risk that is.
    with_it, low, high
        The risk that follows from it and the effect, and from the ends of the effect's interval.
        Of one group alone, its own share and interval, and nothing is known without.
    """

    without: float
    without_is: str
    with_it: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        """The risk with the treatment minus the risk without."""
        return self.with_it - self.without


def absolute_risks(facts: Facts, row: Row) -> AbsoluteRisks | None:
    """Return the risks that one comparison, or the pooled estimate, means.

    `with = without · RR`, and accordingly for other measures: see `pooling.risk_with`. The ends
    follow from those of the effect; how uncertain the starting risk itself is does not enter.

    Parameters
    ----------
    facts
        The analysis.
    row
        One of its comparisons, or the pooled estimate as a row.

    Returns
    -------
    AbsoluteRisks or None
        None where the outcome is no event, or the row has no estimate.

    References
    ----------
    Cochrane Handbook version 6, section 15.4.4.
    """
    ends = (row["estimate"], row["low"], row["high"])
    if facts.outcome["kind"] != "binary" or math.isnan(row["estimate"]):
        return None
    if row["measure"] == "PR":
        return AbsoluteRisks(
            without=math.nan, without_is="", with_it=ends[0], low=ends[1], high=ends[2]
        )
    start = baseline_risk(facts, row)
    with_it, low, high = (risk_with(row["measure"], start, end) for end in ends)
    return AbsoluteRisks(
        without=start,
        without_is=starting_risk_source(facts, pooled=row["basis"] == "pooled"),
        with_it=with_it,
        low=low,
        high=high,
    )
