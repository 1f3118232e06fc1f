"""A plot with two axes of numbers: its title, the names of its axes, round ticks, notes below."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import BboxTransformTo, ScaledTranslation, Transform

from equipoise.display import numbers
from equipoise.figures import sheet, style

_PLOT, _TICKS, _AXIS, _NAME = 2.8, 0.42, 0.6, 0.36
_INSET = 0.015
_ROUND = [1, 2, 5, 10]


def framed(ax: Axes | None, *, title: str, up: str, across: str, notes: Sequence[str]) -> Axes:
    """Return axes with a title, the names of both axes, and notes under them.

    Parameters
    ----------
    ax
        Axes of the caller, or None for a page of our own.
    title
        What stands above, broken into as many lines as it takes.
    up, across
        What the vertical and the horizontal axis show.
    notes
        Sentences below.
    """
    indent = _TICKS if ax is None else 0.0
    width = sheet.width_of(ax)
    titles, heads = style.wrap(title, width, style.TITLE, "bold"), style.wrap(up, width)
    names = style.wrap(across, width - indent)
    written = [line for note in notes for line in style.wrap(note, width, style.SMALL)]
    bottom = _AXIS + sheet.block(len(names) - 1) + sheet.block(len(written), style.SMALL) + 0.12
    ax = style.panel(
        ax, _PLOT, left=sheet.MARGIN + indent, right=sheet.MARGIN + 0.05, bottom=bottom,
        top=sheet.block(len(titles), style.TITLE) + sheet.block(len(heads)) + 0.32,
    )  # fmt: skip
    over = 0.16 + sheet.block(len(heads))
    inside = sheet.width_of(ax)
    ax.set_title("\n".join(titles), loc="left", x=-indent / inside, pad=72 * over + 3,
                 fontweight="bold", linespacing=sheet.LEADING)  # fmt: skip
    write(ax, 1, heads, size=style.SIZE, at=(-indent, over), gid="axis-label-up")
    for number, name in enumerate(names):
        start = (inside - style.text_width(name)) / 2
        at = (max(start, -indent), -_NAME + 0.09 - sheet.block(number))
        write(ax, 0, [name], size=style.SIZE, at=at, gid="axis-label")
    below = -_AXIS - sheet.block(len(names) - 1)
    write(ax, 0, written, size=style.SMALL, at=(-indent, below), gid="note", color=style.GREY)
    return ax


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round numbers from the last below `low` to the first above `high`."""
    if high <= low:
        high = low + 1.0
    return [float(tick) for tick in MaxNLocator(nbins=most, steps=_ROUND).tick_values(low, high)]


def draw_axes(ax: Axes, across: Sequence[float], up: Sequence[float], end: float) -> None:
    """Label these ticks, and draw light lines from those of the vertical axis.

    Parameters
    ----------
    ax
        The axes; the horizontal one begins at 0, a little off the labels of the other.
    across, up
        Where the labels stand.
    end
        Where the horizontal axis ends.
    """
    ax.set_xlim(-_INSET * end, end)
    for axis, places in ((ax.xaxis, across), (ax.yaxis, up)):
        shown = [numbers.short(0.0 if abs(place) < 1e-12 else place) for place in places]
        axis.set_ticks(list(places), shown)
    ax.hlines(up, 0.0, ax.get_xlim()[1], color=style.LIGHT, linewidth=0.5, zorder=0, gid="grid")
    for name, spine in ax.spines.items():
        spine.set_visible(name == "bottom")
    ax.spines["bottom"].set_bounds(0.0, ax.get_xlim()[1])
    ax.tick_params(axis="both", colors=style.GREY, labelcolor=style.INK, labelsize=style.SIZE)
    ax.tick_params(axis="y", length=0)


def write(
    ax: Axes, edge: int, lines: Sequence[str], *, size: float, at: tuple[float, float], gid: str,
    color: str = style.INK,
) -> None:  # fmt: skip
    """Write lines down from `at`, in inches off the lower (0) or upper (1) left corner."""
    x, y = at
    for number, text in enumerate(lines):
        drop = sheet.block(number, size) + sheet.BASELINE * size / 72
        ax.text(x, y - drop, text, fontsize=size, color=color, va="baseline", linespacing=1.0,
                transform=inches(ax, edge), gid=gid)  # fmt: skip


def inches(ax: Axes, edge: int) -> Transform:
    """Inches from the lower (0) or upper (1) left corner."""
    corner = ScaledTranslation(0, edge, BboxTransformTo(ax.bbox))
    return sheet.figure_of(ax).dpi_scale_trans + corner
