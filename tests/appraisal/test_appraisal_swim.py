"""The SWiM checklist: what people wrote, what the data say, and what nobody stated."""

from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from base_by_hand import write_base

import equipoise as eq
from equipoise.appraisal.summary import summarize_all
from equipoise.appraisal.swim import COLUMNS, ITEMS, swim_checklist
from equipoise.appraisal.wording import BANNED
from equipoise.evidence.records import records
from equipoise.evidence.review import SynthesisStatement

BCG = Path(__file__).parents[2] / "evidence" / "bcg_vaccine"
KEYS = [item.name for item in fields(SynthesisStatement)]


@pytest.fixture(scope="module")
def checklist(evidence: eq.Evidence) -> pd.DataFrame:
    return swim_checklist(evidence)


@pytest.fixture(scope="module")
def summaries(evidence: eq.Evidence) -> tuple[eq.Summary, ...]:
    return summarize_all(evidence)


def add(folder: Path, more: str) -> eq.Evidence:
    plan = folder / "review.toml"
    plan.write_text(plan.read_text(encoding="utf-8") + more, encoding="utf-8")
    return eq.load_evidence(folder)


def said(checklist: pd.DataFrame, item: str, source: str) -> list[str]:
    mine = checklist[(checklist["item"] == item) & (checklist["source"] == source)]
    return list(mine["says"])


def test_there_are_nine_items_in_order_and_a_key_for_each_that_people_answer() -> None:
    numbers = [item.number for item in ITEMS]
    assert numbers == ["1a", "1b", *"23456789"]
    assert len({number[0] for number in numbers}) == 9
    assert [item.key for item in ITEMS if item.key] == KEYS


def test_every_item_of_inversion_therapy_is_answered(checklist: pd.DataFrame) -> None:
    assert tuple(checklist.columns) == COLUMNS
    assert list(dict.fromkeys(checklist["item"])) == [item.number for item in ITEMS]
    assert not (checklist["says"] == "not stated").any()
    assert not (checklist["says"].str.strip() == "").any()
    for key in KEYS:
        row = checklist[checklist["key"] == f"synthesis.{key}"].iloc[0]
        assert row["source"] == "review.toml"
        assert "\n" not in row["says"]


def test_what_the_data_say_of_inversion_therapy(
    checklist: pd.DataFrame, summaries: tuple[eq.Summary, ...]
) -> None:
    (groups,) = said(checklist, "1a", "derived")
    assert "one non-randomised comparison and one randomised trial (surgery)" in groups
    (measures,) = said(checklist, "2", "derived")
    assert "risk ratio (surgery)" in measures
    assert "standardised mean difference (pain_intensity and activity_limitation)" in measures
    (why,) = said(checklist, "3", "derived")
    assert "(iop, systolic_bp, diastolic_bp and heart_rate)" in why
    (certainty,) = said(checklist, "6", "derived")
    assert certainty.startswith("GRADE, by analysis: ")
    (figures,) = said(checklist, "7", "derived")
    assert "forest (surgery_forest and pain_forest)" in figures
    findings = said(checklist, "8", "derived")
    for text, summary in zip(findings, summaries, strict=True):
        assert text.startswith(f"{summary.id}: {summary.sentence}")
        assert summary.certainty is not None
        assert f"Certainty: {summary.certainty.level}" in text
    for item in ("1b", "4", "5", "9"):
        assert said(checklist, item, "derived") == []


def test_each_analysis_is_named_once_in_each_derived_answer(
    checklist: pd.DataFrame, evidence: eq.Evidence
) -> None:
    for item in ("1a", "2", "3"):
        (text,) = said(checklist, item, "derived")
        words = text.replace("(", " ").replace(")", " ").replace(",", " ").replace(";", " ").split()
        for analysis in evidence.plan:
            assert analysis.id in words, (item, analysis.id)
            if "_" in analysis.id:
                assert words.count(analysis.id) == 1, (item, analysis.id)


def test_what_review_toml_states_of_inversion_therapy_is_true(
    evidence: eq.Evidence, summaries: tuple[eq.Summary, ...]
) -> None:
    """The claims of its [synthesis] that the data can contradict."""
    for summary in summaries:
        assert summary.pooled is None, "nothing is pooled"
        cells = eq.effect_directions(evidence, [summary.id]).cells
        for _, mine in cells.groupby(["design", "directness"]):
            assert eq.vote_count(mine["direction"]).k < 6, "no votes are tested"
        frame = summary.frame[summary.frame["interval"].isin(["confidence", "reported"])]
        compared = frame[(frame["measure"] != "PR") & (frame["design"] != "systematic_review")]
        for _, mine in compared.groupby(["design", "directness"]):
            assert len(set(mine["study_id"])) == 1, "no two studies can be weighed"
    read = evidence.tables["sources"].set_index("source_id")["read"]
    own = evidence.tables["studies"]["source_id"].map(read)
    assert "full_text" not in set(own), "no paper of a study was read in full"
    assert evidence.tables["contrasts"]["p_value"].isna().all(), "hardly any p value was found"


def test_it_does_not_apply_to_what_is_pooled() -> None:
    checklist = swim_checklist(eq.load_evidence(BCG))
    assert list(checklist["item"]) == [item.number for item in ITEMS]
    assert set(checklist["source"]) == {"derived"}
    assert set(checklist["says"]) == {
        "does not apply: the planned analysis is pooled (tuberculosis)"
    }


def test_what_nobody_wrote_is_not_stated(tmp_path: Path) -> None:
    checklist = swim_checklist(write_base(tmp_path, []))
    asked = checklist[checklist["key"] != ""]
    assert list(asked["key"]) == [f"synthesis.{key}" for key in KEYS]
    assert set(asked["says"]) == {"not stated"}
    assert set(asked["source"]) == {""}
    assert said(checklist, "7", "derived") == []  # it plans no figure
    assert said(checklist, "4", "derived") == []  # and restricts no analysis to some designs


def test_what_is_written_is_quoted_and_blanks_are_not_stated(tmp_path: Path) -> None:
    write_base(tmp_path, [])
    more = '[synthesis]\ngrouping = """\nBy  outcome,\nthen design."""\nmetric = " \\n "\n'
    checklist = swim_checklist(add(tmp_path, more))
    assert said(checklist, "1a", "review.toml") == ["By outcome, then design."]
    assert len(said(checklist, "1a", "derived")) == 1
    assert checklist.loc[checklist["key"] == "synthesis.metric", "says"].tolist() == ["not stated"]
    assert (checklist["says"] == "not stated").sum() == len(KEYS) - 1


def test_pooled_analyses_are_set_apart_from_the_others(tmp_path: Path) -> None:
    """Both trials count visits, so these are pooled; pulse and score are of one study each."""
    write_base(tmp_path, [])
    more = '[[analyses]]\nid = "visits"\noutcome = "visits"\nmeasure = "RR"\ndesigns = ["rct"]\n'
    evidence = add(tmp_path, more)
    assert eq.summarize(evidence, "visits").pooled is not None
    checklist = swim_checklist(evidence)
    why, pooled = said(checklist, "3", "derived")
    assert why.endswith(": there is one study, so there is nothing to combine (all two analyses).")
    assert pooled == "Pooled, so that SWiM does not apply: visits."
    assert [text.partition(":")[0] for text in said(checklist, "8", "derived")] == [
        "pulse",
        "score",
    ]
    others = checklist[~checklist["says"].isin([why, pooled])]
    assert not others["says"].str.contains("visits").any()


def test_if_all_is_pooled_what_is_stated_is_still_shown(tmp_path: Path) -> None:
    write_base(tmp_path, [])
    plan = tmp_path / "review.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text[: text.index("[[analyses]]")], encoding="utf-8")
    more = '[[analyses]]\nid = "visits"\noutcome = "visits"\nmeasure = "{}"\n'
    both = more.format("RR") + more.format("OR").replace("id = ", 'id = "other" # ')
    checklist = swim_checklist(add(tmp_path, both + '[synthesis]\nmethod = "None is needed."\n'))
    assert said(checklist, "3", "review.toml") == ["None is needed."]
    derived = "does not apply: the planned analyses are pooled (visits and other)"
    assert set(checklist.loc[checklist["source"] == "derived", "says"]) == {derived}
    assert len(checklist) == len(ITEMS) + 1


def test_a_plan_that_keeps_some_designs_is_told(tmp_path: Path) -> None:
    write_base(tmp_path, [])
    more = '[[analyses]]\nid = "walks"\noutcome = "walks"\nmeasure = "RR"\ndesigns = ["rct"]\n'
    checklist = swim_checklist(add(tmp_path, more))
    assert said(checklist, "4", "derived") == ["Designs that the plan keeps: walks: rct."]


def test_who_judged_the_certainty_is_named(tmp_path: Path) -> None:
    write_base(tmp_path, [])
    (tmp_path / "certainty.csv").write_text(
        "outcome_id,domain,judgement,reason,assessor\nscore,overall,low,One trial,A. Reader\n",
        encoding="utf-8",
    )
    checklist = swim_checklist(eq.load_evidence(tmp_path))
    assert said(checklist, "6", "derived") == [
        "GRADE, by analysis: suggested by rule from the data (pulse); judged by A. Reader (score)."
    ]
    assert said(checklist, "8", "derived")[1].endswith("Certainty: low (judged).")


def test_an_analysis_without_a_number_says_so(tmp_path: Path) -> None:
    write_base(tmp_path, [])
    more = '[[analyses]]\nid = "mood"\noutcome = "mood"\nmeasure = "RR"\n'
    checklist = swim_checklist(add(tmp_path, more))
    assert "no study (mood)" in said(checklist, "1a", "derived")[0]
    assert "no study reports a number (mood)" in said(checklist, "3", "derived")[0]
    assert "no number to judge (mood)" in said(checklist, "6", "derived")[0]
    assert "Certainty" not in said(checklist, "8", "derived")[2]


def test_its_words(checklist: pd.DataFrame) -> None:
    for row in records(checklist):
        for name in ("title", "to_report", "says"):
            assert not [word for word in BANNED if word in str(row[name]).lower()], row[name]
