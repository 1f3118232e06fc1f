"""A pooled estimate in words: its part of the sentence, and the lines printed under it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.appraisal.facts import Row, designs_of, known_total, when
from equipoise.display import numbers
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.wording import heterogeneity, method

if TYPE_CHECKING:
    from equipoise.appraisal.facts import Facts
    from equipoise.appraisal.pooling import Together

FEWEST_TO_PREDICT = 3
"""With two studies the prediction interval has one degree of freedom and says nothing."""


def of_pooled(facts: Facts, together: Together, clause: str) -> str:
    """Return the sentence: the clause about the effect and the numbers behind it."""
    row, pooled = together.row, together.pooled
    if row["measure"] == "PR":
        treatment = numbers.lower_first(row["treatment"])
        return (
            f"In {_studies(together.rows)}, {_interval(row, pooled)} {facts.outcome['phrase']} "
            f"with {treatment}; this analysis describes one group, so {clause}."
        )
    told = f"{clause}: in {_studies(together.rows)}, {row['measure']} {_interval(row, pooled)}"
    unit = facts.outcome["unit"]
    told += f" {unit}" if unit and row["measure"] == "MD" else ""
    absolute = absolute_effect(together)
    told += f", which at {together.starting_risk_is} means {absolute}" if absolute else ""
    prediction = _prediction(row, pooled)
    told += f"; in a new setting it could be {prediction}" if prediction else ""
    return f"{told}."


def _studies(rows: Sequence[Row]) -> str:
    times = {str(row["timepoint"]) for row in rows}
    measured = "at different times" if len(times) > 1 else when(rows[0])
    measured = "at unreported times" if times == {"NR"} else measured
    return f"{designs_of(rows)} ({_people(rows)}, {measured})"


def _people(rows: Sequence[Row]) -> str:
    """How many there are: the sum of those reported, and which studies do not say."""
    known, silent = known_total(rows, "people")
    if not silent:
        return numbers.people(known)
    if len(silent) == len(rows):
        return numbers.people(math.nan)
    return f"{numbers.people(known)} and an unreported number in {numbers.listing(silent)}"


def _interval(row: Row, pooled: Pooled) -> str:
    """`0.49 (95% CI 0.33 to 0.73)`."""
    text = numbers.estimate(row["estimate"], row["low"], row["high"], row["measure"])
    return text.replace("(", f"({numbers.interval_name('confidence', pooled.level)} ", 1)


def _prediction(row: Row, pooled: Pooled) -> str:
    """Where the effect of a new study would lie; empty where nothing can be said of that."""
    if pooled.k < FEWEST_TO_PREDICT or math.isnan(pooled.prediction_low):
        return ""
    ends = pooled.natural()
    if row["measure"] == "PR":
        return numbers.percents(ends.prediction_low, ends.prediction_high)
    key = row["measure"]
    digits = numbers.effect_digits(key, ends.estimate, ends.low, ends.high)
    shown = numbers.effect_interval(ends.prediction_low, ends.prediction_high, digits, key)
    return f"{key} {shown}"


_DIFFERENCES = ("risk_difference", "rd_low", "rd_high")


def absolute_effect(together: Together) -> str:
    """Return `8 of 1,000 people (5 to 12) with it, against 16 of 1,000 with nothing`, or ``."""
    row = together.row
    start, change = row["percent_control"] / 100, row["risk_difference"]
    if math.isnan(change) or not 0 < start < 1:
        return ""
    size = numbers.out_of(start, least=1000)
    people = numbers.people(size)
    less, low, high = (numbers.count(size * (start + row[name])) for name in _DIFFERENCES)
    treatment, comparator = (numbers.lower_first(row[name]) for name in ("treatment", "comparator"))
    return (
        f"{less} of {people} ({low} to {high}) with {treatment}, against "
        f"{numbers.count(size * start)} of {numbers.count(size)} with {comparator}"
    )


def pooled_lines(together: Together) -> list[tuple[str, str]]:
    """Return a pooled estimate as lines of a name and a text, on the scale that people read."""
    row, pooled = together.row, together.pooled
    measure = "" if row["measure"] == "PR" else f"{row['measure']} "
    how = method(pooled).partition(", ")[2]  # the designs tell how many studies there are
    how += ", pooled as log odds" if row["measure"] == "PR" else ""
    lines = [("Together", f"{measure}{_interval(row, pooled)}; {designs_of(together.rows)}; {how}")]
    if absolute := absolute_effect(together):
        lines.append(("In people", f"at {together.starting_risk_is}, {absolute}"))
    if prediction := _prediction(row, pooled):
        level = f"{100 * pooled.level:g}%"
        lines.append(("In a new setting", f"{prediction}, {level} prediction interval"))
    return [*lines, ("Between studies", heterogeneity(pooled, written_out=True))]
