"""Whether REML and ML always return the highest maximum of the likelihood.

    python benchmarks/reml_maxima.py [--sets 200000] [--seed 1] [--markdown FILE]

Random sets of 2 to 10 studies are made to be hard: variances up to a million times apart, effects
that agree, scatter, cluster, or agree among precise studies only. Each answer is set against the
likelihood on a dense grid of tau2, refined around every maximum, written here a second time and
without the package. The exit code is 1 if a set has a higher maximum than the one returned, or if
the engines disagree.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import equipoise as eq
from equipoise.display import markdown
from equipoise.synthesis.batch import Engine
from equipoise.synthesis.method import Estimator

Floats = NDArray[np.float64]

POINTS = 480  # of the grid, beside tau2 = 0: at most 9% from one to the next
FINE = 40_000  # where a second maximum is told that is not seen, or the other way round
AT_ONCE = 64  # sets on the grid at a time: few enough for the processor's cache
GOLDEN = (5**0.5 - 1) / 2
TOLERANCE = 1e-9  # of a log-likelihood
NEAR = 2.0  # log-units within which a second maximum is told
POOLED_ONE_BY_ONE = 20_000
ENGINES: tuple[Engine, ...] = ("numpy", "numba")
KINDS = ("homogeneous", "scattered", "clustered", "mixed", "precise agree")


@dataclass(slots=True)
class Tally:
    """What was found about one estimator.

    Attributes
    ----------
    sets, misses
        How many were searched; how many have a maximum above the one returned.
    worst
        By how much, at most.
    several, near
        Sets with two maxima or more, and those whose second is within `NEAR` log-units.
    untold
        Sets where a second maximum is told and not there, or there and not told, or elsewhere.
    engines
        How far, in log-likelihood, what numba and `pool` return is from what numpy returns.
    seconds
        The time that the grid took.
    """

    sets: int = 0
    misses: int = 0
    worst: float = -np.inf
    several: int = 0
    near: int = 0
    untold: int = 0
    engines: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    def cells(self, estimator: str) -> list[str]:
        """Return the line of the table."""
        apart = ", ".join(f"{name} {gap:.0e}" for name, gap in self.engines.items())
        numbers = (self.sets, self.misses, self.several, self.near, self.untold)
        shown = [f"{n:,}" for n in numbers]
        worst = f"{max(self.worst, 0.0):.0e}"
        return [estimator, *shown[:2], worst, *shown[2:], apart, f"{self.seconds:.0f} s"]


HEAD = ["estimator", "sets", "misses", "largest gap", "with several maxima",
        f"second within {NEAR:g}", "second not told rightly", "engines apart", "grid"]  # fmt: skip


def main() -> int:
    """Make the sets, compare, print the table, and return 1 for a miss or a disagreement."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--markdown", type=Path, help="write the table to this file")
    chosen = parser.parse_args()
    tallies: dict[Estimator, Tally] = {"REML": Tally(), "ML": Tally()}
    for y, v in sets(chosen.sets, np.random.default_rng(chosen.seed)):
        for estimator, tally in tallies.items():
            search(tally, y, v, estimator, chosen.sets)
    rows = [tally.cells(name) for name, tally in tallies.items()]
    text = markdown.table(pd.DataFrame(rows, columns=HEAD))
    sys.stdout.write(text)
    if chosen.markdown:
        chosen.markdown.write_text(text, encoding="utf-8")
    return int(any(_fails(tally) for tally in tallies.values()))


def _fails(tally: Tally) -> bool:
    apart = max(tally.engines.values())
    return tally.misses > 0 or tally.untold > 0 or not apart <= TOLERANCE


def sets(count: int, rng: np.random.Generator) -> Iterator[tuple[Floats, Floats]]:
    """Yield effects and variances, of shape (sets, studies), for 2 to 10 studies."""
    for k, n in zip(range(2, 11), np.diff(np.linspace(0, count, 10).astype(int)), strict=True):
        ratio = 10 ** rng.uniform(0, 6, (n, 1))
        place = rng.random((n, k))
        place[: n // 2] = place[: n // 2].round()  # half of the sets have two sizes of study only
        v = ratio**-place * 10 ** rng.uniform(-3, 3, (n, 1))
        kind = rng.integers(len(KINDS), size=(n, 1))
        yield np.select([kind == i for i in range(len(KINDS))], _effects(v, ratio, rng)), v


def _effects(v: Floats, ratio: Floats, rng: np.random.Generator) -> list[Floats]:
    """Return the effects of each of `KINDS`."""
    n, k = v.shape
    z = rng.standard_normal((n, k))
    noise = z * np.sqrt(v)
    tau2 = v.max(axis=1, keepdims=True) * ratio ** rng.uniform(-1.2, 0.6, (n, 1))
    centres = rng.standard_normal((n, 3)) * np.sqrt(tau2)
    cluster = np.take_along_axis(centres, rng.integers(3, size=(n, k)), axis=1)
    precision = v.min(axis=1, keepdims=True) / v
    factor = 10 ** rng.uniform(-0.5, 1.5, (n, 1))
    return [
        noise,
        noise + rng.standard_normal((n, k)) * np.sqrt(tau2),
        0.1 * noise + cluster,
        noise * 10 ** rng.uniform(-2, 1.5, (n, k)),
        noise * factor ** (1 - precision),
    ]


def search(tally: Tally, y: Floats, v: Floats, estimator: Estimator, count: int) -> None:
    """Compare what is returned for some sets with the grid."""
    restricted = estimator == "REML"
    ours = answers(y, v, estimator, round(POOLED_ONE_BY_ONE * len(y) / count))
    heights = {name: height(y[: len(x)], v[: len(x)], x, restricted) for name, x in ours.items()}
    returned = heights.pop("numpy")
    for name, other in heights.items():
        gap = np.nan_to_num(np.abs(other - returned[: len(other)]), nan=np.inf)
        tally.engines[name] = max(tally.engines.get(name, 0.0), float(gap.max(initial=0.0)))
    told = eq.pool_many(
        y.ravel(), v.ravel(), starts=_starts(y), estimator=estimator, columns=["second_loss"]
    )["second_loss"].to_numpy()
    started = time.perf_counter()
    for at in range(0, len(y), AT_ONCE):
        here = slice(at, at + AT_ONCE)
        best, second = highest(y[here], v[here], restricted)
        for i in np.flatnonzero(_untold(best - second, told[here])):
            one = slice(at + i, at + i + 1)
            best[[i]], second[[i]] = highest(y[one], v[one], restricted, FINE)
        gap = best - returned[here]
        tally.misses += int((~(gap <= TOLERANCE)).sum())
        tally.worst = max(tally.worst, float(gap.max()))
        tally.several += int(np.isfinite(second).sum())
        tally.near += int((best - second < NEAR).sum())
        tally.untold += int(_untold(best - second, told[here]).sum())
    tally.sets += len(y)
    tally.seconds += time.perf_counter() - started


def _untold(loss: Floats, told: Floats) -> NDArray[np.bool_]:
    """Return where the loss of the second maximum is not what was told; NaN says there is none."""
    near = loss < NEAR
    off = np.where(np.isfinite(told) & near, np.abs(loss - told) > 1e-6, np.isfinite(told) != near)
    return np.asarray(off & (np.abs(loss - NEAR) > 1e-6))


def answers(y: Floats, v: Floats, estimator: Estimator, alone: int) -> dict[str, Floats]:
    """Return tau2 by each engine, and by `pool` for the first `alone` sets."""
    flat, starts = (y.ravel(), v.ravel()), _starts(y)
    found: dict[str, Floats] = {
        engine: eq.pool_many(
            *flat, starts=starts, estimator=estimator, engine=engine, columns=["tau2"]
        )["tau2"].to_numpy()
        for engine in ENGINES
    }
    alone = min(max(alone, 1), len(y))
    found["pool"] = np.array([eq.pool(y[i], v[i], estimator=estimator).tau2 for i in range(alone)])
    return found


def _starts(y: Floats) -> NDArray[np.intp]:
    return np.arange(0, y.size, y.shape[1])


def log_likelihood(y: Floats, v: Floats, tau2: Floats, restricted: bool) -> Floats:
    """Return the (restricted) log-likelihood, of shape (sets, points) as tau2, but for a constant.

    Sums run over the studies, and the mean is taken out of the effects: nothing is rearranged.
    """
    total = product = np.zeros(tau2.shape)
    determinant = np.ones(tau2.shape)
    for j in range(y.shape[1]):
        spread = v[:, j, None] + tau2
        total = total + 1 / spread
        product = product + y[:, j, None] / spread
        determinant *= spread
    mean, q = product / total, np.zeros(tau2.shape)
    for j in range(y.shape[1]):
        q += (y[:, j, None] - mean) ** 2 / (v[:, j, None] + tau2)
    return -0.5 * (np.log(determinant * total if restricted else determinant) + q)


def height(y: Floats, v: Floats, tau2: Floats, restricted: bool) -> Floats:
    """Return the log-likelihood of one tau2 a set."""
    return log_likelihood(y, v, tau2[:, None], restricted)[:, 0]


def highest(y: Floats, v: Floats, restricted: bool, points: int = POINTS) -> tuple[Floats, Floats]:
    """Return the heights of the highest maximum and of the second, minus infinity without one.

    Two maxima count as two if the likelihood falls between them by more than `TOLERANCE`.
    """
    widest, spread = v.max(axis=1), y.var(axis=1)
    low, high = np.log(1e-9 * widest), np.log(1e3 * np.maximum(widest, spread))
    steps = np.linspace(0, 1, points)
    grid = np.exp(low[:, None] + (high - low)[:, None] * steps)
    grid = np.concatenate([np.zeros((len(y), 1)), grid], axis=1)
    heights = log_likelihood(y, v, grid, restricted)
    outside = np.full((len(y), 1), -np.inf)
    left = np.concatenate([outside, heights[:, :-1]], axis=1)
    right = np.concatenate([heights[:, 1:], outside], axis=1)
    whose, at = np.nonzero((heights > left) & (heights >= right))
    ends = grid[whose, np.maximum(at - 1, 0)], grid[whose, np.minimum(at + 1, points)]
    refined = _refine(y[whose], v[whose], *ends, restricted)
    tops = np.maximum(refined, heights[whose, at])
    best, second = np.full(len(y), -np.inf), np.full(len(y), -np.inf)
    np.maximum.at(best, whose, tops)
    for i in np.flatnonzero(np.bincount(whose, minlength=len(y)) > 1):
        mine = whose == i
        second[i] = _second(heights[i], at[mine], tops[mine])
    return best, second


def _refine(y: Floats, v: Floats, a: Floats, b: Floats, restricted: bool) -> Floats:
    """Return the maximum between a and b, by golden sections of ln(tau2 + least variance)."""
    least = v.min(axis=1)
    a, b = np.log(a + least), np.log(b + least)

    def at(x: Floats) -> Floats:
        return height(y, v, np.maximum(0.0, np.exp(x) - least), restricted)

    found = np.maximum(at(a), at(b))
    for _ in range(40):
        inner, outer = b - GOLDEN * (b - a), a + GOLDEN * (b - a)
        lower, upper = at(inner), at(outer)
        rising = upper > lower
        a, b = np.where(rising, inner, a), np.where(rising, b, outer)
        found = np.maximum(found, np.maximum(lower, upper))
    return np.asarray(found)


def _second(heights: Floats, at: NDArray[np.intp], tops: Floats) -> float:
    """Return the highest maximum that a valley parts from the highest; minus infinity if none."""
    best = tops.argmax()
    found = -np.inf
    for place, top in zip(at, tops, strict=True):
        a, b = sorted((int(place), int(at[best])))
        if top - heights[a : b + 1].min() > TOLERANCE and a < b:
            found = max(found, float(top))
    return found


if __name__ == "__main__":
    sys.exit(main())
