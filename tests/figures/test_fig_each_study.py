"""Leave-one-out and cumulative forests, Baujat plots and profiles of τ²: what they draw."""

import math
from pathlib import Path

import numpy as np
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from fake_summaries import LONG, counted, ends, is_hollow, marks, summary
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.appraisal.summary import Summary
from equipoise.errors import UsageError
from equipoise.evidence.review import FIGURE_KINDS
from equipoise.figures import baujat, cumulative, drawn, leave_one_out, tau2_profile
from equipoise.figures.forest_rows import rows_of_fits
from equipoise.synthesis.pooled import Pooled

FIGURES = [leave_one_out, cumulative, baujat, tau2_profile]
TWO_MAXIMA = (
    [-0.66, 0.24, -0.69, 0.86, 0.1, 0.1],
    [0.0753, 24.5963, 0.2595, 0.2553, 0.0022, 0.0067],
)
"""Six studies whose restricted likelihood has a maximum at 0 and a higher one at 0.14."""


@pytest.fixture(scope="module")
def bcg() -> Summary:
    return eq.summarize(eq.load_evidence(Path(__file__).parents[2] / "evidence" / "bcg_vaccine"),
                        "tuberculosis")  # fmt: skip


def pooled(count: int, measure: str = "SMD") -> Pooled:
    random = np.random.default_rng(count)
    labels = [LONG, "דלקת فارسی", *(f"Study {n} $x^2$" for n in range(count))][:count]
    effects, variances = random.normal(0.3, 0.4, count), random.uniform(0.01, 0.3, count)
    return eq.pool(effects, variances, labels=labels, measure=measure)


def test_rows_of_the_forest_are_the_fits_without_each_study(bcg: Summary) -> None:
    ax = leave_one_out(bcg)
    fits = eq.leave_one_out(bcg.pooled)
    assert marks(ax, "estimate") == pytest.approx(np.exp(fits["estimate"]).tolist())
    assert [low for low, _ in ends(ax)] == pytest.approx(np.exp(fits["low"]).tolist())
    assert [high for _, high in ends(ax)] == pytest.approx(np.exp(fits["high"]).tolist())
    assert texts(ax, "label")[:2] == fits["label"].tolist()[:2]
    assert marks(ax, "all-studies") == pytest.approx([math.exp(bcg.pooled.estimate)])
    assert texts(ax, "header")[0] == "Left out"
    assert drawn(ax).caveats
    said = " ".join(texts(ax, "footnote"))
    assert "0.45 (without TPT Madras 1980) and 0.53 (without Hart & Sutherland 1977)" in said
    assert "does not hold the value of no difference, whichever is left out" in said
    assert drawn(ax).alt.startswith("Leave-one-out forest plot of risk ratio for tuberculosis")


def test_a_study_on_which_the_answer_hangs_is_named() -> None:
    effects, variances = [0.1, 0.12, 0.05, 1.0], [0.01, 0.02, 0.02, 0.01]
    shown = eq.pool(effects, variances, labels=list("abcd"), ci_method="wald", estimator="CE")
    said = drawn(leave_one_out(shown)).alt
    assert (
        "The interval of all studies does not hold the value of no difference; without d it" in said
    )


def test_the_cumulative_forest_of_a_summary_goes_by_year(bcg: Summary) -> None:
    ax = cumulative(bcg)
    years = [int(label.split()[-1]) for label in drawn(ax).frame["label"][:13]]
    assert years == sorted(years)
    assert marks(ax, "estimate")[-1] == pytest.approx(math.exp(bcg.pooled.estimate))
    assert texts(ax, "header")[0] == "Added"
    said = " ".join(texts(ax, "footnote"))
    assert "From Rosenthal 1960 on, the interval does not hold the value of no difference." in said
    assert "single look" in said


def test_the_cumulative_forest_takes_an_order() -> None:
    shown = eq.pool([1.0, 2.0, 3.0], [0.1, 0.2, 0.3], labels=list("abc"))
    assert texts(cumulative(shown), "label")[:3] == ["a", "b", "c"]
    assert texts(cumulative(shown, [3, 1, 2]), "label")[:3] == ["b", "c", "a"]


def test_one_study_is_a_cumulative_forest_too() -> None:
    ax = cumulative(eq.pool([0.3], [0.1], labels=["a"]))
    assert marks(ax, "estimate") == [0.3]
    assert_readable(ax)


def test_a_fit_without_an_end_says_so() -> None:
    shown = eq.pool([1.0, 2.0, 3.0], [0.1, 0.2, 0.3], labels=list("abc"))
    fits = eq.leave_one_out(shown)
    fits.loc[1, ["estimate", "low", "high"]] = math.nan
    rows = rows_of_fits(shown, fits, "without")
    assert [row.missing for row in rows] == ["", "the search did not come to an end", ""]


def test_three_studies_of_the_baujat_plot_are_filled_and_named(bcg: Summary) -> None:
    ax = baujat(bcg)
    frame = eq.influence(bcg.pooled)
    points = found(ax, "study")
    assert [float(p.get_xdata()[0]) for p in points] == pytest.approx(frame["baujat_x"].tolist())
    assert [float(p.get_ydata()[0]) for p in points] == pytest.approx(frame["baujat_y"].tolist())
    filled = [label for label, p in zip(frame["label"], points, strict=True) if not is_hollow(p)]
    assert sorted(filled) == sorted(texts(ax, "label"))
    assert filled == ["Hart & Sutherland 1977", "Vandiviere 1973", "TPT Madras 1980"]
    assert drawn(ax).frame["hat"].sum() == pytest.approx(1)
    assert "TPT Madras 1980 lies furthest" in drawn(ax).alt


def test_studies_that_agree_exactly_cannot_be_told_apart() -> None:
    with pytest.raises(UsageError, match="agree exactly"):
        baujat(eq.pool([0.5, 0.5, 0.5], [0.1, 0.2, 0.3]))


def test_a_study_among_others_that_agree_exactly_is_named_below() -> None:
    ax = baujat(eq.pool([0.5, 0.5, 0.5, 0.9], [0.1, 0.2, 0.3, 0.1], labels=list("abcd")))
    assert len(found(ax, "study")) == 3
    assert "Without a place on the axes, as all others agree exactly: d." in drawn(ax).alt


def test_every_maximum_of_the_profile_is_marked() -> None:
    shown = eq.pool(*TWO_MAXIMA)
    ax = tau2_profile(shown)
    assert marks(ax, "maximum") == pytest.approx([shown.tau2])
    assert marks(ax, "local-maximum") == pytest.approx([shown.second_tau2])
    assert is_hollow(found(ax, "local-maximum")[0])
    assert not is_hollow(found(ax, "maximum")[0])
    assert marks(ax, "tau2") == pytest.approx([shown.tau2])
    assert ends(ax, "q-profile") == [pytest.approx((shown.tau2_low, shown.tau2_high))]
    assert "another maximum (hollow), at τ² = 0 (0.55 lower)" in " ".join(texts(ax, "note"))
    curve = found(ax, "profile")[0].get_ydata()
    assert np.nanmax(curve) == 0
    assert [line.get_ydata()[0] for line in found(ax, "cut")] == pytest.approx([-1.92073], abs=1e-5)


def test_an_interval_beyond_the_axis_ends_in_an_arrow() -> None:
    ax = tau2_profile(eq.pool([0.1, 0.5], [0.1, 0.2]))
    assert len(found(ax, "clipped")) == 1
    assert ends(ax, "q-profile")[0][1] == pytest.approx(ax.get_xlim()[1])


def test_a_common_effect_has_a_profile_without_an_interval() -> None:
    ax = tau2_profile(eq.pool(*TWO_MAXIMA, estimator="CE"))
    assert not found(ax, "q-profile")
    assert "takes τ² to be 0" in drawn(ax).alt


@pytest.mark.parametrize("figure", FIGURES)
def test_what_is_not_combined_is_refused(figure) -> None:
    with pytest.raises(UsageError, match="surgery to look into: there is a reason"):
        figure(summary([counted(3, 13, 7, 9)]))


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize(("count", "measure"), [(2, "RR"), (13, "SMD"), (60, "GEN"), (200, "OR")])
def test_it_can_be_read_at_every_size(figure, count: int, measure: str) -> None:
    ax = figure(pooled(count, measure))
    assert_readable(ax)
    assert parses_no_math(ax)
    if figure is not tau2_profile:
        assert set(pooled(count).labels) <= set(drawn(ax).frame["label"])
    plt.close("all")


@pytest.mark.parametrize("figure", FIGURES)
def test_it_draws_on_the_axes_it_is_given(figure, bcg: Summary) -> None:
    _, mine = plt.subplots(figsize=(7, 7))
    assert figure(bcg, ax=mine, title="Mine") is mine
    assert mine.get_title(loc="left") == "Mine"
    plt.close("all")


@pytest.mark.parametrize("figure", [baujat, tau2_profile])
def test_it_can_be_read_in_one_column(figure, bcg: Summary) -> None:
    fig = plt.figure(figsize=(85 / 25.4, 4.2))
    ax = figure(bcg, ax=fig.add_axes((0.16, 0.36, 0.8, 0.4)))
    assert_readable(ax)
    plt.close("all")


@pytest.mark.parametrize("figure", FIGURES)
def test_the_same_bytes_are_written_each_time(figure, tmp_path: Path) -> None:
    written = [
        eq.figures.save(figure(eq.pool(*TWO_MAXIMA)), tmp_path / name / "it", formats=["svg"])[0]
        for name in ("a", "b")
        if not (tmp_path / name).mkdir()
    ]
    assert written[0].read_bytes() == written[1].read_bytes()
    plt.close("all")


def test_a_plan_may_ask_for_them() -> None:
    assert {figure.__name__ for figure in FIGURES} <= set(FIGURE_KINDS)
