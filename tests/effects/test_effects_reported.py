"""From what a paper reports: the Cochrane Handbook's examples, R, and round trips."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri, stdtrit

from equipoise.effects.conversions import d_to_g
from equipoise.effects.reported import (
    d_from_f,
    d_from_p,
    d_from_paired_t,
    d_from_t,
    log_hazard_ratio,
    sd_from_se,
    sd_from_se_of_difference,
    se_from_interval,
    se_from_p,
)
from equipoise.errors import UsageError

EXACT = {"rel": 1e-12}


def test_the_handbooks_difference_of_means() -> None:
    """Section 6.5.2.3: MD 3.8, p = 0.008, 25 and 22 people: t 2.78, SE 1.37, SD 4.69.

    With t not rounded on the way (R's qt) the SD is 4.68.
    """
    se = se_from_p(3.8, 0.008, df=45)
    assert se == pytest.approx(1.36910030070529, **EXACT)
    assert sd_from_se_of_difference(se, 25, 22) == pytest.approx(4.6834693413751, **EXACT)
    assert sd_from_se_of_difference(3.8 / 2.78, 25, 22) == pytest.approx(4.68, abs=0.01)


def test_a_mean_with_its_interval_gives_the_standard_deviation() -> None:
    """Section 6.5.2.2; R: (34.2 - 30) sqrt(25) / (2 qt(.975, 24))."""
    se = se_from_interval(30, 34.2, df=24)
    assert sd_from_se(se, 25) == pytest.approx(5.08745933313578, **EXACT)


def test_ratios_go_by_their_logarithms() -> None:
    """R: (log(.92) - log(.49)) / (2 qnorm(.975)), and abs(log(.67)) / qnorm(1 - .03/2)."""
    of_interval = se_from_interval(0.49, 0.92, scale="log")
    assert of_interval == pytest.approx(0.160709146675021, **EXACT)
    assert se_from_p(0.67, 0.03, scale="log") == pytest.approx(0.184544187990401, **EXACT)


def test_the_smallest_p_values_keep_their_digits() -> None:
    """R: qnorm(1e-30/2, lower.tail=FALSE) and qt(1e-12/2, 45, lower.tail=FALSE)."""
    assert 1 / se_from_p(1, 1e-30) == pytest.approx(11.5238835773802, **EXACT)
    assert 1 / se_from_p(1, 1e-12, df=45) == pytest.approx(9.792135916593, rel=1e-11)


# R: t.test(var.equal=TRUE), anova(lm()) and metafor's escalc "SMD" on one sample of 12 and 17
T, P, F = 1.57585319360771, 0.126705736964982, 2.4833132878036
G = 0.577470206591045


def test_t_f_and_p_of_one_sample_give_the_effect_of_its_means() -> None:
    from_t = d_from_t(T, 12, 17)
    assert d_to_g(*from_t, 27)[0] == pytest.approx(G, **EXACT)
    assert from_t[1] == pytest.approx(1 / 12 + 1 / 17 + from_t[0] ** 2 / 58, **EXACT)
    assert d_from_f(F, 12, 17, 1) == pytest.approx(from_t, rel=1e-11)
    assert d_from_p(P, 12, 17, 1) == pytest.approx(from_t, rel=1e-11)


@pytest.mark.parametrize(
    "effect", [lambda s: d_from_f(F, 12, 17, s), lambda s: d_from_p(P, 9, 9, s)]
)
def test_the_sign_is_the_callers(effect: Callable[[int], Any]) -> None:
    (up, variance), (down, same) = effect(1), effect(-1)
    assert up == -down > 0
    assert variance == same


def test_three_people_are_enough_for_a_t_test() -> None:
    """With one degree of freedom p = 1/2 belongs to t = 1."""
    assert d_from_p(0.5, 2, 1, 1)[0] == pytest.approx(math.sqrt(1.5), **EXACT)


def test_the_books_matched_groups() -> None:
    """Borenstein et al. 2009, chapter 4: difference 3 with SD 5.5 in 50 pairs, r 0.7."""
    printed = d_from_paired_t(3 / (5.5 / math.sqrt(50)), 50, 0.7)
    assert printed == pytest.approx((0.4225, 0.0131), abs=5e-5)


def test_log_rank_numbers_give_the_hazard_ratio() -> None:
    effect, variance = log_hazard_ratio([-10, 4], [40, 16])
    assert effect.tolist() == [-0.25, 0.25]
    assert variance.tolist() == [0.025, 0.0625]


# What must hold whatever the numbers --------------------------------------------------------------

ses = st.floats(0.01, 10)
levels = st.floats(0.5, 0.999)
dfs = st.one_of(st.just(math.inf), st.floats(1, 500))


def reach(level: float, df: float) -> float:
    upper = (1 + level) / 2
    return float(ndtri(upper) if math.isinf(df) else stdtrit(df, upper))


@given(st.floats(-100, 100), ses, levels, dfs)
def test_an_interval_gives_its_standard_error_back(
    estimate: float, se: float, level: float, df: float
) -> None:
    half = se * reach(level, df)
    found = se_from_interval(estimate - half, estimate + half, level=level, df=df)
    assert found == pytest.approx(se, rel=1e-8)


@given(st.floats(-3, 3), st.floats(0.01, 1), levels)
def test_an_interval_of_a_ratio_gives_its_standard_error_back(
    effect: float, se: float, level: float
) -> None:
    half = se * reach(level, math.inf)
    low, high = math.exp(effect - half), math.exp(effect + half)
    assert se_from_interval(low, high, level=level, scale="log") == pytest.approx(se, rel=1e-8)


@given(st.floats(0.1, 10), ses)
def test_turning_a_ratio_over_keeps_its_standard_error(ratio: float, p_of: float) -> None:
    p = min(0.99, p_of / 11)
    if ratio != 1:
        one, other = (se_from_p(r, p, scale="log") for r in (ratio, 1 / ratio))
        assert one == pytest.approx(other, rel=1e-9)


def test_rows_may_mix_z_and_t() -> None:
    mixed = se_from_interval([1, 1], [2, 2], df=[math.inf, 10])
    assert mixed[0] == se_from_interval(1, 2)
    assert mixed[1] == se_from_interval(1, 2, df=10) < mixed[0]
    assert np.isnan(se_from_interval([1, math.nan], 2)).tolist() == [False, True]


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: se_from_interval(2, 1), "low 2 must be below high 1"),
        (lambda: se_from_interval(1, 1), "low 1 must be below high 1"),
        (lambda: se_from_interval([1, -1], 2, scale="log"), "row 2: low -1 must be above 0"),
        (lambda: se_from_interval(1, 2, level=95), "level 95 must lie between 0 and 1"),
        (lambda: se_from_interval(1, 2, df=0), "df 0 must be above 0"),
        (lambda: se_from_interval(1, 2, scale="ratio"), "choose one of: identity, log"),  # type: ignore[arg-type]
        (lambda: se_from_p(1, 0), "p_value 0 must lie between 0 and 1"),
        (lambda: se_from_p(1, 0.5, scale="log"), "estimate 1 shows no effect"),
        (lambda: d_from_t(2, 0, 10), "n_treatment 0 must be above 0"),
        (lambda: d_from_f(-1, 10, 10, 1), "f -1 must be 0 or more"),
        (lambda: d_from_f(1, 10, 10, 0), "sign 0 must be 1 or -1"),
        (lambda: d_from_p(0.1, 1, 1, 1), "leave no freedom for t"),
        (lambda: d_from_paired_t(1, 1, 0.5), "n 1 must be above 1"),
        (lambda: d_from_paired_t(1, 10, 1), "r 1 must lie between -1 and 1"),
        (lambda: sd_from_se(-1, 10), "se -1 must be 0 or more"),
        (lambda: log_hazard_ratio(1, 0), "logrank_variance 0 must be above 0"),
    ],
)
def test_refusals_say_why(read: Callable[[], Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read()
