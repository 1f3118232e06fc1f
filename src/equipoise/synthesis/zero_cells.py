"""Zero cells of pooled counts: to which a constant was added, and what then rests on it alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import numpy as np

from equipoise.display.numbers import listing, upper_first, word
from equipoise.effects.counts import read_numbers
from equipoise.effects.measures import measure as measure_of

if TYPE_CHECKING:
    import pandas as pd

ZeroCells: TypeAlias = Literal["", "constant", "nobody", "everybody"]
"""Whether a constant was added to the cells of a study, and if so whether it saw the event in some
people only, in nobody, or in everybody."""

_SPEAKS_WITHOUT_EVENTS = ("RD", "AS", "IRD", "IRSD")
"""Measures of two groups for which groups without events are alike; others compare nothing then."""

_SHOWN = 5


def read_zero_cells(table: pd.DataFrame, measure: str) -> tuple[ZeroCells, ...]:
    """Return what was done about the zero cells of each row of a table from `effect_sizes`.

    Parameters
    ----------
    table
        With the column `added`, and the counts behind the effects.
    measure
        Key of the measure.

    Returns
    -------
    tuple of str
        One a row; empty if the table does not tell, or the measure is not one of counts.
    """
    if "added" not in table.columns or measure_of(measure).default_add is None:
        return ()
    given = table["added"].to_numpy()
    added = (given if given.dtype == np.float64 else read_numbers(table, "added")[0]) > 0
    if not added.any():
        return cast("tuple[ZeroCells, ...]", ("",) * len(added))
    kinds = np.where(added, "constant", "").astype(object)
    for columns in measure_of(measure).columns:
        if set(columns) <= set(table.columns):
            events = np.array([read_numbers(table, name)[0] for name in columns[::2]])
            people = np.array([read_numbers(table, name)[0] for name in columns[1::2]])
            kinds[added & (events == 0).all(axis=0)] = "nobody"
            kinds[added & (events == people).all(axis=0)] = "everybody"
            break
    return cast("tuple[ZeroCells, ...]", tuple(kinds.tolist()))


def notes_on_zero_cells(
    measure: str, labels: Sequence[str], zero_cells: Sequence[ZeroCells]
) -> tuple[str, ...]:
    """Return what must be known of a result in which constants were added, in sentences.

    Parameters
    ----------
    measure
        Key of the measure.
    labels, zero_cells
        Of the studies that are pooled.
    """
    if not any(zero_cells):
        return ()
    kinds = list(zip(labels, zero_cells, strict=True))
    corrected = [label for label, kind in kinds if kind]
    mute = [label for label, kind in kinds if kind in ("nobody", "everybody")]
    compares = measure_of(measure).null is not None and measure not in _SPEAKS_WITHOUT_EVENTS
    nobody = set(zero_cells) == {"nobody"}
    if nobody or (compares and len(mute) == len(labels)):
        every = "nobody" if nobody else "nobody, or to everybody"
        return (
            f"In every study the event happened to {every}: the pooled value comes from the "
            "constants added to zero cells alone, and not from anything that was seen.",
        )
    found = (
        f"A constant was added to the cells of {word(len(corrected))} of the {word(len(labels))} "
        f"studies: {_named(corrected)}."
    )
    if not mute or not compares:
        return (found,)
    says, it_adds = ("says", "it adds") if len(mute) == 1 else ("say", "they add")
    return (
        found,
        f"{upper_first(word(len(mute)))} of them saw the event in nobody, or in everybody, and so "
        f"{says} nothing about a ratio; what {it_adds} comes from the constant: {_named(mute)}.",
    )


def _named(labels: list[str]) -> str:
    more = len(labels) - _SHOWN
    return listing([*labels[:_SHOWN], f"{more} more"] if more > 1 else labels)
