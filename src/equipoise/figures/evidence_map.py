"""The evidence map: what has been studied by which design, and where nobody has looked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.path import Path

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.facts import DESIGN_NAMES
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.figures import columns, drawn, sheet, style
from equipoise.figures.columns import Cell, Layout, Table

ALWAYS = ("rct", "nrsi_controlled")
"""Designs that get a row even if no study has them: that gap is worth seeing."""

_NEEDED = ("study_id", "domain", "design", "directness", "n", "reported")
_LARGEST, _SMALLEST, _SQUARE = 0.34, 0.07, 0.14  # widths of marks in inches
_ROW, _LABEL, _KEY = 0.72, 1.35, 0.42

Group = tuple[str, str]
"""Directness and design."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Map:
    """Cells by place, with the names of rows and columns from the top left."""

    rows: list[str]
    columns: list[str]
    cells: list[dict[str, Any]]
    most: float


def evidence_map(
    coverage: pd.DataFrame, *, ax: Axes | None = None, title: str = "",
    caveats: Iterable[Caveat] = (),
) -> Axes:  # fmt: skip
    """Draw designs, from the strongest to the weakest, against what was measured.

    The area of a circle counts people, each study's once; the filled share of it is the share of
    studies that report a number. Cells without a study are drawn too. Evidence on related
    treatments stands below in squares of one size. Domains become the rows if there are so many
    that their columns would be too narrow to read.

    Parameters
    ----------
    coverage
        `Evidence.coverage()`: study_id, domain, design, directness, n, reported; one row a study
        and outcome.
    ax
        Axes to draw on; by default a figure of its own.
    title
        Title.
    caveats
        What to write under the figure.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    UsageError
        If no study is given, or a column is missing.
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
    return drawn.finish(axes, frame, _alt(plan.cells), caveats, strip=ax is None)


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
    if design == "systematic_review" and directness == "direct":
        return "Systematic review"
    name = numbers.upper_first(DESIGN_NAMES[design])
    related = directness != "direct" and design != "systematic_review"
    return f"{name} of a related treatment" if related else name


def _people(cell: dict[str, Any]) -> str:
    if math.isnan(cell["n"]):
        return "n = ?"
    partly = cell["n_unknown_in"] and cell["design"] != "systematic_review"
    return f"n {'≥' if partly else '='} {numbers.count(cell['n'])}"


def _studies(cell: dict[str, Any]) -> str:
    return "1 study" if cell["studies"] == 1 else f"{numbers.count(cell['studies'])} studies"


def _arranged(cells: list[dict[str, Any]], width: float) -> _Map:
    """Domains across if their names and the numbers under them fit there, else down."""
    designs = list(dict.fromkeys(cell["design_name"] for cell in cells))
    domains = list(dict.fromkeys(cell["domain"] for cell in cells))
    texts = [text for cell in cells if cell["studies"] for text in (_people(cell), _studies(cell))]
    widest = max(style.text_width(text, style.SMALL) for text in texts) * style.HINTING + 0.03
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
    labels = columns.column(
        [Cell(text=name) for name in plan.rows], most=_LABEL, gid="row"
    )  # fmt: skip
    place = (sheet.width_of(ax) - labels.width - sheet.GAP) / len(plan.columns)
    tiers = _tiers(plan.columns, place) or 1
    heads = [
        style.wrap(name, tiers * place - (0.06 if tiers == 1 else 0.14), style.SMALL, "bold")
        for name in plan.columns
    ]
    deepest = max(map(len, heads))
    head = tiers * sheet.block(deepest, style.SMALL) + 0.1 * tiers
    above = (head, *[0.0] * (len(plan.rows) - 1))
    table = Table(left=(labels,), right=(), above=above, least=_ROW)
    layout = columns.lay_out(ax, table, title=title, subtitle="", below=_key_height(layout_width(ax)))
    return layout.ax


def layout_width(ax: Axes | None) -> float:
    return sheet.width_of(ax)


def _key_height(width: float) -> float:
    return _KEY
