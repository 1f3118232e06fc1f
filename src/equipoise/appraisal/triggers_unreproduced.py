"""When the caveat rules about p values and intervals that do not add up fire.

Every function has the signature of `Rule.look`, as in `triggers`; the numbers were recomputed in
`unreproduced`.
"""

from __future__ import annotations

from equipoise.appraisal.caveat import Slots
from equipoise.appraisal.facts import Facts, Row


def p_value_crosses(_: Facts, rows: tuple[Row, ...]) -> Slots | None:
    """C24: the reported p value lies on the other side of 0.05 than every recomputed one."""
    return _p_slots(rows, "crosses 0.05")


def p_value_differs(_: Facts, rows: tuple[Row, ...]) -> Slots | None:
    """C24: no recomputed p value is the reported one, but not all lie on the other side of 0.05."""
    return _p_slots(rows, "not reproduced")


def interval_does_not_fit(_: Facts, rows: tuple[Row, ...]) -> Slots | None:
    """C24: the reported estimate is outside its interval, or off its middle."""
    (row,) = rows
    fault = row["interval_fault"]
    return {"study": row["label"], "fault": fault.removesuffix(".")} if fault else None


def _p_slots(rows: tuple[Row, ...], verdict: str) -> Slots | None:
    (row,) = rows
    if row["p_verdict"] != verdict:
        return None
    return {
        "study": row["label"],
        "reported": row["p_reported"],
        "recomputed": row["p_recomputed"],
    }
