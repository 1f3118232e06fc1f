"""What the studies of an analysis show together: which are combined, and what is then said."""

import math
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from facts_by_hand import ALONE, COUNTS, NAN, PAIN, facts, row, second
from rule_cases import apart, counts, several
from test_appraisal_wording import assert_sentence, certainty, clean

import equipoise as eq
from equipoise.appraisal.certainty import suggest
from equipoise.appraisal.engine import find_caveats
from equipoise.appraisal.facts import Facts
from equipoise.appraisal.pooling import combine, risk_with
from equipoise.appraisal.reading import caveat_table
from equipoise.appraisal.triggers_pooled import other_notes
from equipoise.appraisal.wording import sentence
from equipoise.effects.measures import MEASURES as KNOWN
from equipoise.evidence.review import CI_METHODS, ESTIMATORS, MEASURES, Analysis
from equipoise.synthesis import method

BASE = Path(__file__).parents[2] / "evidence" / "bcg_vaccine"
NRSI = {**COUNTS, "design": "nrsi_controlled"}
REVIEW = {**COUNTS, "design": "systematic_review"}
NOBODYS = {"percent_treatment": 21.0, "decimals_treatment": 0.0, "percent_control": 39.0,
           "decimals_control": 0.0}  # fmt: skip
MEANS = {"bare": True, "mean_treatment": 30.0, "sd_treatment": 10.0, "n_treatment": 50.0,
         "mean_control": 42.0, "sd_control": 12.0, "n_control": 52.0}  # fmt: skip


@pytest.fixture(scope="module")
def bcg() -> eq.Summary:
    return eq.summarize(eq.load_evidence(BASE), "tuberculosis")


def pooled_of(made: Facts) -> eq.Pooled:
    together, why = combine(made)
    assert together is not None, why
    return together.pooled


def why_not(*rows: dict[str, Any], **rest: Any) -> str:
    together, why = combine(facts(*rows, **rest))
    assert together is None
    assert_sentence(why)
    return why


# What is combined, and what is not


def test_the_estimate_is_that_of_pool(bcg: eq.Summary) -> None:
    table = eq.load_evidence(BASE).comparison("tuberculosis")
    assert bcg.pooled is not None
    assert bcg.pooled.estimate == eq.pool(eq.effect_sizes(table, "RR")).estimate
    assert bcg.pooled.labels == tuple(table["label"])
    assert bcg.why_not_pooled == ""
    assert list(bcg.frame["weight"]) == list(bcg.pooled.weights)


@pytest.mark.parametrize("measure", ["RR", "OR", "PETO", "RD"])
def test_counts_give_every_measure_of_two_groups(measure: str) -> None:
    rows = [row(), second(events_treatment=650.0)]
    table = pd.DataFrame(rows)
    assert pooled_of(facts(*rows, measure=measure)).estimate == pytest.approx(
        eq.pool(eq.effect_sizes(table, measure)).estimate, rel=1e-12
    )


@pytest.mark.parametrize("measure", ["MD", "SMD", "SMDH", "ROM"])
def test_means_do_too(measure: str) -> None:
    rows = [row(**MEANS), second(**{**MEANS, "mean_treatment": 35.0})]
    made = facts(*rows, measure=measure, outcome=PAIN)
    assert list(made.frame["basis"]) == ["means", "means"]
    expected = eq.pool(eq.effect_sizes(pd.DataFrame(rows), measure))
    assert pooled_of(made).estimate == pytest.approx(expected.estimate, rel=1e-12)


def test_proportions_are_those_of_the_treated_group() -> None:
    rows = [row(**ALONE), second(**{**ALONE, "events_treatment": 9.0})]
    found = pooled_of(facts(*rows, measure="PR"))
    assert found.effects == pytest.approx((math.log(13 / 3), math.log(9 / 7)))
    assert 0 < found.natural().low < found.natural().high < 1


def test_a_reported_interval_gives_the_variance() -> None:
    ends = [math.exp(math.log(0.8) + sign * 1.959963984540054 * 0.1) for sign in (-1, 1)]
    printed = {"bare": True, "reported_measure": "HR", "effect": 0.8, "ci_low": ends[0],
               "ci_high": ends[1], "ci_level": 0.95}  # fmt: skip
    found = pooled_of(facts(row(**printed), second(**printed), measure="HR"))
    assert found.variances == pytest.approx((0.01, 0.01), rel=1e-9)
    assert found.estimate == pytest.approx(math.log(0.8))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([row(bare=True)], "No study reports a number."),
        ([row()], "There is one study, so there is nothing to combine."),
        ([row(), row(timepoint="2 years")], "There is one study"),
        ([row(), second(reported_measure="RR", effect=0.8)],
         "Only one study can be weighed; these cannot: B 2021 (the source reports no interval)."),
        ([row(**ALONE), second(**ALONE), row(study_id="c", label="C", **NOBODYS)],
         "No study can be weighed; these cannot: A 2020 and B 2021 (nobody was compared); C (the "
         "numbers of people behind the percentages are not reported)."),
        ([row(), second(**counts(0, 50, 0, 50))],
         "Only one study can be weighed; these cannot: B 2021 (the event happened to nobody, or "),
        ([row(**NRSI), second(**NRSI, directness="indirect")],
         "The studies are of different kinds (non-randomised comparisons and non-randomised "),
        ([row(**REVIEW), second(**REVIEW)],
         "Reviews may hold the same studies"),
        ([row(weeks=6.0), row(weeks=12.0), second()], "A 2020 would count more than once"),
        ([row(), row(comparator="Other"), second()], "A 2020 would count more than once"),
    ],
)  # fmt: skip
def test_why_studies_are_not_combined(rows: list[dict[str, Any]], why: str) -> None:
    assert why_not(*rows).startswith(why)


def test_what_blocks_is_the_reason() -> None:
    assert combine(facts(row(), second()), "A sentence.") == (None, "A sentence.")


def test_each_study_counts_once_at_the_time_asked_about() -> None:
    rows = [row(weeks=6.0, events_treatment=10.0), row(weeks=52.0), second()]
    together, _ = combine(facts(*rows))
    assert together is not None
    assert [r["weeks"] for r in together.rows] == [52.0, 52.0]
    assert [math.isnan(weight) for weight in together.weights] == [True, False, False]


def test_a_study_that_cannot_be_weighed_stays_out_and_is_named() -> None:
    made = facts(row(), second(), row(**ALONE, study_id="c", label="C"))
    together, _ = combine(made)
    assert together is not None
    assert together.pooled.k == 2
    assert len(together.rows) == 2
    assert any("C (nobody was compared)" in note for note in together.pooled.notes)
    assert math.isnan(together.weights[2])


@pytest.mark.parametrize(
    ("measure", "effect", "risk"),
    [("RR", 0.5, 0.1), ("RR", 8.0, 1.0), ("OR", 0.5, 1 / 9), ("PETO", 0.5, 1 / 9),
     ("RD", -0.05, 0.15), ("RD", -0.5, 0.0), ("HR", 0.5, 1 - math.sqrt(0.8))],
)  # fmt: skip
def test_the_risk_with_the_treatment(measure: str, effect: float, risk: float) -> None:
    assert risk_with(measure, 0.2, effect) == pytest.approx(risk)
    assert math.isnan(risk_with("SMD", 0.2, effect))


# The plan


def test_the_plan_names_the_method(tmp_path: Path) -> None:
    base = shutil.copytree(BASE, tmp_path / "bcg")
    plan = base / "review.toml"
    line = 'measure = "RR"\n'
    plan.write_text(plan.read_text().replace(line, f'{line}estimator = "DL"\nci_method = "wald"\n'))
    found = eq.summarize(eq.load_evidence(base), "tuberculosis").pooled
    assert found is not None
    assert (found.estimator, found.ci_method) == ("DL", "wald")
    plan.write_text(plan.read_text().replace('"DL"', '"REM"').replace('"wald"', '"z"'))
    problems = [str(problem) for problem in eq.check_evidence(base)]
    assert len(problems) == 2
    assert "analyses[1].ci_method" in problems[0]
    assert "analyses[1].estimator" in problems[1]
    assert "write one of REML, CE, DL" in problems[1]


def test_the_plan_knows_what_pool_knows() -> None:
    assert set(ESTIMATORS) == set(method.ESTIMATORS) - {"GENQ"}  # that needs weights of one's own
    for ci_method in CI_METHODS:
        method.Method(ci_method=ci_method)
    assert set(MEASURES) <= set(KNOWN)


# What is said of it


def test_the_sentence_tells_the_pooled_estimate(bcg: eq.Summary) -> None:
    assert bcg.sentence == (
        "BCG vaccine may lower the number of people who developed tuberculosis (low certainty): in "
        "13 randomised trials, six of them quasi-randomised (357,347 people, at unreported times), "
        "RR 0.49 (95% CI 0.33 to 0.73), which at the median risk of the comparison groups means 8 "
        "of 1,000 people (5 to 12) with BCG vaccine, against 16 of 1,000 with no BCG vaccine; in a "
        "new setting it could be RR 0.14 to 1.76."
    )
    assert_sentence(bcg.sentence)


def test_the_certainty_is_that_of_all_together(bcg: eq.Summary) -> None:
    assert str(bcg.certainty) == (
        "⊕⊕○○ low (suggested: starts high, being 13 randomised trials, six of them "
        "quasi-randomised; lowered for risk of bias −1 (not judged, C34); inconsistency −1 (C15, "
        "C16))"
    )


def test_what_holds_of_every_study_is_said_once(bcg: eq.Summary) -> None:
    said = {caveat.code: caveat.sentence for caveat in bcg.caveats}
    assert list(said) == ["C27", "C34", "C15", "C16", "C20", "C17", "C19"]
    assert len(bcg.caveats) == len(said)
    assert said["C27"].startswith("The papers of all 13 studies were not available here")
    assert said["C34"].startswith("In six of the 13 studies (Frimodt-Moller 1973, ")
    assert said["C20"] == "For all 13 studies, how long people were followed is not reported."
    assert said["C19"].startswith("For all 13 studies, who paid is not reported")
    assert len(next(c for c in bcg.caveats if c.code == "C16").studies) == 13


def test_chance_is_judged_of_the_result_and_not_of_each_study() -> None:
    small = {**counts(10, 50, 12, 50), "n_allocated_treatment": NAN}
    made = facts(row(**small), second(**small), combined=True)
    said = {c.code: c.sentence for c in find_caveats(made)}
    assert said["C08"].startswith(
        "The two studies together had 200 people; a reliable answer would need about"
    )
    assert "that of" not in said["C08"]
    assert "the median of their comparison groups" in said["C08"]
    assert said["C09"].startswith("In the two studies together only 44 people had the outcome")
    assert "C11" not in said
    alone = find_caveats(facts(row(**small), second(**small)))
    assert sum(c.code == "C09" for c in alone) == 2


def test_an_open_interval_is_open_of_all_together() -> None:
    rows = [row(**counts(10, 60, 12, 60)), second(**counts(20, 60, 11, 60))]
    said = {c.code: c.sentence for c in find_caveats(facts(*rows, combined=True))}
    assert said["C10"].startswith("The data of the two studies together fit a worthwhile benefit")
    assert "The number needed to treat in the two studies together has no single" in said["C22"]


def test_rare_events_are_told_of_enough_people() -> None:
    made = facts(row(**counts(2, 2400, 3, 2300)))
    (size,) = [c.sentence for c in find_caveats(made) if c.code == "C08"]
    assert "enough to see a fall from 13 to 10 in 10,000 (a starting risk of 13 in 10,000" in size


def test_no_note_of_the_pooled_estimate_is_lost_or_repeated(bcg: eq.Summary) -> None:
    assert bcg.pooled is not None
    assert len(bcg.pooled.notes) == 1
    assert other_notes(bcg.pooled) == ()  # C15 says it
    made = facts(row(), second(), row(**ALONE, study_id="c", label="C"), combined=True)
    assert made.together is not None
    codes = [caveat.code for caveat in find_caveats(made)]
    assert codes.count("C14") == codes.count("C35") == 1
    assert len(other_notes(made.together.pooled)) == len(made.together.pooled.notes) - 1


def _level(made: Facts) -> tuple[str, tuple[Any, ...]]:
    judged = pd.DataFrame(columns=["domain", "judgement", "reason", "assessor"], dtype="str")
    found = suggest(made, find_caveats(made), judged)
    assert found is not None
    return found.level, found.reasons


def test_bias_counts_where_it_carries_weight() -> None:
    low = [(name, "RoB2", "overall", "low") for name in "abc"]
    rows = several()
    assert _level(facts(*rows, combined=True, risk_of_bias=low))[0] == "high"
    high = [*low[:2], ("c", "RoB2", "overall", "high")]
    found = _level(facts(*rows, combined=True, risk_of_bias=high))
    assert found == (
        "moderate",
        (("risk of bias", 1, ("high by RoB2 in studies with 33% of the weight",)),),
    )
    rows[2].update(counts(3, 13, 7, 9))  # the one at risk hardly counts
    assert _level(facts(*rows, combined=True, risk_of_bias=high))[0] == "high"


def test_what_is_worse_still_counts_beside_what_is_bad() -> None:
    """A fifth at critical and a fifth at serious risk are less than a quarter alone."""
    rows = [{**r, "design": "nrsi_controlled"} for r in several("abcde")]
    words = ["critical", "serious", "low", "low", "low"]
    judged = [
        (name, "ROBINS-I", "overall", word) for name, word in zip("abcde", words, strict=True)
    ]
    level, reasons = _level(facts(*rows, combined=True, risk_of_bias=judged))
    assert level == "very low"
    assert reasons[0][:2] == ("risk of bias", 1)
    assert reasons[0][2] == (
        "critical by ROBINS-I in studies with 20% of the weight",
        "serious by ROBINS-I in studies with 20% of the weight",
    )


def test_studies_of_unknown_size_are_not_taken_to_be_large() -> None:
    low = [(name, "RoB2", "overall", "low") for name in ("a2020", "b2021")]
    printed = {"reported_measure": "RR", "effect": 0.8, "ci_low": 0.75, "ci_high": 0.85}
    both = facts(row(**printed), second(**printed), combined=True, risk_of_bias=low)
    assert _level(both) == ("moderate", (("imprecision", 1, ("C10", "C37")),))
    one = facts(row(**counts(80, 450, 100, 450)), second(**printed), combined=True)
    said = sentence(one, certainty("low"))
    assert_sentence(said)
    assert "(900 people and an unreported number in B 2021, 1 year)" in said
    alone = facts(row(**printed), risk_of_bias=low)
    assert _level(alone) == ("moderate", (("imprecision", 1, ("C37",)),))


ALIKE = [(20, 100, 25, 100), (21, 100, 26, 100), (16, 80, 20, 80)]


def test_studies_that_happen_to_agree_do_not_narrow_the_interval_of_the_sentence() -> None:
    rows = [
        row(study_id=name, label=name.upper(), **counts(*cells))
        for name, cells in zip("abc", ALIKE, strict=True)
    ]
    made = facts(*rows, combined=True)
    assert Analysis(id="a", outcome="b", measure="RR").ci_method == "hksj-adhoc"
    assert "RR 0.80 (95% CI 0.41 to 1.57)" in sentence(made, certainty("low"))
    effects = eq.effect_sizes(pd.DataFrame(rows), "RR")
    wald = eq.pool(effects, ci_method="wald")
    pooled = pooled_of(made)
    assert pooled.high - pooled.low > wald.high - wald.low
    narrow = eq.pool(effects)  # what pool itself does by default
    assert narrow.high - narrow.low < (wald.high - wald.low) / 20


@pytest.mark.parametrize(("measure", "k"), [("RR", 2), ("OR", 2), ("RD", 3)])
def test_a_trial_without_any_event_says_nothing_of_a_ratio(measure: str, k: int) -> None:
    none = row(**counts(0, 50, 0, 50), study_id="c", label="C")
    together, _ = combine(facts(row(), second(), none, measure=measure))
    assert together is not None
    assert together.pooled.k == k
    assert together.row["people"] == 8000 + 100 * (k - 2)
    left_out = any("C (the event happened to nobody" in note for note in together.pooled.notes)
    assert left_out == (k == 2)


def test_the_pooled_row_takes_only_what_all_studies_share() -> None:
    other = {"weeks": 104.0, "timepoint": "2 years", "population": "Sailors",
             "allocation": "alternate", "latitude": 10.0}  # fmt: skip
    together, _ = combine(facts(row(), second(**other)))
    assert together is not None
    assert (together.row["design"], together.row["directness"]) == ("rct", "direct")
    assert (together.row["population"], together.row["allocation"]) == ("", "")
    assert math.isnan(together.row["weeks"])
    assert together.row["timepoint"] == "different times"
    assert math.isnan(together.row["latitude"])
    alike, _ = combine(facts(row(), second()))
    assert alike is not None
    assert (alike.row["weeks"], alike.row["timepoint"]) == (52.0, "1 year")
    related = {"directness": "indirect", "treatment": "Traction", "comparator": "Rest"}
    indirect, _ = combine(facts(row(**related), second(**{**related, "treatment": "A corset"})))
    assert indirect is not None
    assert indirect.row["treatment"] == "Traction or a corset"


def test_inconsistency_lowers_what_is_combined() -> None:
    level, reasons = _level(facts(*apart(), combined=True))
    assert level == "low"
    assert ("inconsistency", 1, ("C15", "C16")) in reasons


@pytest.mark.parametrize(
    ("level", "start"),
    [("very low", "The evidence is very uncertain about the effect of inversion therapy on how "),
     ("low", "Inversion therapy may lower the number of people who had surgery (low cer"),
     ("high", "Inversion therapy lowers the number of people who had surgery (high cer")],
)  # fmt: skip
def test_the_verb_follows_the_certainty_of_the_pooled_estimate(level: str, start: str) -> None:
    said = sentence(facts(*several(), combined=True), certainty(level))
    assert_sentence(said)
    assert said.startswith(start)
    assert "in three randomised trials (12,000 people, 1 year), RR 0.77" in said
    assert "means 300 of 1,000 people (269 to 335) with inversion therapy, against 390" in said


def test_a_planned_risk_is_named() -> None:
    made = facts(*several(), combined=True, baseline_risk=0.2, risk_source="a registry")
    said = sentence(made, certainty("low"))
    assert "at the planned risk (from a registry) means 154 of 1,000 people" in said


def test_two_studies_predict_nothing() -> None:
    said = sentence(facts(row(), second(), combined=True), certainty("low"))
    assert "new setting" not in said


def test_nothing_follows_for_people_from_a_risk_of_nothing() -> None:
    rows = several(**counts(3, 100, 0, 100))
    assert "people (" not in sentence(facts(*rows, combined=True), certainty("low"))[80:]


def test_means_and_proportions_have_their_own_words() -> None:
    rows = [row(**MEANS), second(**{**MEANS, "mean_treatment": 35.0})]
    said = sentence(facts(*rows, measure="MD", outcome=PAIN, combined=True), certainty("low"))
    assert_sentence(said)
    assert "points" in said
    alone = [row(**ALONE), second(**{**ALONE, "events_treatment": 9.0})]
    said = sentence(facts(*alone, measure="PR", combined=True), certainty("very low"))
    assert_sentence(said)
    assert said.startswith("In two uncontrolled results (32 people, 1 year), 69% (95% CI ")
    assert said.endswith("so the evidence is very uncertain about what brought it about.")


def test_a_quasi_randomised_trial_is_called_so() -> None:
    made = facts(row(allocation="alternate"))
    said = sentence(made, certainty("low", "quasi_rct"))
    assert "in A 2020 (quasi-randomised trial, 4,000 people, 1 year)" in said


# How it is printed


def test_a_summary_prints_the_pooled_estimate_and_its_caveats(bcg: eq.Summary) -> None:
    text = str(bcg)
    assert "Together: RR 0.49 (95% CI 0.33 to 0.73); 13 randomised trials" in text
    assert "In a new setting: RR 0.14 to 1.76, 95% prediction interval" in text
    assert (
        "Between studies: τ² 0.313 (95% CI 0.120 to 1.111); I² 92% (95% CI 82% to 98%); Q" in text
    )
    assert "Not combined" not in text
    assert clean(text.replace("\n  ", "\n").replace("\n  ", "\n")) == []
    page = bcg._repr_html_()
    for name, line in bcg.pooled_lines():
        assert f"{name}: {line}".replace("<", "&lt;").replace("'", "&#39;") in page
    for cell in caveat_table(bcg.caveats).astype(str).to_numpy().ravel():
        assert clean(cell) == []
