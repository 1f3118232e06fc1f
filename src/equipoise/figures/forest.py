"""Forest plot: the studies of one outcome side by side, grouped by design, and nothing pooled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.axes import Axes

from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.figures import forest_marks, legend, sheet, style
from equipoise.figures.axis_scale import Scale
from equipoise.figures.columns import LINE, NOTE, Layout, lay_out
from equipoise.figures.drawn import finish
from equipoise.figures.forest_rows import ForestRow, read_rows, set_apart
from equipoise.figures.forest_text import (
    axis_name,
    directions,
    footnotes,
    shared_text,
    silent_note,
    table_of,
)

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

_AXIS = 0.29
_IN_ALT = 6
_RULE_ABOVE = 0.32
_COLUMNS = (
    "study_id", "label", "design", "directness", "treatment", "comparator", "timepoint",
    "events_treatment", "n_treatment", "percent_treatment", "events_control", "n_control",
    "percent_control", "people", "measure", "estimate", "low", "high", "interval", "basis",
    "reason",
)  # fmt: skip


def forest(summary: Summary, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the estimate and interval of every study of an outcome, without combining them.

    Studies stand under their design, and between designs it says that they are not combined.
    Squares have an area that follows the number of people. A hollow square on a dashed, bracketed
    line is what the rounding of percentages allows, which is no confidence interval; a hollow
    diamond has no interval at all. An interval that leaves the axis ends in an arrowhead. Rows
    without a number are listed with the reason.

    Parameters
    ----------
    summary
        A summary of any measure: ratios are drawn on a logarithmic axis.
    ax
        Axes to draw on, which the columns of text share; by default a figure of its own.
    title
        Title; by default it names the outcome.

    Returns
    -------
    Axes
        The axes drawn on; `drawn` tells its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If there is no study at all.
    """
    every = read_rows(summary)
    if not every:
        label = summary.outcome["label"]
        raise UsageError(f"There is no study of “{label}”: nothing can be drawn.")
    rows, silent = set_apart(every)
    measure = rows[0].asked
    scale = Scale.of(measure, [row.interval for row in rows if row.has_place])
    with style.context():
        width = sheet.width_of(ax)
        table = table_of(rows, width)
        keys = forest_marks.keys_of(rows, scale)
        notes = _notes(summary, rows, silent, width)
        under = _Under.of(summary, rows, table.band(width))
        layout = lay_out(
            ax, table, title=title or f"{summary.outcome['label']}, study by study",
            subtitle=shared_text(rows),
            below=under.height + legend.height(keys, width) + len(notes) * NOTE + 0.1,
        )  # fmt: skip
        scale.place(layout)
        forest_marks.draw_frame(layout, scale)
        _draw_sections(layout, rows)
        for row, y in zip(rows, layout.centres, strict=True):
            forest_marks.draw_row(layout, scale, row, y, forest_marks.size_of(row, rows))
        under.draw(layout)
        y = layout.floor + under.height
        legend.draw(layout.sheet, keys, y)
        y += legend.height(keys, width) + 0.08
        for number, text in enumerate(notes):
            layout.sheet.write(0.0, y + number * NOTE, text, size=style.SMALL, color=style.GREY,
                               gid="footnote")  # fmt: skip
        frame = pd.DataFrame([row.data for row in every]).reindex(columns=_COLUMNS)
        return finish(layout.ax, frame, _alt(summary, every), summary.caveats, strip=ax is None)


def _notes(
    summary: Summary, rows: list[ForestRow], silent: list[ForestRow], width: float
) -> list[str]:
    """What the columns have no room for, and why nothing is combined unless a caveat says it."""
    why = summary.why_not_pooled
    said = any(caveat.sentence == why for caveat in summary.caveats)
    texts = [*footnotes(rows), *silent_note(silent)]
    texts += [] if said or not why else [f"Not combined: {numbers.lower_first(why)}"]
    return [line for text in texts for line in style.wrap(text, width, style.SMALL)]


def _draw_sections(layout: Layout, rows: list[ForestRow]) -> None:
    """Write the design above its studies, and between designs that they are not combined."""
    for number, (row, top) in enumerate(zip(rows, layout.tops, strict=True)):
        if not row.section:
            continue
        layout.section(top - 0.07, f"Design: {row.section}")
        if number:
            y = top - _RULE_ABOVE
            words = "not combined"
            room = style.text_width(words, style.SMALL) * style.HINTING + 0.06
            layout.sheet.rule(y, right=layout.sheet.width - room)
            layout.sheet.write(layout.sheet.width, y - sheet.middle(style.SMALL), words,
                               size=style.SMALL, color=style.GREY, align="right",
                               gid="not-combined")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Under:
    """The words under the axis, wrapped: which side speaks for whom, and what is measured."""

    left: list[str]
    right: list[str]
    name: list[str]

    @classmethod
    def of(cls, summary: Summary, rows: list[ForestRow], band: tuple[float, float]) -> _Under:
        width = band[1] - band[0]
        left, right = directions(summary, rows)
        name = style.wrap(axis_name(summary, rows), width + 0.2)
        left, right = (f"← {left}", f"{right} →") if left else ("", "")
        half = width / 2 - 0.04
        words = [style.text_width(word, style.SMALL) for word in f"{left} {right}".split()]
        if max(words, default=0.0) * style.HINTING > half:  # no room side by side
            return cls(left=[left], right=["", right], name=name)
        return cls(
            left=style.wrap(left, half, style.SMALL),
            right=style.wrap(right, half, style.SMALL),
            name=name,
        )

    @property
    def height(self) -> float:
        """Height from the rows down to the legend, the axis included."""
        sides = max(len(self.left), len(self.right)) * NOTE
        return _AXIS + sides + len(self.name) * LINE + 0.14

    def draw(self, layout: Layout) -> None:
        left, right = layout.band
        y = layout.floor + _AXIS
        for number, text in enumerate(self.left):
            layout.sheet.write(left, y + number * NOTE, text, size=style.SMALL, gid="direction")
        for number, text in enumerate(self.right):
            layout.sheet.write(right, y + number * NOTE, text, size=style.SMALL, align="right",
                               gid="direction")  # fmt: skip
        y += max(len(self.left), len(self.right)) * NOTE + 0.03
        for number, text in enumerate(self.name):
            layout.sheet.write((left + right) / 2, y + number * LINE, text, align="center",
                               gid="axis-label")  # fmt: skip


def _alt(summary: Summary, rows: list[ForestRow]) -> str:
    """Chart type, data, main message; the first estimates in full and the rest counted."""
    placed = [row for row in rows if row.has_place]
    studies = len({row.data["study_id"] for row in rows})
    outcome = numbers.lower_first(str(summary.outcome["label"]))
    alt = (
        f"Forest plot of {rows[0].asked.name} for {outcome}: "
        f"{len(placed)} {'estimate' if len(placed) == 1 else 'estimates'} from {studies} "
        f"{'study' if studies == 1 else 'studies'}, not combined."
    )
    for row in placed[:_IN_ALT]:
        alt += f" {row.data['label']} ({row.design}): {row.in_words}."
    if len(placed) > _IN_ALT:
        values = [row.interval[0] for row in placed]
        ends = f"{rows[0].number(min(values))} to {rows[0].number(max(values))}"
        alt += f" {len(placed) - _IN_ALT} more; all estimates lie between {ends}."
    silent = len(rows) - len(placed)
    if silent:
        alt += f" {numbers.count(silent)} {'row has' if silent == 1 else 'rows have'} no number."
    return f"{alt} {summary.sentence}"
