"""Facts made by hand: a large, clean trial unless a keyword argument says otherwise."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from equipoise.appraisal import facts as facts_module
from equipoise.appraisal import unreproduced
from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.computed import with_effect_sizes
from equipoise.appraisal.facts import Facts
from equipoise.appraisal.pooling import combine
from equipoise.effects.estimates import estimates
from equipoise.evidence.comparison import COLUMNS
from equipoise.evidence.review import Analysis, Question
from equipoise.evidence.thresholds import Thresholds

NAN = math.nan
QUESTION = Question(
    population="people with back pain",
    condition="low back pain",
    intervention="inversion therapy",
    comparator="no inversion therapy",
    target_weeks=52,
)
ROW = {
    **COLUMNS,
    "study_id": "a2020",
    "label": "A 2020",
    "year": 2020.0,
    "design": "rct",
    "directness": "direct",
    "condition": "low back pain",
    "treatment": "Inversion",
    "comparator": "Rest",
    "timepoint": "1 year",
    "weeks": 52.0,
    "source_id": "a2020",
    "confidence": "primary",
}
STUDY = {
    "population": "People with low back pain",
    "funding": "public",
    "conflicts": "none",
    "participants_blinded": "yes",
    "registration": "NR",
    "n_enrolled": NAN,
    "n_randomised": NAN,
    "recruited_at_worst": "NR",
    "read": "full_text",
    "read_in": "journal_article",
    **dict.fromkeys(unreproduced.COLUMNS, ""),
}
COUNTS = {"events_treatment": 600.0, "n_treatment": 2000.0, "n_allocated_treatment": 2000.0,
          "events_control": 780.0, "n_control": 2000.0, "n_allocated_control": 2000.0}  # fmt: skip
ALONE = {"design": "single_arm", "comparator": "", "events_treatment": 13.0, "n_treatment": 16.0}
OUTCOME = {
    "outcome_id": "surgery",
    "label": "Surgery",
    "kind": "binary",
    "better": "lower",
    "assessed": "objective",
    "importance": "critical",
    "domain": "surgery",
    "phrase": "had surgery",
    "unit": "",
    "mid": NAN,
    "definition": "operated on",
}
PAIN = {"label": "Pain", "kind": "continuous", "phrase": "", "unit": "points"}
CONTEXT = ("kind", "series", "quantity", "value", "unit", "weeks", "population", "outcomes")
RISK_OF_BIAS = ("study_id", "outcome_id", "tool", "domain", "judgement")
CLAIMS = ("claim_id", "claim", "outcome_id", "verdict")


def row(**cells: object) -> dict[str, Any]:
    """One comparison; a trial with counts unless it says what else it has."""
    bare = {"design", "reported_measure", "percent_treatment", "mean_change", "mean_before", "bare"}
    counts = {} if bare & set(cells) and "events_treatment" not in cells else COUNTS
    if cells.get("comparator") == "":
        counts = {}
    return {**ROW, **STUDY, **counts, **{k: v for k, v in cells.items() if k != "bare"}}


def second(**cells: object) -> dict[str, Any]:
    """A comparison of another study."""
    return row(**{"study_id": "b2021", "label": "B 2021", "source_id": "b2021", **cells})


def facts(
    *rows: Mapping[str, Any],
    measure: str = "RR",
    outcome: Mapping[str, object] | None = None,
    baseline_risk: float | None = None,
    risk_source: str = "",
    context: Sequence[Sequence[object]] = (),
    claims: Sequence[Sequence[object]] = (),
    risk_of_bias: Sequence[Sequence[str]] = (),
    combined: bool = False,
    estimator: str = "REML",
    ci_method: str = "hksj-adhoc",
    thresholds: Mapping[str, float] | None = None,
) -> Facts:
    """The facts of one analysis of these comparisons, which are combined if they can be."""
    frame = with_effect_sizes(estimates(pd.DataFrame(list(rows) or [row()]), measure), measure)
    for name, total in facts_module._totals(frame).items():
        frame[name] = total
    made = Facts(
        analysis=Analysis(
            id="surgery", outcome="surgery", measure=measure, baseline_risk=baseline_risk,
            estimator=estimator, ci_method=ci_method,
        ),
        question=QUESTION,
        outcome={**OUTCOME, **(outcome or {})},
        frame=frame,
        context=pd.DataFrame(list(context), columns=list(CONTEXT)),
        claims=pd.DataFrame(list(claims), columns=list(CLAIMS)),
        risk_of_bias=pd.DataFrame(
            [(study, "surgery", *judgement) for study, *judgement in risk_of_bias],
            columns=list(RISK_OF_BIAS), dtype="str",
        ),
        risk_source=risk_source,
        thresholds=Thresholds(**(thresholds or {})),
    )  # fmt: skip
    return replace(made, together=combine(made)[0]) if combined else made


def caveat(**fields: object) -> Caveat:
    """A caveat that lowers nothing unless told to."""
    given = {
        "code": "C99", "domain": "imprecision", "severity": "high", "title": "a title",
        "sentence": "A sentence.", "numbers": {}, "studies": ("A 2020",), "reference": "somebody",
        **fields,
    }  # fmt: skip
    return Caveat(**given)  # type: ignore[arg-type]
