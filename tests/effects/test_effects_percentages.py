"""Percentages without denominators: exact rounding, and the figures it was written for."""

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.percentages import (
    assumed_interval,
    compatible_counts,
    compatible_denominators,
    proportion_range,
    rounding_range,
)
from equipoise.effects.proportions import proportion_interval
from equipoise.effects.rounding import difference_of, odds_ratio_of, ratio_of
from equipoise.errors import UsageError


@pytest.mark.parametrize(
    ("percent", "decimals", "n", "counts"),
    [
        (74, 0, 85, (63,)),
        (39, 0, 85, (33,)),
        (21, 0, 85, (18,)),
        (69, 0, 85, (59,)),
        (75, 0, 85, (64,)),
        (50, 0, 85, ()),
        (74, 0, 84, (62,)),
        (39, 0, 84, (33,)),
        (74, 0, 60, ()),
        (39, 0, 60, ()),
        (22.2, 1, 11, ()),
        (22.2, 1, 9, (2,)),
        (76.9, 1, 13, (10,)),
        (18.2, 1, 11, (2,)),
        (0, 0, 300, (0, 1)),
        (100, 0, 200, (199, 200)),
        (12.5, 1, 8, (1,)),
        (12, 0, 8, (1,)),
        (13, 0, 8, (1,)),
    ],
)
def test_counts_that_fit(percent: float, decimals: int, n: int, counts: tuple[int, ...]) -> None:
    assert compatible_counts(percent, decimals, n) == counts


@given(st.integers(0, 2), st.integers(1, 400), st.data())
def test_counts_are_exactly_those_within_rounding(
    decimals: int, n: int, data: st.DataObject
) -> None:
    units = data.draw(st.integers(0, 100 * 10**decimals))
    printed = Fraction(units, 10**decimals)
    half = Fraction(1, 2 * 10**decimals)
    brute = tuple(x for x in range(n + 1) if abs(Fraction(100 * x, n) - printed) <= half)
    assert compatible_counts(units / 10**decimals, decimals, n) == brute


@pytest.mark.parametrize("rule", [ROUND_HALF_UP, ROUND_HALF_EVEN])
@given(n=st.integers(1, 1000), decimals=st.integers(0, 2), data=st.data())
def test_every_count_fits_its_own_print(
    rule: str, n: int, decimals: int, data: st.DataObject
) -> None:
    x = data.draw(st.integers(0, n))
    exact = Decimal(100) * x / Decimal(n)
    printed = float(exact.quantize(Decimal(1).scaleb(-decimals), rounding=rule))
    assert x in compatible_counts(printed, decimals, n)
    assert n in compatible_denominators(printed, decimals, n)


def test_denominators_that_fit() -> None:
    assert compatible_denominators(22.2, 1, 20) == (9, 18)
    assert compatible_denominators(76.9, 1, 30) == (13, 26)
    assert 85 not in compatible_denominators(50, 0, 100)


@pytest.mark.parametrize(
    ("percent", "decimals", "low", "high"),
    [(74, 0, 73.5, 74.5), (22.2, 1, 22.15, 22.25), (0, 0, 0, 0.5), (100, 1, 99.95, 100)],
)
def test_rounding_ranges(percent: float, decimals: int, low: float, high: float) -> None:
    assert rounding_range(percent, decimals) == (low, high)


def test_ratios_and_differences_of_21_and_39_percent() -> None:
    ratio = ratio_of(proportion_range(21, 0), proportion_range(39, 0))
    assert round(ratio.point, 3) == 0.538
    assert round(100 * (1 - ratio.high), 1) == 44.2
    assert round(100 * (1 - ratio.low), 1) == 48.1
    point, low, high = difference_of(proportion_range(21, 0), proportion_range(39, 0))
    assert (100 * point, 100 * low, 100 * high) == pytest.approx((-18, -19, -17))
    assert round(odds_ratio_of(proportion_range(21, 0), proportion_range(39, 0)).point, 2) == 0.42


percentages = st.tuples(st.integers(0, 1000), st.just(1)).map(lambda p: (p[0] / 10, p[1]))


@given(percentages, percentages, st.floats(0, 1), st.floats(0, 1))
def test_ranges_hold_every_pair_that_prints_alike(
    treatment: tuple[float, int], control: tuple[float, int], u: float, v: float
) -> None:
    t_low, t_high = rounding_range(*treatment)
    c_low, c_high = rounding_range(*control)
    pair = (proportion_range(*treatment), proportion_range(*control))
    t, c = (t_low + u * (t_high - t_low)) / 100, (c_low + v * (c_high - c_low)) / 100
    _, low, high = difference_of(*pair)
    assert low - 1e-12 <= t - c <= high + 1e-12
    if c > 0:
        _, low, high = ratio_of(*pair)
        assert low * (1 - 1e-9) <= t / c <= high * (1 + 1e-9)
    if c > 0 and t < 1 and c < 1:
        _, low, high = odds_ratio_of(*pair)
        odds_ratio = t * (1 - c) / (c * (1 - t))
        assert low * (1 - 1e-9) <= odds_ratio <= high * (1 + 1e-9)


def test_a_control_percentage_of_0_leaves_the_ratio_open() -> None:
    ratio = ratio_of(proportion_range(10, 0), proportion_range(0, 0))
    assert (ratio.point, ratio.high) == (math.inf, math.inf)
    assert ratio.low == pytest.approx(19)
    assert math.isnan(ratio_of(proportion_range(0, 0), proportion_range(0, 0)).point)
    assert odds_ratio_of(proportion_range(100, 0), proportion_range(50, 0)).point == math.inf


def test_an_assumed_denominator_gives_the_interval_of_its_only_count() -> None:
    assumed = assumed_interval(74, 0, 85)
    counted = proportion_interval(63, 85)
    assert assumed.counts == (63,)
    assert (assumed.interval.low, assumed.interval.high) == (counted.low, counted.high)
    assert assumed.interval.estimate == 0.74
    assert assumed.assumption == (
        "This assumes that 74% is a share of 85 people, which is not reported; "
        "63 of 85 fits the printed figure."
    )
    assert assumed.to_frame().loc[0, "assumption"] == assumed.assumption


@given(st.integers(0, 100), st.integers(101, 2000))
def test_several_counts_are_all_covered(percent: int, n: int) -> None:
    assumed = assumed_interval(percent, 0, n)
    for count in assumed.counts:
        inner = proportion_interval(count, n)
        assert assumed.interval.low <= inner.low
        assert inner.high <= assumed.interval.high
    assert f"{assumed.counts[0]} " in assumed.assumption
    assert str(n) in assumed.assumption


def test_a_denominator_that_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no count out of 11 prints as 22\.2%"):
        assumed_interval(22.2, 1, 11)


@pytest.mark.parametrize(
    ("percent", "decimals", "words"),
    [
        (101, 0, "between 0 and 100"),
        (-1, 0, "between 0 and 100"),
        (float("nan"), 0, "between 0 and 100"),
        (22.25, 1, "more than 1 digits"),
        (22, 1.5, "decimals must be a whole number"),
        (22, -1, "decimals must be a whole number"),
        (22, 10, "decimals must be a whole number"),
    ],
)
def test_impossible_percentages_are_refused(percent: float, decimals: int, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        rounding_range(percent, decimals)


@pytest.mark.parametrize("n", [0, -5, 2.5])
def test_impossible_denominators_are_refused(n: int) -> None:
    with pytest.raises(UsageError, match="n must be a whole number of at least 1"):
        compatible_counts(50, 0, n)
