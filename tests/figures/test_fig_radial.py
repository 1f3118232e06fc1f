"""The radial plot gives every study the same standard error, and reads effects as slopes."""

import math

import numpy as np
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from fake_summaries import LONG, counted, summary
from matplotlib import pyplot as plt
from pooled_results import bcg_summary, bcg_table, simulated
from scipy.stats import norm

import equipoise as eq
from equipoise.figures import drawn, radial


def test_studies_stand_at_their_precision_and_standardised_effect() -> None:
    pooled = simulated(13)
    ax = radial(pooled)
    errors = np.sqrt(pooled.variances)
    points = np.array([line.get_xydata()[0] for line in found(ax, "study")])
    assert points[:, 0] == pytest.approx(1 / errors)
    assert points[:, 1] == pytest.approx(np.array(pooled.effects) / errors)
    assert points[:, 1] / points[:, 0] == pytest.approx(np.array(pooled.effects))


def test_the_band_lies_round_the_ray_of_the_pooled_estimate() -> None:
    pooled = simulated(13)
    ax = radial(pooled)
    (ray,), (band,) = found(ax, "pooled"), found(ax, "band")
    (start, end), far = ray.get_xydata(), ax.child_axes[0].get_xlim()[1]
    assert start.tolist() == [0.0, 0.0]
    assert end.tolist() == pytest.approx([far, pooled.estimate * far])
    corners = np.asarray(band.get_paths()[0].vertices)
    reach = norm.ppf(0.975)
    at_end = corners[np.isclose(corners[:, 0], far), 1]
    assert [at_end.min(), at_end.max()] == pytest.approx([end[1] - reach, end[1] + reach])


def test_a_study_outside_the_band_has_a_shape_of_its_own() -> None:
    bcg = bcg_summary()
    assert bcg.pooled is not None
    ax = radial(bcg)
    studies = bcg.pooled.studies
    away = (studies["effect"] - bcg.pooled.estimate).abs() / studies["se"] > norm.ppf(0.975)
    shapes = [line.get_marker() for line in found(ax, "study")]
    assert shapes == ["D" if apart else "o" for apart in away]
    assert drawn(ax).frame["outside"].tolist() == away.tolist()
    assert "Outside the band that chance explains: 7 (Ferguson & Simes 1949" in drawn(ax).alt
    assert drawn(ax).alt.endswith(bcg.sentence)
    assert drawn(ax).caveats == bcg.caveats
    assert "one study outside the band" in texts(ax, "legend")


@pytest.mark.parametrize(("measure", "scale"), [("RR", math.log), ("SMD", float)])
def test_rays_are_read_as_effects_on_the_right(measure: str, scale: type[float]) -> None:
    ax = radial(simulated(60, measure))
    labels = texts(ax, "ray-label")
    assert len(labels) >= 3
    for ray, label in zip(found(ax, "ray"), labels, strict=True):
        (_, (x, y)) = ray.get_xydata()
        assert y / x == pytest.approx(scale(float(label.replace("−", "-"))), abs=1e-12)


@pytest.mark.parametrize("k", [1, 2, 13, 60, 200])
@pytest.mark.parametrize("measure", ["RR", "SMD"])
def test_it_is_readable_at_any_size(k: int, measure: str) -> None:
    ax = radial(simulated(k, measure))
    assert_readable(ax)
    (low, high), (left, right) = ax.child_axes[0].get_ylim(), ax.child_axes[0].get_xlim()
    for line in found(ax, "study"):
        ((x, y),) = line.get_xydata()
        assert left <= x <= right
        assert low <= y <= high


@pytest.mark.parametrize("measure", ["PR", "PLO", "PFT"])
def test_proportions_have_rays_and_no_null(measure: str) -> None:
    table = eq.effect_sizes(bcg_table()[["events_treatment", "n_treatment"]], measure)
    ax = radial(eq.pool(table))
    assert not found(ax, "null")
    assert all(label.endswith("%") for label in texts(ax, "ray-label"))
    assert_readable(ax)


def test_ratios_over_orders_of_magnitude_have_round_rays() -> None:
    ax = radial(eq.pool([-3.0, 0.0, 3.0], [0.5, 0.4, 0.6], measure="OR"))
    assert {"0.1", "1", "10"} <= set(texts(ax, "ray-label"))
    assert_readable(ax)


def test_studies_that_are_not_combined_are_not_drawn() -> None:
    with pytest.raises(eq.UsageError, match="not combined"):
        radial(summary([counted(3, 13, 7, 9)]))


def test_a_narrow_column_survives() -> None:
    _, mine = plt.subplots(figsize=(3.35, 5.5))
    mine.set_position((0.03, 0.03, 0.94, 0.82))
    ax = radial(simulated(13), ax=mine, title=LONG)
    assert ax is mine
    assert parses_no_math(ax)
    assert_readable(ax)
