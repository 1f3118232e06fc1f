"""The PRISMA 2020 flow diagram: how the studies of a review were found and selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from equipoise.appraisal.framing_appraisal import flow_caveats
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.evidence.bias_tools import instead
from equipoise.evidence.records import records
from equipoise.evidence.screening import BOXES, box_counts, mismatches
from equipoise.figures import legend, plain_words, sheet, style
from equipoise.figures.drawn import finish
from equipoise.figures.prisma_boxes import HEADINGS, PAD, Box, Spec, Stream, drawn_specs, written
from equipoise.figures.sheet import Sheet

_NOBODY = "Nobody has recorded how the studies of this review were found and selected."
_PHASES = (("Identification", 0, 0), ("Screening", 1, 3), ("Included", 4, 5))
_PHASE = 0.22
_ACROSS, _DOWN = 0.17, 0.2  # room for arrows between boxes, in inches
_WIDEST, _NARROWEST = 2.4, 0.75
_HEADING_GAP = 0.12

Rows = Sequence[tuple[str, str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A box and its frame, in inches from the top left."""

    box: Box
    x: float
    y: float
    width: float

    @property
    def foot(self) -> float:
        return self.y + self.box.height

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def prisma_flow(screening: pd.DataFrame, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the flow of records, reports and studies, from top to bottom.

    Only boxes of which something is known are drawn. Numbers are drawn as they are given; those
    that do not add up are named under the figure. In an SVG the letters stay text.

    Parameters
    ----------
    screening
        screening.csv: data (a key of `equipoise.evidence.screening.BOXES`), n, and perhaps detail,
        for rows that are a part of their box. Without rows a sentence is drawn that says so.
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
        If a column is missing, a key is no box of the diagram, a number is none, or the axes are
        too narrow.

    References
    ----------
    Page MJ et al. 2021, BMJ 372:n71, doi:10.1136/bmj.n71.
    Haddaway NR et al. 2022, Campbell Systematic Reviews 18:e1230, doi:10.1002/cl2.1230.
    """
    rows = _rows(screening)
    title = title or "How the studies were found and selected"
    caveats = flow_caveats(mismatches(rows), recorded=bool(rows))
    if not rows:
        return plain_words.say(_NOBODY, screening, caveats, ax=ax, title=title)
    with style.context():
        axes = _draw(ax, rows, title)
    return finish(axes, screening, _alt(rows), caveats, strip=ax is None, svg_text=True)


def _rows(screening: pd.DataFrame) -> list[tuple[str, str, float]]:
    """Key, detail and number of every row."""
    missing = [name for name in ("data", "n") if name not in screening]
    if missing:
        raise UsageError(f"The table comes without {numbers.listing(missing)}.")
    rows = []
    for row in records(screening):
        key, detail = str(row["data"]), row.get("detail", "")
        if key not in BOXES:
            fix = instead(key, list(BOXES))
            raise UsageError(f"{key!r} is not a box of the PRISMA 2020 flow diagram: {fix}.")
        number = pd.to_numeric(row["n"], errors="coerce")
        if not (number >= 0 and number == number // 1):
            raise UsageError(f"{key} is {row['n']}: write a whole number from 0.")
        rows.append((key, detail if isinstance(detail, str) else "", float(number)))
    return rows


def _draw(ax: Axes | None, rows: Rows, title: str) -> Axes:
    width = sheet.width_of(ax)
    specs = drawn_specs({key for key, _, _ in rows})
    columns = _columns(specs, width)
    update = any(key.startswith(("previous", "total")) for key, _, _ in rows)
    boxes = [written(spec, rows, columns[_column(spec)][1], update=update) for spec in specs]
    heads = _heads(specs, columns) if len({spec.stream for spec in specs}) > 1 else {}
    head = max((sheet.block(len(lines), style.SMALL) + 2 * PAD for lines in heads.values()),
               default=0.0)  # fmt: skip
    tops, floor = _tops(boxes, head + (_HEADING_GAP if heads else 0.02))
    placed = {
        box.spec.name: _Placed(box=box, x=columns[_column(box.spec)][0], y=tops[box.spec.level],
                               width=columns[_column(box.spec)][1])
        for box in boxes
    }  # fmt: skip
    page = sheet.make(ax, floor + 0.05, title)
    for stream, lines in heads.items():
        left, right = _reach(stream, specs, columns)
        _frame(page, left, 0.0, right - left, head, face=style.LIGHT, gid="heading frame")
        _write(page, left, (head - sheet.block(len(lines), style.SMALL)) / 2, lines, "heading",
               middle=(left + right) / 2)  # fmt: skip
    _draw_phases(page, tops, boxes)
    for place in placed.values():
        _frame(page, place.x, place.y, place.width, place.box.height, gid="box")
        _write(page, place.x + PAD, place.y + PAD, place.box.lines, "box text")
    _draw_arrows(page, placed)
    return page.ax


def _tops(boxes: Sequence[Box], top: float) -> tuple[dict[int, float], float]:
    """Top of each row of boxes and the foot of the last, each phase as high as its name is long."""
    tops: dict[int, float] = {}
    for name, first, last in _PHASES:
        begins = top
        levels = sorted({box.spec.level for box in boxes if first <= box.spec.level <= last})
        for level in levels:
            tops[level] = top
            top += max(box.height for box in boxes if box.spec.level == level) + _DOWN
        if levels:
            top = max(top, begins + _along(name) + _DOWN)
    return tops, top - _DOWN


def _along(phase: str) -> float:
    """How high the frame of a phase must be for its name, in inches."""
    return style.text_width(phase, style.SMALL, "bold") * style.HINTING + 2 * PAD


def _column(spec: Spec) -> tuple[Stream, bool]:
    return spec.stream, spec.side


def _columns(specs: list[Spec], width: float) -> dict[tuple[Stream, bool], tuple[float, float]]:
    """Left edge and width of each column of boxes, in inches."""
    wanted: list[tuple[Stream, bool]] = [
        (stream, side)
        for stream in ("previous", "databases", "other")
        for side in (False, True)
        if any(_column(spec) == (stream, side) for spec in specs)
    ]
    left = _PHASE + 0.1
    each = (width - left - _ACROSS * (len(wanted) - 1)) / len(wanted)
    if each < _NARROWEST:
        needed = left + _ACROSS * (len(wanted) - 1) + _NARROWEST * len(wanted)
        raise UsageError(
            f"The axes are {width:.1f} inches wide, and this figure needs at least {needed:.1f}: "
            "give it wider axes, or leave `ax` out."
        )
    each = min(each, _WIDEST)
    return {name: (left + i * (each + _ACROSS), each) for i, name in enumerate(wanted)}


def _reach(
    stream: Stream, specs: list[Spec], columns: Mapping[tuple[Stream, bool], tuple[float, float]]
) -> tuple[float, float]:
    """Left and right end of the columns of a stream, in inches."""
    mine = [columns[_column(spec)] for spec in specs if spec.stream == stream]
    return min(x for x, _ in mine), max(x + width for x, width in mine)


def _heads(
    specs: list[Spec], columns: Mapping[tuple[Stream, bool], tuple[float, float]]
) -> dict[Stream, list[str]]:
    heads: dict[Stream, list[str]] = {}
    for stream in dict.fromkeys(spec.stream for spec in specs):
        left, right = _reach(stream, specs, columns)
        heads[stream] = style.wrap(HEADINGS[stream], right - left - 2 * PAD, style.SMALL, "bold")
    return heads


def _frame(page: Sheet, x: float, y: float, width: float, height: float, *, gid: str,
           face: str = style.PAPER) -> None:  # fmt: skip
    page.ax.add_patch(
        Rectangle((x / page.width, y), width / page.width, height, facecolor=face, gid=gid,
                  edgecolor=style.INK, linewidth=0.7, clip_on=False,
                  transform=page.ax.get_yaxis_transform())
    )  # fmt: skip


def _write(page: Sheet, x: float, y: float, lines: Sequence[str], gid: str, *,
           middle: float | None = None) -> None:  # fmt: skip
    page.write(x if middle is None else middle, y, "\n".join(lines), size=style.SMALL, gid=gid,
               bold=middle is not None, align="left" if middle is None else "center")  # fmt: skip


def _draw_phases(page: Sheet, tops: Mapping[int, float], boxes: Sequence[Box]) -> None:
    """Name the phases on their side, along the boxes that belong to them."""
    for name, first, last in _PHASES:
        mine = [box for box in boxes if first <= box.spec.level <= last]
        if not mine:
            continue
        top = min(tops[box.spec.level] for box in mine)
        foot = max(tops[box.spec.level] + box.height for box in mine)
        foot = max(foot, top + _along(name))
        _frame(page, 0.0, top, _PHASE, foot - top, face=style.LIGHT, gid="phase frame")
        page.ax.text(
            _PHASE / 2 / page.width, (top + foot) / 2, name, rotation=90, ha="center", va="center",
            fontsize=style.SMALL, fontweight="bold", gid="phase", rotation_mode="anchor",
            transform=page.ax.get_yaxis_transform(),
        )  # fmt: skip


def _draw_arrows(page: Sheet, placed: Mapping[str, _Placed]) -> None:
    """Lead from each box to the next one down, and aside to what is taken away."""
    ways: dict[Stream, list[_Placed]] = {"databases": [], "other": [], "previous": []}
    for place in placed.values():
        spec = place.box.spec
        if not spec.side:
            ways[spec.stream].append(place)
            continue
        main = next(p for p in ways[spec.stream] if p.box.spec.level == spec.level)
        y = main.y + min(main.box.height, place.box.height) / 2
        _arrow(page, [(main.x + main.width, y), (place.x, y)])
    for way in ways.values():
        for upper, lower in pairwise(sorted(way, key=lambda p: p.box.spec.level)):
            _arrow(page, [(upper.middle, upper.foot), (lower.middle, lower.y)])
    included, total = placed.get("included"), placed.get("total")
    if ways["other"] and included:
        last, y = ways["other"][-1], included.y + included.box.height / 2
        _arrow(page, [(last.middle, last.foot), (last.middle, y), (included.x + included.width, y)])
    if ways["previous"] and total:
        first, y = ways["previous"][0], total.y + total.box.height / 2
        _arrow(page, [(first.middle, first.foot), (first.middle, y), (total.x, y)])


def _arrow(page: Sheet, points: list[tuple[float, float]]) -> None:
    where = page.ax.get_yaxis_transform()
    shares = [(x / page.width, y) for x, y in points]
    if len(shares) > 2:
        xs, ys = zip(*shares[:-1], strict=True)
        page.ax.plot(xs, ys, color=style.INK, linewidth=1.0, transform=where, gid="line",
                     clip_on=False)  # fmt: skip
    page.ax.annotate("", xy=shares[-1], xytext=shares[-2], xycoords=where, textcoords=where,
                     annotation_clip=False, gid="arrow",
                     arrowprops={**legend.arrow(style.INK), "linewidth": 1.0})  # fmt: skip


def _alt(rows: Rows) -> str:
    counts = box_counts(rows)
    told = [f"{BOXES[key]} {numbers.count(counts[key])}" for key in BOXES if key in counts]
    return f"PRISMA 2020 flow diagram. {numbers.upper_first('; '.join(told))}."
