"""Results of many analyses on the scale that people read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

ON_A_SCALE = ("estimate", "low", "high", "prediction_low", "prediction_high")
"""The numbers of a result that can be read on the natural scale."""


def natural_scale(results: pd.DataFrame) -> pd.DataFrame:
    """Return results with their estimates and intervals on the natural scale beside them.

    The numbers of `pool_many` are on the analysis scale, logarithms for ratios; this adds what
    `Pooled.natural` gives: exp(estimate) for a risk ratio.

    Parameters
    ----------
    results
        A table from `pool_many`, made from a table with the column `measure`, as `effect_sizes`
        gives it; or from `Pooled.to_frame`.

    Returns
    -------
    DataFrame
        The table, and behind it `natural_estimate`, `natural_low`, `natural_high`,
        `natural_prediction_low` and `natural_prediction_high`, as far as it has these numbers. Of
        PFT and IRFT it is the limit of large groups.

    Raises
    ------
    UsageError
        If the table does not say of which measure its results are, or that is unknown.
    """
    import numpy as np

    if not hasattr(results, "columns") or "measure" not in results.columns:
        raise UsageError(
            "the results do not say of which measure they are (a column measure): pool effects of "
            "a named measure"
        )
    there = [name for name in ON_A_SCALE if name in results.columns]
    natural = {f"natural_{name}": np.full(len(results), np.nan) for name in there}
    for key, rows in results.groupby("measure", dropna=False, sort=False).indices.items():
        scale = measure_of(key if isinstance(key, str) else "GEN")
        for name in there:
            values = results[name].to_numpy(dtype=np.float64)[rows]
            natural[f"natural_{name}"][rows] = scale.natural(values, math.inf)
    return results.assign(**natural)
