"""Numbers needed to treat, and intervals through infinity."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.binary import newcombe
from equipoise.effects.number_needed import Better, number_needed_to_treat
from equipoise.errors import UsageError


@pytest.mark.parametrize(
    ("estimate", "low", "high", "better", "words"),
    [
        # Altman 1998, BMJ 317:1309
        (0.10, -0.05, 0.25, "higher", "NNTB 10 (NNTB 4 to ∞ to NNTH 20)"),
        (-0.10, -0.25, 0.05, "lower", "NNTB 10 (NNTB 4 to ∞ to NNTH 20)"),
        (0.10, -0.05, 0.25, "lower", "NNTH 10 (NNTH 4 to ∞ to NNTB 20)"),
        (0.05, -0.20, 0.10, "higher", "NNTB 20 (NNTB 10 to ∞ to NNTH 5)"),
        (0.013, 0.006, 0.020, "higher", "NNTB 77 (50 to 167)"),  # GRADE guidelines 6
        (0.013, 0.006, 0.020, "lower", "NNTH 77 (50 to 167)"),
        (0.3 - 0.2, 0.05, 0.2, "higher", "NNTB 10 (5 to 20)"),
        (0.1, 0.0, 0.2, "higher", "NNTB 10 (5 to ∞)"),
        (0.0, -0.1, 0.2, "higher", "∞ (NNTB 5 to ∞ to NNTH 10)"),
        (0.0, 0.0, 0.2, "higher", "∞ (NNTB 5 to ∞)"),
        (1.0, 1.0, 1.0, "higher", "NNTB 1 (1 to 1)"),
    ],
)
def test_words(estimate: float, low: float, high: float, better: Better, words: str) -> None:
    assert number_needed_to_treat(estimate, low, high, better=better).text() == words


def test_barrowman_2002() -> None:
    number = number_needed_to_treat(0.166, 0.009, 0.322, better="higher")
    assert round(number.estimate) == 6
    assert (round(number.low, 1), round(number.high, 1)) == (3.1, 111.1)
    assert not number.through_infinity


def test_the_pilot_trial() -> None:
    low, high = map(float, newcombe(10, 13, 2, 11, 0.95))
    number = number_needed_to_treat(10 / 13 - 2 / 11, low, high, better="higher")
    assert [round(x, 2) for x in (number.estimate, number.low, number.high)] == [1.70, 1.27, 5.37]
    assert number.text() == "NNTB 2 (2 to 6)"


@pytest.mark.parametrize(("difference", "people"), [(-0.12, "9"), (-0.22, "5"), (-0.024, "42")])
def test_handbook_examples(difference: float, people: str) -> None:
    number = number_needed_to_treat(difference, difference, difference, better="lower")
    assert number.text().startswith(f"NNTB {people} ")


differences = st.lists(st.floats(-1, 1).map(lambda x: round(x, 6)), min_size=3, max_size=3).map(
    sorted
)


@given(differences)
def test_the_other_sign_and_the_other_outcome_cancel(values: list[float]) -> None:
    low, estimate, high = values
    assert number_needed_to_treat(estimate, low, high, better="higher") == (
        number_needed_to_treat(-estimate, -high, -low, better="lower")
    )


@given(differences)
def test_numbers_turn_back_into_the_limits(values: list[float]) -> None:
    low, estimate, high = values
    number = number_needed_to_treat(estimate, low, high, better="higher")
    sign = {"NNTB": 1, "NNTH": -1, "": 1}
    back = sorted(
        [sign[number.low_direction] / number.low, sign[number.high_direction] / number.high]
    )
    assert back == pytest.approx([low, high])
    assert sign[number.direction] / number.estimate == pytest.approx(estimate)
    assert number.through_infinity == (low < 0 < high)
    assert number.through_infinity or number.low <= number.estimate <= number.high
    assert min(number.estimate, number.low, number.high) >= 1


def test_no_difference_is_infinite_and_has_no_direction() -> None:
    number = number_needed_to_treat(0.0, -0.1, 0.1, better="lower")
    assert (number.estimate, number.direction) == (math.inf, "")
    assert number.to_frame().loc[0, "through_infinity"]


@pytest.mark.parametrize(
    ("estimate", "low", "high"),
    [(0.3, 0.4, 0.5), (0.3, 0.1, 0.2), (10, 5, 20), (float("nan"), 0, 1), (0.1, -2, 0.2)],
)
def test_impossible_differences_are_refused(estimate: float, low: float, high: float) -> None:
    with pytest.raises(UsageError, match="low <= estimate <= high"):
        number_needed_to_treat(estimate, low, high, better="lower")


def test_an_unknown_direction_is_refused() -> None:
    with pytest.raises(UsageError, match="'lower' or 'higher', got 'fewer'"):
        number_needed_to_treat(0.1, 0.0, 0.2, better="fewer")
