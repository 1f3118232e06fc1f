"""The effect direction plot: which way each study points, in each domain of outcomes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from equipoise.appraisal.effect_directions import EffectDirections
from equipoise.appraisal.facts import design_name, design_of
from equipoise.appraisal.framing_appraisal import direction_caveats
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.evidence.records import Record, records
from equipoise.figures import columns, legend, sheet, style
from equipoise.figures.columns import Cell, Column, Layout, Table
from equipoise.figures.drawn import finish
from equipoise.figures.legend import Key
from equipoise.synthesis.directions import DIRECTIONS

FEW, MANY = 50, 300
"""Below the first number of people an arrow is small; above the second it is large."""

_SIZES = {"small": 5.0, "medium": 7.5, "large": 10.5}  # of markers, in points
_NARROWEST, _WIDEST = 0.34, 1.1  # room of a domain, in inches
_SECTION = 0.27
_MARKS: dict[str, dict[str, Any]] = {
    "up": {"marker": "^", "markerfacecolor": style.BLUE, "markeredgecolor": style.BLUE},
    "down": {"marker": "v", "markerfacecolor": style.ORANGE, "markeredgecolor": style.INK},
    "mixed": {"marker": "D", "markerfacecolor": style.INK, "markeredgecolor": style.INK,
              "fillstyle": "left", "markerfacecoloralt": style.PAPER},
    "none": {"marker": "$=$", "markerfacecolor": style.INK, "markeredgecolor": style.INK},
    "not compared": {"marker": "o", "markerfacecolor": style.PAPER,
                     "markeredgecolor": style.GREY},
    "not reported": {"marker": "x", "markerfacecolor": style.GREY,
                     "markeredgecolor": style.GREY},
}  # fmt: skip
_POINTING = ("up", "down", "mixed")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A study with the design its results carry, and its cells by domain."""

    study: Record
    cells: dict[str, Record]

    @property
    def design(self) -> str:
        """What its design is called."""
        return numbers.upper_first(design_name(design_of(self.study), self.study["directness"]))


def effect_direction(
    directions: EffectDirections, *, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw one row a study and one arrow a domain of outcomes: up is towards benefit.

    The arrow is large, of medium size or small by how many people the study had. Where several
    comparisons stand behind an arrow, their number stands beside it. Studies of one design stand
    together, and nothing is added up: an arrow has no length, and how large an effect is or
    whether chance made it is not in it.

    Parameters
    ----------
    directions
        `effect_directions(evidence)`.
    ax
        Axes to draw on; by default a figure of its own.
    title
        Title.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    UsageError
        If there is no direction to draw, or the axes are too narrow for the domains.

    References
    ----------
    Hilton Boon & Thomson 2021, Res Synth Methods 12:29-33, doi:10.1002/jrsm.1458.
    """
    if directions.cells.empty:
        raise UsageError("There is no direction to show: no study has a row for these outcomes.")
    domains = [str(name) for name in directions.cells["domain"].unique()]
    rows = _rows(directions.cells)
    with style.context():
        axes = _draw(ax, rows, domains, title or "Which way the studies point")
    frame = directions.cells.assign(arrow=[_size(n) for n in directions.cells["n"]])
    return finish(axes, frame, _alt(rows, domains), direction_caveats(directions), strip=ax is None)


def _rows(cells: pd.DataFrame) -> list[_Row]:
    return [
        _Row(study=found[0], cells={str(cell["domain"]): cell for cell in found})
        for _, mine in cells.groupby(["study_id", "design"], sort=False)
        for found in [records(mine)]
    ]


def _size(n: float) -> str:
    """Small, medium or large; small where nobody says how many people there were."""
    if math.isnan(n) or n < FEW:
        return "small"
    return "large" if n > MANY else "medium"


def _draw(ax: Axes | None, rows: list[_Row], domains: list[str], title: str) -> Axes:
    width = sheet.width_of(ax)
    names = _names(rows, width)
    place = _place(names, width, len(domains))
    heads, notes = _heads(domains, place)
    begins = [n == 0 or rows[n - 1].design != row.design for n, row in enumerate(rows)]
    head = sheet.block(max(map(len, heads)), style.SMALL) + 0.1
    above = [_SECTION * new for new in begins]
    above[0] += head
    keys = _keys(rows)
    lines = [line for note in notes for line in style.wrap(note, width, style.SMALL)]
    layout = columns.lay_out(
        ax, Table(left=names, right=(), above=tuple(above)), title=title, subtitle="",
        below=0.14 + legend.height(keys, width) + len(lines) * columns.NOTE,
    )  # fmt: skip
    top = layout.tops[0] - _SECTION - 0.04
    for number, texts in enumerate(heads):
        _write_head(layout, texts, _x(layout, number, place), top)
    layout.sheet.write(layout.band[0] - sheet.GAP, top - 0.04 - columns.NOTE, "People",
                       size=style.SMALL, bold=True, align="right", gid="header")  # fmt: skip
    layout.sheet.rule(top, heavy=True)
    for row, y, new in zip(rows, layout.centres, begins, strict=True):
        if new:
            layout.section(y - 0.24, row.design)
        for number, domain in enumerate(domains):
            if domain in row.cells:
                _draw_cell(layout, row.cells[domain], _x(layout, number, place), y)
    layout.sheet.rule(layout.floor + 0.02, heavy=True)
    foot = layout.floor + 0.1
    legend.draw(layout.sheet, keys, foot)
    layout.sheet.write(0.0, foot + legend.height(keys, width), "\n".join(lines), size=style.SMALL,
                       color=style.GREY, gid="domain key")  # fmt: skip
    return layout.ax


def _names(rows: Sequence[_Row], width: float) -> tuple[Column, ...]:
    people = [
        numbers.MISSING if math.isnan(row.study["n"]) else numbers.count(row.study["n"])
        for row in rows
    ]
    return (
        columns.column([Cell(text=str(row.study["label"])) for row in rows],
                       most=0.3 * width, gid="study"),
        columns.column([Cell(text=text) for text in people], most=0.6,
                       align="right", gid="people"),
    )  # fmt: skip


def _place(names: tuple[Column, ...], width: float, domains: int) -> float:
    """Room of each domain, in inches."""
    left = sum(column.width + sheet.GAP for column in names)
    place = (width - left) / domains
    if place < _NARROWEST:
        raise UsageError(
            f"The axes are {width:.1f} inches wide, and {domains} domains need at least "
            f"{left + domains * _NARROWEST:.1f}: give wider axes or fewer outcomes."
        )
    return min(place, _WIDEST)


def _heads(domains: Sequence[str], place: float) -> tuple[list[list[str]], list[str]]:
    """The heading of each column; numbers, and a key to them, if a word would not fit."""
    names = [numbers.upper_first(name) for name in domains]
    most = place - 0.06
    widest = max(
        style.text_width(word, style.SMALL, "bold") * style.HINTING
        for name in names
        for word in name.split()
    )
    if widest <= most:
        return [style.wrap(name, most, style.SMALL, "bold") for name in names], []
    key = "; ".join(f"{number}: {name}" for number, name in enumerate(domains, start=1))
    return [[str(number)] for number in range(1, len(domains) + 1)], [f"{key}."]


def _x(layout: Layout, number: int, place: float) -> float:
    return layout.band[0] + (number + 0.5) * place


def _write_head(layout: Layout, lines: list[str], x: float, foot: float) -> None:
    top = foot - 0.04 - sheet.block(len(lines), style.SMALL)
    layout.sheet.write(x, top, "\n".join(lines), size=style.SMALL, bold=True, align="center",
                       gid="domain")  # fmt: skip


def _draw_cell(layout: Layout, cell: Record, x: float, y: float) -> None:
    direction = str(cell["direction"])
    size = _SIZES[_size(cell["n"])] if direction in _POINTING else 5.0
    size *= 0.8 if direction == "mixed" else 1.0  # a diamond is wider than an arrow of its size
    layout.ax.plot([x / layout.sheet.width], [y], linestyle="none", gid=direction, zorder=3,
                   markersize=size, markeredgewidth=0.9, clip_on=False,
                   transform=layout.ax.get_yaxis_transform(), **_MARKS[direction])  # fmt: skip
    if cell["comparisons"] > 1:
        layout.sheet.write(x + 0.12, y - sheet.middle(style.SMALL) + 0.02,
                           numbers.count(cell["comparisons"]), size=style.SMALL,
                           color=style.GREY, gid="comparisons")  # fmt: skip


def _keys(rows: Sequence[_Row]) -> list[Key]:
    """What the marks mean, of those that occur."""
    cells = [cell for row in rows for cell in row.cells.values()]
    found = {str(cell["direction"]) for cell in cells}
    keys = [
        Key(text=meaning, mark={**_MARKS[word], "markersize": 7, "markeredgewidth": 0.9})
        for word, meaning in DIRECTIONS.items()
        if word in found
    ]
    sizes = {_size(cell["n"]) for cell in cells if cell["direction"] in _POINTING}
    meanings = {
        "small": f"fewer than {FEW} people, or not reported how many",
        "medium": f"{FEW} to {MANY} people",
        "large": f"more than {MANY} people",
    }
    plain = {"marker": "^", "markerfacecolor": style.PAPER, "markeredgecolor": style.INK}
    keys += [Key(text=meaning, mark={**plain, "markersize": _SIZES[name]})
             for name, meaning in meanings.items() if name in sizes]  # fmt: skip
    if any(cell["comparisons"] > 1 for cell in cells):
        keys.append(Key(text="Small number: how many comparisons stand behind a mark."))
    return keys


def _alt(rows: Sequence[_Row], domains: Sequence[str]) -> str:
    told = []
    for domain in domains:
        found = Counter(str(row.cells[domain]["direction"]) for row in rows if domain in row.cells)
        parts = [f"{numbers.count(found[word])} {word}" for word in DIRECTIONS if word in found]
        told.append(f"{numbers.upper_first(domain)}: {', '.join(parts)}.")
    studies = "1 study" if len(rows) == 1 else f"{numbers.count(len(rows))} rows of studies"
    start = f"Effect direction plot, {studies} by {len(domains)} domains; up is towards benefit."
    return " ".join([start, *told])
