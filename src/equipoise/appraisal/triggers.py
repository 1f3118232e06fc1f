"""When each caveat rule fires: functions from named data to the numbers of its sentence, or None.

Every function has the signature of `Rule.look`. Rows without any number are judged only by the
functions that are about missing numbers.
"""

from __future__ import annotations

import math

from equipoise.appraisal.caveat import Slots
from equipoise.appraisal.facts import COMPARED, DESIGN_NAMES, Facts, Row
from equipoise.appraisal.robustness import fragility_index, information_size
from equipoise.display import numbers
from equipoise.effects.number_needed import number_needed_to_treat

Rows = tuple[Row, ...]

FEW_EVENTS = 300
FEW_PEOPLE = 400
FEW_STUDIES = 10
SMALL_ARM = 100
EARLY_WEEKS = 26
RATIO_BENEFIT, RATIO_HARM = 0.75, 1.25
SMD_THRESHOLD = 0.5
ARMS = ("treatment", "control")


def has_numbers(row: Row) -> bool:
    """Whether the row reports anything."""
    return bool(row["basis"] != "not reported")


def _compared(row: Row) -> bool:
    return row["design"] in COMPARED


def uncontrolled(_: Facts, rows: Rows) -> Slots | None:
    """C01: for this outcome nobody was left untreated."""
    (row,) = rows
    if row["design"] not in ("single_arm", "case_series", "case_report"):
        return None
    return {"study": row["label"], "treatment": numbers.lower_first(row["treatment"])}


def natural_course(facts: Facts, rows: Rows) -> Slots | None:
    """C02: an early, uncontrolled result, and it is known how such complaints go by themselves."""
    (row,) = rows
    history = facts.context[facts.context["kind"] == "natural_history"]
    late = not math.isnan(row["weeks"]) and row["weeks"] > EARLY_WEEKS
    if uncontrolled(facts, rows) is None or late or history.empty:
        return None
    courses = []
    for _, series in history.groupby("series", sort=False):
        points = series.dropna(subset=["weeks", "value"]).sort_values("weeks")
        if len(points) > 1:
            first, second = points.iloc[0], points.iloc[1]
            courses.append(
                f"from {numbers.short(first['value'])} to {numbers.short(second['value'])} "
                f"{first['unit']} within {numbers.short(second['weeks'])} weeks "
                f"({numbers.lower_first(first['population'])})"
            )
    return {"courses": numbers.listing(courses)} if courses else None


def self_judged(facts: Facts, rows: Rows) -> Slots | None:
    """C04: people knew, or may have known, what they received, and judged the result themselves."""
    (row,) = rows
    judged = facts.outcome["assessed"] == "self_report"
    blinded = row["participants_blinded"] == "yes" or row["design"] == "systematic_review"
    return {"study": row["label"]} if judged and not blinded else None


def not_by_chance(_: Facts, rows: Rows) -> Slots | None:
    """C05: a comparison group that chance did not form."""
    (row,) = rows
    return {"study": row["label"]} if row["design"] == "nrsi_controlled" else None


def mixed_designs(_: Facts, rows: Rows) -> Slots | None:
    """C06: a randomised trial stands beside something that is not one."""
    groups = {(row["design"], row["directness"]) for row in rows if has_numbers(row)}
    designs = {design for design, _ in groups}
    if "rct" not in designs or len(groups) < 2:
        return None
    present = [f"a {name}" for design, name in DESIGN_NAMES.items() if design in designs]
    return {"designs": numbers.listing(present), "count": float(len(groups))}


def one_study(_: Facts, rows: Rows) -> Slots | None:
    """C07: all there is of this design is one study."""
    reporting = [row for row in rows if has_numbers(row)]
    if len({row["study_id"] for row in reporting}) != 1:
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


def too_few_people(facts: Facts, rows: Rows) -> Slots | None:
    """C08: fewer people than the optimal information size."""
    (row,) = rows
    risk = baseline_risk(facts, row)
    binary = facts.outcome["kind"] == "binary"
    if not (binary and _compared(row)) or math.isnan(row["people"]) or not 0 < risk < 1:
        return None
    reduction = facts.analysis.relative_risk_reduction
    needed = information_size(risk, reduction)
    if row["people"] >= needed:
        return None
    return {
        "study": row["label"],
        "people": numbers.people(row["people"]),
        "needed": numbers.count(math.ceil(needed / 10) * 10),
        "risk": numbers.plain(100 * risk, 0),
        "reduced": numbers.plain(100 * risk * (1 - reduction), 0),
        "lowers": 2 if row["people"] < needed / 2 else 1,
    }


def baseline_risk(facts: Facts, row: Row) -> float:
    """Return the planned baseline risk, else the risk of the row's own control group, else NaN."""
    if facts.analysis.baseline_risk is not None:
        return facts.analysis.baseline_risk
    own = row["events_control"] / row["n_control"] if row["n_control"] else math.nan
    return float(row["percent_control"] / 100 if math.isnan(own) else own)


def few_events(facts: Facts, rows: Rows) -> Slots | None:
    """C09: fewer than 300 events, or 400 people for a continuous outcome."""
    (row,) = rows
    if not _compared(row):
        return None
    if facts.outcome["kind"] == "binary" and row["events"] < FEW_EVENTS:
        seen = f"{numbers.people(row['events'])} had the outcome"
        return {"study": row["label"], "seen": seen, "events": row["events"]}
    if facts.outcome["kind"] == "continuous" and row["people"] < FEW_PEOPLE:
        seen = f"{numbers.people(row['people'])} were measured"
        return {"study": row["label"], "seen": seen, "people": row["people"]}
    return None


def wide_interval(facts: Facts, rows: Rows) -> Slots | None:
    """C10: the interval holds a worthwhile benefit, no difference, and a worthwhile harm."""
    (row,) = rows
    limits = _worthwhile(facts, row)
    if limits is None or row["interval"] not in ("confidence", "reported"):
        return None
    if not (row["low"] < limits[0] and row["high"] > limits[1]):
        return None
    return {
        "study": row["label"],
        "interval": numbers.interval(row["low"], row["high"]),
        "measure": row["measure"],
    }


def _worthwhile(facts: Facts, row: Row) -> tuple[float, float] | None:
    """The smallest effects that would matter, either way; from the outcome, else customary ones."""
    mid = facts.outcome["mid"]
    if row["measure"] in ("RR", "OR"):
        return RATIO_BENEFIT, RATIO_HARM
    if row["measure"] == "SMD":
        return -SMD_THRESHOLD, SMD_THRESHOLD
    if row["measure"] in ("RD", "MD") and not math.isnan(mid):
        return -mid, mid
    return None


def fragile(_: Facts, rows: Rows) -> Slots | None:
    """C11: a trial's low p value hangs on no more people than were lost, or on three."""
    (row,) = rows
    names = [f"{name}_{arm}" for arm in ARMS for name in ("events", "n")]
    if row["design"] != "rct" or any(math.isnan(row[name]) for name in names):
        return None
    found = fragility_index(*(int(row[name]) for name in names))
    lost = 0.0 if math.isnan(row["lost"]) else row["lost"]
    if found.p_value >= 0.05 or found.index > max(lost, 3):
        return None
    return {
        "study": row["label"],
        "changed": numbers.people(found.index),
        "lost": f"{numbers.people(lost)} had been lost from view"
        if lost
        else "how many were lost from view is not reported",
        "p_value": numbers.p_value(found.p_value),
    }


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


def few_studies(_: Facts, rows: Rows) -> Slots | None:
    """C17: too few studies to look for unpublished ones."""
    k = len({row["study_id"] for row in rows if has_numbers(row) and row["directness"] == "direct"})
    if not 0 < k < FEW_STUDIES:
        return None
    return {"studies": "one study" if k == 1 else f"{k} studies", "k": float(k)}


def early_and_small(_: Facts, rows: Rows) -> Slots | None:
    """C18: small studies, at least half of them paid for by industry or by nobody known."""
    reporting = [row for row in rows if has_numbers(row) and row["directness"] == "direct"]
    sizes = [row[f"{n}_{arm}"] for row in reporting for arm in ARMS for n in ("n", "n_allocated")]
    known = [size for size in sizes if not math.isnan(size)]
    doubtful = [row for row in reporting if row["funding"] in ("industry", "mixed", "NR")]
    if not known or max(known) >= SMALL_ARM or 2 * len(doubtful) < len(reporting):
        return None
    paid = any(row["funding"] in ("industry", "mixed") for row in doubtful)
    who = "partly paid for by industry" if paid else "who paid for it is not reported"
    return {"who": who, "largest": max(known)}


def maker_paid(_: Facts, rows: Rows) -> Slots | None:
    """C19: industry paid."""
    (row,) = rows
    paid = row["funding"] in ("industry", "mixed") and row["directness"] == "direct"
    return {"study": row["label"]} if paid else None


def payer_unknown(_: Facts, rows: Rows) -> Slots | None:
    """C19: nobody says who paid."""
    (row,) = rows
    unknown = row["funding"] == "NR" and row["directness"] == "direct"
    return {"study": row["label"]} if unknown else None


def another_question(facts: Facts, rows: Rows) -> Slots | None:
    """C20: other people, another treatment or a shorter time than the review asks about."""
    (row,) = rows
    question, differences = facts.question, []
    if row["condition"] != question.condition:
        differences.append(f"people with {row['condition']} (asked: {question.condition})")
    if row["directness"] == "indirect":
        differences.append(
            f"{numbers.lower_first(row['treatment'])} (asked: {question.intervention})"
        )
    if "weeks" in row["not_reported"].split(", "):
        differences.append("a time that is not reported")
    elif row["weeks"] < question.target_weeks:
        asked = numbers.short(question.target_weeks)
        differences.append(f"{numbers.short(row['weeks'])} weeks (asked: {asked})")
    if not differences:
        return None
    return {"study": row["label"], "differences": numbers.listing(differences)}


def no_starting_risk(facts: Facts, rows: Rows) -> Slots | None:
    """C21: a relative effect whose starting risk nobody gives."""
    (row,) = rows
    unknown = math.isnan(baseline_risk(facts, row))
    relative = row["measure"] in ("RR", "OR", "HR") and not math.isnan(row["estimate"])
    return {"study": row["label"], "measure": row["measure"]} if relative and unknown else None


def either_way(facts: Facts, rows: Rows) -> Slots | None:
    """C22: benefit and harm are both open, so the number to treat has no one value."""
    (row,) = rows
    if row["interval"] != "confidence" or not row["rd_low"] < 0 < row["rd_high"]:
        return None
    needed = number_needed_to_treat(
        row["risk_difference"], row["rd_low"], row["rd_high"], better=facts.outcome["better"]
    )
    return {"study": row["label"], "number": needed.text()}


def percentage_of_whom(_: Facts, rows: Rows) -> Slots | None:
    """C23: a percentage that its group, as it began, cannot give."""
    (row,) = rows
    for arm in ARMS:
        percent, events, n = (row[f"{name}_{arm}"] for name in ("percent", "events", "n"))
        began = row[f"n_allocated_{arm}"]
        if any(math.isnan(x) for x in (percent, events, n, began)) or n == began:
            continue
        places = int(row[f"decimals_{arm}"])
        if abs(100 * events / began - percent) > 0.5 * 10.0**-places:
            return {
                "study": row["label"],
                "percent": numbers.plain(percent, places),
                "events": numbers.count(events),
                "n": numbers.count(n),
                "began": numbers.count(began),
                "instead": numbers.plain(100 * events / began, places),
            }
    return None


def percentage_of_nobody(_: Facts, rows: Rows) -> Slots | None:
    """C23: percentages without the number of people behind them."""
    (row,) = rows
    if row["basis"] != "percentages":
        return None
    return {"study": row["label"]}


def claims_go_further(facts: Facts, rows: Rows) -> Slots | None:
    """C25: what is said in public about this outcome is more than the evidence bears."""
    beyond = facts.claims[~facts.claims["verdict"].isin(("accurate", "accurate but incomplete"))]
    if beyond.empty or not rows:
        return None
    first = beyond.sort_values("verdict", key=lambda v: v.eq("not verifiable"), kind="stable")
    example = first.iloc[0]
    total = len(facts.claims)
    return {
        "beyond": float(len(beyond)),
        "total": float(total),
        "go": "The one public statement about this outcome goes"
        if total == 1
        else f"{len(beyond)} of {total} public statements about this outcome go",
        "claim": str(example["claim"]).rstrip("."),
        "verdict": str(example["verdict"]),
    }


def groups_left_out(_: Facts, rows: Rows) -> Slots | None:
    """C26: a study compared with more groups than it reports results for."""
    compared = [row for row in rows if _compared(row) and row["comparator"]]
    groups = {row["comparator"] for row in compared}
    reported = {row["comparator"] for row in compared if has_numbers(row)}
    if not reported or groups == reported:
        return None
    return {
        "study": rows[0]["label"],
        "groups": numbers.count(len(groups)),
        "missing": numbers.count(len(groups - reported)),
    }


def paper_not_read(_: Facts, rows: Rows) -> Slots | None:
    """C27: the numbers come from somebody else's account of the study."""
    (row,) = rows
    if row["read"] != "not_read":
        return None
    kinds = [kind.replace("_", " ") for kind in row["read_in"].split("; ")]
    account = numbers.listing([f"a {kind}" for kind in kinds])
    return {"study": row["label"], "account": account}


def no_numbers(_: Facts, rows: Rows) -> Slots | None:
    """C28: measured, but no number was found."""
    silent = dict.fromkeys(row["label"] for row in rows if not has_numbers(row))
    reporting = {row["label"] for row in rows if has_numbers(row)}
    names = [name for name in silent if name not in reporting]
    return {"studies": numbers.listing(names)} if names else None
