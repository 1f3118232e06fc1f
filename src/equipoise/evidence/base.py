"""`Evidence`: what an evidence base holds once it has been read and found sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from equipoise.errors import UsageError
from equipoise.evidence.columns import Table
from equipoise.evidence.reading import Row
from equipoise.evidence.records import Record, records
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
    tables
        Table name to DataFrame. Numbers are floats; an absent number is NaN, absent text is "".
    cells
        The same tables as they were written, all text. `NR` (looked for and not reported) and an
        empty cell (does not apply) differ here, and `74` differs from `74.0`.
    """

    path: Path
    review: Review
    tables: Mapping[str, pd.DataFrame]
    cells: Mapping[str, pd.DataFrame]

    @classmethod
    def from_rows(cls, path: Path, review: Review, rows: Mapping[str, list[Row]]) -> Evidence:
        """Make the frames from checked rows; tables that have no file are empty."""
        tables = {table.name: _values(table, rows.get(table.name, [])) for table in TABLES}
        cells = {table.name: _texts(table, rows.get(table.name, [])) for table in TABLES}
        return cls(path, review, MappingProxyType(tables), MappingProxyType(cells))

    @cached_property
    def records(self) -> Mapping[str, tuple[Record, ...]]:
        """The tables as rows, made once: what a loop wants."""
        return {name: tuple(records(frame)) for name, frame in self.tables.items()}

    @cached_property
    def written(self) -> Mapping[str, tuple[Record, ...]]:
        """The tables as rows of text, as they were written, made once."""
        return {name: tuple(records(frame)) for name, frame in self.cells.items()}

    def table(self, name: str) -> pd.DataFrame:
        """Return a copy of one table, indexed 0..; what you do to it leaves the evidence alone.

        Raises
        ------
        UsageError
            If there is no table of that name.
        """
        if name not in self.tables:
            known = ", ".join(self.tables)
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

    def coverage(self) -> pd.DataFrame:
        """Return one row a study and outcome: design, number of people, and whether reported."""
        from equipoise.evidence.comparison import coverage

        return coverage(self)

    def __repr__(self) -> str:
        """Name the review and count its rows."""
        counts = ", ".join(f"{len(frame)} {name}" for name, frame in self.tables.items())
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


def _values(table: Table, rows: list[Row]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            column.name: pd.Series([row.parsed[column.name] for row in rows], dtype="float64")
            if column.type in ("integer", "number")
            else pd.Series([row.text[column.name] for row in rows], dtype="str")
            for column in table.columns
        }
    )


def _texts(table: Table, rows: list[Row]) -> pd.DataFrame:
    import pandas as pd

    names = [column.name for column in table.columns]
    return pd.DataFrame(
        {name: pd.Series([r.text[name] for r in rows], dtype="str") for name in names}
    )
