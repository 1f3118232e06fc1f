"""`effect_sizes` against metafor, and what it does with rows it cannot use."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from equipoise.effects.measures import MEASURES
from equipoise.effects.sizes import effect_sizes
from equipoise.errors import UsageError

REFERENCE = json.loads(Path(__file__).with_name("reference_escalc.json").read_text("utf-8"))
CASES = [(name, result) for name, data in REFERENCE["sets"].items() for result in data["results"]]
CASE_NAMES = [
    "-".join([name, *(str(value) for value in result["arguments"].values())])
    for name, result in CASES
]


def reference_table(name: str) -> pd.DataFrame:
    return pd.DataFrame(REFERENCE["sets"][name]["table"])


def numbers(values: list[float | None]) -> np.ndarray[Any, Any]:
    return np.array([math.nan if value is None else value for value in values])


def two_groups(*rows: tuple[Any, Any, Any, Any], **more: Any) -> pd.DataFrame:
    columns = ["events_treatment", "n_treatment", "events_control", "n_control"]
    return pd.DataFrame(list(rows), columns=columns).assign(**more)


@pytest.mark.parametrize(("name", "result"), CASES, ids=CASE_NAMES)
def test_metafor_agrees(name: str, result: dict[str, Any]) -> None:
    sizes = effect_sizes(reference_table(name), **result["arguments"])
    closed = result["arguments"]["measure"] != "RTET"  # its reference is a numerical derivative
    for column in {"effect", "variance", "se", "low", "high"} & set(result):
        np.testing.assert_allclose(
            sizes[column],
            numbers(result[column]),
            rtol=1e-10 if closed else 1e-7,
            atol=1e-14,
            err_msg=column,
        )
    assert (sizes["reason"] == "").tolist() == sizes["effect"].notna().tolist()


def test_the_reference_has_something_to_check_everywhere() -> None:
    checked = {result["arguments"]["measure"] for _, result in CASES}
    assert checked == set(MEASURES) - {"GEN", "HR"}
    assert len(CASES) == 477
    for key, entry in MEASURES.items():
        options = [result["arguments"] for _, result in CASES]
        asked = {given.get("vtype", "LS") for given in options if given["measure"] == key}
        assert asked | {"LS"} >= set(entry.vtypes) - {"ST"}, key


def test_published_zero_cell_example() -> None:
    sizes = effect_sizes(two_groups((0, 13, 5, 11), (0, 13, 0, 11)), "OR")
    assert sizes["effect"].round(4).tolist() == [-3.1288, -0.1603]
    assert sizes["variance"].round(4).tolist() == [2.4097, 4.1610]
    assert sizes["added"].tolist() == [0.5, 0.5]


def test_rows_keep_their_order_index_and_columns() -> None:
    table = two_groups(
        (3, 13, 9, 11), (math.nan, 20, 1, 20), (0, 0, 1, 4), (2, 9, 1, 9), label=list("abcd")
    ).set_index(pd.Index([7, 3, 5, 5]))
    sizes = effect_sizes(table, "RR")
    assert sizes.index.tolist() == [7, 3, 5, 5]
    assert sizes["label"].tolist() == list("abcd")
    assert sizes["reason"].tolist() == [
        "",
        "not given: events_treatment",
        "a group of 0 people",
        "",
    ]
    assert sizes.loc[[7], "effect"].item() == pytest.approx(math.log((3 / 13) / (9 / 11)))
    unusable = sizes[["effect", "variance", "se", "low", "high", "added"]].iloc[[1, 2]]
    assert unusable.isna().to_numpy().all()
    assert list(table.columns) == [*two_groups().columns, "label"]


def test_every_missing_cell_is_named() -> None:
    sizes = effect_sizes(two_groups((None, 5, 1, None), (None, 0, 1, 4)), "OR")
    assert sizes["reason"].tolist() == [
        "not given: events_treatment, n_control",
        "not given: events_treatment",
    ]


def test_reasons_for_zero_cells() -> None:
    table = two_groups((0, 10, 0, 12), (5, 5, 7, 7), (0, 10, 3, 12))
    dropped = effect_sizes(table, "RR", drop00=True)
    assert dropped["reason"].str.contains("to nobody, or to everybody").tolist() == [1, 1, 0]
    bare = effect_sizes(table, "OR", add=0)
    assert set(bare["reason"]) == {"a cell is 0, and nothing was added to it"}


def test_a_dropped_study_does_not_spread_the_constant() -> None:
    table = two_groups((0, 10, 0, 12), (4, 10, 6, 12))
    kept = effect_sizes(table, "OR", to="if0all")
    dropped = effect_sizes(table, "OR", to="if0all", drop00=True)
    assert kept["added"].tolist() == [0.5, 0.5]
    assert dropped["added"].fillna(-1).tolist() == [-1, 0]


def test_wald_limits_at_another_level() -> None:
    sizes = effect_sizes(two_groups((10, 13, 2, 11)), "RD", level=0.9)
    assert sizes["se"].item() == pytest.approx(math.sqrt(sizes["variance"].item()))
    reach = 1.6448536269514722 * sizes["se"].item()
    assert sizes["low"].item() == pytest.approx(sizes["effect"].item() - reach)
    assert sizes["high"].item() == pytest.approx(sizes["effect"].item() + reach)


def test_a_proportion_is_read_from_one_group_or_from_the_treatment_group() -> None:
    both = two_groups((10, 13, 2, 11))
    one = pd.DataFrame({"events": [2], "n": [11]})
    assert effect_sizes(both, "PR")["effect"].item() == 10 / 13
    assert effect_sizes(one, "PR")["effect"].item() == 2 / 11
    assert effect_sizes(one, "PR")["variance"].item() == pytest.approx(2 / 11 * 9 / 11 / 11)


def test_drop00_means_nothing_for_one_group() -> None:
    nobody = pd.DataFrame({"events": [0], "n": [11]})
    assert effect_sizes(nobody, "PR", drop00=True)["effect"].item() == 0.5 / 12


def test_reported_columns_of_the_same_name_are_replaced() -> None:
    table = two_groups((10, 13, 2, 11), effect=[99.0], se=[99.0])
    sizes = effect_sizes(table, "OR")
    assert sizes["effect"].item() == pytest.approx(2.70805, abs=5e-6)
    assert sizes["measure"].item() == "OR"
    assert table["effect"].item() == 99.0


@pytest.mark.parametrize("dtype", ["Int64", "Float64", object])
def test_other_kinds_of_number_columns(dtype: Any) -> None:
    table = two_groups((10, 13, 2, 11), (None, 13, 2, 11)).astype(dtype)
    sizes = effect_sizes(table, "OR")
    assert sizes["effect"].round(5).fillna(-1).tolist() == [2.70805, -1]


def test_one_cell_that_is_no_number_does_not_accuse_the_others() -> None:
    table = two_groups(("10", 13, "2", 11), ("NR", 13, " 2.0", 11), ("1e1", 13, "", 11))
    with pytest.raises(UsageError) as caught:
        effect_sizes(table, "OR")
    assert str(caught.value).splitlines()[1:] == ["row 2: events_treatment 'NR' is not a number"]
    sizes = effect_sizes(table.replace("NR", "10"), "OR")
    numbers = two_groups((10, 13, 2, 11), (10, 13, 2, 11), (10, 13, None, 11))
    pd.testing.assert_series_equal(sizes["effect"], effect_sizes(numbers, "OR")["effect"])


@pytest.mark.parametrize("cell", ["1,5", "1_000", "inf", "nan", "٣", "0x1", "1e", "True", "-"])
def test_what_only_looks_like_a_number_is_refused(cell: str) -> None:
    with pytest.raises(UsageError, match=r"row 1: events_treatment .* is not a number"):
        effect_sizes(two_groups((cell, 13, 2, 11)), "OR")


@pytest.mark.parametrize("dtype", [complex, object])
def test_complex_numbers_are_refused(dtype: type) -> None:
    table = two_groups((10 + 1j, 13, 2, 11)).astype({"events_treatment": dtype})
    with pytest.raises(UsageError, match=r"row 1: events_treatment \(10\+1j\) is not a number"):
        effect_sizes(table, "OR")


def test_a_count_beyond_all_floats_is_refused() -> None:
    with pytest.raises(UsageError, match="row 1: events_treatment is larger than any number"):
        effect_sizes(two_groups((10**400, 13, 2, 11)), "OR")


def test_pandas_own_missing_value_is_missing() -> None:
    table = two_groups((pd.NA, 13, 2, 11)).astype(object)
    assert effect_sizes(table, "OR")["reason"].item() == "not given: events_treatment"


def test_a_column_of_truth_values_is_not_a_column_of_counts() -> None:
    table = two_groups((1, 13, 2, 11)).astype({"events_treatment": bool})
    with pytest.raises(UsageError, match="row 1: events_treatment True is not a number"):
        effect_sizes(table, "RR")


def test_an_empty_table_stays_empty() -> None:
    sizes = effect_sizes(two_groups().astype(float), "RR")
    assert len(sizes) == 0
    assert {"effect", "variance", "se", "low", "high", "reason"} <= set(sizes.columns)


def test_every_impossible_row_is_listed() -> None:
    table = two_groups(
        (14, 13, 2, 11),
        (1, 13, 2, 11),
        (1, 13, -2, 11),
        ("3 of", 13, 2, 11),
        (1, math.inf, 2, 11),
        (True, 13, 2, 11),
        (math.nan, 13, 2, -1),
        label=list("abcdefg"),
    )
    with pytest.raises(UsageError) as caught:
        effect_sizes(table, "RR")
    assert str(caught.value).splitlines() == [
        "these rows cannot be used:",
        "row 1 (a): events_treatment 14 is greater than n_treatment 13",
        "row 3 (c): events_control -2 is negative",
        "row 4 (d): events_treatment '3 of' is not a number",
        "row 5 (e): n_treatment is infinite",
        "row 6 (f): events_treatment True is not a number",
        "row 7 (g): n_control -1 is negative",
    ]


def test_rows_without_labels_are_named_by_position() -> None:
    with pytest.raises(UsageError, match=r"\nrow 2: events_treatment 9"):
        effect_sizes(two_groups((1, 2, 1, 2), (9, 2, 1, 2)), "RD")


def test_missing_columns_are_named() -> None:
    with pytest.raises(UsageError, match=r"RR needs the columns .*no events_control, n_control"):
        effect_sizes(two_groups((1, 2, 1, 2)).iloc[:, :2], "RR")


@pytest.mark.parametrize(
    ("measure", "options", "words"),
    [
        ("SMD", {}, "SMD needs the columns mean_treatment, .*the table has no mean_treatment"),
        ("RD", {"vtype": "HO"}, "RD has no vtype 'HO'; choose one of: LS, UB, AV"),
        ("RR", {"vtype": "AV"}, "RR has no vtype 'AV'; choose one of: LS"),
        ("XX", {}, "unknown measure 'XX'"),
        ("RR", {"add": -0.5}, "add must be 0 or a positive number"),
        ("RR", {"add": math.inf}, "add must be 0 or a positive number"),
        ("RR", {"to": "zeros"}, "unknown to='zeros'"),
        ("RR", {"level": 95}, "level must lie between 0 and 1"),
    ],
)
def test_senseless_calls_are_refused(measure: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        effect_sizes(two_groups((1, 2, 1, 2)), measure, **options)
