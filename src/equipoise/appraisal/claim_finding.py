"""What the check of a claim comes to, what it asserts, and what it leaves out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import pandas as pd

from equipoise.appraisal.fragility import fragility_index
from equipoise.display import numbers
from equipoise.evidence.base import Evidence
from equipoise.evidence.checks import decimals
from equipoise.evidence.records import Record, records
from equipoise.evidence.review import Question
from equipoise.evidence.thresholds import CUSTOMARY

ABOUT = 2.5
"""How far a number called "about" may be off, in percentage points."""

NOT_BY_CHANCE = "The groups were not formed by chance."
NOT_SAID_BY_CHANCE = "No source says that chance decided who was treated."
"""What can be said of a comparison whose paper was read, and of one whose paper was not."""

_TIME = re.compile(r"(\d+(?:\.\d+)?)[ -]?(week|month|year)s?\b", re.IGNORECASE)
_WEEKS = {"week": 1.0, "month": 52 / 12, "year": 52.0}
_UNSAID = ("", "NR")
_REPORTED = ["events", "percent", "mean", "median", "minimum", "maximum"]


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
    """Whether it says that the treatment brings the outcome about, and not that it may or can."""
    return bool(claim["causal"] == "yes")


def with_a_number(results: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of results.csv that report something, and not only how many took part."""
    return results[results[_REPORTED].notna().any(axis="columns")]


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
    account = unread_account(evidence, row)
    design = _about_the_design(row, study["n_randomised"], is_read=not account)
    parts = [*_about_the_number(row), *design, *_about_other_groups(evidence, claim, row)]
    if claim["measure"] == "relative_reduction_percent" and claim["comparator"] == "NR":
        parts.insert(0, "It does not say compared with whom.")
    if claim["source_id"] in str(row["source_id"]).split("; "):
        parts.append("Where the statement is made is also where the figure was read.")
    if account:
        parts.append(f"The paper was not read; the figure is that of {account}.")
    question = evidence.review.question
    if row["condition"] != question.condition and (
        claim["population"] in _UNSAID or _speaks_of_everybody(question, claim)
    ):
        parts.append(f"The people had {row['condition']}.")
    return " ".join(parts)


def unread_account(evidence: Evidence, row: Record) -> str:
    """Whose account a row is (`a web article`) if the study's paper was not read; else empty."""
    studies = evidence.tables["studies"].set_index("study_id")
    sources = evidence.tables["sources"].set_index("source_id")
    if sources.loc[str(studies.loc[row["study_id"], "source_id"]), "read"] != "not_read":
        return ""
    read_in = str(row["source_id"]).split("; ")
    kinds = sorted({str(sources.loc[name, "kind"]).replace("_", " ") for name in read_in})
    return numbers.listing([numbers.with_article(kind) for kind in kinds])


def _about_the_number(row: Record) -> list[str]:
    if row["basis"] != "percentages":
        return []
    return ["Of how many people the percentages are is not reported."]


def _about_other_groups(evidence: Evidence, claim: Record, row: Record) -> list[str]:
    """How many of several groups that went without have a rate, if not all of them."""
    if not row["comparator"] or row["basis"] not in ("counts", "percentages"):
        return []
    arms, results = evidence.tables["arms"], evidence.tables["results"]
    mine = (arms["study_id"] == row["study_id"]) & (arms["role"] == "control")
    asked = results[
        (results["study_id"] == row["study_id"])
        & (results["outcome_id"] == claim["outcome_id"])
        & results["arm_id"].isin(arms.loc[mine, "arm_id"])
    ]
    groups, told = asked["arm_id"].nunique(), with_a_number(asked)["arm_id"].nunique()
    if not 0 < told < groups:
        return []
    silent = numbers.word(groups - told)
    return [f"Rates of {silent} of its {numbers.word(groups)} comparison groups were not found."]


def _about_the_design(row: Record, randomised: float, *, is_read: bool) -> list[str]:
    if row["design"] == "within_subject":
        return []
    if not row["comparator"]:
        return ["No number was found for anybody who went without."]
    if row["design"] != "rct":
        return [NOT_BY_CHANCE if is_read else NOT_SAID_BY_CHANCE]
    parts = []
    if randomised < CUSTOMARY.few_people:
        parts.append(f"It is one trial of {numbers.people(randomised)}.")
    counts = [row[f"{name}_{arm}"] for arm in ("treatment", "control") for name in ("events", "n")]
    if not any(math.isnan(count) for count in counts):
        fragility = fragility_index(*(int(count) for count in counts))
        if 0 < fragility.index <= CUSTOMARY.fragile:
            parts.append(
                f"If {numbers.people(fragility.index)} had had a different outcome, it would no "
                "longer stand out from chance."
            )
    return parts
