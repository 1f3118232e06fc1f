"""How much people improve for no other reason than that they were chosen when they were worst."""

from __future__ import annotations

import math

from equipoise.errors import UsageError


def regression_to_the_mean(mean: float, sd: float, correlation: float, cut: float) -> float:
    """Return by how much a mean falls of itself in people who were chosen for being above a limit.

    Of a measurement X ~ N(μ, σ²) that is repeated with correlation ρ, people with X > c are chosen:

        σ (1 - ρ) φ(z) / (1 - Φ(z)),  z = (c - μ) / σ,

    where φ and Φ are the density and the distribution function of the standard normal
    distribution. People chosen for being below a limit rise by what those above the mirrored limit
    2μ - c fall by. Where the measurement is skewed to the right the formula gives too little.

    Parameters
    ----------
    mean, sd
        Of everybody, not only of those chosen, in the unit of the measurement; sd above 0.
    correlation
        Between two measurements of the same people between whom nothing happened, from -1 to 1.
    cut
        The limit above which people are chosen, in the same unit.

    Returns
    -------
    float
        The expected fall, in that unit; 0 if the two measurements agree perfectly.

    Raises
    ------
    UsageError
        If a number is not finite, or the standard deviation or the correlation is out of range.

    References
    ----------
    Barnett AG, van der Pols JC, Dobson AJ. Int J Epidemiol 2005;34:215-220,
    doi:10.1093/ije/dyh299.
    """
    given = {"mean": mean, "sd": sd, "correlation": correlation, "cut": cut}
    if odd := [f"{name} {value}" for name, value in given.items() if not math.isfinite(value)]:
        raise UsageError(f"{', '.join(odd)}: not finite")
    if sd <= 0:
        raise UsageError(f"sd must be above 0, got {sd:g}")
    if not -1 <= correlation <= 1:
        raise UsageError(f"correlation must lie from -1 to 1, got {correlation:g}")
    return sd * (1 - correlation) * _hazard((cut - mean) / sd)


_FAR = 30.0
"""From here on the tail is smaller than doubles can hold well, and its expansion exact."""


def _hazard(z: float) -> float:
    """φ(z) / (1 - Φ(z)); far out by the asymptotic expansion of Mills' ratio."""
    if z > _FAR:
        return z / (1 - 1 / z**2 + 3 / z**4 - 15 / z**6)
    density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    return density / (math.erfc(z / math.sqrt(2)) / 2)
