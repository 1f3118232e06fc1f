"""Every base of this repository is sound, described as it is, and traceable to its sources."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

import equipoise as eq
from equipoise.evidence import descriptor
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.records import records
from equipoise.evidence.review import SynthesisStatement
from equipoise.evidence.schema import TABLES, table

EVIDENCE = Path(__file__).parents[2] / "evidence"
BASES = sorted(path.parent for path in EVIDENCE.glob("*/review.toml"))
WITH_NUMBERS = [
    t
    for t in TABLES
    if any(column.type in ("integer", "number") for column in t.columns) and t.name != "sources"
]
# An outcome's smallest important difference, and the boxes of the flow diagram, are the review's.
OF_THE_REVIEW = {"outcomes", "screening"}

each_base = pytest.mark.parametrize("folder", BASES, ids=lambda folder: folder.name)


def test_there_are_bases_to_test() -> None:
    assert "inversion_therapy" in [folder.name for folder in BASES]


@each_base
def test_check_finds_nothing(folder: Path) -> None:
    assert eq.check_evidence(folder) == ()


@each_base
def test_the_descriptor_is_the_one_the_schema_gives(folder: Path) -> None:
    written = (folder / "datapackage.json").read_text(encoding="utf-8")
    wanted = descriptor.datapackage(folder)
    assert json.loads(written) == json.loads(json.dumps(wanted))
    assert written == json.dumps(wanted, indent=2, ensure_ascii=False) + "\n"


@each_base
def test_the_descriptor_describes_the_files_that_are_there(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    paths = [resource["path"] for resource in package["resources"]]
    assert sorted(paths) == sorted(path.name for path in folder.glob("*.csv"))
    names = {resource["name"]: resource for resource in package["resources"]}
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8") as file:
            header = file.readline().strip().split(",")
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert header == fields
        assert set(resource["schema"]["primaryKey"]) <= set(fields)
        for key in resource["schema"].get("foreignKeys", []):
            target = names[key["reference"]["resource"]]["schema"]["fields"]
            assert key["reference"]["fields"][0] in [field["name"] for field in target]


def test_the_dictionary_is_the_one_the_schema_gives() -> None:
    assert (EVIDENCE / "README.md").read_text(encoding="utf-8") == descriptor.dictionary()


def test_the_dictionary_names_every_column_with_its_meaning() -> None:
    text = descriptor.dictionary()
    for t in TABLES:
        section = text.split(f"## `{t.file}`")[1].split("\n## ")[0]
        for column in t.columns:
            line = next(row for row in section.splitlines() if row.startswith(f"| `{column.name}`"))
            assert column.meaning in line
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == 5
            assert cells[3] == ("no" if column.required else "yes")
            assert cells[4] == ("yes" if column.may_be_nr else "no")


def test_the_dictionary_names_every_key_of_a_synthesis() -> None:
    example = descriptor.dictionary().split("[synthesis] ")[1].split("```")[0]
    keys = [line.split(" = ")[0] for line in example.splitlines()[1:]]
    assert keys == [item.name for item in fields(SynthesisStatement)]
    assert all("# " in line for line in example.splitlines())


def test_writing_gives_what_is_committed(tmp_path: Path) -> None:
    for folder in BASES:
        copy = tmp_path / folder.name
        copy.mkdir()
        for path in [*folder.glob("*.csv"), folder / "review.toml"]:
            (copy / path.name).write_bytes(path.read_bytes())
    descriptor.write(tmp_path)
    for name in ["README.md", *(f"{folder.name}/datapackage.json" for folder in BASES)]:
        assert (tmp_path / name).read_bytes() == (EVIDENCE / name).read_bytes()


def test_tables_with_numbers_say_where_they_were_read() -> None:
    without = {t.name for t in WITH_NUMBERS if "source_id" not in [c.name for c in t.columns]}
    assert without == OF_THE_REVIEW
    for t in WITH_NUMBERS:
        if t.name not in OF_THE_REVIEW:
            column = t.column("source_id")
            assert column.required
            assert not column.may_be_nr
            assert column.references == "sources.source_id"


@each_base
def test_every_number_can_be_traced_to_a_document(folder: Path) -> None:
    evidence = eq.load_evidence(folder)
    known = set(evidence.table("sources")["source_id"])
    traced = 0
    for t in WITH_NUMBERS:
        if t.name in OF_THE_REVIEW:
            continue
        numbers = [c.name for c in t.columns if c.type in ("integer", "number")]
        for row in records(evidence.cells[t.name]):
            filled = [name for name in numbers if row[name] not in ("", NOT_REPORTED)]
            assert not filled or row["source_id"] in known, (t.name, row)
            traced += len(filled)
    assert traced > 50


@each_base
def test_every_comparison_names_sources_that_exist(folder: Path) -> None:
    evidence = eq.load_evidence(folder)
    known = set(evidence.table("sources")["source_id"])
    for outcome in evidence.table("outcomes")["outcome_id"]:
        for cell in evidence.comparison(outcome)["source_id"]:
            assert set(cell.split("; ")) <= known


@each_base
def test_a_baseline_risk_names_its_document(folder: Path) -> None:
    evidence = eq.load_evidence(folder)
    known = set(evidence.table("sources")["source_id"])
    for analysis in evidence.review.analyses:
        assert (analysis.baseline_risk is None) == (analysis.baseline_risk_source == "")
        assert analysis.baseline_risk is None or analysis.baseline_risk_source in known


def test_the_table_of_a_name_is_found() -> None:
    assert [table(t.name) for t in TABLES] == list(TABLES)
