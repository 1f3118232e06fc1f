"""A sheet: axes on which lines of text are set in inches, so that nothing is placed by guess.

Its y runs down from the top in inches; its x is whatever `scale_x` makes of a band of the width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

from equipoise.errors import UsageError
from equipoise.figures import style

MARGIN = 0.15
"""Between the edge of the page and the first and last column, in inches."""

GAP = 0.16
"""Between two columns, in inches."""

LEADING = 1.25
"""Height of a line, in sizes of its type."""

# Where in its line a text stands, and half the height of its digits, in sizes of its type.
BASELINE, _HALF_DIGIT = 0.945, 0.365


def block(lines: int, size: float = style.SIZE) -> float:
    """Return the height of some lines of text, in inches."""
    return lines * size * LEADING / 72


def middle(size: float = style.SIZE) -> float:
    """Return how far the middle of the digits of a line lies below its top, in inches."""
    return (BASELINE - _HALF_DIGIT) * size / 72


def width_of(ax: Axes | None) -> float:
    """Return how wide the sheet will be, in inches: columns are planned before axes are made.

    Raises
    ------
    UsageError
        If the axes stand on no figure.
    """
    if ax is None:
        return style.WIDTH - 2 * MARGIN
    return float(ax.get_window_extent().width / figure_of(ax).dpi)


def height_of(ax: Axes) -> float:
    """Return how high the axes are, in inches.

    Raises
    ------
    UsageError
        If the axes stand on no figure.
    """
    return float(ax.get_window_extent().height / figure_of(ax).dpi)


def figure_of(ax: Axes) -> Figure:
    """Return the figure that the axes stand on.

    Raises
    ------
    UsageError
        If they were removed from it.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise UsageError("These axes were removed from their figure: give others.")
    return figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Axes with lines of text on them.

    Attributes
    ----------
    ax
        The axes.
    width, height
        Size in inches. On axes of the caller the height is what the text needs, and is squeezed
        into what there is.
    """

    ax: Axes
    width: float
    height: float

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = style.SIZE,
        color: str = style.INK,
        bold: bool = False,
        align: Literal["left", "center", "right"] = "left",
        gid: str = "text",
    ) -> None:
        """Write lines of text whose top stands at `y`, both in inches from the top left.

        Each line is set on its own baseline: a block set by its top would stand higher or lower
        for the letters that happen to be in it.
        """
        for number, line in enumerate(text.split("\n")):
            drop = block(number, size) + BASELINE * size / 72
            self.ax.text(
                x / self.width, y, line, fontsize=size, color=color, ha=align, va="baseline",
                fontweight="bold" if bold else "normal", linespacing=1.0, gid=gid,
                transform=self._inches(drop),
            )  # fmt: skip

    def _inches(self, drop: float = 0.0) -> Transform:
        """Shares of the width and inches from the top, less a drop that is never squeezed."""
        places = blended_transform_factory(self.ax.transAxes, self.ax.transData)
        return places + ScaledTranslation(0, -drop, figure_of(self.ax).dpi_scale_trans)

    def mark(
        self,
        x: float,
        y: float,
        *,
        shape: str = "o",
        face: str,
        edge: str,
        fill: Literal["full", "left"] = "full",
        gid: str = "mark",
    ) -> None:
        """Draw a mark at `x` and `y` inches."""
        self.ax.plot(
            [x / self.width], [y], shape, markersize=6, markerfacecolor=face, fillstyle=fill,
            markeredgecolor=edge, markeredgewidth=1.1, markerfacecoloralt=style.PAPER, gid=gid,
            zorder=3, clip_on=False,
            transform=self._inches(),
        )  # fmt: skip

    def rule(
        self, y: float, *, left: float = 0.0, right: float = math.inf, heavy: bool = False
    ) -> None:
        """Draw a line across the sheet, or from `left` to `right` inches."""
        self.ax.plot(
            [left / self.width, min(right, self.width) / self.width], [y, y], gid="rule",
            color=style.GREY if heavy else style.LIGHT, linewidth=0.8 if heavy else 0.5,
            solid_capstyle="butt", zorder=0.5, clip_on=False,
            transform=self._inches(),
        )  # fmt: skip

    def scale_x(self, left: float, right: float, low: float, high: float) -> None:
        """Let the data run from `low` at `left` inches to `high` at `right` inches."""
        step = (high - low) / (right - left)
        self.ax.set_xlim(low - left * step, high + (self.width - right) * step)

    def axis(self, y: float, ticks: Sequence[float], labels: Sequence[str]) -> None:
        """Draw the horizontal axis at `y` inches, as long as its ticks reach."""
        spine = self.ax.spines["bottom"]
        spine.set_visible(True)
        spine.set_position(("data", y))
        spine.set_bounds(ticks[0], ticks[-1])
        self.ax.set_xticks(list(ticks), list(labels))


def make(ax: Axes | None, height: float, title: str) -> Sheet:
    """Return a blank sheet of `height` inches, under its title.

    Parameters
    ----------
    ax
        Axes of the caller, or None for a page of our own.
    height
        Height that the text and marks need.
    title
        Title, broken into as many lines as it takes.

    Raises
    ------
    UsageError
        If the title is no text.
    """
    if not isinstance(title, str):
        raise UsageError(f"the title must be text, not {title!r}")
    width = width_of(ax)
    lines = style.wrap(title, width, style.TITLE, "bold")
    top = block(len(lines), style.TITLE) + 0.2
    axes = style.panel(ax, height, left=MARGIN, right=MARGIN, top=top, bottom=MARGIN)
    axes.set_title("\n".join(lines), loc="left", pad=6, fontweight="bold", linespacing=LEADING)
    axes.set_ylim(height, 0)
    axes.set_xlim(0, width)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    return Sheet(ax=axes, width=width, height=height)
