"""Which study says something about which outcome: the ground of the evidence map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from equipoise.evidence.comparison import comparisons
from equipoise.evidence.records import Record

if TYPE_CHECKING:
    from equipoise.evidence.base import Evidence

_COLUMNS = ("study_id", "label", "outcome_id", "outcome", "domain", "design", "directness", "n",
            "reported", "read", "source_id")  # fmt: skip
_NUMBERS = ("events_treatment", "percent_treatment", "mean_treatment", "mean_before", "mean_after",
            "mean_change", "effect")  # fmt: skip


def coverage(evidence: Evidence) -> pd.DataFrame:
    """Return one row a study and outcome: domain, design for that outcome, people, reported."""
    studies = {row["study_id"]: row for row in evidence.records["studies"]}
    read = {row["source_id"]: row["read"] for row in evidence.records["sources"]}
    rows = []
    for outcome in evidence.records["outcomes"]:
        by_study: dict[str, list[Record]] = {}
        for row in comparisons(evidence, outcome["outcome_id"]):
            by_study.setdefault(row["study_id"], []).append(row)
        for study_id, mine in by_study.items():
            study = studies[study_id]
            rows.append(
                {
                    "study_id": study_id,
                    "label": study["label"],
                    "outcome_id": outcome["outcome_id"],
                    "outcome": outcome["label"],
                    "domain": outcome["domain"],
                    "design": mine[0]["design"],
                    "directness": study["directness"],
                    "n": _people(study),
                    "reported": any(_has_numbers(row) for row in mine),
                    "read": read[study["source_id"]],
                    "source_id": study["source_id"],
                }
            )
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _people(study: Record) -> float:
    """Those randomised, else enrolled, else analysed; NaN if nobody says."""
    sizes = (study["n_randomised"], study["n_enrolled"], study["n_analysed"])
    return next((n for n in sizes if not math.isnan(n)), math.nan)


def _has_numbers(row: Record) -> bool:
    return any(not math.isnan(row[name]) for name in _NUMBERS)
