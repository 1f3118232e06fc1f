"""One plain sentence for what the evidence shows, in GRADE's wording for its certainty.

No word here says more than the certainty allows, and no size word is used without a minimal
important difference. Santesso 2020, GRADE guidelines 26, doi:10.1016/j.jclinepi.2019.10.014.
"""

from __future__ import annotations

import math

from equipoise.appraisal.certainty import LEVELS, Certainty
from equipoise.appraisal.facts import DESIGN_NAMES, Facts, Row
from equipoise.appraisal.triggers import has_numbers
from equipoise.display import numbers

BANNED = ("significant", "proven", "proves", "works", "safe", "no effect", "cures", "effective")
"""Words that a generated sentence never uses."""

_HEDGES = {"low": "may", "moderate": "probably", "high": ""}


def sentence(facts: Facts, certainty: Certainty | None) -> str:
    """Say in one sentence what is known about the outcome, with numbers, people and time."""
    outcome = str(facts.outcome["label"])
    if certainty is None:
        return f"No number was found for the outcome “{outcome}”, so nothing can be said about it."
    row = _leading_row(facts, certainty)
    if row["measure"] in ("RR", "OR", "RD", "SMD", "MD"):
        return f"{_effect_clause(facts, row, certainty)}: {_compared_numbers(facts, row)}."
    if row["measure"] == "PR":
        return _alone(facts, row)
    return _within(facts, row)


def _leading_row(facts: Facts, certainty: Certainty) -> Row:
    rows = [row for row in facts.rows if DESIGN_NAMES[row["design"]] == certainty.design]
    return next(row for row in rows if has_numbers(row))


def _effect_clause(facts: Facts, row: Row, certainty: Certainty) -> str:
    """GRADE's verb for the certainty, and the direction of the estimate."""
    subject = facts.question.intervention if row["directness"] == "direct" else row["treatment"]
    outcome = numbers.lower_first(str(facts.outcome["label"]))
    if certainty.level == LEVELS[0]:
        named = numbers.lower_first(subject)
        return f"The evidence is very uncertain about the effect of {named} on {outcome}"
    null = 1.0 if row["measure"] in ("RR", "OR") else 0.0
    if row["low"] <= null <= row["high"]:
        return (
            f"Whether {numbers.lower_first(subject)} changes {outcome} is left open "
            f"({certainty.level} certainty)"
        )
    verb = "lower" if row["estimate"] < null else "raise"
    hedge = _HEDGES[certainty.level]
    verb = f"{hedge} {verb}" if hedge == "may" else f"{hedge} {verb}s".strip()
    return f"{numbers.upper_first(subject)} {verb} {outcome} ({certainty.level} certainty)"


def _compared_numbers(facts: Facts, row: Row) -> str:
    when = _when(row)
    if facts.outcome["kind"] == "binary" and row["basis"] != "reported":
        with_it = numbers.lower_first(row["treatment"])
        without = numbers.lower_first(row["comparator"])
        return (
            f"in {row['label']} ({_people(row)}{when}) {share(row, 'treatment')} "
            f"{facts.outcome['phrase']} with {with_it}, against {share(row, 'control')} with "
            f"{without}"
        )
    interval = numbers.estimate(row["estimate"], row["low"], row["high"], row["measure"])
    groups = [numbers.lower_first(row[name]) for name in ("treatment", "comparator")]
    return (
        f"in {row['label']} ({_people(row)}{when}) {groups[0]} was compared with {groups[1]}, "
        f"{row['measure']} {interval}"
    )


def _alone(facts: Facts, row: Row) -> str:
    """A percentage of one group: what it is of, who says so, and that nobody was compared."""
    return (
        f"{numbers.upper_first(share(row, 'treatment'))} {facts.outcome['phrase']} with "
        f"{numbers.lower_first(row['treatment'])} in {row['label']} ({_people(row)}{_when(row)}); "
        "nobody who went without is reported for this, so the evidence is very uncertain about "
        "what brought it about."
    )


def _within(facts: Facts, row: Row) -> str:
    """A mean that changed within people."""
    unit, outcome = facts.outcome["unit"], facts.outcome["label"]
    change = row["estimate"]
    if math.isnan(row["mean_before"]) or math.isnan(row["mean_after"]):
        moved = f"changed by {numbers.signed(change)} {unit} on average"
    else:
        moved = (
            f"went from {numbers.short(row['mean_before'])} to "
            f"{numbers.short(row['mean_after'])} {unit} on average"
        )
    others = [r["estimate"] for r in facts.rows if has_numbers(r)]
    same = sum(1 for x in others if x * change > 0)
    way = "rose" if change > 0 else "fell"
    tally = (
        f", and {way} in {same} of the {len(others)} results there are" if len(others) > 1 else ""
    )
    return (
        f"{outcome} {moved} in {row['label']} ({_people(row)}{_when(row)}){tally}; the spread of "
        "the changes is not reported, so how far people differ cannot be said."
    )


def share(row: Row, arm: str) -> str:
    """Return `3 of 13 people (23%)`, or `74% of an unreported number of people`."""
    events, n, percent = (row[f"{name}_{arm}"] for name in ("events", "n", "percent"))
    if not (math.isnan(events) or math.isnan(n)):
        return f"{numbers.count(events)} of {numbers.people(n)} ({numbers.percent(events / n)})"
    relation = {"more_than": "more than ", "less_than": "less than ", "about": "about "}
    before = relation.get(row[f"relation_{arm}"], "")
    of = numbers.people(n)
    return f"{before}{numbers.plain(percent, int(row[f'decimals_{arm}']))}% of {of}"


def _people(row: Row) -> str:
    design = DESIGN_NAMES[row["design"]]
    return design if math.isnan(row["people"]) else f"{design}, {numbers.people(row['people'])}"


def _when(row: Row) -> str:
    if row["timepoint"] == "NR":
        return ", at an unreported time"
    return f", {numbers.lower_first(row['timepoint'])}"
