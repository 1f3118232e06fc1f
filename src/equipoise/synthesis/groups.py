"""The rows of many analyses, read and checked: one analysis after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.effects.interval import Floats
from equipoise.errors import UsageError
from equipoise.synthesis.derived import NUMBERS
from equipoise.synthesis.reading import check_rows, column_of, read_column, read_table, refuse

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Effects and variances, all known, analysis after analysis.

    Attributes
    ----------
    names
        Columns of one row an analysis: what tells it apart, its `measure` if the table tells, and
        how many rows were `excluded`.
    starts
        Where each analysis begins, and where the last one ends.
    effects, variances, weights
        One a study; the weights may be None.
    """

    names: dict[str, Any]
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
    own = None if weights is None else read_column("weight", weights)
    names: dict[str, Any] = {}
    order, table = None, None
    if hasattr(effects, "columns"):
        if variance is not None or starts is not None:
            raise UsageError("give either a table with by=, or effects, variance and starts=")
        table = cast("pd.DataFrame", effects)
        y, spread, column = read_table(table)
        split = read_by(table, by)
        names, order, edges = split.names, split.order, split.edges
    else:
        if variance is None or starts is None or by is not None:
            raise UsageError("with arrays, give effects, variance and starts=; by= is for tables")
        y, spread, column = read_column("effect", effects), read_column("variance", variance), ""
        edges = _edges(starts, len(y))
    _same_length(y, spread, own)
    check_rows(y, spread, own, column or "variance", lambda row: f"row {row + 1}")
    v = spread * spread if column == "se" else spread
    if order is not None:
        y, v = y[order], v[order]
        own = None if own is None else own[order]
    if table is not None:
        names = {**names, **_measures(table, order, edges)}
    known = np.isfinite(y) & np.isfinite(v)
    if table is not None and "reason" in table.columns:  # such rows are left out by `pool` too
        given = column_of(table, "reason")
        no_reason = (given.isna() | (given == "")).to_numpy(dtype=bool)
        known &= no_reason if order is None else no_reason[order]
    excluded = np.zeros(len(edges) - 1, dtype=np.int64)
    if not known.all():
        kept = np.concatenate([[0], np.cumsum(known)])
        excluded = np.diff(edges) - np.diff(kept[edges])
        edges, y, v = kept[edges], y[known], v[known]
        own = None if own is None else own[known]
    return Groups(
        names={**names, "excluded": excluded}, starts=edges, effects=y, variances=v, weights=own
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Which row of a table is of which analysis.

    Attributes
    ----------
    names
        What tells the analyses apart: columns of one row an analysis, by first appearance.
    order
        The order that puts the rows of each together; None if they are.
    edges
        Where each analysis then begins, and where the last one ends.
    """

    names: dict[str, Any]
    order: NDArray[np.intp] | None
    edges: NDArray[np.intp]

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Rows of each analysis."""
        return np.diff(self.edges)

    @property
    def owner(self) -> NDArray[np.intp]:
        """The analysis of each row of the table, counted from 0."""
        sizes = self.sizes
        owner = np.repeat(np.arange(len(sizes)), sizes)
        if self.order is not None:
            owner[self.order] = owner.copy()
        return owner


def read_by(table: pd.DataFrame, by: str | Iterable[str] | None) -> Split:
    """Read which row of a table is of which analysis.

    Parameters
    ----------
    table, by
        As in `pool_many`.

    Returns
    -------
    Split
        See there.

    Raises
    ------
    UsageError
        If there is no such column, or if rows do not say.
    """
    one = isinstance(by, str) or not isinstance(by, Iterable)
    columns: list[str] = [] if by is None else [cast("str", by)] if one else list(by)
    if not columns:
        raise UsageError("with a table, name the column that tells the analyses apart: by=")
    lacking = [name for name in columns if name not in table.columns]
    if lacking:
        raise UsageError(f"the table has no column {lacking[0]!r}; it has {list(table.columns)}")
    taken = [name for name in columns if name in (*NUMBERS, "converged", "excluded", "reason")]
    if taken or len(set(columns)) < len(columns):
        name = taken[0] if taken else columns[0]
        raise UsageError(
            f"the column {name!r} is named twice, or a result is called so; rename the column"
        )
    keys = table[columns]
    if keys.shape[1] > len(columns):
        twice = next(name for name in columns if list(table.columns).count(name) > 1)
        raise UsageError(f"the table has several columns {twice!r}; keep one")
    unnamed = np.flatnonzero(keys.isna().any(axis=1))
    wrong = [f"row {row + 1}: {' or '.join(columns)} is empty" for row in unnamed]
    refuse("every row must say which analysis it is of:", wrong)
    codes = _codes(keys, columns)
    together = len(codes) == 0 or bool((np.diff(codes) >= 0).all())
    order = None if together else np.argsort(codes, kind="stable").astype(np.intp)
    sizes = np.bincount(codes) if len(codes) else np.zeros(0, dtype=np.intp)
    edges = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    at = edges[:-1] if order is None else order[edges[:-1]]
    names = keys.iloc[at].reset_index(drop=True)
    return Split(names={name: names[name] for name in columns}, order=order, edges=edges)


def _codes(keys: pd.DataFrame, columns: list[str]) -> NDArray[np.intp]:
    """Return the number of each row's analysis, by first appearance."""
    try:
        if len(columns) == 1:
            return keys[columns[0]].factorize()[0]
        return np.asarray(keys.groupby(columns, sort=False).ngroup(), dtype=np.intp)
    except TypeError:
        raise UsageError(
            f"{' or '.join(columns)} holds lists or the like; name analyses by text or numbers"
        ) from None


def _edges(starts: ArrayLike, rows: int) -> NDArray[np.intp]:
    given = np.asarray(starts)
    edges = np.append(given, rows)
    counts = given.ndim == 1 and edges.dtype.kind in "iu"
    if not counts or edges[0] != 0 or (np.diff(edges) < 0).any():
        raise UsageError(
            f"starts must be whole numbers that begin with 0 and do not fall, at most {rows}"
        )
    return edges.astype(np.intp)


def _same_length(y: Floats, v: Floats, own: Floats | None) -> None:
    sizes = {"effects": len(y), "variances": len(v)}
    sizes |= {} if own is None else {"weights": len(own)}
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{size} {name}" for name, size in sizes.items())
        raise UsageError(f"every study needs one of each; got {told}")


def _measures(
    table: pd.DataFrame, order: NDArray[np.intp] | None, edges: NDArray[np.intp]
) -> dict[str, Any]:
    """Return the measure of each analysis; refuse those of which a row has another."""
    if "measure" not in table.columns or len(table) == 0:
        return {}
    measures = column_of(table, "measure")
    codes = measures.factorize()[0]
    codes = codes if order is None else codes[order]
    first = np.repeat(codes[edges[:-1]], np.diff(edges))
    apart = np.flatnonzero(codes != first)
    rows = apart if order is None else order[apart]
    wrong = [f"row {row + 1}: measure {measures.iloc[row]!r}" for row in np.sort(rows)]
    refuse("one measure can be pooled at a time; these differ from the first of theirs:", wrong)
    at = edges[:-1] if order is None else order[edges[:-1]]
    return {"measure": measures.iloc[at].reset_index(drop=True)}
