"""The profile of τ²: how likely the data make each variance between studies."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import special

from equipoise.display import numbers
from equipoise.figures import direct_labels, sheet, style
from equipoise.figures.direct_labels import Box
from equipoise.figures.drawn import finish
from equipoise.figures.forest_fits import heading, together
from equipoise.figures.plot_frame import draw_axes, framed, inches, ticks
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.tau2_profile import tau2_profile as profile_of

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

_SHOWN, _UNDER, _STRIP = 4.0, 1.0, 0.17
_MARK = 0.11


def tau2_profile(shown: Summary | Pooled, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the log-likelihood of τ², every maximum, and the Q-profile interval.

    A filled diamond stands on the highest maximum, hollow ones on others; a dashed line at the τ²
    of the result. The bar below is the Q-profile interval. What lies above the dotted line is
    what the likelihood holds plausible at the level of the result.

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
        The axes drawn on; `drawn` tells its numbers (those of `equipoise.tau2_profile`), alt text
        and caveats.

    Raises
    ------
    UsageError
        If the studies are not combined, or it is one study.
    """
    subject, pooled = together(shown)
    frame = profile_of(pooled)
    notes = _notes(frame, pooled)
    kind = "Log-likelihood" if pooled.estimator == "ML" else "Restricted log-likelihood"
    up = f"{kind}, below its maximum"
    with style.context():
        axes = framed(ax, title=title or f"{heading(subject, shown)}: how far studies differ",
                      up=up, across="Variance between studies, τ²", notes=notes)  # fmt: skip
        _draw(axes, frame, pooled)
    what = f"{numbers.lower_first(kind)} of the variance between studies"
    alt = f"Line chart for {subject.name}: {what}. {' '.join(notes)}"
    return finish(axes, frame, alt, subject.caveats, strip=ax is None)


def _draw(ax: Axes, frame: pd.DataFrame, pooled: Pooled) -> None:
    x = frame["tau2"].to_numpy()
    y = (frame["log_likelihood"] - frame["log_likelihood"].max()).to_numpy()
    maxima = np.flatnonzero(frame["maximum"] != "")
    low = min(-_SHOWN, float(y[maxima].min()) - _UNDER)
    end, up = float(x[-1]), ticks(low, 0.0, 5)
    across = [tick for tick in ticks(0.0, end) if tick <= end]
    strip = _STRIP * (up[-1] - up[0])
    ax.set_ylim(up[0] - strip, max(up[-1], 0.0) + 0.14 * strip / _STRIP)
    draw_axes(ax, across, up, end)
    ax.plot(x, np.where(y < up[0], np.nan, y), color=style.BLUE, linewidth=1.6, gid="profile",
            zorder=2)  # fmt: skip
    cut = -float(special.chdtri(1, 1 - pooled.level)) / 2
    ax.plot([0.0, end], [cut, cut], color=style.GREY, linewidth=0.9, linestyle=(0, (1, 2)),
            gid="cut", zorder=1)  # fmt: skip
    if pooled.tau2 <= end:
        ax.plot([pooled.tau2] * 2, [up[0], 0.0], color=style.INK, linewidth=0.7,
                linestyle=(0, (4, 2.5)), gid="tau2", zorder=1)  # fmt: skip
    for row in maxima:
        best = frame["maximum"][row] == "global"
        ax.plot([x[row]], [y[row]], "D", markersize=6.0, markeredgecolor=style.BLUE,
                markerfacecolor=style.BLUE if best else style.PAPER, markeredgewidth=1.2,
                gid="maximum" if best else "local-maximum", zorder=4, clip_on=False)  # fmt: skip
    _draw_interval(ax, pooled, up[0] - 0.72 * strip)
    _write_labels(ax, frame, x, y, maxima)


def _draw_interval(ax: Axes, pooled: Pooled, y: float) -> None:
    """Draw the Q-profile interval as a bar with ends, or with an arrowhead where it goes on."""
    low, high = pooled.tau2_low, pooled.tau2_high
    if math.isnan(low):
        return
    end = ax.get_xlim()[1]
    start, stop = min(low, end), min(high, end)
    ax.plot([start, stop], [y, y], color=style.INK, linewidth=1.6, gid="q-profile", zorder=3,
            clip_on=False)  # fmt: skip
    for at, limit in ((start, low), (stop, high)):
        marker = "|" if limit <= end else ">"
        ax.plot([at], [y], marker, color=style.INK, markersize=6.0, markeredgewidth=1.2,
                gid="end" if limit <= end else "clipped", zorder=3, clip_on=False)  # fmt: skip
    words = f"{100 * pooled.level:g}% Q-profile interval"
    to_inches = ax.transData + inches(ax, 0).inverted()
    left, bottom = to_inches.transform((0.0, y))
    ax.text(left + 0.04, bottom + 0.07, words, fontsize=style.SMALL, va="baseline", gid="label",
            transform=inches(ax, 0), linespacing=1.0, zorder=2,
            bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.5})  # fmt: skip


def _write_labels(
    ax: Axes,
    frame: pd.DataFrame,
    x: np.ndarray[tuple[int], np.dtype[np.float64]],
    y: np.ndarray[tuple[int], np.dtype[np.float64]],
    maxima: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> None:
    """Write beside each maximum where it lies, and how much lower it is than the highest."""
    to_inches = ax.transData + inches(ax, 0).inverted()
    places = to_inches.transform(np.column_stack([x, y]))
    seen = [(float(a), float(b)) for a, b in places if b > 0]
    texts = []
    for row in maxima:
        lower = "" if frame["maximum"][row] == "global" else f", {numbers.plain(-y[row], 2)} lower"
        texts.append(f"τ² = {_shown(x[row])}{lower}")
    marks = [Box(x=float(places[row][0]), y=float(places[row][1]), width=_MARK, height=_MARK)
             for row in maxima]  # fmt: skip
    sizes = [(style.text_width(text, style.SMALL) * style.HINTING + 0.03, 0.115) for text in texts]
    width, height = sheet.width_of(ax), sheet.height_of(ax)
    found = direct_labels.beside_marks(
        marks, sizes, lines=seen, closed=[],
        within=Box(x=width / 2, y=height / 2, width=width, height=height),
    )  # fmt: skip
    for place, text in zip(found, texts, strict=True):
        if place is not None:
            ax.text(place.x, place.y - 0.365 * style.SMALL / 72, text, fontsize=style.SMALL,
                    ha="center", va="baseline", transform=inches(ax, 0), gid="label", zorder=5,
                    linespacing=1.0)  # fmt: skip
            ax.texts[-1].set_bbox({"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.5})


def _notes(frame: pd.DataFrame, pooled: Pooled) -> list[str]:
    """Return what the marks are, and how many maxima there are."""
    level = f"{100 * pooled.level:g}%"
    if pooled.estimator == "CE":
        said = "The common-effect model takes τ² to be 0 (dashed)."
    else:
        given = "as given" if pooled.tau2_given else pooled.estimator
        said = f"Dashed: τ² = {_shown(pooled.tau2)} ({given})."
    if not math.isnan(pooled.tau2_low):
        said += (
            f" Bar: {level} Q-profile interval, {_shown(pooled.tau2_low)} to "
            f"{_shown(pooled.tau2_high)}."
        )
    said += f" Above the dotted line: what the likelihood holds plausible at {level}."
    local = frame[frame["maximum"] == "local"]
    if local.empty:
        return [said, "The likelihood has one maximum."]
    best = frame["log_likelihood"].max()
    places = zip(local["tau2"].tolist(), (best - local["log_likelihood"]).tolist(), strict=True)
    others = [f"τ² = {_shown(tau2)} ({numbers.plain(loss, 2)} lower)" for tau2, loss in places]
    plural = "another maximum" if len(others) == 1 else "other maxima"
    return [said, f"The likelihood has {plural} (hollow), at {numbers.listing(others)}."]


def _shown(tau2: float) -> str:
    """Return a variance to three figures."""
    if tau2 <= 0:
        return "0"
    return numbers.plain(tau2, min(max(2 - math.floor(math.log10(tau2)), 0), 12))
