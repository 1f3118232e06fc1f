"""The synthesis of many analyses at once: the formulas of `one`, on arrays, and the same numbers.

An array has one row an analysis and one column a study. The most precise study stands apart, in
`first`; rows with fewer studies are filled up with studies of infinite variance and effect 0, which
weigh nothing. Iterations go on with the rows that still need them.
"""

from math import pi
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy import add, vecdot
from numpy.typing import NDArray

from equipoise.effects.interval import Floats
from equipoise.synthesis.one import (
    CE,
    CLOSE,
    EB,
    FIXED,
    GENQ,
    HE,
    HS,
    HSK,
    LEAST,
    ML,
    MOST_LOSS,
    MOST_STEPS,
    MOST_SURE,
    PM,
    PMM,
    REML,
    RESULTS,
    SJ,
    Plan,
)

Rows: TypeAlias = NDArray[np.intp]


class Block(NamedTuple):
    """Analyses of about the same size: `first` has shape (n,), `y` and `v` (n, studies - 1)."""

    first: Floats
    y: Floats
    v: Floats
    k: Floats

    def rows(self, chosen: Rows | NDArray[np.bool_]) -> "Block":
        """Return some of the analyses."""
        return Block(self.first[chosen], self.y[chosen], self.v[chosen], self.k[chosen])


def weighted(block: Block, tau2: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the weighted means, Σw, the generalised Q, and -dQ/dτ²."""
    first, y, v, _k = block
    w = 1 / (first + tau2)
    x = 1 / (v + tau2[:, None])
    total = w + add.reduce(x, -1)
    mean = vecdot(x, y) / total
    r = y - mean[:, None]
    x *= r
    e = w * mean
    return mean, total, e * mean + vecdot(x, r), e * e + vecdot(x, x)


def q_root(block: Block, target: Floats) -> Floats:
    """Return the τ² >= 0 at which the generalised Q falls to `target`; 0 where it starts lower."""
    widest = _widest(block)
    found = np.maximum(0.0, _spread(block) / target - widest)
    active, left = np.arange(len(target)), block
    for _ in range(MOST_STEPS):
        tau2, aim = found[active], target[active]
        _mean, _total, q, falls = weighted(left, tau2)
        with np.errstate(invalid="ignore"):  # 0/0 where all effects are the same
            step = q * (q - aim) / (aim * falls)
        step = np.where(step > 0, step, 0.0)
        found[active] = tau2 + step
        going = step > CLOSE * (left.first + tau2 + step)
        if not going.any():
            return found
        active, left = active[going], left.rows(going)
    found[active] = np.nan
    return found


def score(block: Block, tau2: Floats, restricted: bool) -> tuple[Floats, Floats, Floats, Floats]:
    """Return y'PPy, tr P (Σw for ML), and their derivatives by τ²."""
    first, y, v, _k = block
    w = 1 / (first + tau2)
    x = 1 / (v + tau2[:, None])
    rest = add.reduce(x, -1)
    total = w + rest
    mean = vecdot(x, y) / total
    pull = -w * mean
    e = y - mean[:, None]
    e *= x
    squares = pull * pull + vecdot(e, e)
    e -= pull[:, None]
    xe = x * e
    tilt = add.reduce(xe, -1)
    squares_fall = -2 * (vecdot(xe, e) - tilt * tilt / total)
    x2 = np.multiply(x, x, out=e)
    second = add.reduce(x2, -1)
    if not restricted:
        return squares, total, squares_fall, -(w * w + second)
    trace = w * rest / total
    p = np.subtract(x, x2 * (1 / total)[:, None], out=xe)
    diagonal = trace * trace + vecdot(p, p)
    between = (2 * w * w * second + second * second - vecdot(x2, x2)) / (total * total)
    return squares, trace + add.reduce(p, -1), squares_fall, -(diagonal + between)


def maxima(block: Block, restricted: bool) -> tuple[Rows, Floats]:
    """Return every maximum of the (restricted) likelihood: whose it is, and its τ².

    See `one.maxima` for why none is passed by. An analysis that comes to no end has none.
    """
    wide = _widest(block) - block.first
    last = _spread(block) - block.first
    flat = last <= 0
    owners, found = [np.flatnonzero(flat)], [np.zeros(int(flat.sum()))]
    active = np.flatnonzero(~flat)
    left = block.rows(active)
    tau2, reached = np.zeros(len(active)), left.first.copy()
    climbing = np.ones(len(active), dtype=bool)
    for _ in range(MOST_STEPS):
        if not len(active):
            break
        squares, trace, squares_fall, trace_fall = score(left, tau2, restricted)
        g = np.log(squares / trace)
        slope = reached * (squares_fall / squares - trace_fall / trace)
        up = g > 0
        here = wide[active]
        falling, rising = _bends(reached / (here + reached))
        bends = np.where(up, falling, rising)
        towards = np.where(up, slope, -slope)
        step = (towards + np.sqrt(towards * towards + 2 * bends * np.abs(g))) / bends
        close = step < CLOSE
        top, landed = up & close, ~up & climbing
        ahead = reached * np.exp(step)
        if top.any():
            owners.append(active[top])
            found.append(np.maximum(0.0, ahead[top] - left.first[top]))
        if landed.any():
            owners.append(active[landed])
            found.append(tau2[landed])
        climbing = up & ~close
        drop = np.maximum(0.0, -slope / rising)
        there = reached * np.exp(drop)
        lowest = np.exp(np.minimum(g + slope * drop / 2, 0.0))
        over = 4 * here * there >= lowest * (here + there) ** 2
        going = climbing | ~(over | (there >= here) | (tau2 >= last[active]))
        past = np.maximum(-2 * towards / np.where(up, rising, falling), LEAST)
        reached = np.where(close, ahead * np.exp(past), ahead)
        if not going.all():
            active, left = active[going], left.rows(going)
            reached, climbing = reached[going], climbing[going]
        tau2 = reached - left.first
    whose = np.concatenate(owners)
    unfinished = np.isin(whose, active)
    return whose[~unfinished], np.concatenate(found)[~unfinished]


def _bends(least: Floats) -> tuple[Floats, Floats]:
    """Return how much g bends down and up at the most, given the least share; see `one.maxima`."""
    least = np.minimum(least, MOST_SURE)
    uneven = np.where(least > 0.5, least * (1 - least), 0.25)
    spread = (1 - least) ** 2
    return 2 * uneven + spread / 4, spread + uneven


def most_likely(block: Block, restricted: bool) -> tuple[Floats, Floats, Floats]:
    """Return the most likely τ², the next best maximum, and by how much its log-likelihood is less.

    The latter two are NaN where there is no second maximum within `MOST_LOSS`.
    """
    n = len(block.first)
    best, second, loss = np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    whose, found = maxima(block, restricted)
    best[whose] = found
    several = np.bincount(whose, minlength=n)[whose] > 1
    if not several.any():
        return best, second, loss
    whose, found = whose[several], found[several]
    height = log_likelihoods(block.rows(whose), found)[1 if restricted else 0]
    order = np.lexsort((-height, whose))
    whose, found, height = whose[order], found[order], height[order]
    starts = np.flatnonzero(np.r_[True, whose[1:] != whose[:-1]])
    best[whose[starts]] = found[starts]
    less = height[starts] - height[starts + 1]
    near = starts[less <= MOST_LOSS]
    second[whose[near]] = found[near + 1]
    loss[whose[near]] = height[near] - height[near + 1]
    return best, second, loss


def log_likelihoods(block: Block, tau2: Floats) -> tuple[Floats, Floats]:
    """Return the log-likelihoods of τ² and the weighted mean, and the restricted ones of τ²."""
    first, _y, v, k = block
    _mean, total, q, _falls = weighted(block, tau2)
    spread = v + tau2[:, None]
    spread[np.isinf(spread)] = 1.0  # what fills a row up has no likelihood
    logs = np.log(first + tau2) + add.reduce(np.log(spread), -1)
    likelihood = -0.5 * (k * np.log(2 * pi) + logs + q)
    return likelihood, likelihood + 0.5 * np.log(2 * pi * k / total)


def moment(block: Block, first_weight: Floats, weights: Floats) -> tuple[Floats, ...]:
    """Return, for P made of any weights a, y'Py and Σa, tr PV, tr P, tr PVPV, tr PVP, tr PP."""
    first, y, v, _k = block
    v = np.where(weights > 0, v, 0.0)
    rest = add.reduce(weights, -1)
    total = first_weight + rest
    mean = vecdot(weights, y) / total
    r = y - mean[:, None]
    q = first_weight * mean * mean + vecdot(weights * r, r)
    lead = first_weight * rest / total
    p = weights * (1 - weights / total[:, None])
    pv = p * v
    trace, trace_v = lead + add.reduce(p, -1), lead * first + add.reduce(pv, -1)
    a2 = weights * weights
    a2v = a2 * v
    s2, s2v = add.reduce(a2, -1), add.reduce(a2v, -1)
    f, total2 = first_weight * first_weight, total * total
    squares = lead * lead + vecdot(p, p) + (2 * f * s2 + s2 * s2 - vecdot(a2, a2)) / total2
    mixed = f * first * s2 + f * s2v + s2 * s2v - vecdot(a2, a2v)
    squares_v = lead * lead * first + vecdot(p, pv) + mixed / total2
    both = 2 * f * first * s2v + s2v * s2v - vecdot(a2v, a2v)
    squares_vv = (lead * first) ** 2 + vecdot(pv, pv) + both / total2
    return q, total, trace_v, trace, squares_vv, squares_v, squares


def between_studies(
    block: Block, first_weight: Floats, weights: Floats, estimator: int, se: bool, middle: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return τ², its standard error, and of a second maximum τ² and the loss of log-likelihood."""
    first, _y, v, k = block
    none = np.full(len(k), np.nan)
    if estimator in (REML, ML):
        tau2, second, loss = most_likely(block, estimator == REML)
        if not se:
            return tau2, none, second, loss
        information = score(block, tau2, estimator == REML)[3]
        return tau2, np.sqrt(-2 / information), second, loss
    if estimator in (PM, EB, PMM):
        tau2 = q_root(block, middle if estimator == PMM else k - 1)
        return tau2, k * np.sqrt(2 / (k - 1)) / weighted(block, tau2)[1], none, none
    start = _spread(block) / k if estimator == SJ else np.zeros(len(k))
    if estimator == HE:
        first_weight, weights = np.ones(len(k)), np.where(np.isinf(v), 0.0, 1.0)
    elif estimator != GENQ:
        first_weight, weights = 1 / (first + start), 1 / (v + start[:, None])
    q, total, trace_v, trace, squares_vv, squares_v, squares = moment(block, first_weight, weights)
    if estimator == SJ:
        tau2 = start * q / (k - 1)
        with np.errstate(divide="ignore"):
            scale = (k - 1) / start
    elif estimator in (HS, HSK):
        small = k / (k - 1) if estimator == HSK else 1.0
        tau2, scale = np.maximum(0.0, (small * q - k) / total), total / small
    else:
        tau2, scale = np.maximum(0.0, (q - trace_v) / trace), trace
    variance = 2 * (squares_vv + 2 * tau2 * squares_v + tau2 * tau2 * squares)
    return tau2, np.sqrt(variance) / scale, none, none


def fit(
    block: Block,
    first_weight: Floats,
    weights: Floats,
    plan: Plan,
    quantiles: Floats,
) -> dict[str, Floats]:
    """Return what `one.RESULTS` names, for each analysis; the arguments are those of `one.fit`."""
    estimator, fixed, own_weights, se, interval, likelihood = plan
    upper, lower, middle = quantiles
    first, _y, v, k = block
    several = k > 1
    none = np.full(len(k), np.nan)
    tau2 = np.full(len(k), fixed if estimator == FIXED else 0.0)
    result = {**dict.fromkeys(RESULTS, none), "tau2": tau2}
    start = np.zeros(len(k))
    mean, total, result["q"], _falls = weighted(block, start)
    x = 1 / v
    rest = add.reduce(x, -1)
    result["trace"] = rest / (first * total) + add.reduce(x - x * x / total[:, None], -1)
    if CE < estimator < FIXED:
        names = ("tau2", "tau2_se", "second_tau2", "second_loss")
        parts = between_studies(
            block.rows(several),
            first_weight[several],
            weights[several],
            estimator,
            se,
            middle[several],
        )
        for name, part in zip(names, parts, strict=True):
            result[name] = none.copy()
            result[name][several] = part
        tau2 = np.where(several, result["tau2"], 0.0)
    if interval:
        for name, target in (("tau2_low", upper), ("tau2_high", lower)):
            result[name] = none.copy()
            result[name][several] = q_root(block.rows(several), target[several])
    mean, total, residual, _falls = weighted(block, tau2)
    variance, own_residual = 1 / total, residual
    if own_weights:
        mean, variance, own_residual = own_mean(block, first_weight, weights, tau2)
    if likelihood:
        ml, reml = log_likelihoods(block, tau2)
        result["log_likelihood"] = ml - (own_residual - residual) / 2
        result["restricted_log_likelihood"] = reml - (own_residual - residual) / 2
    return {**result, "mean": mean, "variance": variance, "residual": residual}


def own_mean(
    block: Block, first_weight: Floats, weights: Floats, tau2: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the means under any weights, their variances, and Σ(y - mean)²/(v + τ²)."""
    first, y, v, _k = block
    total = first_weight + add.reduce(weights, -1)
    mean = vecdot(weights, y) / total
    spread = v + tau2[:, None]
    used = np.where(weights > 0, spread, 0.0)
    squares = first_weight * first_weight * (first + tau2) + vecdot(weights * used, weights)
    r = y - mean[:, None]
    residual = mean * mean / (first + tau2) + vecdot(r / spread, r)
    return mean, squares / (total * total), residual


def _widest(block: Block) -> Floats:
    widest = np.where(np.isinf(block.v), 0.0, block.v).max(axis=-1, initial=0.0)
    return np.asarray(np.maximum(widest, block.first))


def _spread(block: Block) -> Floats:
    """Return Σ(y - ȳ)², the effect of each first study being 0."""
    mean = add.reduce(block.y, -1) / block.k
    r = np.where(np.isinf(block.v), 0.0, block.y - mean[:, None])
    return np.asarray(mean * mean + vecdot(r, r))
