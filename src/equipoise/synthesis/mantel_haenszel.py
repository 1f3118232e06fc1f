"""Mantel and Haenszel's pooled risk ratio, odds ratio, risk difference, and the same of rates.

In study i, e₁ of n₁ people (or in a time t₁) have the event under treatment, e₂ of n₂ (t₂) under
control; a, b, c and d are the people with and without it. The estimate comes from the counts of
all studies at once, so that a zero cell needs no constant; the effects of single studies, which a
forest plot shows and the test of homogeneity compares, have ½ added where a cell is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.effects.interval import Floats
from equipoise.effects.measures import measure as measure_of
from equipoise.effects.sizes import effect_sizes
from equipoise.effects.study_data import Options, StudyData, read_study_data
from equipoise.errors import UsageError
from equipoise.synthesis.derived import derived
from equipoise.synthesis.method import Method, quantiles
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.studies import read_studies

if TYPE_CHECKING:
    import pandas as pd

StratifiedMeasure: TypeAlias = Literal["RR", "OR", "RD", "IRR", "IRD"]

_SHOWN = ("effect", "variance", "reason")

SILENT = "the event happened to nobody, or to everybody"


class Common(NamedTuple):
    """The effect that all studies are taken to share, of one analysis or (along axis 0) of many.

    Attributes
    ----------
    estimate, variance
        On the analysis scale.
    weights
        Of each study; they do not sum to 1.
    speaks
        Whether a study takes part in the estimate.
    """

    estimate: Floats
    variance: Floats
    weights: Floats
    speaks: NDArray[np.bool_]


Kernel: TypeAlias = Callable[[Floats, Floats, Floats, Floats], Common]
"""Events and people (or time) of the treatment groups, then of the control groups, studies along
the last axis -> their common effect."""


def mantel_haenszel(
    table: pd.DataFrame,
    measure: StratifiedMeasure = "RR",
    *,
    add: float = 0.0,
    level: float = 0.95,
) -> Pooled:
    """Pool two-group counts by Mantel and Haenszel's method: one effect common to all studies.

    With N = n₁ + n₂ (T = t₁ + t₂), sums over studies, and the variances of the references:

    - RR: Σ(e₁n₂/N) / Σ(e₂n₁/N), weights e₂n₁/N;
    - OR: Σ(ad/N) / Σ(bc/N), weights bc/N;
    - RD: Σ(e₁n₂ - e₂n₁)/N / Σ(n₁n₂/N), weights n₁n₂/N;
    - IRR and IRD: as RR and RD, with times instead of people.

    Zero cells need no constant, and get none unless `add` is given. It suits rare events and many
    small studies, and says nothing about how far effects differ between studies.

    Parameters
    ----------
    table
        One study a row, with the columns `events_treatment, n_treatment, events_control,
        n_control` (RR, OR, RD) or `events_treatment, time_treatment, events_control, time_control`
        (IRR, IRD).
    measure
        "RR", "OR", "RD", "IRR" or "IRD".
    add
        What is added to each cell of the studies with a zero cell before they are pooled.
    level
        Confidence level of the Wald interval, which for ratios is that of the logarithm.

    Returns
    -------
    Pooled
        The estimator is "MH". `effects` and `variances` are those of each study by itself, with ½
        added where a cell is 0; Q, I² and H² compare them with the pooled estimate, but for studies
        in which the event happened to nobody or to everybody. Such a study takes part in a
        difference; in a ratio it cannot (unless, for RR, everybody had the event), and has a
        reason. A study with events under treatment alone takes part in a ratio with weight 0.
        `k` counts the studies that take part.

    Raises
    ------
    UsageError
        If the measure is another; if columns lack or rows hold what cannot be; if the pooled ratio
        is 0 or infinite, or the estimate has no variance.

    References
    ----------
    Mantel & Haenszel 1959, J Natl Cancer Inst 22:719-748, doi:10.1093/jnci/22.4.719;
    Robins, Breslow & Greenland 1986, Biometrics 42:311-323, doi:10.2307/2531052 (variance of OR);
    Greenland & Robins 1985, Biometrics 41:55-68, doi:10.2307/2530643 (of RR, IRR and IRD);
    Sato, Greenland & Robins 1989, Biometrics 45:1323-1324 (of RD).
    """
    if measure not in KERNELS:
        raise UsageError(
            f"Mantel and Haenszel's method has no measure {measure!r}; choose one of: "
            f"{', '.join(KERNELS)}"
        )
    return _pooled(table, measure, add=add, level=level)


def read_strata(
    table: pd.DataFrame, measure: str, *, add: float = 0.0
) -> tuple[Floats, Floats, Floats, Floats]:
    """Read the counts of the complete rows.

    Parameters
    ----------
    table, measure, add
        As in `mantel_haenszel`.

    Returns
    -------
    tuple of ndarray
        Events and people (or time) of the treatment groups, then of the control groups.

    Raises
    ------
    UsageError
        If rows hold what cannot be, or if no row is complete.
    """
    data = _read(table, measure, add=add)
    complete = data.reason == ""
    if not complete.any():
        raise UsageError("there is nothing to pool: no row has counts in both groups")
    e1, n1, e2, n2 = (values[complete] for values in data.arrays)
    return e1, n1, e2, n2


def _read(
    table: pd.DataFrame, measure: str, *, add: float = 0.0, drop00: bool = False
) -> StudyData:
    chosen = measure_of(measure)
    columns = chosen.columns[0]
    lacking = ", ".join(name for name in columns if name not in table.columns)
    if lacking:
        raise UsageError(f"{measure} needs {', '.join(columns)}; the table has no {lacking}")
    options = Options(add=add, to="only0", drop00=drop00, level=0.95)
    return read_study_data(table, chosen, columns, options)


def risk_ratio(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> Common:
    """Return ln RR, with Greenland and Robins' variance."""
    n = n1 + n2
    above, below = e1 * n2 / n, e2 * n1 / n
    spread = (n1 * n2 * (e1 + e2) / n - e1 * e2) / n
    return _ratio(above, below, spread)


def odds_ratio(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> Common:
    """Return ln OR, with the variance of Robins, Breslow and Greenland."""
    b, d, n = n1 - e1, n2 - e2, n1 + n2
    above, below = e1 * d / n, b * e2 / n
    agree, differ = (e1 + d) / n, (b + e2) / n
    r, s = above.sum(axis=-1), below.sum(axis=-1)
    variance = (
        (agree * above).sum(axis=-1) / r**2
        + (agree * below + differ * above).sum(axis=-1) / (r * s)
        + (differ * below).sum(axis=-1) / s**2
    ) / 2
    return Common(np.log(r / s), variance, below, above + below > 0)


def risk_difference(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> Common:
    """Return RD, with the variance of Sato, Greenland and Robins."""
    n = n1 + n2
    weights = n1 * n2 / n
    total = weights.sum(axis=-1)
    estimate = ((e1 * n2 - e2 * n1) / n).sum(axis=-1) / total
    tilt = (n1**2 * e2 - n2**2 * e1 + n1 * n2 * (n2 - n1) / 2) / n**2
    spread = (e1 * (n2 - e2) + e2 * (n1 - e1)) / (2 * n)
    variance = (estimate * tilt.sum(axis=-1) + spread.sum(axis=-1)) / total**2
    return Common(estimate, variance, weights, np.full_like(n, True, dtype=bool))


def rate_ratio(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> Common:
    """Return ln IRR, with Greenland and Robins' variance."""
    t = t1 + t2
    return _ratio(x1 * t2 / t, x2 * t1 / t, t1 * t2 * (x1 + x2) / t**2)


def rate_difference(x1: Floats, t1: Floats, x2: Floats, t2: Floats) -> Common:
    """Return IRD, with Greenland and Robins' variance."""
    t = t1 + t2
    weights = t1 * t2 / t
    total = weights.sum(axis=-1)
    estimate = ((x1 * t2 - x2 * t1) / t).sum(axis=-1) / total
    spread = weights**2 * (x1 / t1**2 + x2 / t2**2)
    variance = spread.sum(axis=-1) / total**2
    return Common(estimate, variance, weights, np.full_like(t, True, dtype=bool))


def _ratio(above: Floats, below: Floats, spread: Floats) -> Common:
    """Return ln(Σ above / Σ below), with the variance Σ spread / (Σ above · Σ below)."""
    r, s = above.sum(axis=-1), below.sum(axis=-1)
    return Common(np.log(r / s), spread.sum(axis=-1) / (r * s), below, above + below > 0)


KERNELS: dict[str, Kernel] = {
    "RR": risk_ratio,
    "OR": odds_ratio,
    "RD": risk_difference,
    "IRR": rate_ratio,
    "IRD": rate_difference,
}
"""The method, for each measure."""


def _pooled(table: pd.DataFrame, measure: str, *, add: float, level: float) -> Pooled:
    method = Method(estimator="CE", ci_method="wald", level=level)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = KERNELS[measure](*read_strata(table, measure, add=add))
    _refuse(found, measure)
    shown = effect_sizes(table, measure)
    effect, variance, reason = (shown[name].to_numpy() for name in _SHOWN)
    complete = reason == ""
    weights = np.zeros(len(table))
    weights[complete] = found.weights / found.weights.sum()
    takes_part = complete.copy()
    takes_part[complete] = found.speaks
    rows = shown.drop(columns="se").assign(
        effect=np.where(takes_part, effect, nan),
        variance=np.where(takes_part, variance, nan),
        reason=np.where(complete & ~takes_part, SILENT, reason),
    )
    studies = read_studies(rows, None, se=None, labels=None, weights=None, measure=None)
    differs = _read(table, measure, drop00=True).reason == ""
    estimate = float(found.estimate)
    q, compared = _homogeneity(effect[differs], variance[differs], estimate)
    raw = {"estimate": estimate, "variance": float(found.variance), "q": q, **_WITHOUT_TAU2}
    numbers = derived(raw, float(compared), method, quantiles(compared, method)._asdict())
    return Pooled(
        measure=measure,
        estimator="MH",
        ci_method="wald",
        level=level,
        converged=True,
        labels=studies.labels,
        effects=studies.effects,
        variances=studies.variances,
        weights=tuple(weights.tolist()),
        reasons=studies.reasons,
        **{**numbers, "k": int(found.speaks.sum())},
    )


_WITHOUT_TAU2: dict[str, Any] = {
    "tau2": 0.0,
    **dict.fromkeys(
        (
            "residual", "tau2_se", "tau2_low", "tau2_high", "trace", "second_tau2", "second_loss",
            "log_likelihood", "restricted_log_likelihood",
        ),
        nan,
    ),
}  # fmt: skip


def _homogeneity(effect: Floats, variance: Floats, estimate: float) -> tuple[float, int]:
    """Return Q = Σ(y - estimate)²/v, and over how many studies; of one it is 0."""
    if len(effect) < 2:
        return 0.0, 1
    return float(((effect - estimate) ** 2 / variance).sum()), len(effect)


def _refuse(found: Common, measure: str) -> None:
    """Refuse strata from which no estimate, or no interval, follows."""
    name = measure_of(measure).name
    if not found.speaks.any():
        raise UsageError(
            f"there is no {name} to pool: in every study the event happened to nobody, or to "
            "everybody"
        )
    if not np.isfinite(found.estimate):
        raise UsageError(
            f"the pooled {name} is 0 or infinite, and has no interval: over all studies one group "
            "has no events, or events in everybody; pool differences (RD, IRD), or add a constant "
            "to the zero cells (add=0.5)"
        )
    if not found.variance > 0:
        raise UsageError(
            f"the pooled {name} has no interval: in each group of each study the event happened to "
            "nobody, or to everybody; add a constant to the zero cells (add=0.5)"
        )
