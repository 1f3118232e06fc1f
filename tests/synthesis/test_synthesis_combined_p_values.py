"""Combined p values: published numbers, scipy's, what must hold always, and what is refused."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equipoise.appraisal.wording import BANNED
from equipoise.errors import UsageError
from equipoise.synthesis.combined_p_values import CombinedPValues, combine_p_values

METHODS = ("fisher", "stouffer", "tippett")
each_method = pytest.mark.parametrize("method", METHODS)
P = st.lists(st.floats(1e-12, 1 - 1e-9), min_size=1, max_size=30)


def test_three_p_values_by_hand() -> None:
    fisher = combine_p_values([0.01, 0.2, 0.3])
    assert fisher.statistic == pytest.approx(-2 * math.log(0.01 * 0.2 * 0.3), rel=1e-14)
    assert fisher.statistic == pytest.approx(14.83716, abs=5.1e-6)
    assert fisher.p_value == pytest.approx(0.0215618, abs=5.1e-8)
    assert (fisher.method, fisher.k, fisher.df, fisher.missing) == ("fisher", 3, 6, 0)
    # with an even number of degrees of freedom the tail is a finite sum
    half = fisher.statistic / 2
    assert fisher.p_value == pytest.approx(math.exp(-half) * (1 + half + half**2 / 2), rel=1e-12)
    stouffer = combine_p_values([0.01, 0.2, 0.3], method="stouffer")
    assert stouffer.p_value == pytest.approx(0.0165120, abs=5.1e-8)
    assert stouffer.df == math.inf
    tippett = combine_p_values([0.01, 0.2, 0.3], method="tippett")
    assert tippett.p_value == pytest.approx(1 - 0.99**3, rel=1e-12)
    assert tippett.statistic == 0.01
    assert math.isnan(tippett.df)


@each_method
@given(p=P)
def test_they_are_scipys(method: str, p: list[float]) -> None:
    found, reference = combine_p_values(p, method=method), stats.combine_pvalues(p, method=method)
    assert found.p_value == pytest.approx(reference.pvalue, rel=1e-7, abs=1e-14)
    assert found.statistic == pytest.approx(reference.statistic, rel=1e-9, abs=1e-9)


@given(st.lists(st.tuples(st.floats(1e-12, 0.999999), st.floats(0.01, 100)), min_size=1))
def test_weighted_they_are_scipys(studies: list[tuple[float, float]]) -> None:
    p, weights = (list(values) for values in zip(*studies, strict=True))
    found = combine_p_values(p, method="stouffer", weights=weights)
    reference = stats.combine_pvalues(p, method="stouffer", weights=weights)
    assert found.weighted
    assert found.statistic == pytest.approx(reference.statistic, rel=1e-7, abs=1e-9)
    assert found.p_value == pytest.approx(reference.pvalue, rel=1e-6, abs=1e-14)


@each_method
@given(p=P, random=st.randoms())
def test_the_order_has_no_bearing(method: str, p: list[float], random: Any) -> None:
    shuffled = sorted(p, key=lambda _: random.random())
    found, other = (combine_p_values(values, method=method) for values in (p, shuffled))
    assert other.p_value == pytest.approx(found.p_value, rel=1e-9)


@each_method
@given(p=st.floats(1e-12, 1 - 1e-9))
def test_one_p_value_stays_what_it_is(method: str, p: float) -> None:
    assert combine_p_values([p], method=method).p_value == pytest.approx(p, rel=1e-7)


@each_method
@given(p=P, smaller=st.floats(0.01, 0.99))
def test_a_smaller_p_value_makes_no_larger_one(method: str, p: list[float], smaller: float) -> None:
    lowered = [p[0] * smaller, *p[1:]]
    before, after = (combine_p_values(values, method=method) for values in (p, lowered))
    assert after.p_value <= before.p_value * (1 + 1e-9)


@given(st.floats(1e-6, 0.4), st.integers(1, 6))
def test_stouffer_repeated_grows_with_the_root_of_the_number(p: float, times: int) -> None:
    once = combine_p_values([p], method="stouffer")
    again = combine_p_values([p] * times, method="stouffer")
    assert again.statistic == pytest.approx(once.statistic * math.sqrt(times), rel=1e-9)


@given(st.lists(st.tuples(st.floats(1e-300, 1), st.sampled_from(["up", "down"])), min_size=1))
def test_the_other_direction_mirrors_stouffer(studies: list[tuple[float, str]]) -> None:
    p, directions = (list(values) for values in zip(*studies, strict=True))
    turned = [{"up": "down", "down": "up"}[word] for word in directions]
    found, mirrored = (
        combine_p_values(p, method="stouffer", directions=words) for words in (directions, turned)
    )
    assert mirrored.statistic == pytest.approx(-found.statistic, rel=1e-9, abs=1e-12)
    assert mirrored.p_value == pytest.approx(1 - found.p_value, abs=1e-12)


@each_method
def test_equal_weights_and_large_ones_change_nothing(method: str) -> None:
    p = [0.01, 0.2, 0.6]
    if method == "stouffer":
        for weight in (1e-200, 1.0, 7.0, 1e200):
            weighted = combine_p_values(p, method=method, weights=[weight] * 3)
            unweighted = combine_p_values(p, method=method)
            assert weighted.p_value == pytest.approx(unweighted.p_value, rel=1e-12)
    else:
        with pytest.raises(UsageError, match=f"{method} has no weights"):
            combine_p_values(p, method=method, weights=[1, 1, 1])


def test_a_study_of_weight_0_takes_no_part() -> None:
    found = combine_p_values([0.01, 0.2, 0.6], method="stouffer", weights=[1, 2, 0])
    without = combine_p_values([0.01, 0.2], method="stouffer", weights=[1, 2])
    assert found.p_value == pytest.approx(without.p_value, rel=1e-14)


@each_method
def test_two_sided_p_values_become_one_sided(method: str) -> None:
    found = combine_p_values([0.02, 0.4, 1.0, 0.3], method=method,
                             directions=["up", "down", "none", "up"])  # fmt: skip
    by_hand = combine_p_values([0.01, 0.8, 0.5, 0.15], method=method)
    assert found.p_value == pytest.approx(by_hand.p_value, rel=1e-12)
    effects = combine_p_values([0.02, 0.4, 1.0, 0.3], method=method, better="lower",
                               directions=[-1.2, 0.1, 0.0, -0.3])  # fmt: skip
    assert effects.p_value == found.p_value


def test_tiny_p_values_away_from_benefit_keep_their_digits() -> None:
    """1 - p/2 is 1 to a computer; the normal quantile of what is left is not infinite."""
    found = combine_p_values([1e-40, 1e-40], method="stouffer", directions=["down", "up"])
    assert found.statistic == pytest.approx(0, abs=1e-12)
    assert found.p_value == pytest.approx(0.5)
    away = combine_p_values([1e-40], directions=["down"])
    assert away.p_value == pytest.approx(1)
    assert away.statistic == pytest.approx(1e-40)


@each_method
def test_studies_without_a_p_value_are_left_out_and_counted(method: str) -> None:
    found = combine_p_values([0.01, None, 0.2, math.nan], method=method)
    assert (found.k, found.missing) == (2, 2)
    assert found.p_value == combine_p_values([0.01, 0.2], method=method).p_value
    assert "Left out: two without a p value" in str(found)
    assert "reported less often" in str(found)
    directed = combine_p_values(
        pd.Series([0.02, 0.4, None]), method=method, directions=["up", "mixed", "up"]
    )
    assert (directed.k, directed.missing) == (1, 2)
    assert directed.p_value == pytest.approx(0.01)


def test_weights_of_studies_left_out_do_not_matter() -> None:
    found = combine_p_values([0.01, None, 0.2], method="stouffer", weights=[1, math.nan, 2])
    assert found.p_value == combine_p_values([0.01, 0.2], method="stouffer", weights=[1, 2]).p_value


@pytest.mark.parametrize("method", ["fisher", "tippett"])
def test_p_values_of_1(method: str) -> None:
    assert combine_p_values([1, 1], method=method).p_value == 1
    assert math.copysign(1, combine_p_values([1, 1]).statistic) == 1


def test_its_text_says_what_it_can_and_cannot_show() -> None:
    for method in METHODS:
        found = combine_p_values([0.01, 0.2, 0.3], method=method)
        text = str(found)
        head, limits = text.split("\nWhat this cannot show\n")
        assert head.startswith(f"3 p values combined by {method.title()}'s method\n")
        assert "at least one study" in limits
        assert "A large p value does not show that there is none" in limits
        assert repr(found) == text
        page = found._repr_html_()
        for sentence in (*found.lines, *found.limits):
            assert sentence.replace("'", "&#39;") in page
        for word in BANNED:
            assert word not in text.lower()
    assert "X2 14.84 on 6 df; combined one-sided p = 0.022" in str(
        combine_p_values([0.01, 0.2, 0.3])
    )
    weighted = combine_p_values([0.1, 0.2], method="stouffer", weights=[1, 2])
    assert "Stouffer's method, weighted" in str(weighted)
    assert str(combine_p_values([0.1])).startswith("1 p value combined")


def test_the_frame_is_the_result() -> None:
    found = combine_p_values([0.01, 0.2, 0.3])
    row = found.to_frame().iloc[0]
    for name in CombinedPValues.__dataclass_fields__:
        assert row[name] == getattr(found, name)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "nothing": (lambda: combine_p_values([]), "nothing to combine"),
    "only empty ones": (lambda: combine_p_values([None, math.nan]), "nothing to combine"),
    "no direction at all": (
        lambda: combine_p_values([0.1, 0.2], directions=["mixed", None]),
        "nothing to combine",
    ),
    "p of 0": (lambda: combine_p_values([0.1, 0]), "row 2: p 0 cannot be; write what it is below"),
    "a percentage": (lambda: combine_p_values([5.0, 0.1]), "row 1: p 5 is not between 0 and 1"),
    "a negative p": (lambda: combine_p_values([-0.1]), "row 1: p -0.1 is not between"),
    "an infinite p": (lambda: combine_p_values([math.inf]), "row 1: p inf is not between"),
    "a p in words": (lambda: combine_p_values(["<0.05"]), "row 1: p '<0.05' is not a number"),
    "booleans": (lambda: combine_p_values([True]), "is not a number"),
    "two dimensions": (lambda: combine_p_values(np.full((2, 2), 0.1)), "2 dimensions"),
    "a method": (lambda: combine_p_values([0.1], method="mean"), "fisher, stouffer, tippett"),
    "few weights": (
        lambda: combine_p_values([0.1, 0.2], method="stouffer", weights=[1]),
        "2 p values, 1 weights",
    ),
    "a negative weight": (
        lambda: combine_p_values([0.1, 0.2], method="stouffer", weights=[1, -1]),
        "row 2: weight -1 is not 0 or a positive number",
    ),
    "a missing weight": (
        lambda: combine_p_values([0.1, 0.2], method="stouffer", weights=[1, None]),
        "row 2: weight nan",
    ),
    "weights of 0": (
        lambda: combine_p_values([0.1, 0.2], method="stouffer", weights=[0, 0]),
        "the weights are all 0",
    ),
    "few directions": (
        lambda: combine_p_values([0.1, 0.2], directions=["up"]),
        "2 p values, 1 directions",
    ),
    "a direction": (
        lambda: combine_p_values([0.1], directions=["sideways"]),
        "'sideways' is neither a number nor one of those words",
    ),
    "a p value of no difference": (
        lambda: combine_p_values([0.1, 0.9], directions=["up", "none"]),
        "row 2: exactly no difference has the p value 1, not 0.9",
    ),
    "a p of 1 in Stouffer": (
        lambda: combine_p_values([1, 0.2], method="stouffer"),
        "exactly 1 has no z",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_told(name: str) -> None:
    call, words = REFUSED[name]
    with pytest.raises(UsageError) as refused:
        call()
    assert words in str(refused.value)
    assert "pooled" not in str(refused.value)
