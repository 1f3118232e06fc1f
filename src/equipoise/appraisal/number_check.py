"""One row of an evidence base with its place, and what a check of its numbers comes to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from equipoise.evidence.base import Evidence
from equipoise.evidence.records import Record

Verdict = Literal["adds up", "does not add up", "check", "cannot be told"]

VERDICTS: dict[Verdict, str] = {
    "adds up": "the numbers follow from each other, within rounding",
    "does not add up": "they cannot all be so, or we could not reproduce one from the others",
    "check": "they differ, but there are ordinary reasons for which they may",
    "cannot be told": "what is reported is too little to check it",
}
"""Every verdict, and what it means. None says why: a misprint, another denominator, an adjusted
analysis and a slip in copying look alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCheck:
    """What one check of one row comes to; the fields are columns of `reported_numbers`."""

    file: str
    row: int
    study_id: str
    study: str
    outcome_id: str
    check: str
    reported: str
    recomputed: str
    verdict: Verdict
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRow:
    """A row of a table: where it stands, its values, and its cells as written.

    Attributes
    ----------
    file, row
        The place; the header is row 1.
    study
        The study's label.
    record
        Numbers as floats, NaN where there is none.
    text
        Every cell as written.
    """

    file: str
    row: int
    study: str
    record: Record
    text: Record

    def has(self, *columns: str) -> bool:
        """Whether every one of these numbers is there."""
        return not any(math.isnan(self.record[column]) for column in columns)

    def says(
        self, check: str, reported: str, recomputed: str, verdict: Verdict, sentence: str
    ) -> NumberCheck:
        """Return the outcome of a check of this row."""
        return NumberCheck(
            file=self.file,
            row=self.row,
            study_id=str(self.record["study_id"]),
            study=self.study,
            outcome_id=str(self.record.get("outcome_id", "")),
            check=check,
            reported=reported,
            recomputed=recomputed,
            verdict=verdict,
            sentence=sentence,
        )


def reported_rows(evidence: Evidence, table: str) -> Iterator[ReportedRow]:
    """Yield the rows of a table that belong to a study, in order."""
    labels = {row["study_id"]: str(row["label"]) for row in evidence.records["studies"]}
    rows = zip(
        evidence.row_numbers[table],
        evidence.records[table],
        evidence.written[table],
        strict=True,
    )
    for number, record, text in rows:
        yield ReportedRow(
            file=f"{table}.csv",
            row=number,
            study=labels[record["study_id"]],
            record=record,
            text=text,
        )


def people_who_began(evidence: Evidence) -> dict[tuple[str, str], float]:
    """Return how many people each group began with, by study and arm; NaN if not known."""
    return {
        (str(row["study_id"]), str(row["arm_id"])): float(row["n"])
        for row in evidence.records["arms"]
    }
