"""What the check of a claim comes to, what it asserts, and what it leaves out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from equipoise.appraisal.robustness import fragility_index
from equipoise.appraisal.triggers import FEW_PEOPLE, FRAGILE
from equipoise.display import numbers
from equipoise.evidence.base import Evidence
from equipoise.evidence.checks import decimals
from equipoise.evidence.records import Record, records
from equipoise.evidence.review import Question

ABOUT = 2.5
"""How far a number called "about" may be off, in percentage points."""

_HEDGED = re.compile(r"\b(may|might|could|perhaps|possibly)\b", re.IGNORECASE)
_TIME = re.compile(r"(\d+(?:\.\d+)?)[ -]?(week|month|year)s?\b", re.IGNORECASE)
_WEEKS = {"week": 1.0, "month": 52 / 12, "year": 52.0}
_UNSAID = ("", "NR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a claim comes to; the fields are columns of `audit_claims`."""

    recomputed: str
    verdict: str
    reason: str
    studies: str = ""
    evidence_source_id: str = ""


def found(recomputed: str, verdict: str, reason: str, row: Record) -> Finding:
    """Return the finding that rests on one row."""
    return Finding(
        recomputed=recomputed,
        verdict=verdict,
        reason=reason.strip(),
        studies=str(row["label"]),
        evidence_source_id=str(row["source_id"]),
    )


def claims_cause(claim: Record) -> bool:
    """Whether it says that the treatment brings the outcome about, and not that it may."""
    return bool(claim["causal"] == "yes" and not _HEDGED.search(str(claim["claim"])))


def claimed_range(claim: Record, value: str) -> tuple[float, float]:
    """Return the numbers that a claim's value, as written, stands for."""
    stated, half_unit = float(value), 0.5 * 10.0 ** -decimals(value)
    if claim["relation"] == "more_than":
        return stated, math.inf
    if claim["relation"] == "less_than":
        return -math.inf, stated
    reach = max(half_unit, ABOUT) if claim["relation"] == "about" else half_unit
    return stated - reach, stated + reach


def said_of_others(evidence: Evidence, claim: Record, row: Record) -> str:
    """Say in a sentence for whom, or for how long, nothing was studied; empty if that is not so.

    People are others if the claim speaks of everybody the review asks about and the study's people
    had something else. A time counts where the claim gives it in figures.
    """
    question, parts = evidence.review.question, []
    if _speaks_of_everybody(question, claim) and row["condition"] != question.condition:
        parts.append(f"It speaks of {numbers.lower_first(claim['population'])}.")
    time = _TIME.search(str(claim["timepoint"]))
    if time and float(time[1]) * _WEEKS[time[2].lower()] > 1.1 * row["weeks"]:
        weeks = numbers.short(row["weeks"])
        parts.append(f"It speaks of {time[0]}; {row['label']} looked {weeks} weeks ahead.")
    return " ".join(parts)


def _speaks_of_everybody(question: Question, claim: Record) -> bool:
    everybody = (question.population.casefold(), question.condition.casefold())
    return str(claim["population"]).casefold() in everybody


def weaknesses(evidence: Evidence, claim: Record, row: Record) -> str:
    """What the statement leaves out, as sentences; empty if nothing."""
    studies = records(evidence.tables["studies"])
    study = next(study for study in studies if study["study_id"] == row["study_id"])
    sources = evidence.tables["sources"].set_index("source_id")
    read_in = str(row["source_id"]).split("; ")
    parts = [*_about_the_number(row), *_about_the_design(row, study["n_randomised"])]
    if claim["source_id"] in read_in:
        parts.append("Where the statement is made is also where the figure was read.")
    if sources.loc[str(study["source_id"]), "read"] == "not_read":
        kinds = sorted({str(sources.loc[name, "kind"]).replace("_", " ") for name in read_in})
        account = numbers.listing([numbers.with_article(kind) for kind in kinds])
        parts.append(f"The paper was not read; the figure is that of {account}.")
    question = evidence.review.question
    if row["condition"] != question.condition and (
        claim["population"] in _UNSAID or _speaks_of_everybody(question, claim)
    ):
        parts.append(f"The people had {row['condition']}.")
    return " ".join(parts)


def _about_the_number(row: Record) -> list[str]:
    if row["basis"] != "percentages":
        return []
    return ["Of how many people the percentages are is not reported."]


def _about_the_design(row: Record, randomised: float) -> list[str]:
    if row["design"] == "within_subject":
        return []
    if not row["comparator"]:
        return ["No number was found for anybody who went without."]
    if row["design"] != "rct":
        return ["The groups were not formed by chance."]
    parts = []
    if randomised < FEW_PEOPLE:
        parts.append(f"It is one trial of {numbers.people(randomised)}.")
    counts = [row[f"{name}_{arm}"] for arm in ("treatment", "control") for name in ("events", "n")]
    if not any(math.isnan(count) for count in counts):
        fragility = fragility_index(*(int(count) for count in counts))
        if 0 < fragility.index <= FRAGILE:
            parts.append(
                f"If {numbers.people(fragility.index)} had had a different outcome, it would no "
                "longer stand out from chance."
            )
    return parts
