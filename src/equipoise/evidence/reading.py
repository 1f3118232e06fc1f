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
    data, problems = read_bytes(path)
    text = ""
    if not problems:
        text, problems = _decode(data, table.file)
    records: list[list[str]] = []
    if not problems:
        records, problems = _split(text, table.file)
    if problems:
        return [], problems
    numbered = [(number, cells) for number, cells in enumerate(records, start=1) if cells]
    if not numbered:
        fix = "write the header: " + ",".join(column.name for column in table.columns)
        return [], [Problem(file=table.file, what="is empty", fix=fix)]
    row, header = numbered[0]
    problems = _check_header(header, row, table)
    if problems:
        return [], problems
    return _shape(header, numbered[1:], table)


def read_bytes(path: Path) -> tuple[bytes, list[Problem]]:
    """Return what a plain file holds, or why it cannot be read."""
    if path.is_symlink() or not path.is_file():
        return b"", [Problem(file=path.name, what="is not a file", fix="put a plain file here")]
    try:
        data = path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        return b"", [Problem(file=path.name, what=what, fix="allow yourself to read it")]
    if len(data) > MAX_BYTES:
        what = f"is larger than {MAX_BYTES // 1_000_000} MB"
        return b"", [Problem(file=path.name, what=what, fix="split the evidence base")]
    return data, []


def printable(name: str) -> str:
    """Return a name that fits on one line of any screen, strange characters escaped."""
    return name if name.isprintable() else ascii(name)[1:-1]


def _decode(data: bytes, file: str) -> tuple[str, list[Problem]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", [Problem(file=file, what="is UTF-16", fix="save it as CSV UTF-8")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec may have cut off a mark of three bytes and counts from behind it.
        start = len(data) - len(error.object) + error.start
        row, column, before = _place(data[:start].decode("utf-8-sig"))
        what = f"is not UTF-8 (byte {data[start]:#04x} after {before[-30:]!r})"
        fix = "save the file as CSV UTF-8"
        return "", [Problem(file=file, row=row, column=column, what=what, fix=fix)]
    if "\0" in text:
        row, column, _ = _place(text[: text.index("\0")])
        what, fix = "holds a NUL character", "export the file again, as CSV UTF-8"
        return "", [Problem(file=file, row=row, column=column, what=what, fix=fix)]
    return text, []


def _place(before: str) -> tuple[int, str, str]:
    """Return the row and column in which `before` ends, and what stands in that cell so far."""
    try:
        records = list(csv.reader(io.StringIO(before + "?", newline="")))
    except csv.Error:
        return 0, "", before
    header, cells = records[0], records[-1]
    inside = len(records) > 1 and len(cells) <= len(header)
    return len(records), printable(header[len(cells) - 1]) if inside else "", cells[-1][:-1]


def _split(text: str, file: str) -> tuple[list[list[str]], list[Problem]]:
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        # What came before the bad row has been appended, so the row after it is the bad one.
        row, what = len(records) + 1, f"is not well-formed CSV ({error})"
        fix = "close every quotation mark, and double the ones inside a cell"
        return [], [Problem(file=file, row=row, what=what, fix=fix)]
    # A change of line endings by a version control system reaches into the cells as well.
    return [[cell.replace("\r\n", "\n") for cell in cells] for cells in records], []


def _check_header(header: list[str], row: int, table: Table) -> list[Problem]:
    known = [column.name for column in table.columns]
    absent = [name for name in known if name not in header]
    problems = []

    def say(column: str, what: str, fix: str) -> None:
        problems.append(Problem(file=table.file, row=row, column=column, what=what, fix=fix))

    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        say("", "uses semicolons or tabs between cells", "separate the cells by commas")
        return problems
    renamed = set()
    for position, name in enumerate(header):
        if not name.strip():
            say(f"number {position + 1}", "has no name", "name the column or delete it")
        elif name in header[:position]:
            say(printable(name), "occurs twice", "keep one of the two columns")
        elif name not in known:
            close = difflib.get_close_matches(name.strip().lower(), absent, n=1)
            renamed.update(close)
            hint = f"rename it to {close[0]}" if close else "delete it, or use notes"
            say(printable(name), "is not a column of this table", hint)
    for column in table.columns:
        needed = column.required or column.name in table.key
        if needed and column.name in absent and column.name not in renamed:
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
