"""Henmi and Copas' interval: its distribution, and what must hold always."""

import math

import numpy as np
import pytest
from analyses import BCG, EIGHT_SCHOOLS, TEN_STUDIES, Analysis, analyses, effects_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from equipoise.errors import UsageError
from equipoise.synthesis.henmi_copas import henmi_copas
from equipoise.synthesis.henmi_copas_pivot import pivots
from equipoise.synthesis.pool import pool


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("OR", (-0.4361390761364099, 0.31319878537266227, -1.1909822098696927, 0.3187040575968729)),
        ("RR", (-0.43028516365409103, 0.28354435135524986, -1.15554876193203, 0.29497843462384793)),
    ],
)
def test_bcg_as_by_metafor(measure: str, expected: tuple[float, ...]) -> None:
    """metafor integrates to about 6 digits."""
    found = henmi_copas(effects_of(BCG, measure))
    numbers = [found.estimate, found.se, found.low, found.high]
    assert numbers == pytest.approx(expected, rel=1e-6)
    assert numbers[:2] == pytest.approx(expected[:2], rel=1e-12)


def by_matrices(variances: list[float], tau2: float, t: float) -> float:
    """Return P(U > t), with the moments of Q given R from matrices, by the trapezium rule."""
    from scipy import special

    v = np.array(variances)
    k, w = len(v), 1 / v
    share, cov = w / w.sum(), np.diag(v + tau2)
    var = share @ cov @ share
    centre = np.eye(k) - share
    shift = centre @ cov @ share / math.sqrt(var)
    form = np.diag(w) @ (centre @ cov @ centre.T - np.outer(shift, shift))
    r = np.linspace(t * math.sqrt(1 / w.sum() / var), 40, 400_001)
    mean = np.trace(form) + r**2 * (w * shift**2).sum()
    spread = 2 * np.trace(form @ form) + 4 * r**2 * (shift @ form @ (w * shift))
    tau2_below = (var * w.sum() ** 2 * (r / t) ** 2 - w.sum()) / (w**2).sum()
    q = k - 1 + (w.sum() - (w**2).sum() / w.sum()) * tau2_below
    below = special.gammainc(mean**2 / spread, q * mean / spread)
    return float(np.trapezoid(below * np.exp(-(r**2) / 2), r) / math.sqrt(2 * math.pi))


@pytest.mark.parametrize("k", [2, 3, 10, 60, 200])
@pytest.mark.parametrize("tau2", [0.0, 0.3, 30.0])
def test_the_distribution_is_that_of_its_definition(k: int, tau2: float) -> None:
    variances = (10 ** np.random.default_rng(k).uniform(-1, 1, k)).tolist()
    pivot = pivots(np.array([variances]), np.array([tau2]))
    for t in (0.3, 1.5, 3.0):
        assert pivot.beyond(np.array([t])).item() == pytest.approx(
            by_matrices(variances, tau2, t), rel=1e-6
        )


@pytest.mark.parametrize("tau2", [0.0, 0.5])
def test_the_distribution_is_that_of_simulated_studies(tau2: float) -> None:
    """300,000 analyses of five studies; the gamma distribution of Q is an approximation."""
    v = np.array([0.1, 0.3, 0.5, 1.0, 2.0])
    w = 1 / v
    y = np.random.default_rng(1).normal(0, np.sqrt(v + tau2), (300_000, 5))
    mean = y @ w / w.sum()
    q = ((y - mean[:, None]) ** 2 @ w - 4) / (w.sum() - (w**2).sum() / w.sum())
    pivot = mean * w.sum() / np.sqrt(w.sum() + np.maximum(0, q) * (w**2).sum())
    distribution = pivots(v[None], np.array([tau2]))
    for t in (0.5, 1.5, 2.5):
        assert distribution.beyond(np.array([t])).item() == pytest.approx(
            (np.abs(pivot) > t).mean() / 2, abs=2e-3
        )


@settings(max_examples=50)
@given(analyses(), st.floats(-10, 10), st.floats(0.01, 100))
@example(Analysis([0.0, 0.0], [1.0, 1.0]), 1e-213, 1.0)  # a statistic that is all but 0
def test_it_moves_and_stretches_with_the_effects(
    analysis: Analysis, shift: float, scale: float
) -> None:
    found = henmi_copas(*analysis)
    moved = henmi_copas(
        [shift + scale * y for y in analysis.effects], [scale**2 * v for v in analysis.variances]
    )
    assert moved.se == pytest.approx(scale * found.se, rel=1e-6)
    assert moved.high - moved.low == pytest.approx(scale * (found.high - found.low), rel=1e-6)
    assert moved.estimate == pytest.approx(
        shift + scale * found.estimate, rel=1e-9, abs=1e-9 * scale
    )


@settings(max_examples=50)
@given(analyses())
def test_mean_and_weights_are_those_of_the_common_effect(analysis: Analysis) -> None:
    found, common = henmi_copas(*analysis), pool(*analysis, estimator="CE", ci_method="wald")
    random = pool(*analysis, estimator="DL")
    assert (found.estimate, found.weights) == (common.estimate, common.weights)
    assert (found.tau2, found.q, found.tau2_high) == (random.tau2, common.q, random.tau2_high)
    assert found.se >= common.se * (1 - 1e-12)


@settings(max_examples=50)
@given(analyses(), st.floats(0.5, 0.9), st.floats(0.91, 0.999))
def test_p_value_and_interval_say_the_same(analysis: Analysis, level: float, other: float) -> None:
    narrow, wide = henmi_copas(*analysis, level=level), henmi_copas(*analysis, level=other)
    assert wide.low < narrow.low < narrow.estimate < narrow.high < wide.high
    assert narrow.p_value == wide.p_value
    assert 0 <= narrow.p_value <= 1
    edge = narrow.estimate - narrow.low
    at_edge = henmi_copas(
        [y - narrow.estimate + edge for y in analysis.effects], analysis.variances
    )
    assert at_edge.p_value == pytest.approx(1 - level, rel=1e-5)


def test_no_heterogeneity_leaves_less_than_the_normal_interval() -> None:
    """With tau2 = 0 the pivot has a larger standard error than the mean, sometimes."""
    found = henmi_copas([0.1, 0.1, 0.1], [1, 1, 1])
    assert found.tau2 == 0
    assert 1.5 < (found.high - found.estimate) / found.se < 1.96


@pytest.mark.parametrize("ratio", [1e4, 1e8, 1e12])
def test_one_study_that_outweighs_all_others(ratio: float) -> None:
    """Its mean is exact, but if studies differ it says little: the interval grows without bound."""
    found = henmi_copas([0.0, 0.5, 0.9], [0.1 / ratio, 0.1, 0.2])
    assert all(map(math.isfinite, (found.low, found.high, found.p_value)))
    assert found.low < -found.se < found.se < found.high


def test_one_study_has_its_normal_interval() -> None:
    found, alone = henmi_copas([0.4], [0.04]), pool([0.4], [0.04])
    assert (found.estimate, found.low, found.high) == (alone.estimate, alone.low, alone.high)
    assert found.p_value == alone.p_value
    assert math.isnan(found.tau2)


def test_rows_left_out_stay() -> None:
    effects = [*TEN_STUDIES.effects, math.nan]
    variances = [*TEN_STUDIES.variances, 0.1]
    found = henmi_copas(effects, variances, labels=list("abcdefghijk"))
    assert found.low == henmi_copas(*TEN_STUDIES).low
    assert (found.labels[-1], found.weights[-1], found.reasons[-1]) == ("k", 0, "no effect")


def test_nothing_is_told_that_belongs_to_another_mean() -> None:
    found = henmi_copas(*EIGHT_SCHOOLS)
    for name in ("df", "prediction_low", "prediction_high", "log_likelihood", "aic", "bic"):
        assert math.isnan(getattr(found, name)), name


def test_bad_input_is_told() -> None:
    with pytest.raises(UsageError, match="variance"):
        henmi_copas([0.1, 0.2], [0.1, -0.2])
    with pytest.raises(UsageError, match="level must lie between 0 and 1"):
        henmi_copas([0.1, 0.2], [0.1, 0.2], level=0)
