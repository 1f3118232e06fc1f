"""Risk of bias as tables: whose judgement counts, and how much of the weight it concerns."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest
from base_by_hand import write_base
from hypothesis import given
from hypothesis import strategies as st

import equipoise as eq
from equipoise.appraisal.bias_assessment import assessments, lowers
from equipoise.evidence.bias_tools import bias_tool, bias_tools
from equipoise.evidence.records import records

Judgement = tuple[str, str, str, str, str]
"""Study, outcome, tool, id of the domain (or overall), word."""


def whole(study: str, tool: str, words: str, overall: str = "", outcome: str = "surgery"):
    """One assessment: a letter for every domain in order, a dot where nobody judged."""
    used = bias_tool(tool)
    by_letter = {judgement.letter: judgement.word for judgement in used.judgements}
    rows = [
        (study, outcome, used.name, domain.id, by_letter[letter])
        for domain, letter in zip(used.domains, words, strict=False)
        if letter != "."
    ]
    return rows + ([(study, outcome, used.name, "overall", overall)] if overall else [])


def base(folder: Path, *judgements: Iterable[Judgement]) -> eq.Evidence:
    """The base by hand with these judgements."""
    write_base(folder, [])
    with (folder / "risk_of_bias.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["study_id", "outcome_id", "tool", "domain", "judgement", "reason"])
        for study, outcome, tool, domain, word in (row for rows in judgements for row in rows):
            name = domain if domain == "overall" else bias_tool(tool).domain(domain).name
            writer.writerow([study, outcome, tool, name, word, "So it says"])
    return eq.load_evidence(folder)


def test_one_row_a_study_and_tool(tmp_path: Path) -> None:
    made = base(
        tmp_path,
        whole("large", "RoB2", "LLSLL", "some concerns"),
        whole("cohort", "ROBINS-I", "SLLMLLN"),
        whole("large", "RoB2", "LLLHL", outcome="relief"),
        whole("small", "QUADAS-2", "LUHLHLU"),
    )
    table = eq.bias_table(made)
    assert list(table["study_id"]) == ["large", "cohort", "large", "small"]
    assert list(table["label"]) == ["Large", "Cohort", "Large", "Small"]
    assert list(table["outcome_id"]) == ["surgery", "surgery", "relief", "surgery"]
    assert list(table["tool"]) == ["RoB2", "ROBINS-I", "RoB2", "QUADAS-2"]
    assert list(table.columns) == [
        "study_id", "label", "outcome_id", "tool", *(f"D{n}" for n in range(1, 8)),
        "A1", "A2", "A3", "overall", "proposed", "overall_basis", "remark",
    ]  # fmt: skip
    assert list(table.loc[0, "D1":"D7"]) == ["low", "low", "some concerns", "low", "low", "", ""]
    assert list(table.loc[1, "D1":"D7"]) == [
        "serious", "low", "low", "moderate", "low", "low", "no information",
    ]  # fmt: skip
    assert list(table.loc[3, "A1":"A3"]) == ["high", "low", "unclear"]
    assert list(eq.bias_table(made, "relief")["overall"]) == ["high"]


@pytest.mark.parametrize(
    ("words", "overall", "counts", "proposed", "basis", "remark"),
    [
        ("LLLLL", "", "low", "low", "proposed", ""),
        ("LLLLL", "low", "low", "low", "judged", ""),
        ("LLSLL", "some concerns", "some concerns", "some concerns", "judged", ""),
        ("LLSSL", "", "some concerns", "some concerns", "proposed",
         "to decide: whether 2 domains judged some concerns add up to high"),
        ("LLSSL", "high", "high", "some concerns", "judged",
         "the tool's rule proposes some concerns (some concerns in missing outcome data, "
         "measurement of the outcome), and leaves open whether 2 domains judged some concerns "
         "add up to high"),
        ("LLLLL", "high", "high", "low", "judged",
         "the tool's rule proposes low (low in every domain)"),
        ("LL.LL", "", "", "", "none", "not judged: missing outcome data"),
        ("LL.LL", "low", "low", "", "judged", ""),
        ("LL.HL", "", "high", "high", "proposed", ""),
        (".....", "low", "low", "", "judged", ""),
    ],
)  # fmt: skip
def test_a_persons_judgement_beats_the_rule_and_a_disagreement_is_shown(
    words: str, overall: str, counts: str, proposed: str, basis: str, remark: str, tmp_path: Path
) -> None:
    (row,) = records(eq.bias_table(base(tmp_path, whole("large", "RoB2", words, overall))))
    assert row["overall"] == counts
    assert row["proposed"] == proposed
    assert row["overall_basis"] == basis
    assert row["remark"] == remark


def test_a_tool_without_a_rule_says_why_there_is_no_overall(tmp_path: Path) -> None:
    made = base(tmp_path, whole("small", "QUADAS-2", "LUHL"), whole("large", "QUIPS", "L", "low"))
    first, second = records(eq.bias_table(made))
    assert (first["overall"], first["overall_basis"]) == ("", "none")
    assert first["remark"].startswith("QUADAS-2 shows its domains side by side")
    assert (second["overall"], second["remark"]) == ("low", "")


def test_without_judgements_the_table_is_empty(tmp_path: Path) -> None:
    table = eq.bias_table(write_base(tmp_path, []))
    assert table.empty
    assert {"study_id", "label", "tool", "overall", "remark"} <= set(table.columns)
    with pytest.raises(eq.UsageError, match="holds no judgements of risk of bias"):
        eq.bias_summary(table)


def test_an_unknown_outcome_is_refused(tmp_path: Path) -> None:
    with pytest.raises(eq.UsageError, match="no outcome 'sugery'"):
        eq.bias_table(write_base(tmp_path, []), "sugery")


def _shares(summary, domain: str) -> dict[str, float]:
    rows = summary[summary["domain"] == domain]
    return {row["judgement"]: row["share"] for row in records(rows) if row["share"]}


def test_the_summary_counts_studies_or_weighs_them(tmp_path: Path) -> None:
    made = base(
        tmp_path,
        whole("large", "RoB2", "LLSLL"),
        whole("small", "RoB2", "LH.SS"),
        whole("alone", "RoB2", "SLLL."),
    )
    table = eq.bias_table(made)
    counted = eq.bias_summary(table)
    third = pytest.approx(1 / 3, rel=1e-15)
    assert _shares(counted, "D2") == {"low": pytest.approx(2 / 3, rel=1e-15), "high": third}
    assert _shares(counted, "D3") == {"low": third, "some concerns": third, "not judged": third}
    assert _shares(counted, "overall") == {
        "some concerns": third, "high": third, "not judged": third,
    }  # fmt: skip
    weighed = eq.bias_summary(table, {"Large": 6, "Small": 3, "Alone": 1})
    assert _shares(weighed, "D2") == {"low": 0.7, "high": 0.3}
    assert _shares(weighed, "D3") == {"some concerns": 0.6, "not judged": 0.3, "low": 0.1}
    # A study of the pooled estimate that nobody judged is a share of its own in every domain.
    more = eq.bias_summary(table, {"Large": 6, "Small": 3, "Alone": 1, "Heart": 10})
    assert _shares(more, "D2") == {"low": 0.35, "high": 0.15, "not judged": 0.5}
    row = more[(more["domain"] == "D2") & (more["judgement"] == "not judged")]
    assert list(row["studies"]) == [1]
    assert list(row["name"]) == ["deviations from intended interventions"]


def test_the_summary_is_complete_and_in_order(tmp_path: Path) -> None:
    table = eq.bias_table(base(tmp_path, whole("small", "QUADAS-2", "LUHLHLU")))
    found = eq.bias_summary(table)
    domains = ["D1", "D2", "D3", "D4", "A1", "A2", "A3"]  # no overall: nobody judged one
    assert list(dict.fromkeys(found["domain"])) == domains
    for domain in domains:
        rows = found[found["domain"] == domain]
        assert list(rows["judgement"]) == ["low", "unclear", "high", "not judged"]
        assert rows["share"].sum() == 1
        assert rows["studies"].sum() == 1


def test_the_weights_of_a_pooled_estimate_serve(tmp_path: Path) -> None:
    made = base(tmp_path, whole("large", "RoB2", "LLSLL", outcome="visits"),
                whole("small", "RoB2", "LHLLL", outcome="visits"))  # fmt: skip
    effects = eq.effect_sizes(made.comparison("visits"), "RR")
    pooled = eq.pool(effects, estimator="CE")
    weights = dict(zip(pooled.labels, pooled.weights, strict=True))
    found = eq.bias_summary(eq.bias_table(made, "visits"), weights)
    share = weights["Small"] / (weights["Small"] + weights["Large"])
    assert _shares(found, "overall") == {
        "some concerns": pytest.approx(1 - share, rel=1e-12),
        "high": pytest.approx(share, rel=1e-12),
    }


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"Large": 1}, "Small has no weight: give every study one row"),
        ({"Large": 1, "Small": -1}, "the weight of Small is -1"),
        ({"Large": 1, "Small": float("nan")}, "the weight of Small is nan"),
        ({"Large": 1, "Small": float("inf")}, "the weight of Small is inf"),
        ({"Large": 0, "Small": 0}, "the weights are all 0"),
    ],
)
def test_weights_that_say_nothing_are_refused(
    weights: dict[str, float], said: str, tmp_path: Path
) -> None:
    table = eq.bias_table(
        base(tmp_path, whole("large", "RoB2", "LLLLL"), whole("small", "RoB2", "LLLLL"))
    )
    with pytest.raises(eq.UsageError, match=said):
        eq.bias_summary(table, weights)


def test_tables_that_cannot_be_summed_up_are_refused(tmp_path: Path) -> None:
    table = eq.bias_table(
        base(
            tmp_path,
            whole("large", "RoB2", "LLLLL"),
            whole("large", "RoB2", "LLLLL", outcome="relief"),
            whole("cohort", "ROBINS-I", "LLLLLLL"),
        )
    )
    with pytest.raises(eq.UsageError, match=r"holds RoB2 and ROBINS-I: take one tool, as in table"):
        eq.bias_summary(table)
    trials = table[table["tool"] == "RoB2"]
    assert len(eq.bias_summary(trials))
    with pytest.raises(eq.UsageError, match=r"^Large has several rows: give"):
        eq.bias_summary(trials, {"Large": 1})
    with pytest.raises(eq.UsageError, match="no column D2, as RoB2 needs"):
        eq.bias_summary(trials.drop(columns="D2"))
    with pytest.raises(eq.UsageError, match="'High' is not a judgement of RoB2: write high"):
        eq.bias_summary(trials.assign(D1="High"))
    with pytest.raises(eq.UsageError, match="'nan' is not a judgement"):
        eq.bias_summary(trials.assign(D1=float("nan")))
    with pytest.raises(eq.UsageError, match="holds no judgements"):
        eq.bias_summary(trials.drop(columns="tool"))


@pytest.mark.parametrize(
    ("tool", "levels"),
    [
        ("RoB2", {"low": 0, "some concerns": 0, "high": 1}),
        ("ROBINS-I", {"low": 0, "moderate": 0, "no information": 1, "serious": 1, "critical": 2}),
        ("ROBINS-E", {"low": 0, "some concerns": 0, "high": 1, "very high": 2}),
        ("RoB1", {"low": 0, "unclear": 0, "high": 1}),
        ("QUADAS-2", {"low": None, "unclear": None, "high": None}),
        ("QUIPS", {"low": None, "moderate": None, "high": None}),
    ],
)
def test_the_levels_each_judgement_takes_off(tool: str, levels: dict[str, int | None]) -> None:
    used = bias_tool(tool)
    assert {word: lowers(used, word) for word in used.words} == levels
    known = [level for level in levels.values() if level is not None]
    assert known == sorted(known)


def test_the_proposed_judgement_counts_where_nobody_gave_one() -> None:
    rows = [
        {"study_id": study, "tool": "RoB2", "domain": domain, "judgement": word}
        for study, words in (("a", "LLLHL"), ("b", "LL.LL"))
        for _, _, _, domain, word in whole(study, "RoB2", words)
    ]
    rows.append({"study_id": "c", "tool": "ROBINS-I", "domain": "overall", "judgement": "critical"})
    a, b, c = assessments(rows)
    assert (a.overall, a.overall_basis, a.lowers) == ("high", "proposed", 1)
    assert (b.overall, b.overall_basis, b.lowers) == ("", "none", None)
    assert (c.overall, c.overall_basis, c.lowers) == ("critical", "judged", 2)


@given(data=st.data())
def test_shares_add_up_to_one(data: st.DataObject) -> None:
    tool = data.draw(st.sampled_from(bias_tools()))
    word = st.sampled_from(["", *tool.words])
    studies = data.draw(st.lists(st.text(min_size=1), min_size=1, max_size=6, unique=True))
    rows = [
        {"study_id": study, "tool": tool.name, "domain": domain.name, "judgement": data.draw(word)}
        for study in studies
        for domain in tool.domains
    ]
    made = assessments(rows)
    frame = pd.DataFrame([{"label": one.study_id, **one.cells()} for one in made])
    weight = st.floats(min_value=1e-3, max_value=1e3)
    given_weights = {study: data.draw(weight) for study in studies}
    for weights in (None, given_weights, {**given_weights, "\0 nobody": 2.0}):
        found = eq.bias_summary(frame, weights)
        assert found["share"].between(0, 1 + 1e-12).all()
        assert found.groupby("domain")["share"].sum().to_numpy() == pytest.approx(1.0, rel=1e-12)
