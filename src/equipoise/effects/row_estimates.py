"""What one row of a comparison shows: the best number it allows, and why not a better one."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from equipoise.effects.arms import Arm, Record, number, read_arm, text
from equipoise.effects.binary import newcombe
from equipoise.effects.continuous import mean_fault
from equipoise.effects.counts import add_to_cells, same_in_all_groups
from equipoise.effects.fisher import fisher_exact
from equipoise.effects.interval import Floats, normal_quantile
from equipoise.effects.measures import Measure, measure
from equipoise.effects.paired import mean_change
from equipoise.effects.proportions import wilson
from equipoise.effects.rounding import difference_of, odds_ratio_of, ratio_of
from equipoise.errors import UsageError

NAN = math.nan

FROM_ARMS = ("RR", "OR", "RD", "PR", "MD", "MC")
"""The measures that a row's groups are read for; the others are taken as a source reports them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEstimate:
    """One row's number on the natural scale; see `estimates` for the fields."""

    measure: str
    estimate: float = NAN
    low: float = NAN
    high: float = NAN
    interval: Literal["confidence", "rounding", "reported", "none"] = "none"
    basis: Literal["counts", "percentages", "reported", "means", "not reported"] = "not reported"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDifference:
    """The absolute difference beside a two-group row, and Fisher's test of its counts."""

    risk_difference: float = NAN
    rd_low: float = NAN
    rd_high: float = NAN
    p_value_fisher: float = NAN


def row_estimate(
    record: Record, chosen: Measure, level: float
) -> tuple[RowEstimate, RowDifference]:
    """Return the estimate of one row of a comparison table, and the difference beside it.

    Parameters
    ----------
    record
        The row, as a mapping from column to cell.
    chosen
        The measure that was asked for.
    level
        Confidence level of computed intervals.

    Returns
    -------
    tuple of RowEstimate and RowDifference
        What `estimates` puts into its columns.

    Raises
    ------
    UsageError
        If the row holds what cannot be.

    References
    ----------
    See `estimates`.
    """
    if chosen.key not in FROM_ARMS:
        return _as_reported(record, chosen, level), RowDifference()
    if chosen.key == "MC":
        return _change(record, chosen, level), RowDifference()
    if chosen.key == "MD":
        return _two_means(record, chosen, level), RowDifference()
    treatment, control = read_arm(record, "treatment"), read_arm(record, "control")
    compared = bool(text(record, "comparator"))
    difference = _difference(treatment, control, level) if compared else RowDifference()
    if chosen.family == "proportion":
        return _one_group(record, treatment, level), difference
    if compared:
        return _two_groups(record, chosen, (treatment, control), level), difference
    return _reported(record, chosen, level) or _one_group(record, treatment, level), difference


def _two_groups(
    record: Record, chosen: Measure, arms: tuple[Arm, Arm], level: float
) -> RowEstimate:
    treatment, control = arms
    if treatment.has_counts and control.has_counts:
        return _from_counts(chosen, arms, level)
    reported = _reported(record, chosen, level)
    if reported and reported.interval == "reported":
        return reported
    if treatment.has_range and control.has_range:
        return _from_percentages(chosen, arms)
    if reported:
        return reported
    if (treatment.has_counts or treatment.has_percent) and (
        control.has_counts or control.has_percent
    ):
        return RowEstimate(
            measure=chosen.key,
            basis="percentages",
            reason="a percentage is reported only as a bound or an approximation",
        )
    silent = [
        name
        for name, arm in (("treatment", treatment), ("comparison", control))
        if not (arm.has_counts or arm.has_percent)
    ]
    groups = "either group" if len(silent) == 2 else f"the {silent[0]} group"
    return RowEstimate(
        measure=chosen.key,
        reason=f"neither counts nor a percentage of {groups}, nor a {chosen.name}, is reported",
    )


def _from_counts(chosen: Measure, arms: tuple[Arm, Arm], level: float) -> RowEstimate:
    if chosen.key == "RD":
        exact = _difference(*arms, level)
        estimate, low, high, reason = exact.risk_difference, exact.rd_low, exact.rd_high, ""
    else:
        events = np.array([[arm.events] for arm in arms])
        n = np.array([[arm.n] for arm in arms])
        estimate, low, high, added = _log_wald(chosen, events, n, level)
        reason = f"{added:g} was added to each cell because one of them is 0" if added else ""
        if same_in_all_groups(events, n)[0]:
            reason = (
                f"the event happened to nobody, or to everybody: {added:g} was added to each cell, "
                "and the ratio says little"
            )
    return RowEstimate(
        measure=chosen.key,
        estimate=estimate,
        low=low,
        high=high,
        interval="confidence",
        basis="counts",
        reason=reason,
    )


def _log_wald(
    chosen: Measure, events: Floats, n: Floats, level: float
) -> tuple[float, float, float, float]:
    x, size, added = add_to_cells(events, n, add=chosen.default_add or 0.0, to="only0")
    effect, variance = chosen.kernel()(x[0], size[0], x[1], size[1])
    reach = normal_quantile(level) * math.sqrt(variance[0])
    centre = float(effect[0])
    low, high = chosen.natural(centre - reach), chosen.natural(centre + reach)
    return chosen.natural(centre), low, high, float(added[0])


def _from_percentages(chosen: Measure, arms: tuple[Arm, Arm]) -> RowEstimate:
    by_key = {"RR": ratio_of, "OR": odds_ratio_of, "RD": difference_of}
    result = by_key[chosen.key](arms[0].range(), arms[1].range())
    if not math.isfinite(result.point):
        return RowEstimate(
            measure=chosen.key,
            basis="percentages",
            reason=f"percentages of 0 or 100 give no {chosen.name} without counts",
        )
    return RowEstimate(
        measure=chosen.key,
        estimate=result.point,
        low=result.low,
        high=result.high,
        interval="rounding",
        basis="percentages",
        reason=_without_counts(arms),
    )


def _without_counts(arms: Sequence[Arm]) -> str:
    without_n = sum(not arm.n > 0 for arm in arms)
    if without_n == 0:
        return "the number of events behind the percentage is not reported"
    if without_n == 2:
        return "the numbers of people behind the percentages are not reported"
    which = "the percentage" if len(arms) == 1 else "one of the percentages"
    return f"the number of people behind {which} is not reported"


def _one_group(record: Record, arm: Arm, level: float) -> RowEstimate:
    if arm.has_counts:
        low, high = wilson(arm.events, arm.n, level)
        return RowEstimate(
            measure="PR",
            estimate=arm.events / arm.n,
            low=float(low),
            high=float(high),
            interval="confidence",
            basis="counts",
        )
    if not arm.has_percent:
        return _reported(record, measure("PR"), level) or RowEstimate(
            measure="PR",
            reason="neither counts nor a percentage of the treatment group is reported",
        )
    point, low_end, high_end = arm.range()
    bounds = {
        "": (low_end, high_end, _without_counts([arm])),
        "more_than": (point, NAN, "only a lower bound is reported"),
        "less_than": (NAN, point, "only an upper bound is reported"),
        "about": (NAN, NAN, "the percentage is reported only as an approximation"),
    }
    lower, upper, reason = bounds[arm.relation]
    return RowEstimate(
        measure="PR",
        estimate=point,
        low=lower,
        high=upper,
        interval="none" if arm.relation else "rounding",
        basis="percentages",
        reason=reason,
    )


def _difference(treatment: Arm, control: Arm, level: float) -> RowDifference:
    if treatment.has_counts and control.has_counts:
        counts = (treatment.events, treatment.n, control.events, control.n)
        low, high = newcombe(*counts, level)
        whole = all(count.is_integer() for count in counts)
        return RowDifference(
            risk_difference=treatment.events / treatment.n - control.events / control.n,
            rd_low=float(low),
            rd_high=float(high),
            p_value_fisher=fisher_exact(*counts) if whole else NAN,
        )
    if treatment.has_range and control.has_range:
        point, low_end, high_end = difference_of(treatment.range(), control.range())
        return RowDifference(risk_difference=point, rd_low=low_end, rd_high=high_end)
    return RowDifference()


def _change(record: Record, chosen: Measure, level: float) -> RowEstimate:
    reported = _reported(record, chosen, level)
    if reported and reported.interval == "reported":
        return reported
    change = number(record, "mean_change")
    if math.isnan(change):
        change = mean_change(number(record, "mean_before"), number(record, "mean_after"))
    if math.isnan(change):
        return reported or RowEstimate(
            measure=chosen.key,
            reason="neither a mean change nor the means before and after are reported",
        )
    reason = "the spread of the changes is not reported"
    least, most = number(record, "minimum_change"), number(record, "maximum_change")
    if not (math.isnan(least) or math.isnan(most)):
        reason += ", only how far they ran"
    return RowEstimate(measure=chosen.key, estimate=change, basis="means", reason=reason)


def _two_means(record: Record, chosen: Measure, level: float) -> RowEstimate:
    values = {name: number(record, name) for name in chosen.columns[0]}
    faults = [fault for name, value in values.items() if (fault := mean_fault(name, value))]
    if faults:
        raise UsageError("; ".join(faults))
    reported = _reported(record, chosen, level)
    if not text(record, "comparator"):
        return reported or RowEstimate(measure=chosen.key, reason="no group was compared with it")
    effect, variance = (float(array) for array in chosen.kernel()(*values.values()))
    if math.isfinite(variance) and math.isfinite(effect):
        reach = normal_quantile(level) * math.sqrt(variance)
        return RowEstimate(
            measure=chosen.key,
            estimate=effect,
            low=effect - reach,
            high=effect + reach,
            interval="confidence",
            basis="means",
        )
    if reported and (reported.interval == "reported" or math.isnan(effect)):
        return reported
    if math.isnan(effect):
        return RowEstimate(
            measure=chosen.key,
            reason=f"neither the means of both groups nor a {chosen.name} is reported",
        )
    return RowEstimate(
        measure=chosen.key, estimate=effect, basis="means", reason=_without_spread(values)
    )


def _without_spread(values: Mapping[str, float]) -> str:
    lacking = []
    for kind, name in (("sd", "standard deviations"), ("n", "numbers of people")):
        silent = sum(math.isnan(values[f"{kind}_{group}"]) for group in ("treatment", "control"))
        if silent:
            lacking.append(f"the {name}" if silent == 2 else f"one of the {name}")
    verb = "is" if len(lacking) == 1 and lacking[0].startswith("one") else "are"
    return f"{' and '.join(lacking)} {verb} not reported"


def _as_reported(record: Record, chosen: Measure, level: float) -> RowEstimate:
    return _reported(record, chosen, level) or RowEstimate(
        measure=chosen.key,
        reason=f"no {chosen.name} is reported, and this version does not compute one",
    )


def _reported(record: Record, chosen: Measure, level: float) -> RowEstimate | None:
    """Return the effect as the source prints it, or None if it prints no such effect."""
    effect = number(record, "effect")
    if text(record, "reported_measure") != chosen.key or math.isnan(effect):
        return None
    low, high = number(record, "ci_low"), number(record, "ci_high")
    printed_level = number(record, "ci_level")
    has_interval = not (math.isnan(low) or math.isnan(high))
    reason = "" if has_interval else "the source reports no interval"
    if has_interval and not (math.isnan(printed_level) or math.isclose(printed_level, level)):
        reason = f"the source reports a {100 * printed_level:g}% interval"
    return RowEstimate(
        measure=chosen.key,
        estimate=effect,
        low=low,
        high=high,
        interval="reported" if has_interval else "none",
        basis="reported",
        reason=reason,
    )
