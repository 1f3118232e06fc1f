"""Columns of text beside a plot: measured first, so that the plot gets the room that is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Literal

from matplotlib.axes import Axes

from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.figures import sheet, style
from equipoise.figures.sheet import GAP, Sheet

Align = Literal["left", "right"]

LINE = sheet.block(1)
NOTE = sheet.block(1, style.SMALL)
PADDING = style.ROW - LINE

_FIELD_GAP = 0.05
_HEAD_GAP = 0.06
_SPANNER = NOTE + 0.04
_LEAST_BAND = 1.1
_NUMBER = re.compile(r"(\D*[\d,]*)(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in one row of one column.

    Attributes
    ----------
    text
        The first line or lines.
    fields
        Numbers instead: one line, in which each is aligned with those of the other rows on its
        decimal point, or where that would be.
    note
        Small grey lines under it.
    quiet
        Whether `text` is small and grey too.
    """

    text: str = ""
    fields: tuple[str, ...] = ()
    note: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    text: str
    size: float
    colour: str
    fields: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        return sheet.block(1, self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A measured column: its wrapped lines, and the width they need in inches."""

    header: tuple[str, ...]
    over: str
    align: Align
    gid: str
    width: float
    fields: tuple[tuple[float, float], ...]
    cells: tuple[tuple[_Line, ...], ...]


def column(
    cells: Sequence[Cell], *, most: float, header: str = "", over: str = "",
    align: Align = "left", gid: str = "number",
) -> Column:  # fmt: skip
    """Wrap and measure a column.

    Parameters
    ----------
    cells
        One a row.
    most
        The width in inches beyond which text is wrapped. Numbers in fields never are.
    header
        What stands above it.
    over
        What stands above this and the neighbouring columns that have the same `over`.
    align
        On which side text without fields is flush.
    gid
        The group id of its texts; notes and quiet texts get it with `-note`.
    """
    words = [style.text_width(word, style.SMALL, "bold") for word in header.split()]
    needed = max(words, default=0.0) * style.HINTING + 0.01
    heads = tuple(style.wrap(header, max(most, needed), style.SMALL, "bold"))
    rows = [[_halves(text) for text in cell.fields] for cell in cells if cell.fields]
    count = max(map(len, rows), default=0)
    fields = tuple(
        (max(row[i][0] for row in rows if i < len(row)),
         max(row[i][1] for row in rows if i < len(row)))
        for i in range(count)
    )  # fmt: skip
    needed = sum(map(sum, fields)) + _FIELD_GAP * max(count - 1, 0)
    lines = tuple(tuple(_lines(cell, max(most, needed))) for cell in cells)
    widths = [
        style.text_width(line.text, line.size) * style.HINTING for cell in lines for line in cell
    ]
    widths += [style.text_width(text, style.SMALL, "bold") * style.HINTING for text in heads]
    return Column(
        header=heads,
        over=over,
        align=align,
        gid=gid,
        width=max([needed, *widths]),
        fields=fields,
        cells=lines,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Columns left and right of a plot, and the rows they share with it.

    Attributes
    ----------
    left, right
        The columns.
    above
        Extra room above each row, in inches.
    least
        The least height of a row without it, in inches.
    """

    left: tuple[Column, ...]
    right: tuple[Column, ...]
    above: tuple[float, ...]
    least: float = 0.0

    @property
    def heights(self) -> tuple[float, ...]:
        """Height of each row in inches, without the room above it."""
        texts = [
            max(sum(line.height for line in column.cells[row]) for column in self.columns)
            for row in range(len(self.above))
        ]
        return tuple(max(self.least, PADDING + text) for text in texts)

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns."""
        return self.left + self.right

    def band(self, width: float) -> tuple[float, float]:
        """Return the left and right end of the plot on a sheet of `width` inches."""
        left = sum(column.width + GAP for column in self.left)
        return left, width - sum(column.width + GAP for column in self.right)

    @property
    def head(self) -> float:
        """Height of the column headers, in inches."""
        lines = max(len(column.header) for column in self.columns)
        spanner = _SPANNER if any(column.over for column in self.columns) else 0.0
        return lines * NOTE + spanner + _HEAD_GAP if lines else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the parts of a table and its plot stand on a sheet, in inches from its top left.

    Attributes
    ----------
    sheet
        What they stand on.
    band
        Left and right end of the plot.
    tops, centres
        Top of each row, and the middle of its first line, where its mark belongs.
    head, floor
        Top and bottom of the rows.
    """

    sheet: Sheet
    band: tuple[float, float]
    tops: tuple[float, ...]
    centres: tuple[float, ...]
    head: float
    floor: float

    @property
    def ax(self) -> Axes:
        """The axes."""
        return self.sheet.ax

    def section(self, y: float, text: str) -> None:
        """Write a small bold heading whose middle stands at `y`, flush left with the table."""
        self.sheet.write(0.0, y - sheet.middle(style.SMALL), text, size=style.SMALL, bold=True,
                         gid="section")  # fmt: skip
        # A long heading runs across the plot: lines of the plot stop at its words.
        self.ax.texts[-1].set_bbox({"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.0})


def lay_out(ax: Axes | None, table: Table, *, title: str, subtitle: str, below: float) -> Layout:
    """Make a sheet for a table and its plot, and write the table.

    Parameters
    ----------
    ax
        Axes of the caller, or None for a page of our own.
    table
        What to write.
    title, subtitle
        What stands above it.
    below
        Room under the rows for the axis and what explains it, in inches.

    Raises
    ------
    UsageError
        If the axes of the caller are too narrow for the columns.
    """
    width = sheet.width_of(ax)
    band = table.band(width)
    if band[1] - band[0] < _LEAST_BAND:
        needed = width - (band[1] - band[0]) + _LEAST_BAND
        raise UsageError(
            f"The axes are {width:.1f} inches wide, and this figure needs at least {needed:.1f}: "
            "give it wider axes, or leave `ax` out."
        )
    subtitles = style.wrap(subtitle, width)
    above = len(subtitles) * LINE + (0.08 if subtitles else 0.04)
    head = above + table.head
    ends = list(accumulate(map(sum, zip(table.above, table.heights, strict=True)), initial=head))
    page = sheet.make(ax, ends[-1] + below, title)
    page.ax.tick_params(axis="x", length=3, width=0.6, color=style.GREY, labelcolor=style.INK,
                        labelsize=style.SIZE)  # fmt: skip
    tops = tuple(end + room for end, room in zip(ends, table.above, strict=False))
    layout = Layout(
        sheet=page,
        band=band,
        tops=tops,
        centres=tuple(top + (PADDING + LINE) / 2 for top in tops),
        head=head,
        floor=ends[-1],
    )
    for number, text in enumerate(subtitles):
        page.write(0.0, number * LINE, text, color=style.GREY, gid="subtitle")
    _write_headers(layout, table, width)
    for column, x in _placed(table, width):
        for lines, y in zip(column.cells, layout.centres, strict=True):
            _write_cell(page, column, x, lines, y)
    return layout


def widest(texts: Sequence[str]) -> float:
    """Return a width in inches at which none of these texts is wrapped."""
    return max(style.text_width(text) for text in texts) * style.HINTING + 0.01


def when(timepoint: str) -> str:
    """Return a time as it stands after a comma."""
    return "time not reported" if timepoint in ("", "NR") else numbers.lower_first(timepoint)


def _placed(table: Table, width: float) -> Iterator[tuple[Column, float]]:
    """Yield each column with its left edge in inches."""
    x = 0.0
    for column in table.left:
        yield column, x
        x += column.width + GAP
    x = table.band(width)[1] + GAP
    for column in table.right:
        yield column, x
        x += column.width + GAP


def _write_headers(layout: Layout, table: Table, width: float) -> None:
    if not table.head:
        return
    page, most = layout.sheet, max(len(column.header) for column in table.columns)
    floor = layout.head - _HEAD_GAP
    for column, x in _placed(table, width):
        for number, text in enumerate(column.header):
            y = floor - (len(column.header) - number) * NOTE
            at = x + column.width * (column.align == "right")
            page.write(at, y, text, size=style.SMALL, bold=True, align=column.align, gid="header")
    for over, group in groupby(_placed(table, width), key=lambda item: item[0].over):
        if over:
            members = list(group)
            left, right = members[0][1], members[-1][1] + members[-1][0].width
            y = floor - most * NOTE - 0.025
            page.write((left + right) / 2, y - NOTE - 0.01, over, size=style.SMALL, bold=True,
                       align="center", gid="header")  # fmt: skip
            page.rule(y, left=left, right=right, heavy=True)
    page.rule(layout.head, heavy=True)


def _lines(cell: Cell, width: float) -> Iterator[_Line]:
    size, colour = (style.SMALL, style.GREY) if cell.quiet else (style.SIZE, style.INK)
    if cell.fields:
        yield _Line(text="", size=size, colour=colour, fields=cell.fields)
    for text in style.wrap(cell.text, width, size):
        yield _Line(text=text, size=size, colour=colour)
    for text in style.wrap(cell.note, width, style.SMALL):
        yield _Line(text=text, size=style.SMALL, colour=style.GREY)


def _write_cell(page: Sheet, column: Column, x: float, lines: Sequence[_Line], y: float) -> None:
    """Write the lines of a cell, the middle of the first one at `y`."""
    middle = y
    for number, line in enumerate(lines):
        if number:
            middle += (lines[number - 1].height + line.height) / 2
        gid = column.gid if line.size > style.SMALL else f"{column.gid}-note"
        for text, at, align in _pieces(line, column, x):
            page.write(at, middle - sheet.middle(line.size), text, size=line.size,
                       color=line.colour, align=align, gid=gid)  # fmt: skip


def _pieces(line: _Line, column: Column, x: float) -> Iterator[tuple[str, float, Align]]:
    """Yield the texts of a line, each with its place in inches and its alignment."""
    if not line.fields:
        yield line.text, x + column.width * (column.align == "right"), column.align
        return
    needed = sum(map(sum, column.fields)) + _FIELD_GAP * (len(column.fields) - 1)
    point = x + (column.width - needed) * (column.align == "right")
    for text, (before, after) in zip(line.fields, column.fields, strict=False):
        point += before
        if text:
            yield text, point + _halves(text)[1], "right"
        point += after + _FIELD_GAP


def _halves(text: str) -> tuple[float, float]:
    """Widths of a number up to its decimal point, or the place of one, and after it."""
    match = _NUMBER.match(text)
    before = style.text_width(match[1] if match else text)
    return before, style.text_width(text) - before
