"""How much it would take to change a result: fragility, the missing, the size needed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from equipoise.effects.estimates import estimates
from equipoise.effects.fisher import fisher_exact, fisher_p_values
from equipoise.errors import UsageError

_TIE = 1e-9
"""A p value this close to the threshold has reached it: 1/20 is 0.05, however it is computed."""
_AT_ONCE = 64
"""Tables tested together: all those of a large trial at once would fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragility:
    """The fragility index under both ways of coding the event, and their minimum.

    Attributes
    ----------
    index
        The smaller of the two; 0 if the result does not reach `alpha` to begin with.
    as_coded, complement
        The index with the event as given, and with the event turned round.
    quotient
        `index` divided by the number of people.
    p_value
        Fisher's exact test of the table as it stands.
    """

    index: int
    as_coded: int
    complement: int
    quotient: float
    p_value: float


def fragility_index(
    events_treatment: int,
    n_treatment: int,
    events_control: int,
    n_control: int,
    *,
    alpha: float = 0.05,
) -> Fragility:
    """Count the people whose different outcome would lift p to `alpha` or above.

    In the arm with the smaller risk (between arms of one size, the arm with fewer events),
    non-events become events one at a time until Fisher's exact test gives ``p >= alpha``. The count
    depends on which outcome is called the event, so both codings are tried and the smaller count
    leads.

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        The 2 by 2 table.
    alpha
        The threshold the index is about.

    Returns
    -------
    Fragility
        The index, under both codings, with its quotient and the p value of the table.

    Raises
    ------
    UsageError
        If the counts are not a 2 by 2 table, or `alpha` is not between 0 and 1.

    References
    ----------
    Walsh M et al. J Clin Epidemiol 2014;67:622-628, doi:10.1016/j.jclinepi.2013.10.019. Its use is
    disputed: read it beside the interval, never as a score.
    """
    e1, n1, e2, n2 = events_treatment, n_treatment, events_control, n_control
    if not (0 <= e1 <= n1 and 0 <= e2 <= n2 and n1 > 0 and n2 > 0):
        raise UsageError(f"{e1} of {n1} against {e2} of {n2} is not a table of counts.")
    if not 0 < alpha < 1:
        raise UsageError(f"alpha is {alpha:g}; it must lie between 0 and 1.")
    as_coded = _steps(e1, n1, e2, n2, alpha)
    complement = _steps(n1 - e1, n1, n2 - e2, n2, alpha)
    index = min(as_coded, complement)
    return Fragility(
        index=index,
        as_coded=as_coded,
        complement=complement,
        quotient=index / (n1 + n2),
        p_value=fisher_exact(e1, n1, e2, n2),
    )


def _steps(e1: int, n1: int, e2: int, n2: int, alpha: float) -> int:
    """Tables as events are added to the arm of the smaller risk; the first at or above `alpha`.

    There is one: on its way to everybody the count passes the likeliest table, whose p is 1.
    """
    if e1 * n2 > e2 * n1:
        e1, n1, e2, n2 = e2, n2, e1, n1
    for start in range(e1, n1 + 1, _AT_ONCE):
        events = np.arange(start, min(start + _AT_ONCE, n1 + 1))
        p = fisher_p_values(events, *(np.full_like(events, x) for x in (n1, e2, n2)))
        reached = p >= alpha * (1 - _TIE)
        if reached.any():
            return start - e1 + int(np.argmax(reached))
    raise AssertionError("no table reached alpha")  # pragma: no cover


def information_size(
    baseline_risk: float,
    relative_risk_reduction: float = 0.25,
    *,
    alpha: float = 0.05,
    power: float = 0.80,
) -> float:
    """Return the number of people, in two equal groups, that a reliable answer needs.

    ``n per group = (z_a sqrt(2 p q) + z_b sqrt(p1 q1 + p2 q2))^2 / (p1 - p2)^2`` with ``p1`` the
    baseline risk, ``p2 = p1 (1 - relative_risk_reduction)`` and ``p`` their mean; twice that is
    returned, not rounded.

    Parameters
    ----------
    baseline_risk
        Risk without the intervention, between 0 and 1.
    relative_risk_reduction
        The reduction to be detected, between 0 and 1.
    alpha, power
        Two-sided error rate, and the chance of detecting the reduction.

    Raises
    ------
    UsageError
        If a risk or rate is not between 0 and 1.

    References
    ----------
    Guyatt GH et al. GRADE guidelines 6. J Clin Epidemiol 2011;64:1283-1293,
    doi:10.1016/j.jclinepi.2011.01.012.
    """
    for name, value in {
        "baseline_risk": baseline_risk,
        "relative_risk_reduction": relative_risk_reduction,
        "alpha": alpha,
        "power": power,
    }.items():
        if not 0 < value < 1:
            raise UsageError(f"{name} is {value:g}; it must lie between 0 and 1.")
    p1, p2 = baseline_risk, baseline_risk * (1 - relative_risk_reduction)
    mean = (p1 + p2) / 2
    spread = ndtri(1 - alpha / 2) * math.sqrt(2 * mean * (1 - mean)) + ndtri(power) * math.sqrt(
        p1 * (1 - p1) + p2 * (1 - p2)
    )
    return float(2 * spread**2 / (p1 - p2) ** 2)


SCENARIOS = {
    "as analysed": (math.nan, math.nan),
    "none of the missing had the outcome": (0.0, 0.0),
    "all of the missing had the outcome": (1.0, 1.0),
    "all of the missing of the treatment group, none of the other": (1.0, 0.0),
    "all of the missing of the comparison group, none of the other": (0.0, 1.0),
}
"""Share of the missing who had the outcome, in the treatment and in the comparison group."""


def best_worst_case(table: pd.DataFrame, measure: str = "RR") -> pd.DataFrame:
    """Put the people who were lost back in: as if none, or all, of them had the outcome.

    Where both arms lost people, the two ways of dividing them are added, which bound the result.

    Parameters
    ----------
    table
        A comparison table (`Evidence.comparison`). Rows without counts in both arms, or without
        the number of people each arm began with, are left out: nothing is known to put back.
    measure
        RR, OR or RD.

    Returns
    -------
    DataFrame
        Three rows a comparison, five where both arms lost people: the `scenario`, the counts, and
        the columns of `estimates`.
    """
    names = [
        f"{name}_{arm}"
        for name in ("events", "n", "n_allocated")
        for arm in ("treatment", "control")
    ]
    known = table[table[names].notna().all(axis=1)]
    parts = []
    lost = {
        arm: known[f"n_allocated_{arm}"] - known[f"n_{arm}"] for arm in ("treatment", "control")
    }
    for scenario, shares in SCENARIOS.items():
        part = known.assign(scenario=scenario)
        if shares[0] + shares[1] == 1:
            part = part[(lost["treatment"] > 0) & (lost["control"] > 0)]
        if scenario != "as analysed":
            for (arm, missing), share in zip(lost.items(), shares, strict=True):
                part[f"events_{arm}"] += share * missing
                part[f"n_{arm}"] = part[f"n_allocated_{arm}"]
                part[f"percent_{arm}"] = math.nan  # that of the source, which this no longer is
        parts.append(part)
    stacked = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
    return estimates(stacked, measure)
