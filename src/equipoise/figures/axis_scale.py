"""The scale of an axis of effects: its limits, its round ticks, and where an interval leaves it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from equipoise.display import numbers
from equipoise.effects.measures import Measure
from equipoise.figures import style
from equipoise.figures.columns import Layout

_LABEL_GAP = 0.07
# Where the values of an axis end; a ratio beyond a million tells no more than that it is large.
_ENDS = {"correlation": (-1.0, 1.0), "rate": (0.0, math.inf), "ratio": (1e-6, 1e6)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis of effects.

    Attributes
    ----------
    measure
        What is on it. Ratios stand on a logarithmic axis, all else on a linear one of what is read,
        on whichever scale it was analysed.
    low, high
        Its limits, on the natural scale.
    """

    measure: Measure
    low: float
    high: float

    @classmethod
    def of(cls, measure: Measure, intervals: Iterable[tuple[float, float, float]]) -> Scale:
        """Return a scale that holds every estimate, the null and what is sensible of the intervals.

        One interval far wider than the others would press those into a line, so each end may lie
        beyond the estimates by no more than the estimates spread, or by one and a half typical
        intervals. What goes further is cut there and drawn with an arrow.

        Parameters
        ----------
        measure
            The measure.
        intervals
            Estimate, low and high of each row; NaN where there is none.
        """
        if measure.axis == "proportion":
            return cls(measure=measure, low=0.0, high=1.0)
        rows = [[_along(measure, value) for value in row] for row in intervals]
        points = [row[0] for row in rows if not math.isnan(row[0])]
        points += [] if measure.null is None else [_along(measure, measure.null)]
        ends = [value for row in rows for value in row if not math.isnan(value)] + points
        widths = [row[2] - row[1] for row in rows if not math.isnan(row[2] - row[1])]
        if not points:
            return cls(measure=measure, low=0.0, high=1.0)
        typical = 1.5 * float(np.median(widths)) if widths else 0.0
        beyond = max(max(points) - min(points), typical)
        low = max(min(ends), min(points) - beyond)
        high = min(max(ends), max(points) + beyond)
        if measure.null is not None:  # both sides of it are drawn, whatever the data
            null = _along(measure, measure.null)
            side = math.log(2) if measure.axis == "ratio" else 0.15 * (high - low)
            low, high = min(low, null - side), max(high, null + side)
        return cls._rounded(measure, low, high)

    @classmethod
    def _rounded(cls, measure: Measure, low: float, high: float) -> Scale:
        """Move the limits outwards to round numbers, but not beyond where the values end."""
        least, most = _ENDS.get(measure.axis, (-math.inf, math.inf))
        if measure.axis == "ratio":
            low, high = max(low, math.log(least)), min(high, math.log(most))
            ticks = _one_two_five(math.exp(low), math.exp(high))
        else:
            if high == low:
                low, high = low - 1.0, high + 1.0
            ticks = _linear(low, high, 6)
        return cls(measure=measure, low=max(ticks[0], least), high=min(ticks[-1], most))

    def ticks(self, width: float) -> list[float]:
        """Return the most round ticks whose labels fit an axis of `width` inches."""
        if self.measure.axis == "ratio":
            every = _one_two_five(self.low, self.high)
            tens = [tick for tick in every if math.log10(tick).is_integer()]
            fives = [tick for tick in every if _leading(tick) != 2]
            options = [every, fives, tens]
            options += [tens[::step] for step in (2, 3, 4)]
        else:
            step = 1e-9 * (self.high - self.low)
            options = [
                [tick for tick in _linear(self.low, self.high, bins)
                 if self.low - step <= tick <= self.high + step]
                for bins in (6, 5, 4, 3, 2)
            ]  # fmt: skip
        return next((ticks for ticks in options if self._fit(ticks, width)), options[-1])

    def labels(self, ticks: Sequence[float]) -> list[str]:
        """Return the labels of some ticks."""
        shown = [0.0 if abs(tick) < 1e-12 else tick for tick in ticks]
        if self.measure.axis == "proportion":
            return [numbers.percent(tick) for tick in shown]
        if self.measure.key == "RD":
            return [numbers.short(100 * tick) for tick in shown]
        return [numbers.short(tick) for tick in shown]

    def clip(self, value: float) -> tuple[float, bool]:
        """Return a value, moved to the limit if it lies beyond, and whether it was moved."""
        inside = min(max(value, self.low), self.high)
        return inside, inside != value

    def place(self, layout: Layout) -> None:
        """Put the scale on the band of a layout."""
        left, right = layout.band
        if self.measure.axis != "ratio":
            layout.sheet.scale_x(left, right, self.low, self.high)
            return
        low, high = math.log10(self.low), math.log10(self.high)
        step = (high - low) / (right - left)
        layout.ax.set_xscale("log")
        beyond = layout.sheet.width - right
        layout.ax.set_xlim(10 ** (low - left * step), 10 ** (high + beyond * step))
        layout.ax.minorticks_off()

    def put_on(self, plot: Axes, width: float) -> None:
        """Make it the horizontal scale of axes that are `width` inches wide."""
        if self.measure.axis == "ratio":
            plot.set_xscale("log")
        plot.set_xlim(self.low, self.high)
        ticks = self.ticks(width)
        plot.set_xticks(ticks, self.labels(ticks))
        plot.minorticks_off()

    def _fit(self, ticks: Sequence[float], width: float) -> bool:
        if len(ticks) < 2:
            return False
        low, high = _along(self.measure, self.low), _along(self.measure, self.high)
        at = [(_along(self.measure, tick) - low) / (high - low) * width for tick in ticks]
        widths = [style.text_width(label) * style.HINTING for label in self.labels(ticks)]
        return all(
            right[0] - left[0] >= (left[1] + right[1]) / 2 + _LABEL_GAP
            for left, right in pairwise(zip(at, widths, strict=True))
        )


def _along(measure: Measure, value: float) -> float:
    """Return where a value stands on an axis of this measure; NaN where it has no place on it."""
    if not math.isfinite(value) or (measure.axis == "ratio" and value <= 0):
        return math.nan
    return math.log(value) if measure.axis == "ratio" else value


def _leading(value: float) -> int:
    return math.floor(value / 10.0 ** math.floor(math.log10(value) + 1e-9) + 0.5)


def _linear(low: float, high: float, bins: int) -> list[float]:
    return [float(x) for x in MaxNLocator(nbins=bins, steps=[1, 2, 5, 10]).tick_values(low, high)]


def _one_two_five(low: float, high: float) -> list[float]:
    """Return 1, 2 and 5 times powers of ten from the last below `low` to the first above `high`."""
    exponents = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 2)
    steps = [float(f"{lead}e{exponent}") for exponent in exponents for lead in (1, 2, 5)]
    first = max(step for step in steps if step <= low * (1 + 1e-9))
    last = min(step for step in steps if step >= high * (1 - 1e-9))
    return [step for step in steps if first <= step <= last]
