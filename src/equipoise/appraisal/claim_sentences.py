"""What could have been said instead of a claim: what is known, how surely, and what is missing.

Outcomes speak in the sentence of their summary (`equipoise.appraisal.wording`), of the study that a
claim cites or else of all. Added here are the difference in percentage points, the people, whose
account it is, and, where a claim could not be checked, what one would need to check it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from types import MappingProxyType

import pandas as pd

from equipoise.appraisal.claim_finding import (
    groups_not_found,
    has_bare_percentages,
    unread_account,
)
from equipoise.appraisal.claim_judging import AMOUNTS
from equipoise.appraisal.claim_safety import is_harm, named_elsewhere
from equipoise.appraisal.facts import design_name, design_of
from equipoise.appraisal.summary import Summary, summarize_all
from equipoise.appraisal.triggers import has_numbers
from equipoise.display import numbers
from equipoise.evidence.base import Evidence
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.records import Record, records

_UNCHECKED = ("not verifiable", "not in source")


def fair_sentences(
    evidence: Evidence, judged: pd.DataFrame, planned: Sequence[Summary] = ()
) -> list[str]:
    """Return, for every claim, what an honest writer could have written in its place.

    Parameters
    ----------
    evidence
        The evidence base.
    judged
        Its claims with their verdicts, as `judge_claims` gives them.
    planned
        Summaries of planned analyses that are at hand.
    """
    at_hand = {(summary.id, ""): summary for summary in planned}
    summaries = _Summaries(evidence=evidence, judged=judged, _made=at_hand)
    return [
        " ".join(filter(None, _sentences(summaries, {**claim, **finding})))
        for claim, finding in zip(records(evidence.tables["claims"]), records(judged), strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Summaries:
    """Summaries of outcomes, each made once: of every study, or as if one were all there is."""

    evidence: Evidence
    judged: pd.DataFrame
    _views: dict[str, Evidence] = field(default_factory=dict)
    _made: dict[tuple[str, str], Summary] = field(default_factory=dict)

    def of(self, outcome: str, source: str = "") -> Summary:
        """Return the summary of an outcome: of the studies whose paper `source` is, or of all."""
        outcome = self.evidence.analysis(outcome).id
        if (outcome, source) not in self._made:
            if source not in self._views:
                self._views[source] = _only(self.evidence, source) if source else self.evidence
            (summary,) = summarize_all(self._views[source], [outcome], audit=self.judged)
            self._made[outcome, source] = summary
        return self._made[outcome, source]


def _only(evidence: Evidence, source: str) -> Evidence:
    """The evidence as if one paper were all there is; nobody has judged it on its own."""
    studies = {r["study_id"] for r in evidence.records["studies"] if r["source_id"] == source}
    values, texts = dict(evidence.records), dict(evidence.written)
    places = dict(evidence.row_numbers)
    for name in ("results", "contrasts"):
        kept = [row["study_id"] in studies for row in values[name]]
        values[name] = tuple(compress(values[name], kept))
        texts[name] = tuple(compress(texts[name], kept))
        places[name] = tuple(compress(places[name], kept))
    values["certainty"] = texts["certainty"] = places["certainty"] = ()
    return replace(
        evidence,
        records=MappingProxyType(values),
        written=MappingProxyType(texts),
        row_numbers=MappingProxyType(places),
    )


def _sentences(summaries: _Summaries, claim: Record) -> list[str]:
    evidence = summaries.evidence
    if claim["measure"] in AMOUNTS and claim["recomputed"]:
        treatment = evidence.review.question.intervention
        needed = ["the document it appeals to"] if claim["verdict"] in _UNCHECKED else []
        return [f"Found here about {treatment}: {claim['recomputed']}.", _to_check(needed)]
    if claim["conditions"]:
        return _on_conditions(evidence, claim)
    if claim["outcome_id"]:
        return _on_outcome(summaries, claim)
    if claim["verdict"] == "overstated cause":
        return [
            f"{claim['studies']} cannot show what {evidence.review.question.intervention} brings "
            "about: nothing read here says that chance decided who was treated."
        ]
    return ["Nothing found here measures this.", _to_check([_measurement(evidence, claim)])]


def _to_check(needed: list[str]) -> str:
    return f"To check it, one would need {numbers.listing(needed)}." if needed else ""


def _on_conditions(evidence: Evidence, claim: Record) -> list[str]:
    """Who else names a precaution, or how often a harm was reported."""
    treatment, others = evidence.review.question.intervention, named_elsewhere(evidence, claim)
    if not others:
        named = numbers.lower_first(claim["conditions"].replace(";", ","))
        needed = _to_check([f"a count of harms among people with it ({named})"])
        return [f"No other source here names this as a reason against {treatment}.", needed]
    if any(is_harm(row) for row in others):
        return [f"Reported after {treatment}: {claim['recomputed']}."]
    names = list(dict.fromkeys(numbers.lower_first(row["condition"]) for row in others))
    told = numbers.upper_first(numbers.listing(names))
    are = "is a reason" if len(names) == 1 else "are reasons"
    return [
        f"{told} {are} against {treatment}, or for asking first, {claim['recomputed']}; how large "
        "the risk is, none of them says."
    ]


def _measurement(evidence: Evidence, claim: Record) -> str:
    """What would have to be there to check a statement about nothing that was measured."""
    question = evidence.review.question
    stated = claim["comparator"] not in ("", NOT_REPORTED)
    against = numbers.lower_first(claim["comparator"]) if stated else question.comparator
    trial = (
        f"a trial in {question.population} that compares it with {against} and says what it counts"
    )
    cited = "the document it appeals to" if claim["cited_source_id"] else "a source that counts it"
    return {
        "mechanism": f"measurements of it with and without {question.intervention}",
        "safety": f"a count or measurement of it with and without {question.intervention}",
        "evidence_base": cited,
        "practical": "a source that measured it",
        "opinion": "a survey of the people it speaks of",
    }.get(claim["kind"], trial)


def _on_outcome(summaries: _Summaries, claim: Record) -> list[str]:
    """The sentence of the study that is cited if it has numbers, else of every study."""
    evidence, outcome = summaries.evidence, claim["outcome_id"]
    cited = _cited(evidence, claim)
    source = claim["cited_source_id"] if cited else ""
    summary = summaries.of(outcome, source)
    gives_nothing = bool(source) and summary.certainty is None
    if gives_nothing:
        summary = summaries.of(outcome)
    row = _quoted(summary)
    parts = [summary.sentence if row or summary.together else _of_ranges(summary)]
    if gives_nothing and summary.certainty is not None:
        parts.insert(0, f"What was read of {numbers.listing(cited)} gives no number for this.")
    if row is not None:
        parts += [
            _difference(row),
            _people(evidence, row),
            groups_not_found(evidence, row, outcome),
        ]
    if claim["verdict"] in _UNCHECKED:
        silent = gives_nothing or summary.certainty is None
        needed = _numbers_needed(evidence, claim) if silent else _needed(evidence, claim, row)
        parts.append(_to_check(needed))
    return parts


def _cited(evidence: Evidence, claim: Record) -> list[str]:
    """The labels of the studies whose paper a claim cites."""
    cited = claim["cited_source_id"]
    return [r["label"] for r in evidence.records["studies"] if cited and r["source_id"] == cited]


def _is_unread(evidence: Evidence, source: str) -> bool:
    sources = {row["source_id"]: row["read"] for row in evidence.records["sources"]}
    return sources.get(source) == "not_read"


def _quoted(summary: Summary) -> Record | None:
    """The row that the sentence of a summary quotes; None if it quotes none or is about many."""
    if summary.certainty is None or summary.together is not None:
        return None
    study = summary.certainty.study
    rows = [r for r in records(summary.frame) if r["study_id"] == study and has_numbers(r)]
    return max(rows, key=_people_known, default=None)


def _people_known(row: Record) -> float:
    return 0.0 if math.isnan(row["people"]) else float(row["people"])


def _of_ranges(summary: Summary) -> str:
    """The smallest and the largest change where nothing else was reported of the outcome."""
    rows = [row for row in records(summary.frame) if not math.isnan(row["minimum_change"])]
    if not rows:
        return summary.sentence
    row, unit = rows[0], summary.outcome["unit"]
    ends = f"{numbers.signed(row['minimum_change'])} to {numbers.signed(row['maximum_change'])}"
    about = [design_name(design_of(row), row["directness"]), row["condition"]]
    about += [] if row["timepoint"] == NOT_REPORTED else [numbers.lower_first(row["timepoint"])]
    return (
        f"In {row['label']} ({', '.join(about)}) {numbers.lower_first(summary.outcome['label'])} "
        f"changed by {ends} {unit}; the mean is not reported."
    )


def _difference(row: Record) -> str:
    """The absolute difference between two shares that the sentence has told."""
    if row["basis"] not in ("counts", "percentages") or math.isnan(row["risk_difference"]):
        return ""
    ends = numbers.interval(100 * row["rd_low"], 100 * row["rd_high"], 0)
    name = numbers.interval_name("confidence", 0.95)
    told = f"{ends} by rounding" if row["interval"] == "rounding" else f"{name} {ends}"
    points = numbers.plain(100 * row["risk_difference"], 0)
    return f"The difference is {points} percentage points ({told})."


def _people(evidence: Evidence, row: Record) -> str:
    account = unread_account(evidence, row)
    known = f"; what is known of it comes from {account}, as the paper was not read"
    return f"The people had {row['condition']}{known if account else ''}."


def _numbers_needed(evidence: Evidence, claim: Record) -> list[str]:
    """What a check lacks where nothing was reported."""
    unread = _is_unread(evidence, claim["cited_source_id"])
    return ["the paper itself" if unread else "the numbers themselves"]


def _needed(evidence: Evidence, claim: Record, row: Record | None) -> list[str]:
    """What a check lacks in the row that the sentence quotes, if it quotes one."""
    needed = []
    if row is not None and unread_account(evidence, row):
        needed.append("the paper itself")
    if row is not None and has_bare_percentages(row):
        needed.append("how many people there were behind each percentage")
    if row is not None and not row["comparator"] and row["design"] != "within_subject":
        treatment = evidence.review.question.intervention
        needed.append(f"what became of people who went without {treatment}")
    if not needed:
        missing = (
            "a study that gives this number" if claim["stated"] else "a trial with more people"
        )
        needed.append(missing)
    return needed
