import math

import matplotlib as mpl
import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.figures.direct_labels import Box, beside_marks, spread
from equipoise.figures.drawn import drawn
from equipoise.figures.natural_course import natural_course

NAN = math.nan
WEEKS = (0, 6, 26, 52)


def row(series, weeks, value, **other):
    return {
        "context_id": f"{series}{weeks}", "kind": "natural_history", "series": series,
        "quantity": "Mean pain", "value": value, "low": NAN, "high": NAN,
        "unit": "points out of 100", "weeks": weeks, "population": f"People with {series}",
        "outcomes": "pain", "source_id": "costa2012", "confidence": "primary", "notes": "", **other,
    }  # fmt: skip


ACUTE = [row("acute", week, value) for week, value in zip(WEEKS, (52, 23, 12, 6), strict=True)]
PERSISTENT = [row("persistent", week, value) for week, value in
              zip(WEEKS, (51, 33, 26, 23), strict=True)]  # fmt: skip
FALL = row(
    "fall", 4, 58, quantity="Fall in pain", unit="percent", population="People with back pain"
)
BURDEN = row("world", NAN, 577, kind="burden", unit="million people")


def table(*rows):
    return pd.DataFrame(rows)


def test_lines_go_through_the_numbers_in_order_of_weeks():
    ax = natural_course(table(*reversed(ACUTE), *PERSISTENT))
    acute, persistent = found(ax, "course")
    assert acute.get_xdata().tolist() == list(WEEKS)
    assert acute.get_ydata().tolist() == [52, 23, 12, 6]
    assert persistent.get_ydata().tolist() == [51, 33, 26, 23]


def test_lines_differ_without_colour():
    first, second = found(natural_course(table(*ACUTE, *PERSISTENT)), "course")
    assert first.get_marker() != second.get_marker()
    assert first.get_linestyle() != second.get_linestyle()


def test_the_vertical_axis_begins_at_zero():
    low, high = natural_course(table(*PERSISTENT)).get_ylim()
    assert low == 0
    assert high >= 51


def test_every_point_has_its_value_and_every_line_its_name():
    ax = natural_course(table(*ACUTE, *PERSISTENT))
    assert sorted(texts(ax, "value"), key=int) == sorted(
        ["52", "23", "12", "6", "51", "33", "26", "23"], key=int
    )
    assert texts(ax, "name") == ["acute", "persistent"]
    assert ax.get_legend() is None


def test_what_all_names_end_in_is_left_out():
    rows = [{**r, "series": f"{r['series']}: pain over a year"} for r in ACUTE + PERSISTENT]
    assert texts(natural_course(table(*rows)), "name") == ["acute", "persistent"]


def test_other_units_are_written_and_not_lost():
    ax = natural_course(table(*ACUTE, FALL))
    frame = drawn(ax).frame
    assert frame["drawn"].tolist() == [True] * 4 + [False]
    note = " ".join(texts(ax, "note"))
    assert "Also reported, people with back pain: fall in pain, 58 percent (week 4)." in note
    assert "58 percent" in drawn(ax).alt


def test_numbers_without_a_week_or_with_a_range_alone_are_written():
    range_only = row("recurrence", NAN, NAN, low=24, high=80, quantity="Recurrence", unit="percent")
    ax = natural_course(table(*ACUTE, range_only))
    assert "recurrence, 24 to 80 percent" in " ".join(texts(ax, "note"))


def test_missing_words_are_no_words():
    ax = natural_course(table(*ACUTE, FALL).drop(columns="population"))
    assert "nan" not in drawn(ax).alt
    assert texts(ax, "about") == []


def test_other_kinds_are_not_read():
    ax = natural_course(table(*ACUTE, BURDEN))
    assert len(drawn(ax).frame) == 4
    assert "577" not in drawn(ax).alt


def test_intervals_are_drawn():
    rows = [{**r, "low": r["value"] - 3, "high": r["value"] + 4} for r in ACUTE]
    ax = natural_course(table(*rows))
    ends = [collection.get_segments()[0][:, 1].tolist() for collection in found(ax, "interval")]
    assert ends == [[49, 56], [20, 27], [9, 16], [3, 10]]


def test_a_lone_point_of_the_same_kind_stands_among_the_lines():
    ax = natural_course(table(*ACUTE, row("other", 26, 30)))
    assert drawn(ax).frame["drawn"].all()
    assert found(ax, "course")[1].get_ydata().tolist() == [30]


def test_the_message_is_under_the_plot():
    note = " ".join(texts(natural_course(table(*ACUTE)), "note"))
    assert "benchmark for any before-and-after figure" in note
    assert "treated and untreated alike" in note


def test_alt_text():
    alt = drawn(natural_course(table(*ACUTE))).alt
    assert alt.startswith("Line chart of mean pain, points out of 100")
    assert "acute: 52 at week 0, 23 at week 6, 12 at week 26, 6 at week 52." in alt


def test_nothing_over_time_is_said():
    for rows in ([BURDEN], [row("acute", NAN, 3.0)]):
        with pytest.raises(eq.UsageError, match="nothing to draw"):
            natural_course(table(*rows))


def test_axes_in_axes_out_and_nothing_else_changes():
    _, mine = plt.subplots(figsize=(8, 4))
    settings, open_before = dict(mpl.rcParams), plt.get_fignums()
    assert natural_course(table(*ACUTE), ax=mine) is mine
    assert plt.get_fignums() == open_before
    assert dict(mpl.rcParams) == settings


def test_our_own_figure_is_180_mm_wide():
    assert natural_course(table(*ACUTE)).get_figure().get_figwidth() * 25.4 == pytest.approx(180)


@pytest.mark.parametrize(("series", "points"), [(1, 1), (1, 2), (2, 4), (13, 4), (2, 30), (15, 4)])
def test_texts_keep_apart(series, points):
    rows = [row(f"series {s}", 2 * p, round(90 - s - 50 * p / points, 1)) for s in range(series)
            for p in range(points)]  # fmt: skip
    ax = natural_course(table(*rows))
    assert_readable(ax)
    assert len(found(ax, "course")) == series
    missing = series * points - len(texts(ax, "value"))
    assert (f"{missing} values" in " ".join(texts(ax, "axis label"))) == (missing > 0)


def test_long_labels_and_dollars_survive():
    rows = [{**r, "series": "A course that costs $5 or $6 " * 6, "population": "People, $" * 15,
             "quantity": "Pain $now$ " * 12} for r in ACUTE]  # fmt: skip
    ax = natural_course(table(*rows, {**FALL, "quantity": "Fall $1 $2 " * 18}))
    assert_readable(ax)
    assert parses_no_math(ax)


def test_the_first_evidence_base(evidence):
    ax = natural_course(evidence.table("context"))
    assert_readable(ax)
    assert [line.get_ydata().tolist() for line in found(ax, "course")] == [
        [52, 23, 12, 6], [51, 33, 26, 23],
    ]  # fmt: skip


def test_labels_in_a_column_are_moved_apart_no_further_than_needed():
    assert spread([1.0, 2.0], [0.4, 0.4], 0, 3) == [1.0, 2.0]
    low, high = spread([1.0, 1.1], [0.4, 0.4], 0, 3)
    assert high - low == pytest.approx(0.4)
    assert spread([2.9, 2.95], [0.4, 0.4], 0, 3) == pytest.approx([2.4, 2.8])
    assert spread([0.0, 0.0, 0.0], [0.5, 0.5, 0.5], 0, 3) == pytest.approx([1.25, 0.75, 0.25])


def test_a_label_without_room_is_left_out_and_not_laid_over_others():
    marks = [Box(x=1, y=1, width=0.1, height=0.1)] * 30
    within = Box(x=1, y=1, width=1, height=1)
    places = beside_marks(marks, [(0.3, 0.12)] * 30, lines=[], closed=[], within=within)
    chosen = [place for place in places if place]
    assert 0 < len(chosen) < 30
    assert not any(a.meets(b) for i, a in enumerate(chosen) for b in chosen[:i])
