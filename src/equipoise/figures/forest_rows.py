"""The rows of a forest plot: which study, under which design, with which number."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from equipoise.appraisal.facts import DESIGN_NAMES, design_name, design_of
from equipoise.display import numbers
from equipoise.effects.arms import Group
from equipoise.effects.measures import Measure
from equipoise.effects.measures import measure as measure_of
from equipoise.evidence.comparison import COLUMNS
from equipoise.evidence.records import records
from equipoise.figures.marks import LEVEL, share_of
from equipoise.synthesis.pooled import Pooled

if TYPE_CHECKING:
    import pandas as pd

    from equipoise.appraisal.summary import Summary

_SMALLEST_SHOWN = 0.005
_MANY_SILENT = 3
_LOST = "the search did not come to an end"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForestRow:
    """One row of a forest plot.

    Attributes
    ----------
    data
        The row of `Summary.frame`.
    asked
        The measure that the figure shows.
    section
        The design to announce above this row; empty if it is that of the row above.
    digits
        Decimals of the numbers of all rows; a ratio gets more where it would be rounded to 1 or 0.
    level
        Confidence level of an interval that was computed.
    """

    data: dict[Any, Any]
    asked: Measure
    section: str
    digits: int
    level: float = LEVEL

    @property
    def blank(self) -> dict[Any, Any]:
        """A row of the same columns that says nothing."""
        return {
            name: math.nan if isinstance(value, float) else "" for name, value in self.data.items()
        }

    @property
    def weight(self) -> str:
        """The share in the pooled estimate, empty if the row has none."""
        share = self.data["weight"]
        return "" if not share > 0 else numbers.percent(share, int(share < 0.9995))

    @property
    def design(self) -> str:
        """The design in words, with whether it is about a related treatment."""
        return _design(self.data)

    @property
    def interval(self) -> tuple[float, float, float]:
        """Estimate, low and high."""
        return self.data["estimate"], self.data["low"], self.data["high"]

    @property
    def has_place(self) -> bool:
        """Whether the row has a number of the measure that the axis shows."""
        return self.data["measure"] == self.asked.key and math.isfinite(self.data["estimate"])

    @property
    def kind(self) -> str:
        """Which kind of interval: confidence, rounding, reported or none."""
        has_ends = not (math.isnan(self.data["low"]) or math.isnan(self.data["high"]))
        return str(self.data["interval"]) if has_ends else "none"

    @property
    def missing(self) -> str:
        """What stands instead of a number, empty if there is one."""
        if self.has_place:
            return ""
        if math.isfinite(self.data["estimate"]):
            return f"{share_of(self.data, 'treatment').percent} of one group; nobody was compared"
        return str(self.data["reason"]) or "not reported"

    @property
    def fields(self) -> tuple[str, ...]:
        """Estimate and interval as aligned numbers."""
        value, low, high = self._texts
        return (value,) if self.kind == "none" else (value, f"[{low}", f"to {high}]")

    @property
    def _texts(self) -> tuple[str, str, str]:
        value, low, high = self.interval
        if self.asked.axis == "proportion" and self.kind == "rounding":
            # in whole percent, the range that rounding allows would vanish
            digits = int(self.data["decimals_treatment"])
            return (numbers.percent(value, digits), numbers.percent(low, digits + 1),
                    numbers.percent(high, digits + 1))  # fmt: skip
        if self.asked.axis == "ratio":
            digits = numbers.ratio_digits(self.digits, value, low, high)
            texts = [numbers.effect(x, digits, self.asked.key) for x in self.interval]
            return texts[0], texts[1], texts[2]
        return self.number(value), self.number(low), self.number(high)

    @property
    def interval_note(self) -> str:
        """What kind of interval it is if it was not computed from counts, and what was done."""
        reason = str(self.data["reason"])
        name = self._interval_name
        if self.kind == "rounding":
            return f"{name}, no CI"
        if self.kind == "reported":
            return name
        return f"no interval: {reason}" if self.kind == "none" else reason

    @property
    def in_words(self) -> str:
        """The estimate and interval as a clause."""
        value, low, high = self._texts
        if self.kind == "none":
            return f"{value}, {self.interval_note}" if self.interval_note else value
        name = self._interval_name
        return f"{value}, {name} {low} to {high}"

    @property
    def ends_in_words(self) -> str:
        """The ends of the interval."""
        _, low, high = self._texts
        return f"{low} to {high}"

    @property
    def _interval_name(self) -> str:
        level = self.data["ci_level"] if self.kind == "reported" else self.level
        return numbers.interval_name(self.kind, LEVEL if math.isnan(level) else level)

    def number(self, value: float) -> str:
        """Return a value of this measure as text."""
        if self.asked.axis == "proportion":
            return numbers.percent(value)
        if self.asked.key == "RD":
            return numbers.plain(100 * value, self.digits)
        return numbers.plain(value, self.digits)

    def group(self, group: Group) -> str:
        """Return the events and people of one group: `3/13`, `21%`, or `–`."""
        share = share_of(self.data, group)
        if share.kind == "counted":
            return share.counts
        return share.percent or numbers.MISSING


def read_rows(summary: Summary) -> list[ForestRow]:
    """Return the rows of a summary, sorted by design and, within it, direct evidence first."""
    asked = measure_of(summary.measure)
    order = list(DESIGN_NAMES)
    frame = summary.frame if "weight" in summary.frame else summary.frame.assign(weight=math.nan)
    rows = sorted(
        records(frame),
        key=lambda row: (order.index(design_of(row)), row["directness"] == "indirect"),
    )
    digits = _digits(rows, asked)
    return _with_sections(
        [ForestRow(data=row, asked=asked, section="", digits=digits) for row in rows]
    )


def rows_of_pooled(pooled: Pooled) -> list[ForestRow]:
    """Return the studies of a pooled estimate, in their order; of each only its effect is known."""
    return _rows_of_effects(pooled, pooled.studies, "reported")


def rows_of_fits(pooled: Pooled, fits: pd.DataFrame, basis: str) -> list[ForestRow]:
    """Return fits to some of the studies of a pooled estimate, one a row.

    Parameters
    ----------
    pooled
        The estimate.
    fits
        From `leave_one_out` or `cumulative`.
    basis
        "without" or "cumulative".
    """
    table = fits[["label", "low", "high"]].assign(effect=fits["estimate"], weight=math.nan)
    lost = fits["estimate"].isna()
    return _rows_of_effects(pooled, table.assign(reason=lost.map({True: _LOST, False: ""})), basis)


def _rows_of_effects(pooled: Pooled, table: pd.DataFrame, basis: str) -> list[ForestRow]:
    """Return a row for each effect of a table on the analysis scale."""
    asked = measure_of(pooled.measure)
    for name in ("effect", "low", "high"):
        table[name] = asked.natural(table[name].to_numpy(), math.inf)
    rows = [
        {
            **{name: math.nan if default != "" else "" for name, default in COLUMNS.items()},
            "label": row["label"],
            "study_id": row["label"],
            "measure": asked.key,
            "estimate": row["effect"],
            "low": row["low"],
            "high": row["high"],
            "interval": "none" if row["reason"] else "confidence",
            "basis": basis,
            "reason": row["reason"],
            "people": math.nan,
            "weight": row["weight"],
        }
        for row in records(table)
    ]
    digits = _digits(rows, asked)
    return [
        ForestRow(data=row, asked=asked, section="", digits=digits, level=pooled.level)
        for row in rows
    ]


def set_apart(rows: list[ForestRow]) -> tuple[list[ForestRow], list[ForestRow]]:
    """Return the rows to draw, and those without a number that would only fill the page.

    A few rows without a number stay where they are: that a comparison is missing is seen best
    beside the one that is there.
    """
    placed = [row for row in rows if row.has_place]
    silent = [row for row in rows if not row.has_place]
    if not placed or len(silent) < _MANY_SILENT:
        return rows, []
    return _with_sections(placed), silent


def _with_sections(rows: list[ForestRow]) -> list[ForestRow]:
    """Announce each design above the first of its rows."""
    before = ["", *(row.design for row in rows)]
    return [
        replace(row, section=row.design if row.design != above else "")
        for row, above in zip(rows, before, strict=False)
    ]


def _design(row: dict[Any, Any]) -> str:
    return design_name(design_of(row), row["directness"]) if row["design"] else ""


def _digits(records: list[dict[Any, Any]], asked: Measure) -> int:
    """Return the decimals that all rows share: see `numbers.effect_digits`; fewer for points."""
    values = [
        row[name] for row in records if row["measure"] == asked.key
        for name in ("estimate", "low", "high") if math.isfinite(row[name])
    ]  # fmt: skip
    if asked.key == "RD":
        return max(0, numbers.digits_for(*(100 * value for value in values)) - 1)
    if asked.axis != "ratio":
        return numbers.digits_for(*values)
    smallest = min((abs(value) for value in values if value), default=1.0)
    return 3 if smallest < _SMALLEST_SHOWN else 2
