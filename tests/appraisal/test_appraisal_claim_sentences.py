"""What could have been said instead: people, time, both groups, and no surer than the evidence."""

import csv
import math
from pathlib import Path

import pandas as pd
import pytest
from base_by_hand import write_base

import equipoise as eq
from equipoise.evidence.schema import table

SURGERY = (
    "The evidence is very uncertain about the effect of inversion therapy on how many people had "
    "surgery: in Mendelow 2021 (non-randomised comparison, 2 years) 21% of an unreported number of "
    "people had surgery with inversion on a Teeter table, against 39% of an unreported number of "
    "people with matched neurosurgery controls who did not invert. The difference is "
    "−18 percentage points (−19 to −17 by rounding). The people had lumbar disc disease and "
    "sciatica; what is known of it comes from a web article, as the paper was not read. Rates of "
    "two of its three comparison groups were not found."
)


@pytest.fixture(scope="module")
def could_say(evidence: eq.Evidence) -> "pd.Series[str]":
    return eq.audit_claims(evidence).set_index("claim_id")["could_say"]


def test_half_as_often(could_say: "pd.Series[str]") -> None:
    assert could_say["article_surgery_halved"] == SURGERY
    assert could_say["release_surgery_halved"] == SURGERY  # the same study, and the same rates


def test_a_percentage_gets_what_it_lacks(could_say: "pd.Series[str]") -> None:
    for claim, share in (("article_less_pain_74", "74%"), ("article_stopped_medication_39", "39%")):
        said = could_say[claim]
        assert f"{share} of an unreported number of people" in said
        assert "so the evidence is very uncertain about what brought it about." in said
        assert said.endswith(
            "To check it, one would need the paper itself, how many people there were behind each "
            "percentage and what became of people who went without inversion therapy."
        )


def test_the_cited_study_speaks_and_where_it_is_silent_the_others(
    could_say: "pd.Series[str]",
) -> None:
    assert "Prasad" not in could_say["article_surgery_halved"]
    assert "Mendelow" not in could_say["teeter_blog_surgery_70"]
    halved = could_say["release_vas_halved"]
    assert halved.startswith(
        "What was read of Mendelow 2021 gives no number for this. The evidence is very uncertain"
    )
    assert "in Prasad 2012 (randomised trial, 19 people, 6 weeks)" in halved
    assert halved.endswith("To check it, one would need the paper itself.")
    # nobody has a number
    assert could_say["article_reflexes"] == (
        "No number was found for the outcome “Better reflexes”, so nothing can be said about it. "
        "To check it, one would need the paper itself."
    )


def test_the_certainty_is_that_of_the_summary(evidence: eq.Evidence) -> None:
    """All of this base is very uncertain, and no sentence about a number forgets to say so."""
    audit = eq.audit_claims(evidence)
    told = audit[audit["outcome_id"].ne("") & audit["could_say"].str.contains(r"\d%|\d \(|\d mmHg")]
    told = told[~told["could_say"].str.contains("the mean is not reported")]
    assert len(told) > 30
    for said in told["could_say"]:
        assert "very uncertain" in said


WORDS = {"moderate": "probably", "low": "may", "very low": "very uncertain"}


@pytest.mark.parametrize("outcome", ["surgery", "visits", "falls", "sleep", "better", "score"])
def test_the_verb_follows_the_level(outcome: str, tmp_path: Path) -> None:
    base = write_base(tmp_path, [{"outcome_id": outcome}])
    summary = eq.summarize(base, outcome)
    assert summary.certainty is not None
    (said,) = eq.audit_claims(base)["could_say"]
    assert summary.sentence in said
    assert WORDS[summary.certainty.level] in said


def test_a_judgement_of_all_studies_is_not_lent_to_one(tmp_path: Path) -> None:
    """A person found the whole moderate; the cohort on its own stays very uncertain."""
    claims = [{"outcome_id": "walks", "cited_source_id": "cohort"}, {"outcome_id": "walks"}]
    write_base(tmp_path, claims)
    header = [column.name for column in table("certainty").columns]
    with (tmp_path / "certainty.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerow(["walks", "overall", "low", "One large trial", "A. Reader"])
    alone, together = eq.audit_claims(eq.load_evidence(tmp_path))["could_say"]
    assert "very uncertain" in alone
    assert "in Cohort" in alone
    assert "may raise" in together
    assert "in Large" in together


def test_differences_are_those_of_the_estimates(evidence: eq.Evidence) -> None:
    """No number of a sentence is typed in: the points are the risk difference of the row."""
    frame = eq.estimates(evidence.comparison("surgery"), "RR").set_index("study_id")
    trial = frame.loc["prasad2012"]
    assert trial["risk_difference"] == pytest.approx(3 / 13 - 7 / 9)
    audit = eq.audit_claims(evidence).set_index("claim_id")
    points, low, high = (100 * trial[name] for name in ("risk_difference", "rd_low", "rd_high"))
    told = (
        f"The difference is −{-points:.0f} percentage points (95% CI −{-low:.0f} to −{-high:.0f})"
    )
    assert told in audit.loc["law_blog_surgery_77", "could_say"]
    cohort = frame.loc["mendelow2021"].iloc[0]
    assert math.isclose(cohort["risk_difference"], -0.18)


def test_what_was_not_measured_says_what_would_have_to_be(could_say: "pd.Series[str]") -> None:
    nothing = "Nothing found here measures this. To check it, one would need "
    for claim, needed in {
        "article_teeter_brand": "a trial in people with back pain that compares it with other "
        "inversion tables and says what it counts.",
        "article_alignment": "measurements of it with and without inversion therapy.",
        "article_vertigo_sinus": "a count or measurement of it with and without inversion therapy.",
        "article_back_pain_emergency": "the document it appeals to.",
        "article_mixed_results": "a source that counts it.",
        "article_easy_to_use": "a source that measured it.",
        "article_chiropractors_divided": "a survey of the people it speaks of.",
    }.items():
        assert could_say[claim] == nothing + needed
    stroke = could_say["article_avoid_stroke"]
    assert stroke.startswith("No other source here names this as a reason against inversion")
    assert stroke.endswith("a count of harms among people with it (stroke).")


def test_a_cause_that_a_design_cannot_show(tmp_path: Path) -> None:
    claims = [{"causal": "yes", "cited_source_id": "cohort"}]
    (said,) = eq.audit_claims(write_base(tmp_path, claims))["could_say"]
    assert said == (
        "Cohort cannot show what inversion therapy brings about: nothing read here says that "
        "chance decided who was treated."
    )
