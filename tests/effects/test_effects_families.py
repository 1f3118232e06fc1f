"""What holds for the measures of each family, whatever the numbers."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.measures import MEASURES
from equipoise.effects.sizes import effect_sizes
from equipoise.effects.standardised import hedges_factor
from equipoise.effects.tetrachoric import bivariate_normal
from equipoise.errors import UsageError

TWO_GROUPS = ["events_treatment", "n_treatment", "events_control", "n_control"]
TWO_MEANS = [
    f"{name}_{group}" for group in ("treatment", "control") for name in ("mean", "sd", "n")
]
TWO_RATES = ["events_treatment", "time_treatment", "events_control", "time_control"]
PAIRED = ["mean_before", "sd_before", "mean_after", "sd_after", "r", "n"]

counts = st.tuples(st.integers(1, 40), st.integers(1, 40)).map(lambda c: (c[0], c[0] + c[1]))
means = st.tuples(st.floats(0.5, 100), st.floats(0.1, 30), st.integers(3, 200))
rates = st.tuples(st.integers(1, 50), st.floats(0.1, 1e3))

SIGNED = {
    "RR OR RD AS PETO PHI YUQ YUY RTET PBIT OR2DN OR2DL": (TWO_GROUPS, counts),
    "MD SMD SMDH ROM CVR VR D2ORN D2ORL RPB RBIS": (TWO_MEANS, means),
    "IRR IRD IRSD": (TWO_RATES, rates),
}


def one(columns: list[str], row: tuple[Any, ...], measure: str, **options: Any) -> pd.Series:
    table = pd.DataFrame([row], columns=columns, dtype=float)
    return effect_sizes(table, measure, **options).iloc[0]


@pytest.mark.parametrize("keys", SIGNED)
@given(data=st.data())
def test_swapping_the_groups_turns_the_sign(keys: str, data: st.DataObject) -> None:
    columns, groups = SIGNED[keys]
    key, a, b = data.draw(st.sampled_from(keys.split())), data.draw(groups), data.draw(groups)
    there, back = one(columns, (*a, *b), key), one(columns, (*b, *a), key)
    assert there["effect"] == pytest.approx(-back["effect"], rel=1e-9, abs=1e-12)
    assert there["variance"] == pytest.approx(back["variance"], rel=1e-9)
    assert there["variance"] > 0


@pytest.mark.parametrize("vtype", ["LS", "LS2", "UB", "AV"])
@given(means, means, st.floats(0.01, 100))
def test_standardised_differences_have_no_unit(
    vtype: str, a: tuple[Any, ...], b: tuple[Any, ...], unit: float
) -> None:
    keys = [key for key in ("SMD", "SMDH", "SMD1") if vtype in MEASURES[key].vtypes]
    scaled = [(mean * unit, sd * unit, n) for mean, sd, n in (a, b)]
    for key in keys:
        here = one(TWO_MEANS, (*a, *b), key, vtype=vtype)
        there = one(TWO_MEANS, (*scaled[0], *scaled[1]), key, vtype=vtype)
        assert there["effect"] == pytest.approx(here["effect"], rel=1e-6, abs=1e-9)
        assert there["variance"] == pytest.approx(here["variance"], rel=1e-6)


@pytest.mark.parametrize("key", ["ROM", "CVR", "VR", "RPB", "SMD1H"])
@given(means, means, st.floats(0.01, 100))
def test_ratios_have_no_unit(key: str, a: tuple[Any, ...], b: tuple[Any, ...], unit: float) -> None:
    scaled = [(mean * unit, sd * unit, n) for mean, sd, n in (a, b)]
    here, there = one(TWO_MEANS, (*a, *b), key), one(TWO_MEANS, (*scaled[0], *scaled[1]), key)
    assert there["effect"] == pytest.approx(here["effect"], rel=1e-6, abs=1e-9)
    assert there["variance"] == pytest.approx(here["variance"], rel=1e-6)


@given(means, means, st.floats(-0.9, 0.9), st.integers(3, 100))
def test_a_change_back_is_the_opposite(
    before: tuple[Any, ...], after: tuple[Any, ...], r: float, n: int
) -> None:
    for key in ("MC", "SMCC", "ROMC"):
        there = one(PAIRED, (*before[:2], *after[:2], r, n), key)
        back = one(PAIRED, (*after[:2], *before[:2], r, n), key)
        assert there["effect"] == pytest.approx(-back["effect"], rel=1e-9, abs=1e-12)
        assert there["variance"] == pytest.approx(back["variance"], rel=1e-9)


def test_a_fall_is_a_negative_change() -> None:
    for key in ("MC", "SMCC", "SMCR", "ROMC"):
        assert one(PAIRED, (52, 10, 23, 12, 0.5, 25), key)["effect"] < 0


@given(st.lists(st.tuples(counts, counts), min_size=2, max_size=6), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows: list[Any], random: Any) -> None:
    table = pd.DataFrame([(*a, *b) for a, b in rows], columns=TWO_GROUPS)
    order = list(range(len(rows)))
    random.shuffle(order)
    for key, options in (("RTET", {}), ("RD", {"vtype": "AV"}), ("OR", {"to": "if0all"})):
        straight = effect_sizes(table, key, **options).iloc[order]
        shuffled = effect_sizes(table.iloc[order], key, **options)
        for column in ("effect", "variance"):
            np.testing.assert_allclose(straight[column], shuffled[column], rtol=1e-9, atol=1e-12)


@given(st.floats(-0.99, 0.99), st.integers(5, 5000))
def test_the_unbiased_correlation_is_a_little_further_from_0(r: float, n: int) -> None:
    raw, unbiased = (one(["r", "n"], (r, n), key)["effect"] for key in ("COR", "UCOR"))
    assert abs(raw) <= abs(unbiased) <= 1
    if n > 100:  # the first terms of the series of Olkin and Pratt
        assert unbiased == pytest.approx(raw * (1 + (1 - r**2) / (2 * (n - 4))), abs=1 / n**2)


def test_hedges_factor_is_nearly_his_approximation() -> None:
    df = np.array([2.0, 10, 100, 1e6])
    np.testing.assert_allclose(hedges_factor(df), 1 - 3 / (4 * df - 1), rtol=0.013)
    assert hedges_factor(df)[0] == pytest.approx(1 / math.sqrt(math.pi), rel=1e-14)
    assert np.isnan(hedges_factor(np.array([1.0, 0, -1]))).all()


@given(st.floats(-math.pi / 2, math.pi / 2))
def test_the_quadrant_of_two_correlated_variables(angle: float) -> None:
    """Sheppard 1899: the probability that both are negative is 1/4 + asin(ρ)/2π."""
    zero = np.zeros(1)
    found = bivariate_normal(zero, zero, np.array([angle]))
    assert found[0] == pytest.approx(0.25 + angle / (2 * math.pi), abs=1e-15)


@pytest.mark.parametrize("angle", [1.5, 1.5707, 1.57079])
def test_nearly_perfect_correlation_gives_the_smaller_probability(angle: float) -> None:
    h, k = np.array([-2.0, 0.3, 1.5]), np.array([1.0, 0.9, 0.2])
    smaller = [0.022750131948179, 0.617911422188953, 0.579259709439103]
    found = bivariate_normal(h, k, np.full(3, angle))
    np.testing.assert_allclose(found, smaller, rtol=1e-12)


def test_a_tetrachoric_correlation_needs_every_cell() -> None:
    row = one(TWO_GROUPS, (0, 10, 3, 12), "RTET")
    assert row["reason"] == "a cell is 0, and nothing was added to it"
    assert one(TWO_GROUPS, (0, 10, 3, 12), "RTET", add=0.5)["effect"] < 0


def test_an_even_table_has_no_correlation() -> None:
    for key in ("RTET", "PHI", "YUQ", "YUY", "PBIT", "OR2DN", "AS", "PETO"):
        assert one(TWO_GROUPS, (5, 10, 10, 20), key)["effect"] == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(
    ("measure", "columns", "row", "reason"),
    [
        ("SMD", TWO_MEANS, (1, 0, 10, 2, 0, 10), "the standard deviation is 0, or there are too"),
        ("SMD", TWO_MEANS, (1, 1, 1, 2, 1, 2), "the standard deviation is 0, or there are too"),
        ("SMD1", TWO_MEANS, (1, 1, 9, 2, 1, 2), "the standard deviation is 0, or there are too"),
        ("ROM", TWO_MEANS, (1, 1, 9, -2, 1, 9), "a mean is 0, or the means have opposite signs"),
        ("CVR", TWO_MEANS, (-1, 1, 9, -2, 1, 9), "a mean is not above 0"),
        ("VR", TWO_MEANS, (1, 1, 1, 2, 1, 9), "or a group has fewer than 2 people"),
        ("MNLN", ["mean", "sd", "n"], (-1, 1, 9), "the mean is not above 0"),
        ("COR", ["r", "n"], (0.5, 1), "2 people or more"),
        ("UCOR", ["r", "n"], (0.5, 4), "5 people or more"),
        ("ZCOR", ["r", "n"], (0.5, 3), "4 people or more"),
        ("ZCOR", ["r", "n"], (1, 30), "a correlation other than -1 and 1"),
        ("SMCC", PAIRED, (1, 2, 3, 2, 1, 9), "the standard deviation is 0"),
        ("SMCR", PAIRED, (1, 2, 3, 2, 0.5, 2), "too few people"),
        ("IRLN", ["events", "time"], (3, 0), "a group with no time at risk"),
        ("IRR", TWO_RATES, (3, 5, None, None), "not given: events_control, time_control"),
        ("PHI", TWO_GROUPS, (0, 5, 0, 9), "the event happened to nobody, or to everybody"),
    ],
)
def test_rows_without_a_number_say_why(
    measure: str, columns: list[str], row: tuple[Any, ...], reason: str
) -> None:
    result = one(columns, row, measure)
    assert reason in result["reason"]
    assert result[["effect", "variance", "se", "low", "high"]].isna().all()


def test_no_events_in_no_group() -> None:
    table = pd.DataFrame([(0, 5, 0, 9), (3, 5, 1, 9)], columns=TWO_RATES)
    dropped = effect_sizes(table, "IRR", drop00=True, to="if0all")
    assert dropped["reason"].tolist() == ["the event happened in no group", ""]
    assert dropped["added"].fillna(-1).tolist() == [-1, 0]
    bare = effect_sizes(table, "IRR", add=0)
    assert bare["reason"][0] == "there were 0 events, and nothing was added to them"
    assert one(TWO_RATES, (0, 5, 4, 9), "IRR")["added"] == 0.5


def test_more_events_than_time_is_fine() -> None:
    assert one(["events", "time"], (30, 2.5), "IR")["effect"] == 12


@pytest.mark.parametrize(
    ("measure", "columns", "row", "words"),
    [
        ("COR", ["r", "n"], (1.2, 10), "row 1: r 1.2 is not between -1 and 1"),
        ("COR", ["r", "n"], (math.inf, 10), "row 1: r inf is not between -1 and 1"),
        ("COR", ["r", "n"], (0.2, 0), "row 1: n must be above 0, got 0"),
        ("MC", PAIRED, (1, 2, 3, -2, 0.5, 9), "row 1: sd_after -2 is negative"),
        ("MC", PAIRED, (1, 2, 3, 2, -1.5, 9), "row 1: r -1.5 is not between"),
        ("MN", ["mean", "sd", "n"], (math.inf, 1, 2), "row 1: mean is infinite"),
        ("IR", ["events", "time"], (3, -1), "row 1: time -1 is negative"),
        ("IRD", TWO_RATES, (3, 1, -2, 1), "row 1: events_control -2 is negative"),
        ("SMCR", ["mean_before"], (3,), "the table has no sd_before, mean_after, r, n"),
    ],
)
def test_what_cannot_be_is_refused(
    measure: str, columns: list[str], row: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        one(columns, row, measure)


def test_published_standardised_difference() -> None:
    """Borenstein et al. 2009, Introduction to Meta-Analysis, chapter 4."""
    row = one(TWO_MEANS, (103, 5.5, 50, 100, 4.5, 50), "SMD", vtype="LS2")
    assert row["effect"] == pytest.approx(0.5924, abs=1e-4)
    assert row["variance"] == pytest.approx(0.0411, abs=1e-4)


def test_published_fisher_z() -> None:
    """Borenstein et al. 2009, Introduction to Meta-Analysis, chapter 6: r 0.50, n 100."""
    row = one(["r", "n"], (0.5, 100), "ZCOR")
    assert round(row["effect"], 4) == 0.5493
    assert round(row["variance"], 4) == 0.0103
    assert round(one(["r", "n"], (0.5, 100), "COR")["variance"], 4) == 0.0057


@pytest.mark.parametrize(
    ("key", "same", "columns", "row"),
    [
        ("PHI", "CS", TWO_GROUPS, (3, 10, 8, 12)),
        ("RPB", "ST", TWO_MEANS, (5, 2, 10, 4, 1, 14)),
    ],
)
def test_the_default_variance_has_a_second_name(
    key: str, same: str, columns: list[str], row: tuple[Any, ...]
) -> None:
    default = one(columns, row, key)["variance"]
    assert one(columns, row, key, vtype="LS")["variance"] == default
    assert one(columns, row, key, vtype=same)["variance"] == default


@given(st.integers(1, 300), st.integers(1, 300), st.floats(0.1, 10), st.floats(0.1, 10))
def test_what_varies_by_nothing_has_no_negative_variance(
    a: int, b: int, before: float, after: float
) -> None:
    perfect = one(TWO_GROUPS, (a, a, 0, b), "PHI")
    assert perfect["effect"] == pytest.approx(1)
    assert 0 <= perfect["variance"] < 1e-12
    assert one(PAIRED, (1, before, 2, before, 1, 9), "MC")["variance"] == 0
    assert one(PAIRED, (1, before, 2, after, 1, 9), "MC")["variance"] >= 0


def test_an_average_is_over_what_is_known() -> None:
    table = pd.DataFrame([(3, 10, 2, 10), (0, 0, 1, 5), (9, 10, 5, 10)], columns=TWO_GROUPS)
    sizes = effect_sizes(table, "RD", vtype="AV")
    expected = 0.6 * 0.4 / 10 + 7 / 20 * 13 / 20 / 10
    assert sizes["variance"].iloc[[0, 2]].tolist() == pytest.approx([expected] * 2)
    equal = pd.DataFrame([(1, 0, 5, 1, 0, 5), (1, 1, 9, 0, 1, 9)], columns=TWO_MEANS)
    assert effect_sizes(equal, "SMD", vtype="AV")["effect"].notna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("df", "factor"),
    [
        (10, 0.92274560805308710335),
        (998, 0.99924827729564899000),
        (1002, 0.99925127905850633721),
        (10_000, 0.99992499781242969038),
        (1e15, 1 - 0.75e-15),
    ],
)
def test_hedges_factor_keeps_its_digits(df: float, factor: float) -> None:
    """The product of x/(x - 1/2), from x = 1 on, in decimal arithmetic of 50 digits."""
    assert hedges_factor(np.array([float(df)]))[0] == pytest.approx(factor, rel=3e-14)
