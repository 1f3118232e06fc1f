"""Every maximum of the likelihood is found, and the highest of them returned."""

import math

import numpy as np
import pytest
from analyses import HARD, QUICK, SLOW, Analysis, analyses
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from equipoise.synthesis import many, one
from equipoise.synthesis.batch import pool_many
from equipoise.synthesis.pool import pool

Floats = NDArray[np.float64]


def log_score(analysis: Analysis, tau2: Floats, restricted: bool) -> Floats:
    """Return ln(y'PPy / tr P), which has the sign of the score, by its definition."""
    y, v = (np.array(values)[:, None] for values in analysis)
    w = 1 / (v + tau2)
    total = w.sum(axis=0)
    mean = (w * (y - y[v.argmin()])).sum(axis=0) / total + y[v.argmin()]
    squares = (w**2 * (y - mean) ** 2).sum(axis=0)
    trace = (w * (1 - w / total)).sum(axis=0) if restricted else total
    return np.asarray(np.log(squares / trace))


def log_likelihood(analysis: Analysis, tau2: Floats, restricted: bool) -> Floats:
    y, v = (np.array(values)[:, None] for values in analysis)
    spread = v + tau2
    total = (1 / spread).sum(axis=0)
    mean = (y / spread).sum(axis=0) / total
    height = np.log(spread).sum(axis=0) + ((y - mean) ** 2 / spread).sum(axis=0)
    return np.asarray(-(height + np.log(total) * restricted) / 2)


def grid(analysis: Analysis, points: int) -> Floats:
    """Return values of tau2 from 0 to beyond any maximum, evenly apart in ln(tau2 + min v)."""
    least = min(analysis.variances)
    last = len(analysis.effects) * np.var(analysis.effects) + least
    return np.concatenate([[0.0], np.geomspace(least, 4 * last, points)[1:] - least])


def brackets(analysis: Analysis, restricted: bool, points: int = 4000) -> list[tuple[float, float]]:
    """Return the steps of the grid over which the score turns from positive to negative."""
    tau2 = grid(analysis, points)
    up = np.concatenate([[True], log_score(analysis, tau2, restricted) > 0])
    falls = np.flatnonzero(up[:-1] & ~up[1:])
    return [(tau2[max(0, at - 1)], tau2[at]) for at in falls]


def adversarial(seed: int) -> Analysis:
    """Return 2 to 10 studies with variances up to a million times apart, and scattered effects."""
    draw = np.random.default_rng(seed)
    k = draw.integers(2, 11)
    variances = 10 ** draw.uniform(0, draw.uniform(0.5, 6), k)
    effects = draw.normal(0, np.sqrt(variances * 10 ** draw.uniform(-0.5, 1.5, k)))
    return Analysis(effects.tolist(), variances.tolist())


ADVERSARIAL = [adversarial(seed) for seed in range(600)]


def block(several: list[Analysis]) -> many.Block:
    """Return analyses side by side, filled up to the size of the largest."""
    width = max(len(analysis.effects) for analysis in several) - 1
    y, v = np.zeros((len(several), width)), np.full((len(several), width), np.inf)
    first = np.zeros(len(several))
    for row, analysis in enumerate(several):
        first[row], others, variances = analysis.apart()
        y[row, : len(others)], v[row, : len(others)] = others, variances
    return many.Block(first, y, v, np.array([float(len(a.effects)) for a in several]))


@pytest.mark.parametrize("restricted", [True, False], ids=["REML", "ML"])
def test_no_maximum_of_a_dense_grid_is_passed_by(restricted: bool) -> None:
    several = 0
    for analysis in ADVERSARIAL:
        found = one.maxima(*analysis.apart(), restricted)
        several += len(found) > 1
        slack = 1e-9 * min(analysis.variances)
        for low, high in brackets(analysis, restricted):
            assert any(low - slack <= tau2 <= high + slack for tau2 in found), analysis
    assert several > 20


@pytest.mark.parametrize("restricted", [True, False], ids=["REML", "ML"])
def test_whatever_is_found_is_a_maximum(restricted: bool) -> None:
    for analysis in ADVERSARIAL:
        found = np.array(one.maxima(*analysis.apart(), restricted))
        least = min(analysis.variances)
        before, after = found - 1e-4 * (found + least), found + 1e-4 * (found + least)
        rises = log_score(analysis, np.maximum(before, 0), restricted) > 0
        assert (rises | (found == 0)).all(), analysis
        assert (log_score(analysis, after, restricted) < 0).all(), analysis


@pytest.mark.parametrize("restricted", [True, False], ids=["REML", "ML"])
def test_many_finds_the_same_maxima_as_one(restricted: bool) -> None:
    whose, found = many.maxima(block(ADVERSARIAL), restricted)
    for row, analysis in enumerate(ADVERSARIAL):
        alone = one.maxima(*analysis.apart(), restricted)
        together = sorted(found[whose == row].tolist())
        assert together == pytest.approx(alone, rel=1e-9, abs=1e-9 * min(analysis.variances))


@pytest.mark.parametrize("estimator", ["REML", "ML"])
def test_the_estimate_is_the_global_maximum(estimator: str) -> None:
    restricted = estimator == "REML"
    for analysis in ADVERSARIAL:
        tau2 = pool(*analysis, estimator=estimator).tau2
        best = log_likelihood(analysis, np.array([tau2]), restricted)[0]
        assert best >= log_likelihood(analysis, grid(analysis, 4000), restricted).max() - 1e-9


@settings(max_examples=300)
@given(analyses(decades=4), st.booleans(), st.floats(0, 12), st.floats(0.05, 2))
def test_the_curve_bends_no_more_than_the_search_relies_on(
    analysis: Analysis, restricted: bool, at: float, width: float
) -> None:
    """By the mean value theorem, the slope over any width changes by at most so much of it."""
    first, y, v = analysis.apart()
    assume(one.spread(y) > first)
    down, up = one.bends(1 / (1 + (max(analysis.variances) / first - 1) * math.exp(-at)))
    slopes = []
    for x in (at, at + width):
        reached = first * math.exp(x)
        squares, trace, squares_fall, trace_fall = one.score(
            first, y, v, reached - first, restricted
        )
        slopes.append(reached * (squares_fall / squares - trace_fall / trace))
    bend = (slopes[1] - slopes[0]) / width
    assert -down - 1e-6 <= bend <= up + 1e-6


@pytest.mark.parametrize("restricted", [True, False], ids=["REML", "ML"])
@given(analysis=analyses(decades=1), at=st.floats(0.1, 5))
def test_the_score_falls_as_its_derivative_says(
    restricted: bool, analysis: Analysis, at: float
) -> None:
    first, y, v = analysis.apart()
    step = 1e-5 * at
    low, high = (one.score(first, y, v, at + h, restricted) for h in (-step, step))
    squares, trace, squares_fall, trace_fall = one.score(first, y, v, at, restricted)
    slack = 1e-7 / at
    assert (high[0] - low[0]) / (2 * step) == pytest.approx(
        squares_fall, rel=1e-5, abs=slack * squares
    )
    assert (high[1] - low[1]) / (2 * step) == pytest.approx(trace_fall, rel=1e-5, abs=slack * trace)


@pytest.mark.parametrize(
    ("name", "tau2", "second", "loss"),
    [
        ("A", 0.1404, 0.0, 0.55415),
        ("B", 0.0, 0.6893, 0.56788),
        ("C", 0.3048, 0.0, 0.27672),
        ("D", 0.0793, 0.0, 0.02926),
        ("E", 0.0782, 0.0, 0.17827),
    ],
)
def test_both_maxima_of_the_hard_analyses_are_told(
    name: str, tau2: float, second: float, loss: float
) -> None:
    found = pool(*HARD[name])
    assert found.tau2 == pytest.approx(tau2, abs=5e-5)
    assert found.second_tau2 == pytest.approx(second, abs=5e-5)
    assert found.second_loss == pytest.approx(loss, abs=5e-6)
    assert any("second maximum" in note for note in found.notes)


def test_the_hard_analyses_are_the_same_together() -> None:
    effects, variances = map(np.concatenate, zip(*HARD.values(), strict=True))
    starts = np.cumsum([0, *(len(a.effects) for a in HARD.values())])[:-1]
    together = pool_many(effects, variances, starts=starts)
    for row, analysis in enumerate(HARD.values()):
        alone = pool(*analysis)
        for name in ("tau2", "second_tau2", "second_loss", "estimate"):
            assert together.loc[row, name] == pytest.approx(
                getattr(alone, name), rel=1e-10, abs=1e-14
            )


@pytest.mark.parametrize("analysis", [QUICK, SLOW], ids=["quick", "slow"])
def test_a_likelihood_with_one_maximum_tells_of_no_other(analysis: Analysis) -> None:
    found = pool(*analysis)
    assert math.isnan(found.second_tau2)
    assert not any("second maximum" in note for note in found.notes)


def test_a_maximum_far_below_is_not_told() -> None:
    """The loss counts from `MOST_LOSS` on."""
    apart = [a for a in ADVERSARIAL if len(one.maxima(*a.apart(), True)) > 1]
    losses = []
    for analysis in apart:
        heights = [
            one.log_likelihoods(*analysis.apart(), t)[1]
            for t in one.maxima(*analysis.apart(), True)
        ]
        loss = sorted(heights)[-1] - sorted(heights)[-2]
        losses.append(loss)
        assert math.isnan(pool(*analysis).second_loss) == (loss > one.MOST_LOSS)
    assert min(losses) < one.MOST_LOSS < max(losses)


def test_equal_effects_have_their_maximum_at_0() -> None:
    assert one.maxima(0.1, [0.0, 0.0], [0.2, 0.3], True) == [0.0]
    assert one.maxima(0.1, [0.0, 0.0], [0.2, 0.3], False) == [0.0]
