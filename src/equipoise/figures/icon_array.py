"""Icon array: the outcome in 100 people of each group, drawn as people."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from equipoise.appraisal.facts import design_name, design_of
from equipoise.display import numbers
from equipoise.effects.arms import Group
from equipoise.errors import UsageError
from equipoise.evidence.records import records
from equipoise.figures import marks, sheet, style
from equipoise.figures.columns import LINE, NOTE, when
from equipoise.figures.drawn import finish
from equipoise.figures.given import check_summary
from equipoise.figures.marks import Share, share_of
from equipoise.figures.sheet import Sheet

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

_SIDE = 10
_CELL = 0.235
_BETWEEN = 0.5
_LEFT = 0.26
_COLOURS: dict[Group, str] = {"treatment": style.TREATMENT, "control": style.CONTROL}
_NOTE = "Each figure stands for one of 100 people; shares are rounded to whole people."


def icon_array(
    summary: Summary, *, study: str = "", ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw, for each of two groups, how many of 100 people had the outcome.

    Both arrays show 100 people, those with the outcome first and filled. Shares are rounded to
    whole people, and under each array stand the people counted and what the share rests on.

    Parameters
    ----------
    summary
        A summary of a yes-or-no outcome.
    study
        The `study_id` to draw; by default the first that reports both groups, else one.
    ax
        Axes to draw on; by default a figure of its own.
    title
        Title; by default it names the outcome.

    Returns
    -------
    Axes
        The axes drawn on; `drawn` tells its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If the outcome is not a yes-or-no one, the study is not among its studies, or the summary is
        none.

    References
    ----------
    Galesic, Garcia-Retamero & Gigerenzer 2009, Health Psychol 28:210-216, doi:10.1037/a0014474:
    the same denominator in both arrays, and groups that are not scattered.
    """
    check_summary(summary, "icon_array")
    row = _choose(summary, study)
    groups = _groups(row)
    phrase = str(summary.outcome.get("phrase", "")) or f"had: {summary.outcome['label']}"
    title = title or f"{summary.outcome['label']}, out of 100 people"
    with style.context():
        width = sheet.width_of(ax)
        plan = _Plan.of(groups, phrase, _study_words(row), width)
        page = sheet.make(ax, plan.height, title)
        page.ax.set_aspect("equal", adjustable="box", anchor="NW")
        _draw(page, plan)
        about = [c for c in summary.caveats if not c.studies or row["label"] in c.studies]
        return finish(
            page.ax, _frame(row, groups), _alt(row, groups, phrase), about, strip=ax is None
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Side:
    """One group: who they are and what is known of them."""

    group: Group
    label: str
    share: Share

    @property
    def shown(self) -> int:
        """How many of 100 are filled."""
        return math.floor(100 * self.share.value + 0.5) if self.is_known else 0

    @property
    def is_known(self) -> bool:
        return self.share.kind != "nothing"

    def words(self, phrase: str) -> str:
        """`3 of 13 had surgery; as if of 100: 23`, or of a percentage alone `21 of 100 had ...`."""
        if not self.is_known:
            return "not reported"
        before = marks.RELATIONS.get(self.share.relation, "")
        shown = self.shown
        if shown == 0 < self.share.value:
            before, shown = "fewer than ", 1
        elif shown == 100 and self.share.value < 1:
            before, shown = "more than ", 99
        share = self.share
        if share.kind != "counted" or share.n == 100:
            return f"{before}{shown} of 100 {phrase}"
        counts = f"{numbers.count(share.events)} of {numbers.count(share.n)}"
        return f"{counts} {phrase}; as if of 100: {before}{shown}"

    @property
    def rests_on(self) -> str:
        """What the share rests on: people, or a percentage alone."""
        share = self.share
        if not self.is_known:
            return ""
        if share.kind == "counted":
            exact = numbers.percent(share.value, 0 if _is_whole(share.value) else 1)
            name = numbers.interval_name("confidence", marks.LEVEL)
            interval = numbers.interval(100 * share.low, 100 * share.high, 0)
            return f"{exact}; {name} {interval} of 100"
        if share.kind == "reported":
            return f"{share.percent}, as the source reports it"
        if share.n > 0:
            return f"percentage only, {share.percent} of {numbers.people(share.n)}; no interval"
        return f"percentage only, {share.percent}; number of people not reported, so no interval"


def _is_whole(share: float) -> bool:
    return abs(100 * share - math.floor(100 * share + 0.5)) < 1e-9


def _choose(summary: Summary, study: str) -> dict[Any, Any]:
    """Return the row to draw: of the study asked for, and with both groups if there is one."""
    label = summary.outcome["label"]
    if summary.outcome["kind"] != "binary":
        raise UsageError(
            f"“{label}” is not a yes-or-no outcome, so nobody can be counted out of 100."
        )
    rows = records(summary.frame)
    mine = [row for row in rows if study in ("", row["study_id"])]
    if not mine:
        known = ", ".join(dict.fromkeys(str(row["study_id"]) for row in rows)) or "none"
        raise UsageError(f"No study {study!r} reports on “{label}”; studies: {known}.")
    return max(mine, key=lambda row: sum(side.is_known for side in _groups(row)))


def _groups(row: dict[Any, Any]) -> list[_Side]:
    names: dict[Group, str] = {"treatment": row["treatment"], "control": row["comparator"]}
    return [
        _Side(group=group, label=name, share=share_of(row, group))
        for group, name in names.items()
        if group == "treatment" or name
    ]


def _study_words(row: dict[Any, Any]) -> str:
    design = design_name(design_of(row), row["directness"])
    return f"{row['label']}, {design}, {when(str(row['timepoint']))}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plan:
    """What is written, wrapped, and where it stands in inches."""

    groups: list[_Side]
    subtitle: list[str]
    heads: list[list[str]]
    words: list[list[str]]
    rests: list[list[str]]
    note: list[str]
    lefts: tuple[float, float]
    cell: float

    @classmethod
    def of(cls, groups: list[_Side], phrase: str, study: str, width: float) -> _Plan:
        column = (width - _BETWEEN) / 2
        words = [style.wrap(numbers.upper_first(side.words(phrase)), column, style.TITLE, "bold")
                 for side in groups]  # fmt: skip
        heads = [style.wrap(side.label, column, weight="bold") for side in groups]
        rests = [
            style.wrap(numbers.upper_first(side.rests_on), column, style.SMALL) for side in groups
        ]
        if len(groups) == 1:
            heads.append(style.wrap("Nobody to compare with", column, weight="bold"))
            words.append([])
            rests.append(style.wrap("For this outcome the study reports on nobody who was treated "
                                    "otherwise.", column, style.SMALL))  # fmt: skip
        return cls(
            groups=groups,
            subtitle=style.wrap(study, width),
            heads=heads,
            words=words,
            rests=rests,
            note=style.wrap(_NOTE, width, style.SMALL),
            lefts=(0.0, column + _BETWEEN),
            cell=min(_CELL, column / _SIDE),
        )

    @property
    def top(self) -> float:
        """Where the arrays begin."""
        heads = max(map(len, self.heads))
        return len(self.subtitle) * LINE + 0.12 + heads * LINE + 0.08

    @property
    def floor(self) -> float:
        """Where the arrays end."""
        return self.top + self.cell * _SIDE

    @property
    def line(self) -> float:
        """Height of a line of the sentence under an array."""
        return sheet.block(1, style.TITLE)

    @property
    def height(self) -> float:
        """Height of everything."""
        texts = max(
            len(words) * self.line + len(rests) * NOTE
            for words, rests in zip(self.words, self.rests, strict=True)
        )
        return self.floor + 0.1 + texts + 0.14 + len(self.note) * NOTE


def _draw(page: Sheet, plan: _Plan) -> None:
    for number, text in enumerate(plan.subtitle):
        page.write(0.0, number * LINE, text, color=style.GREY, gid="subtitle")
    for number, (left, head) in enumerate(zip(plan.lefts, plan.heads, strict=True)):
        y = plan.top - 0.08 - len(head) * LINE
        for line, text in enumerate(head):
            page.write(left, y + line * LINE, text, bold=True, gid="label")
        alone = number >= len(plan.groups)
        y = plan.top if alone else plan.floor + 0.1
        if not alone:
            _draw_people(page, plan.groups[number], left, plan)
        for text in plan.words[number]:
            page.write(left, y, text, size=style.TITLE, bold=True, gid="words")
            y += plan.line
        for text in plan.rests[number]:
            page.write(left, y, text, size=style.SMALL, color=style.GREY, gid="rests-on")
            y += NOTE
    y = plan.height - len(plan.note) * NOTE
    for number, text in enumerate(plan.note):
        page.write(0.0, y + number * NOTE, text, size=style.SMALL, color=style.GREY, gid="note")


def _draw_people(page: Sheet, side: _Side, left: float, plan: _Plan) -> None:
    """Draw 100 people, row by row, those with the outcome first."""
    if not side.is_known:
        return
    colour, cell = _COLOURS[side.group], plan.cell
    people = [PathPatch(path) for path in _grid(left, plan.top, cell)]
    has = [number < side.shown for number in range(len(people))]
    crowd = PatchCollection(
        people,
        facecolors=[colour if filled else style.PAPER for filled in has],
        edgecolors=[colour if filled else style.GREY for filled in has],
        linewidths=0.6,
        clip_on=False,
        gid="people" if side.group == "treatment" else "people-control",
    )
    page.ax.add_collection(crowd, autolim=False)


def _grid(left: float, top: float, cell: float) -> Iterator[Path]:
    person = _person()
    left -= _LEFT * cell  # the first person is flush with the words
    for number in range(_SIDE * _SIDE):
        row, place = divmod(number, _SIDE)
        move = Affine2D().scale(cell).translate(left + place * cell, top + row * cell)
        yield person.transformed(move)


def _person() -> Path:
    """Return a head and a body with round shoulders in a square of side 1, y downwards."""
    head = Path.circle((0.5, 0.21), 0.14)
    left, right, top, bottom, shoulder, hem = _LEFT, 1 - _LEFT, 0.40, 0.93, 0.2, 0.07
    body = Path(
        [(left, top + shoulder), (left, top), (left + shoulder, top),
         (right - shoulder, top), (right, top), (right, top + shoulder),
         (right, bottom - hem), (right, bottom), (right - hem, bottom),
         (left + hem, bottom), (left, bottom), (left, bottom - hem), (left, top + shoulder)],
        [Path.MOVETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3,
         Path.LINETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3,
         Path.CLOSEPOLY],
    )  # fmt: skip
    return Path.make_compound_path(head, body)


def _frame(row: dict[Any, Any], groups: list[_Side]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "study_id": row["study_id"], "label": row["label"], "design": row["design"],
                "timepoint": row["timepoint"],
                "group": "treated" if side.group == "treatment" else "compared",
                "received": side.label, "shown_of_100": side.shown if side.is_known else math.nan,
                "share": side.share.value, "low": side.share.low, "high": side.share.high,
                "events": side.share.events, "n": side.share.n, "relation": side.share.relation,
                "rests_on": side.share.kind,
            }
            for side in groups
        ]
    )  # fmt: skip


def _alt(row: dict[Any, Any], groups: list[_Side], phrase: str) -> str:
    """Chart type, data, main message."""
    known = sum(side.is_known for side in groups)
    grids = {0: "no grid", 1: "one grid", 2: "two grids"}[known]
    alt = f"Icon array, {grids} of 100 people. {_study_words(row)}."
    for side in groups:
        rest = f" ({side.rests_on})" if side.rests_on else ""
        alt += f" {side.label}: {numbers.lower_first(side.words(phrase))}{rest}."
    return alt if len(groups) > 1 else f"{alt} Nobody was compared."
