"""Two groups and a yes-or-no outcome, against published trials, and by symmetry."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.binary import (
    log_odds_ratio,
    log_risk_ratio,
    newcombe,
    risk_difference,
)
from equipoise.effects.measures import measure
from equipoise.effects.one_proportion import proportion

Table = tuple[int, int, int, int]
Z = 1.959963984540054


@st.composite
def tables(draw: st.DrawFn, *, inner: bool = False) -> Table:
    """Draw e1, n1, e2, n2; `inner` leaves out zero cells."""
    edge = 1 if inner else 0
    n1, n2 = draw(st.integers(1 + edge, 500)), draw(st.integers(1 + edge, 500))
    return draw(st.integers(edge, n1 - edge)), n1, draw(st.integers(edge, n2 - edge)), n2


def swapped(table: Table) -> Table:
    return table[2], table[3], table[0], table[1]


def others(table: Table) -> Table:
    return table[1] - table[0], table[1], table[3] - table[2], table[3]


@pytest.mark.parametrize(
    ("table", "ratio", "low", "high", "digits"),
    [
        ((3, 13, 9, 11), 0.2821, 0.1006, 0.7907, 4),
        ((10, 13, 2, 11), 4.2308, 1.1664, 15.346, 3),
        ((3, 13, 7, 9), 0.30, 0.10, 0.85, 2),  # Prasad 2012: surgery, by choice of denominator
        ((3, 13, 7, 11), 0.36, 0.12, 1.08, 2),
        ((3, 13, 9, 11), 0.28, 0.10, 0.79, 2),
        ((18, 85, 33, 85), 0.55, 0.33, 0.89, 2),
    ],
)
def test_risk_ratios(table: Table, ratio: float, low: float, high: float, digits: int) -> None:
    effect, variance = log_risk_ratio(*table)
    reach = Z * math.sqrt(variance)
    shown = [math.exp(effect), math.exp(effect - reach), math.exp(effect + reach)]
    assert [round(x, digits) for x in shown] == [round(x, digits) for x in (ratio, low, high)]


def test_odds_ratio_of_the_pilot_trial() -> None:
    effect, variance = log_odds_ratio(10, 13, 2, 11)
    assert float(effect) == pytest.approx(2.70805, abs=5e-6)
    assert float(variance) == pytest.approx(1.044444, abs=5e-7)
    effect, variance = log_odds_ratio(3, 13, 9, 11)
    limits = np.exp(effect + Z * np.sqrt(variance) * np.array([0, -1, 1]))
    assert [round(float(x), 4) for x in limits] == [0.0667, 0.0090, 0.4941]


def test_risk_difference_of_the_pilot_trial() -> None:
    effect, variance = risk_difference(3, 13, 9, 11)
    limits = effect + Z * np.sqrt(variance) * np.array([0, -1, 1])
    assert [round(float(x), 4) for x in limits] == [-0.5874, -0.9105, -0.2643]


@pytest.mark.parametrize(
    ("table", "difference", "low", "high", "digits"),
    [
        ((56, 70, 48, 80), 0.2, 0.0524, 0.3339, 4),  # Newcombe 1998, Stat Med 17:873, table II
        ((9, 10, 3, 10), 0.6, 0.1705, 0.8090, 4),
        ((10, 10, 0, 20), 1.0, 0.6791, 1.0, 4),
        ((10, 13, 2, 11), 0.587413, 0.186173, 0.785429, 6),
    ],
)
def test_newcombe_limits(
    table: Table, difference: float, low: float, high: float, digits: int
) -> None:
    limits = newcombe(*table, 0.95)
    assert [round(float(x), digits) for x in limits] == [low, high]
    assert round(float(risk_difference(*table)[0]), digits) == difference


@given(tables(inner=True))
def test_swapping_the_groups_negates_every_effect(table: Table) -> None:
    for kernel in (log_risk_ratio, log_odds_ratio, risk_difference):
        effect, variance = kernel(*table)
        back, same = kernel(*swapped(table))
        assert back == pytest.approx(-effect, abs=1e-12)
        assert same == pytest.approx(variance, rel=1e-12)
        assert variance > 0


@given(tables(inner=True))
def test_counting_the_others_negates_odds_ratio_and_difference(table: Table) -> None:
    for kernel in (log_odds_ratio, risk_difference):
        effect, variance = kernel(*table)
        back, same = kernel(*others(table))
        assert back == pytest.approx(-effect, abs=1e-12)
        assert same == pytest.approx(variance, rel=1e-9)


@given(tables(), st.floats(0.8, 0.999))
def test_newcombe_encloses_the_difference_and_mirrors(table: Table, level: float) -> None:
    low, high = newcombe(*table, level)
    difference = table[0] / table[1] - table[2] / table[3]
    assert -1 - 1e-12 <= low < high <= 1 + 1e-12
    assert low - 1e-12 <= difference <= high + 1e-12
    for mirrored in (swapped(table), others(table)):
        back_low, back_high = newcombe(*mirrored, level)
        assert back_low == pytest.approx(-high, abs=1e-12)
        assert back_high == pytest.approx(-low, abs=1e-12)


@given(tables(), st.floats(0.8, 0.999), st.floats(0.8, 0.999))
def test_newcombe_nests_by_level(table: Table, level: float, other: float) -> None:
    inner = newcombe(*table, min(level, other))
    outer = newcombe(*table, max(level, other))
    assert outer[0] <= inner[0] + 1e-12
    assert inner[1] <= outer[1] + 1e-12


@given(tables())
def test_the_difference_is_that_of_two_proportions(table: Table) -> None:
    (p1, v1), (p2, v2) = proportion(*table[:2]), proportion(*table[2:])
    effect, variance = risk_difference(*table)
    assert (effect, variance) == (p1 - p2, v1 + v2)


def test_zero_cells_give_infinities_in_silence() -> None:
    effect, variance = measure("RR").kernel()([0, 1], [10, 10], [3, 0], [10, 10])
    assert effect.tolist() == [-math.inf, math.inf]
    assert variance.tolist() == [math.inf, math.inf]
    assert not np.isfinite(measure("OR").kernel()(10, 10, 3, 10)[0])
