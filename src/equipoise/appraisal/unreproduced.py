"""P values and intervals of comparisons that do not follow from the numbers beside them."""

from __future__ import annotations

import pandas as pd

from equipoise.appraisal.reported_effects import (
    Effect,
    reported_effects,
    reported_interval,
    reported_p_value,
)
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import records

COLUMNS = {
    "p_reported": "the p value as printed; empty unless it could be compared with another",
    "p_recomputed": "what the numbers beside it give, in words",
    "p_verdict": "reproduced, not reproduced, or crosses 0.05; empty as p_reported",
    "interval_fault": "why estimate and interval do not fit, as a sentence; empty if they do",
}
"""The columns `with_recomputed_p` adds, all of them text."""

_KEY = ("study_id", "treatment", "comparator", "timepoint", "reported_measure")


def with_recomputed_p(frame: pd.DataFrame, evidence: Evidence, outcome: str) -> pd.DataFrame:
    """Add to comparisons whether their reported p value and interval follow from the rest.

    The cells of contrasts.csv are read as written, so that a p value of 0.030 is no 0.03.

    Parameters
    ----------
    frame
        Comparisons of the outcome, as `Evidence.comparison` or `estimates` returns them.
    evidence
        The evidence base they are from.
    outcome
        Their `outcome_id`.

    Returns
    -------
    DataFrame
        The frame with the columns of `COLUMNS`, empty in rows without a reported effect.
    """
    labels = {(row["study_id"], row["arm_id"]): row["label"] for row in evidence.records["arms"]}
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for effect in reported_effects(evidence):
        text = effect.row.text
        if text["outcome_id"] == outcome:
            study = text["study_id"]
            treatment, control = (labels[study, text[arm]] for arm in ("arm_1", "arm_2"))
            key = (study, treatment, control, text["timepoint"], text["measure"])
            found[key] = _findings(effect)
    nothing = dict.fromkeys(COLUMNS, "")
    rows = [found.get(tuple(row[name] for name in _KEY), nothing) for row in records(frame)]
    columns = {
        name: pd.Series([row[name] for row in rows], index=frame.index, dtype="str")
        for name in COLUMNS
    }
    return frame.assign(**columns)


def _findings(effect: Effect) -> dict[str, str]:
    interval, p = reported_interval(effect), reported_p_value(effect)
    faultless = interval is None or (interval.contains and interval.centred is not False)
    found = {
        "p_reported": "",
        "p_recomputed": "",
        "p_verdict": "",
        "interval_fault": "" if faultless or interval is None else interval.sentence,
    }
    if p is not None:
        verdict = "crosses 0.05" if p.crosses else "not reproduced"
        found |= {
            "p_reported": effect.row.text["p_value"],
            "p_recomputed": p.given,
            "p_verdict": "reproduced" if p.reproduced else verdict,
        }
    return found
