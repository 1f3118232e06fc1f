"""From the bytes of a CSV file to rows of text, with every defect of the file named."""

import csv
import difflib
import io
from dataclasses import dataclass, field
from pathlib import Path

from equipoise.errors import Problem
from equipoise.evidence.columns import Table

MAX_BYTES = 10_000_000
MAX_CELL = 10_000

Value = str | float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, its cells as written, and their values."""

    number: int
    text: dict[str, str]
    parsed: dict[str, Value] = field(default_factory=dict)


def read_rows(path: Path, table: Table) -> tuple[list[Row], list[Problem]]:
    """Read one CSV file as text.

    Parameters
    ----------
    path
        The file.
    table
        The table it should hold.

    Returns
    -------
    rows, problems
        The rows that could be read, and everything wrong with the file's bytes, header and shape.
    """
    text, problems = _decode(path, table.file)
    if problems:
        return [], problems
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        what = f"is not well-formed CSV ({error})"
        fix = "close every quotation mark, and double the ones inside a cell"
        return [], [Problem(file=table.file, what=what, fix=fix)]
    numbered = [(number, cells) for number, cells in enumerate(records, start=1) if cells]
    if not numbered:
        fix = "write the header: " + ",".join(column.name for column in table.columns)
        return [], [Problem(file=table.file, what="is empty", fix=fix)]
    header = numbered[0][1]
    problems = _check_header(header, table)
    if problems:
        return [], problems
    return _shape(header, numbered[1:], table)


def _decode(path: Path, file: str) -> tuple[str, list[Problem]]:
    if path.is_symlink() or not path.is_file():
        return "", [Problem(file=file, what="is not a file", fix="put a plain CSV file here")]
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        what = f"is larger than {MAX_BYTES // 1_000_000} MB"
        return "", [Problem(file=file, what=what, fix="split the evidence base")]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", [Problem(file=file, what="is UTF-16", fix="save it as CSV UTF-8")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        before = data[: error.start].rsplit(b"\n", 1)[-1].decode("utf-8", "replace")
        what = f"is not UTF-8 (byte {data[error.start]:#04x} in the cell after {before[-30:]!r})"
        return "", [Problem(file=file, row=row, what=what, fix="save the file as CSV UTF-8")]
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        what = "holds a NUL character"
        return "", [Problem(file=file, row=row, what=what, fix="export the file again as CSV")]
    return text, []


def _check_header(header: list[str], table: Table) -> list[Problem]:
    known = [column.name for column in table.columns]
    problems = []

    def say(column: str, what: str, fix: str) -> None:
        problems.append(Problem(file=table.file, row=1, column=column, what=what, fix=fix))

    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        say("", "uses semicolons or tabs between cells", "separate the cells by commas")
        return problems
    for position, name in enumerate(header):
        if name in header[:position]:
            say(name, "occurs twice", "keep one of the two columns")
        elif not name.strip():
            say(f"number {position + 1}", "has no name", "name the column or delete it")
        elif name not in known:
            close = difflib.get_close_matches(name.strip().lower(), known, n=1)
            hint = f"rename it to {close[0]}" if close else "delete it, or use notes"
            say(name, "is not a column of this table", hint)
    for column in table.columns:
        if column.name not in header and (column.required or column.name in table.key):
            say(column.name, "is missing", f"add the column ({column.meaning})")
    return problems


def _shape(
    header: list[str], records: list[tuple[int, list[str]]], table: Table
) -> tuple[list[Row], list[Problem]]:
    rows, problems = [], []
    for number, cells in records:
        if len(cells) != len(header):
            what = f"has {len(cells)} cells where the header has {len(header)}"
            fix = "put cells that contain a comma in quotation marks, and add or remove commas"
            beyond = cells[len(header)] if len(cells) > len(header) else ""
            last = header[min(len(cells), len(header)) - 1]
            problems.append(
                Problem(file=table.file, row=number, column=last, value=beyond, what=what, fix=fix)
            )
        elif not any(cells):
            problems.append(
                Problem(file=table.file, row=number, what="is blank", fix="delete the row")
            )
        else:
            text = dict.fromkeys((column.name for column in table.columns), "")
            text.update(zip(header, cells, strict=True))
            rows.append(Row(number, text))
    return rows, problems
