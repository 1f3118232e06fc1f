"""Two groups and a measurement: the mean difference, and how a table of means is read."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from equipoise.effects.counts import read_numbers, refuse_rows
from equipoise.effects.interval import Floats


def mean_difference(
    mean_treatment: ArrayLike,
    sd_treatment: ArrayLike,
    n_treatment: ArrayLike,
    mean_control: ArrayLike,
    sd_control: ArrayLike,
    n_control: ArrayLike,
) -> tuple[Floats, Floats]:
    """Return m₁ - m₂ and its variance s₁²/n₁ + s₂²/n₂, without assuming equal spread.

    Parameters
    ----------
    mean_treatment, sd_treatment, n_treatment, mean_control, sd_control, n_control
        Means and standard deviations in one unit, and people, of shapes that broadcast against
        each other; not checked here.

    Returns
    -------
    tuple of ndarray
        Effect in the unit of the measurement, and variance in its square; the variance is 0 where
        both standard deviations are 0.

    References
    ----------
    Measure "MD" of escalc in metafor (vtype "LS"): Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    values = (mean_treatment, sd_treatment, n_treatment, mean_control, sd_control, n_control)
    m1, s1, n1, m2, s2, n2 = (np.asarray(value, dtype=np.float64) for value in values)
    # what is not finite is given a reason by the caller
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return m1 - m2, s1**2 / n1 + s2**2 / n2


def mean_fault(name: str, value: float) -> str:
    """Return why a mean, a standard deviation or a number of people cannot be; empty if it can.

    Parameters
    ----------
    name
        The column; its beginning ("mean_", "sd_" or "n_") says what it holds.
    value
        The number; NaN where it is not reported.

    Returns
    -------
    str
        One clause for a message.
    """
    if math.isinf(value):
        return f"{name} is infinite"
    if name.startswith("sd_") and value < 0:
        return f"{name} {value:g} is negative"
    if name.startswith("n_") and value <= 0:
        return f"{name} must be above 0, got {value:g}"
    return ""


def read_means(table: pd.DataFrame, columns: Sequence[str]) -> Floats:
    """Read means, standard deviations and people from a table, refusing what cannot be.

    Parameters
    ----------
    table
        One study a row.
    columns
        Names of the columns.

    Returns
    -------
    ndarray
        Shape (columns, rows); NaN where a cell is empty.

    Raises
    ------
    UsageError
        One error that names every impossible row by position (the first is row 1) and label.
    """
    problems: list[tuple[int, str]] = []
    read = []
    for name in columns:
        values, unreadable = read_numbers(table, name)
        problems += unreadable
        for row in np.flatnonzero((values <= 0) | np.isinf(values)):  # few rows can be at fault
            if fault := mean_fault(name, float(values[row])):
                problems.append((int(row), fault))
        read.append(values)
    refuse_rows(table, problems)
    return np.array(read)
