"""The icon array draws whole people, out of the same hundred in both groups."""

import matplotlib as mpl
import numpy as np
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from fake_summaries import LONG, alone, counted, percents, silent, summary
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.figures import drawn, icon_array


def _filled(ax: plt.Axes, gid: str) -> np.ndarray:
    (crowd,) = found(ax, gid)
    return ~np.isclose(crowd.get_facecolor(), 1.0).all(axis=1)


def test_each_group_is_a_hundred_people_and_those_with_the_outcome_come_first() -> None:
    ax = icon_array(summary([percents(21, 39)]))
    for gid, count in (("people", 21), ("people-control", 39)):
        filled = _filled(ax, gid)
        assert len(filled) == 100
        assert filled[:count].all()
        assert not filled[count:].any()


def test_people_are_as_high_as_they_are_wide_apart() -> None:
    ax = icon_array(summary([percents(21, 39)]))
    assert ax.get_aspect() == 1.0
    tops = [path.vertices.min(axis=0) for path in found(ax, "people")[0].get_paths()]
    assert tops[1][0] - tops[0][0] == pytest.approx(tops[10][1] - tops[0][1])


def test_the_words_give_the_share_the_counts_and_that_it_is_rounded() -> None:
    ax = icon_array(summary([counted(3, 13, 7, 9)]))
    assert " ".join(texts(ax, "words")) == (
        "3 of 13 had surgery; as if of 100: 23 7 of 9 had surgery; as if of 100: 78"
    )
    assert "23.1%; 95% CI 8 to 50 of 100" in " ".join(texts(ax, "rests-on"))
    assert "rounded to whole people" in " ".join(texts(ax, "note"))


def test_a_percentage_without_people_says_so() -> None:
    ax = icon_array(summary([percents(21, 39)]))
    assert "number of people not reported, so no interval" in " ".join(texts(ax, "rests-on"))


def test_without_a_comparison_there_is_one_array() -> None:
    ax = icon_array(summary([alone(percent_treatment=74.0)], "PR", phrase="had less pain"))
    assert _filled(ax, "people").sum() == 74
    assert not found(ax, "people-control")
    assert texts(ax, "words") == ["74 of 100 had less pain"]
    assert "Nobody to compare with" in texts(ax, "label")


def test_a_group_that_is_not_reported_has_no_people() -> None:
    ax = icon_array(summary([silent(percent_treatment=21.0, decimals_treatment=0.0)]))
    assert len(found(ax, "people")) == 1
    assert not found(ax, "people-control")
    assert "Not reported" in texts(ax, "words")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            counted(1, 1000, 999, 1000),
            "1 of 1,000 had surgery; as if of 100: fewer than 1 999 of 1,000 had surgery; as if of "
            "100: more than 99",
        ),
        (
            counted(0, 10, 10, 10),
            "0 of 10 had surgery; as if of 100: 0 10 of 10 had surgery; as if of 100: 100",
        ),
        (counted(13, 100, 1, 100), "13 of 100 had surgery 1 of 100 had surgery"),
        (
            percents(75, 20, relation_treatment="more_than"),
            "More than 75 of 100 had surgery 20 of 100 had surgery",
        ),
    ],
)
def test_rounding_never_turns_somebody_into_nobody(row: dict[str, object], said: str) -> None:
    assert " ".join(texts(icon_array(summary([row])), "words")) == said


def test_the_study_is_chosen_or_the_first_that_reports_both_groups() -> None:
    rows = [alone(percent_treatment=74.0), silent(), percents(21, 39, label="Third"),
            counted(3, 13, 7, 9, label="Fourth")]  # fmt: skip
    both = summary(rows)
    assert drawn(icon_array(both)).frame["label"].unique().tolist() == ["Third"]
    assert drawn(icon_array(both, study="s3")).frame["label"].unique().tolist() == ["Fourth"]
    with pytest.raises(eq.UsageError, match=r"studies: s0, s1, s2, s3"):
        icon_array(both, study="s9")
    with pytest.raises(eq.UsageError, match="yes-or-no"):
        icon_array(summary(rows, kind="continuous"))


def test_alt_text_and_frame_have_the_numbers() -> None:
    ax = icon_array(summary([counted(3, 13, 7, 9)]))
    assert "3 of 13 had surgery; as if of 100: 23 (23.1%; 95% CI 8 to 50 of 100)" in drawn(ax).alt
    frame = drawn(ax).frame
    assert frame["shown_of_100"].tolist() == [23, 78]
    assert frame["share"].tolist() == pytest.approx([3 / 13, 7 / 9])


def test_long_labels_and_dollars_survive() -> None:
    row = counted(3, 13, 7, 9, treatment=LONG, comparator=f"{LONG} $2", label=LONG)
    ax = icon_array(summary([row], phrase=LONG), title=LONG)
    assert_readable(ax)
    assert parses_no_math(ax)


@pytest.mark.parametrize("row", [percents(21, 39), counted(3, 13, 7, 9), silent(), alone()])
def test_texts_neither_overlap_nor_leave_the_page(row: dict[str, object]) -> None:
    assert_readable(icon_array(summary([row])))


def test_axes_in_are_axes_out() -> None:
    before = dict(mpl.rcParams)
    figure, mine = plt.subplots(figsize=(7, 5))
    assert icon_array(summary([percents(21, 39)]), ax=mine) is mine
    assert plt.get_fignums() == [figure.number]
    assert not found(mine, "caveat")
    assert_readable(mine)
    assert dict(mpl.rcParams) == before


def test_the_first_evidence_base_can_be_drawn(evidence: eq.Evidence) -> None:
    surgery = eq.summarize(evidence, "surgery")
    for study, shown in (("mendelow2021", [21, 39]), ("prasad2012", [23, 78])):
        ax = icon_array(surgery, study=study)
        assert_readable(ax)
        assert drawn(ax).frame["shown_of_100"].tolist() == shown
