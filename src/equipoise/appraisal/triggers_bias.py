"""When the caveat rules about bias fire: who was compared, who assigned, who judged.

Every function has the signature of `Rule.look`, as in `triggers`.
"""

from __future__ import annotations

import math

from equipoise.appraisal.caveat import Slots
from equipoise.appraisal.facts import QUASI_RANDOM, Facts, Row
from equipoise.appraisal.triggers import Rows
from equipoise.display import numbers
from equipoise.evidence.records import records


def uncontrolled(_: Facts, rows: Rows) -> Slots | None:
    """C01: for this outcome there is no number of people who were left untreated."""
    (row,) = rows
    if row["design"] not in ("single_arm", "case_series", "case_report"):
        return None
    return {"study": row["label"]}


def natural_course(facts: Facts, rows: Rows) -> Slots | None:
    """C02: an early, uncontrolled result, and it is known how such complaints go without it."""
    (row,) = rows
    history = facts.context[facts.context["kind"] == "natural_history"]
    late = not math.isnan(row["weeks"]) and row["weeks"] > facts.thresholds.early_weeks
    if uncontrolled(facts, rows) is None or late or history.empty:
        return None
    courses, amounts = [], []
    for _, series in history.dropna(subset=["value"]).groupby("series", sort=False):
        points = [
            point
            for point in records(series.sort_values("weeks"))
            if not math.isnan(point["weeks"])
        ]
        if len(points) > 1:
            courses.append(_course(*points[:2]))
        else:
            amounts.append(_amount(records(series)[0]))
    # A course over time says more than a single number, which serves where there is none.
    told = courses or amounts
    return {"courses": "; ".join(told)} if told else None


def _course(first: Row, second: Row) -> str:
    start, end = (numbers.short(point["weeks"]) for point in (first, second))
    when = f"within {end} weeks" if first["weeks"] == 0 else f"between weeks {start} and {end}"
    return (
        f"{numbers.lower_first(first['quantity'])}, from {numbers.short(first['value'])} to "
        f"{numbers.short(second['value'])} {first['unit']} {when}{_of_whom(first)}"
    )


def _amount(point: Row) -> str:
    value = numbers.short(point["value"])
    value += "%" if point["unit"] == "percent" else f" {point['unit']}"
    return f"{numbers.lower_first(point['quantity'])}, {value}{_of_whom(point)}"


def _of_whom(point: Row) -> str:
    known = point["population"] not in ("", "NR")
    return f" ({numbers.lower_first(point['population'])})" if known else ""


def at_its_worst(facts: Facts, rows: Rows) -> Slots | None:
    """C03: an uncontrolled result of people who came because their complaint was bad just then."""
    (row,) = rows
    if uncontrolled(facts, rows) is None or row["recruited_at_worst"] != "yes":
        return None
    return {"study": row["label"]}


def self_judged(facts: Facts, rows: Rows) -> Slots | None:
    """C04: people knew, or may have known, what they received, and judged the result themselves."""
    (row,) = rows
    judged = facts.outcome["assessed"] == "self_report"
    blinded = row["participants_blinded"] == "yes" or row["design"] == "systematic_review"
    return {"study": row["label"]} if judged and not blinded else None


def not_by_chance(_: Facts, rows: Rows) -> Slots | None:
    """C05: a comparison group that chance did not form."""
    (row,) = rows
    if row["design"] != "nrsi_controlled":
        return None
    assigned = f"In {row['label']} people were not assigned by chance"
    if row["read"] == "not_read":
        assigned = f"No source says that people in {row['label']} were assigned by chance"
    return {"study": row["label"], "assigned": assigned}


def by_a_rule(_: Facts, rows: Rows) -> Slots | None:
    """C34: a rule, not chance, decided who was treated."""
    (row,) = rows
    if row["design"] != "rct" or row["allocation"] not in QUASI_RANDOM:
        return None
    return {"study": row["label"]}
