"""How the rows of a table become the arrays of a kernel, one way for each kind of data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equipoise.effects.continuous import mean_fault
from equipoise.effects.correlation import correlation_fault
from equipoise.effects.counts import (
    AddTo,
    add_to_cells,
    constant_to_add,
    read_counts,
    read_numbers,
    refuse_rows,
    same_in_all_groups,
)
from equipoise.effects.interval import Floats, normal_quantile
from equipoise.effects.measure_type import Columns, Family, Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What `effect_sizes` was asked for; see there."""

    add: float | None
    to: AddTo
    drop00: bool
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyData:
    """What a kernel is given.

    Attributes
    ----------
    arrays
        One a column, in the order of the kernel.
    reason
        Why a row cannot have a number; empty where it may.
    added
        The constant added to each cell; NaN where there are no cells.
    """

    arrays: Sequence[Floats]
    reason: NDArray[np.object_]
    added: Floats


def read_study_data(
    table: pd.DataFrame, chosen: Measure, columns: Columns, options: Options
) -> StudyData:
    """Read what a measure is computed from, refusing what cannot be.

    Parameters
    ----------
    table
        One study a row.
    chosen
        The measure.
    columns
        Those of its sets of columns that the table has.
    options
        What to do about zero cells, and the level of reported intervals.

    Returns
    -------
    StudyData
        Arrays of as many values as the table has rows.

    Raises
    ------
    UsageError
        If rows hold what cannot be (the message names every such row), or an option is out of
        range.
    """
    return _READERS[chosen.family](table, chosen, columns, options)


def _read_people(
    table: pd.DataFrame, chosen: Measure, columns: Columns, options: Options
) -> StudyData:
    events, n = read_counts(table, _pairs(columns))
    reason = _not_given(columns, _in_order(events, n))
    empty = (n == 0).any(axis=0)
    reason[empty & (reason == "")] = "a group of 0 people"
    if options.drop00 and len(events) > 1:
        dropped = same_in_all_groups(events, n)
        reason[dropped & (reason == "")] = "the event happened to nobody, or to everybody"
        events[:, dropped] = np.nan  # before zero cells are looked for, as in escalc
    amount = chosen.default_add if options.add is None else options.add
    events, n, added = add_to_cells(events, n, add=amount or 0.0, to=options.to)
    events[:, empty] = np.nan  # what was added to nobody enters no average
    return StudyData(arrays=_in_order(events, n), reason=reason, added=added)


def _read_rates(
    table: pd.DataFrame, chosen: Measure, columns: Columns, options: Options
) -> StudyData:
    events, time = read_counts(table, _pairs(columns), within=False)
    reason = _not_given(columns, _in_order(events, time))
    reason[(time == 0).any(axis=0) & (reason == "")] = "a group with no time at risk"
    if options.drop00 and len(events) > 1:
        dropped = (events == 0).all(axis=0)
        reason[dropped & (reason == "")] = "the event happened in no group"
        events[:, dropped] = np.nan
    amount = chosen.default_add if options.add is None else options.add
    added = constant_to_add((events == 0).any(axis=0), add=amount or 0.0, to=options.to)
    return StudyData(arrays=_in_order(events + added, time), reason=reason, added=added)


def _read_measurements(
    table: pd.DataFrame, _chosen: Measure, columns: Columns, _options: Options
) -> StudyData:
    problems: list[tuple[int, str]] = []
    arrays = []
    for name in columns:
        values, unreadable = read_numbers(table, name)
        problems += unreadable
        fault_of = correlation_fault if name == "r" else mean_fault
        suspect = np.abs(values) > 1 if name == "r" else (values <= 0) | np.isinf(values)
        if name.startswith("mean"):
            suspect = np.isinf(values)
        for row in np.flatnonzero(suspect):  # few rows can be at fault
            if fault := fault_of(name, float(values[row])):
                problems.append((int(row), fault))
        arrays.append(values)
    refuse_rows(table, problems)
    return _without_cells(columns, arrays)


def _read_effects(
    table: pd.DataFrame, chosen: Measure, columns: Columns, options: Options
) -> StudyData:
    """Read reported effects: on the analysis scale with variance or standard error, else natural.

    What stands beside an interval is what a reader sees, so both are brought to the analysis
    scale, on which the interval is taken to be symmetric.
    """
    problems: list[tuple[int, str]] = []
    given = {}
    for name in columns:
        given[name], unreadable = read_numbers(table, name)
        problems += unreadable
        impossible = np.isinf(given[name])
        if name in ("variance", "se"):
            impossible |= given[name] < 0
        words = "is infinite or negative" if name in ("variance", "se") else "is infinite"
        problems += [
            (int(row), f"{name} {given[name][row]:g} {words}") for row in np.flatnonzero(impossible)
        ]
    reported = _not_given(columns, list(given.values()))
    effect = given["effect"]
    if "variance" in given:
        variance = given["variance"]
    elif "se" in given:
        variance = given["se"] ** 2
    else:
        problems += _interval_faults(chosen, given)
        low, high = (chosen.analysis(given[name]) for name in ("ci_low", "ci_high"))
        effect = chosen.analysis(effect)
        variance = ((high - low) / (2 * normal_quantile(options.level))) ** 2
    refuse_rows(table, problems)
    return StudyData(arrays=(effect, variance), reason=reported, added=np.full(len(table), np.nan))


def _interval_faults(chosen: Measure, given: Mapping[str, Floats]) -> list[tuple[int, str]]:
    effect, low, high = (given[name] for name in ("effect", "ci_low", "ci_high"))
    outside = (effect < low) | (effect > high) | (low > high)
    faults = [
        (int(row), f"effect {effect[row]:g} is not within {low[row]:g} to {high[row]:g}")
        for row in np.flatnonzero(outside)
    ]
    if chosen.scale == "log":
        faults += [
            (int(row), f"ci_low {low[row]:g} must be above 0: give the ratio, not its logarithm")
            for row in np.flatnonzero(low <= 0)
        ]
    return faults


_READERS: Mapping[Family, Callable[[pd.DataFrame, Measure, Columns, Options], StudyData]] = (
    MappingProxyType(
        {
            "binary": _read_people,
            "proportion": _read_people,
            "incidence": _read_rates,
            "one_rate": _read_rates,
            "continuous": _read_measurements,
            "one_mean": _read_measurements,
            "correlation": _read_measurements,
            "paired": _read_measurements,
            "generic": _read_effects,
            "time_to_event": _read_effects,
        }
    )
)


def _without_cells(columns: Columns, arrays: Sequence[Floats]) -> StudyData:
    return StudyData(
        arrays=arrays,
        reason=_not_given(columns, arrays),
        added=np.full(len(arrays[0]), np.nan),
    )


def _pairs(columns: Columns) -> list[tuple[str, str]]:
    return list(zip(columns[::2], columns[1::2], strict=True))


def _in_order(events: Floats, size: Floats) -> list[Floats]:
    """Return events and people, or time, of each group in the order of the columns."""
    return [values for pair in zip(events, size, strict=True) for values in pair]


def _not_given(columns: Columns, arrays: Sequence[Floats]) -> NDArray[np.object_]:
    """Return which cells of each row are empty, in words."""
    reason = np.full(len(arrays[0]), "", dtype=object)
    for name, values in zip(columns, arrays, strict=True):
        empty = np.isnan(values)
        reason[empty] = [f"{before}, {name}" if before else name for before in reason[empty]]
    incomplete = reason != ""
    reason[incomplete] = ["not given: " + names for names in reason[incomplete]]
    return reason
