"""The studies of a pooled estimate as a table of text, for a notebook."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from equipoise.display import numbers
from equipoise.effects.measures import measure as measure_of

if TYPE_CHECKING:
    from equipoise.synthesis.pooled import Pooled

_SHOWN = 60


def study_table(pooled: Pooled) -> tuple[list[str], list[list[str]]]:
    """Return the head and the rows of a table: each study with its effect, interval and weight.

    Parameters
    ----------
    pooled
        A result. Of very many studies the first are shown, and the others counted.

    Returns
    -------
    tuple of list
        Texts, rounded for readers, on the natural scale.
    """
    scale = measure_of(pooled.measure)
    level = numbers.interval_name("confidence", pooled.level)
    frame = pooled.studies.head(_SHOWN)
    ends = [scale.natural(frame[name].to_numpy(), math.inf) for name in ("effect", "low", "high")]
    places = numbers.effect_digits(scale.key, *(float(x) for column in ends for x in column))
    rows = []
    for study, (value, low, high) in zip(
        frame.to_dict("records"), zip(*ends, strict=True), strict=True
    ):
        interval = numbers.effect_interval(low, high, places, scale.key)
        rows.append(
            [
                study["label"],
                numbers.effect(value, places, scale.key),
                interval,
                "" if study["reason"] else numbers.percent(study["weight"], 1),
                study["reason"],
            ]
        )
    more = len(pooled.labels) - len(rows)
    if more:
        rows.append([f"and {numbers.count(more)} more", "", "", "", ""])
    return ["Study", numbers.upper_first(scale.name), level, "Weight", "Left out because"], rows
