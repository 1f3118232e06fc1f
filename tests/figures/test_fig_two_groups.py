"""The two-group figure draws both shares, and calls a range by rounding what it is."""

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
from equipoise.effects.proportions import wilson
from equipoise.figures import drawn, two_groups


def _said(ax: plt.Axes, gid: str) -> str:
    return " ".join(texts(ax, gid))


def test_counts_give_filled_points_and_confidence_intervals() -> None:
    ax = two_groups(summary([counted(3, 13, 7, 9)]))
    assert marks(ax, "estimate") == pytest.approx([100 * 3 / 13])
    assert marks(ax, "estimate-control") == pytest.approx([100 * 7 / 9])
    assert not any(is_hollow(mark) for mark in found(ax, "estimate"))
    low, high = wilson(7, 9, 0.95)
    assert ends(ax, "interval-control")[0] == pytest.approx((100 * float(low), 100 * float(high)))
    assert texts(ax, "counts") == ["3/13", "7/9"]
    assert texts(ax, "percent") == ["23%", "78%"]
    assert texts(ax, "difference") == ["55 points fewer"]
    assert _said(ax, "difference-note") == "95% CI 12 to 76"
    assert texts(ax, "ratio") == ["RR 0.30"]
    assert _said(ax, "ratio-note") == "95% CI 0.10 to 0.85"


def test_percentages_are_hollow_and_their_range_is_no_confidence_interval() -> None:
    ax = two_groups(summary([percents(21, 39)]))
    assert marks(ax, "estimate") == [21.0]
    assert marks(ax, "estimate-control") == [39.0]
    assert all(
        is_hollow(mark) for gid in ("estimate", "estimate-control") for mark in found(ax, gid)
    )
    assert not found(ax, "interval")
    assert texts(ax, "difference") == ["18 points fewer"]
    assert _said(ax, "difference-note") == "17 to 19 by rounding, no CI"
    assert _said(ax, "ratio-note") == "0.52 to 0.56 by rounding, no CI"


def test_a_difference_that_may_go_either_way_says_both() -> None:
    ax = two_groups(summary([counted(5, 20, 6, 20)]))
    said = _said(ax, "difference-note")
    assert "fewer to" in said
    assert said.endswith("more")


def test_the_points_of_a_pair_stand_level_and_are_joined() -> None:
    ax = two_groups(summary([counted(3, 13, 7, 9)]))
    (line,) = found(ax, "connector")
    assert line.get_xdata() == pytest.approx([100 * 3 / 13, 100 * 7 / 9])
    (treated,), (compared,) = found(ax, "estimate"), found(ax, "estimate-control")
    assert treated.get_ydata()[0] == compared.get_ydata()[0] == line.get_ydata()[0]


def test_one_block_a_study_and_nothing_is_lost() -> None:
    rows = [
        percents(21, 39, study_id="m", label="Mendelow 2021"),
        counted(3, 13, 7, 9, study_id="p", label="Prasad 2012"),
        silent(study_id="m", label="Mendelow 2021"),
        silent(study_id="m", label="Mendelow 2021", percent_treatment=21.0, decimals_treatment=0.0),
    ]
    ax = two_groups(summary(rows))
    assert texts(ax, "section") == ["Mendelow 2021, non-randomised comparison",
                                    "Prasad 2012, randomised trial"]  # fmt: skip
    assert list(drawn(ax).frame["study_id"]) == ["m", "m", "m", "p"]
    assert "not reported" in texts(ax, "difference-note")
    assert "the compared group is not reported" in _said(ax, "difference-note")
    assert len(found(ax, "connector")) == 2


def test_rows_without_a_comparison_are_left_to_outcomes() -> None:
    ax = two_groups(summary([counted(3, 13, 7, 9), alone(percent_treatment=74.0)]))
    assert len(drawn(ax).frame) == 1
    with pytest.raises(eq.UsageError, match="Nobody was compared"):
        two_groups(summary([alone(percent_treatment=74.0)], "PR"))
    with pytest.raises(eq.UsageError, match="yes-or-no"):
        two_groups(summary([counted(3, 13, 7, 9)], kind="continuous"))


def test_alt_text_and_frame_have_the_numbers() -> None:
    ax = two_groups(summary([counted(3, 13, 7, 9)]))
    alt = drawn(ax).alt
    for part in ("3 of 13 people", "7 of 9 people", "55 points fewer", "RR 0.30", "0.10 to 0.85"):
        assert part in alt
    assert alt.endswith("This is the sentence.")
    row = drawn(ax).frame.iloc[0]
    assert (row["share_treatment"], row["share_control"]) == pytest.approx((3 / 13, 7 / 9))
    assert row["estimate"] == pytest.approx(27 / 91)


@pytest.mark.parametrize("count", [1, 2, 13, 60])
def test_texts_neither_overlap_nor_leave_the_page(count: int) -> None:
    ax = two_groups(summary(many(count)))
    assert_readable(ax)
    assert ticks(ax) == ["0%", "25%", "50%", "75%", "100%"]


@pytest.mark.parametrize(
    "pair", [(0, 10, 0, 10), (10, 10, 10, 10), (9, 10, 10, 10), (5, 10, 5, 10)]
)
def test_points_at_the_ends_and_on_each_other_keep_their_texts_apart(pair: tuple[int, ...]) -> None:
    assert_readable(two_groups(summary([counted(*pair, treatment=LONG, comparator=LONG)])))


def test_long_labels_and_dollars_survive() -> None:
    ax = two_groups(summary([counted(1, 4, 2, 4, label="A $1 study", treatment=LONG)]))
    assert parses_no_math(ax)
    assert " ".join(texts(ax, "label")) == LONG


def test_axes_in_are_axes_out() -> None:
    before = dict(mpl.rcParams)
    figure, mine = plt.subplots(figsize=(7, 3))
    assert two_groups(summary([counted(3, 13, 7, 9)]), ax=mine) is mine
    assert plt.get_fignums() == [figure.number]
    assert not found(mine, "caveat")
    assert dict(mpl.rcParams) == before


def test_the_first_evidence_base_can_be_drawn(evidence: eq.Evidence) -> None:
    ax = two_groups(eq.summarize(evidence, "surgery"))
    assert_readable(ax)
    assert texts(ax, "difference") == ["18 points fewer", "55 points fewer"]
