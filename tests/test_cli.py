"""The command line as a user meets it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from equipoise.cli import main

ROOT = Path(__file__).parents[1]
BASE = ROOT / "evidence" / "inversion_therapy"


def _run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "equipoise", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        check=False,
    )


def test_check_is_silent_about_a_sound_base() -> None:
    done = _run("check")
    assert (done.returncode, done.stderr) == (0, "")
    bases = ["bcg_vaccine", "inversion_therapy"]
    assert done.stdout == "".join(f"evidence/{base}: no problems\n" for base in bases)


def test_check_ends_with_one_and_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "copy"
    shutil.copytree(BASE, base)
    results = base / "results.csv"
    results.write_text(
        results.read_text(encoding="utf-8").replace(",3,13,23.1", ",30,13,23.1"), encoding="utf-8"
    )
    assert main(["check", str(base)]) == 1
    out = capsys.readouterr().out
    assert "copy/results.csv, row " in out
    assert "column events: '30' is more than n, which is 13" in out
    for command in (["show", str(base)], ["audit", str(base)], ["build", str(base)]):
        assert main(command) == 1
        assert "column events" in capsys.readouterr().err


def test_show_prints_the_caveats_with_the_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(BASE), "surgery"]) == 0
    out = capsys.readouterr().out
    assert "RR 0.30 (0.10 to 0.85), 95% CI" in out
    assert "C06 (block)" in out


def test_show_names_the_outcomes_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(BASE), "sugery"]) == 2
    assert "surgery_avoided" in capsys.readouterr().err


def test_audit_prints_a_verdict_for_every_claim(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(BASE)]) == 0
    out = capsys.readouterr().out
    assert "article_surgery_halved: OVERSTATED VALUE\n  said: " in out
    assert "NOT VERIFIABLE" in out
    assert out.count("\n  better: ") == out.count("\n  why: ") == out.count("\n  said: ")
    assert "\n   3 overstated value: the evidence gives less than is said\n" in out
    assert "C31 (high) A verdict is about what could be checked here" in out


def test_audit_prints_claim_reviews(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    assert main(["audit", str(BASE), "--format", "jsonld"]) == 0
    reviews = json.loads(capsys.readouterr().out)
    assert {review["@type"] for review in reviews} == {"ClaimReview"}
    assert reviews[0]["reviewRating"]["alternateName"] == "overstated value"


def test_build_needs_evidence(tmp_path: Path) -> None:
    done = _run("build", cwd=tmp_path)
    assert done.returncode == 2
    assert "no evidence base" in done.stderr
    assert "Traceback" not in done.stderr


def test_only_builds_what_it_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["build", str(BASE), "-o", str(tmp_path), "--no-notebooks"]
    assert main([*arguments, "--only", "bcg"]) == 2
    assert "bcg" in capsys.readouterr().err
    assert main([*arguments, "--only", BASE.name]) == 0
    assert (tmp_path / BASE.name / "manifest.json").is_file()


@pytest.mark.parametrize("arguments", [[], ["pol"], ["show"], ["build", "--only"]])
def test_wrong_usage_ends_with_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith("equipoise 0.")


def test_an_output_that_is_a_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    assert main(["build", str(BASE), "--no-notebooks", "-o", str(tmp_path / "taken")]) == 2
    assert "taken" in capsys.readouterr().err
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_a_terminal_without_the_letters_still_gets_the_message() -> None:
    import os

    done = subprocess.run(
        [sys.executable, "-m", "equipoise", "show", str(BASE), "surgery"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"RR 0.30" in done.stdout


def test_rules_are_told_with_the_thresholds_of_a_review(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules"]) == 0
    customary = capsys.readouterr().out
    assert "C06 (block) different designs, not combined [reporting]\n" in customary
    assert "fewer than 300 events" in customary
    base = tmp_path / "copy"
    shutil.copytree(BASE, base)
    plan = base / "review.toml"
    own = "\n[thresholds]\nfew_events = 250\n"
    plan.write_text(plan.read_text(encoding="utf-8") + own, encoding="utf-8")
    assert main(["rules", str(base)]) == 0
    assert capsys.readouterr().out == customary.replace("300 events", "250 events")
    assert main(["show", str(base), "surgery"]) == 0
    assert "C36 (medium) This review draws its own lines" in capsys.readouterr().out
