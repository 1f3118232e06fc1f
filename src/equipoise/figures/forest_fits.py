"""Forest plots of a pooled estimate fitted again and again, each time to other studies."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.figures.forest_rows import ForestRow, rows_of_fits
from equipoise.figures.forest_subject import Subject, subject_of
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    import pandas as pd

    from equipoise.appraisal.summary import Summary


def together(shown: Summary | Pooled) -> tuple[Subject, Pooled]:
    """Return what a figure of a pooled estimate is about, and the estimate.

    Parameters
    ----------
    shown
        A summary whose studies are combined, or a pooled estimate.

    Raises
    ------
    UsageError
        If the studies are not combined.
    """
    subject = subject_of(shown)
    if subject.pooled is None:
        why = "" if isinstance(shown, Pooled) else numbers.lower_first(shown.why_not_pooled)
        raise UsageError(f"There is no pooled estimate of {subject.name} to look into: {why}")
    return subject, subject.pooled


def heading(subject: Subject, shown: Summary | Pooled) -> str:
    """Return what the effect is on, or its measure if that is not known, to begin a title with."""
    asked = subject.rows[0].asked
    return numbers.upper_first(asked.name if isinstance(shown, Pooled) else subject.name)


def fitted(
    subject: Subject, pooled: Pooled, fits: pd.DataFrame, *, basis: str, kind: str
) -> Subject:
    """Return a forest plot whose rows are fits, with a line at the estimate of all studies.

    Parameters
    ----------
    subject, pooled
        From `together`.
    fits
        From `leave_one_out` or `cumulative`.
    basis
        "without" or "cumulative".
    kind
        Which kind of forest plot.
    """
    rows = rows_of_fits(pooled, fits, basis)
    return replace(subject, rows=rows, kind=kind, through=True)


def holds_null(row: ForestRow) -> bool:
    """Return whether the interval of a row holds the value of no difference."""
    _, low, high = row.interval
    null = row.asked.null
    return null is not None and (low <= null <= high or math.isnan(low))


def named(rows: list[ForestRow], most: int = 4) -> str:
    """Return the labels of some rows as a list, the last ones counted."""
    labels = [str(row.data["label"]) for row in rows]
    if len(labels) > most + 1:
        labels = [*labels[:most], f"{len(labels) - most} others"]
    return numbers.listing(labels)
