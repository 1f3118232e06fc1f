"""Radial (Galbraith) plot: which studies differ from the pooled estimate by more than chance."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from equipoise.display import numbers
from equipoise.effects.interval import Floats, normal_quantile
from equipoise.figures import plane, style
from equipoise.figures.axis_scale import Scale
from equipoise.figures.drawn import finish
from equipoise.figures.legend import Key
from equipoise.figures.plane import Plane, Words
from equipoise.figures.spread_subject import Spread, spread_of

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary
    from equipoise.synthesis.pooled import Pooled

_HEIGHT = 3.3
_BEYOND = 1.08  # how far the horizontal scale goes on beyond the most precise study
_BAND = "#e4e4e4"
_LEAST_GAP = 0.17
_EVERY = 20.0  # inches on which every tick of a scale has room
_WIDE = 5.0  # span of ratios from which on 1, 2 and 5 serve better than even steps
_RAY = "#bdbdbd"


def radial(shown: Summary | Pooled, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw every study's effect over its standard error against its precision.

    A study stands at x = 1/se and y = effect/se, so that its effect is the slope of the ray from
    the origin, read off on the right, and that all heights have the same standard error, 1. Within
    the band round the ray of the pooled estimate studies differ from it by no more than their own
    sampling error explains. A diagnostic, to be read beside a forest plot.

    Parameters
    ----------
    shown
        A pooled estimate, or a summary that has one.
    ax
        Axes to draw on; by default a figure of its own. The plot is their first child.
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
    Galbraith 1988, Technometrics 30:271-281.
    """
    spread = spread_of(shown)
    across, up = 1 / spread.errors, spread.effects / spread.errors
    far = _BEYOND * float(across.max())
    reach, slope = normal_quantile(spread.pooled.level), spread.pooled.estimate
    low = min(-reach, slope * far - reach, float(up.min()))
    high = max(reach, slope * far + reach, float(up.max()))
    margin = 0.04 * (high - low)
    low, high = low - margin, high + margin
    ticks = [tick for tick in plane.round_ticks(low, high) if low <= tick <= high]
    labels = plane.tick_labels(ticks)
    rays = _rays(spread, low / far, high / far)
    with style.context():
        words = Words(
            title=title or f"{spread.title}: who differs by more than chance",
            subtitle=spread.subtitle,
            across="Precision (1 / standard error)",
            up=f"Effect / standard error (left); {spread.measure.name} (right)",
            keys=_keys(spread),
            notes=spread.notes,
        )
        page = plane.lay_out(ax, words, height=_HEIGHT, left=plane.room_for(labels),
                             right=plane.room_for([label for _, label in rays]) + 0.06)  # fmt: skip
        plot = page.plot
        plot.set_xlim(0.0, far)
        plot.set_ylim(low, high)
        steps = [tick for tick in plane.round_ticks(0.0, far) if tick <= far]
        plot.set_xticks(steps, plane.tick_labels(steps))
        plot.set_yticks(ticks, labels)
        _draw_rays(page, rays, far)
        _draw_pooled(page, spread, far)
        _draw_studies(page, spread, across, up, far)
        frame = spread.intervals().assign(
            precision=across, standardised=up, outside=outside(spread)
        )
        return finish(page.page.ax, frame, _alt(spread), spread.caveats, strip=ax is None)


def outside(spread: Spread) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return which studies lie outside the band: |effect - pooled| > z · se."""
    away = np.abs(spread.effects - spread.pooled.estimate) / spread.errors
    return np.asarray(away > normal_quantile(spread.pooled.level))


def _rays(spread: Spread, low: float, high: float) -> list[tuple[float, str]]:
    """Slope and label of round effects between two slopes, as many as have room."""
    measure = spread.measure
    ends = spread.natural(np.array([low, spread.pooled.estimate, high])).tolist()
    scale = Scale.of(measure, [(end, end, end) for end in ends])
    choices = [plane.round_ticks(ends[0], ends[2], bins) for bins in (6, 5, 4, 3, 2, 1)]
    if measure.scale == "log" and ends[2] > _WIDE * ends[0]:
        choices = [scale.ticks(width) for width in (_EVERY, 3.0, 2.0, 1.5, 1.0, 0.7)]
    rays: list[tuple[float, str]] = []
    for choice in choices:
        ticks = [tick for tick in choice if ends[0] <= tick <= ends[2]]
        slopes = [float(measure.analysis(tick, math.inf)) for tick in ticks]
        rays = list(zip(slopes, scale.labels(ticks), strict=True))
        room = (_HEIGHT * (b - a) / (high - low) for a, b in pairwise(slopes))
        if all(gap >= _LEAST_GAP for gap in room):
            return rays
    return rays


def _draw_rays(page: Plane, rays: list[tuple[float, str]], far: float) -> None:
    """Draw light rays from the origin, each with its effect on the right."""
    for slope, label in rays:
        page.plot.plot([0.0, far], [0.0, slope * far], color=_RAY, linewidth=0.5, zorder=0.5,
                       gid="ray")  # fmt: skip
        page.plot.annotate(
            label, xy=(far, slope * far), xytext=(4, 0), textcoords="offset points", va="center",
            ha="left", fontsize=style.SIZE, annotation_clip=False, gid="ray-label",
        )  # fmt: skip


def _draw_pooled(page: Plane, spread: Spread, far: float) -> None:
    slope, reach = spread.pooled.estimate, normal_quantile(spread.pooled.level)
    ends = np.array([0.0, far])
    page.plot.fill_between(ends, slope * ends - reach, slope * ends + reach, facecolor=_BAND,
                           edgecolor="none", zorder=0, gid="band")  # fmt: skip
    page.plot.plot(ends, slope * ends, color=style.INK, linewidth=1.2, zorder=2, gid="pooled")
    if spread.null is not None:
        page.plot.plot(ends, spread.null * ends, color=style.GREY, linewidth=0.9, linestyle="--",
                       zorder=1, gid="null")  # fmt: skip


def _draw_studies(page: Plane, spread: Spread, across: Floats, up: Floats, far: float) -> None:
    points = list(zip(across.tolist(), up.tolist(), strict=True))
    for (x, y), apart in zip(points, outside(spread).tolist(), strict=True):
        page.plot.plot([x], [y], linestyle="none", gid="study", zorder=3, clip_on=False,
                       **_mark(apart=apart))  # fmt: skip
    slopes = [slope for slope in (spread.pooled.estimate, spread.null) if slope is not None]
    trail = [(far * step / 60, slope * far * step / 60) for slope in slopes for step in range(61)]
    plane.write_labels(page, points, list(spread.studies["label"]), lines=trail)


def _mark(*, apart: bool) -> dict[str, Any]:
    """Studies outside the band are diamonds, the others circles."""
    if not apart:
        return plane.DOT
    return {**plane.DOT, "marker": "D", "markerfacecolor": style.VERMILION}


def _keys(spread: Spread) -> list[Key]:
    level = f"{100 * spread.pooled.level:g}%"
    apart = outside(spread)
    keys = [
        Key(text=text, mark=_mark(apart=there))
        for there, text in ((False, "one study"), (True, "one study outside the band"))
        if there in apart
    ]
    keys.append(Key(text=f"pooled estimate {spread.estimate}", mark=plane.stroke(style.INK),
                    line="-"))  # fmt: skip
    keys.append(Key(text=f"where {level} of studies would lie if only chance made them differ",
                    mark=plane.patch(_BAND)))  # fmt: skip
    if spread.null is not None:
        keys.append(Key(text="no difference", mark=plane.stroke(style.GREY), line="--"))
    return keys


def _alt(spread: Spread) -> str:
    """Chart type, data, main message: how many studies lie outside the band, and the first."""
    apart = outside(spread)
    names = [label for label, out in zip(spread.studies["label"], apart, strict=True) if out]
    shown = [*names[:6], f"{len(names) - 6} more"] if len(names) > 7 else names
    alt = (
        f"Radial plot of {spread.measure.name} for {spread.name}: effect over standard error "
        f"against precision, {spread.count}. Pooled estimate {spread.estimate}. Outside the band "
        f"that chance explains: {len(names)}"
    )
    return f"{alt}{f' ({numbers.listing(shown)})' if shown else ''}. {spread.sentence}"
