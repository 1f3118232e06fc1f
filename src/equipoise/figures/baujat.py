"""Baujat plot: which studies make studies differ, and which move the pooled estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.figures import direct_labels, sheet, style
from equipoise.figures.direct_labels import Box
from equipoise.figures.drawn import finish
from equipoise.figures.forest_fits import heading, together
from equipoise.figures.plot_frame import draw_axes, framed, inches, ticks
from equipoise.synthesis.influence import influence
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

LABELLED = 3
_MARK, _WIDEST, _BELOW = 0.085, 1.7, 0.04
_ACROSS = "Heterogeneity: squared distance of the study from the estimate, over its variance and τ²"
_UP = "Influence: squared change of the estimate without the study, over the variance it then has"


def baujat(shown: Summary | Pooled, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw of each study how much it adds to heterogeneity, and how far it moves the estimate.

    The three studies furthest from the origin, each axis being measured by its largest value, are
    filled and named. A study far to the right differs from the others; one high up decides what the
    estimate is.

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
        The axes drawn on; `drawn` tells its numbers (those of `influence`), alt text and caveats.

    Raises
    ------
    UsageError
        If the studies are not combined, it is one study, or no study has a place on the axes.

    References
    ----------
    Baujat, Mahé, Pignon & Hill 2002, Stat Med 21:2641-2652, doi:10.1002/sim.1221.
    """
    subject, pooled = together(shown)
    frame = influence(pooled)
    places = frame[["baujat_x", "baujat_y"]].to_numpy()
    there = np.isfinite(places).all(axis=1)
    if not there.any():
        raise UsageError("The studies agree exactly: none of them can be told from the others.")
    drawn = frame[there].reset_index(drop=True)
    top = _furthest(drawn)
    said = _said(drawn)
    named = ["Filled: the three studies furthest from the corner."] if len(drawn) > LABELLED else []
    notes = [said, *named, *_nowhere(frame[~there])]
    with style.context():
        axes = framed(ax, title=title or f"{heading(subject, shown)}: which studies stand out",
                      up=_UP, across=_ACROSS, notes=notes)  # fmt: skip
        _draw(axes, drawn, top)
    alt = (
        f"Scatter plot (Baujat plot) of {numbers.count(len(drawn))} studies of {subject.name}: how "
        f"much each differs from the others, against how far it moves the pooled estimate. {said}"
    )
    return finish(axes, frame, " ".join([alt, *notes[1:]]), subject.caveats, strip=ax is None)


def _furthest(frame: pd.DataFrame) -> list[int]:
    """Return the rows furthest from the origin, in shares of the largest value of each axis."""
    x, y = frame["baujat_x"].to_numpy(), frame["baujat_y"].to_numpy()
    far = np.hypot(x / (x.max() or 1.0), y / (y.max() or 1.0))
    return [int(row) for row in np.argsort(-far, kind="stable")[:LABELLED]]


def _draw(ax: Axes, frame: pd.DataFrame, top: list[int]) -> None:
    x, y = frame["baujat_x"].to_numpy(), frame["baujat_y"].to_numpy()
    across, up = ticks(0.0, float(x.max())), ticks(0.0, float(y.max()), 5)
    ax.set_ylim(-_BELOW * up[-1], up[-1])
    draw_axes(ax, across, up, across[-1])
    for row in range(len(frame)):
        face = style.TREATMENT if row in top else style.PAPER
        ax.plot([x[row]], [y[row]], "o", markersize=5.0, markerfacecolor=face, clip_on=False,
                markeredgecolor=style.TREATMENT, markeredgewidth=1.0, gid="study",
                zorder=3 if row in top else 2)  # fmt: skip
    _write_labels(ax, frame, top)


def _write_labels(ax: Axes, frame: pd.DataFrame, top: list[int]) -> None:
    """Write the names of the furthest studies where there is room."""
    to_inches = ax.transData + inches(ax, 0).inverted()
    places = to_inches.transform(frame[["baujat_x", "baujat_y"]].to_numpy())
    boxes = [Box(x=float(x), y=float(y), width=_MARK, height=_MARK) for x, y in places]
    lines = [style.wrap(str(frame["label"][row]), _WIDEST, style.SMALL) for row in top]
    sizes = [
        (max(style.text_width(line, style.SMALL) for line in text) * style.HINTING + 0.03,
         sheet.block(len(text), style.SMALL))
        for text in lines
    ]  # fmt: skip
    width, height = sheet.width_of(ax), sheet.height_of(ax)
    found = direct_labels.beside_marks(
        [boxes[row] for row in top], sizes, lines=[],
        closed=[box for row, box in enumerate(boxes) if row not in top],
        within=Box(x=width / 2, y=height / 2 + 0.03, width=width, height=height + 0.04),
    )  # fmt: skip
    for place, text in zip(found, lines, strict=True):
        if place is None:
            continue
        for number, line in enumerate(text):
            drop = sheet.block(number, style.SMALL) + sheet.BASELINE * style.SMALL / 72
            ax.text(place.x, place.y + place.height / 2 - drop, line, fontsize=style.SMALL,
                    ha="center", va="baseline", transform=inches(ax, 0), gid="label", zorder=4,
                    linespacing=1.0)  # fmt: skip


def _said(frame: pd.DataFrame) -> str:
    """Return which study differs most, and which moves the estimate most."""
    labels = [str(label) for label in frame["label"]]
    differs, moves = (labels[int(frame[name].argmax())] for name in ("baujat_x", "baujat_y"))
    if differs == moves:
        return f"{differs} lies furthest from the estimate, and moves it most."
    return f"{differs} lies furthest from the estimate; {moves} moves it most."


def _nowhere(frame: pd.DataFrame) -> list[str]:
    """Return the studies that have no place, and why."""
    if frame.empty:
        return []
    names = numbers.listing([str(label) for label in frame["label"]])
    return [f"Without a place on the axes, as all others agree exactly: {names}."]
