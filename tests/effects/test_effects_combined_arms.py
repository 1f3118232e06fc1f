"""Arms made one: exactly what the people together would give."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.combined_arms import (
    combine_counts,
    combine_means,
    correlation_of_change,
    pooled_sd,
    sd_of_change,
    split_shared_arm,
)
from equipoise.errors import UsageError

people = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12)
arms_of_people = st.lists(people, min_size=1, max_size=5)
sds = st.floats(0.1, 100)


def summary(arms: list[list[float]]) -> tuple[list[float], list[float], list[float]]:
    arrays = [np.array(arm) for arm in arms]
    mean, sd = [float(a.mean()) for a in arrays], [float(a.std(ddof=1)) for a in arrays]
    return mean, sd, [float(len(a)) for a in arrays]


@given(arms_of_people)
def test_combined_is_what_the_people_together_give(arms: list[list[float]]) -> None:
    together = np.concatenate(arms)
    mean, sd, n = combine_means(*summary(arms))
    assert n == len(together)
    assert mean == pytest.approx(together.mean(), rel=1e-9, abs=1e-9)
    assert sd == pytest.approx(together.std(ddof=1), rel=1e-9, abs=1e-9)


@given(arms_of_people, st.randoms())
def test_the_order_of_arms_does_not_matter(arms: list[list[float]], chance: Any) -> None:
    shuffled = chance.sample(arms, len(arms))
    one, other = combine_means(*summary(arms)), combine_means(*summary(shuffled))
    assert one == pytest.approx(other, rel=1e-9, abs=1e-9)


@given(arms_of_people)
def test_two_by_two_is_the_same_as_all_at_once(arms: list[list[float]]) -> None:
    mean, sd, n = summary(arms)
    so_far: tuple[Any, Any, Any] = (mean[0], sd[0], n[0])
    for arm in zip(mean[1:], sd[1:], n[1:], strict=True):
        so_far = combine_means(*zip(so_far, arm, strict=True))
    assert so_far == pytest.approx(combine_means(mean, sd, n), rel=1e-9, abs=1e-9)


def test_the_handbooks_formula_for_two_arms() -> None:
    """Section 6.5.2.10, written out: Σ(n - 1)s² + n₁n₂/N (m₁² + m₂² - 2m₁m₂)."""
    within = 29 * 4.2**2 + 24 * 5.1**2
    between = 30 * 25 / 55 * (17**2 + 14.5**2 - 2 * 17 * 14.5)
    mean, sd, n = combine_means([17, 14.5], [4.2, 5.1], [30, 25])
    assert mean == pytest.approx((30 * 17 + 25 * 14.5) / 55, rel=1e-12)
    assert sd == pytest.approx(math.sqrt((within + between) / 54), rel=1e-12)
    assert n == 55
    assert pooled_sd([4.2, 5.1], [30, 25]) == pytest.approx(math.sqrt(within / 53), rel=1e-12)


def test_studies_are_rows_and_arms_the_last_axis() -> None:
    mean, sd, n = combine_means([[1, 3], [2, math.nan]], [[1, 1], [1, 1]], 10)
    assert mean.tolist()[0] == 2
    assert np.isnan(mean).tolist() == np.isnan(sd).tolist() == [False, True]
    assert n.tolist() == [20, 20]


def test_one_person_has_no_spread() -> None:
    assert np.isnan(combine_means([5], [0], [1])[1])
    assert np.isnan(pooled_sd([0, 0], [1, 1]))


def test_counts_add_up() -> None:
    events, n = combine_counts([[3, 4, 0], [1, 2, 3]], 20)
    assert events.tolist() == [7, 6]
    assert n.tolist() == [60, 60]


@given(st.integers(0, 50), st.integers(50, 500), st.integers(1, 6))
def test_the_shares_of_an_arm_make_the_arm_again(events: int, n: int, parts: int) -> None:
    share = split_shared_arm(events, n, parts)
    again = combine_counts([share[0]] * parts, [share[1]] * parts)
    assert again == pytest.approx((events, n), rel=1e-12)


def test_the_handbooks_cross_over_trial() -> None:
    """Version 5.1, section 16.4.6.4: SDs 2.38 and 2.21, r 0.68, 10 people: the SE is 0.583."""
    assert sd_of_change(2.38, 2.21, 0.68) / math.sqrt(10) == pytest.approx(0.583, abs=5e-4)


@given(sds, sds, st.floats(-0.99, 0.99))
def test_spread_and_correlation_of_a_change_invert(before: float, after: float, r: float) -> None:
    change = sd_of_change(before, after, r)
    assert correlation_of_change(before, after, change) == pytest.approx(r, rel=1e-7, abs=1e-7)


def test_a_perfect_correlation_survives_rounding() -> None:
    before, after = np.array([0.1, 0.7, 1.1]), np.array([0.3, 0.2, 2.3])
    together = correlation_of_change(before, after, np.abs(after - before))
    apart = correlation_of_change(before, after, after + before)
    assert together == pytest.approx(1, abs=1e-12)
    assert apart == pytest.approx(-1, abs=1e-12)
    assert np.abs([together, apart]).max() <= 1


@given(people)
def test_the_spread_of_a_change_is_that_of_the_changes(before: list[float]) -> None:
    first = np.array(before)
    second = np.sin(first) * 50 + first / 3
    spreads = first.std(ddof=1), second.std(ddof=1)
    if min(spreads) > 1:
        r = np.corrcoef(first, second)[0, 1]
        if abs(r) < 1 - 1e-9:
            expected = (second - first).std(ddof=1)
            assert sd_of_change(*spreads, r) == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize(
    ("combine", "message"),
    [
        (lambda: combine_means([1, 2], [1, -1], [10, 0]), "row 2: n 0 must be 1 or more"),
        (lambda: combine_means([1, 2], [1, -1], [10, 0]), "row 2: sd -1 must be 0 or more"),
        (lambda: combine_means(1, 2, 3), "give the numbers of every arm"),
        (lambda: combine_counts(1, 3), "give the numbers of every arm"),
        (lambda: combine_counts([1, 9], [3, 8]), "row 2: events 9 is greater than n 8"),
        (lambda: pooled_sd(2, 3), "give the numbers of every arm"),
        (lambda: sd_of_change(1, 2, 1.5), "r 1.5 must lie between -1 and 1"),
        (lambda: correlation_of_change(1, 2, 3.1), "sd_change 3.1 fits no correlation"),
        (lambda: split_shared_arm(3, 10, 0), "comparisons 0 must be 1 or more"),
    ],
)
def test_refusals_say_why(combine: Callable[[], Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        combine()
