"""`load_evidence`: a folder in, an `Evidence` out, or every problem at once."""

from pathlib import Path

from equipoise.errors import EvidenceError, Problem
from equipoise.evidence.base import Evidence
from equipoise.evidence.cells import parse_row
from equipoise.evidence.checks import check_tables
from equipoise.evidence.reading import Row, read_rows
from equipoise.evidence.review import FILE, Review, read_review
from equipoise.evidence.schema import TABLES


def load_evidence(folder: str | Path) -> Evidence:
    """Read an evidence base.

    Parameters
    ----------
    folder
        A folder with `review.toml` and the CSV tables of the data dictionary.

    Returns
    -------
    Evidence
        The tables as DataFrames, with the review's question and plan.

    Raises
    ------
    EvidenceError
        If anything is wrong; `problems` lists all of it, with file, row, column, value and fix.
    """
    path = Path(folder)
    rows, review, problems = _read(path)
    if problems or review is None:
        raise EvidenceError(problems)
    return Evidence.from_rows(path, review, rows)


def check_evidence(folder: str | Path) -> tuple[Problem, ...]:
    """Return every problem of the evidence base in `folder`; none means that it is sound."""
    return tuple(sorted(_read(Path(folder))[2]))


def _read(folder: Path) -> tuple[dict[str, list[Row]], Review | None, list[Problem]]:
    if not folder.is_dir():
        problem = Problem(file=str(folder), what="is not a folder", fix="give the path of one")
        return {}, None, [problem]
    rows: dict[str, list[Row]] = {}
    problems: list[Problem] = []
    for table in TABLES:
        path = folder / table.file
        if not path.exists() and not path.is_symlink():
            if table.required:
                fix = "add it, with at least its header: " + ",".join(
                    column.name for column in table.columns
                )
                problems.append(Problem(file=table.file, what="is missing", fix=fix))
            continue
        found, wrong = read_rows(path, table)
        problems += wrong
        for row in found:
            problems += parse_row(row, table)
        rows[table.name] = found
    problems += _unknown_files(folder)
    problems += check_tables(rows)
    known = {
        name: {row.text[key] for row in rows.get(name, [])}
        for name, key in (
            ("outcomes", "outcome_id"),
            ("sources", "source_id"),
            ("studies", "study_id"),
        )
    }
    review, wrong = read_review(folder, known)
    return rows, review, problems + wrong


def _unknown_files(folder: Path) -> list[Problem]:
    """A misspelt table would otherwise be left out in silence."""
    names = {table.file for table in TABLES}
    return [
        Problem(
            file=path.name,
            what="is not a table of an evidence base",
            fix=f"rename it to one of {', '.join(sorted(names))} or {FILE}, or move it elsewhere",
        )
        for path in sorted(folder.glob("*"))
        if path.suffix.lower() == ".csv" and path.name not in names
    ]
