"""Sizes of trials and of pooled evidence, assurance, exaggeration and surprise: against oracles."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import equipoise as eq

RISK = st.floats(0.02, 0.98)
SIZE = st.floats(0.05, 3)


@pytest.mark.parametrize(
    ("risks", "power", "people"),
    [((0.5, 0.75), 0.9, 76.707), ((0.39, 0.21), 0.9, 134.118), ((0.39, 0.21), 0.8, 100.558)],
)
def test_size_of_known_trials(risks: tuple[float, float], power: float, people: float) -> None:
    found = eq.trial_size(*risks, power=power)
    assert found.analysed_treatment == found.analysed_control
    assert found.analysed_control == pytest.approx(people, abs=5e-4)
    assert found.randomised_treatment == found.randomised_control == math.ceil(people)
    assert found.randomised == 2 * math.ceil(people)


def test_size_of_a_known_trial_of_means() -> None:
    found = eq.trial_size_for_means(10, 18)
    assert found.analysed_control == pytest.approx(68.09, abs=5e-3)
    assert (found.randomised_treatment, found.randomised) == (69, 138)


@pytest.mark.parametrize(("risk", "printed"), [(0.77, 0.876), (0.50, 0.373)])
def test_the_power_of_twelve_people_a_group(risk: float, printed: float) -> None:
    """The pilot trial's size has the printed power against a risk of 0.18."""
    below, above = (eq.trial_size(risk, 0.18, power=printed + x) for x in (-1e-3, 1e-3))
    assert below.analysed_control < 12 < above.analysed_control


@given(RISK, RISK, st.floats(0.5, 0.99), st.floats(0.2, 5))
def test_a_trial_of_this_size_has_the_power(
    risk_treatment: float, risk_control: float, power: float, allocation: float
) -> None:
    if abs(risk_treatment - risk_control) < 0.01:
        return
    found = eq.trial_size(risk_treatment, risk_control, power=power, allocation=allocation)
    n1, n2 = found.analysed_treatment, found.analysed_control
    assert n1 / n2 == pytest.approx(allocation)
    mean = (n1 * risk_treatment + n2 * risk_control) / (n1 + n2)
    null = math.sqrt(mean * (1 - mean) * (1 / n1 + 1 / n2))
    true = math.sqrt(
        risk_treatment * (1 - risk_treatment) / n1 + risk_control * (1 - risk_control) / n2
    )
    reach = abs(risk_treatment - risk_control) - stats.norm.ppf(0.975) * null
    assert stats.norm.cdf(reach / true) == pytest.approx(power, abs=1e-9)


@given(SIZE, SIZE, st.floats(0.5, 0.99), st.floats(0.2, 5))
def test_a_trial_of_means_of_this_size_has_the_power(
    difference: float, sd: float, power: float, allocation: float
) -> None:
    found = eq.trial_size_for_means(difference, sd, power=power, allocation=allocation)
    se = sd * math.sqrt(1 / found.analysed_treatment + 1 / found.analysed_control)
    reach = difference / se - stats.norm.ppf(0.975)
    assert stats.norm.cdf(reach) == pytest.approx(power, abs=1e-9)


@pytest.mark.parametrize("difference", [0.3, 0.5, 0.8, 1.2])
def test_a_t_test_needs_about_one_person_more_in_each_group(difference: float) -> None:
    n = eq.trial_size_for_means(difference, 1).analysed_control

    def power(people: float) -> float:
        df, shift = 2 * people - 2, difference * math.sqrt(people / 2)
        return float(stats.nct.sf(stats.t.ppf(0.975, df), df, shift))

    assert power(n) < 0.9 < power(n + 1.1)
    assert power(n + 0.8) < 0.9


@given(RISK, RISK, st.floats(0.2, 5), st.floats(0, 0.9))
def test_swapping_groups_and_counting_the_others_change_nothing(
    one: float, other: float, allocation: float, dropout: float
) -> None:
    if abs(one - other) < 0.01:
        return
    found = eq.trial_size(one, other, allocation=allocation, dropout=dropout)
    swapped = eq.trial_size(other, one, allocation=1 / allocation, dropout=dropout)
    recoded = eq.trial_size(1 - one, 1 - other, allocation=allocation, dropout=dropout)
    assert found.analysed_treatment == pytest.approx(swapped.analysed_control)
    assert found.analysed_control == pytest.approx(recoded.analysed_control)
    kept = 1 - dropout
    assert 0 <= found.randomised_control - found.analysed_control / kept < 1 + 1e-6
    assert 0 <= found.randomised_treatment - found.analysed_treatment / kept < 1 + 1e-6


@given(SIZE, SIZE)
def test_a_smaller_difference_needs_more_people(one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert (
        eq.trial_size_for_means(small, 1).randomised >= eq.trial_size_for_means(large, 1).randomised
    )
    assert eq.information_size_for_means(small, 1) >= eq.information_size_for_means(large, 1)


def test_dropouts_are_replaced_by_whole_people() -> None:
    """100 to be analysed and a fifth lost: 125, not 126 for a rounding error."""
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.9)
    found = eq.trial_size_for_means(1, 10 / (math.sqrt(2) * z), dropout=0.2)
    assert found.analysed_control == pytest.approx(100)
    assert found.randomised_control == 125


@pytest.mark.parametrize(("smd", "people"), [(0.2, 784.9), (0.3, 348.8), (0.5, 125.6)])
def test_information_size_of_standardised_means(smd: float, people: float) -> None:
    assert eq.information_size_for_means(smd, 1) == pytest.approx(people, abs=0.05)
    assert eq.information_size_for_means(-20 * smd, 20) == pytest.approx(people, abs=0.05)


@given(st.floats(0.01, 0.9), st.floats(0.05, 0.8), st.floats(0.5, 0.95))
def test_information_size_is_two_groups_of_a_trial(
    risk: float, reduction: float, power: float
) -> None:
    trial = eq.trial_size(risk * (1 - reduction), risk, power=power)
    size = eq.information_size(risk, reduction, power=power)
    assert size == pytest.approx(2 * trial.analysed_control, rel=1e-12)


@pytest.mark.parametrize(
    ("ratio", "risk", "power", "people"),
    [(0.9, 0.1, 0.9, 36136), (0.8, 0.12, 0.9, 7030), (0.9, 0.2, 0.8, 12080)],
)
def test_required_information_size_of_the_r_package_rtsa(
    ratio: float, risk: float, power: float, people: int
) -> None:
    mean = risk * (1 + ratio) / 2
    size = eq.required_information_size(risk * (1 - ratio), mean * (1 - mean), power=power)
    assert math.ceil(size) == people


def test_diversity_and_inconsistency_raise_the_required_size() -> None:
    """RTSA rounds up before it divides as well: 17258 and 15100."""
    agree, diverse, inconsistent = (
        eq.required_information_size(0.02, 0.19 * 0.81, power=0.8, diversity=share)
        for share in (0, 0.3, 0.2)
    )
    assert diverse == pytest.approx(agree / 0.7, rel=1e-12)
    assert inconsistent == pytest.approx(agree / 0.8, rel=1e-12)
    assert math.ceil(math.ceil(agree) / 0.7) == 17258
    assert math.ceil(math.ceil(agree) / 0.8) == 15100
    assert eq.required_information_size(10, 18**2, power=0.8) == pytest.approx(
        eq.information_size_for_means(10, 18), rel=1e-12
    )


def test_diversity_of_the_bcg_trials() -> None:
    bcg = eq.load_evidence("evidence/bcg_vaccine").comparison("tuberculosis")
    effects = eq.effect_sizes(bcg, "RR")
    assert eq.diversity(eq.pool(effects, estimator="DL")) == pytest.approx(0.948663, abs=5e-7)


@given(
    st.lists(st.tuples(st.floats(-2, 2), st.floats(0.01, 2)), min_size=2, max_size=8),
    st.sampled_from(["DL", "REML", "PM"]),
)
@settings(deadline=None)
def test_diversity_is_the_fall_in_variance_and_never_below_inconsistency(
    studies: list[tuple[float, float]], estimator: Any
) -> None:
    effects, variances = zip(*studies, strict=True)
    pooled = eq.pool(effects, variances, estimator=estimator, ci_method="wald")
    common = eq.pool(effects, variances, estimator="CE", ci_method="wald")
    found = eq.diversity(pooled)
    assert found == pytest.approx(1 - common.se**2 / pooled.se**2, abs=1e-9)
    assert pooled.i2 - 1e-9 <= found < 1


def test_one_effect_common_to_all_has_no_diversity() -> None:
    with pytest.raises(eq.UsageError, match="its effect is common to all studies"):
        eq.diversity(eq.pool([0.1, 0.4], [0.04, 0.05], estimator="CE"))
    with pytest.raises(eq.UsageError, match="one study does not tell"):
        eq.diversity(eq.pool([0.1], [0.04]))


def test_studies_left_out_have_no_part_in_diversity() -> None:
    whole = eq.pool([0.1, 0.9, math.nan], [0.04, 0.05, 0.01])
    assert eq.diversity(whole) == eq.diversity(eq.pool([0.1, 0.9], [0.04, 0.05]))


def test_known_assurance() -> None:
    found = eq.assurance(0.5, 0.2, sd=1, n_treatment=100, n_control=100)
    assert found.probability == pytest.approx(0.8184979, rel=1e-6)
    se = math.sqrt(0.02)
    assert found.power == pytest.approx(stats.norm.sf(stats.norm.ppf(0.975) - 0.5 / se), rel=1e-12)
    assert f"{found.power:.4f}" == "0.9424"
    assert found.ceiling == pytest.approx(stats.norm.cdf(2.5), rel=1e-12)


@given(st.floats(-2, 2), st.floats(0.05, 2), st.integers(2, 400), st.integers(2, 400))
@settings(deadline=None, max_examples=30)
def test_assurance_is_power_averaged_over_the_prior(
    mean: float, spread: float, n1: int, n2: int
) -> None:
    found = eq.assurance(mean, spread, sd=1.5, n_treatment=n1, n_control=n2)
    se, sign = 1.5 * math.sqrt(1 / n1 + 1 / n2), 1 if mean >= 0 else -1
    z = stats.norm.ppf(0.975)

    def weighted(x: float) -> float:
        return float(
            stats.norm.cdf(sign * (mean + spread * x) / se - z) * math.exp(-x * x / 2)
        ) / math.sqrt(2 * math.pi)

    bend = (sign * z * se - mean) / spread  # where power is a half
    ends = sorted({-10.0, 10.0, *(bend + x * se / spread for x in (-4, 0, 4) if abs(bend) < 5)})
    ends = [x for x in ends if -10 <= x <= 10]
    average = sum(
        integrate.quad(weighted, a, b, epsabs=1e-13)[0] for a, b in itertools.pairwise(ends)
    )
    assert found.probability == pytest.approx(average, abs=1e-9)
    assert found.probability <= found.ceiling
    assert found == eq.assurance(-mean, spread, sd=1.5, n_treatment=n2, n_control=n1)


@given(st.floats(0.1, 2), st.floats(0.05, 2), st.integers(2, 400), st.integers(1, 400))
def test_more_people_give_more_assurance_up_to_the_ceiling(
    mean: float, spread: float, n: int, more: int
) -> None:
    few, many, vast = (
        eq.assurance(mean, spread, sd=1, n_treatment=size, n_control=size)
        for size in (n, n + more, 1e12)
    )
    assert few.probability <= many.probability
    assert vast.probability == pytest.approx(vast.ceiling, abs=1e-4)


@pytest.mark.parametrize(
    ("effect", "se", "power", "type_s", "type_m"),
    [
        # Gelman & Carlin's two examples; their simulations printed type M 76.83 and 9.57
        (0.1, 3.28, 0.05010648, 0.4644228, 76.68916),
        (2, 8.1, 0.05701294, 0.2396177, 9.536628),
    ],
)
def test_known_exaggeration(
    effect: float, se: float, power: float, type_s: float, type_m: float
) -> None:
    found = eq.exaggeration(effect, se)
    assert found.power == pytest.approx(power, rel=1e-6)
    assert found.type_s == pytest.approx(type_s, rel=1e-6)
    assert found.type_m == pytest.approx(type_m, rel=1e-6)


def test_exaggeration_in_the_pilot_trial_if_the_odds_ratio_were_two() -> None:
    found = eq.exaggeration(math.log(2), math.sqrt(1.044444))
    shown = [f"{found.power:.3f}", f"{found.type_s:.3f}", f"{found.type_m:.2f}"]
    assert shown == ["0.104", "0.040", "3.58"]


@given(st.floats(0.05, 6), st.floats(0.5, 0.999))
@settings(deadline=None, max_examples=30)
def test_exaggeration_is_what_the_intervals_that_exclude_0_show(ratio: float, level: float) -> None:
    """The same by integration of the normal density beyond the two limits."""
    found = eq.exaggeration(ratio, 1, level=level)
    z = stats.norm.ppf((1 + level) / 2)

    def mean_size(low: float, high: float) -> float:
        return float(
            integrate.quad(
                lambda x: abs(x) * math.exp(-((x - ratio) ** 2) / 2) / math.sqrt(2 * math.pi),
                low, high, epsabs=1e-14,
            )[0]
        )  # fmt: skip

    power = stats.norm.sf(z - ratio) + stats.norm.cdf(-z - ratio)
    size = mean_size(-z - 12, -z) + mean_size(z, z + ratio + 12)
    assert found.power == pytest.approx(power, rel=1e-9)
    assert found.type_s == pytest.approx(stats.norm.cdf(-z - ratio) / power, rel=1e-9)
    assert found.type_m == pytest.approx(size / (ratio * power), rel=1e-7)


@given(st.floats(0.01, 8), st.floats(0.01, 8))
def test_a_larger_effect_is_found_more_often_and_exaggerated_less(one: float, other: float) -> None:
    small, large = (eq.exaggeration(x, 1) for x in sorted((one, other)))
    assert small.power <= large.power
    assert small.type_s >= large.type_s
    assert small.type_m >= large.type_m - 1e-9
    assert eq.exaggeration(-one, 1) == eq.exaggeration(one, 1)
    assert large.type_m >= 1
    assert 0 <= small.type_s < 0.5


def test_known_s_values() -> None:
    assert eq.s_value([0.05, 0.25, 0.01228]).tolist() == pytest.approx(
        [4.3219, 2, 6.3475], abs=5e-5
    )
    assert eq.s_value(0.05) == pytest.approx(4.321928, rel=1e-6)
    assert str(eq.s_value(1.0)) == "0.0"
    assert math.isnan(eq.s_value(math.nan))


@given(st.integers(1, 60), st.floats(1e-300, 1), st.floats(1e-300, 1))
def test_surprises_of_independent_results_add_up(heads: int, one: float, other: float) -> None:
    assert eq.s_value(0.5**heads) == heads
    both = eq.s_value(one) + eq.s_value(other)
    assert np.log2(one) + np.log2(other) == pytest.approx(-both)


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (lambda: eq.s_value(0.0), "p_value 0 must lie above 0"),
        (lambda: eq.s_value([0.1, 1.2]), "row 2: p_value 1.2 must lie above 0, and not above 1"),
        (lambda: eq.exaggeration(0, 1), "true_effect is 0, which has no sign"),
        (lambda: eq.exaggeration(math.nan, 1), "true_effect is nan"),
        (lambda: eq.exaggeration(1, 0), "se is 0; it must be above 0"),
        (lambda: eq.exaggeration(1, 1, level=95), "level must lie between 0 and 1"),
        (lambda: eq.trial_size(0.3, 0.3), "the risks are equal"),
        (lambda: eq.trial_size(0.0, 1.3), "risk_treatment is 0.*risk_control is 1.3"),
        (lambda: eq.trial_size(0.3, 0.4, power=90), "power is 90; it must lie between 0 and 1"),
        (lambda: eq.trial_size(0.3, 0.4, dropout=1), "dropout is 1; it must be 0 or more"),
        (lambda: eq.trial_size(0.3, 0.4, allocation=0), "allocation is 0; it must be above 0"),
        (lambda: eq.trial_size_for_means(0, 1), "difference is 0"),
        (lambda: eq.trial_size_for_means(1e-200, 1), "no number of people is large enough"),
        (lambda: eq.trial_size_for_means(1, -1), "sd is -1; it must be above 0"),
        (lambda: eq.information_size_for_means(1, 0), "sd is 0"),
        (lambda: eq.information_size_for_means(1, 1, power=1), "power is 1"),
        (lambda: eq.required_information_size(1, 0), "variance is 0"),
        (lambda: eq.required_information_size(1, 1, diversity=1), "diversity is 1; it must be 0"),
        (lambda: eq.required_information_size(0, 1), "difference is 0"),
        (lambda: eq.assurance(1, 0, sd=1, n_treatment=9, n_control=9), "prior_sd is 0"),
        (lambda: eq.assurance(math.inf, 1, sd=1, n_treatment=9, n_control=9), "prior_mean is inf"),
        (lambda: eq.assurance(1, 1, sd=1, n_treatment=0, n_control=-1), "n_treatment is 0.*n_cont"),
        (lambda: eq.assurance(1, 1, sd=1, n_treatment=9, n_control=9, alpha=5), "alpha is 5"),
    ],
)
def test_bad_input_is_one_clear_error(call: Any, fault: str) -> None:
    with pytest.raises(eq.UsageError, match=fault):
        call()


def test_a_reduction_too_small_to_see_needs_infinitely_many_people() -> None:
    assert eq.information_size(0.2, 1e-18) == math.inf
