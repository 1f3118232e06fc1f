"""The formulas of `one`, compiled by numba, for every analysis, on every core."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.effects.interval import Floats
from equipoise.synthesis import one

if TYPE_CHECKING:
    from equipoise.synthesis.groups import Groups

_PARTS = (
    "weighted", "q_root", "score", "bends", "maxima", "most_likely", "log_likelihoods", "moment",
    "between_studies", "own_mean", "fit", "spread",
)  # fmt: skip

_SUMS_IN_ANY_ORDER = {"reassoc", "contract", "nsz"}  # so that loops can use vector instructions


def fit_all(groups: Groups, plan: one.Plan, chi2: Floats) -> dict[str, Floats]:
    """Return what `one.RESULTS` names, and the estimate, for each analysis.

    Parameters
    ----------
    groups
        The analyses.
    plan
        As in `one.fit`.
    chi2
        The quantiles for each analysis, shape (analyses, 3).

    Returns
    -------
    dict of ndarray
        NaN for an analysis without studies.
    """
    found, origin = np.empty((len(groups), len(one.RESULTS))), np.empty(len(groups))
    own = np.zeros(0) if groups.weights is None else groups.weights
    columns = [np.require(x, requirements="W") for x in (groups.effects, groups.variances, own)]
    workers = os.cpu_count() or 1
    edges = np.linspace(0, len(groups), workers + 1).astype(np.intp)
    kernel = _kernel()

    def fit(a: int, b: int) -> None:
        kernel(groups.starts[a : b + 1], *columns, plan, chi2[a:b], found[a:b], origin[a:b])

    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(fit, a, b) for a, b in pairwise(edges.tolist())]:
            done.result()
    raw = dict(zip(one.RESULTS, found.T, strict=True))
    return {**raw, "estimate": origin + raw["mean"]}


@cache
def _kernel() -> Any:
    import numba
    from numba.extending import register_jitable

    options = {"error_model": "numpy", "fastmath": _SUMS_IN_ANY_ORDER}
    for name in _PARTS:
        register_jitable(**options)(getattr(one, name))
    return numba.njit(nogil=True, cache=True, **options)(one.fit_each)
