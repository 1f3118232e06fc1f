"""The rows of one synthesis, read and checked: what is pooled, what is not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan
from typing import TYPE_CHECKING, cast

from numpy.typing import ArrayLike

from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError
from equipoise.synthesis.reading import (
    check_rows,
    column_of,
    is_missing,
    read_column,
    read_table,
)
from equipoise.synthesis.zero_cells import ZeroCells, read_zero_cells

if TYPE_CHECKING:
    import pandas as pd

_LABELS = ("label", "study", "study_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Studies:
    """The rows of one synthesis, in the order given.

    Attributes
    ----------
    measure
        Key of the effect measure.
    labels, effects, variances
        One a row.
    reasons
        Why a row is left out; empty if it is not.
    own_weights
        The user's weights, or None.
    zero_cells
        What was done about zero cells; empty if that is not known.
    """

    measure: str
    labels: tuple[str, ...]
    effects: tuple[float, ...]
    variances: tuple[float, ...]
    reasons: tuple[str, ...]
    own_weights: tuple[float, ...] | None
    zero_cells: tuple[ZeroCells, ...] = ()

    def used(self, values: Sequence[float]) -> list[float]:
        """Return the values of the rows that are pooled."""
        if not any(self.reasons):
            return list(values)
        return [value for value, reason in zip(values, self.reasons, strict=True) if not reason]

    def shares(self, tau2: float) -> tuple[float, ...]:
        """Return each row's weight in the mean: they sum to 1, and are 0 for rows left out."""
        tau2 = 0.0 if isnan(tau2) else tau2
        raw = self.own_weights or [1 / (v + tau2) for v in self.variances]
        if any(self.reasons):
            raw = [0.0 if reason else w for w, reason in zip(raw, self.reasons, strict=True)]
        total = sum(raw)
        return tuple(w / total for w in raw)


def read_studies(
    effects: pd.DataFrame | ArrayLike,
    variance: ArrayLike | None,
    *,
    se: ArrayLike | None,
    labels: Sequence[object] | None,
    weights: ArrayLike | None,
    measure: str | None,
) -> Studies:
    """Read what `pool` is given.

    Parameters
    ----------
    effects, variance, se, labels, weights, measure
        As in `pool`.

    Returns
    -------
    Studies
        Every row, in order.

    Raises
    ------
    UsageError
        One error that names everything that cannot be.
    """
    reasons: Sequence[str] | None = None
    zero_cells: tuple[ZeroCells, ...] = ()
    if hasattr(effects, "columns"):
        if variance is not None or se is not None:
            raise UsageError("give either a table, or effects with variance= or se=; not both")
        table = cast("pd.DataFrame", effects)
        y, spread, column = read_table(table)
        labels = _labels(table) if labels is None else labels
        measure = _measure(table, measure)
        zero_cells = read_zero_cells(table, measure or "GEN")
        reasons = _texts(column_of(table, "reason")) if "reason" in table.columns else None
    else:
        if (variance is None) == (se is None):
            raise UsageError("give variance=, or se=: one of the two")
        column = "variance" if se is None else "se"
        y = read_column("effect", effects)
        spread = read_column(column, variance if se is None else se)
    own = None if weights is None else read_column("weight", weights)
    _same_length(
        {"effects": len(y), f"{column}s": len(spread)},
        {"labels": None if labels is None else len(labels)},
        {"weights": None if own is None else len(own)},
    )
    names = tuple(str(row) for row in range(1, len(y) + 1)) if labels is None else _names(labels)
    check_rows(y, spread, own, column, lambda row: f"row {row + 1} ({names[row]})")
    y_list, v_list = y.tolist(), (spread * spread if column == "se" else spread).tolist()
    why = _reasons(y_list, v_list, reasons)
    if all(why):
        given = next((reason for reason in reasons or () if reason), "")
        raise UsageError(
            f"there is nothing to pool: every row has a reason to be left out, the first: {given}"
            if given
            else "there is nothing to pool: no row has an effect and a variance"
        )
    return Studies(
        measure="GEN" if measure is None else measure_of(measure).key,
        labels=names,
        effects=tuple(y_list),
        variances=tuple(v_list),
        reasons=why,
        own_weights=None if own is None else tuple(own.tolist()),
        zero_cells=zero_cells,
    )


def _labels(table: pd.DataFrame) -> list[object] | None:
    for name in _LABELS:
        if name in table.columns:
            return list(column_of(table, name))
    return None


def _names(labels: Sequence[object]) -> tuple[str, ...]:
    """Return labels as text; a row without one is called by its number."""
    texts = _texts(labels)
    return tuple(text or str(row) for row, text in enumerate(texts, start=1))


def _texts(cells: Iterable[object]) -> list[str]:
    return ["" if is_missing(cell) else str(cell) for cell in cells]


def _measure(table: pd.DataFrame, asked: str | None) -> str | None:
    """Return the measure of a table's effects; refuse to call them by another."""
    if "measure" not in table.columns:
        return asked
    found = list(dict.fromkeys(filter(None, _texts(column_of(table, "measure")))))
    if len(found) > 1:
        raise UsageError(f"one measure can be pooled at a time; the table holds {found}")
    if found and asked is not None and measure_of(asked).key != found[0]:
        raise UsageError(
            f"the effects of the table are {found[0]} (its column measure), not {asked}: leave "
            f'measure= out, or make effects with effect_sizes(table, "{asked}")'
        )
    return found[0] if found else asked


def _same_length(*sizes: dict[str, int | None]) -> None:
    given = {name: size for part in sizes for name, size in part.items() if size is not None}
    if len(set(given.values())) > 1:
        told = ", ".join(f"{size} {name}" for name, size in given.items())
        raise UsageError(f"every study needs one of each; got {told}")


def _reasons(y: list[float], v: list[float], given: Sequence[str] | None) -> tuple[str, ...]:
    """Return why rows are left out; a table's own reasons go before."""
    if given is None and isfinite(sum(y)) and isfinite(sum(v)):
        return ("",) * len(y)
    found = []
    for i, (effect, variance) in enumerate(zip(y, v, strict=True)):
        lacks = [name for name, x in (("effect", effect), ("variance", variance)) if isnan(x)]
        reason = f"no {' and no '.join(lacks)}" if lacks else ""
        if variance == inf:
            reason = reason or "an infinite variance has no weight"
        found.append((given[i] if given is not None else "") or reason)
    return tuple(found)
