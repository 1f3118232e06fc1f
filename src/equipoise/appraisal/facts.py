"""The named data that caveat rules look at, gathered once for one analysis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from equipoise.appraisal.computed import with_effect_sizes
from equipoise.appraisal.unreproduced import with_recomputed_p
from equipoise.display import numbers
from equipoise.effects.estimates import estimates
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import records
from equipoise.evidence.review import Analysis, Question
from equipoise.evidence.schema import table
from equipoise.evidence.thresholds import CUSTOMARY, Thresholds

if TYPE_CHECKING:
    from equipoise.appraisal.pooling import Together

Row = Mapping[str, Any]

COMPARED = ("rct", "nrsi_controlled")
"""Designs in which somebody went without the intervention."""

QUASI_RANDOM = ("alternate", "systematic")
"""Allocation of trials in which a rule, not chance, decided who was treated."""

DESIGN_NAMES = {
    "rct": "randomised trial",
    "quasi_rct": "quasi-randomised trial",
    "nrsi_controlled": "non-randomised comparison",
    "single_arm": "uncontrolled result",
    "within_subject": "measurement within people",
    "case_series": "case series",
    "case_report": "case report",
    "systematic_review": "systematic review",
}
"""What one result of each design is called. A trial whose control numbers were not found gives an
uncontrolled result, which is why the name is not that of a kind of study. `quasi_rct` is no design
of studies.csv: see `design_of`."""

DESIGN_PLURALS = {
    "rct": "randomised trials",
    "quasi_rct": "quasi-randomised trials",
    "nrsi_controlled": "non-randomised comparisons",
    "single_arm": "uncontrolled results",
    "within_subject": "measurements within people",
    "case_series": "case series",
    "case_report": "case reports",
    "systematic_review": "systematic reviews",
}

_RAW = {
    "means": ("mean_treatment", "mean_control", "mean_before", "mean_after", "mean_change"),
    "numbers": ("events_treatment", "percent_treatment", "events_control", "percent_control",
                "effect"),
}  # fmt: skip


def design_of(row: Row) -> str:
    """Return the design by which a row is called: that of studies.csv, or `quasi_rct`."""
    quasi = row["design"] == "rct" and row["allocation"] in QUASI_RANDOM
    return "quasi_rct" if quasi else str(row["design"])


def design_name(design: str, directness: str, count: int = 1) -> str:
    """Return what results of a design are called: `randomised trial of a related treatment`."""
    names = DESIGN_NAMES if count == 1 else DESIGN_PLURALS
    if directness == "direct":
        return names[design]
    if design == "systematic_review":
        return f"review{'' if count == 1 else 's'} of a related treatment"
    return f"{names[design]} of a related treatment"


def designs_of(rows: Sequence[Row]) -> str:
    """Return `13 randomised trials, 6 of them quasi-randomised`, of rows that share a design."""
    count, quasi = len(rows), sum(design_of(row) == "quasi_rct" for row in rows)
    design = "quasi_rct" if quasi == count else str(rows[0]["design"])
    text = f"{numbers.word(count)} {design_name(design, rows[0]['directness'], count)}"
    return f"{text}, {numbers.word(quasi)} of them quasi-randomised" if 0 < quasi < count else text


def known_total(rows: Sequence[Row], name: str) -> tuple[float, list[str]]:
    """Return the sum of a number over the rows that report it, and the labels of the others."""
    total = math.fsum(row[name] for row in rows if not math.isnan(row[name]))
    return total, [str(row["label"]) for row in rows if math.isnan(row[name])]


def when(row: Row) -> str:
    """Return when a row was measured, as a sentence says it."""
    unknown = row["timepoint"] == "NR"
    return "at an unreported time" if unknown else numbers.lower_first(row["timepoint"])


def unused_numbers(row: Row) -> str:
    """Return `means` or `numbers` if a row holds some that no estimate came of, else nothing."""
    if row["basis"] != "not reported":
        return ""
    held = (kind for kind, names in _RAW.items() if any(not math.isnan(row[n]) for n in names))
    return next(held, "")


def _empty() -> pd.DataFrame:
    return pd.DataFrame({column.name: [] for column in table("risk_of_bias").columns}, dtype="str")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything the rules may look at.

    Attributes
    ----------
    analysis, question, outcome
        The line of the plan, the review's question, the row of outcomes.csv.
    frame
        The comparisons with their estimates, and the columns of `COLUMNS` beside them.
    context
        The rows of context.csv that help to read this outcome.
    claims
        The audited claims about this outcome.
    risk_of_bias
        The rows of risk_of_bias.csv about this outcome.
    together
        What the studies show together; None if they are not combined.
    thresholds
        What counts as few, small, wide or much.
    risk_source
        Where the planned baseline risk was read, in words; empty if none is planned.
    """

    analysis: Analysis
    question: Question
    outcome: Row
    frame: pd.DataFrame
    context: pd.DataFrame
    claims: pd.DataFrame
    risk_of_bias: pd.DataFrame = field(default_factory=_empty)
    together: Together | None = None
    thresholds: Thresholds = CUSTOMARY
    risk_source: str = ""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every comparison, in order."""
        return tuple(records(self.frame))

    def grouped(self, *columns: str) -> list[tuple[Row, ...]]:
        """Comparisons that share the values of these columns, in order of appearance."""
        groups: dict[tuple[str, ...], list[Row]] = {}
        for row in self.rows:
            groups.setdefault(tuple(row[name] for name in columns), []).append(row)
        return [tuple(group) for group in groups.values()]


COLUMNS = {
    "people": "people the numbers of the row are about; NaN if that is not reported",
    "took_part": "people who took part in the arms of the row; NaN if that is not reported",
    "events": "people with the outcome in all arms of the row",
    "lost": "people who began in the arms of the row but were not analysed",
    "read": "how much of the study's own paper was read",
    "read_in": "the kinds of document the row was read in",
}
"""The columns `gather` adds to the estimates, besides those of studies.csv it copies."""

_FROM_STUDIES = (
    "population",
    "funding",
    "conflicts",
    "participants_blinded",
    "registration",
    "n_enrolled",
    "n_randomised",
    "recruited_at_worst",
)


def gather(evidence: Evidence, analysis: Analysis, claims: pd.DataFrame) -> Facts:
    """Return the facts of one analysis."""
    frame = estimates(evidence.comparison(analysis.outcome), analysis.measure)
    frame = with_effect_sizes(frame, analysis.measure)
    frame = with_recomputed_p(frame, evidence, analysis.outcome)
    if analysis.designs:
        frame = frame[frame["design"].isin(analysis.designs)].reset_index(drop=True)
    studies = evidence.tables["studies"].set_index("study_id")
    sources = evidence.tables["sources"].set_index("source_id")
    for name in _FROM_STUDIES:
        frame[name] = frame["study_id"].map(studies[name])
    frame["read"] = frame["study_id"].map(studies["source_id"]).map(sources["read"])
    frame["read_in"] = [
        "; ".join(dict.fromkeys(str(sources.loc[name, "kind"]) for name in cell.split("; ")))
        for cell in frame["source_id"]
    ]
    for name, total in _totals(frame).items():
        frame[name] = total
    context = evidence.tables["context"]
    # A list of no answers would select no columns, not no rows.
    about = context["outcomes"].map(lambda cell: analysis.outcome in cell.split()).astype(bool)
    judged = evidence.tables["risk_of_bias"]
    return Facts(
        analysis=analysis,
        question=evidence.review.question,
        outcome=evidence.outcome(analysis.outcome),
        frame=frame,
        context=context[about],
        claims=claims[claims["outcome_id"] == analysis.outcome],
        risk_of_bias=judged[judged["outcome_id"] == analysis.outcome],
        thresholds=evidence.review.thresholds,
        risk_source=_source_in_words(sources, analysis.baseline_risk_source),
    )


def _source_in_words(sources: pd.DataFrame, source_id: str) -> str:
    """Return `a web article, chiroup_blog`."""
    if not source_id:
        return ""
    kind = str(sources.loc[source_id, "kind"]).replace("_", " ")
    return f"{numbers.with_article(kind)}, {source_id}"


def _totals(frame: pd.DataFrame) -> dict[str, list[float]]:
    """Sums over the arms of each row; NaN as soon as one arm's number is unknown."""
    totals: dict[str, list[float]] = {"people": [], "took_part": [], "events": [], "lost": []}
    for row in records(frame):
        arms = ("treatment", "control") if row["comparator"] else ("treatment",)
        n = sum(float(row[f"n_{arm}"]) for arm in arms)
        began = sum(float(row[f"n_allocated_{arm}"]) for arm in arms)
        known = [x for x in (row["n_reported"], n, row["n"]) if not math.isnan(x)]
        totals["people"].append(known[0] if known else math.nan)
        totals["took_part"].append(began)
        totals["events"].append(sum(float(row[f"events_{arm}"]) for arm in arms))
        totals["lost"].append(began - n)
    return totals
