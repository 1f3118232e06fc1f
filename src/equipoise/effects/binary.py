"""Two groups and a yes-or-no outcome: risk ratio, odds ratio, risk difference, and their kin.

The kernels take events and people of the treatment group (e₁, n₁) and of the control group (e₂,
n₂), after any constant was added to zero cells. a, b, c and d are the people with and without the
event in the treatment group, then in the control group.
"""

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from equipoise.effects.interval import Floats
from equipoise.effects.measure_type import Columns, EffectAndVariance, Measure
from equipoise.effects.proportions import wilson

TWO_GROUPS: Columns = ("events_treatment", "n_treatment", "events_control", "n_control")

UNDEFINED = "a cell is 0, and nothing was added to it"
"""Why a complete 2 x 2 table can be without a number."""


def log_risk_ratio(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> EffectAndVariance:
    """Return ln((e₁/n₁) / (e₂/n₂)) and its variance 1/e₁ - 1/n₁ + 1/e₂ - 1/n₂.

    References
    ----------
    Katz, Baptista, Azen & Pike 1978, Biometrics 34:469-474, doi:10.2307/2530610.
    """
    return np.log(e1 / n1) - np.log(e2 / n2), 1 / e1 - 1 / n1 + 1 / e2 - 1 / n2


def log_odds_ratio(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> EffectAndVariance:
    """Return ln(ad / bc) and its variance 1/a + 1/b + 1/c + 1/d.

    References
    ----------
    Woolf 1955, Ann Hum Genet 19:251-253, doi:10.1111/j.1469-1809.1955.tb01348.x.
    """
    b, d = n1 - e1, n2 - e2
    return np.log(e1 / b) - np.log(e2 / d), 1 / e1 + 1 / b + 1 / e2 + 1 / d


def risk_difference(
    e1: Floats, n1: Floats, e2: Floats, n2: Floats, *, vtype: str = "LS"
) -> EffectAndVariance:
    """Return p₁ - p₂ and its variance p₁(1 - p₁)/n₁ + p₂(1 - p₂)/n₂.

    With `vtype` "UB" each n in the variance is n - 1, which makes it unbiased; with "AV" each
    proportion in it is that of all studies together. The variance is 0 where both proportions are 0
    or 1.

    References
    ----------
    Measure "RD" of escalc in metafor: Viechtbauer 2010, J Stat Softw 36(3),
    doi:10.18637/jss.v036.i03.
    """
    p1, p2 = e1 / n1, e2 / n2
    q1, q2 = (p1, p2) if vtype != "AV" else (pooled_share(e1, n1), pooled_share(e2, n2))
    less = 1 if vtype == "UB" else 0
    return p1 - p2, q1 * (1 - q1) / (n1 - less) + q2 * (1 - q2) / (n2 - less)


def arcsine_difference(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> EffectAndVariance:
    """Return asin √p₁ - asin √p₂ and its variance 1/4n₁ + 1/4n₂.

    References
    ----------
    Rücker, Schwarzer, Carpenter & Olkin 2009, Stat Med 28:721-738, doi:10.1002/sim.3511.
    """
    effect = np.arcsin(np.sqrt(e1 / n1)) - np.arcsin(np.sqrt(e2 / n2))
    return effect, 1 / (4 * n1) + 1 / (4 * n2)


def peto_log_odds_ratio(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> EffectAndVariance:
    """Return Peto's (O - E) / V and its variance 1/V.

    O is e₁, E what is expected of it if the groups do not differ, and V its hypergeometric
    variance, all given the margins of the table.

    References
    ----------
    Yusuf, Peto, Lewis, Collins & Sleight 1985, Prog Cardiovasc Dis 27:335-371,
    doi:10.1016/s0033-0620(85)80003-7.
    """
    events, n = e1 + e2, n1 + n2
    expected = events * n1 / n
    spread = events * (n - events) * (n1 / n) * (n2 / n) / (n - 1)
    return (e1 - expected) / spread, 1 / spread


def pooled_share(events: Floats, n: Floats) -> Floats:
    """Return the events of all studies over the people of all studies, for every study.

    Studies with an empty cell do not count.
    """
    complete = ~np.isnan(events + n)
    return np.full_like(n, events[complete].sum() / n[complete].sum())


def newcombe(
    events_treatment: ArrayLike,
    n_treatment: ArrayLike,
    events_control: ArrayLike,
    n_control: ArrayLike,
    level: float,
) -> tuple[Floats, Floats]:
    """Return Newcombe's hybrid score limits for a risk difference (his method 10).

    With d = p₁ - p₂ and Wilson limits (l, u) of each proportion the limits are
    d - √((p₁ - l₁)² + (u₂ - p₂)²) and d + √((u₁ - p₁)² + (p₂ - l₂)²).

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        Counts, of shapes that broadcast against each other; not checked here.
    level
        Confidence level.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits, between -1 and 1.

    Raises
    ------
    UsageError
        If `level` is not strictly between 0 and 1.

    References
    ----------
    Newcombe 1998, Stat Med 17:873-890,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
    """
    e1, n1, e2, n2 = (
        np.asarray(count, dtype=np.float64)
        for count in (events_treatment, n_treatment, events_control, n_control)
    )
    p1, p2 = e1 / n1, e2 / n2
    low1, high1 = wilson(e1, n1, level)
    low2, high2 = wilson(e2, n2, level)
    low = p1 - p2 - np.hypot(p1 - low1, high2 - p2)
    high = p1 - p2 + np.hypot(high1 - p1, p2 - low2)
    return np.asarray(low), np.asarray(high)


_binary = partial(
    Measure, family="binary", columns=(TWO_GROUPS,), undefined=UNDEFINED, default_add=0.5
)

MEASURES = (
    _binary(
        key="RR",
        name="risk ratio",
        scale="log",
        axis="ratio",
        description="(e1/n1) / (e2/n2); Katz et al. 1978, doi:10.2307/2530610",
        compute=log_risk_ratio,
    ),
    _binary(
        key="OR",
        name="odds ratio",
        scale="log",
        axis="ratio",
        description="ad / bc; Woolf 1955, doi:10.1111/j.1469-1809.1955.tb01348.x",
        compute=log_odds_ratio,
    ),
    _binary(
        key="RD",
        name="risk difference",
        scale="identity",
        axis="difference",
        description="e1/n1 - e2/n2; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        compute=risk_difference,
        vtypes=("LS", "UB", "AV"),
    ),
    _binary(
        key="AS",
        name="arcsine difference",
        scale="identity",
        axis="difference",
        description="asin √p1 - asin √p2, read as it is, since it belongs to no one risk "
        "difference; Rücker et al. 2009, doi:10.1002/sim.3511",
        compute=arcsine_difference,
        default_add=0.0,
    ),
    _binary(
        key="PETO",
        name="odds ratio by Peto's method",
        scale="log",
        axis="ratio",
        description="exp((O - E) / V); Yusuf et al. 1985, doi:10.1016/s0033-0620(85)80003-7",
        compute=peto_log_odds_ratio,
    ),
)
"""The measures of this family."""
