"""Standard deviations that look like standard errors."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.standard_errors import suspect_standard_errors
from equipoise.errors import UsageError

COLUMNS = [f"{name}_{group}" for group in ("treatment", "control") for name in ("mean", "sd", "n")]


def suspects(*rows: tuple[Any, ...], **more: Any) -> pd.DataFrame:
    return suspect_standard_errors(pd.DataFrame(list(rows), columns=COLUMNS).assign(**more))


def test_one_group_with_a_standard_error() -> None:
    found = suspects((5, 2, 25, 4, 2.1, 25), (5, 2, 25, 4, 0.4, 25), label=["a", "b"])
    assert found.to_dict("records") == [
        {
            "row": 2,
            "study": "row 2 (b)",
            "column": "sd_control",
            "why": "sd_control 0.4 times √25 is 2, about sd_treatment 2: a standard error?",
        }
    ]


def test_two_groups_with_standard_errors() -> None:
    found = suspects((50, 1.5, 40, 40, 1.6, 40))
    assert found["column"].tolist() == ["sd_treatment, sd_control"]
    assert found["why"].tolist() == ["the groups differ by 6.45 standard deviations"]


def test_what_is_missing_small_or_0_is_not_suspect() -> None:
    found = suspects((5, math.nan, 25, 4, 2, 25), (5, 0, 25, 4, 2, 25), (90, 1, 8, 4, 9, 8))
    assert len(found) == 0
    assert list(found.columns) == ["row", "study", "column", "why"]


@given(st.floats(0.1, 100), st.integers(9, 500), st.integers(9, 500))
def test_a_true_slip_is_found_and_an_honest_table_is_not(sd: float, n1: int, n2: int) -> None:
    assert len(suspects((0, sd, n1, 0, sd, n2))) == 0
    assert suspects((0, sd / math.sqrt(n1) / 1.001, n1, 0, sd, n2))["column"].tolist() == [
        "sd_treatment"
    ]


def test_missing_columns_are_named() -> None:
    with pytest.raises(UsageError, match="the table has no sd_control"):
        suspect_standard_errors(pd.DataFrame(columns=[c for c in COLUMNS if c != "sd_control"]))
