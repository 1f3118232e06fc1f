"""The outcomes figure says how well each share is known, and loses no group."""

import math

import matplotlib as mpl
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from fake_summaries import (
    CAVEAT,
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
from equipoise.effects.proportions import wilson
from equipoise.figures import drawn, outcomes
from equipoise.figures.style import WIDTH


def test_counts_are_filled_squares_with_wilsons_interval() -> None:
    ax = outcomes(summary([counted(3, 13, 7, 9)]))
    treated, compared = found(ax, "estimate")[0], found(ax, "estimate-control")[0]
    assert treated.get_marker() == "s"
    assert compared.get_marker() == "o"
    assert not is_hollow(treated)
    assert not is_hollow(compared)
    assert marks(ax, "estimate") == pytest.approx([100 * 3 / 13])
    assert marks(ax, "estimate-control") == pytest.approx([100 * 7 / 9])
    for gid, events, n in (("interval", 3, 13), ("interval-control", 7, 9)):
        low, high = wilson(events, n, 0.95)
        assert ends(ax, gid)[0] == pytest.approx((100 * float(low), 100 * float(high)))
    assert {"8%", "to 50%", "45%", "to 94%"} <= set(texts(ax, "interval-text"))
    assert {"3/13", "7/9", "23%", "78%"} <= set(texts(ax, "number"))


def test_a_percentage_without_people_is_hollow_and_has_no_interval() -> None:
    ax = outcomes(summary([alone(percent_treatment=74.0)], "PR"))
    (mark,) = found(ax, "estimate")
    assert mark.get_marker() == "D"
    assert is_hollow(mark)
    assert marks(ax, "estimate") == [74.0]
    assert not found(ax, "interval")
    said = " ".join(texts(ax, "interval-text-note"))
    assert said == "no interval: of how many is not reported"
    assert texts(ax, "number-note") == ["n not reported"]


@pytest.mark.parametrize(("relation", "sign"), [("more_than", ">"), ("less_than", "<")])
def test_a_bound_has_an_arrow_to_its_open_side(relation: str, sign: str) -> None:
    ax = outcomes(summary([alone(percent_treatment=75.0, relation_treatment=relation)], "PR"))
    (arrow,) = found(ax, "bound")
    assert arrow.xyann[0] == 75.0
    assert (arrow.xy[0] > 75.0) == (sign == ">")
    assert f"{sign}75%" in texts(ax, "number")
    assert any("only a bound is reported" in text for text in texts(ax, "legend"))


def test_groups_that_report_nothing_are_listed() -> None:
    ax = outcomes(summary([silent(label="Silent 2001"), counted(1, 4, 2, 4)]))
    assert texts(ax, "interval-text-note").count("not reported") == 2
    assert "Silent 2001, 6 weeks" in texts(ax, "label-note")
    assert len(found(ax, "estimate")) == 1
    frame = drawn(ax).frame
    assert list(frame["rests_on"]) == ["nothing", "nothing", "counted", "counted"]


def test_a_treated_group_with_three_comparisons_stands_once() -> None:
    rows = [percents(21, 39, study_id="m"), silent(study_id="m", percent_treatment=21.0,
            decimals_treatment=0.0), silent(study_id="m", percent_treatment=21.0,
            decimals_treatment=0.0)]  # fmt: skip
    ax = outcomes(summary(rows))
    assert len(found(ax, "estimate")) == 1
    assert list(drawn(ax).frame["group"]) == ["treated", "compared", "compared", "compared"]


def test_the_legend_explains_exactly_the_marks_that_occur() -> None:
    only = texts(outcomes(summary([alone(percent_treatment=74.0)], "PR")), "legend")
    assert only == ["treated: percentage only, of how many is not reported"]
    both = texts(outcomes(summary([counted(3, 13, 7, 9)])), "legend")
    assert both == ["treated: counted, with 95% CI", "compared: counted, with 95% CI"]


def test_several_outcomes_keep_their_order() -> None:
    first = summary([alone(percent_treatment=74.0)], "PR", label="Less pain")
    second = summary([counted(3, 13, 7, 9)], label="Surgery")
    ax = outcomes([first, second])
    assert texts(ax, "label") == ["Less pain", "Surgery"]
    heights = [line.get_ydata()[0] for line in found(ax, "estimate")]
    assert heights == sorted(heights)
    assert ticks(ax) == ["0%", "25%", "50%", "75%", "100%"]
    assert drawn(ax).caveats == (CAVEAT,)


def test_alt_text_and_frame_have_the_numbers() -> None:
    ax = outcomes(summary([counted(3, 13, 7, 9), alone(percent_treatment=74.0, label="Other")]))
    alt = drawn(ax).alt
    assert "3 of 13 people; 95% CI 8% to 50%" in alt
    assert "74% of an unreported number of people" in alt
    frame = drawn(ax).frame
    assert frame["share"].tolist() == pytest.approx([3 / 13, 7 / 9, 0.74])
    assert math.isnan(frame["low"].iloc[2])
    assert frame["events"].tolist()[:2] == [3, 7]


@pytest.mark.parametrize("count", [1, 2, 13, 60])
def test_texts_neither_overlap_nor_leave_the_page(count: int) -> None:
    ax = outcomes(summary(many(count)))
    assert_readable(ax)
    assert ax.figure.get_figwidth() == pytest.approx(WIDTH)


def test_long_labels_and_dollars_survive() -> None:
    ax = outcomes(summary([counted(1, 4, 2, 4, label=LONG)], label=LONG), title=LONG)
    assert_readable(ax)
    assert parses_no_math(ax)
    assert " ".join(texts(ax, "label")) == LONG


def test_axes_in_are_axes_out() -> None:
    before = dict(mpl.rcParams)
    figure, mine = plt.subplots(figsize=(7, 4))
    assert outcomes(summary([counted(3, 13, 7, 9)]), ax=mine) is mine
    assert plt.get_fignums() == [figure.number]
    assert not found(mine, "caveat")
    assert_readable(mine)
    assert dict(mpl.rcParams) == before


def test_what_cannot_be_drawn_is_said() -> None:
    with pytest.raises(eq.UsageError, match="yes-or-no"):
        outcomes(summary([counted(1, 2, 1, 2)], kind="continuous"))
    with pytest.raises(eq.UsageError, match="no study"):
        outcomes([])
    _, narrow = plt.subplots(figsize=(2, 2))
    with pytest.raises(eq.UsageError, match="inches wide"):
        outcomes(summary([counted(1, 2, 1, 2)]), ax=narrow)


def test_the_first_evidence_base_can_be_drawn(evidence: eq.Evidence) -> None:
    names = ["less_pain", "stopped_medication", "surgery"]
    ax = outcomes([eq.summarize(evidence, name) for name in names])
    assert_readable(ax)
    assert {74.0, 39.0, 21.0} <= set(marks(ax, "estimate"))
