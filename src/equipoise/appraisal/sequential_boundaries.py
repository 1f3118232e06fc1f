"""Boundaries for looking at accumulating evidence several times with one error rate."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from equipoise.appraisal.arguments import check_numbers
from equipoise.effects.domains import POSITIVE, PROBABILITY, read_arrays
from equipoise.effects.interval import Floats
from equipoise.errors import UsageError

_CLOSEST = 1e-6
"""Looks nearer to each other than this share of the information would need too fine a grid."""
_HALVINGS = 100
_REACH = 39.0
"""Standard deviations beyond which the normal density is 0 in floating point."""
_AT_ONCE = 4_000_000
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def sequential_boundaries(fractions: ArrayLike, *, alpha: float = 0.05) -> Floats:
    """Return the boundaries of |z| at each look: Lan and DeMets', of O'Brien and Fleming's type.

    Up to the fraction t of the information, the error rate 4(1 - Φ(z_{1-α/4}/√t)) is spent, half of
    it on each side. With the Brownian motion B(t) = z√t, the boundary c at the look k solves

    P(|B(tⱼ)| < cⱼ√tⱼ for all j < k, B(tₖ) ≥ c√tₖ) = what is spent between the looks, on one side,

    by integrating over B(t) from look to look. Neither the number of looks nor their times need be
    planned. In a trial this is standard; in a meta-analysis see `trial_sequential_analysis`.

    Parameters
    ----------
    fractions
        Information at each look, as a share of what is required: above 0 and increasing. The first
        look at 1 or more is the last: it spends what is left.
    alpha
        Two-sided error rate over all looks.

    Returns
    -------
    ndarray
        One boundary a look: infinite where practically nothing is spent yet (with alpha 0.05 below
        about 0.3% of the information), NaN after the last.

    Raises
    ------
    UsageError
        If there is no look, a fraction is not above 0, the fractions do not increase (by 1e-6 at
        least), or alpha is not between 0 and 1.

    References
    ----------
    Lan & DeMets 1983, Biometrika 70:659-663, doi:10.1093/biomet/70.3.659; Armitage, McPherson &
    Rowe 1969, J R Stat Soc A 132:235-244, doi:10.2307/2343787 (integration).
    """
    check_numbers(PROBABILITY, alpha=alpha)
    t = _read(fractions)
    last = int(np.argmax(t >= 1)) if (t >= 1).any() else t.size - 1
    steps = np.sqrt(np.diff(t, prepend=0.0))
    spent = 2 * ndtr(float(ndtri(alpha / 4)) / np.sqrt(np.minimum(t, 1.0)))
    to_spend = np.diff(spent, prepend=0.0)
    boundaries = np.full(t.size, math.nan)
    places, masses = np.zeros(1), np.ones(1)
    for look in range(last + 1):
        end = _boundary(places, masses, steps[look], to_spend[look], math.sqrt(t[look]))
        boundaries[look] = end / math.sqrt(t[look])
        if look < last:
            reach = min(end, _REACH * math.sqrt(t[look]))
            nodes, weights = _grid(reach, min(steps[look], steps[look + 1]))
            places, masses = nodes, weights * _density(nodes, places, masses, steps[look])
    return boundaries


def _read(fractions: ArrayLike) -> Floats:
    (t,) = read_arrays(("fractions", fractions, POSITIVE))
    if t.ndim != 1 or t.size == 0 or np.isnan(t).any():
        raise UsageError("fractions must be a list of numbers, one for each look")
    if (np.diff(t, prepend=0.0) < _CLOSEST).any():
        raise UsageError(
            f"fractions must increase from look to look, by {_CLOSEST:g} at least; take looks "
            "nearer to each other as one"
        )
    return t


def _boundary(
    places: Floats, masses: Floats, step: float, to_spend: float, deviation: float
) -> float:
    """Return where B must be for the paths so far to be beyond it with a given probability."""
    if to_spend <= 0:
        return math.inf
    # without the earlier looks the boundary would be the highest it can be
    low, high = 0.0, -float(ndtri(to_spend)) * deviation
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if float(masses @ ndtr((places - middle) / step)) > to_spend:
            low = middle
        else:
            high = middle
    return high


def _grid(reach: float, scale: float) -> tuple[Floats, Floats]:
    """Return points and weights that integrate what varies on this scale from -reach to reach."""
    panels = math.ceil(2 * reach / (3 * scale))
    width = 2 * reach / panels
    starts = -reach + width * np.arange(panels)[:, None]
    return (starts + width * (_POINTS + 1) / 2).ravel(), np.tile(_WEIGHTS * width / 2, panels)


def _density(nodes: Floats, places: Floats, masses: Floats, step: float) -> Floats:
    """Return the density of B one step on, of paths with these masses at these places."""
    rows = max(1, _AT_ONCE // places.size)
    parts = [
        np.exp(-(((nodes[start : start + rows, None] - places) / step) ** 2) / 2) @ masses
        for start in range(0, nodes.size, rows)
    ]
    return np.asarray(np.concatenate(parts) / (step * math.sqrt(2 * math.pi)))
