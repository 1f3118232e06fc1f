"""What is said about the evidence, checked against the evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from equipoise.appraisal.facts import COMPARED, DESIGN_NAMES
from equipoise.appraisal.triggers import FEW_STUDIES
from equipoise.display import numbers
from equipoise.effects.estimates import estimates
from equipoise.evidence.base import Evidence
from equipoise.evidence.checks import decimals
from equipoise.evidence.records import Record, records

VERDICTS = {
    "accurate": "the evidence shows what is said",
    "accurate but incomplete": "the number is right; what it rests on is left out",
    "overstated value": "the evidence gives a smaller number",
    "overstated cause": "a cause is claimed where the design cannot show one",
    "wrong population or time": "said of people or times that were not studied",
    "not in source": "what it appeals to does not say so",
    "contradicted": "the evidence says otherwise",
    "not verifiable": "what is reported is too little to check it",
}
"""Every verdict, and what it means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    recomputed: str
    verdict: str
    reason: str
    studies: str = ""
    evidence_source_id: str = ""


def audit_claims(evidence: Evidence) -> pd.DataFrame:
    """Recompute every claim from the evidence base and give a verdict.

    A percentage is compared with what the cited study (or, if nothing is cited, any study) reports
    for the outcome; a relative reduction with 1 − RR and the range that rounding leaves it. Nothing
    is called wrong that is merely unproven: what cannot be checked is `not verifiable`.

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
    cells = records(evidence.cells["claims"])
    rows = []
    for claim, text in zip(records(evidence.tables["claims"]), cells, strict=True):
        finding = _judge(evidence, claim, str(text["value"]))
        shared = ("claim_id", "source_id", "kind", "claim", "outcome_id", "measure")
        rows.append(
            {
                **{name: claim[name] for name in shared},
                "stated": _stated(claim, str(text["value"])),
                "recomputed": finding.recomputed,
                "verdict": finding.verdict,
                "reason": finding.reason,
                "studies": finding.studies,
                "evidence_source_id": finding.evidence_source_id,
            }
        )
    names = [
        "claim_id",
        "source_id",
        "kind",
        "claim",
        "outcome_id",
        "measure",
        "stated",
        "recomputed",
        "verdict",
        "reason",
        "studies",
        "evidence_source_id",
    ]
    return pd.DataFrame(rows, columns=names)


def _stated(claim: Record, value: str) -> str:
    relation = {"more_than": "more than ", "less_than": "less than ", "about": "about "}
    unit = {"percent": "%", "relative_reduction_percent": "% less", "randomised_trials": " trials"}
    if not value:
        return ""
    return f"{relation.get(str(claim['relation']), '')}{value}{unit.get(str(claim['measure']), '')}"


def _judge(evidence: Evidence, claim: Record, value: str) -> _Finding:
    measure = claim["measure"]
    if measure in ("few_studies", "randomised_trials"):
        return _judge_amount(evidence, str(measure), claim)
    if not claim["outcome_id"]:
        return _Finding(
            recomputed="",
            verdict="not verifiable",
            reason="No study in this evidence base measured it.",
        )
    wanted = "RR" if measure == "relative_reduction_percent" else "PR"
    table = estimates(evidence.comparison(str(claim["outcome_id"])), wanted)
    rows = _cited_rows(evidence, table, str(claim["cited_source_id"]))
    reporting = [row for row in rows if row["basis"] != "not reported"]
    if not reporting:
        named = numbers.listing(list(dict.fromkeys(str(row["label"]) for row in rows)) or ["none"])
        return _Finding(
            recomputed="",
            verdict="not verifiable",
            reason=f"No number was found for this outcome (studies that mention it: {named}).",
            studies=named,
        )
    row = reporting[0]
    if measure == "relative_reduction_percent":
        return _judge_reduction(evidence, claim, row, value)
    if measure == "percent":
        return _judge_percent(evidence, claim, row, value)
    return _judge_direction(claim, row)


def _cited_rows(evidence: Evidence, table: pd.DataFrame, cited: str) -> list[Record]:
    """Rows of the study whose paper is cited; of every study if none is."""
    studies = evidence.tables["studies"]
    mine = set(studies.loc[studies["source_id"] == cited, "study_id"])
    rows = records(table)
    return [row for row in rows if row["study_id"] in mine] if mine else rows


def _judge_reduction(evidence: Evidence, claim: Record, row: Record, value: str) -> _Finding:
    """Compare a relative reduction with 1 − RR."""
    ratio, low, high = (row[name] for name in ("estimate", "low", "high"))
    if row["measure"] != "RR" or math.isnan(ratio):
        reason = "The study reports nobody who was compared, so there is no reduction to speak of."
        return _found("", "overstated cause", reason, row)
    stated, half_unit = float(value), 0.5 * 10.0 ** -decimals(value)
    by_rounding = row["interval"] == "rounding"
    # Counts leave no rounding of their own; the claim may round to a whole percentage point.
    top = 100 * (1 - low) if by_rounding else 100 * (1 - ratio) + 0.5
    kind = "by rounding" if by_rounding else "95% CI"
    points = -100 * row["risk_difference"]
    recomputed = (
        f"{numbers.plain(100 * (1 - ratio), 0)}% less "
        f"({numbers.interval(100 * (1 - high), 100 * (1 - low), 0)} {kind}), "
        f"{numbers.plain(points, 0)} points"
    )
    weaknesses = _weaknesses(evidence, claim, row)
    if stated - half_unit > top:
        reason = f"The reported rates give at most {numbers.plain(top, 1)}%. {weaknesses}"
        return _found(recomputed, "overstated value", reason, row)
    if claim["causal"] == "yes" and row["design"] != "rct":
        return _found(recomputed, "overstated cause", weaknesses, row)
    return _found(recomputed, "accurate but incomplete", weaknesses, row)


def _judge_percent(evidence: Evidence, claim: Record, row: Record, value: str) -> _Finding:
    """Compare a percentage of people with the reported one."""
    share, stated = 100 * row["estimate"], float(value)
    half_unit = 0.5 * 10.0 ** -decimals(value)
    counts = row["basis"] == "counts"
    places = 0 if math.isnan(row["decimals_treatment"]) else int(row["decimals_treatment"])
    of = numbers.people(row["n_treatment"])
    recomputed = f"{numbers.plain(share, places)}% of {of}, {_whose(row)}"
    weaknesses = _weaknesses(evidence, claim, row)
    if abs(share - stated) > half_unit + 1e-9:
        verdict = "overstated value" if stated > share else "contradicted"
        return _found(recomputed, verdict, f"The figure differs. {weaknesses}", row)
    if not counts:
        return _found(recomputed, "not verifiable", weaknesses, row)
    verdict = "accurate but incomplete" if weaknesses else "accurate"
    return _found(recomputed, verdict, weaknesses, row)


def _whose(row: Record) -> str:
    return "nobody compared" if not row["comparator"] else f"compared with {row['comparator']}"


def _judge_direction(claim: Record, row: Record) -> _Finding:
    """A claim without a number: what the design can bear."""
    design = DESIGN_NAMES[str(row["design"])]
    shown = numbers.estimate(row["estimate"], row["low"], row["high"], str(row["measure"]))
    recomputed = f"{row['measure']} {shown}"
    if claim["causal"] == "yes" and row["design"] not in COMPARED:
        reason = f"It rests on {numbers.with_article(design)}, in which nobody went without."
        return _found(recomputed, "overstated cause", reason, row)
    reason = f"It rests on {numbers.with_article(design)}; how large or certain it is, the claim does not say."
    return _found(recomputed, "not verifiable", reason, row)


def _judge_amount(evidence: Evidence, measure: str, claim: Record) -> _Finding:
    """A claim about how much evidence there is."""
    studies = evidence.tables["studies"]
    direct = studies[(studies["directness"] == "direct") & studies["design"].isin(COMPARED)]
    trials = int((direct["design"] == "rct").sum())
    count = trials if measure == "randomised_trials" else len(direct)
    named = numbers.listing(list(direct["label"])) if len(direct) else "none"
    recomputed = f"{trials} randomised and {len(direct) - trials} other controlled studies here"
    if measure == "few_studies":
        verdict = "accurate" if count < FEW_STUDIES else "contradicted"
        return _Finding(
            recomputed=recomputed, verdict=verdict, reason=f"They are {named}.", studies=named
        )
    matches = count == claim["value"]
    return _Finding(
        recomputed=recomputed,
        verdict="accurate" if matches else "not in source",
        reason=f"The controlled studies found are {named}.",
        studies=named,
    )


def _weaknesses(evidence: Evidence, claim: Record, row: Record) -> str:
    """What the statement leaves out, as sentences; empty if nothing."""
    sources = evidence.tables["sources"].set_index("source_id")
    study = evidence.tables["studies"].set_index("study_id").loc[str(row["study_id"])]
    parts = []
    if row["basis"] == "percentages":
        parts.append("Of how many people the percentages are is not reported.")
    if not row["comparator"]:
        parts.append("Nobody who went without is reported for it.")
    elif row["design"] == "nrsi_controlled":
        parts.append("The groups were not formed by chance.")
    elif row["design"] == "rct" and claim["causal"] == "yes":
        parts.append(f"It is one trial of {numbers.count(study['n_randomised'])} people.")
    if sources.loc[str(study["source_id"]), "read"] == "not_read":
        kinds = {str(sources.loc[name, "kind"]) for name in str(row["source_id"]).split("; ")}
        account = numbers.listing([f"a {kind.replace('_', ' ')}" for kind in sorted(kinds)])
        parts.append(f"The paper was not read; the figure is that of {account}.")
    return " ".join(parts)


def _found(recomputed: str, verdict: str, reason: str, row: Record) -> _Finding:
    return _Finding(
        recomputed=recomputed,
        verdict=verdict,
        reason=reason.strip(),
        studies=str(row["label"]),
        evidence_source_id=str(row["source_id"]),
    )
