"""Every broken base is refused with the one place that is wrong, and never with a traceback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from broken import CORPUS, Broken
from small_base import write_small_base

import equipoise as eq
from equipoise.cli import main

ROOT = Path(__file__).parents[2]
AS_A_PROGRAM = ("comma_thousands", "latin_1", "no_folder", "plan_no_toml", "name_with_line_end")


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    small = write_small_base(tmp_path_factory.mktemp("sound") / "small")
    return {"small": small, "inversion": ROOT / "evidence" / "inversion_therapy"}


@pytest.fixture
def make(sound: dict[str, Path], tmp_path: Path):
    def _make(case: Broken) -> Path:
        folder = tmp_path / "base"
        shutil.copytree(sound[case.base], folder)
        case.damage(folder)
        return folder

    return _make


def test_the_corpus_is_large_and_every_case_has_its_own_name() -> None:
    names = [case.name for case in CORPUS]
    assert len(names) >= 65
    assert len(set(names)) == len(names)
    assert set(AS_A_PROGRAM) <= set(names)


def test_the_bases_are_sound_before_they_are_broken(
    sound: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in sound.values():
        assert eq.check_evidence(folder) == ()
        assert main(["check", str(folder)]) == 0
        assert capsys.readouterr().out == f"{folder}: no problems\n"


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_one_defect_is_one_problem_at_its_place(
    case: Broken, make, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make(case)
    problems = eq.check_evidence(folder)
    assert len(problems) == 1 + case.also, "\n".join(map(str, problems))
    first = problems[0]
    assert (first.file, first.row, first.column) == (case.file, case.row, case.column), first
    for words in case.words:
        assert words in str(first)
    assert "\n" not in str(first)
    assert first.what
    assert first.fix

    with pytest.raises(eq.EvidenceError) as refused:
        eq.load_evidence(folder)
    assert refused.value.problems == problems
    assert str(first) in str(refused.value)

    assert main(["check", str(folder)]) == 1
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[0] == f"base/{first}"
    assert len(lines) == len(problems) + 1
    assert shown.err == ""


@pytest.mark.parametrize("name", AS_A_PROGRAM)
def test_the_program_says_the_same(name: str, make) -> None:
    case = next(case for case in CORPUS if case.name == name)
    folder = make(case)
    done = subprocess.run(
        [sys.executable, "-m", "equipoise", "check", str(folder)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"base/{eq.check_evidence(folder)[0]}\n")


def test_a_file_nobody_may_read_is_a_problem_too(
    sound: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name in ("claims.csv", "review.toml"):
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    problems = eq.check_evidence(sound["small"])
    assert [problem.file for problem in problems] == ["claims.csv", "review.toml"]
    assert all("cannot be read (Permission denied)" in problem.what for problem in problems)


def test_a_file_name_that_is_no_text_is_shown_escaped(
    sound: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "base"
    shutil.copytree(sound["small"], folder)
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv")).touch()
    except OSError:
        pytest.skip("this file system takes no such names")
    assert main(["check", str(folder)]) == 1
    assert capsys.readouterr().out.startswith(r"base/caf\udce9.csv: is not a table")
