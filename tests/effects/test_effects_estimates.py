"""`estimates`: the best number each row allows, and the reason where it is not a better one."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.effects.estimates import estimates
from equipoise.errors import UsageError

NAN = math.nan
EMPTY: dict[str, Any] = {
    "label": "Study",
    "comparator": "usual care",
    **{
        f"{name}_{group}": "" if name == "relation" else NAN
        for group in ("treatment", "control")
        for name in ("events", "n", "percent", "decimals", "relation", "mean", "sd")
    },
    **dict.fromkeys(
        ("mean_before", "mean_after", "mean_change", "minimum_change", "maximum_change"), NAN
    ),
    "reported_measure": "",
    **dict.fromkeys(("effect", "ci_low", "ci_high", "ci_level", "se"), NAN),
}
PILOT = {"events_treatment": 3, "n_treatment": 13, "events_control": 9, "n_control": 11}


def percent(group: str, value: float, decimals: int = 0, relation: str = "") -> dict[str, Any]:
    return {
        f"percent_{group}": value,
        f"decimals_{group}": decimals,
        f"relation_{group}": relation,
    }


def reported(measure: str, effect: float, low: float = NAN, high: float = NAN) -> dict[str, Any]:
    return {
        "reported_measure": measure,
        "effect": effect,
        "ci_low": low,
        "ci_high": high,
        "ci_level": 0.95,
    }


def rows(*cells: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([EMPTY | some for some in cells], columns=list(EMPTY))


def one(cells: dict[str, Any], measure: str, **options: Any) -> pd.Series:
    return estimates(rows(cells), measure, **options).iloc[0]


def shown(row: pd.Series, digits: int) -> list[float]:
    return [round(float(row[name]), digits) for name in ("estimate", "low", "high")]


def kind(row: pd.Series) -> tuple[str, str, str]:
    return row["measure"], row["interval"], row["basis"]


def test_counts_give_a_risk_ratio_with_its_absolute_difference() -> None:
    row = one(PILOT, "RR")
    assert kind(row) == ("RR", "confidence", "counts")
    assert shown(row, 4) == [0.2821, 0.1006, 0.7907]
    assert row["reason"] == ""
    assert round(row["risk_difference"], 6) == -0.587413
    assert (round(row["rd_low"], 6), round(row["rd_high"], 6)) == (-0.785429, -0.186173)
    assert round(row["p_value_fisher"], 7) == 0.0122781


def test_counts_give_an_odds_ratio_and_a_difference() -> None:
    assert shown(one(PILOT, "OR"), 4) == [0.0667, 0.0090, 0.4941]
    row = one(PILOT, "RD")
    assert shown(row, 6) == [-0.587413, -0.785429, -0.186173]
    assert kind(row) == ("RD", "confidence", "counts")


def test_another_level_narrows_the_interval() -> None:
    wide, narrow = one(PILOT, "RR"), one(PILOT, "RR", level=0.8)
    assert wide["low"] < narrow["low"] < narrow["high"] < wide["high"]
    assert wide["rd_low"] < narrow["rd_low"]


def test_a_zero_cell_is_filled_and_said() -> None:
    row = one(PILOT | {"events_treatment": 0}, "OR")
    assert row["estimate"] == pytest.approx((0.5 / 13.5) / (9.5 / 2.5))
    assert row["reason"] == "0.5 was added to each cell because one of them is 0"
    assert one(PILOT | {"events_treatment": 0}, "RD")["reason"] == ""
    row = one(PILOT | {"events_treatment": 0, "events_control": 0}, "RR")
    assert row["estimate"] == pytest.approx((0.5 / 14) / (0.5 / 12))
    assert "happened to nobody, or to everybody" in row["reason"]


def test_two_percentages_give_a_range_that_is_not_a_confidence_interval() -> None:
    row = one(percent("treatment", 21) | percent("control", 39), "RR")
    assert kind(row) == ("RR", "rounding", "percentages")
    assert shown(row, 3) == [0.538, 0.519, 0.558]
    assert row["reason"] == "the numbers of people behind the percentages are not reported"
    assert row["risk_difference"] == pytest.approx(-0.18)
    assert (row["rd_low"], row["rd_high"]) == pytest.approx((-0.19, -0.17))
    assert math.isnan(row["p_value_fisher"])
    assert shown(one(percent("treatment", 21) | percent("control", 39), "OR"), 2)[0] == 0.42
    assert shown(one(percent("treatment", 21) | percent("control", 39), "RD"), 2) == [
        -0.18,
        -0.19,
        -0.17,
    ]


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        (
            {"n_treatment": 85, "n_control": 85},
            "the number of events behind the percentage is not reported",
        ),
        (
            {"n_treatment": 85},
            "the number of people behind one of the percentages is not reported",
        ),
        (
            {"events_treatment": 18, "n_treatment": 85},
            "the number of people behind one of the percentages is not reported",
        ),
    ],
)
def test_what_the_percentages_lack_is_said(sizes: dict[str, Any], reason: str) -> None:
    row = one(percent("treatment", 21) | percent("control", 39) | sizes, "RR")
    assert (row["interval"], row["reason"]) == ("rounding", reason)


def test_a_percentage_of_0_gives_no_ratio_but_a_difference() -> None:
    row = one(percent("treatment", 10) | percent("control", 0), "RR")
    assert math.isnan(row["estimate"])
    assert kind(row) == ("RR", "none", "percentages")
    assert row["reason"] == "percentages of 0 or 100 give no risk ratio without counts"
    assert row["risk_difference"] == pytest.approx(0.10)


@pytest.mark.parametrize("relation", ["more_than", "less_than", "about"])
def test_bounds_give_no_ratio(relation: str) -> None:
    row = one(percent("treatment", 50, relation=relation) | percent("control", 39), "RR")
    assert math.isnan(row["estimate"])
    assert math.isnan(row["risk_difference"])
    assert row["reason"] == "a percentage is reported only as a bound or an approximation"


def test_a_row_without_comparator_becomes_a_proportion() -> None:
    table = rows(
        {"comparator": "", "events_treatment": 10, "n_treatment": 13},
        {"comparator": "", **percent("treatment", 74)},
        {"comparator": "", "n_treatment": 13, **percent("treatment", 76.9, 1)},
        {"comparator": ""},
    )
    result = estimates(table, "RR")
    assert set(result["measure"]) == {"PR"}
    assert result["interval"].tolist() == ["confidence", "rounding", "rounding", "none"]
    assert result["basis"].tolist() == ["counts", "percentages", "percentages", "not reported"]
    assert shown(result.iloc[0], 4) == [0.7692, 0.4974, 0.9182]
    assert shown(result.iloc[1], 4) == [0.74, 0.735, 0.745]
    assert result["reason"].tolist() == [
        "",
        "the number of people behind the percentage is not reported",
        "the number of events behind the percentage is not reported",
        "neither counts nor a percentage of the treatment group is reported",
    ]
    assert result[["risk_difference", "rd_low", "rd_high", "p_value_fisher"]].isna().all(axis=None)


def test_nobody_compared_means_no_difference() -> None:
    row = one(PILOT | {"comparator": ""}, "RR")
    assert kind(row) == ("PR", "confidence", "counts")
    assert math.isnan(row["risk_difference"])
    assert math.isnan(row["p_value_fisher"])


def test_nothing_out_of_nobody_is_no_count() -> None:
    row = one(PILOT | {"events_control": 0, "n_control": 0}, "RR")
    assert kind(row) == ("RR", "none", "not reported")


def test_bounds_of_a_proportion_stay_bounds() -> None:
    cells = {"comparator": ""}
    more = one(cells | percent("treatment", 50, relation="more_than"), "PR")
    assert (more["estimate"], more["low"], more["interval"]) == (0.5, 0.5, "none")
    assert math.isnan(more["high"])
    assert more["reason"] == "only a lower bound is reported"
    less = one(cells | percent("treatment", 5, relation="less_than"), "PR")
    assert (less["estimate"], less["high"]) == (0.05, 0.05)
    assert math.isnan(less["low"])
    assert less["reason"] == "only an upper bound is reported"
    about = one(cells | percent("treatment", 70, relation="about"), "PR")
    assert math.isnan(about["low"])
    assert math.isnan(about["high"])
    assert "approximation" in about["reason"]


def test_a_proportion_is_always_of_the_treatment_group() -> None:
    row = one(PILOT, "PR")
    assert row["estimate"] == 3 / 13
    assert round(row["risk_difference"], 6) == -0.587413


def test_a_reported_effect_fills_in_for_counts_but_does_not_replace_them() -> None:
    printed = reported("RR", 0.55, 0.33, 0.89)
    row = one(printed | percent("treatment", 21) | percent("control", 39), "RR")
    assert kind(row) == ("RR", "reported", "reported")
    assert shown(row, 2) == [0.55, 0.33, 0.89]
    assert row["risk_difference"] == pytest.approx(-0.18)
    assert one(printed | PILOT, "RR")["basis"] == "counts"
    assert one(printed | {"comparator": ""}, "RR")["basis"] == "reported"


def test_a_reported_effect_of_another_measure_is_not_used() -> None:
    row = one(reported("OR", 0.42, 0.2, 0.8), "RR")
    assert kind(row) == ("RR", "none", "not reported")


def test_a_reported_effect_without_interval_yields_to_percentages() -> None:
    printed = reported("RR", 0.55)
    row = one(printed, "RR")
    assert kind(row) == ("RR", "none", "reported")
    assert (row["estimate"], row["reason"]) == (0.55, "the source reports no interval")
    row = one(printed | percent("treatment", 21) | percent("control", 39), "RR")
    assert row["interval"] == "rounding"


def test_a_reported_interval_of_another_level_is_said() -> None:
    row = one(reported("SMD", -0.4, -0.7, -0.1) | {"ci_level": 0.9}, "SMD")
    assert row["reason"] == "the source reports a 90% interval"
    row = one(reported("SMD", -0.4, -0.7, -0.1), "SMD", level=0.9)
    assert row["reason"] == "the source reports a 95% interval"


@pytest.mark.parametrize("measure", ["SMD", "HR"])
def test_other_measures_are_used_as_reported(measure: str) -> None:
    row = one(reported(measure, 0.6, 0.4, 0.9), measure)
    assert kind(row) == (measure, "reported", "reported")
    assert shown(row, 1) == [0.6, 0.4, 0.9]
    row = one({"mean_treatment": 3.0, "mean_control": 4.0}, measure)
    assert kind(row) == (measure, "none", "not reported")
    assert "this version does not compute one" in row["reason"]


def test_mean_changes_are_described_without_an_interval() -> None:
    table = rows(
        {"mean_before": 52, "mean_after": 23},
        {"mean_change": -3.5, "mean_before": 52, "mean_after": 23},
        {"mean_change": 1.2, "minimum_change": 0.5, "maximum_change": 3},
        {"mean_before": 52},
    )
    result = estimates(table, "MC")
    assert result["estimate"].fillna(99).tolist() == [-29, -3.5, 1.2, 99]
    assert result["basis"].tolist() == ["means", "means", "means", "not reported"]
    assert set(result["interval"]) == {"none"}
    assert result["reason"].tolist() == [
        "the spread of the changes is not reported",
        "the spread of the changes is not reported",
        "the spread of the changes is not reported, only how far they ran",
        "neither a mean change nor the means before and after are reported",
    ]


def test_a_reported_mean_change_is_used_with_its_interval() -> None:
    cells = {"mean_before": 52, "mean_after": 23}
    row = one(cells | reported("MC", -28.5, -33, -24), "MC")
    assert kind(row) == ("MC", "reported", "reported")
    assert one(cells | reported("MC", -28.5), "MC")["estimate"] == -29
    assert one(reported("MC", -28.5), "MC")["estimate"] == -28.5


@pytest.mark.parametrize(
    ("cells", "silent"),
    [
        ({}, "either group"),
        ({"events_treatment": 3, "n_treatment": 13}, "the comparison group"),
        (percent("control", 39), "the treatment group"),
    ],
)
def test_what_was_looked_for_is_named(cells: dict[str, Any], silent: str) -> None:
    row = one(cells, "RR")
    assert kind(row) == ("RR", "none", "not reported")
    assert row["reason"] == (
        f"neither counts nor a percentage of {silent}, nor a risk ratio, is reported"
    )


@settings(deadline=None)  # four tables an example: slow machines need longer
@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_intervals_enclose_their_estimates(n1: int, n2: int, data: st.DataObject) -> None:
    cells = {
        "events_treatment": data.draw(st.integers(0, n1)),
        "n_treatment": n1,
        "events_control": data.draw(st.integers(0, n2)),
        "n_control": n2,
    }
    for measure in ("RR", "OR", "RD", "PR"):
        row = one(cells, measure)
        assert row["low"] - 1e-12 <= row["estimate"] <= row["high"] + 1e-12
        assert 0 < row["p_value_fisher"] <= 1


def test_fractions_of_people_get_no_exact_test() -> None:
    row = one(PILOT | {"events_treatment": 2.5}, "RR")
    assert math.isnan(row["p_value_fisher"])
    assert row["estimate"] == pytest.approx((2.5 / 13) / (9 / 11))


def test_rows_keep_their_order_and_index() -> None:
    table = rows({}, PILOT, {"comparator": "", **percent("treatment", 74)})
    table.index = pd.Index([9, 9, 2])
    result = estimates(table, "RR")
    assert result.index.tolist() == [9, 9, 2]
    assert result["basis"].tolist() == ["not reported", "counts", "percentages"]
    assert set(table.columns) < set(result.columns)
    assert str(result["estimate"].dtype) == "float64"


def test_an_empty_table_stays_empty() -> None:
    result = estimates(rows(), "RR")
    assert len(result) == 0
    assert {"estimate", "interval", "reason", "p_value_fisher"} <= set(result.columns)


def test_every_impossible_row_is_listed() -> None:
    table = rows(
        PILOT | {"label": "a", "events_treatment": 14},
        PILOT | {"label": "b"},
        {"label": "c", **percent("treatment", 120)},
        {"label": "d", **percent("treatment", 22.25, 1)},
        {"label": "e", "percent_treatment": 22},
        {"label": "f", **percent("treatment", 22, relation="over")},
        {"label": "g", "n_treatment": -1},
        {"label": "h", "events_control": "three"},
    )
    with pytest.raises(UsageError) as caught:
        estimates(table, "RR")
    assert str(caught.value).splitlines() == [
        "these rows cannot be used:",
        "row 1 (a): events_treatment 14 is greater than n_treatment 13",
        "row 3 (c): a percentage must lie between 0 and 100, got 120.0",
        "row 4 (d): 22.25 has more than 1 digits after the point",
        "row 5 (e): percent_treatment needs decimals_treatment, the digits printed after its point",
        "row 6 (f): relation_treatment must be empty or one of more_than, less_than, about, "
        "got 'over'",
        "row 7 (g): events_treatment and n_treatment must not be negative",
        "row 8 (h): events_control 'three' is not a number",
    ]


@pytest.mark.parametrize(
    ("measure", "dropped", "words"),
    [
        ("RR", "percent_control", "RR estimates need columns .*: percent_control"),
        ("MC", "mean_before", "MC estimates need columns .*: mean_before"),
        ("MD", "sd_control", "MD estimates need columns .*: sd_control"),
        ("SMD", "ci_low", "SMD estimates need columns .*: ci_low"),
    ],
)
def test_missing_columns_are_named(measure: str, dropped: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        estimates(rows(PILOT).drop(columns=dropped), measure)


def test_senseless_calls_are_refused() -> None:
    with pytest.raises(UsageError, match="unknown measure"):
        estimates(rows(PILOT), "risk ratio")
    with pytest.raises(UsageError, match="level must lie between 0 and 1"):
        estimates(rows(PILOT), "RR", level=95)
