"""A table of studies in, a table with their effects out: on the analysis scale, ready to pool."""

import numpy as np
import pandas as pd

from equipoise.effects.aliases import renaming_hint
from equipoise.effects.counts import AddTo
from equipoise.effects.interval import check_level, normal_quantile
from equipoise.effects.measure_type import Columns, Measure
from equipoise.effects.measures import measure as measure_of
from equipoise.effects.study_data import Options, read_study_data
from equipoise.errors import UsageError


def effect_sizes(
    table: pd.DataFrame,
    measure: str,
    *,
    add: float | None = None,
    to: AddTo = "only0",
    drop00: bool = False,
    vtype: str | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the table with each study's effect, variance and interval on the analysis scale.

    Rows keep their order and number. A row without a usable number stays, with NaN and a reason.
    The arguments mean what they mean in metafor's `escalc`, and the numbers agree with it, but for
    this: a group of nobody gives no number instead of one made of the added constant alone; nor
    does a tetrachoric correlation with a zero cell, and where there is one it is that of the
    maximum itself; one study without a number does not take away the average of all (`vtype` "AV");
    and the variance of SMDH under `vtype` "LS2" does not depend on the unit. Without an added
    constant the variance of a difference or proportion may be 0, and so may that of a mean
    difference if both standard deviations are.

    Parameters
    ----------
    table
        One study a row, with the columns that the measure needs, as below.
    measure
        Key of a measure; `MEASURES` describes each.
        From `events_treatment, n_treatment, events_control, n_control`: RR, OR, RD, AS, PETO, PHI,
        YUQ, YUY, RTET, PBIT, OR2DN, OR2DL.
        From `mean_treatment, sd_treatment, n_treatment, mean_control, sd_control, n_control`: MD,
        SMD, SMDH, SMD1, SMD1H, ROM, CVR, VR, D2ORN, D2ORL, RPB, RBIS.
        From `events, n`, or else of the treatment group: PR, PLN, PLO, PAS, PFT.
        From `mean, sd, n`: MN, MNLN. From `events, time`: IR, IRLN, IRS, IRFT.
        From `events_treatment, time_treatment, events_control, time_control`: IRR, IRD, IRSD.
        From `r, n`: COR, UCOR, ZCOR.
        From `mean_before, sd_before, mean_after, sd_after, r, n`: MC, SMCC, SMCR, ROMC, always
        after minus before, or after over before.
        From `effect` with `variance` or `se`, on the analysis scale, or with `ci_low, ci_high`, as
        printed, that is on the natural scale: GEN, HR.
    add
        What is added to each cell of the studies that `to` selects; the measure's own default
        (½, or 0 for AS, PHI, RTET, PAS, PFT, IRS, IRFT and IRSD) if None. Like `to` and `drop00`
        it means nothing where there are no counts.
    to
        "only0": studies with a zero cell; "all": every study; "if0all": every study if any has a
        zero cell; "none": no study.
    drop00
        Whether studies with no events in either group, or with events in everybody, are left
        without a number. Means nothing for one group.
    vtype
        Which of the variances that a measure can have, by metafor's names (LS, LS2, UB, HO, ST, CS,
        AV, AVHO); the measure's own default if None.
    level
        Confidence level of `low` and `high`, and of reported `ci_low` and `ci_high`.

    Returns
    -------
    DataFrame
        The table, with columns added or replaced: `measure`, `effect`, `variance`, `se`, `low`,
        `high` (Wald limits, effect ± z·se), `added` (the constant added to each cell;
        NaN where there are no cells) and `reason` (why there is no number; empty if there is one).

    Raises
    ------
    UsageError
        If the measure or its `vtype` is unknown, if an argument is out of range, if a column is
        missing, or if rows hold what cannot be; the message names every such row.

    References
    ----------
    Viechtbauer 2010, J Stat Softw 36(3):1-48, doi:10.18637/jss.v036.i03.
    """
    if not isinstance(table, pd.DataFrame):
        raise UsageError("the table must be a pandas DataFrame, one row a study")
    chosen = measure_of(measure)
    kernel = chosen.kernel(vtype)
    columns = _columns(table, chosen)
    check_level(level)
    options = Options(add=add, to=to, drop00=drop00, level=level)
    data = read_study_data(table, chosen, columns, options)
    effect, variance = kernel(*data.arrays)
    reason = data.reason
    reason[~(np.isfinite(effect) & np.isfinite(variance)) & (reason == "")] = chosen.undefined
    without = reason != ""
    effect, variance = np.where(without, np.nan, effect), np.where(without, np.nan, variance)
    se = np.sqrt(variance)
    reach = normal_quantile(level) * se
    return table.assign(
        measure=measure,
        effect=effect,
        variance=variance,
        se=se,
        low=effect - reach,
        high=effect + reach,
        added=np.where(without, np.nan, data.added),
        reason=reason,
    )


def _columns(table: pd.DataFrame, chosen: Measure) -> Columns:
    for columns in chosen.columns:
        if set(columns) <= set(table.columns):
            return columns
    wanted = " or ".join(", ".join(columns) for columns in chosen.columns)
    lacking = ", ".join(name for name in chosen.columns[-1] if name not in table.columns)
    hint = renaming_hint(table, chosen.columns)
    raise UsageError(f"{chosen.key} needs the columns {wanted}; the table has no {lacking}{hint}")
