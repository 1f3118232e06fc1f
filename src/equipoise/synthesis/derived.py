"""What follows from the kernels' numbers: intervals, tests, I², H². For floats and arrays alike."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special

from equipoise.synthesis.method import Method

NUMBERS = (
    "k", "estimate", "se", "statistic", "df", "p_value", "low", "high",
    "prediction_low", "prediction_high",
    "tau2", "tau2_se", "tau2_low", "tau2_high",
    "i2", "i2_low", "i2_high", "h2", "h2_low", "h2_high", "q", "q_df", "q_p_value",
    "log_likelihood", "aic", "aicc", "bic", "second_tau2", "second_loss",
)  # fmt: skip
"""The numbers of a result, in the order of the columns of a table of results."""

INFORMATION = frozenset({"log_likelihood", "aic", "aicc", "bic"})
TAU2_ENDS = frozenset({"tau2_low", "tau2_high", "i2_low", "i2_high", "h2_low", "h2_high"})


def derived(
    raw: Mapping[str, Any],
    k: Any,
    method: Method,
    at: Mapping[str, Any],
    wanted: frozenset[str] = frozenset(NUMBERS),
) -> dict[str, Any]:
    """Return every number of one analysis, or of many at once.

    Parameters
    ----------
    raw
        What the kernels return (see `one.RESULTS`), the mean being the `estimate` itself.
    k
        Studies.
    method
        The choices.
    at
        The fields of `Quantiles`.
    wanted
        The numbers to compute; others may be left out.

    Returns
    -------
    dict
        The wanted numbers, by name.
    """
    tau2, q, variance = raw["tau2"], raw["q"], raw["variance"]
    if method.ci_method.startswith("hksj"):
        variance = variance * _inflation(raw["residual"], k, method.ci_method == "hksj-adhoc")
    se = variance**0.5
    statistic = _ratio(raw["estimate"], se)
    reach, beyond = at["mean"] * se, at["prediction"] * (variance + tau2) ** 0.5
    found = {
        "k": k,
        "estimate": raw["estimate"],
        "se": se,
        "statistic": statistic,
        "df": at["df"],
        "p_value": 2 * special.stdtr(at["df"], -abs(statistic)) if "p_value" in wanted else None,
        "low": raw["estimate"] - reach,
        "high": raw["estimate"] + reach,
        "prediction_low": raw["estimate"] - beyond,
        "prediction_high": raw["estimate"] + beyond,
        "tau2": tau2,
        "tau2_se": raw["tau2_se"],
        "tau2_low": raw["tau2_low"],
        "tau2_high": raw["tau2_high"],
        **_heterogeneity(raw, k, random=method.random, ends=bool(wanted & TAU2_ENDS)),
        "q": q,
        "q_df": k - 1.0,
        "q_p_value": special.chdtrc(k - 1.0, q) if "q_p_value" in wanted else None,
        "second_tau2": raw["second_tau2"],
        "second_loss": raw["second_loss"],
    }
    return {**found, **_information(raw, k, method)} if wanted & INFORMATION else found


def _inflation(residual: Any, k: Any, at_least_1: bool) -> Any:
    """Return Hartung and Knapp's factor Σw(y - mean)²/(k - 1); 1 for one study.

    The mean is that of wᵢ = 1/(vᵢ + τ²), whatever weights made the estimate: k - 1 is the sum's
    expectation about no other.
    """
    if isinstance(residual, float):
        factor = residual / (k - 1) if k > 1 else 1.0
        return max(1.0, factor) if at_least_1 else factor
    factor = np.where(k > 1, residual / np.maximum(k - 1, 1), 1.0)
    return np.maximum(1.0, factor) if at_least_1 else factor


def _heterogeneity(raw: Mapping[str, Any], k: Any, *, random: bool, ends: bool) -> dict[str, Any]:
    """Return I² and H² with their limits: from τ² and the typical variance, for CE from Q."""
    if not random:
        h2 = _ratio(raw["q"], k - 1.0)
        i2 = _above_0(1 - _ratio(1.0, h2))
        none = math.nan * i2
        return {"i2": i2, "i2_low": none, "i2_high": none,
                "h2": h2, "h2_low": none, "h2_high": none}  # fmt: skip
    typical = _ratio(k - 1.0, raw["trace"])
    found = {}
    for end in ("", "_low", "_high") if ends else ("",):
        tau2 = raw["tau2" + end]
        found["i2" + end] = tau2 / (typical + tau2)
        found["h2" + end] = 1 + _ratio(tau2, typical)
    return found


def _information(raw: Mapping[str, Any], k: Any, method: Method) -> dict[str, Any]:
    """Return the log-likelihood (restricted under REML) and the criteria made from it."""
    restricted = method.estimator == "REML"
    height = raw["restricted_log_likelihood" if restricted else "log_likelihood"]
    parameters = 1 + (method.random and method.tau2 is None)
    n = k - 1.0 if restricted else k
    if isinstance(n, float) and n < 1:
        return dict.fromkeys(("log_likelihood", "aic", "aicc", "bic"), math.nan)
    if not isinstance(n, float):
        height = np.where(n < 1, np.nan, height)
    least = n if isinstance(n, float) and n > parameters + 2 else np.maximum(n, parameters + 2)
    deviance = -2 * height
    if isinstance(n, float):
        log_n = math.log(n)
    else:
        with np.errstate(divide="ignore"):
            log_n = np.log(n)
    return {
        "log_likelihood": height,
        "aic": deviance + 2 * parameters,
        "aicc": deviance + 2 * parameters * least / (least - parameters - 1),
        "bic": deviance + parameters * log_n,
    }


def _ratio(a: Any, b: Any) -> Any:
    """Return a / b; infinite or NaN, and no complaint, where b is 0."""
    if isinstance(b, float) and b != 0:
        return a / b
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.divide(a, b)


def _above_0(x: Any) -> Any:
    return np.maximum(x, 0.0)
