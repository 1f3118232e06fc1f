"""One plain sentence for what the evidence shows, in GRADE's wording for its certainty.

No word here says more than the certainty allows, and no size word is used without a minimal
important difference. Santesso 2020, GRADE guidelines 26, doi:10.1016/j.jclinepi.2019.10.014.
"""

from __future__ import annotations

import math

from equipoise.appraisal.certainty import LEVELS, Certainty
from equipoise.appraisal.facts import Facts, Row, design_name, design_of, unused_numbers, when
from equipoise.appraisal.triggers import against_importance, has_numbers, is_ratio
from equipoise.appraisal.wording_pooled import of_pooled
from equipoise.display import numbers

BANNED = ("significant", "proven", "proves", "works", "safe", "no effect", "cures", "effective")
"""Words that a generated sentence never uses."""

_HEDGES = {"low": "may ", "moderate": "probably ", "high": ""}
RELATIONS = {"more_than": "more than ", "less_than": "less than ", "about": "about "}


def sentence(facts: Facts, certainty: Certainty | None) -> str:
    """Say in one sentence what is known about the outcome, with numbers, people and time."""
    if certainty is None:
        return _silence(facts)
    if facts.together is not None:
        row = facts.together.row
        alone = row["measure"] == "PR"
        clause = _open_end(certainty) if alone else _effect_clause(facts, [row], certainty)
        return of_pooled(facts, facts.together, clause)
    peers = _peers(facts, certainty)
    row = _leading_row(facts, peers, certainty)
    if row["measure"] == "PR":
        return _alone(facts, row, certainty)
    numbers_of = _changed if row["measure"] == "MC" else _compared
    return f"{_effect_clause(facts, peers, certainty)}: {numbers_of(facts, row, peers)}."


def statement(facts: Facts, certainty: Certainty | None) -> str:
    """Say what `sentence` says without its numbers, for a table that holds them."""
    if certainty is None:
        return _silence(facts)
    row = leading_row(facts, certainty)
    if row["measure"] == "PR":
        return _cause_open(facts, row, certainty)
    peers = [row] if facts.together else _peers(facts, certainty)
    return f"{_effect_clause(facts, peers, certainty)}."


def leading_row(facts: Facts, certainty: Certainty) -> Row:
    """Return the comparison that the sentence quotes: the pooled estimate if there is one."""
    if facts.together is not None:
        return facts.together.row
    return _leading_row(facts, _peers(facts, certainty), certainty)


def _silence(facts: Facts) -> str:
    """Nothing follows: because nothing was found, or because no effect is computed from it."""
    about = f"for the outcome “{facts.outcome['label']}”"
    kind = next((kind for row in facts.rows if (kind := unused_numbers(row))), "")
    if not kind:
        return f"No number was found {about}, so nothing can be said about it."
    return (
        f"What was found {about} are {kind} from which this version computes no "
        f"{facts.analysis.measure}, so nothing is said about it here."
    )


def _peers(facts: Facts, certainty: Certainty) -> list[Row]:
    """Rows with numbers of the design that the certainty is about."""
    return [row for row in facts.rows if _design(row) == certainty.design and has_numbers(row)]


def _design(row: Row) -> str:
    return design_name(design_of(row), row["directness"])


def _leading_row(facts: Facts, peers: list[Row], certainty: Certainty) -> Row:
    """The row that the sentence quotes: of the study that the certainty is about, if it names one.

    Then of the people asked about, then the largest, then the first.
    """
    mine = [row for row in peers if row["study_id"] == certainty.study]
    return max(
        mine or peers,
        key=lambda row: (
            row["condition"] == facts.question.condition,
            0.0 if math.isnan(row["people"]) else row["people"],
        ),
    )


def _effect_clause(facts: Facts, peers: list[Row], certainty: Certainty) -> str:
    """GRADE's verb for the certainty, and the direction in which all intervals lie."""
    row = _leading_row(facts, peers, certainty)
    subject = facts.question.intervention if row["directness"] == "direct" else row["treatment"]
    inside, phrase = numbers.lower_first(subject), facts.outcome["phrase"]
    outcome = numbers.lower_first(facts.outcome["label"])
    asked = f"how many people {phrase}" if phrase else outcome
    if certainty.level == LEVELS[0]:
        return f"The evidence is very uncertain about the effect of {inside} on {asked}"
    hedge = _HEDGES[certainty.level]
    if all(_is_little(facts, peer) for peer in peers):
        verb = "make" if hedge == "may " else "makes"
        return (
            f"{numbers.upper_first(subject)} {hedge}{verb} little or no difference to {asked} "
            f"({certainty.level} certainty)"
        )
    directions = {_direction(peer) for peer in peers}
    if directions not in ({1}, {-1}):
        return f"Whether {inside} changes {asked} is left open ({certainty.level} certainty)"
    verb = "lower" if directions == {-1} else "raise"
    verb += "" if hedge == "may " else "s"
    what = f"the number of people who {phrase}" if phrase else outcome
    what += " slightly" if all(_is_slight(facts, peer) for peer in peers) else ""
    return f"{numbers.upper_first(subject)} {hedge}{verb} {what} ({certainty.level} certainty)"


def _direction(row: Row) -> int:
    """1 or −1 where the whole interval lies on one side of no difference; else 0."""
    null = 1.0 if is_ratio(row["measure"]) else 0.0
    if row["interval"] not in ("confidence", "reported"):
        return 0  # what rounding allows says nothing of chance
    if row["measure"] == "MC" and row["design"] != "within_subject":
        return 0  # a change in one group does not show what brought it about
    return int(row["low"] > null) - int(row["high"] < null)


def _is_little(facts: Facts, row: Row) -> bool:
    """Whether the interval holds no difference, and none that somebody said would matter."""
    judged = against_importance(facts, row)
    if judged is None or judged.customary or row["interval"] not in ("confidence", "reported"):
        return False
    return _direction(row) == 0 and judged.least <= judged.low and judged.high <= judged.most


def _is_slight(facts: Facts, row: Row) -> bool:
    """Whether the effect is on one side, and smaller than what somebody said would matter."""
    judged = against_importance(facts, row)
    if judged is None or judged.customary:
        return False
    return _direction(row) != 0 and judged.least < judged.estimate < judged.most


def _compared(facts: Facts, row: Row, peers: list[Row]) -> str:
    """The numbers of two groups."""
    treatment, comparator = (numbers.lower_first(row[name]) for name in ("treatment", "comparator"))
    if facts.outcome["kind"] == "binary" and row["basis"] != "reported":
        return (
            f"{_where(row, peers)} {share(row, 'treatment')} {facts.outcome['phrase']} with "
            f"{treatment}, against {share(row, 'control')} with {comparator}"
        )
    interval = numbers.estimate(row["estimate"], row["low"], row["high"], row["measure"])
    return (
        f"{_where(row, peers)} {treatment} was compared with {comparator}, "
        f"{row['measure']} {interval}"
    )


def _alone(facts: Facts, row: Row, certainty: Certainty) -> str:
    """A percentage of one group: what it is of, who says so, and that nobody is compared."""
    alone = (
        "this analysis describes one group"
        if row["comparator"]
        else "no number was found for anybody who went without the treatment"
    )
    return (
        f"{numbers.upper_first(_where(row, [row]))}, {share(row, 'treatment')} "
        f"{facts.outcome['phrase']} with {numbers.lower_first(row['treatment'])}; {alone}, so "
        f"{_open_end(certainty)}."
    )


def _open_end(certainty: Certainty) -> str:
    if certainty.level == LEVELS[0]:
        return "the evidence is very uncertain about what brought it about"
    return f"what brought it about is left open ({certainty.level} certainty)"


def _cause_open(facts: Facts, row: Row, certainty: Certainty) -> str:
    """Say of one group that the cause is open, naming the outcome: in a table it stands alone."""
    direct = row["directness"] == "direct"
    subject = numbers.lower_first(facts.question.intervention if direct else row["treatment"])
    asked = f"whether {subject} brought it about that people {facts.outcome['phrase']}"
    if certainty.level == LEVELS[0]:
        return f"The evidence is very uncertain about {asked}."
    return f"{numbers.upper_first(asked)} is left open ({certainty.level} certainty)."


def _changed(facts: Facts, row: Row, peers: list[Row]) -> str:
    """A mean that changed within people, and how many other studies there are."""
    unit, change = facts.outcome["unit"], row["estimate"]
    if math.isnan(row["mean_before"]) or math.isnan(row["mean_after"]):
        moved = f"it changed by {numbers.signed(change)} {unit} on average"
    else:
        moved = (
            f"it went from {numbers.short(row['mean_before'])} to "
            f"{numbers.short(row['mean_after'])} {unit} on average"
        )
    spread = "" if row["interval"] == "reported" else "; the spread of the changes is not reported"
    if row["design"] != "within_subject" and not row["comparator"]:
        spread += "; no number was found for anybody who went without the treatment"
    moved += _beside(row)
    return f"{_where(row, peers)} {moved}{_others(facts, row)}{spread}"


def _beside(row: Row) -> str:
    """The change, or the value afterwards, of the group beside it, if that is known."""
    if math.isnan(row["mean_control"]):
        return ""
    comparator = numbers.lower_first(row["comparator"])
    if math.isclose(row["mean_treatment"], row["estimate"], abs_tol=1e-9):
        return f", against {numbers.signed(row['mean_control'])} with {comparator}"
    return f", against {numbers.short(row['mean_control'])} afterwards with {comparator}"


def _others(facts: Facts, row: Row) -> str:
    """How many other studies there are; which way each went is not counted, for that is no vote."""
    reporting = {other["study_id"] for other in facts.rows if has_numbers(other)}
    more = len(reporting - {row["study_id"]})
    silent = len({other["study_id"] for other in facts.rows} - reporting)
    told = [f"{more} other {_give(more)} a number"] if more else []
    if silent:
        give = "gives" if silent == 1 else "give"
        none = f"{silent} {give} none" if more else f"{silent} other {_give(silent)} no number"
        told.append(none)
    return f"; {numbers.listing(told)}" if told else ""


def _give(studies: int) -> str:
    return "study gives" if studies == 1 else "studies give"


def share(row: Row, arm: str) -> str:
    """Return `3 of 13 people (23%)`, or `74% of an unreported number of people`."""
    events, n, percent = (row[f"{name}_{arm}"] for name in ("events", "n", "percent"))
    if not (math.isnan(events) or math.isnan(n)):
        return f"{numbers.count(events)} of {numbers.people(n)} ({numbers.percent(events / n)})"
    if math.isnan(percent):
        return f"{numbers.count(events)} of {numbers.people(n)}"
    before = RELATIONS.get(row[f"relation_{arm}"], "")
    of = numbers.people(n)
    return f"{before}{numbers.plain(percent, int(row[f'decimals_{arm}']))}% of {of}"


def _where(row: Row, peers: list[Row]) -> str:
    """`in Prasad 2012 (randomised trial, 22 people, 6 weeks)`, and of how many it is one."""
    known = [_design(row)]
    known += [] if math.isnan(row["people"]) else [numbers.people(row["people"])]
    known.append(when(row))
    studies = len({peer["study_id"] for peer in peers})
    one_of = f", one of {studies} such studies" if studies > 1 else ""
    return f"in {row['label']}{one_of} ({', '.join(known)})"
