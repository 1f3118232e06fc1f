"""From one effect size to another: published examples, metafor, and pairs that invert."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.baseline_risk import (
    log_odds_ratio_to_log_risk_ratio,
    log_risk_ratio_to_log_odds_ratio,
    log_risk_ratio_to_risk_difference,
)
from equipoise.effects.conversions import (
    d_to_g,
    d_to_log_odds_ratio,
    d_to_r,
    fisher_z_to_r,
    g_to_d,
    log_odds_ratio_to_d,
    r_to_d,
    r_to_fisher_z,
)
from equipoise.errors import UsageError

# Borenstein, Hedges, Higgins & Rothstein 2009, chapters 4, 6 and 7, as printed
BOOK = [
    (d_to_log_odds_ratio, (0.5, 0.0205), (0.9069, 0.0676), 2e-4),  # V rounded: 0.0674
    (log_odds_ratio_to_d, (0.9069, 0.0676), (0.5, 0.0205), 5e-5),
    (r_to_d, (0.5, 0.0058), (1.1547, 0.0550), 5e-5),
    (d_to_r, (1.1547, 0.0550), (0.5, 0.0058), 5e-5),
    (d_to_g, (0.5970, 0.0418, 98), (0.5924, 0.0411), 1e-4),
    (r_to_fisher_z, (0.5, 0.75**2 / 99), (0.5493, 0.0101), 5e-5),
]


@pytest.mark.parametrize(("convert", "given", "printed", "digits"), BOOK)
def test_examples_of_the_book(
    convert: Callable[..., Any], given: Any, printed: Any, digits: float
) -> None:
    assert convert(*given) == pytest.approx(printed, abs=digits)


def test_numbers_of_metafor() -> None:
    """metafor 3.8-1: transf.dtorpb, transf.rtoz, transf.ztor, transf.logortorr, .logortord."""
    exact = {"rel": 1e-12}
    assert d_to_r(0.5, 1)[0] == pytest.approx(0.242535625036333, **exact)
    assert r_to_fisher_z(0.5, 1)[0] == pytest.approx(0.549306144334055, **exact)
    assert fisher_z_to_r(0.8, 1)[0] == pytest.approx(0.664036770267849, **exact)
    log_rr, variance = log_odds_ratio_to_log_risk_ratio(math.log(0.6), 0.04, 0.3)
    assert np.exp(log_rr) == pytest.approx(0.681818181818182, **exact)
    difference, _ = log_risk_ratio_to_risk_difference(log_rr, variance, 0.3)
    assert difference == pytest.approx(-0.0954545454545454, **exact)


def test_log_odds_ratios_of_metafor() -> None:
    """metafor 3.8-1: escalc D2ORL and D2ORN of means 10.5, 9, SDs 3, 2.5, n 20, 25."""
    d = 1.5 / math.sqrt((19 * 9 + 24 * 6.25) / 43)
    variance = 1 / 20 + 1 / 25 + d**2 / 90
    assert d_to_log_odds_ratio(d, variance) == pytest.approx(
        (0.995777286737522, 0.307105603196929), rel=1e-12
    )
    assert d_to_log_odds_ratio(d, variance, "normal") == pytest.approx(
        (0.905851306112127, 0.254142406542056), rel=1e-12
    )


def test_the_small_sample_correction_is_exact() -> None:
    """R: exp(lgamma(5) - log(sqrt(5)) - lgamma(4.5))."""
    g, variance = d_to_g(1, 1, 10)
    assert g == pytest.approx(0.922745608053087, rel=1e-12)
    assert variance == pytest.approx(0.922745608053087**2, rel=1e-12)


# What must hold whatever the numbers --------------------------------------------------------------

effects = st.floats(-3, 3)
variances = st.floats(1e-6, 10)
sizes = st.integers(2, 10_000)
risks = st.floats(0.001, 0.999)


@given(effects, variances, sizes, sizes)
def test_d_and_r_invert(d: float, variance: float, n1: int, n2: int) -> None:
    there = d_to_r(d, variance, n1, n2)
    assert r_to_d(*there, n1, n2) == pytest.approx((d, variance), rel=1e-8, abs=1e-12)


@given(effects, variances)
def test_r_and_fisher_z_invert(z: float, variance: float) -> None:
    assert r_to_fisher_z(*fisher_z_to_r(z, variance)) == pytest.approx((z, variance), rel=1e-8)


@given(effects, variances, st.sampled_from(["logistic", "normal"]))
def test_d_and_log_odds_ratio_invert(d: float, variance: float, latent: Any) -> None:
    there = d_to_log_odds_ratio(d, variance, latent)
    assert log_odds_ratio_to_d(*there, latent) == pytest.approx((d, variance), rel=1e-12)


@given(effects, variances, st.integers(2, 500))
def test_d_and_g_invert(d: float, variance: float, df: int) -> None:
    assert g_to_d(*d_to_g(d, variance, df), df) == pytest.approx((d, variance), rel=1e-12)


@given(effects, variances, risks)
def test_odds_and_risk_ratio_invert(effect: float, variance: float, risk: float) -> None:
    there = log_odds_ratio_to_log_risk_ratio(effect, variance, risk)
    back = log_risk_ratio_to_log_odds_ratio(*there, risk)
    assert back == pytest.approx((effect, variance), rel=1e-8, abs=1e-10)


@given(effects, variances, risks)
def test_the_odds_ratio_leads_to_the_risk_with_treatment(
    effect: float, variance: float, risk: float
) -> None:
    """Through the risk ratio, or at once by way of the odds: p₁ = expit(logit p + log OR)."""
    ratio = log_odds_ratio_to_log_risk_ratio(effect, variance, risk)
    difference, spread = log_risk_ratio_to_risk_difference(*ratio, risk)
    treated = 1 / (1 + math.exp(-(math.log(risk / (1 - risk)) + effect)))
    assert difference == pytest.approx(treated - risk, rel=1e-7, abs=1e-12)
    assert spread == pytest.approx(variance * (treated * (1 - treated)) ** 2, rel=1e-8)


SMALL = 1e-6
MOVED: list[tuple[Callable[..., Any], tuple[float, ...]]] = [
    (d_to_r, (3, 1)),
    (r_to_d, (3, 1)),
    (r_to_fisher_z, ()),
    (fisher_z_to_r, ()),
    (d_to_log_odds_ratio, ()),
    (log_odds_ratio_to_d, ()),
    (log_odds_ratio_to_log_risk_ratio, (0.2,)),
    (log_risk_ratio_to_log_odds_ratio, (0.2,)),
    (log_risk_ratio_to_risk_difference, (0.2,)),
    (d_to_g, (9,)),
    (g_to_d, (9,)),
]


@pytest.mark.parametrize(("convert", "more"), MOVED)
def test_every_variance_is_the_squared_slope(
    convert: Callable[..., Any], more: tuple[float, ...]
) -> None:
    high, low = (convert(0.4 + step, 1, *more)[0] for step in (SMALL, -SMALL))
    assert convert(0.4, 1, *more)[1] == pytest.approx(((high - low) / (2 * SMALL)) ** 2, rel=1e-8)


def test_arrays_broadcast_and_what_is_not_reported_stays_so() -> None:
    effect, variance = d_to_r([0.2, math.nan, 0.8], 0.04, [[10], [20]], 20)
    assert effect.shape == variance.shape == (2, 3)
    assert np.isnan(effect).tolist() == [[False, True, False]] * 2


def test_what_cannot_be_is_listed() -> None:
    with pytest.raises(UsageError) as caught:
        r_to_d([0.1, 1.2, -1], [0.1, -0.1, 0.1])
    assert str(caught.value).splitlines() == [
        "these values cannot be used:",
        "row 2: r 1.2 must lie between -1 and 1, both excluded",
        "row 2: variance -0.1 must be 0 or more and finite",
        "row 3: r -1 must lie between -1 and 1, both excluded",
    ]


@pytest.mark.parametrize(
    ("convert", "given", "message"),
    [
        (d_to_g, (0.5, 0.1, 1), "df 1 must be above 1"),
        (d_to_log_odds_ratio, (0.5, 0.1, "cauchy"), "choose one of: logistic, normal"),
        (d_to_r, (math.inf, 0.1), "d inf must be finite"),
        (d_to_r, (1, 0.1, math.inf, 9), "n_treatment inf must be above 0 and finite"),
        (d_to_r, ("half", 0.1), "d must hold numbers"),
        (d_to_r, ([1, 2], [1, 2, 3]), "arrays of one length"),
        (log_odds_ratio_to_log_risk_ratio, (0.5, 0.1, 1), "baseline_risk 1 must lie between 0"),
        (log_risk_ratio_to_log_odds_ratio, (math.log(2), 0.1, 0.6), "0.6 times the risk ratio 2"),
        (log_risk_ratio_to_risk_difference, (math.log(2), 0.1, 0.5), "must stay below 1"),
    ],
)
def test_refusals_say_why(convert: Callable[..., Any], given: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        convert(*given)
