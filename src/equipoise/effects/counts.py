"""Counts of people: what makes one impossible, how a table of them is read, and zero cells."""

import math
import re
from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equipoise.effects.interval import Floats
from equipoise.errors import UsageError

AddTo: TypeAlias = Literal["only0", "all", "if0all", "none"]

_WRITTEN = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*")


def check_count(events: float, n: float, *, whole: bool = False, of: str = "") -> None:
    """Refuse `events` of `n` people where that cannot be, or where there is nobody.

    Parameters
    ----------
    events, n
        People with the event, and people in all.
    whole
        Whether fractions are refused, for methods that count.
    of
        The group, named in the message; empty where there is only one.

    Raises
    ------
    UsageError
        If a number is missing, infinite, negative or (with `whole`) a fraction, if events > n or
        if n is 0.
    """
    suffix = f"_{of}" if of else ""
    fault = _fault(f"events{suffix}", events, f"n{suffix}", n)
    if math.isnan(events) or math.isnan(n):
        fault = f"events{suffix} and n{suffix} must both be given"
    if not fault and n == 0:
        fault = f"n{suffix} is 0, so there is no proportion"
    if not fault and whole and not (float(events).is_integer() and float(n).is_integer()):
        fault = f"counts must be whole numbers, got {events:g} of {n:g}"
    if fault:
        raise UsageError(fault)


def read_counts(
    table: pd.DataFrame, pairs: Sequence[tuple[str, str]], *, within: bool = True
) -> tuple[Floats, Floats]:
    """Read pairs of columns (events, people) from a table, refusing what cannot be.

    Fractions pass, since imputed and cluster-adjusted counts are fractions.

    Parameters
    ----------
    table
        One study a row.
    pairs
        Names of the columns, one pair a group.
    within
        Whether there are at most as many events as people; not so for events in a time at risk.

    Returns
    -------
    tuple of ndarray
        Events and people (or time), each of shape (groups, rows); NaN where a cell is empty.

    Raises
    ------
    UsageError
        One error that names every impossible row by position (the first is row 1) and label.
    """
    problems: list[tuple[int, str]] = []
    events, n = [], []
    for events_name, n_name in pairs:
        x, x_problems = read_numbers(table, events_name)
        size, size_problems = read_numbers(table, n_name)
        problems += x_problems + size_problems
        impossible = np.isinf(x) | np.isinf(size) | (x < 0) | (size < 0)
        if within:
            impossible |= x > size
        for row in np.flatnonzero(impossible):
            row_x, row_n = float(x[row]), float(size[row])
            problems.append((int(row), _fault(events_name, row_x, n_name, row_n)))
        events.append(x)
        n.append(size)
    refuse_rows(table, problems)
    return np.array(events), np.array(n)


def read_numbers(table: pd.DataFrame, name: str) -> tuple[Floats, list[tuple[int, str]]]:
    """Read one column, collecting the cells that hold no number.

    Parameters
    ----------
    table
        One study a row.
    name
        The column.

    Returns
    -------
    tuple of ndarray and list
        The numbers, NaN where a cell is empty; and for each bad cell its row and what is wrong.

    Raises
    ------
    UsageError
        If several columns have the name.
    """
    column = table[name]
    if hasattr(column, "columns"):
        raise UsageError(f"the table has several columns {name!r}; keep one")
    kinds = pd.api.types
    if kinds.is_numeric_dtype(column) and not (
        kinds.is_bool_dtype(column) or kinds.is_complex_dtype(column)
    ):
        return column.to_numpy(dtype=np.float64, na_value=np.nan), []
    values = np.full(len(column), np.nan)
    problems = []
    for row, cell in enumerate(column):
        try:
            values[row] = cell_number(cell, name)
        except UsageError as error:
            problems.append((row, str(error)))
    return values, problems


def refuse_rows(table: pd.DataFrame, problems: Sequence[tuple[int, str]]) -> None:
    """Refuse a table with one error that names every row at fault; do nothing if there is none.

    Parameters
    ----------
    table
        One study a row.
    problems
        For each fault the row, counted from 0, and what is wrong.

    Raises
    ------
    UsageError
        If there are problems.
    """
    if problems:
        lines = [f"{row_name(table, row)}: {fault}" for row, fault in sorted(problems)]
        raise UsageError("\n".join(["these rows cannot be used:", *lines]))


def cell_number(cell: object, name: str) -> float:
    """Return a cell as a number; NaN for the ways in which tables write "nothing here".

    Parameters
    ----------
    cell
        A number, or one in digits; None, pandas' NA or an empty text. One cell that holds no number
        makes pandas read its whole column as text, which is no fault of the others.
    name
        The column, named in the message.

    Returns
    -------
    float
        The number.

    Raises
    ------
    UsageError
        If the cell holds anything else, such as a decimal comma or a word.
    """
    if cell is None or cell is pd.NA or cell == "":
        return math.nan
    if isinstance(cell, int | float | np.integer | np.floating) and not isinstance(cell, bool):
        try:
            return float(cell)
        except OverflowError:
            raise UsageError(f"{name} is larger than any number a computer holds") from None
    if isinstance(cell, str) and is_written_number(cell):
        return float(cell)
    raise UsageError(f"{name} {cell!r} is not a number")


def is_written_number(text: str) -> bool:
    """Return whether a text is a number in digits, with a decimal point if any."""
    return _WRITTEN.fullmatch(text) is not None


def row_name(table: pd.DataFrame, row: int) -> str:
    """Return how a message names a row: its position, counted from 1, and its label if any."""
    for name in ("label", "study", "study_id"):
        if list(table.columns).count(name) == 1:
            return f"row {row + 1} ({table[name].iloc[row]})"
    return f"row {row + 1}"


def add_to_cells(
    events: Floats, n: Floats, *, add: float, to: AddTo
) -> tuple[Floats, Floats, Floats]:
    """Add a constant to the cells (events, and people without) of each study that needs it.

    Parameters
    ----------
    events, n
        Counts of shape (groups, rows).
    add, to
        As in `constant_to_add`, where a cell of a study may be the people without the event.

    Returns
    -------
    tuple of ndarray
        Events and people after adding, and what was added to each study (shape: rows).

    Raises
    ------
    UsageError
        If `add` is negative or not finite, or if `to` is unknown.
    """
    added = constant_to_add(((events == 0) | (events == n)).any(axis=0), add=add, to=to)
    return events + added, n + 2 * added, added


def constant_to_add(has_zero: NDArray[np.bool_], *, add: float, to: AddTo) -> Floats:
    """Return what is added to each cell of each study.

    Parameters
    ----------
    has_zero
        Whether a study has a zero cell.
    add
        What to add to every cell.
    to
        "only0": to the studies with a zero cell. "all": to every study. "if0all": to every study
        as soon as one has a zero cell. "none": to none.

    Returns
    -------
    ndarray
        `add` or 0, one a study.

    Raises
    ------
    UsageError
        If `add` is negative or not finite, or if `to` is unknown.

    References
    ----------
    The arguments `add` and `to` of escalc in metafor: Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    number = isinstance(add, int | float | np.number) and not isinstance(add, bool)
    if not (number and math.isfinite(add) and add >= 0):
        raise UsageError(f"add must be 0 or a positive number, got {add}")
    if to not in get_args(AddTo):
        raise UsageError(f"unknown to={to!r}; choose one of: {', '.join(get_args(AddTo))}")
    chosen = {
        "only0": has_zero,
        "all": np.ones_like(has_zero),
        "if0all": np.full_like(has_zero, has_zero.any()),
        "none": np.zeros_like(has_zero),
    }[to]
    return np.where(chosen, add, 0.0)


def same_in_all_groups(events: Floats, n: Floats) -> NDArray[np.bool_]:
    """Return which studies saw the event in nobody at all, or in everybody, whatever the group.

    Parameters
    ----------
    events, n
        Counts of shape (groups, rows).

    Returns
    -------
    ndarray of bool
        One a study.
    """
    return np.asarray((events == 0).all(axis=0) | (events == n).all(axis=0))


def _fault(events_name: str, events: float, n_name: str, n: float) -> str:
    for name, value in ((events_name, events), (n_name, n)):
        if math.isinf(value):
            return f"{name} is infinite"
        if value < 0:
            return f"{name} {value:g} is negative"
    if events > n:
        return f"{events_name} {events:g} is greater than {n_name} {n:g}"
    return ""
