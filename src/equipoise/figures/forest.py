"""Forest plot: the studies of one outcome side by side, grouped by design, and nothing pooled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.axes import Axes

from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.figures import drawn, forest_marks, legend, sheet, style
from equipoise.figures.axis_scale import Scale
from equipoise.figures.columns import LINE, NOTE, Layout, lay_out, uncapitalised
from equipoise.figures.forest_rows import ForestRow, read_rows
from equipoise.figures.forest_text import directions, footnotes, shared_text, table_of

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

_TICKS = 0.24
_IN_ALT = 6
_RULE_ABOVE = 0.3
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
    rows = read_rows(summary)
    if not rows:
        raise UsageError(f"There is no study of “{summary.outcome['label']}”: nothing can be drawn.")
    measure = rows[0].asked
    scale = Scale.of(measure, [row.interval for row in rows if row.has_place])
    with style.context():
        width = sheet.width_of(ax)
        keys = forest_marks.keys_of(rows, scale)
        notes = [line for text in _notes(summary, rows) for line in style.wrap(text, width, style.SMALL)]
        under = directions(summary, rows)
        below = 0.05 + _TICKS + 2.2 * NOTE * any(under) + LINE + 0.1
        layout = lay_out(
            ax, table_of(rows, width), title=title or f"{summary.outcome['label']}, study by study",
            subtitle=shared_text(rows),
            below=below + legend.height(keys, width) + len(notes) * NOTE + 0.08 * bool(notes),
        )  # fmt: skip
        scale.place(layout)
        forest_marks.draw_frame(layout, scale)
        _draw_sections(layout, rows)
        for row, y in zip(rows, layout.centres, strict=True):
            forest_marks.draw_row(layout, scale, row, y, forest_marks.size_of(row, rows))
        _draw_under(layout, scale, under)
        y = layout.floor + below
        legend.draw(layout.sheet, keys, y)
        y += legend.height(keys, width) + 0.08
        for number, text in enumerate(notes):
            layout.sheet.write(0.0, y + number * NOTE, text, size=style.SMALL, color=style.GREY,
                               gid="footnote")  # fmt: skip
        frame = pd.DataFrame([row.data for row in rows]).reindex(columns=_COLUMNS)
        alt = _alt(summary, rows)
        return drawn.finish(layout.ax, frame, alt, summary.caveats, strip=ax is None)


def _notes(summary: Summary, rows: list[ForestRow]) -> list[str]:
    """What the columns have no room for, and why nothing is combined unless a caveat says it."""
    why = summary.why_not_pooled
    said = any(caveat.sentence == why for caveat in summary.caveats)
    return [*footnotes(rows), *([] if said or not why else [f"Not combined: {uncapitalised(why)}"])]


def _draw_sections(layout: Layout, rows: list[ForestRow]) -> None:
    """Write the design above its studies, and between designs that they are not combined."""
    for number, (row, top) in enumerate(zip(rows, layout.tops, strict=True)):
        if not row.section:
            continue
        layout.section(top - 0.06, f"Design: {row.section}")
        if number:
            y = top - _RULE_ABOVE
            words = "not combined"
            room = style.text_width(words, style.SMALL) * style.HINTING + 0.06
            layout.sheet.rule(y, right=layout.sheet.width - room)
            layout.sheet.write(layout.sheet.width, y - sheet.middle(style.SMALL), words,
                               size=style.SMALL, color=style.GREY, align="right",
                               gid="not-combined")  # fmt: skip


def _draw_under(layout: Layout, scale: Scale, under: tuple[str, str]) -> None:
    """Write under the axis which side speaks for whom, and what the axis shows."""
    left, right = layout.band
    y = layout.floor + 0.05 + _TICKS
    if any(under):
        half = (right - left) / 2 - 0.04
        before = style.wrap(f"← {under[0]}", half, style.SMALL)
        after = style.wrap(f"{under[1]} →", half, style.SMALL)
        for number in range(max(len(before), len(after))):
            for lines, x, align in ((before, left, "left"), (after, right, "right")):
                if number < len(lines):
                    layout.sheet.write(x, y + number * NOTE, lines[number], size=style.SMALL,
                                       align=align, gid="direction")  # fmt: skip
        y += 2.2 * NOTE
    name = scale.measure.name[0].upper() + scale.measure.name[1:]
    kind = {"log": ", log scale", "identity": ""}[scale.measure.scale]
    unit = ", percentage points" if scale.measure.key == "RD" else ""
    layout.sheet.write((left + right) / 2, y, f"{name}{kind}{unit}", align="center",
                       gid="axis-label")  # fmt: skip


def _alt(summary: Summary, rows: list[ForestRow]) -> str:
    """Chart type, data, main message; the first estimates in full and the rest counted."""
    placed = [row for row in rows if row.has_place]
    studies = len({row.data["study_id"] for row in rows})
    alt = (
        f"Forest plot of {rows[0].asked.name} for {uncapitalised(str(summary.outcome['label']))}: "
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
    null, better = rows[0].asked.null, str(summary.outcome["better"])
    if placed and null is not None:
        good = [row for row in placed if (row.interval[0] < null) == (better == "lower")
                and row.interval[0] != null]  # fmt: skip
        alt += f" {len(good)} of {len(placed)} lie on the side that is better for people."
    return alt
