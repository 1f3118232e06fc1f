"""What one group of a comparison reports about a yes-or-no outcome."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from equipoise.effects.counts import cell_number, check_count
from equipoise.effects.percentages import proportion_range
from equipoise.effects.rounding import RoundingRange
from equipoise.errors import UsageError

Group: TypeAlias = Literal["treatment", "control"]
Record: TypeAlias = Mapping[Hashable, object]

_RELATIONS = ("", "more_than", "less_than", "about")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Counts, or a percentage without them, or neither.

    Attributes
    ----------
    events, n
        Counts; NaN where not reported.
    percent
        The percentage as printed, 0 to 100; NaN where not reported.
    decimals
        Digits printed after its point.
    relation
        "" for a plain percentage, "more_than" or "less_than" for a bound, "about".
    """

    events: float
    n: float
    percent: float
    decimals: int
    relation: str

    @property
    def has_counts(self) -> bool:
        """Whether events and people are both reported."""
        return not math.isnan(self.events) and self.n > 0

    @property
    def has_percent(self) -> bool:
        """Whether a percentage is reported."""
        return not math.isnan(self.percent)

    @property
    def has_range(self) -> bool:
        """Whether the proportion is known but for rounding: no bound and no approximation."""
        return self.has_counts or (self.has_percent and not self.relation)

    def range(self) -> RoundingRange:
        """Return the proportion with what rounding allows; a count leaves nothing to rounding."""
        if self.has_counts:
            share = self.events / self.n
            return RoundingRange(share, share, share)
        return proportion_range(self.percent, self.decimals)


def read_arm(record: Record, group: Group) -> Arm:
    """Read one group from a row of a comparison table.

    Parameters
    ----------
    record
        The row, as a mapping from column to cell.
    group
        "treatment" or "control": the ending of the columns.

    Returns
    -------
    Arm
        What the group reports.

    Raises
    ------
    UsageError
        If a number is not one, if counts cannot be, if a percentage is not between 0 and 100 or
        has more digits than were printed, or if the relation is unknown.
    """
    arm = Arm(
        events=number(record, f"events_{group}"),
        n=number(record, f"n_{group}"),
        percent=number(record, f"percent_{group}"),
        decimals=_decimals(record, group),
        relation=text(record, f"relation_{group}"),
    )
    if arm.has_counts:
        check_count(arm.events, arm.n, of=group)
    elif arm.events < 0 or arm.n < 0:
        raise UsageError(f"events_{group} and n_{group} must not be negative")
    if arm.has_percent:
        proportion_range(arm.percent, arm.decimals)
    if arm.relation not in _RELATIONS:
        known = ", ".join(_RELATIONS[1:])
        raise UsageError(f"relation_{group} must be empty or one of {known}, got {arm.relation!r}")
    return arm


def number(record: Record, name: str) -> float:
    """Return a cell as a number, NaN where it is empty.

    Parameters
    ----------
    record
        A row.
    name
        A column.

    Returns
    -------
    float
        The number.

    Raises
    ------
    UsageError
        If the cell holds anything else.
    """
    return cell_number(record[name], name)


def text(record: Record, name: str) -> str:
    """Return a cell as text, empty where there is none.

    Parameters
    ----------
    record
        A row.
    name
        A column.

    Returns
    -------
    str
        The text.
    """
    cell = record[name]
    return cell if isinstance(cell, str) else ""


def _decimals(record: Record, group: Group) -> int:
    if math.isnan(number(record, f"percent_{group}")):
        return 0
    decimals = number(record, f"decimals_{group}")
    if not decimals.is_integer():
        raise UsageError(
            f"percent_{group} needs decimals_{group}, the digits printed after its point"
        )
    return int(decimals)
