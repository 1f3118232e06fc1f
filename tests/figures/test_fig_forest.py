"""The forest plot sets studies side by side, says what each interval is, and combines nothing."""

import math
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from fake_summaries import (
    LONG,
    alone,
    counted,
    ends,
    is_hollow,
    many,
    marks,
    percents,
    silent,
    summary,
    ticks,
)  # fmt: skip
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.appraisal.summary import summarize_all
from equipoise.effects.measures import measure
from equipoise.figures import drawn, forest
from equipoise.figures.axis_scale import Scale


def reported(effect: float, low: float, high: float, **more: Any) -> dict[str, Any]:
    return {"design": "rct", "comparator": "Usual care", "reported_measure": "SMD",
            "effect": effect, "ci_low": low, "ci_high": high, "ci_level": 0.95, **more}  # fmt: skip


def test_marks_stand_where_the_frame_says() -> None:
    ax = forest(summary([counted(3, 13, 7, 9), percents(21, 39), counted(5, 20, 6, 20)]))
    frame = drawn(ax).frame
    assert marks(ax, "estimate") == pytest.approx(frame["estimate"].tolist())
    assert [low for low, _ in ends(ax)] == pytest.approx(frame["low"].tolist())
    assert [high for _, high in ends(ax)] == pytest.approx(frame["high"].tolist())
    assert ax.get_xscale() == "log"
    assert marks(ax, "null") == [1.0]


def test_studies_stand_under_their_design_and_nothing_is_combined() -> None:
    rows = [percents(21, 39, label="B"), counted(3, 13, 7, 9, label="A"),
            counted(3, 13, 7, 9, label="C", directness="indirect"),
            counted(3, 13, 7, 9, label="D")]  # fmt: skip
    ax = forest(summary(rows))
    assert texts(ax, "label") == ["A", "D", "C", "B"]
    assert texts(ax, "section") == [
        "Design: randomised trial", "Design: randomised trial of a related treatment",
        "Design: non-randomised comparison",
    ]  # fmt: skip
    assert texts(ax, "not-combined") == ["not combined"] * 2
    assert "Not combined: there is a reason." in texts(ax, "footnote")


def test_a_range_by_rounding_is_hollow_dashed_and_bracketed() -> None:
    ax = forest(summary([percents(21, 39), counted(3, 13, 7, 9)]))
    by_design = dict(zip(drawn(ax).frame["interval"], found(ax, "estimate"), strict=True))
    assert is_hollow(by_design["rounding"])
    assert not is_hollow(by_design["confidence"])
    assert [line.get_linestyle() for line in found(ax, "interval")] == ["-", "--"]
    assert marks(ax, "bracket") == pytest.approx(list(ends(ax)[1]))
    assert texts(ax, "value-note") == ["range by rounding, no CI"]
    assert texts(ax, "value") == ["0.30", "[0.10", "to 0.85]", "0.54", "[0.52", "to 0.56]"]


def test_a_reported_interval_is_filled_and_marked_as_reported() -> None:
    ax = forest(summary([reported(-0.14, -1.03, 0.76), reported(-0.44, -0.77, -0.11)], "SMD"))
    assert not any(is_hollow(mark) for mark in found(ax, "estimate"))
    assert " ".join(texts(ax, "header")) == "Study People SMD [95% CI as reported]"
    mixed = [counted(3, 13, 7, 9), {**percents(21, 39), "reported_measure": "RR", "effect": 0.5,
             "ci_low": 0.3, "ci_high": 0.8, "ci_level": 0.9}]  # fmt: skip
    said = " ".join(texts(forest(summary(mixed)), "value-note"))
    assert said == "90% CI as reported"


def test_rows_without_a_number_are_listed_with_their_reason() -> None:
    ax = forest(summary([counted(3, 13, 7, 9), silent(), alone(percent_treatment=74.0)]))
    assert len(drawn(ax).frame) == 3
    assert len(found(ax, "estimate")) == 1
    said = " ".join(texts(ax, "value-note"))
    assert "neither counts nor a percentage of either group" in said
    assert "74% of one group; nobody was compared" in said


def test_a_reason_that_repeats_becomes_a_footnote() -> None:
    ax = forest(summary([silent() for _ in range(4)]))
    assert texts(ax, "value-note") == ["no number (a)"] * 4
    assert any(text.startswith("(a) neither counts") for text in texts(ax, "footnote"))


def test_what_was_done_to_a_number_is_not_called_a_missing_number() -> None:
    ax = forest(summary([counted(0, 40, 5, 41) for _ in range(3)]))
    assert texts(ax, "value-note") == ["see (a)"] * 3
    assert any("0.5 was added" in text for text in texts(ax, "footnote"))


def test_a_narrow_plot_breaks_no_word() -> None:
    _, mine = plt.subplots(figsize=(6.9, 4))
    mine.set_position((0.05, 0.1, 0.8, 0.8))
    ax = forest(summary([percents(21, 39), counted(3, 13, 7, 9)]), ax=mine)
    assert {"Treated", "Compared"} <= set(texts(ax, "header"))
    assert "comparison" in " ".join(texts(ax, "direction"))
    assert_readable(ax)


def test_counts_stand_under_a_spanner() -> None:
    ax = forest(summary([counted(3, 13, 7, 9), percents(21, 39), silent()]))
    assert texts(ax, "count") == ["3/13", "21%", "–", "7/9", "39%", "–"]
    assert {"Events/people", "Treated", "Compared", "RR [95% CI]"} <= set(texts(ax, "header"))


@pytest.mark.parametrize(
    ("better", "order"),
    [("lower", ["favours inversion", "favours comparison"]),
     ("higher", ["favours comparison", "favours inversion"])],
)  # fmt: skip
def test_directions_follow_what_is_better(better: str, order: list[str]) -> None:
    ax = forest(summary([counted(3, 13, 7, 9)], better=better))
    left, right = order
    assert " ".join(texts(ax, "direction")) == f"← {left} {right} →"


@pytest.mark.parametrize(
    ("intervals", "labels"),
    [
        ([(0.3, 0.1, 0.85)], ["0.1", "0.2", "0.5", "1", "2"]),
        ([(1.0, 0.9, 1.1)], ["0.5", "1", "2"]),
        ([(0.02, 0.01, 0.03), (40.0, 20.0, 60.0)], ["0.01", "0.1", "1", "10", "100"]),
    ],
)
def test_ratios_have_round_ticks(intervals: list[tuple[float, ...]], labels: list[str]) -> None:
    scale = Scale.of(measure("RR"), intervals)  # type: ignore[arg-type]
    assert scale.labels(scale.ticks(2.0)) == labels


@pytest.mark.parametrize(("key", "row"), [("RD", (-0.55, -0.76, -0.12)), ("SMD", (-0.1, -1.0, 0.8)),
                                          ("MC", (-12.0, math.nan, math.nan))])  # fmt: skip
def test_differences_have_a_linear_axis_around_zero(key: str, row: tuple[float, ...]) -> None:
    scale = Scale.of(measure(key), [row])  # type: ignore[list-item]
    assert scale.low < min(row[0], 0) < max(row[0], 0) < scale.high
    labels = scale.labels(scale.ticks(2.0))
    assert "0" in labels
    assert all(len(label) <= 5 for label in labels)


def test_an_interval_that_leaves_the_axis_ends_in_an_arrowhead() -> None:
    wide = [counted(30, 100, 40, 100) for _ in range(4)] + [counted(1, 10, 1, 10)]
    ax = forest(summary(wide))
    clipped = found(ax, "clipped")
    assert [mark.get_marker() for mark in clipped] == ["<", ">"]
    frame = drawn(ax).frame
    low, high = ax.spines["bottom"].get_bounds()
    for (start, end), row in zip(ends(ax), frame.to_dict("records"), strict=True):
        assert start == pytest.approx(max(row["low"], low))
        assert end == pytest.approx(min(row["high"], high))
    assert "goes on beyond the axis" in texts(ax, "legend")


def test_proportions_have_no_null_and_a_bound_an_arrow() -> None:
    rows = [alone(events_treatment=13.0, n_treatment=16.0), alone(percent_treatment=74.0),
            alone(percent_treatment=75.0, relation_treatment="more_than")]  # fmt: skip
    ax = forest(summary(rows, "PR"))
    assert not found(ax, "null")
    assert not found(ax, "direction")
    (arrow,) = found(ax, "bound")
    assert arrow.xy[0] > arrow.xyann[0] == 0.75
    assert "or more: only a bound is reported" in texts(ax, "legend")
    assert ticks(ax)[0] == "0%"
    assert ticks(ax)[-1] == "100%"
    assert {"81%", "[73.5%", "to 74.5%]"} <= set(texts(ax, "value"))


def test_a_mean_change_names_its_unit_and_no_winner() -> None:
    row = alone(design="within_subject", mean_before=14.0, mean_after=35.5, n=16.0)
    ax = forest(summary([row], "MC", kind="continuous", unit="mmHg"))
    assert texts(ax, "axis-label") == ["Mean change, mmHg"]
    assert texts(ax, "direction") == ["← fell", "rose →"]
    assert marks(ax, "estimate") == [21.5]
    assert is_hollow(found(ax, "estimate")[0])


def test_the_area_of_a_mark_follows_the_number_of_people() -> None:
    ax = forest(summary([counted(50, 200, 60, 200), counted(25, 100, 30, 100)]))
    first, second = (mark.get_markersize() for mark in found(ax, "estimate"))
    assert first**2 == pytest.approx(2 * second**2)


def test_alt_text_has_the_numbers() -> None:
    alt = drawn(forest(summary([counted(3, 13, 7, 9), percents(21, 39), silent()]))).alt
    assert "Study 0 (randomised trial): 0.30, 95% CI 0.10 to 0.85." in alt
    assert "0.54, range by rounding 0.52 to 0.56" in alt
    assert "1 row has no number." in alt
    assert alt.endswith("This is the sentence.")
    long = drawn(forest(summary(many(60)))).alt
    assert "more; all estimates lie between" in long


@pytest.mark.parametrize(
    ("count", "key"), [(1, "RR"), (2, "OR"), (13, "RR"), (13, "OR"), (13, "RD"), (60, "RR")]
)
def test_texts_neither_overlap_nor_leave_the_page(count: int, key: str) -> None:
    ax = forest(summary(many(count), key))
    assert_readable(ax)


def test_columns_keep_out_of_the_plot() -> None:
    ax = forest(summary(many(13)))
    ax.figure.canvas.draw()
    low, high = ax.spines["bottom"].get_bounds()
    left, right = (ax.transData.transform((x, 0))[0] for x in (low, high))
    for gid, side in (("label", "left"), ("count", "left"), ("value", "right")):
        for text in found(ax, gid):
            box = text.get_window_extent()
            assert box.x1 <= left if side == "left" else box.x0 >= right


def test_long_labels_and_dollars_survive() -> None:
    ax = forest(summary([counted(1, 4, 2, 4, label=LONG)]), title=f"{LONG} {LONG}")
    assert_readable(ax)
    assert parses_no_math(ax)
    assert " ".join(texts(ax, "label")) == LONG


def test_axes_in_are_axes_out() -> None:
    before = dict(mpl.rcParams)
    figure, mine = plt.subplots(figsize=(7, 4))
    assert forest(summary([counted(3, 13, 7, 9)]), ax=mine) is mine
    assert plt.get_fignums() == [figure.number]
    assert not found(mine, "caveat")
    assert_readable(mine)
    assert dict(mpl.rcParams) == before


def test_nothing_to_draw_is_said() -> None:
    empty = summary([counted(3, 13, 7, 9)])
    empty.frame = empty.frame.iloc[:0]
    with pytest.raises(eq.UsageError, match="no study"):
        forest(empty)


def test_every_outcome_of_the_first_evidence_base_can_be_drawn(evidence: eq.Evidence) -> None:
    for summarized in summarize_all(evidence):
        assert_readable(forest(summarized))
        plt.close("all")


# What the studies show together


@pytest.fixture(scope="module")
def bcg() -> eq.Summary:
    base = Path(__file__).parents[2] / "evidence" / "bcg_vaccine"
    return eq.summarize(eq.load_evidence(base), "tuberculosis")


def test_a_diamond_spans_the_interval_and_a_bar_the_prediction(bcg: eq.Summary) -> None:
    assert bcg.pooled is not None
    ax, natural = forest(bcg), bcg.pooled.natural()
    (diamond,), (bar,) = found(ax, "pooled"), found(ax, "prediction")
    corners = diamond.get_xy()[:4, 0]
    assert corners == pytest.approx([natural.low, natural.estimate, natural.high, natural.estimate])
    assert sorted(set(bar.get_xy()[:, 0])) == pytest.approx(
        [natural.prediction_low, natural.prediction_high]
    )
    assert texts(ax, "label")[-2:] == ["Pooled estimate", "In a new setting"]
    assert texts(ax, "value")[-5:] == ["0.49", "[0.33", "to 0.73]", "[0.14", "to 1.76]"]
    assert texts(ax, "section") == [
        "Design: randomised trial", "Design: quasi-randomised trial",
        "Together: 13 studies, random effects (REML), Hartung-Knapp interval, never narrower than "
        "Wald's",
    ]  # fmt: skip
    assert texts(ax, "not-combined") == []
    assert "Between studies: τ² 0.313" in " ".join(texts(ax, "footnote"))
    assert_readable(ax)


def test_squares_have_the_area_of_their_weight(bcg: eq.Summary) -> None:
    ax = forest(bcg)
    frame = drawn(ax).frame
    weights = frame["weight"][:13]
    assert weights.sum() == pytest.approx(1.0)
    areas = [mark.get_markersize() ** 2 for mark in found(ax, "estimate")]
    assert areas == pytest.approx((weights / weights.max() * max(areas)).tolist())
    assert texts(ax, "weight")[:2] == ["5.1%", "6.4%"]
    assert list(frame["basis"][13:]) == ["pooled", "prediction"]
    assert "A larger mark stands for more weight in the pooled estimate." in texts(ax, "legend")


def test_a_limit_is_not_rounded_onto_no_difference(bcg: eq.Summary) -> None:
    assert "to 0.996]" in texts(forest(bcg), "value")


def test_the_alt_text_ends_with_all_together(bcg: eq.Summary) -> None:
    alt = drawn(forest(bcg)).alt
    assert "not combined" not in alt
    assert "all estimates lie between 0.20 and 1.56." in alt
    assert "Hartung-Knapp interval, never narrower than Wald's: 0.49, 95% CI 0.33 to 0.73." in alt
    assert "Bar of the prediction interval: 0.14 to 1.76." in alt
    assert alt.endswith(bcg.sentence)


def test_a_bare_pooled_estimate_is_drawn_too(bcg: eq.Summary) -> None:
    assert bcg.pooled is not None
    ax = forest(bcg.pooled)
    assert marks(ax, "estimate") == pytest.approx(drawn(ax).frame["estimate"][:13].tolist())
    assert len(found(ax, "pooled")) == 1
    assert texts(ax, "header") == ["Study", "RR [95% CI]", "Weight"]
    assert texts(ax, "direction") == ["← lower with treatment", "higher with treatment →"]
    said = " ".join(texts(ax, "footnote"))
    for note in bcg.pooled.notes:
        assert note in said
    assert_readable(ax)


@pytest.mark.parametrize("k", [1, 2, 3, 40])
def test_pooled_estimates_of_any_size_are_readable(k: int) -> None:
    effects = [0.1 * (-1) ** n * n for n in range(k)]
    shown = eq.pool(effects, [0.04] * k, labels=[f"Study {n}" for n in range(k)], level=0.9)
    ax = forest(shown)
    assert len(found(ax, "prediction")) == (k > 2)
    assert "Effect [90% CI]" in texts(ax, "header")
    assert_readable(ax)
    plt.close(ax.get_figure(root=True))


def test_pooled_proportions_stand_on_the_axis_of_proportions() -> None:
    rows = [alone(events_treatment=float(e), n_treatment=20.0) for e in (3, 9, 12)]
    shown = summary(rows, "PR")
    shown.pooled = eq.pool(eq.effect_sizes(shown.frame[["events_treatment", "n_treatment"]], "PLO"))
    shown.frame = shown.frame.assign(weight=shown.pooled.weights)
    ax = forest(shown)
    assert ax.get_xscale() == "linear"
    corners = found(ax, "pooled")[0].get_xy()[:3, 0]
    assert ((corners > 0) & (corners < 1)).all()
    assert_readable(ax)


def test_a_study_left_out_says_why() -> None:
    ax = forest(eq.pool([0.1, 0.2, math.nan], [0.04, 0.05, 0.06], labels=["A", "B", "C"]))
    assert texts(ax, "value-note") == ["no effect"]
    assert texts(ax, "weight") == ["55.6%", "44.4%", "100%"]
