"""The orchard shows hundreds of studies in order, their density, and what they show together."""

from itertools import combinations

import numpy as np
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from fake_summaries import LONG, counted, summary
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from pooled_results import bcg_summary, bcg_table, simulated

import equipoise as eq
from equipoise.figures import drawn, orchard
from equipoise.figures.orchard import beside_each_other


def test_studies_stand_in_the_order_of_their_effects_with_their_intervals() -> None:
    pooled = simulated(60, "SMD")
    ax = orchard(pooled)
    studies = pooled.studies.sort_values("effect")
    (dots,), (lines,) = found(ax, "estimate"), found(ax, "interval")
    assert dots.get_xdata() == pytest.approx(studies["effect"].to_numpy())
    assert (np.diff(dots.get_ydata()) > 0).all()
    segments = np.array(lines.get_segments())
    assert segments[:, 0, 0] == pytest.approx(studies["low"].to_numpy())
    assert segments[:, 1, 0] == pytest.approx(studies["high"].to_numpy())
    assert segments[:, :, 1] == pytest.approx(np.column_stack([dots.get_ydata()] * 2))
    assert drawn(ax).frame["label"].tolist() == studies["label"].tolist()


def test_a_diamond_spans_the_interval_and_a_bar_the_prediction() -> None:
    bcg = bcg_summary()
    assert bcg.pooled is not None
    ax, natural = orchard(bcg), bcg.pooled.natural()
    (diamond,), (bar,) = found(ax, "pooled"), found(ax, "prediction")
    assert diamond.get_xy()[:4, 0] == pytest.approx(
        [natural.low, natural.estimate, natural.high, natural.estimate]
    )
    assert sorted(set(bar.get_xy()[:, 0])) == pytest.approx(
        [natural.prediction_low, natural.prediction_high]
    )
    assert ax.child_axes[0].get_xscale() == "log"
    assert "pooled estimate 0.49 (95% CI 0.33 to 0.73)" in texts(ax, "legend")
    assert drawn(ax).caveats == bcg.caveats
    alt = drawn(ax).alt
    assert "13 studies in the order of effects: 0.20 to 1.56" in alt
    assert "Prediction interval 0.14 to 1.76." in alt
    assert alt.endswith(bcg.sentence)


def test_points_stand_at_their_estimate_and_have_the_area_of_their_precision() -> None:
    ax = orchard(simulated(13))
    (trees,) = found(ax, "tree")
    frame = drawn(ax).frame
    assert np.asarray(trees.get_offsets())[:, 0] == pytest.approx(frame["estimate"].to_numpy())
    precision = 1 / frame["se"].to_numpy()
    areas = trees.get_sizes()
    smallest = areas.min() * 1.0001
    free = areas > smallest
    assert free.sum() > 5
    assert areas[free] == pytest.approx(areas.max() * (precision / precision.max())[free])


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0.03, 0.1)), min_size=1, max_size=40))
def test_points_beside_each_other_never_overlap(marks: list[tuple[float, float]]) -> None:
    places, widths = (np.array(values) for values in zip(*marks, strict=True))
    offsets = beside_each_other(places, widths, 10.0)
    for i, j in combinations(range(len(marks)), 2):
        apart = np.hypot(places[i] - places[j], offsets[i] - offsets[j])
        assert apart >= (widths[i] + widths[j]) / 2 - 1e-7
    assert offsets[np.argmax(widths)] == 0.0
    assert np.abs(beside_each_other(places, widths, 0.2)).max() <= 0.2


def test_equal_effects_show_as_a_crowd() -> None:
    ax = orchard(eq.pool([0.2] * 30, [0.04] * 30))
    heights = found(ax, "tree")[0].get_offsets()[:, 1]
    assert len(set(np.asarray(heights).tolist())) > 5


def test_what_leaves_the_axis_ends_in_an_arrowhead() -> None:
    ax = orchard(simulated(2))
    low, high = ax.child_axes[0].get_xlim()
    at = [float(mark.get_xdata()[0]) for mark in found(ax, "clipped")]
    assert at == pytest.approx([low, high])
    assert "goes on beyond the axis" in texts(ax, "legend")
    assert not found(ax, "prediction")


@pytest.mark.parametrize("k", [1, 2, 13, 60, 200])
@pytest.mark.parametrize("measure", ["RR", "SMD"])
def test_it_is_readable_at_any_size(k: int, measure: str) -> None:
    ax = orchard(simulated(k, measure))
    assert_readable(ax)
    assert len(found(ax, "tree")[0].get_offsets()) == k
    assert ax.get_figure(root=True).get_figheight() < 8


def test_proportions_stand_between_nothing_and_everybody() -> None:
    ax = orchard(eq.pool(eq.effect_sizes(bcg_table()[["events_treatment", "n_treatment"]], "PFT")))
    assert ax.child_axes[0].get_xlim() == (0.0, 1.0)
    assert not found(ax, "null")
    assert_readable(ax)


def test_tiny_effects_keep_their_labels_on_the_page() -> None:
    ax = orchard(eq.pool([1e-05, 1.2e-05, -3e-06], [1e-12, 2e-12, 1e-12]))
    assert_readable(ax)


def test_studies_that_are_not_combined_are_not_drawn() -> None:
    with pytest.raises(eq.UsageError, match="not combined"):
        orchard(summary([counted(3, 13, 7, 9)]))


def test_a_narrow_column_survives() -> None:
    _, mine = plt.subplots(figsize=(3.35, 6.5))
    mine.set_position((0.03, 0.03, 0.94, 0.82))
    ax = orchard(simulated(60), ax=mine, title=LONG)
    assert ax is mine
    assert parses_no_math(ax)
    assert_readable(ax)
