"""The words of a forest plot: its columns, what all rows share, its directions and footnotes."""

from __future__ import annotations

from collections import Counter
from string import ascii_lowercase
from typing import TYPE_CHECKING

from equipoise.display import numbers
from equipoise.effects.measures import Measure
from equipoise.figures.columns import Cell, Column, Table, column, uncapitalised, when
from equipoise.figures.forest_rows import ForestRow
from equipoise.figures.marks import LEVEL

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

_SECTION = 0.14
_NEXT_SECTION = 0.4
_REPEATED = 3


def table_of(rows: list[ForestRow], width: float) -> Table:
    """Return the columns of a forest plot on a sheet of `width` inches."""
    letters = _letters(rows)
    labels = [Cell(text=str(row.data["label"]), note=_own_text(row, rows)) for row in rows]
    values = []
    for row in rows:
        if row.has_place:
            note = "" if _all_reported(rows) else row.interval_note
            values.append(Cell(fields=row.fields, note=_lettered(note, letters)))
        else:
            values.append(Cell(text=_lettered(row.missing, letters), quiet=True))
    return Table(
        left=(column(labels, most=0.27 * width, header="Study", gid="label"),
              *_people(rows, width)),
        right=(column(values, most=0.2 * width, header=_header(rows), align="right", gid="value"),),
        above=tuple(
            0.0 if not row.section else _NEXT_SECTION if number else _SECTION
            for number, row in enumerate(rows)
        ),
    )  # fmt: skip


def _people(rows: list[ForestRow], width: float) -> tuple[Column, ...]:
    """Columns of counts: two groups under a spanner, one group, or only how many people."""
    family = rows[0].asked.family
    if family == "binary":
        return tuple(
            column([Cell(text=row.group(group)) for row in rows], most=0.12 * width,
                   header=head, over="Events/people", align="right", gid="count")
            for group, head in (("treatment", "Treated"), ("control", "Compared"))
        )  # fmt: skip
    if family == "proportion":
        cells, head = [Cell(text=row.group("treatment")) for row in rows], "Events/people"
    else:
        cells, head = [Cell(text=numbers.count(row.data["people"])) for row in rows], "People"
    return (column(cells, most=0.14 * width, header=head, align="right", gid="count"),)


def _header(rows: list[ForestRow]) -> str:
    unit = ", points" if rows[0].asked.key == "RD" else ""
    name = "Share" if rows[0].asked.axis == "proportion" else rows[0].asked.key
    kinds = {row.kind for row in rows if row.has_place}
    if _all_reported(rows):
        level = next(row.interval_note for row in rows if row.has_place and row.kind == "reported")
        return f"{name}{unit} [{level}]"
    if kinds & {"confidence", "reported"}:
        return f"{name}{unit} [{numbers.interval_name('confidence', LEVEL)}]"
    return f"{name}{unit}" + (" [range]" if "rounding" in kinds else "")


def _all_reported(rows: list[ForestRow]) -> bool:
    notes = {row.interval_note for row in rows if row.has_place}
    return {row.kind for row in rows if row.has_place} == {"reported"} and len(notes) == 1


def shared_text(rows: list[ForestRow]) -> str:
    """Return what holds for every row: who was compared with whom, and when."""
    parts = []
    if _is_shared(rows, "treatment", "comparator"):
        parts.append(_comparison(rows[0]))
    if _is_shared(rows, "timepoint"):
        parts.append(when(str(rows[0].data["timepoint"])))
    return "; ".join(part for part in parts if part)


def _own_text(row: ForestRow, rows: list[ForestRow]) -> str:
    """Return what of it differs between the rows."""
    parts = [] if _is_shared(rows, "treatment", "comparator") else [_comparison(row)]
    if not _is_shared(rows, "timepoint"):
        parts.append(when(str(row.data["timepoint"])))
    return "; ".join(part for part in parts if part)


def _comparison(row: ForestRow) -> str:
    treated, compared = str(row.data["treatment"]), str(row.data["comparator"])
    return f"{treated} against {uncapitalised(compared)}" if compared else treated


def _is_shared(rows: list[ForestRow], *names: str) -> bool:
    return len({tuple(row.data[name] for name in names) for row in rows}) == 1


def directions(summary: Summary, rows: list[ForestRow]) -> tuple[str, str]:
    """Return what the left and the right of the null speak for; empty where there is no null."""
    asked: Measure = rows[0].asked
    if asked.null is None:
        return "", ""
    if asked.family == "paired":
        good, bad = "improved", "worsened"
    else:
        good, bad = f"favours {_treatment_name(rows)}", "favours comparison"
    return (good, bad) if summary.outcome["better"] == "lower" else (bad, good)


def _treatment_name(rows: list[ForestRow]) -> str:
    """Return the words with which the treatments of all direct rows begin, else "treatment"."""
    names = [str(row.data["treatment"]).split() for row in rows
             if row.has_place and row.data["directness"] == "direct"]  # fmt: skip
    shared = []
    for words in zip(*names, strict=False):
        if len(set(words)) > 1 or words[0].lower() in ("plus", "with", "and", "on", "in", "+", "for"):
            break
        shared.append(words[0])
    name = uncapitalised(" ".join(shared))
    return name if 0 < len(name) <= 24 else "treatment"


def footnotes(rows: list[ForestRow]) -> list[str]:
    """Return the reasons that stand in several rows, once each, with their letter."""
    return [f"({letter}) {reason}" for reason, letter in _letters(rows).items()]


def _letters(rows: list[ForestRow]) -> dict[str, str]:
    texts = Counter(row.interval_note if row.has_place else row.missing for row in rows)
    # What is shorter than its reference would be stays where it is.
    repeated = [text for text, times in texts.items() if times >= _REPEATED and len(text) > 34]
    return dict(zip(repeated, ascii_lowercase, strict=False))


def _lettered(text: str, letters: dict[str, str]) -> str:
    if text not in letters:
        return text
    return f"{'no interval' if text.startswith('no interval') else 'no number'} ({letters[text]})"
