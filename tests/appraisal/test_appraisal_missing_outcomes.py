"""Where a conclusion tips when the people who were lost are put back."""

import itertools
import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import equipoise as eq
from equipoise.appraisal.missing_outcomes import MOST_STEPS

PILOT = (3, 13, 13, 7, 9, 11)
NAMES = ("events", "n", "n_allocated")


def _table(*rows: tuple[float, ...]) -> pd.DataFrame:
    columns = [f"{name}_{arm}" for arm in ("treatment", "control") for name in NAMES]
    return pd.DataFrame(list(rows), columns=columns)


@st.composite
def trials(draw: st.DrawFn, most: int = 5) -> tuple[int, ...]:
    found: list[int] = []
    for _ in range(2):
        n = draw(st.integers(1, 30))
        found += [draw(st.integers(0, n)), n, n + draw(st.integers(0, most))]
    return tuple(found)


def test_the_pilot_trial_tips_if_neither_of_the_lost_was_operated(evidence: eq.Evidence) -> None:
    found = eq.tipping_points(evidence.comparison("surgery"))
    assert set(found["study_id"]) == {"prasad2012"}
    assert found["lost_treatment"].to_list() == [0, 0, 0]
    assert found["lost_control"].to_list() == [2, 2, 2]
    assert found["lost_events_control"].to_list() == [2, 1, 0]
    assert found["events_control"].to_list() == [9, 8, 7]
    assert found["n_control"].to_list() == [11, 11, 11]
    # 7/9 of 2 lets 1.556 expect
    assert found["departure"].to_list() == pytest.approx([4 / 9, 5 / 9, 14 / 9])
    assert found["conclusion"].to_list() == ["below", "below", "across"]
    assert found["tips"].to_list() == [False, False, True]
    p = [stats.fisher_exact([[3, 10], [e, 11 - e]]).pvalue for e in (9, 8, 7)]
    assert found["p_value_fisher"].to_list() == pytest.approx(p, rel=1e-9)
    shown = [
        [f"{value:.4f}" for value in line]
        for line in found[["estimate", "low", "high"]].to_numpy().tolist()
    ]
    assert shown[0] == ["0.2821", "0.1006", "0.7907"]


def test_the_first_row_that_tips_is_the_smallest_change() -> None:
    found = eq.tipping_points(_table((10, 90, 100, 25, 95, 100)))
    assert len(found) == 11 * 6
    assert found["departure"].is_monotonic_increasing
    tips = found[found["tips"]]
    first = tips.iloc[0]
    assert first["departure"] == tips["departure"].min()
    expected = (10 * 10 / 90, 5 * 25 / 95)
    change = sum(
        abs(first[f"lost_events_{arm}"] - x)
        for arm, x in zip(("treatment", "control"), expected, strict=True)
    )
    assert first["departure"] == pytest.approx(change)


@given(trials(), st.sampled_from(["RR", "OR", "RD"]))
@settings(deadline=None, max_examples=40)
def test_every_row_is_the_table_it_says(trial: tuple[int, ...], measure: str) -> None:
    found = eq.tipping_points(_table(trial), measure)
    lost = trial[2] - trial[1], trial[5] - trial[4]
    pairs = list(zip(found["lost_events_treatment"], found["lost_events_control"], strict=True))
    every = [(a, b) for a in range(lost[0] + 1) for b in range(lost[1] + 1)]
    assert sorted(pairs) == every
    assert (found["events_treatment"] == trial[0] + found["lost_events_treatment"]).all()
    assert (found["events_control"] == trial[3] + found["lost_events_control"]).all()
    again = eq.effect_sizes(found, measure)
    null = 0 if measure == "RD" else 1
    if measure != "RD":
        natural = [math.exp(x) for x in again["effect"]]
        assert found["estimate"].to_list() == pytest.approx(natural, rel=1e-9)
    sides = [
        "below" if high < null else "above" if low > null else "across"
        for low, high in zip(found["low"], found["high"], strict=True)
    ]
    assert found["conclusion"].to_list() == sides


@given(trials())
@settings(deadline=None, max_examples=40)
def test_swapping_the_arms_mirrors_the_table(trial: tuple[int, ...]) -> None:
    def keyed(frame: pd.DataFrame, one: str, other: str) -> dict[Any, Any]:
        columns = [f"lost_events_{one}", f"lost_events_{other}", "tips", "departure"]
        return {(a, b): (tips, d) for a, b, tips, d in frame[columns].itertuples(index=False)}

    found = keyed(eq.tipping_points(_table(trial), "OR"), "treatment", "control")
    swapped = keyed(eq.tipping_points(_table(trial[3:] + trial[:3]), "OR"), "control", "treatment")
    assert found.keys() == swapped.keys()
    for place, (tips, departure) in found.items():
        assert swapped[place] == (tips, pytest.approx(departure))


@given(trials())
@settings(deadline=None, max_examples=40)
def test_counting_those_without_the_outcome_mirrors_the_table(trial: tuple[int, ...]) -> None:
    e1, n1, b1, e2, n2, b2 = trial
    found = eq.tipping_points(_table(trial), "OR")
    recoded = eq.tipping_points(_table((n1 - e1, n1, b1, n2 - e2, n2, b2)), "OR")
    assert found["tips"].sum() == recoded["tips"].sum()
    assert found["departure"].to_list() == pytest.approx(recoded["departure"].to_list())


def test_a_conclusion_may_tip_to_either_side() -> None:
    """Nobody knows: 40 of 100 lost on each side can make it better, worse, or neither."""
    found = eq.tipping_points(_table((20, 60, 100, 20, 60, 100)))
    assert set(found["conclusion"]) == {"below", "above", "across"}
    assert (found["tips"] == (found["conclusion"] != "across")).all()
    assert not found["tips"].iloc[0]


def test_nobody_lost_leaves_nothing_to_tip() -> None:
    found = eq.tipping_points(_table((3, 13, 13, 9, 11, 11)))
    assert len(found) == 1
    assert not found["tips"].any()
    assert found["departure"].to_list() == [0]


def test_many_lost_are_counted_off_in_even_steps() -> None:
    found = eq.tipping_points(_table((30, 180, 280, 60, 190, 190)))
    steps = sorted(found["lost_events_treatment"])
    assert len(steps) == MOST_STEPS + 1
    assert steps == list(range(0, 101, 2))
    uneven = sorted(
        eq.tipping_points(_table((30, 180, 257, 60, 190, 190)))["lost_events_treatment"]
    )
    assert (uneven[0], uneven[-1], len(set(uneven))) == (0, 77, MOST_STEPS + 1)
    assert {b - a for a, b in itertools.pairwise(uneven)} == {1, 2}


def test_comparisons_keep_their_order_and_name() -> None:
    table = _table(PILOT, (1, 10, math.nan, 2, 10, 12), (5, 20, 21, 9, 20, 20)).assign(
        label=["pilot", "unknown", "other"], percent_treatment=12.0
    )
    found = eq.tipping_points(table)
    assert found["label"].to_list() == ["pilot"] * 3 + ["other"] * 2
    assert "percent_treatment" not in found
    nothing = eq.tipping_points(table.iloc[[1]])
    assert nothing.empty
    assert list(nothing) == list(found)


def test_the_table_given_is_left_as_it_is() -> None:
    table = _table(PILOT)
    before = table.copy(deep=True)
    eq.tipping_points(table)
    pd.testing.assert_frame_equal(table, before)


def test_a_narrower_level_can_undo_what_tips() -> None:
    wide = eq.tipping_points(_table(PILOT), level=0.95)
    narrow = eq.tipping_points(_table(PILOT), level=0.8)
    assert (wide["tips"].sum(), narrow["tips"].sum()) == (1, 0)


@pytest.mark.parametrize("function", [eq.tipping_points, eq.best_worst_case])
@pytest.mark.parametrize(
    ("table", "measure", "fault"),
    [
        (_table(PILOT), "SMD", "the measure must be one of RR, OR, RD, got 'SMD'"),
        (_table(PILOT).drop(columns="n_allocated_control"), "RR", "does not have: n_allocated_con"),
        (_table((3, 13, 12, 7, 9, 11)), "RR", "n_treatment 13 is greater than n_allocated_treat"),
        (_table(PILOT, (14, 13, 13, 7, 9, 11)), "RR", "row 2: events_treatment 14 is greater"),
        (_table(PILOT).assign(n_control="9 of"), "RR", "n_control '9 of' is not a number"),
    ],
)
def test_bad_input_is_one_clear_error(
    function: Any, table: pd.DataFrame, measure: str, fault: str
) -> None:
    with pytest.raises(eq.UsageError, match=fault):
        function(table, measure)


def test_parts_of_people_cannot_be_counted_off() -> None:
    table = _table((1, 2, math.nan, 1, 2, 2), (3.5, 13, 13, 7, 9, 11)).assign(label=["a", "b"])
    with pytest.raises(eq.UsageError, match=r"row 2 \(b\): counts must be whole numbers"):
        eq.tipping_points(table)
    with pytest.raises(eq.UsageError, match="level must lie between 0 and 1"):
        eq.tipping_points(_table(PILOT), level=95)
