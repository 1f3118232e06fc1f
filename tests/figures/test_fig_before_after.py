import math
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from matplotlib import colors
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.appraisal.caveat import Caveat
from equipoise.evidence.comparison import COLUMNS
from equipoise.figures import style
from equipoise.figures.before_after import before_after
from equipoise.figures.drawn import drawn

NAN = math.nan

CAVEAT = Caveat(
    code="C01", domain="risk of bias", severity="high", title="Nobody compared",
    sentence="Nobody was compared.", numbers={}, studies=("Friberg 1985",), reference="Handbook",
)  # fmt: skip

FRIBERG = {"label": "Friberg 1985", "n": 16, "mean_before": 14.1, "mean_after": 35.6}
LEMARR = {"label": "LeMarr 1984", "n": 26, "mean_before": 16.4, "mean_after": 34.0}
FALL = {"label": "MSSE 2017", "n": 12, "mean_before": 75.5, "mean_after": 65.9}
CHANGE = {"label": "Gianakopoulos 1985", "n": 20, "mean_change": 17.2, "minimum_change": 4,
          "maximum_change": 34}  # fmt: skip
SILENT = {"label": "Klatz 1983"}


def summary(*rows, label="Eye pressure", unit="mmHg", caveats=(CAVEAT,)):
    frame = pd.DataFrame([{**COLUMNS, **row} for row in rows], columns=list(COLUMNS))
    frame[["estimate", "low", "high", "people"]] = NAN
    frame["interval"] = "none"
    for name in ("low", "high", "interval"):
        for index, row in enumerate(rows):
            if name in row:
                frame.loc[index, name] = row[name]
    outcome = {"outcome_id": label.lower().replace(" ", "_"), "label": label, "unit": unit}
    return SimpleNamespace(
        id=outcome["outcome_id"], measure="MC", outcome=outcome, frame=frame, caveats=caveats,
        sentence="", certainty=None, why_not_pooled="",
    )  # fmt: skip


def many(count):
    return [
        {"label": f"Study {i}", "n": 10 + i, "timepoint": f"{i} min", "mean_before": 10 + i / 2,
         "mean_after": 30.5 - i / 5}
        for i in range(count)
    ]  # fmt: skip


def x_of(ax, gid):
    return [artist.get_xdata()[0] for artist in found(ax, gid)]


def y_of(ax, gid):
    return [artist.get_ydata()[0] for artist in found(ax, gid)]


def test_circles_stand_at_the_means_in_the_order_of_the_frame():
    ax = before_after([summary(FRIBERG, LEMARR)])
    assert x_of(ax, "before") == [14.1, 16.4]
    assert x_of(ax, "after") == [35.6, 34.0]
    assert y_of(ax, "before") == y_of(ax, "after")
    first, second = y_of(ax, "before")
    assert ax.transData.transform((0, first))[1] > ax.transData.transform((0, second))[1]
    assert texts(ax, "label") == ["Friberg 1985", "LeMarr 1984"]
    frame = drawn(ax).frame
    assert frame["mean_before"].tolist() == x_of(ax, "before")
    assert frame["mean_after"].tolist() == x_of(ax, "after")
    assert frame["change"].tolist() == pytest.approx([21.5, 17.6])


def test_before_is_hollow_and_after_is_filled():
    ax = before_after(summary(FRIBERG))
    paper, ink = colors.to_rgba(style.PAPER), colors.to_rgba(style.TREATMENT)
    assert colors.to_rgba(found(ax, "before")[0].get_markerfacecolor()) == paper
    assert colors.to_rgba(found(ax, "after")[0].get_markerfacecolor()) == ink


def test_the_arrow_points_from_before_to_after_also_downwards():
    ax = before_after(summary(FALL, label="Heart rate", unit="beats per minute"))
    (arrow,) = found(ax, "arrow")
    (start, _), (end, _) = arrow._posA_posB
    assert (start, end) == (75.5, 65.9)
    assert texts(ax, "change") == ["−9.6"]


def test_a_change_too_small_for_an_arrow_is_a_line():
    ax = before_after(summary(FRIBERG, {**LEMARR, "mean_after": 16.6}))
    assert len(found(ax, "arrow")) == 1
    assert len(found(ax, "line")) == 1


def test_a_row_with_the_change_alone_says_so_and_gives_its_range():
    ax = before_after(summary(FRIBERG, CHANGE))
    assert texts(ax, "instead") == ["only the change is reported"]
    assert texts(ax, "change") == ["+21.5", "+17.2"]
    assert texts(ax, "change-note") == ["range 4 to 34"]
    assert len(found(ax, "before")) == 1
    assert drawn(ax).frame["reports"].tolist() == ["before and after", "change only"]


def test_rows_without_values_are_named():
    ax = before_after(summary(FRIBERG, SILENT, {"label": "Heng 1992"}))
    assert texts(ax, "silent") == ["Values not reported: Klatz 1983, Heng 1992"]
    assert drawn(ax).frame["label"].tolist() == ["Friberg 1985", "Klatz 1983", "Heng 1992"]


def test_one_mean_alone_has_a_mark_but_no_change():
    ax = before_after(summary(FRIBERG, {"label": "Flat", "mean_treatment": 20.0}))
    assert x_of(ax, "after") == [35.6, 20.0]
    assert x_of(ax, "before") == [14.1]
    assert texts(ax, "change")[1] == "–"


def test_means_of_two_groups_are_not_taken_for_before_and_after():
    row = {
        "label": "Two groups",
        "mean_treatment": 20.0,
        "mean_control": 21.0,
        "comparator": "Rest",
    }
    ax = before_after(summary(FRIBERG, row))
    assert drawn(ax).frame["reports"].tolist() == ["before and after", "not reported"]


def test_outcomes_are_blocks_in_the_order_given():
    ax = before_after([summary(FRIBERG), summary(LEMARR, label="Systolic blood pressure")])
    assert texts(ax, "section") == ["Eye pressure", "Systolic blood pressure"]
    assert drawn(ax).frame["outcome"].tolist() == ["Eye pressure", "Systolic blood pressure"]


def test_one_outcome_is_named_by_the_title_alone_unless_that_says_something_else():
    assert texts(before_after(summary(FRIBERG)), "section") == []
    assert texts(before_after(summary(FRIBERG), title="Head down"), "section") == ["Eye pressure"]


def test_an_outcome_nobody_measured_is_still_named():
    ax = before_after([summary(FRIBERG), summary(label="Pulse")])
    assert texts(ax, "section") == ["Eye pressure", "Pulse"]
    assert texts(ax, "silent") == ["No study measured it"]
    assert "Pulse: no study measured it." in drawn(ax).alt


def test_units_are_not_mixed():
    other = summary(FALL, label="Heart rate", unit="beats per minute")
    with pytest.raises(
        eq.UsageError, match="one figure per unit: Eye pressure is in mmHg and Heart"
    ):
        before_after([summary(FRIBERG), other])


def test_nothing_to_draw_is_said():
    with pytest.raises(eq.UsageError, match="nothing to draw"):
        before_after([])


def test_without_any_mean_there_is_no_axis():
    ax = before_after(summary(CHANGE, SILENT))
    assert not ax.spines["bottom"].get_visible()
    assert not found(ax, "axis label")
    assert_readable(ax)


def test_it_says_that_there_are_no_intervals():
    note = " ".join(texts(before_after(summary(FRIBERG)), "note"))
    assert "spread of the changes is not reported" in note


def test_a_reported_interval_of_the_change_is_written():
    row = {**FRIBERG, "low": 18.0, "high": 25.0, "interval": "reported"}
    ax = before_after(summary(row))
    assert texts(ax, "change-note") == ["interval 18.0 to 25.0"]
    assert "where a source gives one" in " ".join(texts(ax, "note"))


def test_alt_text_has_the_numbers_and_the_kind_of_chart():
    alt = drawn(before_after(summary(FRIBERG, CHANGE, SILENT))).alt
    assert alt.startswith("Dumbbell chart of means in mmHg")
    for part in (
        "Friberg 1985 14.1 to 35.6 (+21.5; 16 people)",
        "change of +17.2",
        "1 without values",
    ):
        assert part in alt
    assert "12 measurements, changes from" in drawn(before_after(summary(*many(12)))).alt


def test_axes_in_axes_out_and_nothing_else_changes():
    figure, mine = plt.subplots(figsize=(8, 4))
    settings, open_before = dict(mpl.rcParams), plt.get_fignums()
    assert before_after(summary(FRIBERG, LEMARR), ax=mine) is mine
    assert plt.get_fignums() == open_before
    assert dict(mpl.rcParams) == settings
    assert figure.get_figheight() == 4
    assert not [t for t in figure.texts if t.get_gid() == "caveat"]
    assert drawn(mine).caveats == (CAVEAT,)


def test_our_own_figure_carries_the_caveats_and_is_180_mm_wide():
    ax = before_after(summary(FRIBERG))
    figure = ax.get_figure()
    assert figure.get_figwidth() * 25.4 == pytest.approx(180)
    assert any("Nobody was compared." in t.get_text() for t in figure.texts)


@pytest.mark.parametrize("count", [1, 2, 13, 60])
def test_texts_keep_apart(count):
    ax = before_after(summary(*many(count), SILENT, CHANGE))
    assert_readable(ax)
    assert x_of(ax, "before") == pytest.approx(drawn(ax).frame["mean_before"].dropna().tolist())


def test_long_labels_and_dollars_survive():
    label = "A $very$ long label " * 8
    long = {**FRIBERG, "label": label.strip(), "timepoint": "at $5 " * 20, "treatment": "x"}
    ax = before_after(summary(long, label="Pressure of the $eye$ " * 4), title="Costs $1, $2 " * 20)
    assert_readable(ax)
    assert parses_no_math(ax)
    assert " ".join(texts(ax, "label")) == label.strip()


def test_the_first_evidence_base(evidence):
    names = ["iop", "iop_left", "systolic_bp", "diastolic_bp"]
    ax = before_after([eq.summarize(evidence, name) for name in names])
    assert_readable(ax)
    frame = drawn(ax).frame
    friberg = frame[frame["label"] == "Friberg 1985"].iloc[0]
    assert np.allclose(friberg[["mean_before", "mean_after", "change"]].astype(float),
                       [14.1, 35.6, 21.5])  # fmt: skip
    assert (frame["reports"] == "change only").sum() == 2
