"""A table of studies in, a table with their effects out: on the analysis scale, ready to pool."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equipoise.effects.continuous import read_means
from equipoise.effects.counts import AddTo, add_to_cells, read_counts, same_in_all_groups
from equipoise.effects.interval import Floats, check_level, normal_quantile
from equipoise.effects.measures import Columns, Measure
from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError


def effect_sizes(
    table: pd.DataFrame,
    measure: str,
    *,
    add: float | None = None,
    to: AddTo = "only0",
    drop00: bool = False,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the table with each study's effect, variance and interval on the analysis scale.

    Rows keep their order and number. A row without a usable number stays, with NaN and a reason.
    The arguments mean what they mean in metafor's `escalc`, and the numbers agree with it, except
    that a group of nobody gives no number instead of one made of the added constant alone.
    Without an added constant the variance of a difference or proportion may be 0, and so may that
    of a mean difference if both standard deviations are.

    Parameters
    ----------
    table
        One study a row. Counts in `events_treatment, n_treatment, events_control, n_control`; a
        proportion in `events, n`, or else of the treatment group; means in `mean_treatment,
        sd_treatment, n_treatment, mean_control, sd_control, n_control`.
    measure
        Key of a measure: "RR", "OR", "RD", "PR" or "MD".
    add
        What is added to each cell of the studies that `to` selects; the measure's own default
        (½) if None. Like `to` and `drop00` it means nothing for means.
    to
        "only0": studies with a zero cell; "all": every study; "if0all": every study if any has a
        zero cell; "none": no study.
    drop00
        Whether studies with no events in either group, or with events in everybody, are left
        without a number. Means nothing for one group.
    level
        Confidence level of `low` and `high`.

    Returns
    -------
    DataFrame
        The table, with columns added or replaced: `measure`, `effect`, `variance`, `se`, `low`,
        `high` (Wald limits, effect ± z·se), `added` (the constant added to each cell;
        NaN where there are no cells) and `reason` (why there is no number; empty if there is one).

    Raises
    ------
    UsageError
        If the measure is unknown or not computed, if an argument is out of range, if a column is
        missing, or if rows hold what cannot be; the message names every such row.

    References
    ----------
    Viechtbauer 2010, J Stat Softw 36(3):1-48, doi:10.18637/jss.v036.i03.
    """
    chosen = measure_of(measure)
    kernel = chosen.kernel()
    columns = _columns(table, chosen)
    check_level(level)
    if chosen.family == "continuous":
        groups = list(read_means(table, columns))
        reason = _not_given(columns, groups)
        added, undefined = np.full(len(table), np.nan), "the numbers are too large to compute with"
    else:
        events, n = read_counts(table, list(zip(columns[::2], columns[1::2], strict=True)))
        reason = _not_given(columns, _in_order(events, n))
        reason[(n == 0).any(axis=0) & (reason == "")] = "a group of 0 people"
        if drop00 and len(events) > 1:
            dropped = same_in_all_groups(events, n)
            reason[dropped & (reason == "")] = "the event happened to nobody, or to everybody"
            events[:, dropped] = np.nan  # before zero cells are looked for, as in escalc
        amount = chosen.default_add if add is None else add
        events, n, added = add_to_cells(events, n, add=amount or 0.0, to=to)
        groups = _in_order(events, n)
        undefined = "a cell is 0, and nothing was added to it"
    effect, variance = kernel(*groups)
    reason[~(np.isfinite(effect) & np.isfinite(variance)) & (reason == "")] = undefined
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
        added=np.where(without, np.nan, added),
        reason=reason,
    )


def _columns(table: pd.DataFrame, chosen: Measure) -> Columns:
    for columns in chosen.columns:
        if set(columns) <= set(table.columns):
            return columns
    wanted = " or ".join(", ".join(columns) for columns in chosen.columns)
    lacking = ", ".join(name for name in chosen.columns[-1] if name not in table.columns)
    raise UsageError(f"{chosen.key} needs the columns {wanted}; the table has no {lacking}")


def _in_order(events: Floats, n: Floats) -> list[Floats]:
    """Return events and people of each group in the order of the columns."""
    return [values for pair in zip(events, n, strict=True) for values in pair]


def _not_given(columns: Columns, groups: Sequence[Floats]) -> NDArray[np.object_]:
    """Return which cells of each row are empty, in words."""
    reason = np.full(len(groups[0]), "", dtype=object)
    for name, values in zip(columns, groups, strict=True):
        empty = np.isnan(values)
        reason[empty] = [f"{before}, {name}" if before else name for before in reason[empty]]
    incomplete = reason != ""
    reason[incomplete] = ["not given: " + names for names in reason[incomplete]]
    return reason
