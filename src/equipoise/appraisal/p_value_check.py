"""Whether a reported p value follows from the other numbers of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from equipoise.appraisal.printed import Printed, read_printed
from equipoise.appraisal.recomputed_p import RecomputedP
from equipoise.display import numbers
from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

Relation = Literal["=", "<", ">", "<=", ">="]
_RELATIONS = ("=", "<", ">", "<=", ">=")

_SLACK = 1e-9
"""Relative; p values this close are equal: 1/20 is 0.05, however it is computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PValueCheck:
    """How a reported p value compares with those recomputed.

    Attributes
    ----------
    reported
        The p value with its relation, as printed: `p < 0.05`.
    recomputed
        The p values it was compared with.
    reproduced
        Whether a two-sided method gives it within rounding; a one-sided one where there is no
        other.
    reproduced_by
        The methods that give it, one-sided ones among them.
    crosses
        Whether it is not reproduced and all these methods lie on the other side of the threshold:
        what statcheck calls a decision error.
    sentence
        The answer in words.
    """

    reported: str
    recomputed: tuple[RecomputedP, ...]
    reproduced: bool
    reproduced_by: tuple[str, ...]
    crosses: bool
    sentence: str

    @property
    def given(self) -> str:
        """What the methods give: `the Fisher exact test gives p = 0.027`."""
        return _given(self.recomputed)

    def to_frame(self) -> pd.DataFrame:
        """Return a table, one row a method: the recomputed p values, and whether each fits."""
        import pandas as pd

        frame = pd.DataFrame([asdict(entry) for entry in self.recomputed])
        return frame.assign(reported=self.reported, fits=frame["method"].isin(self.reproduced_by))


def check_p_value(
    reported: str,
    recomputed: Sequence[RecomputedP],
    *,
    relation: Relation = "=",
    alpha: float = 0.05,
) -> PValueCheck:
    """Compare a reported p value with those that other numbers of the report give.

    `p = x` fits where the range of a recomputed p value meets what rounds to x; `p < x` and `p > x`
    fit where some value of that range does. One two-sided method that fits is enough. That only a
    one-sided test fits is said, but is not enough: for a report that says it made one, give its p
    value alone.

    Parameters
    ----------
    reported
        The p value as printed, as text.
    recomputed
        From `p_from_counts`, `p_from_interval` or `p_from_statistic`, or from several together.
    relation
        How the report states it: "=", "<", ">", "<=" or ">=".
    alpha
        The threshold of a decision. A p value that rounding may have moved across it lies on
        neither side.

    Returns
    -------
    PValueCheck
        Which methods fit, and whether all lie on the other side of `alpha`. A p value that cannot
        be reproduced may come from a test that was not tried here, or from an adjusted model.

    Raises
    ------
    UsageError
        If the p value is not text or not between 0 and 1, if there is nothing to compare it with,
        if the relation is unknown or if `alpha` is not between 0 and 1.

    References
    ----------
    Nuijten, Hartgerink, van Assen, Epskamp & Wicherts 2016, Behav Res Methods 48:1205-1226,
    doi:10.3758/s13428-015-0664-2.
    """
    printed = read_printed("reported", reported)
    entries = tuple(recomputed)
    if not 0 <= printed.value <= 1:
        raise UsageError(f"a p value must lie between 0 and 1, got {reported!r}")
    if relation not in _RELATIONS:
        raise UsageError(f"unknown relation={relation!r}; choose one of: {', '.join(_RELATIONS)}")
    if not 0 < alpha < 1:
        raise UsageError(f"alpha must lie between 0 and 1, got {alpha}")
    if not entries:
        raise UsageError("there is no recomputed p value to compare the reported one with")
    fitting = [entry for entry in entries if _fits(printed, relation, entry)]
    judged = [entry for entry in entries if entry.sides == 2] or list(entries)
    reproduced = any(entry in judged for entry in fitting)
    crosses = not reproduced and _crosses(_side(printed, relation, alpha), judged, alpha)
    stated, methods = f"p {relation} {printed.text}", [f"the {entry.method}" for entry in fitting]
    if reproduced:
        sentence = f"{stated} fits {numbers.listing(methods)}."
    else:
        sentence = f"We could not reproduce {stated}: {_given(judged)}"
        sentence += f", on the other side of {numbers.short(alpha)}" if crosses else ""
        sentence += f"; it fits {numbers.listing(methods)}." if methods else "."
    return PValueCheck(
        reported=stated,
        recomputed=entries,
        reproduced=reproduced,
        reproduced_by=tuple(entry.method for entry in fitting),
        crosses=crosses,
        sentence=sentence,
    )


def _given(entries: Sequence[RecomputedP]) -> str:
    parts = [f"the {entry.method} gives {numbers.p_value(entry.p)}" for entry in entries]
    return numbers.listing(parts)


def _fits(printed: Printed, relation: Relation, entry: RecomputedP) -> bool:
    value = float(printed.value)
    if relation == "=":
        low, high = float(printed.low) * (1 - _SLACK), float(printed.high) * (1 + _SLACK)
        return entry.low <= high and entry.high >= low
    if relation in ("<", "<="):
        return entry.low < value or (relation == "<=" and entry.low <= value * (1 + _SLACK))
    return entry.high > value or (relation == ">=" and entry.high >= value * (1 - _SLACK))


def _side(printed: Printed, relation: Relation, alpha: float) -> Literal["below", "above", ""]:
    """Say on which side of `alpha` a report puts its p value; neither if rounding hides it."""
    # as floats, so that a printed 0.05 is the 0.05 of a caller
    lowest = float(printed.low if relation == "=" else printed.value)
    highest = float(printed.high if relation == "=" else printed.value)
    if relation in ("=", "<", "<=") and highest <= alpha:
        return "below"
    return "above" if relation in ("=", ">", ">=") and lowest >= alpha else ""


def _crosses(side: str, judged: Sequence[RecomputedP], alpha: float) -> bool:
    """Whether all these p values lie on the other side of `alpha` than the reported one."""
    if side == "above":
        return all(entry.high <= alpha for entry in judged)
    return side == "below" and all(entry.low > alpha for entry in judged)
