"""E-values against the published ones, and what they must refuse."""

import math
from dataclasses import astuple
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import equipoise as eq
from equipoise.effects.measures import MEASURES

WAYS = ("RR", "IRR", "OR", "HR", "RD", "SMD", "MD")
ONE_GROUP = ("PR", "PLN", "PLO", "PAS", "PFT", "MN", "MNLN", "IR", "IRLN", "MC", "SMCC", "SMCR")
RATIO = st.floats(0.01, 100)

# The paper's limits of a standardised difference are exp(0.91 d ± 1.78 se): 1.78 is 0.91 · 1.96.
REACH = 1.78 / 0.91 * 0.25


@pytest.mark.parametrize(
    ("given_numbers", "options", "point", "limit"),
    [
        ((3.9, 1.8, 8.7), {"measure": "RR"}, 7.263034, 3.0),  # published: 7.26 and 3.0
        ((0.80, 0.71, 0.91), {"measure": "RR"}, 1.809017, 1.428571),
        ((10.73, 8.02, 14.36), {"measure": "RR"}, 20.94777, 15.52336),  # 20.9
        ((0.86, 0.75, 0.99), {"measure": "OR", "rare": False}, 1.368953, 1.076194),
        ((0.56, 0.46, 0.69), {"measure": "HR", "rare": False}, 2.349531, 1.908004),
        ((0.5, 0.5 - REACH, 0.5 + REACH), {"measure": "SMD"}, 2.529142, 1.110803),
        ((0.2821, 0.1006, 0.7907), {"measure": "RR"}, 6.548, 1.843),  # the pilot trial's surgery
    ],
)
def test_published_e_values(
    given_numbers: tuple[float, float, float], options: dict[str, Any], point: float, limit: float
) -> None:
    found = eq.e_value(*given_numbers, **options)
    printed = 5e-4 if point == 6.548 else None
    assert found.point == pytest.approx(point, abs=printed, rel=None if printed else 1e-6)
    assert found.limit == pytest.approx(limit, abs=printed, rel=None if printed else 1e-6)


def test_a_value_to_move_the_estimate_to() -> None:
    """2.5 over 1.5 is 1.667; the limit 1.2 lies on the other side of 1.5."""
    found = eq.e_value(2.5, 1.2, 4.0, measure="RR", true=1.5)
    assert found.point == pytest.approx(2.720759, rel=1e-6)
    assert (found.limit, found.true) == (1.0, 1.5)
    beyond = eq.e_value(1.0, 0.8, 1.25, measure="RR", true=2.0)
    assert beyond.point == pytest.approx(2 + math.sqrt(2), rel=1e-12)
    assert beyond.limit == pytest.approx(1.6 + math.sqrt(1.6 * 0.6), rel=1e-12)


def test_how_scales_become_risk_ratios() -> None:
    """Each by the formula written out, with the limits treated as the estimate is."""

    def ratios(*numbers: float, **options: Any) -> tuple[float, float, float]:
        found = eq.e_value(*numbers, **options)
        return found.risk_ratio, found.risk_ratio_low, found.risk_ratio_high

    assert ratios(2.0, 1.5, 4.0, measure="IRR") == (2.0, 1.5, 4.0)
    assert ratios(2.0, 1.5, 4.0, measure="OR", rare=True) == (2.0, 1.5, 4.0)
    assert ratios(2.0, 1.5, 4.0, measure="HR", rare=True) == (2.0, 1.5, 4.0)
    assert ratios(4.0, 1.0, 9.0, measure="OR", rare=False) == (2.0, 1.0, 3.0)
    hazards = [(1 - 0.5 ** math.sqrt(x)) / (1 - 0.5 ** math.sqrt(1 / x)) for x in (2.0, 1.5, 4.0)]
    found = ratios(2.0, 1.5, 4.0, measure="HR", rare=False)
    assert found == pytest.approx(hazards, rel=1e-12)
    means = [math.exp(0.91 * x / 20) for x in (-10.0, -16.0, -4.0)]
    assert ratios(-10.0, -16.0, -4.0, measure="MD", sd=20.0) == pytest.approx(means, rel=1e-12)
    assert ratios(-10.0, -16.0, -4.0, measure="MD", sd=20.0) == pytest.approx(
        ratios(-0.5, -0.8, -0.2, measure="SMD"), rel=1e-12
    )
    everybody = ratios(0.9, 0.5, 1.0, measure="RD", control_risk=0.1 + 1e-12)
    assert everybody == pytest.approx((10, 6, 10))
    # 0.2 - 0.3 is no risk, and 0.2 + 0.9 is none either: both are cut
    assert ratios(0.1, -0.3, 0.9, measure="RD", control_risk=0.2) == pytest.approx((1.5, 0, 5))


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_risk_difference_has_the_e_value_of_its_risk_ratio(
    treated: float, control: float
) -> None:
    difference, ratio = treated - control, treated / control
    found = eq.e_value(difference, difference, difference, measure="RD", control_risk=control)
    expected = eq.e_value(ratio, ratio, ratio, measure="RR")
    assert found.point == pytest.approx(expected.point, rel=1e-6)


@given(st.tuples(RATIO, RATIO, RATIO).map(sorted), RATIO, st.sampled_from(["RR", "OR", "HR"]))
def test_inverting_a_ratio_changes_nothing(ends: list[float], true: float, measure: str) -> None:
    low, estimate, high = ends
    options: dict[str, Any] = {"measure": measure} if measure == "RR" else {
        "measure": measure, "rare": False
    }  # fmt: skip
    one = eq.e_value(estimate, low, high, true=true, **options)
    other = eq.e_value(1 / estimate, 1 / high, 1 / low, true=1 / true, **options)
    assert (one.point, one.limit) == pytest.approx((other.point, other.limit), rel=1e-7, abs=1e-6)
    assert 1 <= one.limit <= one.point * (1 + 1e-12)
    assert (one.limit == 1) == (low <= true <= high)


@given(st.floats(1, 1e6))
def test_confounding_of_the_strength_of_the_e_value_just_explains_the_ratio(ratio: float) -> None:
    """Ding and VanderWeele's bounding factor of two associations E is E²/(2E - 1)."""
    strength = eq.e_value(ratio, ratio, ratio, measure="RR").point
    assert strength**2 / (2 * strength - 1) == pytest.approx(ratio, rel=1e-9)


@given(st.floats(0, 3), st.floats(0, 3))
def test_a_stronger_association_takes_stronger_confounding(one: float, other: float) -> None:
    weak, strong = (
        eq.e_value(x, x, x, measure="SMD").point for x in sorted((one, other))
    )  # fmt: skip
    assert weak <= strong


@pytest.mark.parametrize("measure", ONE_GROUP)
def test_one_group_has_no_e_value(measure: str) -> None:
    with pytest.raises(eq.UsageError, match="it describes one group, and without a comparison"):
        eq.e_value(0.74, 0.6, 0.85, measure=measure)  # type: ignore[arg-type]


@pytest.mark.parametrize("measure", sorted(set(MEASURES) - set(WAYS) - set(ONE_GROUP)))
def test_a_measure_without_a_way_to_a_risk_ratio_is_refused(measure: str) -> None:
    with pytest.raises(eq.UsageError, match=f"there is no E-value of {measure} "):
        eq.e_value(0.7, 0.6, 0.8, measure=measure)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numbers", "options", "fault"),
    [
        ((2, 1, 3), {"measure": "rr"}, "unknown measure 'rr'"),
        ((2, 1, 3), {"measure": "OR"}, "say whether the outcome is rare"),
        ((2, 1, 3), {"measure": "HR"}, "say whether the outcome is rare"),
        ((2, 1, 3), {"measure": "HR", "rare": 1}, "rare must be True or False, got 1"),
        ((2, 1, 3), {"measure": "MD"}, "give sd"),
        ((2, 1, 3), {"measure": "MD", "sd": 0.0}, "sd is 0; it must be above 0"),
        ((0.1, 0, 0.2), {"measure": "RD"}, "give control_risk"),
        ((0.1, 0, 0.2), {"measure": "RD", "control_risk": 1.0}, "control_risk is 1; it must lie"),
        ((0.5, 0, 0.6), {"measure": "RD", "control_risk": 0.7}, "at most 1"),
        ((0.1, 0, 0.2), {"measure": "RD", "control_risk": 0.7, "true": 0.05}, "only be moved to 0"),
        ((2, 1, 3), {"measure": "RR", "sd": 1.0, "rare": True}, "no use for rare and sd"),
        ((2, 2.5, 3), {"measure": "RR"}, "the interval must hold the estimate"),
        ((2, 0, 3), {"measure": "RR"}, "low is 0; it must be above 0"),
        ((2, 1, math.inf), {"measure": "RR"}, "high is inf; it must be above 0 and finite"),
        ((2, math.nan, 3), {"measure": "SMD"}, "low is nan; it must be finite"),
        ((2, "1", 3), {"measure": "SMD"}, "low is '1'; it must be a number"),
        ((2, 1, 3), {"measure": "RR", "true": -1}, "true is -1; it must be above 0"),
        ((900, 1, 1000), {"measure": "SMD"}, "estimate and high: more than 100 standard"),
    ],
)
def test_what_has_no_e_value(numbers: tuple[Any, ...], options: dict[str, Any], fault: str) -> None:
    with pytest.raises(eq.UsageError, match=fault):
        eq.e_value(*numbers, **options)


def test_numbers_of_numpy_are_numbers() -> None:
    found = eq.e_value(*np.array([3.9, 1.8, 8.7]), measure="RR")
    assert astuple(found) == astuple(eq.e_value(3.9, 1.8, 8.7, measure="RR"))


def test_the_sentence_says_what_the_numbers_leave_open() -> None:
    text = eq.e_value(3.9, 1.8, 8.7, measure="RR").text()
    assert "7.26 each" in text
    assert "to move the interval, 3.00." in text
    assert text.endswith("nor is any other bias.")
    assert "a risk ratio of 1.50, a confounder" in eq.e_value(
        2.5, 2, 3, measure="RR", true=1.5
    ).text()  # fmt: skip
