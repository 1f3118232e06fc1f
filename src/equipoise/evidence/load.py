"""`load_evidence`: a folder in, an `Evidence` out, or every problem at once."""

import difflib
from pathlib import Path

from equipoise.errors import EvidenceError, Problem
from equipoise.evidence.base import Evidence
from equipoise.evidence.cells import parse_row
from equipoise.evidence.checks import Tables, check_tables
from equipoise.evidence.reading import Row, printable, read_rows
from equipoise.evidence.review import Review, read_review
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
        Only what refers to a table that cannot be read in full waits until that is mended.
    """
    path = Path(folder)
    rows, review, problems = _read(path)
    if problems or review is None:
        raise EvidenceError(problems)
    return Evidence.from_rows(path, review, rows)


def check_evidence(folder: str | Path) -> tuple[Problem, ...]:
    """Return every problem of an evidence base; none means that it is sound.

    Parameters
    ----------
    folder
        A folder that should hold `review.toml` and the CSV tables of the data dictionary.

    Returns
    -------
    tuple of Problem
        In order of file, row and column. Only what refers to a table that cannot be read in full
        waits until that is mended.
    """
    return tuple(sorted(_read(Path(folder))[2]))


def _read(folder: Path) -> tuple[dict[str, list[Row]], Review | None, list[Problem]]:
    if not folder.is_dir():
        what = f"is not a folder ({printable(str(folder))})"
        return {}, None, [Problem(file=".", what=what, fix="give the path of one")]
    rows: dict[str, list[Row]] = {}
    broken: set[str] = set()
    problems = _missing_tables(folder)
    for table in TABLES:
        path = folder / table.file
        if not path.exists() and not path.is_symlink():
            continue
        rows[table.name], wrong = read_rows(path, table)
        refused = [problem for row in rows[table.name] for problem in parse_row(row, table)]
        if wrong or any(problem.column in table.key for problem in refused):
            broken.add(table.name)
        problems += wrong + refused
    tables = Tables(rows, frozenset(broken))
    problems += check_tables(tables)
    known = {name: tables.ids(name) for name in ("outcomes", "sources", "studies")}
    review, wrong = read_review(folder, known)
    return rows, review, _first_of_each_cell(problems) + wrong


def _missing_tables(folder: Path) -> list[Problem]:
    """Required tables that are not there, and files that may be a misspelt table.

    A misspelt table would otherwise be left out in silence.
    """
    names = [path.name for path in sorted(folder.glob("*")) if not path.name.startswith(".")]
    absent = [table for table in TABLES if table.file not in names]
    problems, renamed = [], set()
    for name in names:
        stem = name.partition(".")[0].lower()
        is_csv = name.lower().endswith(".csv") and name not in {table.file for table in TABLES}
        close = difflib.get_close_matches(stem, [table.name for table in absent], n=1)
        if is_csv or stem in close:
            renamed.update(close)
            known = f"one of {', '.join(table.file for table in TABLES)}"
            fix = f"rename it to {f'{close[0]}.csv' if close else known}, or move it elsewhere"
            what = "is not a table of an evidence base"
            problems.append(Problem(file=printable(name), what=what, fix=fix))
    for table in absent:
        if table.required and table.name not in renamed:
            header = ",".join(column.name for column in table.columns)
            fix = f"add it, with at least its header: {header}"
            problems.append(Problem(file=table.file, what="is missing", fix=fix))
    return problems


def _first_of_each_cell(problems: list[Problem]) -> list[Problem]:
    """Keep what was found first about a cell: the rest follows from it."""
    first: dict[object, Problem] = {}
    for problem in problems:
        place = (problem.file, problem.row, problem.column)
        first.setdefault(place if problem.row else problem, problem)
    return list(first.values())
