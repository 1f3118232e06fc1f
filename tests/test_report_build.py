"""The build: complete, the same bytes every time, and never half there."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

import equipoise as eq
from equipoise.evidence.schema import TABLES
from equipoise.figures.drawn import FORMATS
from equipoise.report import build as building

ROOT = Path(__file__).parents[1]
BASE = ROOT / "evidence" / "inversion_therapy"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return eq.build(BASE, tmp_path_factory.mktemp("one"), notebooks=False)


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_planned_figure_is_there_in_every_form(built: Path, evidence: eq.Evidence) -> None:
    stems = [figure.id for figure in evidence.review.figures]
    assert len(stems) >= 8
    expected = {f"{stem}.{ending}" for stem in stems for ending in (*FORMATS, "csv", "txt")}
    assert {path.name for path in (built / "figures").iterdir()} == expected
    assert all(path.stat().st_size for path in (built / "figures").iterdir())


def test_every_figure_has_alt_text_with_numbers_and_its_caveats(built: Path) -> None:
    for path in (built / "figures").glob("*.txt"):
        alt, *caveats = path.read_text(encoding="utf-8").splitlines()
        assert any(letter.isdigit() for letter in alt), path.name
        assert caveats, path.name
        assert all(line.startswith("- ") for line in caveats), path.name


def test_every_figure_has_the_numbers_it_was_drawn_from(built: Path) -> None:
    for path in (built / "figures").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) > 1, path.name


def test_two_builds_have_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = eq.build(BASE, tmp_path, notebooks=False)
    assert _hashes(again) == _hashes(built)


def test_the_manifest_hashes_every_file(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    hashes = _hashes(built)
    del hashes["manifest.json"]
    assert manifest["files"] == hashes
    assert manifest["evidence"] == _hashes(BASE)


def test_results_hold_every_analysis_with_its_caveats(built: Path, evidence: eq.Evidence) -> None:
    results = json.loads((built / "results.json").read_text(encoding="utf-8"))
    assert [a["id"] for a in results["analyses"]] == [a.id for a in evidence.review.analyses]
    for analysis in results["analyses"]:
        assert analysis["caveats"], analysis["id"]
        assert analysis["sentence"].endswith(".")
    surgery = results["analyses"][0]
    trial = surgery["comparisons"][-1]
    assert (trial["events_treatment"], trial["n_treatment"]) == (3, 13)
    assert trial["estimate"] == pytest.approx(3 / 13 / (7 / 9), rel=1e-12)


def test_tables_trace_every_comparison_to_its_sources(built: Path, evidence: eq.Evidence) -> None:
    known = set(evidence.tables["sources"]["source_id"])
    with (built / "tables" / "comparisons.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert set(row["source_id"].split("; ")) <= known


def test_a_failed_build_leaves_the_old_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = eq.build(BASE, tmp_path, notebooks=False)
    before = _hashes(made)

    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(building, "write_manifest", fail)
    with pytest.raises(RuntimeError, match="disk"):
        eq.build(BASE, tmp_path, notebooks=False)
    assert _hashes(made) == before
    assert [path.name for path in tmp_path.iterdir()] == [BASE.name]


def test_a_folder_that_is_no_build_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / BASE.name
    mine.mkdir()
    (mine / "thesis.txt").write_text("three years", encoding="utf-8")
    with pytest.raises(eq.UsageError, match="not a build"):
        eq.build(BASE, tmp_path, notebooks=False)
    assert (mine / "thesis.txt").read_text(encoding="utf-8") == "three years"


def test_progress_names_every_figure(tmp_path: Path, evidence: eq.Evidence) -> None:
    steps: list[str] = []
    eq.build(BASE, tmp_path, notebooks=False, progress=steps.append)
    for figure in evidence.review.figures:
        assert any(figure.id in step for step in steps)


def test_a_planned_notebook_that_is_missing_is_named(tmp_path: Path) -> None:
    import shutil

    base = tmp_path / "evidence" / "copy"
    shutil.copytree(BASE, base)
    with pytest.raises(eq.UsageError, match="01_start_here"):
        eq.build(base, tmp_path / "build")
    assert not (tmp_path / "build").exists()


def test_a_base_without_a_plan_or_optional_tables_builds(tmp_path: Path) -> None:
    import shutil

    base = tmp_path / "evidence" / "bare"
    shutil.copytree(BASE, base)
    for table in TABLES:
        if not table.required and (base / table.file).exists():
            (base / table.file).unlink()
    review = (base / "review.toml").read_text(encoding="utf-8")
    (base / "review.toml").write_text(review[: review.index("[[analyses]]")], encoding="utf-8")
    made = eq.build(base, tmp_path / "build", notebooks=False)
    results = json.loads((made / "results.json").read_text(encoding="utf-8"))
    outcomes = eq.load_evidence(base).tables["outcomes"]["outcome_id"]
    assert [analysis["id"] for analysis in results["analyses"]] == list(outcomes)
    assert (made / "tables" / "answers.html").is_file()


def test_a_file_that_is_no_notebook_is_named(tmp_path: Path) -> None:
    from equipoise.report.notebooks import run_notebook

    path = tmp_path / "torn.ipynb"
    path.write_text('{"cells": [', encoding="utf-8")
    with pytest.raises(eq.EquipoiseError, match=r"torn\.ipynb is not a notebook"):
        run_notebook(path)


def test_pooled_numbers_stand_in_every_table(tmp_path: Path) -> None:
    base = BASE.parent / "bcg_vaccine"
    made = eq.build(base, tmp_path / "one", notebooks=False)
    assert _hashes(made) == _hashes(eq.build(base, tmp_path / "two", notebooks=False))
    pooled = eq.summarize(eq.load_evidence(base), "tuberculosis").pooled
    assert pooled is not None
    with (made / "tables" / "pooled.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["analysis"], row["k"]) == ("tuberculosis", "13")
    assert float(row["estimate"]) == pooled.estimate
    assert float(row["natural_prediction_high"]) == pooled.natural().prediction_high
    results = json.loads((made / "results.json").read_text(encoding="utf-8"))
    told = results["analyses"][0]["pooled"]
    assert told["i2_low"] == pooled.i2_low
    assert told["natural"]["estimate"] == pooled.natural().estimate
    assert told["risk_with"] == pytest.approx(told["risk_without"] * told["natural"]["estimate"])
    assert "RR 0.49 (95% CI 0.33 to 0.73)" in (made / "tables" / "answers.md").read_text()
    assert "no claims" in (made / "tables" / "claims.html").read_text()


def test_a_base_without_pooled_estimates_has_no_table_of_them(built: Path) -> None:
    assert not (built / "tables" / "pooled.csv").exists()


def test_the_claims_are_written_for_programs_too(built: Path, evidence: eq.Evidence) -> None:
    text = (built / "claims.jsonld").read_text(encoding="utf-8")
    assert not set("<>&") & set(text)
    reviews = json.loads(text)
    assert reviews == eq.claim_reviews(evidence)
    results = json.loads((built / "results.json").read_text(encoding="utf-8"))
    assert [claim["could_say"] for claim in results["claims"]] == list(
        eq.audit_claims(evidence)["could_say"]
    )
    with (built / "tables" / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["What could be said instead"] for row in rows)
