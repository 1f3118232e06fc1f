"""Every sentence the package writes: calm, whole, and no surer than the certainty allows."""

import re
from collections.abc import Iterator

import pandas as pd
import pytest
from facts_by_hand import ALONE, NAN, PAIN, facts, row, second
from facts_by_hand import COUNTS as COUNTED

import equipoise as eq
from equipoise.appraisal.certainty import LEVELS, Certainty
from equipoise.appraisal.facts import DESIGN_NAMES, DESIGN_PLURALS, Facts, design_name
from equipoise.appraisal.framing import (
    audit_caveats,
    benchmark_caveats,
    funnel_caveats,
    map_caveats,
)
from equipoise.appraisal.framing_appraisal import bias_caveats, direction_caveats, flow_caveats
from equipoise.appraisal.reading import caveat_table, readable
from equipoise.appraisal.rules import RULES
from equipoise.appraisal.summary import Summary, summarize_all
from equipoise.appraisal.wording import BANNED, sentence, share
from equipoise.evidence.screening import mismatches
from equipoise.evidence.thresholds import CUSTOMARY

BAD = re.compile(
    r"\bnan\b|\bNaN\b|\bNR\b|\bNone\b|  |[{}]| %|\.\.| ,| \.|\(\)|–%|"
    r"\b[Aa] [aeiouAEIOU]|\b[Aa]n [^aeiouAEIOU\W]"
)


def clean(text: str) -> list[str]:
    """What is wrong with generated text: banned words outside quotations, and loose ends."""
    own = re.sub(r"“[^”]*”", "“”", text)
    found = [word for word in BANNED if re.search(rf"\b{word}\b", own, re.IGNORECASE)]
    return found + BAD.findall(own)


def assert_sentence(text: str) -> None:
    assert clean(text) == [], text
    assert text[0] == text[0].upper(), text
    assert text.endswith("."), text
    assert text.rstrip(".") + "." == text, text


@pytest.fixture(scope="module")
def summaries(evidence: eq.Evidence) -> tuple[Summary, ...]:
    return summarize_all(evidence)


@pytest.fixture(scope="module")
def unplanned(evidence: eq.Evidence) -> tuple[Summary, ...]:
    return summarize_all(evidence, list(evidence.tables["outcomes"]["outcome_id"]))


def test_sentences_and_caveats(unplanned: tuple[Summary, ...]) -> None:
    assert len(unplanned) > 30
    for summary in unplanned:
        assert_sentence(summary.sentence)
        assert_sentence(summary.why_not_pooled)
        assert summary.sentence.count(". ") == 0
        for caveat in summary.caveats:
            assert_sentence(caveat.sentence)
            assert str(caveat) == f"{caveat.code} ({caveat.severity}) {caveat.sentence}"


def test_text_certainty_and_tables(unplanned: tuple[Summary, ...]) -> None:
    for summary in unplanned:
        # Units, timepoints and labels are the base's words; everything else is ours.
        text = str(summary)
        assert clean(text.replace("\n  ", "\n").replace("\n  ", "\n")) == [], text
        assert clean(str(summary.certainty or "")) == []
        for frame in (readable(summary.frame, summary.outcome), caveat_table(summary.caveats)):
            for cell in frame.astype(str).to_numpy().ravel():
                assert clean(cell) == [], cell


def test_html(unplanned: tuple[Summary, ...]) -> None:
    for summary in unplanned:
        text = re.sub(r"<[^>]*>", "", summary._repr_html_())
        assert [w for w in BANNED if re.search(rf"\b{w}\b", re.sub(r"“[^”]*”", "", text))] == []
        assert "nan" not in text.split()


def test_reasons_of_verdicts(evidence: eq.Evidence) -> None:
    audit = eq.audit_claims(evidence)
    for text in (*audit["reason"], *audit["could_say"]):
        assert_sentence(text)
    for text in audit["recomputed"]:
        assert clean(text) == [], text


def test_framing(evidence: eq.Evidence) -> None:
    caveats = [
        *benchmark_caveats(), *map_caveats(evidence.coverage()),
        *audit_caveats(eq.audit_claims(evidence)), *funnel_caveats(1), *funnel_caveats(9),
    ]  # fmt: skip
    assert [caveat.code for caveat in caveats] == ["C29", "C30", "C31", *["C38"] * 4]
    for caveat in caveats:
        assert_sentence(caveat.sentence)
    audit = eq.audit_claims(evidence)
    unchecked = int((audit["verdict"] == "not verifiable").sum())
    assert f"{unchecked} of {len(audit)} statements could not be checked" in caveats[2].sentence


def test_framing_of_the_appraisal(evidence: eq.Evidence) -> None:
    wrong = mismatches([("duplicates", "", 3.0), ("database_results", "", 9.0),
                        ("records_screened", "", 7.0)])  # fmt: skip
    caveats = [
        *bias_caveats(judged=3, proposed=2, against=["A 2020", "B 2020"], unjudged=["C 2020"]),
        *flow_caveats(wrong, recorded=True), *flow_caveats([], recorded=False),
        *direction_caveats(eq.effect_directions(evidence)),
    ]  # fmt: skip
    assert [caveat.code for caveat in caveats] == ["C40", "C41", "C42", "C43", "C44"]
    for caveat in caveats:
        assert clean(caveat.sentence) == []
    assert "of A 2020 and B 2020 differs" in caveats[0].sentence
    assert "leave 6, but 7 are given as records screened" in caveats[2].sentence


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (["not_read"] * 2, "Of 2 studies, none was read in full, but through other people's acc"),
        (["full_text"] * 2, "Of 2 studies, all were read in full."),
        (["full_text", "abstract"], "Of 2 studies, 1 was read in full; the others as abstracts."),
        (["abstract", "excerpt", "not_read"], "as abstracts, in excerpts or through other peop"),
    ],
)
def test_the_map_says_how_papers_were_read(read: list[str], told: str) -> None:
    frame = pd.DataFrame({"study_id": range(len(read)), "label": "A", "read": read})
    (caveat,) = map_caveats(frame)
    assert told in caveat.sentence
    assert_sentence(caveat.sentence)


def test_the_tables_of_rules_and_designs() -> None:
    for rule in RULES:
        assert clean(rule.stated(CUSTOMARY)) == []
        assert clean(rule.title) == []
    assert list(DESIGN_NAMES) == list(DESIGN_PLURALS)


def test_people_time_and_comparator_are_named(summaries: tuple[Summary, ...]) -> None:
    for summary in summaries:
        leading = next(
            r
            for r in summary.frame.to_dict("records")
            if r["basis"] != "not reported" and f"n {r['label']}" in summary.sentence
        )
        if leading["people"] == leading["people"]:
            assert f"{leading['people']:.0f} people" in summary.sentence
        when = "at an unreported time" if leading["timepoint"] == "NR" else leading["timepoint"][1:]
        assert when in summary.sentence
        alone = "anybody who went without" in summary.sentence
        assert alone == (leading["comparator"] == "" and leading["design"] != "within_subject")
        if leading["comparator"]:
            assert leading["comparator"][1:] in summary.sentence


def certainty(level: str, design: str = "rct", directness: str = "direct") -> Certainty:
    return Certainty(
        level=level,
        suggested=level,
        start="high",
        design=design_name(design, directness),
        reasons=(),
    )


SURE = {"ci_low": 0.6, "ci_high": 0.9}
MEASURED = {"n_reported": 300.0, "bare": True}
EFFECTS: dict[str, tuple[Facts, str]] = {
    "RR": (facts(row()), "the number of people who had surgery"),
    "OR": (facts(row(), measure="OR"), "the number of people who had surgery"),
    "RD": (facts(row(), measure="RD"), "the number of people who had surgery"),
    "RR reported": (
        facts(row(reported_measure="RR", effect=0.8, **SURE)),
        "the number of people who had surgery",
    ),
    "SMD": (
        facts(row(reported_measure="SMD", effect=-0.5, ci_low=-0.8, ci_high=-0.2, **MEASURED),
              measure="SMD", outcome=PAIN), "pain",
    ),
    "MD": (
        facts(row(reported_measure="MD", effect=-5.0, ci_low=-8.0, ci_high=-2.0, **MEASURED),
              measure="MD", outcome={**PAIN, "label": "Roland Morris score"}),
        "Roland Morris score",
    ),
    "MC": (
        facts(row(comparator="", mean_change=-5.0, reported_measure="MC", effect=-5.0, ci_low=-8.0,
                  ci_high=-2.0, n=12.0, design="within_subject"), measure="MC", outcome=PAIN),
        "pain",
    ),
}  # fmt: skip
VERBS = {
    "low": "Inversion therapy may lower {what} (low certainty): in A 2020 (",
    "moderate": "Inversion therapy probably lowers {what} (moderate certainty): in A 2020 (",
    "high": "Inversion therapy lowers {what} (high certainty): in A 2020 (",
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("measure", EFFECTS)
def test_the_verb_is_that_of_the_certainty(measure: str, level: str) -> None:
    made, what = EFFECTS[measure]
    design = "within_subject" if measure == "MC" else "rct"
    said = sentence(made, certainty(level, design))
    assert_sentence(said)
    if level == "very low":
        asked = what.replace("the number of people who", "how many people")
        start = f"The evidence is very uncertain about the effect of inversion therapy on {asked}: "
        assert said.startswith(start)
    else:
        assert said.startswith(VERBS[level].format(what=what))
        assert "uncertain" not in said
    assert ("may" in said.split()) == (level == "low")
    assert ("probably" in said) == (level == "moderate")


OPEN = {
    "RR": facts(row(events_treatment=20.0, events_control=24.0)),
    "OR": facts(row(events_treatment=20.0, events_control=24.0), measure="OR"),
    "RD": facts(row(events_control=610.0), measure="RD"),
    "SMD": facts(row(reported_measure="SMD", effect=-0.1, ci_low=-0.8, ci_high=0.2, **MEASURED),
                 measure="SMD", outcome=PAIN),
    "touching": facts(row(reported_measure="RR", effect=0.8, ci_low=0.6, ci_high=1.0)),
    "no interval": facts(row(reported_measure="RR", effect=0.8)),
    "by rounding": facts(row(percent_treatment=21.0, decimals_treatment=0.0, percent_control=39.0,
                             decimals_control=0.0)),
    "two that disagree": facts(row(), second(events_treatment=900.0)),
    "two, one open": facts(row(), second(events_treatment=770.0)),
}  # fmt: skip


@pytest.mark.parametrize("level", LEVELS[1:])
@pytest.mark.parametrize("name", OPEN)
def test_an_open_direction_is_called_open(name: str, level: str) -> None:
    said = sentence(OPEN[name], certainty(level))
    assert_sentence(said)
    asked = "pain" if name == "SMD" else "how many people had surgery"
    assert said.startswith(f"Whether inversion therapy changes {asked} is left open ({level} cert")
    assert not {"may", "probably", "lowers", "raises"} & set(said.split())


PRECISE_NULL = {
    "RR": facts(row(events_control=610.0), outcome={"mid": 0.1}),
    "OR": facts(row(events_control=610.0), measure="OR", outcome={"mid": 0.1}),
    "MD": facts(row(reported_measure="MD", effect=0.5, ci_low=-2.0, ci_high=3.0, **MEASURED),
                measure="MD", outcome={**PAIN, "mid": 5.0}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("level", "verb"),
    [("low", "may make"), ("moderate", "probably makes"), ("high", "makes")],
)
@pytest.mark.parametrize("name", PRECISE_NULL)
def test_a_precise_null_is_little_or_no_difference(name: str, level: str, verb: str) -> None:
    said = sentence(PRECISE_NULL[name], certainty(level))
    assert_sentence(said)
    asked = "pain" if name == "MD" else "how many people had surgery"
    start = f"Inversion therapy {verb} little or no difference to {asked} ({level} certainty): in "
    assert said.startswith(start)


@pytest.mark.parametrize(
    "made",
    [
        facts(row(events_control=610.0)),
        facts(row(events_control=610.0), measure="OR"),
        facts(row(reported_measure="SMD", effect=-0.1, ci_low=-0.4, ci_high=0.2, **MEASURED),
              measure="SMD", outcome=PAIN),
    ],
)  # fmt: skip
def test_customary_limits_make_no_difference_little(made: Facts) -> None:
    """Nobody said what difference would matter, so nobody can say that there is none."""
    said = sentence(made, certainty("high"))
    assert "is left open (high certainty)" in said
    assert "little" not in said


def test_higher_raises() -> None:
    said = sentence(facts(row(events_treatment=900.0)), certainty("high"))
    assert said.startswith("Inversion therapy raises the number of people who had surgery (high")


def test_a_related_treatment_is_called_by_its_own_name() -> None:
    made = facts(row(directness="indirect", treatment="Traction lying down"))
    said = sentence(made, certainty("low", directness="indirect"))
    assert said.startswith("Traction lying down may lower the number of people who had surgery")
    assert "in A 2020 (randomised trial of a related treatment, 4,000 people" in said
    both = facts(row(directness="indirect", label="Z 2000"), second(condition="sciatica"))
    assert "in B 2021 (" in sentence(both, certainty("low"))


def test_the_study_of_the_people_asked_about_leads_then_the_largest() -> None:
    small = {"events_treatment": 20.0, "n_treatment": 100.0, "events_control": 60.0,
             "n_control": 100.0}  # fmt: skip
    made = facts(row(**small), second())
    assert "in B 2021, one of 2 such studies (" in sentence(made, certainty("low"))
    made = facts(row(**small), second(condition="sciatica"))
    assert "in A 2020, one of 2 such studies (" in sentence(made, certainty("low"))


def test_a_share_of_one_group() -> None:
    said = sentence(facts(row(**ALONE)), certainty("very low", "single_arm"))
    assert said == (
        "In A 2020 (uncontrolled result, 16 people, 1 year), 13 of 16 people (81%) had surgery "
        "with inversion; no number was found for anybody who went without the treatment, so the "
        "evidence is very uncertain about what brought it about."
    )
    said = sentence(facts(row(), measure="PR"), certainty("low"))
    assert said.endswith(
        "this analysis describes one group, so what brought it about is left open (low certainty)."
    )


def test_other_studies_are_counted_but_not_their_directions() -> None:
    people = {"design": "within_subject", "comparator": "", "n": 12.0, "weeks": NAN}
    rows = [
        row(**people, mean_change=-9.0, timepoint="Up"), row(**people, mean_change=-7.0),
        second(**people, mean_change=4.0), row(bare=True, study_id="c", label="C"),
    ]  # fmt: skip
    said = sentence(
        facts(*rows, measure="MC", outcome=PAIN), certainty("very low", "within_subject")
    )
    assert (
        "it changed by −9 points on average; 1 other study gives a number and 1 gives none; the "
        "spread of the changes is not reported." in said
    )


def test_nothing_is_said_without_a_number() -> None:
    assert sentence(facts(row(bare=True)), None) == (
        "No number was found for the outcome “Surgery”, so nothing can be said about it."
    )


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"events_treatment": 3.0, "n_treatment": 13.0}, "3 of 13 people (23%)"),
        ({"events_treatment": 1.0, "n_treatment": 1.0}, "1 of 1 person (100%)"),
        ({"events_treatment": 1.0, "n_treatment": 300.0}, "1 of 300 people (0.33%)"),
        ({"events_treatment": 5.0, "n_treatment": NAN}, "5 of an unreported number of people"),
        ({"percent_treatment": 76.9, "decimals_treatment": 1.0, "n_treatment": 13.0},
         "76.9% of 13 people"),
        ({"percent_treatment": 75.0, "decimals_treatment": 0.0, "relation_treatment": "more_than"},
         "more than 75% of an unreported number of people"),
    ],
)  # fmt: skip
def test_a_share_as_text(cells: dict[str, object], text: str) -> None:
    assert share(row(bare=True, **cells), "treatment") == text


def test_a_count_without_its_people_does_not_break_the_table() -> None:
    made = facts(row(bare=True, events_treatment=5.0, n_treatment=NAN, events_control=NAN,
                     n_control=NAN))  # fmt: skip
    cells = readable(made.frame, made.outcome).iloc[0]
    assert cells["Treated"] == "Inversion: 5 of an unreported number of people"
    assert cells["Compared"] == "Rest: not reported"


def _words(frame: pd.DataFrame) -> Iterator[str]:
    yield from frame["Estimate"]


def test_estimates_in_the_table_read_well(evidence: eq.Evidence) -> None:
    cells = {
        name: list(_words(readable(s.frame, s.outcome)))
        for name in ("surgery", "less_pain", "stopped_medication", "improved_overall", "odi")
        for s in [eq.summarize(evidence, name)]
    }
    assert cells["less_pain"][0].startswith("74% (73.5% to 74.5%), range by rounding; ")
    assert cells["stopped_medication"][0].startswith("39% (38.5% to 39.5%), range by rounding; ")
    assert cells["improved_overall"][0] == "more than 75%; only a lower bound is reported"
    assert "RR 0.30 (0.10 to 0.85), 95% CI" in cells["surgery"]
    assert "change of −12; the spread of the changes is not reported" in cells["odi"]


OPERATED = "the number of people who had surgery"
SLIGHT = {
    "RR": (facts(row(), outcome={"mid": 0.2}), OPERATED),
    "OR": (facts(row(), measure="OR", outcome={"mid": 0.2}), OPERATED),
    "RD": (facts(row(), measure="RD", outcome={"mid": 0.2}), OPERATED),
    "MD": (
        facts(row(reported_measure="MD", effect=-5.0, ci_low=-8.0, ci_high=-2.0, **MEASURED),
              measure="MD", outcome={**PAIN, "mid": 6.0}), "pain",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("level", "verb"), [("low", "may lower"), ("moderate", "probably lowers"), ("high", "lowers")]
)
@pytest.mark.parametrize("name", SLIGHT)
def test_less_than_what_matters_is_slight(name: str, level: str, verb: str) -> None:
    made, what = SLIGHT[name]
    said = sentence(made, certainty(level))
    assert_sentence(said)
    assert said.startswith(f"Inversion therapy {verb} {what} slightly ({level} certainty): in ")


@pytest.mark.parametrize(
    "made",
    [
        facts(row(), outcome={"mid": 0.05}),  # 9 in 100 fewer is more than that
        facts(row()),  # nobody said what matters; the customary ratios give no size
        facts(row(events_treatment=700.0)),
        EFFECTS["SMD"][0],
        facts(row(), second(events_treatment=300.0), outcome={"mid": 0.2}),  # the other is more
    ],
)
def test_no_size_is_told_without_what_matters(made: Facts) -> None:
    said = sentence(made, certainty("high"))
    assert "lowers" in said
    assert "slight" not in said
    assert "large" not in said


def test_little_or_no_difference_is_judged_on_people_where_it_is_known_what_matters() -> None:
    near = row(**{**COUNTED, "events_control": 610.0})  # 3 fewer to 2 more in 100
    little = "makes little or no difference"
    assert little in sentence(facts(near, outcome={"mid": 0.05}), certainty("high"))
    assert "left open" in sentence(facts(near, outcome={"mid": 0.01}), certainty("high"))
    # of a rare outcome a wide ratio is few people, and of a common one a narrow ratio many
    rare = row(events_treatment=20.0, events_control=24.0)
    assert "left open" in sentence(facts(rare), certainty("high"))
    assert little in sentence(facts(rare, outcome={"mid": 0.02}), certainty("high"))


@pytest.mark.parametrize(
    ("timepoint", "told"),
    [("NR", "at an unreported time"), ("Up to 20 min inverted", "up to 20 min inverted"),
     ("1 year", "1 year")],
)  # fmt: skip
def test_time_is_told_as_prose(timepoint: str, told: str) -> None:
    made = facts(row(timepoint=timepoint))
    assert f"4,000 people, {told}) " in sentence(made, certainty("low"))
    pooled = facts(row(timepoint=timepoint), second(timepoint=timepoint), combined=True)
    plural = "at unreported times" if timepoint == "NR" else told
    assert f"8,000 people, {plural})" in sentence(pooled, certainty("low"))


def test_time_is_told_as_prose_in_the_summary(summaries: tuple[Summary, ...]) -> None:
    texts = "\n".join(map(str, summaries))
    assert "(randomised trial, 6 weeks)" in texts
    assert "(uncontrolled result, at an unreported time)" in texts
    assert "(measurement within people, up to 20 min inverted)" in texts
    assert ", not reported)" not in texts
