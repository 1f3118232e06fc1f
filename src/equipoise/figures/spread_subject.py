"""What a figure on the spread of studies is about: effects, standard errors, and their mean."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.wording_pooled import FEWEST_TO_PREDICT
from equipoise.display import numbers
from equipoise.effects.interval import Floats
from equipoise.effects.measures import Measure
from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError
from equipoise.synthesis.pooled import Natural, Pooled
from equipoise.synthesis.wording import model

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """The studies that were pooled, and what they show together.

    Attributes
    ----------
    pooled
        The pooled estimate.
    measure
        Its measure.
    studies
        One row a study pooled: label, effect, se and weight, on the analysis scale.
    title
        What the outcome, or else the measure, is called.
    name
        The same inside a sentence about the studies.
    sentence
        What the alt text ends with.
    notes
        What to know about a pooled estimate by itself; a summary's caveats say it.
    caveats
        What is known not to be shown.
    """

    pooled: Pooled
    measure: Measure
    studies: pd.DataFrame
    title: str
    name: str
    sentence: str
    notes: tuple[str, ...]
    caveats: tuple[Caveat, ...]

    @property
    def effects(self) -> Floats:
        """Effects on the analysis scale."""
        return self.studies["effect"].to_numpy(dtype=float)

    @property
    def errors(self) -> Floats:
        """Their standard errors."""
        return self.studies["se"].to_numpy(dtype=float)

    @property
    def ends(self) -> Natural:
        """The pooled estimate and its intervals on the natural scale."""
        return self.pooled.natural()

    @property
    def null(self) -> float | None:
        """The analysis value that means no difference; None where nothing is compared."""
        return (
            None if self.measure.null is None else float(self.measure.analysis(self.measure.null))
        )

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that the caveats are about."""
        return tuple(dict.fromkeys(name for caveat in self.caveats for name in caveat.outcomes))

    @property
    def predicts(self) -> bool:
        """Whether there is a prediction interval worth drawing."""
        return self.pooled.k >= FEWEST_TO_PREDICT and not math.isnan(self.pooled.prediction_low)

    @property
    def count(self) -> str:
        """`13 studies`."""
        return f"{self.pooled.k} {'study' if self.pooled.k == 1 else 'studies'}"

    @property
    def subtitle(self) -> str:
        """How many studies of what, how they were pooled, and how many were left out."""
        left_out = len(self.pooled.labels) - self.pooled.k
        rest = f"; {numbers.count(left_out)} more without a number" if left_out else ""
        return f"{numbers.upper_first(self.measure.name)}, {self.count}, {model(self.pooled)}{rest}"

    @property
    def estimate(self) -> str:
        """The pooled estimate with its interval, in words."""
        ends = self.ends
        text = numbers.estimate(ends.estimate, ends.low, ends.high, self.measure.key)
        return text.replace("(", f"({numbers.interval_name('confidence', self.pooled.level)} ", 1)

    @property
    def prediction(self) -> str:
        """The prediction interval in words."""
        ends = self.ends
        said = numbers.estimate(
            ends.estimate, ends.prediction_low, ends.prediction_high, self.measure.key
        )
        return said.partition("(")[2].rstrip(")")

    def natural(self, values: Floats) -> Floats:
        """Return values of the analysis scale on the scale that people read."""
        return np.asarray(self.measure.natural(np.asarray(values, dtype=float), math.inf))

    def intervals(self) -> pd.DataFrame:
        """Return label, estimate, Wald limits (both natural), effect, se and weight of each study.

        The limits have the level of the pooled interval.
        """
        table = self.studies
        return pd.DataFrame({
            "label": table["label"],
            "estimate": self.natural(self.effects),
            "low": self.natural(table["low"].to_numpy(dtype=float)),
            "high": self.natural(table["high"].to_numpy(dtype=float)),
            "effect": self.effects,
            "se": self.errors,
            "weight": table["weight"],
        })  # fmt: skip


def spread_of(shown: Summary | Pooled) -> Spread:
    """Return the studies behind a pooled estimate.

    Parameters
    ----------
    shown
        A pooled estimate, or a summary that has one.

    Raises
    ------
    UsageError
        If the studies of the summary are not combined.
    """
    if isinstance(shown, Pooled):
        name = measure_of(shown.measure).name
        ends = shown.natural()
        told = numbers.estimate(ends.estimate, ends.low, ends.high, shown.measure)
        return Spread(
            pooled=shown,
            measure=measure_of(shown.measure),
            studies=_used(shown),
            title=numbers.upper_first(name),
            name="these studies",
            sentence=f"Together: {told}.",
            notes=shown.notes,
            caveats=(),
        )
    if shown.pooled is None:
        raise UsageError(
            f"The studies of “{shown.outcome['label']}” are not combined: "
            f"{numbers.lower_first(shown.why_not_pooled)} forest draws them side by side."
        )
    label = str(shown.outcome["label"])
    return Spread(
        pooled=shown.pooled,
        measure=measure_of(shown.pooled.measure),
        studies=_used(shown.pooled),
        title=label,
        name=numbers.lower_first(label),
        sentence=shown.sentence,
        notes=(),
        caveats=shown.caveats,
    )


def _used(pooled: Pooled) -> pd.DataFrame:
    table = pooled.studies
    return table[table["reason"] == ""].reset_index(drop=True)
