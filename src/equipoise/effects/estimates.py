"""A comparison table in, the same table out with the numbers a reader is shown."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equipoise.effects.counts import refuse_rows
from equipoise.effects.interval import check_level
from equipoise.effects.measures import Measure
from equipoise.effects.measures import measure as measure_of
from equipoise.effects.row_estimates import FROM_ARMS, RowDifference, RowEstimate, row_estimate
from equipoise.errors import UsageError

_REPORTED_COLUMNS = ("comparator", "reported_measure", "effect", "ci_low", "ci_high", "ci_level")
_ARM_COLUMNS = tuple(
    f"{name}_{group}"
    for group in ("treatment", "control")
    for name in ("events", "n", "percent", "decimals", "relation")
)
_CHANGE_COLUMNS = ("mean_before", "mean_after", "mean_change", "minimum_change", "maximum_change")


def estimates(table: pd.DataFrame, measure: str, *, level: float = 0.95) -> pd.DataFrame:
    """Return a comparison table with each row's estimate, its interval, and what both rest on.

    Two groups (RR, OR, RD): counts in both give a confidence interval (log Wald for ratios, with ½
    added to the cells of a study with a zero cell, as metafor does; Newcombe's for RD). Else an
    effect reported with its interval is used as printed. Else percentages give the range that their
    rounding allows. A row where nobody was compared becomes a proportion ("PR") of the treatment
    group: Wilson's interval from counts, the rounding range from a percentage.

    MD: the difference of two reported means, with the Wald interval if both standard deviations
    and numbers of people are reported; else a difference reported with its interval; else the bare
    difference of the means. MC is the mean change, described without an interval unless one is
    reported; other measures are used as reported.

    Parameters
    ----------
    table
        One comparison a row, with the columns that `Evidence.comparison` gives.
    measure
        Key of a measure.
    level
        Confidence level of computed intervals; reported ones keep theirs.

    Returns
    -------
    DataFrame
        The table, rows in order, with columns added or replaced: `measure` (of the row),
        `estimate`, `low`, `high` (natural scale: a proportion is 0.74), `interval` ("confidence",
        "rounding", "reported", "none"), `basis` ("counts", "percentages", "reported", "means",
        "not reported"), `reason` (why a number or interval is missing, or what was done to it),
        `risk_difference`, `rd_low`, `rd_high` and `p_value_fisher`.

    Raises
    ------
    UsageError
        If the measure is unknown, the level is not between 0 and 1, a column is missing, or rows
        hold what cannot be; the message names every such row.

    References
    ----------
    See the methods: `effect_sizes`, `mean_difference`, `newcombe`, `wilson`, `fisher_exact`,
    `rounding_range`.
    """
    chosen = measure_of(measure)
    check_level(level)
    _check_columns(table, chosen)
    rows: list[RowEstimate] = []
    differences: list[RowDifference] = []
    problems: list[tuple[int, str]] = []
    for position, record in enumerate(table.to_dict("records")):
        try:
            estimate, difference = row_estimate(record, chosen, level)
        except UsageError as error:
            problems.append((position, str(error)))
        else:
            rows.append(estimate)
            differences.append(difference)
    refuse_rows(table, problems)
    return table.assign(**_as_columns(rows, RowEstimate), **_as_columns(differences, RowDifference))


def _check_columns(table: pd.DataFrame, chosen: Measure) -> None:
    by_family = {
        "binary": _ARM_COLUMNS,
        "proportion": _ARM_COLUMNS,
        "continuous": tuple(name for columns in chosen.columns for name in columns),
        "paired": _CHANGE_COLUMNS,
    }
    of_arms = by_family[chosen.family] if chosen.key in FROM_ARMS else ()
    wanted = (*_REPORTED_COLUMNS, *of_arms)
    lacking = ", ".join(name for name in wanted if name not in table.columns)
    if lacking:
        raise UsageError(f"{chosen.key} estimates need columns the table does not have: {lacking}")


def _as_columns(
    rows: Sequence[RowEstimate | RowDifference], kind: type[RowEstimate | RowDifference]
) -> dict[str, NDArray[np.float64] | NDArray[np.object_]]:
    return {
        field.name: np.array(
            [getattr(row, field.name) for row in rows],
            dtype=np.float64 if field.type is float else object,
        )
        for field in fields(kind)
    }
