"""The funnel plot puts precise studies on top, centres its shades on the null, tests nothing."""

import math

import matplotlib as mpl
import numpy as np
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from fake_summaries import LONG, counted, summary
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from pooled_results import bcg_summary, bcg_table, simulated
from scipy.stats import norm

import equipoise as eq
from equipoise.figures import drawn, funnel
from equipoise.figures.funnel import error_at


def under(ax: Axes) -> str:
    """What stands under the figure."""
    return " ".join(text.get_text() for text in ax.get_figure(root=True).texts)


@pytest.fixture(scope="module")
def bcg() -> eq.Summary:
    return bcg_summary()


def test_studies_stand_at_their_effect_and_standard_error(bcg: eq.Summary) -> None:
    assert bcg.pooled is not None
    ax = funnel(bcg)
    (plot,) = ax.child_axes
    studies = bcg.pooled.studies
    points = [line.get_xydata()[0] for line in found(ax, "study")]
    assert [x for x, _ in points] == pytest.approx(np.exp(studies["effect"]).tolist())
    assert [y for _, y in points] == pytest.approx(studies["se"].tolist())
    assert plot.get_xscale() == "log"
    bottom, top = plot.get_ylim()
    assert bottom > max(studies["se"]) > top == 0.0
    assert [label.get_text() for label in plot.get_xticklabels()] == [
        "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10",
    ]  # fmt: skip


def test_shades_are_centred_on_the_null_and_the_pooled_line_is_another(bcg: eq.Summary) -> None:
    assert bcg.pooled is not None
    ax = funnel(bcg)
    (pooled,), (null,) = found(ax, "pooled"), found(ax, "null")
    assert list(pooled.get_xdata()) == [bcg.pooled.natural().estimate] * 2
    assert list(null.get_xdata()) == [1.0, 1.0]
    assert pooled.get_linestyle() != null.get_linestyle()
    deepest = ax.child_axes[0].get_ylim()[0]
    for p_value, name in ((0.01, "0.01"), (0.05, "0.05"), (0.1, "0.1")):
        (shade,) = found(ax, f"contour-{name}")
        corners = shade.get_paths()[0].vertices
        widest = corners[np.isclose(corners[:, 1], deepest), 0]
        reach = norm.ppf(1 - p_value / 2) * deepest
        assert [min(widest), max(widest)] == pytest.approx([math.exp(-reach), math.exp(reach)])
    order = [found(ax, f"contour-{name}")[0].get_zorder() for name in ("0.01", "0.05", "0.1")]
    assert order == sorted(order)


def test_greys_differ_and_each_is_in_the_legend(bcg: eq.Summary) -> None:
    ax = funnel(bcg)
    said = texts(ax, "legend")
    assert said[1] == "pooled estimate 0.49 (95% CI 0.33 to 0.73)"
    assert said[3:] == ["p below 0.01", "0.01 to 0.05", "0.05 to 0.1", "p above 0.1"]
    colours = [tuple(found(ax, f"contour-{n}")[0].get_facecolor()[0]) for n in ("0.01", "0.05")]
    colours += [tuple(found(ax, "contour-0.1")[0].get_facecolor()[0])]
    assert len(set(colours)) == 3


def test_the_numbers_hold_p_value_and_power(bcg: eq.Summary) -> None:
    frame = drawn(funnel(bcg)).frame
    z = (frame["effect"] / frame["se"]).abs()
    assert frame["p_value"].tolist() == pytest.approx((2 * norm.sf(z)).tolist())
    assert bcg.pooled is not None
    ratio = abs(bcg.pooled.estimate) / frame["se"]
    limit = norm.ppf(0.975)
    expected = norm.sf(limit - ratio) + norm.sf(limit + ratio)
    assert frame["power"].tolist() == pytest.approx(expected.tolist())


def test_power_bands_end_where_the_power_is_reached(bcg: eq.Summary) -> None:
    assert bcg.pooled is not None
    ax = funnel(bcg, contours="power")
    bands = found(ax, "power-band")
    ends = [band.get_extents().transformed(ax.child_axes[0].transData.inverted()) for band in bands]
    tops = [float(min(box.y0, box.y1)) for box in ends]
    effect = abs(bcg.pooled.estimate)
    assert tops == pytest.approx([0.0, *(error_at(p, effect) for p in (0.8, 0.5, 0.2))], abs=1e-9)
    assert error_at(0.8, effect) == pytest.approx(effect / (norm.ppf(0.975) + norm.ppf(0.8)), 1e-4)
    assert len(found(ax, "contour-0.05")) == 2
    assert "power above 80%" in texts(ax, "legend")
    assert "had power of 80% or more" in drawn(ax).alt


@given(st.floats(0.06, 0.999), st.floats(-5, 5).filter(lambda x: abs(x) > 1e-3))
def test_an_effect_is_found_with_the_power_that_was_asked_for(power: float, effect: float) -> None:
    found_with = eq.exaggeration(effect, error_at(power, effect)).power
    assert found_with == pytest.approx(power, abs=1e-9)


def test_it_says_that_asymmetry_is_no_publication_bias(bcg: eq.Summary) -> None:
    ax = funnel(bcg)
    first = drawn(ax).caveats[0]
    assert "A lopsided funnel is not publication bias" in first.sentence
    assert first.sentence.split(":")[0] in under(ax)
    assert not any("nothing can be read" in caveat.sentence for caveat in drawn(ax).caveats)


@pytest.mark.parametrize(("k", "said"), [(1, "one study"), (2, "two studies"), (9, "nine studies")])
def test_few_studies_say_that_nothing_can_be_read(k: int, said: str) -> None:
    ax = funnel(simulated(k))
    assert f"With {said}, fewer than 10, nothing can be read" in drawn(ax).caveats[0].sentence
    assert "nothing can be read" in under(ax)


def test_it_never_tests() -> None:
    ax = funnel(simulated(60))
    said = drawn(ax).alt + " ".join(
        text for gid in ("legend", "footnote") for text in texts(ax, gid)
    )
    for word in ("Egger", "Begg", "Peters", "intercept", "trim"):
        assert word not in said
    assert "Nothing is tested." in said
    assert "nothing can be read" not in under(ax)


def test_the_alt_text_counts(bcg: eq.Summary) -> None:
    alt = drawn(funnel(bcg)).alt
    assert alt.startswith(
        "Funnel plot of risk ratio against standard error for tuberculosis, 13 studies, standard "
        "errors 0.06 to 0.73. Pooled estimate 0.49 (95% CI 0.33 to 0.73): 7 below it, 6 at or above"
    )
    assert "6 have p below 0.01, 8 below 0.05, 8 below 0.1." in alt
    assert alt.endswith(bcg.sentence)


@pytest.mark.parametrize("k", [1, 2, 13, 60, 200])
@pytest.mark.parametrize("measure", ["RR", "SMD"])
def test_it_is_readable_at_any_size(k: int, measure: str) -> None:
    ax = funnel(simulated(k, measure))
    assert_readable(ax)
    assert len(found(ax, "study")) == k
    left, right = sorted(ax.child_axes[0].get_xlim())
    assert all(left <= line.get_xdata()[0] <= right for line in found(ax, "study"))
    assert bool(texts(ax, "point-label")) == (k <= 15)


def test_proportions_are_compared_with_nothing() -> None:
    table = eq.effect_sizes(bcg_table()[["events_treatment", "n_treatment"]], "PLO")
    ax = funnel(eq.pool(table))
    assert not found(ax, "null")
    assert not found(ax, "contour-0.05")
    assert drawn(ax).frame["p_value"].isna().all()
    assert_readable(ax)
    with pytest.raises(eq.UsageError, match="compares nothing"):
        funnel(eq.pool(table), contours="power")


def test_correlations_stand_on_their_own_axis() -> None:
    ax = funnel(eq.pool([0.2, 0.5, 1.2], [0.02, 0.05, 0.1], measure="ZCOR"))
    points = [line.get_xdata()[0] for line in found(ax, "study")]
    assert points == pytest.approx(np.tanh([0.2, 0.5, 1.2]).tolist())
    assert ax.child_axes[0].get_xlim()[1] == pytest.approx(1.0)
    assert_readable(ax)


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(eq.UsageError, match="not combined"):
        funnel(summary([counted(3, 13, 7, 9)]))
    with pytest.raises(eq.UsageError, match="choose one of: significance, power"):
        funnel(simulated(3), contours="precision")  # type: ignore[arg-type]
    with pytest.raises(eq.UsageError, match="exactly the null"):
        funnel(eq.pool([-0.5, 0.5], [0.1, 0.1]), contours="power")


def test_hostile_labels_and_a_narrow_column_survive() -> None:
    before = dict(mpl.rcParams)
    _, mine = plt.subplots(figsize=(3.35, 5.5))
    mine.set_position((0.03, 0.03, 0.94, 0.82))
    names = [LONG, "$x_1^{2}$ & <b>", "שלום", "a\nb"]
    shown = eq.pool([0.1, 0.4, -0.2, 0.3], [0.1, 0.02, 0.05, 0.2], labels=names)
    ax = funnel(shown, ax=mine, title=LONG)
    assert ax is mine
    assert not found(ax, "caveat")
    assert parses_no_math(ax)
    assert_readable(ax)
    assert dict(mpl.rcParams) == before
