"""Every claim against the evidence: which check it gets, and what is said where none applies."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from equipoise.appraisal.claim_direction import has_direction, judge_direction
from equipoise.appraisal.claim_finding import (
    NOT_FOUND,
    Finding,
    appeal,
    claims_cause,
    read_in,
    with_a_number,
)
from equipoise.appraisal.claim_known import Known
from equipoise.appraisal.claim_numbers import claimed_count, judge_percent, judge_reduction
from equipoise.appraisal.claim_safety import judge_conditions
from equipoise.appraisal.facts import COMPARED, DESIGN_NAMES
from equipoise.appraisal.triggers import has_numbers
from equipoise.appraisal.wording import RELATIONS
from equipoise.display import numbers
from equipoise.evidence.base import Evidence
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.records import Record, records

COPIED = ("claim_id", "source_id", "kind", "claim", "outcome_id", "measure")
FOUND = ("recomputed", "verdict", "reason", "studies", "evidence_source_id")
AMOUNTS = ("few_studies", "randomised_trials")
_UNITS = {"percent": "%", "relative_reduction_percent": "% less", "randomised_trials": " trials"}
_NOTHING_MEASURED = "Nothing measured here answers it."
_NOTHING_HELD = {
    "evidence_base": "No table here holds a number for it.",
    "opinion": "Nothing here reports what people think of it.",
}


def judge_claims(evidence: Evidence) -> pd.DataFrame:
    """Return every claim with its verdict: the columns of `audit_claims` but `could_say`."""
    known = Known(evidence=evidence)
    cells = records(evidence.cells["claims"])
    rows = []
    for claim, text in zip(records(evidence.tables["claims"]), cells, strict=True):
        value = str(text["value"])
        finding = _judge(known, claim, value)
        rows.append(
            {
                **{name: claim[name] for name in COPIED},
                "stated": _stated(claim, value),
                **{name: getattr(finding, name) for name in FOUND},
            }
        )
    return pd.DataFrame(rows, columns=[*COPIED, "stated", *FOUND])


def _stated(claim: Record, value: str) -> str:
    if math.isnan(claim["value"]):
        return ""
    return f"{RELATIONS.get(claim['relation'], '')}{value}{_UNITS.get(claim['measure'], '')}"


def _judge(known: Known, claim: Record, value: str) -> Finding:
    measure, outcome = claim["measure"], claim["outcome_id"]
    if math.isnan(claim["value"]) and measure != "few_studies":
        measure = ""  # what its number would be is of no use without the number
    if measure in AMOUNTS:
        return _judge_amount(known.evidence, claim, value)
    if claim["conditions"]:
        return judge_conditions(known.evidence, claim)
    if not outcome or (claim["kind"] == "evidence_base" and not measure):
        return _judge_without_outcome(known, claim)
    kinds = {"percent": ("PR",), "relative_reduction_percent": ("RR",)}
    rows: list[Record] = []
    for key in kinds.get(measure, known.measures(outcome)):
        rows = _about(known, claim, key)
        if any(has_numbers(row) for row in rows):
            break
    reporting = [row for row in rows if has_numbers(row)]
    if not measure and any(has_direction(row) for row in rows):
        return judge_direction(known, claim, rows)
    if not reporting:
        return _judge_silence(known, claim, rows)
    judge = judge_percent if measure == "percent" else judge_reduction
    return judge(known, claim, reporting, value)


def _about(known: Known, claim: Record, measure: str) -> list[Record]:
    """Rows of the study whose paper is cited; of every direct study if none is."""
    rows = known.rows(claim["outcome_id"], measure)
    cited = known.studies_of(claim["cited_source_id"])
    if cited:
        return [row for row in rows if row["study_id"] in cited]
    direct = [row for row in rows if row["directness"] == "direct"]
    # Of several designs the strongest speaks first.
    return sorted(direct, key=lambda row: list(DESIGN_NAMES).index(row["design"]))


def _judge_silence(known: Known, claim: Record, rows: Sequence[Record]) -> Finding:
    """The outcome is measured, or nobody measured it, and there is no number."""
    labels = list(dict.fromkeys(row["label"] for row in rows))
    if labels:
        verdict = "not in source" if claim["cited_source_id"] == NOT_REPORTED else "not verifiable"
        reason = f"What was read of {numbers.listing(labels)} gives no number for it."
    else:
        verdict = known.verdict_on_silence(claim)
        reason = (
            "The study it cites was read in full and does not mention this."
            if known.studies_of(claim["cited_source_id"]) and verdict == "not in source"
            else "No study that it could rest on mentions this."
        )
    return Finding(
        recomputed="",
        verdict=verdict,
        reason=f"{reason} {_beside_the_paper(known, claim)}".strip(),
        studies=numbers.listing(labels),
        evidence_source_id=read_in(row["source_id"] for row in rows),
    )


def _beside_the_paper(known: Known, claim: Record) -> str:
    """Say that the cited paper was not read, or not found."""
    if known.studies_of(claim["cited_source_id"]) and appeal(known.evidence, claim):
        return "The paper was not read."
    return appeal(known.evidence, claim)


def _judge_without_outcome(known: Known, claim: Record) -> Finding:
    """A statement that names nothing to recompute can still claim a cause for a cited study."""
    studies = known.evidence.tables["studies"]
    cited = studies[studies["study_id"].isin(known.studies_of(claim["cited_source_id"]))]
    unread = appeal(known.evidence, claim)
    named = numbers.listing(list(cited["label"]))
    if claims_cause(claim) and len(cited) and not (cited["design"] == "rct").any():
        verdict = "overstated cause"
        by_chance = (
            "which no source calls randomised"
            if unread
            else "where chance did not decide who was treated"
        )
        reason = f"It appeals to {named}, {by_chance}."
    else:
        verdict = "not in source" if unread == NOT_FOUND else "not verifiable"
        reason = _NOTHING_HELD.get(claim["kind"], _NOTHING_MEASURED)
    reason = f"{reason} {unread}".strip()
    return Finding(recomputed="", verdict=verdict, reason=reason, studies=named)


def _judge_amount(evidence: Evidence, claim: Record, value: str) -> Finding:
    """A claim about how much evidence there is."""
    studies = evidence.tables["studies"]
    asked = ("rct",) if claim["measure"] == "randomised_trials" else COMPARED
    direct = studies[(studies["directness"] == "direct") & studies["design"].isin(asked)]
    contrasts = evidence.tables["contrasts"]
    telling = {
        *with_a_number(evidence.tables["results"])["study_id"],
        *contrasts.loc[contrasts["estimate"].notna(), "study_id"],
    }
    tells = direct["study_id"].isin(telling)
    told, silent = list(direct.loc[tells, "label"]), list(direct.loc[~tells, "label"])
    what = "randomised trial" if asked == ("rct",) else "controlled study"
    reason = f"Numbers were found for {numbers.listing(told) or 'none'}"
    reason += f"; none for {numbers.listing(silent)}." if silent else "."
    if claim["measure"] == "few_studies":
        few = len(told) < evidence.review.thresholds.few_studies
        verdict = "accurate" if few else "contradicted"
        reason += " Whether these show a benefit is not judged here."
    else:
        verdict, why = _compare_counts(evidence, claim, value, len(direct))
        reason = f"{why} {reason}".strip()
    return Finding(
        recomputed=f"{_counted(len(direct), what)}, {len(told)} of them with numbers",
        verdict=verdict,
        reason=reason,
        studies=numbers.listing(list(direct["label"])),
        evidence_source_id=read_in(direct["source_id"]),
    )


def _counted(count: int, what: str) -> str:
    plural = what.replace("study", "studies") if what.endswith("y") else f"{what}s"
    return f"{count} {what if count == 1 else plural}"


def _compare_counts(
    evidence: Evidence, claim: Record, value: str, found_here: int
) -> tuple[str, str]:
    """The verdict on a number of trials, and why: more may exist than were found."""
    place = claimed_count(claim, value, found_here)
    if place == "within":
        return "accurate", ""
    if place == "below":
        return "contradicted", "More were found here."
    unread = appeal(evidence, claim)
    if unread == NOT_FOUND:
        return "not in source", unread
    more = "Fewer were found here, which does not show that there are no more."
    return "not verifiable", f"{more} {unread}".strip()
