"""Orchard: many studies in the order of their effects, their density, and all of them together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from equipoise.display import numbers
from equipoise.effects.interval import Floats
from equipoise.figures import plane, style
from equipoise.figures.axis_scale import Scale
from equipoise.figures.drawn import finish
from equipoise.figures.legend import Key
from equipoise.figures.plane import Plane, Words
from equipoise.figures.spread_subject import Spread, spread_of

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary
    from equipoise.synthesis.pooled import Pooled

_ROW, _LOWEST, _HIGHEST = 0.055, 0.5, 3.4
_SWARM, _TOGETHER = 1.0, 0.34
_DIAMOND, _BAR = 0.085, 0.03
_SMALLEST, _LARGEST = 2.2, 7.0
_CROWD = 80  # studies from which on points are smaller
_SWARM_COLOUR, _THIN = "#7fb8d8", "#8c8c8c"
_TREE = {"marker": "o", "markersize": 6.0, "markerfacecolor": _SWARM_COLOUR,
         "markeredgecolor": style.TREATMENT, "markeredgewidth": 0.5}  # fmt: skip


def orchard(shown: Summary | Pooled, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw more studies than a forest plot has room for.

    On top every study is a thin line, its interval, in the order of the effects (a caterpillar).
    Under it the same estimates hang as points where they are, side by side if they are equal, so
    that their crowd shows the density; the area of a point follows the precision 1/se. Below stand
    the pooled estimate and the prediction interval. From about 60 studies on this says more than a
    forest plot; with fewer it works too, but names no study.

    Parameters
    ----------
    shown
        A pooled estimate, or a summary that has one.
    ax
        Axes to draw on; by default a figure of its own. The plot is their first child, whose
        vertical scale runs down in inches.
    title
        Title; by default it names the outcome.

    Returns
    -------
    Axes
        The axes drawn on; `drawn` tells its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If the studies are not combined.

    References
    ----------
    Nakagawa et al. 2021, Res Synth Methods 12:4-12, doi:10.1002/jrsm.1424.
    """
    spread = spread_of(shown)
    frame = spread.intervals().sort_values("estimate", kind="stable", ignore_index=True)
    ends = spread.ends
    rows = list(frame[["estimate", "low", "high"]].itertuples(index=False, name=None))
    together = [(ends.estimate, ends.low, ends.high)]
    if spread.predicts:
        together.append((ends.estimate, ends.prediction_low, ends.prediction_high))
    scale = Scale.of(spread.measure, [*rows, *together])
    high = min(max(_ROW * len(frame), _LOWEST), _HIGHEST)
    total = high + _SWARM + _TOGETHER
    cut = any(scale.clip(end)[1] for row in (*rows, *together) for end in row[1:])
    with style.context():
        words = Words(
            title=title or f"{spread.title}: every study, in the order of effects",
            subtitle=spread.subtitle,
            across=numbers.upper_first(spread.measure.name),
            up="Each line is a study; below, the same studies as points, and all of them together",
            keys=_keys(spread, cut=cut),
            notes=spread.notes,
        )
        # The label of the first tick reaches out by half its width.
        left = plane.room_for(scale.labels([scale.low])) / 2
        page = plane.lay_out(ax, words, height=total, left=left)
        scale.put_on(page.plot, page.width)
        page.plot.set_ylim(total, 0.0)
        page.plot.set_yticks([])
        page.plot.spines["left"].set_visible(False)
        _draw_lines(page, spread, total)
        _draw_caterpillar(page, scale, rows, high)
        _draw_swarm(page, frame["estimate"].to_numpy(), 1 / frame["se"].to_numpy(),
                    high + _SWARM / 2)  # fmt: skip
        _draw_together(page, scale, spread, total - _TOGETHER / 2)
        return finish(page.page.ax, frame, _alt(spread, frame["estimate"].to_numpy()),
                      spread.caveats, strip=ax is None)  # fmt: skip


def _squeezed(page: Plane) -> float:
    """How many inches of the page an inch of the vertical scale takes."""
    return page.height / float(page.plot.get_ylim()[0])


def _draw_lines(page: Plane, spread: Spread, total: float) -> None:
    if spread.measure.null is not None:
        page.plot.axvline(spread.measure.null, color=style.GREY, linewidth=0.9, linestyle="--",
                          zorder=1, gid="null")  # fmt: skip
    page.plot.plot([spread.ends.estimate] * 2, [0.0, total - _TOGETHER / 2], color=style.INK,
                   linewidth=0.9, zorder=4, gid="pooled-line")  # fmt: skip


def _draw_caterpillar(
    page: Plane, scale: Scale, rows: list[tuple[float, float, float]], high: float
) -> None:
    """Draw interval and estimate of each study, the smallest effect on top."""
    heights = (np.arange(len(rows)) + 0.5) * high / len(rows)
    segments = [
        [(scale.clip(low)[0], y), (scale.clip(end)[0], y)]
        for (_, low, end), y in zip(rows, heights, strict=True)
    ]
    pitch = 72 * _squeezed(page) * high / len(rows)
    page.plot.add_collection(
        LineCollection(segments, colors=_THIN, linewidths=min(0.9, 0.45 * pitch), zorder=2,
                       gid="interval"),
        autolim=False,
    )  # fmt: skip
    page.plot.plot([row[0] for row in rows], heights, linestyle="none", marker="o", zorder=3,
                   markersize=min(3.4, max(1.8, 0.9 * pitch)), color=style.TREATMENT,
                   markeredgewidth=0, gid="estimate")  # fmt: skip
    for (_, low, end), y in zip(rows, heights, strict=True):
        _mark_cuts(page, scale, (low, end), y, 3.0, style.GREY)


def _mark_cuts(
    page: Plane, scale: Scale, ends: tuple[float, float], y: float, size: float, colour: str
) -> None:
    """Draw an arrowhead where an interval goes on beyond the axis."""
    for end, marker in zip(ends, "<>", strict=True):
        at, is_cut = scale.clip(end)
        if is_cut:
            page.plot.plot([at], [y], linestyle="none", marker=marker, markersize=size,
                           color=colour, markeredgewidth=0, clip_on=False, zorder=3,
                           gid="clipped")  # fmt: skip


def _draw_swarm(page: Plane, estimates: Floats, precisions: Floats, middle: float) -> None:
    """Draw the estimates as points at `middle`, moved up or down as far as they would overlap."""
    plot = page.plot
    largest = _LARGEST * min(1.0, (_CROWD / len(estimates)) ** 0.25)
    sizes = np.maximum(largest * np.sqrt(precisions / precisions.max()), _SMALLEST)
    pixels = plot.transData.transform(np.column_stack([estimates, np.zeros(len(estimates))]))
    across = pixels[:, 0] / plot.get_figure(root=True).dpi  # type: ignore[union-attr]
    squeezed = _squeezed(page)
    offsets = beside_each_other(across, sizes / 72, (_SWARM / 2 - 0.06) * squeezed) / squeezed
    plot.scatter(estimates, middle + offsets, s=sizes**2, facecolor=_SWARM_COLOUR, zorder=3,
                 edgecolor=style.TREATMENT, linewidth=0.5, clip_on=False, gid="tree")  # fmt: skip


def beside_each_other(places: Floats, widths: Floats, most: float) -> Floats:
    """Return how far round marks on a line move off it so that none covers another.

    Parameters
    ----------
    places, widths
        Where the marks stand along the line, and their diameters.
    most
        How far they may move at the most; where that is not far enough they do overlap.

    Returns
    -------
    ndarray
        Offsets, below 0 on the one side and above 0 on the other; the largest marks move least.
    """
    offsets = np.zeros(len(places))
    placed: list[int] = []
    for index in np.argsort(-widths, kind="stable").tolist():
        near, reach = [], []
        for other in placed:
            far = ((widths[other] + widths[index]) / 2) ** 2 - (places[other] - places[index]) ** 2
            if far > 0:
                near.append(other)
                reach.append(math.sqrt(far))
        options = [0.0, *(offsets[i] + side * far for i, far in zip(near, reach, strict=True)
                          for side in (1, -1))]  # fmt: skip
        free = [
            option for option in options
            if abs(option) <= most and all(
                abs(option - offsets[i]) >= far - 1e-9 for i, far in zip(near, reach, strict=True)
            )
        ]  # fmt: skip
        offsets[index] = min(free, key=abs) if free else 0.0
        placed.append(index)
    return offsets


def _draw_together(page: Plane, scale: Scale, spread: Spread, y: float) -> None:
    """Draw the prediction interval as a bar and the pooled estimate as a diamond over it."""
    ends = spread.ends
    if spread.predicts:
        low, high = (scale.clip(end)[0] for end in (ends.prediction_low, ends.prediction_high))
        page.plot.fill([low, high, high, low], [y - _BAR, y - _BAR, y + _BAR, y + _BAR], zorder=3,
                       facecolor=style.GREY, edgecolor="none", gid="prediction")  # fmt: skip
        _mark_cuts(page, scale, (ends.prediction_low, ends.prediction_high), y, 5.5, style.GREY)
    low, high = (scale.clip(end)[0] for end in (ends.low, ends.high))
    page.plot.fill([low, ends.estimate, high, ends.estimate], [y, y - _DIAMOND, y, y + _DIAMOND],
                   facecolor=style.INK, edgecolor=style.INK, linewidth=0.6, zorder=4,
                   gid="pooled")  # fmt: skip
    _mark_cuts(page, scale, (ends.low, ends.high), y, 5.5, style.INK)


def _keys(spread: Spread, *, cut: bool) -> list[Key]:
    level = spread.pooled.level
    line = {"marker": "o", "markersize": 3.0, "markerfacecolor": style.TREATMENT,
            "markeredgecolor": _THIN, "markeredgewidth": 0.0}  # fmt: skip
    diamond = {"marker": "D", "markersize": 5.0, "markerfacecolor": style.INK,
               "markeredgecolor": style.INK}  # fmt: skip
    keys = [
        Key(text=f"one study, with {numbers.interval_name('confidence', level)}", mark=line,
            line="-"),
        Key(text="the same study, larger the more precise", mark=_TREE),
        Key(text=f"pooled estimate {spread.estimate}", mark=diamond),
    ]  # fmt: skip
    if spread.predicts:
        keys.append(Key(text=f"{100 * level:g}% prediction interval {spread.prediction}: where the "
                        "effect in a new setting would lie",
                        mark={**plane.patch(style.GREY), "markersize": 4.0}))  # fmt: skip
    if spread.null is not None:
        keys.append(Key(text="no difference", mark=plane.stroke(style.GREY), line="--"))
    if cut:
        keys.append(Key(text="goes on beyond the axis", arrow="right"))
    return keys


def _alt(spread: Spread, estimates: Floats) -> str:
    """Chart type, data, main message: where the effects lie, and where a new one would."""
    quarter, three_quarters = np.quantile(estimates, [0.25, 0.75]).tolist()
    key = spread.measure.key

    def said(low: float, high: float) -> str:
        return numbers.estimate((low + high) / 2, low, high, key).partition("(")[2].rstrip(")")

    alt = (
        f"Caterpillar and orchard plot of {spread.measure.name} for {spread.name}, {spread.count} "
        f"in the order of effects: {said(float(estimates.min()), float(estimates.max()))}, the "
        f"middle half {said(quarter, three_quarters)}. Pooled estimate {spread.estimate}."
    )
    if spread.predicts:
        alt += f" Prediction interval {spread.prediction}."
    return f"{alt} {spread.sentence}"
