"""Where an interval goes beyond what its measure can be: a share below 0, a correlation above 1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from equipoise.display.numbers import listing
from equipoise.effects.measures import Measure
from equipoise.effects.measures import measure as measure_of

if TYPE_CHECKING:
    from equipoise.synthesis.pooled import Pooled

_WITHIN = {
    "proportion": ("A proportion lies between 0 and 1", 0.0, 1.0),
    "correlation": ("A correlation lies between −1 and 1", -1.0, 1.0),
    "rate": ("A rate is not below 0", 0.0, math.inf),
}
_RISK_DIFFERENCE = ("A difference of risks lies between −1 and 1", -1.0, 1.0)
_KEEPS_WITHIN = {
    "PR": "log odds (PLO)",
    "IR": "logarithms (IRLN)",
    "COR": "Fisher's z (ZCOR)",
    "UCOR": "Fisher's z (ZCOR)",
}


def beyond_range(pooled: Pooled) -> str:
    """Return a sentence that says which interval goes beyond the range of the measure, or ``.

    Effects that are analysed as they are read, proportions for instance, have intervals that know
    nothing of where these end.

    Parameters
    ----------
    pooled
        A result.
    """
    scale = measure_of(pooled.measure)
    if scale.scale != "identity" or (within := _range(scale)) is None:
        return ""
    words, least, most = within
    beyond = [
        name
        for name, low, high in (
            ("the confidence interval", pooled.low, pooled.high),
            ("the prediction interval", pooled.prediction_low, pooled.prediction_high),
        )
        if low < least or high > most
    ]
    if not beyond:
        return ""
    verb = "goes" if len(beyond) == 1 else "go"
    instead = _KEEPS_WITHIN.get(scale.key)
    return (
        f"{words}, and {listing(beyond)} {verb} beyond that"
        f"{f'; pooled as {instead} they cannot' if instead else ''}."
    )


def _range(scale: Measure) -> tuple[str, float, float] | None:
    return _RISK_DIFFERENCE if scale.key == "RD" else _WITHIN.get(scale.axis)
