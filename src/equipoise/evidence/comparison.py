"""From results and contrasts to comparisons: one row for each pair of groups, or group alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
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
    "allocation": "",
    "directness": "",
    "condition": "",
    "latitude": NAN,
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
    """Pair before with after within each treated group, and the group with its controls.

    A control group measured at the same (or an unknown) time is compared where both groups report
    the same thing:

    1. changes in both, as reported or else after minus before: the changes are compared, with
       their standard deviations only where those of the changes are reported;
    2. only values afterwards in both: these are compared, with their standard deviations.

    The columns of the treated group's own change stay filled. Controls with nothing to compare are
    told in `notes` and `not_reported`; without any other, the treated group stands alone.
    """
    phases = [row for row in results if row["phase"] in ("before", "after", "change")]
    treated, controls = _by_role(phases, arms)
    for own in _groups(treated):
        first = next(iter(own.values()))
        times = (first["timepoint"], NOT_REPORTED)
        beside = _groups([row for row in controls if row["timepoint"] in times])
        compared = [other for other in beside if _shared_phase(own, other)]
        silent = [other for other in beside if not _shared_phase(own, other)]
        alone: list[dict[str, Record]] = [{}]
        for other in compared or alone:
            what = _shared_phase(own, other)
            record = _within(own, what, arms)
            if what:
                _compare_means(record, own, other, what, arms)
            while silent:  # told once, in the first row
                _tell(record, silent.pop(0), ("mean",), arms)
            _add_missing(record, _unknown_time(first))
            yield record


def _groups(rows: list[Record]) -> list[dict[str, Record]]:
    """Collect what one group reports at one time, by phase."""
    groups: dict[tuple[str, str], dict[str, Record]] = {}
    for row in rows:
        groups.setdefault((row["arm_id"], row["timepoint"]), {})[row["phase"]] = row
    return list(groups.values())


def _within(own: dict[str, Record], compared: str, arms: dict[tuple[str, str], Record]) -> Record:
    """Put what one group reports before, after and as change into one row."""
    record = _base(next(iter(own.values())), arms)
    uneven = len({row["text"]["n"] for row in own.values()}) > 1
    for phase, row in own.items():
        record[f"mean_{phase}"] = row["mean"]
        if phase == "change":
            record["minimum_change"], record["maximum_change"] = row["minimum"], row["maximum"]
        else:
            record[f"sd_{phase}"] = row["sd"]
        _join_provenance(record, row)
        record["n"] = row["n"]
        left = [name for name in _NOT_PAIRED[phase] if (name, phase) != ("sd", compared)]
        _note_the_rest(record, row, (*left, *["n"] * uneven), arms)
        _add_missing(record, [f"{name}_{phase}" for name in _silent(row, ("mean", "sd", "n"))])
    return record


def _measured(group: dict[str, Record], what: str) -> Record:
    """Return mean, sd and n of the changes or of the values afterwards; NaN where not known."""
    nothing: Record = {"mean": NAN, "sd": NAN, "n": NAN}
    found = {name: group.get(what, nothing)[name] for name in nothing}
    before, after = group.get("before", nothing), group.get("after", nothing)
    if what == "change":
        if math.isnan(found["mean"]):
            found["mean"] = after["mean"] - before["mean"]
        if math.isnan(found["n"]):
            found["n"] = after["n"]
    return found


def _shared_phase(own: dict[str, Record], other: dict[str, Record]) -> str:
    """Return what can be compared, "change" or "after"; empty if nothing can."""
    for what in ("change", "after"):
        if not any(math.isnan(_measured(group, what)["mean"]) for group in (own, other)):
            return what
    return ""


def _compare_means(
    record: Record,
    own: dict[str, Record],
    other: dict[str, Record],
    what: str,
    arms: dict[tuple[str, str], Record],
) -> None:
    """Put the means of two groups beside each other, and tell the rest of the control's."""
    for side, group in (("treatment", own), ("control", other)):
        record.update({f"{name}_{side}": x for name, x in _measured(group, what).items()})
        record[f"n_allocated_{side}"] = _arm(group, arms)["n"]
    control = _arm(other, arms)
    record["arm_2"], record["comparator"] = control["arm_id"], control["label"]
    for row in other.values():
        _join_provenance(record, row)
    _tell(record, other, ("mean", "sd", "n"), arms, compared=what)
    which = "changes from before to after" if what == "change" else "values afterwards"
    record["notes"] = f"{record['notes']} The means compared are {which}.".strip()


def _tell(
    record: Record,
    other: dict[str, Record],
    looked_for: tuple[str, ...],
    arms: dict[tuple[str, str], Record],
    *,
    compared: str = "",
) -> None:
    """Tell what a control group reports beyond what is compared, and what it does not report."""
    label = _arm(other, arms)["label"]
    for phase, row in other.items():
        placed = ("mean", "sd", "n") if phase == compared else ()
        left = [name for name in ("mean", "sd", *_SPREADS, "n") if name not in placed]
        _note_the_rest(record, row, tuple(left), arms)
        _add_missing(record, [f"{label}: {name}_{phase}" for name in _silent(row, looked_for)])


def _arm(group: dict[str, Record], arms: dict[tuple[str, str], Record]) -> Record:
    first = next(iter(group.values()))
    return arms[first["study_id"], first["arm_id"]]


def _silent(row: Record, names: Iterable[str]) -> list[str]:
    """Return which cells of a row were looked for and not found."""
    return [name for name in names if row["text"][name] == NOT_REPORTED]


def _add_missing(record: Record, names: list[str]) -> None:
    known = [record["not_reported"]] if record.get("not_reported") else []
    record["not_reported"] = ", ".join([*known, *names])


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
    missing = [f"{name}_{arm}" for arm, side in sides for name in _silent(side, names)]
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
    shared = ("study_id", "label", "year", "allocation", "directness", "condition", "latitude")
    return {**{name: study[name] for name in shared}, "design": design, **kept}
