"""A pooled estimate of any measure is drawn, on the axis that its readers know."""

from typing import Any

import pandas as pd
import pytest
from drawing import assert_readable, found, texts
from fake_summaries import counted, ends, marks, percents, summary, ticks
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.effects.measures import MEASURES, measure
from equipoise.figures import drawn, forest
from equipoise.figures.axis_scale import Scale

DATA: dict[str, list[float]] = {
    "events_treatment": [3, 9, 0, 12], "n_treatment": [30, 40, 25, 31],
    "events_control": [6, 12, 4, 15], "n_control": [29, 41, 26, 30],
    "time_treatment": [300, 410, 250, 320], "time_control": [290, 400, 260, 310],
    "mean_treatment": [12.1, 13.4, 11.0, 15.2], "sd_treatment": [3.1, 2.9, 3.3, 4.0],
    "mean_control": [14.0, 14.1, 12.9, 15.1], "sd_control": [3.4, 3.0, 3.1, 3.8],
    "mean_before": [22.1, 24.0, 20.7, 23.3], "sd_before": [4.1, 3.9, 4.2, 4.4],
    "mean_after": [18.0, 19.9, 19.1, 20.2], "sd_after": [4.0, 4.1, 3.9, 4.6],
    "mean": [12.1, 13.4, 11.0, 15.2], "sd": [3.1, 2.9, 3.3, 4.0],
    "events": [3, 9, 0, 12], "n": [30, 40, 25, 31], "time": [300, 410, 250, 320],
    "r": [0.62, 0.1, 0.93, 0.4], "effect": [0.3, 0.1, -0.2, 0.6], "variance": [0.1, 0.2, 0.1, 0.1],
}  # fmt: skip


def sizes(key: str, **changed: Any) -> pd.DataFrame:
    labels = ["Ann 2001", "Bea 2002", "Cem 2003", "Dee 2004"]
    table = pd.DataFrame(DATA | changed).assign(label=labels)
    wanted = MEASURES[key].columns[0]
    return eq.effect_sizes(table[["label", *wanted]], key)


@pytest.mark.parametrize("key", MEASURES)
def test_every_measure_is_drawn_on_its_natural_scale(key: str) -> None:
    pooled = eq.pool(sizes(key))
    ax = forest(pooled)
    frame, natural = drawn(ax).frame, pooled.natural()
    assert ax.get_xscale() == ("log" if MEASURES[key].axis == "ratio" else "linear")
    assert frame["estimate"].iloc[4] == natural.estimate
    low, high = ax.spines["bottom"].get_bounds()
    expected = [min(max(x, low), high) for x in frame["estimate"][:4].dropna()]
    assert marks(ax, "estimate") == pytest.approx(expected)
    assert low <= natural.estimate <= high
    for (start, end), row in zip(ends(ax), frame[:4].dropna(subset="low").to_dict("records"),
                                 strict=True):  # fmt: skip
        assert (start, end) == pytest.approx((max(row["low"], low), min(row["high"], high)))
    assert len(ticks(ax)) >= 2
    assert len(set(texts(ax, "value"))) > 2
    assert ("log scale" in " ".join(texts(ax, "axis-label"))) == (MEASURES[key].axis == "ratio")
    assert_readable(ax)
    plt.close("all")


@pytest.mark.parametrize(
    ("key", "least", "most"),
    [("COR", -1, 1), ("ZCOR", -1, 1), ("PLO", 0, 1), ("PLN", 0, 1), ("PFT", 0, 1), ("IR", 0, 9)],
)
def test_an_axis_ends_where_its_values_end(key: str, least: float, most: float) -> None:
    near = sizes(key, r=[0.99, 0.98, -0.97, 0.99], events=[1, 0, 1, 24], n=[25, 40, 25, 25])
    low, high = forest(eq.pool(near)).spines["bottom"].get_bounds()
    assert least <= low < high <= most


def test_an_effect_beyond_all_axes_ends_in_an_arrowhead() -> None:
    ax = forest(eq.pool([300.0, 310.0, 1.0], [400.0, 500.0, 0.1], measure="OR"))
    low, high = ax.spines["bottom"].get_bounds()
    assert (low, high) == pytest.approx((1e-6, 1e6)) or 1e-6 <= low < high <= 1e6
    assert "> 1,000,000" in texts(ax, "value")
    assert all(low <= x <= high for x in marks(ax, "estimate"))
    assert_readable(ax)


@pytest.mark.parametrize(
    ("key", "head"),
    [("PLO", "Share"), ("PFT", "Share"), ("IRLN", "Rate"), ("MNLN", "Mean"), ("ZCOR", "COR"),
     ("SMD", "SMD"), ("GEN", "Effect")],
)  # fmt: skip
def test_the_head_says_what_is_read(key: str, head: str) -> None:
    assert f"{head} [95% CI]" in texts(forest(eq.pool(sizes(key))), "header")


def test_small_rates_and_risk_differences_are_not_rounded_away() -> None:
    values = texts(forest(eq.pool(sizes("IR"))), "value")
    assert values[0] == "0.010"
    rare = sizes("RD", n_treatment=[3000, 4000, 2500, 3100], n_control=[2900, 4100, 2600, 3000])
    assert texts(forest(eq.pool(rare)), "value")[0] == "−0.1"
    usual = texts(forest(eq.pool(sizes("RD"))), "value")
    assert usual[0] == "−11"


def test_nothing_favours_a_treatment_where_none_is_given() -> None:
    for key in ("COR", "ZCOR", "GEN", "PLO"):
        assert texts(forest(eq.pool(sizes(key))), "direction") == []


def test_the_scale_of_shares_from_logarithms_is_that_of_shares() -> None:
    scale = Scale.of(measure("PLN"), [(0.1, 0.01, 0.9)])
    assert (scale.low, scale.high) == (0.0, 1.0)
    assert scale.labels(scale.ticks(3.0))[0] == "0%"


# What stands beside the axis


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (7.0, ["← favours inversion therapy", "favours comparison →"]),
        (6.2, ["← favours inversion", "therapy", "favours comparison →"]),
        (5.7, ["← favours inversion", "therapy", "favours", "comparison →"]),
        (5.3, ["← favours", "inversion", "therapy", "favours", "comparison →"]),
    ],
)
def test_an_arrow_keeps_its_word(width: float, lines: list[str]) -> None:
    row = counted(3, 13, 7, 9, treatment="Inversion therapy at home")
    _, mine = plt.subplots(figsize=(width, 4))
    mine.set_position((0.02, 0.1, 0.96, 0.8))
    ax = forest(summary([row]), ax=mine)
    assert texts(ax, "direction") == lines
    assert_readable(ax)


def test_other_treatments_are_not_called_by_the_name_of_the_first() -> None:
    rows = [
        counted(3, 13, 7, 9),
        counted(5, 20, 6, 20, treatment="Traction", directness="indirect"),
    ]
    said = " ".join(texts(forest(summary(rows)), "direction"))
    assert said == "← favours treatment favours comparison →"
    alike = [rows[0], percents(21, 39, treatment="Inversion at home", directness="indirect")]
    assert "favours inversion" in " ".join(texts(forest(summary(alike)), "direction"))


# What is no figure


@pytest.mark.parametrize(
    ("figure", "given", "words"),
    [
        ("forest", sizes("RR"), "forest draws a summary from summarize, or a pooled estimate from"),
        ("forest", [1], "not a list"),
        ("forest", "surgery", "not a str"),
        ("outcomes", 3, "outcomes draws a summary from summarize, not a int"),
        ("outcomes", [eq.pool([0.1], [0.2])], "not a Pooled"),
        ("before_after", "pain", "before_after draws a summary from summarize, not a str"),
        ("two_groups", sizes("RR"), "two_groups draws a summary"),
        ("icon_array", None, "icon_array draws a summary from summarize, not a NoneType"),
    ],
)
def test_what_is_not_drawn_is_refused_in_words(figure: str, given: Any, words: str) -> None:
    with pytest.raises(eq.UsageError, match=words):
        getattr(eq.figures, figure)(given)
    assert not plt.get_fignums()


def test_a_title_is_text() -> None:
    with pytest.raises(eq.UsageError, match="the title must be text, not 3"):
        forest(eq.pool([0.1, 0.2], [0.1, 0.1]), title=3)  # type: ignore[arg-type]
    assert not plt.get_fignums()
    assert found(forest(eq.pool([0.1, 0.2], [0.1, 0.1])), "pooled")
