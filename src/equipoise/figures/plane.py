"""A plane: a plot with two scales on a sheet, under its words and above what explains it.

The plot is a child of the axes drawn on (`ax.child_axes[0]`), in units of the data: what a reader
wants to add to the figure goes there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import BboxTransformTo, ScaledTranslation, Transform

from equipoise.display import numbers
from equipoise.figures import direct_labels, legend, sheet, style
from equipoise.figures.columns import LINE, NOTE
from equipoise.figures.direct_labels import Box, Point
from equipoise.figures.legend import Key
from equipoise.figures.sheet import Sheet

MOST_LABELS = 15
"""Studies up to which marks are named in the plot; beyond that names would hide the shape."""

_TICKS = 0.26
_EDGE = 0.08
_LONGEST_LABEL = 1.3
_SAME, _CLEARLY = 0.01, 0.03  # inches


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written round a plot.

    Attributes
    ----------
    title, subtitle
        Above the figure.
    across, up
        What the horizontal and the vertical scale show.
    keys
        The legend.
    notes
        Small lines at the bottom.
    """

    title: str
    subtitle: str
    across: str
    up: str
    keys: Sequence[Key]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """A plot on a sheet.

    Attributes
    ----------
    page
        The sheet.
    plot
        The axes of the plot, in units of the data.
    width, height
        Their size in inches.
    """

    page: Sheet
    plot: Axes
    width: float
    height: float


def lay_out(
    ax: Axes | None, words: Words, *, height: float, left: float, right: float = _EDGE,
    square: bool = False,
) -> Plane:  # fmt: skip
    """Make a sheet with a plot, and write what stands round it.

    Parameters
    ----------
    ax
        Axes of the caller, or None for a page of our own.
    words
        What to write.
    height
        Height of the plot in inches.
    left
        Room for the labels of the vertical scale, in inches.
    right
        Room on the other side.
    square
        Whether the plot is as wide as it is high, in the middle of the page.
    """
    width = sheet.width_of(ax)
    across = width - left - right
    if square:
        height = across = min(across, height)
    start = left + (width - left - right - across) / 2
    subtitle = style.wrap(words.subtitle, width)
    up = style.wrap(words.up, width, style.SMALL)
    name = style.wrap(words.across, width)
    notes = [line for note in words.notes for line in style.wrap(note, width, style.SMALL)]
    top = len(subtitle) * LINE + len(up) * NOTE + 0.16
    under = top + height + _TICKS + len(name) * LINE + 0.1
    total = under + legend.height(words.keys, width) + len(notes) * NOTE + 0.08
    page = sheet.make(ax, total, words.title)
    plot = page.ax.inset_axes(
        (start / width, 1 - (top + height) / total, across / width, height / total)
    )
    _dress(plot)
    for number, text in enumerate(subtitle):
        page.write(0.0, number * LINE, text, color=style.GREY, gid="subtitle")
    widest = max((style.text_width(text, style.SMALL) for text in up), default=0.0)
    beside = max(min(start - left, width - style.HINTING * widest), 0.0)
    for number, text in enumerate(up):
        page.write(beside, len(subtitle) * LINE + 0.06 + number * NOTE, text, size=style.SMALL,
                   gid="axis-up")  # fmt: skip
    for number, text in enumerate(name):
        page.write(start + across / 2, top + height + _TICKS + number * LINE, text,
                   align="center", gid="axis-label")  # fmt: skip
    legend.draw(page, words.keys, under)
    y = under + legend.height(words.keys, width) + 0.08
    for number, text in enumerate(notes):
        page.write(0.0, y + number * NOTE, text, size=style.SMALL, color=style.GREY,
                   gid="footnote")  # fmt: skip
    shown = sheet.height_of(page.ax) * height / total
    return Plane(page=page, plot=plot, width=across, height=shown)


def _dress(plot: Axes) -> None:
    for name, spine in plot.spines.items():
        spine.set_visible(name in ("left", "bottom"))
        spine.set_color(style.GREY)
        spine.set_linewidth(0.6)
    plot.tick_params(axis="both", length=3, width=0.6, color=style.GREY, labelcolor=style.INK,
                     labelsize=style.SIZE)  # fmt: skip


def room_for(labels: Sequence[str]) -> float:
    """Return the room that the labels of a vertical scale need, in inches."""
    return max(style.text_width(label) for label in labels) * style.HINTING + 0.12


def round_ticks(low: float, high: float, bins: int = 5) -> list[float]:
    """Return round ticks from the last not above `low` to the first not below `high`."""
    if high <= low:
        high = low + 1.0
    ticks = MaxNLocator(nbins=bins, steps=[1, 2, 5, 10]).tick_values(low, high)
    return [float(tick) for tick in ticks]


def tick_labels(ticks: Sequence[float]) -> list[str]:
    """Return the labels of ticks of a plain scale."""
    return [numbers.short(0.0 if abs(tick) < 1e-12 else tick) for tick in ticks]


def write_labels(
    plane: Plane, points: Sequence[Point], labels: Sequence[str], *, lines: Sequence[Point] = (),
    sizes: Sequence[float] = (),
) -> None:  # fmt: skip
    """Name the marks of a small plot, each beside its mark and none over another.

    Parameters
    ----------
    plane
        The plot, its scales set.
    points
        Where the marks stand, in units of the data.
    labels
        Their names; one too long is cut short, and one without room, or that could be taken
        for that of another mark, is left out: the numbers beside the figure hold every one.
    lines
        Points along drawn lines, which names keep off if they can, in units of the data.
    sizes
        How wide the marks are in points, if not as `DOT`.
    """
    if not 0 < len(points) <= MOST_LABELS:
        return
    corner = _inches(plane.plot)
    to_inches = plane.plot.transData + corner.inverted()
    widths = [size / 72 + 0.02 for size in sizes or [DOT["markersize"]] * len(points)]
    marks = [Box(x=float(x), y=float(y), width=width, height=width) for (x, y), width in
             zip(to_inches.transform(points), widths, strict=True)]  # fmt: skip
    texts = [_shortened(label) for label in labels]
    areas = [(style.text_width(text, style.SMALL) * style.HINTING + 0.03, 0.11) for text in texts]
    trail = [(float(x), float(y)) for x, y in to_inches.transform(lines)] if len(lines) else []
    within = Box(x=plane.width / 2, y=plane.height / 2, width=plane.width, height=plane.height)
    places = direct_labels.beside_marks(marks, areas, lines=trail, closed=[], within=within)
    for place, text, mark in zip(places, texts, marks, strict=True):
        if place is not None and _is_clear(place, mark, marks):
            plane.plot.text(place.x, place.y - 0.365 * style.SMALL / 72, text, ha="center",
                            fontsize=style.SMALL, va="baseline", linespacing=1.0, zorder=4,
                            transform=corner, color=style.INK, gid="point-label")  # fmt: skip


def _is_clear(label: Box, own: Box, marks: Sequence[Box]) -> bool:
    """Whether nobody can take a name for that of another mark nearby."""
    others = (mark for mark in marks if math.dist((mark.x, mark.y), (own.x, own.y)) > _SAME)
    return all(_gap(label, mark) > _gap(label, own) + _CLEARLY for mark in others)


def _gap(one: Box, other: Box) -> float:
    across = abs(one.x - other.x) - (one.width + other.width) / 2
    along = abs(one.y - other.y) - (one.height + other.height) / 2
    return math.hypot(max(across, 0.0), max(along, 0.0))


def _shortened(label: str) -> str:
    first, *rest = style.wrap(label, _LONGEST_LABEL, style.SMALL) or [""]
    return f"{first} …" if rest else first


def _inches(plot: Axes) -> Transform:
    """Inches from the lower left corner of the plot."""
    corner = ScaledTranslation(0, 0, BboxTransformTo(plot.bbox))
    return sheet.figure_of(plot).dpi_scale_trans + corner


def patch(colour: str) -> dict[str, Any]:
    """Return how the legend shows a shaded area."""
    return {"marker": "s", "markersize": 7.5, "markerfacecolor": colour,
            "markeredgecolor": style.GREY, "markeredgewidth": 0.5}  # fmt: skip


def stroke(colour: str) -> dict[str, Any]:
    """Return how the legend shows a line."""
    return {"marker": "s", "markersize": 0.0, "markeredgecolor": colour}


DOT: dict[str, Any] = {"marker": "o", "markersize": 5.0, "markerfacecolor": style.TREATMENT,
       "markeredgecolor": style.PAPER, "markeredgewidth": 0.5}  # fmt: skip
"""How a study is drawn."""
