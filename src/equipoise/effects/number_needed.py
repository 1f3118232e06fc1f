"""Number needed to treat, with an interval that may run through infinity."""

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

Better: TypeAlias = Literal["lower", "higher"]
Direction: TypeAlias = Literal["NNTB", "NNTH", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNeeded:
    """People to treat for one more to benefit (NNTB) or to be harmed (NNTH), unrounded.

    Attributes
    ----------
    estimate, low, high
        Numbers of people, from 1 to infinity. Without `through_infinity` the interval runs from
        `low` to `high`; with it, from `low` up to infinity and back down to `high` on the other
        side.
    direction, low_direction, high_direction
        "NNTB" or "NNTH"; empty for an infinite number, which is neither.
    through_infinity
        Whether the risk difference may be 0, so that benefit and harm both fit.
    """

    estimate: float
    low: float
    high: float
    direction: Direction
    low_direction: Direction
    high_direction: Direction
    through_infinity: bool

    def text(self) -> str:
        """Return the number and its interval in words, rounded up to whole people."""
        number = _labelled(self.direction, self.estimate)
        low = _labelled(self.low_direction, self.low)
        high = _labelled(self.high_direction, self.high)
        if self.through_infinity:
            return f"{number} ({low} to ∞ to {high})"
        if not self.direction:
            return f"{number} ({low} to {high})"
        return f"{number} ({_rounded_up(self.low)} to {_rounded_up(self.high)})"

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        import pandas as pd

        return pd.DataFrame([asdict(self)])


def number_needed_to_treat(
    estimate: float, low: float, high: float, *, better: Better
) -> NumberNeeded:
    """Return the number needed to treat, 1/|risk difference|, with Altman's interval.

    Where the limits of the risk difference lie on both sides of 0, the numbers that fit run from
    the one limit up to infinity (no difference) and down again to the other limit: "NNTB 10 (NNTB 4
    to ∞ to NNTH 20)". The limit on the estimate's side comes first. The number depends on the
    comparator, the time and the starting risk, and belongs beside them.

    Parameters
    ----------
    estimate, low, high
        Risk difference and its limits, as proportions, treatment minus control.
    better
        "lower" if the outcome is bad (fewer events are a benefit), "higher" if it is good.

    Returns
    -------
    NumberNeeded
        Unrounded; `text` rounds up.

    Raises
    ------
    UsageError
        Unless -1 <= low <= estimate <= high <= 1, or if `better` is unknown.

    References
    ----------
    Altman 1998, BMJ 317:1309-1312, doi:10.1136/bmj.317.7168.1309.
    """
    if not -1 <= low <= estimate <= high <= 1:
        raise UsageError(
            "a risk difference and its limits must satisfy -1 <= low <= estimate <= high <= 1, "
            f"got {estimate} ({low} to {high})"
        )
    if better not in ("lower", "higher"):
        raise UsageError(f"better must be 'lower' or 'higher', got {better!r}")
    benefit = -estimate if better == "lower" else estimate
    least, most = (-high, -low) if better == "lower" else (low, high)
    through_infinity = least < 0 < most
    # the smaller number first, or through infinity the one on the estimate's own side
    harm_first = benefit < 0 if through_infinity else abs(least) > abs(most)
    first, last = (least, most) if harm_first else (most, least)
    return NumberNeeded(
        estimate=_people(benefit),
        low=_people(first),
        high=_people(last),
        direction=_direction(benefit),
        low_direction=_direction(first),
        high_direction=_direction(last),
        through_infinity=through_infinity,
    )


def _people(difference: float) -> float:
    return 1 / abs(difference) if difference else math.inf


def _direction(benefit: float) -> Direction:
    if benefit == 0:
        return ""
    return "NNTB" if benefit > 0 else "NNTH"


def _labelled(direction: Direction, people: float) -> str:
    return f"{direction} {_rounded_up(people)}".strip()


def _rounded_up(people: float) -> str:
    # 1 / (0.3 - 0.2) is a hair above 10 in floating point, and 10 people must stay 10
    return "∞" if math.isinf(people) else str(math.ceil(people * (1 - 1e-9)))
