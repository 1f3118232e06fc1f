"""`pool_many`: any number of meta-analyses at once, of any sizes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.effects.interval import Floats
from equipoise.errors import UsageError
from equipoise.synthesis import many
from equipoise.synthesis.blocks import SideBySide, parts, side_by_side
from equipoise.synthesis.derived import INFORMATION, NUMBERS, TAU2_ENDS, derived
from equipoise.synthesis.groups import Groups, read_groups
from equipoise.synthesis.method import Estimator, IntervalMethod, Method, PredictionDf, quantiles
from equipoise.synthesis.one import RESULTS, Plan
from equipoise.synthesis.reading import check_weights

if TYPE_CHECKING:
    import pandas as pd

Engine: TypeAlias = Literal["auto", "numpy", "numba"]

COLUMNS = (*NUMBERS, "converged")
_CHUNK = 20_000  # analyses worked on at a time: what is in memory besides input and output
_WORTH_COMPILING = 20_000


def pool_many(  # noqa: PLR0913, every choice of the method is one argument
    effects: pd.DataFrame | ArrayLike,
    variance: ArrayLike | None = None,
    *,
    by: str | Sequence[str] | None = None,
    starts: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    estimator: Estimator = "REML",
    ci_method: IntervalMethod = "hksj",
    level: float = 0.95,
    prediction_df: PredictionDf | None = None,
    tau2: float | None = None,
    columns: Sequence[str] | None = None,
    engine: Engine = "auto",
) -> pd.DataFrame:
    """Pool many analyses: the numbers of `pool`, one row an analysis.

    Parameters
    ----------
    effects
        A table with the columns `effect` and `variance` or `se`, one row a study; or the effects of
        all analyses, one analysis after the other.
    variance
        Their sampling variances, unless a table is given.
    by
        The column or columns of the table that tell the analyses apart.
    starts
        Without a table: where in `effects` each analysis begins; the last goes on to the end.
    weights
        As in `pool`, one a study.
    estimator, ci_method, level, prediction_df, tau2
        As in `pool`, the same for every analysis.
    columns
        Which numbers are wanted; all of them if None. Not asking for the intervals of tau2, I² and
        H², the p values and the log-likelihood with its criteria saves most of the time.
    engine
        "numpy"; "numba", which needs the extra `fast` and uses every core; or "auto": numba if it
        is there and the job is large.

    Returns
    -------
    DataFrame
        The columns `by`, in order of first appearance; `measure`, if the table has it; `excluded`,
        how many rows had no effect or no variance; and the numbers of `Pooled`, on the analysis
        scale, that is logarithms for ratios: `natural_scale` adds what people read. An analysis
        without any study has k = 0 and NaN.

    Raises
    ------
    UsageError
        As `pool`, naming rows and analyses.

    See Also
    --------
    pool : one analysis, with its studies, weights and notes.
    natural_scale : estimates and intervals on the natural scale.
    """
    import pandas as pd

    method = Method(
        estimator=estimator,
        ci_method=ci_method,
        level=level,
        prediction_df=prediction_df,
        tau2=tau2,
    )
    wanted = _wanted(columns)
    groups = read_groups(effects, variance, by=by, starts=starts, weights=weights)
    check_weights(groups.weights, groups.starts, estimator)
    compiled = _compiled(engine, groups)
    found: dict[str, NDArray[np.generic]] = {
        name: np.empty(len(groups), dtype=_dtype(name)) for name in wanted
    }
    for here in parts(len(groups), _CHUNK):
        part = groups.chunk(here)
        numbers = _numbers(part, method, frozenset(wanted), compiled=compiled)
        for name, values in found.items():
            values[here] = numbers[name]
    return pd.DataFrame({**groups.names, **found}, copy=False)


def _numbers(
    groups: Groups, method: Method, wanted: frozenset[str], *, compiled: bool
) -> dict[str, NDArray[np.generic]]:
    """Return the wanted numbers of some analyses."""
    k = np.diff(groups.starts)
    there = np.bincount(k) > 0
    sizes, size_of = np.flatnonzero(there), (np.cumsum(there) - 1)[k]
    at = [quantiles(int(size), method) for size in sizes]
    chi2 = np.array([here.chi2 for here in at])[size_of]
    plan = (
        method.code,
        method.tau2 or 0.0,
        groups.weights is not None,
        "tau2_se" in wanted,
        method.random and bool(TAU2_ENDS & wanted),
        bool(INFORMATION & wanted),
    )
    if compiled:
        from equipoise.synthesis.compiled import fit_all

        raw = fit_all(groups, plan, chi2)
    else:
        raw = fit_blocks(groups, k, plan, chi2)
    ends = {
        name: np.array([getattr(here, name) for here in at])[size_of]
        for name in ("df", "mean", "prediction")
    }
    with np.errstate(invalid="ignore", divide="ignore"):
        numbers = derived(raw, k.astype(np.float64), method, ends, wanted)
    empty = k == 0
    if empty.any():
        numbers = {name: np.where(empty, np.nan, numbers[name]) for name in wanted & set(NUMBERS)}
    return {**numbers, "k": k, "converged": ~np.isnan(raw["residual"]) | empty}


def fit_blocks(groups: Groups, k: NDArray[np.intp], plan: Plan, chi2: Floats) -> dict[str, Floats]:
    """Return what `one.RESULTS` names, and the estimate; analyses of about one size go together.

    Parameters
    ----------
    groups
        The analyses.
    k
        Their sizes.
    plan
        As in `one.fit`.
    chi2
        The quantiles for each analysis, shape (analyses, 3).

    Returns
    -------
    dict of ndarray
        NaN for an analysis without studies.
    """
    found = {name: np.full(len(k), np.nan) for name in ("estimate", *RESULTS)}
    for side in side_by_side(groups.starts):
        rows = side.rows
        block, first_weight, weights, origin = _block(groups, side, k[rows])
        with np.errstate(over="ignore"):
            raw = many.fit(block, first_weight, weights, plan, chi2[rows].T)
        for name, values in raw.items():
            found[name][rows] = values
        found["estimate"][rows] = origin + raw["mean"]
    return found


def _block(
    groups: Groups, side: SideBySide, k: NDArray[np.intp]
) -> tuple[many.Block, Floats, Floats, Floats]:
    """Return analyses side by side, the most precise study of each apart; see `many`."""
    rows, cells, filler = side
    v = groups.variances[cells]
    v[filler] = np.inf
    y = groups.effects[cells]
    row = np.arange(len(rows))
    precise = v.argmin(axis=-1)
    parts = []
    for values in (y, v, *(() if groups.weights is None else (groups.weights[cells],))):
        lead = values[row, precise]
        values[row, precise] = values[:, 0]
        parts.append((lead, values[:, 1:]))
    filler = filler[:, 1:]
    (origin, y), (first, v) = parts[:2]
    y = y - origin[:, None]
    y[filler] = 0.0
    first_weight, weights = parts[2] if len(parts) > 2 else (first, v)
    if len(parts) > 2:
        weights = np.where(filler, 0.0, weights)
    return many.Block(first, y, v.copy(), k.astype(np.float64)), first_weight, weights, origin


def _wanted(columns: Sequence[str] | None) -> tuple[str, ...]:
    if columns is None:
        return COLUMNS
    unknown = [name for name in columns if name not in COLUMNS]
    if unknown:
        raise UsageError(f"unknown columns {unknown}; choose from: {', '.join(COLUMNS)}")
    return tuple(dict.fromkeys(columns))


def _compiled(engine: str, groups: Groups) -> bool:
    if engine not in ("auto", "numpy", "numba"):
        raise UsageError(f"unknown engine {engine!r}; choose one of: auto, numpy, numba")
    there = find_spec("numba") is not None
    if engine == "numba" and not there:
        raise UsageError('engine="numba" needs the extra: pip install "equipoise[fast]"')
    return there and (engine == "numba" or (engine == "auto" and len(groups) > _WORTH_COMPILING))


def _dtype(name: str) -> type:
    return {"k": np.int64, "converged": np.bool_}.get(name, np.float64)
