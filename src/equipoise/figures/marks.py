"""The marks of a share of people: counted or only printed as a percentage, treated or compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes

from equipoise.display import numbers
from equipoise.effects.arms import Group, read_arm
from equipoise.effects.proportions import wilson
from equipoise.figures import style
from equipoise.figures.columns import Layout
from equipoise.figures.legend import Key, arrow

LEVEL = 0.95
RELATIONS = {"more_than": "more than ", "less_than": "less than ", "about": "about "}
SIGNS = {"more_than": ">", "less_than": "<", "about": "≈"}

Kind = Literal["counted", "percentage", "reported", "nothing"]

_COLOURS: dict[Group, str] = {"treatment": style.TREATMENT, "control": style.CONTROL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The share of one group that has the outcome, from 0 to 1, and what it rests on.

    Attributes
    ----------
    kind
        "counted" from people, "percentage" without them, "reported" with an interval that the
        source prints, or "nothing".
    value, low, high
        NaN where there is none. Counted shares have Wilson's interval.
    events, n
        Counts; NaN where not reported.
    relation
        "", "more_than", "less_than" or "about".
    decimals
        Digits that were printed after the point of the percentage.
    """

    kind: Kind
    value: float
    low: float
    high: float
    events: float
    n: float
    relation: str
    decimals: int

    @property
    def counts(self) -> str:
        """`3/13`, or what is missing of it."""
        if self.kind == "counted":
            return f"{numbers.count(self.events)}/{numbers.count(self.n)}"
        return "n not reported" if math.isnan(self.n) else f"of {numbers.count(self.n)}"

    @property
    def percent(self) -> str:
        """`23%`, `>75%`; empty if nothing is reported."""
        if self.kind == "nothing":
            return ""
        return f"{SIGNS.get(self.relation, '')}{numbers.percent(self.value, self.decimals)}"

    def known(self, text: str) -> bool:
        """Return whether `counts` or `percent` says a number."""
        if text == "percent":
            return self.kind != "nothing"
        return self.kind == "counted" or (self.kind != "nothing" and self.n > 0)

    @property
    def in_words(self) -> str:
        """The share as a clause of a sentence."""
        if self.kind == "nothing":
            return "not reported"
        words = f"{RELATIONS.get(self.relation, '')}{numbers.percent(self.value, self.decimals)}"
        if self.kind == "counted":
            interval = numbers.interval(self.low, self.high, share=True)
            people = f"{numbers.count(self.events)} of {numbers.people(self.n)}"
            return f"{words} ({people}; {numbers.interval_name('confidence', LEVEL)} {interval})"
        return f"{words} of {numbers.people(self.n)}"


def share_of(row: Mapping[Any, Any], group: Group) -> Share:
    """Return what a row of a summary reports about the share of one of its groups.

    Parameters
    ----------
    row
        A row of `Summary.frame`.
    group
        "treatment" or "control".
    """
    arm = read_arm(row, group)
    kind: Kind = "nothing"
    value = low = high = math.nan
    if arm.has_counts:
        kind, value = "counted", arm.events / arm.n
        low, high = (float(limit) for limit in wilson(arm.events, arm.n, LEVEL))
    elif arm.has_percent:
        kind, value = "percentage", arm.percent / 100
    elif group == "treatment" and row["measure"] == "PR" and row["basis"] == "reported":
        kind, value, low, high = "reported", row["estimate"], row["low"], row["high"]
    return Share(
        kind=kind,
        value=value,
        low=low,
        high=high,
        events=arm.events,
        n=arm.n,
        relation=arm.relation if kind == "percentage" else "",
        decimals=arm.decimals if kind == "percentage" else 0,
    )


def draw_share(ax: Axes, share: Share, y: float, group: Group, *, shift: float = 0.0) -> None:
    """Draw a share at height `y` of an axis of percentages, its whisker `shift` inches lower."""
    if share.kind == "nothing":
        return
    suffix = "" if group == "treatment" else "-control"
    colour, at = _COLOURS[group], 100 * share.value
    if not math.isnan(share.low):
        ax.plot([100 * share.low, 100 * share.high], [y + shift, y + shift], color=colour,
                linewidth=1.3, gid=f"interval{suffix}", zorder=2)  # fmt: skip
    if share.relation in ("more_than", "less_than"):
        towards = 1 if share.relation == "more_than" else -1
        end = min(max(at + 14 * towards, 0.0), 100.0)
        ax.annotate("", xy=(end, y), xytext=(at, y), gid="bound", annotation_clip=False, zorder=2,
                    arrowprops=arrow(colour))  # fmt: skip
    ax.plot([at], [y], linestyle="none", gid=f"estimate{suffix}", zorder=3,
            **mark(group, share.kind))  # fmt: skip


def draw_percent_axis(layout: Layout, *, drop: float = 0.0) -> None:
    """Draw the axis from 0 to 100% `drop` inches under the rows, and light lines up from it."""
    ticks = [0.0, 25.0, 50.0, 75.0, 100.0]
    layout.sheet.scale_x(*layout.band, 0.0, 100.0)
    labels = [numbers.percent(tick / 100) for tick in ticks]
    layout.sheet.axis(layout.floor + drop, ticks, labels)
    draw_grid(layout, ticks, layout.floor + drop)


def draw_grid(layout: Layout, ticks: Sequence[float], floor: float) -> None:
    """Draw light lines from the ticks of the axis up through the rows."""
    layout.ax.vlines(ticks, layout.head, floor, color=style.LIGHT, linewidth=0.5,
                     zorder=0, gid="grid")  # fmt: skip


def keys_of(shares: Sequence[tuple[Group, Share]], names: Mapping[Group, str]) -> list[Key]:
    """Return the legend of the marks that occur among these shares.

    Parameters
    ----------
    shares
        What is drawn.
    names
        What to call each group.
    """
    unknown = all(math.isnan(share.n) for _, share in shares if share.kind == "percentage")
    meanings: dict[Kind, str] = {
        "counted": f"counted, with {numbers.interval_name('confidence', LEVEL)}",
        "reported": "with an interval as reported",
        "percentage": "percentage only, of how many is not reported" if unknown
        else "percentage only, so no interval",
    }  # fmt: skip
    keys = [
        Key(
            text=f"{names[group]}: {meaning}",
            mark=mark(group, kind),
            line="" if kind == "percentage" else "-",
        )
        for group in names
        for kind, meaning in meanings.items()
        if any(who == group and share.kind == kind for who, share in shares)
    ]
    relations = {share.relation for _, share in shares}
    if "more_than" in relations:
        keys.append(Key(text="or more: only a bound is reported", arrow="right"))
    if "less_than" in relations:
        keys.append(Key(text="or less: only a bound is reported", arrow="left"))
    return keys


def mark(group: Group, kind: Kind) -> dict[str, Any]:
    """Return how a share is drawn.

    Shape tells the group, fill tells whether people were counted; colour only repeats it.
    """
    shape, size = "s", 6.0
    if group == "control":
        shape = "o"
    elif kind == "percentage":
        shape, size = "D", 5.6
    colour = _COLOURS[group]
    face = style.PAPER if kind == "percentage" else colour
    return {"marker": shape, "markersize": size, "markerfacecolor": face,
            "markeredgecolor": colour, "markeredgewidth": 1.3}  # fmt: skip
