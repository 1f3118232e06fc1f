"""An evidence base made of the cells a test is about; nothing checks them as a file would be."""

from collections.abc import Sequence
from pathlib import Path

import equipoise as eq
from equipoise.evidence.cells import parse_row
from equipoise.evidence.reading import Row
from equipoise.evidence.schema import table

Cells = dict[str, str]

STUDY = {
    "study_id": "a2020", "label": "A 2020", "source_id": "a2020", "year": "2020", "country": "NR",
    "design": "rct", "directness": "direct", "condition": "pain", "population": "NR",
    "setting": "NR", "funding": "NR", "conflicts": "NR", "participants_blinded": "NR",
    "assessors_blinded": "NR", "registration": "NR", "product": "NR", "confidence": "primary",
}  # fmt: skip
SOURCE = {
    "source_id": "a2020", "kind": "journal_article", "citation": "A paper", "year": "2020",
    "doi": "NR", "url": "NR", "read": "full_text", "industry": "no",
}  # fmt: skip
ARM = {"study_id": "a2020", "source_id": "a2020", "confidence": "primary"}
TREATED = {**ARM, "arm_id": "in", "role": "intervention", "label": "Inversion", "n": "20"}
CONTROL = {**ARM, "arm_id": "out", "role": "control", "label": "Rest", "n": "20"}
OUTCOMES = (
    {"outcome_id": "surgery", "label": "Surgery", "kind": "binary", "better": "lower",
     "phrase": "had surgery"},
    {"outcome_id": "pain", "label": "Pain", "kind": "continuous", "better": "lower",
     "unit": "points"},
)  # fmt: skip
RESULT = {**ARM, "outcome_id": "surgery", "arm_id": "in", "timepoint": "1 year", "weeks": "52"}
EFFECT = {
    **ARM, "outcome_id": "surgery", "arm_1": "in", "arm_2": "out", "timepoint": "1 year",
    "weeks": "52", "measure": "RR", "higher_favours": "arm_2",
}  # fmt: skip


def result(**cells: str) -> Cells:
    """A row of results.csv about surgery in the treated group."""
    return {**RESULT, **cells}


def effect(**cells: str) -> Cells:
    """A row of contrasts.csv about the risk ratio of surgery."""
    return {**EFFECT, **cells}


def evidence_of(
    *,
    results: Sequence[Cells] = (),
    contrasts: Sequence[Cells] = (),
    arms: Sequence[Cells] = (TREATED, CONTROL),
    study: Cells | None = None,
    like: eq.Evidence,
) -> eq.Evidence:
    """An evidence base of one study, with the review of another base."""
    outcome = {"assessed": "objective", "importance": "critical", "domain": "all",
               "definition": "NR"}  # fmt: skip
    cells = {
        "sources": [SOURCE],
        "studies": [{**STUDY, **(study or {})}],
        "arms": arms,
        "outcomes": [{**outcome, **row} for row in OUTCOMES],
        "results": results,
        "contrasts": contrasts,
    }
    rows: dict[str, list[Row]] = {}
    for name, texts in cells.items():
        columns = [column.name for column in table(name).columns]
        rows[name] = [
            Row(number, {**dict.fromkeys(columns, ""), **text})
            for number, text in enumerate(texts, start=2)
        ]
        for row in rows[name]:
            assert parse_row(row, table(name)) == []
    return eq.Evidence.from_rows(Path("base"), like.review, rows)
