"""Forest plot: the studies of one outcome side by side, and what they show together if combined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.axes import Axes

from equipoise.figures import forest_marks, legend, sheet, style
from equipoise.figures.axis_scale import Scale
from equipoise.figures.columns import LINE, NOTE, Layout, lay_out
from equipoise.figures.drawn import finish
from equipoise.figures.forest_alt import alt_of
from equipoise.figures.forest_pooled import draw_result, keys_of_results
from equipoise.figures.forest_rows import ForestRow, set_apart
from equipoise.figures.forest_subject import Subject, subject_of
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
    from equipoise.synthesis.pooled import Pooled

_AXIS = 0.29
_RULE_ABOVE = 0.32
_COLUMNS = (
    "study_id", "label", "design", "directness", "treatment", "comparator", "timepoint",
    "events_treatment", "n_treatment", "percent_treatment", "events_control", "n_control",
    "percent_control", "people", "measure", "estimate", "low", "high", "interval", "basis",
    "reason", "weight",
)  # fmt: skip


def forest(shown: Summary | Pooled, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the estimate and interval of every study, and of all together if they are combined.

    Studies stand under their design. Where they are combined, squares have an area that follows
    their weight; a diamond spans the interval of the pooled estimate, a bar the prediction
    interval. Else the area follows the number of people, and between designs it says that they are
    not combined. A hollow square on a dashed, bracketed line is what the rounding of percentages
    allows, which is no confidence interval; a hollow diamond has no interval at all. An interval
    that leaves the axis ends in an arrowhead. Rows without a number are listed with the reason.

    Parameters
    ----------
    shown
        A summary of any measure, or a pooled estimate: ratios are drawn on a logarithmic axis.
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
        If there is no study at all, or what is given is neither of the two.
    """
    return draw_forest(subject_of(shown), ax=ax, title=title)


def draw_forest(subject: Subject, *, ax: Axes | None, title: str) -> Axes:
    """Draw a forest plot of any kind.

    Parameters
    ----------
    subject
        What is drawn.
    ax, title
        As in `forest`.

    Returns
    -------
    Axes
        The axes drawn on.
    """
    every, results = subject.rows, subject.results
    rows, silent = set_apart(every)
    scale = Scale.of(rows[0].asked, [r.interval for r in (*rows, *results) if r.has_place])
    with style.context():
        width = sheet.width_of(ax)
        table = table_of(rows, results, width)
        keys = [*forest_marks.keys_of(rows, scale), *keys_of_results(results)]
        keys += [forest_marks.THROUGH_KEY] if subject.through else []
        notes = _notes(subject, rows, silent, width)
        under = _Under.of(subject, rows, table.band(width))
        layout = lay_out(
            ax, table, title=title or subject.title, subtitle=shared_text(rows),
            below=under.height + legend.height(keys, width) + len(notes) * NOTE + 0.1,
        )  # fmt: skip
        scale.place(layout)
        forest_marks.draw_frame(layout, scale)
        if subject.through:
            forest_marks.draw_through(layout, results[0].data["estimate"])
        _draw_sections(layout, [*rows, *results], combined=bool(results))
        for row, y in zip((*rows, *results), layout.centres, strict=True):
            if row in results:
                draw_result(layout, scale, row, y)
            else:
                forest_marks.draw_row(layout, scale, row, y, forest_marks.size_of(row, rows))
        under.draw(layout)
        y = layout.floor + under.height
        legend.draw(layout.sheet, keys, y)
        y += legend.height(keys, width) + 0.08
        for number, text in enumerate(notes):
            layout.sheet.write(0.0, y + number * NOTE, text, size=style.SMALL, color=style.GREY,
                               gid="footnote")  # fmt: skip
        frame = pd.DataFrame([row.data for row in (*every, *results)]).reindex(columns=_COLUMNS)
        return finish(layout.ax, frame, alt_of(subject), subject.caveats, strip=ax is None)


def _notes(
    subject: Subject, rows: list[ForestRow], silent: list[ForestRow], width: float
) -> list[str]:
    """What the columns have no room for, and how the studies differ or why they stand apart."""
    texts = [*footnotes(rows), *silent_note(silent), *subject.notes]
    return [line for text in texts for line in style.wrap(text, width, style.SMALL)]


def _draw_sections(layout: Layout, rows: list[ForestRow], *, combined: bool) -> None:
    """Write the design above its studies, and between designs if they are not combined."""
    for number, (row, top) in enumerate(zip(rows, layout.tops, strict=True)):
        if not row.section:
            continue
        design = "" if row.data["basis"] == "pooled" else "Design: "
        layout.section(top - 0.07, f"{design}{row.section}")
        if number and not combined:
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
    def of(cls, subject: Subject, rows: list[ForestRow], band: tuple[float, float]) -> _Under:
        width = band[1] - band[0]
        left, right = directions(subject.better, rows)
        name = style.wrap(axis_name(subject.unit, rows), width + 0.2)
        if not left:
            return cls(left=[], right=[], name=name)
        half = width / 2 - 0.04
        # An arrow stays with the word beside it.
        room = half - style.text_width("← ", style.SMALL) * style.HINTING
        words = [style.text_width(word, style.SMALL) for word in f"{left} {right}".split()]
        if max(words, default=0.0) * style.HINTING > room:  # no room side by side
            return cls(left=[f"← {left}"], right=["", f"{right} →"], name=name)
        first, *others = style.wrap(left, room, style.SMALL)
        *lines, last = style.wrap(right, room, style.SMALL)
        return cls(left=[f"← {first}", *others], right=[*lines, f"{last} →"], name=name)

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
