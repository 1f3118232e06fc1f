import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from judged import judged, many
from matplotlib import colors
from matplotlib import pyplot as plt
from small_base import write_small_base

import equipoise as eq
from equipoise.evidence.bias_tools import bias_tool, bias_tools
from equipoise.figures import judgements
from equipoise.figures.drawn import drawn
from equipoise.figures.traffic_lights import traffic_lights

TRIALS = judged("RoB2", {"Alpha": "LSHL-H", "Beta": "LLLLLL"})
COHORT = judged("ROBINS-I", {"Gamma": "SLLMLLNS"}, outcome="cured")


def places(ax, gid):
    """Where marks stand: (share of the width, inches from the top), in the order drawn."""
    return [tuple(mark.get_offsets()[0]) for mark in found(ax, gid)]


def test_every_judgement_is_a_disc_with_colour_symbol_and_letter():
    ax = traffic_lights(TRIALS)
    assert texts(ax, "letter") == [*"LSHL", "H", *"LLLLLL"]
    assert texts(ax, "judgement symbol") == ["+", "−", "×", "+", "×", *"++++++"]
    by_letter = {judgement.letter: judgement.colour for judgement in bias_tool("RoB2").judgements}
    drawn_in = [colors.to_hex(disc.get_facecolor()[0]) for disc in found(ax, "judgement")]
    assert drawn_in == [by_letter[letter] for letter in texts(ax, "letter")]
    assert len(found(ax, "not judged")) == 1


def test_the_colours_are_those_of_the_cochrane_traffic_lights():
    used = {j.word: j.colour for tool in bias_tools() for j in tool.judgements}
    assert used == {
        "low": "#02c100", "some concerns": "#e2df07", "unclear": "#e2df07",
        "moderate": "#e2df07", "high": "#bf0000", "serious": "#bf0000", "critical": "#820000",
        "very high": "#820000", "no information": "#4ea1f7",
    }  # fmt: skip


@pytest.mark.parametrize("tool", bias_tools(), ids=lambda tool: tool.name)
def test_in_grey_a_letter_and_a_symbol_tell_judgements_apart(tool):
    assert len({j.letter for j in tool.judgements}) == len(tool.judgements)
    assert len({j.symbol for j in tool.judgements}) == len(tool.judgements)


@pytest.mark.parametrize("tool", bias_tools(), ids=lambda tool: tool.name)
def test_symbols_stand_out_from_their_discs(tool):
    for judgement in tool.judgements:
        pair = (judgements.ink_on(judgement.colour), judgement.colour)
        low, high = sorted(judgements._luminance(colour) for colour in pair)
        assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG 2.1, 1.4.3


def test_discs_stand_under_their_domain_and_beside_their_study():
    ax = traffic_lights(TRIALS)
    where = places(ax, "judgement")
    assert texts(ax, "domain") == ["D1", "D2", "D3", "D4", "D5", "All"]
    heads = [text.get_position()[0] for text in found(ax, "domain")]
    assert [x for x, _ in where] == pytest.approx([*heads[:4], heads[5], *heads])
    assert texts(ax, "study") == ["Alpha", "Beta"]
    assert [y for _, y in where[:5]] == [where[0][1]] * 5
    assert where[5][1] > where[0][1]


def test_a_proposed_overall_judgement_has_a_star_and_a_judged_one_none():
    ax = traffic_lights(judged("RoB2", {"Alpha": "LSHLLH"}, basis="proposed"))
    assert texts(ax, "letter")[-1] == "H*"
    assert "*: proposed by the tool's rule" in " ".join(texts(ax, "legend"))
    assert "1 of 1 overall judgements only follow" in drawn(ax).caveats[0].sentence
    assert "*" not in " ".join(texts(traffic_lights(TRIALS), "letter"))


def test_who_judged_against_the_rule_is_named():
    table = TRIALS.assign(proposed=["some concerns", "low"])
    (caveat,) = drawn(traffic_lights(table)).caveats
    assert "The overall judgement of Alpha differs" in caveat.sentence
    assert caveat.studies == ("Alpha",)


def test_tools_keep_their_own_domains_and_outcomes_are_named():
    ax = traffic_lights(pd.concat([TRIALS, COHORT]).fillna(""))
    assert texts(ax, "domain") == [*(f"D{i}" for i in range(1, 6)), "All",
                                   *(f"D{i}" for i in range(1, 8)), "All"]  # fmt: skip
    assert texts(ax, "outcome") == ["pain", "pain", "cured"]
    assert not found(traffic_lights(TRIALS), "outcome")
    legend = " ".join(texts(ax, "legend"))
    assert "RoB2: D1: bias arising" in legend
    assert "ROBINS-I: D1: bias due to confounding" in legend


def test_no_column_for_overall_where_nobody_gave_one():
    ax = traffic_lights(judged("QUADAS-2", {"Alpha": "LUHLHL--"}))
    assert "All" not in texts(ax, "domain")


def test_that_nobody_judged_is_said_and_not_drawn():
    ax = traffic_lights(TRIALS.iloc[:0], unjudged=["Alpha", "Beta"])
    assert texts(ax, "words") == ["Nobody has judged the risk of bias of these studies."]
    assert not found(ax, "judgement")
    (caveat,) = drawn(ax).caveats
    assert (
        caveat.sentence == "Nobody has judged the risk of bias of Alpha and Beta: it may be high."
    )


def test_studies_that_nobody_judged_are_named_under_the_others():
    ax = traffic_lights(TRIALS, unjudged=["Beta", "Delta"])
    assert "Delta" in drawn(ax).caveats[1].sentence
    assert "Beta" not in drawn(ax).caveats[1].sentence


def test_alt_text_and_numbers():
    parts = drawn(traffic_lights(TRIALS))
    assert parts.alt == (
        "Traffic lights of the risk of bias. 2 results in 5 domains, judged with RoB2. "
        "Overall: 1 low, 1 high."
    )
    assert parts.frame["label"].tolist() == ["Alpha", "Beta"]


@pytest.mark.parametrize("tool", ["RoB2", "ROBINS-I", "QUADAS-2"])
@pytest.mark.parametrize("count", [1, 2, 13, 60])
def test_texts_keep_apart(tool, count):
    ax = traffic_lights(many(tool, count))
    assert_readable(ax)
    assert len(texts(ax, "study")) == count


def test_two_hundred_rows():
    ax = traffic_lights(many("RoB2", 200))
    assert len(found(ax, "judgement")) + len(found(ax, "not judged")) == 200 * 6


def test_it_is_readable_in_one_column_of_a_journal():
    figure = plt.figure(figsize=(85 / 25.4, 5))
    table = many("ROBINS-I", 5).assign(overall_basis="proposed")
    assert_readable(traffic_lights(table, ax=figure.add_axes((0.01, 0.01, 0.98, 0.9))))


def test_axes_too_narrow_are_refused_with_the_width_needed():
    figure = plt.figure(figsize=(2, 5))
    with pytest.raises(eq.UsageError, match="need at least"):
        traffic_lights(TRIALS, ax=figure.add_axes((0, 0, 1, 1)))


@pytest.mark.parametrize("name", ["$x^2$ & <b>", "دراسة عشوائية طويلة", "A very long name " * 8])
def test_hostile_names_survive(name):
    ax = traffic_lights(judged("RoB2", {name: "LSHL-H", "Beta": "LLLLLL"}), title=name)
    assert_readable(ax)
    assert parses_no_math(ax)


def test_unknown_words_and_tables_are_refused():
    with pytest.raises(eq.UsageError, match="'hihg' is not a judgement of RoB2"):
        traffic_lights(TRIALS.assign(D1="hihg"))
    with pytest.raises(eq.UsageError, match="no column tool"):
        traffic_lights(pd.DataFrame({"label": ["A"]}))


def test_a_base(tmp_path):
    base = eq.load_evidence(write_small_base(tmp_path / "base"))
    ax = traffic_lights(eq.bias_table(base, "relapse"))
    assert texts(ax, "letter") == ["L", "S", "S"]
    assert len(found(ax, "not judged")) == 3
