"""Mean and SD from medians: published numbers, R, samples of normal people, and tables."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.medians import (
    MedianMethod,
    mean_sd_from_median,
    means_from_medians,
    skewness_test,
)
from equipoise.errors import UsageError

NAN = math.nan
RANGE = {"minimum": 2, "maximum": 30}
QUARTILES = {"q1": 5, "q3": 12}
REPORTED: list[dict[str, float]] = [RANGE, QUARTILES, RANGE | QUARTILES]
METHODS: list[MedianMethod] = ["luo-wan-shi", "wan", "quantile-estimation"]


def mean_sd(n: float, median: float, **reported: Any) -> list[float]:
    found = mean_sd_from_median(n, median, **reported)
    return [float(found["mean"].item()), float(found["sd"].item())]


def test_an_example_printed_for_wan() -> None:
    """R package metaBLUE, documentation of Wan.std: 1, 4, 10 of 30 people."""
    assert mean_sd(30, 4, minimum=1, maximum=10)[1] == pytest.approx(2.205578, abs=5e-7)


def test_an_example_printed_for_quantile_estimation() -> None:
    """R package estmeansd, its front page: mean 4.347284, SD 1.502171, as its search stops."""
    found = mean_sd(100, 4, minimum=2, maximum=9, method="quantile-estimation")
    assert found == pytest.approx([4.347284, 1.502171], rel=1e-5)


# R: the published formulas written out with qnorm, for 2, 5, 8, 12, 30 of 50 people
@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        (RANGE, [9.40332317225808, 6.24072593844381]),
        (QUARTILES, [8.3539, 5.34313206576215]),
        (RANGE | QUARTILES, [9.14610818443943, 5.86138898513417]),
    ],
)
def test_luo_wan_and_shi(reported: dict[str, float], expected: list[float]) -> None:
    assert mean_sd(50, 8, **reported) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        (RANGE, [12, 6.24072593844381]),
        (QUARTILES, [25 / 3, 5.34313206576215]),
        (RANGE | QUARTILES, [10.25, 5.79192900210298]),
    ],
)
def test_wan(reported: dict[str, float], expected: list[float]) -> None:
    assert mean_sd(50, 8, **reported, method="wan") == pytest.approx(expected, rel=1e-12)


# R: optim on the sum of squared differences from qlnorm, qgamma and qweibull, and lm on qnorm
@pytest.mark.parametrize(
    ("family", "given", "expected"),
    [
        ("log-normal", (2, NAN, 4, NAN, 9), [4.34726815087178, 1.50217930719024]),
        ("gamma", (2, 3, 4, 6, 9), [4.53960639243283, 1.59825577253611]),
        ("gamma", (NAN, 5, 8, 12, NAN), [9.10194129800446, 5.57266495593006]),
        ("Weibull", (NAN, 2, 5, 9, NAN), [6.49028651742089, 5.89941292984531]),
        ("Weibull", (NAN, 60, 80, 95, NAN), [78.3762588381524, 24.951687464952]),
        ("normal", (NAN, -2, 1, 5, NAN), [4 / 3, 5.1891077647696]),
        ("normal", (NAN, 60, 80, 100, NAN), [80, 29.6520443703]),  # 20 / qnorm(.75)
        ("gamma", (2, 5, 8, 12, NAN), [9.10194129800446, 5.57266495593006]),  # one end is no range
    ],
)
def test_quantile_estimation(family: str, given: Any, expected: list[float]) -> None:
    low, q1, median, q3, high = given
    found = mean_sd_from_median(
        100, median, q1=q1, q3=q3, minimum=low, maximum=high, method="quantile-estimation"
    )
    assert found[["mean", "sd"]].to_numpy()[0] == pytest.approx(expected, rel=2e-7)
    assert f"a {family} distribution" in found["method"].item()


def test_skewness_statistics_and_critical_values() -> None:
    """R: Shi's three tests written out, for 2, 5, 8, 12, 30 of 50 people."""
    for reported, statistic, critical in (
        (RANGE, 0.571428571428571, 0.295345581251458),
        (QUARTILES, 0.142857142857143, 0.373812807591243),
        (RANGE | QUARTILES, 0.728374376197393, 0.423944068711929),
    ):
        found = skewness_test(50, 8, **reported).iloc[0]
        assert found["statistic"] == pytest.approx(statistic, rel=1e-12)
        assert found["critical_value"] == pytest.approx(critical, rel=1e-12)
        assert found["skewed"] == (statistic > critical)


# Samples ------------------------------------------------------------------------------------------


def samples(n: int, draw: Callable[..., Any]) -> dict[str, Any]:
    people = draw(size=(4000, n))
    low, q1, median, q3, high = np.quantile(people, [0, 0.25, 0.5, 0.75, 1], axis=1)
    return {"n": n, "median": median, "q1": q1, "q3": q3, "minimum": low, "maximum": high}


@pytest.mark.parametrize("n", [25, 101])
@pytest.mark.parametrize("lacking", [(), ("q1", "q3"), ("minimum", "maximum")])
def test_normal_people_give_their_mean_and_spread(n: int, lacking: tuple[str, ...]) -> None:
    """Quartiles by linear interpolation lie a little inside those the formulas were made for."""
    reported = samples(n, np.random.default_rng(1).normal)
    for name in lacking:
        del reported[name]
    found = mean_sd_from_median(**reported)
    assert found["mean"].mean() == pytest.approx(0, abs=0.02)
    assert found["sd"].mean() == pytest.approx(1, abs=0.03)


def test_skewness_is_rarely_found_in_normal_people_and_often_in_others() -> None:
    chance = np.random.default_rng(2)
    assert 0.03 < skewness_test(**samples(60, chance.normal))["skewed"].mean() < 0.06
    assert skewness_test(**samples(60, chance.lognormal))["skewed"].mean() > 0.8


def test_quantile_estimation_is_nearer_for_skewed_people() -> None:
    """A gamma distribution of shape 2: mean 2, SD √2; the first 100 samples of quartiles."""
    drawn = samples(400, lambda size: np.random.default_rng(3).gamma(2.0, size=size))
    reported = {name: drawn[name][:100] for name in ("median", "q1", "q3")}
    normal, fitted = (
        mean_sd_from_median(400, **reported, method=method)
        for method in ("luo-wan-shi", "quantile-estimation")
    )
    assert fitted["mean"].mean() == pytest.approx(2, abs=0.06)
    assert abs(normal["mean"].mean() - 2) > 2 * abs(fitted["mean"].mean() - 2)


# What must hold whatever the numbers --------------------------------------------------------------

fives = st.lists(st.integers(1, 1000), min_size=5, max_size=5, unique=True).map(sorted)


@given(fives, st.integers(3, 500), st.sampled_from(METHODS), st.floats(0.01, 100))
def test_another_unit_scales_both(
    five: list[int], n: int, method: MedianMethod, unit: float
) -> None:
    names = ("minimum", "q1", "median", "q3", "maximum")
    here = mean_sd_from_median(n, **dict(zip(names, five, strict=True)), method=method)
    scaled = {name: x * unit for name, x in zip(names, five, strict=True)}
    there = mean_sd_from_median(n, **scaled, method=method)
    for name in ("mean", "sd"):
        assert there[name].item() == pytest.approx(here[name].item() * unit, rel=1e-6)


@given(fives, st.integers(3, 500), st.sampled_from(METHODS[:2]), st.floats(-1000, 1000))
def test_another_origin_moves_the_mean_alone(
    five: list[int], n: int, method: MedianMethod, shift: float
) -> None:
    names = ("minimum", "q1", "median", "q3", "maximum")
    here = mean_sd(n, **dict(zip(names, five, strict=True)), method=method)
    moved = {name: x + shift for name, x in zip(names, five, strict=True)}
    there = mean_sd(n, **moved, method=method)
    assert there == pytest.approx([here[0] + shift, here[1]], rel=1e-9, abs=1e-9)


@given(st.floats(-50, 50), st.floats(0.1, 10), st.integers(3, 500))
def test_symmetric_numbers_have_their_mean_in_the_middle(
    middle: float, half: float, n: int
) -> None:
    for method in METHODS[:2]:
        found = mean_sd(n, middle, q1=middle - half, q3=middle + half, method=method)
        assert found[0] == pytest.approx(middle, abs=1e-9)
    assert not skewness_test(n, middle, q1=middle - half, q3=middle + half)["skewed"].item()


# What is said, and what is left alone -------------------------------------------------------------


def test_every_derived_number_says_what_it_rests_on() -> None:
    found = mean_sd_from_median(50, 8, q1=[5, 7.9], q3=12)
    assert found["method"].tolist() == ["Luo 2018 and Wan 2014"] * 2
    plain = "derived from median and quartiles, assuming a normal distribution"
    assert found["caveat"].tolist() == [
        plain,
        f"{plain}; the skewness test (Shi 2023, 5% level) speaks against it",
    ]
    fitted = mean_sd_from_median(50, 8, q1=5, q3=12, method="quantile-estimation")
    assert fitted["caveat"].item() == (
        "derived from median and quartiles, assuming the closest of four distributions (gamma)"
    )


@pytest.mark.parametrize("method", METHODS)
def test_too_little_to_go_by_gives_nothing(method: MedianMethod) -> None:
    n, median = [50, NAN, 50, 50, 2], [8, 8, NAN, 8, NAN]
    found = mean_sd_from_median(
        n, median, q1=[NAN, 5, 5, 8, 5], q3=[12, 12, 12, 8, 12], method=method
    )
    assert found[["mean", "sd"]].isna().all(axis=None)
    assert (found[["method", "caveat"]] == "").all(axis=None)


TABLE = pd.DataFrame(
    {
        "study": ["means", "medians", "no spread", "control only"],
        "n_treatment": [20, 50, 30, 2],
        "mean_treatment": [5.0, NAN, NAN, 7.0],
        "sd_treatment": [1.0, NAN, NAN, 1.0],
        "median_treatment": [99, 8, 8, 7],
        "q1_treatment": [100, 5, NAN, NAN],
        "q3_treatment": [NAN, 12, NAN, NAN],
        "n_control": [20, 50, 30, 50],
        "mean_control": [4.0, 6.0, 6.0, 8.5],
        "sd_control": [1.0, 2.0, 2.0, NAN],
        "median_control": [NAN, NAN, NAN, 8],
        "minimum_control": [NAN, NAN, NAN, 2],
        "maximum_control": [NAN, NAN, NAN, 30],
    },
    index=[7, 7, 8, 9],
)


def test_a_table_is_filled_only_where_it_lacks_numbers() -> None:
    filled = means_from_medians(TABLE)
    assert filled.index.tolist() == [7, 7, 8, 9]
    assert filled.drop(columns="derived").columns.tolist() == TABLE.columns.tolist()
    assert filled["mean_treatment"].fillna(-1).tolist() == pytest.approx([5, 8.3539, -1, 7])
    assert filled["mean_control"].tolist() == [4, 6, 6, 8.5]
    assert filled["sd_control"].tolist() == pytest.approx([1, 2, 2, 6.24072593844381])
    derived = filled["derived"].tolist()
    assert derived[0] == derived[2] == ""
    what = (
        "Luo 2018 and Wan 2014; derived from median and quartiles, assuming a normal distribution"
    )
    assert derived[1] == f"mean_treatment and sd_treatment: {what}"
    assert derived[3].startswith("sd_control: ")
    assert derived[3].endswith("speaks against it")
    assert "derived" not in TABLE


def test_filling_again_changes_nothing() -> None:
    once = means_from_medians(TABLE)
    pd.testing.assert_frame_equal(means_from_medians(once, method="wan"), once)


def test_one_group_and_no_rows() -> None:
    one = pd.DataFrame({"n": [50], "median": [8], "q1": [5], "q3": [12]})
    assert means_from_medians(one)["mean"].item() == pytest.approx(8.3539)
    assert means_from_medians(one.iloc[:0]).columns.tolist()[-3:] == ["derived", "mean", "sd"]


def test_every_impossible_row_is_listed_with_its_study() -> None:
    table = pd.DataFrame(
        {
            "study": ["a", "b", "c", "d"],
            "n_control": [2, 50, 50, "many"],
            "median_control": [8, 8, math.inf, 8],
            "q1_control": [5, 9, 5, 5],
            "q3_control": [12, 12, 12, 12],
        }
    )
    with pytest.raises(UsageError) as caught:
        means_from_medians(table)
    assert str(caught.value).splitlines() == [
        "these rows cannot be used:",
        "row 1 (a): n_control 2 is too few for a median; 3 is the least",
        "row 2 (b): q1_control 9 is above median_control 8",
        "row 3 (c): median_control inf is above q3_control 12",
        "row 3 (c): median_control is infinite",
        "row 4 (d): n_control 'many' is not a number",
    ]


@pytest.mark.parametrize(
    ("derive", "message"),
    [
        (lambda: mean_sd_from_median([50, 50], 8, q1=[5, 9], q3=12), "row 2: q1 9 is above median"),
        (lambda: skewness_test(50, 8, minimum=9, maximum=12), "minimum 9 is above median 8"),
        (lambda: mean_sd_from_median(50, 8, q1=2, q3=12, minimum=3), "minimum 3 is above q1 2"),
        (
            lambda: mean_sd_from_median(50, 8, q1=5, q3=12, method="bland"),
            "choose one of: luo-wan-",
        ),  # type: ignore[arg-type]
        (lambda: mean_sd_from_median(50, [[8]], q1=5, q3=12), "one row a group"),
        (lambda: means_from_medians(pd.DataFrame({"n": [1]})), "no column median_treatment"),
    ],
)
def test_refusals_say_why(derive: Callable[[], Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        derive()
