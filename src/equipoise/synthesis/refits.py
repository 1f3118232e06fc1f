"""The estimator of a result, fitted anew to some of its studies: to many such sets at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.effects.interval import Floats
from equipoise.errors import UsageError
from equipoise.synthesis.batch import pool_many
from equipoise.synthesis.method import ESTIMATORS, Estimator, IntervalMethod, PredictionDf
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    import pandas as pd

CELLS = 2_000_000
"""Studies over all sets that are fitted at a time: what is in memory besides the results."""

_MADE_OTHERWISE = {
    "MH": "of Mantel-Haenszel: its studies are counts; pool the table without each of them",
    "PETO": "of Peto: its studies are counts; pool the table without each of them",
    "HC": 'of Henmi and Copas; take that of pool(..., estimator="DL"), whose weights differ',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refits:
    """The studies of a result, and the way in which they were pooled.

    Attributes
    ----------
    pooled
        The result.
    labels, effects, variances, weights
        Of the studies that were pooled, in their order; the weights are shares.
    """

    pooled: Pooled
    labels: NDArray[np.object_]
    effects: Floats
    variances: Floats
    weights: Floats

    @classmethod
    def of(cls, pooled: object, least: int = 1) -> Refits:
        """Return the studies of a result.

        Parameters
        ----------
        pooled
            A result of `pool`.
        least
            Of so many studies at least.

        Raises
        ------
        UsageError
            If it is none, or of too few studies.
        """
        if not isinstance(pooled, Pooled):
            kind = type(pooled).__name__
            raise UsageError(f"give a result of pool, such as pool(table); got {kind}")
        if pooled.estimator not in ESTIMATORS:
            why = _MADE_OTHERWISE[pooled.estimator]
            raise UsageError(f"give a result of pool, not one {why}")
        if pooled.k < least:
            raise UsageError("this result has one study: there are no others to compare it with")
        used = np.array([not reason for reason in pooled.reasons])
        return cls(
            pooled=pooled,
            labels=np.array(pooled.labels, dtype=object)[used],
            effects=np.array(pooled.effects)[used],
            variances=np.array(pooled.variances)[used],
            weights=np.array(pooled.weights)[used],
        )

    def fit(
        self, rows: NDArray[np.intp], starts: NDArray[np.intp], columns: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Pool sets of the studies as the result was pooled.

        Parameters
        ----------
        rows
            Which studies, set after set.
        starts
            Where in `rows` each set begins.
        columns
            Which numbers are wanted; all of them if None.

        Returns
        -------
        DataFrame
            The numbers of `pool_many`, one row a set.
        """
        pooled = self.pooled
        found = pool_many(
            self.effects[rows],
            self.variances[rows],
            starts=starts,
            weights=self.weights[rows] if pooled.weights_given else None,
            estimator=cast("Estimator", pooled.estimator),
            ci_method=cast("IntervalMethod", pooled.ci_method),
            level=pooled.level,
            prediction_df=cast("PredictionDf | None", pooled.prediction_df),
            tau2=pooled.tau2 if pooled.tau2_given else None,
            columns=columns,
        )
        return found.drop(columns="excluded")
