"""Outcomes: what share of the people treated had each of them, and how well that is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes

from equipoise.display import numbers
from equipoise.effects.arms import Group
from equipoise.errors import UsageError
from equipoise.evidence.records import records
from equipoise.figures import legend, marks, sheet, style
from equipoise.figures.columns import Cell, Column, Table, column, lay_out, when, widest
from equipoise.figures.drawn import finish
from equipoise.figures.given import summaries_of
from equipoise.figures.marks import Share, share_of

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

_AXIS = 0.36
_BETWEEN = 0.06
_WITHIN = -0.06
_IN_ALT = 8


def outcomes(
    summaries: Summary | Iterable[Summary], *, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw the share of people with each outcome, treated groups first, the compared under them.

    A share counted from people is a filled square with Wilson's interval. A percentage of an
    unknown number of people is a hollow diamond without one; a bound gets an arrow. Compared
    groups are circles. Groups that report nothing are listed all the same.

    Parameters
    ----------
    summaries
        One summary, or several, of yes-or-no outcomes.
    ax
        Axes to draw on, which the columns of text share; by default a figure of its own.
    title
        Title; by default it says what is drawn.

    Returns
    -------
    Axes
        The axes drawn on; `drawn` tells its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If an outcome is not a yes-or-no one, there is nothing to draw, or a summary is none.
    """
    several = summaries_of(summaries, "outcomes")
    groups = [group for summary in several for group in _groups(summary)]
    if not groups:
        raise UsageError("There is no study of these outcomes: nothing can be drawn.")
    with style.context():
        keys = marks.keys_of(
            [(group.role, group.share) for group in groups],
            {"treatment": "treated", "control": "compared"},
        )
        width = sheet.width_of(ax)
        layout = lay_out(
            ax, _table(groups, width), title=title or _default_title(several), subtitle="",
            below=_AXIS + legend.height(keys, width),
        )  # fmt: skip
        marks.draw_percent_axis(layout)
        for group, top, y in zip(groups, layout.tops, layout.centres, strict=True):
            if group.role == "treatment" and group is not groups[0]:
                layout.sheet.rule(top - _BETWEEN + 0.01)
            marks.draw_share(layout.ax, group.share, y, group.role)
        legend.draw(layout.sheet, keys, layout.floor + _AXIS)
        caveats = [caveat for summary in several for caveat in summary.caveats]
        return finish(layout.ax, _frame(groups), _alt(groups), caveats, strip=ax is None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Group:
    """One group of people in one study, and its share with the outcome."""

    outcome_id: str
    outcome: str
    study_id: str
    label: str
    people: str
    timepoint: str
    role: Group
    share: Share

    @property
    def study(self) -> str:
        return f"{self.label}, {when(self.timepoint)}"


def _groups(summary: Summary) -> Iterator[_Group]:
    """Yield each treated group once, and under it the groups it was compared with."""
    if summary.outcome["kind"] != "binary":
        raise UsageError(
            f"“{summary.outcome['label']}” is not a yes-or-no outcome, so it has no share of "
            "people to draw; before_after and forest draw means."
        )
    seen: dict[tuple[str, ...], list[_Group]] = {}
    for row in records(summary.frame):
        treated = tuple(str(row[name]) for name in ("study_id", "treatment", "timepoint"))
        block = seen.setdefault(treated, [_group(summary, row, "treatment")])
        if row["comparator"]:
            block.append(_group(summary, row, "control"))
    for block in seen.values():
        yield from block


def _group(summary: Summary, row: dict[Any, Any], role: Group) -> _Group:
    return _Group(
        outcome_id=str(summary.outcome.get("outcome_id", summary.id)),
        outcome=str(summary.outcome["label"]),
        study_id=row["study_id"],
        label=row["label"],
        people=row["treatment" if role == "treatment" else "comparator"],
        timepoint=row["timepoint"],
        role=role,
        share=share_of(row, role),
    )


def _table(groups: list[_Group], width: float) -> Table:
    labels = [
        Cell(text=group.outcome, note=group.study) if group.role == "treatment"
        else Cell(text=f"compared: {numbers.lower_first(group.people)}", quiet=True)
        for group in groups
    ]  # fmt: skip
    counts = [
        Cell(text=group.share.counts) if group.share.kind == "counted"
        else Cell(text="" if group.share.kind == "nothing" else group.share.counts, quiet=True)
        for group in groups
    ]  # fmt: skip
    written = [group.share.counts for group in groups if group.share.kind == "counted"] or [""]
    percents = [
        Cell(fields=(group.share.percent,)) if group.share.percent else Cell() for group in groups
    ]
    intervals = [_interval(group.share) for group in groups]
    right: tuple[Column, ...] = (
        column(counts, most=max(0.115 * width, widest(written)), header="Events/n", align="right"),
        column(percents, most=0.09 * width, header="Share", align="right"),
        column(intervals, most=0.175 * width, header=_interval_header(groups), gid="interval-text"),
    )
    firsts = [group.role == "treatment" for group in groups]
    return Table(
        left=(column(labels, most=0.31 * width, gid="label"),),
        right=right,
        above=tuple(_BETWEEN if first else _WITHIN for first in firsts),
    )


def _interval(share: Share) -> Cell:
    if share.kind == "nothing":
        return Cell(text="not reported", quiet=True)
    if share.kind == "percentage":
        missing = "of how many is not reported"
        if share.n > 0:
            missing = "how many had it is not reported"
        return Cell(text=f"no interval: {missing}", quiet=True)
    low, high = numbers.percent(share.low), numbers.percent(share.high)
    return Cell(fields=(low, f"to {high}"), note="as reported" if share.kind == "reported" else "")


def _interval_header(groups: list[_Group]) -> str:
    if any(group.share.kind == "counted" for group in groups):
        return numbers.interval_name("confidence", marks.LEVEL)
    return "Interval"


def _default_title(several: tuple[Summary, ...]) -> str:
    if len(several) == 1:
        return f"{several[0].outcome['label']}: share of the people in each group"
    return "Share of people with each outcome"


def _frame(groups: list[_Group]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "outcome_id": group.outcome_id, "outcome": group.outcome,
                "study_id": group.study_id, "label": group.label,
                "group": "treated" if group.role == "treatment" else "compared",
                "received": group.people, "timepoint": group.timepoint,
                "events": group.share.events, "n": group.share.n, "share": group.share.value,
                "low": group.share.low, "high": group.share.high,
                "relation": group.share.relation, "rests_on": group.share.kind,
            }
            for group in groups
        ]
    )  # fmt: skip


def _alt(groups: list[_Group]) -> str:
    """Chart type, data, main message; the first rows in full and the rest counted."""
    counted = sum(group.share.kind == "counted" for group in groups)
    only = sum(group.share.kind == "percentage" for group in groups)
    silent = sum(group.share.kind == "nothing" for group in groups)
    alt = (
        f"Dot plot of the share of people with an outcome, 0 to 100%, in {len(groups)} "
        f"{'group' if len(groups) == 1 else 'groups'}: {counted} counted with an interval, {only} "
        f"as a percentage without one, {silent} not reported."
    )
    for group in groups[:_IN_ALT]:
        role = "" if group.role == "treatment" else f", compared ({group.people})"
        alt += f" {group.outcome}, {group.study}{role}: {group.share.in_words}."
    rest = len(groups) - _IN_ALT
    return alt if rest <= 0 else f"{alt} {rest} more {'row' if rest == 1 else 'rows'} in the table."
