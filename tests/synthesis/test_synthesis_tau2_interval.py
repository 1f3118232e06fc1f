"""Intervals of tau2: published numbers, and the definitions."""

import math

import numpy as np
import pandas as pd
import pytest
from analyses import BCG, COUNTS, DIURETICS, HARD, Analysis, analyses, effects_of
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from equipoise.errors import UsageError
from equipoise.synthesis.mantel_haenszel import mantel_haenszel
from equipoise.synthesis.pool import pool
from equipoise.synthesis.tau2_interval import tau2_interval

Floats = NDArray[np.float64]

LEVELS = (0.1, 0.3, 0.5, 0.65, 0.7, 0.75, 0.8, 0.95)


def heights(analysis: Analysis, tau2: Floats, estimator: str) -> Floats:
    """Return the (restricted) log-likelihood of every tau2, but for a constant."""
    y, v = (np.array(values)[:, None] for values in analysis)
    total = v + tau2
    w = 1 / total
    mean = (w * y).sum(axis=0) / w.sum(axis=0)
    height = np.log(total).sum(axis=0) + (w * (y - mean) ** 2).sum(axis=0)
    return np.asarray(-(height + np.log(w.sum(axis=0)) * (estimator == "REML")) / 2)


def quantile(level: float) -> float:
    from scipy import special

    return float(special.chdtri(1, 1 - level))


@pytest.mark.parametrize(
    ("estimator", "method", "low", "high"),
    [
        ("DL", "q-profile", 0.0723, 2.2027),
        ("ML", "profile-likelihood", 0.0265, 1.1308),
        ("REML", "profile-likelihood", 0.0427, 1.4747),
        ("ML", "wald", 0, 0.5782),
        ("REML", "wald", 0, 0.7322),
    ],
)
def test_viechtbauer_2007(estimator: str, method: str, low: float, high: float) -> None:
    """Viechtbauer 2007, Stat Med 26:37-52, Table II: diuretics. Digits from metafor.

    Its search for the profile likelihood under ML stops early, and gives 0.0266.
    """
    found = tau2_interval(pool(effects_of(DIURETICS, "OR"), estimator=estimator), method)
    assert [found.low, found.high] == pytest.approx([low, high], abs=5.1e-5)


def test_the_q_profile_is_that_of_pool() -> None:
    found = pool(effects_of(BCG, "RR"), level=0.9)
    interval = tau2_interval(found)
    assert (interval.low, interval.high) == (found.tau2_low, found.tau2_high)
    assert (interval.estimate, interval.level, interval.method) == (found.tau2, 0.9, "q-profile")


@pytest.mark.parametrize("estimator", ["ML", "REML"])
@pytest.mark.parametrize("name", HARD)
def test_several_maxima_give_the_outermost_ends(name: str, estimator: str) -> None:
    """On a fine grid: what is plausible lies inside, and begins and ends at the interval's ends."""
    analysis = HARD[name]
    found = pool(*analysis, estimator=estimator)
    first = min(analysis.variances)
    grid = np.append(0.0, np.geomspace(first, 50, 20_001)[1:] - first)
    height = heights(analysis, grid, estimator)
    at_best = heights(analysis, np.array([found.tau2]), estimator)[0]
    for level in LEVELS:
        plausible = grid[height >= at_best - quantile(level) / 2]
        interval = tau2_interval(found, "profile-likelihood", level)
        step = 1e-3 * (first + interval.high)
        assert interval.low <= found.tau2 <= interval.high
        assert interval.high == pytest.approx(max([found.tau2, *plausible]), abs=step)
        assert interval.low == pytest.approx(min([found.tau2, *plausible]), abs=step)


def test_a_gap_between_two_maxima_is_inside() -> None:
    """Analysis B: 0 is the most likely, around 0.69 is plausible too, and 0.1 between is not."""
    found = pool(*HARD["B"])
    interval = tau2_interval(found, "profile-likelihood", 0.75)
    between = heights(HARD["B"], np.array([0.0, 0.1, 0.6893]), "REML")
    assert between[1] < between[0] - quantile(0.75) / 2 < between[2]
    assert interval.low == 0
    assert interval.high > 0.6893


@pytest.mark.parametrize("estimator", ["ML", "REML"])
@given(analysis=analyses(least=3), level=st.floats(0.5, 0.99))
def test_at_the_ends_the_likelihood_has_fallen_by_half_the_quantile(
    estimator: str, analysis: Analysis, level: float
) -> None:
    found = pool(*analysis, estimator=estimator)
    interval = tau2_interval(found, "profile-likelihood", level)
    ends = np.array([interval.low, interval.high, found.tau2])
    low, high, best = heights(analysis, ends, estimator)
    assert best - high == pytest.approx(quantile(level) / 2, rel=1e-6)
    if interval.low > 0:
        assert best - low == pytest.approx(quantile(level) / 2, rel=1e-6)
    else:
        assert best - low <= quantile(level) / 2 + 1e-9


@given(analyses(least=3), st.floats(0.5, 0.99))
def test_at_the_ends_of_the_q_profile_q_is_at_its_quantiles(
    analysis: Analysis, level: float
) -> None:
    from scipy import special

    interval = tau2_interval(pool(*analysis, estimator="DL"), level=level)
    y, v = map(np.array, analysis)
    for end, tail in ((interval.low, (1 - level) / 2), (interval.high, (1 + level) / 2)):
        w = 1 / (v + end)
        q = (w * (y - (w * y).sum() / w.sum()) ** 2).sum()
        target = special.chdtri(len(y) - 1, tail)
        assert q == pytest.approx(target, rel=1e-6) if end > 0 else q <= target * (1 + 1e-9)


@pytest.mark.parametrize("method", ["q-profile", "profile-likelihood", "wald"])
@given(analysis=analyses(least=3), scale=st.floats(0.01, 100))
def test_it_stretches_with_the_effects(method: str, analysis: Analysis, scale: float) -> None:
    found = pool(*analysis)
    assume(not found.second_loss < 1e-6)
    other = pool([scale * y for y in analysis.effects], [scale**2 * v for v in analysis.variances])
    ours, theirs = tau2_interval(found, method), tau2_interval(other, method)
    slack = 1e-6 * scale**2 * min(analysis.variances)
    for name in ("low", "high"):
        assert getattr(theirs, name) == pytest.approx(
            scale**2 * getattr(ours, name), rel=1e-6, abs=slack
        )


@pytest.mark.parametrize("method", ["q-profile", "profile-likelihood", "wald"])
def test_it_widens_with_the_level(method: str) -> None:
    found = pool(effects_of(BCG, "RR"))
    narrow, wide = (tau2_interval(found, method, level) for level in (0.5, 0.99))
    assert 0 <= wide.low < narrow.low < found.tau2 < narrow.high < wide.high


def test_rows_left_out_do_not_matter() -> None:
    table = effects_of(BCG, "RR")
    longer = pd.concat([table, table.iloc[:1].assign(effect=math.nan, reason="not wanted")])
    for method in ("q-profile", "profile-likelihood", "wald"):
        assert tau2_interval(pool(longer), method) == tau2_interval(pool(table), method)


def test_two_studies() -> None:
    found = tau2_interval(pool([0.1, 0.9], [0.01, 0.02]), "profile-likelihood")
    assert 0 <= found.low < found.estimate < found.high < math.inf


def test_what_has_no_interval_is_refused() -> None:
    table = effects_of(BCG, "RR")
    for common in (
        pool(table, estimator="CE"),
        mantel_haenszel(pd.DataFrame(BCG, columns=COUNTS)),
    ):
        with pytest.raises(UsageError, match="its effect is common to all studies"):
            tau2_interval(common)
    with pytest.raises(UsageError, match="one study does not tell"):
        tau2_interval(pool([0.1], [0.2]))
    with pytest.raises(UsageError, match="estimate by ML or REML"):
        tau2_interval(pool(table, estimator="DL"), "profile-likelihood")
    given = pool(table, tau2=0.3)
    with pytest.raises(UsageError, match="estimate by ML or REML"):
        tau2_interval(given, "profile-likelihood")
    with pytest.raises(UsageError, match="has no standard error"):
        tau2_interval(given, "wald")
    with pytest.raises(UsageError, match="unknown method 'QP'; choose one of: q-profile, profile"):
        tau2_interval(given, "QP")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="level must lie between 0 and 1"):
        tau2_interval(given, level=2)
    with pytest.raises(UsageError, match="give a result of pool, not a str"):
        tau2_interval("x")  # type: ignore[arg-type]
