"""`pool`: one meta-analysis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from equipoise.synthesis import one
from equipoise.synthesis.batch import fit_blocks
from equipoise.synthesis.derived import derived
from equipoise.synthesis.groups import Groups
from equipoise.synthesis.method import Estimator, IntervalMethod, Method, PredictionDf, quantiles
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.reading import check_weights
from equipoise.synthesis.studies import Studies, read_studies

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_LOOPS = 150  # studies up to which plain loops are faster than arrays


def pool(  # noqa: PLR0913, every choice of the method is one argument
    effects: pd.DataFrame | ArrayLike,
    variance: ArrayLike | None = None,
    *,
    se: ArrayLike | None = None,
    labels: Sequence[object] | None = None,
    weights: ArrayLike | None = None,
    measure: str | None = None,
    estimator: Estimator = "REML",
    ci_method: IntervalMethod = "hksj",
    level: float = 0.95,
    prediction_df: PredictionDf | None = None,
    tau2: float | None = None,
) -> Pooled:
    """Pool effects into their mean, with how far they differ.

    The model is yᵢ ~ N(θᵢ, vᵢ), θᵢ ~ N(μ, τ²), with weights wᵢ = 1/(vᵢ + τ²) for the mean
    μ = Σwy/Σw. Rows without an effect or a variance stay, with weight 0 and a reason.

    Parameters
    ----------
    effects
        A table from `effect_sizes` (columns `effect` and `variance` or `se`), or the effects
        themselves, on the analysis scale: logarithms for ratios.
    variance, se
        Sampling variances of the effects, or their square roots; one of the two, unless a table
        is given.
    labels
        Names of the studies; by default the table's `label`, `study` or `study_id`, or 1, 2, ...
    weights
        Weights of your own for the mean, 0 or more, not all 0; GENQ needs them, and takes tau2
        from them too.
    measure
        Key of the effect measure, for the way back to the natural scale; by default the table's.
    estimator
        Of tau2, the variance between studies: "CE" (none), "DL", "HE", "HS", "HSk", "SJ", "ML",
        "REML", "EB", "PM", "PMM", "GENQ". REML and ML return the global maximum.
    ci_method
        "wald" (normal), "t" (k - 1 degrees of freedom), "hksj" (Hartung & Knapp, Sidik & Jonkman)
        or "hksj-adhoc" (the same, never narrower than with the plain standard error). With one
        study it is always the normal interval.
    level
        Confidence level of every interval.
    prediction_df
        Degrees of freedom of the prediction interval: "k-1", "k-2" or "normal"; by default those
        of the confidence interval.
    tau2
        A known variance between studies, instead of an estimate.

    Returns
    -------
    Pooled
        The result on the analysis scale; `natural` brings it back. I² and H² follow from tau2 and
        the typical variance (k - 1)/tr P, from Q under the common-effect model. The interval of
        tau2 is the Q-profile.

    Raises
    ------
    UsageError
        If a choice is unknown; if there is nothing to pool; if effects and variances are not
        numbers, differ in number, are infinite, or if variances are 0 or negative: every such row
        is named.

    References
    ----------
    Viechtbauer 2005, J Educ Behav Stat 30:261-293, doi:10.3102/10769986030003261 (estimators);
    Viechtbauer 2007, Stat Med 26:37-52, doi:10.1002/sim.2514 (intervals of tau2);
    IntHout, Ioannidis & Borm 2014, BMC Med Res Methodol 14:25, doi:10.1186/1471-2288-14-25
    (Hartung-Knapp); Higgins, Thompson & Spiegelhalter 2009, J R Stat Soc A 172:137-159,
    doi:10.1111/j.1467-985X.2008.00552.x (prediction).
    """
    method = Method(
        estimator=estimator,
        ci_method=ci_method,
        level=level,
        prediction_df=prediction_df,
        tau2=tau2,
    )
    studies = read_studies(
        effects, variance, se=se, labels=labels, weights=weights, measure=measure
    )
    return _pooled(studies, method)


def _pooled(studies: Studies, method: Method) -> Pooled:
    y, v = studies.used(studies.effects), studies.used(studies.variances)
    own = None if studies.own_weights is None else studies.used(studies.own_weights)
    k = len(y)
    check_weights(None if own is None else np.array(own), np.array([0, k]), method.estimator)
    at = quantiles(k, method)
    plan = (method.code, method.tau2 or 0.0, own is not None, True, method.random, True)
    fit = _fit_by_loops if k <= _LOOPS else _fit_by_arrays
    raw = fit(y, v, own, plan, at.chi2)
    return Pooled(
        measure=studies.measure,
        estimator=method.estimator,
        ci_method=method.ci_method,
        level=method.level,
        converged=not math.isnan(raw["residual"]),
        labels=studies.labels,
        effects=studies.effects,
        variances=studies.variances,
        weights=studies.shares(raw["tau2"]),
        reasons=studies.reasons,
        tau2_given=method.tau2 is not None,
        weights_given=own is not None,
        zero_cells=studies.zero_cells,
        prediction_df=method.prediction_df,
        **{**derived(raw, float(k), method, at._asdict()), "k": k},
    )


def _fit_by_loops(
    y: list[float], v: list[float], own: list[float] | None, plan: one.Plan, chi2: one.Chi2
) -> dict[str, float]:
    precise = v.index(min(v))
    first, origin = v[precise], y[precise]
    others = [effect - origin for effect in y]
    del others[precise]
    rest = v[:precise] + v[precise + 1 :]
    own_first, own_rest = 1.0, list[float]()
    if own is not None:
        own_first, own_rest = own[precise], own[:precise] + own[precise + 1 :]
    found = one.fit(first, others, rest, own_first, own_rest, plan, chi2)
    raw = dict(zip(one.RESULTS, found, strict=True))
    return {**raw, "estimate": origin + raw["mean"]}


def _fit_by_arrays(
    y: list[float], v: list[float], own: list[float] | None, plan: one.Plan, chi2: one.Chi2
) -> dict[str, float]:
    groups = Groups(
        names={},
        starts=np.array([0, len(y)]),
        effects=np.array(y),
        variances=np.array(v),
        weights=None if own is None else np.array(own),
    )
    raw = fit_blocks(groups, np.array([len(y)]), plan, np.array([chi2]))
    return {name: float(values[0]) for name, values in raw.items()}
