"""Mean differences: ready to pool (`effect_sizes`) and as a reader is shown them (`estimates`)."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.estimates import estimates
from equipoise.effects.sizes import effect_sizes
from equipoise.errors import UsageError

NAN = math.nan
MEANS = [f"{name}_{group}" for group in ("treatment", "control") for name in ("mean", "sd", "n")]
arms = st.tuples(st.floats(-1e3, 1e3), st.floats(0.01, 1e3), st.integers(1, 1000))


def means(*rows: tuple[Any, ...], **more: Any) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=MEANS).assign(**more)


@given(arms, arms)
def test_swapping_the_groups_turns_the_sign(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    there, back = (effect_sizes(means(pair), "MD") for pair in ((*one, *other), (*other, *one)))
    assert there["effect"].item() == -back["effect"].item()
    assert there["variance"].item() == pytest.approx(back["variance"].item(), rel=1e-12)
    assert there["low"].item() == pytest.approx(-back["high"].item(), rel=1e-9, abs=1e-9)


@given(arms, arms, st.floats(0.001, 1000))
def test_another_unit_scales_the_effect(
    one: tuple[Any, ...], other: tuple[Any, ...], unit: float
) -> None:
    scaled = [(mean * unit, sd * unit, n) for mean, sd, n in (one, other)]
    here, there = (effect_sizes(means((*a, *b)), "MD") for a, b in ((one, other), scaled))
    # the difference of two scaled means loses digits where the means are nearly equal
    assert there["effect"].item() == pytest.approx(here["effect"].item() * unit, abs=1e-9 * unit)
    assert there["se"].item() == pytest.approx(here["se"].item() * unit, rel=1e-9)


def test_rows_without_all_means_stay_with_a_reason() -> None:
    table = means((5, 1, 10, 4, None, 10), (5, 1, 10, 4, 2, 10), (5, 1e200, 10, 4, 2, 10))
    sizes = effect_sizes(table, "MD")
    assert sizes["reason"].tolist() == [
        "not given: sd_control",
        "",
        "the numbers are too large to compute with",
    ]
    assert sizes["variance"].fillna(-1).tolist() == [-1, 0.5, -1]
    assert sizes["added"].isna().all()
    assert len(effect_sizes(means().astype(float), "MD")) == 0


def test_every_impossible_row_is_listed_with_its_label() -> None:
    table = means(
        (5, -1, 10, 4, 1, 10),
        (5, 1, 10, 4, 1, 10),
        (-5, 0, 0, 4, 1, -3),
        ("5-6", 1, 10, 4, 1, math.inf),
        label=list("abcd"),
    )
    with pytest.raises(UsageError) as caught:
        effect_sizes(table, "MD")
    assert str(caught.value).splitlines() == [
        "these rows cannot be used:",
        "row 1 (a): sd_treatment -1 is negative",
        "row 3 (c): n_control must be above 0, got -3",
        "row 3 (c): n_treatment must be above 0, got 0",
        "row 4 (d): mean_treatment '5-6' is not a number",
        "row 4 (d): n_control is infinite",
    ]


# What a reader is shown ---------------------------------------------------------------------------

SCORES = {
    "mean_treatment": 55, "sd_treatment": 47, "n_treatment": 155,
    "mean_control": 75, "sd_control": 64, "n_control": 156,
}  # fmt: skip
NOT_PRINTED = {
    "label": "Edinburgh",
    "comparator": "a ward",
    "reported_measure": "",
    **dict.fromkeys(("effect", "ci_low", "ci_high", "ci_level"), NAN),
}


def one(cells: dict[str, Any], measure: str, **options: Any) -> pd.Series:
    return estimates(pd.DataFrame([NOT_PRINTED | cells]), measure, **options).iloc[0]


def kind(row: pd.Series) -> tuple[str, str, str]:
    return row["measure"], row["interval"], row["basis"]


def reported(effect: float, low: float = NAN, high: float = NAN) -> dict[str, Any]:
    return {"reported_measure": "MD", "effect": effect, "ci_low": low, "ci_high": high}


def test_two_means_give_a_difference_with_its_interval() -> None:
    row = one(SCORES, "MD")
    assert kind(row) == ("MD", "confidence", "means")
    assert row["reason"] == ""
    # Edinburgh in Normand 1999; -20 and 40.508… are metafor's
    reach = 1.959963984540054 * math.sqrt(40.50802315963606)
    assert [row[name] for name in ("estimate", "low", "high")] == pytest.approx(
        [-20, -20 - reach, -20 + reach], rel=1e-12
    )
    assert one(SCORES, "MD", level=0.8)["low"] > row["low"]


def test_a_reported_difference_fills_in_for_incomplete_means() -> None:
    printed = reported(-21, -33, -9)
    assert one(SCORES | printed, "MD")["basis"] == "means"
    bare = SCORES | {"sd_treatment": NAN, "sd_control": NAN}
    row = one(bare | printed, "MD")
    assert (*kind(row), row["estimate"]) == ("MD", "reported", "reported", -21)
    row = one(bare | reported(-21), "MD")
    assert (*kind(row), row["estimate"]) == ("MD", "none", "means", -20)
    row = one(dict.fromkeys(SCORES, NAN) | reported(-21), "MD")
    assert (*kind(row), row["estimate"]) == ("MD", "none", "reported", -21)


@pytest.mark.parametrize(
    ("silent", "reason"),
    [
        (("sd_treatment", "sd_control"), "the standard deviations are not reported"),
        (("sd_control",), "one of the standard deviations is not reported"),
        (("n_treatment", "n_control"), "the numbers of people are not reported"),
        (("n_control",), "one of the numbers of people is not reported"),
        (
            ("sd_treatment", "sd_control", "n_control"),
            "the standard deviations and one of the numbers of people are not reported",
        ),
    ],
)
def test_means_without_spread_give_a_point(silent: tuple[str, ...], reason: str) -> None:
    row = one(SCORES | dict.fromkeys(silent, NAN), "MD")
    assert (*kind(row), row["estimate"]) == ("MD", "none", "means", -20)
    assert math.isnan(row["low"])
    assert row["reason"] == reason


def test_one_mean_is_no_difference() -> None:
    row = one(SCORES | {"mean_control": NAN}, "MD")
    assert kind(row) == ("MD", "none", "not reported")
    assert row["reason"] == "neither the means of both groups nor a mean difference is reported"
    row = one(SCORES | {"comparator": ""}, "MD")
    assert kind(row) == ("MD", "none", "not reported")
    assert row["reason"] == "no group was compared with it"


def test_every_impossible_mean_is_listed() -> None:
    table = pd.DataFrame(
        [
            NOT_PRINTED | SCORES | {"label": "a", "sd_control": -1, "n_control": 0},
            NOT_PRINTED | SCORES | {"label": "b"},
            NOT_PRINTED | SCORES | {"label": "c", "mean_treatment": math.inf},
        ]
    )
    with pytest.raises(UsageError) as caught:
        estimates(table, "MD")
    assert str(caught.value).splitlines() == [
        "these rows cannot be used:",
        "row 1 (a): sd_control -1 is negative; n_control must be above 0, got 0",
        "row 3 (c): mean_treatment is infinite",
    ]
