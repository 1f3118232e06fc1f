"""The natural course: how an outcome changes over time whatever anybody is treated with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import ScaledTranslation

from equipoise.appraisal.framing import benchmark_caveats
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.figures import direct_labels, sheet, style
from equipoise.figures.direct_labels import Box
from equipoise.figures.drawn import finish
from equipoise.figures.plot_frame import inches, write

MESSAGE = (
    "The benchmark for any before-and-after figure: this much changes over time in people treated "
    "and untreated alike."
)

_COLUMNS = ("context_id", "series", "quantity", "value", "low", "high", "unit", "weeks",
            "population", "source_id", "confidence")  # fmt: skip
_COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.INK)
_MARKERS = ("o", "s", "^", "D", "v")
_DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)))
_PLOT, _TICKS, _AXIS, _INSET, _LEADER = 2.6, 0.34, 0.5, 0.16, 0.22


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One series: its name and its points in order of weeks."""

    name: str
    about: str
    rows: pd.DataFrame

    @property
    def points(self) -> list[tuple[float, float]]:
        return list(zip(self.rows["weeks"], self.rows["value"], strict=True))

    @property
    def intervals(self) -> list[tuple[float, float, float]]:
        """Week, low and high of the points that have an interval."""
        bounded = self.rows[self.rows["low"].notna() & self.rows["high"].notna()]
        return list(zip(bounded["weeks"], bounded["low"], bounded["high"], strict=True))


def natural_course(context: pd.DataFrame, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw how an outcome changes over the weeks in people treated or not, from zero up.

    Series of two or more weeks that share a unit are drawn as lines, labelled where they end. If
    units differ, the one with most points is drawn. Every other number is written under the plot.

    Parameters
    ----------
    context
        Rows of context.csv; of those only kind natural_history is read, if there is such a column.
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
        If no number has a week.
    """
    frame = _chosen(context)
    lines = _lines(frame[frame["drawn"]])
    notes = [MESSAGE, *_also(frame[~frame["drawn"]])]
    with style.context():
        ax_was_none = ax is None
        ax = _draw(ax, lines, notes, title or "The usual course, treated or not")
    return finish(ax, frame, _alt(lines, notes), benchmark_caveats(), strip=ax_was_none)


def _chosen(context: pd.DataFrame) -> pd.DataFrame:
    """The rows of natural history, and which of them are `drawn`."""
    frame = context[context["kind"] == "natural_history"] if "kind" in context else context
    frame = frame.reindex(columns=list(_COLUMNS)).reset_index(drop=True)
    words = ["series", "quantity", "unit", "population"]
    frame[words] = frame[words].astype(object).fillna("")
    placed = frame["value"].notna() & frame["weeks"].notna()
    if not placed.any():
        raise UsageError("There is nothing to draw: no number of natural history has a week.")
    sizes = frame[placed].groupby("series")["weeks"].transform("nunique").reindex(frame.index)
    over_time = placed & (sizes > 1)
    unit = frame.loc[over_time if over_time.any() else placed, "unit"].mode(dropna=False).iloc[0]
    lines = over_time & (frame["unit"] == unit)
    quantities = frame.loc[lines if lines.any() else placed, "quantity"].unique()
    # A lone point stands among the lines only if it is the same thing, measured in the same unit.
    alone = placed & (sizes == 1) & (frame["unit"] == unit) & frame["quantity"].isin(quantities)
    frame["drawn"] = lines | alone
    return frame


def _lines(frame: pd.DataFrame) -> list[_Line]:
    groups = [(str(name), rows.sort_values("weeks")) for name, rows in
              frame.groupby("series", sort=False)]  # fmt: skip
    tails = {name.partition(": ")[2] for name, _ in groups}
    shared = len(tails) == 1 and len(groups) > 1  # what all names end in need not be said each time
    one_quantity = len(set(frame["quantity"])) == 1
    return [
        _Line(
            name=name.partition(": ")[0] if shared else name,
            about=_about(rows, one_quantity=one_quantity),
            rows=rows,
        )
        for name, rows in groups
    ]


def _about(rows: pd.DataFrame, *, one_quantity: bool) -> str:
    """What stands small under the name: of whom, and what if the lines differ in that."""
    population, quantity = (str(rows[name].iloc[0]) for name in ("population", "quantity"))
    parts = [] if one_quantity else [quantity]
    return "; ".join([*parts, population] if population not in ("", "NR") else parts)


def _also(frame: pd.DataFrame) -> list[str]:
    """The numbers that have no place in the plot, as one line for each population."""
    lines = []
    for population, rows in frame.groupby("population", sort=False):
        said = [_say(row) for row in rows.itertuples(index=False)]
        whom = f", {numbers.lower_first(str(population))}" if population not in ("", "NR") else ""
        lines.append(f"Also reported{whom}: {'; '.join(said)}.")
    return lines


def _say(row: object) -> str:
    quantity, value, low, high, unit, weeks = (
        getattr(row, name) for name in ("quantity", "value", "low", "high", "unit", "weeks")
    )
    bounds = "" if math.isnan(low) else f"{numbers.short(low)} to {numbers.short(high)}"
    if math.isnan(value):
        amount = bounds or "value not reported,"
    else:
        amount = numbers.short(value) + (f" ({bounds})" if bounds else "")
    when = "" if math.isnan(weeks) else f" (week {numbers.short(weeks)})"
    return f"{numbers.lower_first(str(quantity))}, {amount} {unit}{when}"


def _draw(ax: Axes | None, lines: list[_Line], notes: list[str], title: str) -> Axes:
    width = sheet.width_of(ax) - (_TICKS if ax is None else 0.0)
    labels = [_label(line, 0.27 * width) for line in lines]
    room = max(text.width for text in labels)
    height = max(_PLOT, 1.1 * sum(text.height for text in labels))
    indent = _TICKS if ax is None else 0.0
    titles = style.wrap(title, width + indent, style.TITLE, "bold")
    quantity = _quantity(lines)
    heads = style.wrap(quantity, width + indent)
    written = [line for note in notes for line in style.wrap(note, width + indent, style.SMALL)]
    top = sheet.block(len(titles), style.TITLE) + sheet.block(len(heads)) + 0.28
    bottom = _AXIS + sheet.block(len(written), style.SMALL) + 0.12
    ax = style.panel(ax, height, left=sheet.MARGIN + indent, right=sheet.MARGIN, top=top,
                     bottom=bottom)  # fmt: skip
    _scale(ax, lines, width, room + _LEADER)
    for number, line in enumerate(lines):
        _draw_line(ax, line, number)
    missing = _write_values(ax, lines, width - room - 0.04)
    _write_axis_label(ax, lines, missing=missing)
    _write_names(ax, lines, labels, width - room)
    over = 0.12 + sheet.block(len(heads))
    ax.set_title("\n".join(titles), loc="left", x=-indent / width, pad=72 * over + 3,
                 fontweight="bold", linespacing=sheet.LEADING)  # fmt: skip
    write(ax, 1, heads, size=style.SIZE, at=(-indent, over), gid="quantity", color=style.GREY)
    write(ax, 0, written, size=style.SMALL, at=(-indent, -_AXIS), gid="note", color=style.GREY)
    return ax


def _quantity(lines: list[_Line]) -> str:
    """What the height of the lines means."""
    rows = pd.concat([line.rows for line in lines])
    names = list(dict.fromkeys(map(str, rows["quantity"])))
    unit = str(rows["unit"].iloc[0])
    return f"{names[0]}, {unit}" if len(names) == 1 else numbers.upper_first(unit)


def _scale(ax: Axes, lines: list[_Line], width: float, room: float) -> None:
    """Axes from zero, with plain ticks, that leave `room` inches on the right for the names."""
    weeks = sorted({week for line in lines for week, _ in line.points})
    bounds = [x for line in lines for name in ("value", "low", "high") for x in line.rows[name]]
    known = [x for x in bounds if not math.isnan(x)]
    rounder = MaxNLocator(nbins=6, steps=[1, 2, 5, 10])
    heights = [float(y) for y in rounder.tick_values(min(0, *known), max(0, *known))]
    first, last = weeks[0], max(weeks[-1], weeks[0] + 1)
    step = (last - first) / max(width - room - _INSET, 0.5)
    ax.set_xlim(first - _INSET * step, first + (width - _INSET) * step)
    ax.set_ylim(heights[0], heights[-1])
    if any(b - a < 0.3 * step for a, b in pairwise(weeks)):
        ticks = MaxNLocator(nbins=8, integer=True).tick_values(first, last)
        weeks = [float(tick) for tick in ticks if first <= tick <= last]
    ax.set_xticks(weeks, [numbers.short(week) for week in weeks])
    ax.set_yticks(heights, [numbers.short(y) for y in heights])
    ax.hlines(heights, first - _INSET * step, last, color=style.LIGHT, linewidth=0.5, zorder=0.5)
    for name, spine in ax.spines.items():
        spine.set_visible(name == "bottom")
    ax.spines["bottom"].set_bounds(first - _INSET * step, last)
    ax.tick_params(axis="both", colors=style.GREY, labelcolor=style.INK, labelsize=style.SIZE)
    ax.tick_params(axis="y", length=0)


def _write_axis_label(ax: Axes, lines: list[_Line], *, missing: int) -> None:
    weeks = [week for line in lines for week, _ in line.points]
    text = f"Weeks ({missing} values without room stand in the table only)" if missing else "Weeks"
    below = ax.get_xaxis_transform() + ScaledTranslation(
        0, -0.36, sheet.figure_of(ax).dpi_scale_trans
    )
    ax.text((min(weeks) + max(weeks)) / 2, 0, text, fontsize=style.SIZE, ha="center",
            va="baseline", linespacing=1.0, transform=below, gid="axis label")  # fmt: skip


def _draw_line(ax: Axes, line: _Line, number: int) -> None:
    colour = _COLOURS[number % len(_COLOURS)]
    weeks, values = zip(*line.points, strict=True)
    ax.plot(
        weeks, values, color=colour, linestyle=_DASHES[number % len(_DASHES)], linewidth=1.4,
        marker=_MARKERS[number % len(_MARKERS)], markersize=5.5, markerfacecolor=style.PAPER,
        markeredgewidth=1.3, gid="course", clip_on=False, zorder=3,
    )  # fmt: skip
    for week, low, high in line.intervals:
        ax.vlines(week, low, high, color=colour, linewidth=0.9, gid="interval", zorder=2)


def _write_values(ax: Axes, lines: list[_Line], right: float) -> int:
    """Write the value at each point where there is room; return at how many there was none.

    Values stay left of `right` inches, where the names begin.
    """
    transform = ax.transData + inches(ax, 0).inverted()

    def placed(week: float, value: float) -> tuple[float, float]:
        x, y = transform.transform((week, value))
        return float(x), float(y)

    marks, sizes, texts, trail, leaders = [], [], [], [], []
    for line in lines:
        spots = [placed(*point) for point in line.points]
        for (x, y), (_, value) in zip(spots, line.points, strict=True):
            marks.append(Box(x=x, y=y, width=0.1, height=0.1))
            texts.append(numbers.short(value))
            sizes.append((style.text_width(texts[-1]) * style.HINTING + 0.03, 0.115))
        end, y = spots[-1]
        leaders.append(Box(x=(end + right) / 2, y=y, width=right - end, height=0.02))
        bars = [(placed(x, low), placed(x, high)) for x, low, high in line.intervals]
        for start, stop in (*pairwise(spots), *bars):
            trail += direct_labels.along(start, stop)
    height = sheet.height_of(ax)
    within = Box(x=right / 2, y=height / 2 - 0.02, width=right, height=height + 0.24)
    places = direct_labels.beside_marks(marks, sizes, lines=trail, closed=leaders, within=within)
    for place, text in zip(places, texts, strict=True):
        if place is not None:
            ax.text(place.x, place.y - 0.365 * style.SIZE / 72, text, fontsize=style.SIZE,
                    ha="center", va="baseline", transform=inches(ax, 0), gid="value", zorder=4,
                    linespacing=1.0)  # fmt: skip
    return places.count(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """A line's name as it is written at its end."""

    name: list[str]
    about: list[str]
    width: float

    @property
    def height(self) -> float:
        return sheet.block(len(self.name)) + sheet.block(len(self.about), style.SMALL) + 0.06


def _label(line: _Line, room: float) -> _Name:
    name, about = style.wrap(line.name, room), style.wrap(line.about, room, style.SMALL)
    widths = [style.text_width(text) for text in name]
    widths += [style.text_width(text, style.SMALL) for text in about]
    return _Name(name=name, about=about, width=max(widths, default=0.0) * style.HINTING)


def _write_names(ax: Axes, lines: list[_Line], labels: list[_Name], x: float) -> None:
    """Write each name at the height where its line ends, with a leader if it had to move."""
    height = sheet.height_of(ax)
    low, high = ax.get_ylim()
    ends = [line.points[-1] for line in lines]
    wanted = [(value - low) / (high - low) * height for _, value in ends]
    middles = direct_labels.spread(wanted, [text.height for text in labels], 0.0, height)
    corner = inches(ax, 0)
    last = max(week for week, _ in ends)
    for text, middle, end in zip(labels, middles, ends, strict=True):
        colour = style.GREY if end[0] == last else style.LIGHT  # a long one must not pass for data
        ax.annotate(
            "", xy=end, xytext=(x - 0.05, middle), textcoords=corner, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkA": 0,
                        "shrinkB": 5},
        )  # fmt: skip
        top = middle + text.height / 2 - 0.03
        write(ax, 0, text.name, size=style.SIZE, at=(x, top), gid="name")
        write(ax, 0, text.about, size=style.SMALL, at=(x, top - sheet.block(len(text.name))),
               gid="about", color=style.GREY)  # fmt: skip


def _alt(lines: list[_Line], notes: list[str]) -> str:
    told = [f"{line.name}: {_course(line)}." for line in lines]
    return " ".join([f"Line chart of {numbers.lower_first(_quantity(lines))}, by week.", *told,
                     *notes])  # fmt: skip


def _course(line: _Line) -> str:
    """Every point if they are few, else the first and the last."""
    said = [f"{numbers.short(value)} at week {numbers.short(week)}" for week, value in line.points]
    if len(said) > 6:
        return f"from {said[0]} to {said[-1]} ({len(said)} points)"
    return ", ".join(said)
