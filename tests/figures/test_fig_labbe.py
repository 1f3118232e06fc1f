"""The L'Abbé plot sets risk against risk, on square axes, with what the pooled effect says."""

import math

import numpy as np
import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from fake_summaries import LONG, alone, counted, is_hollow, many, percents, summary
from matplotlib import pyplot as plt
from pooled_results import bcg_summary, bcg_table

import equipoise as eq
from equipoise.figures import drawn, labbe


def of_bcg(measure: str) -> tuple[pd.DataFrame, eq.Pooled]:
    table = bcg_table()
    return table, eq.pool(eq.effect_sizes(table, measure))


def counts(k: int) -> pd.DataFrame:
    draw = np.random.default_rng(k)
    people, risk = draw.integers(20, 400, k), draw.uniform(0.05, 0.8, k)
    return pd.DataFrame({
        "study": [f"Study {number}" for number in range(k)],
        "events_treatment": draw.binomial(people, 0.7 * risk), "n_treatment": people,
        "events_control": draw.binomial(people, risk), "n_control": people,
    })  # fmt: skip


def test_marks_stand_at_the_two_risks_with_the_area_of_their_weight() -> None:
    table, pooled = of_bcg("RR")
    ax = labbe(table, pooled=pooled)
    marks = found(ax, "study")
    wanted = {
        (row["events_control"] / row["n_control"], row["events_treatment"] / row["n_treatment"])
        for row in table.to_dict("records")
    }
    assert {tuple(map(float, mark.get_xydata()[0])) for mark in marks} == wanted
    areas = sorted(mark.get_markersize() ** 2 for mark in marks)
    weights = np.sort(pooled.weights)
    assert areas == pytest.approx((weights / weights.max() * areas[-1]).tolist())


def test_axes_are_square_and_cut_by_the_line_of_equality() -> None:
    table, pooled = of_bcg("RR")
    ax = labbe(table, pooled=pooled)
    (plot,) = ax.child_axes
    ax.figure.canvas.draw()
    box = plot.get_window_extent()
    assert box.width == pytest.approx(box.height, rel=1e-3)
    assert plot.get_xlim() == plot.get_ylim()
    assert list(plot.get_xticks()) == list(plot.get_yticks())
    (line,) = found(ax, "equality")
    assert np.array_equal(line.get_xdata(), line.get_ydata())


@pytest.mark.parametrize("measure", ["RR", "OR", "RD", "PETO"])
def test_the_curve_is_what_the_pooled_effect_makes_of_a_risk(measure: str) -> None:
    table, pooled = of_bcg(measure)
    (curve,) = found(labbe(table, pooled=pooled), "pooled")
    risks, made = curve.get_data()
    effect = pooled.natural().estimate
    inside = (risks > 0.01) & (risks < 0.99) & (made > 0)
    risk, other = risks[inside], made[inside]
    back = {
        "RR": other / risk, "RD": other - risk,
        "OR": other / (1 - other) / (risk / (1 - risk)),
    }  # fmt: skip
    assert inside.sum() > 50
    assert back.get(measure, back["OR"]) == pytest.approx(np.full(inside.sum(), effect))
    assert ((made >= 0) & (made <= 1)).all()


def test_the_band_spans_the_confidence_interval() -> None:
    table, pooled = of_bcg("RR")
    ax = labbe(table, pooled=pooled)
    (band,) = found(ax, "band")
    limit = ax.child_axes[0].get_xlim()[1]
    corners = band.get_paths()[0].vertices
    ends = corners[np.isclose(corners[:, 0], limit), 1] / limit
    natural = pooled.natural()
    assert [ends.min(), ends.max()] == pytest.approx([natural.low, natural.high])


def test_a_measure_without_a_curve_says_so() -> None:
    table, pooled = of_bcg("AS")
    ax = labbe(table, pooled=pooled)
    assert not found(ax, "pooled")
    assert "has no curve here" in " ".join(texts(ax, "footnote"))


def test_a_summary_brings_its_pooled_estimate_and_caveats() -> None:
    bcg = bcg_summary()
    ax = labbe(bcg)
    assert len(found(ax, "pooled")) == 1
    assert drawn(ax).caveats == bcg.caveats
    assert texts(ax, "axis-up") == ["Treated group: share of people who developed tuberculosis"]
    assert drawn(ax).frame["weight"].sum() == pytest.approx(1.0)
    alt = drawn(ax).alt
    assert alt.startswith("L'Abbé plot, 13 comparisons, pooled risk ratio 0.49 (95% CI 0.33 to")
    assert "Fewer of the treated in 11, more in 2, equal in 0." in alt
    assert alt.endswith(bcg.sentence)
    assert_readable(ax)


def test_percentages_are_hollow_and_bounds_have_no_place() -> None:
    rows = [percents(21, 39), counted(3, 13, 7, 9), percents(21, 39, relation_control="more_than"),
            alone(percent_treatment=74.0)]  # fmt: skip
    ax = labbe(summary(rows))
    assert [is_hollow(mark) for mark in found(ax, "study")].count(True) == 1
    assert not found(ax, "pooled")
    assert "1 more comparison has no place here: not both risks are known." in texts(ax, "footnote")
    assert texts(ax, "subtitle") == ["2 comparisons, not combined"]
    assert {"one comparison", "percentages only"} <= set(texts(ax, "legend"))


@pytest.mark.parametrize("k", [1, 2, 13, 60, 200])
def test_it_is_readable_at_any_size(k: int) -> None:
    table = counts(k)
    ax = labbe(table, pooled=eq.pool(eq.effect_sizes(table, "OR")))
    assert_readable(ax)
    assert len(found(ax, "study")) == len(drawn(ax).frame) == k
    plt.close("all")
    assert_readable(labbe(summary(many(k))))


def test_nobody_with_the_outcome_still_has_axes() -> None:
    table = counts(2).assign(events_treatment=0, events_control=0)
    ax = labbe(table)
    assert ax.child_axes[0].get_xlim()[1] > 0
    assert "equal in 2" in drawn(ax).alt
    assert_readable(ax)


def test_what_cannot_be_drawn_is_said() -> None:
    table, pooled = of_bcg("RR")
    for shown, wrong, said in (
        (pooled, None, "holds no risks"),
        (bcg_summary(), pooled, "brings its own"),
        (summary([counted(3, 13, 7, 9)], kind="continuous"), None, "not a yes-or-no outcome"),
        (summary([alone(percent_treatment=74.0)]), None, "reports both risks"),
        (table.drop(columns="n_control"), None, "no column 'n_control'"),
        (table.head(12), pooled, "12 rows and the pooled estimate 13"),
        (table.assign(n_control=math.nan), None, "No row of the table"),
    ):
        with pytest.raises(eq.UsageError, match=said):
            labbe(shown, pooled=wrong)


def test_hostile_labels_and_a_narrow_column_survive() -> None:
    _, mine = plt.subplots(figsize=(3.35, 5.5))
    mine.set_position((0.03, 0.03, 0.94, 0.82))
    names = [LONG, "$x_1^{2}$ & <b>", "שלום", "a\nb"]
    ax = labbe(counts(4).assign(study=names), ax=mine, title=LONG)
    assert ax is mine
    assert parses_no_math(ax)
    assert_readable(ax)
    box = ax.child_axes[0].get_window_extent()
    assert box.width > 150


def test_no_name_stands_where_it_could_be_that_of_another_mark() -> None:
    table, pooled = of_bcg("RR")
    ax = labbe(table, pooled=pooled)
    ax.figure.canvas.draw()
    (plot,) = ax.child_axes
    marks = {
        row["label"]: plot.transData.transform((row["risk_control"], row["risk_treatment"]))
        for row in drawn(ax).frame.to_dict("records")
    }
    names = found(ax, "point-label")
    assert names
    for text in names:
        box = text.get_window_extent()
        away = {
            name: math.dist((x, y), (min(max(x, box.x0), box.x1), min(max(y, box.y0), box.y1)))
            for name, (x, y) in marks.items()
        }
        assert min(away, key=lambda name: away[name]).startswith(text.get_text().rstrip(" …"))
