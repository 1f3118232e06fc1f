"""From results and contrasts to comparisons: one row for each pair of groups, or group alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from equipoise.evidence.checks import decimals
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.records import Record

if TYPE_CHECKING:
    from equipoise.evidence.base import Evidence

NAN = math.nan
_CONFIDENCE_ORDER = ("primary", "peer_reviewed", "secondary", "derived")
_COMPARED_DESIGNS = ("rct", "nrsi_controlled")
_SPREADS = ("se", "median", "q1", "q3", "minimum", "maximum")
_NOT_PAIRED = {
    "before": _SPREADS,
    "after": _SPREADS,
    "change": ("sd", "se", "median", "q1", "q3"),
}
"""Numbers of a measurement within people that a comparison has no column for."""

COLUMNS: dict[str, object] = {
    "study_id": "",
    "label": "",
    "year": NAN,
    "design": "",
    "directness": "",
    "condition": "",
    "treatment": "",
    "comparator": "",
    "timepoint": "",
    "weeks": NAN,
    **{
        f"{name}_{arm}": default
        for arm in ("treatment", "control")
        for name, default in (
            ("events", NAN),
            ("n", NAN),
            ("percent", NAN),
            ("decimals", NAN),
            ("relation", ""),
            ("n_allocated", NAN),
            ("mean", NAN),
            ("sd", NAN),
        )
    },
    "mean_before": NAN,
    "sd_before": NAN,
    "mean_after": NAN,
    "sd_after": NAN,
    "mean_change": NAN,
    "minimum_change": NAN,
    "maximum_change": NAN,
    "n": NAN,
    "reported_measure": "",
    "effect": NAN,
    "ci_low": NAN,
    "ci_high": NAN,
    "ci_level": NAN,
    "se": NAN,
    "p_value": NAN,
    "n_reported": NAN,
    "source_id": "",
    "confidence": "",
    "notes": "",
    "not_reported": "",
}
"""Every column of a comparison, with the value it has when it does not apply."""


def compare(evidence: Evidence, outcome: str) -> pd.DataFrame:
    """Return the comparisons of one outcome, in the order of studies.csv; see `COLUMNS`."""
    rows = comparisons(evidence, outcome)
    return pd.DataFrame(
        {
            name: pd.Series([row[name] for row in rows], dtype="str" if default == "" else float)
            for name, default in COLUMNS.items()
        }
    )


def comparisons(evidence: Evidence, outcome: str) -> list[Record]:
    """Return the comparisons as rows, each with every one of `COLUMNS`."""
    results = _records(evidence, "results", outcome)
    contrasts = _records(evidence, "contrasts", outcome)
    arms = {(row["study_id"], row["arm_id"]): row for row in evidence.records["arms"]}
    better = str(evidence.outcome(outcome)["better"])
    rows: list[Record] = []
    for study in evidence.records["studies"]:
        mine = [row for row in results if row["study_id"] == study["study_id"]]
        found = [*_endpoints(mine, arms), *_changes(mine, arms)]
        for contrast in contrasts:
            if contrast["study_id"] == study["study_id"]:
                _add_contrast(found, contrast, arms, better)
        rows += [{**COLUMNS, **_finish(record, study)} for record in found]
    return rows


def _records(evidence: Evidence, name: str, outcome: str) -> list[Record]:
    """Rows of one table for one outcome, each with its cells as written under `text`."""
    pairs = zip(evidence.records[name], evidence.written[name], strict=True)
    return [{**row, "text": text} for row, text in pairs if row["outcome_id"] == outcome]


def _endpoints(results: list[Record], arms: dict[tuple[str, str], Record]) -> Iterator[Record]:
    """Pair each treated group with each control group measured at the same time."""
    ends = [row for row in results if row["phase"] == ""]
    treated, controls = _by_role(ends, arms)
    for row in treated:
        partners = [
            other for other in controls if other["timepoint"] in (row["timepoint"], NOT_REPORTED)
        ]
        alone: list[Record | None] = [None]
        for other in partners or alone:
            record = _base(row, arms)
            record.update(_side(row, "treatment", arms))
            if other is not None:
                record.update(_side(other, "control", arms))
                record["comparator"] = arms[other["study_id"], other["arm_id"]]["label"]
                _join_provenance(record, other)
            for side in (row, other):
                _note_the_rest(record, side, _SPREADS, arms)
            record["not_reported"] = _not_reported(row, other)
            yield record


def _changes(results: list[Record], arms: dict[tuple[str, str], Record]) -> Iterator[Record]:
    """Pair before with after within each treated group; put reported changes beside them."""
    phases = [row for row in results if row["phase"] in ("before", "after", "change")]
    treated, controls = _by_role(phases, arms)
    groups: dict[tuple[str, str], dict[str, Record]] = {}
    for row in treated:
        groups.setdefault((row["arm_id"], row["timepoint"]), {})[row["phase"]] = row
    for phase_rows in groups.values():
        first = next(iter(phase_rows.values()))
        record = _base(first, arms)
        uneven = len({row["text"]["n"] for row in phase_rows.values()}) > 1
        for phase, row in phase_rows.items():
            record[f"mean_{phase}"] = row["mean"]
            if phase == "change":
                record["minimum_change"], record["maximum_change"] = row["minimum"], row["maximum"]
            else:
                record[f"sd_{phase}"] = row["sd"]
            _join_provenance(record, row)
            record["n"] = row["n"]
            _note_the_rest(record, row, (*_NOT_PAIRED[phase], *["n"] * uneven), arms)
        missing = [
            f"{name}_{phase}"
            for phase, row in phase_rows.items()
            for name in ("mean", "sd", "n")
            if row["text"][name] == NOT_REPORTED
        ]
        beside = [row for row in controls if row["timepoint"] == first["timepoint"]]
        missing += [
            f"{arms[row['study_id'], row['arm_id']]['label']}: mean_{row['phase']}"
            for row in beside
            if row["text"]["mean"] == NOT_REPORTED
        ]
        for row in beside:
            _note_the_rest(record, row, ("mean", "sd", *_SPREADS, "n"), arms)
        record["not_reported"] = ", ".join([*dict.fromkeys(missing), *_unknown_time(first)])
        yield record


def _by_role(
    rows: list[Record], arms: dict[tuple[str, str], Record]
) -> tuple[list[Record], list[Record]]:
    roles = [arms[row["study_id"], row["arm_id"]]["role"] for row in rows]
    treated = [row for row, role in zip(rows, roles, strict=True) if role == "intervention"]
    controls = [row for row, role in zip(rows, roles, strict=True) if role == "control"]
    return treated, controls


def _base(row: Record, arms: dict[tuple[str, str], Record]) -> Record:
    return {
        "treatment": arms[row["study_id"], row["arm_id"]]["label"],
        "arm_1": row["arm_id"],
        "timepoint": row["timepoint"],
        "weeks": row["weeks"],
        "source_id": row["source_id"],
        "confidence": row["confidence"],
        "notes": row["notes"],
    }


def _side(row: Record, arm: str, arms: dict[tuple[str, str], Record]) -> Record:
    return {
        **{
            f"{name}_{arm}": row[name]
            for name in ("events", "n", "percent", "relation", "mean", "sd")
        },
        f"decimals_{arm}": NAN if math.isnan(row["percent"]) else decimals(row["text"]["percent"]),
        f"n_allocated_{arm}": arms[row["study_id"], row["arm_id"]]["n"],
        **({"arm_2": row["arm_id"]} if arm == "control" else {}),
    }


def _not_reported(row: Record, other: Record | None) -> str:
    sides = [("treatment", row)] + ([("control", other)] if other is not None else [])
    names = ("events", "n", "percent", "mean", "sd")
    missing = [
        f"{name}_{arm}"
        for arm, side in sides
        for name in names
        if side["text"][name] == NOT_REPORTED
    ]
    return ", ".join([*missing, *_unknown_time(row)])


def _unknown_time(row: Record) -> list[str]:
    return ["weeks"] if row["text"]["weeks"] == NOT_REPORTED else []


def _join_provenance(record: Record, row: Record) -> None:
    """Name every source and note once, and keep the weakest confidence of a comparison."""
    if row["source_id"] not in record["source_id"].split("; "):
        record["source_id"] += f"; {row['source_id']}"
    if row["notes"] and row["notes"] not in record["notes"]:
        record["notes"] = f"{record['notes']} {row['notes']}".strip()
    record["confidence"] = max(record["confidence"], row["confidence"], key=_CONFIDENCE_ORDER.index)


def _note_the_rest(
    record: Record, row: Record | None, names: tuple[str, ...], arms: dict[tuple[str, str], Record]
) -> None:
    """Put numbers that a comparison has no column for into its notes, so that none is lost."""
    if row is None:
        return
    known = [f"{name} {row['text'][name]}" for name in names if not math.isnan(row[name])]
    if known:
        _join_provenance(record, row)
        phase = f" ({row['phase']})" if row["phase"] else ""
        label = arms[row["study_id"], row["arm_id"]]["label"]
        said = f"Also reported for {label}{phase}: {', '.join(known)}."
        record["notes"] = f"{record['notes']} {said}".strip()


def _add_contrast(
    found: list[Record], row: Record, arms: dict[tuple[str, str], Record], better: str
) -> None:
    """Put a reported effect beside the groups it compares, or on a row of its own."""
    reported = _oriented(row, better)
    row = {**row, "notes": reported.pop("notes")}
    for record in found:
        same_arms = (record["arm_1"], record.get("arm_2")) == (row["arm_1"], row["arm_2"])
        if same_arms and record["timepoint"] == row["timepoint"] and "effect" not in record:
            record.update(reported)
            _join_provenance(record, row)
            return
    record = _base({**row, "arm_id": row["arm_1"]}, arms)
    record["comparator"] = arms[row["study_id"], row["arm_2"]]["label"]
    missing = ["effect"] if row["text"]["estimate"] == NOT_REPORTED else []
    record["not_reported"] = ", ".join([*missing, *_unknown_time(row)])
    record.update(reported)
    found.append(record)


def _oriented(row: Record, better: str) -> Record:
    """Turn a reported effect so that lower and higher mean what the outcome says they mean."""
    estimate, low, high, notes = row["estimate"], row["ci_low"], row["ci_high"], row["notes"]
    favours_treatment = "arm_1" if better == "higher" else "arm_2"
    if row["higher_favours"] != favours_treatment and not math.isnan(estimate):
        ratio = row["measure"] in ("RR", "OR", "HR")
        ends = (estimate, high, low)
        estimate, low, high = (1 / x if ratio else -x for x in ends)
        turned = "Direction turned here, since the source counts benefit the other way round."
        notes = f"{notes} {turned}".strip()
    level = row["ci_level"]
    return {
        "reported_measure": row["measure"],
        "effect": estimate,
        "ci_low": low,
        "ci_high": high,
        "ci_level": NAN if math.isnan(low) else 0.95 if math.isnan(level) else level / 100,
        "se": row["se"],
        "p_value": row["p_value"],
        "n_reported": row["n"],
        "notes": notes,
    }


def _finish(record: Record, study: Record) -> Record:
    """Add what the study says, and the design that this comparison can carry."""
    design = study["design"]
    alone = not record.get("comparator")
    # A person's own earlier measurement is a comparison; how they are afterwards alone is none.
    endpoint = not any(name.startswith(("mean_before", "mean_change")) for name in record)
    if alone and (design in _COMPARED_DESIGNS or (design == "within_subject" and endpoint)):
        design = "single_arm"
    kept = {name: value for name, value in record.items() if name in COLUMNS}
    shared = ("study_id", "label", "year", "directness", "condition")
    return {**{name: study[name] for name in shared}, "design": design, **kept}
