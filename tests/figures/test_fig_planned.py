"""Every figure that `review.toml` can plan for a pooled outcome is drawn by a build."""

from pathlib import Path
from typing import get_args

import pytest
from drawing import assert_readable
from pooled_results import bcg_summary

import equipoise as eq
from equipoise import figures
from equipoise.evidence.review import FIGURE_KINDS, PlannedFigure
from equipoise.figures.funnel import Contours
from equipoise.report.drawing import draw

BASE = Path(__file__).parents[2] / "evidence" / "bcg_vaccine"


@pytest.fixture(scope="module")
def bcg() -> eq.Summary:
    return bcg_summary()


@pytest.mark.parametrize("kind", ["forest", "funnel", "labbe", "orchard", "drapery", "radial"])
def test_a_planned_figure_is_the_one_of_its_name(kind: str, bcg: eq.Summary) -> None:
    evidence = eq.load_evidence(BASE)
    planned = PlannedFigure(id="one", kind=kind, title="A title", analyses=(bcg.id,))
    ax = draw(evidence, planned, {bcg.id: bcg}, eq.audit_claims(evidence))
    assert ax.get_title(loc="left") == "A title"
    own = getattr(figures, kind)(bcg, title="A title")
    assert figures.drawn(ax).alt == figures.drawn(own).alt
    assert figures.drawn(ax).frame.equals(figures.drawn(own).frame)


def test_every_kind_is_a_public_figure() -> None:
    assert set(FIGURE_KINDS) <= set(figures.__all__)


@pytest.mark.parametrize("contours", get_args(Contours))
def test_saved_bytes_depend_on_the_drawing_alone(
    contours: Contours, bcg: eq.Summary, tmp_path: Path
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        figures.save(figures.funnel(bcg, contours=contours), tmp_path / folder / "funnel")
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("measure", ["PFT", "PLO", "PAS"])
def test_a_forest_plot_of_transformed_proportions_has_an_axis_too(measure: str) -> None:
    table = eq.effect_sizes(bcg_summary().frame[["events_treatment", "n_treatment"]], measure)
    assert_readable(figures.forest(eq.pool(table)))
