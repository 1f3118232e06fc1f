"""The figures of how the evidence was found and judged, as review.toml plans them."""

import pytest
from drawing import texts
from small_base import write_small_base

import equipoise as eq
from equipoise.appraisal.summary import summarize_all
from equipoise.evidence.review import PlannedFigure
from equipoise.figures.drawn import drawn
from equipoise.report.drawing import draw

KINDS = ("traffic_lights", "bias_bars", "prisma_flow", "effect_direction", "harvest")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = write_small_base(tmp_path_factory.mktemp("planned") / "base")
    plan = "".join(f'\n[[figures]]\nid = "a_{k}"\nkind = "{k}"\ntitle = "T"\n' for k in KINDS)
    text = (folder / "review.toml").read_text(encoding="utf-8")
    (folder / "review.toml").write_text(
        text.replace("\n[synthesis]", f"{plan}\n[synthesis]"), encoding="utf-8"
    )
    return eq.load_evidence(folder)


@pytest.fixture(scope="module")
def summaries(base):
    return {summary.id: summary for summary in summarize_all(base)}


def drawn_of(base, summaries, kind, *analyses):
    planned = PlannedFigure(id=kind, kind=kind, title="T", analyses=analyses)
    return draw(base, planned, summaries, eq.audit_claims(base))


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_may_name_them(base, summaries, kind):
    assert kind in {figure.kind for figure in base.review.figures}
    assert drawn(drawn_of(base, summaries, kind)).alt


def test_an_analysis_narrows_them_to_its_outcome(base, summaries):
    whole = drawn_of(base, summaries, "traffic_lights")
    assert texts(whole, "tool") == [eq.bias_tool("RoB2").title, eq.bias_tool("ROBINS-I").title]
    one = drawn_of(base, summaries, "traffic_lights", "relapse")
    assert texts(one, "study") == ["Alpha 2001"]
    assert drawn_of(base, summaries, "bias_bars", "cured").get_title("left") == "T"
    arrows = drawn(drawn_of(base, summaries, "effect_direction", "pain")).frame
    assert set(arrows["outcomes"]) == {"pain"}


def test_studies_with_numbers_that_nobody_judged_are_named(base, summaries):
    caveats = drawn(drawn_of(base, summaries, "traffic_lights")).caveats
    (unjudged,) = [caveat for caveat in caveats if caveat.code == "C41"]
    assert set(unjudged.studies) == {"Gamma 2010", "Delta 1999"}


def test_where_nobody_judged_the_figure_says_so(base, summaries):
    for kind in ("traffic_lights", "bias_bars"):
        ax = drawn_of(base, summaries, kind, "headache")
        assert texts(ax, "words") == ["Nobody has judged the risk of bias of these studies."]


def test_two_analyses_are_one_too_many(tmp_path):
    folder = write_small_base(tmp_path / "base")
    path = folder / "review.toml"
    text = path.read_text(encoding="utf-8").replace('kind = "outcomes"', 'kind = "bias_bars"')
    path.write_text(text, encoding="utf-8")
    (problem,) = eq.check_evidence(folder)
    assert problem.what == "names 2, but bias_bars draws at most one"


def test_weights_are_those_of_the_analysis(base, summaries):
    """Alpha 2001 is the only trial with relapses: all the weight there is."""
    frame = drawn(drawn_of(base, summaries, "bias_bars", "relapse")).frame
    assert frame.groupby("domain")["share"].sum().tolist() == pytest.approx([1.0] * 6)
