"""Effects that are computed from what the groups report, where `estimates` reads none."""

from __future__ import annotations

import pandas as pd

from equipoise.effects.measures import measure as measure_of
from equipoise.effects.sizes import effect_sizes

_COMPARED = ("binary", "continuous")


def with_effect_sizes(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Fill rows without an estimate whose groups report all that `effect_sizes` needs.

    Parameters
    ----------
    frame
        Comparisons with their estimates.
    key
        The planned measure. Only measures of two groups are computed: a standardised mean
        difference from two means, say.

    Returns
    -------
    DataFrame
        The frame; rows that are filled have the basis "counts" or "means".
    """
    chosen = measure_of(key)
    empty = (frame["basis"] == "not reported") & (frame["comparator"] != "")
    if chosen.family not in _COMPARED or not empty.any():
        return frame
    made = effect_sizes(frame[empty], key)
    made = made[made["reason"] == ""]
    frame = frame.copy()
    for column, source in {"estimate": "effect", "low": "low", "high": "high"}.items():
        frame.loc[made.index, column] = chosen.natural(made[source].to_numpy())
    frame.loc[made.index, "interval"] = "confidence"
    frame.loc[made.index, "basis"] = "counts" if chosen.family == "binary" else "means"
    frame.loc[made.index, "reason"] = ""
    return frame
