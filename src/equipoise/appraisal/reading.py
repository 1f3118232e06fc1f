"""A summary's frame as a reader wants it: words and rounded numbers, one row a comparison."""

from __future__ import annotations

import math

import pandas as pd

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.facts import Row, design_name, design_of
from equipoise.appraisal.triggers import has_numbers
from equipoise.appraisal.wording import RELATIONS, share
from equipoise.display import numbers
from equipoise.evidence.records import records


def readable(frame: pd.DataFrame, outcome: Row) -> pd.DataFrame:
    """Return study, design, time, the numbers of both groups, the effect and where it was read."""
    rows = [
        {
            "Study": row["label"],
            "Design for this outcome": design_name(design_of(row), row["directness"]),
            "When": "not reported" if row["timepoint"] == "NR" else row["timepoint"],
            "Treated": _group(row, "treatment", outcome),
            "Compared": _group(row, "control", outcome),
            "Estimate": estimate_text(row),
            "Read in": f"{row['source_id']} ({row['confidence'].replace('_', ' ')})",
        }
        for row in records(frame)
    ]
    names = [
        "Study",
        "Design for this outcome",
        "When",
        "Treated",
        "Compared",
        "Estimate",
        "Read in",
    ]
    return pd.DataFrame(rows, columns=names)


def _group(row: Row, arm: str, outcome: Row) -> str:
    label = row["treatment"] if arm == "treatment" else row["comparator"]
    if not label:
        return "nobody"
    if not math.isnan(row[f"events_{arm}"]) or not math.isnan(row[f"percent_{arm}"]):
        return f"{label}: {share(row, arm)}"
    if arm == "treatment" and not (math.isnan(row["mean_before"]) or math.isnan(row["mean_after"])):
        before, after = numbers.short(row["mean_before"]), numbers.short(row["mean_after"])
        return f"{label}: {before} → {after} {outcome['unit']}"
    return str(label) if has_numbers(row) else f"{label}: not reported"


def estimate_text(row: Row, unit: str = "") -> str:
    """Return the effect of a comparison, in its unit if there is one, and what interval it has."""
    if not has_numbers(row):
        return f"none: {row['reason']}"
    text = numbers.estimate(row["estimate"], row["low"], row["high"], row["measure"])
    if row["measure"] == "PR" and row["basis"] == "percentages":
        text = RELATIONS.get(row["relation_treatment"], "") + text
    level = 0.95 if math.isnan(row["ci_level"]) else row["ci_level"]
    kind = numbers.interval_name(row["interval"], level)
    if row["measure"] == "MC":
        text = f"change of {numbers.signed(row['estimate'])} {unit}".rstrip()
    elif row["measure"] != "PR":
        text = f"{row['measure']} {text}"
        text += f" {unit}" if unit and row["measure"] == "MD" else ""
    text += f", {kind}" if kind else ""
    return f"{text}; {row['reason']}" if row["reason"] else text


def caveat_table(caveats: tuple[Caveat, ...]) -> pd.DataFrame:
    """Return one row a caveat: code, severity, domain, sentence, studies, reference."""
    rows = [
        {
            "Code": caveat.code,
            "Severity": caveat.severity,
            "Domain": caveat.domain,
            "What this cannot show": caveat.sentence,
            "Studies": "; ".join(caveat.studies),
            "Reference": caveat.reference + (" (rule of thumb)" if caveat.rule_of_thumb else ""),
        }
        for caveat in caveats
    ]
    names = ["Code", "Severity", "Domain", "What this cannot show", "Studies", "Reference"]
    return pd.DataFrame(rows, columns=names)
