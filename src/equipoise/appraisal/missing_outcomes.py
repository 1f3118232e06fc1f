"""The people who were lost, put back in: the extremes, and where the conclusion tips."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd

from equipoise.effects.binary import TWO_GROUPS
from equipoise.effects.counts import read_counts, refuse_rows
from equipoise.effects.estimates import estimates
from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError

_ARMS = ("treatment", "control")
_COUNTS = [*TWO_GROUPS, *(f"n_allocated_{arm}" for arm in _ARMS)]
_WHO = ("study_id", "study", "label", "treatment", "comparator", "timepoint")
_MEASURES = ("RR", "OR", "RD")

SCENARIOS = {
    "as analysed": (math.nan, math.nan),
    "none of the missing had the outcome": (0.0, 0.0),
    "all of the missing had the outcome": (1.0, 1.0),
    "all of the missing of the treatment group, none of the other": (1.0, 0.0),
    "all of the missing of the comparison group, none of the other": (0.0, 1.0),
}
"""Share of the missing who had the outcome, in the treatment and in the comparison group."""

MOST_STEPS = 50
"""Steps in which the lost of one group are counted off, at most."""


def best_worst_case(table: pd.DataFrame, measure: str = "RR") -> pd.DataFrame:
    """Put the people who were lost back in: as if none, or all, of them had the outcome.

    Where both arms lost people, the two ways of dividing them are added, which bound the result.

    Parameters
    ----------
    table
        A comparison table (`Evidence.comparison`). Rows without counts in both arms, or without
        the number of people each arm began with, are left out: nothing is known to put back.
    measure
        RR, OR or RD.

    Returns
    -------
    DataFrame
        Three rows a comparison, five where both arms lost people: the `scenario`, the counts, and
        the columns of `estimates`.

    Raises
    ------
    UsageError
        If the measure is another, a column is missing, or more people were analysed than began.
    """
    known = _known(table, measure)
    parts = []
    lost = {arm: known[f"n_allocated_{arm}"] - known[f"n_{arm}"] for arm in _ARMS}
    for scenario, shares in SCENARIOS.items():
        part = known.assign(scenario=scenario)
        if shares[0] + shares[1] == 1:
            part = part[(lost["treatment"] > 0) & (lost["control"] > 0)]
        if scenario != "as analysed":
            for (arm, missing), share in zip(lost.items(), shares, strict=True):
                part[f"events_{arm}"] += share * missing
                part[f"n_{arm}"] = part[f"n_allocated_{arm}"]
                part[f"percent_{arm}"] = math.nan  # that of the source, which this no longer is
        parts.append(part)
    stacked = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return estimates(stacked, measure)


def tipping_points(
    table: pd.DataFrame, measure: str = "RR", *, level: float = 0.95
) -> pd.DataFrame:
    """Count off how many of the lost may have had the outcome, and see where the conclusion tips.

    Each comparison is computed anew for every number of the lost of its treatment group and of its
    control group who may have had the outcome. The conclusion is on which side of no difference
    the interval lies, or that it includes it; a combination tips it if the conclusion is not that
    of the people whose outcome is known. If more than 50 of a group were lost, they are counted off
    in 50 steps as even as whole people allow, so that where it tips is known to within a step.

    Parameters
    ----------
    table
        One comparison a row, with `events_treatment, n_treatment, n_allocated_treatment` and the
        same of the control group: people with the outcome, analysed, and at the start. Rows without
        all six are left out: nothing is known to put back.
    measure
        RR, OR or RD.
    level
        Confidence level of the interval.

    Returns
    -------
    DataFrame
        One row a combination: what names the comparison; `lost_treatment`, `lost_control`;
        `lost_events_treatment`, `lost_events_control`, how many of them had the outcome; the counts
        that follow; `estimate`, `low`, `high`, `p_value_fisher`; `conclusion`, "below", "above" or
        "across" no difference; `tips`; and `departure`, the people whose outcome is not what their
        group's observed risk lets expect, Σ|events of the lost - lost · events/n|. Comparisons keep
        their order; within each the smallest departure is first, so that its first row that tips is
        the smallest change that tips it.

    Raises
    ------
    UsageError
        If the measure is another, a column is missing, the level is not between 0 and 1, counts are
        not whole numbers of people, or more people were analysed than began.

    References
    ----------
    Liublinska & Rubin 2014, Stat Med 33:4170-4185 (tipping points of a yes-or-no outcome).
    """
    known = _known(table, measure, whole=True)
    who = [name for name in _WHO if name in known.columns]
    observed = _conclusions(_estimated(known, measure, level), measure)
    possible = [
        {**row, "observed": conclusion}
        for record, conclusion in zip(known.to_dict("records"), observed, strict=True)
        for row in _combinations({name: record[name] for name in (*who, *_COUNTS)})
    ]
    made = ("departure", "observed")
    lost = [f"{name}_{arm}" for name in ("lost", "lost_events") for arm in _ARMS]
    frame = pd.DataFrame(possible, columns=[*who, *lost, *TWO_GROUPS, *made])
    shown = _estimated(frame, measure, level)
    frame[["estimate", "low", "high", "p_value_fisher"]] = shown
    frame["conclusion"] = _conclusions(shown, measure)
    frame["tips"] = frame["conclusion"] != frame["observed"]
    return frame[[*(name for name in frame if name not in made), "departure"]]


def _combinations(record: dict[str, float]) -> list[dict[str, float]]:
    """Every combination of events among the lost, the smallest departure first."""
    lost = {arm: record[f"n_allocated_{arm}"] - record[f"n_{arm}"] for arm in _ARMS}
    expected = {arm: lost[arm] * record[f"events_{arm}"] / record[f"n_{arm}"] for arm in _ARMS}
    rows = []
    for events in itertools.product(*(_counted_off(lost[arm]) for arm in _ARMS)):
        row = dict(record)
        departure = 0.0
        for arm, count in zip(_ARMS, events, strict=True):
            row[f"lost_{arm}"] = int(lost[arm])
            row[f"lost_events_{arm}"] = count
            row[f"events_{arm}"] = int(record[f"events_{arm}"]) + count
            row[f"n_{arm}"] = int(record[f"n_allocated_{arm}"])
            departure += abs(count - expected[arm])
        rows.append({**row, "departure": departure})
    return sorted(rows, key=lambda row: row["departure"])


def _counted_off(lost: float) -> list[int]:
    steps = np.linspace(0, lost, min(int(lost), MOST_STEPS) + 1)
    return [int(count) for count in np.rint(steps)]


def _estimated(counts: pd.DataFrame, measure: str, level: float) -> pd.DataFrame:
    """Estimate, limits and p of counts alone, whatever else the table may report."""
    bare = counts[[*TWO_GROUPS]].assign(
        comparator="control",
        reported_measure="",
        **dict.fromkeys(("effect", "ci_low", "ci_high", "ci_level"), math.nan),
        **{f"{name}_{arm}": math.nan for name in ("percent", "decimals") for arm in _ARMS},
        **{f"relation_{arm}": "" for arm in _ARMS},
    )
    shown = estimates(bare, measure, level=level)
    return shown[["estimate", "low", "high", "p_value_fisher"]]


def _conclusions(shown: pd.DataFrame, measure: str) -> list[str]:
    null = measure_of(measure).null
    sides = np.select([shown["high"] < null, shown["low"] > null], ["below", "above"], "across")
    return [str(side) for side in sides]


def _known(table: pd.DataFrame, measure: str, *, whole: bool = False) -> pd.DataFrame:
    """Return the rows whose six counts are known, refusing what cannot be."""
    if measure not in _MEASURES:
        raise UsageError(
            f"people are put back into counts of two groups: the measure must be one of "
            f"{', '.join(_MEASURES)}, got {measure!r}"
        )
    lacking = ", ".join(name for name in _COUNTS if name not in table.columns)
    if lacking:
        raise UsageError(f"to put people back needs columns the table does not have: {lacking}")
    events, n = read_counts(table, [(f"events_{arm}", f"n_{arm}") for arm in _ARMS])
    _, began = read_counts(table, [(f"n_{arm}", f"n_allocated_{arm}") for arm in _ARMS])
    counts = np.vstack([events, n, began])
    if whole:
        fractions = np.flatnonzero((counts % 1 > 0).any(axis=0))
        what = "counts must be whole numbers, so that the lost can be counted off"
        refuse_rows(table, [(int(row), what) for row in fractions])
    read = {
        f"{name}_{arm}": values
        for name, groups in (("events", events), ("n", n), ("n_allocated", began))
        for arm, values in zip(_ARMS, groups, strict=True)
    }
    known = np.flatnonzero(~np.isnan(counts).any(axis=0) & (n > 0).all(axis=0))
    return table.assign(**read).iloc[known]
