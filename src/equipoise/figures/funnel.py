"""Funnel plot: each study's effect against its standard error, and how far chance would reach."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from matplotlib.axes import Axes

from equipoise.appraisal.exaggeration import exaggeration
from equipoise.appraisal.framing import funnel_caveats
from equipoise.display import numbers
from equipoise.effects.interval import Floats, normal_quantile
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

Contours = Literal["significance", "power"]

P_VALUES = (0.01, 0.05, 0.1)
"""The contours of the test that a study's effect is the null, from the outermost inwards."""

POWERS = (0.8, 0.5, 0.2)
"""Where bands of power end, from the most precise studies downwards."""

_OUTWARDS = ("#f0f0f0", "#dedede", "#c9c9c9", style.PAPER)
_DOWNWARDS = (style.PAPER, "#efefef", "#dddddd", "#c9c9c9")
_HEIGHT = 3.3
_BELOW = 1.06  # how far the scale goes on below the least precise study


def funnel(
    shown: Summary | Pooled,
    *,
    ax: Axes | None = None,
    title: str = "",
    contours: Contours = "significance",
) -> Axes:
    """Draw the effect of every study against its standard error, the most precise on top.

    Shades say how a study by itself stands to chance. They are centred on no difference, not on the
    pooled estimate, which is a line of its own: where small studies are missing, the shades tell
    whether those would have had large p values. Instead they can say what chance each study had to
    find the pooled effect (the sunset funnel). Nothing is tested.

    Parameters
    ----------
    shown
        A pooled estimate, or a summary that has one.
    ax
        Axes to draw on; by default a figure of its own. The plot is their first child.
    title
        Title; by default it names the outcome.
    contours
        "significance": p values of each study, 0.1, 0.05 and 0.01 (two-sided, normal
        distribution). "power": the power of a two-sided test at 0.05, if the pooled estimate were
        the true effect: below 20%, to 50%, to 80%, above.

    Returns
    -------
    Axes
        The axes drawn on; `drawn` tells its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If the studies are not combined, `contours` is not known, or power is asked for where
        nothing is compared or the pooled estimate is exactly the null.

    References
    ----------
    Sterne et al. 2011, BMJ 343:d4002, doi:10.1136/bmj.d4002.
    """
    if contours not in get_args(Contours):
        raise UsageError(
            f"contours is {contours!r}; choose one of: {', '.join(get_args(Contours))}"
        )
    spread = spread_of(shown)
    if contours == "power":
        _check_power(spread)
    frame = spread.intervals()
    rows = list(frame[["estimate", "low", "high"]].itertuples(index=False, name=None))
    scale = Scale.of(spread.measure, [*rows, (spread.ends.estimate,) * 3])
    deepest = _BELOW * float(spread.errors.max())
    ticks = [tick for tick in plane.round_ticks(0.0, deepest) if tick <= deepest]
    labels = plane.tick_labels(ticks)
    with style.context():
        words = Words(
            title=title or f"{spread.title}: small studies and large ones",
            subtitle=spread.subtitle,
            across=numbers.upper_first(spread.measure.name),
            up=f"Standard error{_of_what(spread)}; the more precise a study, the higher it stands",
            keys=_keys(spread, contours),
            notes=spread.notes,
        )
        page = plane.lay_out(ax, words, height=_HEIGHT, left=plane.room_for(labels))
        scale.put_on(page.plot, page.width)
        page.plot.set_ylim(deepest, 0.0)
        page.plot.set_yticks(ticks, labels)
        _shade(page, spread, contours, deepest)
        _draw_lines(page, spread)
        _draw_studies(page, spread)
        frame = frame.assign(p_value=_p_values(spread), power=_powers(spread))
        caveats = (*funnel_caveats(spread.pooled.k, spread.outcomes), *spread.caveats)
        return finish(page.page.ax, frame, _alt(spread, contours), caveats, strip=ax is None)


def _check_power(spread: Spread) -> None:
    if spread.null is None:
        raise UsageError(
            f"A {spread.measure.name} compares nothing, so there is no effect to have power for: "
            'leave out contours="power".'
        )
    if spread.pooled.estimate == spread.null:
        raise UsageError(
            "The pooled estimate is exactly the null, which no study has power to find: leave out "
            'contours="power".'
        )


def _of_what(spread: Spread) -> str:
    """On which scale the errors are, where that is not the one of the horizontal axis."""
    names = {"identity": "", "log": " of the logarithm", "Fisher z": " of Fisher's z"}
    return names.get(spread.measure.scale, f" on the {spread.measure.scale} scale")


def _p_values(spread: Spread) -> Floats:
    """Two-sided p values of the studies; NaN where nothing is compared."""
    from scipy.special import ndtr

    if spread.null is None:
        return np.full(len(spread.effects), np.nan)
    return np.asarray(2 * ndtr(-np.abs(spread.effects - spread.null) / spread.errors))


def _powers(spread: Spread) -> list[float]:
    """The power of each study if the pooled estimate were true; NaN where there is none."""
    effect = spread.pooled.estimate - (spread.null or 0.0)
    if spread.null is None or effect == 0:
        return [float("nan")] * len(spread.errors)
    return [exaggeration(effect, float(se)).power for se in spread.errors]


def error_at(power: float, effect: float) -> float:
    """Return the standard error with which an effect is found with this power, at 0.05.

    Parameters
    ----------
    power
        Between 0.05 and 1.
    effect
        The true effect, not 0.
    """
    from scipy.optimize import brentq

    ratio = brentq(lambda x: exaggeration(x, 1.0).power - power, 1e-6, 40.0, xtol=1e-12)
    return abs(effect) / float(ratio)


def _shade(page: Plane, spread: Spread, contours: Contours, deepest: float) -> None:
    plot, null = page.plot, spread.null
    if null is None:
        return
    if contours == "power":
        effect = spread.pooled.estimate - null
        edges = [0.0, *(error_at(power, effect) for power in POWERS), np.inf]
        for (start, end), colour in zip(pairwise(edges), _DOWNWARDS, strict=True):
            if start < deepest:
                plot.axhspan(start, min(end, deepest), facecolor=colour, edgecolor="none",
                             zorder=0, gid="power-band")  # fmt: skip
        _draw_contour(page, spread, deepest, 0.05)
        return
    plot.axhspan(
        0.0, deepest, facecolor=_OUTWARDS[0], edgecolor="none", zorder=0, gid="contour-far"
    )
    errors = np.linspace(0.0, deepest, 101)
    for p_value, colour in zip(P_VALUES, _OUTWARDS[1:], strict=True):
        reach = normal_quantile(1 - p_value) * errors
        plot.fill_betweenx(errors, spread.natural(null - reach), spread.natural(null + reach),
                           facecolor=colour, edgecolor="none", zorder=0.1,
                           gid=f"contour-{p_value:g}")  # fmt: skip


def _draw_contour(page: Plane, spread: Spread, deepest: float, p_value: float) -> None:
    """Draw a contour of p values as two lines."""
    errors = np.linspace(0.0, deepest, 101)
    reach = normal_quantile(1 - p_value) * errors
    for side in (-1, 1):
        page.plot.plot(spread.natural((spread.null or 0.0) + side * reach), errors,
                       color=style.GREY, linewidth=0.7, zorder=1,
                       gid=f"contour-{p_value:g}")  # fmt: skip


def _draw_lines(page: Plane, spread: Spread) -> None:
    if spread.measure.null is not None:
        page.plot.axvline(spread.measure.null, color=style.GREY, linewidth=0.9, linestyle="--",
                          zorder=1, gid="null")  # fmt: skip
    page.plot.axvline(spread.ends.estimate, color=style.INK, linewidth=1.2, zorder=2, gid="pooled")


def _draw_studies(page: Plane, spread: Spread) -> None:
    points = list(zip(spread.natural(spread.effects).tolist(), spread.errors.tolist(), strict=True))
    for x, y in points:
        page.plot.plot(
            [x], [y], linestyle="none", gid="study", zorder=3, clip_on=False, **plane.DOT
        )
    deepest = page.plot.get_ylim()[0]
    lines = [x for x in (spread.ends.estimate, spread.measure.null) if x is not None]
    trail = [(x, deepest * step / 40) for x in lines for step in range(41)]
    plane.write_labels(page, points, list(spread.studies["label"]), lines=trail)


def _keys(spread: Spread, contours: Contours) -> list[Key]:
    keys = [
        Key(text="one study", mark=plane.DOT),
        Key(text=f"pooled estimate {spread.estimate}", mark=plane.stroke(style.INK), line="-"),
    ]
    if spread.null is None:
        return keys
    keys.append(Key(text="no difference", mark=plane.stroke(style.GREY), line="--"))
    if contours == "significance":
        names = ("p below 0.01", "0.01 to 0.05", "0.05 to 0.1", "p above 0.1")
        return [*keys, *(Key(text=text, mark=plane.patch(colour))
                         for text, colour in zip(names, _OUTWARDS, strict=True))]  # fmt: skip
    names = ("power above 80%", "50% to 80%", "20% to 50%", "below 20%")
    keys.append(Key(text="p = 0.05", mark=plane.stroke(style.GREY), line="-"))
    keys += [Key(text=text, mark=plane.patch(colour))
             for text, colour in zip(names, _DOWNWARDS, strict=True)]  # fmt: skip
    return [*keys, Key(text="Power to find an effect as large as the pooled estimate, if that is "
                       "the true one.")]  # fmt: skip


def _alt(spread: Spread, contours: Contours) -> str:
    """Chart type, data, main message: how the studies lie round the pooled line."""
    errors, effects = spread.errors, spread.effects
    left = int((effects < spread.pooled.estimate).sum())
    digits = numbers.digits_for(float(errors.max()))
    alt = (
        f"Funnel plot of {spread.measure.name} against standard error for "
        f"{spread.name}, {spread.count}, standard errors "
        f"{numbers.interval(float(errors.min()), float(errors.max()), max(2, digits))}. Pooled "
        f"estimate {spread.estimate}: {left} below it, {spread.pooled.k - left} at or above it."
    )
    if spread.null is not None and contours == "significance":
        p_values = _p_values(spread)
        counts = [int((p_values < limit).sum()) for limit in P_VALUES]
        alt += (f" By themselves, {counts[0]} have p below 0.01, {counts[1]} below 0.05, "
                f"{counts[2]} below 0.1.")  # fmt: skip
    if contours == "power":
        powers = np.array(_powers(spread))
        counts = [int((powers >= limit).sum()) for limit in POWERS]
        alt += (f" If the pooled estimate were the true effect, {counts[0]} had power of 80% or "
                f"more, {counts[1]} of 50% or more, {counts[2]} of 20% or more.")  # fmt: skip
    return f"{alt} Nothing is tested. {spread.sentence}"
