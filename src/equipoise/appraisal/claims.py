"""What is said about the evidence, checked against the evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from equipoise.appraisal.claim_checks import Known, judge_direction, judge_percent, judge_reduction
from equipoise.appraisal.claim_finding import (
    NOT_SAID_BY_CHANCE,
    Finding,
    claimed_range,
    claims_cause,
    with_a_number,
)
from equipoise.appraisal.facts import COMPARED, DESIGN_NAMES
from equipoise.appraisal.triggers import has_numbers
from equipoise.appraisal.wording import RELATIONS
from equipoise.display import numbers
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import Record, records

VERDICTS = {
    "accurate": "the evidence shows what is said",
    "accurate but incomplete": "the evidence shows it; what it rests on is left out",
    "overstated value": "the evidence gives less than is said",
    "overstated cause": "a cause is claimed where the design alone cannot show one",
    "wrong population or time": "said of people or times that were not studied",
    "not in source": "what it appeals to does not say so, or was not found",
    "contradicted": "the evidence says otherwise",
    "not verifiable": "what is reported is too little to check it",
}
"""Every verdict, and what it means."""

_COPIED = ("claim_id", "source_id", "kind", "claim", "outcome_id", "measure")
_FOUND = ("recomputed", "verdict", "reason", "studies", "evidence_source_id")
_UNTIED = "It is tied to no single outcome of this evidence base."
_UNITS = {"percent": "%", "relative_reduction_percent": "% less", "randomised_trials": " trials"}


def audit_claims(evidence: Evidence) -> pd.DataFrame:
    """Recompute every claim from the evidence base and give a verdict.

    A percentage is compared with what the cited study (or, if nothing is cited, any study) reports
    for the outcome; a relative reduction with 1 − RR and the range that rounding leaves it; a
    statement without a number with the direction that the best design shows. Nothing is called
    wrong that is merely unproven: what cannot be checked is `not verifiable`; a statement that
    something may or can be claims no cause (it has `no` under `causal`), and a harm that can happen
    is shown by one that did.

    Parameters
    ----------
    evidence
        An evidence base; its claims.csv may be empty.

    Returns
    -------
    DataFrame
        One row a claim, in the order of claims.csv: claim_id, source_id, kind, claim, outcome_id,
        measure, stated, recomputed, verdict (see `VERDICTS`), reason, studies, evidence_source_id.
    """
    known = Known(evidence=evidence)
    cells = records(evidence.cells["claims"])
    rows = []
    for claim, text in zip(records(evidence.tables["claims"]), cells, strict=True):
        value = str(text["value"])
        finding = _judge(known, claim, value)
        rows.append(
            {
                **{name: claim[name] for name in _COPIED},
                "stated": _stated(claim, value),
                **{name: getattr(finding, name) for name in _FOUND},
            }
        )
    return pd.DataFrame(rows, columns=[*_COPIED, "stated", *_FOUND])


def _stated(claim: Record, value: str) -> str:
    if math.isnan(claim["value"]):
        return ""
    return f"{RELATIONS.get(claim['relation'], '')}{value}{_UNITS.get(claim['measure'], '')}"


def _judge(known: Known, claim: Record, value: str) -> Finding:
    measure, outcome = claim["measure"], claim["outcome_id"]
    if math.isnan(claim["value"]) and measure != "few_studies":
        measure = ""  # what its number would be is of no use without the number
    if measure in ("few_studies", "randomised_trials"):
        return _judge_amount(known.evidence, claim, value)
    if not outcome or (claim["kind"] == "evidence_base" and not measure):
        return _judge_without_outcome(known, claim)
    kinds = {"percent": ("PR",), "relative_reduction_percent": ("RR",)}
    rows: list[Record] = []
    for key in kinds.get(measure, known.measures(outcome)):
        rows = _about(known, claim, key)
        if any(has_numbers(row) for row in rows):
            break
    reporting = [row for row in rows if has_numbers(row)]
    if not reporting:
        return _judge_silence(rows, known.evidence.outcome(outcome)["unit"])
    if measure == "relative_reduction_percent":
        return judge_reduction(known, claim, reporting, value)
    if measure == "percent":
        return judge_percent(known, claim, reporting, value)
    return judge_direction(known, claim, rows)


def _about(known: Known, claim: Record, measure: str) -> list[Record]:
    """Rows of the study whose paper is cited; of every direct study if none is."""
    rows = known.rows(claim["outcome_id"], measure)
    cited = known.studies_of(claim["cited_source_id"])
    if cited:
        return [row for row in rows if row["study_id"] in cited]
    direct = [row for row in rows if row["directness"] == "direct"]
    # Of several designs the strongest speaks first.
    return sorted(direct, key=lambda row: list(DESIGN_NAMES).index(row["design"]))


def _judge_silence(rows: Sequence[Record], unit: str) -> Finding:
    """The outcome is measured, or nobody measured it, and there is no number."""
    labels = list(dict.fromkeys(row["label"] for row in rows))
    if not labels:
        reason = "No study that it could rest on mentions this outcome."
        return Finding(recomputed="", verdict="not verifiable", reason=reason)
    reason = f"No number was found for this outcome, which {numbers.listing(labels)} mention"
    reason += "s." if len(labels) == 1 else "."
    ranges = [
        f"{row['label']} gives only a range of changes, "
        f"{numbers.short(row['minimum_change'])} to {numbers.short(row['maximum_change'])} {unit}."
        for row in rows
        if not math.isnan(row["minimum_change"] + row["maximum_change"])
    ]
    return Finding(
        recomputed="",
        verdict="not verifiable",
        reason=" ".join([reason, *ranges]),
        studies=numbers.listing(labels),
    )


def _judge_without_outcome(known: Known, claim: Record) -> Finding:
    """A statement that names nothing to recompute can still claim a cause for a cited study."""
    studies = known.evidence.tables["studies"]
    cited = studies[studies["study_id"].isin(known.studies_of(claim["cited_source_id"]))]
    unread = known.is_unread(claim["cited_source_id"])
    named = numbers.listing(list(cited["label"]))
    if claims_cause(claim) and len(cited) and not (cited["design"] == "rct").any():
        by_chance = NOT_SAID_BY_CHANCE if unread else "Chance did not decide who was treated there."
        reason = f"It appeals to {named}. {by_chance}"
        verdict = "overstated cause"
    else:
        verdict = "not verifiable"
        reason = {
            "evidence_base": "It says nothing that could be recomputed.",
            "safety": f"{_UNTIED} safety.csv lists what sources say of harms.",
        }.get(claim["kind"], _UNTIED)
    reason += " What it appeals to was not read." if unread else ""
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
    what = "randomised trials" if asked == ("rct",) else "controlled studies"
    recomputed = f"{what} found here: {len(direct)}, with a number: {len(told)}"
    reason = f"A number of some outcome was found for {numbers.listing(told) or 'none'}"
    reason += f"; none for {numbers.listing(silent)}." if silent else "."
    if claim["measure"] == "few_studies":
        few = len(told) < evidence.review.thresholds.few_studies
        verdict = "accurate" if few else "contradicted"
        reason += " Whether these show a benefit is not judged here."
    else:
        low, high = claimed_range(claim, value)
        verdict = "accurate" if low <= len(direct) <= high else "not in source"
        if len(direct) > high:
            verdict = "contradicted"
        if verdict == "not in source" and not claim["cited_source_id"]:
            reason = f"What it appeals to was not found. {reason}"
    return Finding(
        recomputed=recomputed,
        verdict=verdict,
        reason=reason,
        studies=numbers.listing(list(direct["label"])),
    )
