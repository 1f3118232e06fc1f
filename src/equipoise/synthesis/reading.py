"""Columns of numbers, read and checked: what `pool` and `pool_many` have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isnan, nan
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from equipoise.effects.aliases import renaming_hint
from equipoise.effects.counts import is_written_number
from equipoise.effects.interval import Floats
from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

# Beyond these, fourth powers of weights leave the range of a number; no study is near them.
LARGEST_EFFECT = 1e30
LARGEST_WEIGHT = 1e60
RANGES = {"variance": (1e-60, 1e60), "se": (1e-30, 1e30)}

_READY = (("effect", "variance"), ("effect", "se"))
_SHOWN = 10
_FEW = 100


def read_column(name: str, values: object, head: str = "these rows cannot be pooled:") -> Floats:
    """Return a column as numbers, NaN for what is empty.

    Parameters
    ----------
    name
        What the column holds, for messages.
    values
        A sequence, an array or a Series; a number may be written in digits.
    head
        How a refusal begins.

    Returns
    -------
    ndarray
        One number a row.

    Raises
    ------
    UsageError
        If the values have not one dimension, or cells are no numbers: each is named.
    """
    array = _array(values)
    if array.ndim != 1:
        raise UsageError(f"{name}: give one number a study, not {array.ndim} dimensions")
    if array.dtype.kind in "fiu":
        return np.ascontiguousarray(array, dtype=np.float64)
    numbers, wrong = [], []
    for row, cell in enumerate(cast("Iterable[object]", array), start=1):
        if isinstance(cell, int | float | np.integer | np.floating) and not isinstance(cell, bool):
            try:
                numbers.append(float(cell))
            except OverflowError:
                wrong.append(f"row {row}: {name} is larger than any number a computer holds")
        elif is_missing(cell):
            numbers.append(nan)
        elif isinstance(cell, str) and is_written_number(cell):
            numbers.append(float(cell))
        else:
            wrong.append(f"row {row}: {name} {str(cell)!r} is not a number")
    refuse(head, wrong)
    return np.array(numbers, dtype=np.float64)


def is_missing(cell: object) -> bool:
    """Return whether a cell holds nothing: None, NaN, pandas' NA, or an empty text."""
    if isinstance(cell, float):
        return isnan(cell)
    return cell is None or type(cell).__name__ in ("NAType", "NaTType") or cell in ("",)


def _array(values: object) -> NDArray[np.generic]:
    if isinstance(values, list | tuple):
        if any(isinstance(cell, bool) for cell in values):
            return np.array(values, dtype=object)
        return np.asarray(values)
    if hasattr(values, "columns"):
        return np.empty((0, 0))  # a name that several columns bear
    dtype = getattr(values, "dtype", np.dtype(object))
    if not isinstance(dtype, np.dtype) and getattr(dtype, "kind", "O") in "fiu":
        return cast("pd.Series", values).to_numpy(dtype=np.float64, na_value=nan)
    return np.asarray(values)


def column_of(table: pd.DataFrame, name: str) -> pd.Series:
    """Return the column of this name.

    Raises
    ------
    UsageError
        If several columns have it.
    """
    column = table[name]
    if column.ndim > 1:
        raise UsageError(f"the table has several columns {name!r}; keep one")
    return column


def read_table(table: pd.DataFrame) -> tuple[Floats, Floats, str]:
    """Return the effects of a table, its variances or standard errors, and which of the two.

    Parameters
    ----------
    table
        With the columns `effect` and `variance` or `se`; variances are preferred.

    Returns
    -------
    tuple
        Two arrays and "variance" or "se".

    Raises
    ------
    UsageError
        If columns are missing, hold what is no number, or disagree with each other.
    """
    if "effect" not in table.columns or not {"variance", "se"} & set(table.columns):
        raise UsageError(
            "the table needs the columns effect and variance (or se): make them with "
            f'effect_sizes(table, "RR"), or rename yours{renaming_hint(table, _READY)}'
        )
    effects = read_column("effect", column_of(table, "effect"))
    if "variance" not in table.columns:
        return effects, read_column("se", column_of(table, "se")), "se"
    variance = read_column("variance", column_of(table, "variance"))
    if "se" in table.columns:
        se = read_column("se", column_of(table, "se"))
        apart = np.abs(variance - se * se) > 1e-6 * np.abs(variance)
        wrong = [
            f"row {row + 1}: variance {variance[row]:g} is not the square of se {se[row]:g}"
            for row in np.flatnonzero(apart)
        ]
        refuse("variance and se disagree; drop the wrong column:", wrong)
    return effects, variance, "variance"


def check_rows(
    effects: Floats,
    spread: Floats,
    weights: Floats | None,
    column: str,
    name: Callable[[int], str],
) -> None:
    """Refuse what cannot be pooled; NaN, and infinite variances, are left out later.

    Parameters
    ----------
    effects, spread, weights
        One a row; `spread` holds variances or standard errors.
    column
        Which of the two: "variance" or "se".
    name
        What to call the row with this position.

    Raises
    ------
    UsageError
        Naming the rows at fault.
    """
    least, most = RANGES[column]
    if weights is None and _in_range(effects, spread, least, most):
        return
    used = ~np.isnan(effects) & ~np.isnan(spread) & (spread != np.inf)
    too_large = np.abs(effects) > LARGEST_EFFECT
    suspect = too_large | (spread < least) | ((spread > most) & used)
    if weights is not None:
        suspect |= used & ~((weights >= 0) & (weights <= LARGEST_WEIGHT))
    wrong = []
    for row in np.flatnonzero(suspect).tolist():
        here = f"{name(row)}: "
        if too_large[row]:
            wrong.append(here + _effect_fault(float(effects[row])))
        if spread[row] < least or spread[row] > most:
            wrong.append(here + _spread_fault(column, float(spread[row])))
        if weights is not None and used[row] and not 0 <= weights[row] <= LARGEST_WEIGHT:
            wrong.append(f"{here}weight {weights[row]:g} is not 0 or a positive number in range")
    refuse("these rows cannot be pooled:", wrong)


def check_weights(weights: Floats | None, edges: NDArray[np.intp], estimator: str) -> None:
    """Refuse analyses whose weights make no mean, or (GENQ) tell nothing of differences.

    Parameters
    ----------
    weights
        Of the rows that are pooled, analysis after analysis; None if there are none.
    edges
        Where each analysis begins, and where the last one ends.
    estimator
        Of tau2.

    Raises
    ------
    UsageError
        Naming the analyses by number, if there are several.
    """
    if weights is None:
        if estimator == "GENQ":
            raise UsageError(
                "the estimator GENQ needs weights, one a study: give weights=, or --weights on the "
                "command line"
            )
        return
    positive = np.diff(np.concatenate([[0], np.cumsum(weights > 0)])[edges])
    k = np.diff(edges)
    several = len(k) > 1
    for fault, wrong in (
        ("the weights are all 0; give at least one study a weight", (k > 0) & (positive == 0)),
        ("GENQ needs two studies or more with a weight", (k > 1) & (positive == 1)),
    ):
        if wrong.any() and (estimator == "GENQ" or positive[wrong].max() == 0):
            where = f" (analysis {np.flatnonzero(wrong)[0] + 1})" if several else ""
            raise UsageError(fault + where)


def _in_range(effects: Floats, spread: Floats, least: float, most: float) -> bool:
    """Return True where plainly nothing is wrong; for a few rows lists are faster than arrays."""
    if not 0 < len(effects) <= _FEW:
        return bool(
            len(effects) > 0
            and -LARGEST_EFFECT <= effects.min() <= effects.max() <= LARGEST_EFFECT
            and least <= spread.min() <= spread.max() <= most
        )
    y: list[float] = effects.tolist()
    v: list[float] = spread.tolist()
    return max(map(abs, y)) <= LARGEST_EFFECT and least <= min(v) and max(v) <= most


def refuse(head: str, wrong: Sequence[str]) -> None:
    """Refuse with one error that lists the first faults and counts the rest; or do nothing.

    Raises
    ------
    UsageError
        If there is a fault.
    """
    if wrong:
        more = [f"and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []
        raise UsageError("\n".join([head, *wrong[:_SHOWN], *more]))


def _effect_fault(effect: float) -> str:
    if np.isinf(effect):
        return (
            "the effect is infinite; correct zero cells (add and to of effect_sizes), or leave the "
            "row out"
        )
    return f"effect {effect:g} is too large to compute with; change its unit"


def _spread_fault(column: str, value: float) -> str:
    if value > RANGES[column][1]:
        return f"{column} {value:g} is too large to compute with; change the unit"
    if value > 0:
        return f"{column} {value:g} is too small to compute with; change the unit"
    if value < 0:
        return f"{column} {value:g} is not above 0: correct it, or leave the row out"
    return (
        f"{column} 0 is not above 0: such a study would outweigh all others; correct zero cells "
        "(add and to of effect_sizes), or leave the row out"
    )
