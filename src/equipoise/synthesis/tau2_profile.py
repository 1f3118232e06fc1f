"""How likely the data make each variance between studies: the likelihood, drawn out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from equipoise.synthesis import one
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.refits import Refits
from equipoise.synthesis.tau2_interval import profile_likelihood, studies_apart

if TYPE_CHECKING:
    import pandas as pd

_POINTS = 400
_BEYOND = 1.15


def tau2_profile(pooled: Pooled) -> pd.DataFrame:
    """Return the log-likelihood of τ² over a grid, with every maximum marked.

    It is the likelihood of ML if that is the result's estimator, else the restricted one, each
    maximised over the mean. Where it is flat, the data say little about τ²; where it has two
    maxima, they are told here whatever the distance between them.

    Parameters
    ----------
    pooled
        A result of `pool`, of two studies or more; any estimator, as the likelihood is that of the
        studies.

    Returns
    -------
    DataFrame
        `tau2` from 0 to beyond the highest maximum and the profile likelihood interval (and the
        Q-profile interval, if that is not twice as long), evenly spaced in its square root, with
        every maximum among them; `log_likelihood`; and `maximum`:
        "global", "local" or empty.

    Raises
    ------
    UsageError
        If it is no result of `pool`, or of one study.

    See Also
    --------
    tau2_interval : which values of τ² agree with the data.

    References
    ----------
    Hardy & Thompson 1996, Stat Med 15:619-629 (profile likelihood).
    """
    import pandas as pd

    apart = studies_apart(Refits.of(pooled, least=2).pooled)
    restricted = pooled.estimator != "ML"
    maxima = one.maxima(*apart, restricted)
    _low, high = profile_likelihood(apart, restricted, pooled.level)
    end = _BEYOND * max(high, *maxima)
    if pooled.tau2_high < 2 * end:
        end = max(end, _BEYOND * pooled.tau2_high)
    grid = np.unique(np.append(np.linspace(0.0, end**0.5, _POINTS) ** 2, maxima))
    height = np.array(
        [one.log_likelihoods(*apart, tau2)[int(restricted)] for tau2 in grid.tolist()]
    )
    best = max(maxima, key=lambda tau2: height[np.searchsorted(grid, tau2)])
    marks = ["" if tau2 not in maxima else "global" if tau2 == best else "local" for tau2 in grid]
    return pd.DataFrame({"tau2": grid, "log_likelihood": height, "maximum": marks})
