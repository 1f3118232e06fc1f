"""Absolute effects at a starting risk: the worked examples of the Cochrane Handbook 5.1, 12.5.4."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.absolute import absolute_effect
from equipoise.effects.number_needed import number_needed_to_treat
from equipoise.errors import UsageError


@pytest.mark.parametrize(
    ("measure", "ratio", "fewer_per_1000", "needed", "shown"),
    [("RR", 0.92, 24, 41.67, "NNTB 42"), ("OR", 0.73, 62, 16.21, "NNTB 17")],
)
def test_handbook_examples(
    measure: str, ratio: float, fewer_per_1000: int, needed: float, shown: str
) -> None:
    effect = absolute_effect(ratio, ratio, ratio, measure=measure, baseline_risk=0.3)
    assert round(-1000 * effect.difference) == fewer_per_1000
    number = number_needed_to_treat(*[effect.difference] * 3, better="lower")
    assert round(number.estimate, 2) == needed
    assert number.text().startswith(shown + " ")


ratios = st.lists(st.floats(0, 50), min_size=3, max_size=3).map(sorted)


@given(ratios, st.floats(0.001, 0.999), st.sampled_from(["RR", "OR"]))
def test_risks_stay_in_order_within_0_and_1(
    values: list[float], baseline: float, measure: str
) -> None:
    low, estimate, high = values
    effect = absolute_effect(estimate, low, high, measure=measure, baseline_risk=baseline)
    assert 0 <= effect.risk_low <= effect.risk <= effect.risk_high <= 1
    assert effect.difference == effect.risk - baseline


@given(st.floats(0.01, 50), st.floats(0.001, 0.999))
def test_an_odds_ratio_comes_back_from_the_two_risks(ratio: float, baseline: float) -> None:
    risk = absolute_effect(ratio, ratio, ratio, measure="OR", baseline_risk=baseline).risk
    assert risk * (1 - baseline) / (baseline * (1 - risk)) == pytest.approx(ratio, rel=1e-6)


@given(st.floats(0.001, 0.999), st.sampled_from(["RR", "OR"]))
def test_a_ratio_of_1_changes_nothing(baseline: float, measure: str) -> None:
    effect = absolute_effect(1, 1, 1, measure=measure, baseline_risk=baseline)
    assert effect.difference == pytest.approx(0, abs=1e-15)


def test_extremes() -> None:
    effect = absolute_effect(2, 0, math.inf, measure="RR", baseline_risk=0.6)
    assert (effect.risk, effect.risk_low, effect.risk_high) == (1.0, 0.0, 1.0)
    effect = absolute_effect(2, 0, math.inf, measure="OR", baseline_risk=0.6)
    assert (effect.risk_low, effect.risk_high) == (0.0, 1.0)
    assert effect.to_frame().loc[0, "difference_high"] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("estimate", "low", "high", "measure", "baseline", "words"),
    [
        (0.9, 0.8, 1.0, "SMD", 0.3, "'RR' or 'OR', got 'SMD'"),
        (0.9, 0.8, 1.0, "RR", 0.0, "baseline_risk must lie between 0 and 1"),
        (0.9, 0.8, 1.0, "RR", 30, "baseline_risk must lie between 0 and 1"),
        (0.9, 0.95, 1.0, "RR", 0.3, "low <= estimate <= high"),
        (-0.1, -0.2, 0.1, "RR", 0.3, "0 <= low"),
    ],
)
def test_impossible_input_is_refused(
    estimate: float, low: float, high: float, measure: str, baseline: float, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        absolute_effect(estimate, low, high, measure=measure, baseline_risk=baseline)
