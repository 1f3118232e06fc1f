"""Tests of 2 x 2 tables, or of rates, in several studies: an association, a common odds ratio.

In study i, e₁ of n₁ people (or in a time t₁) have the event under treatment, e₂ of n₂ (t₂) under
control. Sums run over studies.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from scipy import special

from equipoise.effects.interval import Floats
from equipoise.errors import UsageError
from equipoise.synthesis.mantel_haenszel import read_strata
from equipoise.synthesis.mantel_haenszel_kernels import KERNELS, odds_ratio

if TYPE_CHECKING:
    import pandas as pd


def mantel_haenszel_tests(
    table: pd.DataFrame,
    measure: Literal["OR", "IRR"] = "OR",
    *,
    add: float = 0.0,
    correct: bool = True,
) -> pd.DataFrame:
    """Test tables of counts for an association, and for a common odds ratio.

    With O = Σe₁, E its expectation without an association, given the margins of each table, and V
    the variance, an association is tested by (|O - E| - ½)²/V on 1 degree of freedom: V is binomial
    in Cochran's test (n³ in the denominator), hypergeometric in Mantel and Haenszel's (n²(n - 1)).
    Breslow and Day's statistic is Σ(e₁ - ê₁)²/v̂, with ê₁ and v̂ those of the pooled odds ratio;
    Tarone's subtracts (Σe₁ - Σê₁)²/Σv̂, which makes it χ² distributed on k - 1 degrees of freedom.

    Parameters
    ----------
    table
        As in `mantel_haenszel`.
    measure
        "OR" for people: all four tests. "IRR" for times at risk: Mantel and Haenszel's.
    add
        As in `mantel_haenszel`.
    correct
        Whether ½ is subtracted (correction for continuity) in the tests of association.

    Returns
    -------
    DataFrame
        One test a row: `test`, `statistic`, `df` and `p_value`. There is no test of a common odds
        ratio (NaN) where the pooled one is 0 or infinite, and no p value of it for one study.

    Raises
    ------
    UsageError
        If the measure is another; if columns lack or rows hold what cannot be; if in every study
        the event happened to nobody, or to everybody.

    References
    ----------
    Cochran 1954, Biometrics 10:417-451, doi:10.2307/3001616; Mantel & Haenszel 1959, J Natl Cancer
    Inst 22:719-748, doi:10.1093/jnci/22.4.719; Breslow & Day 1980, Statistical Methods in Cancer
    Research I (the test of homogeneity); Tarone 1985, Biometrika 72:91-95,
    doi:10.1093/biomet/72.1.91.
    """
    import pandas as pd

    if measure not in ("OR", "IRR"):
        raise UsageError(f'the tests are those of "OR" and "IRR", not of {measure!r}')
    counts = read_strata(table, measure, add=add)
    with np.errstate(divide="ignore", invalid="ignore"):
        speaks = KERNELS[measure](*counts).speaks
    if not speaks.any():
        raise UsageError(
            "there is nothing to test: in every study the event happened to nobody, or to everybody"
        )
    e1, n1, e2, n2 = (values[speaks] for values in counts)
    tests = _tests_of_tables if measure == "OR" else _test_of_rates
    found = tests(e1, n1, e2, n2, correct)
    frame = pd.DataFrame(found, columns=["test", "statistic", "df"])
    return frame.assign(p_value=special.chdtrc(frame["df"], frame["statistic"]))


class _Test(NamedTuple):
    test: str
    statistic: float
    df: float


def _tests_of_tables(e1: Floats, n1: Floats, e2: Floats, n2: Floats, correct: bool) -> list[_Test]:
    n, events = n1 + n2, e1 + e2
    excess = _excess(e1 - events * n1 / n, correct)
    binomial = (n1 / n) * (n2 / n) * events * (n - events) / n
    expected, spread = _given_odds_ratio(e1, n1, e2, n2)
    df = len(e1) - 1.0
    breslow_day = float(((e1 - expected) ** 2 / spread).sum())
    too_much = float((e1 - expected).sum() ** 2 / spread.sum())
    return [
        _Test("Cochran", excess / float(binomial.sum()), 1.0),
        _Test("Mantel-Haenszel", excess / float((binomial * n / (n - 1)).sum()), 1.0),
        _Test("Breslow-Day", breslow_day, df),
        _Test("Tarone", breslow_day - too_much, df),
    ]


def _test_of_rates(x1: Floats, t1: Floats, x2: Floats, t2: Floats, correct: bool) -> list[_Test]:
    t, events = t1 + t2, x1 + x2
    excess = _excess(x1 - events * t1 / t, correct)
    return [_Test("Mantel-Haenszel", excess / float((events * t1 * t2 / t**2).sum()), 1.0)]


def _excess(difference: Floats, correct: bool) -> float:
    """Return (|O - E| - ½)², or (O - E)² uncorrected."""
    return float((abs(difference.sum()) - (0.5 if correct else 0.0)) ** 2)


def _given_odds_ratio(e1: Floats, n1: Floats, e2: Floats, n2: Floats) -> tuple[Floats, Floats]:
    """Return the events under treatment that the pooled odds ratio expects, and their variance.

    With odds ratio ψ and m events in all, ê(n₂ - m + ê) = ψ(n₁ - ê)(m - ê), a quadratic equation
    (1 - ψ)ê² + Bê - ψn₁m = 0 with one root between 0 and both n₁ and m.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        psi = float(np.exp(odds_ratio(e1, n1, e2, n2).estimate))
        if not 0 < psi < inf:
            return np.full_like(e1, np.nan), np.full_like(e1, np.nan)
        events = e1 + e2
        linear = n2 - events + psi * (n1 + events)
        root = np.sqrt(linear**2 + 4 * (1 - psi) * psi * n1 * events)
        # two forms of the same root, neither of which subtracts nearly equal numbers
        small = 2 * psi * n1 * events / (linear + root)
        expected = np.where(linear < 0, (root - linear) / (2 * (1 - psi)), small)
    spread = 1 / (
        1 / expected + 1 / (events - expected) + 1 / (n1 - expected) + 1 / (n2 - events + expected)
    )
    return expected, spread
