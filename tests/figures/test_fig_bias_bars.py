import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from judged import judged, many
from matplotlib import colors
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.appraisal.risk_of_bias import bias_summary
from equipoise.figures.bias_bars import bias_bars
from equipoise.figures.drawn import drawn

TRIALS = judged("RoB2", {"Alpha": "LSHL-H", "Beta": "LLLLLL", "Gamma": "LLSLLS"})
WEIGHTS = {"Alpha": 1.0, "Beta": 2.0, "Gamma": 5.0, "Delta": 2.0}


def parts(ax):
    """Left end and length of every part, in the order drawn."""
    return [(bar.get_x(), bar.get_width()) for bar in found(ax, "part")]


def test_parts_are_as_long_as_their_share_and_follow_each_other():
    summary = bias_summary(TRIALS, WEIGHTS)
    ax = bias_bars(summary)
    shown = summary[summary["share"] > 0]
    assert [width for _, width in parts(ax)] == pytest.approx(shown["share"].tolist())
    ends = shown.groupby("domain", sort=False)["share"].cumsum()
    assert [x + width for x, width in parts(ax)] == pytest.approx(ends.tolist())


def test_bars_stand_in_the_order_of_the_domains():
    ax = bias_bars(bias_summary(TRIALS))
    assert texts(ax, "domain")[0] == "Randomization process"
    assert texts(ax, "domain")[-1] == "Overall"
    middles = list(dict.fromkeys(b.get_y() for b in found(ax, "part")))
    assert middles == sorted(middles)
    assert len(middles) == 6


def test_parts_bear_colour_symbol_letter_and_share():
    ax = bias_bars(bias_summary(TRIALS))
    overall = found(ax, "part")[-3:]
    assert [colors.to_hex(b.get_facecolor()) for b in overall] == ["#02c100", "#e2df07", "#bf0000"]
    assert texts(ax, "part text")[-3:] == ["+ L 33%", "− S 33%", "× H 33%"]


def test_what_nobody_judged_is_hatched():
    ax = bias_bars(bias_summary(TRIALS, WEIGHTS))
    hatched = [bar for bar in found(ax, "part") if bar.get_hatch()]
    # Delta, of 2 in 10, in every domain; and Alpha, of 1 in 10, in the fifth
    assert [bar.get_width() for bar in hatched] == pytest.approx([0.2] * 4 + [0.3, 0.2])
    assert "hatched: not judged" in " ".join(texts(ax, "legend"))


def test_the_axis_says_what_is_shared_out():
    assert texts(bias_bars(bias_summary(TRIALS)), "axis label") == ["Share of the studies"]
    weighted = bias_bars(bias_summary(TRIALS, WEIGHTS))
    assert texts(weighted, "axis label") == ["Share of the weight"]
    assert [tick.get_text() for tick in weighted.get_xticklabels()] == [
        "0%", "25%", "50%", "75%", "100%"]  # fmt: skip


def test_studies_are_counted_in_words():
    ax = bias_bars(bias_summary(TRIALS))
    assert texts(ax, "count-note") == ["3L", "2L, 1S", "1L, 1S, 1H", "3L", "2L, 1–", "1L, 1S, 1H"]


def test_tools_stand_below_each_other():
    both = [bias_summary(TRIALS), bias_summary(judged("QUIPS", {"Epsilon": "LMHLMH-"}))]
    ax = bias_bars(pd.concat(both))
    assert texts(ax, "section") == ["RoB2", "QUIPS"]
    assert len(texts(ax, "count-note")) == 6 + 6


def test_nobody_judged_and_wrong_tables():
    empty = bias_summary(TRIALS).iloc[:0]
    assert texts(bias_bars(empty), "words")[0].startswith("Nobody has judged")
    with pytest.raises(eq.UsageError, match="without share"):
        bias_bars(bias_summary(TRIALS).drop(columns="share"))
    with pytest.raises(eq.UsageError, match=r"RoB2, D1, add up to 0\.5"):
        bias_bars(bias_summary(TRIALS).eval("share = share / 2"))


def test_alt_text():
    alt = drawn(bias_bars(bias_summary(TRIALS, WEIGHTS))).alt
    assert alt.startswith("Stacked bars of the risk of bias, share of the weight")
    assert "Overall: low 20%, some concerns 50%, high 10%, not judged 20%." in alt


@pytest.mark.parametrize("tool", ["RoB2", "ROBINS-I", "QUADAS-2", "ROBINS-E"])
@pytest.mark.parametrize("count", [1, 2, 13, 200])
def test_texts_keep_apart(tool, count):
    ax = bias_bars(bias_summary(many(tool, count)), title="How $much$ " * 20)
    assert_readable(ax)
    assert parses_no_math(ax)


def test_it_is_readable_in_one_column_of_a_journal():
    figure = plt.figure(figsize=(85 / 25.4, 5.5))
    ax = figure.add_axes((0.02, 0.01, 0.96, 0.9))
    assert_readable(bias_bars(bias_summary(many("ROBINS-I", 13)), ax=ax))
