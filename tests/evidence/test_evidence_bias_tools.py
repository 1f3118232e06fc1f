"""Every tool as published: its domains, its words, and the overall judgement its rule proposes."""

import itertools
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_base import add_row, write_small_base

import equipoise as eq
from equipoise.evidence.bias_overall import least_severe, propose_overall
from equipoise.evidence.bias_tools import BiasTool, bias_tool, bias_tools, instead
from equipoise.evidence.schema import table

TOOLS = {tool.name: tool for tool in bias_tools()}
WITH_A_RULE = [tool for tool in bias_tools() if tool.rule == "worst"]
each_tool = pytest.mark.parametrize("tool", bias_tools(), ids=lambda tool: tool.name)

# As the publications print them; the order is theirs.
DOMAINS = {
    "RoB2": "arising from the randomization process; due to deviations from intended "
    "interventions; due to missing outcome data; in measurement of the outcome; in selection of "
    "the reported result",
    "ROBINS-I": "due to confounding; in selection of participants into the study; in "
    "classification of interventions; due to deviations from intended interventions; due to "
    "missing data; in measurement of outcomes; in selection of the reported result",
    "ROBINS-E": "due to confounding; arising from measurement of the exposure; in selection of "
    "participants into the study (or into the analysis); due to post-exposure interventions; due "
    "to missing data; arising from measurement of the outcome; in selection of the reported result",
}
NAMES = {
    "QUADAS-2": "patient selection; index test; reference standard; flow and timing; "
    "applicability of patient selection; applicability of the index test; applicability of the "
    "reference standard",
    "QUIPS": "study participation; study attrition; prognostic factor measurement; outcome "
    "measurement; study confounding; statistical analysis and reporting",
    "RoB1": "random sequence generation; allocation concealment; blinding of participants and "
    "personnel; blinding of outcome assessment; incomplete outcome data; selective reporting; "
    "other sources of bias",
}
WORDS = {
    "RoB2": "low; some concerns; high",
    "ROBINS-I": "low; moderate; no information; serious; critical",
    "ROBINS-E": "low; some concerns; high; very high",
    "QUADAS-2": "low; unclear; high",
    "QUIPS": "low; moderate; high",
    "RoB1": "low; unclear; high",
}


def judge(tool: BiasTool, *words: str) -> dict[str, str]:
    """The words of the first domains; the rest are at low risk."""
    ids = [domain.id for domain in tool.bias_domains]
    return dict(zip(ids, [*words, *["low"] * (len(ids) - len(words))], strict=True))


def test_the_domains_are_those_of_the_publications() -> None:
    for name, printed in DOMAINS.items():
        wanted = [f"bias {domain}" for domain in printed.split("; ")]
        assert [domain.full_name for domain in TOOLS[name].domains] == wanted
    for name, printed in NAMES.items():
        assert [domain.name for domain in TOOLS[name].domains] == printed.split("; ")
    assert set(DOMAINS) | set(NAMES) == set(TOOLS)


def test_the_words_are_those_of_the_publications_from_the_best_to_the_worst() -> None:
    for name, printed in WORDS.items():
        assert TOOLS[name].words == tuple(printed.split("; "))
        assert [j.severity for j in TOOLS[name].judgements] == list(range(len(TOOLS[name].words)))


@each_tool
def test_a_tool_is_described_in_full(tool: BiasTool) -> None:
    for text in (tool.title, tool.version, tool.assesses, tool.reference, tool.rule_source):
        assert text
    assert tool.doi.startswith("10.")
    assert bool(tool.why_none) == (tool.rule == "none")
    for names in (
        [domain.name for domain in tool.domains],
        [domain.full_name for domain in tool.domains],
        [domain.id for domain in tool.domains],
        [domain.robvis for domain in tool.domains],
        [judgement.letter for judgement in tool.judgements],
        [judgement.symbol for judgement in tool.judgements],
    ):
        assert len(set(names)) == len(names)
        assert all(names)
    ids = [f"D{n}" for n, _ in enumerate(tool.bias_domains, start=1)]
    assert [domain.id for domain in tool.bias_domains] == ids
    assert not tool.judgements[-1].adds_up
    assert not any(j.unknown for j in (tool.judgements[0], tool.judgements[-1]))


@each_tool
def test_the_table_takes_the_names_the_tools_have(tool: BiasTool) -> None:
    assert tool.name in table("risk_of_bias").column("tool").allowed
    assert bias_tool(tool.name) is tool
    assert bias_tool(tool.name.lower().replace("-", " ")) is tool
    for domain in tool.domains:
        assert tool.domain(domain.name) == tool.domain(domain.id) == domain
    for judgement in tool.judgements:
        assert tool.judgement(judgement.word) == judgement


def test_only_diagnostic_accuracy_is_judged_for_applicability() -> None:
    kinds = {tool.name: [d.id for d in tool.domains if d.kind != "bias"] for tool in bias_tools()}
    assert {name: ids for name, ids in kinds.items() if ids} == {"QUADAS-2": ["A1", "A2", "A3"]}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: bias_tool("ROBINS"), "write ROBINS-I (one of RoB2, ROBINS-I, ROBINS-E, QUADAS-2"),
        (lambda: bias_tool("Jadad"), "no risk-of-bias tool 'Jadad': write one of RoB2, ROBINS-I"),
        (lambda: TOOLS["RoB2"].domain("d3"), "write missing outcome data (one of"),
        (lambda: TOOLS["RoB2"].judgement("HIGH"), "not a judgement of RoB2: write high (one of"),
        (lambda: propose_overall("RoB2", {"D6": "low"}), "not a domain of RoB2"),
        (lambda: propose_overall("RoB2", {"D1": "serious"}), "'serious' is not a judgement of"),
        (lambda: propose_overall("RoB2", {"D1": "low", "randomization process": "low"}), "twice"),
    ],
)
def test_what_a_tool_does_not_have_is_refused_with_what_it_has(call, said: str) -> None:
    with pytest.raises(eq.UsageError) as refused:
        call()
    assert said in str(refused.value)


def test_what_is_like_nothing_is_answered_by_all() -> None:
    assert instead("xyz", ("low", "high")) == "write one of low, high"
    assert instead("hihg", ("low", "high")) == "write high (one of low, high)"


@pytest.mark.parametrize(
    ("tool", "words", "overall", "to_decide"),
    [
        ("RoB2", (), "low", ""),
        ("RoB2", ("some concerns",), "some concerns", ""),
        ("RoB2", ("some concerns",) * 2, "some concerns",
         "whether 2 domains judged some concerns add up to high"),
        ("RoB2", ("some concerns",) * 5, "some concerns", "whether 5 domains"),
        ("RoB2", ("low", "high"), "high", ""),
        ("RoB2", ("some concerns", "some concerns", "high"), "high", ""),
        ("RoB2", ("high",) * 5, "high", ""),
        ("ROBINS-I", (), "low", ""),
        ("ROBINS-I", ("moderate",), "moderate", ""),
        ("ROBINS-I", ("moderate",) * 7, "moderate", ""),
        ("ROBINS-I", ("serious",), "serious", ""),
        ("ROBINS-I", ("serious", "moderate", "serious"), "serious",
         "whether 2 domains judged serious add up to critical"),
        ("ROBINS-I", ("serious", "critical"), "critical", ""),
        ("ROBINS-I", ("no information",), "no information", "is a key one"),
        ("ROBINS-I", ("no information", "moderate"), "no information", "is a key one"),
        ("ROBINS-I", ("no information", "serious"), "serious", ""),
        ("ROBINS-I", ("no information", "critical"), "critical", ""),
        ("ROBINS-E", (), "low", ""),
        ("ROBINS-E", ("some concerns",), "some concerns", ""),
        ("ROBINS-E", ("some concerns",) * 3, "some concerns", "3 domains judged some concerns add"),
        ("ROBINS-E", ("high", "some concerns"), "high", ""),
        ("ROBINS-E", ("high", "high"), "high", "judged high add up to very high"),
        ("ROBINS-E", ("high", "very high"), "very high", ""),
        ("RoB1", (), "low", ""),
        ("RoB1", ("unclear",), "unclear", "is a key one, for the rule counts no others"),
        ("RoB1", ("unclear", "high"), "high", "is a key one, for the rule counts no others"),
    ],
)  # fmt: skip
def test_the_rule_of_each_tool(
    tool: str, words: tuple[str, ...], overall: str, to_decide: str
) -> None:
    found = propose_overall(tool, judge(TOOLS[tool], *words))
    assert found.judgement == overall
    assert to_decide in found.to_decide
    assert bool(to_decide) == bool(found.to_decide)
    assert found.tool == tool
    assert overall in str(found)
    assert ("a person must decide" in str(found)) == bool(to_decide)


def test_every_combination_of_rob_2_is_as_the_handbook_has_it() -> None:
    tool = TOOLS["RoB2"]
    for words in itertools.product(tool.words, repeat=5):
        wanted = "some concerns"
        if set(words) == {"low"}:
            wanted = "low"
        elif "high" in words:
            wanted = "high"
        found = propose_overall(tool, judge(tool, *words))
        assert found.judgement == wanted
        several = wanted == "some concerns" and words.count("some concerns") > 1
        assert bool(found.to_decide) == several


def test_the_reason_names_the_domains() -> None:
    tool = TOOLS["RoB2"]
    found = propose_overall(tool, judge(tool, "high", "low", "high"))
    assert found.reason == "high in randomization process, missing outcome data"
    assert propose_overall(tool, judge(tool)).reason == "low in every domain"


@pytest.mark.parametrize("name", ["QUADAS-2", "QUIPS"])
def test_tools_without_a_rule_say_so(name: str) -> None:
    tool = TOOLS[name]
    for word in tool.words:
        found = propose_overall(tool, judge(tool, *[word] * 4))
        assert found.judgement == found.to_decide == ""
        assert found.reason.startswith(f"{name} ")
        assert "no overall judgement" in str(found)
    assert least_severe(tool, judge(tool, "high")) is None


def test_nothing_is_proposed_before_every_domain_is_judged_unless_one_settles_it() -> None:
    tool = TOOLS["RoB2"]
    part = {"D1": "low", "D2": "some concerns", "D3": ""}
    found = propose_overall(tool, part)
    assert found.judgement == ""
    assert found.reason.startswith("not judged: missing outcome data, measurement of the outcome")
    assert propose_overall(tool, {}).judgement == ""
    assert propose_overall(tool, {**part, "D3": "high"}).judgement == "high"
    assert propose_overall("ROBINS-I", {"D1": "serious"}).judgement == ""
    assert propose_overall("ROBINS-I", {"D1": "critical"}).judgement == "critical"


def test_applicability_is_no_bias() -> None:
    tool = TOOLS["QUADAS-2"]
    assert propose_overall(tool, {"A1": "high"}) == propose_overall(tool, {})


def _judged(tool: BiasTool) -> st.SearchStrategy[dict[str, str]]:
    ids = [domain.id for domain in tool.bias_domains]
    return st.fixed_dictionaries({name: st.sampled_from(["", *tool.words]) for name in ids})


@pytest.mark.parametrize("tool", WITH_A_RULE, ids=lambda tool: tool.name)
@given(data=st.data())
def test_a_worse_domain_never_makes_the_overall_better(tool: BiasTool, data: st.DataObject) -> None:
    before = {name: word or "low" for name, word in data.draw(_judged(tool)).items()}
    name = data.draw(st.sampled_from(sorted(before)))
    worse = tool.words[tool.judgement(before[name]).severity :]
    after = {**before, name: data.draw(st.sampled_from(worse))}
    assert _severity(tool, before) <= _severity(tool, after)


def _severity(tool: BiasTool, judgements: Mapping[str, str]) -> int:
    return tool.judgement(propose_overall(tool, judgements).judgement).severity


@pytest.mark.parametrize("tool", WITH_A_RULE, ids=lambda tool: tool.name)
@given(data=st.data())
def test_what_is_proposed_is_allowed_and_is_what_a_domain_was_judged(
    tool: BiasTool, data: st.DataObject
) -> None:
    judgements = data.draw(_judged(tool))
    found = propose_overall(tool, judgements).judgement
    assert found in ("", *judgements.values())
    least = least_severe(tool, judgements)
    assert (least is None) == (not tool.binding or not set(judgements.values()) - {"", _NI})
    if found and least:
        assert tool.judgement(found).severity >= least.severity


_NI = "no information"


@pytest.mark.parametrize("tool", bias_tools(), ids=lambda tool: tool.name)
@given(data=st.data())
def test_the_order_of_the_domains_makes_no_difference(tool: BiasTool, data: st.DataObject) -> None:
    judgements = data.draw(_judged(tool))
    shuffled = dict(data.draw(st.permutations(sorted(judgements.items()))))
    assert propose_overall(tool, shuffled) == propose_overall(tool, judgements)
    by_name = {tool.domain(name).name: word for name, word in judgements.items()}
    assert propose_overall(tool, by_name) == propose_overall(tool, judgements)


@pytest.mark.parametrize(
    "rows",
    [
        # A person may judge more severely than the rule.
        (("RoB2", "randomization process", "low"), ("RoB2", "overall", "high")),
        # Without information in a domain that is no key one, moderate stays moderate.
        (("ROBINS-I", "confounding", "moderate"), ("ROBINS-I", "missing data", "no information"),
         ("ROBINS-I", "overall", "moderate")),
        # The rules of these tools do not bind: a default, and a choice of key domains.
        (("ROBINS-E", "confounding", "high"), ("ROBINS-E", "overall", "some concerns")),
        (("RoB1", "other sources of bias", "high"), ("RoB1", "overall", "low")),
        # robvis keeps an overall judgement of these too, for which they have no rule.
        (("QUADAS-2", "index test", "high"), ("QUADAS-2", "overall", "low")),
        (("QUADAS-2", "applicability of the index test", "unclear"),),
        (("QUIPS", "study attrition", "high"), ("QUIPS", "overall", "moderate")),
    ],
)  # fmt: skip
def test_the_check_finds_nothing_wrong_with_what_a_tool_allows(
    rows: tuple[tuple[str, str, str], ...], tmp_path: Path
) -> None:
    base = write_small_base(tmp_path / "base")
    for tool, domain, judgement in rows:
        add_row(base, "risk_of_bias.csv", study_id="delta1999", outcome_id="headache", tool=tool,
                domain=domain, judgement=judgement, reason="So it seems")  # fmt: skip
    assert eq.check_evidence(base) == ()


@each_tool
def test_the_check_knows_every_domain_and_word(tool: BiasTool, tmp_path: Path) -> None:
    base = write_small_base(tmp_path / "base")
    words = itertools.cycle(tool.words)
    for domain in tool.domains:
        add_row(
            base,
            "risk_of_bias.csv",
            study_id="delta1999",
            outcome_id="headache",
            tool=tool.name,
            domain=domain.name,
            judgement=next(words),
            reason="So it seems",
        )
    assert eq.check_evidence(base) == ()
