"""Labels beside what they name, instead of a legend: placed so that none covers another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]

_NEAR = 0.055
"""From a mark to its label, in inches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle by its middle and its size, in inches."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Tell whether two rectangles share any area."""
        across = abs(self.x - other.x) < (self.width + other.width) / 2
        return across and abs(self.y - other.y) < (self.height + other.height) / 2

    def holds(self, point: Point) -> bool:
        """Tell whether a point lies inside."""
        x, y = point
        return abs(x - self.x) < self.width / 2 and abs(y - self.y) < self.height / 2

    def inside(self, other: Box) -> bool:
        """Tell whether it lies wholly within another."""
        across = abs(self.x - other.x) <= (other.width - self.width) / 2
        return across and abs(self.y - other.y) <= (other.height - self.height) / 2


def beside_marks(
    marks: Sequence[Box], sizes: Sequence[Point], *, lines: Sequence[Point], closed: Sequence[Box],
    within: Box,
) -> list[Box | None]:  # fmt: skip
    """Return where the label of each mark goes: near it, off every mark and label, best off a line.

    Parameters
    ----------
    marks
        The marks. Those higher up choose first, and everybody likes best to be above.
    sizes
        Width and height of the label of each mark, in inches.
    lines
        Points along the lines, at most a label's height apart.
    closed
        Where no label may stand besides.
    within
        What no label may leave.

    Returns
    -------
    list of Box or None
        None where no place is free.
    """
    chosen: dict[int, Box] = {}
    for index in sorted(range(len(marks)), key=lambda i: (-marks[i].y, marks[i].x)):
        mark, (width, height) = marks[index], sizes[index]
        taken = [*marks, *closed, *chosen.values()]
        free = [
            box
            for box in _places(mark, width, height)
            if box.inside(within) and not any(box.meets(other) for other in taken)
        ]
        if free:
            chosen[index] = min(free, key=lambda box: sum(map(box.holds, lines)))
    return [chosen.get(index) for index in range(len(marks))]


def _places(mark: Box, width: float, height: float) -> list[Box]:
    """Places round a mark, the best first."""
    up, out = (mark.height + height) / 2 + 0.01, (mark.width + width) / 2 + 0.02
    steps = [(0, up), (0, -up), (out, up / 2), (-out, -up / 2), (-out, up / 2), (out, -up / 2),
             (out, 0), (-out, 0), (0, up + _NEAR), (0, -up - _NEAR)]  # fmt: skip
    return [Box(x=mark.x + dx, y=mark.y + dy, width=width, height=height) for dx, dy in steps]


def spread(
    middles: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Move labels of a column apart just far enough that none covers its neighbour.

    Parameters
    ----------
    middles
        Where each would best have its middle.
    heights
        How high each is.
    low, high
        The ends of the column. Labels that do not fit between them hang out below.

    Returns
    -------
    list of float
        Middles in the order given.
    """
    order = sorted(range(len(middles)), key=lambda i: -middles[i])
    placed: dict[int, float] = {}
    floor = high
    for index in order:  # from the top down, each below the last
        placed[index] = min(middles[index], floor - heights[index] / 2)
        floor = placed[index] - heights[index] / 2
    ceiling = low
    for index in reversed(order):  # and from the bottom up, where that went too far
        placed[index] = max(placed[index], ceiling + heights[index] / 2)
        ceiling = placed[index] + heights[index] / 2
    excess = max(0.0, ceiling - high)
    return [placed[index] - excess for index in range(len(middles))]


def along(start: Point, end: Point) -> list[Point]:
    """Return points on a stretch of line, a twentieth of an inch apart."""
    steps = max(2, math.ceil(math.dist(start, end) / 0.05))
    (x0, y0), (x1, y1) = start, end
    return [(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps) for i in range(1, steps)]
