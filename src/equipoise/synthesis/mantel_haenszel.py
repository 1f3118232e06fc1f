"""Mantel and Haenszel's pooled risk ratio, odds ratio, risk difference, and the same of rates.

In study i, e₁ of n₁ people (or in a time t₁) have the event under treatment, e₂ of n₂ (t₂) under
control; a, b, c and d are the people with and without it. The estimate comes from the counts of
all studies at once, so that a zero cell needs no constant; the effects of single studies, which a
forest plot shows and the test of homogeneity compares, have ½ added where a cell is 0.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.effects.counts import refuse_rows
from equipoise.effects.interval import Floats
from equipoise.effects.measures import measure as measure_of
from equipoise.effects.sizes import effect_sizes
from equipoise.effects.study_data import Options, StudyData, read_study_data
from equipoise.errors import UsageError
from equipoise.synthesis.derived import derived
from equipoise.synthesis.mantel_haenszel_kernels import KERNELS, Common
from equipoise.synthesis.method import Method, quantiles
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.studies import read_studies

if TYPE_CHECKING:
    import pandas as pd

StratifiedMeasure: TypeAlias = Literal["RR", "OR", "RD", "IRR", "IRD"]

LARGEST = 1e60  # of counts and times: beyond it, their fourth powers leave the range of a number

_SHOWN = ("effect", "variance", "reason")

SILENT = "the event happened to nobody, or to everybody"
NO_COUNTS = "there is nothing to pool: no row has counts in both groups"


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

    See Also
    --------
    mantel_haenszel_many : any number of analyses at once.

    References
    ----------
    Mantel & Haenszel 1959, J Natl Cancer Inst 22:719-748, doi:10.1093/jnci/22.4.719;
    Robins, Breslow & Greenland 1986, Biometrics 42:311-323, doi:10.2307/2531052 (variance of OR);
    Greenland & Robins 1985, Biometrics 41:55-68, doi:10.2307/2530643 (of RR, IRR and IRD);
    Sato, Greenland & Robins 1989, Biometrics 45:1323-1324 (of RD).
    """
    check_measure(measure)
    return _pooled(table, measure, add=add, level=level)


def check_measure(measure: str) -> None:
    """Refuse a measure that the method does not have.

    Raises
    ------
    UsageError
        Naming those that it has.
    """
    if measure not in tuple(KERNELS):  # what is asked for may have no hash
        raise UsageError(
            f"Mantel and Haenszel's method has no measure {measure!r}; choose one of: "
            f"{', '.join(KERNELS)}"
        )


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
    data = read_rows(table, measure, add=add)
    complete = data.reason == ""
    if not complete.any():
        raise UsageError(NO_COUNTS)
    e1, n1, e2, n2 = (values[complete] for values in data.arrays)
    return e1, n1, e2, n2


def read_rows(
    table: pd.DataFrame, measure: str, *, add: float = 0.0, drop00: bool = False
) -> StudyData:
    """Read the counts of every row.

    Parameters
    ----------
    table, measure, add
        As in `mantel_haenszel`.
    drop00
        Whether rows in which the event happened to nobody, or to everybody, have a reason.

    Returns
    -------
    StudyData
        Events and people (or time) of the treatment groups, then of the control groups; and why a
        row has none.

    Raises
    ------
    UsageError
        If columns lack, or rows hold what cannot be.
    """
    if not hasattr(table, "columns"):
        raise UsageError("the table must be a pandas DataFrame, one row a study")
    chosen = measure_of(measure)
    columns = chosen.columns[0]
    lacking = ", ".join(name for name in columns if name not in table.columns)
    if lacking:
        raise UsageError(f"{measure} needs {', '.join(columns)}; the table has no {lacking}")
    if add is None:
        raise UsageError("add must be 0 or a positive number, got None")
    options = Options(add=add, to="only0", drop00=drop00, level=0.95)
    data = read_study_data(table, chosen, columns, options)
    faults = []
    for name, values in zip(columns, data.arrays, strict=True):
        wild = (values > LARGEST) | ((values > 0) & (values < 1 / LARGEST))
        faults += [
            (int(row), f"{name} {values[row]:g} is too large or too small to compute with")
            for row in np.flatnonzero(wild)
        ]
    refuse_rows(table, faults)
    return data


def _pooled(table: pd.DataFrame, measure: str, *, add: float, level: float) -> Pooled:
    method = Method(estimator="CE", ci_method="wald", level=level)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = KERNELS[measure](*read_strata(table, measure, add=add))
    k = found.speaks.sum()
    if refused := str(why_not(found, k > 0, measure)):
        raise UsageError(refused)
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
    differs = read_rows(table, measure, drop00=True).reason == ""
    distances = (effect[differs] - found.estimate) ** 2 / variance[differs]
    several = numbers_of(found, distances.sum(), differs.sum(), method)
    numbers: dict[str, Any] = {name: float(number) for name, number in several.items()}
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
        **numbers | {"k": int(k)},
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


def numbers_of(found: Common, q: Any, compared: Any, method: Method) -> dict[str, Any]:
    """Return every number but `k` of one analysis, or of many.

    Parameters
    ----------
    found
        The common effect.
    q
        Σ(y - estimate)²/v over the studies that can be compared; of one study it is taken to be 0.
    compared
        How many these are.
    method
        The level.

    Returns
    -------
    dict
        See `derived`.
    """
    q = q * (compared > 1)
    raw = {"estimate": found.estimate, "variance": found.variance, "q": q, **_WITHOUT_TAU2}
    return derived(raw, np.maximum(compared, 1.0), method, quantiles(1, method)._asdict())


def why_not(found: Common, speaks: Any, measure: str) -> NDArray[np.str_]:
    """Return why no estimate, or no interval, follows; empty where both do.

    Parameters
    ----------
    found
        The common effect of one analysis, or of many.
    speaks
        Whether any study takes part in it.
    measure
        Key of the measure.

    Returns
    -------
    ndarray of str
        One an analysis.
    """
    name = measure_of(measure).name
    reasons = {
        f"there is no {name} to pool: in every study the event happened to nobody, or to "
        "everybody": ~speaks,
        f"the pooled {name} is 0 or infinite, and has no interval: over all studies one group "
        "has no events, or events in everybody; pool differences (RD, IRD), or add a constant "
        "to the zero cells (add=0.5)": ~np.isfinite(found.estimate),
        f"the pooled {name} has no interval: in each group of each study the event happened to "
        "nobody, or to everybody; add a constant to the zero cells (add=0.5)": ~(
            found.variance > 0
        ),
    }
    return np.select(list(reasons.values()), list(reasons), default="")
