"""From measurements before and after to comparisons of two groups, with nothing lost."""

import itertools
import math
from pathlib import Path

import pandas as pd
import pytest
from small_base import add_row, write_small_base

import equipoise as eq
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.records import Record, records

NAN = math.nan
SIDES = [f"{name}_{arm}" for arm in ("treatment", "control") for name in ("mean", "sd", "n")]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_small_base(tmp_path / "small")


def _trial(folder: Path) -> pd.DataFrame:
    frame = eq.load_evidence(folder).comparison("iop")
    return frame[frame["study_id"] == "zeta2020"].reset_index(drop=True)


def _only(folder: Path) -> Record:
    frame = _trial(folder)
    assert len(frame) == 1
    return records(frame)[0]


def _measure(folder: Path, arm: str, phase: str, **cells: str) -> None:
    """Add a measurement of eye pressure in the trial of three doses."""
    shared = {
        "study_id": "zeta2020", "outcome_id": "iop", "timepoint": "6 weeks", "weeks": "6",
        "source_id": "src_zeta", "confidence": "primary",
    }  # fmt: skip
    add_row(folder, "results.csv", **shared | {"arm_id": arm, "phase": phase} | cells)


def test_changes_in_both_groups_are_compared(base: Path) -> None:
    _measure(base, "low", "change", mean="4", sd="1.5", n="18")
    _measure(base, "sham", "change", mean="-1.25", sd="NR", n="36", source_id="src_page")
    row = _only(base)
    assert (row["treatment"], row["comparator"]) == ("Ten minutes", "A device that does nothing")
    assert row["design"] == "rct"
    assert [row[name] for name in SIDES] == pytest.approx([4, 1.5, 18, -1.25, NAN, 36], nan_ok=True)
    assert (row["n_allocated_treatment"], row["n_allocated_control"]) == (20, 40)
    assert (row["mean_change"], row["n"]) == (4, 18)
    assert row["notes"] == "The means compared are changes from before to after."
    assert row["not_reported"] == "A device that does nothing: sd_change"
    assert row["source_id"] == "src_zeta; src_page"


def test_changes_are_worked_out_from_before_and_after(base: Path) -> None:
    _measure(base, "low", "before", mean="14", sd="2", n="18")
    _measure(base, "low", "after", mean="20", sd="3", n="17")
    _measure(base, "sham", "before", mean="15", sd="2.5", n="36")
    _measure(base, "sham", "after", mean="14", sd="2.25", n="33")
    row = _only(base)
    assert row["design"] == "rct"
    assert [row[name] for name in SIDES] == pytest.approx([6, NAN, 17, -1, NAN, 33], nan_ok=True)
    within = ("mean_before", "sd_before", "mean_after", "sd_after")
    assert [row[name] for name in within] == [14, 2, 20, 3]
    for said in ("(before): mean 15, sd 2.5, n 36.", "(after): mean 14, sd 2.25, n 33."):
        assert f"Also reported for A device that does nothing {said}" in row["notes"]
    _measure(base, "low", "change", mean="6.1", sd="1.75", n="16")  # as reported goes before
    row = _only(base)
    assert [row[name] for name in SIDES[:4]] == [6.1, 1.75, 16, -1]


def test_values_afterwards_are_compared_where_no_changes_are_known(base: Path) -> None:
    _measure(base, "low", "before", mean="14", sd="2", n="18")
    _measure(base, "low", "after", mean="20", sd="3", n="17")
    _measure(base, "sham", "before", mean="NR", n="36")
    _measure(base, "sham", "after", mean="14", sd="2.25", se="0.4", n="33")
    row = _only(base)
    assert [row[name] for name in SIDES] == [20, 3, 17, 14, 2.25, 33]
    assert row["notes"].endswith("The means compared are values afterwards.")
    assert "(before): n 36." in row["notes"]
    assert "(after): se 0.4." in row["notes"]
    assert row["not_reported"] == "A device that does nothing: mean_before"


@pytest.mark.parametrize(("treated", "control"), [("4", "NR"), ("NR", "-1.25")])
def test_a_control_with_nothing_to_compare_is_told_beside_the_treated(
    base: Path, treated: str, control: str
) -> None:
    _measure(base, "low", "change", mean=treated, n="18")
    _measure(base, "sham", "change", mean=control, n="36", source_id="src_page")
    row = _only(base)
    assert (row["comparator"], row["design"]) == ("", "single_arm")
    assert math.isnan(row["mean_treatment"])
    mean = "" if control == "NR" else f"mean {control}, "
    assert f"Also reported for A device that does nothing (change): {mean}n 36." in row["notes"]
    missing = "A device that does nothing: mean_change" if control == "NR" else "mean_change"
    assert row["not_reported"] == missing


def test_each_control_that_can_be_compared_has_its_row(base: Path) -> None:
    for name, label in (("second", "A leaflet"), ("third", "A walk")):
        add_row(
            base, "arms.csv", study_id="zeta2020", arm_id=name, role="control", label=label,
            n="NR", source_id="src_zeta", confidence="primary",
        )  # fmt: skip
    _measure(base, "low", "change", mean="4", n="18")
    _measure(base, "second", "change", mean="NR", n="36")
    _measure(base, "third", "change", mean="1", n="12")
    _measure(base, "sham", "change", mean="-1", n="36")
    frame = _trial(base)
    assert frame["comparator"].tolist() == ["A walk", "A device that does nothing"]
    assert frame["mean_control"].tolist() == [1, -1]
    told = ["A leaflet (change): n 36." in notes for notes in frame["notes"]]
    assert told == [True, False]
    assert frame["not_reported"].tolist() == ["A leaflet: mean_change", ""]


def test_a_control_change_of_unknown_time_stands_beside_every_time(base: Path) -> None:
    _measure(base, "low", "change", mean="4", n="18")
    _measure(base, "low", "change", mean="5", n="18", timepoint=NOT_REPORTED, weeks=NOT_REPORTED)
    _measure(base, "sham", "change", mean="1", n="36", timepoint=NOT_REPORTED, weeks=NOT_REPORTED)
    frame = _trial(base)
    assert frame["timepoint"].tolist() == ["6 weeks", NOT_REPORTED]
    assert frame["mean_control"].tolist() == [1, 1]


def test_a_reported_difference_stands_beside_the_changes_it_compares(base: Path) -> None:
    _measure(base, "low", "change", mean="4", n="18")
    _measure(base, "sham", "change", mean="1", n="36")
    add_row(
        base, "contrasts.csv", study_id="zeta2020", outcome_id="iop", arm_1="low", arm_2="sham",
        timepoint="6 weeks", weeks="6", measure="MD", estimate="3.1", ci_low="1", ci_high="5.2",
        higher_favours="arm_2", n="54", source_id="src_zeta", confidence="primary",
    )  # fmt: skip
    row = _only(base)
    assert [row[name] for name in ("mean_control", "effect", "ci_high")] == [1, 3.1, 5.2]


def test_no_number_of_two_measured_groups_is_lost(base: Path) -> None:
    """Whatever of two groups is known, every number stands in a column or in the notes."""
    numbers = iter(range(101, 10_000))
    phases = ("before", "after", "change")
    kept = [phases[:n] for n in (1, 2, 3)] + [phases[1:], phases[2:], ("before", "change")]
    for number, (treated, control) in enumerate(itertools.product(kept, kept)):
        folder = write_small_base(base.parent / f"phases_{number}")
        said = []
        for arm, theirs in (("low", treated), ("sham", control)):
            for phase in theirs:
                cells = {name: str(next(numbers)) for name in ("mean", "se", "sd", "median")}
                _measure(folder, arm, phase, n="7", **cells)
                said += cells.values()
        row = _only(folder)
        columns = {f"{value:g}" for value in row.values() if isinstance(value, float)}
        words = set(row["notes"].replace(",", " ").replace(".", " ").split())
        lost = set(said) - columns - words
        assert not lost, (treated, control, lost)
