"""Tables in and out of files, and `equipoise pool` as a user meets it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import equipoise as eq
from equipoise.cli import main
from equipoise.errors import UsageError
from equipoise.synthesis.files import read_table, write_table

TRIALS = """study,group,ai,n1i,ci,n2i
Aronson 1948,a,4,123,11,139
Ferguson 1949,a,6,306,29,303
Rosenthal 1960,b,3,231,11,220
Hart 1977,b,62,13598,248,12867
"""


@pytest.fixture
def trials(tmp_path: Path) -> Path:
    path = tmp_path / "trials.csv"
    path.write_text(TRIALS, encoding="utf-8")
    return path


def test_other_programs_column_names_are_read(trials: Path) -> None:
    assert list(read_table(trials).columns) == [
        "label" if name == "slab" else name
        for name in (
            "study", "group", "events_treatment", "n_treatment", "events_control", "n_control",
        )
    ]  # fmt: skip


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_what_is_written_is_read_again(tmp_path: Path, ending: str) -> None:
    table = pd.DataFrame({"label": ["a", "b"], "effect": [0.1, 1 / 3], "variance": [0.5, 2.0]})
    write_table(table, tmp_path / f"table{ending}")
    again = read_table(tmp_path / f"table{ending}")
    assert again.to_dict("list") == table.to_dict("list")


def test_one_analysis_is_told_in_words(trials: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pool", str(trials), "--measure", "RR"]) == 0
    told = capsys.readouterr().out
    expected = eq.pool(eq.effect_sizes(read_table(trials), "RR"))
    assert told == f"{expected}\n"
    assert told.startswith("Risk ratio, 4 studies, random effects (REML), Hartung-Knapp interval")


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_many_analyses_go_into_a_file(
    trials: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    output = tmp_path / f"pooled{ending}"
    arguments = ["--by", "group", "--measure", "OR", "--estimator", "DL", "--ci-method", "wald"]
    assert main(["pool", str(trials), *arguments, "-o", str(output)]) == 0
    assert capsys.readouterr().out == f"{output}\n"
    found = pd.read_csv(output) if ending == ".csv" else pd.read_parquet(output)
    table = eq.effect_sizes(read_table(trials), "OR")
    expected = eq.pool_many(table, by="group", estimator="DL", ci_method="wald")
    assert list(found["group"]) == ["a", "b"]
    numbers = [name for name in expected.columns if expected[name].dtype == np.float64]
    np.testing.assert_allclose(found[numbers], expected[numbers], rtol=1e-14)


def test_many_analyses_are_a_table_on_the_terminal(
    trials: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["pool", str(trials), "--by", "group", "--measure", "RR"]
    assert main(arguments) == 0
    head, *rows, empty, note = capsys.readouterr().out.splitlines()
    names = ["estimate", "low", "high", "p_value", "tau2", "i2"]
    assert head.split() == ["group", "measure", "k", *names]
    table = eq.effect_sizes(read_table(trials), "RR")
    for row, group in zip(rows, "ab", strict=True):
        found = eq.pool(table[table["group"] == group])
        cells = row.replace("< ", "").replace("−", "-").split()
        assert cells[:3] == [group, "RR", "2"]
        expected = [getattr(found, name) for name in names]
        assert [float(cell) for cell in cells[3:]] == pytest.approx(expected, rel=1e-2)
    assert len(head) == max(map(len, rows))
    assert (empty, note) == (
        "",
        "Effects are on the scale of analysis (RR: log); --natural brings them back.",
    )


def test_the_natural_scale_takes_the_place_of_the_other(
    trials: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["pool", str(trials), "--by", "group", "--measure", "RR", "--natural"]
    assert main([*arguments, "--columns", "k, estimate,low,converged"]) == 0
    head, first, *_ = capsys.readouterr().out.splitlines()
    assert head.split() == [
        "group", "measure", "k", "natural_estimate", "natural_low", "converged",
    ]  # fmt: skip
    table = eq.effect_sizes(read_table(trials), "RR")
    natural = eq.pool(table[table["group"] == "a"]).natural()
    assert first.split() == ["a", "RR", "2", f"{natural.estimate:.4f}", f"{natural.low:.6f}", "yes"]


@pytest.mark.parametrize("many", [["--by", "group"], []])
def test_a_file_holds_the_measure_and_both_scales(
    trials: Path, tmp_path: Path, many: list[str]
) -> None:
    output = tmp_path / "pooled.csv"
    arguments = ["pool", str(trials), "--measure", "RR", *many, "--natural", "-o", str(output)]
    assert main(arguments) == 0
    found = pd.read_csv(output)
    assert set(found["measure"]) == {"RR"}
    for name in ("estimate", "low", "prediction_high"):
        np.testing.assert_allclose(found[f"natural_{name}"], np.exp(found[name]), rtol=1e-14)


def test_very_many_analyses_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "many.csv"
    rows = "".join(f"t{n},0.1,0.2\n" for n in range(1234))
    path.write_text(f"topic,yi,vi\n{rows}t0,,\n", encoding="utf-8")
    assert main(["pool", str(path), "--by", "topic"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["topic", "excluded", "k"]
    assert len(lines) == 1 + 500 + 1
    assert lines[-1] == "and 734 more: write them to a file"


@pytest.mark.parametrize("many", [["--by", "group"], []])
def test_weights_are_a_column(
    trials: Path, capsys: pytest.CaptureFixture[str], many: list[str]
) -> None:
    arguments = ["pool", str(trials), "--measure", "RR", "--estimator", "GENQ", *many]
    assert main([*arguments, "--weights", "n1i"]) == 0
    told = capsys.readouterr().out
    table = eq.effect_sizes(read_table(trials), "RR")
    found = eq.pool(table, weights=table["n_treatment"], estimator="GENQ")
    assert many or told == f"{found}\n"
    assert main(arguments) == 2
    assert "needs weights, one a study: give weights=, or --weights" in capsys.readouterr().err


def test_columns_are_called_as_in_the_file(
    trials: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pool", str(trials), "--measure", "RR", "--by", "n2i", "--columns", "k"]) == 0
    assert capsys.readouterr().out.startswith("n_control  measure  k\n139        RR       1\n")


def test_ready_effects_need_no_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "effects.csv"
    path.write_text("slab,yi,vi\nx,0.1,0.04\ny,0.5,0.09\n", encoding="utf-8")
    assert main(["pool", str(path), "--tau2", "0.1"]) == 0
    assert capsys.readouterr().out.startswith("Effect, 2 studies")


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        (None, [], "there is no file"),
        ("", [], "cannot be read as a table"),
        ("effect,variance\n", [], "holds no rows"),
        ("ai,n1i,ci,n2i\n1,9,2,9\n", [], "name the measure to compute"),
        ("yi,vi\n1,0.1\nNR,0.2\n", [], "row 2: effect 'NR' is not a number"),
        ("yi,vi\n1,0.1\n2,-0.2\n", [], "variance -0.2 is not above 0"),
        ("ai,n1i,ci,n2i\n1,9,12,9\n", ["--measure", "RR"], "events_control 12 is greater"),
        ("yi,vi\n1,0.1\n", ["--estimator", "reml"], "unknown estimator 'reml'"),
        ("yi,vi\n1,0.1\n", ["--measure", "rr"], "did you mean 'RR'"),
        ("yi,vi\n1,0.1\n", ["--by", "topic"], "no column 'topic'"),
        (
            "yi,vi,measure\n1,0.1,RR\n2,0.1,\n",
            ["--measure", "MD"],
            "effects of the table are RR (its column measure), and not MD",
        ),
        ("yi,vi\n1,0.1\n", ["-o", "result.txt"], "the name must end in .csv or .parquet"),
        ("yi,vi\n1,0.1\n", ["--weights", "wi"], "no column 'wi'"),
        ("yi,vi\n1,0.1\n", ["--columns", "k"], "--columns chooses the numbers of a table"),
        ("yi,vi\n1,0.1\n", ["--by", "yi", "--columns", "i3"], "unknown columns ['i3']"),
        ("yi,vi\n1,0.1\n", ["--by", "yi", "--natural"], "do not say of which measure they are"),
        ("k,yi,vi\n1,1,0.1\n", ["--by", "k"], "the column 'k' is named twice, or a result"),
        ("yi,vi\n1,0.1\n", ["--level", "95"], "level must lie between 0 and 1"),
        ("yi,vi\n1,0.1,\n", [], "the header, row 1, has 2 cells; put"),
        ("yi,vi\n1,0.1\n\n2,0.2,\n", [], "\nrow 4 has 3 cells\n"),
        ("yi,vi\n1,0.1\n2\n", [], "\nrow 3 has 1 cell\n"),
        ("yi,vi\n" + "1,1,1\n" * 12, [], "\nrow 11 has 3 cells\nand 2 more\n"),
        ("yi;vi\n1;0,1\n", [], "uses semicolons between its cells; separate them by commas"),
        ("yi\tvi\n1\t0.1\n", [], "uses tabs between its cells"),
        ("yi,vi,yi\n1,0.1,2\n", [], "the column 'yi' occurs twice"),
        ('yi,vi\n1,"0.1\n', [], "row 2: is not well-formed CSV"),
    ],
)
def test_bad_tables_end_with_one_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    arguments: list[str],
    words: str,
) -> None:
    path = tmp_path / "table.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["pool", str(path), *arguments]) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.startswith("equipoise: ")
    assert not told.out


@pytest.mark.parametrize(
    ("content", "ending", "words"),
    [
        (bytes(range(128, 256)), ".parquet", "cannot be read as a table"),
        (bytes(range(128, 256)), ".csv", "line 1: is not UTF-8"),
        ("study,yi\nA,1\nMüller,1\n".encode("latin-1"), ".csv",
         r"line 3: is not UTF-8 \(byte 0xfc after 'M'\); save the file as CSV UTF-8"),
        ("yi,vi\n1,2\n".encode("utf-16"), ".csv", "is UTF-16, not UTF-8; save"),
        ("yi,vi\n1,2\n".encode("utf-16-le"), ".csv", "is UTF-16, not UTF-8; save"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_table_are_refused(
    tmp_path: Path, content: bytes, ending: str, words: str
) -> None:
    path = tmp_path / f"noise{ending}"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=words):
        read_table(path)


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"must end in \.csv or \.parquet"):
        read_table(tmp_path / "table.xlsx")


def test_capitals_in_an_ending_make_no_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "TRIALS.CSV").write_text(TRIALS, encoding="utf-8")
    output = tmp_path / "POOLED.Parquet"
    arguments = ["pool", str(tmp_path / "TRIALS.CSV"), "--measure", "RR", "-o", str(output)]
    assert main(arguments) == 0
    assert pd.read_parquet(output)["k"].item() == 4
    assert capsys.readouterr().out == f"{output}\n"


def test_the_table_that_was_read_is_not_overwritten(
    trials: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(trials)
    same = tmp_path / "nowhere" / ".." / trials.name
    (tmp_path / "nowhere").mkdir()
    for output in (trials, link, same):
        assert main(["pool", str(trials), "--measure", "RR", "-o", str(output)]) == 2
        assert "is the table that was read, and was left as it is" in capsys.readouterr().err
    assert trials.read_text(encoding="utf-8") == TRIALS


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_result_that_cannot_be_written_names_its_file_and_leaves_the_old_one(
    trials: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    output = tmp_path / "no" / f"pooled{ending}"
    arguments = ["pool", str(trials), "--measure", "RR", "-o"]
    assert main([*arguments, str(output)]) == 2
    told = capsys.readouterr().err
    assert f"{output} cannot be written: there is no folder {output.parent}; make it" in told

    def full(_: object, path: Path, **__: object) -> None:
        path.write_text("half a tab", encoding="utf-8")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("equipoise.synthesis.files.write_csv", full)
    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    output = tmp_path / f"pooled{ending}"
    output.write_text("old", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    assert main([*arguments, str(output)]) == 2
    told = capsys.readouterr().err
    assert told == f"equipoise: {output} cannot be written: No space left on device\n"
    assert output.read_text(encoding="utf-8") == "old"
    assert sorted(tmp_path.iterdir()) == before


def test_text_that_is_a_formula_is_defused(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"topic": ["=1+1"], "estimate": [-0.5]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "topic,estimate\n'=1+1,-0.5\n"
