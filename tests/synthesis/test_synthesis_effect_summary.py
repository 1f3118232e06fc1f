"""Median, quartiles and range of effects."""

import math
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from analyses import BCG, effects_of
from hypothesis import given
from hypothesis import strategies as st

from equipoise.appraisal.wording import BANNED
from equipoise.errors import UsageError
from equipoise.synthesis.effect_summary import EffectSummary, summarize_effects

EFFECTS = st.lists(st.floats(-100, 100), min_size=1, max_size=40)
NAMES = ("smallest", "q1", "median", "q3", "largest")


def numbers(found: EffectSummary) -> list[float]:
    return [getattr(found, name) for name in NAMES]


def test_six_effects_by_hand() -> None:
    """Quartiles lie at positions 1.25 and 3.75 of 0 to 5."""
    found = summarize_effects([6.0, 1.0, 2.0, 4.0, 11.0, 8.0])
    assert numbers(found) == [1.0, 2.5, 5.0, 7.5, 11.0]
    assert (found.k, found.missing, found.measure) == (6, 0, "GEN")


def test_the_trials_of_bcg() -> None:
    """Of 13 ordered effects the quartiles are the fourth and the tenth, the median the seventh."""
    effects = sorted(effects_of(BCG, "RR")["effect"])
    found = summarize_effects(effects_of(BCG, "RR")["effect"], measure="RR")
    assert numbers(found) == [effects[0], effects[3], effects[6], effects[9], effects[12]]
    natural = found.natural()
    assert numbers(natural) == pytest.approx(np.exp(numbers(found)), rel=1e-14)
    assert natural.measure == "RR"
    assert "Risk ratio, the effects of 13 studies" in str(found)
    assert "median 0.46 (interquartile range 0.25 to 0.80), range 0.20 to 1.56" in str(found)


@given(EFFECTS)
def test_the_quartiles_are_those_of_the_standard_library(effects: list[float]) -> None:
    found = summarize_effects(effects)
    assert [found.smallest, found.largest] == [min(effects), max(effects)]
    if len(effects) > 1:
        quartiles = statistics.quantiles(effects, n=4, method="inclusive")
        assert [found.q1, found.median, found.q3] == pytest.approx(quartiles, rel=1e-9, abs=1e-9)


@given(EFFECTS, st.randoms(), st.floats(-10, 10), st.floats(0.1, 10))
def test_order_shift_and_stretch(
    effects: list[float], random: Any, shift: float, scale: float
) -> None:
    found = summarize_effects(effects)
    moved = sorted((shift + scale * x for x in effects), key=lambda _: random.random())
    expected = [shift + scale * x for x in numbers(found)]
    assert numbers(summarize_effects(moved)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(EFFECTS)
def test_the_other_sign_mirrors_it(effects: list[float]) -> None:
    found, mirrored = summarize_effects(effects), summarize_effects([-x for x in effects])
    expected = [-x for x in reversed(numbers(found))]
    assert numbers(mirrored) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_missing_effects_are_counted() -> None:
    found = summarize_effects([0.5, None, 1.5, math.nan])
    assert (found.k, found.missing, found.median) == (2, 2, 1.0)
    assert "Left out: two without an effect" in str(found)
    assert "the quartiles tell no more" in str(found)


def test_its_text_says_what_it_cannot_show() -> None:
    found = summarize_effects(effects_of(BCG, "OR")["effect"], measure="OR")
    assert "the median is no pooled estimate" in str(found)
    assert repr(found) == str(found)
    assert all(sentence in found._repr_html_() for sentence in (*found.lines, *found.limits))
    for word in BANNED:
        assert word not in str(found).lower()
    row = found.to_frame().iloc[0]
    assert [row[name] for name in NAMES] == numbers(found)


def test_one_effect_is_all_of_them() -> None:
    assert numbers(summarize_effects([0.3])) == [0.3] * 5
    assert "the effects of 1 study" in str(summarize_effects([0.3]))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "nothing": (lambda: summarize_effects([]), "nothing to summarize"),
    "only empty ones": (lambda: summarize_effects([None]), "nothing to summarize"),
    "infinite": (lambda: summarize_effects([1.0, math.inf]), "row 2: the effect is infinite"),
    "words": (lambda: summarize_effects(["up"]), "these effects cannot be summarized:\nrow 1"),
    "a measure": (lambda: summarize_effects([1.0], measure="XX"), "XX"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_told(name: str) -> None:
    call, words = REFUSED[name]
    with pytest.raises(UsageError) as refused:
        call()
    assert words in str(refused.value)
