"""What is reported of two groups: whether interval, estimate, p value and people fit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from equipoise.appraisal.interval_check import IntervalCheck, check_interval
from equipoise.appraisal.number_check import (
    NumberCheck,
    ReportedRow,
    Verdict,
    people_who_began,
    reported_rows,
)
from equipoise.appraisal.p_value_check import PValueCheck, check_p_value
from equipoise.appraisal.printed import read_printed
from equipoise.appraisal.recomputed_p import (
    RecomputedP,
    p_from_counts,
    p_from_interval,
    p_from_se,
)
from equipoise.display import numbers
from equipoise.effects.measures import measure as measure_of
from equipoise.effects.reported import Scale
from equipoise.evidence.base import Evidence

Checks = Iterator[NumberCheck]
Results = Mapping[tuple[str, ...], ReportedRow]
"""Rows of results.csv by study, outcome, arm, timepoint and phase."""

_MEANS = ("MD", "SMD")
_COUNTED = ("RR", "OR", "RD")
_NOT_CRUDE = "It may be adjusted, or of other people."


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A row of contrasts.csv, and what its two groups report at the same time.

    Attributes
    ----------
    row
        The reported effect.
    groups
        The endpoints of the two groups in results.csv; empty unless both are there.
    changes
        The same of their changes.
    began
        People the two groups began with together; NaN if that is not known.
    """

    row: ReportedRow
    groups: tuple[ReportedRow, ...] = ()
    changes: tuple[ReportedRow, ...] = ()
    began: float = math.nan

    @property
    def measure(self) -> str:
        """The kind of effect."""
        return str(self.row.text["measure"])

    @property
    def scale(self) -> Scale:
        """The scale on which its interval is symmetric."""
        return "log" if measure_of(self.measure).scale == "log" else "identity"

    @property
    def counts(self) -> tuple[float, ...]:
        """Events and people of both groups; empty where a number is not known."""
        if not self.groups or not all(group.has("events", "n") for group in self.groups):
            return ()
        found = [group.record[name] for group in self.groups for name in ("events", "n")]
        return tuple(found) if min(found[1], found[3]) > 0 else ()


def reported_effects(evidence: Evidence) -> list[Effect]:
    """Put every reported effect beside what its two groups report."""
    names = ("study_id", "outcome_id", "arm_id", "timepoint", "phase")
    results: Results = {
        tuple(row.text[name] for name in names): row for row in reported_rows(evidence, "results")
    }
    began = people_who_began(evidence)
    return [
        Effect(
            row=row,
            groups=_both(row, results, ""),
            changes=_both(row, results, "change"),
            began=sum(began[row.text["study_id"], row.text[arm]] for arm in ("arm_1", "arm_2")),
        )
        for row in reported_rows(evidence, "contrasts")
    ]


def check_effect(effect: Effect) -> Checks:
    """Check interval, estimate, p value and people of one reported effect."""
    found = reported_interval(effect)
    row = effect.row
    if found is not None:
        shown = f"{row.text['estimate']} ({row.text['ci_low']} to {row.text['ci_high']})"
        middle = "" if math.isnan(found.middle) else numbers.plain(found.middle, 3)
        yield row.says("interval", shown, middle, _interval_verdict(found), found.sentence)
    yield from _check_estimate(effect)
    yield from _check_people(effect)
    yield from _check_p_value(effect)


def reported_interval(effect: Effect) -> IntervalCheck | None:
    """Check the interval of an effect against its estimate; None where either is missing."""
    if not effect.row.has("estimate", "ci_low", "ci_high"):
        return None
    text = effect.row.text
    return check_interval(text["estimate"], text["ci_low"], text["ci_high"], scale=effect.scale)


def reported_p_value(effect: Effect) -> PValueCheck | None:
    """Check the p value of an effect against counts, interval and standard error.

    Counts speak only where they give the reported estimate too (or none is reported): the p value
    of an adjusted estimate is not theirs.

    Parameters
    ----------
    effect
        The effect.

    Returns
    -------
    PValueCheck
        None where there is no p value, or nothing to compute one from.
    """
    row = effect.row
    if not row.has("p_value"):
        return None
    entries: list[RecomputedP] = []
    if effect.counts and (effect.measure in _COUNTED) and _is_crude(effect) is not False:
        entries += p_from_counts(*effect.counts)
    text, df = row.text, _degrees(effect)
    interval = reported_interval(effect)
    if interval is not None and interval.ordered and row.record["ci_low"] < row.record["ci_high"]:
        level = row.record["ci_level"]
        entries += p_from_interval(
            text["estimate"],
            text["ci_low"],
            text["ci_high"],
            scale=effect.scale,
            level=0.95 if math.isnan(level) else level / 100,
            df=df,
        )
    elif effect.scale == "identity" and row.has("estimate", "se") and row.record["se"] > 0:
        # that of a ratio may be the ratio's or its logarithm's
        entries += p_from_se(text["estimate"], text["se"], df=df)
    return check_p_value(text["p_value"], entries) if entries else None


def _check_p_value(effect: Effect) -> Checks:
    row, found = effect.row, reported_p_value(effect)
    if found is None:
        if row.has("p_value"):
            sentence = (
                "There are neither counts nor an interval that this p value could follow from."
            )
            yield row.says("p value", row.text["p_value"], "", "cannot be told", sentence)
        return
    verdict: Verdict = "adds up" if found.reproduced else "check"
    if found.crosses:
        verdict = "does not add up"
    yield row.says("p value", row.text["p_value"], found.given, verdict, found.sentence)


def _interval_verdict(found: IntervalCheck) -> Verdict:
    if not (found.ordered and found.contains):
        return "does not add up"
    if found.centred is None:
        return "cannot be told"
    return "adds up" if found.centred else "check"


def _check_estimate(effect: Effect) -> Checks:
    fits = _is_crude(effect)
    if fits is None:
        return
    row = effect.row
    made = numbers.plain(sum(_crude(effect)[0]) / 2, 3)
    kind = "counts" if effect.measure in _COUNTED else "means"
    said = f"The {kind} of the two groups give {effect.measure} {made}"
    verdict: Verdict = "adds up" if fits else "check"
    sentence = f"{said}." if fits else f"{said}; {row.text['estimate']} is reported. {_NOT_CRUDE}"
    yield row.says(f"estimate and {kind}", row.text["estimate"], made, verdict, sentence)


def _is_crude(effect: Effect) -> bool | None:
    """Whether the estimate is the one of the groups' counts or means; None if it cannot be told."""
    made = _crude(effect)
    if not made or not effect.row.has("estimate"):
        return None
    printed = read_printed("estimate", effect.row.text["estimate"])
    # the source may have subtracted or divided the other way round
    turned = [(1 / high, 1 / low) if effect.scale == "log" else (-high, -low) for low, high in made]
    slack = 1e-9 * abs(float(printed.value))
    return any(
        low <= float(printed.high) + slack and high >= float(printed.low) - slack
        for low, high in (*made, *turned)
    )


def _crude(effect: Effect) -> list[tuple[float, float]]:
    """Return the effect that counts or means give, as ranges that rounding leaves; perhaps none."""
    if effect.measure in _COUNTED and effect.counts:
        e1, n1, e2, n2 = effect.counts
        if effect.measure == "RD":
            return [(e1 / n1 - e2 / n2,) * 2]
        if not 0 < e1 < n1 or not 0 < e2 < n2:
            return []  # what was added to a zero cell is not known
        ratio = e1 / n1 / (e2 / n2)
        odds = e1 * (n2 - e2) / (e2 * (n1 - e1))
        return [(ratio if effect.measure == "RR" else odds,) * 2]
    ranges = []
    for pair in (effect.groups, effect.changes):
        if effect.measure == "MD" and pair and all(group.has("mean") for group in pair):
            one, two = (read_printed("mean", group.text["mean"]) for group in pair)
            ranges.append((float(one.low - two.high), float(one.high - two.low)))
    return ranges


def _check_people(effect: Effect) -> Checks:
    row = effect.row
    if not row.has("n"):
        return
    n, reported = row.record["n"], row.text["n"]
    pair = effect.groups or effect.changes
    if pair and all(group.has("n") for group in pair):
        total = sum(group.record["n"] for group in pair)
        verdict: Verdict = "adds up" if n == total else "check"
        sentence = f"The two groups report {numbers.people(total)} at this time"
        sentence += "." if n == total else f"; the comparison {reported}."
        yield row.says("people", reported, numbers.count(total), verdict, sentence)
    elif not math.isnan(effect.began):
        people = f"{numbers.people(effect.began)} began in the two groups"
        if n <= effect.began:
            verdict, rest = "cannot be told", "how many of each are compared is not reported"
        else:
            verdict, rest = "does not add up", f"{reported} are said to be compared"
        sentence = f"{people}; {rest}."
        yield row.says("people", reported, f"at most {effect.began:.0f}", verdict, sentence)


def _both(row: ReportedRow, results: Results, phase: str) -> tuple[ReportedRow, ...]:
    """Return what both groups of an effect report at its time; nothing unless both are there."""
    text = row.text
    keys = [
        (text["study_id"], text["outcome_id"], text[arm], text["timepoint"], phase)
        for arm in ("arm_1", "arm_2")
    ]
    found = [results[key] for key in keys if key in results]
    return tuple(found) if len(found) == 2 else ()


def _degrees(effect: Effect) -> float | None:
    """Return the degrees of freedom that a t test of two means would have, if people are known."""
    if effect.measure not in _MEANS:
        return None
    people = effect.row.record["n"]
    pair = effect.groups or effect.changes
    if math.isnan(people) and pair:
        people = sum(group.record["n"] for group in pair)
    return float(people - 2) if people > 2 else None
