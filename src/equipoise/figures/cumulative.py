"""Cumulative forest plot: the pooled estimate as study after study is added."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes

from equipoise.figures.forest import draw_forest
from equipoise.figures.forest_fits import fitted, heading, holds_null, together
from equipoise.figures.forest_subject import Subject
from equipoise.synthesis.cumulative import cumulative as study_by_study
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

_MANY_LOOKS = (
    "Each interval is that of a single look: who looks after every study finds one without the "
    "value of no difference by chance more often than its level says."
)


def cumulative(
    shown: Summary | Pooled,
    order: Sequence[Any] | None = None,
    *,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw the pooled estimate of the first study, the first two, and so on, and a line at all.

    Parameters
    ----------
    shown
        A summary whose studies are combined, or a result of `pool`.
    order
        What to sort by, as in `equipoise.cumulative`. By default a summary is sorted by the year of
        its studies, if all are known; else the rows stay as they stand.
    ax
        Axes to draw on; by default a figure of its own.
    title
        Title; by default it names the outcome.

    Returns
    -------
    Axes
        The axes drawn on; `drawn` tells its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If the studies are not combined, or `order` does not sort them.
    """
    about, pooled = together(shown)
    if order is None:
        order = _years(about, pooled)
    fits = study_by_study(pooled, order)
    subject = fitted(about, pooled, fits, basis="cumulative", kind="Cumulative forest plot")
    said = _said(subject)
    subject = replace(subject, sentence=said, notes=(said, _MANY_LOOKS))
    return draw_forest(subject, ax=ax, title=title or f"{heading(about, shown)}, study after study")


def _years(subject: Subject, pooled: Pooled) -> list[float] | None:
    """Return the year of each row of a pooled estimate, or None if one is not known."""
    known = {str(row.data["label"]): row.data["year"] for row in subject.rows}
    years = [float(known.get(label, math.nan) or math.nan) for label in pooled.labels]
    rows = zip(years, pooled.reasons, strict=True)
    return None if any(math.isnan(year) and not reason for year, reason in rows) else years


def _said(subject: Subject) -> str:
    """Return where the estimate began and ended, and since when the answer has been the same."""
    rows = [row for row in subject.rows if row.has_place]
    first, last = rows[0], rows[-1]
    said = (
        f"The estimate begins at {first.number(first.data['estimate'])} "
        f"({first.data['label']}) and ends at {last.number(last.data['estimate'])}."
    )
    if first.asked.null is None:
        return said
    same = len(rows)
    while same > 1 and holds_null(rows[same - 2]) == holds_null(last):
        same -= 1
    verb = "holds" if holds_null(last) else "does not hold"
    since = "From the first" if same == 1 else f"From {rows[same - 1].data['label']}"
    return f"{said} {since} on, the interval {verb} the value of no difference."
