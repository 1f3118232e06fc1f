"""What is left of a pooled estimate without each of its studies in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from equipoise.synthesis.blocks import parts
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.refits import CELLS, Refits

if TYPE_CHECKING:
    import pandas as pd


def leave_one_out(pooled: Pooled) -> pd.DataFrame:
    """Pool again and again, each time without one of the studies.

    A conclusion that hangs on a single study shows here. What it does not show: two studies that
    hide each other, and errors that all studies share.

    Parameters
    ----------
    pooled
        A result of `pool`, of two studies or more. Estimator, ci_method, level, prediction_df,
        weights and a given tau2 are those of the result.

    Returns
    -------
    DataFrame
        One row a study that was pooled, in their order: its `label`, the numbers of `pool_many`
        for all others, on the analysis scale, and `converged`.

    Raises
    ------
    UsageError
        If it is no result of `pool`, or of one study.

    See Also
    --------
    influence : how far each study moves the result, and whether that is far.

    References
    ----------
    Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125, doi:10.1002/jrsm.11.
    """
    return without_each(Refits.of(pooled, least=2))


def without_each(refits: Refits, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the wanted numbers of `leave_one_out`.

    Parameters
    ----------
    refits
        The studies, two or more.
    columns
        Which numbers; all of them if None.

    Returns
    -------
    DataFrame
        The label and these.
    """
    import pandas as pd

    k = len(refits.effects)
    others = np.arange(k - 1)
    found = []
    for here in parts(k, max(1, CELLS // k)):
        left_out = np.arange(here.start, here.stop)
        rows = others + (others >= left_out[:, None])
        starts = np.arange(len(left_out)) * (k - 1)
        found.append(refits.fit(rows.ravel(), starts, columns))
    table = pd.concat(found, ignore_index=True)
    table.insert(0, "label", refits.labels)
    return table
