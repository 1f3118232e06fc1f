"""`Evidence`: what an evidence base holds once it has been read and found sound."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from equipoise.errors import UsageError
from equipoise.evidence.columns import Column, Table
from equipoise.evidence.reading import Row
from equipoise.evidence.records import Record
from equipoise.evidence.review import Analysis, Review
from equipoise.evidence.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd

_DEFAULT_MEASURES = {"binary": "RR", "continuous": "MD", "rate": "RR"}


@dataclass(frozen=True, repr=False)
class Evidence:
    """An evidence base: its tables, its question and its plan.

    Attributes
    ----------
    path
        The folder it was read from.
    review
        Title, question, analysis plan and figures (`review.toml`).
    records
        Table name to rows. Numbers are floats; an absent number is NaN, absent text is "".
    written
        The same rows as they were written, all text. `NR` (looked for and not reported) and an
        empty cell (does not apply) differ here, and `74` differs from `74.0`.
    row_numbers
        The number of each row as a spreadsheet shows it: the header is row 1.
    tables, cells
        `records` and `written` as DataFrames, made when they are first asked for.
    """

    path: Path
    review: Review
    records: Mapping[str, tuple[Record, ...]]
    written: Mapping[str, tuple[Record, ...]]
    row_numbers: Mapping[str, tuple[int, ...]]

    @classmethod
    def from_rows(cls, path: Path, review: Review, rows: Mapping[str, list[Row]]) -> Evidence:
        """Keep the values and the texts of checked rows; tables that have no file are empty."""
        values, texts, numbers = {}, {}, {}
        for table in TABLES:
            mine = rows.get(table.name, [])
            values[table.name] = tuple(_values(table, row) for row in mine)
            texts[table.name] = tuple(dict(row.text) for row in mine)
            numbers[table.name] = tuple(row.number for row in mine)
        return cls(
            path,
            review,
            records=MappingProxyType(values),
            written=MappingProxyType(texts),
            row_numbers=MappingProxyType(numbers),
        )

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Table name to DataFrame."""
        return MappingProxyType({t.name: _frame(t, self.records[t.name]) for t in TABLES})

    @cached_property
    def cells(self) -> Mapping[str, pd.DataFrame]:
        """Table name to DataFrame of text."""
        return MappingProxyType(
            {t.name: _frame(t, self.written[t.name], as_text=True) for t in TABLES}
        )

    def table(self, name: str) -> pd.DataFrame:
        """Return a copy of one table, indexed 0..; what you do to it leaves the evidence alone.

        Raises
        ------
        UsageError
            If there is no table of that name.
        """
        if name not in self.records:
            known = ", ".join(self.records)
            raise UsageError(f"There is no table {name!r}; the tables are {known}.")
        return self.tables[name].copy()

    def comparison(self, outcome: str) -> pd.DataFrame:
        """Return one row a comparison of `outcome`: who was compared with whom, and the numbers.

        The `design` column is the design *this outcome* can carry: a study with a control group
        that reports an outcome of the treated alone is a `single_arm` study for that outcome.

        Parameters
        ----------
        outcome
            An `outcome_id`.

        Returns
        -------
        DataFrame
            The columns of `equipoise.evidence.comparison.COLUMNS`.

        Raises
        ------
        UsageError
            If there is no such outcome.
        """
        from equipoise.evidence.comparison import compare

        self.outcome(outcome)
        return compare(self, outcome)

    def outcome(self, outcome: str) -> Record:
        """Return the row of outcomes.csv for `outcome`.

        Raises
        ------
        UsageError
            If there is no such outcome.
        """
        rows = {row["outcome_id"]: row for row in self.records["outcomes"]}
        if outcome not in rows:
            known = ", ".join(sorted(rows))
            raise UsageError(f"There is no outcome {outcome!r}; the outcomes are {known}.")
        return dict(rows[outcome])

    def analysis(self, name: str) -> Analysis:
        """Return the planned analysis called `name`, or the first one of the outcome `name`.

        An outcome that the plan does not mention gets the usual measure of its kind.

        Raises
        ------
        UsageError
            If there is neither an analysis nor an outcome of that name.
        """
        planned = self.review.analyses
        for analysis in planned:
            if analysis.id == name:
                return analysis
        for analysis in planned:
            if analysis.outcome == name:
                return analysis
        kind = self.outcome(name)["kind"]
        return Analysis(id=name, outcome=name, measure=_DEFAULT_MEASURES[kind])

    @property
    def plan(self) -> tuple[Analysis, ...]:
        """The planned analyses; without a plan, one of every outcome with its usual measure."""
        outcomes = [row["outcome_id"] for row in self.records["outcomes"]]
        return self.review.analyses or tuple(self.analysis(name) for name in outcomes)

    def coverage(self) -> pd.DataFrame:
        """Return one row a study and outcome: design, number of people, and whether reported."""
        from equipoise.evidence.coverage import coverage

        return coverage(self)

    def __repr__(self) -> str:
        """Name the review and count its rows."""
        counts = ", ".join(f"{len(rows)} {name}" for name, rows in self.records.items())
        return f"Evidence({self.review.title!r}: {counts})"

    def _repr_html_(self) -> str:
        from equipoise.display.html import render

        studies = self.tables["studies"]
        shown = studies[["label", "design", "directness", "condition", "funding"]]
        read = self.tables["sources"].set_index("source_id")["read"]
        unread = [
            label
            for label, source in zip(studies["label"], studies["source_id"], strict=True)
            if read[source] == "not_read"
        ]
        question = self.review.question
        return render(
            "overview.html",
            title=self.review.title,
            question=f"{question.intervention} against {question.comparator}, in "
            f"{question.population}, looking {question.target_weeks:g} weeks ahead.",
            caption="Studies",
            columns=["Study", "Design", "Directness", "Condition", "Who paid (NR: not reported)"],
            rows=shown.to_numpy().tolist(),
            unread="Papers that were not read: " + ("; ".join(unread) or "none") + ".",
        )


def _is_numeric(column: Column) -> bool:
    return column.type in ("integer", "number")


def _values(table: Table, row: Row) -> Record:
    """The value of every cell; an absent number is NaN."""
    record: Record = dict(row.text)
    for column in table.columns:
        if _is_numeric(column):
            value = row.parsed[column.name]
            record[column.name] = math.nan if value is None else value
    return record


def _frame(table: Table, rows: tuple[Record, ...], *, as_text: bool = False) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            column.name: pd.Series(
                [row[column.name] for row in rows],
                dtype="float64" if _is_numeric(column) and not as_text else "str",
            )
            for column in table.columns
        }
    )
