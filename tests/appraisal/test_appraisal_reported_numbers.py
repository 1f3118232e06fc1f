"""The sweep over an evidence base: each check on its own, the first base, and rule C24."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from conftest import BASE
from rows_by_hand import CONTROL, TREATED, Cells, effect, evidence_of, result

import equipoise as eq
from equipoise.appraisal.facts import Facts
from equipoise.appraisal.number_check import VERDICTS
from equipoise.appraisal.triggers_unreproduced import (
    interval_does_not_fit,
    p_value_crosses,
    p_value_differs,
)
from equipoise.appraisal.unreproduced import COLUMNS, with_recomputed_p
from equipoise.appraisal.wording import BANNED
from equipoise.effects.estimates import estimates
from equipoise.evidence.records import records

Found = tuple[str, str, str, str]
NEVER = (*BANNED, "fraud", "fabricat", "mislead", "mistake", "decision error")


def checks(evidence: eq.Evidence, **options: list[str]) -> list[Found]:
    frame = eq.reported_numbers(evidence, **options)  # type: ignore[arg-type]
    for sentence in frame["sentence"]:
        assert sentence.endswith(".")
        assert not any(word in sentence.lower() for word in NEVER)
    assert set(frame["verdict"]) <= set(VERDICTS)
    columns = ["check", "reported", "recomputed", "verdict"]
    return [tuple(row) for row in frame[columns].to_numpy().tolist()]


# ---- percentages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "began", "expected"),
    [
        (
            {"events": "10", "n": "13", "percent": "76.9"},
            "13",
            [("percentage", "76.9%, 10 of 13", "76.9%", "adds up")],
        ),
        (
            {"events": "2", "n": "11", "percent": "22.2"},
            "11",
            [("percentage", "22.2%, 2 of 11", "18.2%", "does not add up")],
        ),
        (
            {"n": "11", "percent": "22.2"},
            "11",
            [("percentage", "22.2% of 11", "18.2% or 27.3%", "does not add up")],
        ),
        ({"n": "9", "percent": "22.2"}, "9", [("percentage", "22.2% of 9", "22.2%", "adds up")]),
        (
            {"n": "2000", "percent": "22.2"},
            "2000",
            [("percentage", "22.2% of 2000", "22.2%", "cannot be told")],
        ),
        ({"n": "0", "percent": "50"}, "NR", [("percentage", "50% of 0", "", "does not add up")]),
        (
            {"events": "2", "n": "9", "percent": "22.2", "confidence": "derived"},
            "11",
            [
                ("percentage", "22.2%, 2 of 9", "22.2%", "adds up"),
                ("percentage of those who began", "22.2% of 11", "18.2%", "does not add up"),
            ],
        ),
        (
            {"events": "2", "n": "9", "percent": "22.2"},
            "11",
            [
                ("percentage", "22.2%, 2 of 9", "22.2%", "adds up"),
                ("percentage of those who began", "22.2% of 11", "18.2%", "check"),
            ],
        ),
        (
            {"n": "9", "percent": "22.2"},
            "11",
            [
                ("percentage", "22.2% of 9", "22.2%", "adds up"),
                ("percentage of those who began", "22.2% of 11", "", "check"),
            ],
        ),
        (
            {"n": "9", "percent": "22"},
            "18",
            [
                ("percentage", "22% of 9", "22%", "adds up"),
                ("percentage of those who began", "22% of 18", "", "adds up"),
            ],
        ),
        (
            {"events": "0", "n": "1", "percent": "0"},
            "0",
            [("percentage", "0%, 0 of 1", "0.0%", "adds up")],
        ),
        (
            {"events": "2", "n": "NR", "percent": "22.2"},
            "11",
            [("percentage", "22.2%, 2 with the outcome", "of 9", "cannot be told")],
        ),
        (
            {"events": "20", "n": "NR", "percent": "22"},
            "NR",
            [("percentage", "22%, 20 with the outcome", "of 89 to 93", "cannot be told")],
        ),
        (
            {"events": "20", "percent": "0.0"},
            "NR",
            [("percentage", "0.0%, 20 with the outcome", "of 40000 or more", "cannot be told")],
        ),
        (
            {"events": "2", "percent": "70"},
            "NR",
            [("percentage", "70%, 2 with the outcome", "", "does not add up")],
        ),
        (
            {"events": "0", "percent": "22"},
            "NR",
            [("percentage", "22%, 0 with the outcome", "", "does not add up")],
        ),
        (
            {"events": "NR", "n": "NR", "percent": "74"},
            "85",
            [("percentage", "74%", "63 of 85", "cannot be told")],
        ),
        ({"percent": "50"}, "85", [("percentage", "50%", "no count of 85", "cannot be told")]),
        ({"percent": "50"}, "850", [("percentage", "50%", "421 to 429 of 850", "cannot be told")]),
        ({"percent": "50"}, "NR", [("percentage", "50%", "", "cannot be told")]),
        (
            {"n": "85", "percent": "75", "relation": "more_than"},
            "85",
            [("percentage", "more than 75%", "", "cannot be told")],
        ),
        ({"events": "2", "n": "9"}, "11", []),
    ],
)
def test_percentages(
    cells: Cells, began: str, expected: list[Found], evidence: eq.Evidence
) -> None:
    arms = ({**TREATED, "n": began}, CONTROL)
    assert checks(evidence_of(results=[result(**cells)], arms=arms, like=evidence)) == expected


def test_the_sentence_about_the_lost(evidence: eq.Evidence) -> None:
    cells = result(events="2", n="9", percent="22.2", confidence="derived")
    base = evidence_of(results=[cells], arms=({**TREATED, "n": "11"}, CONTROL), like=evidence)
    assert eq.reported_numbers(base)["sentence"].iloc[-1] == (
        "2 of the 11 the group began with would be 18.2%, not 22.2%. It fits 9, which is derived: "
        "the report does not say it."
    )


# ---- means and spreads ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "named", "expected"),
    [
        (
            {"mean": "5.19", "n": "28"},
            ["pain"],
            [("mean of whole numbers", "5.19 of 28", "5.18 or 5.21", "check")],
        ),
        (
            {"mean": "5.18", "n": "28"},
            ["pain"],
            [("mean of whole numbers", "5.18 of 28", "", "adds up")],
        ),
        (
            {"mean": "5.19", "n": "28"},
            [],
            [("mean of whole numbers", "5.19 of 28", "", "cannot be told")],
        ),
        (
            {"mean": "5.2", "n": "28"},
            ["pain"],
            [("mean of whole numbers", "5.2 of 28", "", "cannot be told")],
        ),
        (
            {"mean": "7.3", "sd": "2.51", "n": "12"},
            ["pain"],
            [
                ("mean of whole numbers", "7.3 of 12", "", "cannot be told"),
                ("deviation of whole numbers", "2.51 beside 7.3 of 12", "2.50 or 2.53", "check"),
            ],
        ),
        (
            {"mean": "7.3", "sd": "2.51", "n": "1"},
            ["pain"],
            [("mean of whole numbers", "7.3 of 1", "7.0 or 8.0", "check")],
        ),
        ({"mean": "7.3", "n": "NR"}, ["pain"], []),
        ({"mean": "7.3", "n": "0"}, ["pain"], []),
        (
            {"sd": "10.0", "se": "2.0", "n": "25"},
            [],
            [("standard error and deviation", "2.0", "2.00", "adds up")],
        ),
        (
            {"sd": "10", "se": "2", "n": "20"},
            [],
            [("standard error and deviation", "2", "2.2", "adds up")],
        ),
        (
            {"sd": "10.0", "se": "2.0", "n": "20"},
            [],
            [("standard error and deviation", "2.0", "2.24", "does not add up")],
        ),
        ({"sd": "10.0", "se": "2.0", "n": "0"}, [], []),
    ],
)
def test_means_and_spreads(
    cells: Cells, named: list[str], expected: list[Found], evidence: eq.Evidence
) -> None:
    base = evidence_of(results=[result(outcome_id="pain", **cells)], like=evidence)
    assert checks(base, whole_numbers=named) == expected


def test_whole_numbers_are_outcomes(evidence: eq.Evidence) -> None:
    with pytest.raises(eq.UsageError, match="There is no outcome 'height'"):
        eq.reported_numbers(evidence, whole_numbers=["height"])
    with pytest.raises(eq.UsageError, match=r"whole_numbers takes several names: write \['odi'\]"):
        eq.reported_numbers(evidence, whole_numbers="odi")


# ---- effects -------------------------------------------------------------------------------------

COUNTS = (
    result(events="10", n="13"),
    result(arm_id="out", events="2", n="11"),
)
"""Risk ratio 4.23, odds ratio 15, risk difference 0.587; p by Fisher 0.0123, Yates 0.0140."""


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (
            {"estimate": "3.9", "ci_low": "1.8", "ci_high": "8.7"},
            [("interval", "3.9 (1.8 to 8.7)", "3.957", "adds up")],
        ),
        (
            {"estimate": "3.2", "ci_low": "1.8", "ci_high": "8.7"},
            [("interval", "3.2 (1.8 to 8.7)", "3.957", "check")],
        ),
        (
            {"estimate": "9.2", "ci_low": "1.8", "ci_high": "8.7"},
            [("interval", "9.2 (1.8 to 8.7)", "3.957", "does not add up")],
        ),
        (
            {"estimate": "3.9", "ci_low": "8.7", "ci_high": "1.8"},
            [("interval", "3.9 (8.7 to 1.8)", "", "does not add up")],
        ),
        (
            {"estimate": "0.3", "ci_low": "0.0", "ci_high": "8.7"},
            [("interval", "0.3 (0.0 to 8.7)", "", "cannot be told")],
        ),
        ({"estimate": "0.3", "ci_low": "NR", "ci_high": "NR"}, []),
    ],
)
def test_intervals(cells: Cells, expected: list[Found], evidence: eq.Evidence) -> None:
    assert checks(evidence_of(contrasts=[effect(**cells)], like=evidence)) == expected


@pytest.mark.parametrize(
    ("measure", "estimate", "made", "verdict"),
    [
        ("RR", "4.23", "4.231", "adds up"),
        ("RR", "0.24", "4.231", "adds up"),  # the other way round
        ("RR", "3.90", "4.231", "check"),
        ("OR", "15.0", "15.000", "adds up"),
        ("RD", "0.59", "0.587", "adds up"),
        ("RD", "-0.59", "0.587", "adds up"),
        ("RD", "0.70", "0.587", "check"),
    ],
)
def test_estimates_and_counts(
    measure: str, estimate: str, made: str, verdict: str, evidence: eq.Evidence
) -> None:
    contrast = effect(measure=measure, estimate=estimate)
    base = evidence_of(results=COUNTS, contrasts=[contrast], like=evidence)
    assert checks(base) == [("estimate and counts", estimate, made, verdict)]


def test_what_counts_cannot_tell(evidence: eq.Evidence) -> None:
    hazard = effect(measure="HR", estimate="4.23")
    assert checks(evidence_of(results=COUNTS, contrasts=[hazard], like=evidence)) == []
    none = (result(events="0", n="13"), result(arm_id="out", events="2", n="11"))
    ratio = effect(estimate="0.20")
    assert checks(evidence_of(results=none, contrasts=[ratio], like=evidence)) == []
    elsewhen = effect(estimate="4.23", timepoint="2 years")
    assert checks(evidence_of(results=COUNTS, contrasts=[elsewhen], like=evidence)) == []


@pytest.mark.parametrize(
    ("estimate", "phase", "expected"),
    [
        ("-1.1", "", ("estimate and means", "-1.1", "−1.100", "adds up")),
        ("-1.2", "", ("estimate and means", "-1.2", "−1.100", "adds up")),
        ("1.1", "", ("estimate and means", "1.1", "−1.100", "adds up")),
        ("-1.4", "", ("estimate and means", "-1.4", "−1.100", "check")),
        ("-1.1", "change", ("estimate and means", "-1.1", "−1.100", "adds up")),
    ],
)
def test_estimates_and_means(
    estimate: str, phase: str, expected: Found, evidence: eq.Evidence
) -> None:
    """4.1 less 5.2: from -1.2 to -1.0, as rounding has it."""
    means = [
        result(outcome_id="pain", arm_id=arm, phase=phase, mean=mean, n="NR")
        for arm, mean in (("in", "4.1"), ("out", "5.2"))
    ]
    contrast = effect(outcome_id="pain", measure="MD", estimate=estimate)
    assert checks(evidence_of(results=means, contrasts=[contrast], like=evidence)) == [expected]


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"p_value": "0.012"}, "adds up"),  # Fisher
        ({"p_value": "0.004"}, "adds up"),  # chi-square
        ({"p_value": "0.014"}, "adds up"),  # with Yates' correction
        ({"p_value": "0.03"}, "check"),
        ({"p_value": "0.40"}, "does not add up"),
        ({"p_value": "0.012", "estimate": "4.23"}, "adds up"),
        ({"p_value": "0.40", "estimate": "3.90"}, "cannot be told"),  # adjusted: counts are silent
        ({"p_value": "0.40", "measure": "HR"}, "cannot be told"),
        ({"p_value": "0.005", "estimate": "0.81", "ci_low": "0.70", "ci_high": "0.94"}, "adds up"),
        ({"p_value": "0.03", "estimate": "0.81", "ci_low": "0.70", "ci_high": "0.94"}, "check"),
        (
            {"p_value": "0.30", "estimate": "0.81", "ci_low": "0.70", "ci_high": "0.94"},
            "does not add up",
        ),
    ],
)
def test_p_values(cells: Cells, verdict: str, evidence: eq.Evidence) -> None:
    base = evidence_of(results=COUNTS, contrasts=[effect(**cells)], like=evidence)
    found = [row for row in checks(base) if row[0] == "p value"]
    assert [row[3] for row in found] == [verdict]


def test_trailing_zeros_of_p_count(evidence: eq.Evidence) -> None:
    for p, verdict in (("0.01", "adds up"), ("0.010", "check")):
        base = evidence_of(results=COUNTS, contrasts=[effect(p_value=p)], like=evidence)
        assert checks(base)[0][3] == verdict


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        # 1.0 (0.0 to 2.0) of 12 people by t with 10 df: p = 0.050; by the normal 0.0499
        ({"ci_low": "-0.11", "ci_high": "2.11", "n": "12", "p_value": "0.072"}, "adds up"),
        ({"ci_low": "-0.11", "ci_high": "2.11", "p_value": "0.072"}, "check"),
        ({"ci_low": "-0.11", "ci_high": "2.11", "p_value": "0.077"}, "adds up"),
        ({"ci_low": "0.07", "ci_high": "1.93", "ci_level": "90", "p_value": "0.077"}, "adds up"),
        ({"se": "0.500", "p_value": "0.0455"}, "adds up"),
        ({"se": "0.500", "p_value": "0.455"}, "does not add up"),
        ({"se": "0", "p_value": "0.455"}, "cannot be told"),
        ({"ci_low": "1.00", "ci_high": "1.00", "p_value": "0.455"}, "cannot be told"),
    ],
)
def test_p_values_of_means(cells: Cells, verdict: str, evidence: eq.Evidence) -> None:
    contrast = effect(outcome_id="pain", measure="MD", estimate="1.00", **cells)
    base = evidence_of(contrasts=[contrast], arms=(TREATED, CONTROL), like=evidence)
    assert [row[3] for row in checks(base) if row[0] == "p value"] == [verdict]


def test_degrees_of_freedom_come_from_the_groups_too(evidence: eq.Evidence) -> None:
    contrast = effect(outcome_id="pain", measure="MD", estimate="1.00", ci_low="-0.11",
                      ci_high="2.11", p_value="0.072")  # fmt: skip
    for n, verdict in (("6", "adds up"), ("600", "check"), ("NR", "check")):
        groups = [result(outcome_id="pain", arm_id=arm, n=n) for arm in ("in", "out")]
        base = evidence_of(results=groups, contrasts=[contrast], like=evidence)
        assert [row[3] for row in checks(base) if row[0] == "p value"] == [verdict]


def test_the_standard_error_of_a_ratio_may_be_of_its_logarithm(evidence: eq.Evidence) -> None:
    contrast = effect(estimate="0.81", se="0.075", p_value="0.005")
    assert checks(evidence_of(contrasts=[contrast], like=evidence))[0][3] == "cannot be told"


@pytest.mark.parametrize(
    ("n", "results", "began", "expected"),
    [
        ("24", COUNTS, "13", ("people", "24", "24", "adds up")),
        ("22", COUNTS, "13", ("people", "22", "24", "check")),
        ("19", (), "13", ("people", "19", "at most 24", "cannot be told")),
        ("25", (), "13", ("people", "25", "at most 24", "does not add up")),
        ("25", (), "NR", None),
    ],
)
def test_people_of_a_comparison(
    n: str, results: tuple[Cells, ...], began: str, expected: Found | None, evidence: eq.Evidence
) -> None:
    arms = ({**TREATED, "n": began}, {**CONTROL, "n": "11"})
    base = evidence_of(results=results, contrasts=[effect(n=n)], arms=arms, like=evidence)
    assert checks(base) == ([expected] if expected else [])


# ---- studies -------------------------------------------------------------------------------------


def test_people_of_a_study(evidence: eq.Evidence) -> None:
    study = {"n_randomised": "40", "n_analysed": "22"}
    results = [result(n="13"), result(arm_id="out", n="9")]
    base = evidence_of(results=results, study=study, like=evidence)
    assert checks(base) == [
        ("people randomised", "40", "40", "adds up"),
        ("people analysed", "22", "22", "adds up"),
    ]
    odd = evidence_of(
        results=results, study={"n_randomised": "41", "n_analysed": "23"}, like=evidence
    )
    frame = eq.reported_numbers(odd)
    assert set(frame["verdict"]) == {"check"}
    assert frame["sentence"].tolist() == [
        "The groups began with 40 people together; 41 are reported as randomised.",
        "For surgery (1 year) the groups report 22 people together; 23 are reported as analysed.",
    ]
    assert checks(evidence_of(results=results[:1], study={"n_analysed": "23"}, like=evidence)) == []


# ---- whole bases ---------------------------------------------------------------------------------


def test_a_base_without_numbers_has_no_checks(evidence: eq.Evidence) -> None:
    frame = eq.reported_numbers(evidence_of(like=evidence))
    assert frame.empty
    assert list(frame.columns) == [
        "file", "row", "study_id", "study", "outcome_id", "check", "reported", "recomputed",
        "verdict", "sentence",
    ]  # fmt: skip
    assert frame["row"].dtype == "int64"


def test_the_first_base(evidence: eq.Evidence) -> None:
    checks(evidence)
    frame = eq.reported_numbers(evidence)
    odd = frame[frame["verdict"].isin(["does not add up", "check"])]
    assert odd[["study_id", "outcome_id", "reported", "recomputed"]].to_numpy().tolist() == [
        ["prasad2012", "surgery_avoided", "22.2% of 11", "18.2%"],
        ["prasad2012", "surgery", "77.8% of 11", "63.6%"],
    ]
    assert set(odd["verdict"]) == {"does not add up"}
    pain = frame[(frame["study_id"] == "mendelow2021") & (frame["outcome_id"] == "less_pain")]
    assert pain[["reported", "recomputed", "verdict"]].to_numpy().tolist() == [
        ["74%", "63 of 85", "cannot be told"]
    ]
    intervals = frame[frame["check"] == "interval"]
    assert len(intervals) == 8
    assert set(intervals["verdict"]) == {"adds up"}


def test_every_row_says_where_it_stands(evidence: eq.Evidence, tmp_path: Path) -> None:
    frame = eq.reported_numbers(evidence)
    for file, rows in frame.groupby("file"):
        lines = pd.read_csv(BASE / str(file), dtype=str, keep_default_na=False)
        for row in rows.itertuples():
            assert lines["study_id"].iloc[int(row.row) - 2] == row.study_id  # type: ignore[arg-type]
    folder = tmp_path / "base"
    shutil.copytree(BASE, folder)
    path = folder / "results.csv"
    header, rest = path.read_text(encoding="utf-8").split("\n", 1)
    path.write_text(f"{header}\n\n{rest}", encoding="utf-8")  # a line with nothing on it
    moved = eq.reported_numbers(eq.load_evidence(folder))
    shift = (frame["file"] == "results.csv").astype(int)
    assert (moved["row"] == frame["row"] + shift).all()


# ---- C24 -----------------------------------------------------------------------------------------

FACTS: Facts = None  # type: ignore[assignment]  # none of the three looks at them


def looked_at(
    evidence: eq.Evidence, contrast: Cells, results: tuple[Cells, ...] = COUNTS
) -> list[dict[str, object]]:
    base = evidence_of(results=results, contrasts=[contrast], like=evidence)
    outcome = contrast["outcome_id"]
    frame = estimates(base.comparison(outcome), contrast["measure"])
    made = with_recomputed_p(frame, base, outcome)
    pd.testing.assert_frame_equal(made[frame.columns], frame)
    assert list(made.columns[-len(COLUMNS) :]) == list(COLUMNS)
    return [
        {
            "crosses": p_value_crosses(FACTS, (row,)),
            "differs": p_value_differs(FACTS, (row,)),
            "interval": interval_does_not_fit(FACTS, (row,)),
        }
        for row in records(made)
    ]


def test_a_reproduced_p_value_says_nothing(evidence: eq.Evidence) -> None:
    nothing = {"crosses": None, "differs": None, "interval": None}
    assert looked_at(evidence, effect(p_value="0.012")) == [nothing]
    assert looked_at(evidence, effect(estimate="4.23")) == [nothing]
    assert looked_at(evidence, effect(measure="HR", p_value="0.4"), ()) == [nothing]


def test_a_p_value_that_is_not_reproduced(evidence: eq.Evidence) -> None:
    (found,) = looked_at(evidence, effect(p_value="0.030"))
    assert found["crosses"] is None
    assert found["differs"] == {
        "study": "A 2020",
        "reported": "0.030",
        "recomputed": "the Fisher exact test gives p = 0.012, the chi-square test gives p = 0.0041 "
        "and the chi-square test with Yates' correction gives p = 0.014",
    }


def test_a_p_value_on_the_other_side(evidence: eq.Evidence) -> None:
    (found,) = looked_at(evidence, effect(p_value="0.40"))
    assert found["differs"] is None
    assert found["crosses"]


def test_the_cells_count_as_written_though_the_row_is_turned(evidence: eq.Evidence) -> None:
    """The comparison holds 1/0.81; the p value is that of 0.81 (0.70 to 0.94)."""
    turned = effect(
        estimate="0.81", ci_low="0.70", ci_high="0.94", p_value="0.050", higher_favours="arm_1"
    )
    (found,) = looked_at(evidence, turned, ())
    assert found["differs"] is not None
    assert found["interval"] is None
    fits = {**turned, "p_value": "0.0051"}
    assert looked_at(evidence, fits, ())[0]["differs"] is None


def test_an_estimate_that_does_not_fit_its_interval(evidence: eq.Evidence) -> None:
    off = effect(estimate="3.2", ci_low="1.8", ci_high="8.7")
    (found,) = looked_at(evidence, off, ())
    assert found["interval"] == {
        "study": "A 2020",
        "fault": "3.2 is not in the middle of 1.8 to 8.7, which is 3.957 on the logarithmic scale",
    }
    outside = effect(estimate="9.2", ci_low="1.8", ci_high="8.7")
    (found,) = looked_at(evidence, outside, ())
    assert found["interval"] == {"study": "A 2020", "fault": "9.2 lies outside 1.8 to 8.7"}


def test_the_first_base_raises_no_c24(evidence: eq.Evidence) -> None:
    for outcome in evidence.tables["outcomes"]["outcome_id"]:
        frame = with_recomputed_p(evidence.comparison(outcome), evidence, outcome)
        assert (frame[["p_reported", "p_verdict", "interval_fault"]] == "").all(axis=None)
