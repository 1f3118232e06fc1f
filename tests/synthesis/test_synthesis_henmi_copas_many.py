"""Henmi and Copas' interval for many analyses: the numbers of one, whatever the sizes."""

import math

import numpy as np
import pandas as pd
import pytest
from analyses import EIGHT_SCHOOLS, TEN_STUDIES, Analysis, analyses
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import UsageError
from equipoise.synthesis.henmi_copas import henmi_copas, henmi_copas_many
from equipoise.synthesis.henmi_copas_pivot import pivots

NUMBERS = [
    "estimate", "se", "statistic", "p_value", "low", "high", "tau2", "tau2_se", "tau2_low",
    "tau2_high", "i2", "i2_low", "i2_high", "h2", "h2_low", "h2_high", "q", "q_df", "q_p_value",
]  # fmt: skip
DIGITS = 1e-12


def table(several: list[Analysis]) -> pd.DataFrame:
    rows = [
        (at, y, v) for at, analysis in enumerate(several) for y, v in zip(*analysis, strict=True)
    ]
    return pd.DataFrame(rows, columns=["topic", "effect", "variance"])


def assert_same(found: pd.DataFrame, several: list[Analysis], level: float = 0.95) -> None:
    for row, analysis in zip(found.itertuples(), several, strict=True):
        single = henmi_copas(*analysis, level=level)
        assert (row.k, row.excluded, row.reason) == (single.k, 0, "")
        for name in NUMBERS:
            wanted = getattr(single, name)
            assert getattr(row, name) == pytest.approx(
                wanted, rel=DIGITS, abs=DIGITS, nan_ok=True
            ), name


@settings(max_examples=40, deadline=None)
@given(st.lists(analyses(least=1), min_size=1, max_size=6), st.floats(0.01, 0.9999))
def test_every_number_is_that_of_one_analysis(several: list[Analysis], level: float) -> None:
    assert_same(henmi_copas_many(table(several), by="topic", level=level), several, level)


def test_analyses_of_all_sizes() -> None:
    """More than are integrated at a time, and sizes that are filled up."""
    draw = np.random.default_rng(5)
    several = []
    for k in [*range(1, 40), 70, 151, 200, *[2, 3, 9, 10, 11] * 25]:
        v = 10 ** draw.uniform(-1, 1, k)
        several.append(
            Analysis(draw.normal(0, np.sqrt(v + draw.choice([0, 1]))).tolist(), v.tolist())
        )
    found = henmi_copas_many(table(several), by="topic")
    assert_same(found, several)
    assert found.columns.tolist() == ["topic", "excluded", "k", *NUMBERS, "reason"]


def test_an_analysis_without_studies_has_a_reason() -> None:
    nan = math.nan
    with pytest.raises(UsageError) as refused:
        henmi_copas([nan, nan], [1.0, 1.0])
    found = henmi_copas_many([0.1, 0.3, nan, nan, 0.4], [0.1, 0.2, 1, 1, 0.1], starts=[0, 2, 4, 5])
    assert found["reason"].tolist() == ["", str(refused.value), "", str(refused.value)]
    assert found[["excluded", "k"]].to_numpy().tolist() == [[0, 2], [2, 0], [0, 1], [0, 0]]
    assert found.loc[[1, 3], NUMBERS].isna().all(axis=None)
    assert found.loc[0, "low"] == pytest.approx(henmi_copas([0.1, 0.3], [0.1, 0.2]).low, rel=DIGITS)


def test_a_table_gives_the_same_as_arrays_in_any_order() -> None:
    several = [EIGHT_SCHOOLS, TEN_STUDIES]
    rows = table(several)
    arrays = henmi_copas_many(rows["effect"], rows["variance"], starts=[0, 8])
    pd.testing.assert_frame_equal(
        henmi_copas_many(rows, by="topic").drop(columns="topic"), arrays, check_exact=True
    )
    mixed = henmi_copas_many(rows.iloc[::-1], by="topic")
    assert mixed["topic"].tolist() == [1, 0]
    np.testing.assert_allclose(mixed.loc[[1, 0], NUMBERS], arrays[NUMBERS], rtol=1e-10)
    errors = rows.assign(se=np.sqrt(rows["variance"])).drop(columns="variance")
    np.testing.assert_allclose(
        henmi_copas_many(errors, by="topic")[NUMBERS], arrays[NUMBERS], rtol=1e-10
    )


def test_no_analysis_at_all_is_an_empty_table() -> None:
    empty = pd.DataFrame({"topic": [], "effect": [], "variance": []})
    found = henmi_copas_many(empty, by="topic")
    assert found.columns.tolist() == ["topic", "excluded", "k", *NUMBERS, "reason"]
    assert len(found) == 0


@given(
    st.lists(st.tuples(st.floats(-25, 25), st.floats(-25, 25), st.floats(-25, 25)), min_size=1),
    st.floats(-25, 25),
    st.sampled_from([0.5, 0.05, 0.005, 1e-6]),
)
def test_the_quantile_is_where_the_probability_is(
    decades: list[tuple[float, ...]], tau2: float, tail: float
) -> None:
    """Variances and tau2 of any size, in the same analysis."""
    pivot = pivots(10.0 ** np.array(decades), np.full(len(decades), 10.0**tau2))
    t = pivot.quantile(tail / 2)
    assert (t > 0).all()
    np.testing.assert_allclose(pivot.beyond(t), tail / 2, rtol=1e-11)
