"""Two groups: the people treated against those they were compared with, study by study."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes

from equipoise.appraisal.facts import design_name, design_of
from equipoise.display import numbers
from equipoise.effects.arms import Group
from equipoise.errors import UsageError
from equipoise.evidence.records import records
from equipoise.figures import legend, marks, sheet, style
from equipoise.figures.columns import (
    LINE,
    NOTE,
    Cell,
    Layout,
    Table,
    column,
    lay_out,
    when,
)
from equipoise.figures.drawn import finish
from equipoise.figures.given import check_summary
from equipoise.figures.marks import Share, share_of

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

_AXIS = 0.36
_STUDY = 0.3
_VALUES = 0.17
_AXIS_GAP = 0.04
_IN_ALT = 6
_REACH = 0.1
_DODGE = 0.022
_RATIOS = ("RR", "OR")


def two_groups(summary: Summary, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw each comparison as two points on an axis of percentages, and say how they differ.

    Above each point stands its share, under it the people behind it. Shares counted from people
    are filled and have Wilson's interval; a percentage without them is hollow. The columns beside
    give the difference in percentage points and the ratio, each with what its range is: a
    confidence interval, or only what the rounding of the percentages allows. Comparisons that are
    not reported are listed all the same.

    Parameters
    ----------
    summary
        A summary of a yes-or-no outcome.
    ax
        Axes to draw on, which the columns of text share; by default a figure of its own.
    title
        Title; by default it names the outcome.

    Returns
    -------
    Axes
        The axes drawn on; `drawn` tells its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If the outcome is not a yes-or-no one, nobody was compared, or the summary is none.
    """
    check_summary(summary, "two_groups")
    pairs = _pairs(summary)
    with style.context():
        keys = marks.keys_of(
            [(group, share) for pair in pairs for group, share in pair.shares.items()],
            {"treatment": _name(pairs, "treatment"), "control": _name(pairs, "comparator")},
        )
        width = sheet.width_of(ax)
        layout = lay_out(
            ax, _table(pairs, width), subtitle="",
            title=title or f"{summary.outcome['label']}: treated against compared",
            below=_AXIS_GAP + _AXIS + legend.height(keys, width),
        )  # fmt: skip
        marks.draw_percent_axis(layout, drop=_AXIS_GAP)
        for number, (pair, top, y) in enumerate(
            zip(pairs, layout.tops, layout.centres, strict=True)
        ):
            if pair.opens_study:
                heading = top - (_VALUES if pair.drawn else 0.0) - _STUDY / 2 + 0.03
                layout.section(heading, pair.study)
                if number:
                    layout.sheet.rule(heading - _STUDY / 2 - 0.02)
            _draw(layout, pair, y)
        legend.draw(layout.sheet, keys, layout.floor + _AXIS_GAP + _AXIS)
        return finish(
            layout.ax, _frame(pairs), _alt(summary, pairs), summary.caveats, strip=ax is None
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pair:
    """One comparison: the shares of its two groups, and the row they come from."""

    row: dict[Any, Any]
    shares: dict[Group, Share]
    opens_study: bool

    @property
    def drawn(self) -> bool:
        return any(share.kind != "nothing" for share in self.shares.values())

    @property
    def study(self) -> str:
        return f"{self.row['label']}, {design_name(design_of(self.row), self.row['directness'])}"

    @property
    def difference(self) -> str:
        """`18 points fewer`: the groups in the order treated minus compared."""
        return _points(self.row["risk_difference"])

    @property
    def difference_range(self) -> str:
        low, high = self.row["rd_low"], self.row["rd_high"]
        if math.isnan(low):
            return ""
        digits = _digits(low, high)
        if low < 0 < high:
            ends = f"{_points(low, digits, unit='')} to {_points(high, digits, unit='')}"
        else:
            near, far = sorted((100 * abs(low), 100 * abs(high)))
            ends = numbers.interval(near, far, digits)
        counted = all(share.kind == "counted" for share in self.shares.values())
        if counted:
            return f"{numbers.interval_name('confidence', marks.LEVEL)} {ends}"
        return f"{ends} by rounding, no CI"

    @property
    def ratio(self) -> str:
        row = self.row
        if row["measure"] not in _RATIOS or math.isnan(row["estimate"]):
            return ""
        return f"{row['measure']} {numbers.plain(row['estimate'])}"

    @property
    def ratio_range(self) -> str:
        row = self.row
        if not self.ratio or math.isnan(row["low"]):
            return ""
        ends = numbers.interval(row["low"], row["high"], 2)
        if row["interval"] == "rounding":
            return f"{ends} by rounding, no CI"
        level = row["ci_level"] if row["interval"] == "reported" else marks.LEVEL
        name = numbers.interval_name(row["interval"], marks.LEVEL if math.isnan(level) else level)
        return f"{name} {ends}"

    @property
    def missing(self) -> str:
        """What stands instead of a difference."""
        silent = [group for group, share in self.shares.items() if share.kind == "nothing"]
        if len(silent) == 2:
            return "not reported"
        if silent:
            group = "treated" if silent == ["treatment"] else "compared"
            return f"difference cannot be computed: the {group} group is not reported"
        return "difference cannot be computed: a percentage is only a bound"


def _pairs(summary: Summary) -> list[_Pair]:
    if summary.outcome["kind"] != "binary":
        raise UsageError(
            f"“{summary.outcome['label']}” is not a yes-or-no outcome, so its groups have no "
            "shares to draw; forest draws differences of means."
        )
    rows = [row for row in records(summary.frame) if row["comparator"]]
    if not rows:
        raise UsageError(
            f"Nobody was compared for “{summary.outcome['label']}”; outcomes draws one group."
        )
    order = list(dict.fromkeys(row["study_id"] for row in rows))
    rows.sort(key=lambda row: order.index(row["study_id"]))
    return [
        _Pair(
            row=row,
            shares={"treatment": share_of(row, "treatment"), "control": share_of(row, "control")},
            opens_study=number == 0 or rows[number - 1]["study_id"] != row["study_id"],
        )
        for number, row in enumerate(rows)
    ]


def _table(pairs: list[_Pair], width: float) -> Table:
    labels = [
        Cell(text=str(pair.row["treatment"]),
             note=f"compared: {numbers.lower_first(str(pair.row['comparator']))}; "
             f"{when(str(pair.row['timepoint']))}")
        for pair in pairs
    ]  # fmt: skip
    differences = [
        Cell(text=pair.difference, note=pair.difference_range) if pair.difference
        else Cell(text=pair.missing, quiet=True)
        for pair in pairs
    ]  # fmt: skip
    ratios = [Cell(text=pair.ratio, note=pair.ratio_range) for pair in pairs]
    return Table(
        left=(column(labels, most=0.28 * width, gid="label"),),
        right=(
            column(differences, most=0.18 * width, header="Difference", gid="difference"),
            column(ratios, most=0.16 * width, header="Ratio", gid="ratio"),
        ),
        above=tuple(
            (_STUDY if pair.opens_study else 0.05) + (_VALUES if pair.drawn else 0.0)
            for pair in pairs
        ),
        least=LINE + 2 * NOTE,
    )


def _draw(layout: Layout, pair: _Pair, y: float) -> None:
    """Draw the two points, the line that joins them, and what they are."""
    known = {group: share for group, share in pair.shares.items() if share.kind != "nothing"}
    if len(known) == 2:
        ends = [100 * share.value for share in known.values()]
        layout.ax.plot(ends, [y, y], color=style.GREY, linewidth=0.8, linestyle=(0, (1, 2)),
                       zorder=1, gid="connector")  # fmt: skip
    for group, share in known.items():
        # Overlapping intervals stay apart when each passes through its own half of the marks.
        shift = -_DODGE if group == "treatment" else _DODGE
        marks.draw_share(layout.ax, share, y, group, shift=shift)
    low, high = layout.band
    for text, down in (("percent", -_VALUES - sheet.middle()), ("counts", NOTE - 0.04)):
        size = style.SIZE if text == "percent" else style.SMALL
        words = [getattr(share, text) for share in known.values() if share.known(text)]
        widths = [style.text_width(word, size) * style.HINTING + 0.06 for word in words]
        wanted = [low + share.value * (high - low) for share in known.values() if share.known(text)]
        for word, x in zip(words, _apart(wanted, widths, low - _REACH, high + _REACH), strict=True):
            layout.sheet.write(x, y + down, word, size=size, align="center", gid=text,
                               color=style.INK if text == "percent" else style.GREY)  # fmt: skip


def _apart(wanted: list[float], widths: list[float], low: float, high: float) -> list[float]:
    """Move two centred texts apart as far as they overlap, and both off the columns beside."""
    at = list(wanted)
    if len(at) == 2:
        overlap = max(sum(widths) / 2 - abs(at[0] - at[1]), 0.0)
        first = -1 if at[0] <= at[1] else 1
        at = [at[0] + first * overlap / 2, at[1] - first * overlap / 2]
    pairs = list(zip(at, widths, strict=True))
    shift = max([low - (x - width / 2) for x, width in pairs] + [0.0])
    shift -= max([(x + width / 2) - high for x, width in pairs] + [0.0])
    return [x + shift for x in at]


def _points(difference: float, digits: int | None = None, *, unit: str = " points") -> str:
    """Return a difference of shares in words; empty if there is none."""
    if math.isnan(difference):
        return ""
    size = numbers.plain(100 * abs(difference), _digits(difference) if digits is None else digits)
    return f"{size}{unit} {'fewer' if difference < 0 else 'more'}"


def _digits(*differences: float) -> int:
    """Whole points, unless the differences are so small that they would vanish."""
    return 1 if max(abs(difference) for difference in differences) < 0.01 else 0


def _name(pairs: list[_Pair], column_name: str) -> str:
    names = {str(pair.row[column_name]) for pair in pairs}
    if len(names) == 1:
        return numbers.lower_first(names.pop())
    return "treated" if column_name == "treatment" else "compared"


def _frame(pairs: list[_Pair]) -> pd.DataFrame:
    records = []
    for pair in pairs:
        record = {name: pair.row[name] for name in (
            "study_id", "label", "design", "treatment", "comparator", "timepoint")}  # fmt: skip
        for group, share in pair.shares.items():
            for name in ("events", "n", "value", "low", "high", "relation"):
                key = "share" if name == "value" else name
                record[f"{key}_{group}"] = getattr(share, name)
            record[f"rests_on_{group}"] = share.kind
        names = ("risk_difference", "rd_low", "rd_high", "measure", "estimate", "low", "high",
                 "interval", "basis", "reason")  # fmt: skip
        records.append(record | {name: pair.row[name] for name in names})
    return pd.DataFrame(records)


def _alt(summary: Summary, pairs: list[_Pair]) -> str:
    """Chart type, data, main message; the first comparisons in full and the rest counted."""
    phrase = summary.outcome.get("phrase") or f"had: {summary.outcome['label']}"
    alt = (
        f"Paired dot plot of the share of people who {phrase}, 0 to 100%, treated against "
        f"compared, not combined. Comparisons: {len(pairs)}."
    )
    for pair in pairs[:_IN_ALT]:
        row = pair.row
        treated, compared = (pair.shares[group].in_words for group in pair.shares)
        alt += (f" {pair.study}, {when(row['timepoint'])}: {numbers.lower_first(row['treatment'])} "
                f"{treated}; {numbers.lower_first(row['comparator'])} {compared}")  # fmt: skip
        parts = [
            f"{text} ({interval})" if interval else text
            for text, interval in (
                (pair.difference, pair.difference_range), (pair.ratio, pair.ratio_range))
            if text
        ]  # fmt: skip
        alt += f"; {', '.join(parts)}." if parts else "."
    rest = len(pairs) - _IN_ALT
    more = f" {rest} more in the table." if rest > 0 else ""
    return f"{alt}{more} {summary.sentence}"
