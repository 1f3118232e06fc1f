"""The legend under a figure: every mark that occurs in it, explained in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from equipoise.figures import sheet, style
from equipoise.figures.columns import NOTE
from equipoise.figures.sheet import Sheet

_MARK = 0.2
_TEXT = _MARK + 0.07
_LINE = NOTE + 0.045


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A mark and what it means.

    Attributes
    ----------
    text
        What it means.
    mark
        How the mark is drawn, in the words of `Axes.plot`; empty for none.
    line
        The line it stands on: none, whole or dashed.
    arrow
        An arrow instead.
    """

    text: str
    mark: Mapping[str, Any] = field(default_factory=dict)
    line: Literal["", "-", "--"] = ""
    arrow: Literal["", "left", "right"] = ""


def height(keys: Sequence[Key], width: float) -> float:
    """Return how high the legend is on a sheet of this width, in inches."""
    return sum(len(texts) for line in _lines(keys, width) for _, texts in line[:1]) * _LINE


def draw(page: Sheet, keys: Sequence[Key], y: float) -> None:
    """Draw the legend, its top at `y` inches."""
    for line in _lines(keys, page.width):
        x, y = 0.0, y + _LINE / 2
        for key, texts in line:
            _draw_mark(page, key, x, y)
            for number, text in enumerate(texts):
                page.write(x + _indent(key), y + number * _LINE - sheet.middle(style.SMALL), text,
                           size=style.SMALL, gid="legend")  # fmt: skip
            x += _width(key) + sheet.GAP
        y += _LINE * (len(line[0][1]) - 0.5)


def _draw_mark(page: Sheet, key: Key, x: float, y: float) -> None:
    where = page.ax.get_yaxis_transform()  # x in shares of the sheet, y in its inches
    left, right = x / page.width, (x + _MARK) / page.width
    if key.arrow:
        start, end = (left, right) if key.arrow == "right" else (right, left)
        page.ax.annotate(
            "", xy=(end, y), xytext=(start, y), xycoords=where, textcoords=where, gid="legend",
            annotation_clip=False, arrowprops=arrow(style.INK),
        )  # fmt: skip
    if key.line:
        page.ax.plot([left, right], [y, y], transform=where, linestyle=key.line, linewidth=1.2,
                     color=key.mark["markeredgecolor"], gid="legend")  # fmt: skip
    if key.mark:
        page.ax.plot([(left + right) / 2], [y], transform=where, linestyle="none", gid="legend",
                     **key.mark)  # fmt: skip


def arrow(colour: str) -> dict[str, Any]:
    """Return how arrows are drawn."""
    return {"arrowstyle": "-|>", "color": colour, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0,
            "mutation_scale": 8}  # fmt: skip


def _width(key: Key) -> float:
    return _indent(key) + style.text_width(key.text, style.SMALL) * style.HINTING


def _indent(key: Key) -> float:
    return _TEXT if key.mark or key.arrow else 0.0


def _lines(keys: Sequence[Key], width: float) -> Iterator[list[tuple[Key, list[str]]]]:
    """Yield the keys that stand on one line; one too long for it has wrapped lines of its own."""
    line: list[tuple[Key, list[str]]] = []
    for key in keys:
        used = sum(_width(other) + sheet.GAP for other, _ in line)
        if line and used + _width(key) > width:
            yield line
            line = []
        texts = [key.text] if _width(key) <= width else style.wrap(
            key.text, width - _indent(key), style.SMALL)  # fmt: skip
        line.append((key, texts))
    if line:
        yield line
