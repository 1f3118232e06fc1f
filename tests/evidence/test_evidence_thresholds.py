"""The lines at which caveats begin, and who may draw them."""

import shutil
from dataclasses import fields
from pathlib import Path

import pytest

import equipoise as eq
from equipoise.evidence.thresholds import CUSTOMARY, Thresholds

BASE = Path(__file__).parents[2] / "evidence" / "bcg_vaccine"


def _with(folder: Path, lines: str) -> Path:
    shutil.copytree(BASE, folder)
    plan = folder / "review.toml"
    plan.write_text(f"{plan.read_text(encoding='utf-8')}\n{lines}\n", encoding="utf-8")
    return folder


def test_the_customary_ones_are_changed_by_nobody_and_possible() -> None:
    assert Thresholds() == CUSTOMARY
    assert CUSTOMARY.changed() == {}
    assert CUSTOMARY.wrong() == {}
    assert set(CUSTOMARY.describe()) == {item.name for item in fields(Thresholds)}


def test_a_review_may_draw_its_own_lines(tmp_path: Path) -> None:
    base = eq.load_evidence(
        _with(tmp_path / "base", "[thresholds]\nfew_studies = 20\nalpha = 0.01")
    )
    assert base.review.thresholds == Thresholds(few_studies=20.0, alpha=0.01)
    assert base.review.thresholds.changed() == {"few_studies": (20.0, 10.0), "alpha": (0.01, 0.05)}
    found = {caveat.code: caveat for caveat in eq.caveats(base, "tuberculosis")}
    assert "few_studies is 20 instead of 10; alpha is 0.01 instead of 0.05" in found["C36"].sentence
    assert "With 13 studies" in found["C17"].sentence  # 13 are few now


def test_without_own_lines_nothing_is_said_of_them() -> None:
    found = {c.code: c.sentence for c in eq.caveats(eq.load_evidence(BASE), "tuberculosis")}
    assert "C36" not in found
    assert "With 13 studies" not in found["C17"]


@pytest.mark.parametrize(
    ("lines", "column", "what"),
    [
        ("few_events = 0", "thresholds.few_events", "is not above 0 and below 1e+09"),
        ("alpha = 0.5", "thresholds.alpha", "is not above 0 and below 0.5"),
        ("ratio_harm = 0.9", "thresholds.ratio_harm", "is not above 1 and below 1e+09"),
        ("ratio_benefit = 1", "thresholds.ratio_benefit", "is not above 0 and below 1"),
        ("power = nan", "thresholds.power", "is not above 0.05 and below 1"),
        ('fragile = "3"', "thresholds.fragile", "is not a number"),
        ("few_event = 200", "thresholds.few_event", "is not a known key"),
    ],
)
def test_lines_that_cannot_be_are_refused(
    tmp_path: Path, lines: str, column: str, what: str
) -> None:
    (problem,) = eq.check_evidence(_with(tmp_path / "base", f"[thresholds]\n{lines}"))
    assert (problem.file, problem.column, problem.what) == ("review.toml", column, what)
