"""What holds for every analysis, by every estimator and every interval."""

import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from analyses import ESTIMATORS, INTERVALS, RANDOM, Analysis, analyses, pooled, undecided
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy import special

from equipoise.synthesis import one
from equipoise.synthesis.derived import NUMBERS
from equipoise.synthesis.pool import pool
from equipoise.synthesis.pooled import Pooled

# What is in the unit of effects, what in its square, and what has no unit.
EFFECT = ("estimate", "se", "low", "high", "prediction_low", "prediction_high")
VARIANCE = ("tau2", "tau2_se", "tau2_low", "tau2_high", "second_tau2")
PURE = (
    "k", "statistic", "df", "p_value", "i2", "i2_low", "i2_high", "h2", "h2_low", "h2_high", "q",
    "q_df", "q_p_value", "second_loss",
)  # fmt: skip

estimators = st.sampled_from(ESTIMATORS)
random_estimators = st.sampled_from(RANDOM)
intervals = st.sampled_from(INTERVALS)
many_examples = settings(max_examples=200, suppress_health_check=[HealthCheck.filter_too_much])


def assert_same(found: Pooled, wanted: Pooled, names: tuple[str, ...], unit: float = 1.0) -> None:
    """Compare to eight digits, of the number or of its unit in the analysis."""
    for name in names:
        ours, theirs = getattr(found, name), getattr(wanted, name)
        assert ours == pytest.approx(theirs, rel=1e-8, abs=1e-8 * unit, nan_ok=True), name


def assert_all_same(found: Pooled, wanted: Pooled) -> None:
    spread = max(wanted.variances)
    assert_same(found, wanted, (*EFFECT, *VARIANCE), unit=spread)
    assert_same(found, wanted, PURE)


@many_examples
@given(analyses(), estimators, intervals, st.randoms())
def test_the_order_of_studies_does_not_matter(
    analysis: Analysis, estimator: str, ci_method: str, random: Random
) -> None:
    assume(not undecided(analysis))
    order = list(range(len(analysis.effects)))
    random.shuffle(order)
    mixed = Analysis(*([values[i] for i in order] for values in analysis))
    found, wanted = pooled(mixed, estimator, ci_method), pooled(analysis, estimator, ci_method)
    assert_all_same(found, wanted)
    assert found.weights == pytest.approx([wanted.weights[i] for i in order])


@many_examples
@given(analyses(), estimators, intervals)
def test_turning_every_sign_turns_the_result(
    analysis: Analysis, estimator: str, ci_method: str
) -> None:
    there = pooled(analysis, estimator, ci_method)
    back = pooled(
        Analysis([-y for y in analysis.effects], analysis.variances), estimator, ci_method
    )
    turned = replace(
        there,
        estimate=-there.estimate,
        statistic=-there.statistic,
        low=-there.high,
        high=-there.low,
        prediction_low=-there.prediction_high,
        prediction_high=-there.prediction_low,
    )
    assert_all_same(back, turned)


@many_examples
@given(analyses(), estimators, intervals, st.floats(-3, 3).map(lambda x: 10.0**x))
def test_the_unit_of_effects_does_not_matter(
    analysis: Analysis, estimator: str, ci_method: str, factor: float
) -> None:
    assume(not undecided(analysis))
    effects, variances = analysis
    larger = Analysis([factor * y for y in effects], [factor**2 * v for v in variances])
    found, wanted = pooled(larger, estimator, ci_method), pooled(analysis, estimator, ci_method)
    same_unit = {name: getattr(found, name) / factor for name in EFFECT}
    same_unit |= {name: getattr(found, name) / factor**2 for name in VARIANCE}
    assert_all_same(replace(found, **same_unit), wanted)
    k = len(effects) - (estimator == "REML")
    assert found.log_likelihood == pytest.approx(wanted.log_likelihood - k * math.log(factor))


@many_examples
@given(analyses(), estimators, intervals, st.floats(-100, 100))
def test_adding_to_every_effect_adds_to_the_mean(
    analysis: Analysis, estimator: str, ci_method: str, added: float
) -> None:
    assume(not undecided(analysis))
    moved = Analysis([y + added for y in analysis.effects], analysis.variances)
    found, wanted = pooled(moved, estimator, ci_method), pooled(analysis, estimator, ci_method)
    back = {n: getattr(found, n) - added for n in EFFECT if n != "se"}
    unmoved = replace(found, **back, statistic=wanted.statistic, p_value=wanted.p_value)
    assert_all_same(unmoved, wanted)


@given(analyses())
def test_every_study_twice_leaves_the_common_effect_and_halves_its_variance(
    analysis: Analysis,
) -> None:
    alone = pooled(analysis, "CE")
    twice = pooled(Analysis(analysis.effects * 2, analysis.variances * 2), "CE")
    assert twice.estimate == pytest.approx(alone.estimate, rel=1e-12, abs=1e-12)
    assert twice.se == pytest.approx(alone.se / math.sqrt(2), rel=1e-12)
    assert twice.q == pytest.approx(2 * alone.q, rel=1e-12)


@many_examples
@given(
    analyses(),
    estimators,
    intervals,
    st.sampled_from([(math.nan, 1.0), (1.0, math.nan), (1.0, math.inf), (math.nan, math.nan)]),
    st.integers(0, 8),
)
def test_a_row_that_cannot_be_pooled_changes_nothing_and_stays(
    analysis: Analysis, estimator: str, ci_method: str, row: tuple[float, float], at: int
) -> None:
    at = min(at, len(analysis.effects))
    effects, variances = (
        [*values[:at], extra, *values[at:]] for values, extra in zip(analysis, row, strict=True)
    )
    weights = [1.0 if math.isnan(v) else 1 / v for v in variances] if estimator == "GENQ" else None
    own = [1 / v for v in analysis.variances] if estimator == "GENQ" else None
    with_it = pool(effects, variances, weights=weights, estimator=estimator, ci_method=ci_method)
    alone = pool(*analysis, weights=own, estimator=estimator, ci_method=ci_method)
    for name in NUMBERS:
        assert getattr(with_it, name) == pytest.approx(getattr(alone, name), nan_ok=True), name
    assert len(with_it.effects) == len(alone.effects) + 1
    assert with_it.weights[at] == 0
    assert with_it.reasons[at] != ""
    assert any(str(at + 1) in note for note in with_it.notes)


@many_examples
@given(analyses(least=1), estimators, intervals)
def test_weights_are_shares_and_make_the_estimate(
    analysis: Analysis, estimator: str, ci_method: str
) -> None:
    found = pooled(analysis, estimator, ci_method)
    assert sum(found.weights) == pytest.approx(1, rel=1e-12)
    assert min(found.weights) >= 0
    mean = sum(w * y for w, y in zip(found.weights, found.effects, strict=True))
    assert found.estimate == pytest.approx(mean, rel=1e-10, abs=1e-10)


@many_examples
@given(analyses(least=1), estimators, intervals, st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_intervals_hold_the_estimate_and_grow_with_the_level(
    analysis: Analysis, estimator: str, ci_method: str, one_level: float, other_level: float
) -> None:
    low, high = sorted([one_level, other_level])
    narrow, wide = (pooled(analysis, estimator, ci_method, level=x) for x in (low, high))
    assert wide.low <= narrow.low <= narrow.estimate <= narrow.high <= wide.high
    if not math.isnan(narrow.prediction_low):
        assert wide.prediction_low <= narrow.prediction_low <= narrow.low
        assert narrow.high <= narrow.prediction_high <= wide.prediction_high
    if not math.isnan(narrow.tau2_low):
        assert 0 <= wide.tau2_low <= narrow.tau2_low * (1 + 1e-12)
        assert narrow.tau2_low <= narrow.tau2_high <= wide.tau2_high * (1 + 1e-12)


@many_examples
@given(analyses(least=1), estimators, intervals)
def test_the_p_value_is_below_5_percent_if_the_interval_leaves_out_0(
    analysis: Analysis, estimator: str, ci_method: str
) -> None:
    found = pooled(analysis, estimator, ci_method)
    assume(found.se > 0 and abs(found.p_value - 0.05) > 1e-9)
    assert (found.p_value < 0.05) == (found.low > 0 or found.high < 0)


@given(analyses(), estimators)
def test_the_ad_hoc_interval_is_never_narrower_than_the_others(
    analysis: Analysis, estimator: str
) -> None:
    found = {name: pooled(analysis, estimator, name) for name in INTERVALS}
    assert found["hksj-adhoc"].se >= max(found["t"].se, found["hksj"].se) * (1 - 1e-12)
    assert found["hksj-adhoc"].high >= found["t"].high - 1e-12
    assert found["t"].high >= found["wald"].high
    assert found["t"].se == found["wald"].se


@given(analyses(), st.sampled_from([name for name in RANDOM if name != "GENQ"]))
def test_hartung_and_knapp_scale_by_the_residual_variance(
    analysis: Analysis, estimator: str
) -> None:
    plain, scaled = (pooled(analysis, estimator, name) for name in ("t", "hksj"))
    w = [1 / (v + plain.tau2) for v in analysis.variances]
    squares = sum(a * (y - plain.estimate) ** 2 for a, y in zip(w, analysis.effects, strict=True))
    df = len(w) - 1
    assert scaled.se == pytest.approx(math.sqrt(squares / df / sum(w)), rel=1e-9, abs=1e-12)
    assert plain.se == pytest.approx(sum(w) ** -0.5, rel=1e-9)
    assert (plain.df, scaled.df) == (df, df)


@given(analyses(), random_estimators, intervals)
def test_no_variance_is_negative(analysis: Analysis, estimator: str, ci_method: str) -> None:
    found = pooled(analysis, estimator, ci_method)
    assert found.tau2 >= 0
    assert found.tau2_se > 0 or estimator == "SJ"
    assert 0 <= found.i2 < 1
    assert found.h2 == pytest.approx(1 / (1 - found.i2), rel=1e-9)
    assert found.converged


@given(analyses())
def test_i2_of_the_common_effect_comes_from_q(analysis: Analysis) -> None:
    found = pooled(analysis, "CE")
    assume(found.q > 0)
    assert found.h2 == pytest.approx(found.q / found.q_df)
    assert found.i2 == pytest.approx(max(0, (found.q - found.q_df) / found.q))


@settings(deadline=None)
@given(analyses(), st.sampled_from(["REML", "ML"]))
def test_the_likelihood_is_highest_at_the_estimate(analysis: Analysis, estimator: str) -> None:
    first, y, v = analysis.apart()
    at = 1 if estimator == "REML" else 0
    found = pooled(analysis, estimator)
    last = 4 * one.spread(y) + first
    dense = np.concatenate([[0], np.geomspace(first, last, 2000) - first]).tolist()
    highest = max(one.log_likelihoods(first, y, v, tau2)[at] for tau2 in dense)
    assert found.log_likelihood >= highest - 1e-9


@given(analyses(least=1), estimators)
def test_the_log_likelihood_is_that_of_normal_effects(analysis: Analysis, estimator: str) -> None:
    assume(len(analysis.effects) > 1 or estimator != "REML")
    found = pooled(analysis, estimator)
    tau2 = 0.0 if math.isnan(found.tau2) else found.tau2
    y, spread = np.array(analysis.effects), np.array(analysis.variances) + tau2
    mean = (y / spread).sum() / (1 / spread).sum()
    # Weights of one's own make another mean, and the likelihood is that of the mean that is told.
    mean = found.estimate if estimator == "GENQ" else mean
    height = -0.5 * (np.log(2 * np.pi * spread) + (y - mean) ** 2 / spread).sum()
    if estimator == "REML":
        height += 0.5 * (np.log(2 * np.pi * len(y)) - np.log((1 / spread).sum()))
    assert found.log_likelihood == pytest.approx(height, rel=1e-9, abs=1e-9)


@given(analyses(least=4), estimators)
def test_information_criteria_count_the_mean_and_tau2(analysis: Analysis, estimator: str) -> None:
    found = pooled(analysis, estimator)
    p = 1 if estimator == "CE" else 2
    n = len(analysis.effects) - (estimator == "REML")
    assert found.aic == pytest.approx(-2 * found.log_likelihood + 2 * p)
    assert found.bic == pytest.approx(-2 * found.log_likelihood + p * math.log(n))
    m = max(n, p + 2)
    assert found.aicc == pytest.approx(-2 * found.log_likelihood + 2 * p * m / (m - p - 1))


@given(analyses(), st.sampled_from(["PM", "EB", "PMM"]))
def test_paule_and_mandel_bring_q_to_its_target(analysis: Analysis, estimator: str) -> None:
    df = len(analysis.effects) - 1
    target = special.chdtri(df, 0.5) if estimator == "PMM" else df
    found = pooled(analysis, estimator)
    _mean, _total, q, _falls = one.weighted(*analysis.apart(), found.tau2)
    if found.tau2 > 0:
        assert q == pytest.approx(target, rel=1e-9)
    else:
        assert q <= target


@given(analyses(), st.floats(0.5, 0.99))
def test_the_q_profile_interval_brings_q_to_its_quantiles(analysis: Analysis, level: float) -> None:
    df = len(analysis.effects) - 1
    tail = (1 - level) / 2
    found = pooled(analysis, "PM", level=level)
    for tau2, target in zip(
        (found.tau2_low, found.tau2_high), special.chdtri(df, [tail, 1 - tail]), strict=True
    ):
        _mean, _total, q, _falls = one.weighted(*analysis.apart(), tau2)
        assert q == pytest.approx(target, rel=1e-9) if tau2 > 0 else q <= target


@given(analyses())
def test_the_q_profile_interval_holds_the_estimate_of_paule_and_mandel(analysis: Analysis) -> None:
    found = pooled(analysis, "PM")
    assert found.tau2_low <= found.tau2 * (1 + 1e-9)
    assert found.tau2 <= found.tau2_high * (1 + 1e-9)


@given(analyses())
def test_empirical_bayes_is_paule_and_mandel(analysis: Analysis) -> None:
    assert pooled(analysis, "EB").tau2 == pooled(analysis, "PM").tau2


@given(analyses(), st.sampled_from(["DL", "HE", "GENQ"]))
def test_estimators_of_moments_equate_q_to_its_expectation(
    analysis: Analysis, estimator: str
) -> None:
    """E(y'Py) = tr PV + τ² tr P, P made of the weights 1/v, 1, or any."""
    y, v = np.array(analysis.effects), np.array(analysis.variances)
    a = {"DL": 1 / v, "HE": np.ones_like(v), "GENQ": v**-0.5}[estimator]
    p = np.diag(a) - np.outer(a, a) / a.sum()
    slack = 1e-9 * max(analysis.variances)
    tau2 = max(0, (y @ p @ y - np.trace(p * v)) / np.trace(p))
    assert pooled(analysis, estimator).tau2 == pytest.approx(tau2, rel=1e-7, abs=slack)


@given(analyses())
def test_hunter_and_schmidt_stay_below_dersimonian_and_laird(analysis: Analysis) -> None:
    dl, hs, hsk = (pooled(analysis, name).tau2 for name in ("DL", "HS", "HSk"))
    assert hs <= min(dl, hsk) + 1e-12


@given(analyses())
def test_sidik_and_jonkman_see_some_difference_wherever_effects_differ(analysis: Analysis) -> None:
    differ = len(set(analysis.effects)) > 1
    assert (pooled(analysis, "SJ").tau2 > 0) == differ


@given(analyses(), st.floats(-2, 2).map(lambda x: 10.0**x))
def test_under_equal_variances_the_unbiased_estimators_agree(
    analysis: Analysis, variance: float
) -> None:
    equal = Analysis(analysis.effects, [variance] * len(analysis.effects))
    y = np.array(equal.effects)
    unbiased = max(0.0, y.var(ddof=1) - variance)
    slack = 1e-10 * (variance + unbiased)
    for estimator in ("DL", "HE", "HSk", "REML", "EB", "PM", "GENQ"):
        assert pooled(equal, estimator).tau2 == pytest.approx(unbiased, abs=slack), estimator
    for estimator in ("ML", "HS"):
        likeliest = max(0.0, y.var() - variance)
        assert pooled(equal, estimator).tau2 == pytest.approx(likeliest, abs=slack), estimator


@given(analyses(), st.floats(0, 10), intervals)
def test_a_known_tau2_is_taken_as_it_is(analysis: Analysis, tau2: float, ci_method: str) -> None:
    found = pooled(analysis, "REML", ci_method, tau2=tau2)
    w = [1 / (v + tau2) for v in analysis.variances]
    assert found.tau2 == tau2
    assert math.isnan(found.tau2_se)
    assert found.weights == pytest.approx([x / sum(w) for x in w])


@given(analyses(), intervals)
def test_no_variance_between_studies_is_the_common_effect(
    analysis: Analysis, ci_method: str
) -> None:
    known, common = pooled(analysis, "DL", ci_method, tau2=0.0), pooled(analysis, "CE", ci_method)
    assert_same(known, common, ("estimate", "se", "low", "high", "q"))


@given(analyses(), estimators)
def test_weights_of_ones_own_make_the_mean(analysis: Analysis, estimator: str) -> None:
    own = [1.0 + i for i in range(len(analysis.effects))]
    found = pool(*analysis, weights=own, estimator=estimator, ci_method="wald")
    share = np.array(own) / sum(own)
    tau2 = 0.0 if estimator == "CE" else found.tau2
    assert found.estimate == pytest.approx(share @ analysis.effects, rel=1e-10, abs=1e-10)
    assert found.se**2 == pytest.approx(share**2 @ (np.array(analysis.variances) + tau2))


@given(st.floats(-5, 5), st.floats(-3, 3).map(lambda x: 10.0**x), estimators, intervals)
def test_one_study_is_the_result_with_its_normal_interval(
    effect: float, variance: float, estimator: str, ci_method: str
) -> None:
    found = pooled(Analysis([effect], [variance]), estimator, ci_method)
    reach = special.ndtri(0.975) * math.sqrt(variance)
    assert found.estimate == effect
    assert (found.low, found.high) == pytest.approx((effect - reach, effect + reach))
    assert found.df == math.inf
    assert found.weights == (1.0,)
    names = ("i2", "h2", "tau2_low", "tau2_high", "prediction_low", "prediction_high", "q_p_value")
    assert all(math.isnan(getattr(found, name)) for name in names)
    assert math.isnan(found.tau2) == (estimator != "CE")


@given(st.floats(-5, 5), st.lists(st.floats(0.01, 100), min_size=2, max_size=6), random_estimators)
def test_equal_effects_have_no_variance_between_them(
    effect: float, variances: list[float], estimator: str
) -> None:
    found = pooled(Analysis([effect] * len(variances), variances), estimator)
    assert found.estimate == pytest.approx(effect)
    assert (found.tau2, found.tau2_low, found.tau2_high, found.q) == (0, 0, 0, 0)


@given(analyses(), intervals)
def test_the_common_effect_has_no_interval_of_heterogeneity(
    analysis: Analysis, ci_method: str
) -> None:
    found = pooled(analysis, "CE", ci_method)
    names = ("tau2_low", "tau2_high", "i2_low", "i2_high", "h2_low", "h2_high", "tau2_se")
    names += ("prediction_low", "prediction_high")
    assert found.tau2 == 0
    assert all(math.isnan(getattr(found, name)) for name in names)
