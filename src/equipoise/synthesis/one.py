"""The synthesis of one analysis, in plain loops: read this file for the formulas.

An analysis is told as its most precise study, of variance `first`, and the others: `y`, their
effects minus the effect of the first, and `v`, their variances. Measured so, no digit is lost when
the first study outweighs the others a million times. Lists do for a call from Python, arrays for
the same functions when they are compiled (see `compiled`); `many` does the same for many analyses
at once with arrays alone.

Everywhere wᵢ = 1/(vᵢ + τ²), and P = W - W11'W/Σw takes the weighted mean out of the effects.
"""

from collections.abc import Sequence
from math import exp, inf, log, nan, pi, sqrt
from typing import TypeAlias

Numbers: TypeAlias = Sequence[float]

Plan: TypeAlias = tuple[int, float, bool, bool, bool, bool]
"""Estimator, the τ² of FIXED, and whether the user's weights make the mean, whether the standard
error of τ², its Q-profile interval and the log-likelihoods are wanted."""

Chi2: TypeAlias = tuple[float, float, float]
"""Quantiles of χ² with k - 1 degrees of freedom: the interval's ends, upper first; the median."""

CE, DL, HE, HS, HSK, SJ, ML, REML, EB, PM, PMM, GENQ, FIXED = range(13)

MOST_SURE = 0.9  # shares above this are taken for it, so that a bound on how g bends is never 0
CLOSE = 1e-8  # a step this small, squared, is below the precision of a number
LEAST = 1e-3  # maxima closer than this, in ln(τ² + first), are one
MOST_LOSS = 2.0  # log-units within which a second maximum is worth telling
MOST_STEPS = 1000

RESULTS = (
    "mean", "variance", "residual", "tau2", "tau2_se", "tau2_low", "tau2_high", "q", "trace",
    "second_tau2", "second_loss", "log_likelihood", "restricted_log_likelihood",
)  # fmt: skip


def weighted(
    first: float, y: Numbers, v: Numbers, tau2: float
) -> tuple[float, float, float, float]:
    """Return the weighted mean, Σw, the generalised Q = Σw(y - mean)², and -dQ/dτ²."""
    w = 1 / (first + tau2)
    total, product = w, 0.0
    for i in range(len(v)):
        x = 1 / (v[i] + tau2)
        total += x
        product += x * y[i]
    mean = product / total
    e = w * mean
    q, falls = e * mean, e * e
    for i in range(len(v)):
        r = y[i] - mean
        e = r / (v[i] + tau2)
        q += e * r
        falls += e * e
    return mean, total, q, falls


def q_root(first: float, y: Numbers, v: Numbers, target: float) -> float:
    """Return the τ² >= 0 at which the generalised Q falls to `target`; 0 if it starts lower.

    Q(τ²) falls, and 1/Q is concave: Newton's steps on 1/Q from the left never overshoot.
    """
    widest = first
    for i in range(len(v)):
        widest = max(widest, v[i])
    tau2 = max(0.0, spread(y) / target - widest)  # Q >= Σ(y - ȳ)² / (widest + τ²)
    for _ in range(MOST_STEPS):
        _mean, _total, q, falls = weighted(first, y, v, tau2)
        if q <= target:
            return tau2
        step = q * (q - target) / (target * falls)
        tau2 += step
        if step <= CLOSE * (first + tau2):
            return tau2
    return nan


def score(
    first: float, y: Numbers, v: Numbers, tau2: float, restricted: bool
) -> tuple[float, float, float, float]:
    """Return y'PPy, tr P (Σw for ML), and their derivatives by τ²; their difference is the score.

    The log-likelihood's derivative is (y'PPy - tr P)/2, with Σw instead of tr P for ML.
    """
    w = 1 / (first + tau2)
    rest = product = 0.0
    for i in range(len(v)):
        x = 1 / (v[i] + tau2)
        rest += x
        product += x * y[i]
    total = w + rest
    mean = product / total
    pull = -w * mean
    squares, tilt, bend = pull * pull, 0.0, 0.0
    trace = w * rest / total
    diagonal, second, fourth = trace * trace, 0.0, 0.0
    share = 1 / total
    for i in range(len(v)):
        x = 1 / (v[i] + tau2)
        e = x * (y[i] - mean)
        squares += e * e
        e -= pull
        tilt += x * e
        bend += x * e * e
        p = x * (1 - x * share)
        trace += p
        diagonal += p * p
        x *= x
        second += x
        fourth += x * x
    squares_fall = -2 * (bend - tilt * tilt / total)
    if not restricted:
        return squares, total, squares_fall, -(w * w + second)
    between = (2 * w * w * second + second * second - fourth) / (total * total)
    return squares, trace, squares_fall, -(diagonal + between)


def bends(least: float) -> tuple[float, float]:
    """Return how far g of `maxima` can bend down and up where no share is below `least`."""
    least = min(least, MOST_SURE)
    apart = (1 - least) * (1 - least)  # four times the largest variance of the shares
    uneven = least * (1 - least) if least > 0.5 else 0.25  # the largest u(1 - u)
    return 2 * uneven + apart / 4, apart + uneven


def maxima(first: float, y: Numbers, v: Numbers, restricted: bool) -> list[float]:
    """Return every τ² >= 0 at which the (restricted) likelihood has a maximum, the smallest first.

    The score is zero where g = ln(y'PPy / tr P) is. In x = ln(τ² + first), both y'PPy and tr P are
    sums of terms c/(d + eˣ)ⁿ (n = 2 and 1; c >= 0; d from 0 to wide = max(v) - first). The log of
    such a sum falls by n·mean(u) and bends by n²·var(u) - n·mean(u(1 - u)), with the shares
    u = eˣ/(d + eˣ) weighted by its terms. No u is below least = eˣ/(wide + eˣ), which only grows:
    that bounds how g bends from x on, and a parabola tells how far g surely keeps its sign. Going
    that far from τ² = 0 on, step by step, passes no root by; near a root it is Newton's method.
    No root lies above Σ(y - ȳ)² - first. As g' <= 1 - 2·least, g can still rise by
    ln((wide + eˣ)²/(4·wide·eˣ)), and not at all once eˣ >= wide; if that keeps it below 0, from the
    lowest point that the parabola warrants, the search is over.
    """
    widest = first
    for i in range(len(v)):
        widest = max(widest, v[i])
    wide = widest - first
    last = spread(y) - first
    found = [0.0 for _ in range(0)]
    tau2, reached, climbing = 0.0, first, True
    for _ in range(MOST_STEPS):
        if last <= 0:
            return [0.0]
        squares, trace, squares_fall, trace_fall = score(first, y, v, tau2, restricted)
        g = log(squares / trace)
        slope = reached * (squares_fall / squares - trace_fall / trace)
        down, up = bends(reached / (wide + reached))
        if g > 0:
            step = (slope + sqrt(slope * slope + 2 * down * g)) / down
            climbing = step >= CLOSE
            if not climbing:
                found.append(max(0.0, reached * exp(step) - first))
                step += max(-2 * slope / up, LEAST)  # g is below 0 at least that far
        else:
            if climbing:
                found.append(tau2)
            climbing = False
            step = (-slope + sqrt(slope * slope - 2 * up * g)) / up
            if step < CLOSE:
                step += max(2 * slope / down, LEAST)
        if not climbing:
            ahead = max(0.0, -slope / up)
            lowest, there = g + slope * ahead / 2, reached * exp(ahead)
            over = 4 * wide * there >= exp(lowest) * (wide + there) * (wide + there)
            if over or there >= wide or tau2 >= last:
                return found
        reached *= exp(step)
        tau2 = reached - first
    return [nan]


def most_likely(
    first: float, y: Numbers, v: Numbers, restricted: bool
) -> tuple[float, float, float]:
    """Return the most likely τ², the next best maximum, and by how much its log-likelihood is less.

    The latter two are NaN where there is only one maximum.
    """
    found = maxima(first, y, v, restricted)
    best, second, height, second_height = found[0], nan, nan, nan
    if len(found) > 1:
        height = second_height = -inf
        for tau2 in found:
            here = log_likelihoods(first, y, v, tau2)[1 if restricted else 0]
            if here > height:
                best, second, height, second_height = tau2, best, here, height
            elif here > second_height:
                second, second_height = tau2, here
        if not height - second_height <= MOST_LOSS:
            return best, nan, nan
    return best, second, height - second_height


def log_likelihoods(first: float, y: Numbers, v: Numbers, tau2: float) -> tuple[float, float]:
    """Return the log-likelihood of τ² and the weighted mean, and the restricted one of τ²."""
    _mean, total, q, _falls = weighted(first, y, v, tau2)
    logs = log(first + tau2)
    for i in range(len(v)):
        logs += log(v[i] + tau2)
    k = len(y) + 1
    likelihood = -0.5 * (k * log(2 * pi) + logs + q)
    return likelihood, likelihood + 0.5 * log(2 * pi * k / total)


def moment(
    first: float, y: Numbers, v: Numbers, first_weight: float, weights: Numbers
) -> tuple[float, float, float, float, float, float, float]:
    """Return, for P made of any weights a, y'Py and Σa, tr PV, tr P, tr PVPV, tr PVP, tr PP."""
    rest = product = 0.0
    for i in range(len(y)):
        rest += weights[i]
        product += weights[i] * y[i]
    total = first_weight + rest
    mean = product / total
    q = first_weight * mean * mean
    p = first_weight * rest / total
    trace, trace_v = p, p * first
    squares, squares_v, squares_vv = p * p, p * p * first, p * p * first * first
    # sums over pairs i != j of (aᵢaⱼ)², times vᵢ, times vᵢvⱼ, without what i = j would cancel
    a2, a4, a2v, a4v, a4vv = 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(len(v)):
        w, b = weights[i], v[i]
        q += w * (y[i] - mean) * (y[i] - mean)
        p = w * (1 - w / total)
        trace += p
        trace_v += p * b
        squares += p * p
        squares_v += p * p * b
        squares_vv += p * p * b * b
        w *= w
        a2 += w
        a2v += w * b
        w *= w
        a4 += w
        a4v += w * b
        a4vv += w * b * b
    f = first_weight * first_weight
    squares += (2 * f * a2 + a2 * a2 - a4) / (total * total)
    squares_v += (f * first * a2 + f * a2v + a2 * a2v - a4v) / (total * total)
    squares_vv += (2 * f * first * a2v + a2v * a2v - a4vv) / (total * total)
    return q, total, trace_v, trace, squares_vv, squares_v, squares


def between_studies(
    first: float,
    y: Numbers,
    v: Numbers,
    first_weight: float,
    weights: Numbers,
    estimator: int,
    se: bool,
    middle: float,
) -> tuple[float, float, float, float]:
    """Return τ², its standard error, and of a second maximum τ² and the loss of log-likelihood.

    `middle` is the median of χ² with k - 1 degrees of freedom (PMM); the weights are GENQ's. The
    standard error may be NaN unless `se` asks for it.
    """
    k = len(y) + 1
    if estimator in (REML, ML):
        tau2, second, less = most_likely(first, y, v, estimator == REML)
        if not se:
            return tau2, nan, second, less
        _squares, _trace, _fall, information = score(first, y, v, tau2, estimator == REML)
        return tau2, sqrt(-2 / information), second, less
    if estimator in (PM, EB, PMM):
        tau2 = q_root(first, y, v, middle if estimator == PMM else k - 1.0)
        _mean, total, _q, _falls = weighted(first, y, v, tau2)
        return tau2, k * sqrt(2 / (k - 1)) / total, nan, nan
    start = 0.0
    if estimator == GENQ:
        terms = moment(first, y, v, first_weight, weights)
    elif estimator == HE:
        terms = moment(first, y, v, 1.0, [1.0 for _ in v])
    else:
        start = spread(y) / k if estimator == SJ else 0.0
        terms = moment(first, y, v, 1 / (first + start), [1 / (b + start) for b in v])
    q, total, trace_v, trace, squares_vv, squares_v, squares = terms
    if estimator == SJ:
        tau2, scale = start * q / (k - 1), (k - 1) / start if start > 0 else inf
    elif estimator in (HS, HSK):
        small = k / (k - 1) if estimator == HSK else 1.0
        tau2, scale = max(0.0, (small * q - k) / total), total / small
    else:
        tau2, scale = max(0.0, (q - trace_v) / trace), trace
    variance = 2 * (squares_vv + 2 * tau2 * squares_v + tau2 * tau2 * squares)
    return tau2, sqrt(variance) / scale, nan, nan


def fit(
    first: float,
    y: Numbers,
    v: Numbers,
    first_weight: float,
    weights: Numbers,
    plan: Plan,
    quantiles: Chi2,
) -> tuple[float, ...]:
    """Return what `RESULTS` names: all of an analysis that is not derived from these numbers."""
    estimator, fixed, own_weights, se, interval, likelihood = plan
    upper, lower, middle = quantiles
    k = len(y) + 1
    tau2 = fixed if estimator == FIXED else 0.0
    tau2_se = tau2_low = tau2_high = second = less = ml = reml = nan
    mean, total, q, _falls = weighted(first, y, v, 0.0)
    rest, trace, share = 0.0, 0.0, 1 / total
    for i in range(len(v)):
        x = 1 / v[i]
        rest += x
        trace += x * (1 - x * share)
    trace += rest * share / first
    if k > 1 and CE < estimator < FIXED:
        tau2, tau2_se, second, less = between_studies(
            first, y, v, first_weight, weights, estimator, se, middle
        )
    if k > 1 and interval:
        tau2_low = q_root(first, y, v, upper)
        tau2_high = q_root(first, y, v, lower)
    residual = q
    if tau2 != 0:
        mean, total, residual, _falls = weighted(first, y, v, tau2)
    variance, own_residual = 1 / total, residual
    if own_weights:
        mean, variance, own_residual = own_mean(first, y, v, first_weight, weights, tau2)
    if likelihood:
        ml, reml = log_likelihoods(first, y, v, tau2)
        ml, reml = ml - (own_residual - residual) / 2, reml - (own_residual - residual) / 2
    if k == 1 and CE < estimator < FIXED:
        tau2 = nan  # one study does not tell
    return (
        mean, variance, residual, tau2, tau2_se, tau2_low, tau2_high, q, trace, second, less, ml,
        reml,
    )  # fmt: skip


def own_mean(
    first: float, y: Numbers, v: Numbers, first_weight: float, weights: Numbers, tau2: float
) -> tuple[float, float, float]:
    """Return the mean for any weights a, its variance Σa²(v + τ²)/(Σa)², Σ(y - mean)²/(v + τ²)."""
    total, product, squares = first_weight, 0.0, first_weight * first_weight * (first + tau2)
    for i in range(len(y)):
        total += weights[i]
        product += weights[i] * y[i]
        squares += weights[i] * weights[i] * (v[i] + tau2)
    mean = product / total
    residual = mean * mean / (first + tau2)
    for i in range(len(y)):
        residual += (y[i] - mean) * (y[i] - mean) / (v[i] + tau2)
    return mean, squares / (total * total), residual


def spread(y: Numbers) -> float:
    """Return Σ(y - ȳ)², the effect of the first study being 0."""
    mean = 0.0
    for i in range(len(y)):
        mean += y[i]
    mean /= len(y) + 1
    squares = mean * mean
    for i in range(len(y)):
        squares += (y[i] - mean) * (y[i] - mean)
    return squares


def fit_each(starts, y, v, weights, plan, quantiles, found, origin):  # type: ignore[no-untyped-def]
    """Fit each analysis of flat arrays: what `compiled` compiles."""
    own = plan[2] or plan[0] == GENQ
    most = 0
    for g in range(len(starts) - 1):
        most = max(most, starts[g + 1] - starts[g])
    rest_y, rest_v, rest_own = y[:most].copy(), v[:most].copy(), weights[:most].copy()
    for g in range(len(starts) - 1):
        a, b = starts[g], starts[g + 1]
        if a == b:
            found[g] = origin[g] = nan
            continue
        precise = a
        for i in range(a, b):
            if v[i] < v[precise]:
                precise = i
        n, first_own = 0, 1.0
        for i in range(a, b):
            if i != precise:
                rest_y[n], rest_v[n] = y[i] - y[precise], v[i]
                if own:
                    rest_own[n] = weights[i]
                n += 1
        if own:
            first_own = weights[precise]
        upper, lower, middle = quantiles[g]
        rest = rest_y[:n], rest_v[:n], first_own, rest_own[:n]
        found[g] = fit(v[precise], *rest, plan, (upper, lower, middle))
        origin[g] = y[precise]
