"""Claims about precautions and harms that safety.csv lists: who else names them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from equipoise.appraisal.claim_finding import Finding, claims_cause, read_in
from equipoise.display import numbers
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import Record, records

_RESEARCH = ("journal_article", "systematic_review", "thesis")


def judge_conditions(evidence: Evidence, claim: Record) -> Finding:
    """Judge a claim about conditions of safety.csv by the other sources that name them.

    A precaution says what to do and leaves out how large the risk is. A harm that was reported can
    happen; what brought it about, and how often it happens, no report shows.
    """
    others = named_elsewhere(evidence, claim)
    if not others:
        reason = "No other source here names it."
        return Finding(recomputed="", verdict="not verifiable", reason=reason)
    harms = list(filter(is_harm, others))
    studies = evidence.tables["studies"]
    sources = read_in(row["source_id"] for row in others)
    labels = studies.loc[studies["source_id"].isin(sources.split("; ")), "label"]
    if harms and claims_cause(claim):
        verdict, reason = "overstated cause", "It was reported. What brought it about is not known."
    elif harms:
        verdict = "accurate but incomplete"
        reason = "It was reported. How often it happens is not known."
    else:
        verdict = "accurate but incomplete"
        reason = "Other sources here name it too. How large the risk is, none of them says."
    return Finding(
        recomputed=_harm_counts(harms) if harms else _count_sources(evidence, others),
        verdict=verdict,
        reason=reason,
        studies=numbers.listing(list(labels)),
        evidence_source_id=sources,
    )


def is_harm(row: Record) -> bool:
    """Whether a row of safety.csv is a harm that somebody had, and no precaution."""
    return bool(row["kind"] == "reported_harm")


def named_elsewhere(evidence: Evidence, claim: Record) -> list[Record]:
    """Return the rows of safety.csv on a claim's conditions, of other sources than the claim's."""
    listed = [name.strip() for name in claim["conditions"].split(";")]
    return [
        row
        for row in records(evidence.tables["safety"])
        if row["condition"] in listed and row["source_id"] != claim["source_id"]
    ]


def _harm_counts(harms: Sequence[Record]) -> str:
    """Return `cervical spinal cord injury (3 people, of how many is not known)`."""
    return numbers.listing(
        [
            f"{numbers.lower_first(row['condition'])} ({_people(row['events'], row['n'])})"
            for row in harms
        ]
    )


def _people(events: float, n: float) -> str:
    if math.isnan(events):
        return "reported, not counted"
    if math.isnan(n):
        return f"{numbers.people(events)}, of how many is not known"
    return f"{numbers.count(events)} of {numbers.people(n)}"


def _count_sources(evidence: Evidence, rows: Sequence[Record]) -> str:
    """Return `named by 6 other sources here, 3 of them journal articles or theses`."""
    names = list(dict.fromkeys(row["source_id"] for row in rows))
    kinds = evidence.tables["sources"].set_index("source_id")["kind"]
    research = sum(kinds[name] in _RESEARCH for name in names)
    text = f"named by {'1 other source' if len(names) == 1 else f'{len(names)} other sources'} here"
    return f"{text}, {research} of them journal articles or theses" if research else text
