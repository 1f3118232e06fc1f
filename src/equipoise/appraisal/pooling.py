"""Which studies of an analysis are combined, and what they show together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, cast

import pandas as pd

from equipoise.appraisal.facts import Facts, Row, design_name
from equipoise.display import numbers
from equipoise.effects.interval import normal_quantile
from equipoise.effects.measures import measure as measure_of
from equipoise.effects.sizes import effect_sizes
from equipoise.synthesis.method import Estimator, IntervalMethod
from equipoise.synthesis.pool import pool
from equipoise.synthesis.pooled import Pooled

NAN = math.nan
_POOLED_AS = {"PR": "PLO"}
"""Proportions are pooled as log odds: their own scale ends at 0 and 1, which intervals do not."""
_COUNTS = ("events_treatment", "n_treatment", "events_control", "n_control")
_SUMMED = ("people", "took_part", "events")
_OF_ARMS = ("events", "n", "percent", "n_allocated", "mean", "sd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What the studies of an analysis show together.

    Attributes
    ----------
    pooled
        The pooled estimate.
    rows
        The comparison that stands for each study in it.
    row
        The pooled estimate as a row of its own, so that a rule judges it as it would one study.
        Its `percent_control` is the planned baseline risk, else the median of the studies' control
        risks; its `percent_treatment` and `risk_difference` follow from that and the estimate.
    starting_risk_is
        In words, which risk that is.
    weights
        For every comparison of the analysis, its share in the pooled estimate; NaN without one.
    """

    pooled: Pooled
    rows: tuple[Row, ...]
    row: Row
    starting_risk_is: str
    weights: tuple[float, ...]


def combine(facts: Facts, blocked: str = "") -> tuple[Together | None, str]:
    """Return what the studies show together, or why they are not combined.

    Each study counts once. Of a study with several comparisons, the one at the time that the review
    asks about is taken; if that does not single one out, nothing is combined. Studies of different
    designs are not combined, nor are reviews, which may hold the same studies. A study whose
    variance is not known stays out, and the notes of the pooled estimate name it.

    Parameters
    ----------
    facts
        The analysis.
    blocked
        The sentence of a caveat that forbids to combine; empty if there is none.
    """
    if blocked:
        return None, blocked
    reporting = [row for row in facts.rows if row["basis"] != "not reported"]
    studies = {row["study_id"] for row in reporting}
    if len(studies) < 2:
        return None, (
            "There is one study, so there is nothing to combine."
            if studies
            else "No study reports a number."
        )
    effects = _effects(facts)
    able = [row for row, made in zip(facts.rows, effects, strict=True) if _is_known(made)]
    if len({row["study_id"] for row in able}) < 2:
        return None, _too_few_to_weigh(facts, effects, able)
    if why := _apart(able):
        return None, why
    chosen = {name: _one_of(facts, able, reporting, name) for name in studies}
    several = dict.fromkeys(r["label"] for r in able if chosen[r["study_id"]] is None)
    if several:
        return None, (
            f"{numbers.listing(list(several))} would count more than once, with several "
            "comparisons of the same people, and the plan names none of them."
        )
    kept = [
        (row, made)
        for row, made in zip(facts.rows, effects, strict=True)
        if row is chosen.get(row["study_id"])
    ]
    return _together(facts, kept), ""


def _too_few_to_weigh(facts: Facts, effects: Sequence[Row], able: Sequence[Row]) -> str:
    """Why fewer than two studies can be weighed, in the words of the rows that cannot."""
    weighed = {row["study_id"] for row in able}
    reasons: dict[str, list[str]] = {}
    for row, made in zip(facts.rows, effects, strict=True):
        if row["basis"] != "not reported" and row["study_id"] not in weighed:
            reasons.setdefault(made["reason"], []).append(str(row["label"]))
    told = [
        f"{numbers.listing(list(dict.fromkeys(labels)))} ({reason})"
        for reason, labels in reasons.items()
    ]
    fewer = "Only one study" if weighed else "No study"
    return f"{fewer} can be weighed; these cannot: {'; '.join(told)}."


def _is_known(made: Row) -> bool:
    return math.isfinite(made["effect"]) and made["variance"] > 0


def _apart(able: Sequence[Row]) -> str:
    """Why these rows are of different kinds; empty if they are of one."""
    if any(row["design"] == "systematic_review" for row in able):
        return "Reviews may hold the same studies, so their results are not combined."
    kinds = dict.fromkeys((row["design"], row["directness"]) for row in able)
    if len(kinds) == 1:
        return ""
    names = numbers.listing([design_name(*kind, count=2) for kind in kinds])
    return f"The studies are of different kinds ({names}), so they are set side by side."


def _one_of(facts: Facts, able: Sequence[Row], reporting: Sequence[Row], study: str) -> Row | None:
    """The comparison that stands for a study: one that can be weighed, if it has any."""
    mine = [row for row in able if row["study_id"] == study]
    if not mine:
        return next(row for row in reporting if row["study_id"] == study)
    if len(mine) > 1:
        mine = [row for row in mine if row["weeks"] == facts.question.target_weeks]
    return mine[0] if len(mine) == 1 else None


def _effects(facts: Facts) -> list[Row]:
    """Effect, variance and reason of every comparison, on the analysis scale."""
    frame, planned = facts.frame, facts.analysis.measure
    key = _POOLED_AS.get(planned, planned)
    made = frame[list(_COUNTS)].assign(effect=NAN, variance=NAN, added=NAN, reason="")
    asked = frame["measure"] == planned
    counted = asked & (frame["interval"] == "confidence") & frame["basis"].isin(["counts", "means"])
    if counted.any():
        # The table's own `events` and `n` are of all groups together, not of the one of a PR.
        # A ratio learns nothing from a trial in which the event happened to nobody, or everybody.
        drop = measure_of(planned).null == 1.0
        sizes = effect_sizes(frame[counted].drop(columns=["events", "n"]), key, drop00=drop)
        found = ["effect", "variance", "added", "reason"]
        made.loc[counted, found] = sizes[found]
    printed = asked & (frame["interval"] == "reported")
    if printed.any():
        rows = frame[printed]
        scale = measure_of(key)
        low, high = (scale.analysis(rows[name].to_numpy(dtype=float)) for name in ("low", "high"))
        level = rows["ci_level"].fillna(0.95)
        reach = [normal_quantile(one) for one in level]
        made.loc[printed, "effect"] = scale.analysis(rows["estimate"].to_numpy(dtype=float))
        made.loc[printed, "variance"] = ((high - low) / 2 / reach) ** 2
    weighed = made["variance"] > 0
    made.loc[~weighed, ["effect", "variance"]] = NAN
    own = made["reason"].where(made["reason"] != "", frame["reason"])
    made["reason"] = own.where(own != "", "no interval is reported").where(~weighed, "")
    made.loc[~asked, "reason"] = "nobody was compared"
    return cast("list[Row]", made.to_dict("records"))


def _together(facts: Facts, kept: Sequence[tuple[Row, Row]]) -> Together:
    analysis = facts.analysis
    table = pd.DataFrame([made for _, made in kept])
    pooled = pool(
        table,
        labels=[row["label"] for row, _ in kept],
        measure=_POOLED_AS.get(analysis.measure, analysis.measure),
        estimator=cast("Estimator", analysis.estimator),
        ci_method=cast("IntervalMethod", analysis.ci_method),
    )
    rows = tuple(row for row, made in kept if _is_known(made))
    of_kept = dict(zip((id(row) for row, _ in kept), pooled.weights, strict=True))
    shares = [of_kept.get(id(row), 0.0) or NAN for row in facts.rows]
    return Together(
        pooled=pooled,
        rows=rows,
        row=_as_row(facts, rows, pooled),
        starting_risk_is=starting_risk_source(facts, pooled=True),
        weights=tuple(shares),
    )


PLANNED_RISK = "the planned risk"


def starting_risk_source(facts: Facts, *, pooled: bool) -> str:
    """Return in words which risk without the treatment an absolute effect starts from."""
    if facts.analysis.baseline_risk is None:
        groups = "the comparison groups" if pooled else "its comparison group"
        return f"the {'median ' if pooled else ''}risk of {groups}"
    return PLANNED_RISK + (f" (from {facts.risk_source})" if facts.risk_source else "")


def _as_row(facts: Facts, rows: Sequence[Row], pooled: Pooled) -> Row:
    ends, question = pooled.natural(), facts.question
    asked = {"treatment": question.intervention, "comparator": question.comparator}
    start = _starting_risk(facts, rows)
    with_it = [
        risk_with(facts.analysis.measure, start, x) for x in (ends.estimate, ends.low, ends.high)
    ]
    shared = {name: _shared([row[name] for row in rows]) for name in rows[0]}
    return {
        **shared,
        "timepoint": shared["timepoint"] or "different times",
        **{name: _either([row[name] for row in rows]) for name in ("treatment", "comparator")},
        **{f"{name}_{arm}": NAN for name in _OF_ARMS for arm in ("treatment", "control")},
        **{name: sum(row[name] for row in rows) for name in _SUMMED},
        "study_id": "",
        "label": f"the {numbers.word(len(rows))} studies together",
        "studies": tuple(dict.fromkeys(str(row["label"]) for row in rows)),
        **(asked if rows[0]["directness"] == "direct" else {}),
        "lost": NAN,
        "estimate": ends.estimate,
        "low": ends.low,
        "high": ends.high,
        "interval": "confidence",
        "basis": "pooled",
        "reason": "",
        "percent_treatment": 100 * with_it[0],
        "percent_control": 100 * start,
        **dict(
            zip(("risk_difference", "rd_low", "rd_high"), (r - start for r in with_it), strict=True)
        ),
    }


def _shared(values: Sequence[Any]) -> Any:
    """What all studies have in common; empty, or not a number, if they differ."""
    if len({str(value) for value in values}) == 1:
        return values[0]
    return NAN if all(isinstance(value, float) for value in values) else ""


def _either(labels: Sequence[str]) -> str:
    return " or ".join(dict.fromkeys([labels[0], *map(numbers.lower_first, labels[1:])]))


def _starting_risk(facts: Facts, rows: Sequence[Row]) -> float:
    if facts.analysis.baseline_risk is not None:
        return facts.analysis.baseline_risk
    own = [row["events_control"] / row["n_control"] for row in rows if row["n_control"] > 0]
    own = [risk for risk in own if not math.isnan(risk)]
    return median(own) if own else NAN


def risk_with(measure: str, risk: float, effect: float) -> float:
    """Return the risk with the treatment, from that without it and an effect; NaN if none follows.

    Parameters
    ----------
    measure
        RR, OR, PETO, RD or HR; for the last, hazards are taken to be proportional.
    risk
        Risk without the treatment.
    effect
        The effect on the natural scale.

    References
    ----------
    Cochrane Handbook version 6, section 15.4.4; for hazards Altman & Andersen 1999, BMJ
    319:1492-1495.
    """
    made = {
        "RR": risk * effect,
        "OR": risk * effect / (1 - risk + risk * effect),
        "PETO": risk * effect / (1 - risk + risk * effect),
        "RD": risk + effect,
        "HR": 1 - (1 - risk) ** effect if effect > 0 else NAN,
    }.get(measure, NAN)
    return made if math.isnan(made) else min(max(made, 0.0), 1.0)
