"""Peto's one-step odds ratio, of one analysis or of many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from equipoise.effects.sizes import effect_sizes
from equipoise.errors import UsageError
from equipoise.synthesis.batch import pool_many
from equipoise.synthesis.groups import read_by
from equipoise.synthesis.pool import pool
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    import pandas as pd

_NOTHING = (
    "Peto's method cannot be used: no study has counts in both groups and both outcomes; in each "
    "the event happened to nobody, or to everybody"
)
_COLUMNS = (
    "k", "estimate", "se", "statistic", "df", "p_value", "low", "high", "tau2", "i2", "h2", "q",
    "q_df", "q_p_value", "log_likelihood", "aic", "aicc", "bic",
)  # fmt: skip


def peto(table: pd.DataFrame, *, level: float = 0.95) -> Pooled:
    """Pool two-group counts by Peto's method: one odds ratio common to all studies.

    ln OR = Σ(O - E)/ΣV with variance 1/ΣV, where in each study O are the events under treatment, E
    what is expected of them without an effect, given the margins of the table, and V their
    hypergeometric variance. That is the common-effect mean of the (O - E)/V with variances 1/V,
    which need no constant for zero cells. It suits rare events, groups of about the same size and
    effects that are not large; else it is biased.

    Parameters
    ----------
    table
        One study a row, with the columns `events_treatment, n_treatment, events_control,
        n_control`.
    level
        Confidence level of the Wald interval of the logarithm.

    Returns
    -------
    Pooled
        The estimator and the measure are "PETO". A study in which the event happened to nobody, or
        to everybody, takes no part, and has a reason.

    Raises
    ------
    UsageError
        If columns lack or rows hold what cannot be; if in every study the event happened to nobody,
        or to everybody.

    See Also
    --------
    peto_many : any number of analyses at once.

    References
    ----------
    Yusuf, Peto, Lewis, Collins & Sleight 1985, Prog Cardiovasc Dis 27:335-371,
    doi:10.1016/s0033-0620(85)80003-7; Greenland & Salvan 1990, Stat Med 9:247-252,
    doi:10.1002/sim.4780090307 (its bias).
    """
    effects = _effects(table)
    if effects["effect"].isna().all():
        raise UsageError(_NOTHING)
    return replace(pool(effects, estimator="CE", ci_method="wald", level=level), estimator="PETO")


def peto_many(table: pd.DataFrame, *, by: str | Sequence[str], level: float = 0.95) -> pd.DataFrame:
    """Pool the counts of many analyses: the numbers of `peto`, one row an analysis.

    Parameters
    ----------
    table, level
        As in `peto`.
    by
        The column or columns of the table that tell the analyses apart.

    Returns
    -------
    DataFrame
        The columns `by`, in order of first appearance; `excluded`, how many rows take no part; the
        numbers of `Pooled` that the method has, `k` the first; and `reason`: why an analysis has no
        number (NaN), where `peto` would refuse it, else empty.

    Raises
    ------
    UsageError
        If columns lack, or rows hold what cannot be: every such row of the table is named.

    See Also
    --------
    peto : one analysis, with its studies, weights and notes; formulas and references.
    """
    import pandas as pd

    effects = _effects(table)[["effect", "variance"]]
    split = read_by(table, by)
    found = pool_many(
        effects.assign(analysis=split.owner),
        by="analysis",
        estimator="CE",
        ci_method="wald",
        level=level,
        columns=_COLUMNS,
    ).drop(columns="analysis")
    reason = np.where(found["k"] == 0, _NOTHING, "").astype(object)
    return pd.DataFrame({**split.names, **found, "reason": reason})


def _effects(table: pd.DataFrame) -> pd.DataFrame:
    return effect_sizes(table, "PETO", add=0, drop00=True)
