"""Leave-one-out forest plot: the pooled estimate without each study in turn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from equipoise.figures.forest import draw_forest
from equipoise.figures.forest_fits import fitted, heading, holds_null, named, together
from equipoise.figures.forest_subject import Subject
from equipoise.synthesis.leave_one_out import leave_one_out as without_each
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary


def leave_one_out(shown: Summary | Pooled, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the pooled estimate without each study in turn, and a line at that of all.

    A row that leaves the line tells that its study moves the estimate. Below stands which study
    moves it furthest to either side, and whether the answer hangs on one of them.

    Parameters
    ----------
    shown
        A summary whose studies are combined, or a result of `pool`; of two studies or more.
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
        If the studies are not combined, or it is one study.
    """
    about, pooled = together(shown)
    subject = fitted(
        about, pooled, without_each(pooled), basis="without", kind="Leave-one-out forest plot"
    )
    said = _said(subject)
    subject = replace(subject, sentence=said, notes=(said,))
    title = title or f"{heading(about, shown)} without each study in turn"
    return draw_forest(subject, ax=ax, title=title)


def _said(subject: Subject) -> str:
    """Return how far single studies move the estimate, and whether one of them decides."""
    rows = [row for row in subject.rows if row.has_place]
    least, most = (choose(rows, key=lambda row: row.data["estimate"]) for choose in (min, max))
    ends = [row.number(row.data["estimate"]) for row in (least, most)]
    said = (
        f"The estimate lies between {ends[0]} (without {least.data['label']}) and {ends[1]} "
        f"(without {most.data['label']})."
    )
    if rows[0].asked.null is None:
        return said
    whole = holds_null(subject.results[0])
    other = [row for row in rows if holds_null(row) != whole]
    verb = "holds" if whole else "does not hold"
    if not other:
        return f"{said} The interval {verb} the value of no difference, whichever is left out."
    return (
        f"{said} The interval of all studies {verb} the value of no difference; without "
        f"{named(other)} it {'does not' if whole else 'does'}."
    )
