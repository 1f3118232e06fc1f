"""Whether a file is a CSV table at all: its letters, its commas, and as many cells in each row."""

from __future__ import annotations

import csv
from pathlib import Path

from equipoise.errors import UsageError
from equipoise.synthesis.reading import refuse

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_SAVE = "save the file as CSV UTF-8"


def check_csv(path: Path) -> None:
    """Refuse a CSV file of which a reader would make another table than its writer meant.

    A row with a cell too many, or a comma at its end, would shift its cells under the names of
    their neighbours; a row with one too few would do so behind the place where it is missing.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    UsageError
        If the file is not UTF-8, is separated by something else, has quotation marks that are not
        closed, has two columns of one name, or has rows of other lengths than its header, which are
        named as a spreadsheet counts them.
    """
    header: list[str] = []
    wrong: list[str] = []
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, cells in enumerate(csv.reader(file, strict=True), start=1):
                if not cells:
                    continue  # an empty line
                if not header:
                    header = cells
                    _check_header(path, header)
                elif len(cells) != len(header):
                    wrong.append(f"row {number} has {_cells(len(cells))}")
    except UnicodeDecodeError:
        raise UsageError(_not_utf8(path)) from None
    except csv.Error as error:
        raise UsageError(
            f"{path}, row {number + 1}: is not well-formed CSV ({error}); close every quotation "
            "mark, and double the ones inside a cell"
        ) from None
    refuse(
        f"{path}: the header, row 1, has {_cells(len(header))}; put cells that contain a comma in "
        "quotation marks, and add or remove commas in these rows:",
        wrong,
    )


def _check_header(path: Path, header: list[str]) -> None:
    for mark, name in _SEPARATORS.items():
        if len(header) == 1 and mark in header[0]:
            raise UsageError(
                f"{path} uses {name} between its cells; separate them by commas (a spreadsheet "
                "calls that CSV UTF-8), with points in decimal numbers"
            )
    if any("\0" in name for name in header):
        raise UsageError(f"{path} is UTF-16, not UTF-8; {_SAVE}")
    twice = next((name for name in header if name and header.count(name) > 1), "")
    if twice:
        raise UsageError(f"{path}: the column {twice!r} occurs twice; keep one of the two")


def _not_utf8(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"{path} is UTF-16, not UTF-8; {_SAVE}"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[: error.start].rpartition(b"\n")[2].decode("utf-8", "replace")[-20:]
        return (
            f"{path}, line {line}: is not UTF-8 (byte {data[error.start]:#04x} after {before!r}); "
            f"{_SAVE}"
        )
    raise AssertionError("read twice, with two results")  # pragma: no cover


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
