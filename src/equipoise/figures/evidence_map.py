"""The evidence map: what has been studied by which design, and where nobody has looked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.path import Path

from equipoise.appraisal.facts import DESIGN_NAMES, design_name
from equipoise.appraisal.framing import map_caveats
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.figures import columns, legend, sheet, style
from equipoise.figures.columns import Cell, Layout, Table
from equipoise.figures.drawn import finish
from equipoise.figures.legend import Key

ALWAYS = ("rct", "nrsi_controlled")
"""Designs that get a row even if no study has them: that gap is worth seeing."""

_NEEDED = ("study_id", "label", "domain", "design", "directness", "n", "reported", "read")
_LARGEST, _SMALLEST, _SQUARE = 0.34, 0.07, 0.14  # widths of marks in inches
_ROW, _LABEL = 0.74, 1.05

Group = tuple[str, str]
"""Directness and design."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Map:
    """Cells by place, with the names of rows and columns from the top left."""

    rows: list[str]
    columns: list[str]
    cells: list[dict[str, Any]]
    most: float


def evidence_map(coverage: pd.DataFrame, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw designs, from the strongest to the weakest, against what was measured.

    The area of a circle counts people, each study's once; the filled share of it is the share of
    studies that report a number. Cells without a study are drawn too. Evidence on related
    treatments stands below in squares of one size. Domains become the rows if there are so many
    that their columns would be too narrow to read.

    Parameters
    ----------
    coverage
        `Evidence.coverage()`: study_id, label, domain, design, directness, n, reported, read;
        one row a study and outcome.
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
        If no study is given, a column is missing, or the axes are too narrow.
    """
    missing = [name for name in _NEEDED if name not in coverage]
    if missing or coverage.empty:
        what = f"without {numbers.listing(missing)}" if missing else "without a study"
        raise UsageError(f"There is nothing to map: the table comes {what}.")
    cells = _cells(coverage)
    with style.context():
        plan = _arranged(cells, sheet.width_of(ax))
        axes = _draw(ax, plan, title or "What has been studied, and how")
    frame = pd.DataFrame(plan.cells)
    return finish(axes, frame, _alt(plan.cells), map_caveats(coverage), strip=ax is None)


def _cells(coverage: pd.DataFrame) -> list[dict[str, Any]]:
    """One record a design and domain, also where there is no study."""
    domains = list(dict.fromkeys(map(str, coverage["domain"])))
    present = set(zip(coverage["directness"], coverage["design"], strict=True))
    order = list(DESIGN_NAMES)
    groups = sorted(
        present | {("direct", design) for design in ALWAYS},
        key=lambda group: (group[0] != "direct", order.index(group[1])),
    )
    return [_cell(coverage, group, domain) for group in groups for domain in domains]


def _cell(coverage: pd.DataFrame, group: Group, domain: str) -> dict[str, Any]:
    directness, design = group
    mine = coverage[
        (coverage["directness"] == directness) & (coverage["design"] == design)
        & (coverage["domain"] == domain)
    ]  # fmt: skip
    studies = mine.groupby("study_id", sort=False).agg({"n": "max", "reported": "any"})
    known = studies["n"].dropna()
    # Reviews include each other's trials, so their people can't be added up.
    people = known.max() if design == "systematic_review" else known.sum()
    return {
        "directness": directness,
        "design": design,
        "design_name": _design_name(group),
        "domain": domain,
        "studies": len(studies),
        "reporting": int(studies["reported"].sum()),
        "n": float(people) if len(known) else math.nan,
        "n_unknown_in": int(studies["n"].isna().sum()),
        "study_ids": "; ".join(map(str, studies.index)),
    }


def _design_name(group: Group) -> str:
    directness, design = group
    return numbers.upper_first(design_name(design, directness))


def _people(cell: dict[str, Any]) -> str:
    if math.isnan(cell["n"]):
        return "n = ?"
    partly = cell["n_unknown_in"] and cell["design"] != "systematic_review"
    return f"n {'≥' if partly else '='} {numbers.count(cell['n'])}"


def _arranged(cells: list[dict[str, Any]], width: float) -> _Map:
    """Domains across if their names and the numbers under them fit there, else down."""
    designs = list(dict.fromkeys(cell["design_name"] for cell in cells))
    domains = list(dict.fromkeys(cell["domain"] for cell in cells))
    texts = [_people(cell) for cell in cells if cell["studies"]]
    widest = max(style.text_width(text, style.SMALL) for text in texts) * style.HINTING + 0.04
    place = (width - _LABEL - sheet.GAP) / len(domains)
    across = place >= widest and _tiers(list(map(numbers.upper_first, domains)), place) > 0
    placed = [
        {**cell, "row": row, "column": column}
        for cell in cells
        for row, column in [_place(cell, designs, domains, across=across)]
    ]
    names = [numbers.upper_first(name) for name in domains]
    direct = [cell["n"] for cell in cells if cell["directness"] == "direct"]
    return _Map(
        rows=designs if across else names,
        columns=names if across else designs,
        cells=placed,
        most=max((n for n in direct if n > 0), default=1.0),
    )


def _place(
    cell: dict[str, Any], designs: list[str], domains: list[str], *, across: bool
) -> tuple[int, int]:
    place = designs.index(cell["design_name"]), domains.index(cell["domain"])
    return place if across else (place[1], place[0])


def _tiers(names: Sequence[str], place: float) -> int:
    """Headings side by side (1), staggered on two levels (2), or not without breaking words (0)."""
    longest = max(
        style.text_width(word, style.SMALL, "bold") * style.HINTING
        for name in names
        for word in name.split()
    )
    return 1 if longest <= place - 0.06 else 2 if longest <= 2 * place - 0.14 else 0


def _draw(ax: Axes | None, plan: _Map, title: str) -> Axes:
    labels = columns.column([Cell(text=name) for name in plan.rows], most=_LABEL, gid="row")
    width = sheet.width_of(ax)
    place = (width - labels.width - sheet.GAP) / len(plan.columns)
    tiers = _tiers(plan.columns, place) or 1
    most = place - 0.06 if tiers == 1 else 2 * place - 0.14
    heads = [style.wrap(name, most, style.SMALL, "bold") for name in plan.columns]
    tier = sheet.block(max(map(len, heads)), style.SMALL) + 0.07
    above = (tiers * tier, *[0.0] * (len(plan.rows) - 1))
    keys = _keys(plan)
    layout = columns.lay_out(
        ax, Table(left=(labels,), right=(), above=above, least=_ROW), title=title, subtitle="",
        below=0.12 + legend.height(keys, width),
    )  # fmt: skip
    layout.sheet.scale_x(layout.band[0], width, -0.5, len(plan.columns) - 0.5)
    for number, lines in enumerate(heads):
        x = layout.band[0] + (number + 0.5) * place
        level = number % tiers
        _write_head(layout, lines, x, layout.tops[0] - level * tier, drop=level * tier)
    related = {cell["row"] for cell in plan.cells if cell["directness"] != "direct"}
    for row, top in enumerate(layout.tops):
        begins = row in related and row - 1 not in related
        layout.sheet.rule(top - 0.02, heavy=row == 0 or begins)
    for cell in plan.cells:
        _draw_cell(layout, plan, cell)
    layout.sheet.rule(layout.floor - 0.02)
    legend.draw(layout.sheet, keys, layout.floor + 0.1)
    return layout.ax


def _write_head(layout: Layout, lines: list[str], x: float, foot: float, *, drop: float) -> None:
    """Write a heading above its column; from the upper level a line leads down to it."""
    top = foot - 0.06 - sheet.block(len(lines), style.SMALL)
    half = max(style.text_width(text, style.SMALL, "bold") for text in lines) * style.HINTING / 2
    layout.sheet.write(min(x, layout.sheet.width - half), top, "\n".join(lines), size=style.SMALL,
                       bold=True, align="center", gid="column")  # fmt: skip
    if drop:
        share = x / layout.sheet.width
        layout.ax.plot(
            [share, share], [foot - 0.03, foot + drop - 0.05], color=style.LIGHT, linewidth=0.8,
            gid="leader", transform=layout.ax.get_yaxis_transform(),
        )  # fmt: skip


def _draw_cell(layout: Layout, plan: _Map, cell: dict[str, Any]) -> None:
    """A circle (or a square: related treatments) over the numbers of studies and people."""
    top = layout.tops[cell["row"]]
    x, y = cell["column"], top + 0.04 + _LARGEST / 2
    if not cell["studies"]:
        layout.ax.plot([x], [top + _ROW / 2], "_", color=style.GREY, markersize=4,
                       markeredgewidth=0.8, gid="empty")  # fmt: skip
        return
    direct = cell["directness"] == "direct"
    colour = style.TREATMENT if direct else style.GREY
    size = (72 * (_width(cell["n"], plan.most) if direct else _SQUARE)) ** 2
    share = cell["reporting"] / cell["studies"]
    layout.ax.scatter([x], [y], s=size, marker="o" if direct else "s",
                      facecolor=colour if share == 1 else style.PAPER,
                      edgecolor=colour, linewidth=1.0, gid="bubble", zorder=3)  # fmt: skip
    if 0 < share < 1:
        layout.ax.scatter([x], [y], s=size, marker=_part(share, circle=direct), facecolor=colour,
                          edgecolor="none", gid="filled part", zorder=4)  # fmt: skip
    left = layout.band[0]
    middle = left + (x + 0.5) * (layout.sheet.width - left) / len(plan.columns)
    under = top + 0.07 + _LARGEST
    layout.sheet.write(middle, under, numbers.count(cell["studies"]), size=style.SMALL, bold=True,
                       align="center", gid="studies")  # fmt: skip
    layout.sheet.write(middle, under + columns.NOTE, _people(cell), size=style.SMALL,
                       align="center", color=style.GREY, gid="people")  # fmt: skip


def _width(n: float, most: float) -> float:
    """Width of a circle whose area stands for people, in inches; never too small to see."""
    return max(_SMALLEST, _LARGEST * math.sqrt(n / most)) if n > 0 else _SMALLEST


def _part(share: float, *, circle: bool) -> Path:
    """The filled part of a mark: a slice from twelve o'clock on, or the left of a square."""
    if not circle:
        right = 2 * share - 1
        return Path([(-1, -1), (-1, 1), (right, 1), (right, -1), (-1, -1)])
    steps = [2 * math.pi * share * i / 90 for i in range(91)]
    rim = [(math.sin(angle), math.cos(angle)) for angle in steps]
    return Path([*rim, (0, 0), rim[0]])


def _keys(plan: _Map) -> list[Key]:
    """What the marks mean, of those that occur."""
    studied = [cell for cell in plan.cells if cell["studies"]]
    direct = [cell for cell in studied if cell["directness"] == "direct"]
    some = any(0 < cell["reporting"] < cell["studies"] for cell in studied)
    none = any(not cell["reporting"] for cell in studied)
    people = _round_number(0.3 * plan.most)
    blue = {"markeredgecolor": style.TREATMENT, "markeredgewidth": 1.0}
    hollow = {**blue, "marker": "o", "markersize": 7, "markerfacecolor": style.PAPER}
    half = {**blue, "marker": "o", "markersize": 7, "markerfacecolor": style.TREATMENT,
            "fillstyle": "right", "markerfacecoloralt": style.PAPER}  # fmt: skip
    full = {**blue, "marker": "o", "markersize": 72 * _width(people, plan.most),
            "markerfacecolor": style.TREATMENT}  # fmt: skip
    square = {"marker": "s", "markersize": 7, "markerfacecolor": style.PAPER,
              "markeredgecolor": style.GREY}  # fmt: skip
    dash = {"marker": "_", "markersize": 4, "markeredgecolor": style.GREY}
    related = "related treatments, not to scale; reviews overlap, so n is that of the largest"
    wanted = [
        (
            bool(direct),
            Key(text=f"area: number of people (here {numbers.count(people)})", mark=full),
        ),
        (some, Key(text="filled: share of the studies that report a number", mark=half)),
        (none, Key(text="hollow: studied, but no number reported", mark=hollow)),
        (len(studied) < len(plan.cells), Key(text="no study found", mark=dash)),
        (len(direct) < len(studied), Key(text=related, mark=square)),
        (True, Key(text="Bold: number of studies. n: people who took part, once for each study.")),
    ]
    return [key for occurs, key in wanted if occurs]


def _round_number(value: float) -> int:
    """The largest of 1, 2, 5, 10, 20, ... that is not above `value`, but at least 1."""
    power = 10 ** max(0, math.floor(math.log10(max(value, 1.0))))
    return max((step * power for step in (1, 2, 5) if step * power <= value), default=1)


def _alt(cells: list[dict[str, Any]]) -> str:
    designs = dict.fromkeys(cell["design_name"] for cell in cells)
    domains = dict.fromkeys(cell["domain"] for cell in cells)
    empty = sum(not cell["studies"] for cell in cells)
    told = []
    for design in designs:
        found = [
            f"{cell['domain']} {numbers.count(cell['studies'])} ({_people(cell)}, "
            f"{numbers.count(cell['reporting'])} with numbers)"
            for cell in cells
            if cell["design_name"] == design and cell["studies"]
        ]
        told.append(f"{design}: {', '.join(found) if found else 'none'}.")
    start = (
        f"Evidence map, number of studies by design and by what was measured ({len(designs)} by "
        f"{len(domains)}); {empty} of {len(cells)} cells have none."
    )
    return " ".join([start, *told])
