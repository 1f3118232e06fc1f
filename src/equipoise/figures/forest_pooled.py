"""The marks of what studies show together: a diamond, and a bar for a new setting."""

from __future__ import annotations

from equipoise.figures import style
from equipoise.figures.axis_scale import Scale
from equipoise.figures.columns import Layout
from equipoise.figures.forest_rows import ForestRow
from equipoise.figures.legend import Key

_DIAMOND = 0.085
_BAR = 0.035
_DIAMOND_MARK = {"marker": "D", "markersize": 5.0, "markeredgecolor": style.INK,
                 "markerfacecolor": style.INK}  # fmt: skip
_BAR_MARK = {"marker": "s", "markersize": 0.0, "markeredgecolor": style.GREY}


def draw_result(layout: Layout, scale: Scale, row: ForestRow, y: float) -> None:
    """Draw the pooled estimate as a diamond from end to end, a prediction interval as a bar.

    Parameters
    ----------
    layout, scale
        Where to draw.
    row
        One of `Subject.results`.
    y
        The middle of the row, in inches.
    """
    estimate, low, high = row.interval
    (start, cut_low), (end, cut_high) = scale.clip(low), scale.clip(high)
    if row.data["basis"] == "pooled":
        middle, _ = scale.clip(estimate)
        layout.ax.fill(
            [start, middle, end, middle], [y, y - _DIAMOND, y, y + _DIAMOND], gid="pooled",
            facecolor=style.INK, edgecolor=style.INK, linewidth=0.6, zorder=3,
        )  # fmt: skip
        return
    layout.ax.fill(
        [start, end, end, start], [y - _BAR, y - _BAR, y + _BAR, y + _BAR], gid="prediction",
        facecolor=style.GREY, edgecolor="none", zorder=2,
    )  # fmt: skip
    for at, is_cut, marker in ((start, cut_low, "<"), (end, cut_high, ">")):
        if is_cut:
            layout.ax.plot([at], [y], linestyle="none", marker=marker, markersize=5.5,
                           color=style.GREY, gid="clipped", zorder=2, clip_on=False)  # fmt: skip


def keys_of_results(results: list[ForestRow]) -> list[Key]:
    """Return the legend of these marks."""
    if not results:
        return []
    level = f"{100 * results[0].level:g}%"
    meanings = {
        "pooled": Key(text=f"pooled estimate, as wide as its {level} CI", mark=_DIAMOND_MARK),
        "prediction": Key(text=f"{level} prediction interval: where the effect in a new setting "
                          "would lie", mark=_BAR_MARK, line="-"),
    }  # fmt: skip
    return [meanings[row.data["basis"]] for row in results]
