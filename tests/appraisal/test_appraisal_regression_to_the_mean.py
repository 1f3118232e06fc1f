"""Regression to the mean: a number by hand, what mathematics promises, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import equipoise as eq


def test_people_one_deviation_above_the_mean() -> None:
    """10 · (1 - 0.6) · φ(1) / (1 - Φ(1)) = 4 · 0.2419707 / 0.1586553."""
    assert eq.regression_to_the_mean(50, 10, 0.6, 60) == pytest.approx(6.100541, abs=5e-7)
    expected = 4 * 0.24197072451914337 / 0.15865525393145707
    assert eq.regression_to_the_mean(50, 10, 0.6, 60) == pytest.approx(expected, rel=1e-12)


def test_it_is_what_chosen_people_lose_in_a_simulation() -> None:
    random = np.random.default_rng(20260101)
    first, other = random.standard_normal((2, 2_000_000))
    again = 0.6 * first + 0.8 * other
    chosen = first > 1
    lost = 10 * (first[chosen] - again[chosen])
    error = lost.std() / math.sqrt(chosen.sum())
    assert abs(lost.mean() - eq.regression_to_the_mean(50, 10, 0.6, 60)) < 4 * error


@given(st.floats(-5, 60), st.floats(0.1, 100), st.floats(-1, 1))
def test_its_limits(z: float, sd: float, correlation: float) -> None:
    fall = eq.regression_to_the_mean(20, sd, correlation, 20 + z * sd)
    assert fall >= 0
    # those above a limit are above the mean by φ/(1-Φ), which is above the limit itself
    mean = eq.regression_to_the_mean(20, sd, 0, 20 + z * sd)
    assert mean >= max(z, 0) * sd * (1 - 1e-12)
    assert fall == pytest.approx((1 - correlation) * mean)
    assert eq.regression_to_the_mean(20, sd, 1, 20 + z * sd) == 0


def test_far_out_the_two_formulas_meet() -> None:
    below, above = (eq.regression_to_the_mean(0, 1, 0, cut) for cut in (30.0, 30.0 + 1e-9))
    assert below == pytest.approx(above, rel=1e-9)


def test_when_everybody_is_chosen_nobody_is_expected_to_fall() -> None:
    assert eq.regression_to_the_mean(50, 10, 0.6, -1000) == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((50, 0, 0.6, 60), "sd must be above 0, got 0"),
        ((50, 10, 1.2, 60), "correlation must lie from -1 to 1, got 1.2"),
        ((math.nan, 10, 0.6, math.inf), "mean nan, cut inf: not finite"),
    ],
)
def test_what_is_refused(given: tuple[float, float, float, float], said: str) -> None:
    with pytest.raises(eq.UsageError, match=said):
        eq.regression_to_the_mean(*given)
