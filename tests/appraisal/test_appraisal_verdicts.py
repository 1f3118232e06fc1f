"""The eight verdicts: cases that get each, cases that almost do, and the page about them."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from base_by_hand import write_base

import equipoise as eq
from equipoise.appraisal.verdicts import BEST_RATING, STEPS, VERDICTS, WORST_RATING, page
from equipoise.appraisal.wording import BANNED

ROOT = Path(__file__).parents[2]

LESS = {"measure": "relative_reduction_percent", "comparator": "Rest"}
PERCENT = {"measure": "percent"}
CAUSE = {"causal": "yes"}
HARM = {"kind": "safety"}
TRIALS = {"kind": "evidence_base", "measure": "randomised_trials"}
EVERYBODY = {"population": "People with back pain"}
SCIATICA = {"population": "People with sciatica"}


def less(outcome: str, value: str, **more: str) -> dict[str, str]:
    """A claim that something happened by so many percent less often."""
    return {**LESS, "outcome_id": outcome, "value": value, **more}


def percent(outcome: str, value: str, **more: str) -> dict[str, str]:
    """A claim that it happened to so many percent."""
    return {**PERCENT, "outcome_id": outcome, "value": value, **more}


def says(outcome: str, **more: str) -> dict[str, str]:
    """A claim without a number."""
    return {"outcome_id": outcome, **more}


# Large is a trial with 400 of 2,000 against 800 of 2,000 (surgery, visits), or the reverse (aches,
# walks); Small one with 3 of 13 against 7 of 9 (falls, visits); Cohort was not read, and a page
# tells of it 21 against 39% (sleep); Alone has nobody beside them: 13 of 16 better, more than 75%
# of 85 fitter; Heart measures people at once.
GETS: dict[str, list[tuple[dict[str, str], str]]] = {
    "accurate": [
        (less("surgery", "50"), "50% less (45 to 55, 95% CI), 20 percentage points (17 to 23)"),
        (less("surgery", "50", **CAUSE), "The number is as reported."),
        (less("surgery", "48", relation="about"), "as reported"),
        (less("surgery", "49.6"), "as reported"),  # decimals are not held against it
        (less("surgery", "49", relation="more_than"), "as reported"),
        (less("visits", "50"), "50% less (45"),
        (less("relief", "33"), "33% less"),  # 33.3, and fewer of a good outcome
        ({**TRIALS, "value": "2"}, "2 randomised trials, 2 of them with numbers"),
        ({**TRIALS, "value": "1", "relation": "more_than"}, "2 randomised trials"),
        ({"kind": "evidence_base", "measure": "few_studies"}, "Cohort, Large and Small"),
    ],
    "accurate but incomplete": [
        (less("surgery", "50", comparator="NR"), "Compared with whom is not said."),
        (less("visits", "70"), "It is one trial of 24 people."),
        (less("falls", "70.5"), "With a different outcome in 1 person it would no longer stand"),
        (less("sleep", "48"), "No source calls the study randomised. Rates of one of its two"),
        (less("sleep", "44"), "The paper was not read; what it found is known from a web article."),
        (less("sleep", "50", relation="about"), "The figure was read in the document that makes"),
        (less("sleep", "46", **SCIATICA, timepoint="24 months"), "46% less (44 to 48 by rounding)"),
        (less("surgery", "30"), "The evidence gives more. Large gives 50.0%."),
        (less("sleep", "43"), "more. The reported rates allow no less than 44.2%."),
        (less("visits", "10"), "The least that any study gives is 50.0%."),
        (percent("surgery", "20"), "400 of 2,000 people (20%) against 800 of 2,000"),
        (percent("surgery", "20", **CAUSE), "The rate with rest is left out."),
        (percent("visits", "20"), "400 of 2,000"),
        (percent("surgery", "21", relation="less_than"), "The rate with rest is left out."),
        (percent("better", "81"), "No number was found for people who went without."),
        (percent("better", "81.3"), "13 of 16 people (81%), nobody compared"),
        (says("surgery", **CAUSE), "How much, and how sure that is, is left out."),
        (says("falls", **CAUSE), "It rests on a randomised trial."),
        (says("walks", **CAUSE), "a randomised trial"),  # though the cohort stands before it
        (says("pulse", **CAUSE), "change of −16.4 points in 1 study"),
        (says("space", **CAUSE), "change of +0.3 to +4 points in 1 study"),
        (says("dizzy", **HARM), "It was seen in Alone. How often is left out."),
        (says("surgery", **HARM), "400 of 2,000"),
        ({**HARM, "conditions": "Glaucoma"}, "named by 2 other sources here, 2 of them journal"),
        ({**HARM, "conditions": "Bruise; Broken wrist; Fracture"},
         "broken wrist (2 people, of how many is not known); bruise (1 of 20 people); fracture "
         "(reported, not counted)"),
    ],
    "overstated value": [
        (less("surgery", "52"), "Large gives 50.0%."),
        (less("surgery", "51"), "Large gives 50.0%."),  # 50.0 does not round to 51
        (less("surgery", "50", relation="more_than"), "50% less"),
        (less("sleep", "50"), "The reported rates allow 48.1% at most."),
        (less("visits", "72"), "The most that any study gives is 70.3%."),
        (less("falls", "77", cited_source_id="NR"), "77% is the share of the treated who did with"),
        (less("falls", "77", cited_source_id="NR"), "What it appeals to was not found."),
        (percent("better", "82"), "What was reported is less."),
        (percent("better", "82", relation="more_than"), "13 of 16"),
        (percent("surgery", "15"), "What was reported is more."),  # too few operations
        (percent("surgery", "25", **HARM), "What was reported is less."),  # of a harm, more
    ],
    "overstated cause": [
        (less("sleep", "46", **CAUSE), "No source calls the study randomised."),
        (less("sleep", "40", **CAUSE), "The evidence gives more."),
        (less("better", "81", **CAUSE), "Alone has no number of people who were compared"),
        (percent("better", "81", **CAUSE), "13 of 16"),
        (percent("fitter", "75", relation="more_than", **CAUSE), "more than 75% of 85 people"),
        (says("sleep", **CAUSE), "It rests on a non-randomised comparison."),
        (says("better", **CAUSE), "It rests on an uncontrolled result."),
        (says("dizzy", **CAUSE, **HARM), "nobody compared"),
        (says("ease", **CAUSE), "It rests on a measurement within people."),  # 8 weeks, not at once
        ({**CAUSE, **HARM, "conditions": "Broken wrist"}, "What brought it about is not known."),
        ({**CAUSE, "cited_source_id": "cohort"}, "Cohort, which no source calls randomised."),
        ({**CAUSE, "cited_source_id": "alone"}, "where chance did not decide who was treated."),
    ],
    "wrong population or time": [
        (less("sleep", "46", **EVERYBODY), "It speaks of people with back pain. "),
        (less("sleep", "46", **SCIATICA, timepoint="After 3 years"), "looked 104 weeks ahead."),
        (less("sleep", "46", **SCIATICA, timepoint="for three years"), "It speaks of three years;"),
        (less("sleep", "46", **SCIATICA, timepoint="900 days"), "It speaks of 900 days;"),
        (says("falls", **CAUSE, population="Low back pain"), "The people studied had sciatica."),
    ],
    "not in source": [
        (percent("surgery", "20", cited_source_id="small"),
         "The study it cites was read in full and does not mention this."),
        (less("pulse", "30", cited_source_id="small"), "read in full"),
        (percent("mood", "74", cited_source_id="NR"), "What it appeals to was not found."),
        ({**TRIALS, "value": "26", "cited_source_id": "NR"}, "What it appeals to was not found."),
        ({"cited_source_id": "NR"}, "What it appeals to was not found."),
        (less("better", "81", cited_source_id="NR"), "no number of people who were compared"),
    ],
    "contradicted": [
        (less("aches", "50"), "In Large there were more, not fewer."),
        (less("aches", "50"), "100% more (80 to 122, 95% CI), 20 percentage points more (17"),
        (percent("aches", "40", **CAUSE), "Between the groups it points the other way."),
        (percent("relief", "40", **CAUSE), "Between the groups it points the other way."),
        (percent("fitter", "74"), "What was reported is more."),
        (percent("surgery", "25"), "What was reported is less."),
        (percent("better", "80", cited_source_id="alone"), "13 of 16 people (81%)"),
        (says("surgery", **CAUSE, **HARM), "which points the other way."),
        (says("relief", **CAUSE), "which points the other way."),
        (says("pulse", **CAUSE, **HARM), "which points the other way."),
        ({**TRIALS, "value": "1"}, "More were found here."),
        ({**TRIALS, "value": "2", "relation": "less_than"}, "More were found here."),
    ],
    "not verifiable": [
        (less("visits", "60"), "No number found equals it; some are larger and some smaller."),
        (less("visits", "40"), "No study gives this number, though chance does not rule it out."),
        (less("better", "81"), "no number of people who were compared"),
        (less("better", "81", cited_source_id="alone"), "nobody compared"),  # an abstract was read
        (percent("visits", "22"), "No number found equals it"),
        (percent("better", "80"), "though chance does not rule it out."),
        (percent("fitter", "75", relation="more_than"), "more than 75% of 85 people, nobody comp"),
        (percent("sleep", "21"), "How many people the percentages are about is not reported."),
        (percent("mood", "74"), "What was read of Alone gives no number for it."),
        (percent("better", ""), "an uncontrolled result"),
        (says("score", **CAUSE), "which leaves the direction open."),
        (says("sleep"), "without numbers of people, so that chance cannot be judged."),
        (says("length", **CAUSE), "change of −1 to +2 points"),
        (says("better", claim="It might help"), "an uncontrolled result"),
        (says("numb", **HARM), "0 of 20 people"),
        (says("faint", **HARM), "less than 5%"),
        (says("surgery", kind="evidence_base"), "No table here holds a number for it."),
        ({**HARM, "conditions": "Stroke"}, "No other source here names it."),
        (TRIALS, "No table here holds a number for it."),
        ({**TRIALS, "value": "26"}, "which does not show that there are no more."),
        ({**TRIALS, "value": "26", "cited_source_id": "gone"}, "What it appeals to was not read."),
        ({**CAUSE, "cited_source_id": "large"}, "Nothing measured here answers it."),
        ({"cited_source_id": "cohort"}, "What it appeals to was not read."),
        ({**CAUSE, "cited_source_id": "gone"}, "What it appeals to was not read."),
        (HARM, "Nothing measured here answers it."),
        ({"kind": "opinion"}, "Nothing here reports what people think of it."),
    ],
}  # fmt: skip
"""For each verdict the claims that get it, and what must stand in the finding."""

ALMOST: dict[str, list[tuple[dict[str, str], str]]] = {
    "accurate": [
        (less("surgery", "51"), "overstated value"),
        (less("surgery", "50", relation="more_than"), "overstated value"),
        (less("surgery", "50", comparator="NR"), "accurate but incomplete"),
        (percent("surgery", "20", relation="less_than"), "overstated value"),
        ({**TRIALS, "value": "2", "relation": "more_than"}, "not verifiable"),
    ],
    "accurate but incomplete": [
        (less("sleep", "46", **CAUSE), "overstated cause"),
        (less("sleep", "46", **EVERYBODY), "wrong population or time"),
        (percent("better", "82"), "overstated value"),
        (says("numb", **HARM), "not verifiable"),
        (says("length", **CAUSE), "not verifiable"),
        ({**HARM, "conditions": "Stroke"}, "not verifiable"),
    ],
    "overstated value": [
        (less("sleep", "48"), "accurate but incomplete"),
        (less("sleep", "50", relation="about"), "accurate but incomplete"),
        (percent("surgery", "25"), "contradicted"),
        (percent("surgery", "15", **HARM), "contradicted"),
    ],
    "overstated cause": [
        (percent("better", "81"), "accurate but incomplete"),
        (says("better"), "not verifiable"),
        (says("pulse", **CAUSE), "accurate but incomplete"),
        ({"cited_source_id": "alone"}, "not verifiable"),
    ],
    "wrong population or time": [
        (less("sleep", "46", **SCIATICA, timepoint="After 2 years"), "accurate but incomplete"),
        (less("sleep", "46", **SCIATICA, timepoint="26 months"), "accurate but incomplete"),
        (less("sleep", "46", **SCIATICA, timepoint="Lasting"), "accurate but incomplete"),
        (less("sleep", "46", **SCIATICA, timepoint="half a year"), "accurate but incomplete"),
        (less("surgery", "50", **EVERYBODY), "accurate"),
        (less("sleep", "60", **EVERYBODY), "overstated value"),  # the number goes first
    ],
    "not in source": [
        (percent("surgery", "20", cited_source_id="alone"), "not verifiable"),  # an abstract
        (percent("surgery", "20", cited_source_id="cohort"), "not verifiable"),  # not read
        (percent("surgery", "20", cited_source_id="large"), "accurate but incomplete"),
        ({**TRIALS, "value": "2", "cited_source_id": "NR"}, "accurate"),
        (percent("mood", "74"), "not verifiable"),
    ],
    "contradicted": [
        (less("visits", "40"), "not verifiable"),  # within the interval of the small trial
        (percent("better", "80"), "not verifiable"),
        (less("surgery", "50"), "accurate"),
        (less("surgery", "30"), "accurate but incomplete"),
        (says("score", **CAUSE), "not verifiable"),
    ],
    "not verifiable": [
        (percent("fitter", "75", relation="more_than", **CAUSE), "overstated cause"),
        (percent("mood", "74", cited_source_id="NR"), "not in source"),
        (says("sleep", **CAUSE), "overstated cause"),
        (says("dizzy", **HARM), "accurate but incomplete"),
    ],
}
"""For each verdict the claims that almost get it, and what they get."""

CASES = [(verdict, claim, holds) for verdict, some in GETS.items() for claim, holds in some]
CASES += [(verdict, claim, "") for some in ALMOST.values() for claim, verdict in some]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    claims = [claim for _, claim, _ in CASES]
    return eq.audit_claims(write_base(tmp_path_factory.mktemp("base"), claims))


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{n}-{CASES[n][0]}")
def test_a_made_claim(number: int, made: pd.DataFrame) -> None:
    verdict, _, holds = CASES[number]
    found = made.iloc[number]
    text = f"{found['recomputed']} | {found['reason']}"
    assert found["verdict"] == verdict, text
    assert holds in text
    for said in (found["reason"], found["could_say"]):
        assert said.endswith(".")
        assert not re.search(r"\bnan\b|[{}]|  |\.\.", said), said
        assert not [word for word in BANNED if re.search(rf"\b{word}\b", said, re.IGNORECASE)], said


def test_a_percentage_of_groups_that_fare_alike_shows_no_cause(tmp_path: Path) -> None:
    base = write_base(tmp_path, [percent("surgery", "20", **CAUSE)]).path
    results = pd.read_csv(base / "results.csv", dtype="str", keep_default_na=False)
    results.loc[results["outcome_id"] == "surgery", "events"] = "400"
    results.to_csv(base / "results.csv", index=False)
    found = eq.audit_claims(eq.load_evidence(base)).iloc[0]
    assert found["verdict"] == "not verifiable"
    assert "Whether the groups differ is left open." in found["reason"]


def test_every_verdict_has_cases_on_both_sides() -> None:
    assert list(VERDICTS) == list(GETS) == list(ALMOST)
    for verdict, almost in ALMOST.items():
        assert len(GETS[verdict]) >= 2
        assert len(almost) >= 2
        assert verdict not in {other for _, other in almost}
    assert {v for some in ALMOST.values() for _, v in some} <= set(VERDICTS)


def test_ratings_follow_the_truth_and_leave_out_what_is_unproven() -> None:
    rated = {name: v.rating for name, v in VERDICTS.items() if v.rating is not None}
    assert set(VERDICTS) - set(rated) == {"not verifiable", "not in source"}
    assert rated["accurate"] == BEST_RATING > rated["accurate but incomplete"]
    assert rated["contradicted"] == WORST_RATING == min(rated.values())
    over = {rated[v] for v in ("overstated value", "overstated cause", "wrong population or time")}
    assert over == {2}
    assert WORST_RATING >= 1  # what Google asks of a scale


def test_the_page_is_as_the_table_says(tmp_path: Path) -> None:
    committed = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    assert committed == page(), "run make dictionary"
    for verdict in VERDICTS.values():
        assert verdict.given_when in committed
        assert verdict.rated_so in committed
    for number, step in enumerate(STEPS, start=1):
        assert f"\n{number}. {step}" in committed
    target = tmp_path / "claims.md"
    module = "equipoise.appraisal.verdicts"
    subprocess.run([sys.executable, "-m", module, str(target)], check=True)
    assert target.read_text(encoding="utf-8") == committed
