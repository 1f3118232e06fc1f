"""Summaries made by hand, and how to read the marks that figures make of them."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
from drawing import found
from matplotlib.axes import Axes

from equipoise.appraisal.caveat import Caveat
from equipoise.effects.estimates import estimates
from equipoise.evidence.comparison import COLUMNS

LONG = "Upside-down $5 therapy with a name that is eighty characters long, more or less so"

CAVEAT = Caveat(
    code="C99", domain="imprecision", severity="high", title="few people",
    sentence="Few people took part.", numbers={}, studies=(), reference="none",
)  # fmt: skip

OUTCOME = {
    "outcome_id": "surgery", "label": "Surgery", "kind": "binary", "better": "lower",
    "phrase": "had surgery", "unit": "points",
}  # fmt: skip


def summary(rows: list[dict[str, Any]], measure: str = "RR", **outcome: str) -> Any:
    """Return what `eq.summarize` returns, as far as figures look at it."""
    default = {"timepoint": "6 weeks", "directness": "direct", "treatment": "Inversion"}
    records = [
        {**COLUMNS, "study_id": f"s{n}", "label": f"Study {n}", **default, **row}
        for n, row in enumerate(rows)
    ]
    frame = estimates(pd.DataFrame(records, columns=list(COLUMNS)), measure)
    people = frame["n_treatment"] + frame["n_control"].where(frame["comparator"] != "", 0)
    frame["people"] = frame["n_reported"].fillna(people).fillna(frame["n"])
    return SimpleNamespace(
        id="surgery", measure=measure, outcome={**OUTCOME, **outcome}, frame=frame,
        caveats=(CAVEAT,), sentence="This is the sentence.", certainty=None,
        why_not_pooled="There is a reason.", pooled=None,
    )  # fmt: skip


def counted(e1: float, n1: float, e2: float, n2: float, **more: Any) -> dict[str, Any]:
    """Return a row with counts in two groups."""
    return {
        "design": "rct", "comparator": "Usual care", "events_treatment": e1, "n_treatment": n1,
        "events_control": e2, "n_control": n2, **more,
    }  # fmt: skip


def percents(p1: float, p2: float, **more: Any) -> dict[str, Any]:
    """Return a row with whole percentages of unknown numbers of people in two groups."""
    return {
        "design": "nrsi_controlled", "comparator": "Matched people", "percent_treatment": p1,
        "decimals_treatment": 0.0, "percent_control": p2, "decimals_control": 0.0, **more,
    }  # fmt: skip


def alone(**more: Any) -> dict[str, Any]:
    """Return a row in which nobody was compared."""
    row = {"design": "single_arm", "comparator": "", **more}
    return {"decimals_treatment": 0.0, **row} if "percent_treatment" in row else row


def silent(**more: Any) -> dict[str, Any]:
    """Return a comparison that reports nothing."""
    return {"design": "nrsi_controlled", "comparator": "Others", **more}


def many(count: int) -> list[dict[str, Any]]:
    """Return rows of every kind, with long labels among them."""
    kinds = [
        counted(3, 13, 7, 9), percents(21, 39), silent(), counted(0, 40, 5, 41),
        counted(155, 175, 11000, 12000, label=LONG, treatment=LONG, comparator=LONG),
        alone(percent_treatment=75.0, relation_treatment="more_than"),
        percents(2, 98, design="rct"),
    ]  # fmt: skip
    return [{**kinds[n % len(kinds)]} for n in range(count)]


def marks(ax: Axes, gid: str) -> list[float]:
    """Return where marks stand on the horizontal axis."""
    return [float(line.get_xdata()[0]) for line in found(ax, gid)]


def ends(ax: Axes, gid: str = "interval") -> list[tuple[float, float]]:
    """Return the two ends of each interval."""
    return [(float(line.get_xdata()[0]), float(line.get_xdata()[1])) for line in found(ax, gid)]


def ticks(ax: Axes) -> list[str]:
    """Return the labels of the horizontal axis."""
    return [label.get_text() for label in ax.get_xticklabels()]


def is_hollow(line: Any) -> bool:
    """Return whether a mark is filled with the colour of the paper."""
    return bool(line.get_markerfacecolor() == "#ffffff")
