"""`pool_many` gives the numbers of `pool`, whatever the sizes, the order and the engine."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from analyses import ESTIMATORS, INTERVALS, Analysis, pooled, undecided

import equipoise as eq
from equipoise.effects.measures import MEASURES
from equipoise.synthesis.batch import COLUMNS, pool_many
from equipoise.synthesis.derived import NUMBERS
from equipoise.synthesis.pool import pool

ENGINES = ["numpy", "numba"]
DIGITS = 1e-12


def drawn(seed: int, k: int) -> Analysis:
    draw = np.random.default_rng(seed)
    variances = 10 ** draw.uniform(-2, 1, k)
    effects = draw.normal(0, np.sqrt(variances + draw.choice([0, 1])))
    return Analysis(effects.tolist(), variances.tolist())


SIZES = [1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 11, 13, 17, 23, 40, 1, 3, 64]
SEVERAL = [drawn(seed, k) for seed, k in enumerate(SIZES)]


def flat(several: list[Analysis]) -> tuple[list[float], list[float], list[int]]:
    """Return the effects and variances of analyses one after the other, and where each begins."""
    effects = [y for analysis in several for y in analysis.effects]
    variances = [v for analysis in several for v in analysis.variances]
    ends = np.cumsum([len(analysis.effects) for analysis in several]).tolist()
    return effects, variances, [0, *ends[:-1]]


def together(several: list[Analysis], **options: Any) -> pd.DataFrame:
    effects, variances, starts = flat(several)
    weights = np.array(variances) ** -0.5 if options.get("estimator") == "GENQ" else None
    return pool_many(effects, variances, starts=starts, weights=weights, **options)


def table(several: list[Analysis]) -> pd.DataFrame:
    rows = [
        {"topic": f"topic {at}", "effect": y, "variance": v}
        for at, analysis in enumerate(several)
        for y, v in zip(*analysis, strict=True)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("ci_method", INTERVALS)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_every_number_is_that_of_pool(estimator: str, ci_method: str, engine: str) -> None:
    assert not any(undecided(analysis) for analysis in SEVERAL)
    found = together(SEVERAL, estimator=estimator, ci_method=ci_method, engine=engine)
    for row, analysis in enumerate(SEVERAL):
        alone = pooled(analysis, estimator, ci_method)
        for name in (*NUMBERS, "converged"):
            assert found.loc[row, name] == pytest.approx(
                getattr(alone, name), rel=DIGITS, abs=DIGITS, nan_ok=True
            ), (row, name)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "options",
    [
        {"level": 0.8},
        {"prediction_df": "k-2"},
        {"prediction_df": "normal", "ci_method": "wald"},
        {"tau2": 0.3},
        {"tau2": 0.0},
    ],
    ids=str,
)
def test_every_choice_is_that_of_pool(options: dict[str, Any], engine: str) -> None:
    found = together(SEVERAL, engine=engine, **options)
    for row, analysis in enumerate(SEVERAL):
        alone = pool(*analysis, **options)
        for name in NUMBERS:
            assert found.loc[row, name] == pytest.approx(
                getattr(alone, name), rel=DIGITS, abs=DIGITS, nan_ok=True
            ), (row, name)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("estimator", ["CE", "REML", "GENQ"])
def test_weights_of_ones_own_are_those_of_pool(estimator: str, engine: str) -> None:
    effects, variances, starts = flat(SEVERAL)
    own = np.random.default_rng(1).uniform(0.1, 2, len(effects))
    found = pool_many(
        effects, variances, starts=starts, weights=own, estimator=estimator, engine=engine
    )
    for row, (start, analysis) in enumerate(zip(starts, SEVERAL, strict=True)):
        part = own[start : start + len(analysis.effects)]
        alone = pool(*analysis, weights=part, estimator=estimator)
        for name in NUMBERS:
            assert found.loc[row, name] == pytest.approx(
                getattr(alone, name), rel=DIGITS, abs=DIGITS, nan_ok=True
            ), (row, name)


def test_a_large_job_is_worked_off_in_parts() -> None:
    """More analyses than are worked on at a time: the first and the last are as alone."""
    n, k = 45_000, 2
    draw = np.random.default_rng(2)
    effects, variances = draw.normal(0, 1, n * k), draw.uniform(0.1, 1, n * k)
    found = pool_many(
        effects, variances, starts=np.arange(n) * k, estimator="DL", columns=["estimate", "tau2"],
        engine="numpy",
    )  # fmt: skip
    assert len(found) == n
    for row in (0, 19_999, 20_000, 40_000, n - 1):
        here = slice(row * k, row * k + k)
        alone = pool(effects[here], variances[here], estimator="DL")
        assert found.loc[row, ["estimate", "tau2"]].tolist() == pytest.approx(
            [alone.estimate, alone.tau2], rel=DIGITS, abs=DIGITS
        )


@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_gives_the_same_as_arrays(engine: str) -> None:
    by_table = pool_many(table(SEVERAL), by="topic", engine=engine)
    assert by_table["topic"].tolist() == [f"topic {at}" for at in range(len(SEVERAL))]
    pd.testing.assert_frame_equal(
        by_table.drop(columns="topic"), together(SEVERAL, engine=engine), check_exact=True
    )


def test_rows_in_any_order_make_the_same_analyses() -> None:
    mixed = table(SEVERAL).sample(frac=1, random_state=3)
    found = pool_many(mixed, by="topic").set_index("topic")
    sorted_ = pool_many(table(SEVERAL), by="topic").set_index("topic")
    assert found.index.tolist() == mixed["topic"].drop_duplicates().tolist()
    numbers = list(NUMBERS)
    np.testing.assert_allclose(
        found.loc[sorted_.index, numbers], sorted_[numbers], rtol=1e-8, atol=1e-8
    )


def test_weights_follow_their_rows() -> None:
    rows = table(SEVERAL).assign(own=lambda t: 1.0 + np.arange(len(t)) % 5)
    mixed = rows.sample(frac=1, random_state=4)
    found = pool_many(mixed, by="topic", weights=mixed["own"]).set_index("topic")["estimate"]
    wanted = pool_many(rows, by="topic", weights=rows["own"]).set_index("topic")["estimate"]
    np.testing.assert_allclose(found.loc[wanted.index], wanted, rtol=1e-10)


def test_several_columns_tell_analyses_apart() -> None:
    rows = pd.DataFrame(
        {
            "drug": ["b", "a", "b", "a", "b", "b"],
            "year": [1, 1, 2, 1, 1, 2],
            "effect": [0.1, 0.5, 0.2, 0.9, 0.4, 0.3],
            "variance": [0.1, 0.2, 0.1, 0.3, 0.2, 0.1],
        }
    )
    found = pool_many(rows, by=["drug", "year"])
    assert found[["drug", "year", "k"]].to_numpy().tolist() == [
        ["b", 1, 2],
        ["a", 1, 2],
        ["b", 2, 2],
    ]
    alone = pool([0.1, 0.4], [0.1, 0.2])
    assert found.loc[0, "estimate"] == pytest.approx(alone.estimate, rel=DIGITS)


def test_standard_errors_do_in_place_of_variances() -> None:
    rows = table(SEVERAL)
    with_se = rows.assign(se=np.sqrt(rows["variance"])).drop(columns="variance")
    np.testing.assert_allclose(
        pool_many(with_se, by="topic")["estimate"],
        pool_many(rows, by="topic")["estimate"],
        rtol=1e-10,
    )


def test_categories_that_no_row_has_make_no_analysis() -> None:
    rows = pd.DataFrame({"effect": [0.1, 0.2], "variance": [0.1, 0.2]})
    rows["topic"] = pd.Categorical(["x", "x"], categories=["w", "x", "y"])
    assert pool_many(rows, by="topic")["k"].tolist() == [2]


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_without_numbers_are_counted_as_excluded(engine: str) -> None:
    nan, inf = math.nan, math.inf
    effects = [0.1, nan, 0.3, 0.2, nan, nan, 0.4, 0.5]
    variances = [0.1, 0.2, 0.3, nan, 0.1, 0.2, 0.1, inf]
    found = pool_many(effects, variances, starts=[0, 4, 6], engine=engine)
    assert found["excluded"].tolist() == [2, 2, 1]
    assert found["k"].tolist() == [2, 0, 1]
    assert found.loc[0, "estimate"] == pytest.approx(pool([0.1, 0.3], [0.1, 0.3]).estimate)
    assert found.loc[2, "estimate"] == 0.4


@pytest.mark.parametrize("engine", ENGINES)
def test_an_analysis_without_studies_has_no_number(engine: str) -> None:
    found = pool_many([0.1, 0.2], [0.1, 0.2], starts=[0, 0, 2], engine=engine)
    assert found["k"].tolist() == [0, 2, 0]
    assert found["excluded"].tolist() == [0, 0, 0]
    numbers = [name for name in NUMBERS if name != "k"]
    assert found.loc[[0, 2], numbers].isna().all(axis=None)


def test_no_analysis_at_all_is_an_empty_table() -> None:
    empty = pd.DataFrame({"topic": [], "effect": [], "variance": []})
    found = pool_many(empty, by="topic")
    assert found.columns.tolist() == ["topic", "excluded", *COLUMNS]
    assert len(found) == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_only_the_columns_asked_for_are_given(engine: str) -> None:
    wanted = ["tau2", "estimate", "k"]
    found = pool_many(table(SEVERAL), by="topic", columns=wanted, engine=engine)
    assert found.columns.tolist() == ["topic", "excluded", *wanted]
    pd.testing.assert_frame_equal(
        found, pool_many(table(SEVERAL), by="topic", engine=engine)[found.columns], check_exact=True
    )


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_can_be_asked_for_alone(name: str) -> None:
    found = together(SEVERAL, columns=[name])
    pd.testing.assert_series_equal(found[name], together(SEVERAL)[name], check_exact=True)


def test_the_table_given_is_left_as_it_was() -> None:
    rows = table(SEVERAL)
    before = rows.copy(deep=True)
    pool_many(rows, by="topic")
    pd.testing.assert_frame_equal(rows, before)


def test_types_of_columns() -> None:
    found = pool_many(table(SEVERAL), by="topic")
    assert found["k"].dtype == np.int64
    assert found["excluded"].dtype == np.int64
    assert found["converged"].dtype == np.bool_
    assert set(found[list(NUMBERS[1:])].dtypes) == {np.dtype("float64")}


# Scales


def test_the_measure_of_each_analysis_is_told() -> None:
    table = pd.DataFrame(
        {"topic": ["x", "y", "x", "y"], "effect": [0.1, 0.2, 0.3, 0.4], "variance": 0.1}
    )
    measured = table.assign(measure=["RR", "PLO", "RR", "PLO"])
    found = pool_many(measured, by="topic", columns=["estimate"])
    assert found.columns.tolist() == ["topic", "measure", "excluded", "estimate"]
    assert found["measure"].tolist() == ["RR", "PLO"]
    by_both = pool_many(measured, by=["measure", "topic"], columns=["estimate"])
    assert by_both.columns.tolist() == ["measure", "topic", "excluded", "estimate"]
    assert "measure" not in pool_many(table, by="topic")
    unknown = pool_many(table.assign(measure=[None, "RR", None, "RR"]), by="topic")
    assert unknown["measure"].tolist()[1] == "RR"
    assert unknown["measure"].isna().tolist() == [True, False]
    nothing = pool_many(table.assign(measure=None), by="topic")
    assert nothing["measure"].isna().all()
    empty = pool_many(measured.iloc[:0], by="topic", columns=["k"])
    assert len(empty) == 0


@pytest.mark.parametrize("key", MEASURES)
def test_the_natural_scale_is_that_of_pool(key: str) -> None:
    table = pd.DataFrame({"effect": [0.1, 0.3, 0.2], "variance": [0.1, 0.2, 0.1], "measure": key})
    single = pool(table)
    natural = single.natural(math.inf)
    for results in (pool_many(table.assign(topic="x"), by="topic"), single.to_frame()):
        found = eq.natural_scale(results)
        assert found[results.columns.tolist()].equals(results)
        for name in ("estimate", "low", "high", "prediction_low", "prediction_high"):
            assert found.loc[0, f"natural_{name}"] == pytest.approx(
                getattr(natural, name), rel=1e-12
            )


def test_the_natural_scale_of_several_measures_and_of_some_numbers() -> None:
    results = pd.DataFrame({"measure": ["RR", "MD", None, "RR"], "estimate": [0.0, 2.0, 3.0, 1.0]})
    found = eq.natural_scale(results)
    assert found["natural_estimate"].tolist() == pytest.approx([1.0, 2.0, 3.0, math.e])
    assert found.columns.tolist() == ["measure", "estimate", "natural_estimate"]


@pytest.mark.parametrize("given", [None, pd.DataFrame({"estimate": [0.1]})])
def test_results_without_a_measure_have_no_natural_scale(given: object) -> None:
    with pytest.raises(eq.UsageError, match="do not say of which measure they are"):
        eq.natural_scale(given)  # type: ignore[arg-type]


def test_a_row_with_a_reason_is_left_out_by_both() -> None:
    reasons = ["", "", "same people as 2"]
    table = pd.DataFrame({"effect": [0.1, 0.2, 0.9], "variance": [0.01, 0.02, 0.01], "g": 1})
    table = table.assign(reason=reasons)
    one, many = pool(table), pool_many(table, by="g").iloc[0]
    assert (one.k, many["k"], many["excluded"]) == (2, 2, 1)
    assert many["estimate"] == pytest.approx(one.estimate, rel=1e-12)
    with pytest.raises(
        eq.UsageError, match="every row has a reason to be left out, the first: twice"
    ):
        pool(table.assign(reason="twice"))
