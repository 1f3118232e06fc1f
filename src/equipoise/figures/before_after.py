"""Before and after: means measured twice in the same people, as dumbbells."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch
from matplotlib.ticker import MaxNLocator

from equipoise.display import numbers
from equipoise.effects.paired import mean_change
from equipoise.errors import UsageError
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.figures import columns, sheet, style
from equipoise.figures.columns import Cell, Layout, Table
from equipoise.figures.drawn import finish
from equipoise.figures.given import summaries_of

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

BOTH, ONE, CHANGE, NOTHING = "before and after", "one mean", "change only", "not reported"
"""What a row reports, and so how it is drawn."""

_TEXT = ("study_id", "label", "design", "treatment", "timepoint")
_MEANS = (
    "mean_before",
    "sd_before",
    "mean_after",
    "sd_after",
    "mean_change",
    "minimum_change",
    "maximum_change",
)
_KEY = "○ before, or at rest  →  ● after, or during"
_HEADING = 0.3
_AXIS = 0.52
_SAVED = columns.PADDING / 2  # a row that is all small print needs less air

Row = dict[str, Any]


def before_after(
    summaries: Summary | Iterable[Summary], *, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw the means of one or several outcomes before and after, one row a measurement.

    Each row is a dumbbell: an open circle before (or at rest), a filled one after (or during), and
    an arrow from the one to the other. A row that reports the change alone has no place on the
    axis and says so in words; one without numbers is listed all the same. A change says what
    happened to these people, not what caused it.

    Parameters
    ----------
    summaries
        One summary, or several of outcomes that share a unit.
    ax
        Axes to draw on; by default a figure of its own.
    title
        Title; by default it names the outcomes.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    UsageError
        If there is nothing to draw, a summary is none, the outcomes are measured in different
        units, or the axes are too narrow for the columns.
    """
    chosen = summaries_of(summaries, "before_after")
    unit = _unit(chosen)
    frame = pd.concat([_rows(summary) for summary in chosen], ignore_index=True)
    names = list(dict.fromkeys(str(summary.outcome["label"]) for summary in chosen))
    note = _note(frame)
    with style.context():
        headed = len(names) > 1 or bool(title)  # else the title has named the one outcome
        blocks = [_block(frame, name, sheet.width_of(ax), headed=headed) for name in names]
        rows = [row for block in blocks for row in block]
        axes = _draw(ax, rows, unit, title=title or _title(names), note=note)
    caveats = [caveat for summary in chosen for caveat in summary.caveats]
    return finish(axes, frame, _alt(frame, names, unit, note), caveats, strip=ax is None)


def _unit(summaries: tuple[Summary, ...]) -> str:
    units = {str(s.outcome["label"]): str(s.outcome["unit"]) for s in summaries}
    if not units:
        raise UsageError("There is nothing to draw: give at least one summary.")
    if len(set(units.values())) > 1:
        listed = [f"{name} is in {unit or 'no unit'}" for name, unit in units.items()]
        raise UsageError(f"Draw one figure per unit: {numbers.listing(listed)}.")
    return next(iter(units.values()))


def _title(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} before and after"
    return "Before and after, measured in the same people"


def _rows(summary: Summary) -> pd.DataFrame:
    """The rows of one outcome, with the change and with what they report."""
    source = summary.frame
    frame = source.reindex(columns=[*_TEXT, "n", *_MEANS]).copy()
    if "people" in source:
        frame["n"] = frame["n"].fillna(source["people"])
    # A position measured alone, with nothing before it, still has a place on the axis.
    alone = (source["comparator"] == "") & frame[["mean_before", "mean_after"]].isna().all(axis=1)
    frame["mean_after"] = frame["mean_after"].where(~alone, source["mean_treatment"])
    known = frame[["mean_before", "mean_after"]].notna().sum(axis=1)
    ends = zip(frame["mean_before"], frame["mean_after"], strict=True)
    change = pd.Series([mean_change(*pair) for pair in ends], index=frame.index, dtype=float)
    frame["change"] = frame.pop("mean_change").fillna(change)
    for end in ("low", "high"):  # what rounding allows is not an interval of a mean
        frame[end] = source[end].where(source["interval"].isin(["confidence", "reported"]))
    frame["reports"] = [
        {2: BOTH, 1: ONE}.get(count, NOTHING if math.isnan(change) else CHANGE)
        for count, change in zip(known, frame["change"], strict=True)
    ]
    frame["unit"] = str(summary.outcome["unit"])
    frame["notes"] = source.get("notes", "")
    frame.insert(0, "outcome", str(summary.outcome["label"]))
    return frame


def _draw(ax: Axes | None, rows: list[Row], unit: str, *, title: str, note: str) -> Axes:
    lines = style.wrap(note, sheet.width_of(ax), style.SMALL)
    below = _AXIS + sheet.block(len(lines), style.SMALL)
    layout = columns.lay_out(ax, _table(rows), title=title, subtitle=_KEY, below=below)
    _draw_axis(layout, rows, unit)
    for row, top, centre in zip(rows, layout.tops, layout.centres, strict=True):
        if row["heading"]:
            head = top - row["above"]
            layout.section(head + _HEADING - 0.08, row["heading"])
            if row is not rows[0]:
                layout.sheet.rule(head + 0.05)
        if row["silent"]:
            start = top + _SAVED - sheet.block(len(row["silent"]), style.SMALL)
            layout.sheet.write(0, start, "\n".join(row["silent"]), size=style.SMALL,
                               color=style.GREY, gid="silent")  # fmt: skip
        elif row["reports"] == CHANGE:
            y = centre - sheet.middle(style.SMALL)
            layout.sheet.write(layout.band[0], y, "only the change is reported", gid="instead",
                               size=style.SMALL, color=style.GREY)  # fmt: skip
        else:
            _draw_dumbbell(layout, row, centre)
    layout.sheet.write(0, layout.floor + _AXIS, "\n".join(lines), size=style.SMALL,
                       color=style.GREY, gid="note")  # fmt: skip
    return layout.ax


def _records(frame: pd.DataFrame, name: str) -> list[Row]:
    mine = frame[frame["outcome"] == name].to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in mine]


def _block(frame: pd.DataFrame, name: str, width: float, *, headed: bool) -> list[Row]:
    """The rows of one outcome: those with numbers, then one that names the others."""
    records = _records(frame, name)
    rows = [{**row, "silent": []} for row in records if row["reports"] != NOTHING]
    others = [str(row["label"]) for row in records if row["reports"] == NOTHING]
    if others or not records:
        text = f"Values not reported: {', '.join(dict.fromkeys(others))}"
        lines = style.wrap(text if others else "No study measured it", width, style.SMALL)
        rows.append({"outcome": name, "reports": NOTHING, "silent": lines})
    for number, row in enumerate(rows):
        row["heading"] = name if headed and number == 0 else ""
        silent = sheet.block(len(row["silent"]), style.SMALL) - _SAVED if row["silent"] else 0.0
        row["above"] = _HEADING * bool(row["heading"]) + silent
    return rows


def _table(rows: list[Row]) -> Table:
    found = [None if row["silent"] else row for row in rows]
    label = columns.column([_label(row) for row in found], most=1.85, header="Study", gid="label")
    people = columns.column(
        [Cell(text=numbers.count(row["n"]) if row else "") for row in found],
        most=0.6, header="People", align="right", gid="people",
    )  # fmt: skip
    means = columns.column(
        [_means(row) for row in found], most=1.2, header="Before → after", align="right",
        gid="means",
    )  # fmt: skip
    change = columns.column(
        [_change(row) for row in found], most=1.2, header="Change", align="right", gid="change"
    )
    above = tuple(row["above"] for row in rows)
    return Table(left=(label, people), right=(means, change), above=above)


def _label(row: Row | None) -> Cell:
    if row is None:
        return Cell()
    when = row["timepoint"] if row["timepoint"] != NOT_REPORTED else ""
    return Cell(text=str(row["label"]), note=str(when or row["treatment"]))


def _means(row: Row | None) -> Cell:
    if row is None or row["reports"] not in (BOTH, ONE):
        return Cell()
    before, after = numbers.short(row["mean_before"]), numbers.short(row["mean_after"])
    return Cell(fields=(before, "→", after))


def _change(row: Row | None) -> Cell:
    """The change, and under it its interval, or else its range over people, if reported."""
    if row is None or math.isnan(row["change"]):
        return Cell() if row is None else Cell(fields=(numbers.MISSING,))
    spread = ""
    if not math.isnan(row["low"]):
        spread = f"interval {numbers.interval(row['low'], row['high'])}"
    elif not math.isnan(row["minimum_change"]):
        low, high = numbers.short(row["minimum_change"]), numbers.short(row["maximum_change"])
        spread = f"range {low} to {high}"
    return Cell(fields=(numbers.signed(row["change"]),), note=spread)


def _draw_axis(layout: Layout, rows: list[Row], unit: str) -> None:
    """Ticks at round numbers around all means; no axis if there is none to draw."""
    pairs = [(row["mean_before"], row["mean_after"]) for row in rows if not row["silent"]]
    means = [mean for pair in pairs for mean in pair if not math.isnan(mean)]
    if not means:
        return
    low, high = min(means), max(means)
    if low == high:  # a single mean has no scale of its own
        low, high = low - 1, high + 1
    ticks = [
        float(tick) for tick in MaxNLocator(nbins=6, steps=[1, 2, 5, 10]).tick_values(low, high)
    ]
    layout.sheet.scale_x(*layout.band, ticks[0], ticks[-1])
    layout.sheet.axis(layout.floor, ticks, [numbers.short(tick) for tick in ticks])
    layout.sheet.write(sum(layout.band) / 2, layout.floor + 0.22, f"Mean, {unit}" if unit else
                       "Mean", align="center", gid="axis label")  # fmt: skip


def _draw_dumbbell(layout: Layout, row: Row, y: float) -> None:
    """Circles at the means, and between them an arrow if there is room for its head."""
    ax, before, after = layout.ax, row["mean_before"], row["mean_after"]
    low, high = ax.get_xlim()
    inches = abs(after - before) / (high - low) * layout.sheet.width
    if inches > 0.2:
        arrow = FancyArrowPatch(
            (before, y), (after, y), arrowstyle="-|>,head_length=3.4,head_width=1.7", shrinkA=3.2,
            shrinkB=3.4, color=style.GREY, linewidth=0.9, clip_on=False, gid="arrow",
            mutation_scale=1,
        )  # fmt: skip
        ax.add_patch(arrow)
    elif row["reports"] == BOTH:
        ax.plot([before, after], [y, y], color=style.GREY, linewidth=0.9, gid="line")
    for value, face, gid in ((before, style.PAPER, "before"), (after, style.TREATMENT, "after")):
        if not math.isnan(value):
            ax.plot(
                [value], [y], "o", markersize=5.6, markerfacecolor=face, gid=gid, zorder=3,
                markeredgecolor=style.TREATMENT, markeredgewidth=1.1, clip_on=False,
            )  # fmt: skip


def _note(frame: pd.DataFrame) -> str:
    if frame["low"].notna().any():
        spread = "Means; the interval of a change stands under it where a source gives one."
    else:
        spread = "Means only, without intervals: the spread of the changes is not reported."
    return f"{spread} The same people twice, nobody compared."


def _alt(frame: pd.DataFrame, names: list[str], unit: str, note: str) -> str:
    kind = f"Dumbbell chart of means{f' in {unit}' if unit else ''}"
    told = [f"{name}: {_told(_records(frame, name))}." for name in names]
    return " ".join(
        [f"{kind}, before and after (or at rest and during) in the same people.", *told, note]
    )


def _told(rows: list[Row]) -> str:
    """Say every measurement of an outcome if they are few, else how many and their range."""
    both = [row for row in rows if row["reports"] == BOTH]
    changes = [row["change"] for row in both]
    parts = [
        f"{_who(row, both)} {numbers.short(row['mean_before'])} to "
        f"{numbers.short(row['mean_after'])} ({numbers.signed(row['change'])}; "
        f"{numbers.people(row['n'])})"
        for row in both
    ]
    if len(both) > 4:
        parts = [f"{len(both)} measurements, changes from {numbers.signed(min(changes))} to "
                 f"{numbers.signed(max(changes))}"]  # fmt: skip
    parts.extend(
        f"{row['label']} reports only a change of {numbers.signed(row['change'])}"
        for row in rows
        if row["reports"] == CHANGE
    )
    alone = sum(row["reports"] == ONE for row in rows)
    silent = sum(row["reports"] == NOTHING for row in rows)
    parts += [f"{alone} with one mean and no change"] * bool(alone)
    parts += [f"{silent} without values"] * bool(silent)
    return "; ".join(parts or ["no study measured it"])


def _who(row: Row, rows: list[Row]) -> str:
    """Name the study, and the position or time too if the study is there more than once."""
    alike = sum(other["label"] == row["label"] for other in rows)
    return f"{row['label']}, {row['timepoint']}," if alike > 1 else str(row["label"])
