"""The marks of a forest plot: squares, intervals, brackets and arrowheads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.path import Path

from equipoise.display import numbers
from equipoise.figures import style
from equipoise.figures.axis_scale import Scale
from equipoise.figures.columns import Layout
from equipoise.figures.forest_rows import ForestRow
from equipoise.figures.legend import Key, arrow

_SMALLEST, _LARGEST, _USUAL = 3.5, 8.0, 5.5
_LINE_WIDTH = 1.1
_ARROW = 0.14
THROUGH_KEY = Key(
    text="dashed: the estimate of all studies", line="--",
    mark={"marker": "s", "markersize": 0.0, "markeredgecolor": style.INK},
)  # fmt: skip
_MEANINGS = {
    "counts": "from counts",
    "without": "all studies but this one",
    "cumulative": "this study and all above",
}
_BRACKET = {
    "low": Path([(0.5, -1), (0, -1), (0, 1), (0.5, 1)]),
    "high": Path([(-0.5, -1), (0, -1), (0, 1), (-0.5, 1)]),
}


def size_of(row: ForestRow, rows: Sequence[ForestRow]) -> float:
    """Return the side of a mark in points: its area follows the weight, or else the people."""
    by = sized_by(rows)
    known = [other.data[by] for other in rows if other.data[by] > 0]
    if not row.data[by] > 0 or len(set(known)) < 2:
        return _USUAL
    return max(_LARGEST * math.sqrt(row.data[by] / max(known)), _SMALLEST)


def sized_by(rows: Sequence[ForestRow]) -> str:
    """Return what the size of a mark stands for: `weight` if studies are pooled, else `people`."""
    return "weight" if any(row.data["weight"] > 0 for row in rows) else "people"


def draw_frame(layout: Layout, scale: Scale) -> None:
    """Draw the axis under the rows and the null line through them."""
    left, right = layout.band
    ticks = scale.ticks(right - left)
    floor = layout.floor + 0.05
    layout.sheet.axis(floor, ticks, scale.labels(ticks))
    layout.ax.spines["bottom"].set_bounds(scale.low, scale.high)
    null = scale.measure.null
    if null is None:
        layout.ax.vlines(ticks, layout.head, floor, color=style.LIGHT, linewidth=0.5, zorder=0,
                         gid="grid")  # fmt: skip
    else:
        layout.ax.plot([null, null], [layout.head, floor], color=style.GREY, linewidth=0.6,
                       zorder=0, gid="null")  # fmt: skip


def draw_through(layout: Layout, estimate: float) -> None:
    """Draw a dashed line through the rows at the estimate of all studies."""
    layout.ax.plot([estimate, estimate], [layout.head, layout.floor + 0.05], color=style.INK,
                   linewidth=0.7, linestyle=(0, (4, 2.5)), zorder=0.4,
                   gid="all-studies")  # fmt: skip


def draw_row(layout: Layout, scale: Scale, row: ForestRow, y: float, size: float) -> None:
    """Draw the mark of one row, if it has a place on the axis."""
    if not row.has_place:
        return
    estimate, low, high = row.interval
    if row.kind == "none":
        _draw_bound(layout, scale, row, y)
    else:
        (start, cut_low), (end, cut_high) = scale.clip(low), scale.clip(high)
        layout.ax.plot([start, end], [y, y], color=style.INK, linewidth=_LINE_WIDTH, zorder=2,
                       gid="interval", solid_capstyle="butt", dash_capstyle="butt",
                       linestyle=(0, (2, 1.2)) if row.kind == "rounding" else "-")  # fmt: skip
        for at, is_cut, side in ((start, cut_low, "low"), (end, cut_high, "high")):
            if is_cut:
                _draw_end(layout.ax, at, y, "<" if side == "low" else ">", 4.5, "clipped")
            elif row.kind == "rounding":
                _draw_end(layout.ax, at, y, _BRACKET[side], 7.0, "bracket")
    layout.ax.plot([scale.clip(estimate)[0]], [y], linestyle="none", gid="estimate", zorder=3,
                   **_mark(row.kind, size))  # fmt: skip


def _draw_end(ax: Axes, x: float, y: float, marker: Any, size: float, gid: str) -> None:
    ax.plot([x], [y], linestyle="none", marker=marker, markersize=size, gid=gid, zorder=2,
            markeredgecolor=style.INK, markeredgewidth=0.9, clip_on=False,
            markerfacecolor=style.INK if gid == "clipped" else "none")  # fmt: skip


def _draw_bound(layout: Layout, scale: Scale, row: ForestRow, y: float) -> None:
    """Draw an arrow where only one end is known: the share is that or more, or that or less."""
    estimate, low, high = row.interval
    if math.isnan(low) == math.isnan(high):
        return
    reach = _ARROW * (scale.high - scale.low)
    end, _ = scale.clip(estimate + (reach if math.isnan(high) else -reach))
    layout.ax.annotate("", xy=(end, y), xytext=(estimate, y), gid="bound", zorder=2,
                       annotation_clip=False, arrowprops=arrow(style.INK))  # fmt: skip


def _mark(kind: str, size: float) -> dict[str, Any]:
    """Fill tells whether there is an interval that counts people, shape whether there is any."""
    hollow = kind in ("rounding", "none")
    return {"marker": "D" if kind == "none" else "s", "markeredgewidth": 1.1,
            "markersize": size, "markeredgecolor": style.TREATMENT,
            "markerfacecolor": style.PAPER if hollow else style.TREATMENT}  # fmt: skip


def keys_of(rows: Sequence[ForestRow], scale: Scale) -> list[Key]:
    """Return the legend of the marks that occur among these rows."""
    placed = [row for row in rows if row.has_place]
    kinds = {row.kind for row in placed}
    interval = numbers.interval_name("confidence", rows[0].level)
    bases = {row.data["basis"] for row in placed}
    one_basis = bases.pop() if len(bases) == 1 else ""
    meanings = {
        "confidence": f"{_MEANINGS.get(one_basis, 'one study')}, with {interval}",
        "reported": "as the source reports it, with its interval",
        "rounding": "from percentages, with the range that rounding allows, no CI",
        "none": "no interval",
    }
    if kinds >= {"confidence", "reported"}:
        meanings["confidence"] = f"from counts or as reported, with {interval}"
        kinds -= {"reported"}
    keys = [
        Key(text=text, mark=_mark(kind, _USUAL),
            line={"none": "", "rounding": "--"}.get(kind, "-"))  # type: ignore[arg-type]
        for kind, text in meanings.items() if kind in kinds
    ]  # fmt: skip
    if any(scale.clip(end)[1] for row in placed for end in row.interval[1:] if not math.isnan(end)):
        keys.append(Key(text="goes on beyond the axis", arrow="right"))
    sides: list[tuple[int, str, Literal["left", "right"]]] = [
        (2, "or more", "right"),
        (1, "or less", "left"),
    ]
    for end, words, side in sides:
        bounds = [row for row in placed if row.kind == "none" and math.isnan(row.interval[end])
                  and not math.isnan(row.interval[3 - end])]  # fmt: skip
        if bounds:
            keys.append(Key(text=f"{words}: only a bound is reported", arrow=side))
    by = sized_by(rows)
    if len({row.data[by] for row in placed if row.data[by] > 0}) > 1:
        what = {"weight": "more weight in the pooled estimate", "people": "more people"}[by]
        keys.append(Key(text=f"A larger mark stands for {what}."))
    return keys
