"""Claims without a number: whether the strongest design points the way they say."""

from __future__ import annotations

import math
from collections.abc import Sequence

from equipoise.appraisal.claim_finding import (
    Finding,
    claims_cause,
    found,
    said_of_others,
    shares,
    weaknesses,
)
from equipoise.appraisal.claim_known import Known
from equipoise.appraisal.facts import design_name, design_of
from equipoise.appraisal.triggers import has_numbers
from equipoise.display import numbers
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import Record


def has_direction(row: Record) -> bool:
    """Whether the row reports anything, be it only the range of the changes in people."""
    return has_numbers(row) or not math.isnan(row["minimum_change"] + row["maximum_change"])


def judge_direction(known: Known, claim: Record, rows: Sequence[Record]) -> Finding:
    """Judge a claim without a number; rows with numbers speak before rows with a range."""
    evidence = known.evidence
    reporting = [row for row in rows if has_numbers(row)] or list(filter(has_direction, rows))
    if claim["kind"] == "safety" and not claims_cause(claim):
        # That a harm can happen is shown by one that did.
        happened = next((row for row in reporting if _was_counted(row)), None)
        if happened is not None:
            left_out = weaknesses(evidence, claim, happened)
            reason = f"It was seen in {happened['label']}. How often is left out. {left_out}"
            return found(shares(happened), "accurate but incomplete", reason, happened)
    row = reporting[0]
    peers = [other for other in reporting if other["design"] == row["design"]]
    shown, rests = _shown(evidence, claim, peers), _rests(peers)
    left_out = f"{weaknesses(evidence, claim, row)} {_silent(rows, reporting)}".strip()
    if claims_cause(claim) and not _can_show_cause(row):
        return found(shown, "overstated cause", f"{rests}. {left_out}", *peers)
    better = evidence.outcome(claim["outcome_id"])["better"]
    # What is said of safety is said of a harm; everything else of a benefit.
    claimed = 1 if (better == "higher") != (claim["kind"] == "safety") else -1
    directions = {direction(peer) for peer in peers}
    others = said_of_others(evidence, claim, row)
    if directions == {-claimed}:
        reason = f"{rests}, which points the other way. {left_out}"
        return found(shown, "contradicted", reason, *peers)
    if directions != {claimed}:
        return found(shown, "not verifiable", f"{rests}{_why_open(row)}. {left_out}", *peers)
    if others:
        return found(shown, "wrong population or time", f"{others} {left_out}", *peers)
    reason = f"{rests}. How much, and how sure that is, is left out. {left_out}"
    return found(shown, "accurate but incomplete", reason, *peers)


def _rests(peers: Sequence[Record]) -> str:
    """`It rests on a randomised trial`, or on how many."""
    row, studies = peers[0], len({peer["study_id"] for peer in peers})
    name = design_name(design_of(row), row["directness"], studies)
    return f"It rests on {numbers.with_article(name) if studies == 1 else f'{studies} {name}'}"


def _why_open(row: Record) -> str:
    if row["measure"] == "PR":
        return ""
    if row["interval"] == "rounding":
        return " without numbers of people, so that chance cannot be judged"
    return ", which leaves the direction open"


def _was_counted(row: Record) -> bool:
    """Whether at least one treated person had it."""
    some = row["percent_treatment"] > 0 and row["relation_treatment"] != "less_than"
    return bool(row["events_treatment"] > 0 or some)


def _can_show_cause(row: Record) -> bool:
    """A trial can; so can a person's own change while treated, with no time for anything else."""
    at_once = math.isnan(row["weeks"]) and "weeks" not in row["not_reported"].split(", ")
    return row["design"] == "rct" or (row["design"] == "within_subject" and at_once)


def direction(row: Record) -> int:
    """1 up, −1 down, 0 open. Two groups by their difference, which no coding of the event turns."""
    if row["measure"] == "MC" and row["interval"] == "none":
        low, high = _changes(row)
        return int(low > 0) - int(high < 0)
    if row["interval"] == "confidence" and not math.isnan(row["rd_low"]):
        return int(row["rd_low"] > 0) - int(row["rd_high"] < 0)
    if row["interval"] != "reported" or row["measure"] == "PR":
        return 0
    null = 1.0 if row["measure"] in ("RR", "OR", "HR") else 0.0
    return int(row["low"] > null) - int(row["high"] < null)


def _changes(row: Record) -> tuple[float, float]:
    """The mean change twice; the smallest and the largest change if no mean is known."""
    if has_numbers(row):
        return row["estimate"], row["estimate"]
    return row["minimum_change"], row["maximum_change"]


def _shown(evidence: Evidence, claim: Record, peers: Sequence[Record]) -> str:
    """The number of the first row, or how far the changes of several studies spread."""
    row, unit = peers[0], evidence.outcome(claim["outcome_id"])["unit"]
    if row["measure"] == "PR":
        return shares(row)
    if row["measure"] == "MC":
        changes = sorted(change for peer in peers for change in _changes(peer))
        ends = [numbers.signed(change) for change in (changes[0], changes[-1])]
        studies = len({peer["study_id"] for peer in peers})
        spread = " to ".join(dict.fromkeys(ends))
        return f"change of {spread} {unit} in {studies} {'study' if studies == 1 else 'studies'}"
    text = numbers.estimate(row["estimate"], row["low"], row["high"], row["measure"])
    text = f"{row['measure']} {text}" + (" by rounding" if row["interval"] == "rounding" else "")
    groups = f"{shares(row)}, " if row["basis"] in ("counts", "percentages") else ""
    p_value = numbers.p_value(row["p_value_fisher"])
    return f"{groups}{text}" + (f", {p_value}" if p_value else "")


def _silent(rows: Sequence[Record], reporting: Sequence[Record]) -> str:
    told = {row["study_id"] for row in reporting}
    silent = len({row["study_id"] for row in rows} - told)
    if not silent:
        return ""
    return f"{silent} more {'study gives' if silent == 1 else 'studies give'} no number."
