"""The summary-of-findings table: what happens without and with it, how sure that is, and why."""

import io
import re
import shutil
import sys
from pathlib import Path

import docx
import pandas as pd
import pytest

import equipoise as eq
from equipoise.appraisal.summary_of_findings import SummaryOfFindings, summary_of_findings

BCG = Path(__file__).parents[2] / "evidence" / "bcg_vaccine"


@pytest.fixture(scope="module")
def inversion(evidence: eq.Evidence) -> SummaryOfFindings:
    return summary_of_findings(evidence)


@pytest.fixture(scope="module")
def bcg() -> SummaryOfFindings:
    return summary_of_findings(eq.load_evidence(BCG))


def _cells(found: SummaryOfFindings, outcome: str) -> list[str]:
    rows = found.table[found.table["Outcome"].str.startswith(outcome)]
    return [str(cell) for cell in rows.iloc[0]]


def test_good_evidence_comes_out_as_such(bcg: SummaryOfFindings) -> None:
    assert _cells(bcg, "Tuberculosis") == [
        "Tuberculosis, time not reported",
        "16",
        "8 (5 to 12)",
        "RR 0.49 (0.33 to 0.73), 95% CI",
        "357,347 (13 studies)",
        "⊕⊕○○ low (a, b, c)",
        "BCG vaccine may lower the number of people who developed tuberculosis (low certainty).",
    ]
    row = bcg.frame.iloc[0]
    assert row["risk_with"] == pytest.approx(row["risk_without"] * row["estimate"])
    assert row["risk_low"] == pytest.approx(row["risk_without"] * row["low"])


def test_a_trial_is_told_at_the_planned_risk(inversion: SummaryOfFindings) -> None:
    outcome, without, with_it, effect, people, certainty, words = _cells(inversion, "Surgery,")
    assert (outcome, without) == ("Surgery, 6 weeks", "390")
    # 390 · RR 0.297 (0.104 to 0.850)
    assert (with_it, effect) == ("116 (40 to 331)", "RR 0.30 (0.10 to 0.85), 95% CI")
    assert people == "22 (1 study)"
    assert certainty == "⊕○○○ very low (a, b, c, d)"
    assert words.startswith("The evidence is very uncertain about the effect of inversion therapy")


def test_of_one_group_nothing_is_known_without(inversion: SummaryOfFindings) -> None:
    _outcome, without, with_it, effect, people, certainty, words = _cells(inversion, "Less pain")
    assert (without, with_it, effect) == ("not known", "740 (735 to 745, by rounding)", "")
    assert people == "not reported (1 study)"
    assert certainty.startswith("⊕○○○ very low")
    assert words == (
        "The evidence is very uncertain about whether inversion therapy brought it about that "
        "people reported less pain."
    )


def test_outcomes_without_data_are_listed(inversion: SummaryOfFindings) -> None:
    cells = _cells(inversion, "Roland Morris questionnaire")
    assert cells[1:-1] == [""] * 5
    assert cells[-1].startswith("No number was found")


def test_what_matters_most_comes_first(inversion: SummaryOfFindings) -> None:
    order = ["critical", "important", "limited"]
    ranks = [order.index(x) for x in inversion.frame["importance"]]
    assert ranks == sorted(ranks)


def test_letters_and_footnotes_belong_together(
    inversion: SummaryOfFindings, bcg: SummaryOfFindings
) -> None:
    for found in (inversion, bcg):
        used = {x for cell in found.frame["notes"] for x in cell.split(", ") if x}
        letters = [letter for letter, _ in found.footnotes]
        assert used == set(letters)
        assert len(set(letters)) == len(letters)
        texts = [text for _, text in found.footnotes]
        assert len(set(texts)) == len(texts)
        assert all(text.endswith(".") and text[0].isupper() for text in texts)


def test_every_level_has_its_footnote(evidence: eq.Evidence) -> None:
    found = summary_of_findings(evidence, ["surgery"])
    summary = eq.summarize(evidence, "surgery")
    assert summary.certainty is not None
    down = {1: "one level down", 2: "two levels down"}
    for domain, levels, _ in summary.certainty.reasons:
        start = f"{domain.capitalize()}, {down[levels]}: "
        assert sum(text.startswith(start) for _, text in found.footnotes) == 1
    imprecision = next(text for _, text in found.footnotes if text.startswith("Imprecision"))
    assert re.findall(r"\((C\d\d)\)", imprecision) == ["C08", "C09"]
    assert "Prasad 2012 had 22 people" in imprecision
    assert "Mendelow" not in imprecision  # the other study is not what the certainty is about


def test_a_person_s_word_is_told_beside_the_suggestion(
    evidence: eq.Evidence, tmp_path: Path
) -> None:

    base = tmp_path / "base"
    shutil.copytree(evidence.path, base)
    (base / "certainty.csv").write_text(
        "outcome_id,domain,judgement,reason,assessor\n"
        "surgery,overall,low,The pilot was run with care.,A. Reviewer\n",
        encoding="utf-8",
    )
    found = summary_of_findings(eq.load_evidence(base), ["surgery"])
    assert found.table["Certainty"][0].startswith("⊕⊕○○ low (a")
    assert found.footnotes[0] == (
        "a",
        "Judged by A. Reviewer: The pilot was run with care. The data suggest very low certainty.",
    )


def test_a_person_s_word_on_a_domain_is_told_beside_the_suggestion(
    evidence: eq.Evidence, tmp_path: Path
) -> None:
    base = tmp_path / "base"
    shutil.copytree(evidence.path, base)
    (base / "certainty.csv").write_text(
        "outcome_id,domain,judgement,reason,assessor\n"
        "surgery,imprecision,0,Few are enough here.,A. Reviewer\n",
        encoding="utf-8",
    )
    loaded = eq.load_evidence(base)
    said = "judged by A. Reviewer: Few are enough here; the data suggest −2"
    notes = [text for _, text in summary_of_findings(loaded, ["surgery"]).footnotes]
    assert f"Imprecision, left as it is: {said}." in notes
    summary = eq.summarize(loaded, "surgery")
    assert f"left as it is for imprecision ({said})" in str(summary)
    assert f"({said})" in summary._repr_html_()


def test_studies_that_do_not_say_how_many_are_told_apart(tmp_path: Path) -> None:
    base = tmp_path / "bcg"
    shutil.copytree(BCG, base)
    lines = (base / "results.csv").read_text().splitlines()
    kept = [line for line in lines if not line.startswith("aronson1948")]
    (base / "results.csv").write_text("\n".join(kept) + "\n")
    (base / "contrasts.csv").write_text(
        "study_id,outcome_id,arm_1,arm_2,timepoint,weeks,measure,estimate,ci_low,ci_high,ci_level,"
        "se,p_value,n,higher_favours,source_id,confidence,notes\n"
        "aronson1948,tuberculosis,vaccine,no_vaccine,NR,NR,RR,0.41,0.13,1.26,,NR,NR,NR,arm_2,"
        "colditz1994,secondary,Made up\n"
    )
    found = summary_of_findings(eq.load_evidence(base))
    assert _cells(found, "Tuberculosis")[4] == "at least 357,085 (13 studies)"


def test_the_order_of_asked_outcomes_is_kept(evidence: eq.Evidence) -> None:
    found = summary_of_findings(evidence, ["petechiae", "surgery"])
    assert list(found.frame["analysis"]) == ["petechiae", "surgery"]
    with pytest.raises(eq.UsageError, match="surgry"):
        summary_of_findings(evidence, ["surgry"])


def test_html_and_markdown_hold_all_of_it(inversion: SummaryOfFindings) -> None:
    page, text = inversion.to_html(), inversion.to_markdown()
    assert page == inversion._repr_html_()
    for letter, note in inversion.footnotes:
        assert f"<sup>{letter}</sup>" in page
        assert f"\n{letter}. " in text
        assert note.split(" (")[0].split("“")[0] in page.replace("&#39;", "'")
    assert page.count("<tr>") == len(inversion.table) + 1
    assert str(inversion).count("⊕") == inversion.table["Certainty"].str.count("⊕").sum()


def test_text_from_tables_is_escaped(evidence: eq.Evidence) -> None:
    found = summary_of_findings(evidence, ["surgery"])
    hostile = SummaryOfFindings(
        title="<b>|*x*", question="<script>", frame=found.frame, footnotes=(("a", "<i>|"),),
        table=pd.DataFrame({"Outcome": ["<img>|"]}),
    )  # fmt: skip
    assert not re.search(r"<(b|script|i|img)>", hostile.to_html())
    assert "\\<b\\>\\|\\*x\\*" in hostile.to_markdown()


def test_word_holds_a_real_table(inversion: SummaryOfFindings) -> None:
    made = inversion.to_docx()
    assert made == inversion.to_docx()  # the same bytes every time
    document = docx.Document(io.BytesIO(made))
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells] == list(inversion.table.columns)
    assert [cell.text for cell in table.rows[1].cells] == list(inversion.table.iloc[0])
    assert len(table.rows) == len(inversion.table) + 1
    below = [paragraph.text for paragraph in document.paragraphs[-len(inversion.footnotes) :]]
    assert below == [f"{letter}. {text}" for letter, text in inversion.footnotes]


def test_word_is_not_there_without_its_extra(
    inversion: SummaryOfFindings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(eq.UsageError, match=r"equipoise\[docx\]"):
        inversion.to_docx()


def test_a_planned_risk_may_be_of_another_time_and_is_said_so(
    inversion: SummaryOfFindings, bcg: SummaryOfFindings
) -> None:
    said = "which may be of another time than the effect."
    planned = [text for _, text in inversion.footnotes if "the planned risk" in text]
    assert planned
    assert all(text.endswith(said) for text in planned)
    # of the studies' own comparison groups it is of the same time
    assert not [text for _, text in bcg.footnotes if said in text]
