"""The drapery plot shows the p value of every possible effect, and holds no level above another."""

import math

import numpy as np
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from fake_summaries import LONG, counted, summary
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from pooled_results import bcg_summary, bcg_table, simulated
from scipy.stats import norm, t

import equipoise as eq
from equipoise.figures import drapery, drawn
from equipoise.figures.drapery import depth_of, reach_of


@given(st.floats(1e-4, 1.0), st.floats(0.01, 10.0), st.sampled_from([1.0, 4.0, 12.0, math.inf]))
def test_the_p_value_at_its_reach_is_the_p_value(p_value: float, se: float, df: float) -> None:
    reach = float(reach_of(depth_of(np.array([p_value])), se, df)[0])
    back = 2 * (norm.sf(reach / se) if math.isinf(df) else t.sf(reach / se, df))
    assert back == pytest.approx(p_value, rel=1e-9)


def test_each_study_is_a_tent_over_its_estimate() -> None:
    pooled = simulated(13, "SMD")
    ax = drapery(pooled)
    (curves,) = found(ax, "study")
    deepest = norm.ppf(1 - 0.001 / 2)
    for curve, effect, variance in zip(
        curves.get_segments(), pooled.effects, pooled.variances, strict=True
    ):
        reach = deepest * math.sqrt(variance)
        assert curve[:, 0] == pytest.approx([effect - reach, effect, effect, effect + reach])
        assert curve[:, 1] == pytest.approx([deepest, 0.0, 0.0, deepest])


def test_the_pooled_curve_cuts_out_the_confidence_interval() -> None:
    bcg = bcg_summary()
    assert bcg.pooled is not None
    (curve,) = found(drapery(bcg), "pooled")
    x, y = curve.get_data()
    middle = len(x) // 2
    depth, natural = norm.ppf(0.975), bcg.pooled.natural()
    left = np.interp(depth, y[:middle][::-1], np.log(x[:middle])[::-1])
    right = np.interp(depth, y[middle:], np.log(x[middle:]))
    assert np.exp([left, right]) == pytest.approx([natural.low, natural.high], rel=1e-3)
    assert x[middle] == pytest.approx(natural.estimate)


def test_the_prediction_interval_is_shaded() -> None:
    bcg = bcg_summary()
    assert bcg.pooled is not None
    ax, natural = drapery(bcg), bcg.pooled.natural()
    (ends,) = found(ax, "prediction-end")
    at = [segment[0][0] for segment in ends.get_segments()]
    assert at == pytest.approx([natural.prediction_low, natural.prediction_high])
    assert "95% prediction interval 0.14 to 1.76" in texts(ax, "legend")
    assert not found(drapery(simulated(2)), "prediction")


def test_heights_are_named_by_p_value_and_level() -> None:
    ax = drapery(simulated(13))
    (plot,) = ax.child_axes
    assert [label.get_text() for label in plot.get_yticklabels()] == [
        "1", "0.5 (50%)", "0.2 (80%)", "0.1 (90%)", "0.05 (95%)", "0.01 (99%)", "0.001 (99.9%)",
    ]  # fmt: skip
    assert list(plot.get_yticks())[4] == pytest.approx(norm.ppf(0.975))
    bottom, top = plot.get_ylim()
    assert bottom > top == 0.0


def test_the_alt_text_tells_intervals() -> None:
    bcg = bcg_summary()
    alt = drawn(drapery(bcg)).alt
    assert "13 studies in grey and of all together on top, at 0.49." in alt
    assert "95%: 0.33 to 0.73. Prediction interval 0.14 to 1.76." in alt
    assert alt.endswith(bcg.sentence)
    assert drawn(drapery(bcg)).caveats == bcg.caveats


@pytest.mark.parametrize("k", [1, 2, 13, 60, 200])
@pytest.mark.parametrize("measure", ["RR", "SMD"])
def test_it_is_readable_at_any_size(k: int, measure: str) -> None:
    ax = drapery(simulated(k, measure))
    assert_readable(ax)
    assert len(found(ax, "study")[0].get_segments()) == k


@pytest.mark.parametrize("measure", ["PLO", "PFT"])
def test_tents_bend_where_the_axis_is_of_proportions(measure: str) -> None:
    table = eq.effect_sizes(bcg_table()[["events_treatment", "n_treatment"]], measure)
    ax = drapery(eq.pool(table))
    assert ax.child_axes[0].get_xlim() == (0.0, 1.0)
    assert all(len(curve) > 100 for curve in found(ax, "study")[0].get_segments())
    assert not found(ax, "null")
    assert_readable(ax)


def test_what_has_no_curve_is_said() -> None:
    with pytest.raises(eq.UsageError, match="no curve of p values"):
        drapery(eq.henmi_copas([0.1, 0.4, 0.9], [0.1, 0.1, 0.2]))
    with pytest.raises(eq.UsageError, match="not combined"):
        drapery(summary([counted(3, 13, 7, 9)]))


def test_a_narrow_column_survives() -> None:
    _, mine = plt.subplots(figsize=(3.35, 5.5))
    mine.set_position((0.03, 0.03, 0.94, 0.82))
    ax = drapery(simulated(13), ax=mine, title=LONG)
    assert ax is mine
    assert parses_no_math(ax)
    assert_readable(ax)
