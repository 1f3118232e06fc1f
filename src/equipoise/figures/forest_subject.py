"""What a forest plot is about: an outcome with its studies, or a pooled estimate by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.wording_pooled import FEWEST_TO_PREDICT
from equipoise.display import numbers
from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError
from equipoise.figures.forest_rows import ForestRow, read_rows, rows_of_pooled
from equipoise.figures.given import check_summary
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.wording import heterogeneity, method

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is drawn.

    Attributes
    ----------
    rows
        Every study, sorted.
    pooled
        What they show together; None if they are not combined.
    title, sentence
        What stands above the figure, and what its alt text ends with.
    name
        What the effect is on, in a sentence.
    better
        Which direction is good: "lower", "higher" or, if that is not known, empty.
    unit
        Of the outcome.
    notes
        What is said below: why nothing is combined, or what to know about the pooled estimate.
    caveats
        What the figure cannot show.
    kind
        Which kind of forest plot.
    through
        Whether a line goes through all rows at the pooled estimate.
    """

    rows: list[ForestRow]
    pooled: Pooled | None
    title: str
    sentence: str
    name: str
    better: str
    unit: str
    notes: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    kind: str = "Forest plot"
    through: bool = False

    @property
    def model(self) -> str:
        """How the studies were combined: `13 studies, random effects (REML), ...`."""
        return "" if self.pooled is None else method(self.pooled)

    @property
    def predicts(self) -> bool:
        """Whether there is a prediction interval worth drawing."""
        return (
            self.pooled is not None
            and self.pooled.k >= FEWEST_TO_PREDICT
            and not math.isnan(self.pooled.prediction_low)
        )

    @property
    def results(self) -> list[ForestRow]:
        """The pooled estimate and the prediction interval, as rows."""
        if self.pooled is None:
            return []
        ends = self.pooled.natural()
        asked = self.rows[0].asked
        common = {
            **self.rows[0].blank,
            "measure": asked.key,
            "estimate": ends.estimate,
            "interval": "confidence",
        }
        together = {
            **common,
            "label": "Pooled estimate",
            "basis": "pooled",
            "low": ends.low,
            "high": ends.high,
            "weight": sum(self.pooled.weights),
        }
        elsewhere = {
            **common,
            "label": "In a new setting",
            "basis": "prediction",
            "low": ends.prediction_low,
            "high": ends.prediction_high,
        }
        shared: dict[str, Any] = {
            "asked": asked,
            "digits": self.rows[0].digits,
            "level": self.pooled.level,
        }
        rows = [ForestRow(data=together, section=f"Together: {self.model}", **shared)]
        return [*rows, ForestRow(data=elsewhere, section="", **shared)] if self.predicts else rows


def subject_of(shown: Summary | Pooled) -> Subject:
    """Return the subject of a forest plot.

    Parameters
    ----------
    shown
        A summary, or a pooled estimate.

    Raises
    ------
    UsageError
        If there is no study to draw, or what is given is neither of the two.
    """
    if isinstance(shown, Pooled):
        return _of_pooled(shown)
    check_summary(shown, "forest", "a pooled estimate from pool")
    return _of_summary(shown)


def _of_summary(summary: Summary) -> Subject:
    outcome, why = summary.outcome, summary.why_not_pooled
    rows = read_rows(summary)
    if not rows:
        raise UsageError(f"There is no study of “{outcome['label']}”: nothing can be drawn.")
    # A caveat that says why nothing is combined is not repeated.
    said = not why or any(caveat.sentence == why for caveat in summary.caveats)
    notes = () if said else (f"Not combined: {numbers.lower_first(why)}",)
    pooled = summary.pooled
    return Subject(
        rows=rows,
        pooled=pooled,
        title=f"{outcome['label']}, study by study{' and together' if pooled else ''}",
        sentence=summary.sentence,
        name=numbers.lower_first(str(outcome["label"])),
        better=str(outcome["better"]),
        unit=str(outcome["unit"]),
        notes=notes if pooled is None else (_between(pooled),),
        caveats=summary.caveats,
    )


def _of_pooled(pooled: Pooled) -> Subject:
    name = measure_of(pooled.measure).name
    ends = pooled.natural()
    estimate = numbers.estimate(ends.estimate, ends.low, ends.high, pooled.measure)
    return Subject(
        rows=rows_of_pooled(pooled),
        pooled=pooled,
        title=f"{numbers.upper_first(name)}, study by study and together",
        sentence=f"Together: {estimate}.",
        name="these studies",
        better="",
        unit="",
        notes=(_between(pooled), *pooled.notes),
        caveats=(),
    )


def _between(pooled: Pooled) -> str:
    return f"Between studies: {heterogeneity(pooled, written_out=True)}."
