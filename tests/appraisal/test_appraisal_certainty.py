"""How sure one can be: what a tool, a person, or nobody has judged, each on a few rows."""

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest
from facts_by_hand import ALONE, PAIN, facts, row, second
from rule_cases import counts

import equipoise as eq
from equipoise.appraisal.certainty import Certainty, suggest
from equipoise.appraisal.engine import find_caveats
from equipoise.appraisal.facts import Facts
from equipoise.appraisal.summary import summarize_all
from equipoise.appraisal.wording import sentence
from equipoise.evidence.bias_tools import bias_tool
from equipoise.evidence.schema import TABLES

Judged = tuple[tuple[str, str], ...]
LOW = (("a2020", "RoB2", "overall", "low"),)
SELF = {"assessed": "self_report"}
REVIEW = {"design": "systematic_review", "reported_measure": "RR", "effect": 0.7, "ci_low": 0.6,
          "ci_high": 0.8}  # fmt: skip


def certainty(made: Facts, judged: Judged = ()) -> Certainty:
    rows = [(*pair, "They said why.", "A. Reader") for pair in judged]
    frame = pd.DataFrame(rows, columns=["domain", "judgement", "reason", "assessor"], dtype="str")
    found = suggest(made, find_caveats(made), frame)
    assert found is not None
    return found


def test_a_large_trial_that_nobody_judged_is_moderate_at_most() -> None:
    found = certainty(facts(row()))
    assert str(found) == (
        "⊕⊕⊕○ moderate (suggested: starts high, being a randomised trial; lowered for risk of bias "
        "−1 (not judged))"
    )


@pytest.mark.parametrize(
    ("tool", "judgement", "level"),
    [
        ("RoB2", "low", "high"), ("RoB2", "some concerns", "high"), ("RoB2", "high", "moderate"),
        ("ROBINS-I", "moderate", "high"), ("ROBINS-I", "serious", "moderate"),
        ("ROBINS-I", "critical", "low"), ("ROBINS-I", "no information", "moderate"),
        ("ROBINS-E", "very high", "low"), ("RoB1", "unclear", "high"), ("RoB1", "high", "moderate"),
    ],
)  # fmt: skip
def test_the_overall_judgement_of_a_tool_lowers_risk_of_bias(
    tool: str, judgement: str, level: str
) -> None:
    found = certainty(facts(row(), risk_of_bias=[("a2020", tool, "overall", judgement)]))
    assert found.level == level
    assert (f"({judgement} by {tool})" in str(found)) == (level != "high")


@pytest.mark.parametrize(
    "other",
    [
        ("b2021", "RoB2", "overall", "low"),  # of another study
        ("a2020", "RoB2", "missing outcome data", "low"),  # of one domain
        ("a2020", "QUADAS-2", "overall", "low"),  # not about effects
    ],
)
def test_only_an_overall_judgement_of_that_study_counts(other: tuple[str, ...]) -> None:
    found = certainty(facts(row(), risk_of_bias=[other]))
    assert found.reasons == (("risk of bias", 1, ("not judged",)),)


def test_what_the_rule_of_a_tool_proposes_counts_and_is_said_to_be_proposed() -> None:
    domains = bias_tool("RoB2").bias_domains
    worst = [("a2020", "RoB2", domain.name, "low") for domain in domains[1:]]
    worst.append(("a2020", "RoB2", domains[0].name, "high"))
    made = facts(row(), risk_of_bias=worst)
    assert certainty(made).reasons == (
        ("risk of bias", 1, ("high by RoB2, as its rule proposes",)),
    )
    judged = facts(row(), risk_of_bias=[*worst, ("a2020", "RoB2", "overall", "high")])
    assert certainty(judged).reasons == (("risk of bias", 1, ("high by RoB2",)),)


def test_the_surest_study_answers_unless_they_disagree() -> None:
    good = row(events_treatment=300.0, events_control=500.0)
    pilot = second(events_treatment=3.0, n_treatment=13.0, events_control=7.0, n_control=9.0)
    beside = certainty(facts(good, pilot, risk_of_bias=LOW))
    assert (beside.level, beside.study) == ("high", good["study_id"])
    opposite = second(events_treatment=600.0, events_control=400.0)
    assert certainty(facts(good, opposite, risk_of_bias=LOW)).reasons == (
        ("inconsistency", 1, ("C16",)),
    )


def test_one_group_alone_starts_at_very_low() -> None:
    assert certainty(facts(row(), measure="PR", risk_of_bias=LOW)).start == "very low"


def test_a_tool_speaks_for_the_whole_risk_of_bias_of_its_study() -> None:
    rows = row(participants_blinded="no")
    assert certainty(facts(rows, outcome=SELF)).reasons == (
        ("risk of bias", 1, ("not judged", "C04")),
    )
    assert certainty(facts(rows, outcome=SELF, risk_of_bias=LOW)).reasons == ()


def test_a_tool_that_has_some_concerns_does_not_silence_that_people_judged_themselves() -> None:
    some = (("a2020", "RoB2", "overall", "some concerns"),)
    made = facts(row(participants_blinded="no"), outcome=SELF, risk_of_bias=some)
    assert certainty(made).reasons == (("risk of bias", 1, ("C04",)),)


def test_a_person_replaces_the_levels_of_a_domain() -> None:
    found = certainty(facts(row()), (("risk_of_bias", "-2"), ("imprecision", "0")))
    assert (found.level, found.judged_by) == ("low", "")
    assert str(found) == (
        "⊕⊕○○ low (suggested: starts high, being a randomised trial; lowered for risk of bias −2 "
        "(judged by A. Reader: They said why; the data suggest −1); left as it is for imprecision "
        "(judged by A. Reader: They said why))"
    )


def test_a_person_may_raise_and_overall_decides() -> None:
    made = facts(row(**ALONE), risk_of_bias=[("a2020", "ROBINS-I", "overall", "low")])
    raised = certainty(made, (("upgrade", "2"), ("indirectness", "0")))
    assert raised.level == "moderate"
    assert "raised for upgrade +2 (judged by A. Reader: They said why; the data su" in str(raised)
    assert certainty(facts(row()), (("upgrade", "2"),)).level == "high"  # there is nothing above
    decided = certainty(made, (("upgrade", "2"), ("overall", "very_low")))
    assert (decided.level, decided.suggested) == ("very low", "moderate")
    assert str(decided).startswith("⊕○○○ very low, judged by A. Reader: They said why (the data")


def test_a_review_of_the_treatment_itself_is_a_systematic_review_and_starts_very_low() -> None:
    made = facts(row(**REVIEW))
    found = certainty(made)
    assert (found.design, found.start, found.level) == ("systematic review",) + ("very low",) * 2
    assert "in A 2020 (systematic review, " in sentence(made, found)
    related = certainty(facts(row(**REVIEW, directness="indirect")))
    assert related.design == "review of a related treatment"
    assert certainty(made, (("overall", "moderate"),)).level == "moderate"


def test_a_precise_null_makes_little_or_no_difference() -> None:
    made = facts(row(events_control=610.0), outcome={"mid": 0.1}, risk_of_bias=LOW)
    found = certainty(made)
    # the number to treat has no single value, which is no imprecision
    assert "C22" in [caveat.code for caveat in find_caveats(made)]
    assert (found.level, found.reasons) == ("high", ())
    assert sentence(made, found).startswith(
        "Inversion therapy makes little or no difference to how many people had surgery (high"
    )


def test_two_arm_means_are_not_called_silence() -> None:
    means = row(bare=True, mean_treatment=30.0, mean_control=42.0)
    made = facts(means, measure="SMD", outcome=PAIN)
    assert sentence(made, None) == (
        "What was found for the outcome “Pain” are means from which this version computes no SMD, "
        "so nothing is said about it here."
    )
    assert [c.sentence for c in find_caveats(made) if c.code == "C28"] == [
        "A 2020 reports means from which this version computes no SMD."
    ]


@pytest.mark.parametrize("measure", ["MC", "MD"])
def test_a_trial_whose_control_group_changed_too_is_a_comparison(
    measure: str, evidence: eq.Evidence, tmp_path: Path
) -> None:
    base = shutil.copytree(evidence.path, tmp_path / "base")
    lines = (base / "results.csv").read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("prasad2012,odi,control"))
    cells = dict(zip(next(csv.reader(lines[:1])), next(csv.reader([lines[at]])), strict=True))
    cells |= {"mean": "-4", "notes": ""}
    lines[at] = ",".join(cells.values())
    (base / "results.csv").write_text("\n".join(lines) + "\n")
    plan = base / "review.toml"
    plan.write_text(plan.read_text().replace(*(f'"odi"\nmeasure = "{m}"' for m in ("MC", measure))))
    found = eq.summarize(eq.load_evidence(base), "odi")
    assert "C01" not in {caveat.code for caveat in found.caveats}
    assert "randomised trial" in found.sentence
    assert "anybody who went without" not in found.sentence
    number = {"MC": "−12 points out of 100 on average, against −4 with", "MD": "MD −8"}[measure]
    assert number in found.sentence


def test_a_change_in_one_group_of_a_trial_leaves_open_what_brought_it_about() -> None:
    changed = row(mean_change=-5.0, mean_treatment=-5.0, mean_control=-4.0, reported_measure="MC",
                  effect=-5.0, ci_low=-8.0, ci_high=-2.0, n=400.0)  # fmt: skip
    made = facts(changed, measure="MC", outcome=PAIN, risk_of_bias=LOW)
    said = sentence(made, certainty(made))
    assert said.startswith("Whether inversion therapy changes pain is left open (high certainty)")


def test_the_judgements_are_read_from_their_tables(evidence: eq.Evidence, tmp_path: Path) -> None:
    base = shutil.copytree(evidence.path, tmp_path / "base")
    (base / "risk_of_bias.csv").write_text(
        "study_id,outcome_id,tool,domain,judgement,reason\n"
        "prasad2012,surgery,RoB2,overall,high,Nobody was blinded\n"
    )
    (base / "certainty.csv").write_text(
        "outcome_id,domain,judgement,reason,assessor\n"
        "surgery,imprecision,-1,The effect is large,A. Reader\n"
    )
    found = eq.summarize(eq.load_evidence(base), "surgery").certainty
    assert found is not None
    assert found.reasons == (
        ("risk of bias", 1, ("high by RoB2",)),
        ("imprecision", 1, ("judged by A. Reader: The effect is large; the data suggest −2",)),
        ("indirectness", 1, ("C20",)),
    )
    assert found.level == "very low"


@pytest.mark.parametrize("name", [table.name for table in TABLES if not table.required])
def test_every_optional_table_may_be_missing(
    name: str, evidence: eq.Evidence, tmp_path: Path
) -> None:
    base = shutil.copytree(evidence.path, tmp_path / "base")
    (base / f"{name}.csv").unlink(missing_ok=True)
    assert len(summarize_all(eq.load_evidence(base))) == len(evidence.plan)


def test_no_optional_table_is_needed(evidence: eq.Evidence, tmp_path: Path) -> None:
    base = shutil.copytree(evidence.path, tmp_path / "base")
    for table in TABLES:
        if not table.required:
            (base / table.file).unlink(missing_ok=True)
    assert summarize_all(eq.load_evidence(base))


COHORT = {"design": "nrsi_controlled"}
MODERATE = (("a2020", "ROBINS-I", "overall", "moderate"),)


@pytest.mark.parametrize(
    ("events", "level", "raised"),
    [
        ((300, 780), "moderate", 1),  # RR 0.38
        ((100, 780), "moderate", 1),  # RR 0.13: a second level is for a person to give
        ((780, 300), "moderate", 1),
        ((780, 100), "moderate", 1),
        ((400, 780), "low", 0),  # RR 0.51
    ],
)
def test_a_large_effect_raises_a_comparison_that_nothing_lowers(
    events: tuple[int, int], level: str, raised: int
) -> None:
    cells = counts(events[0], 2000, events[1], 2000)
    enough = {"baseline_risk": 0.39}  # so that 4,000 people are enough
    found = certainty(facts(row(**COHORT, **cells), risk_of_bias=MODERATE, **enough))
    assert (found.start, found.level) == ("low", level)
    assert sum(levels for _, levels, _ in found.reasons) == -raised
    # the trial does not need it, and what nobody judged does not get it
    trial = certainty(facts(row(**cells), risk_of_bias=LOW, **enough))
    assert (trial.level, trial.reasons) == ("high", ())
    assert certainty(facts(row(**COHORT, **cells), **enough)).level == "very low"


def test_the_reason_of_a_large_effect_has_its_numbers() -> None:
    found = certainty(facts(row(**COHORT, **counts(300, 2000, 780, 2000)), risk_of_bias=MODERATE))
    assert found.reasons == (("large effect", -1, ("RR 0.38 (0.34 to 0.43)",)),)
    assert "raised for large effect +1 (RR 0.38 (0.34 to 0.43))" in str(found)
    # odds of 0.28 are a risk ratio of 0.38
    odds = facts(row(**COHORT, **counts(300, 2000, 780, 2000)), measure="OR", risk_of_bias=MODERATE)
    assert certainty(odds).level == "moderate"


@pytest.mark.parametrize(
    "cells",
    [
        counts(3, 20, 8, 20),  # RR 0.38, but of few people
        {"condition": "sciatica", **counts(300, 2000, 780, 2000)},  # of other people
        {"reported_measure": "RR", "effect": 0.4, "ci_low": 0.15, "ci_high": 1.1,
         "n_reported": 9000.0},  # with no difference in its interval
    ],
)  # fmt: skip
def test_a_large_effect_raises_nothing_that_something_else_lowers(cells: dict[str, object]) -> None:
    made = facts(row(**COHORT, **cells), risk_of_bias=MODERATE, baseline_risk=0.39)
    assert all(levels > 0 for _, levels, _ in certainty(made).reasons)


def test_a_person_s_word_on_what_raises_replaces_the_suggestion() -> None:
    made = facts(row(**COHORT, **counts(300, 2000, 780, 2000)), risk_of_bias=MODERATE)
    assert certainty(made, (("upgrade", "0"),)).level == "low"
    # a person may judge the risk of bias instead of a tool, and then the effect counts
    unjudged = facts(row(**COHORT, **counts(300, 2000, 780, 2000)))
    assert certainty(unjudged, (("risk_of_bias", "0"),)).level == "moderate"
    assert certainty(unjudged, (("risk_of_bias", "-1"),)).level == "very low"
