"""The rows of one synthesis, read and checked: what is pooled, what is not, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import ArrayLike

from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

_LABELS = ("label", "study", "study_id")
_SHOWN = 10


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
    """

    measure: str
    labels: tuple[str, ...]
    effects: tuple[float, ...]
    variances: tuple[float, ...]
    reasons: tuple[str, ...]
    own_weights: tuple[float, ...] | None

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
    if hasattr(effects, "columns"):
        table = cast("pd.DataFrame", effects)
        if variance is not None or se is not None:
            raise UsageError("give either a table, or effects with variance= or se=; not both")
        effects, variance, se = _columns(table)
        labels = _labels(table) if labels is None else labels
        measure = _measure(table) if measure is None else measure
        if "reason" in table.columns:
            reasons = [str(reason) for reason in table["reason"]]
    measure = "GEN" if measure is None else measure_of(measure).key
    if (variance is None) == (se is None):
        raise UsageError("give the variances of the effects (variance=), or their errors (se=)")
    y = _numbers("effect", effects)
    v = _numbers("variance", variance) if se is None else _numbers("se", se)
    own = None if weights is None else _numbers("weight", weights)
    names = tuple(map(str, range(1, len(y) + 1) if labels is None else labels))
    _same_length(effect=y, variance=v, labels=names, weights=own)
    problems = _problems(names, y, v, own, "variance" if se is None else "se")
    if problems:
        more = [f"and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
        raise UsageError("\n".join(["these rows cannot be pooled:", *problems[:_SHOWN], *more]))
    if se is not None:
        v = [x * x for x in v]
    why = _reasons(y, v, reasons)
    if all(why):
        raise UsageError("there is nothing to pool: no row has an effect and a variance")
    if own is not None and sum(w for w, reason in zip(own, why, strict=True) if not reason) == 0:
        raise UsageError("the weights are all 0; give at least one study a weight")
    return Studies(
        measure=measure,
        labels=names,
        effects=tuple(y),
        variances=tuple(v),
        reasons=why,
        own_weights=None if own is None else tuple(own),
    )


def _columns(table: pd.DataFrame) -> tuple[ArrayLike, ArrayLike | None, ArrayLike | None]:
    """Return effects and variances, or standard errors, of a table."""
    names = table.columns
    if "effect" not in names or not ("variance" in names or "se" in names):
        raise UsageError(
            "the table needs the columns effect and variance (or se): make them with "
            'effect_sizes(table, "RR"), or rename yours'
        )
    effects = table["effect"].to_numpy()
    if "variance" not in names:
        return effects, None, table["se"].to_numpy()
    if "se" in names:
        _check_squares(table)
    return effects, table["variance"].to_numpy(), None


def _check_squares(table: pd.DataFrame) -> None:
    """Refuse a table whose variances are not the squares of its standard errors."""
    variance, se = (_numbers(name, table[name].to_numpy()) for name in ("variance", "se"))
    wrong = [
        f"row {i + 1}: variance {v:g} is not the square of se {s:g}"
        for i, (v, s) in enumerate(zip(variance, se, strict=True))
        if isfinite(v) and isfinite(s) and abs(v - s * s) > 1e-6 * abs(v)
    ]
    if wrong:
        raise UsageError(
            "\n".join(["variance and se disagree; drop the wrong column:", *wrong[:_SHOWN]])
        )


def _labels(table: pd.DataFrame) -> list[object] | None:
    for name in _LABELS:
        if name in table.columns:
            return list(table[name])
    return None


def _measure(table: pd.DataFrame) -> str | None:
    if "measure" not in table.columns:
        return None
    found = list(dict.fromkeys(table["measure"]))
    if len(found) > 1:
        raise UsageError(f"one measure can be pooled at a time; the table holds {found}")
    return str(found[0]) if found else None


def _numbers(name: str, values: object) -> list[float]:
    """Return a column as floats, NaN for what is empty; refuse what is no number."""
    array = np.asarray(values)
    if array.ndim == 1 and array.dtype.kind in "fiu":
        return cast("list[float]", array.astype(np.float64, copy=False).tolist())
    if array.ndim != 1:
        raise UsageError(
            f"{name}: give one number a study, not an array of {array.ndim} dimensions"
        )
    numbers, wrong = [], []
    for row, cell in enumerate(cast("Iterable[object]", array), start=1):
        if cell is None or cell == "" or type(cell).__name__ == "NAType":
            numbers.append(nan)
        elif isinstance(cell, int | float | np.integer | np.floating) and not isinstance(
            cell, bool
        ):
            numbers.append(float(cell))
        else:
            wrong.append(f"row {row}: {name} {str(cell)!r} is not a number")
    if wrong:
        raise UsageError("\n".join(["these rows cannot be pooled:", *wrong[:_SHOWN]]))
    return numbers


def _same_length(**columns: Sequence[object] | None) -> None:
    sizes = {name: len(values) for name, values in columns.items() if values is not None}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{size} {name}" for name, size in sizes.items())
        raise UsageError(f"every study needs one of each; got {told}")


def _problems(
    names: Sequence[str], y: list[float], v: list[float], own: list[float] | None, column: str
) -> list[str]:
    """Return what cannot be, one sentence a cell."""
    if own is None and v and min(v) > 0 and isfinite(sum(y)):
        return []
    found = []
    for i, (effect, spread) in enumerate(zip(y, v, strict=True)):
        here = f"row {i + 1} ({names[i]}): "
        if effect in (inf, -inf):
            found.append(f"{here}the effect is infinite: correct zero cells, or leave the row out")
        if spread <= 0:
            found.append(
                f"{here}{column} {spread:g} is not above 0: such a study would outweigh all "
                "others; correct zero cells (add=, to=), or leave the row out"
            )
        left_out = isnan(effect) or isnan(spread) or spread == inf
        if own is not None and not left_out and not 0 <= own[i] < inf:
            found.append(f"{here}weight {own[i]:g} is not 0 or a positive number")
    return found


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
