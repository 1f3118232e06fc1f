"""`results.json`: every number, sentence and caveat of a build, for programs."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from equipoise.appraisal.pooling import Together
from equipoise.appraisal.summary import Summary
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import records


def write_results(
    evidence: Evidence, summaries: Sequence[Summary], audit: pd.DataFrame, path: Path
) -> None:
    """Write the results as JSON; absent numbers are null, infinite ones text."""
    content = {
        "title": evidence.review.title,
        "updated": evidence.review.updated,
        "question": asdict(evidence.review.question),
        "analyses": [_analysis(summary) for summary in summaries],
        "claims": _clean(records(audit)),
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _analysis(summary: Summary) -> dict[str, object]:
    return {
        "id": summary.id,
        "outcome": _clean(dict(summary.outcome)),
        "measure": summary.measure,
        "sentence": summary.sentence,
        "certainty": _clean(asdict(summary.certainty)) if summary.certainty else None,
        "pooled": _pooled(summary.together),
        "why_not_pooled": summary.why_not_pooled,
        "comparisons": _clean(records(summary.frame)),
        "caveats": [_clean(asdict(caveat)) for caveat in summary.caveats],
    }


def _pooled(together: Together | None) -> object:
    """The pooled estimate on both scales, and the risks it means; None if there is none."""
    if together is None:
        return None
    row = together.row
    return _clean(
        {
            **asdict(together.pooled),
            "natural": asdict(together.pooled.natural()),
            "risk_without": row["percent_control"] / 100,
            "risk_without_is": together.starting_risk_is,
            "risk_with": row["percent_treatment"] / 100,
            "risk_difference": [row[name] for name in ("risk_difference", "rd_low", "rd_high")],
            "notes": together.pooled.notes,
        }
    )


def _clean(value: object) -> object:
    """Make a value that JSON knows."""
    if isinstance(value, dict):
        return {str(key): _clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return float(value) if math.isfinite(value) else str(value)
    return value
