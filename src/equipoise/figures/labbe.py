"""L'Abbé plot: the risk of the treated against the risk of those they were compared with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from equipoise.appraisal.caveat import Caveat
from equipoise.display import numbers
from equipoise.effects.interval import Floats
from equipoise.errors import UsageError
from equipoise.evidence.comparison import COLUMNS
from equipoise.evidence.records import records
from equipoise.figures import plane, style
from equipoise.figures.drawn import finish
from equipoise.figures.legend import Key
from equipoise.figures.marks import Share, share_of
from equipoise.figures.plane import Plane, Words
from equipoise.figures.spread_subject import spread_of
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary

_COUNTS = ("events_treatment", "n_treatment", "events_control", "n_control")
_NAMES = ("label", "study", "study_id")
_SIDE = 4.3
_SMALLEST, _LARGEST, _USUAL = 3.5, 13.0, 6.0
_BAND = "#e4e4e4"
_IN_ALT = 4


def labbe(
    shown: Summary | pd.DataFrame,
    *,
    pooled: Pooled | None = None,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw each comparison at the risk of its comparison group and that of its treated group.

    Below the line of equality fewer of the treated have the outcome. The curve is what the pooled
    effect makes of each risk, its band what the confidence interval does: studies that follow it
    say that the measure is alike at low and high risks, and studies that bend away that another one
    would describe them better. The area of a mark follows its weight. A share that is only a bound
    has no place here.

    Parameters
    ----------
    shown
        A summary of a yes-or-no outcome, or a table of counts with the columns events_treatment,
        n_treatment, events_control, n_control.
    pooled
        What the rows of a table show together; a summary brings its own.
    ax
        Axes to draw on; by default a figure of its own. The plot is their first child.
    title
        Title; by default it names the outcome.

    Returns
    -------
    Axes
        The axes drawn on; `drawn` tells its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If there is no comparison with two risks, a column is missing, or `pooled` belongs to
        another table.

    References
    ----------
    L'Abbé, Detsky & O'Rourke 1987, Ann Intern Med 107:224-233.
    """
    subject = _of_table(shown, pooled) if isinstance(shown, pd.DataFrame) else _of(shown, pooled)
    limit = min(1.0, 1.08 * max(max(point.risks) for point in subject.points) or 0.1)
    ticks = [tick for tick in plane.round_ticks(0.0, limit) if tick <= limit]
    labels = [numbers.percent(tick) for tick in ticks]
    with style.context():
        words = Words(
            title=title or f"{subject.title}: treated against compared",
            subtitle=subject.subtitle,
            across=f"Comparison group: {subject.share}",
            up=f"Treated group: {subject.share}",
            keys=_keys(subject),
            notes=subject.notes,
        )
        page = plane.lay_out(
            ax, words, height=_SIDE, left=plane.room_for(labels), square=True
        )  # fmt: skip
        page.plot.set_xlim(0.0, limit)
        page.plot.set_ylim(0.0, limit)
        page.plot.set_xticks(ticks, labels)
        page.plot.set_yticks(ticks, labels)
        _draw(page, subject, limit)
        frame = pd.DataFrame([point.numbers for point in subject.points])
        return finish(page.page.ax, frame, _alt(subject), subject.caveats, strip=ax is None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Point:
    """One comparison with two risks; its weight is NaN where nothing is combined."""

    label: str
    treatment: Share
    control: Share
    weight: float

    @property
    def risks(self) -> tuple[float, float]:
        """Of the comparison group, then of the treated group."""
        return self.control.value, self.treatment.value

    @property
    def people(self) -> float:
        return self.treatment.n + self.control.n

    @property
    def counted(self) -> bool:
        return self.treatment.kind == self.control.kind == "counted"

    @property
    def numbers(self) -> dict[str, Any]:
        groups = (("treatment", self.treatment), ("control", self.control))
        known = {f"{name}_{group}": getattr(share, name) for group, share in groups
                 for name in ("events", "n")}  # fmt: skip
        risks = {f"risk_{group}": share.value for group, share in groups}
        return {"label": self.label, **known, **risks, "weight": self.weight}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Subject:
    """What is drawn, and the words for it."""

    points: list[_Point]
    unplaced: int
    pooled: Pooled | None
    title: str
    share: str
    sentence: str
    caveats: tuple[Caveat, ...]

    @property
    def by(self) -> str:
        """What the size of a mark stands for."""
        return "weight" if any(point.weight > 0 for point in self.points) else "people"

    @property
    def subtitle(self) -> str:
        count = len(self.points)
        told = f"{count} {'comparison' if count == 1 else 'comparisons'}"
        return f"{told}, {'not combined' if self.pooled is None else self.together}"

    @property
    def together(self) -> str:
        """The pooled effect in words."""
        if self.pooled is None:
            return ""
        spread = spread_of(self.pooled)
        return f"pooled {spread.measure.name} {spread.estimate}"

    @property
    def notes(self) -> list[str]:
        notes = list(self.pooled.notes) if self.pooled and not self.caveats else []
        if self.unplaced:
            many = "comparison has" if self.unplaced == 1 else "comparisons have"
            notes.append(f"{self.unplaced} more {many} no place here: not both risks are known.")
        if self.pooled and not self.has_curve:
            notes.append(f"A pooled {spread_of(self.pooled).measure.name} has no curve here.")
        return notes

    @property
    def has_curve(self) -> bool:
        return self.pooled is not None and self.pooled.measure in _CURVES


def _of(summary: Summary | Pooled, pooled: Pooled | None) -> _Subject:
    if isinstance(summary, Pooled):
        raise UsageError(
            "A pooled estimate holds no risks: give the table of counts, and this as `pooled`."
        )
    if pooled is not None:
        raise UsageError("A summary brings its own pooled estimate: leave out `pooled`.")
    label = str(summary.outcome["label"])
    if summary.outcome["kind"] != "binary":
        raise UsageError(
            f"“{label}” is not a yes-or-no outcome, so its groups have no risks to draw; forest "
            "draws differences of means."
        )
    rows = [row for row in records(summary.frame) if row["comparator"]]
    placed = _placed(rows, [row.get("weight", math.nan) for row in rows])
    if not placed:
        raise UsageError(f"No comparison of “{label}” reports both risks: nothing can be drawn.")
    phrase = summary.outcome.get("phrase") or ""
    return _Subject(
        points=placed,
        unplaced=len(rows) - len(placed),
        pooled=summary.pooled,
        title=label,
        share=f"share of people who {phrase}" if phrase else "share of people with the outcome",
        sentence=summary.sentence,
        caveats=summary.caveats,
    )


def _of_table(table: pd.DataFrame, pooled: Pooled | None) -> _Subject:
    missing = [name for name in _COUNTS if name not in table]
    if missing:
        raise UsageError(
            f"The table has no column {missing[0]!r}; an L'Abbé plot needs {', '.join(_COUNTS)}."
        )
    if pooled is not None and len(pooled.labels) != len(table):
        raise UsageError(
            f"The table has {len(table)} rows and the pooled estimate {len(pooled.labels)}: pool "
            "the effects of this very table."
        )
    name = next((name for name in _NAMES if name in table), "")
    rows = [
        {**COLUMNS, "measure": "", "basis": "", **row, "label": str(row[name] if name else number)}
        for number, row in enumerate(records(table), start=1)
    ]
    placed = _placed(rows, [math.nan] * len(rows) if pooled is None else pooled.weights)
    if not placed:
        raise UsageError("No row of the table has both risks: nothing can be drawn.")
    return _Subject(
        points=placed,
        unplaced=len(rows) - len(placed),
        pooled=pooled,
        title="Risks",
        share="share of people with the outcome",
        sentence="" if pooled is None else spread_of(pooled).sentence,
        caveats=(),
    )


def _placed(rows: Sequence[dict[str, Any]], weights: Sequence[float]) -> list[_Point]:
    """The comparisons whose two risks are both known, and more than a bound."""
    points = [
        _Point(
            label=str(row["label"]),
            treatment=share_of(row, "treatment"),
            control=share_of(row, "control"),
            weight=float(weight),
        )
        for row, weight in zip(rows, weights, strict=True)
    ]
    bounds = ("more_than", "less_than")
    return [
        point
        for point in points
        if not math.isnan(sum(point.risks))
        and not {point.treatment.relation, point.control.relation} & set(bounds)
    ]


def _of_odds(risks: Floats, ratio: float) -> Floats:
    odds = ratio * risks
    return np.asarray(odds / (1 - risks + odds))


_CURVES: Mapping[str, Callable[[Floats, float], Floats]] = {
    "RR": lambda risks, ratio: ratio * risks,
    "OR": _of_odds,
    "PETO": _of_odds,
    "RD": lambda risks, difference: risks + difference,
}
"""What a pooled effect makes of the risks of the comparison group, by measure."""


def _draw(page: Plane, subject: _Subject, limit: float) -> None:
    plot = page.plot
    plot.plot([0.0, limit], [0.0, limit], color=style.GREY, linewidth=0.9, linestyle="--",
              zorder=1, gid="equality")  # fmt: skip
    trail = [(limit * step / 60, limit * step / 60) for step in range(61)]
    if subject.has_curve and subject.pooled is not None:
        risks = np.linspace(0.0, limit, 201)
        ends = subject.pooled.natural()
        curve = _CURVES[subject.pooled.measure]
        low, middle, high = (curve(risks, end) for end in (ends.low, ends.estimate, ends.high))
        plot.fill_between(risks, np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0), facecolor=_BAND,
                          edgecolor="none", zorder=0, gid="band")  # fmt: skip
        possible = (middle >= 0.0) & (middle <= 1.0)
        plot.plot(risks[possible], middle[possible], color=style.INK, linewidth=1.2, zorder=2,
                  gid="pooled")  # fmt: skip
        trail += list(zip(risks[possible].tolist(), middle[possible].tolist(), strict=True))[::4]
    largest = max((getattr(point, subject.by) for point in subject.points
                   if getattr(point, subject.by) > 0), default=math.nan)  # fmt: skip
    sizes = [_size(point, subject.by, largest) for point in subject.points]
    for size, point in sorted(zip(sizes, subject.points, strict=True), key=lambda x: -x[0]):
        plot.plot(*([risk] for risk in point.risks), linestyle="none", zorder=3, clip_on=False,
                  gid="study", **_mark(point, size))  # fmt: skip
    plane.write_labels(page, [point.risks for point in subject.points],
                       [point.label for point in subject.points], lines=trail,
                       sizes=sizes)  # fmt: skip


def _size(point: _Point, by: str, largest: float) -> float:
    """The width of a mark in points: its area follows the weight, or else the people."""
    share = getattr(point, by) / largest
    return max(_LARGEST * math.sqrt(share), _SMALLEST) if share > 0 else _USUAL


def _mark(point: _Point, size: float) -> dict[str, Any]:
    """Counted shares are filled circles; percentages without people are hollow diamonds."""
    if point.counted:
        return {**plane.DOT, "markersize": size}
    return {"marker": "D", "markersize": min(size, _USUAL), "markerfacecolor": style.PAPER,
            "markeredgecolor": style.TREATMENT, "markeredgewidth": 1.1}  # fmt: skip


def _keys(subject: _Subject) -> list[Key]:
    keys = []
    for counted, text in ((True, "one comparison"), (False, "percentages only")):
        some = [point for point in subject.points if point.counted == counted]
        keys += [Key(text=text, mark=_mark(some[0], _USUAL))] if some else []
    keys.append(Key(text="equal risks; below it fewer of the treated",
                    mark=plane.stroke(style.GREY), line="--"))  # fmt: skip
    if subject.has_curve and subject.pooled is not None:
        level = numbers.interval_name("confidence", subject.pooled.level)
        keys.append(Key(text="pooled effect", mark=plane.stroke(style.INK), line="-"))
        keys.append(Key(text=f"its {level}", mark=plane.patch(_BAND)))
    if len({getattr(point, subject.by) for point in subject.points}) > 1:
        what = {"weight": "more weight in the pooled estimate", "people": "more people"}
        keys.append(Key(text=f"A larger mark stands for {what[subject.by]}."))
    return keys


def _alt(subject: _Subject) -> str:
    """Chart type, data, main message: on which side of equality the comparisons lie."""
    points = subject.points
    below = sum(point.treatment.value < point.control.value for point in points)
    above = sum(point.treatment.value > point.control.value for point in points)
    alt = (
        f"L'Abbé plot, {subject.subtitle}; {subject.share}, treated group against comparison "
        f"group. Fewer of the treated in {below}, more in {above}, equal in "
        f"{len(points) - below - above}."
    )
    for point in points[:_IN_ALT]:
        control, treatment = (numbers.percent(risk) for risk in point.risks)
        alt += f" {point.label}: {treatment} against {control}."
    if len(points) > _IN_ALT:
        alt += f" {len(points) - _IN_ALT} more in the table."
    return f"{alt} {subject.sentence}".strip()
