"""The least that many REML fits can cost: only tau2, nothing checked, compiled, on every core."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENOUGH = 1e-10
MOST_STEPS = 100


def reml(starts: Any, y: Any, v: Any, found: Any) -> None:
    """Fill `found` with each analysis' tau2, by Fisher scoring from DerSimonian and Laird's.

    It takes the maximum it comes to, which is not always the highest.
    """
    for g in range(len(found)):
        a, b = starts[g], starts[g + 1]
        tau2 = 0.0
        for step_number in range(MOST_STEPS):
            w1 = w2 = w3 = product = 0.0
            for i in range(a, b):
                w = 1 / (v[i] + tau2)
                w1 += w
                w2 += w * w
                w3 += w * w * w
                product += w * y[i]
            mean = product / w1
            q = squares = 0.0
            for i in range(a, b):
                w = 1 / (v[i] + tau2)
                r = w * (y[i] - mean)
                q += r * (y[i] - mean)
                squares += r * r
            trace = w1 - w2 / w1
            if step_number == 0:
                step = (q - (b - a - 1)) / trace
            else:
                step = (squares - trace) / (w2 - 2 * w3 / w1 + w2 * w2 / (w1 * w1))
            before = tau2
            tau2 = max(0.0, tau2 + step)
            if step_number > 0 and abs(tau2 - before) < ENOUGH:
                break
        found[g] = tau2


def compiled() -> Callable[[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]], Any]:
    """Return the same as a function of starts (with the end), effects and variances."""
    import numba

    kernel = numba.njit(
        nogil=True, cache=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"}
    )(reml)
    workers = os.cpu_count() or 1

    def fit(
        starts: NDArray[np.intp], y: NDArray[np.float64], v: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        found = np.empty(len(starts) - 1)
        edges = np.linspace(0, len(found), workers + 1).astype(int).tolist()
        with ThreadPoolExecutor(workers) as pool:
            for done in [
                pool.submit(kernel, starts[a : b + 1], y, v, found[a:b]) for a, b in pairwise(edges)
            ]:
                done.result()
        return found

    return fit
