"""Before and after: changes of means and the spread they could have."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.paired import (
    mean_change,
    percent_change,
    sd_of_change,
    se_of_mean_change,
    se_of_mean_change_range,
)
from equipoise.errors import UsageError

sds = st.floats(0, 100)
correlations = st.floats(-1, 1)


def test_a_mean_that_falls_is_a_negative_change() -> None:
    assert mean_change(52, 23) == -29
    assert percent_change(52, 23) == pytest.approx(-55.769, abs=5e-4)


def test_the_formula_is_the_spread_of_real_differences() -> None:
    before = np.array([52.0, 61.0, 40.0, 70.0, 55.0, 48.0])
    after = np.array([30.0, 52.0, 33.0, 41.0, 50.0, 20.0])
    r = float(np.corrcoef(before, after)[0, 1])
    formula = sd_of_change(before.std(ddof=1), after.std(ddof=1), r)
    assert formula == pytest.approx((after - before).std(ddof=1), rel=1e-12)
    error = se_of_mean_change(before.std(ddof=1), after.std(ddof=1), 6, r)
    assert error == pytest.approx((after - before).std(ddof=1) / math.sqrt(6), rel=1e-12)


@given(sds, sds, st.integers(1, 500), correlations)
def test_the_range_holds_every_correlation(
    before: float, after: float, n: int, correlation: float
) -> None:
    low, high = se_of_mean_change_range(before, after, n)
    assert low == pytest.approx(abs(before - after) / math.sqrt(n))
    assert high == pytest.approx((before + after) / math.sqrt(n), abs=1e-12)
    error = se_of_mean_change(before, after, n, correlation)
    assert low * (1 - 1e-12) <= error <= high * (1 + 1e-12)


@given(sds, sds, correlations, correlations)
def test_a_closer_correlation_means_less_spread(
    before: float, after: float, one: float, other: float
) -> None:
    loose = sd_of_change(before, after, min(one, other))
    close = sd_of_change(before, after, max(one, other))
    assert close <= loose


@pytest.mark.parametrize("before", [0, -1, float("nan")])
def test_a_percent_change_needs_a_start_above_0(before: float) -> None:
    with pytest.raises(UsageError, match="mean above 0"):
        percent_change(before, 5)


@pytest.mark.parametrize(
    ("before", "after", "n", "correlation", "words"),
    [
        (-1, 2, 10, 0.5, "must not be negative"),
        (1, float("nan"), 10, 0.5, "must not be negative"),
        (1, 2, 10, 1.1, "between -1 and 1"),
        (1, 2, 0, 0.5, "n must be at least 1"),
    ],
)
def test_impossible_input_is_refused(
    before: float, after: float, n: int, correlation: float, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        se_of_mean_change(before, after, n, correlation)
