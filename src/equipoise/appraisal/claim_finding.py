"""What the check of a claim comes to, what it asserts, and what it leaves out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from equipoise.appraisal.fragility import fragility_index
from equipoise.appraisal.wording import share
from equipoise.display import numbers
from equipoise.evidence.base import Evidence
from equipoise.evidence.checks import decimals
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.records import Record, records
from equipoise.evidence.review import Question
from equipoise.evidence.thresholds import Thresholds

Range = tuple[float, float]

ABOUT = 2.5
"""How far a number called "about" may be off, in percentage points."""

NOT_FOUND = "What it appeals to was not found."

_NOT_BY_CHANCE = "The groups were not formed by chance."
_NOT_CALLED_RANDOMISED = "No source calls the study randomised."
_TIME = re.compile(
    r"\b(\d+(?:\.\d+)?|[a-z]+)[ -]?(day|week|month|year)s?\b", re.IGNORECASE | re.ASCII
)
_WEEKS = {"day": 1 / 7, "week": 1.0, "month": 52 / 12, "year": 52.0}
_WORDS = {numbers.word(n): float(n) for n in range(1, 10)}
_UNSAID = ("", NOT_REPORTED)
_REPORTED = ["events", "percent", "mean", "median", "minimum", "maximum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a claim comes to; the fields are columns of `audit_claims`."""

    recomputed: str
    verdict: str
    reason: str
    studies: str = ""
    evidence_source_id: str = ""


def found(recomputed: str, verdict: str, reason: str, *rows: Record) -> Finding:
    """Return the finding that rests on these rows."""
    return Finding(
        recomputed=recomputed,
        verdict=verdict,
        reason=reason.strip(),
        studies=numbers.listing(list(dict.fromkeys(str(row["label"]) for row in rows))),
        evidence_source_id=read_in(row["source_id"] for row in rows),
    )


def not_wrong(evidence: Evidence, claim: Record, row: Record, recomputed: str) -> Finding:
    """Judge the rest of a statement whose number is right: cause, people, what is left out."""
    left_out = weaknesses(evidence, claim, row)
    others = said_of_others(evidence, claim, row)
    if claims_cause(claim) and row["design"] != "rct":
        return found(recomputed, "overstated cause", left_out, row)
    if others:
        return found(recomputed, "wrong population or time", f"{others} {left_out}", row)
    verdict = "accurate but incomplete" if left_out else "accurate"
    return found(recomputed, verdict, left_out or "The number is as reported.", row)


def shares(row: Record) -> str:
    """Return `74% of an unreported number of people, nobody compared`."""
    if not row["comparator"]:
        return f"{share(row, 'treatment')}, nobody compared"
    if math.isnan(row["percent_control"]) and math.isnan(row["events_control"]):
        return f"{share(row, 'treatment')}, no number of those compared"
    against = numbers.lower_first(row["comparator"])
    return f"{share(row, 'treatment')} against {share(row, 'control')} ({against})"


def read_in(cells: Iterable[str]) -> str:
    """Join the source_ids of several cells, each once."""
    return "; ".join(dict.fromkeys(name for cell in cells for name in cell.split("; ")))


def claims_cause(claim: Record) -> bool:
    """Whether it says that the treatment brings the outcome about, and not that it may or can."""
    return bool(claim["causal"] == "yes")


def appeal(evidence: Evidence, claim: Record) -> str:
    """Say that what a claim appeals to was not found or not read; empty if that is not so."""
    if claim["cited_source_id"] == NOT_REPORTED:
        return NOT_FOUND
    sources = evidence.tables["sources"]
    cited = sources.loc[sources["source_id"] == claim["cited_source_id"], "read"]
    return "What it appeals to was not read." if (cited == "not_read").any() else ""


def with_a_number(results: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of results.csv that report something, and not only how many took part."""
    return results[results[_REPORTED].notna().any(axis="columns")]


def claimed_range(claim: Record, value: str, *, least: float = 0.0) -> Range:
    """Return the numbers that a claim's value, as written, stands for.

    Parameters
    ----------
    claim, value
        The claim, and its value as it is written in claims.csv: 74 stands for 73.5 to 74.5.
    least
        How far the number may be off at least.
    """
    stated, half_unit = float(value), 0.5 * 10.0 ** -decimals(value)
    if claim["relation"] == "more_than":
        return stated, math.inf
    if claim["relation"] == "less_than":
        return -math.inf, stated
    reach = max(half_unit, least, ABOUT if claim["relation"] == "about" else 0.0)
    return stated - reach, stated + reach


def said_of_others(evidence: Evidence, claim: Record, row: Record) -> str:
    """Say in a sentence for whom, or for how long, nothing was studied; empty if that is not so.

    People are others if the claim speaks of everybody the review asks about and the study's people
    had something else. A time counts where the claim gives it as a number of days or longer.
    """
    question, parts = evidence.review.question, []
    if _speaks_of_everybody(question, claim) and row["condition"] != question.condition:
        parts.append(f"It speaks of {numbers.lower_first(claim['population'])}.")
    for time in _TIME.finditer(str(claim["timepoint"])):
        if _in_weeks(time) > 1.1 * row["weeks"]:
            weeks = numbers.short(row["weeks"])
            parts.append(f"It speaks of {time[0]}; {row['label']} looked {weeks} weeks ahead.")
            break
    return " ".join(parts)


def _in_weeks(time: re.Match[str]) -> float:
    """A time in weeks; 0 if no number is said (`the first year`, `twice a week`)."""
    amount, unit = time[1].lower(), time[2].lower()
    number = float(amount) if amount[0].isdigit() else _WORDS.get(amount, 0.0)
    return number * _WEEKS[unit]


def _speaks_of_everybody(question: Question, claim: Record) -> bool:
    everybody = (question.population.casefold(), question.condition.casefold())
    return str(claim["population"]).casefold() in everybody


def weaknesses(evidence: Evidence, claim: Record, row: Record) -> str:
    """What the statement leaves out, as sentences; empty if nothing."""
    studies = records(evidence.tables["studies"])
    study = next(study for study in studies if study["study_id"] == row["study_id"])
    account = unread_account(evidence, row)
    parts = []
    if claim["measure"] == "relative_reduction_percent" and claim["comparator"] == NOT_REPORTED:
        parts.append("Compared with whom is not said.")
    parts.append(_of_nobody_knows_how_many(row))
    parts += _about_the_design(
        row, study["n_randomised"], evidence.review.thresholds, is_read=not account
    )
    parts.append(groups_not_found(evidence, row, claim["outcome_id"]))
    if account:
        parts.append(f"The paper was not read; what it found is known from {account}.")
    if claim["source_id"] in str(row["source_id"]).split("; "):
        parts.append("The figure was read in the document that makes the claim.")
    if study["source_id"] != claim["cited_source_id"]:
        parts.append(appeal(evidence, claim))
    question = evidence.review.question
    if row["condition"] != question.condition and (
        claim["population"] in _UNSAID or _speaks_of_everybody(question, claim)
    ):
        parts.append(f"The people studied had {row['condition']}.")
    return " ".join(filter(None, parts))


def has_bare_percentages(row: Record) -> bool:
    """Whether a percentage is told and the number of people behind it is not."""
    return row["basis"] == "percentages" and any(
        math.isnan(row[f"n_{arm}"]) and not math.isnan(row[f"percent_{arm}"])
        for arm in ("treatment", "control")
    )


def _of_nobody_knows_how_many(row: Record) -> str:
    if not has_bare_percentages(row):
        return ""
    one = math.isnan(row["percent_control"])
    percentages = "the percentage is" if one else "the percentages are"
    return f"How many people {percentages} about is not reported."


def unread_account(evidence: Evidence, row: Record) -> str:
    """Whose account a row is (`a web article`) if the study's paper was not read; else empty."""
    studies = evidence.tables["studies"].set_index("study_id")
    sources = evidence.tables["sources"].set_index("source_id")
    if sources.loc[str(studies.loc[row["study_id"], "source_id"]), "read"] != "not_read":
        return ""
    accounts = str(row["source_id"]).split("; ")
    kinds = sorted({str(sources.loc[name, "kind"]).replace("_", " ") for name in accounts})
    return numbers.listing([numbers.with_article(kind) for kind in kinds])


def groups_not_found(evidence: Evidence, row: Record, outcome: str) -> str:
    """Say how many of several groups that went without have no rate; empty if all or none have."""
    if not row["comparator"] or row["basis"] not in ("counts", "percentages"):
        return ""
    arms, results = evidence.tables["arms"], evidence.tables["results"]
    mine = (arms["study_id"] == row["study_id"]) & (arms["role"] == "control")
    asked = results[
        (results["study_id"] == row["study_id"])
        & (results["outcome_id"] == outcome)
        & results["arm_id"].isin(arms.loc[mine, "arm_id"])
    ]
    groups, told = asked["arm_id"].nunique(), with_a_number(asked)["arm_id"].nunique()
    if not 0 < told < groups:
        return ""
    silent = numbers.word(groups - told)
    return f"Rates of {silent} of its {numbers.word(groups)} comparison groups were not found."


def _about_the_design(
    row: Record, randomised: float, thresholds: Thresholds, *, is_read: bool
) -> list[str]:
    if row["design"] == "within_subject":
        return []
    if not row["comparator"]:
        return ["No number was found for people who went without."]
    if row["design"] != "rct":
        # What nobody says of a paper that was not read may still be so.
        return [_NOT_BY_CHANCE if is_read else _NOT_CALLED_RANDOMISED]
    parts = []
    if randomised < thresholds.few_people:
        parts.append(f"It is one trial of {numbers.people(randomised)}.")
    counts = [row[f"{name}_{arm}"] for arm in ("treatment", "control") for name in ("events", "n")]
    if not any(math.isnan(count) for count in counts):
        fragility = fragility_index(*(int(count) for count in counts))
        if 0 < fragility.index <= thresholds.fragile:
            parts.append(
                f"With a different outcome in {numbers.people(fragility.index)} it would no longer "
                "stand out from chance."
            )
    return parts
