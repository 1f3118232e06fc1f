"""Tables made for other programs: their column names turned into the ones used here."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from equipoise.effects.counts import read_numbers, refuse_rows
from equipoise.errors import UsageError

_METAFOR = {
    "ai": "events_treatment",
    "n1i": "n_treatment",
    "ci": "events_control",
    "n2i": "n_control",
    "x1i": "events_treatment",
    "t1i": "time_treatment",
    "x2i": "events_control",
    "t2i": "time_control",
    "m1i": "mean_treatment",
    "sd1i": "sd_treatment",
    "m2i": "mean_control",
    "sd2i": "sd_control",
    "xi": "events",
    "ti": "time",
    "sdi": "sd",
    "ni": "n",
    "ri": "r",
    "yi": "effect",
    "vi": "variance",
    "sei": "se",
    "slab": "label",
}

_META = {
    "event.e": "events_treatment",
    "n.e": "n_treatment",
    "event.c": "events_control",
    "n.c": "n_control",
    "time.e": "time_treatment",
    "time.c": "time_control",
    "mean.e": "mean_treatment",
    "sd.e": "sd_treatment",
    "mean.c": "mean_control",
    "sd.c": "sd_control",
    "TE": "effect",
    "seTE": "se",
    "lower": "ci_low",
    "upper": "ci_high",
    "studlab": "label",
}

_REVMAN = {
    "Experimental cases": "events_treatment",
    "Experimental N": "n_treatment",
    "Control cases": "events_control",
    "Control N": "n_control",
    "Experimental mean": "mean_treatment",
    "Experimental SD": "sd_treatment",
    "Control mean": "mean_control",
    "Control SD": "sd_control",
    "GIV Mean": "effect",
    "GIV SE": "se",
    "Study": "label",
}

ALIASES: Mapping[str, str] = MappingProxyType({**_METAFOR, **_META, **_REVMAN})
"""Their name -> our name, of metafor, of R's meta, and of RevMan Web's data table."""

# Cells of people without the event: with the cell of those with it they make the people.
_OTHERS = {"bi": ("ai", "n1i", "n_treatment"), "di": ("ci", "n2i", "n_control")}
_WITHOUT_EVENT = {**_OTHERS, "mi": ("xi", "ni", "n")}
_SAME = 1e-9  # counts may be fractions


def standard_names(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table made for metafor, R's meta or RevMan Web with the column names used here.

    Values stay as they are, except that people without the event (metafor's `bi`, `di`, or `mi`
    beside `xi`) are replaced by the people in all where those are not there. Names that are not in
    `ALIASES` stay. `yi` and `TE` are on the analysis scale: a log ratio stays one. So are `lower`
    and `upper` beside `TE`, which are no `ci_low` and `ci_high` here: they stay.

    Parameters
    ----------
    table
        One study a row. `mi` is a mean beside `sdi`, and people without the event beside `xi`.

    Returns
    -------
    DataFrame
        The table renamed, columns in their order.

    Raises
    ------
    UsageError
        If two columns mean the same; if metafor's two occasions (`m1i`, `m2i` beside `ri`) do not
        tell before from after; if `TE` has limits and no `seTE`; if people without the event are
        negative or not numbers, or do not make the people in all beside them; or if there is no
        table.

    References
    ----------
    The arguments of escalc in metafor: Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    if not isinstance(table, pd.DataFrame):
        raise UsageError("the table must be a pandas DataFrame, one row a study")
    _refuse_unclear(table)
    _refuse_contradictions(table)
    renamed = {name: ALIASES[name] for name in table.columns if name in ALIASES}
    if "ai" not in table.columns:
        renamed.pop("ci", None)  # then it is no count
    if (
        "TE" in table.columns
    ):  # then they are logarithms of ratios, which ci_low and ci_high are not
        limits = [name for name in ("lower", "upper") if renamed.pop(name, None)]
        if limits and "seTE" not in table.columns:
            raise UsageError(
                f"{' and '.join(limits)} beside TE are on the scale of analysis; give seTE "
                "instead, which is (upper - lower) / 3.92 for limits of 95%"
            )
    result = table.copy()
    for others, (events, people, ours) in _OTHERS.items():
        if events in table.columns and others in table.columns and people not in table.columns:
            result[others] = _sum_of_cells(table, events, others)
            renamed[others] = ours
    if "mi" in table.columns and "sdi" in table.columns:
        renamed["mi"] = "mean"
    elif {"mi", "xi"} <= set(table.columns) and "ni" not in table.columns:
        result["mi"] = _sum_of_cells(table, "xi", "mi")
        renamed["mi"] = "n"
    _refuse_doubles(table, renamed)
    return result.rename(columns=renamed)


def renaming_hint(table: pd.DataFrame, wanted: Sequence[Sequence[str]]) -> str:
    """Return the end of a message: that other names would do, if they have been given.

    Parameters
    ----------
    table
        What was given.
    wanted
        Sets of columns, of which one is needed.

    Returns
    -------
    str
        Empty unless `standard_names` would make the table one that can be used.
    """
    try:
        names = set(standard_names(table).columns)
    except UsageError:
        return ""
    if not any(set(columns) <= names for columns in wanted):
        return ""
    return (
        "; its columns have the names of metafor, R's meta or RevMan: give standard_names(table), "
        "which has those used here"
    )


def _refuse_contradictions(table: pd.DataFrame) -> None:
    """Refuse rows whose people with and without the event are not the people in all."""
    problems: list[tuple[int, str]] = []
    for others, (events, people, _) in _WITHOUT_EVENT.items():
        if {events, others, people} <= set(table.columns):
            columns = [read_numbers(table, name)[0] for name in (events, others, people)]
            with_it, without, all_of_them = columns
            apart = np.abs(with_it + without - all_of_them) > _SAME * all_of_them
            problems += [
                (
                    int(row),
                    f"{events} {with_it[row]:g} and {others} {without[row]:g} are not the "
                    f"{people} {all_of_them[row]:g}",
                )
                for row in np.flatnonzero(apart)
            ]
    refuse_rows(table, problems)


def _refuse_unclear(table: pd.DataFrame) -> None:
    names = set(table.columns)
    if {"m1i", "m2i", "ri"} <= names:
        raise UsageError(
            "m1i and m2i beside ri are two occasions, and which came first is not said: rename "
            "them to mean_before and mean_after, and sd1i and sd2i to sd_before and sd_after"
        )
    if {"mi", "sdi", "xi"} <= names:
        raise UsageError(
            "mi is a mean beside sdi, but people without the event beside xi: drop sdi or xi"
        )


def _refuse_doubles(table: pd.DataFrame, renamed: Mapping[str, str]) -> None:
    sources: dict[str, list[str]] = {}
    for name in table.columns:
        sources.setdefault(renamed.get(name, name), []).append(name)
    doubles = [
        f"{' and '.join(map(repr, names))} both mean {ours}"
        for ours, names in sources.items()
        if len(names) > 1
    ]
    if doubles:
        raise UsageError(f"{'; '.join(doubles)}: keep one of each")


def _sum_of_cells(table: pd.DataFrame, events: str, others: str) -> pd.Series:
    x, problems = read_numbers(table, events)
    rest, more = read_numbers(table, others)
    problems += more
    problems += [
        (int(row), f"{others} {rest[row]:g} is negative") for row in (rest < 0).nonzero()[0]
    ]
    refuse_rows(table, problems)
    return pd.Series(x + rest, index=table.index)
