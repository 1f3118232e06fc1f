"""When the caveat rules about numbers of people and events fire.

Every function has the signature of `Rule.look`, as in `triggers`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from equipoise.appraisal.caveat import Slots
from equipoise.appraisal.facts import Facts, Row, known_total
from equipoise.appraisal.information_size import information_size
from equipoise.appraisal.triggers import Rows, baseline_risk, is_compared, whose_risk
from equipoise.display import numbers


def too_few_people(facts: Facts, rows: Rows) -> Slots | None:
    """C08: fewer people than the optimal information size.

    The reduction is one of the bad event: where the outcome is a good one, its absence is counted,
    so that "operated" and "not operated" ask for the same number of people.
    """
    (row,) = rows
    risk = baseline_risk(facts, row)
    binary = facts.outcome["kind"] == "binary"
    if not (binary and is_compared(row)) or math.isnan(row["people"]) or not 0 < risk < 1:
        return None
    good = facts.outcome["better"] == "higher"
    bad = 1 - risk if good else risk
    needed = _needed(facts, bad)
    if row["people"] >= needed:
        return None
    detected = bad * (1 - facts.analysis.relative_risk_reduction)
    size = numbers.out_of(bad, detected)
    ends = [numbers.count(size * (1 - x if good else x)) for x in (bad, detected)]
    return {
        "study": row["label"],
        "people": numbers.people(row["people"]),
        "needed": numbers.count(math.ceil(needed / 10) * 10),
        "change": f"{'rise' if good else 'fall'} from {ends[0]} to {ends[1]} in "
        f"{numbers.count(size)}",
        "start": f"a starting risk of {ends[0]} in {numbers.count(size)}, {_start(facts, row)}",
        "lowers": 2 if row["people"] < needed / 2 else 1,
    }


def _needed(facts: Facts, bad: float) -> float:
    """The information size, from the starting risk of the bad event."""
    reduction = facts.analysis.relative_risk_reduction
    alpha, power = facts.thresholds.alpha, facts.thresholds.power
    return information_size(bad, reduction, alpha=alpha, power=power)


def _start(facts: Facts, row: Row) -> str:
    if facts.analysis.baseline_risk is None:
        pooled = row["basis"] == "pooled"
        return f"{'the median' if pooled else 'that'} of {whose_risk(row)}"
    return f"from {facts.risk_source}" if facts.risk_source else "as planned"


def few_events(facts: Facts, rows: Rows) -> Slots | None:
    """C09: few events, or few people for a continuous outcome."""
    (row,) = rows
    if not is_compared(row):
        return None
    if facts.outcome["kind"] == "binary" and row["events"] < facts.thresholds.few_events:
        seen = f"{numbers.people(row['events'])} had the outcome"
        return {"study": row["label"], "seen": seen, "events": row["events"]}
    if facts.outcome["kind"] == "continuous" and row["people"] < facts.thresholds.few_people:
        were = "was" if row["people"] == 1 else "were"
        seen = f"{numbers.people(row['people'])} {were} measured"
        return {"study": row["label"], "seen": seen, "people": row["people"]}
    return None


def size_unknown(facts: Facts, rows: Rows) -> Slots | None:
    """C37: too little is reported to judge by C08 or C09 whether there are enough people.

    Where only some of the studies combined report their numbers, these are the fewest there can be,
    and there may be enough of them without the others.
    """
    (row,) = rows
    kind, limits = facts.outcome["kind"], facts.thresholds
    if not is_compared(row) or row["basis"] == "percentages":  # these are a matter for C23
        return None
    if kind not in ("binary", "continuous"):
        return None
    parts = facts.together.rows if facts.together and row["basis"] == "pooled" else rows
    people, unsized = known_total(parts, "people")
    if kind == "continuous":
        short = bool(unsized) and people < limits.few_people
        return _not_reported(row, parts, "people") if short else None
    events, uncounted = known_total(parts, "events")
    risk = baseline_risk(facts, row)
    bad = 1 - risk if facts.outcome["better"] == "higher" else risk
    needed = _needed(facts, bad) if 0 < bad < 1 else math.inf
    judged = not uncounted or (not unsized and needed < math.inf)
    if judged or events >= limits.few_events or people >= needed:
        return None
    return _not_reported(row, parts, "people" if unsized else "events")


def _not_reported(row: Row, parts: Sequence[Row], name: str) -> Slots:
    """What is not known, and the sum of what is, without the studies that do not say."""
    known, silent = known_total(parts, name)
    some = len(silent) < len(parts)
    return {
        "study": row["label"],
        "what": "took part in" if name == "people" else "had the outcome in",
        "known": f" ({numbers.count(known)} without {numbers.listing(silent)})" if some else "",
    }
