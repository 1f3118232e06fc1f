"""Intervals for one proportion, against Newcombe's 1998 test set and their own symmetries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.proportions import (
    PROPORTION_METHODS,
    clopper_pearson,
    jeffreys,
    proportion_interval,
    wilson,
)
from equipoise.errors import UsageError

METHODS = tuple(PROPORTION_METHODS)

# Newcombe 1998, Stat Med 17:857, table I, and the counts of the two inversion studies
PUBLISHED = [
    ("wilson", 81, 263, 0.2553, 0.3662),
    ("clopper-pearson", 81, 263, 0.2527, 0.3676),
    ("jeffreys", 81, 263, 0.2545, 0.3656),
    ("wilson", 15, 148, 0.0624, 0.1605),
    ("clopper-pearson", 15, 148, 0.0578, 0.1617),
    ("jeffreys", 15, 148, 0.0604, 0.1576),
    ("wilson", 0, 20, 0.0, 0.1611),
    ("clopper-pearson", 0, 20, 0.0, 0.1684),
    ("jeffreys", 0, 20, 0.0, 0.1166),
    ("wilson", 1, 29, 0.0061, 0.1718),
    ("clopper-pearson", 1, 29, 0.0009, 0.1776),
    ("jeffreys", 1, 29, 0.0037, 0.1501),
    ("wilson", 0, 10, 0.0, 0.2775),
    ("clopper-pearson", 0, 10, 0.0, 0.3085),
    ("jeffreys", 0, 10, 0.0, 0.2172),
    ("wilson", 0, 85, 0.0, 0.0432),
    ("clopper-pearson", 0, 85, 0.0, 0.0425),
    ("jeffreys", 0, 85, 0.0, 0.0290),
    ("wilson", 10, 13, 0.4974, 0.9182),
    ("clopper-pearson", 10, 13, 0.4619, 0.9496),
    ("wilson", 2, 11, 0.0514, 0.4770),
    ("clopper-pearson", 2, 11, 0.0228, 0.5178),
    ("wilson", 18, 85, 0.1384, 0.3101),
    ("wilson", 23, 60, 0.2709, 0.5098),
]

methods = st.sampled_from(METHODS)
levels = st.floats(0.8, 0.999)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 3000))
    return draw(st.integers(0, n)), n


@pytest.mark.parametrize(("method", "events", "n", "low", "high"), PUBLISHED)
def test_published_limits(method: str, events: int, n: int, low: float, high: float) -> None:
    interval = proportion_interval(events, n, method=method)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)
    assert interval.estimate == events / n
    assert (interval.level, interval.method) == (0.95, method)


@pytest.mark.parametrize(("n", "exact", "rule"), [(100, 0.0295, 0.0300), (85, 0.0346, 0.0353)])
def test_rule_of_three_approximates_the_one_sided_exact_limit(
    n: int, exact: float, rule: float
) -> None:
    _, high = clopper_pearson(0, n, 0.90)
    assert float(high) == pytest.approx(1 - 0.05 ** (1 / n), rel=1e-12)
    assert round(float(high), 4) == exact
    assert round(3 / n, 4) == rule


def test_nothing_in_1500_people_is_less_than_one_in_500() -> None:
    _, high = clopper_pearson(0, 1500, 0.90)
    assert 1 / 600 < float(high) < 1 / 500


@given(methods, counts(), levels)
def test_limits_enclose_the_proportion_within_0_and_1(
    method: str, count: tuple[int, int], level: float
) -> None:
    interval = proportion_interval(*count, method=method, level=level)
    assert 0 <= interval.low <= interval.estimate + 1e-12
    assert interval.estimate - 1e-12 <= interval.high <= 1
    assert interval.low < interval.high


@given(methods, counts(), levels)
def test_counting_the_others_mirrors_the_interval(
    method: str, count: tuple[int, int], level: float
) -> None:
    events, n = count
    interval = proportion_interval(events, n, method=method, level=level)
    mirror = proportion_interval(n - events, n, method=method, level=level)
    assert mirror.low == pytest.approx(1 - interval.high, abs=1e-11)
    assert mirror.high == pytest.approx(1 - interval.low, abs=1e-11)


@given(methods, counts(), levels, levels)
def test_a_higher_level_encloses_a_lower_one(
    method: str, count: tuple[int, int], level: float, other: float
) -> None:
    inner = proportion_interval(*count, method=method, level=min(level, other))
    outer = proportion_interval(*count, method=method, level=max(level, other))
    assert outer.low <= inner.low + 1e-12
    assert inner.high <= outer.high + 1e-12


@given(methods, st.integers(1, 400), levels)
def test_limits_rise_with_events(method: str, n: int, level: float) -> None:
    low, high = PROPORTION_METHODS[method](np.arange(n + 1), n, level)
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) > 0).all()


@given(methods, counts(), levels)
def test_arrays_and_single_counts_agree(method: str, count: tuple[int, int], level: float) -> None:
    events, n = count
    low, high = PROPORTION_METHODS[method]([0, events, n], [n, n, n], level)
    interval = proportion_interval(events, n, method=method, level=level)
    assert (low[1], high[1]) == (interval.low, interval.high)
    assert (low[0], high[2]) == (0.0, 1.0)


@given(counts(), st.floats(0.8, 0.99))
def test_jeffreys_lies_within_clopper_pearson(count: tuple[int, int], level: float) -> None:
    low, high = jeffreys(*count, level)
    exact_low, exact_high = clopper_pearson(*count, level)
    assert exact_low <= low
    assert high <= exact_high


def test_wilson_limits_are_where_the_score_test_reaches_its_quantile() -> None:
    low, high = wilson(23, 60, 0.95)
    for limit in (float(low), float(high)):
        statistic = abs(23 / 60 - limit) / np.sqrt(limit * (1 - limit) / 60)
        assert statistic == pytest.approx(1.959963984540054, rel=1e-12)


def test_one_row_table() -> None:
    frame = proportion_interval(10, 13).to_frame()
    assert list(frame.columns) == ["estimate", "low", "high", "level", "method"]
    assert frame.loc[0, "estimate"] == 10 / 13


@pytest.mark.parametrize(
    ("events", "n", "words"),
    [
        (14, 13, "events 14 is greater than n 13"),
        (-1, 13, "events -1 is negative"),
        (0, -2, "n -2 is negative"),
        (0, 0, "n is 0"),
        (1.5, 13, "whole numbers"),
        (float("nan"), 13, "must both be given"),
        (1, float("inf"), "n is infinite"),
    ],
)
def test_impossible_counts_are_refused(events: float, n: float, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        proportion_interval(events, n)


def test_unknown_method_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'wald'.*wilson, clopper-pearson, jeffreys"):
        proportion_interval(1, 2, method="wald")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, float("nan")])
def test_impossible_levels_are_refused(method: str, level: float) -> None:
    with pytest.raises(UsageError, match="level must lie between 0 and 1"):
        proportion_interval(1, 2, method=method, level=level)
