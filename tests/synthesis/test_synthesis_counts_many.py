"""Counts of many analyses at once: the numbers of `mantel_haenszel` and `peto`, and their reasons.

Analyses are drawn with zero cells, groups of nobody, empty cells, and events in nobody or in
everybody, so that every refusal of the single functions is met.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from analyses import BCG, COUNTS, LIDOCAINE
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import UsageError
from equipoise.synthesis.mantel_haenszel import mantel_haenszel
from equipoise.synthesis.mantel_haenszel_many import mantel_haenszel_many
from equipoise.synthesis.peto import peto, peto_many
from equipoise.synthesis.pooled import Pooled

RATES = ["events_treatment", "time_treatment", "events_control", "time_control"]
MEASURES = ["RR", "OR", "RD", "IRR", "IRD", "PETO"]
DIGITS = 1e-12

Rows = list[tuple[float, ...]]


def table(several: list[Rows], measure: str) -> pd.DataFrame:
    names = RATES if measure.startswith("IR") else COUNTS
    rows = [(at, *row) for at, analysis in enumerate(several) for row in analysis]
    return pd.DataFrame(rows, columns=["topic", *names])


def alone(rows: pd.DataFrame, measure: str, **options: Any) -> Pooled | str:
    """Return the result of one analysis, or why there is none."""
    try:
        if measure == "PETO":
            return peto(rows, **options)
        return mantel_haenszel(rows, measure, **options)
    except UsageError as refused:
        return str(refused)


def together(rows: pd.DataFrame, measure: str, **options: Any) -> pd.DataFrame:
    if measure == "PETO":
        return peto_many(rows, by="topic", **options)
    return mantel_haenszel_many(rows, measure, by="topic", **options)


def assert_same(found: pd.DataFrame, rows: pd.DataFrame, measure: str, **options: Any) -> None:
    """Compare every number of each analysis, or why there is none, with that of the analysis."""
    numbers = [name for name in found if name not in ("topic", "excluded", "k", "reason")]
    assert len(numbers) >= 13
    assert found["topic"].tolist() == rows["topic"].drop_duplicates().tolist()
    for row in found.itertuples():
        analysis = rows[rows["topic"] == row.topic]
        assert row.k + row.excluded == len(analysis)
        single = alone(analysis, measure, **options)
        if isinstance(single, str):
            assert row.reason == single
            assert all(math.isnan(getattr(row, name)) for name in numbers)
            continue
        assert row.reason == ""
        assert row.k == single.k
        assert row.excluded == sum(bool(reason) for reason in single.reasons)
        for name in numbers:
            wanted = getattr(single, name)
            assert getattr(row, name) == pytest.approx(
                wanted, rel=DIGITS, abs=DIGITS, nan_ok=True
            ), name


def groups() -> st.SearchStrategy[tuple[float, float]]:
    """Draw events and people: often none or all of them, sometimes nobody, or an empty cell."""
    some = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    silent = st.tuples(st.just(0), st.integers(0, 30))
    all_of_them = st.integers(1, 30).map(lambda n: (n, n))
    empty = st.tuples(st.just(math.nan), st.integers(1, 30))
    return st.one_of(some, some, silent, all_of_them, empty)


study = st.tuples(groups(), groups()).map(lambda two: (*two[0], *two[1]))
several_analyses = st.lists(st.lists(study, min_size=1, max_size=5), min_size=1, max_size=6)


@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=40, deadline=None)
@given(several=several_analyses)
def test_every_number_and_reason_is_that_of_one_analysis(measure: str, several: list[Rows]) -> None:
    rows = table(several, measure)
    assert_same(together(rows, measure), rows, measure)


@pytest.mark.parametrize("measure", MEASURES[:-1])
@settings(max_examples=20, deadline=None)
@given(several=several_analyses)
def test_constants_are_added_as_in_one_analysis(measure: str, several: list[Rows]) -> None:
    rows = table(several, measure)
    assert_same(together(rows, measure, add=0.5), rows, measure, add=0.5)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_level_is_that_of_one_analysis(measure: str) -> None:
    rows = table([BCG, LIDOCAINE], measure)
    found = together(rows, measure, level=0.8)
    assert_same(found, rows, measure, level=0.8)
    assert (found["high"] < together(rows, measure)["high"]).all()


REFUSED: dict[str, tuple[str, Rows, str]] = {
    "no row is complete": ("OR", [(math.nan, 10, 1, 10), (0, 0, 1, 10)], "no row has counts"),
    "nobody has the event": ("OR", [(0, 10, 0, 12), (9, 9, 8, 8)], "no odds ratio to pool"),
    "no events under treatment": ("RR", [(0, 10, 3, 12), (0, 9, 1, 9)], "0 or infinite"),
    "no events without treatment": ("OR", [(2, 10, 0, 12)], "0 or infinite"),
    "no spread of a difference": ("RD", [(0, 10, 0, 12), (0, 9, 0, 9)], "has no interval"),
    "everybody has the event": ("RR", [(8, 8, 9, 9)], "has no interval"),
    "no events in any time": ("IRR", [(0, 10, 0, 12)], "no incidence rate ratio to pool"),
    "Peto, one outcome": ("PETO", [(0, 10, 0, 12), (9, 9, 9, 9)], "Peto's method cannot be used"),
}


@pytest.mark.parametrize(("measure", "rows", "words"), REFUSED.values(), ids=REFUSED)
def test_what_one_analysis_refuses_has_a_reason(measure: str, rows: Rows, words: str) -> None:
    """It takes nothing away from its neighbours."""
    several = table([LIDOCAINE, rows, BCG], measure)
    found = together(several, measure)
    assert_same(found, several, measure)
    assert words in found.loc[1, "reason"]
    assert found["reason"].tolist()[::2] == ["", ""]


def test_rows_that_take_no_part_are_counted() -> None:
    rows = table([[(1, 10, 2, 10), (0, 10, 0, 10), (math.nan, 10, 1, 10), (3, 9, 4, 9)]], "OR")
    counted = [together(rows, measure) for measure in ("OR", "RD", "PETO")]
    assert [(one.loc[0, "excluded"], one.loc[0, "k"]) for one in counted] == [
        (2, 2), (1, 3), (2, 2)
    ]  # fmt: skip


@pytest.mark.parametrize("measure", ["RR", "PETO"])
def test_rows_in_any_order_make_the_same_analyses(measure: str) -> None:
    rows = table([BCG, LIDOCAINE], measure)
    mixed = rows.sample(frac=1, random_state=1)
    found = together(mixed, measure)
    assert_same(found, mixed, measure)
    assert found.sort_values("topic")["estimate"].tolist() == pytest.approx(
        together(rows, measure)["estimate"].tolist(), rel=1e-12
    )


MANY: list[Callable[..., pd.DataFrame]] = [mantel_haenszel_many, peto_many]


@pytest.mark.parametrize("many", MANY)
def test_several_columns_tell_analyses_apart(many: Callable[..., pd.DataFrame]) -> None:
    """Also columns that effect sizes are called by."""
    rows = pd.DataFrame(BCG[:4], columns=COUNTS)
    rows["measure"], rows["added"] = ["b", "a", "b", "b"], [1, 1, 2, 1]
    found = many(rows, by=["measure", "added"])
    assert found[["measure", "added", "k"]].to_numpy().tolist() == [
        ["b", 1, 2], ["a", 1, 1], ["b", 2, 1]
    ]  # fmt: skip


@pytest.mark.parametrize("many", MANY)
def test_columns_and_their_types(many: Callable[..., pd.DataFrame]) -> None:
    rows = table([BCG], "RR").astype({"topic": "category"})
    before = rows.copy(deep=True)
    found = many(rows, by="topic")
    assert found.columns.tolist()[:4] == ["topic", "excluded", "k", "estimate"]
    assert found.columns.tolist()[-1] == "reason"
    assert found["k"].dtype == found["excluded"].dtype == np.int64
    assert {found[name].dtype for name in found.columns[3:-1]} == {np.dtype("float64")}
    assert len(many(rows.iloc[:0], by="topic")) == 0
    assert many(rows.iloc[:0], by="topic").columns.tolist() == found.columns.tolist()
    pd.testing.assert_frame_equal(rows, before)


def test_a_thousand_analyses() -> None:
    """Each the BCG trials in another order: none is mixed with its neighbour."""
    draw = np.random.default_rng(3)
    several = [[BCG[at] for at in draw.permutation(13)] for _ in range(1000)]
    for measure in ("OR", "PETO"):
        wanted = alone(table([BCG], measure), measure)
        assert isinstance(wanted, Pooled)
        found = together(table(several, measure), measure)
        for name in ("estimate", "se", "q"):
            np.testing.assert_allclose(found[name], getattr(wanted, name), rtol=1e-12)
