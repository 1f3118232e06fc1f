"""When the caveat rules about reporting fire: what is missing, unchecked, or said beyond it.

Every function has the signature of `Rule.look`, as in `triggers`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from equipoise.appraisal.caveat import Slots
from equipoise.appraisal.facts import COMPARED, Facts, unused_numbers
from equipoise.appraisal.triggers import ARMS, Rows, baseline_risk, has_numbers
from equipoise.display import numbers

if TYPE_CHECKING:
    import pandas as pd

FAIR = ("accurate", "accurate but incomplete")
UNCHECKED = "not verifiable"


def maker_paid(_: Facts, rows: Rows) -> Slots | None:
    """C19: industry paid."""
    (row,) = rows
    paid = row["funding"] in ("industry", "mixed") and row["directness"] == "direct"
    return {"study": row["label"]} if paid else None


def payer_unknown(_: Facts, rows: Rows) -> Slots | None:
    """C19: nobody says who paid."""
    (row,) = rows
    unknown = row["funding"] == "NR" and row["directness"] == "direct"
    return {"study": row["label"]} if unknown else None


def no_starting_risk(facts: Facts, rows: Rows) -> Slots | None:
    """C21: a relative effect whose starting risk nobody gives."""
    (row,) = rows
    unknown = math.isnan(baseline_risk(facts, row))
    relative = row["measure"] in ("RR", "OR", "PETO", "HR") and not math.isnan(row["estimate"])
    return {"study": row["label"], "measure": row["measure"]} if relative and unknown else None


def percentage_of_whom(_: Facts, rows: Rows) -> Slots | None:
    """C23: a percentage that its group, as it began, cannot give."""
    (row,) = rows
    for arm in ARMS:
        percent, events, n = (row[f"{name}_{arm}"] for name in ("percent", "events", "n"))
        began = row[f"n_allocated_{arm}"]
        if any(math.isnan(x) for x in (percent, events, n, began)) or n == began:
            continue
        places = int(row[f"decimals_{arm}"])
        if abs(100 * events / began - percent) > 0.5 * 10.0**-places:
            derived = f"of {row['label']}, derived here from what is printed,"
            return {
                "study": derived if row["confidence"] == "derived" else f"in {row['label']}",
                "percent": numbers.plain(percent, places),
                "events": numbers.count(events),
                "n": numbers.count(n),
                "began": numbers.count(began),
                "instead": numbers.plain(100 * events / began, places),
            }
    return None


def percentage_of_nobody(_: Facts, rows: Rows) -> Slots | None:
    """C23: percentages without the number of people behind them."""
    (row,) = rows
    without = [
        not math.isnan(row[f"percent_{arm}"]) and math.isnan(row[f"n_{arm}"]) for arm in ARMS
    ]
    return {"study": row["label"]} if row["basis"] == "percentages" and any(without) else None


def claims_go_further(facts: Facts, rows: Rows) -> Slots | None:
    """C25: what is said in public about this outcome is more than the evidence bears."""
    beyond = facts.claims[~facts.claims["verdict"].isin((*FAIR, UNCHECKED))]
    slots = _statements(facts.claims, beyond) if rows else None
    return slots and {**slots, "say": "says" if len(beyond) == 1 else "say"}


def claims_unchecked(facts: Facts, rows: Rows) -> Slots | None:
    """C25: what is said in public about this outcome could not be checked, which is no verdict."""
    unchecked = facts.claims[facts.claims["verdict"] == UNCHECKED]
    return _statements(facts.claims, unchecked) if rows else None


def _statements(every: pd.DataFrame, chosen: pd.DataFrame) -> Slots | None:
    if chosen.empty:
        return None
    count, total = len(chosen), len(every)
    return {
        "which": f"{count} of {total} public statements"
        if total > 1
        else "The one public statement",
        "such_as": "for instance " if count > 1 else "",
        "claim": str(chosen.iloc[0]["claim"]).rstrip("."),
        "verdict": str(chosen.iloc[0]["verdict"]),
        "count": float(count),
        "total": float(total),
    }


def groups_left_out(_: Facts, rows: Rows) -> Slots | None:
    """C26: a study compared with more groups than it reports results for."""
    compared = [row for row in rows if row["design"] in COMPARED and row["comparator"]]
    groups = {row["comparator"] for row in compared}
    reported = {row["comparator"] for row in compared if has_numbers(row)}
    if not reported or groups == reported:
        return None
    return {
        "study": rows[0]["label"],
        "groups": numbers.count(len(groups)),
        "missing": numbers.count(len(groups - reported)),
    }


def paper_not_read(_: Facts, rows: Rows) -> Slots | None:
    """C27: the numbers come from somebody else's account of the study."""
    (row,) = rows
    if row["read"] != "not_read":
        return None
    kinds = [kind.replace("_", " ") for kind in row["read_in"].split("; ")]
    account = numbers.listing([numbers.with_article(kind) for kind in kinds])
    return {"study": row["label"], "account": account}


def no_numbers(_: Facts, rows: Rows) -> Slots | None:
    """C28: measured, but no number was found."""
    reporting = {row["label"] for row in rows if has_numbers(row) or unused_numbers(row)}
    silent = dict.fromkeys(row["label"] for row in rows)
    names = [name for name in silent if name not in reporting]
    return {"studies": numbers.listing(names)} if names else None


def own_thresholds(facts: Facts, rows: Rows) -> Slots | None:
    """C36: the review draws another line than is customary."""
    changed = facts.thresholds.changed()
    if not (changed and any(map(has_numbers, rows))):
        return None
    told = [f"{name} is {here:g} instead of {usual:g}" for name, (here, usual) in changed.items()]
    return {"changes": "; ".join(told), "count": float(len(told))}


def numbers_not_used(facts: Facts, rows: Rows) -> Slots | None:
    """C28: numbers are reported, but not such as this version makes the planned effect of."""
    kinds = [kind for row in rows if (kind := unused_numbers(row))]
    if not kinds or any(has_numbers(row) for row in rows):
        return None
    return {"study": rows[0]["label"], "kind": kinds[0], "measure": facts.analysis.measure}
