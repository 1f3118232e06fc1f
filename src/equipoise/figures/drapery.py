"""Drapery plot: what every study, and all of them together, say about every possible effect."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from equipoise.display import numbers
from equipoise.effects.interval import Floats
from equipoise.errors import UsageError
from equipoise.figures import plane, style
from equipoise.figures.axis_scale import Scale
from equipoise.figures.drawn import finish
from equipoise.figures.legend import Key
from equipoise.figures.plane import Plane, Words
from equipoise.figures.spread_subject import Spread, spread_of

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary
    from equipoise.synthesis.pooled import Pooled

P_VALUES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.01, 0.001)
"""The ticks of the vertical scale."""

_HEIGHT = 3.4
_MANY = 30  # studies from which on curves are thinner
_REGION, _CURVES = "#e4e4e4", "#9a9a9a"


def drapery(shown: Summary | Pooled, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the p value of every possible true effect, for each study and for all together.

    A curve tells how well each effect agrees with the data: it is 1 at the estimate and falls to
    both sides. Cut at any height p it gives the interval of level 1 - p, so that no level is held
    above the others. Studies are grey, the pooled estimate stands out, and the prediction interval
    is shaded. Heights are spaced by the normal quantile of p/2, so that the curve of a study is a
    tent with straight sides.

    Parameters
    ----------
    shown
        A pooled estimate, or a summary that has one.
    ax
        Axes to draw on; by default a figure of its own. The plot is their first child, whose
        vertical scale is the normal quantile: 0 at p = 1, 1.96 at p = 0.05.
    title
        Title; by default it names the outcome.

    Returns
    -------
    Axes
        The axes drawn on; `drawn` tells its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If the studies are not combined, or the pooled estimate rests on no t or normal
        distribution (Henmi-Copas), so that it has no curve.
    """
    spread = spread_of(shown)
    if math.isnan(spread.pooled.df):
        raise UsageError(
            "This pooled estimate rests on no t or normal distribution, so it has no curve of p "
            "values: draw the result of `pool`."
        )
    frame = spread.intervals()
    ends = spread.ends
    rows = list(frame[["estimate", "low", "high"]].itertuples(index=False, name=None))
    together = [(ends.estimate, ends.low, ends.high)]
    if spread.predicts:
        together.append((ends.estimate, ends.prediction_low, ends.prediction_high))
    scale = Scale.of(spread.measure, [*rows, *together])
    labels = [_tick_label(p_value) for p_value in P_VALUES]
    with style.context():
        words = Words(
            title=title or f"{spread.title}: every possible effect against the data",
            subtitle=spread.subtitle,
            across=numbers.upper_first(spread.measure.name),
            up="p value of each possible effect; in brackets the level of the interval there",
            keys=_keys(spread),
            notes=spread.notes,
        )
        page = plane.lay_out(ax, words, height=_HEIGHT, left=plane.room_for(labels))
        scale.put_on(page.plot, page.width)
        heights = depth_of(np.array(P_VALUES))
        page.plot.set_ylim(float(heights[-1]), 0.0)
        page.plot.set_yticks(heights.tolist(), labels)
        _draw(page, spread, scale, heights)
        return finish(page.page.ax, frame, _alt(spread), spread.caveats, strip=ax is None)


def depth_of(p_values: Floats) -> Floats:
    """Return how far below the top p values stand: -Φ⁻¹(p/2), 0 where p is 1."""
    from scipy.special import ndtri

    return np.asarray(np.abs(ndtri(p_values / 2)))


def reach_of(depths: Floats, se: float, df: float) -> Floats:
    """Return how far from the estimate the p value has fallen to the given depths.

    Parameters
    ----------
    depths
        See `depth_of`.
    se
        Standard error of the estimate.
    df
        Degrees of freedom of its t distribution; infinite for the normal one.
    """
    from scipy.special import ndtr, stdtrit

    if math.isinf(df):
        return depths * se
    return np.asarray(-stdtrit(df, ndtr(-depths)) * se)


def _tick_label(p_value: float) -> str:
    if p_value == 1:
        return "1"
    return f"{numbers.short(p_value)} ({numbers.short(100 * (1 - p_value))}%)"


def _draw(page: Plane, spread: Spread, scale: Scale, heights: Floats) -> None:
    plot, ends = page.plot, spread.ends
    plot.hlines(heights[1:-1], scale.low, scale.high, color=style.LIGHT, linewidth=0.5, zorder=0.5,
                gid="grid")  # fmt: skip
    if spread.predicts:
        low, high = (scale.clip(end)[0] for end in (ends.prediction_low, ends.prediction_high))
        plot.axvspan(low, high, facecolor=_REGION, edgecolor="none", zorder=0, gid="prediction")
        plot.vlines([low, high], *plot.get_ylim(), color=style.GREY, linewidth=0.7, zorder=2.5,
                    gid="prediction-end")  # fmt: skip
    if spread.measure.null is not None:
        plot.axvline(spread.measure.null, color=style.GREY, linewidth=0.9, linestyle="--",
                     zorder=2.5, gid="null")  # fmt: skip
    depths = np.linspace(0.0, float(heights[-1]), 201)
    fine = depths if spread.measure.scale not in ("identity", "log") else depths[[0, -1]]
    curves = [
        _curve(spread, float(effect), reach_of(fine, float(se), math.inf), fine)
        for effect, se in zip(spread.effects, spread.errors, strict=True)
    ]
    width = min(0.9, 0.9 * math.sqrt(_MANY / len(curves)))
    plot.add_collection(
        LineCollection(curves, colors=_CURVES, linewidths=width, zorder=2, gid="study"),
        autolim=False,
    )  # fmt: skip
    pooled = spread.pooled
    curve = _curve(spread, pooled.estimate, reach_of(depths, pooled.se, pooled.df), depths)
    plot.plot(curve[:, 0], curve[:, 1], color=style.INK, linewidth=2.2, zorder=3,
              gid="pooled")  # fmt: skip


def _curve(spread: Spread, estimate: float, reach: Floats, depths: Floats) -> Floats:
    """The left side of a curve upwards and its right side downwards, as points of the plot."""
    across = np.concatenate([estimate - reach[::-1], estimate + reach])
    return np.column_stack([spread.natural(across), np.concatenate([depths[::-1], depths])])


def _keys(spread: Spread) -> list[Key]:
    keys = [
        Key(text="one study", mark=plane.stroke(_CURVES), line="-"),
        Key(text=f"all together: {spread.estimate}", mark=plane.stroke(style.INK), line="-"),
    ]
    if spread.predicts:
        keys.append(Key(text=f"{100 * spread.pooled.level:g}% prediction interval "
                        f"{spread.prediction}", mark=plane.patch(_REGION)))  # fmt: skip
    if spread.null is not None:
        keys.append(Key(text="no difference", mark=plane.stroke(style.GREY), line="--"))
    return keys


def _alt(spread: Spread) -> str:
    """Chart type, data, main message: the intervals of several levels of all together."""
    pooled, told = spread.pooled, []
    for level in (0.5, 0.95):
        reach = reach_of(depth_of(np.array([1 - level])), pooled.se, pooled.df)[0]
        low, middle, high = spread.natural(
            pooled.estimate + np.array([-reach, 0.0, reach])
        ).tolist()
        ends = numbers.estimate(middle, low, high, spread.measure.key)
        told.append(f"{100 * level:g}%: {ends.partition('(')[2].rstrip(')')}")
    alt = (
        f"Drapery plot of {spread.measure.name} for {spread.name}: curves of p values of "
        f"{spread.count} in grey and of all together on top, at {spread.estimate.split(' ')[0]}. "
        f"Its intervals: {'; '.join(told)}."
    )
    if spread.predicts:
        alt += f" Prediction interval {spread.prediction}."
    return f"{alt} {spread.sentence}"
