"""How effects of several studies are spread: median, quartiles and range."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from equipoise.display import numbers
from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError
from equipoise.synthesis.reading import read_column, refuse
from equipoise.synthesis.with_limits import WithLimits

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

FEW = 4
"""Below so many effects, quartiles lie between two neighbours and tell nothing of their own."""

_HEAD = "these effects cannot be summarized:"
_PLACES = ("smallest", "q1", "median", "q3", "largest")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EffectSummary(WithLimits):
    """The spread of effects over studies, on the analysis scale, unrounded.

    Attributes
    ----------
    measure
        Key of the effect measure; "GEN" for ready effects.
    k
        Studies with an effect.
    missing
        Studies without one, which are left out.
    smallest, q1, median, q3, largest
        Of the effects.
    """

    measure: str
    k: int
    missing: int
    smallest: float
    q1: float
    median: float
    q3: float
    largest: float

    def natural(self) -> EffectSummary:
        """Return the summary on the natural scale: ratios as ratios."""
        scale = measure_of(self.measure)
        ends = {name: scale.natural(getattr(self, name), math.inf) for name in _PLACES}
        return replace(self, **ends)

    def to_frame(self) -> pd.DataFrame:
        """Return the summary as a table of one row, its columns the attributes."""
        import pandas as pd

        return pd.DataFrame([asdict(self)])

    @property
    def lines(self) -> tuple[str, ...]:
        """Median, interquartile range and range on the natural scale."""
        scale, shown = measure_of(self.measure), self.natural()
        name = numbers.upper_first(scale.name)
        values = [getattr(shown, place) for place in _PLACES]
        places = numbers.ratio_digits(max(2, numbers.digits_for(*values)), *values)
        studies = "1 study" if self.k == 1 else f"{self.k} studies"
        told = [
            f"{name}, the effects of {studies}, none weighted",
            f"median {numbers.plain(shown.median, places)} (interquartile range "
            f"{numbers.interval(shown.q1, shown.q3, places)}), range "
            f"{numbers.interval(shown.smallest, shown.largest, places)}",
        ]
        if self.missing:
            told.append(f"Left out: {numbers.word(self.missing)} without an effect")
        return tuple(told)

    @property
    def limits(self) -> tuple[str, ...]:
        """What a summary of effects cannot show."""
        told = [
            "Every study counts the same, whatever its size and quality: the median is no pooled "
            "estimate, and nothing here says how sure it is.",
            "The ranges hold chance as well as differences between studies.",
        ]
        if self.k < FEW:
            told.append(
                f"With {numbers.word(self.k)} of them, look at the effects themselves: the "
                "quartiles tell no more."
            )
        if self.missing:
            told.append(
                "Studies without an effect may differ from the others: results that disappoint "
                "are reported less often."
            )
        return tuple(told)


def summarize_effects(effects: pd.Series | ArrayLike, *, measure: str = "GEN") -> EffectSummary:
    """Return median, quartiles and range of the effects of studies, none weighted.

    It needs no variances, so it serves where studies report effects without them. Quartiles lie at
    (k - 1)/4 and 3(k - 1)/4 between the ordered effects, counted from 0, with straight lines
    between neighbours (the default of R and numpy: type 7 of Hyndman & Fan 1996). They are taken
    on the analysis scale; the median of an even number of ratios is so the geometric mean of the
    two in the middle.

    Parameters
    ----------
    effects
        One an independent study, on the analysis scale: logarithms for ratios, such as the column
        `effect` of `effect_sizes`. An empty cell is a study without an effect, which is left out
        and counted.
    measure
        Key of the effect measure, for the way back to the natural scale.

    Returns
    -------
    EffectSummary
        On the analysis scale; `natural` brings it back.

    Raises
    ------
    UsageError
        If there is no effect, a value is no finite number (each is named), or the measure is
        unknown.

    References
    ----------
    McKenzie & Brennan, Cochrane Handbook version 6.3 (2022), section 12.2.1.1; Hyndman & Fan 1996,
    Am Stat 50:361-365, doi:10.1080/00031305.1996.10473566.
    """
    key = measure_of(measure).key
    values = read_column("effect", effects, _HEAD)
    refuse(
        _HEAD,
        [
            f"row {row}: the effect is infinite; correct zero cells (add=, to=), or leave it out"
            for row, value in enumerate(values.tolist(), start=1)
            if math.isinf(value)
        ],
    )
    known = values[~np.isnan(values)]
    if not len(known):
        raise UsageError("there is nothing to summarize: no study has an effect")
    smallest, q1, median, q3, largest = np.quantile(known, [0, 0.25, 0.5, 0.75, 1]).tolist()
    return EffectSummary(
        measure=key,
        k=len(known),
        missing=len(values) - len(known),
        smallest=smallest,
        q1=q1,
        median=median,
        q3=q3,
        largest=largest,
    )
