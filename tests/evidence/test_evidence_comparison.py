"""From results to comparisons: the right pairs, the right direction, and nothing lost."""

import itertools
import math
from pathlib import Path

import pandas as pd
import pytest
from small_base import add_row, set_cell, write_small_base

import equipoise as eq
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.comparison import COLUMNS
from equipoise.evidence.records import Record, records

MEASURED = ("mean", "sd", "se", "median", "q1", "q3", "minimum", "maximum")
TEXT = [name for name, default in COLUMNS.items() if default == ""]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_small_base(tmp_path / "small")


def _of(evidence: eq.Evidence, outcome: str, study: str) -> pd.DataFrame:
    frame = evidence.comparison(outcome)
    return frame[frame["study_id"] == study].reset_index(drop=True)


def _one(evidence: eq.Evidence, outcome: str, study: str) -> Record:
    frame = _of(evidence, outcome, study)
    assert len(frame) == 1
    return records(frame)[0]


# The first evidence base --------------------------------------------------------------------------


def test_surgery_has_three_groups_beside_the_treated_and_one_trial(evidence: eq.Evidence) -> None:
    frame = evidence.comparison("surgery")
    assert frame["study_id"].tolist() == [*["mendelow2021"] * 3, "prasad2012"]
    assert frame["design"].tolist() == [*["nrsi_controlled"] * 3, "rct"]
    assert frame["percent_treatment"].tolist() == [21, 21, 21, 23.1]
    assert frame["percent_control"].fillna(-1).tolist() == [39, -1, -1, 77.8]
    assert frame["comparator"].tolist() == [
        "Matched neurosurgery controls who did not invert",
        "Second control group (identity not reported)",
        "Third control group (identity not reported)",
        "Physiotherapy alone",
    ]
    trial = records(frame)[3]
    assert [trial[f"{name}_treatment"] for name in ("events", "n", "n_allocated")] == [3, 13, 13]
    assert [trial[f"{name}_control"] for name in ("events", "n", "n_allocated")] == [7, 9, 11]
    assert (trial["weeks"], trial["timepoint"], trial["year"]) == (6, "6 weeks", 2012)
    cohort = records(frame)[0]
    assert cohort["n_allocated_treatment"] == 85
    assert math.isnan(cohort["n_allocated_control"])
    assert math.isnan(cohort["n_treatment"])


def test_decimals_are_those_that_were_printed(evidence: eq.Evidence) -> None:
    frame = evidence.comparison("surgery")
    assert frame["decimals_treatment"].tolist() == [0, 0, 0, 1]
    assert frame["decimals_control"].fillna(-1).tolist() == [0, -1, -1, 1]


def test_the_design_is_the_one_this_outcome_can_carry(evidence: eq.Evidence) -> None:
    wanted = {
        ("mendelow2021", "surgery"): {"nrsi_controlled"},
        ("mendelow2021", "less_pain"): {"single_arm"},
        ("mendelow2021", "pain_intensity"): {"single_arm"},
        ("prasad2012", "surgery_avoided"): {"rct"},
        ("prasad2012", "odi"): {"single_arm"},  # no change is reported for the control group
        ("kim2013", "pain_intensity"): {"rct"},
        ("gianakopoulos1985", "petechiae"): {"single_arm"},
        ("gianakopoulos1985", "systolic_bp"): {"within_subject"},
        ("friberg1985", "iop"): {"within_subject"},
        ("sheffield1964", "returned_to_work"): {"case_series"},
        ("cheng2020", "pain_intensity"): {"systematic_review"},
    }
    found = {key: set(_of(evidence, key[1], key[0])["design"]) for key in wanted}
    assert found == wanted


def test_what_was_looked_for_and_not_found_is_named(evidence: eq.Evidence) -> None:
    frame = evidence.comparison("surgery")
    known = "events_treatment, n_treatment, events_control, n_control"
    assert frame["not_reported"].tolist() == [
        known,
        f"{known}, percent_control",
        f"{known}, percent_control",
        "",
    ]
    alone = _one(evidence, "less_pain", "mendelow2021")
    assert alone["not_reported"] == "events_treatment, n_treatment, weeks"
    assert alone["comparator"] == ""
    change = _one(evidence, "odi", "prasad2012")
    assert change["mean_change"] == -12
    assert change["not_reported"] == "sd_change, n_change, Physiotherapy alone: mean_change"
    pooled = _of(evidence, "pain_intensity", "wegner2013")
    assert pooled["not_reported"].tolist() == ["effect, weeks"]


def test_sources_are_joined_and_the_weakest_confidence_is_kept(evidence: eq.Evidence) -> None:
    frame = evidence.comparison("surgery")
    assert frame["source_id"].tolist() == [
        "chiroup_blog",
        "chiroup_blog; pr_teeter_2021",
        "chiroup_blog; pr_teeter_2021",
        "prasad2012",
    ]
    assert frame["confidence"].tolist() == ["secondary", "secondary", "secondary", "derived"]
    avoided = _one(evidence, "surgery_avoided", "prasad2012")
    assert avoided["confidence"] == "derived"  # one arm is primary, the other derived
    assert avoided["notes"].startswith("As reported.")
    assert "2 and 22.2 percent are reported" in avoided["notes"]


def test_reported_effects_stand_beside_the_groups_they_compare(evidence: eq.Evidence) -> None:
    trial = _one(evidence, "pain_intensity", "prasad2012")
    assert (trial["treatment"], trial["comparator"]) == (
        "Inversion therapy plus physiotherapy",
        "Physiotherapy alone",
    )
    assert [trial[name] for name in ("effect", "ci_low", "ci_high")] == [-0.14, -1.03, 0.76]
    assert (trial["reported_measure"], trial["ci_level"], trial["n_reported"]) == ("SMD", 0.95, 19)
    assert trial["source_id"] == "prasad2012; vanti2021_vertical"
    assert trial["confidence"] == "peer_reviewed"
    assert trial["n_allocated_control"] == 11


def test_every_reported_effect_is_shown_once(evidence: eq.Evidence) -> None:
    for outcome in set(evidence.table("contrasts")["outcome_id"]):
        contrasts = evidence.table("contrasts")
        contrasts = contrasts[contrasts["outcome_id"] == outcome]
        frame = evidence.comparison(outcome)
        assert (frame["reported_measure"] != "").sum() == len(contrasts)
        for row in records(contrasts):
            same = (frame["study_id"] == row["study_id"]) & (frame["timepoint"] == row["timepoint"])
            effects = frame[same & (frame["reported_measure"] == row["measure"])]["effect"]
            assert any(
                abs(effect) == abs(row["estimate"])
                or (math.isnan(effect) and math.isnan(row["estimate"]))
                for effect in effects
            )


def test_effects_are_turned_to_the_direction_of_the_outcome(evidence: eq.Evidence) -> None:
    short = records(_of(evidence, "pain_intensity", "cheng2020"))[0]
    assert (short["effect"], short["ci_low"], short["ci_high"]) == (-0.44, -0.77, -0.11)
    assert "Direction turned here" in short["notes"]
    function = records(_of(evidence, "activity_limitation", "cheng2020"))[0]
    assert (function["effect"], function["ci_low"], function["ci_high"]) == (-0.42, -0.76, -0.08)
    kept = records(_of(evidence, "pain_intensity", "vanti2021_mech"))[0]
    assert (kept["effect"], kept["ci_low"], kept["ci_high"]) == (-0.58, -0.87, -0.29)
    assert "turned" not in kept["notes"]


def test_people_are_compared_with_themselves(evidence: eq.Evidence) -> None:
    one = _one(evidence, "iop", "friberg1985")
    names = ("mean_before", "sd_before", "mean_after", "sd_after", "n")
    assert [one[name] for name in names] == [14.1, 2.8, 35.6, 4, 16]
    assert one["not_reported"] == ""
    change = _one(evidence, "systolic_bp", "gianakopoulos1985")
    names = ("mean_change", "minimum_change", "maximum_change")
    assert [change[name] for name in names] == [17.2, 4, 34]
    assert math.isnan(change["n"])
    positions = _of(evidence, "heart_rate", "msse2017")
    within = positions[positions["mean_before"].notna()]
    assert within["mean_before"].tolist() == [75.5] * 3
    assert within["mean_after"].tolist() == [65.9, 68.3, 74.7]
    assert within["design"].tolist() == ["within_subject"] * 3
    upright = positions[positions["mean_before"].isna()]
    assert upright["timepoint"].tolist() == ["5 min at +45 degrees, head up", "5 min lying flat"]
    assert upright["mean_treatment"].tolist() == [78.8, 68.6]
    assert upright["design"].tolist() == ["single_arm"] * 2


def _is_shown(row: Record, text: Record, arm: Record, frame: pd.DataFrame) -> bool:
    """Whether each number of a results row stands in the place where a reader looks for it."""
    rows = records(frame)
    if arm["role"] == "intervention":
        times = (row["timepoint"],)
        rows = [r for r in rows if r["treatment"] == arm["label"] and r["timepoint"] in times]
    elif row["phase"] == "":
        rows = [r for r in rows if r["comparator"] == arm["label"]]
    if not rows:
        return False
    side = row["phase"] or ("treatment" if arm["role"] == "intervention" else "control")
    for name in ("events", "n", "percent", "relation", *MEASURED):
        if text[name] in ("", NOT_REPORTED):
            continue
        column = "n" if row["phase"] and name == "n" else f"{name}_{side}"
        in_place = any(r.get(column) == row[name] for r in rows)
        in_words = any(f"{name} {text[name]}" in r["notes"] for r in rows)
        if not (in_place or in_words):
            return False
    return arm["role"] == "intervention" or any(
        arm["label"] in r["comparator"] + r["not_reported"] + r["notes"] for r in rows
    )


def test_no_result_is_lost(evidence: eq.Evidence) -> None:
    arms = {(arm["study_id"], arm["arm_id"]): arm for arm in records(evidence.table("arms"))}
    shown = lost = 0
    for row, text in zip(
        records(evidence.table("results")), records(evidence.cells["results"]), strict=True
    ):
        arm = arms[row["study_id"], row["arm_id"]]
        found = _is_shown(row, text, arm, _of(evidence, row["outcome_id"], row["study_id"]))
        shown, lost = shown + found, lost + (not found)
    assert (shown, lost) == (len(evidence.table("results")), 0)
    assert shown > 100


def test_every_outcome_has_the_same_columns_of_the_same_kind(evidence: eq.Evidence) -> None:
    """An outcome without results too: what comes after need not ask whether there are any."""
    without = [
        name
        for name in evidence.table("outcomes")["outcome_id"]
        if name not in set(evidence.table("results")["outcome_id"])
        and name not in set(evidence.table("contrasts")["outcome_id"])
    ]
    for outcome in evidence.table("outcomes")["outcome_id"]:
        frame = evidence.comparison(outcome)
        assert frame.empty == (outcome in without)
        assert list(frame.columns) == list(COLUMNS)
        for name in COLUMNS:
            assert frame[name].dtype == ("str" if name in TEXT else "float64"), name
        assert not frame[TEXT].isna().to_numpy().any()
        assert list(frame.index) == list(range(len(frame)))


def test_coverage_names_every_study_and_outcome_once(evidence: eq.Evidence) -> None:
    frame = evidence.coverage()
    pairs = set(zip(frame["study_id"], frame["outcome_id"], strict=True))
    assert len(pairs) == len(frame)
    wanted = {
        (row["study_id"], row["outcome_id"])
        for name in ("results", "contrasts")
        for row in records(evidence.table(name))
    }
    assert pairs == wanted
    by_pair = {(row["study_id"], row["outcome_id"]): row for row in records(frame)}
    surgery = by_pair["mendelow2021", "surgery"]
    assert (surgery["design"], surgery["n"], surgery["read"]) == ("nrsi_controlled", 85, "not_read")
    assert surgery["reported"]
    assert not by_pair["mendelow2021", "improved_reflexes"]["reported"]
    assert not by_pair["wegner2013", "pain_intensity"]["reported"]


# Invented bases: what the first one does not happen to hold ---------------------------------------


def test_an_outcome_without_results_gives_an_empty_frame(base: Path) -> None:
    add_row(
        base, "outcomes.csv", outcome_id="death", label="Death", kind="binary", better="lower",
        assessed="objective", importance="critical", domain="harm", phrase="died", definition="NR",
    )  # fmt: skip
    frame = eq.load_evidence(base).comparison("death")
    assert frame.empty
    assert list(frame.columns) == list(COLUMNS)
    for name in COLUMNS:
        assert frame[name].dtype == ("str" if name in TEXT else "float64")


def test_ratios_are_turned_by_their_reciprocal(base: Path) -> None:
    set_cell(base, "contrasts.csv", 2, "higher_favours", "arm_1")
    row = records(_of(eq.load_evidence(base), "relapse", "alpha2001"))[0]
    assert row["effect"] == pytest.approx(1 / 0.47)
    assert (row["ci_low"], row["ci_high"]) == (pytest.approx(1 / 1.08), pytest.approx(1 / 0.20))


def test_effects_that_already_point_the_right_way_are_left_alone(base: Path) -> None:
    evidence = eq.load_evidence(base)
    higher_is_better = _one(evidence, "cured", "epsilon2015")
    assert [higher_is_better[name] for name in ("effect", "ci_low", "ci_high")] == [1.25, 1, 1.6]
    lower_is_better = records(_of(evidence, "relapse", "alpha2001"))[0]
    assert [lower_is_better[name] for name in ("effect", "ci_low", "ci_high")] == [0.47, 0.2, 1.08]
    assert "turned" not in higher_is_better["notes"] + lower_is_better["notes"]


def test_an_exponent_adds_no_digits(base: Path) -> None:
    set_cell(base, "results.csv", 3, "percent", "4.29e1")
    row = records(_of(eq.load_evidence(base), "relapse", "alpha2001"))[0]
    assert (row["percent_control"], row["decimals_control"]) == (42.9, 1)


def test_two_measures_of_one_comparison_are_two_rows(base: Path) -> None:
    frame = _of(eq.load_evidence(base), "relapse", "alpha2001")
    assert frame["reported_measure"].tolist() == ["RR", "OR"]
    assert frame["events_treatment"].fillna(-1).tolist() == [6, -1]
    assert frame["design"].tolist() == ["rct", "rct"]


def test_the_level_of_an_interval_is_a_share(base: Path) -> None:
    evidence = eq.load_evidence(base)
    assert _one(evidence, "cured", "epsilon2015")["ci_level"] == pytest.approx(0.90)
    assert _one(evidence, "pain", "epsilon2015")["ci_level"] == 0.95
    assert math.isnan(_one(evidence, "cured", "beta2005")["ci_level"])


def test_numbers_without_a_column_are_told_in_the_notes(base: Path) -> None:
    row = _one(eq.load_evidence(base), "pain", "zeta2020")
    assert (row["mean_treatment"], row["sd_control"]) == (31.5, 10.0)
    treated = "se 2.2, median 30, q1 24, q3 38, minimum 10, maximum 60."
    control = "se 1.7, median 43.5, q1 37, q3 50, minimum 20, maximum 75."
    assert f"Also reported for Ten minutes: {treated}" in row["notes"]
    assert f"Also reported for A device that does nothing: {control}" in row["notes"]


def test_people_who_were_lost_between_two_measurements_are_told(base: Path) -> None:
    set_cell(base, "results.csv", 7, "n", "11")
    row = _one(eq.load_evidence(base), "iop", "gamma2010")
    assert row["n"] == 11
    assert "(before): n 12." in row["notes"]
    assert "(after): n 11." in row["notes"]


def test_a_control_of_unknown_time_stands_beside_every_time(base: Path) -> None:
    set_cell(base, "results.csv", 5, "timepoint", NOT_REPORTED)
    add_row(
        base, "results.csv", study_id="beta2005", outcome_id="cured", arm_id="treated",
        timepoint="2 years", percent="61", source_id="src_beta", confidence="primary",
    )  # fmt: skip
    frame = _of(eq.load_evidence(base), "cured", "beta2005")
    ends = frame[frame["percent_treatment"].notna()]
    assert ends["timepoint"].tolist() == ["1 year", "2 years"]
    assert ends["percent_control"].tolist() == [41, 41]


def test_no_control_can_be_left_out_unseen(base: Path) -> None:
    """Wherever a control's number may stand, it is refused or it is shown."""
    times = ("12 weeks", "1 day", NOT_REPORTED)
    for number, (treated, control) in enumerate(itertools.product(times, times)):
        folder = write_small_base(base.parent / f"times_{number}")
        for row, timepoint in ((2, treated), (3, control)):
            if timepoint != "12 weeks":
                set_cell(folder, "results.csv", row, "timepoint", timepoint)
        problems = eq.check_evidence(folder)
        refused = [(p.row, p.column) for p in problems] == [(3, "timepoint")]
        assert refused or not problems
        assert refused == (control not in (treated, NOT_REPORTED))
        if not refused:
            frame = eq.load_evidence(folder).comparison("relapse")
            assert 42.9 in frame["percent_control"].tolist()
