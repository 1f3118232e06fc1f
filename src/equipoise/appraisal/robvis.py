"""Judgements from and for robvis: its CSV layouts, read by name and written as it expects them.

robvis is McGuinness LA, Higgins JPT. Res Synth Methods 2021;12:55-61, doi:10.1002/jrsm.1411.
"""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import pandas as pd

from equipoise.appraisal.bias_assessment import assess
from equipoise.appraisal.risk_of_bias import one_tool
from equipoise.display.csvtext import write_csv
from equipoise.errors import EvidenceError, Problem
from equipoise.evidence.bias_tools import OVERALL, BiasTool, bias_tool, instead, plain
from equipoise.evidence.reading import read_bytes

_STUDY, _WEIGHT = "study", "weight"
_COLUMNS = {
    "study": _STUDY, "overall": OVERALL, "overall risk of bias": OVERALL, "overall bias": OVERALL,
    "weight": _WEIGHT, "weights": _WEIGHT,
}  # fmt: skip
_NOT_JUDGED = ("na", "n", "ni", "no information", "no info")
"""How files say that nobody judged a domain, with tools that have no word for it."""


def read_robvis(path: str | Path, tool: str) -> pd.DataFrame:
    """Read a table of judgements made for robvis.

    Columns are found by name, capitals apart: Study, the domains (D1, D2 and so on, or the names
    of the domains), Overall and Weight, of which the last two may be absent. Judgements are the
    tool's words, alone or with "risk" or "risk of bias" behind them, or their letters (H, L, S, M,
    C, N). "No information" is a judgement of ROBINS-I; elsewhere it means that nobody judged.

    Parameters
    ----------
    path
        A CSV file (UTF-8, commas, a header).
    tool
        The tool: ROB2, ROBINS-I, ROBINS-E, QUADAS-2, QUIPS or ROB1.

    Returns
    -------
    DataFrame
        One row a study: label, tool, the domains, overall, proposed, overall_basis and remark, as
        in `bias_table`, and weight if the file has it.

    Raises
    ------
    UsageError
        If there is no such tool.
    EvidenceError
        If the file cannot be read; `problems` lists every column and cell that is not understood,
        with what to write instead.

    References
    ----------
    McGuinness LA, Higgins JPT. Res Synth Methods 2021;12:55-61, doi:10.1002/jrsm.1411.
    """
    path, used = Path(path), bias_tool(tool)
    (_, header), *records = _records(path)
    columns = list(zip(header, _find_columns(header, used, path.name), strict=True))
    problems, rows = [], []
    for number, cells in records:
        row, wrong = _read_row(cells, columns, used, (path.name, number))
        problems += wrong
        rows.append(row)
    if problems:
        raise EvidenceError(problems)
    made = []
    for row in rows:
        label = str(row.pop(_STUDY))
        weight = {_WEIGHT: row.pop(_WEIGHT)} if _WEIGHT in row else {}
        words = {name: str(word) for name, word in row.items()}
        made.append({"label": label, **assess(used, words, label).cells(), **weight})
    return pd.DataFrame(made)


def write_robvis(table: pd.DataFrame, path: str | Path, *, proposed: bool = False) -> Path:
    """Write judgements made with one tool as the CSV file that robvis reads.

    A column for Overall is written if there is an overall judgement, one for Weight if the table
    has one. A domain that nobody judged is "No information", as robvis calls it, except with
    ROBINS-I, where this would be a judgement; the cell is then empty. robvis has no place for the
    applicability that QUADAS-2 judges, which stays behind. A label that a spreadsheet would take
    for a formula is written with an apostrophe before it.

    Parameters
    ----------
    table
        From `bias_table` or `read_robvis`.
    path
        The file to write.
    proposed
        Whether to write the overall judgements that nobody made but the tool's rule proposes. The
        file cannot say which these are.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    UsageError
        If the table holds no judgements, or those of several tools.
    """
    tool = one_tool(table)
    silent = "" if any(judgement.unknown for judgement in tool.judgements) else "No information"
    written = {judgement.word: judgement.robvis for judgement in tool.judgements}
    frame = pd.DataFrame({"Study": table["label"]})
    for domain in tool.bias_domains:
        frame[domain.robvis] = [written.get(word, silent) for word in table[domain.id]]
    # A table made by hand need not say that its overall judgements are a person's.
    bases = table.get("overall_basis", ["judged"] * len(table))
    overall = [
        written.get(word, "") if proposed or basis == "judged" else ""
        for word, basis in zip(table["overall"], bases, strict=True)
    ]
    if any(overall):
        frame["Overall"] = overall
    if _WEIGHT in table.columns:
        frame["Weight"] = table[_WEIGHT]
    path = Path(path)
    write_csv(frame, path)
    return path


def _records(path: Path) -> list[tuple[int, list[str]]]:
    """The header and the rows of a file with their numbers, blank lines left out."""
    data, problems = read_bytes(path)
    if problems:
        raise EvidenceError(problems)
    try:
        text = data.decode("utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        what = f"cannot be read as a table ({error})"
        raise EvidenceError(
            [Problem(file=path.name, what=what, fix="export it again, as CSV UTF-8")]
        ) from error
    numbered = [
        (number, cells)
        for number, cells in enumerate(records, start=1)
        if any(cell.strip() for cell in cells)
    ]
    if len(numbered) < 2:
        what, fix = "holds no judgements", "write a header and a row for each study"
        raise EvidenceError([Problem(file=path.name, what=what, fix=fix)])
    return numbered


def _find_columns(header: list[str], tool: BiasTool, file: str) -> list[str]:
    """What every column holds: study, the id of a domain, overall, weight, or nothing (empty)."""
    called = {plain(name): tool.domain(right).id for name, right in tool.domain_names.items()}
    called |= {plain(domain.robvis): domain.id for domain in tool.domains} | _COLUMNS
    found = [called.get(plain(name), "") for name in header]
    problems = []

    def say(column: str, what: str, fix: str) -> None:
        problems.append(Problem(file=file, row=1, column=column, what=what, fix=fix))

    shown = ("Study", *(domain.robvis for domain in tool.domains), "Overall", "Weight")
    for position, (name, meant) in enumerate(zip(header, found, strict=True)):
        # R numbers the rows in a first column without a name.
        if not meant and (name.strip() or position):
            say(name or f"number {position + 1}", f"is not a column of {tool.name}",
                instead(name, shown))  # fmt: skip
        if meant and meant in found[:position]:
            say(name, "is there twice", "keep one of the two columns")
    for column in ("Study", *(domain.robvis for domain in tool.bias_domains)):
        if called[plain(column)] not in found:
            say(column, "is missing", "add the column")
    if problems:
        raise EvidenceError(problems)
    return found


def _read_row(
    cells: list[str], columns: list[tuple[str, str]], tool: BiasTool, place: tuple[str, int]
) -> tuple[dict[str, str | float], list[Problem]]:
    """The cells of one row by what they hold, and what is wrong with them.

    Columns are named as the file has it, and by what they hold.
    """
    file, number = place
    if len(cells) != len(columns):
        what = f"has {len(cells)} cells where the header has {len(columns)}"
        fix = "put cells that contain a comma in quotation marks, and add or remove commas"
        return {}, [Problem(file=file, row=number, what=what, fix=fix)]
    row: dict[str, str | float] = {}
    problems = []
    for (column, name), cell in zip(columns, cells, strict=True):
        if not name:
            continue
        value, refusal = _read_cell(name, cell.strip(), tool)
        row[name] = value
        if refusal:
            what, fix = refusal
            problems.append(
                Problem(file=file, row=number, column=column, value=cell, what=what, fix=fix)
            )
    return row, problems


def _read_cell(name: str, cell: str, tool: BiasTool) -> tuple[str | float, tuple[str, str] | None]:
    if name == _STUDY:
        return cell, None if cell else ("is empty", "name the study")
    if name == _WEIGHT:
        weight = _weight(cell)
        return weight, None if weight >= 0 else ("is not a weight", "write a number from 0 up")
    said = plain(cell)
    for judgement in tool.judgements:
        words = {plain(word) for word in (judgement.word, judgement.robvis, *judgement.aliases)}
        risks = {f"{word} {risk}" for word in words for risk in ("risk", "risk of bias")}
        if said in words | risks | {judgement.letter.lower()}:
            return judgement.word, None
    if not cell or said in _NOT_JUDGED:
        return "", None
    return "", (f"is not a judgement of {tool.name}", instead(cell, tool.words))


def _weight(cell: str) -> float:
    """The number of a cell; NaN if it is none."""
    try:
        weight = float(cell)
    except ValueError:
        return math.nan
    return weight if math.isfinite(weight) else math.nan
