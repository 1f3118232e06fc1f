"""The rows of many analyses, read and checked: one analysis after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.effects.interval import Floats
from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Effects and variances, all known, analysis after analysis.

    Attributes
    ----------
    names
        One row an analysis: what tells it apart, and how many rows were `excluded`.
    starts
        Where each analysis begins, and where the last one ends.
    effects, variances, weights
        One a study; the weights may be None.
    """

    names: pd.DataFrame
    starts: NDArray[np.intp]
    effects: Floats
    variances: Floats
    weights: Floats | None

    def __len__(self) -> int:
        return len(self.starts) - 1

    def chunk(self, here: slice) -> Groups:
        """Return some of the analyses."""
        starts = self.starts[here.start : here.stop + 1]
        cells = slice(int(starts[0]), int(starts[-1]))
        return Groups(
            names=self.names,
            starts=starts - starts[0],
            effects=self.effects[cells],
            variances=self.variances[cells],
            weights=None if self.weights is None else self.weights[cells],
        )


def read_groups(
    effects: pd.DataFrame | ArrayLike,
    variance: ArrayLike | None,
    *,
    by: str | Sequence[str] | None,
    starts: ArrayLike | None,
    weights: ArrayLike | None,
) -> Groups:
    """Read what `pool_many` is given.

    Parameters
    ----------
    effects, variance, by, starts, weights
        As in `pool_many`.

    Returns
    -------
    Groups
        The analyses in order of first appearance, without the rows that have no number.

    Raises
    ------
    UsageError
        One error that names the rows that cannot be.
    """
    import pandas as pd

    own = None if weights is None else _column("weights", weights)
    if hasattr(effects, "columns"):
        table = cast("pd.DataFrame", effects)
        if variance is not None or starts is not None or by is None:
            raise UsageError("with a table, name the column that tells the analyses apart: by=")
        y, v = _table(table)
        names, order, edges = _by(table, [by] if isinstance(by, str) else list(by))
        if order is not None:
            y, v = y[order], v[order]
            own = None if own is None else own[order]
    else:
        if variance is None or starts is None or by is not None:
            raise UsageError("with arrays, give effects, variance and starts=; by= is for tables")
        y, v = _column("effects", effects), _column("variance", variance)
        edges, order = _edges(starts, len(y)), None
        names = pd.DataFrame(index=pd.RangeIndex(len(edges) - 1))
    if len(v) != len(y) or (own is not None and len(own) != len(y)):
        raise UsageError("every study needs an effect, a variance and, if any, a weight")
    _check(y, v, own, order)
    known = np.isfinite(y) & np.isfinite(v)
    excluded = np.zeros(len(edges) - 1, dtype=np.int64)
    if not known.all():
        kept = np.concatenate([[0], np.cumsum(known)])
        excluded = np.diff(edges) - np.diff(kept[edges])
        edges, y, v = kept[edges], y[known], v[known]
        own = None if own is None else own[known]
    return Groups(
        names=names.assign(excluded=excluded), starts=edges, effects=y, variances=v, weights=own
    )


def _table(table: pd.DataFrame) -> tuple[Floats, Floats]:
    if "effect" not in table.columns or not {"variance", "se"} & set(table.columns):
        raise UsageError(
            "the table needs the columns effect and variance (or se): make them with "
            'effect_sizes(table, "RR"), or rename yours'
        )
    effects = _column("effect", table["effect"])
    if "variance" in table.columns:
        return effects, _column("variance", table["variance"])
    se = _column("se", table["se"])
    return effects, np.where(se < 0, se, se * se)


def _column(name: str, values: ArrayLike) -> Floats:
    """Return a column as numbers, NaN where it is empty."""
    import pandas as pd

    try:
        numbers = pd.Series(values).to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        series = pd.Series(values)
        wrong = pd.to_numeric(series, errors="coerce").isna() & series.notna()
        told = [f"row {row + 1}: {name} {series.iloc[row]!r}" for row in np.flatnonzero(wrong)]
        raise UsageError(
            "\n".join(["these are not numbers:", *(told or [name])[:_SHOWN]])
        ) from None
    return np.ascontiguousarray(numbers)


def _by(
    table: pd.DataFrame, columns: list[str]
) -> tuple[pd.DataFrame, NDArray[np.intp] | None, NDArray[np.intp]]:
    """Return the analyses, the order that puts their rows together (None: they are), the edges."""
    lacking = [name for name in columns if name not in table.columns]
    if lacking:
        raise UsageError(f"the table has no column {lacking[0]!r}; it has {list(table.columns)}")
    keys = table[columns]
    unnamed = np.flatnonzero(keys.isna().any(axis=1))
    if len(unnamed):
        rows = ", ".join(str(row + 1) for row in unnamed[:_SHOWN])
        raise UsageError(f"{' and '.join(columns)} must say which analysis a row is of; row {rows}")
    if len(columns) == 1:
        codes = keys[columns[0]].factorize()[0]
    else:
        codes = keys.groupby(columns, sort=False).ngroup().to_numpy()
    together = len(codes) == 0 or bool((np.diff(codes) >= 0).all())
    order = None if together else np.argsort(codes, kind="stable").astype(np.intp)
    sizes = np.bincount(codes) if len(codes) else np.zeros(0, dtype=np.intp)
    edges = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    at = edges[:-1] if order is None else order[edges[:-1]]
    return keys.iloc[at].reset_index(drop=True), order, edges


def _edges(starts: ArrayLike, rows: int) -> NDArray[np.intp]:
    edges = np.append(np.asarray(starts), rows)
    if edges.dtype.kind not in "iu" or edges[0] != 0 or (np.diff(edges) < 0).any():
        raise UsageError(
            f"starts must be whole numbers that begin with 0 and do not fall, at most {rows}"
        )
    return edges.astype(np.intp)


def _check(y: Floats, v: Floats, own: Floats | None, order: NDArray[np.intp] | None) -> None:
    """Refuse infinite effects, variances that are not above 0, and weights below 0."""
    faults = {
        "the effect is infinite": np.isinf(y),
        "the variance is not above 0": v <= 0,
    }
    if own is not None:
        weighed = np.isfinite(y) & np.isfinite(v)
        faults["the weight is not 0 or a positive number"] = weighed & ~(
            (own >= 0) & (own < np.inf)
        )
    told = [
        f"row {(row if order is None else order[row]) + 1}: {fault}"
        for fault, wrong in faults.items()
        for row in np.flatnonzero(wrong)[:_SHOWN]
    ]
    if told:
        raise UsageError("\n".join(["these rows cannot be pooled:", *told[:_SHOWN]]))
