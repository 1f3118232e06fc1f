"""Files as robvis lays them out: read by name, written back the same, and refused cell by cell."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import equipoise as eq
from equipoise.evidence.bias_tools import BiasTool, bias_tools

# The layouts of robvis' example data; the judgements are invented.
FILES = {
    "ROB2": """\
Study,D1,D2,D3,D4,D5,Overall,Weight
First 2001,Low,Low,Low,Low,Low,Low,33.5
Second 2002,Some concerns,Low,No information,Low,Low,Some concerns,20.0
Third 2003,Low,High,Low,Some concerns,Low,High,1.25
""",
    "ROBINS-I": """\
Study,D1,D2,D3,D4,D5,D6,D7,Overall,Weight
First 2001,Moderate,Low,Low,Low,Low,Low,Low,Moderate,1.0
Second 2002,Serious,No information,Low,Low,Low,Low,Moderate,Serious,2.0
Third 2003,Critical,Low,Low,Low,Low,Low,Low,Critical,3.0
""",
    "ROBINS-E": """\
Study,D1,D2,D3,D4,D5,D6,D7,Overall
First 2001,Some concerns,Low,Low,Low,Low,Low,Low,Some concerns
Second 2002,Very high,High,Low,No information,Low,Low,Low,Very high
""",
    "QUADAS-2": """\
Study,D1,D2,D3,D4,Overall
First 2001,Low,Some concerns,Low,High,High
Second 2002,Low,Low,No information,Low,Low
""",
    "QUIPS": """\
Study,D1,D2,D3,D4,D5,D6,Overall
First 2001,Low,Moderate,High,Low,Low,No information,Moderate
""",
    "ROB1": """\
Study,Random.sequence.generation,Allocation.concealment,Blinding.of.participants.and.personnel,\
Blinding.of.outcome.assessment,Incomplete.outcome.data,Selective.reporting,Other.sources.of.bias,\
Overall
First 2001,Low,Low,Unclear,Low,High,Low,No information,High
Second 2002,Low,Unclear,Low,Low,Low,Low,Low,Unclear
""",
}


def put(folder: Path, text: str | bytes) -> Path:
    path = folder / "judged.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


@pytest.mark.parametrize("tool", FILES)
def test_a_file_of_every_layout_comes_back_the_same(tool: str, tmp_path: Path) -> None:
    table = eq.read_robvis(put(tmp_path, FILES[tool]), tool)
    written = eq.write_robvis(table, tmp_path / "again.csv")
    assert written.read_text(encoding="utf-8") == FILES[tool]
    pd.testing.assert_frame_equal(eq.read_robvis(written, tool), table)


def test_what_is_read_is_a_table_of_judgements(tmp_path: Path) -> None:
    table = eq.read_robvis(put(tmp_path, FILES["ROB2"]), "RoB 2")
    assert list(table.columns) == [
        "label", "tool", "D1", "D2", "D3", "D4", "D5",
        "overall", "proposed", "overall_basis", "remark", "weight",
    ]  # fmt: skip
    assert list(table["label"]) == ["First 2001", "Second 2002", "Third 2003"]
    assert set(table["tool"]) == {"RoB2"}
    assert list(table["D1"]) == ["low", "some concerns", "low"]
    assert list(table["D3"]) == ["low", "", "low"]  # RoB 2 cannot be without information
    assert list(table["overall"]) == ["low", "some concerns", "high"]
    assert list(table["proposed"]) == ["low", "", "high"]
    assert set(table["overall_basis"]) == {"judged"}
    assert list(table["weight"]) == [33.5, 20.0, 1.25]
    found = eq.bias_summary(table, table.set_index("label")["weight"])
    low = found[(found["domain"] == "D2") & (found["judgement"] == "low")]
    assert list(low["share"]) == [pytest.approx(53.5 / 54.75, rel=1e-15)]


def test_without_information_is_a_judgement_of_robins_i_only(tmp_path: Path) -> None:
    table = eq.read_robvis(put(tmp_path, FILES["ROBINS-I"]), "ROBINS-I")
    assert list(table["D2"]) == ["low", "no information", "low"]
    unsaid = table.assign(D2=["", "no information", "low"])
    cells = [
        line.split(",")[2]
        for line in eq.write_robvis(unsaid, tmp_path / "new.csv").read_text("utf-8").splitlines()
    ]
    assert cells == ["D2", "", "No information", "Low"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Study,D1,D2,D3,D4,D5,Overall", "A 2001,L,S,H,L,L,H"),
        ("study,d1,d2,d3,d4,d5,overall", "A 2001,low,some_concerns,HIGH,Low risk,low,high"),
        ('"","Study","D1","D2","D3","D4","D5","Overall"',
         '"1","A 2001","Low","Some Concerns","High risk of bias","Low","Low","High"'),
        ("Study,Randomization.process,Deviations from intended interventions,"
         "Bias due to missing outcome data,Measurement.of.the.outcome,D5,Overall.risk.of.bias",
         "A 2001,l,some concern,h,l,l,high risk"),
        ("Overall,D5,D4,D3,D2,D1,Study", "High,Low,Low,High,Some,Low,A 2001"),
        ("\ufeffStudy,D1,D2,D3,D4,D5,Overall", " A 2001 ,Low , Some concerns,High,Low,Low,High"),
    ],
)  # fmt: skip
def test_what_files_call_it_makes_no_difference(header: str, cells: str, tmp_path: Path) -> None:
    (row,) = eq.read_robvis(put(tmp_path, f"{header}\r\n\r\n{cells}\r\n"), "ROB2").to_dict(
        "records"
    )
    assert row["label"] == "A 2001"
    judged = [row[name] for name in ("D1", "D2", "D3", "D4", "D5", "overall")]
    assert judged == ["low", "some concerns", "high", "low", "low", "high"]


@pytest.mark.parametrize("silent", ["", "NA", "N", "NI", "No information", "no info"])
def test_a_domain_nobody_judged_is_left_open(silent: str, tmp_path: Path) -> None:
    text = f"Study,D1,D2,D3,D4,D5\nA 2001,Low,{silent},Low,Low,Low\n"
    (row,) = eq.read_robvis(put(tmp_path, text), "ROB2").to_dict("records")
    assert (row["D2"], row["overall"], row["overall_basis"]) == ("", "", "none")
    assert row["remark"] == "not judged: deviations from intended interventions"


@pytest.mark.parametrize("tool", bias_tools(), ids=lambda tool: tool.name)
def test_every_word_letter_and_alias_is_read(tool: BiasTool, tmp_path: Path) -> None:
    names = [domain.robvis for domain in tool.bias_domains]
    for judgement in tool.judgements:
        for said in (judgement.word, judgement.robvis, judgement.letter, *judgement.aliases):
            text = f"Study,{','.join(names)}\nA 2001{f',{said}' * len(names)}\n"
            (row,) = eq.read_robvis(put(tmp_path, text), tool.name).to_dict("records")
            assert {row[domain.id] for domain in tool.bias_domains} == {judgement.word}


def test_a_proposed_overall_is_written_only_if_asked_for(tmp_path: Path) -> None:
    text = "Study,D1,D2,D3,D4,D5\nA 2001,Low,High,Low,Low,Low\n"
    table = eq.read_robvis(put(tmp_path, text), "ROB2")
    assert list(table["overall_basis"]) == ["proposed"]
    path = tmp_path / "new.csv"
    assert eq.write_robvis(table, path).read_text("utf-8") == text
    eq.write_robvis(table, path, proposed=True)
    assert path.read_text("utf-8").splitlines()[1] == "A 2001,Low,High,Low,Low,Low,High"
    by_hand = table.drop(columns=["overall_basis", "remark", "proposed"])
    assert eq.write_robvis(by_hand, path).read_text("utf-8").splitlines()[1].endswith(",High")


def test_applicability_stays_behind(tmp_path: Path) -> None:
    text = "Study,D1,D2,D3,D4,A1\nA 2001,Low,Low,Low,Low,High\n"
    table = eq.read_robvis(put(tmp_path, text), "QUADAS-2")
    assert list(table["A1"]) == ["high"]
    written = eq.write_robvis(table, tmp_path / "new.csv").read_text("utf-8")
    assert written.splitlines()[0] == "Study,D1,D2,D3,D4"


def test_a_label_that_is_a_formula_is_made_harmless(tmp_path: Path) -> None:
    table = eq.read_robvis(put(tmp_path, FILES["QUIPS"]), "QUIPS").assign(label="=cmd()")
    written = eq.write_robvis(table, tmp_path / "new.csv").read_text("utf-8")
    assert written.splitlines()[1].startswith("'=cmd(),")


GOOD = "Study,D1,D2,D3,D4,D5,Overall\nA 2001,Low,Low,Low,Low,Low,Low\n"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (GOOD.replace("Low,Low\n", "Hgih,Lo\n"),
         ["row 2, column D5: 'Hgih' is not a judgement of RoB2. Fix: write high (one of low, some",
          "row 2, column Overall: 'Lo' is not a judgement of RoB2. Fix: write low (one of"]),
        (GOOD.replace("2001,Low", "2001,Serious"), ["column D1: 'Serious' is not a judgement"]),
        (GOOD.replace("2001,Low", "2001,+"), ["row 2, column D1: '+' is not a judgement of RoB2"]),
        (GOOD.replace("2001,Low", "2001,-"), ["row 2, column D1: '-' is not a judgement of RoB2"]),
        (GOOD.replace("2001,Low", "2001,Not applicable"), ["'Not applicable' is not a judgement"]),
        (GOOD.replace("A 2001", " "), ["row 2, column Study: ' ' is empty. Fix: name the study"]),
        (GOOD.replace("D3,", "D3x,"),
         ["row 1, column D3x: is not a column of RoB2. Fix: write D3 (one of Study, D1,",
          "row 1, column D3: is missing"]),
        (GOOD.replace("D3,", "D2,"), ["column D2: is there twice", "row 1, column D3: is missing"]),
        (GOOD.replace("D3,", ","),
         ["row 1, column number 4: is not a column", "row 1, column D3: is missing"]),
        (GOOD.replace("Study", "Author"), ["Author: is not a column", "column Study: is missing"]),
        (GOOD.replace("Low,Low\n", "Low\n"), ["row 2: has 6 cells where the header has 7"]),
        ("\n" + GOOD + "\nB 2002,Low,Low,Low,Low,Low,Low,Low\n", ["row 5: has 8 cells"]),
        (GOOD.splitlines()[0], ["holds no judgements"]),
        ("", ["holds no judgements"]),
        (GOOD.replace("A", '"A'), ["cannot be read as a table"]),
        (GOOD.encode("utf-16"), ["cannot be read as a table"]),
        (GOOD.replace("A ", "Ä ").encode("latin-1"), ["cannot be read as a table"]),
        (GOOD.replace("Overall", "Weight").replace("Low\n", "x\n"), ["column Weight: 'x' is not"]),
        (GOOD.replace("Overall", "Weight").replace("Low\n", "-1\n"), ["'-1' is not a weight"]),
        (GOOD.replace("Overall", "Weight").replace("Low\n", "inf\n"), ["'inf' is not a weight"]),
        (GOOD.replace("Overall", "Weight").replace("Low\n", "\n"), ["Weight: is not a weight"]),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named_with_its_place(
    text: str | bytes, problems: list[str], tmp_path: Path
) -> None:
    with pytest.raises(eq.EvidenceError) as refused:
        eq.read_robvis(put(tmp_path, text), "ROB2")
    assert len(refused.value.problems) == len(problems)
    for problem in problems:
        assert problem in str(refused.value)
    assert all(problem.file == "judged.csv" for problem in refused.value.problems)


def test_a_file_that_is_not_there_and_a_tool_that_is_not_known(tmp_path: Path) -> None:
    with pytest.raises(eq.EvidenceError, match=r"nowhere\.csv: is not a file"):
        eq.read_robvis(tmp_path / "nowhere.csv", "ROB2")
    with pytest.raises(eq.UsageError, match="no risk-of-bias tool 'ROB3': write RoB2"):
        eq.read_robvis(put(tmp_path, GOOD), "ROB3")


def test_several_tools_do_not_fit_into_one_file(tmp_path: Path) -> None:
    trials = eq.read_robvis(put(tmp_path, GOOD), "ROB2")
    others = eq.read_robvis(put(tmp_path, FILES["ROBINS-I"]), "ROBINS-I")
    both = pd.concat([frame.drop(columns="weight", errors="ignore") for frame in (trials, others)])
    with pytest.raises(eq.UsageError, match="holds RoB2 and ROBINS-I: take one tool"):
        eq.write_robvis(both, tmp_path / "both.csv")
    assert not (tmp_path / "both.csv").exists()


@given(data=st.data())
def test_whatever_was_judged_comes_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    tool = data.draw(st.sampled_from(bias_tools()))
    word = st.sampled_from(["", *tool.words])
    count = data.draw(st.integers(1, 4))
    columns = {
        domain.id: data.draw(st.lists(word, min_size=count, max_size=count))
        for domain in tool.bias_domains
    }
    open_domains = {domain.id: "" for domain in tool.domains if domain.kind != "bias"}
    overall = data.draw(st.lists(word, min_size=count, max_size=count))
    labels = [f"Study, no. {n}" for n in range(count)]
    table = pd.DataFrame(
        {"label": labels, "tool": tool.name, **columns, **open_domains, "overall": overall}
    )
    path = tmp_path_factory.mktemp("robvis") / "judged.csv"
    again = eq.read_robvis(eq.write_robvis(table, path), tool.name)
    assert list(again["label"]) == labels
    for name, judged in columns.items():
        assert list(again[name]) == judged
    said = again["overall"].where(again["overall_basis"] == "judged", "")
    assert list(said) == overall
