"""When the caveat rules about chance, agreement and directness fire: from data to the sentence.

Every function has the signature of `Rule.look`: it returns the numbers and words of the rule's
sentence, or None. Rows without any number are never shown to a function that judges single rows.
What is about bias, reporting, numbers of people and pooled estimates has modules of its own:
`triggers_bias`, `triggers_reporting`, `triggers_size`, `triggers_pooled`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from equipoise.appraisal.caveat import Slots
from equipoise.appraisal.facts import (
    COMPARED,
    DESIGN_NAMES,
    Facts,
    Row,
    design_name,
)
from equipoise.appraisal.fragility import fragility_index
from equipoise.appraisal.pooling import risk_with
from equipoise.display import numbers
from equipoise.effects.measures import measure as measure_of
from equipoise.effects.number_needed import number_needed_to_treat

Rows = tuple[Row, ...]

ARMS = ("treatment", "control")


def has_numbers(row: Row) -> bool:
    """Whether the row reports anything."""
    return bool(row["basis"] != "not reported")


def is_compared(row: Row) -> bool:
    """Whether the row is a comparison; a proportion of one group is none, whatever the design."""
    return row["design"] in COMPARED and row["measure"] != "PR"


def mixed_designs(_: Facts, rows: Rows) -> Slots | None:
    """C06: a randomised trial stands beside something that is not one."""
    groups: dict[tuple[str, str], set[str]] = {}
    for row in filter(has_numbers, rows):
        groups.setdefault((row["design"], row["directness"]), set()).add(row["study_id"])
    if not any(design == "rct" for design, _ in groups) or len(groups) < 2:
        return None
    order = list(DESIGN_NAMES)
    present = sorted(groups, key=lambda group: (group[1] == "indirect", order.index(group[0])))
    return {
        "are": "is" if len(groups[present[0]]) == 1 else "are",
        "designs": numbers.listing([_how_many(len(groups[group]), group) for group in present]),
        "count": float(len(groups)),
    }


def _how_many(count: int, group: tuple[str, str]) -> str:
    return f"{'one' if count == 1 else count} {design_name(*group, count)}"


def disjoint(facts: Facts, rows: Rows) -> Slots | None:
    """C16: the intervals of two studies of one design, not combined, have nothing in common."""
    if facts.together:
        return None
    known = [row for row in rows if row["interval"] in ("confidence", "reported")]
    known = [row for row in known if row["low"] <= row["high"]]
    if not known:
        return None
    lowest, highest = (choose(known, key=lambda r: r[end]) for choose, end in
                       ((min, "high"), (max, "low")))  # fmt: skip
    apart = lowest["high"] < highest["low"] and lowest["study_id"] != highest["study_id"]
    if not apart or lowest["measure"] != highest["measure"]:
        return None
    return {
        "low_study": lowest["label"],
        "high_study": highest["label"],
        "low": numbers.interval(lowest["low"], lowest["high"]),
        "high": numbers.interval(highest["low"], highest["high"]),
        "measure": lowest["measure"],
    }


def one_group_of_two(_: Facts, rows: Rows) -> Slots | None:
    """C33: the analysis shows one group of a study that compared two."""
    (row,) = rows
    if row["measure"] != "PR" or not row["comparator"]:
        return None
    return {"study": row["label"], "comparator": numbers.lower_first(row["comparator"])}


def one_study(_: Facts, rows: Rows) -> Slots | None:
    """C07: all there is of this design is one study; a review holds several."""
    reporting = [row for row in rows if has_numbers(row)]
    if len({row["study_id"] for row in reporting}) != 1:
        return None
    if reporting[0]["design"] == "systematic_review":
        return None
    return {"study": reporting[0]["label"], "people": _people(reporting[0])}


def _people(row: Row) -> str:
    if not math.isnan(row["people"]):
        return numbers.people(row["people"])
    for known in (row["took_part"], row["n_randomised"], row["n_enrolled"]):
        if not math.isnan(known):
            return (
                f"{numbers.count(known)} are known to have taken part, but not how many the "
                "figures are about"
            )
    return numbers.people(math.nan)


def whose_risk(row: Row) -> str:
    """Return in which groups the starting risk of a row was seen, unless it was planned."""
    return "their comparison groups" if row["basis"] == "pooled" else "its own comparison group"


def baseline_risk(facts: Facts, row: Row) -> float:
    """Return the planned baseline risk, else that of the row's own control groups, else NaN."""
    if facts.analysis.baseline_risk is not None:
        return facts.analysis.baseline_risk
    own = row["events_control"] / row["n_control"] if row["n_control"] else math.nan
    return float(row["percent_control"] / 100 if math.isnan(own) else own)


def wide_interval(facts: Facts, rows: Rows) -> Slots | None:
    """C10: the interval holds a worthwhile benefit, no difference, and a worthwhile harm."""
    (row,) = rows
    judged = _with_no_difference(facts, row)
    if judged is None or not (judged.low < judged.least and judged.high > judged.most):
        return None
    return _beside_the_limits(facts, row, judged)


def difference_open(facts: Facts, rows: Rows) -> Slots | None:
    """C10: the interval holds no difference, and one that would matter, on one side alone."""
    (row,) = rows
    judged = _with_no_difference(facts, row)
    if judged is None or (judged.low < judged.least) == (judged.high > judged.most):
        return None
    return _beside_the_limits(facts, row, judged)


def unknown_importance(facts: Facts, rows: Rows) -> Slots | None:
    """C10: the interval of a difference holds 0, and nobody said which differences would matter."""
    (row,) = rows
    if row["measure"] not in ("MD", "RD") or row["interval"] not in ("confidence", "reported"):
        return None
    if against_importance(facts, row) is not None or not row["low"] <= 0 <= row["high"]:
        return None
    interval = numbers.interval(row["low"], row["high"])
    return {"study": row["label"], "measure": row["measure"], "interval": interval}


def _with_no_difference(facts: Facts, row: Row) -> Importance | None:
    """The effect beside what would matter, if its interval is of chance and holds no difference."""
    judged = against_importance(facts, row)
    if judged is None or row["interval"] not in ("confidence", "reported"):
        return None
    null = 1.0 if is_ratio(judged.measure) else 0.0
    return judged if judged.low <= null <= judged.high else None


def _beside_the_limits(facts: Facts, row: Row, judged: Importance) -> Slots:
    return {
        "study": row["label"],
        "interval": numbers.interval(judged.low, judged.high),
        "measure": judged.measure,
        "at": "" if judged.measure == row["measure"] else
        f" at a starting risk of {numbers.percent(baseline_risk(facts, row))}",
        "limits": f"{numbers.short(judged.least)} or {numbers.short(judged.most)}",
    }  # fmt: skip


def is_ratio(key: str) -> bool:
    """Whether no difference is 1."""
    return measure_of(key).null == 1.0


class Importance(NamedTuple):
    """An effect on the scale on which it matters, and the smallest effects that would.

    Attributes
    ----------
    measure, estimate, low, high
        The effect: as the row has it, or as a risk difference at the starting risk.
    least, most
        The smallest effects that would matter, either way.
    customary
        Whether these are only customary, because nobody gave a minimal important difference.
    """

    measure: str
    estimate: float
    low: float
    high: float
    least: float
    most: float
    customary: bool


def against_importance(facts: Facts, row: Row) -> Importance | None:
    """Return an effect beside the smallest ones that would matter; None if nobody can tell.

    GRADE judges imprecision on the absolute effect. So where the outcome is an event and its
    minimal important difference is given, a ratio is turned into a risk difference at the starting
    risk; without one, or without a starting risk, the customary ratios serve.

    Parameters
    ----------
    facts
        The analysis.
    row
        One of its comparisons, or the pooled estimate as a row.

    References
    ----------
    Zeng L et al. GRADE guidance 34. J Clin Epidemiol 2022;150:216-224,
    doi:10.1016/j.jclinepi.2022.07.014.
    """
    mid, measure, limits = facts.outcome["mid"], row["measure"], facts.thresholds
    ends = row["estimate"], row["low"], row["high"]
    if not math.isnan(mid) and facts.outcome["kind"] == "binary":
        start = baseline_risk(facts, row)
        estimate, low, high = (risk_with(measure, start, end) - start for end in ends)
        if not math.isnan(estimate):
            return Importance("RD", estimate, low, high, -mid, mid, customary=False)
    if is_ratio(measure):
        return Importance(measure, *ends, limits.ratio_benefit, limits.ratio_harm, customary=True)
    if measure in ("SMD", "SMDH"):
        matters = limits.smd_important
        return Importance(measure, *ends, -matters, matters, customary=True)
    if measure in ("RD", "MD") and not math.isnan(mid):
        return Importance(measure, *ends, -mid, mid, customary=False)
    return None


def no_interval(_: Facts, rows: Rows) -> Slots | None:
    """C10: an effect, or a change, that comes without any interval."""
    (row,) = rows
    bare = row["interval"] == "none" and row["basis"] in ("reported", "means")
    return {"study": row["label"]} if bare else None


def fragile(facts: Facts, rows: Rows) -> Slots | None:
    """C11: a trial's low p value hangs on no more people than were lost, or on three."""
    (row,) = rows
    names = [f"{name}_{arm}" for arm in ARMS for name in ("events", "n")]
    if row["design"] != "rct" or not is_compared(row) or any(math.isnan(row[n]) for n in names):
        return None
    counts = (int(row[name]) for name in names)
    found = fragility_index(*counts, alpha=facts.thresholds.alpha)
    lost = 0.0 if math.isnan(row["lost"]) else row["lost"]
    if not 0 < found.index <= max(lost, facts.thresholds.fragile):
        return None
    return {
        "study": row["label"],
        "changed": numbers.people(found.index),
        "lost": _lost(row["lost"]),
        "p_value": numbers.p_value(found.p_value),
    }


def _lost(lost: float) -> str:
    if math.isnan(lost):
        return "how many were lost from view is not reported"
    return f"{numbers.people(lost) if lost else 'nobody'} had been lost from view"


def nobody_affected(_: Facts, rows: Rows) -> Slots | None:
    """C13: zero events in an arm, which zero risk does not follow from."""
    (row,) = rows
    for arm in ARMS:
        n = row[f"n_{arm}"]
        if row[f"events_{arm}"] == 0 and n > 0:
            upper = math.ceil(1000 * (1 - 0.05 ** (1 / n)))
            return {
                "study": row["label"],
                "n": numbers.people(n),
                "upper": float(upper),
                "upper_text": numbers.count(upper),
            }
    return None


def _reporting(rows: Rows) -> int:
    """How many studies of the treatment itself give a number."""
    return len(
        {row["study_id"] for row in rows if has_numbers(row) and row["directness"] == "direct"}
    )


def not_looked_into(facts: Facts, rows: Rows) -> Slots | None:
    """C17: enough studies to look for unpublished ones, and nobody did."""
    k = _reporting(rows)
    return {"k": float(k)} if k >= facts.thresholds.few_studies else None


def few_studies(facts: Facts, rows: Rows) -> Slots | None:
    """C17: too few studies to look for unpublished ones."""
    k = _reporting(rows)
    if not 0 < k < facts.thresholds.few_studies:
        return None
    return {"studies": "one study" if k == 1 else f"{k} studies", "k": float(k)}


def early_and_small(facts: Facts, rows: Rows) -> Slots | None:
    """C18: small studies, at least half of them known to be paid for by industry."""
    reporting = [row for row in rows if has_numbers(row) and row["directness"] == "direct"]
    funding = {row["study_id"]: row["funding"] for row in reporting}
    paid = sum(payer in ("industry", "mixed") for payer in funding.values())
    known = [size for row in reporting if not math.isnan(size := _largest_arm(row))]
    if not known or max(known) >= facts.thresholds.small_arm or 2 * paid < len(funding):
        return None
    whole = "it" if len(funding) == 1 else f"{paid} of {len(funding)} studies"
    who = f"industry paid for {whole}, wholly or partly"
    return {"who": who, "largest": numbers.people(max(known))}


def _largest_arm(row: Row) -> float:
    """People in the larger arm; where arms are not told apart, all people, who are no fewer."""
    arms = [row[f"{name}_{arm}"] for arm in ARMS for name in ("n", "n_allocated")]
    arms = [size for size in arms if not math.isnan(size)]
    everybody = [row[name] for name in ("people", "n_randomised", "n_enrolled")]
    everybody = [size for size in everybody if not math.isnan(size)]
    return max(arms) if arms else everybody[0] if everybody else math.nan


def another_question(facts: Facts, rows: Rows) -> Slots | None:
    """C20: other people, another treatment or a shorter time than the review asks about."""
    (row,) = rows
    question, differences = facts.question, []
    if row["condition"] != question.condition:
        differences.append(f"the people had {row['condition']} instead of {question.condition}")
    if row["directness"] == "indirect":
        treatment = numbers.lower_first(row["treatment"])
        differences.append(f"the treatment was {treatment} instead of {question.intervention}")
    if row["weeks"] < question.target_weeks:
        asked, weeks = numbers.short(question.target_weeks), numbers.short(row["weeks"])
        differences.append(f"the time was {weeks} weeks instead of {asked}")
    if not differences:
        return None
    return {"study": row["label"], "differences": "; ".join(differences)}


def time_unknown(_: Facts, rows: Rows) -> Slots | None:
    """C20: nobody says how long after the start it was measured, which is no difference by itself.

    Time does not apply to some measurements, and then nothing is missing.
    """
    (row,) = rows
    return {"study": row["label"]} if "weeks" in row["not_reported"].split(", ") else None


def either_way(facts: Facts, rows: Rows) -> Slots | None:
    """C22: benefit and harm are both open, so the number to treat has no one value."""
    (row,) = rows
    if row["interval"] != "confidence" or not row["rd_low"] < 0 < row["rd_high"]:
        return None
    needed = number_needed_to_treat(
        row["risk_difference"], row["rd_low"], row["rd_high"], better=facts.outcome["better"]
    )
    return {"study": row["label"], "number": needed.text()}
