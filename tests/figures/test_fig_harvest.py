import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from judged import judged
from matplotlib import colors
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.appraisal.effect_directions import EffectDirections, effect_directions
from equipoise.figures.drawn import drawn
from equipoise.figures.harvest import harvest


def cell(study, domain, direction, design="rct", *, allocation="random", directness="direct"):
    return {
        "study_id": study.lower(), "label": study, "design": design,
        "allocation": allocation if design == "rct" else "", "directness": directness, "n": 20.0,
        "domain": domain, "direction": direction, "outcomes": domain, "comparisons": 1,
        "without_direction": int(direction.startswith("not")),
    }  # fmt: skip


def made(*cells):
    return EffectDirections(cells=pd.DataFrame(list(cells)))


CELLS = (
    cell("Alpha", "pain", "up"),
    cell("Beta", "pain", "up", "nrsi_controlled"),
    cell("Gamma", "pain", "down", "single_arm"),
    cell("Delta", "pain", "none", allocation="alternate"),
    cell("Alpha", "function", "down"),
    cell("Epsilon", "function", "mixed"),
    cell("Zeta", "function", "up", "systematic_review", directness="indirect"),
)
BIAS = pd.concat([
    judged("RoB2", {"Alpha": "LLLLLL", "Delta": "LLHLLH"}),
    judged("ROBINS-I", {"Beta": "SLLMLLNS"}),
]).fillna("")  # fmt: skip


def bars(ax):
    """Left, height and foot of every bar, in shares of the width and in inches."""
    boxes = [patch.get_bbox() for patch in found(ax, "bar")]
    return [(box.x0, abs(box.height), max(box.y0, box.y1)) for box in boxes]


def test_bars_stand_in_the_column_of_their_hypothesis():
    ax = harvest(made(*CELLS))
    assert texts(ax, "hypothesis") == ["Harm", "No difference", "Benefit"]
    heads = [text.get_position()[0] for text in found(ax, "hypothesis")]
    frame = drawn(ax).frame
    assert sorted(zip(frame["label"], frame["domain"], frame["hypothesis"], strict=True)) == [
        ("Alpha", "function", "Harm"), ("Alpha", "pain", "Benefit"), ("Beta", "pain", "Benefit"),
        ("Delta", "pain", "No difference"), ("Gamma", "pain", "Harm"),
    ]  # fmt: skip
    # drawn by hypothesis, then domain, then height: Gamma, Alpha; Delta; Alpha, Beta
    assert texts(ax, "number") == ["3", "1", "4", "1", "2"]
    lefts = [x for x, _, _ in bars(ax)]
    assert lefts[:4] == pytest.approx([heads[0], heads[0], heads[1], heads[2]])
    assert lefts[4] > heads[2]


def test_height_is_how_suitable_the_design_is():
    heights = [height for _, height, _ in bars(harvest(made(*CELLS)))]
    tallest = max(heights)
    # Gamma alone, Alpha by chance, Delta by a rule, Alpha by chance, Beta by neither
    assert [height / tallest for height in heights] == pytest.approx([0.25, 1, 0.75, 1, 0.5])


def test_bars_bear_the_risk_of_bias_of_their_outcome():
    ax = harvest(made(*CELLS), BIAS)
    assert texts(ax, "judgement sign") == ["–", "–", "×H", "+L", "×S"]
    faces = [colors.to_hex(patch.get_facecolor()) for patch in found(ax, "bar")]
    assert faces == ["#ffffff", "#ffffff", "#bf0000", "#02c100", "#bf0000"]
    assert texts(harvest(made(*CELLS)), "judgement sign") == ["–"] * 5


def test_the_worst_of_several_judgements_counts():
    twice = pd.concat([BIAS, judged("RoB2", {"Alpha": "LSLLLS"})]).fillna("")
    assert texts(harvest(made(CELLS[0]), twice), "judgement sign") == ["−S"]


def test_what_has_no_bar_is_named():
    legend = " ".join(texts(harvest(made(*CELLS)), "legend"))
    assert "results of one study point both ways: Epsilon (function)" in legend
    assert "reviews and related treatments: Zeta (function)" in legend
    assert "1: Alpha; 2: Beta; 3: Gamma; 4: Delta." in legend


def test_no_hypothesis_is_said():
    with pytest.raises(eq.UsageError, match="No study points one way"):
        harvest(made(cell("Alpha", "pain", "not compared")))
    narrow = plt.figure(figsize=(1.5, 5)).add_axes((0, 0, 1, 1))
    with pytest.raises(eq.UsageError, match="needs at least"):
        harvest(made(*CELLS), ax=narrow)


def test_alt_text():
    assert drawn(harvest(made(*CELLS))).alt == (
        "Harvest plot, number of studies by hypothesis in 2 domains. Pain: harm 1, no difference "
        "1, benefit 2. Function: harm 1, no difference 0, benefit 0."
    )


@pytest.mark.parametrize("count", [1, 2, 13, 60, 200])
def test_texts_keep_apart(count):
    words = ("up", "down", "none", "mixed")
    cells = [cell(f"Author {i}", f"domain {i % 3}", words[i % 4]) for i in range(count)]
    cells += [cell("First", "domain 0", "up")]
    ax = harvest(made(*cells))
    assert_readable(ax)
    assert len(found(ax, "bar")) == sum(one["direction"] != "mixed" for one in cells)


def test_bars_do_not_cover_each_other():
    cells = [cell(f"Author {i}", "pain", "up") for i in range(20)]
    places = [(x, foot) for x, _, foot in bars(harvest(made(*cells)))]
    assert len(set(places)) == 20


@pytest.mark.parametrize("name", ["$x^2$ & <b>", "دراسة عشوائية طويلة", "A very long name " * 8])
def test_hostile_names_survive(name):
    ax = harvest(made(cell(name, name, "up"), cell("B", "pain", "mixed")), title=name)
    assert_readable(ax)
    assert parses_no_math(ax)


def test_it_is_readable_in_one_column_of_a_journal():
    figure = plt.figure(figsize=(85 / 25.4, 5))
    assert_readable(harvest(made(*CELLS), BIAS, ax=figure.add_axes((0.02, 0.02, 0.96, 0.9))))


def test_the_first_evidence_base(evidence):
    assert_readable(harvest(effect_directions(evidence), eq.bias_table(evidence)))
